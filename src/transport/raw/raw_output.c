/**
 * @file
 * Output of raw pcbs.
 *
 * State: none. The pcb is not touched after the packet went down. RFC 3542 3.1 (checksum over
 * IPv6).
 */
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/priv/pcb_fields.h"
#include "transport/pcb_addr.h"
#include "transport/raw/raw_priv.h"

#if LWIP_RAW

/** Longest payload behind an IPv4 header without options and behind an IPv6 header, in one pbuf. */
enum { MAX_LEN_IP4 = 0xFFFF - IP_HLEN, MAX_LEN_IP6 = 0xFFFF - IP6_HLEN };

err_t raw_send(struct raw_pcb *pcb, struct pbuf *p)
{
  return pcb == NULL ? ERR_ARG : raw_sendto(pcb, p, &pcb->remote_ip);
}

err_t raw_sendto(struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *ipaddr)
{
  ip_addr_t buf;
  ip_addr_t src;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || p == NULL || ipaddr == NULL) {
    return ERR_ARG;
  }
  ipaddr = pcb_addr_unmapped(ipaddr, &buf);
  if (ipaddr == NULL || !IP_ADDR_PCB_VERSION_MATCH(pcb, ipaddr) || IP_IS_ANY_TYPE_VAL(*ipaddr)) {
    return ERR_VAL;
  }
  struct netif *netif = raw_route(pcb, ipaddr);
  if (netif == NULL) {
    return ERR_RTE;
  }
  if (!pcb_source(&src, &pcb->local_ip, netif, ipaddr)) {
    return ERR_RTE;
  }
  return raw_sendto_if_src(pcb, p, ipaddr, netif, &src);
}

/** Compute the checksum that the program asked for; false: the packet ends before its place. */
static bool fill_checksum(const struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *src,
                          const ip_addr_t *dst)
{
  s32_t at = raw_pcb_checksum_at(pcb);
  u16_t sum = 0;
  if (!IP_IS_V6(dst) || at < 0) {
    return true;
  }
  if (at + (s32_t)sizeof sum > p->tot_len) {
    return false;
  }
  (void)pbuf_take_at(p, &sum, sizeof sum, (u16_t)at);
  sum = ip_chksum_pseudo(p, pcb->protocol, p->tot_len, src, dst);
  (void)pbuf_take_at(p, &sum, sizeof sum, (u16_t)at);
  return true;
}

static err_t send_down(struct raw_pcb *pcb, struct pbuf *q, const ip_addr_t *src,
                       const ip_addr_t *dst, struct netif *netif)
{
  u8_t ttl = pcb_ttl(pcb->ttl, dst, netif, RAW_TTL);
  err_t err;
  q->flags = (u8_t)(q->flags & ~PBUF_FLAG_MCASTLOOP);
  pcb_mark_df(q, pcb->so_options);
  if (LWIP_MULTICAST_TX_OPTIONS && ip_addr_ismulticast(dst)) {
    ttl = raw_pcb_mcast_ttl(pcb);
    if (pcb->flags & RAW_FLAGS_MULTICAST_LOOP) {
      q->flags |= PBUF_FLAG_MCASTLOOP;
    }
  }
  NETIF_SET_HINTS(netif, &pcb->netif_hints);
  if (pcb->flags & RAW_FLAGS_HDRINCL) {
    err = ip_output_if_hdrincl(q, src, dst, netif);
  } else {
    err = ip_output_if_src(q, src, dst, ttl, pcb->tos, pcb->protocol, netif);
  }
  NETIF_RESET_HINTS(netif);
  return err;
}

/** May `pcb` send such a packet? */
static bool is_sendable(const struct raw_pcb *pcb, const struct pbuf *p, const ip_addr_t *src,
                        const ip_addr_t *dst, struct netif *netif)
{
  LWIP_UNUSED_ARG(src);
  bool has_header = (pcb->flags & RAW_FLAGS_HDRINCL) != 0;
  u16_t ip_hlen = IP_IS_V6(dst) ? IP6_HLEN : IP_HLEN;
  u16_t len_max = IP_IS_V6(dst) ? MAX_LEN_IP6 : MAX_LEN_IP4;
  bool is_fit = has_header ? p->len >= ip_hlen : p->tot_len <= len_max;
  return is_fit && IP_ADDR_PCB_VERSION_MATCH(pcb, dst) && IP_GET_TYPE(src) == IP_GET_TYPE(dst) &&
         pcb_may_send_to(pcb->so_options, dst, netif);
}

err_t raw_sendto_if_src(struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                        struct netif *netif, const ip_addr_t *src_ip)
{
  ip_addr_t src_buf;
  ip_addr_t dst_buf;
  ip_addr_t zoned;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || p == NULL || dst_ip == NULL || netif == NULL || src_ip == NULL) {
    return ERR_ARG;
  }
  bool has_header = (pcb->flags & RAW_FLAGS_HDRINCL) != 0;
  dst_ip = pcb_addr_unmapped(dst_ip, &dst_buf);
  src_ip = pcb_addr_unmapped(src_ip, &src_buf);
  if (dst_ip == NULL || src_ip == NULL || !is_sendable(pcb, p, src_ip, dst_ip, netif)) {
    return ERR_VAL;
  }
  dst_ip = pcb_zoned(dst_ip, netif, &zoned);
  if (dst_ip == NULL) {
    return ERR_RTE;
  }
  if (!has_header && !fill_checksum(pcb, p, src_ip, dst_ip)) {
    return ERR_VAL;
  }
  u16_t len = p->tot_len;
  struct pbuf *q = has_header ? p : pcb_header_add(p, 0);
  if (q == NULL) {
    return ERR_MEM;
  }
  err_t err = send_down(pcb, q, src_ip, dst_ip, netif);
  pcb_header_done(q, p, len);
  return err;
}

#endif
