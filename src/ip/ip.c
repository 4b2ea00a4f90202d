/**
 * @file
 * What both IP versions share: the packet being processed, and input for links that carry both.
 *
 * State: the pointer to what is known of the current packet, NULL outside of input. The struct lies
 * on the stack of the input function, which resets the pointer before it returns.
 */
#include "lwip/opt.h"
#include "lwip/ip.h"
#include "lwip/prot/ip.h"
#include "gossamer/ip_rx.h"
#include "ip/ip_module.h"

STACK_GLOBAL_DEFINE(const struct ip_rx *, ip_current_rx);

static const struct ip_rx no_packet;

const struct ip_rx *ip_current(void)
{
  const struct ip_rx *rx = STACK_GLOBAL(const struct ip_rx *, ip_current_rx);
  return rx != NULL ? rx : &no_packet;
}

const struct ip_rx *ip_current_set(const struct ip_rx *rx)
{
  const struct ip_rx *before = STACK_GLOBAL(const struct ip_rx *, ip_current_rx);
  STACK_GLOBAL(const struct ip_rx *, ip_current_rx) = rx;
  return before;
}

#if LWIP_IPV4 && LWIP_IPV6
err_t ip_input(struct pbuf *p, struct netif *inp)
{
  if (p->tot_len > 0 && pbuf_get_at(p, 0) >> 4 == 6) {
    return ip6_input(p, inp);
  }
  return ip4_input(p, inp);
}
#endif
