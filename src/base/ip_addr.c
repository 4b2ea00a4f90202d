/** @file Addresses of either family: constants, text. State: none, the families' buffers are used.
 */
#include <string.h>
#include "lwip/ip_addr.h"

const ip_addr_t ip_addr_any_type = IPADDR_ANY_TYPE_INIT;
const ip_addr_t ip_addr_any = IPADDR4_INIT(IPADDR_ANY);
const ip_addr_t ip_addr_broadcast = IPADDR4_INIT(IPADDR_BROADCAST);
const ip_addr_t ip6_addr_any = IPADDR6_INIT(0ul, 0ul, 0ul, 0ul);

char *ipaddr_ntoa(const ip_addr_t *addr)
{
  if (addr == NULL) {
    return NULL;
  }
  return IP_IS_V6(addr) ? ip6addr_ntoa(ip_2_ip6(addr)) : ip4addr_ntoa(ip_2_ip4(addr));
}

char *ipaddr_ntoa_r(const ip_addr_t *addr, char *buf, int buflen)
{
  if (addr == NULL) {
    return NULL;
  }
  return IP_IS_V6(addr) ? ip6addr_ntoa_r(ip_2_ip6(addr), buf, buflen)
                        : ip4addr_ntoa_r(ip_2_ip4(addr), buf, buflen);
}

int ipaddr_aton(const char *cp, ip_addr_t *addr)
{
  ip_addr_t result;
  ip4_addr_t ip4;
  ip6_addr_t ip6;

  if (cp == NULL) {
    return 0;
  }
  if (LWIP_IPV6 && strchr(cp, ':') != NULL) {
    if (!ip6addr_aton(cp, &ip6)) {
      return 0;
    }
    ip_addr_copy_from_ip6(result, ip6);
  } else {
    if (!LWIP_IPV4 || !ip4addr_aton(cp, &ip4)) {
      return 0;
    }
    ip_addr_copy_from_ip4(result, ip4);
  }
  if (addr != NULL) {
    ip_addr_copy(*addr, result);
  }
  return 1;
}
