/**
 * @file
 * What the tests of IPv6 addresses share: the netif without net6_up(), so that addresses come about
 * as they do in life.
 */
#ifndef ADDR6_H
#define ADDR6_H

#include "packet.h"
#include "lwip/ip6.h"
#include "gossamer/ip6_config.h"
#include "gossamer/nd_events.h"
#include "gossamer/timer.h"
#include "link/netif_usable.h"

/** Everything about a first address has happened: random delay, one probe, one RetransTimer. */
#define DAD_MS 2000

/** The link-local address of our MAC 02:00:00:00:00:01. */
#define OUR_LINKLOCAL "fe80::ff:fe00:1"

/** The next ICMPv6 message of this type that was sent; others before it are thrown away. */
static inline struct frame *tx_icmp6(u8_t type)
{
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    if (get16(f, 12) == 0x86dd && ip6_payload_type(f) == NH_ICMP6 &&
        get8(f, ip6_payload_at(f)) == type) {
      return f;
    }
  }
  return NULL;
}

/** No such message was sent; others are thrown away. */
static inline void expect_no_icmp6(u8_t type)
{
  assert_null(tx_icmp6(type));
}

static inline u8_t state_of(int i)
{
  return netif_ip6_addr_state(&net.netif, i);
}

static inline const char *text_of(int i)
{
  static char text[8][IP6ADDR_STRLEN_MAX];
  static int at;
  ip6_addr_t addr = *netif_ip6_addr(&net.netif, i);
  ip6_addr_clear_zone(&addr);
  at = (at + 1) % 8;
  return ip6addr_ntoa_r(&addr, text[at], IP6ADDR_STRLEN_MAX);
}

/**
 * What autoconfiguration started ends: router solicitations go on for ever where nobody answers
 * (RFC 7559).
 */
static inline void addr6_end(void)
{
  if (!netif_is_listed(&net.netif)) {
    return;
  }
  netif_set_link_down(&net.netif);
  for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    netif_ip6_addr_set_state(&net.netif, i, IP6_ADDR_INVALID);
  }
  netif_set_link_up(&net.netif);
}

/** Begin with our link-local address, which is tentative. */
static inline void linklocal_begin(void)
{
  packet_at_end(addr6_end);
  netif_create_ip6_linklocal_address(&net.netif, 1);
}

static inline void stable_linklocal_begin(void)
{
  packet_at_end(addr6_end);
  netif_ip6_linklocal_create(&net.netif, IP6_IID_STABLE);
}

/** Our link-local address, preferred; what was sent meanwhile is thrown away. */
static inline void linklocal_up(void)
{
  linklocal_begin();
  advance(DAD_MS);
  tx_discard();
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

/** A router fe80::fe advertises one prefix. */
static inline void rx_prefix_from(const char *router, const char *prefix, u8_t len, u8_t flags,
                                  u32_t valid_s, u32_t preferred_s)
{
  struct nd_options o = {0};
  nd_opt_prefix(&o, prefix, len, flags, valid_s, preferred_s);
  rx(ra((struct ra_spec){.src = router, .lifetime_s = 1800}, &o));
}

static inline void rx_prefix(const char *prefix, u32_t valid_s, u32_t preferred_s)
{
  rx_prefix_from("fe80::fe", prefix, 64, ND_PREFIX_L | ND_PREFIX_A, valid_s, preferred_s);
}

/** Events of neighbor discovery, counted. */
struct heard {
  struct nd_listener listener;
  unsigned duplicates, conflicts;
  ip6_addr_t addr;
};

static inline void heard_event(struct nd_listener *l, const struct nd_event *e)
{
  struct heard *h = (struct heard *)(void *)l;
  if (e->kind == ND_EVENT_ADDR_DUPLICATE) {
    h->duplicates++;
    h->addr = *e->addr;
  }
  if (e->kind == ND_EVENT_ADDR_CONFLICT) {
    h->conflicts++;
    h->addr = *e->addr;
  }
}

static inline struct heard *listen_to_events(void)
{
  static struct heard heard;
  memset(&heard, 0, sizeof heard);
  heard.listener.event = heard_event;
  nd_listener_add(&heard.listener);
  return &heard;
}

#endif /* ADDR6_H */
