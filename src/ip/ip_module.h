/**
 * @file
 * Modules of both IP versions, for the registry.
 */
#ifndef IP_IP_MODULE_H
#define IP_IP_MODULE_H

#include "gossamer/drop.h"
#include "base/registry.h"
#include "ip/v4/ip4_module.h"
#include "ip/v6/ip6_module.h"

extern const struct net_module pmtu_module;
extern const struct net_module route_module;

/** A packet for us, `rx->header_len` long up to what the protocol is given: to the raw pcbs, then
   to the protocol's handler; dropped for `unknown` where there is none. Meanwhile it is
   ip_current(). */
void ip_deliver(struct pbuf *p, const struct ip_rx *rx, enum drop_reason unknown);

/**
 * Make `len` bytes of a received packet contiguous at its start, and some bytes behind them for
 * those who expect it of transport headers too.
 *
 * @param len  at most p->tot_len
 * @return the packet; NULL: no memory, and `p` is as it was
 */
struct pbuf *ip_pull_up(struct pbuf *p, u16_t len);

/**
 * The headers of a received packet will be changed: in a buffer of our own if somebody else sees
 * this one. NULL: no memory, and `p` is as it was.
 */
struct pbuf *ip_make_writable(struct pbuf *p);

/** Do packets to `dst` by `netif` come back to ourselves? No wire can damage them then, so that
    nobody needs their checksums; and no link limits their length. */
static inline bool ip_stays_inside(const struct netif *netif, const ip_addr_t *dst)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dst);
  if (!ENABLE_LOOPBACK) {
    return false;
  }
  return IP_IS_V6(dst) ? ip6_stays_inside(netif, ip_2_ip6(dst))
                       : ip4_stays_inside(netif, ip_2_ip4(dst));
}

/** Is `dst` reached by `netif` without a router? */
static inline bool ip_is_on_link(const struct netif *netif, const ip_addr_t *dst)
{
  if (ip_addr_ismulticast(dst) || ip_stays_inside(netif, dst)) {
    return true;
  }
  return IP_IS_V6(dst) ? ip6_is_on_link(netif, ip_2_ip6(dst))
                       : ip4_is_on_link(netif, ip_2_ip4(dst));
}

/** ip6_bound_set() where there is IPv6. */
static inline u16_t ip_bound_set(u16_t mtu)
{
  LWIP_UNUSED_ARG(mtu);
  return LWIP_IPV6 ? ip6_bound_set(mtu) : (u16_t)0;
}

/** Did the packet never leave the host? */
static inline bool ip_is_looped(const struct pbuf *p)
{
  return (p->flags & PBUF_FLAG_LOOPED) != 0;
}

#endif /* IP_IP_MODULE_H */
