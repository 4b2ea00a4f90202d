/**
 * @file
 * Printing IPv4 headers.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && IP_DEBUG

#include "lwip/debug.h"
#include "lwip/ip4.h"

void ip4_debug_print(struct pbuf *p)
{
  struct ip_hdr h;

  if (pbuf_copy_partial(p, &h, IP_HLEN, 0) != IP_HLEN) {
    return;
  }
  LWIP_DEBUGF(IP_DEBUG,
              ("IPv4: version %" U16_F ", header %" U16_F ", TOS %" X16_F ", length %" U16_F
               ", id %" X16_F ", fragment %" X16_F ", TTL %" U16_F ", protocol %" U16_F
               ", checksum %" X16_F ", ",
               (u16_t)IPH_V(&h), (u16_t)IPH_HL_BYTES(&h), (u16_t)IPH_TOS(&h),
               lwip_ntohs(IPH_LEN(&h)), lwip_ntohs(IPH_ID(&h)), lwip_ntohs(IPH_OFFSET(&h)),
               (u16_t)IPH_TTL(&h), (u16_t)IPH_PROTO(&h), lwip_ntohs(IPH_CHKSUM(&h))));
  ip4_addr_debug_print_val(IP_DEBUG, h.src);
  LWIP_DEBUGF(IP_DEBUG, (" -> "));
  ip4_addr_debug_print_val(IP_DEBUG, h.dest);
  LWIP_DEBUGF(IP_DEBUG, ("\n"));
}

#endif
