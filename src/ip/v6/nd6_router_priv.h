/**
 * @file
 * Routers, prefixes and DNS servers that advertisements made known, as the files of Neighbor
 * Discovery's router half share them.
 *
 * Way of an advertisement: nd6_ra_input.c checks it and hands each part to who keeps it:
 * nd6_router.c (default routers and routes, one table), nd6_prefix.c (what is on the link),
 * nd6_interface.c (hop limit, timers, MTU), nd6_dns.c, slaac.c; then nd6_event.c tells listeners.
 * nd6_router_select.c chooses among routers. nd6_rs.c asks for advertisements. ra_send.c and
 * ra_build.c are the other side: we are the router.
 */
#ifndef IP_V6_ND6_ROUTER_PRIV_H
#define IP_V6_ND6_ROUTER_PRIV_H

#include <stdbool.h>
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/prot/nd6.h"
#include "lwip/priv/nd6_fields.h"
#include "gossamer/lifetime.h"
#include "gossamer/nd_events.h"
#include "gossamer/router_advert.h"
#include "gossamer/stack.h"
#include "ip/v6/nd6_module.h"
#include "ip/v6/nd6_priv.h"
#include "wire/nd6_ra.h"

#if LWIP_IPV6 && LWIP_ND6

enum {
  /* Default routers first, then more-specific routes (RFC 4191). */
  ND6_ROUTES_MAX = LWIP_ND6_NUM_ROUTERS + LWIP_ND6_SUPPORT_RIO * LWIP_ND6_NUM_ROUTES,
  /* A router that did not answer is asked again this often at most (RFC 4191 3.5). */
  ND6_ROUTER_PROBE_MS = 60000
};

/**
 * A way that a router announced: ::/0 makes it a default router. Several of one router agree in
 * is_unreachable and its times.
 */
struct nd6_route {
  struct netif *netif; /* NULL: free */
  ip6_addr_t router;   /* link-local, with its zone */
  ip6_addr_t prefix;
  u8_t prefix_len;
  s8_t preference;     /* 1, 0, -1 */
  bool is_unreachable; /* it did not answer, and has not since */
  bool is_used;        /* we sent by it, and it did not fail since: no stranger takes its entry */
  struct lifetime life;
  u32_t heard_ms;  /* its latest advertisement */
  u32_t failed_ms; /* is_unreachable: the latest time */
  u32_t probed_ms; /* is_unreachable: asked again */
};

/* nd6_router.c: the table */

/** Entry `i` below ND6_ROUTES_MAX. */
struct nd6_route *nd6_route_at(unsigned i);

/**
 * A router announces a way, or withdraws it (lifetime 0). @return true: something changed but its
 * lifetime.
 */
bool nd6_route_heard(struct netif *netif, const ip6_addr_t *router,
                     const struct nd6_route_info *info);

/** Forget all ways by a router (NULL: by any) of a netif. @return true: there were some */
bool nd6_routes_remove(struct netif *netif, const ip6_addr_t *router);

/** Raise ND_EVENT_ROUTERS. */
void nd6_routers_changed(struct netif *netif, const ip6_addr_t *router);

void nd6_routes_fini(void);

/* nd6_prefix.c: what is on the link */

/** A router advertises a prefix with the L flag (RFC 4861 6.3.4). */
void nd6_prefix_heard(struct netif *netif, const struct nd6_prefix_info *info);
void nd6_prefixes_remove(struct netif *netif);
void nd6_prefixes_fini(void);

/* nd6_interface.c: parameters of the link */

void nd6_params_heard(struct netif *netif, const struct nd6_ra *ra);
void nd6_mtu_heard(struct netif *netif, u32_t mtu);

/** Is the netif still there, after callbacks of the program's ran? */
bool nd6_netif_exists(const struct netif *netif);

/* nd6_dns.c: DNS servers and search domains (RFC 8106). True: the list changed */

bool nd6_rdnss_heard(struct netif *netif, const struct nd6_rdnss *rdnss);
bool nd6_dnssl_heard(struct netif *netif, const struct nd6_dnssl *dnssl);
/** Forget all of a netif. */
bool nd6_dns_remove(struct netif *netif);
void nd6_dns_changed(struct netif *netif);

/* nd6_rs.c: router solicitations */

/** An advertisement of a default router came (RFC 4861 6.3.7). */
void nd6_rs_router_heard(struct netif *netif);
/** The netif has got a link-local address, perhaps. */
void nd6_rs_go_on(struct netif *netif);
void nd6_rs_stop(struct netif *netif);

/* nd6_event.c */

void nd6_listeners_fini(void);

/* ra_send.c, ra_build.c: we are the router. Not there without LWIP_ROUTER_ADVERT; ND6_ADVERT() is
   NULL then, and the compiler drops what depends on it. */

/** A solicitation came; `from` is :: or its sender. */
void ra_solicited(struct router_advert *ra, const ip6_addr_t *from);
/** Another router's advertisement came (RFC 4861 6.2.7). */
void ra_compare(struct router_advert *ra, const struct nd6_ra *other);
/** The netif may have become able to send. */
void ra_go_on(struct router_advert *ra);
/** The netif is down. */
void ra_pause(struct router_advert *ra);
/** The netif goes away. */
void ra_detach(struct router_advert *ra);
/** Length of the longest prefix with `dst` that we advertise as on link; -1. */
int ra_prefix_len_on_link(const struct router_advert *ra, const ip6_addr_t *dst);
/** The message as it is now, `final`: with router lifetime 0; NULL: no memory. */
struct pbuf *ra_build(struct router_advert *ra, bool is_final);
/** Its length in bytes; 0: a search domain is no domain name. */
size_t ra_build_len(struct router_advert *ra);

#endif /* LWIP_IPV6 && LWIP_ND6 */

#endif /* IP_V6_ND6_ROUTER_PRIV_H */
