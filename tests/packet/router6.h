/*
 * Routers for tests: advertisements of fe80::<n>, and by whom the stack sends.
 */
#ifndef ROUTER6_H
#define ROUTER6_H

#include <stdio.h>
#include "packet.h"
#include "gossamer/nd_events.h"
#include "gossamer/timer.h"
#include "ip/v6/nd6_router.h"

#define FAR "2001:4860::1" /* off link */

#define HIGH     0x08U
#define MEDIUM   0x00U
#define LOW      0x18U
#define RESERVED 0x10U

/** "fe80::<n>". Valid until the test ends. */
static inline const char *router_name(unsigned n)
{
  static char text[8][24];
  static unsigned i;
  i = (i + 1) % LWIP_ARRAYSIZE(text);
  snprintf(text[i], sizeof text[i], "fe80::%x", n);
  return text[i];
}

static inline struct ra_spec ra_of(unsigned n, u16_t lifetime_s)
{
  struct ra_spec spec = {.src = router_name(n), .lifetime_s = lifetime_s};
  return spec;
}

/** What routers said lasts for hours: a fault run forgets it when the body has ended. */
static inline void routers_forget(void)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    nd6_routers_forget(netif);
  }
}

/** Router n advertises with its link-layer address and `more` (NULL: no more) options. */
static inline void router_says(struct ra_spec spec, const struct nd_options *more)
{
  static struct nd_options options;
  unsigned n = (unsigned)strtoul(spec.src + 6, NULL, 16);
  options.len = 0;
  packet_at_end(routers_forget);
  nd_opt_lladdr(&options, ND_SOURCE, mac_of(0, (u8_t)n));
  if (more != NULL) {
    nd_opt_raw(&options, more->bytes, more->len);
  }
  rx(ra(spec, &options));
}

/** A plain advertisement. */
static inline void router(unsigned n, u16_t lifetime_s, u8_t preference)
{
  struct ra_spec spec = ra_of(n, lifetime_s);
  spec.flags = preference;
  router_says(spec, NULL);
}

/** Router n announces a more-specific route, and is no default router. */
static inline void route(unsigned n, const char *prefix, u8_t len, u8_t preference, u32_t lifetime)
{
  struct nd_options o = {0};
  nd_opt_route(&o, prefix, len, preference, lifetime);
  router_says(ra_of(n, 0), &o);
}

/** Send a datagram. */
static inline err_t send_to(const char *dst)
{
  static struct udp_pcb *pcb;
  struct pbuf *p = app_pbuf("x", 1);
  ip_addr_t to = ip_of(dst);
  pcb = udp_new_ip_type(IPADDR_TYPE_V6);
  assert_non_null(pcb);
  err_t err = udp_sendto(pcb, p, &to, 9);
  udp_remove(pcb);
  advance(0);
  return err;
}

/** The last byte of the neighbour's MAC that a datagram goes to; 0: it went nowhere. */
static inline unsigned via(const char *dst)
{
  send_to(dst);
  struct frame *f = tx();
  while (f != NULL && ip6_payload_type(f) != NH_UDP) {
    f = tx(); /* solicitations, where peers do not answer by themselves */
  }
  return f != NULL ? get8(f, 5) : 0;
}

/** How many default routers are known? */
static inline unsigned router_count(void)
{
  ip6_addr_t addr;
  struct nd_ra_info info;
  u8_t i = 0;
  while (nd_router_at(&net.netif, i, &addr, &info)) {
    i++;
  }
  return i;
}

/** The default router fe80::<n>; the test fails when it is not known. */
static inline struct nd_ra_info router_info(unsigned n)
{
  ip6_addr_t addr;
  ip6_addr_t wanted = ip6_of(router_name(n));
  struct nd_ra_info info = {.lifetime_s = 0};
  u8_t i = 0;
  while (nd_router_at(&net.netif, i, &addr, &info) && !ip6_addr_zoneless_eq(&addr, &wanted)) {
    i++;
  }
  assert_true(nd_router_at(&net.netif, i, &addr, &info));
  return info;
}

/** Events since the last look, by kind. */
static unsigned event_count[ND_EVENT_NEIGHBOR_UNREACHABLE + 1];
static struct nd_ra_info event_ra;

static inline void event_note(struct nd_listener *l, const struct nd_event *e)
{
  LWIP_UNUSED_ARG(l);
  event_count[e->kind]++;
  if (e->ra != NULL) {
    event_ra = *e->ra;
  }
}

static inline void listen_to_events(void)
{
  static struct nd_listener listener;
  memset(event_count, 0, sizeof event_count);
  memset(&listener, 0, sizeof listener);
  listener.event = event_note;
  nd_listener_add(&listener);
}

static inline unsigned events(enum nd_event_kind kind)
{
  unsigned count = event_count[kind];
  event_count[kind] = 0;
  return count;
}

#endif /* ROUTER6_H */
