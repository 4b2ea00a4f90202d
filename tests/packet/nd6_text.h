/**
 * @file
 * What the tests of neighbours say: packets to neighbours, their entries, their advertisements.
 */
#ifndef ND6_TEXT_H
#define ND6_TEXT_H

#include "packet.h"
#include "lwip/nd6.h"
#include "lwip/prot/ieee.h"
#include "lwip/prot/nd6.h"
#include "gossamer/neighbor.h"

#define US     "2001:db8::1"
#define US_LL  "fe80::ff:fe00:1"
#define PEER   "2001:db8::2"
#define PEER_9 "2001:db8::9"

/** We forward, so we say that we are a router (RFC 4861 4.4). */
#define OUR_R (LWIP_IPV6_FORWARD ? NA_R : 0)

static inline const struct nd_options *nd_source(const u8_t *mac)
{
  static struct nd_options o;
  o.len = 0;
  nd_opt_lladdr(&o, ND_SOURCE, mac);
  return &o;
}

static inline const struct nd_options *nd_target(const u8_t *mac)
{
  static struct nd_options o;
  o.len = 0;
  nd_opt_lladdr(&o, ND_TARGET, mac);
  return &o;
}

/** What the cache has of a neighbour; false: nothing. */
static inline bool neighbor_look_up(const char *addr, struct neighbor_info *info)
{
  ip6_addr_t a = ip6_on(&net, addr);
  int there;
  for (unsigned i = 0; (there = neighbor_get(i, info)) >= 0; i++) {
    if (there > 0 && info->netif == &net.netif && ip6_addr_eq(&info->addr, &a)) {
      return true;
    }
  }
  return false;
}

static inline bool neighbor_is_known(const char *addr)
{
  struct neighbor_info info;
  return neighbor_look_up(addr, &info);
}

/** enum neighbor_state; 0: not there. */
static inline int neighbor_state_of(const char *addr)
{
  struct neighbor_info info;
  return neighbor_look_up(addr, &info) ? (int)info.state : 0;
}

/** Its address in the cache; NULL: none. */
static inline const u8_t *neighbor_mac_of(const char *addr)
{
  static struct neighbor_info info;
  return neighbor_look_up(addr, &info) && info.lladdr_len == 6 ? info.lladdr : NULL;
}

/** Send a ping, numbered `mark`, to a neighbour's address. */
static inline err_t neighbor_send_from(const char *src, const char *dst, u16_t mark)
{
  ip6_addr_t a = ip6_on(&net, dst);
  struct frame f = ping6(src, dst, 1, mark, "x", 1);
  return net.netif.output_ip6(&net.netif, app_pbuf(f.data + IP6_AT, f.len - IP6_AT), &a);
}

static inline err_t neighbor_send(const char *dst, u16_t mark)
{
  return neighbor_send_from(US, dst, mark);
}

/** That ping went out, to this station. */
static inline void neighbor_expect_sent(const u8_t *mac, u16_t mark)
{
  struct frame *f = check_icmp6(tx(), T6_ECHO_REQUEST, 0);
  check_eth(f, mac, our_mac, ETHTYPE_IPV6);
  assert_int_equal(get16(f, IP6_PAYLOAD_AT + 6), mark);
}

/** A solicitation to the group of `target`, from `src`. */
static inline void neighbor_expect_multicast_ns(const char *src, const char *target)
{
  check_nd_lladdr(check_ns(tx(), src, solicited_node(target), target), ND_SOURCE, our_mac);
}

/** A solicitation to `target` alone: a probe. */
static inline void neighbor_expect_unicast_ns(const char *target, const u8_t *mac)
{
  check_eth(check_ns(tx(), US_LL, target, target), mac, our_mac, ETHTYPE_IPV6);
}

#endif /* ND6_TEXT_H */
