/**
 * @file
 * What IP input found out about the packet being processed, found out once.
 *
 * Handlers get it as an argument; lwIP's ip_current_*() macros read the same struct through
 * ip_current(). Members have two names where lwIP documents one (struct ip_globals, `ip_data`).
 */
#ifndef GOSSAMER_IP_RX_H
#define GOSSAMER_IP_RX_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

struct netif;
struct ip_hdr;
struct ip6_hdr;

/** How the packet was addressed, and what follows from it for answers (RFC 1122 3.2.2). */
#define IP_RX_BROADCAST 0x01U  /* IP destination is a broadcast address */
#define IP_RX_MULTICAST 0x02U  /* IP destination is a group */
#define IP_RX_LINK_GROUP 0x04U /* link-layer destination was broadcast or multicast */
#define IP_RX_REASSEMBLED 0x08U
#define IP_RX_CHECKSUM_OK 0x10U  /* the driver vouches for the transport checksum */
#define IP_RX_ROUTER_ALERT 0x20U /* IPv6: a hop-by-hop router alert was there (RFC 2711) */
#define IP_RX_ATOMIC 0x40U       /* IPv6: a fragment header was there, of the only fragment */
#define IP_RX_ANY_ADDRESS 0x80U  /* nobody's address: taken for ours (gossamer/any_address.h) */

struct ip_rx {
  union {
    struct netif *netif; /* the interface that owns the destination */
    struct netif *current_netif;
  };
  union {
    struct netif *input_netif; /* the interface it came in by */
    struct netif *current_input_netif;
  };
#if LWIP_IPV4
  union {
    const struct ip_hdr *ip4_hdr; /* NULL for IPv6 */
    const struct ip_hdr *current_ip4_header;
  };
#endif
#if LWIP_IPV6
  union {
    struct ip6_hdr *ip6_hdr; /* NULL for IPv4 */
    struct ip6_hdr *current_ip6_header;
  };
  u16_t nexth_at; /* offset from the IPv6 header of the next header field that names `proto` */
#endif
  union {
    u16_t header_len; /* all IP headers, bytes in front of the transport header */
    u16_t current_ip_header_tot_len;
  };
  u16_t segment_len; /* payload of the TCP segments that the driver made one of; 0: unsaid */
  u8_t proto;
  u8_t ttl;
  u8_t tos; /* with the ECN bits */
  u8_t flags;
  union {
    ip_addr_t src;
    ip_addr_t current_iphdr_src;
  };
  union {
    ip_addr_t dst;
    ip_addr_t current_iphdr_dest;
  };
};

#define ip_globals ip_rx

STACK_GLOBAL_DECLARE(const struct ip_rx *, ip_current_rx);

/** The packet being processed; a zeroed struct outside of input processing. Never NULL. */
const struct ip_rx *ip_current(void);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_IP_RX_H */
