/**
 * @file
 * IPv4 addresses as text and back, in the forms of BSD's inet_aton(3). State: the buffer of
 * ip4addr_ntoa().
 */
#include <stdbool.h>
#include <string.h>
#include "lwip/ip4_addr.h"
#include "gossamer/state.h"

struct ip4_text {
  char text[IP4ADDR_STRLEN_MAX];
};
STACK_STATE(struct ip4_text, ip4_text);

u8_t ip4_addr_netmask_valid(u32_t netmask)
{
  u32_t host_bits = ~lwip_ntohl(netmask);

  return (host_bits & (host_bits + 1)) == 0;
}

/** The value of a digit in `base`, or -1. */
static int digit_value(char c, u32_t base)
{
  u32_t value;

  if (c >= '0' && c <= '9') {
    value = (u32_t)(c - '0');
  } else if (c >= 'a' && c <= 'f') {
    value = (u32_t)(c - 'a') + 10;
  } else if (c >= 'A' && c <= 'F') {
    value = (u32_t)(c - 'A') + 10;
  } else {
    return -1;
  }
  return value < base ? (int)value : -1;
}

/** Read one part: decimal, 0x hexadecimal or 0 octal. Returns what follows it, or NULL. */
static const char *read_part(const char *s, u32_t *part)
{
  u32_t base = 10;
  u32_t value = 0;

  if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
    base = 16;
    s += 2;
  } else if (s[0] == '0') {
    base = 8;
  }
  if (digit_value(*s, base) < 0) {
    return NULL;
  }
  for (int digit; (digit = digit_value(*s, base)) >= 0; s++) {
    if (value > (LWIP_UINT32_MAX - (u32_t)digit) / base) {
      return NULL;
    }
    value = value * base + (u32_t)digit;
  }
  *part = value;
  return s;
}

/** Put one to four parts together: each a byte, the last all bytes that are left. */
static bool join_parts(const u32_t *part, size_t count, u32_t *address)
{
  u32_t value = 0;

  for (size_t i = 0; i + 1 < count; i++) {
    if (part[i] > 0xff) {
      return false;
    }
    value |= part[i] << (24 - 8 * i);
  }
  if (part[count - 1] > LWIP_UINT32_MAX >> (8 * (count - 1))) {
    return false;
  }
  *address = value | part[count - 1];
  return true;
}

int ip4addr_aton(const char *cp, ip4_addr_t *addr)
{
  u32_t part[4];
  u32_t address;
  size_t count = 0;

  if (cp == NULL) {
    return 0;
  }
  for (;;) {
    cp = read_part(cp, &part[count]);
    if (cp == NULL) {
      return 0;
    }
    count++;
    if (*cp != '.') {
      break;
    }
    if (count == LWIP_ARRAYSIZE(part)) {
      return 0;
    }
    cp++;
  }
  if ((*cp != '\0' && !lwip_isspace(*cp)) || !join_parts(part, count, &address)) {
    return 0;
  }
  if (addr != NULL) {
    ip4_addr_set_u32(addr, lwip_htonl(address));
  }
  return 1;
}

u32_t ipaddr_addr(const char *cp)
{
  ip4_addr_t addr;

  return ip4addr_aton(cp, &addr) ? ip4_addr_get_u32(&addr) : IPADDR_NONE;
}

char *ip4addr_ntoa_r(const ip4_addr_t *addr, char *buf, int buflen)
{
  char text[IP4ADDR_STRLEN_MAX];
  size_t len = 0;

  if (addr == NULL || buf == NULL) {
    return NULL;
  }
  for (int i = 0; i < 4; i++) {
    u8_t byte = ip4_addr_get_byte(addr, i);
    if (byte >= 100) {
      text[len++] = (char)('0' + byte / 100);
    }
    if (byte >= 10) {
      text[len++] = (char)('0' + byte / 10 % 10);
    }
    text[len++] = (char)('0' + byte % 10);
    text[len++] = '.';
  }
  text[len - 1] = '\0';
  if (buflen < 0 || (size_t)buflen < len) {
    return NULL;
  }
  memcpy(buf, text, len);
  return buf;
}

char *ip4addr_ntoa(const ip4_addr_t *addr)
{
  return ip4addr_ntoa_r(addr, ip4_text()->text, IP4ADDR_STRLEN_MAX);
}
