/**
 * @file
 * IPv4 fragments: reassembly of received ones (RFC 791, RFC 815) and fragmentation of packets that
 * are longer than the MTU.
 */
#ifndef LWIP_HDR_IP_FRAG_H
#define LWIP_HDR_IP_FRAG_H

#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/pbuf.h"
#include "lwip/netif.h"
#include "lwip/ip_addr.h"
#include "lwip/ip.h"

#if LWIP_IPV4

#ifdef __cplusplus
extern "C" {
#endif

#if IP_REASSEMBLY

/** Milliseconds in the unit of IP_REASS_MAXAGE. */
#define IP_TMR_INTERVAL 1000

/** 1: at a limit the oldest incomplete datagram makes room for a new one; 0: that is lost. */
#ifndef IP_REASS_FREE_OLDEST
#define IP_REASS_FREE_OLDEST 1
#endif

/** A datagram being reassembled, from MEMP_REASSDATA. The members are ip4_reass.c's own. */
struct ip_reassdata {
  struct ip_reassdata *next; /* the next younger one */
  struct pbuf *p;            /* fragments with their IP headers, by offset; each ends where a pbuf's
                                tot_len equals its len */
  u32_t started_ms;
  ip4_addr_t src;
  ip4_addr_t dest;
  u16_t id;
  u16_t datagram_len; /* payload bytes of the whole; 0 until the last fragment was seen */
  u16_t have_len;     /* payload bytes that are here */
  u16_t pbuf_count;
  u32_t held_len; /* bytes of all fragments with headers */
  u8_t proto;
  u8_t flags;
};

/** Kept for lwIP's sake: the module starts by itself. */
#define ip_reass_init()

/** Expire what is due now. Kept for lwIP's sake: a timer runs while datagrams are incomplete. */
void ip_reass_tmr(void);

/**
 * Take in one fragment. Core lock held.
 *
 * @param p  starts at the IP header; taken over
 * @return the complete datagram, with the first fragment's header corrected, when this was the
 *         missing piece; else NULL
 */
struct pbuf *ip4_reass(struct pbuf *p);

#endif /* IP_REASSEMBLY */

#if IP_FRAG

#if !LWIP_NETIF_TX_SINGLE_PBUF && !defined(LWIP_PBUF_CUSTOM_REF_DEFINED)
#define LWIP_PBUF_CUSTOM_REF_DEFINED
/** A pbuf that points into another and holds a reference to it, from MEMP_FRAG_PBUF. */
struct pbuf_custom_ref {
  struct pbuf_custom pc; /* first, because the free function gets a pointer to it */
  struct pbuf *original;
};
#endif

/**
 * Send a packet in fragments that fit netif->mtu. Core lock held.
 *
 * @param p     starts at a complete IP header, which may itself be a fragment's; stays the caller's
 * @param dest  next hop, as for netif->output()
 * @return ERR_OK; ERR_IF: "don't fragment" is set; ERR_VAL: no MTU, or one with no room for the
 *         header and 8 bytes; ERR_MEM: at most a part was sent; or what the netif says
 */
err_t ip4_frag(struct pbuf *p, struct netif *netif, const ip4_addr_t *dest);

#endif /* IP_FRAG */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 */

#endif /* LWIP_HDR_IP_FRAG_H */
