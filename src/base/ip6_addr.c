/**
 * @file
 * IPv6 addresses as text and back: RFC 4291 2.2, RFC 4007 11 (zones), RFC 5952 (output). State: the
 * buffer of ip6addr_ntoa().
 */
#include <stdbool.h>
#include <string.h>
#include "lwip/def.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "gossamer/state.h"

struct ip6_text {
  char text[IP6ADDR_STRLEN_MAX];
};
STACK_STATE(struct ip6_text, ip6_text);

enum { GROUPS = 8, NO_GAP = -1 };

/** What has been read of an address. */
struct ip6_reader {
  u16_t group[GROUPS];
  int count; /* groups read */
  int gap;   /* how many of them stood before `::`, or NO_GAP */
};

static int hex_value(char c)
{
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

/** Read a number of `base` of at most `digits` digits. Returns what follows it, or NULL. */
static const char *read_number(const char *s, int base, int digits, u16_t *number)
{
  int value = 0;
  int len = 0;

  for (int digit; (digit = hex_value(s[len])) >= 0 && digit < base; len++) {
    if (len == digits) {
      return NULL;
    }
    value = value * base + digit;
  }
  *number = (u16_t)value;
  return len > 0 ? s + len : NULL;
}

/** Read a dotted IPv4 address as two groups: decimal only, no leading zeros (RFC 6943 3.1.1). */
static const char *read_dotted(const char *s, u16_t group[2])
{
  u16_t byte[4];

  for (int i = 0; i < 4; i++) {
    const char *end = read_number(s, 10, 3, &byte[i]);
    if (end == NULL || byte[i] > 0xff || (s[0] == '0' && end - s > 1)) {
      return NULL;
    }
    if (i < 3 && *end++ != '.') {
      return NULL;
    }
    s = end;
  }
  group[0] = (u16_t)(byte[0] << 8 | byte[1]);
  group[1] = (u16_t)(byte[2] << 8 | byte[3]);
  return s;
}

/** Read the next group, or the two groups of a dotted end; `*last` says which it was. */
static const char *read_group(struct ip6_reader *r, const char *s, bool *last)
{
  const char *end;

  if (r->count == GROUPS) {
    return NULL;
  }
  end = read_number(s, 16, 4, &r->group[r->count]);
  *last = end != NULL && *end == '.';
  if (!*last) {
    r->count++;
    return end;
  }
  if (r->count > GROUPS - 2) {
    return NULL;
  }
  end = read_dotted(s, &r->group[r->count]);
  r->count += 2;
  return end;
}

/** Is this where an address ends? */
static bool is_end(char c)
{
  return c == '\0' || c == '%' || lwip_isspace(c);
}

/** Read the groups up to the end of the address. Returns its end, or NULL. */
static const char *read_groups(struct ip6_reader *r, const char *s)
{
  bool last;

  if (s[0] == ':' && s[1] == ':') {
    r->gap = 0;
    s += 2;
  }
  while (!is_end(*s) || r->gap != r->count) {
    s = read_group(r, s, &last);
    if (s == NULL || is_end(*s)) {
      return s;
    }
    if (last || *s++ != ':') {
      return NULL;
    }
    if (*s != ':') {
      continue;
    }
    if (r->gap != NO_GAP) {
      return NULL;
    }
    r->gap = r->count;
    s++;
  }
  return s;
}

/** Put the groups in their places. */
static bool place_groups(const struct ip6_reader *r, u16_t group[GROUPS])
{
  int head = r->gap == NO_GAP ? r->count : r->gap;

  /* `::` stands for at least one group. */
  if (r->gap == NO_GAP ? r->count != GROUPS : r->count == GROUPS) {
    return false;
  }
  for (int i = 0; i < GROUPS; i++) {
    group[i] = 0;
  }
  for (int i = 0; i < r->count; i++) {
    group[i < head ? i : GROUPS - r->count + i] = r->group[i];
  }
  return true;
}

/** Read what follows `%`: a netif's index or name. False: there is no such netif. */
static bool read_zone(const char *s, u8_t *zone)
{
  char name[NETIF_NAMESIZE + 1];
  u16_t index;
  size_t len = 0;

  while (s[len] != '\0' && !lwip_isspace(s[len])) {
    if (len == NETIF_NAMESIZE) {
      return false;
    }
    name[len] = s[len];
    len++;
  }
  name[len] = '\0';
  if (!LWIP_IPV6_SCOPES) {
    *zone = IP6_NO_ZONE;
    return len > 0;
  }
  const char *end = read_number(name, 10, 3, &index);
  if (end == NULL || *end != '\0') {
    index = netif_name_to_index(name);
  }
  *zone = (u8_t)index;
  return index > IP6_NO_ZONE && index <= 0xff;
}

int ip6addr_aton(const char *cp, ip6_addr_t *addr)
{
  struct ip6_reader r = {.gap = NO_GAP};
  u16_t group[GROUPS];
  u8_t zone = IP6_NO_ZONE;

  if (cp == NULL) {
    return 0;
  }
  cp = read_groups(&r, cp);
  if (cp == NULL || !place_groups(&r, group)) {
    return 0;
  }
  if (*cp == '%' && !read_zone(cp + 1, &zone)) {
    return 0;
  }
  if (addr == NULL) {
    return 1;
  }
  for (int i = 0; i < 4; i++) {
    addr->addr[i] = lwip_htonl((u32_t)group[2 * i] << 16 | group[2 * i + 1]);
  }
  ip6_addr_set_zone(addr, zone);
  return 1;
}

/** The longest run of at least two zero groups, the first of equals (RFC 5952 4.2). */
static int find_zero_run(const u16_t group[GROUPS], int *run_len)
{
  int best = GROUPS;
  int best_len = 1;

  for (int start = 0, len; start < GROUPS; start += len + 1) {
    for (len = 0; start + len < GROUPS && group[start + len] == 0; len++) {
    }
    if (len > best_len) {
      best = start;
      best_len = len;
    }
  }
  *run_len = best == GROUPS ? 0 : best_len;
  return best;
}

static char *write_number(char *out, u16_t number, unsigned base)
{
  char digits[5];
  int count = 0;

  do {
    digits[count++] = "0123456789abcdef"[number % base];
    number = (u16_t)(number / base);
  } while (number != 0);
  while (count > 0) {
    *out++ = digits[--count];
  }
  return out;
}

/** Write `count` groups from `from` on, the longest run of zeros as `::`. */
static char *write_groups(char *out, const u16_t group[GROUPS], int count)
{
  int run_len;
  int run = find_zero_run(group, &run_len);

  for (int i = 0; i < count;) {
    if (i == run) {
      *out++ = ':';
      *out++ = ':';
      i += run_len;
      continue;
    }
    if (i > 0 && i != run + run_len) {
      *out++ = ':';
    }
    out = write_number(out, group[i], 16);
    i++;
  }
  return out;
}

static char *write_dotted(char *out, const u16_t group[2])
{
  out = write_number(out, group[0] >> 8, 10);
  *out++ = '.';
  out = write_number(out, group[0] & 0xff, 10);
  *out++ = '.';
  out = write_number(out, group[1] >> 8, 10);
  *out++ = '.';
  return write_number(out, group[1] & 0xff, 10);
}

char *ip6addr_ntoa_r(const ip6_addr_t *addr, char *buf, int buflen)
{
  char text[IP6ADDR_STRLEN_MAX];
  u16_t group[GROUPS];
  char *out = text;

  if (addr == NULL || buf == NULL) {
    return NULL;
  }
  for (int i = 0; i < 4; i++) {
    u32_t word = lwip_ntohl(addr->addr[i]);
    group[2 * i] = (u16_t)(word >> 16);
    group[2 * i + 1] = (u16_t)(word & 0xffff);
  }
  if (ip6_addr_isipv4mappedipv6(addr)) {
    out = write_groups(out, group, GROUPS - 2);
    *out++ = ':';
    out = write_dotted(out, &group[6]);
  } else {
    out = write_groups(out, group, GROUPS);
  }
  if (ip6_addr_has_zone(addr)) {
    *out++ = '%';
    out = write_number(out, ip6_addr_zone(addr), 10);
  }
  *out++ = '\0';
  if (buflen < 0 || out - text > buflen) {
    return NULL;
  }
  memcpy(buf, text, (size_t)(out - text));
  return buf;
}

char *ip6addr_ntoa(const ip6_addr_t *addr)
{
  return ip6addr_ntoa_r(addr, ip6_text()->text, IP6ADDR_STRLEN_MAX);
}
