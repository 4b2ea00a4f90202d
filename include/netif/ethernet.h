/**
 * @file
 * Ethernet frames in and out, with 802.1Q tags.
 */
#ifndef LWIP_HDR_NETIF_ETHERNET_H
#define LWIP_HDR_NETIF_ETHERNET_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/netif.h"
#include "lwip/prot/ethernet.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * 1: LWIP_ARP_FILTER_NETIF_FN(p, netif, type) names the netif that a frame is for, where several
 * netifs share one MAC. Called with the host-order EtherType and `p` at the Ethernet header.
 */
#ifndef LWIP_ARP_FILTER_NETIF
#define LWIP_ARP_FILTER_NETIF 0
#endif

/**
 * A received frame: check it and hand its payload to whoever the registry names for its EtherType.
 * For netif_add()'s `input` with NO_SYS; threads use tcpip_input.
 *
 * @param p  from the Ethernet header on (with ETH_PAD_SIZE, that many bytes earlier); consumed
 * @return ERR_OK always
 */
err_t ethernet_input(struct pbuf *p, struct netif *netif);

/**
 * Put an Ethernet header (and a tag, if LWIP_HOOK_VLAN_SET or the netif's hints say so) in front of
 * a packet and send it by netif->linkoutput. `p` stays the caller's, its payload is moved to the
 * new header.
 *
 * @param eth_type  host order
 * @return what linkoutput returned; ERR_BUF when there is no room for the header
 */
err_t ethernet_output(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                      const struct eth_addr *dst, u16_t eth_type);

extern const struct eth_addr ethbroadcast, ethzero;

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_NETIF_ETHERNET_H */
