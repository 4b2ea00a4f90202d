/**
 * @file
 * Segments out: one header, built once, in front of what it carries.
 *
 * No state. Whatever carries an ACK settles what was owed: delayed ACK, window update, SACK blocks.
 * RFC 9293 3.1, RFC 7323 (scaled windows, timestamps), RFC 2018 (SACK on data and ACKs alike), RFC
 * 9293 3.10.7.1 (resets).
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/ip.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "lwip/priv/offload_fields.h"
#include "gossamer/offload.h"
#include "ip/ip_module.h"
#include "transport/tcp/tcp_priv.h"
#include "wire/ecn.h"

static u32_t ts_now(const struct tcp_pcb *pcb)
{
  return stack_now() + tcp_ts_get(pcb).offset;
}

static u16_t mss_to_announce(const struct tcp_pcb *pcb)
{
  struct pcb_route r = tcp_route(pcb);
  const struct netif *netif = pcb_route_find(&r, &pcb->remote_ip);
  u16_t mss = netif != NULL ? tcp_mss_to_announce(&pcb->remote_ip, netif) : TCP_MSS;
  return LWIP_MIN(mss, tcp_mss_bound(pcb));
}

/** SYN: offer what we can. SYN-ACK: only what the peer has offered (RFC 7323 1.3, RFC 2018 2). */
static void options_of_syn(const struct tcp_pcb *pcb, u8_t flags, struct tcp_options *o)
{
  bool is_answer = (flags & TCP_ACK) != 0;
  o->mss = mss_to_announce(pcb);
  o->has = TCP_HAS_MSS;
  if (LWIP_WND_SCALE && (!is_answer || (pcb->flags & TF_WND_SCALE))) {
    o->wnd_shift = TCP_RCV_SCALE;
    o->has |= TCP_HAS_WND_SHIFT;
  }
  if (LWIP_TCP_SACK_OUT && (is_answer ? (pcb->flags & TF_SACK) : !tcp_cc_is_plain(pcb))) {
    o->has |= TCP_HAS_SACK_OK;
  }
  if (LWIP_TCP_TIMESTAMPS && (!is_answer || (pcb->flags & TF_TIMESTAMP))) {
    o->has |= TCP_HAS_TIMESTAMP;
  }
  tcp_user_timeout_put(pcb, o, true);
}

/** Options of a segment that is no SYN, beside `len` bytes of data. */
static void options_of_other(struct tcp_pcb *pcb, u16_t len, struct tcp_options *o)
{
  if (pcb->flags & TF_TIMESTAMP) {
    o->has |= TCP_HAS_TIMESTAMP;
  }
  tcp_user_timeout_put(pcb, o, false);
  if (LWIP_TCP_SACK_OUT && (pcb->flags & TF_SACK)) {
    u8_t others_len = tcp_hook_options_len(pcb, tcp_options_len(o));
    unsigned room = TCP_MAX_OPTION_BYTES - (unsigned)others_len;
    unsigned beside_data = len == 0 ? room : (unsigned)(pcb->mss - len) - others_len;
    room = LWIP_MIN(room, beside_data);
    o->num_sacks = room >= 12 ? tcp_ooo_sack_blocks(pcb, o->sack, (u8_t)((room - 4) / 8)) : 0;
  }
}

u8_t tcp_options_room(struct tcp_pcb *pcb)
{
  struct tcp_options o = {0};
  options_of_other(pcb, 0, &o);
  return tcp_hook_options_len(pcb, tcp_options_len(&o));
}

/** Header and options at the front of `p`. */
static void put_header(struct pbuf *p, const struct tcp_header *h, const struct tcp_options *o,
                       const struct tcp_pcb *pcb)
{
  u8_t *header = (u8_t *)p->payload;
  LWIP_DEBUGF(TCP_OUTPUT_DEBUG,
              ("tcp: %" U16_F " to %" U16_F ": seq %" U32_F ", ack %" U32_F ", flags %" X16_F "\n",
               h->src_port, h->dst_port, h->seq, h->ack, (u16_t)h->flags));
  tcp_build(header, h);
  u8_t len = tcp_build_options(header + TCP_HLEN, o);
  tcp_hook_options_add(p, pcb, header + TCP_HLEN + len, header + h->header_len);
}

/** What an ACK that has left owes no more. */
static void ack_sent(struct tcp_pcb *pcb)
{
  tcp_clear_flags(pcb, TF_ACK_DELAY | TF_ACK_NOW | TF_WND_UPDATE);
  if (pcb->refused_data == NULL) { /* otherwise it will offer them again */
    tcp_timer_cancel(pcb, TCP_TIMER_ACK);
  }
  pcb->ack_segs = 0;
  if (pcb->quick_acks > 0) {
    pcb->quick_acks--;
  }
  tcp_ts_set_lastacksent(pcb, pcb->rcv_nxt);
  tcp_user_timeout_told(pcb);
}

/** What the netif does not do of it; of the pseudo header alone where it does the rest; none to
    ourselves. */
static void put_checksum(struct pbuf *p, const ip_addr_t *src, const ip_addr_t *dst,
                         const struct netif *netif)
{
  u8_t *header = (u8_t *)p->payload;
  if (ip_stays_inside(netif, dst)) {
    return;
  }
  if (LWIP_OFFLOAD && (netif_offload(netif) & NETIF_OFFLOAD_TCP_CHECKSUM)) {
    u16_t sum = ip_chksum_pseudo_partial(p, IP_PROTO_TCP, p->tot_len, 0, src, dst);
    tcp_put_checksum(header, (u16_t)~sum);
    pbuf_offload_set(p, PBUF_OFFLOAD_PARTIAL, pbuf_segment_len(p));
  } else if (CHECKSUM_GEN_TCP && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_TCP)) {
    tcp_put_checksum(header, ip_chksum_pseudo(p, IP_PROTO_TCP, p->tot_len, src, dst));
  }
}

/** Checksum, statistics, and down to IP. Frees `p`. */
static err_t send_down(struct pbuf *p, const ip_addr_t *src, const ip_addr_t *dst, u8_t ttl,
                       u8_t tos, struct netif *netif)
{
  put_checksum(p, src, dst, netif);
  TCP_STATS_INC(tcp.xmit);
  MIB2_STATS_INC(mib2.tcpoutsegs);
  ttl = pcb_ttl(ttl, dst, netif, TCP_TTL);
  p->flags |= PBUF_FLAG_GIVEN;
  err_t err = ip_output_if_src(p, src, dst, ttl, tos, IP_PROTO_TCP, netif);
  pbuf_free(p);
  return err;
}

/** A header with room for what follows when that must be one pbuf. */
static struct pbuf *header_alloc(u16_t header_len, u16_t len)
{
  u16_t size = (u16_t)(header_len + (tcp_snd_copies(len) ? len : 0));
  struct pbuf *p = pbuf_alloc(PBUF_IP, size, PBUF_RAM);
  if (p == NULL) {
    TCP_STATS_INC(tcp.memerr);
  }
  return p;
}

/** Bytes of data that one segment carries, of `len` that are sent at once. */
static u16_t carried_by_one(struct tcp_pcb *pcb, u16_t len)
{
  if (!LWIP_OFFLOAD || len <= pcb->mss) {
    return len;
  }
  return (u16_t)(pcb->mss - tcp_options_room(pcb));
}

/** Longest packet to `dst` that need not be cut here; 0: one segment is. */
static u16_t batch_max(const struct netif *netif, const ip_addr_t *dst)
{
  u8_t feature = IP_IS_V6(dst) ? NETIF_OFFLOAD_TSO6 : NETIF_OFFLOAD_TSO4;
  if (LWIP_OFFLOAD && ip_stays_inside(netif, dst)) {
    return OFFLOAD_LEN_MAX;
  }
  return (netif_offload(netif) & feature) ? netif_offload_max(netif) : 0;
}

u16_t tcp_send_max(const struct tcp_pcb *pcb, u16_t full)
{
  struct pcb_route r = tcp_route(pcb);
  const struct netif *netif = pcb_route_find(&r, &pcb->remote_ip);
  bool is_v6 = IP_IS_V6(&pcb->remote_ip);
  u16_t headers_len = (u16_t)((is_v6 ? IP6_HLEN : IP_HLEN) + TCP_HLEN + TCP_MAX_OPTION_BYTES);
  u16_t max_len = netif != NULL ? batch_max(netif, &pcb->remote_ip) : 0;
  if (2U * full <= pcb->mss || max_len < headers_len + 2U * full || tcp_urgent_is_told(pcb)) {
    return full;
  }
  return (u16_t)(max_len - headers_len);
}

static struct netif *route(const struct tcp_pcb *pcb)
{
  struct pcb_route r = tcp_route(pcb);
  struct netif *netif = pcb_route_find(&r, &pcb->remote_ip);
  if (netif == NULL) {
    TCP_STATS_INC(tcp.rterr);
  }
  return netif;
}

static void fill_header(struct tcp_pcb *pcb, struct tcp_header *h)
{
  tcpwnd_size_t wnd = tcp_rcv_announce(pcb);
  h->src_port = pcb->local_port;
  h->dst_port = pcb->remote_port;
  h->ack = (h->flags & TCP_ACK) ? pcb->rcv_nxt : 0;
  if ((h->flags & (TCP_SYN | TCP_ACK)) == TCP_ACK) {
    tcp_urgent_put(pcb, h->seq, &h->flags, &h->urgent);
  }
  h->wnd = TCPWND16((h->flags & TCP_SYN) ? wnd : wnd >> tcp_rcv_shift(pcb));
}

/** Header, options and payload of a connection's segment; NULL: no memory. */
static struct pbuf *build(struct tcp_pcb *pcb, struct tcp_header *h, u16_t len)
{
  struct tcp_options o = {.tsval = ts_now(pcb), .tsecr = tcp_ts_get(pcb).recent};
  u16_t one_len = carried_by_one(pcb, len);
  if (h->flags & TCP_SYN) {
    options_of_syn(pcb, h->flags, &o);
  } else {
    options_of_other(pcb, one_len, &o);
  }
  h->header_len = (u8_t)(TCP_HLEN + tcp_hook_options_len(pcb, tcp_options_len(&o)));
  struct pbuf *p = header_alloc(h->header_len, len);
  if (p == NULL) {
    return NULL;
  }
  p->len = h->header_len;
  if (len > 0 && !tcp_snd_attach(pcb, p, h->seq, len)) {
    p->len = h->header_len;
    pbuf_free(p);
    TCP_STATS_INC(tcp.memerr);
    return NULL;
  }
  if (tcp_snd_copies(len)) {
    p->len = p->tot_len;
  }
  pbuf_offload_set(p, 0, one_len < len ? one_len : 0);
  fill_header(pcb, h);
  tcp_ooo_sacks_sent(pcb, o.num_sacks);
  put_header(p, h, &o, pcb);
  return p;
}

err_t tcp_send(struct tcp_pcb *pcb, u32_t seq, u16_t len, u8_t flags)
{
  struct tcp_header h = {.seq = seq, .flags = flags};
  struct netif *netif = route(pcb);
  if (netif == NULL) {
    return ERR_RTE;
  }
  /* The ECN field is TCP's, the rest the program's. */
  u8_t tos = (u8_t)((pcb->tos & ~ECN_MASK) | tcp_ecn_mark(pcb, seq, len, &h.flags));
  struct pbuf *p = build(pcb, &h, len);
  if (p == NULL) {
    return ERR_MEM;
  }
  if (flags & TCP_ACK) {
    ack_sent(pcb);
  }
  if (h.flags & TCP_CWR) {
    tcp_clear_flags(pcb, TF_ECN_CWR);
  }
  NETIF_SET_HINTS(netif, &pcb->netif_hints);
  pcb_mark_df(p, pcb->so_options);
  err_t err = send_down(p, &pcb->local_ip, &pcb->remote_ip, pcb->ttl, tos, netif);
  NETIF_RESET_HINTS(netif);
  return err;
}

err_t tcp_send_ack(struct tcp_pcb *pcb)
{
  return tcp_send(pcb, pcb->snd_nxt, 0, TCP_ACK);
}

err_t tcp_send_probe(struct tcp_pcb *pcb)
{
  return tcp_send(pcb, pcb->snd_una - 1, 0, TCP_ACK);
}

void tcp_send_rst(const struct tcp_pcb *pcb)
{
  LWIP_DEBUGF(TCP_RST_DEBUG,
              ("tcp: %" U16_F " to %" U16_F ": reset\n", pcb->local_port, pcb->remote_port));
  struct tcp_bare s = {
      .pcb = pcb, .local = &pcb->local_ip, .remote = &pcb->remote_ip, .ttl = pcb->ttl};
  struct pcb_route r = tcp_route(pcb);
  s.netif = pcb_route_find(&r, &pcb->remote_ip);
  s.h = (struct tcp_header){.src_port = pcb->local_port,
                            .dst_port = pcb->remote_port,
                            .seq = pcb->snd_nxt,
                            .ack = pcb->rcv_nxt,
                            .flags = TCP_RST | TCP_ACK};
  if (pcb->flags & TF_TIMESTAMP) {
    s.opts.has = TCP_HAS_TIMESTAMP; /* RFC 7323 3.2 */
    s.opts.tsval = ts_now(pcb);
    s.opts.tsecr = tcp_ts_get(pcb).recent;
  }
  MIB2_STATS_INC(mib2.tcpoutrsts);
  (void)tcp_send_bare(&s);
}

err_t tcp_send_bare(const struct tcp_bare *s)
{
  struct tcp_header h = s->h;
  struct netif *netif = s->netif != NULL ? s->netif : ip_route(s->local, s->remote);
  if (netif == NULL) {
    TCP_STATS_INC(tcp.rterr);
    return ERR_RTE;
  }
  h.header_len = (u8_t)(TCP_HLEN + tcp_hook_options_len(s->pcb, tcp_options_len(&s->opts)));
  struct pbuf *p = header_alloc(h.header_len, 0);
  if (p == NULL) {
    return ERR_MEM;
  }
  put_header(p, &h, &s->opts, s->pcb);
  pcb_mark_df(p, s->pcb != NULL ? s->pcb->so_options : 0);
  return send_down(p, s->local, s->remote, s->ttl, s->tos, netif);
}

void tcp_rst(const struct tcp_pcb *pcb, u32_t seqno, u32_t ackno, const ip_addr_t *local_ip,
             const ip_addr_t *remote_ip, u16_t local_port, u16_t remote_port)
{
  struct tcp_bare s = {.pcb = pcb, .local = local_ip, .remote = remote_ip};
  s.h = (struct tcp_header){.src_port = local_port,
                            .dst_port = remote_port,
                            .seq = seqno,
                            .ack = ackno,
                            .flags = TCP_RST | TCP_ACK};
  (void)tcp_send_bare(&s);
}
