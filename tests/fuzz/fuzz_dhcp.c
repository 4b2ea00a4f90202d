/** @file DHCP messages and their options. An input may begin with the cookie; it need not. */
#include "common.h"
#include "lwip/def.h"
#include "wire/dhcp.h"

/** All pieces lie in the message, and joined they are what dhcp_option_get() says. */
static void check_options(const struct dhcp_message *m)
{
  struct dhcp_option o = {0};
  size_t sum[256] = {0};
  bool is_there[256] = {false};
  u8_t value[300];
  unsigned count = 0;
  while (dhcp_option_next(m, &o)) {
    FUZZ_ASSERT(o.code != DHCP_OPTION_PAD && o.code != DHCP_OPTION_END);
    FUZZ_ASSERT((size_t)o.at + o.len <= m->len);
    FUZZ_ASSERT(++count <= m->len);
    is_there[o.code] = true;
    sum[o.code] += o.len;
  }
  for (unsigned code = 1; code < 255; code++) {
    int len = dhcp_option_get(m, (u8_t)code, value, sizeof value);
    FUZZ_ASSERT(len == (is_there[code] ? (int)sum[code] : -1));
  }
}

static void check_routes(const struct dhcp_message *m)
{
  u8_t list[300];
  int len = dhcp_option_get(m, DHCP_OPTION_CLASSLESS_ROUTES, list, sizeof list);
  size_t left = len > 0 ? LWIP_MIN((size_t)len, sizeof list) : 0;
  const u8_t *b = list;
  while (left > 0) {
    u8_t prefix_len;
    ip4_addr_t prefix;
    ip4_addr_t gateway;
    size_t used = dhcp_route_parse(b, left, &prefix_len, &prefix, &gateway);
    if (used == 0) {
      break;
    }
    FUZZ_ASSERT(used <= left && used >= 5 && prefix_len <= 32);
    FUZZ_ASSERT(prefix_len == 32 || (lwip_ntohl(prefix.addr) << prefix_len) == 0);
    b += used;
    left -= used;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct exact e = exact_copy(data, size);
  struct dhcp_message m;
  enum drop_reason why = dhcp_parse(&m, e.bytes, size);
  if (why == DROP_NONE) {
    FUZZ_ASSERT(size >= DHCP_FIXED_LEN && m.len == size && m.overload <= 3);
    check_options(&m);
    check_routes(&m);
    u32_t number;
    u16_t half;
    ip4_addr_t addrs[3];
    bool is_number = dhcp_option_u32(&m, DHCP_OPTION_LEASE_TIME, &number);
    FUZZ_ASSERT(is_number == (dhcp_option_get(&m, DHCP_OPTION_LEASE_TIME, NULL, 0) == 4));
    dhcp_option_u16(&m, DHCP_OPTION_MTU, &half);
    FUZZ_ASSERT(dhcp_option_addrs(&m, DHCP_OPTION_DNS_SERVER, addrs, 3) <= size / 4);
  } else {
    FUZZ_ASSERT(why == DROP_DHCP_SHORT || why == DROP_DHCP_BAD_COOKIE ||
                why == DROP_DHCP_BAD_OPTION);
  }
  exact_free(e);
  return 0;
}
