/**
 * @file
 * ICMP errors about UDP datagrams (RFC 1122 4.1.3.3).
 *
 * Anybody can send one, so it must quote a datagram that a pcb may have sent: from its address and
 * port, for a connected pcb to its peer. Others are told only when the error quotes the destination
 * that they sent to last; but that they might have sent it is enough to believe in a path MTU,
 * which a server must learn for all its clients (RFC 5927 is about what forgers can do).
 */
#include "lwip/opt.h"
#include "lwip/prot/ip.h"
#include "lwip/priv/pcb_fields.h"
#include "transport/udp/udp_module.h"
#include "transport/udp/udp_priv.h"
#include "wire/bytes.h"

bool udp_error(const struct ip_error *e)
{
  u16_t src_port = bytes_get16(e->l4);
  u16_t dst_port = bytes_get16(e->l4 + 2);
  struct udp_query q = {.local = e->src,
                        .remote = e->dst,
                        .local_port = src_port,
                        .remote_port = dst_port,
                        .netif = e->netif,
                        .is_lite = LWIP_UDPLITE && e->proto == IP_PROTO_UDPLITE};
  struct udp_pcb *pcb = src_port == 0 ? NULL : udp_demux(&q);
  if (pcb == NULL) {
    return false;
  }
  if ((pcb->flags & UDP_FLAGS_CONNECTED) || udp_pcb_last_is(pcb, e->dst, dst_port)) {
    udp_pcb_report(pcb, pcb_err_of(e->kind), e);
  }
  return true;
}
