/**
 * @file
 * What both families' fragments need in public headers: datagrams that are being reassembled, and
 * pbufs that point into others.
 */
#ifndef LWIP_HDR_PRIV_REASS_DATA_H
#define LWIP_HDR_PRIV_REASS_DATA_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 1: at a limit the oldest incomplete datagram makes room for a new one; 0: that is lost. */
#ifndef IP_REASS_FREE_OLDEST
#define IP_REASS_FREE_OLDEST 1
#endif

/** Does this build reassemble anything? */
#define REASS_ANY ((LWIP_IPV4 && IP_REASSEMBLY) || (LWIP_IPV6 && LWIP_IPV6_REASS))

/** Does this build cut packets up without copying? */
#define FRAG_BY_REFERENCE                                                                          \
  (((LWIP_IPV4 && IP_FRAG) || (LWIP_IPV6 && LWIP_IPV6_FRAG)) && !LWIP_NETIF_TX_SINGLE_PBUF)

struct reass_family;

/** A datagram of either family being reassembled, from MEMP_REASSDATA. The members are src/ip's
    own (reass.c). */
struct ip_reassdata {
  struct ip_reassdata *next; /* the next younger one */
  struct pbuf *p; /* payloads by offset; each a chain that ends where tot_len equals len */
  const struct reass_family *family;
  u32_t started_ms;
  u32_t id;
  u32_t held_len; /* bytes of all fragments with headers */
  ip_addr_t src;
  ip_addr_t dest;
  u16_t datagram_len; /* payload bytes of the whole; 0 until the last fragment was seen */
  u16_t have_len;     /* payload bytes that are here */
  u16_t pbuf_count;
  u16_t first_header_len; /* bytes in front of the first fragment's payload; 0: it is not here */
  u16_t frag_at;          /* IPv6: of them, where the fragment header begins ... */
  u16_t nexth_at;         /* ... and where the next header field stands that names it */
  u8_t key_proto;         /* IPv4: part of the key; IPv6: 0 */
  u8_t next_header;       /* IPv6: behind the first fragment's fragment header */
  u8_t flags;
};

#if FRAG_BY_REFERENCE && !defined(LWIP_PBUF_CUSTOM_REF_DEFINED)
#define LWIP_PBUF_CUSTOM_REF_DEFINED
/** A pbuf that points into another and holds a reference to it, from MEMP_FRAG_PBUF. */
struct pbuf_custom_ref {
  struct pbuf_custom pc; /* first, because the free function gets a pointer to it */
  struct pbuf *original;
};
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PRIV_REASS_DATA_H */
