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
#include "lwip/prot/tcp.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "transport/tcp/tcp_priv.h"

static bool checksum_is_wanted(const struct ip_rx *rx)
{
  return CHECKSUM_CHECK_TCP && !(rx->flags & IP_RX_CHECKSUM_OK) &&
         NETIF_CHECKSUM_ENABLED(rx->input_netif, NETIF_CHECKSUM_CHECK_TCP);
}

/** A header with its options, aligned for hooks. */
union header_bytes {
  u8_t u8[TCP_HLEN_MAX];
  struct tcp_hdr hdr;
  u32_t align;
};

/** The first `len` bytes, which mostly lie together. NULL: there are fewer */
static const u8_t *first_bytes(const struct pbuf *p, u8_t *buf, u16_t len)
{
  return len <= p->len ? (const u8_t *)p->payload
                       : (const u8_t *)pbuf_get_contiguous(p, buf, TCP_HLEN_MAX, len, 0);
}

/** Parse and verify. @param header  filled where a hook wants to see it */
static enum drop_reason verify(struct tcp_rx_segment *seg, struct pbuf *p, const struct ip_rx *rx,
                               union header_bytes *header)
{
  u8_t *buf = header->u8;
  const u8_t *bytes = first_bytes(p, buf, TCP_HLEN);
  enum drop_reason bad = tcp_parse(&seg->h, bytes, p->tot_len);
  if (bad != DROP_NONE) {
    return bad;
  }
  if (checksum_is_wanted(rx) &&
      ip_chksum_pseudo(p, IP_PROTO_TCP, p->tot_len, &rx->src, &rx->dst) != 0) {
    return DROP_TCP_BAD_CHECKSUM;
  }
  bytes = first_bytes(p, buf, seg->h.header_len);
  tcp_parse_options(&seg->opts, bytes + TCP_HLEN, (size_t)(seg->h.header_len - TCP_HLEN),
                    (seg->h.flags & TCP_SYN) != 0);
  seg->rx = rx;
  seg->flags = seg->h.flags;
  seg->seq = seg->h.seq;
  seg->len = (u32_t)(p->tot_len - seg->h.header_len);
  seg->wnd = seg->h.wnd;
  seg->unit = rx->segment_len;
  if (HOOK_TCP_HAS_INPACKET && bytes != buf) {
    MEMCPY(buf, bytes, seg->h.header_len);
  }
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

/**
 * Does the hook let the segment through? It sees lwIP's view: the header's numbers in host order,
 * all options behind it in one piece, the payload. Drops it if not.
 */
static bool inspect(struct tcp_pcb *pcb, struct tcp_rx_segment *seg, union header_bytes *header)
{
  struct pbuf empty = {.ref = 1};
  u16_t options_len = (u16_t)(seg->h.header_len - TCP_HLEN);
  if (!HOOK_TCP_HAS_INPACKET) {
    return true;
  }
  header->hdr.src = seg->h.src_port;
  header->hdr.dest = seg->h.dst_port;
  header->hdr.seqno = seg->h.seq;
  header->hdr.ackno = seg->h.ack;
  header->hdr.wnd = seg->h.wnd;
  struct pbuf *p = seg->len > 0 ? seg->p : &empty;
  if (LWIP_HOOK_TCP_INPACKET_PCB(pcb, &header->hdr, options_len, options_len, NULL, p) == ERR_OK) {
    return true;
  }
  tcp_segment_drop(seg, DROP_TCP_HOOK);
  return false;
}

static void demux(struct tcp_rx_segment *seg, union header_bytes *header)
{
  const struct ip_rx *rx = seg->rx;
  struct tcp_pcb *pcb =
      tcp_active_find(&rx->dst, seg->h.dst_port, &rx->src, seg->h.src_port, rx->input_netif);
  if (pcb != NULL) {
    if (inspect(pcb, seg, header)) {
      seg->wnd <<= (seg->flags & TCP_SYN) ? 0 : tcp_snd_shift(pcb);
      tcp_segment_arrives(pcb, seg);
    }
    return;
  }
  if (tcp_timewait_segment(seg)) {
    return;
  }
  struct tcp_pcb_listen *lpcb = tcp_listen_find(seg);
  if (lpcb != NULL) {
    if (inspect((struct tcp_pcb *)(void *)lpcb, seg, header)) {
      tcp_listen_segment(lpcb, seg);
    }
    return;
  }
  if (!LWIP_TCP || !LWIP_ANY_ADDRESS || !tcp_any_segment(seg)) {
    tcp_segment_reject(seg, DROP_TCP_NO_PORT);
  }
}

void tcp_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct tcp_rx_segment seg;
  union header_bytes header;
  TCP_STATS_INC(tcp.recv);
  MIB2_STATS_INC(mib2.tcpinsegs);
  enum drop_reason bad = check_addresses(rx);
  if (bad == DROP_NONE) {
    bad = verify(&seg, p, rx, &header);
  }
  if (bad != DROP_NONE) {
    MIB2_STATS_INC(mib2.tcpinerrs);
    drop(p, bad);
    return;
  }
  seg.p = strip_header(p, &seg);
  demux(&seg, &header);
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
