/**
 * @file
 * The link floor's hooks as functions: what happens where lwipopts.h defines none of them.
 */
#ifndef LWIP_HDR_PRIV_LINK_HOOKS_H
#define LWIP_HDR_PRIV_LINK_HOOKS_H

#include <stdbool.h>
#include <string.h>
#include "lwip/netif.h"
#include "lwip/prot/ethernet.h"
#include "netif/ethernet.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/**
 * Is a tagged frame for us? `frame`: ETH_PAD_SIZE + 18 bytes. A frame tagged with VLAN 0 only has a
 * priority and belongs to no VLAN (802.1Q 9.6): ETHARP_VLAN_CHECK lets it pass, as it does frames
 * without tag.
 */
static inline bool hook_vlan_accepts(struct netif *netif, const u8_t *frame, u16_t vlan_id)
{
#if defined(LWIP_HOOK_VLAN_CHECK) || defined(ETHARP_VLAN_CHECK_FN)
  struct eth_hdr eth;
  struct eth_vlan_hdr vlan;
  memcpy(&eth, frame, SIZEOF_ETH_HDR);
  memcpy(&vlan, frame + SIZEOF_ETH_HDR, SIZEOF_VLAN_HDR);
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(vlan_id);
#ifdef LWIP_HOOK_VLAN_CHECK
  return LWIP_HOOK_VLAN_CHECK(netif, &eth, &vlan) != 0;
#else
  return ETHARP_VLAN_CHECK_FN(&eth, &vlan) != 0;
#endif
#elif defined(ETHARP_VLAN_CHECK)
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(frame);
  return vlan_id == 0 || vlan_id == (ETHARP_VLAN_CHECK);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(frame);
  LWIP_UNUSED_ARG(vlan_id);
  return true;
#endif
}

/** Tag control information to send a frame with; negative: no tag. */
static inline s32_t hook_vlan_tci(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                                  const struct eth_addr *dst, u16_t eth_type)
{
  s32_t tci = -1;
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(eth_type);
#if ETHARP_SUPPORT_VLAN && defined(LWIP_HOOK_VLAN_SET)
  tci = LWIP_HOOK_VLAN_SET(netif, p, src, dst, eth_type);
#endif
#if ETHARP_SUPPORT_VLAN && LWIP_VLAN_PCP
  if (tci < 0 && netif->hints != NULL) {
    tci = netif->hints->tci;
  }
#endif
  return tci;
}

/** The netif that a frame is for; `p` at its Ethernet header. */
static inline struct netif *hook_eth_netif(struct pbuf *p, struct netif *netif, u16_t eth_type)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(eth_type);
#if LWIP_ARP_FILTER_NETIF
  netif = LWIP_ARP_FILTER_NETIF_FN(p, netif, eth_type);
#endif
  return netif;
}

/** True: the hook took the frame; `p` at its Ethernet header. */
static inline bool hook_eth_unknown(struct pbuf *p, struct netif *netif)
{
#ifdef LWIP_HOOK_UNKNOWN_ETH_PROTOCOL
  return LWIP_HOOK_UNKNOWN_ETH_PROTOCOL(p, netif) == ERR_OK;
#else
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(netif);
  return false;
#endif
}

#if LWIP_IPV4
/** The gateway for an off-link destination; NULL: the netif's own. */
static inline const ip4_addr_t *hook_arp_gateway(struct netif *netif, const ip4_addr_t *dest)
{
#ifdef LWIP_HOOK_ETHARP_GET_GW
  return LWIP_HOOK_ETHARP_GET_GW(netif, dest);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dest);
  return NULL;
#endif
}
#endif

#if LWIP_NETIF_HWADDRHINT
/** What the sending pcb knows; NULL: nothing. */
static inline netif_addr_idx_t *hook_arp_hint(struct netif *netif)
{
  return netif->hints != NULL ? &netif->hints->addr_hint : NULL;
}
#else
static inline netif_addr_idx_t *hook_arp_hint(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return NULL;
}
#endif

#endif /* LWIP_HDR_PRIV_LINK_HOOKS_H */
