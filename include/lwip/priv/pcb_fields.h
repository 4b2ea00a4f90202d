/**
 * @file
 * Members of pcbs that exist only with their option, as functions that always exist: code asks and
 * the compiler drops what the answer makes unreachable.
 */
#ifndef LWIP_HDR_PRIV_PCB_FIELDS_H
#define LWIP_HDR_PRIV_PCB_FIELDS_H

#include <stdbool.h>
#include "lwip/raw.h"
#include "lwip/udp.h"

#if LWIP_MULTICAST_TX_OPTIONS

static inline u8_t udp_pcb_mcast_ttl(const struct udp_pcb *pcb)
{
  return pcb->mcast_ttl;
}

static inline u8_t udp_pcb_mcast_ifindex(const struct udp_pcb *pcb)
{
  return pcb->mcast_ifindex;
}

/** The netif with this index is no more: groups go by their route. */
static inline void udp_pcb_mcast_forget(struct udp_pcb *pcb, u8_t index)
{
  pcb->mcast_ifindex = pcb->mcast_ifindex == index ? NETIF_NO_INDEX : pcb->mcast_ifindex;
}

static inline void udp_pcb_mcast_init(struct udp_pcb *pcb, u8_t ttl)
{
  pcb->mcast_ttl = ttl;
}

static inline u8_t raw_pcb_mcast_ttl(const struct raw_pcb *pcb)
{
  return pcb->mcast_ttl;
}

static inline u8_t raw_pcb_mcast_ifindex(const struct raw_pcb *pcb)
{
  return pcb->mcast_ifindex;
}

/** The netif with this index is no more: groups go by their route. */
static inline void raw_pcb_mcast_forget(struct raw_pcb *pcb, u8_t index)
{
  pcb->mcast_ifindex = pcb->mcast_ifindex == index ? NETIF_NO_INDEX : pcb->mcast_ifindex;
}

static inline void raw_pcb_mcast_init(struct raw_pcb *pcb, u8_t ttl)
{
  pcb->mcast_ttl = ttl;
}

#else

static inline u8_t udp_pcb_mcast_ttl(const struct udp_pcb *pcb)
{
  return pcb->ttl;
}

static inline u8_t udp_pcb_mcast_ifindex(const struct udp_pcb *pcb)
{
  (void)pcb;
  return 0;
}

static inline void udp_pcb_mcast_forget(struct udp_pcb *pcb, u8_t index)
{
  (void)pcb;
  (void)index;
}

static inline void udp_pcb_mcast_init(struct udp_pcb *pcb, u8_t ttl)
{
  (void)pcb;
  (void)ttl;
}

static inline u8_t raw_pcb_mcast_ttl(const struct raw_pcb *pcb)
{
  return pcb->ttl;
}

static inline u8_t raw_pcb_mcast_ifindex(const struct raw_pcb *pcb)
{
  (void)pcb;
  return 0;
}

static inline void raw_pcb_mcast_forget(struct raw_pcb *pcb, u8_t index)
{
  (void)pcb;
  (void)index;
}

static inline void raw_pcb_mcast_init(struct raw_pcb *pcb, u8_t ttl)
{
  (void)pcb;
  (void)ttl;
}

#endif

#if LWIP_MULTICAST_TX_OPTIONS && LWIP_IPV4
/** The address of the netif that multicast leaves by, or NULL. */
static inline const ip4_addr_t *udp_pcb_mcast_ip4(const struct udp_pcb *pcb)
{
  return ip4_addr_isany_val(pcb->mcast_ip4) ? NULL : &pcb->mcast_ip4;
}
#else
static inline const ip4_addr_t *udp_pcb_mcast_ip4(const struct udp_pcb *pcb)
{
  (void)pcb;
  return NULL;
}
#endif

#if LWIP_UDPLITE

/** The least coverage that is accepted; 0: all. */
static inline u16_t udp_pcb_coverage_rx(const struct udp_pcb *pcb)
{
  return pcb->chksum_len_rx;
}

/** The coverage to send with; 0: all. */
static inline u16_t udp_pcb_coverage_tx(const struct udp_pcb *pcb)
{
  return pcb->chksum_len_tx;
}

#else

static inline u16_t udp_pcb_coverage_rx(const struct udp_pcb *pcb)
{
  (void)pcb;
  return 0;
}

static inline u16_t udp_pcb_coverage_tx(const struct udp_pcb *pcb)
{
  (void)pcb;
  return 0;
}

#endif

#if LWIP_UDP_ERRORS

/** Remember where the last datagram goes. */
static inline void udp_pcb_set_last(struct udp_pcb *pcb, const ip_addr_t *dst, u16_t port)
{
  ip_addr_copy(pcb->last_dst, *dst);
  pcb->last_port = port;
}

static inline bool udp_pcb_last_is(const struct udp_pcb *pcb, const ip_addr_t *dst, u16_t port)
{
  return pcb->last_port == port && ip_addr_eq(&pcb->last_dst, dst);
}

static inline void udp_pcb_report(struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  if (pcb->err != NULL) {
    pcb->err(pcb->recv_arg, pcb, err, e);
  }
}

#else

static inline void udp_pcb_set_last(struct udp_pcb *pcb, const ip_addr_t *dst, u16_t port)
{
  (void)pcb;
  (void)dst;
  (void)port;
}

static inline bool udp_pcb_last_is(const struct udp_pcb *pcb, const ip_addr_t *dst, u16_t port)
{
  (void)pcb;
  (void)dst;
  (void)port;
  return false;
}

static inline void udp_pcb_report(struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)pcb;
  (void)err;
  (void)e;
}

#endif

#if LWIP_RAW_ERRORS
static inline void raw_pcb_report(struct raw_pcb *pcb, err_t err, const struct ip_error *e)
{
  if (pcb->err != NULL) {
    pcb->err(pcb->recv_arg, pcb, err, e);
  }
}
#else
static inline void raw_pcb_report(struct raw_pcb *pcb, err_t err, const struct ip_error *e)
{
  (void)pcb;
  (void)err;
  (void)e;
}
#endif

#if LWIP_IPV6
/** The longest packet of one IP version that `netif` sends; an MTU of 0 is none. */
static inline u16_t netif_mtu_for(const struct netif *netif, bool is_v6)
{
  u16_t mtu = netif->mtu != 0 ? netif->mtu : 0xffff;
  return (is_v6 && netif_mtu6(netif) != 0) ? LWIP_MIN(mtu, netif_mtu6(netif)) : mtu;
}

/** Where a checksum stands in what is sent and heard over IPv6; negative: nowhere. */
static inline s32_t raw_pcb_checksum_at(const struct raw_pcb *pcb)
{
  return pcb->chksum_reqd ? (s32_t)pcb->chksum_offset : -1;
}

static inline void raw_pcb_set_checksum(struct raw_pcb *pcb, u16_t offset)
{
  pcb->chksum_reqd = 1;
  pcb->chksum_offset = offset;
}
#else
static inline u16_t netif_mtu_for(const struct netif *netif, bool is_v6)
{
  (void)is_v6;
  return netif->mtu != 0 ? netif->mtu : 0xffff;
}

static inline s32_t raw_pcb_checksum_at(const struct raw_pcb *pcb)
{
  (void)pcb;
  return -1;
}

static inline void raw_pcb_set_checksum(struct raw_pcb *pcb, u16_t offset)
{
  (void)pcb;
  (void)offset;
}
#endif

#endif /* LWIP_HDR_PRIV_PCB_FIELDS_H */
