/**
 * @file
 * Sending IPv6 on Ethernet: from a next hop to a frame's destination (RFC 2464).
 *
 * No state: neighbours are Neighbor Discovery's.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/ethip6.h"
#include "lwip/nd6.h"
#include "lwip/prot/ieee.h"
#include "netif/ethernet.h"

#if LWIP_IPV6 && LWIP_ETHERNET

/** Groups are at 33:33 and the address's last four bytes (RFC 2464 7). */
static struct eth_addr group_mac(const ip6_addr_t *group)
{
  struct eth_addr mac = {{LL_IP6_MULTICAST_ADDR_0, LL_IP6_MULTICAST_ADDR_1, 0, 0, 0, 0}};
  memcpy(mac.addr + 2, &group->addr[3], sizeof group->addr[3]);
  return mac;
}

err_t ethip6_output(struct netif *netif, struct pbuf *q, const ip6_addr_t *ip6addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct eth_addr mac;
  if (ip6_addr_ismulticast(ip6addr)) {
    mac = group_mac(ip6addr);
  } else {
    const u8_t *hwaddr;
    err_t err = nd6_get_next_hop_addr_or_queue(netif, q, ip6addr, &hwaddr);
    if (err != ERR_OK || hwaddr == NULL) {
      return err;
    }
    memcpy(mac.addr, hwaddr, sizeof mac.addr); /* its entry may go while the driver works */
  }
  return ethernet_output(netif, q, (const struct eth_addr *)(const void *)netif->hwaddr, &mac,
                         ETHTYPE_IPV6);
}

#endif /* LWIP_IPV6 && LWIP_ETHERNET */
