/**
 * @file
 * Printing UDP headers.
 */
#include "lwip/opt.h"

#if UDP_DEBUG

#include "lwip/debug.h"
#include "lwip/udp.h"

void udp_debug_print(struct udp_hdr *udphdr)
{
  LWIP_DEBUGF(UDP_DEBUG, ("UDP %" U16_F " -> %" U16_F ", length %" U16_F ", checksum %" X16_F "\n",
                          lwip_ntohs(udphdr->src), lwip_ntohs(udphdr->dest),
                          lwip_ntohs(udphdr->len), lwip_ntohs(udphdr->chksum)));
  LWIP_UNUSED_ARG(udphdr);
}

#endif /* UDP_DEBUG */
