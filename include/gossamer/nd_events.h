/**
 * @file
 * What Neighbor Discovery and address configuration have to tell: routers heard, DNS servers and
 * search domains from routers (RFC 8106), duplicate addresses, neighbours gone.
 *
 * A listener is a struct of the program's, linked in until it is removed; nothing is allocated:
 *
 *     static void heard(struct nd_listener *l, const struct nd_event *e) { ... }
 *     static struct nd_listener mine = {.event = heard};
 *     nd_listener_add(&mine);
 *
 * Threads: all functions with the core lock held; listeners are called with it held.
 */
#ifndef GOSSAMER_ND_EVENTS_H
#define GOSSAMER_ND_EVENTS_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_IPV6

enum nd_event_kind {
  /** A valid router advertisement; `ra` is set, `addr` is the router. Everything that it says has
      been taken over. */
  ND_EVENT_RA,
  /** A default router came, went, or changed its preference; `addr` is the router. */
  ND_EVENT_ROUTERS,
  /** The netif's DNS servers or search domains changed: nd_dns_server(), nd_dns_domain(). Merely
      prolonging one is no change. */
  ND_EVENT_DNS,
  /** Another host has `addr`, which was being tested (RFC 4862 5.4): it is not used. */
  ND_EVENT_ADDR_DUPLICATE,
  /** Another host claims `addr`, which is in use here (RFC 4862 5.4.4); it stays in use. */
  ND_EVENT_ADDR_CONFLICT,
  /** The neighbour `addr` does not answer any more, or never did (RFC 4861 7.3.3, 7.2.2). */
  ND_EVENT_NEIGHBOR_UNREACHABLE
};

/** A router advertisement's fixed part (RFC 4861 4.2, RFC 4191 2.2). */
struct nd_ra_info {
  bool is_managed;  /* M: addresses by DHCPv6 */
  bool is_other;    /* O: other configuration by DHCPv6 */
  s8_t preference;  /* 1 high, 0 medium, -1 low */
  u32_t lifetime_s; /* as a default router; 0: it is none; 0xffffffff: for ever (RFC 4191) */
};

/** One event; valid during the call, as is all that it points to. */
struct nd_event {
  enum nd_event_kind kind;
  struct netif *netif;
  const ip6_addr_t *addr;      /* see enum nd_event_kind; NULL: none */
  const struct nd_ra_info *ra; /* ND_EVENT_RA, else NULL */
};

/** One listener: storage is the program's. Set `event`, zero the rest. */
struct nd_listener {
  void (*event)(struct nd_listener *l, const struct nd_event *e);
  struct nd_listener *next; /* private */
  bool is_linked;           /* private */
};

/** Link in; harmless for one that is. It hears all netifs of the current instance. */
void nd_listener_add(struct nd_listener *l);

/** Take out; harmless for one that is not linked. A listener may remove itself or others. */
void nd_listener_remove(struct nd_listener *l);

/**
 * A DNS server that routers on `netif` announced (RFC 8106 5.1).
 *
 * @param i           0 for the first; they are in the order of preference
 * @param lifetime_s  seconds left, 0xffffffff: no end; may be NULL
 * @return NULL: there are no more (all of them: LWIP_ND6_RDNSS_MAX_DNS_SERVERS). Valid until the
 *         list changes
 */
const ip6_addr_t *nd_dns_server(struct netif *netif, u8_t i, u32_t *lifetime_s);

/**
 * A domain to search names in (RFC 8106 5.2), as text such as "example.com".
 *
 * Parameters and result as for nd_dns_server(); LWIP_ND6_DNSSL_MAX_DOMAINS bounds their number.
 */
const char *nd_dns_domain(struct netif *netif, u8_t i, u32_t *lifetime_s);

/**
 * A default router that advertisements made known (RFC 4861 6.3.4), in no order.
 *
 * @param i  0 for the first
 * @return false: there are no more
 */
bool nd_router_at(struct netif *netif, u8_t i, ip6_addr_t *addr, struct nd_ra_info *info);

#endif /* LWIP_IPV6 */

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_ND_EVENTS_H */
