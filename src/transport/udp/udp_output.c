/**
 * @file
 * UDP and UDP-Lite output: choose netif and source, put the header in front, send.
 *
 * State: none. The pcb is not touched after the packet went down: a link that delivers at once may
 * end in a callback that closes it. RFC 768, RFC 1122 4.1.3, RFC 3828, RFC 8200 8.1.
 */
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "lwip/priv/pcb_fields.h"
#include "ip/ip_module.h"
#include "transport/udp/udp_priv.h"
#include "wire/udp.h"

err_t udp_send(struct udp_pcb *pcb, struct pbuf *p)
{
  return udp_send_chksum(pcb, p, 0, 0);
}

err_t udp_send_chksum(struct udp_pcb *pcb, struct pbuf *p, u8_t have_chksum, u16_t chksum)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return ERR_ARG;
  }
  return udp_sendto_chksum(pcb, p, &pcb->remote_ip, pcb->remote_port, have_chksum, chksum);
}

err_t udp_sendto(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip, u16_t dst_port)
{
  return udp_sendto_chksum(pcb, p, dst_ip, dst_port, 0, 0);
}

err_t udp_sendto_chksum(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                        u16_t dst_port, u8_t have_chksum, u16_t chksum)
{
  ip_addr_t buf;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || p == NULL || dst_ip == NULL) {
    return ERR_ARG;
  }
  dst_ip = pcb_addr_unmapped(dst_ip, &buf);
  if (dst_ip == NULL || !udp_pcb_speaks(pcb, dst_ip) || IP_IS_ANY_TYPE_VAL(*dst_ip)) {
    return ERR_VAL;
  }
  struct netif *netif = udp_route(pcb, dst_ip);
  if (netif == NULL) {
    UDP_STATS_INC(udp.rterr);
    return ERR_RTE;
  }
  return udp_sendto_if_chksum(pcb, p, dst_ip, dst_port, netif, have_chksum, chksum);
}

err_t udp_sendto_if(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip, u16_t dst_port,
                    struct netif *netif)
{
  return udp_sendto_if_chksum(pcb, p, dst_ip, dst_port, netif, 0, 0);
}

err_t udp_sendto_if_chksum(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                           u16_t dst_port, struct netif *netif, u8_t have_chksum, u16_t chksum)
{
  ip_addr_t buf;
  ip_addr_t src;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || p == NULL || dst_ip == NULL || netif == NULL) {
    return ERR_ARG;
  }
  dst_ip = pcb_addr_unmapped(dst_ip, &buf);
  if (dst_ip == NULL || !udp_pcb_speaks(pcb, dst_ip)) {
    return ERR_VAL;
  }
  if (!pcb_source(&src, udp_pcb_bound_ip(pcb), netif, dst_ip)) {
    UDP_STATS_INC(udp.rterr);
    return ERR_RTE;
  }
  return udp_sendto_if_src_chksum(pcb, p, dst_ip, dst_port, netif, have_chksum, chksum, &src);
}

err_t udp_sendto_if_src(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                        u16_t dst_port, struct netif *netif, const ip_addr_t *src_ip)
{
  return udp_sendto_if_src_chksum(pcb, p, dst_ip, dst_port, netif, 0, 0, src_ip);
}

/** What the caller said about the payload's checksum. */
struct payload_sum {
  bool is_known;
  u16_t sum;
};

/** The checksum of `q`, never 0, for that would say there is none. */
static u16_t checksum(struct pbuf *q, u8_t proto, u16_t coverage, struct payload_sum payload,
                      const ip_addr_t *src, const ip_addr_t *dst)
{
  bool add = LWIP_CHECKSUM_ON_COPY && payload.is_known && coverage == q->tot_len;
  u16_t sum = ip_chksum_pseudo_partial(q, proto, q->tot_len, add ? UDP_HLEN : coverage, src, dst);
  if (add) {
    u32_t acc = (u32_t)(u16_t)~sum + payload.sum;
    sum = (u16_t)~FOLD_U32T(acc);
  }
  return sum == 0 ? 0xFFFF : sum;
}

/** Does hardware put the checksum in? Only into what leaves in one packet. */
static bool hardware_sums(const struct pbuf *q, const struct netif *netif, const ip_addr_t *dst)
{
  LWIP_UNUSED_ARG(netif);
  if (CHECKSUM_GEN_UDP && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_UDP)) {
    return false;
  }
  u32_t ip_hlen = IP_IS_V6(dst) ? IP6_HLEN : IP_HLEN;
  return q->tot_len + ip_hlen <= pcb_path_mtu(dst, netif);
}

/** Fill in the header at the front of `q`. */
static void write_header(const struct udp_pcb *pcb, struct pbuf *q, u16_t dst_port,
                         const struct netif *netif, struct payload_sum payload,
                         const ip_addr_t *src, const ip_addr_t *dst)
{
  struct udp_header h = {.src_port = pcb->local_port, .dst_port = dst_port};
  bool is_lite = udp_pcb_is_lite(pcb);
  u16_t coverage = q->tot_len;
  if (is_lite && udp_pcb_coverage_tx(pcb) != 0) {
    coverage = LWIP_MIN(coverage, LWIP_MAX(UDP_HLEN, udp_pcb_coverage_tx(pcb)));
  }
  udp_build((u8_t *)q->payload, &h, coverage);
  bool is_wanted = (IP_IS_V6(dst) || !(pcb->flags & UDP_FLAGS_NOCHKSUM)) &&
                   !ip_stays_inside(netif, dst) && !hardware_sums(q, netif, dst);
  if (is_lite || is_wanted) {
    u8_t proto = is_lite ? IP_PROTO_UDPLITE : IP_PROTO_UDP;
    h.checksum = checksum(q, proto, coverage, payload, src, dst);
    udp_put_checksum((u8_t *)q->payload, h.checksum);
  }
}

/** Hand the datagram to IP. */
static err_t send_down(struct udp_pcb *pcb, struct pbuf *q, const ip_addr_t *src,
                       const ip_addr_t *dst, struct netif *netif)
{
  u8_t ttl = pcb_ttl(pcb->ttl, dst, netif, UDP_TTL);
  q->flags = (u8_t)(q->flags & ~PBUF_FLAG_MCASTLOOP);
  pcb_mark_df(q, pcb->so_options);
  if (LWIP_MULTICAST_TX_OPTIONS && ip_addr_ismulticast(dst)) {
    ttl = udp_pcb_mcast_ttl(pcb);
    if (pcb->flags & UDP_FLAGS_MULTICAST_LOOP) {
      q->flags |= PBUF_FLAG_MCASTLOOP;
    }
  }
  u8_t proto = udp_pcb_is_lite(pcb) ? IP_PROTO_UDPLITE : IP_PROTO_UDP;
  MIB2_STATS_INC(mib2.udpoutdatagrams);
  UDP_STATS_INC(udp.xmit);
  NETIF_SET_HINTS(netif, &pcb->netif_hints);
  err_t err = ip_output_if_src(q, src, dst, ttl, pcb->tos, proto, netif);
  NETIF_RESET_HINTS(netif);
  return err;
}

/** May `pcb` send such a datagram? */
static bool is_sendable(const struct udp_pcb *pcb, u16_t len, const ip_addr_t *src,
                        const ip_addr_t *dst, struct netif *netif)
{
  LWIP_UNUSED_ARG(src);
  u16_t len_max = 0xFFFF - UDP_HLEN - (IP_IS_V6(dst) ? IP6_HLEN : IP_HLEN); /* a pbuf's */
  return len <= len_max && udp_pcb_speaks(pcb, dst) && IP_GET_TYPE(src) == IP_GET_TYPE(dst) &&
         pcb_may_send_to(pcb->so_options, dst, netif);
}

err_t udp_sendto_if_src_chksum(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                               u16_t dst_port, struct netif *netif, u8_t have_chksum, u16_t chksum,
                               const ip_addr_t *src_ip)
{
  ip_addr_t src_buf;
  ip_addr_t dst_buf;
  ip_addr_t zoned;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || p == NULL || dst_ip == NULL || netif == NULL || src_ip == NULL) {
    return ERR_ARG;
  }
  u16_t len = p->tot_len;
  dst_ip = pcb_addr_unmapped(dst_ip, &dst_buf);
  src_ip = pcb_addr_unmapped(src_ip, &src_buf);
  if (dst_ip == NULL || src_ip == NULL || dst_port == 0 ||
      !is_sendable(pcb, len, src_ip, dst_ip, netif)) {
    return ERR_VAL;
  }
  dst_ip = pcb_zoned(dst_ip, netif, &zoned);
  if (dst_ip == NULL) {
    UDP_STATS_INC(udp.rterr);
    return ERR_RTE;
  }
  err_t err = pcb->local_port == 0 ? udp_bind(pcb, &pcb->local_ip, 0) : ERR_OK;
  if (err != ERR_OK) {
    return err;
  }
  struct pbuf *q = pcb_header_add(p, UDP_HLEN);
  if (q == NULL) {
    UDP_STATS_INC(udp.memerr);
    return ERR_MEM;
  }
  struct payload_sum payload = {have_chksum != 0, chksum};
  write_header(pcb, q, dst_port, netif, payload, src_ip, dst_ip);
  udp_pcb_set_last(pcb, dst_ip, dst_port);
  err = send_down(pcb, q, src_ip, dst_ip, netif);
  pcb_header_done(q, p, len);
  return err;
}
