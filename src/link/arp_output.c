/**
 * @file
 * Sending on Ethernet: from an IPv4 next hop to a frame's destination.
 *
 * State: in the neighbour cache. RFC 826, RFC 894, RFC 1112 6.4 (groups), RFC 1122 2.3.2,
 * RFC 3927 2.5 and 2.6.2 (link-local addresses).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/prot/ieee.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "netif/ethernet.h"
#include "lwip/priv/link_hooks.h"
#include "link/arp_priv.h"
#include "link/netif_ip4.h"

#if LWIP_IPV4 && LWIP_ARP

/** Offset of the source address in an IPv4 header. */
#define IP4_SRC_OFFSET 12

static err_t frame_output(struct netif *netif, struct pbuf *q, const struct eth_addr *dst)
{
  return ethernet_output(netif, q, (const struct eth_addr *)(const void *)netif->hwaddr, dst,
                         ETHTYPE_IP);
}

err_t arp_transmit(struct netif *netif, enum etharp_opcode op, const ip4_addr_t *sender_ip,
                   const ip4_addr_t *target_ip, const struct eth_addr *mac)
{
  struct arp_message m = {.op = (u16_t)op, .sender_ip = *sender_ip, .target_ip = *target_ip};
  memcpy(m.sender_mac.addr, netif->hwaddr, ETH_HWADDR_LEN);
  if (mac != NULL) {
    m.target_mac = *mac;
  }
  if (mac == NULL || ip4_addr_islinklocal(sender_ip)) {
    mac = &ethbroadcast; /* RFC 3927 2.5: everything about link-local addresses, so that conflicts
                            are seen */
  }
  struct pbuf *p = pbuf_alloc(PBUF_LINK, ARP_LEN, PBUF_RAM);
  if (p == NULL) {
    ETHARP_STATS_INC(etharp.memerr);
    return ERR_MEM;
  }
  arp_build((u8_t *)p->payload, &m);
  ETHARP_STATS_INC(etharp.xmit);
  err_t err = ethernet_output(netif, p, &m.sender_mac, mac, ETHTYPE_ARP);
  pbuf_free(p);
  return err;
}

/** Send to a neighbour whose address is known. */
static err_t output_to(struct arp_entry *e, struct pbuf *q)
{
  e->used_ms = stack_now();
  if (e->status == ARP_LEARNED) {
    e->status = ARP_STABLE;
  }
  if (arp_elapsed_ms(e->since_ms) >= ARP_MAXAGE_MS - ARP_CHECK_MS) {
    arp_check(e, 0);
  }
  ETHARP_STATS_INC(etharp.cachehit);
  return frame_output(e->netif, q, &e->mac);
}

/** The resolved entry that the sending pcb used last, if it is still the right one. */
static struct arp_entry *find_by_hint(const netif_addr_idx_t *hint, const struct netif *netif,
                                      const ip4_addr_t *ip)
{
  if (hint == NULL || *hint >= ARP_TABLE_SIZE) {
    return NULL;
  }
  struct arp_entry *e = arp_entry_at(*hint);
  return (arp_is_resolved(e) && ip4_addr_eq(&e->ip, ip) && e->netif == netif) ? e : NULL;
}

/** Send to a neighbour; `ip` is a unicast address. */
static err_t output_unicast(struct netif *netif, struct pbuf *q, const ip4_addr_t *ip)
{
  netif_addr_idx_t *hint = hook_arp_hint(netif);
  struct arp_entry *e = find_by_hint(hint, netif, ip);
  if (e != NULL) {
    return output_to(e, q);
  }
  err_t err = etharp_query(netif, ip, q);
  e = (hint != NULL) ? arp_find(netif, ip) : NULL;
  if (e != NULL) {
    *hint = (netif_addr_idx_t)(e - arp_entry_at(0));
  }
  return err;
}

/** The neighbour through which an off-link destination is reached; NULL: there is none. */
static const ip4_addr_t *gateway_for(struct netif *netif, const struct pbuf *q,
                                     const ip4_addr_t *dst)
{
  ip4_addr_t src;
  if (pbuf_copy_partial(q, &src.addr, sizeof src.addr, IP4_SRC_OFFSET) == sizeof src.addr &&
      ip4_addr_islinklocal(&src)) {
    return dst; /* RFC 3927 2.6.2: never to a gateway, whatever the destination */
  }
  const ip4_addr_t *gw = hook_arp_gateway(netif, dst);
  if (gw == NULL && !ip4_addr_isany_val(*netif_ip4_gw(netif))) {
    gw = netif_ip4_gw(netif);
  }
  return gw;
}

err_t etharp_output(struct netif *netif, struct pbuf *q, const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (ip4_addr_isbroadcast(ipaddr, netif)) {
    return frame_output(netif, q, &ethbroadcast);
  }
  if (ip4_addr_ismulticast(ipaddr)) {
    const struct eth_addr group = {{LL_IP4_MULTICAST_ADDR_0, LL_IP4_MULTICAST_ADDR_1,
                                    LL_IP4_MULTICAST_ADDR_2, (u8_t)(ip4_addr2(ipaddr) & 0x7f),
                                    ip4_addr3(ipaddr), ip4_addr4(ipaddr)}};
    return frame_output(netif, q, &group);
  }
  const ip4_addr_t *next_hop = ipaddr;
  if (!netif_ip4_on_link(netif, ipaddr) && !ip4_addr_islinklocal(ipaddr)) {
    next_hop = gateway_for(netif, q, ipaddr);
  }
  return (next_hop != NULL) ? output_unicast(netif, q, next_hop) : ERR_RTE;
}

err_t etharp_query(struct netif *netif, const ip4_addr_t *ipaddr, struct pbuf *q)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (ip4_addr_isbroadcast(ipaddr, netif) || ip4_addr_ismulticast(ipaddr)) {
    return ERR_ARG;
  }
  struct arp_entry *e = arp_find(netif, ipaddr);
  bool is_new = e == NULL;
  if (is_new) {
    e = arp_create(netif, ipaddr, ARP_WORTH_LIVE);
  }
  if (e == NULL) {
    drop(NULL, DROP_ARP_CACHE_FULL);
    return ERR_MEM;
  }
  err_t err = ERR_OK;
  if (q == NULL) {
    arp_check(e, 0);
  } else if (arp_is_resolved(e)) {
    return output_to(e, q);
  } else {
    err = arp_queue_add(&e->queue, q);
  }
  if (is_new) {
    arp_ask_first(e); /* last, as the answer may come within the call */
  }
  return err;
}

err_t etharp_request(struct netif *netif, const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  return arp_transmit(netif, ARP_REQUEST, netif_ip4_addr_toward(netif, ipaddr), ipaddr, NULL);
}

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

#endif /* LWIP_IPV4 && LWIP_ARP */
