/**
 * @file
 * DHCP messages: parse and build.
 *
 * The three fields that may hold options are walked in the order of RFC 3396 5: options, file,
 * sname. A field is never left but at its end, so nothing loops.
 */
#include <string.h>
#include "wire/bytes.h"
#include "wire/dhcp.h"

/** The fields with options, in the order in which their pieces are joined. */
enum { FIELD_OPTIONS, FIELD_FILE, FIELD_SNAME, FIELD_COUNT };

/** Offsets in the fixed part. */
enum {
  XID_OFS = 4,
  SECS_OFS = 8,
  FLAGS_OFS = 10,
  CIADDR_OFS = 12,
  YIADDR_OFS = 16,
  SIADDR_OFS = 20,
  GIADDR_OFS = 24,
  CHADDR_OFS = 28
};

static void get_addr(ip4_addr_t *a, const u8_t *b)
{
  memcpy(&a->addr, b, sizeof a->addr);
}

static void put_addr(u8_t *b, const ip4_addr_t *a)
{
  memcpy(b, &a->addr, sizeof a->addr);
}

/** Begin and end of a field; both the same when it has no options. */
static void field_bounds(const struct dhcp_message *m, u8_t field, size_t *begin, size_t *end)
{
  *begin = *end = 0;
  if (field == FIELD_OPTIONS) {
    *begin = DHCP_FIXED_LEN;
    *end = m->len;
  } else if (field == FIELD_FILE && (m->overload & DHCP_OVERLOAD_FILE)) {
    *begin = DHCP_FILE_OFS;
    *end = DHCP_FILE_OFS + DHCP_FILE_LEN;
  } else if (field == FIELD_SNAME && (m->overload & DHCP_OVERLOAD_SNAME)) {
    *begin = DHCP_SNAME_OFS;
    *end = DHCP_SNAME_OFS + DHCP_SNAME_LEN;
  }
}

enum step { STEP_OPTION, STEP_END, STEP_BROKEN };

/** The option at or behind *at, which moves behind it. */
static enum step option_at(const struct dhcp_message *m, size_t *at, size_t end,
                           struct dhcp_option *o)
{
  while (*at < end && m->bytes[*at] == DHCP_OPTION_PAD) {
    (*at)++;
  }
  if (*at >= end || m->bytes[*at] == DHCP_OPTION_END) {
    return STEP_END;
  }
  if (end - *at < 2 || end - *at - 2 < m->bytes[*at + 1]) {
    return STEP_BROKEN;
  }
  o->code = m->bytes[*at];
  o->len = m->bytes[*at + 1];
  o->at = (u16_t)(*at + 2);
  *at += 2U + o->len;
  return STEP_OPTION;
}

bool dhcp_option_next(const struct dhcp_message *m, struct dhcp_option *o)
{
  for (; o->field < FIELD_COUNT; o->field++, o->next = 0) {
    size_t begin;
    size_t end;
    field_bounds(m, o->field, &begin, &end);
    size_t at = (o->next != 0) ? o->next : begin;
    if (option_at(m, &at, end, o) == STEP_OPTION) {
      o->next = (u16_t)at;
      return true;
    }
  }
  return false;
}

/** Do all options of a field fit into it? */
static bool is_field_whole(const struct dhcp_message *m, u8_t field)
{
  struct dhcp_option o;
  size_t at;
  size_t end;
  enum step step;
  field_bounds(m, field, &at, &end);
  do {
    step = option_at(m, &at, end, &o);
  } while (step == STEP_OPTION);
  return step == STEP_END;
}

int dhcp_option_get(const struct dhcp_message *m, u8_t code, void *buf, size_t size)
{
  struct dhcp_option o = {0};
  int len = -1;
  while (dhcp_option_next(m, &o)) {
    if (o.code != code) {
      continue;
    }
    size_t had = (len < 0) ? 0 : (size_t)len;
    if (had < size) {
      memcpy((u8_t *)buf + had, m->bytes + o.at, LWIP_MIN(size - had, o.len));
    }
    len = (int)(had + o.len);
  }
  return len;
}

bool dhcp_option_u32(const struct dhcp_message *m, u8_t code, u32_t *value)
{
  u8_t b[4];
  if (dhcp_option_get(m, code, b, sizeof b) != (int)sizeof b) {
    return false;
  }
  *value = bytes_get32(b);
  return true;
}

bool dhcp_option_u16(const struct dhcp_message *m, u8_t code, u16_t *value)
{
  u8_t b[2];
  if (dhcp_option_get(m, code, b, sizeof b) != (int)sizeof b) {
    return false;
  }
  *value = bytes_get16(b);
  return true;
}

bool dhcp_option_addr(const struct dhcp_message *m, u8_t code, ip4_addr_t *addr)
{
  return dhcp_option_get(m, code, &addr->addr, sizeof addr->addr) == (int)sizeof addr->addr;
}

unsigned dhcp_option_addrs(const struct dhcp_message *m, u8_t code, ip4_addr_t *addrs, unsigned max)
{
  int len = dhcp_option_get(m, code, addrs, max * sizeof *addrs);
  return (len > 0 && len % 4 == 0) ? (unsigned)len / 4 : 0;
}

/** A byte that must stand once and be at most `max`. @return -1: it is not so; 0: not there */
static int small_option(const struct dhcp_message *m, u8_t code, u8_t max)
{
  u8_t value = 0;
  int len = dhcp_option_get(m, code, &value, 1);
  if (len < 0) {
    return 0;
  }
  return (len == 1 && value >= 1 && value <= max) ? value : -1;
}

enum drop_reason dhcp_parse(struct dhcp_message *m, const u8_t *bytes, size_t len)
{
  memset(m, 0, sizeof *m);
  if (len < DHCP_FIXED_LEN || len > 0xffff) {
    return DROP_DHCP_SHORT;
  }
  if (bytes_get32(bytes + DHCP_MSG_LEN) != DHCP_MAGIC_COOKIE) {
    return DROP_DHCP_BAD_COOKIE;
  }
  m->bytes = bytes;
  m->len = len;
  m->op = bytes[0];
  m->htype = bytes[1];
  m->hlen = bytes[2];
  m->xid = bytes_get32(bytes + XID_OFS);
  m->secs = bytes_get16(bytes + SECS_OFS);
  m->flags = bytes_get16(bytes + FLAGS_OFS);
  get_addr(&m->ciaddr, bytes + CIADDR_OFS);
  get_addr(&m->yiaddr, bytes + YIADDR_OFS);
  get_addr(&m->siaddr, bytes + SIADDR_OFS);
  get_addr(&m->giaddr, bytes + GIADDR_OFS);
  m->chaddr = bytes + CHADDR_OFS;
  /* Overload is only looked for in the options field: it cannot make more of itself. */
  int overload = small_option(m, DHCP_OPTION_OVERLOAD, DHCP_OVERLOAD_SNAME_FILE);
  if (overload < 0) {
    return DROP_DHCP_BAD_OPTION;
  }
  m->overload = (u8_t)overload;
  for (u8_t field = 0; field < FIELD_COUNT; field++) {
    if (!is_field_whole(m, field)) {
      return DROP_DHCP_BAD_OPTION;
    }
  }
  int type = small_option(m, DHCP_OPTION_MESSAGE_TYPE, 0xff);
  if (type < 0) {
    return DROP_DHCP_BAD_OPTION;
  }
  m->type = (u8_t)type;
  return DROP_NONE;
}

size_t dhcp_route_parse(const u8_t *bytes, size_t len, u8_t *prefix_len, ip4_addr_t *prefix,
                        ip4_addr_t *gateway)
{
  if (len < 1 || bytes[0] > 32) {
    return 0;
  }
  size_t significant = (bytes[0] + 7U) / 8;
  if (len - 1 < significant + sizeof gateway->addr) {
    return 0;
  }
  *prefix_len = bytes[0];
  u32_t mask = (bytes[0] == 0) ? 0 : lwip_htonl(0xffffffffUL << (32 - bytes[0]));
  prefix->addr = 0;
  memcpy(&prefix->addr, bytes + 1, significant);
  prefix->addr &= mask;
  get_addr(gateway, bytes + 1 + significant);
  return 1 + significant + sizeof gateway->addr;
}

void dhcp_put(struct dhcp_writer *w, u8_t code, const void *value, size_t len)
{
  size_t room = (size_t)(w->size - w->len);
  if (len > 0xff || room < len + 3) {
    return;
  }
  w->bytes[w->len] = code;
  w->bytes[w->len + 1] = (u8_t)len;
  memcpy(w->bytes + w->len + 2, value, len);
  w->len = (u16_t)(w->len + 2 + len);
}

void dhcp_put_u8(struct dhcp_writer *w, u8_t code, u8_t value)
{
  dhcp_put(w, code, &value, 1);
}

void dhcp_put_u16(struct dhcp_writer *w, u8_t code, u16_t value)
{
  u8_t b[2];
  bytes_put16(b, value);
  dhcp_put(w, code, b, sizeof b);
}

void dhcp_put_u32(struct dhcp_writer *w, u8_t code, u32_t value)
{
  u8_t b[4];
  bytes_put32(b, value);
  dhcp_put(w, code, b, sizeof b);
}

void dhcp_put_addr(struct dhcp_writer *w, u8_t code, const ip4_addr_t *addr)
{
  dhcp_put(w, code, &addr->addr, sizeof addr->addr);
}

u16_t dhcp_put_end(u8_t *options, u16_t size, u16_t len)
{
  len = LWIP_MIN(len, (u16_t)(size - 1));
  options[len++] = DHCP_OPTION_END;
  while (len < DHCP_MIN_OPTIONS_LEN) {
    options[len++] = DHCP_OPTION_PAD;
  }
  return len;
}

void dhcp_build(u8_t *out, const struct dhcp_message *m, size_t chaddr_len)
{
  memset(out, 0, DHCP_FIXED_LEN);
  out[0] = m->op;
  out[1] = m->htype;
  out[2] = m->hlen;
  bytes_put32(out + XID_OFS, m->xid);
  bytes_put16(out + SECS_OFS, m->secs);
  bytes_put16(out + FLAGS_OFS, m->flags);
  put_addr(out + CIADDR_OFS, &m->ciaddr);
  put_addr(out + YIADDR_OFS, &m->yiaddr);
  put_addr(out + SIADDR_OFS, &m->siaddr);
  put_addr(out + GIADDR_OFS, &m->giaddr);
  memcpy(out + CHADDR_OFS, m->chaddr, LWIP_MIN(chaddr_len, DHCP_CHADDR_LEN));
  bytes_put32(out + DHCP_MSG_LEN, DHCP_MAGIC_COOKIE);
}
