/**
 * @file
 * UDP and UDP-Lite input: verify once, find the pcb, call back.
 *
 * State: none. Callbacks may close any pcb, so none is touched after its callback; the walk over
 * several receivers stands in udp_cursor.c. RFC 768, RFC 1122 4.1.3, RFC 3828, RFC 8200 8.1.
 */
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/stats.h"
#include "lwip/prot/ip.h"
#include "lwip/priv/pcb_fields.h"
#include "gossamer/drop.h"
#include "transport/udp/udp_module.h"
#include "transport/udp/udp_priv.h"
#include "wire/udp.h"

/** Every length and the checksum. Cuts off what stands behind the datagram. */
static enum drop_reason verify(struct udp_header *h, struct pbuf *p, const struct ip_rx *rx)
{
  u8_t buf[UDP_HLEN];
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, UDP_HLEN, 0);
  bool is_lite = LWIP_UDPLITE && rx->proto == IP_PROTO_UDPLITE;
  enum drop_reason bad =
      is_lite ? udplite_parse(h, bytes, p->tot_len) : udp_parse(h, bytes, p->tot_len);
  if (bad != DROP_NONE) {
    return bad;
  }
  if (p->tot_len > h->len) {
    pbuf_realloc(p, h->len);
  }
  if (h->checksum == 0) { /* none; on a wire only IPv4 may do without (RFC 8200 8.1) */
    bool is_wanted = IP_IS_V6(&rx->dst) && !(p->flags & PBUF_FLAG_LOOPED);
    return is_wanted ? DROP_UDP_NO_CHECKSUM : DROP_NONE;
  }
  if (!CHECKSUM_CHECK_UDP || (rx->flags & IP_RX_CHECKSUM_OK) ||
      !NETIF_CHECKSUM_ENABLED(rx->input_netif, NETIF_CHECKSUM_CHECK_UDP)) {
    return DROP_NONE;
  }
  return ip_chksum_pseudo_partial(p, rx->proto, h->len, h->coverage, &rx->src, &rx->dst) == 0
             ? DROP_NONE
             : DROP_UDP_BAD_CHECKSUM;
}

/**
 * Take the header off, however the datagram is cut into pbufs. An empty datagram remains a pbuf. In
 * the usual case the header stays in front of the payload for who wants to look back.
 */
static struct pbuf *strip_header(struct pbuf *p)
{
  if (p->len < UDP_HLEN && p->tot_len > UDP_HLEN) {
    return pbuf_free_header(p, UDP_HLEN);
  }
  if (p->len < UDP_HLEN) {
    pbuf_realloc(p, p->len);
  }
  (void)pbuf_remove_header(p, LWIP_MIN(p->len, UDP_HLEN));
  return p;
}

/**
 * Does the checksum cover what the application relies on? By default everything, as in UDP; less
 * only by its consent (RFC 3828 3.2).
 */
static bool covers_enough(const struct udp_pcb *pcb, const struct udp_header *h)
{
  u16_t least = udp_pcb_coverage_rx(pcb);
  return !LWIP_UDPLITE || h->coverage == h->len || (least != 0 && h->coverage >= least);
}

void udp_deliver(struct udp_pcb *pcb, struct pbuf *p, const struct udp_query *q,
                 const struct udp_header *h)
{
  if (!covers_enough(pcb, h)) {
    drop(p, DROP_UDP_BAD_COVERAGE);
  } else if (pcb->recv == NULL) {
    drop(p, DROP_UDP_NO_RECEIVER);
  } else {
    pcb->recv(pcb->recv_arg, pcb, strip_header(p), q->remote, q->remote_port);
  }
}

/** Nobody takes it. */
static void refuse(struct pbuf *p, const struct ip_rx *rx, struct udp_query *q)
{
  if (IP_SOF_BROADCAST_RECV && q->options != 0) {
    q->options = 0;
    if (udp_demux(q) != NULL) {
      drop(p, DROP_UDP_BROADCAST_REFUSED);
      return;
    }
  }
  p = LWIP_ANY_ADDRESS ? udp_any_deliver(p, rx, q) : p;
  if (p == NULL) {
    return;
  }
  MIB2_STATS_INC(mib2.udpnoports);
  ip_send_port_unreachable(p, rx); /* but not about groups: RFC 1122 3.2.2 */
  drop(p, DROP_UDP_NO_PORT);
}

void udp_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct udp_header h;
  UDP_STATS_INC(udp.recv);
  enum drop_reason bad = verify(&h, p, rx);
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.udpinerrors);
    drop(p, bad);
    return;
  }
  struct udp_query q = {.local = &rx->dst,
                        .remote = &rx->src,
                        .local_port = h.dst_port,
                        .remote_port = h.src_port,
                        .netif = rx->input_netif,
                        .flags = rx->flags,
                        .options = pcb_options_to_receive(rx->flags),
                        .is_lite = LWIP_UDPLITE && rx->proto == IP_PROTO_UDPLITE};
  struct udp_pcb *pcb = udp_demux(&q);
  if (pcb == NULL) {
    refuse(p, rx, &q);
    return;
  }
  MIB2_STATS_INC(mib2.udpindatagrams);
  if (UDP_RX_TO_ALL && (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST))) {
    udp_deliver_to_all(p, &q, &h);
  } else {
    udp_deliver(pcb, p, &q, &h);
  }
}

void udp_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  udp_rx(p, ip_current());
}
