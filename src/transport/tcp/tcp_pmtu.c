/**
 * @file
 * How much one segment carries, as links, routes and paths change (RFC 1191, RFC 8201, RFC 6691).
 *
 * State: mss of the pcb, and what the peer's option allows (mss_peer). The path MTU is kept per
 * destination (gossamer/pmtu.h) and asked whenever data are about to be sent: so all connections
 * learn of it, of a netif's new MTU and of another route alike, and it grows again when what ICMP
 * told has aged (RFC 1191 6.3). What is in flight and has become too long is cut anew.
 */
#include "lwip/opt.h"
#include "lwip/priv/pcb_fields.h"
#include "transport/tcp/tcp_recovery_priv.h"

u16_t tcp_mss_of_mtu(const ip_addr_t *remote, u16_t mtu)
{
  u16_t headers = (u16_t)((IP_IS_V6(remote) ? 40 : 20) + TCP_HLEN);
  LWIP_UNUSED_ARG(remote);
  return mtu > headers + TCP_MSS_MIN ? (u16_t)(mtu - headers) : TCP_MSS_MIN;
}

u16_t tcp_mss_to_announce(const ip_addr_t *remote, const struct netif *netif)
{
  LWIP_UNUSED_ARG(remote);
  u16_t mss = tcp_mss_of_mtu(remote, netif_mtu_for(netif, IP_IS_V6(remote)));
  return LWIP_MIN(mss, TCP_MSS);
}

/** Of what the peer takes, what the path does. */
static u16_t mss_by_path(const struct tcp_pcb *pcb, const struct netif *netif)
{
  u16_t mss = LWIP_MIN(tcp_mss_peer(pcb), TCP_MSS);
  if (TCP_CALCULATE_EFF_SEND_MSS && netif != NULL) {
    u16_t mtu = pcb_probes_path(pcb->so_options) ? netif_mtu_for(netif, IP_IS_V6(&pcb->remote_ip))
                                                 : pcb_path_mtu(&pcb->remote_ip, netif);
    mss = LWIP_MIN(mss, tcp_mss_of_mtu(&pcb->remote_ip, mtu));
  }
  return LWIP_MAX(mss, TCP_MSS_MIN);
}

static const struct netif *route(const struct tcp_pcb *pcb)
{
  struct pcb_route r = tcp_route(pcb);
  return pcb_route_find(&r, &pcb->remote_ip);
}

void tcp_set_peer_mss(struct tcp_pcb *pcb, u16_t mss)
{
  tcp_mss_peer_set(pcb, mss);
  pcb->mss = mss_by_path(pcb, route(pcb));
}

void tcp_mss_update(struct tcp_pcb *pcb)
{
  const struct netif *netif = route(pcb);
  u16_t mss = netif != NULL ? mss_by_path(pcb, netif) : pcb->mss;
  if (mss < pcb->mss) {
    pcb->mss = mss;
    tcp_recovery_recut(pcb, (u32_t)mss - tcp_options_room(pcb));
  } else if (mss > pcb->mss) {
    pcb->mss = mss;
    tcp_set_cwnd(pcb, pcb->cwnd); /* room for one segment at least */
  }
}
