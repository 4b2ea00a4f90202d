/**
 * @file
 * TCP input: every length and the checksum once, then to whom it belongs.
 *
 * No state. Nothing is answered that came to or from a group (RFC 9293 3.9.2.3), nothing that is a
 * reset.
 */
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "transport/tcp/tcp_priv.h"

static bool checksum_is_wanted(const struct ip_rx *rx)
{
  return CHECKSUM_CHECK_TCP && !(rx->flags & IP_RX_CHECKSUM_OK) &&
         NETIF_CHECKSUM_ENABLED(rx->input_netif, NETIF_CHECKSUM_CHECK_TCP);
}

/** Parse and verify. @return DROP_NONE, then seg->p is the payload */
static enum drop_reason verify(struct tcp_rx_segment *seg, struct pbuf *p, const struct ip_rx *rx)
{
  u8_t buf[TCP_HLEN_MAX];
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, TCP_HLEN, 0);
  enum drop_reason bad = tcp_parse(&seg->h, bytes, p->tot_len);
  if (bad != DROP_NONE) {
    return bad;
  }
  if (checksum_is_wanted(rx) &&
      ip_chksum_pseudo(p, IP_PROTO_TCP, p->tot_len, &rx->src, &rx->dst) != 0) {
    return DROP_TCP_BAD_CHECKSUM;
  }
  bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, seg->h.header_len, 0);
  tcp_parse_options(&seg->opts, bytes + TCP_HLEN, (size_t)(seg->h.header_len - TCP_HLEN),
                    (seg->h.flags & TCP_SYN) != 0);
  seg->rx = rx;
  seg->flags = seg->h.flags;
  seg->seq = seg->h.seq;
  seg->len = (u32_t)(p->tot_len - seg->h.header_len);
  seg->wnd = seg->h.wnd;
  return DROP_NONE;
}

/** Take the header off; an empty payload is no pbuf. */
static struct pbuf *strip_header(struct pbuf *p, const struct tcp_rx_segment *seg)
{
  if (seg->len == 0) {
    return p; /* freed whole, whatever becomes of the segment */
  }
  return pbuf_free_header(p, seg->h.header_len);
}

/** To or from a group, or forged to look as if from ourselves. */
static enum drop_reason check_addresses(const struct ip_rx *rx)
{
  if (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST | IP_RX_LINK_GROUP)) {
    return DROP_TCP_GROUP;
  }
  if (ip_addr_isany(&rx->src) || ip_addr_ismulticast(&rx->src) ||
      ip_addr_isbroadcast(&rx->src, rx->input_netif)) {
    return DROP_TCP_GROUP;
  }
  return DROP_NONE;
}

static void demux(struct tcp_rx_segment *seg)
{
  const struct ip_rx *rx = seg->rx;
  struct tcp_pcb *pcb =
      tcp_active_find(&rx->dst, seg->h.dst_port, &rx->src, seg->h.src_port, rx->input_netif);
  if (pcb != NULL) {
    seg->wnd <<= (seg->flags & TCP_SYN) ? 0 : tcp_snd_shift(pcb);
    tcp_segment_arrives(pcb, seg);
    return;
  }
  if (tcp_timewait_segment(seg)) {
    return;
  }
  struct tcp_pcb_listen *lpcb = tcp_listen_find(&rx->dst, seg->h.dst_port, rx->input_netif);
  if (lpcb != NULL) {
    tcp_listen_segment(lpcb, seg);
    return;
  }
  tcp_send_rst_to(seg);
  tcp_segment_drop(seg, DROP_TCP_NO_PORT);
}

void tcp_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct tcp_rx_segment seg;
  TCP_STATS_INC(tcp.recv);
  MIB2_STATS_INC(mib2.tcpinsegs);
  enum drop_reason bad = check_addresses(rx);
  if (bad == DROP_NONE) {
    bad = verify(&seg, p, rx);
  }
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.tcpinerrs);
    drop(p, bad);
    return;
  }
  seg.p = strip_header(p, &seg);
  demux(&seg);
  if (seg.p != NULL) {
    pbuf_free(seg.p);
  }
}

void tcp_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  tcp_rx(p, ip_current());
}
