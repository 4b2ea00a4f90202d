/**
 * @file
 * A bound of packets' length that a program sets for what it sends (IPV6_MTU): held during the
 * call that sends.
 *
 * State: the bound, 0 outside of such calls.
 */
#include "lwip/opt.h"

#if LWIP_IPV6

#include "gossamer/state.h"
#include "ip/v6/ip6_module.h"

STACK_STATE(u16_t, ip6_bound);

u16_t ip6_bound_set(u16_t mtu)
{
  u16_t before = *ip6_bound();
  *ip6_bound() = mtu;
  return before;
}

u16_t ip6_bounded(u16_t mtu)
{
  u16_t bound = *ip6_bound();
  return bound != 0 ? LWIP_MIN(bound, mtu) : mtu;
}

#endif
