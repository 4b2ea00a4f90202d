/**
 * @file
 * Printing IPv6 headers.
 */
#include "lwip/opt.h"

#if LWIP_IPV6 && IP6_DEBUG

#include "lwip/debug.h"
#include "lwip/ip6.h"
#include "wire/ip6.h"

void ip6_debug_print(struct pbuf *p)
{
  u8_t bytes[IP6_HLEN];
  struct ip6_header h;
  if (pbuf_copy_partial(p, bytes, IP6_HLEN, 0) != IP6_HLEN ||
      ip6_parse(&h, bytes, p->tot_len) != DROP_NONE) {
    return;
  }
  LWIP_DEBUGF(IP6_DEBUG,
              ("IPv6: class %" X16_F ", flow %" X32_F ", payload %" U16_F ", next header %" U16_F
               ", hop limit %" U16_F ", ",
               (u16_t)h.tc, h.flow_label, h.payload_len, (u16_t)h.nexth, (u16_t)h.hop_limit));
  ip6_addr_debug_print_val(IP6_DEBUG, h.src);
  LWIP_DEBUGF(IP6_DEBUG, (" -> "));
  ip6_addr_debug_print_val(IP6_DEBUG, h.dst);
  LWIP_DEBUGF(IP6_DEBUG, ("\n"));
}

#endif
