/**
 * @file
 * The router side of Neighbor Discovery: send router advertisements on an interface and answer
 * router solicitations (RFC 4861 6.2, RFC 4191, RFC 8106).
 *
 *     static struct router_advert_prefix lan = {.prefix_len = 64, .is_on_link = true,
 *                                               .is_autonomous = true, .valid_s = 86400,
 *                                               .preferred_s = 14400};
 *     static struct router_advert ra;
 *     ip6addr_aton("2001:db8:1::", &lan.prefix);
 *     router_advert_defaults(&ra);
 *     ra.prefixes = &lan;
 *     ra.num_prefixes = 1;
 *     router_advert_start(&ra, &lan_netif);
 *
 * While it runs the interface is a router's: neighbour advertisements carry the router flag, the
 * all-routers group is joined, and others' advertisements configure nothing here (6.2.7), they are
 * only compared. Whether packets are forwarded is up to LWIP_IPV6_FORWARD and the routes. All
 * storage is the caller's, including what the struct points to, until router_advert_stop().
 *
 * Threads: all functions with the core lock held.
 */
#ifndef GOSSAMER_ROUTER_ADVERT_H
#define GOSSAMER_ROUTER_ADVERT_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "gossamer/lifetime.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_IPV6 && LWIP_ROUTER_ADVERT

/** One prefix to announce (RFC 4861 4.6.2). */
struct router_advert_prefix {
  ip6_addr_t prefix;
  u8_t prefix_len;      /* 0 to 128; 64 where is_autonomous */
  bool is_on_link;      /* L: also on link for ourselves */
  bool is_autonomous;   /* A */
  bool is_decrementing; /* lifetimes run down in real time instead of being constant (6.2.1) */
  u32_t valid_s;        /* 0xffffffff: for ever */
  u32_t preferred_s;    /* no more than valid_s */
  struct lifetime valid, preferred; /* private */
};

/** One more-specific route to announce (RFC 4191 2.3). */
struct router_advert_route {
  ip6_addr_t prefix;
  u8_t prefix_len;
  s8_t preference; /* 1 high, 0 medium, -1 low */
  u32_t lifetime_s;
};

/** What is wrong in another router's advertisement (RFC 4861 6.2.7), counted per kind. */
struct router_advert_conflicts {
  u32_t hop_limit;
  u32_t flags; /* M or O */
  u32_t reachable;
  u32_t retrans;
  u32_t mtu;
  u32_t prefix_lifetime;
};

/** One interface's advertisements: configuration first, then private state. */
struct router_advert {
  /* RFC 4861 6.2.1. router_advert_defaults() sets the defaults. */
  u16_t max_interval_s; /* MaxRtrAdvInterval, 4 up; 600 */
  u16_t min_interval_s; /* MinRtrAdvInterval, 3 to 0.75 * max; 0: a third of max_interval_s */
  u16_t lifetime_s;     /* AdvDefaultLifetime, 0 (no default router) or max_interval_s up; 1800 */
  s8_t preference;      /* RFC 4191: 1 high, 0 medium, -1 low */
  bool is_managed;      /* M */
  bool is_other;        /* O */
  u8_t hop_limit;       /* AdvCurHopLimit; 0: does not say */
  bool
      solicited_by_unicast; /* answer a solicitation to its sender alone, where it has an address */
  u32_t reachable_ms;       /* AdvReachableTime, up to 3,600,000; 0: does not say */
  u32_t retrans_ms;         /* AdvRetransTimer; 0: does not say */
  u16_t mtu;                /* AdvLinkMTU; 0: no option */
  u8_t num_prefixes;
  u8_t num_routes;
  u8_t num_dns_servers;
  u8_t num_dns_domains;
  struct router_advert_prefix *prefixes;
  const struct router_advert_route *routes;
  const ip6_addr_t *dns_servers;  /* RDNSS */
  const char *const *dns_domains; /* DNSSL, such as "example.com" */
  u32_t dns_lifetime_s;           /* of both; 0: 3 * max_interval_s (RFC 8106 5.1) */

  struct router_advert_conflicts conflicts; /* read only */
  u32_t num_sent;                           /* read only */

  /* Private. */
  struct netif *netif;        /* NULL: stopped */
  struct timer timer;         /* the next multicast advertisement */
  struct timer unicast_timer; /* an answer to unicast_to */
  ip6_addr_t unicast_to;
  u32_t sent_ms;     /* has_sent: when the last multicast one went out */
  u8_t initial_left; /* quick ones to go (MAX_INITIAL_RTR_ADVERTISEMENTS) */
  bool has_sent;
  bool has_joined; /* the all-routers group */
};

/** Zero everything and set RFC 4861's defaults. */
void router_advert_defaults(struct router_advert *ra);

/**
 * Begin to advertise. The first goes out as soon as the netif is up and has a link-local address;
 * three quick ones, then every min_interval_s to max_interval_s.
 *
 * @return ERR_OK; ERR_VAL: a value out of its range, or all does not fit into one packet of 1280
 *         bytes; ERR_USE: the netif has one already; ERR_MEM: no memory to join the group
 */
err_t router_advert_start(struct router_advert *ra, struct netif *netif);

/**
 * What is announced was changed by the caller: check it, let decrementing lifetimes begin anew, and
 * announce three times quickly (RFC 4861 6.2.4).
 *
 * @return as router_advert_start(); ERR_CONN: it is not running. On error it goes on with what is
 *         there, so set it right
 */
err_t router_advert_changed(struct router_advert *ra);

/**
 * End: a last advertisement with router lifetime 0 goes out (RFC 4861 6.2.5), and the interface is
 * a host's again. Harmless for one that is not running. Also done when the netif is removed.
 */
void router_advert_stop(struct router_advert *ra);

#endif /* LWIP_IPV6 && LWIP_ROUTER_ADVERT */

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_ROUTER_ADVERT_H */
