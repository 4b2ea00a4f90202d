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
/** Is it an address of `netif`? */
static inline bool netif_ip6_owns(struct netif *netif, const ip6_addr_t *addr)
{
  return netif_get_ip6_addr_match(netif, addr) >= 0;
}

/** Where a checksum must be computed in what is sent over IPv6; negative: nowhere. */
static inline s32_t raw_pcb_checksum_at(const struct raw_pcb *pcb)
{
  return pcb->chksum_reqd ? (s32_t)pcb->chksum_offset : -1;
}
#else
static inline bool netif_ip6_owns(struct netif *netif, const ip6_addr_t *addr)
{
  (void)netif;
  (void)addr;
  return false;
}

static inline s32_t raw_pcb_checksum_at(const struct raw_pcb *pcb)
{
  (void)pcb;
  return -1;
}
#endif

#endif /* LWIP_HDR_PRIV_PCB_FIELDS_H */
