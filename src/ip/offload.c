/**
 * @file
 * What hardware may do to packets, done in software: TCP segmentation and checksums; and how a
 * packet is described to hardware that does it.
 *
 * No state. Only TCP is ever cut. Segments are copies: whoever has much to send has a netif that
 * cuts by itself. RFC 9293 3.1, RFC 3168 6.1.2 (CWR once), RFC 1071.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/ip.h"
#include "wire/eth.h"
#include "wire/ip4.h"
#include "wire/ip6.h"
#include "wire/tcp.h"
#include "ip/offload.h"

void netif_offload_declare(struct netif *netif, u8_t features, u16_t max_len)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (features & (NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6)) {
    features |= NETIF_OFFLOAD_TCP_CHECKSUM;
  }
  netif_offload_put(netif, features, (u16_t)LWIP_MIN(max_len, OFFLOAD_LEN_MAX));
}

void offload_received(struct pbuf *p, u8_t flags, u16_t segment_len)
{
  pbuf_offload_set(p, flags, segment_len >= OFFLOAD_SEGMENT_MIN ? segment_len : 0);
}

#if LWIP_OFFLOAD

/** Headers of a packet that can be cut at all: no more than so many bytes. */
#define HEADERS_MAX (IP6_HLEN + 60 + TCP_HLEN_MAX)

/** Where things are in a packet. */
struct layout {
  bool is_v6;
  u8_t proto;
  u16_t ip_len;  /* the transport header begins there */
  u16_t tcp_len; /* of the TCP header; 0: it is not TCP */
  u8_t flags;    /* TCP's */
  ip_addr_t src, dst;
};

static bool look_at_ip(struct layout *l, const u8_t *bytes, u16_t len)
{
  struct ip4_header h4;
  struct ip6_header h6;
  struct ip6_walk walk;
  l->is_v6 = len > 0 && bytes[0] >> 4 == 6;
  if (l->is_v6) {
    if (len < IP6_HLEN || ip6_parse(&h6, bytes, 0xffff) != DROP_NONE ||
        !ip6_walk(&walk, bytes, len) || walk.is_fragment) {
      return false;
    }
    l->proto = walk.proto;
    l->ip_len = walk.transport_at;
    ip_addr_copy_from_ip6(l->src, h6.src);
    ip_addr_copy_from_ip6(l->dst, h6.dst);
    return true;
  }
  if (len < IP_HLEN || ip4_parse(&h4, bytes, 0xffff) != DROP_NONE || ip4_is_fragment(&h4)) {
    return false;
  }
  l->proto = h4.proto;
  l->ip_len = h4.header_len;
  ip_addr_copy_from_ip4(l->src, h4.src);
  ip_addr_copy_from_ip4(l->dst, h4.dst);
  return true;
}

/** `bytes`: the packet's first ones, as many as there are up to HEADERS_MAX. */
static bool look(struct layout *l, const u8_t *bytes, u16_t len)
{
  memset(l, 0, sizeof *l);
  if (!look_at_ip(l, bytes, len)) {
    return false;
  }
  if (l->proto == IP_PROTO_TCP && len >= l->ip_len + TCP_HLEN) {
    const u8_t *tcp = bytes + l->ip_len;
    l->tcp_len = (u16_t)((tcp[12] >> 4) * 4);
    l->flags = tcp[13];
  }
  return l->tcp_len == 0 || (l->tcp_len >= TCP_HLEN && len >= l->ip_len + l->tcp_len);
}

/** The first bytes of `p` in one piece. @return how many */
static u16_t front(const struct pbuf *p, u16_t at, u8_t out[HEADERS_MAX])
{
  return pbuf_copy_partial(p, out, HEADERS_MAX, at);
}

u16_t offload_wire_len(const struct pbuf *p)
{
  u8_t bytes[HEADERS_MAX];
  struct layout l;
  if (pbuf_segment_len(p) == 0 || !look(&l, bytes, front(p, 0, bytes))) {
    return p->tot_len;
  }
  u32_t len = (u32_t)l.ip_len + l.tcp_len + pbuf_segment_len(p);
  return (u16_t)LWIP_MIN(len, p->tot_len);
}

bool offload_is_done_by(const struct pbuf *p, const struct netif *netif)
{
  if (!(pbuf_offload(p) & PBUF_OFFLOAD_PARTIAL)) {
    return pbuf_segment_len(p) == 0; /* a segment's checksum will have to be made anew */
  }
  u8_t bytes[IP_HLEN];
  if (pbuf_copy_partial(p, bytes, sizeof bytes, 0) != sizeof bytes) {
    return false;
  }
  bool is_v6 = bytes[0] >> 4 == 6;
  u8_t features = netif_offload(netif);
  if (!(features & NETIF_OFFLOAD_TCP_CHECKSUM) || bytes[is_v6 ? 6 : 9] != IP_PROTO_TCP) {
    return false;
  }
  return pbuf_segment_len(p) == 0 ||
         ((features & (is_v6 ? NETIF_OFFLOAD_TSO6 : NETIF_OFFLOAD_TSO4)) &&
          p->tot_len <= netif_offload_max(netif));
}

/** Offset of the checksum in a transport header; 0: it has none that we know. */
static u16_t checksum_at(const struct layout *l)
{
  if (l->proto == IP_PROTO_TCP) {
    return 16;
  }
  return l->proto == IP_PROTO_UDP ? 6 : 0;
}

/** Does the hardware of `netif` compute it from nothing, as lwIP's drivers may say? */
static bool is_computed_by(const struct netif *netif, const struct layout *l)
{
  LWIP_UNUSED_ARG(netif);
  return l->proto == IP_PROTO_TCP
             ? !(CHECKSUM_GEN_TCP && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_TCP))
             : !(CHECKSUM_GEN_UDP && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_UDP));
}

/** Sum it up where the sum of the pseudo header stands. The IP header is in the first pbuf. */
static err_t complete(struct pbuf *p, const struct netif *netif, const struct layout *l)
{
  u16_t at = checksum_at(l);
  u16_t sum = 0;
  pbuf_offload_set(p, 0, 0);
  if (at == 0 || pbuf_remove_header(p, l->ip_len) != 0) {
    return ERR_BUF;
  }
  if (!is_computed_by(netif, l)) {
    sum = inet_chksum_pbuf(p);
    sum = sum == 0 && l->proto == IP_PROTO_UDP ? 0xffffU : sum; /* RFC 768: 0 means none */
  }
  err_t err = pbuf_take_at(p, &sum, sizeof sum, at);
  pbuf_add_header_force(p, l->ip_len);
  return err;
}

/** One segment that is being made. */
struct part {
  struct pbuf *p;
  u16_t index;
  u16_t offset; /* of its payload in the whole's */
  bool is_last;
};

static void put16(u8_t *at, u16_t value)
{
  value = lwip_htons(value);
  memcpy(at, &value, sizeof value);
}

static void fix_ip(const struct part *part, const struct netif *netif, const struct layout *l)
{
  u8_t *ip = (u8_t *)part->p->payload;
  LWIP_UNUSED_ARG(netif);
  if (l->is_v6) {
    put16(ip + 4, (u16_t)(part->p->tot_len - IP6_HLEN));
    return;
  }
  put16(ip + 2, part->p->tot_len);
  put16(ip + 4, (u16_t)((ip[4] << 8 | ip[5]) + part->index));
  memset(ip + 10, 0, 2);
  if (CHECKSUM_GEN_IP && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_IP)) {
    ip4_put_checksum(ip, l->ip_len);
  }
}

static void fix_tcp(const struct part *part, const struct netif *netif, const struct layout *l)
{
  u8_t *tcp = (u8_t *)part->p->payload + l->ip_len;
  u32_t seq;
  memcpy(&seq, tcp + 4, sizeof seq);
  seq = lwip_htonl(lwip_ntohl(seq) + part->offset);
  memcpy(tcp + 4, &seq, sizeof seq);
  tcp[13] &= (u8_t) ~(part->index != 0 ? TCP_CWR : 0);
  tcp[13] &= (u8_t) ~(part->is_last ? 0 : TCP_FIN | TCP_PSH);
  tcp_put_checksum(tcp, 0);
  if (!is_computed_by(netif, l)) {
    pbuf_remove_header(part->p, l->ip_len);
    tcp_put_checksum(tcp,
                     ip_chksum_pseudo(part->p, IP_PROTO_TCP, part->p->tot_len, &l->src, &l->dst));
    pbuf_add_header_force(part->p, l->ip_len);
  }
}

/** Headers and `len` bytes of the payload; NULL: no memory. */
static struct pbuf *copy_part(const struct pbuf *p, u16_t headers_len, u16_t offset, u16_t len)
{
  struct pbuf *out = pbuf_alloc(PBUF_LINK, (u16_t)(headers_len + len), PBUF_RAM);
  if (out != NULL) {
    u8_t *bytes = (u8_t *)out->payload;
    pbuf_copy_partial(p, bytes, headers_len, 0);
    pbuf_copy_partial(p, bytes + headers_len, len, (u16_t)(headers_len + offset));
    out->flags |= (u8_t)(p->flags & PBUF_FLAG_LOOPED);
  }
  return out;
}

static err_t cut(const struct pbuf *p, const struct netif *netif, const struct layout *l,
                 offload_send_fn send, void *arg)
{
  u16_t headers_len = (u16_t)(l->ip_len + l->tcp_len);
  u16_t payload_len = (u16_t)(p->tot_len - headers_len);
  u16_t segment_len = pbuf_segment_len(p);
  struct part part = {NULL, 0, 0, false};
  err_t err = ERR_OK;
  while (!part.is_last) {
    u16_t rest = (u16_t)(payload_len - part.offset);
    part.is_last = rest <= segment_len;
    part.p = copy_part(p, headers_len, part.offset, LWIP_MIN(rest, segment_len));
    if (part.p == NULL) {
      return part.index == 0 ? ERR_MEM : err;
    }
    fix_ip(&part, netif, l);
    fix_tcp(&part, netif, l);
    err_t said = send(part.p, arg);
    err = part.index == 0 ? said : err;
    pbuf_free(part.p);
    part.index++;
    part.offset = (u16_t)(part.offset + segment_len);
  }
  return err;
}

err_t offload_unfold(struct pbuf *p, const struct netif *netif, offload_send_fn send, void *arg)
{
  u8_t bytes[HEADERS_MAX];
  struct layout l;
  if (!look(&l, bytes, front(p, 0, bytes))) {
    return ERR_BUF;
  }
  if (pbuf_segment_len(p) != 0) {
    return l.tcp_len != 0 ? cut(p, netif, &l, send, arg) : ERR_BUF;
  }
  err_t err = (pbuf_offload(p) & PBUF_OFFLOAD_PARTIAL) ? complete(p, netif, &l) : ERR_OK;
  return err == ERR_OK ? send(p, arg) : err;
}

/** Bytes in front of the IP header. */
static u16_t link_header_len(const struct netif *netif, const struct pbuf *frame)
{
  u8_t bytes[ETH_PAD_SIZE + ETH_HEADER_LEN_MAX];
  struct eth_frame f;
  if (!(netif->flags & (NETIF_FLAG_ETHERNET | NETIF_FLAG_ETHARP))) {
    return 0;
  }
  u16_t len = pbuf_copy_partial(frame, bytes, sizeof bytes, 0);
  if (len <= ETH_PAD_SIZE ||
      eth_parse(&f, bytes + ETH_PAD_SIZE, (size_t)(len - ETH_PAD_SIZE), true) != DROP_NONE) {
    return 0;
  }
  return (u16_t)(ETH_PAD_SIZE + f.header_len);
}

bool offload_describe(const struct netif *netif, const struct pbuf *frame,
                      struct offload_frame *out)
{
  u8_t bytes[HEADERS_MAX];
  struct layout l;
  memset(out, 0, sizeof *out);
  if (!(pbuf_offload(frame) & PBUF_OFFLOAD_PARTIAL)) {
    return false;
  }
  u16_t ip_at = link_header_len(netif, frame);
  if (!look(&l, bytes, front(frame, ip_at, bytes)) || checksum_at(&l) == 0) {
    return false;
  }
  out->needs_checksum = true;
  out->checksum_start = (u16_t)(ip_at - ETH_PAD_SIZE * (ip_at != 0) + l.ip_len);
  out->checksum_offset = checksum_at(&l);
  if (pbuf_segment_len(frame) != 0 && l.tcp_len != 0) {
    out->gso = l.is_v6 ? NETIF_OFFLOAD_TSO6 : NETIF_OFFLOAD_TSO4;
    out->has_cwr = (l.flags & TCP_CWR) != 0;
    out->segment_len = pbuf_segment_len(frame);
    out->header_len = (u16_t)(out->checksum_start + l.tcp_len);
  }
  return true;
}

#else

bool offload_describe(const struct netif *netif, const struct pbuf *frame,
                      struct offload_frame *out)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(frame);
  memset(out, 0, sizeof *out);
  return false;
}

#endif
