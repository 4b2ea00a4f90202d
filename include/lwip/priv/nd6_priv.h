/**
 * @file
 * Neighbor Discovery's part of struct netif, and the queue of packets that wait for an address.
 */
#ifndef LWIP_HDR_ND6_PRIV_H
#define LWIP_HDR_ND6_PRIV_H

#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "gossamer/lifetime.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pbuf;
struct router_advert;
struct nd6_domain;

/** One waiting packet (MEMP_ND6_QUEUE, RFC 4861 7.2.2). */
struct nd6_q_entry {
  struct nd6_q_entry *next;
  struct pbuf *p;
};

#if LWIP_IPV6

/** A DNS server from router advertisements (RFC 8106 5.1); free where its lifetime is over. */
struct nd6_dns_server {
  ip6_addr_t addr;
  struct lifetime life;
};

/**
 * What Neighbor Discovery knows of one interface: a member of struct netif, all zero at first.
 * Zeros mean "no router said", so that constants apply (RFC 4861 6.3.2). Private to src/ip/v6.
 */
struct nd6_interface {
  struct timer rs_timer;        /* the next router solicitation */
  u32_t rs_wait_ms;             /* RFC 7559 RT; 0: none was sent since the link is up */
  u32_t rs_since_ms;            /* when the link came up */
  u32_t base_reachable_ms;      /* RFC 4861 BaseReachableTime */
  u32_t reachable_ms;           /* drawn from it; 0: draw anew */
  u32_t reachable_since_ms;     /* when it was drawn */
  u32_t retrans_ms;             /* RFC 4861 RetransTimer */
  struct router_advert *advert; /* we are a router here (gossamer/router_advert.h); NULL: a host */
  struct nd6_domain *domains;   /* DNS search list (RFC 8106 5.2), allocated */
  struct timer dns_timer;       /* the end of a server's or a domain's lifetime */
#if LWIP_ND6_RDNSS_MAX_DNS_SERVERS > 0
  struct nd6_dns_server dns_server[LWIP_ND6_RDNSS_MAX_DNS_SERVERS]; /* used ones in front */
#endif
  struct timer announce_timer; /* unsolicited neighbour advertisements (RFC 4861 7.2.6) */
  u8_t announcements_left;
  u8_t hop_limit; /* RFC 4861 CurHopLimit */
  u8_t ra_flags;  /* of the last advertisement: M and O (ND6_RA_FLAG_*) */
  u8_t mtu_by_ra; /* 1: an advertisement has set netif->mtu6 */
};

#endif /* LWIP_IPV6 */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_ND6_PRIV_H */
