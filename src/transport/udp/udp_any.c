/**
 * @file
 * UDP on interfaces on which every address is ours (gossamer/any_address.h).
 *
 * No state: what is sent goes through a pcb that is on no list and lives for the call.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_ANY_ADDRESS

#include "lwip/prot/ip.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/priv/any_fields.h"
#include "gossamer/drop.h"
#include "ip/any_echo.h"
#include "transport/udp/udp_priv.h"
#include "wire/bytes.h"
#include "wire/udp.h"

/** The header in one piece, so that it can be put back. NULL: no memory */
static struct pbuf *in_one_piece(struct pbuf *p)
{
  if (p->len >= UDP_HLEN) {
    return p;
  }
  struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
  if (copy == NULL) {
    drop(p, DROP_UDP_NO_MEMORY);
  } else {
    pbuf_free(p);
  }
  return copy;
}

struct pbuf *udp_any_deliver(struct pbuf *p, const struct ip_rx *rx, const struct udp_query *q)
{
  struct any_address *a = netif_any_address(rx->input_netif);
  if (a == NULL || a->udp_recv == NULL || q->is_lite ||
      (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST | IP_RX_LINK_GROUP))) {
    return p;
  }
  p = in_one_piece(p);
  if (p == NULL) {
    return NULL;
  }
  struct any_flow flow = {.local = *q->local,
                          .remote = *q->remote,
                          .local_port = q->local_port,
                          .remote_port = q->remote_port};
  (void)pbuf_remove_header(p, UDP_HLEN);
  enum any_answer answer = a->udp_recv(a->arg, &flow, p);
  if (answer == ANY_REFUSE) {
    (void)pbuf_add_header_force(p, UDP_HLEN);
    return p;
  }
  if (answer == ANY_IGNORE) {
    drop(p, DROP_ANY_IGNORED);
  } else {
    MIB2_STATS_INC(mib2.udpindatagrams);
  }
  return NULL;
}

err_t any_udp_send(struct any_address *a, const struct any_flow *flow, struct pbuf *p)
{
  struct udp_pcb pcb;
  LWIP_ASSERT_CORE_LOCKED();
  if (a->netif == NULL) {
    return ERR_RTE;
  }
  if (flow->local_port == 0) {
    return ERR_VAL; /* a pcb without port would be given one, and stay */
  }
  memset(&pcb, 0, sizeof pcb);
  IP_SET_TYPE(&pcb.local_ip, IPADDR_TYPE_ANY);
  IP_SET_TYPE(&pcb.remote_ip, IPADDR_TYPE_ANY);
  pcb.ttl = UDP_TTL;
  pcb.local_port = flow->local_port;
  pcb_tci_init(&pcb);
  return udp_sendto_if_src(&pcb, p, &flow->remote, flow->remote_port, a->netif, &flow->local);
}

void any_udp_unreachable(struct any_address *a, const struct any_flow *flow,
                         enum any_unreachable why)
{
  u8_t header[ANY_QUOTE_LEN] = {0};
  LWIP_ASSERT_CORE_LOCKED();
  bytes_put16(header, flow->remote_port);
  bytes_put16(header + 2, flow->local_port);
  bytes_put16(header + 4, UDP_HLEN);
  any_send_unreachable(a, flow, IP_PROTO_UDP, header, why);
}

#endif /* LWIP_ANY_ADDRESS */
