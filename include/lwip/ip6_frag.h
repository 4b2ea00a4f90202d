/**
 * @file
 * IPv6 fragments (RFC 8200 4.5): datagrams that are being reassembled.
 */
#ifndef LWIP_HDR_IP6_FRAG_H
#define LWIP_HDR_IP6_FRAG_H

#include "lwip/opt.h"
#include "lwip/ip6_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pbuf;

/** One datagram of which fragments have come (MEMP_IP6_REASSDATA). */
struct ip6_reassdata {
  struct ip6_reassdata *next;
  struct pbuf *p;
  ip6_addr_t src;
  ip6_addr_t dest;
  u32_t identification;
  u16_t datagram_len; /* 0: the last fragment is missing */
  u8_t nexth;
  u8_t timer;
};

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IP6_FRAG_H */
