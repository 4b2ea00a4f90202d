/**
 * @file
 * Messages of neighbor discovery and MLD made from their fields.
 */
#include "packet_priv.h"

/** Calls `each` for every word of `text`; words are parted by single spaces. */
static void for_words(const char *text, void (*each)(struct nd_options *o, const char *word),
                      struct nd_options *o)
{
  while (text != NULL && *text != '\0') {
    char word[256] = {0};
    size_t len = strcspn(text, " ");
    if (len >= sizeof word) {
      packet_fail(__FILE__, __LINE__, "a word of %zu bytes", len);
    }
    memcpy(word, text, len);
    each(o, word);
    text += len + (text[len] == ' ' ? 1 : 0);
  }
}

void nd_opt_raw(struct nd_options *o, const void *bytes, size_t len)
{
  if (len > sizeof o->bytes - o->len) {
    packet_fail(__FILE__, __LINE__, "no room for an option of %zu bytes", len);
  }
  memcpy(o->bytes + o->len, bytes, len);
  o->len += len;
}

static void put_number(u8_t *to, u32_t value)
{
  to[0] = (u8_t)(value >> 24);
  to[1] = (u8_t)(value >> 16);
  to[2] = (u8_t)(value >> 8);
  to[3] = (u8_t)value;
}

static void append_number(struct nd_options *o, u32_t value)
{
  u8_t bytes[4];
  put_number(bytes, value);
  nd_opt_raw(o, bytes, sizeof bytes);
}

static void append_address(struct nd_options *o, const char *text)
{
  u8_t bytes[16];
  ip6_bytes(text, bytes);
  nd_opt_raw(o, bytes, sizeof bytes);
}

/** The option that begins at `start` is complete: pad it and set its length. */
static void finish(struct nd_options *o, size_t start)
{
  static const u8_t zeros[8];
  nd_opt_raw(o, zeros, (8 - (o->len - start) % 8) % 8);
  o->bytes[start + 1] = (u8_t)((o->len - start) / 8);
}

void nd_opt_lladdr(struct nd_options *o, u8_t type, const u8_t mac[6])
{
  u8_t option[8] = {type, 1};
  memcpy(option + 2, mac, 6);
  nd_opt_raw(o, option, sizeof option);
}

void nd_opt_prefix(struct nd_options *o, const char *prefix, u8_t prefix_len, u8_t flags,
                   u32_t valid_s, u32_t preferred_s)
{
  u8_t head[4] = {3, 4, prefix_len, flags};
  nd_opt_raw(o, head, sizeof head);
  append_number(o, valid_s);
  append_number(o, preferred_s);
  append_number(o, 0);
  append_address(o, prefix);
}

void nd_opt_mtu(struct nd_options *o, u32_t mtu)
{
  u8_t head[4] = {5, 1};
  nd_opt_raw(o, head, sizeof head);
  append_number(o, mtu);
}

void nd_opt_route(struct nd_options *o, const char *prefix, u8_t prefix_len, u8_t prf,
                  u32_t lifetime_s)
{
  u8_t option[24] = {24, 3, prefix_len, prf};
  u8_t bytes[16];
  ip6_bytes(prefix, bytes);
  put_number(option + 4, lifetime_s);
  size_t prefix_bytes = prefix_len == 0 ? 0 : prefix_len <= 64 ? 8 : 16;
  memcpy(option + 8, bytes, prefix_bytes);
  option[1] = (u8_t)(1 + prefix_bytes / 8);
  nd_opt_raw(o, option, 8 + prefix_bytes);
}

void nd_opt_rdnss(struct nd_options *o, u32_t lifetime_s, const char *servers)
{
  size_t start = o->len;
  u8_t head[4] = {25};
  nd_opt_raw(o, head, sizeof head);
  append_number(o, lifetime_s);
  for_words(servers, append_address, o);
  finish(o, start);
}

/** RFC 1035 3.1: labels with a length each, then a zero. */
static void append_domain(struct nd_options *o, const char *name)
{
  while (*name != '\0') {
    size_t len = strcspn(name, ".");
    u8_t label_len = (u8_t)len;
    nd_opt_raw(o, &label_len, 1);
    nd_opt_raw(o, name, len);
    name += len + (name[len] == '.' ? 1 : 0);
  }
  nd_opt_raw(o, "", 1);
}

void nd_opt_dnssl(struct nd_options *o, u32_t lifetime_s, const char *domains)
{
  size_t start = o->len;
  u8_t head[4] = {31};
  nd_opt_raw(o, head, sizeof head);
  append_number(o, lifetime_s);
  for_words(domains, append_domain, o);
  finish(o, start);
}

void nd_opt_nonce(struct nd_options *o, const u8_t nonce[6])
{
  nd_opt_lladdr(o, 14, nonce);
}

void nd_opt_redirected(struct nd_options *o, const struct frame *about)
{
  size_t start = o->len;
  u8_t head[8] = {4};
  nd_opt_raw(o, head, sizeof head);
  nd_opt_raw(o, about->data + IP6_AT, LWIP_MIN(about->len - IP6_AT, 1000));
  finish(o, start);
}

/** A message of `head` and options, with hop limit 255. */
static struct frame nd_message(const char *src, const char *dst, const u8_t *head, size_t head_len,
                               const struct nd_options *options)
{
  struct ip6_spec spec = ip6_spec_of(src, dst, NH_ICMP6);
  spec.hop_limit = 255;
  struct frame m = frame_of(NULL, head_len + (options != NULL ? options->len : 0));
  memcpy(m.data, head, head_len);
  if (options != NULL) {
    memcpy(m.data + head_len, options->bytes, options->len);
  }
  return icmp6_opts(spec, m.data, m.len);
}

struct frame ns(const char *src, const char *dst, const char *target,
                const struct nd_options *options)
{
  u8_t head[24] = {T6_NS};
  ip6_bytes(target, head + 8);
  return nd_message(src, dst, head, sizeof head, options);
}

struct frame na(const char *src, const char *dst, const char *target, u8_t flags,
                const struct nd_options *options)
{
  u8_t head[24] = {T6_NA, 0, 0, 0, flags};
  ip6_bytes(target, head + 8);
  return nd_message(src, dst, head, sizeof head, options);
}

struct frame rs(const char *src, const struct nd_options *options)
{
  u8_t head[8] = {T6_RS};
  return nd_message(src, "ff02::2", head, sizeof head, options);
}

struct frame ra(struct ra_spec spec, const struct nd_options *options)
{
  u8_t head[16] = {T6_RA};
  head[4] = spec.hop_limit;
  head[5] = spec.flags;
  head[6] = (u8_t)(spec.lifetime_s >> 8);
  head[7] = (u8_t)spec.lifetime_s;
  put_number(head + 8, spec.reachable_ms);
  put_number(head + 12, spec.retrans_ms);
  return nd_message(spec.src, spec.dst != NULL ? spec.dst : "ff02::1", head, sizeof head, options);
}

struct frame redirect(const char *src, const char *dst, const char *target, const char *destination,
                      const struct nd_options *options)
{
  u8_t head[40] = {T6_REDIRECT};
  ip6_bytes(target, head + 8);
  ip6_bytes(destination, head + 24);
  return nd_message(src, dst, head, sizeof head, options);
}

struct frame mld(const char *src, const char *dst, const void *msg, size_t len)
{
  struct ip6_spec spec = ip6_spec_of(src, dst, NH_ICMP6);
  spec.hop_limit = 1;
  ip6_ext_router_alert(&spec, 0);
  return icmp6_opts(spec, msg, len);
}

struct frame mld1(const char *src, u8_t type, u16_t max_delay_ms, const char *group)
{
  u8_t m[24] = {type, 0, 0, 0, (u8_t)(max_delay_ms >> 8), (u8_t)max_delay_ms};
  static const u8_t none[16];
  ip6_bytes(group, m + 8);
  const char *dst = group;
  if (type == T6_MLD1_DONE) {
    dst = "ff02::2";
  } else if (memcmp(m + 8, none, 16) == 0) {
    dst = "ff02::1";
  }
  return mld(src, dst, m, sizeof m);
}

struct frame mld2_query(const char *src, const char *dst, u16_t max_resp_code, const char *group,
                        u8_t s_qrv, u8_t qqic, const char *sources)
{
  struct nd_options list = {0};
  for_words(sources, append_address, &list);
  struct frame m = frame_of(NULL, 28 + list.len);
  put8(&m, 0, T6_MLD_QUERY);
  put16(&m, 4, max_resp_code);
  ip6_bytes(group, m.data + 8);
  put8(&m, 24, s_qrv);
  put8(&m, 25, qqic);
  put16(&m, 26, (u16_t)(list.len / 16));
  if (list.len > 0) {
    memcpy(m.data + 28, list.bytes, list.len);
  }
  return mld(src, dst, m.data, m.len);
}
