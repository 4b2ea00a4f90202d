/**
 * @file
 * What sockets need beyond external headers (LWIP_SOCKET_EXTERNAL_HEADERS), where those lack it;
 * lwip/sockets.h includes this file.
 *
 * A header whose addresses have length members (sa_len) defines LWIP_SOCKET_HAVE_SA_LEN 1.
 */
#ifndef LWIP_HDR_SOCKETS_MISSING_H
#define LWIP_HDR_SOCKETS_MISSING_H

#include <string.h>
#include "lwip/ip6_addr.h"

#ifndef LWIP_SOCKET_HAVE_SA_LEN
#define LWIP_SOCKET_HAVE_SA_LEN 0
#endif

#ifndef inet6_addr_from_ip6addr
#define inet6_addr_from_ip6addr(target_in6addr, source_ip6addr)                                    \
  memcpy((target_in6addr), (source_ip6addr)->addr, 16)
#define inet6_addr_to_ip6addr(target_ip6addr, source_in6addr)                                      \
  do {                                                                                             \
    memcpy((target_ip6addr)->addr, (source_in6addr), 16);                                          \
    ip6_addr_clear_zone(target_ip6addr);                                                           \
  } while (0)
#endif

#ifndef LWIP_SELECT_MAXNFDS
#define LWIP_SELECT_MAXNFDS FD_SETSIZE
#endif
#ifndef ALIGN_H
#define ALIGN_H(size) (((size) + sizeof(long) - 1U) & ~(sizeof(long) - 1U))
#endif

/* Numbers of no common system's options. */
#ifndef TCP_KEEPALIVE
#define TCP_KEEPALIVE 0x7c02
#endif
#ifndef SO_USELOOPBACK
#define SO_USELOOPBACK 0x7c03
#endif
#ifndef SO_CONTIMEO
#define SO_CONTIMEO 0x7c04
#endif
#ifndef UDPLITE_SEND_CSCOV
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11
#endif
#ifndef ICMP_FILTER
#define ICMP_FILTER 1
struct icmp_filter {
  u32_t data;
};
#endif
#ifndef ICMP6_FILTER
#define ICMP6_FILTER 1
struct icmp6_filter {
  u32_t icmp6_filt[8];
};
#endif

#endif /* LWIP_HDR_SOCKETS_MISSING_H */
