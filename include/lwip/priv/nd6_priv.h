/**
 * @file
 * Neighbor Discovery's queue of packets that wait for an address (RFC 4861 7.2.2).
 */
#ifndef LWIP_HDR_ND6_PRIV_H
#define LWIP_HDR_ND6_PRIV_H

#include "lwip/opt.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pbuf;

/** One waiting packet (MEMP_ND6_QUEUE). */
struct nd6_q_entry {
  struct nd6_q_entry *next;
  struct pbuf *p;
};

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_ND6_PRIV_H */
