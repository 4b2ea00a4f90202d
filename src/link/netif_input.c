/**
 * @file
 * Packets that come in by a netif without an Ethernet header (SLIP, PPP, TUN, loopback), and the
 * input function that serves both sorts.
 *
 * No state. The IP version in the first byte says which of the registry's handlers takes a packet.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/prot/ieee.h"
#include "netif/ethernet.h"
#include "gossamer/drop.h"
#include "base/registry.h"
#include "link/netif_priv.h"

void netif_ip_rx(struct pbuf *p, struct netif *netif)
{
  if (!netif_is_up(netif)) {
    drop(p, DROP_NETIF_DOWN);
    return;
  }
  /* IPv4's handler complains about everything that is no IPv6. */
  u16_t type = (p->tot_len > 0 && pbuf_get_at(p, 0) >> 4 == 6) ? ETHTYPE_IPV6 : ETHTYPE_IP;
  p->if_idx = netif_get_index(netif);
  for (unsigned i = 0; i < eth_protos_count; i++) {
    if (eth_protos[i].ethertype == type) {
      eth_protos[i].input(p, netif, NULL);
      return;
    }
  }
  drop(p, DROP_ETH_UNKNOWN_TYPE);
}

err_t netif_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (LWIP_ETHERNET && netif_is_flag_set(inp, NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET)) {
    return ethernet_input(p, inp);
  }
  netif_ip_rx(p, inp);
  return ERR_OK;
}
