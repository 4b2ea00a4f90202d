/**
 * @file
 * Multicast Listener Discovery (RFC 2710): which IPv6 groups we are in.
 */
#ifndef LWIP_HDR_MLD6_H
#define LWIP_HDR_MLD6_H

#include "lwip/opt.h"
#include "lwip/ip6_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One group on one netif (MEMP_MLD6_GROUP). */
struct mld_group {
  struct mld_group *next;
  ip6_addr_t group_address;
  u8_t last_reporter_flag; /* we sent the last report */
  u8_t group_state;
  u16_t timer;
  u8_t use; /* how often joined */
};

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_MLD6_H */
