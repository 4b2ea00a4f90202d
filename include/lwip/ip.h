/**
 * @file
 * What all transports share: the head of every pcb, output for either IP version, and the packet
 * that is being processed.
 */
#ifndef LWIP_HDR_IP_H
#define LWIP_HDR_IP_H

#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/pbuf.h"
#include "lwip/ip_addr.h"
#include "lwip/err.h"
#include "lwip/netif.h"
#include "lwip/ip4.h"
#include "lwip/ip6.h"
#include "lwip/prot/ip.h"
#include "gossamer/ip_rx.h"

#ifdef __cplusplus
extern "C" {
#endif

/** As destination of ip_output_*(): the packet starts with its IP header. */
#define LWIP_IP_HDRINCL NULL

/**
 * Packets given to ip_output() must be the caller's alone, because headers are written in front of
 * them: a link that queues a packet without a copy would see them change.
 */
#ifndef LWIP_IP_CHECK_PBUF_REF_COUNT_FOR_TX
#define LWIP_IP_CHECK_PBUF_REF_COUNT_FOR_TX(p) LWIP_ASSERT("p->ref == 1", (p)->ref == 1)
#endif

#if LWIP_NETIF_USE_HINTS
#define IP_PCB_NETIFHINT                                                                           \
  ;                                                                                                \
  struct netif_hint netif_hints
#else
#define IP_PCB_NETIFHINT
#endif

/**
 * The members every pcb begins with, for a struct definition: local and remote address in network
 * order, index of the netif it is bound to (0: none), SOF_* bits, type of service, time to live.
 */
#define IP_PCB                                                                                     \
  ip_addr_t local_ip;                                                                              \
  ip_addr_t remote_ip;                                                                             \
  u8_t netif_idx;                                                                                  \
  u8_t so_options;                                                                                 \
  u8_t tos;                                                                                        \
  u8_t ttl IP_PCB_NETIFHINT

/** What every pcb can be seen as. */
struct ip_pcb {
  IP_PCB;
};

/* Bits of so_options, with ip_get_option() and its kin. */
#define SOF_REUSEPORT 0x02U /* others may have the same end: each peer is served by one of them */
#define SOF_REUSEADDR 0x04U /* local addresses may be bound again */
#define SOF_KEEPALIVE 0x08U /* TCP probes idle connections */
#define SOF_DONTROUTE 0x10U /* reaches only who is on a link (LWIP_SOCKET) */
#define SOF_BROADCAST 0x20U /* may send to and receive from broadcast addresses */
/* What is longer than the path takes (IP_MTU_DISCOVER of sockets). Neither: fragmented here, and
   "don't fragment" is set in what is not. Both: sent whole as far as the link takes it, whatever
   is known of the path. */
#define SOF_DF_NEVER  0x40U /* routers may fragment, too */
#define SOF_DF_ALWAYS 0x80U /* it is not sent (ERR_VAL) */

/** What a connection takes over from its listener. */
#define SOF_INHERITED                                                                              \
  (SOF_REUSEPORT | SOF_REUSEADDR | SOF_KEEPALIVE | SOF_DONTROUTE | SOF_DF_NEVER | SOF_DF_ALWAYS)

#define ip_get_option(pcb, opt)   ((pcb)->so_options & (opt))
#define ip_set_option(pcb, opt)   ((pcb)->so_options = (u8_t)((pcb)->so_options | (opt)))
#define ip_reset_option(pcb, opt) ((pcb)->so_options = (u8_t)((pcb)->so_options & ~(opt)))

/* The 802.1Q tag that a pcb's packets get: priority, drop-eligible bit and VLAN number. */
#if LWIP_VLAN_PCP
#define pcb_tci_init(pcb)         pcb_tci_clear(pcb)
#define pcb_has_tci(pcb)          ((pcb)->netif_hints.tci >= 0)
#define pcb_tci_get(pcb)          (pcb_has_tci(pcb) ? (u16_t)(pcb)->netif_hints.tci : 0)
#define pcb_tci_clear(pcb)        ((pcb)->netif_hints.tci = -1)
#define pcb_tci_set(pcb, tci_val) ((pcb)->netif_hints.tci = (tci_val)&0xffff)
#define pcb_tci_set_pcp_dei_vid(pcb, pcp, dei, vid)                                                \
  pcb_tci_set(pcb, (((pcp)&7) << 13) | (((dei)&1) << 12) | ((vid)&0xfff))
#else
#define pcb_tci_init(pcb)
#endif

/* The packet being processed: valid inside of receive callbacks, zeroes elsewhere. */
#define ip_data                     (*ip_current())
#define ip_current_netif()          (ip_current()->current_netif)
#define ip_current_input_netif()    (ip_current()->current_input_netif)
#define ip_current_header_tot_len() (ip_current()->current_ip_header_tot_len)
#define ip_current_src_addr()       (&ip_current()->current_iphdr_src)
#define ip_current_dest_addr()      (&ip_current()->current_iphdr_dest)
#define ip_current_header_proto()   (ip_current()->proto)

#if LWIP_IPV4 && LWIP_IPV6
#define ip4_current_header()    ((const struct ip_hdr *)ip_current()->current_ip4_header)
#define ip6_current_header()    ((const struct ip6_hdr *)ip_current()->current_ip6_header)
#define ip_current_is_v6()      (ip6_current_header() != NULL)
#define ip4_current_src_addr()  (ip_2_ip4(&ip_current()->current_iphdr_src))
#define ip4_current_dest_addr() (ip_2_ip4(&ip_current()->current_iphdr_dest))
#define ip6_current_src_addr()  (ip_2_ip6(&ip_current()->current_iphdr_src))
#define ip6_current_dest_addr() (ip_2_ip6(&ip_current()->current_iphdr_dest))
#define ip_next_header_ptr()                                                                       \
  ((const void *)((ip_current_is_v6() ? (const u8_t *)ip6_current_header()                         \
                                      : (const u8_t *)ip4_current_header()) +                      \
                  ip_current_header_tot_len()))
#elif LWIP_IPV4
#define ip4_current_header()    ((const struct ip_hdr *)ip_current()->current_ip4_header)
#define ip_current_is_v6()      0
#define ip4_current_src_addr()  (&ip_current()->current_iphdr_src)
#define ip4_current_dest_addr() (&ip_current()->current_iphdr_dest)
#define ip_next_header_ptr()                                                                       \
  ((const void *)((const u8_t *)ip4_current_header() + ip_current_header_tot_len()))
#elif LWIP_IPV6
#define ip6_current_header()    ((const struct ip6_hdr *)ip_current()->current_ip6_header)
#define ip_current_is_v6()      1
#define ip6_current_src_addr()  (&ip_current()->current_iphdr_src)
#define ip6_current_dest_addr() (&ip_current()->current_iphdr_dest)
#define ip_next_header_ptr()                                                                       \
  ((const void *)((const u8_t *)ip6_current_header() + ip_current_header_tot_len()))
#endif

/* Output by the version of `dest`: see ip4_output() and ip6_output() and their kin for parameters
   and errors. `dest` may not be NULL but in ip_output_if_hdrincl(). */
#if LWIP_IPV4 && LWIP_IPV6
#define ip_output(p, src, dest, ttl, tos, proto)                                                   \
  (IP_IS_V6(dest) ? ip6_output(p, ip_2_ip6(src), ip_2_ip6(dest), ttl, tos, proto)                  \
                  : ip4_output(p, ip_2_ip4(src), ip_2_ip4(dest), ttl, tos, proto))
#define ip_output_if(p, src, dest, ttl, tos, proto, netif)                                         \
  (IP_IS_V6(dest) ? ip6_output_if(p, ip_2_ip6(src), ip_2_ip6(dest), ttl, tos, proto, netif)        \
                  : ip4_output_if(p, ip_2_ip4(src), ip_2_ip4(dest), ttl, tos, proto, netif))
#define ip_output_if_src(p, src, dest, ttl, tos, proto, netif)                                     \
  (IP_IS_V6(dest) ? ip6_output_if_src(p, ip_2_ip6(src), ip_2_ip6(dest), ttl, tos, proto, netif)    \
                  : ip4_output_if_src(p, ip_2_ip4(src), ip_2_ip4(dest), ttl, tos, proto, netif))
#define ip_output_if_hdrincl(p, src, dest, netif)                                                  \
  (IP_IS_V6(dest) ? ip6_output_if(p, ip_2_ip6(src), LWIP_IP_HDRINCL, 0, 0, 0, netif)               \
                  : ip4_output_if(p, ip_2_ip4(src), LWIP_IP_HDRINCL, 0, 0, 0, netif))
#define ip_output_hinted(p, src, dest, ttl, tos, proto, netif_hint)                                \
  (IP_IS_V6(dest)                                                                                  \
       ? ip6_output_hinted(p, ip_2_ip6(src), ip_2_ip6(dest), ttl, tos, proto, netif_hint)          \
       : ip4_output_hinted(p, ip_2_ip4(src), ip_2_ip4(dest), ttl, tos, proto, netif_hint))
#define ip_route(src, dest)                                                                        \
  (IP_IS_V6(dest) ? ip6_route(ip_2_ip6(src), ip_2_ip6(dest))                                       \
                  : ip4_route_src(ip_2_ip4(src), ip_2_ip4(dest)))
#define ip_netif_get_local_ip(netif, dest)                                                         \
  (IP_IS_V6(dest) ? ip6_netif_get_local_ip(netif, ip_2_ip6(dest)) : ip4_netif_get_local_ip(netif))
#define ip_debug_print(is_ipv6, p) ((is_ipv6) ? ip6_debug_print(p) : ip4_debug_print(p))

/** A packet of either version came in; otherwise as ip4_input(). For links that carry both. */
err_t ip_input(struct pbuf *p, struct netif *inp);

#elif LWIP_IPV4
#define ip_output(p, src, dest, ttl, tos, proto) ip4_output(p, src, dest, ttl, tos, proto)
#define ip_output_if(p, src, dest, ttl, tos, proto, netif)                                         \
  ip4_output_if(p, src, dest, ttl, tos, proto, netif)
#define ip_output_if_src(p, src, dest, ttl, tos, proto, netif)                                     \
  ip4_output_if_src(p, src, dest, ttl, tos, proto, netif)
#define ip_output_if_hdrincl(p, src, dest, netif)                                                  \
  ip4_output_if(p, src, LWIP_IP_HDRINCL, 0, 0, 0, netif)
#define ip_output_hinted(p, src, dest, ttl, tos, proto, netif_hint)                                \
  ip4_output_hinted(p, src, dest, ttl, tos, proto, netif_hint)
#define ip_route(src, dest)                ip4_route_src(src, dest)
#define ip_netif_get_local_ip(netif, dest) ip4_netif_get_local_ip(netif)
#define ip_debug_print(is_ipv6, p)         ip4_debug_print(p)
#define ip_input                           ip4_input

#elif LWIP_IPV6
#define ip_output(p, src, dest, ttl, tos, proto) ip6_output(p, src, dest, ttl, tos, proto)
#define ip_output_if(p, src, dest, ttl, tos, proto, netif)                                         \
  ip6_output_if(p, src, dest, ttl, tos, proto, netif)
#define ip_output_if_src(p, src, dest, ttl, tos, proto, netif)                                     \
  ip6_output_if_src(p, src, dest, ttl, tos, proto, netif)
#define ip_output_if_hdrincl(p, src, dest, netif)                                                  \
  ip6_output_if(p, src, LWIP_IP_HDRINCL, 0, 0, 0, netif)
#define ip_output_hinted(p, src, dest, ttl, tos, proto, netif_hint)                                \
  ip6_output_hinted(p, src, dest, ttl, tos, proto, netif_hint)
#define ip_route(src, dest)                ip6_route(src, dest)
#define ip_netif_get_local_ip(netif, dest) ip6_netif_get_local_ip(netif, dest)
#define ip_debug_print(is_ipv6, p)         ip6_debug_print(p)
#define ip_input                           ip6_input
#endif

/** Route to `dest` and find our address for it: sets the variables `netif` and `ipaddr`. */
#define ip_route_get_local_ip(src, dest, netif, ipaddr)                                            \
  do {                                                                                             \
    (netif) = ip_route(src, dest);                                                                 \
    (ipaddr) = ip_netif_get_local_ip(netif, dest);                                                 \
  } while (0)

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP_H */
