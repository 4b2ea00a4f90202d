/**
 * @file
 * Neighbor Discovery: messages with their options; the first byte is the length of link-layer
 * addresses.
 * needs: ipv6
 */
#include "common.h"
#include "lwip/def.h"
#include "wire/nd6.h"
#include "wire/nd6_ra.h"

static size_t link_len;

static void check_lladdr(const struct nd6_lladdr *ll)
{
  FUZZ_ASSERT(ll->len == 0 || ll->len == link_len);
}

static void check_prefix(const u8_t *bytes, size_t len)
{
  struct nd6_prefix_info info;
  if (nd6_parse_prefix(&info, bytes, len)) {
    ip6_addr_t masked = info.prefix;
    FUZZ_ASSERT(info.prefix_len <= 128);
    nd6_prefix_mask(&masked, info.prefix_len);
    FUZZ_ASSERT(memcmp(masked.addr, info.prefix.addr, 16) == 0);
    u8_t built[ND6_PREFIX_OPTION_LEN];
    struct nd6_prefix_info again;
    FUZZ_ASSERT(nd6_build_prefix(built, &info) == sizeof built);
    FUZZ_ASSERT(nd6_parse_prefix(&again, built, sizeof built));
    FUZZ_ASSERT(again.valid_s == info.valid_s && again.preferred_s == info.preferred_s);
  }
}

static void check_route(const u8_t *bytes, size_t len)
{
  struct nd6_route_info info;
  if (nd6_parse_route(&info, bytes, len)) {
    FUZZ_ASSERT(info.prefix_len <= 128 && info.preference >= -1 && info.preference <= 1);
    FUZZ_ASSERT(info.prefix_len == 0 || len >= 16);
    FUZZ_ASSERT(info.prefix_len <= 64 || len >= 24);
  }
}

static void check_rdnss(const u8_t *bytes, size_t len)
{
  struct nd6_rdnss rdnss;
  if (nd6_parse_rdnss(&rdnss, bytes, len)) {
    FUZZ_ASSERT(rdnss.num_addrs >= 1 && ND6_RDNSS_HEADER_LEN + 16 * rdnss.num_addrs <= len);
    for (size_t i = 0; i < rdnss.num_addrs; i++) {
      ip6_addr_t addr;
      nd6_rdnss_addr(&rdnss, i, &addr);
      FUZZ_ASSERT(memcmp(addr.addr, bytes + ND6_RDNSS_HEADER_LEN + 16 * i, 16) == 0);
    }
  }
}

static void check_dnssl(const u8_t *bytes, size_t len)
{
  struct nd6_dnssl dnssl;
  char text[ND6_DOMAIN_TEXT_MAX + 1];
  if (!nd6_parse_dnssl(&dnssl, bytes, len)) {
    return;
  }
  size_t names = 0;
  while (nd6_dnssl_next(&dnssl, text)) {
    FUZZ_ASSERT(++names <= len);
    FUZZ_ASSERT(text[0] != '\0' && memchr(text, '\0', sizeof text) != NULL);
    for (const char *c = text; *c != '\0'; c++) {
      FUZZ_ASSERT(*c == '.' || *c == '-' || *c == '_' || (*c >= '0' && *c <= '9') ||
                  (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z'));
    }
    const char *const one = text;
    u8_t built[ND6_DNSSL_HEADER_LEN + 264];
    size_t built_len = nd6_build_dnssl(built, 1, &one, 1);
    FUZZ_ASSERT(built_len > ND6_DNSSL_HEADER_LEN && built_len <= sizeof built);
  }
}

/** Every parser on every option: they check for themselves that it is theirs in length. */
static void check_options(struct nd6_options it, const u8_t *end)
{
  struct nd6_option opt;
  const u8_t *at = it.bytes;
  while (nd6_option_next(&it, &opt)) {
    u32_t mtu;
    FUZZ_ASSERT(opt.len >= 8 && opt.len % 8 == 0 && opt.len <= (size_t)(end - opt.bytes));
    FUZZ_ASSERT(opt.bytes == at && opt.type == opt.bytes[0]);
    at += opt.len;
    struct exact e = exact_copy(opt.bytes, opt.len);
    check_prefix(e.bytes, opt.len);
    check_route(e.bytes, opt.len);
    check_rdnss(e.bytes, opt.len);
    check_dnssl(e.bytes, opt.len);
    (void)nd6_parse_mtu(&mtu, e.bytes, opt.len);
    exact_free(e);
  }
  FUZZ_ASSERT(at == end);
}

static void check_ra(const u8_t *bytes, size_t len)
{
  struct nd6_ra ra;
  if (nd6_parse_ra(&ra, bytes, len, (u8_t)link_len) == DROP_NONE) {
    FUZZ_ASSERT(len >= ND6_RA_LEN);
    check_lladdr(&ra.source_ll);
    check_options(ra.options, bytes + len);
  }
}

static void check_others(const u8_t *bytes, size_t len)
{
  struct nd6_ns ns;
  struct nd6_na na;
  struct nd6_rs rs;
  struct nd6_redirect rd;
  if (nd6_parse_ns(&ns, bytes, len, (u8_t)link_len) == DROP_NONE) {
    FUZZ_ASSERT(len >= ND6_NS_LEN && memcmp(ns.target.addr, bytes + 8, 16) == 0);
    FUZZ_ASSERT(ns.nonce_len == 0 || ns.nonce_len == ND6_NONCE_LEN);
    FUZZ_ASSERT(bytes[8] != 0xff);
    check_lladdr(&ns.source_ll);
  }
  if (nd6_parse_na(&na, bytes, len, (u8_t)link_len) == DROP_NONE) {
    FUZZ_ASSERT(len >= ND6_NA_LEN && bytes[8] != 0xff);
    check_lladdr(&na.target_ll);
  }
  if (nd6_parse_rs(&rs, bytes, len, (u8_t)link_len) == DROP_NONE) {
    FUZZ_ASSERT(len >= ND6_RS_LEN);
    check_lladdr(&rs.source_ll);
  }
  if (nd6_parse_redirect(&rd, bytes, len, (u8_t)link_len) == DROP_NONE) {
    FUZZ_ASSERT(len >= ND6_REDIRECT_LEN && bytes[24] != 0xff);
    check_lladdr(&rd.target_ll);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const u8_t lens[4] = {6, 8, 0, 2};
  if (size < 1) {
    return 0;
  }
  link_len = LWIP_MIN(lens[data[0] & 3], NETIF_MAX_HWADDR_LEN);
  struct exact e = exact_copy(data + 1, size - 1);
  check_others(e.bytes, size - 1);
  check_ra(e.bytes, size - 1);
  exact_free(e);
  return 0;
}
