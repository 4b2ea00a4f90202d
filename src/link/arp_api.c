/**
 * @file
 * What programs may ask of the neighbour cache and do to it. No state of its own.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/etharp.h"
#include "lwip/sys.h"
#include "link/arp_priv.h"
#include "link/netif_ip4.h"

#if LWIP_IPV4 && LWIP_ARP

ssize_t etharp_find_addr(struct netif *netif, const ip4_addr_t *ipaddr, struct eth_addr **eth_ret,
                         const ip4_addr_t **ip_ret)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("etharp_find_addr: missing argument", eth_ret != NULL && ip_ret != NULL);
  struct arp_entry *e = arp_find(netif, ipaddr);
  if (e == NULL || !arp_is_resolved(e)) {
    return -1;
  }
  *eth_ret = &e->mac;
  *ip_ret = &e->ip;
  return e - arp_entry_at(0);
}

int etharp_get_entry(size_t i, ip4_addr_t **ipaddr, struct netif **netif, struct eth_addr **eth_ret)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("etharp_get_entry: missing argument",
              ipaddr != NULL && netif != NULL && eth_ret != NULL);
  if (i >= ARP_TABLE_SIZE || !arp_is_resolved(arp_entry_at((unsigned)i))) {
    return 0;
  }
  struct arp_entry *e = arp_entry_at((unsigned)i);
  *ipaddr = &e->ip;
  *netif = e->netif;
  *eth_ret = &e->mac;
  return 1;
}

void etharp_cleanup_netif(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  arp_release_all(netif, true, DROP_NETIF_DOWN);
}

#if ETHARP_SUPPORT_STATIC_ENTRIES

/** The Ethernet on whose link `ip` is, or else the default one. */
static struct netif *netif_toward(const ip4_addr_t *ip)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (netif_is_flag_set(netif, NETIF_FLAG_ETHARP) && netif_ip4_on_link(netif, ip)) {
      return netif;
    }
  }
  return netif_default;
}

err_t etharp_add_static_entry(const ip4_addr_t *ipaddr, struct eth_addr *ethaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = netif_toward(ipaddr);
  if (netif == NULL) {
    return ERR_RTE;
  }
  struct arp_entry *e = arp_find(netif, ipaddr);
  if (e == NULL) {
    e = arp_create(netif, ipaddr, ARP_WORTH_LIVE);
  }
  if (e == NULL) {
    return ERR_MEM;
  }
  arp_resolve(e, ethaddr, ARP_STATIC);
  return ERR_OK;
}

err_t etharp_remove_static_entry(const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct arp_entry *e = arp_find(NULL, ipaddr);
  if (e == NULL) {
    return ERR_MEM;
  }
  if (e->status != ARP_STATIC) {
    return ERR_ARG;
  }
  arp_release(e, DROP_ARP_EVICTED); /* has no queue */
  return ERR_OK;
}

#endif /* ETHARP_SUPPORT_STATIC_ENTRIES */

#if LWIP_ACD

err_t etharp_acd_probe(struct netif *netif, const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  const ip4_addr_t any = {IPADDR_ANY};
  return arp_transmit(netif, ARP_REQUEST, &any, ipaddr, NULL);
}

err_t etharp_acd_announce(struct netif *netif, const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  return arp_transmit(netif, ARP_REQUEST, ipaddr, ipaddr, NULL);
}

#endif /* LWIP_ACD */

#endif /* LWIP_IPV4 && LWIP_ARP */
