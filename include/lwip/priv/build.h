/**
 * @file
 * What this build has, as macros that keep or drop their argument: for tables such as those in
 * src/stack.c.
 */
#ifndef LWIP_HDR_PRIV_BUILD_H
#define LWIP_HDR_PRIV_BUILD_H

#include "lwip/opt.h"

#if LWIP_TIMERS && !LWIP_TIMERS_CUSTOM
#define IF_TIMEOUTS(...) __VA_ARGS__
#else
#define IF_TIMEOUTS(...)
#endif

#if LWIP_IPV4
#define IF_IPV4(...) __VA_ARGS__
#else
#define IF_IPV4(...)
#endif

#if LWIP_IPV6
#define IF_IPV6(...) __VA_ARGS__
#else
#define IF_IPV6(...)
#endif

#if LWIP_IPV4 && LWIP_ARP
#define IF_ARP(...) __VA_ARGS__
#else
#define IF_ARP(...)
#endif

#if LWIP_IPV4 && LWIP_ARP && ESP_GRATUITOUS_ARP
#define IF_GARP(...) __VA_ARGS__
#else
#define IF_GARP(...)
#endif

#if LWIP_PMTU_DISCOVERY
#define IF_PMTU(...) __VA_ARGS__
#else
#define IF_PMTU(...)
#endif

#if LWIP_NUM_ROUTES > 0
#define IF_ROUTES(...) __VA_ARGS__
#else
#define IF_ROUTES(...)
#endif

#if IP_REASSEMBLY || LWIP_IPV6_REASS
#define IF_REASSEMBLY(...) __VA_ARGS__
#else
#define IF_REASSEMBLY(...)
#endif

#if LWIP_ICMP || LWIP_ICMP6
#define IF_ANY_ICMP(...) __VA_ARGS__
#else
#define IF_ANY_ICMP(...)
#endif

#if LWIP_IPV4 && LWIP_ICMP
#define IF_ICMP4(...) __VA_ARGS__
#else
#define IF_ICMP4(...)
#endif

#if LWIP_IPV6 && LWIP_ICMP6
#define IF_ICMP6(...) __VA_ARGS__
#else
#define IF_ICMP6(...)
#endif

#if LWIP_IPV4 && LWIP_IGMP
#define IF_IGMP(...) __VA_ARGS__
#else
#define IF_IGMP(...)
#endif

#if LWIP_IPV6 && LWIP_IPV6_MLD
#define IF_MLD6(...) __VA_ARGS__
#else
#define IF_MLD6(...)
#endif

#if LWIP_IPV6 && LWIP_IPV6_MLD && ESP_MLDV6_REPORT
#define IF_MLD6_PERIODIC(...) __VA_ARGS__
#else
#define IF_MLD6_PERIODIC(...)
#endif

#if LWIP_IPV6 && !LWIP_SOCKET_EXTERNAL_HEADERS
#define IF_IN6ADDR_ANY(...) __VA_ARGS__
#else
#define IF_IN6ADDR_ANY(...)
#endif

#if LWIP_IPV6 && LWIP_ND6
#define IF_ND6(...) __VA_ARGS__
#else
#define IF_ND6(...)
#endif

#if LWIP_UDP
#define IF_UDP(...) __VA_ARGS__
#else
#define IF_UDP(...)
#endif

#if LWIP_UDP && LWIP_UDPLITE
#define IF_UDPLITE(...) __VA_ARGS__
#else
#define IF_UDPLITE(...)
#endif

#if LWIP_TCP
#define IF_TCP(...) __VA_ARGS__
#else
#define IF_TCP(...)
#endif

#if LWIP_TCP_CUBIC
#define IF_TCP_CUBIC(...) __VA_ARGS__
#else
#define IF_TCP_CUBIC(...)
#endif

#if LWIP_TCP_RENO
#define IF_TCP_RENO(...) __VA_ARGS__
#else
#define IF_TCP_RENO(...)
#endif

#if LWIP_SOCKET
#define IF_SOCKET(...) __VA_ARGS__
#else
#define IF_SOCKET(...)
#endif

#if LWIP_DNS
#define IF_DNS(...) __VA_ARGS__
#else
#define IF_DNS(...)
#endif

#if LWIP_DNS && LWIP_SOCKET
#define IF_NETDB(...) __VA_ARGS__
#else
#define IF_NETDB(...)
#endif

#if LWIP_ANY_ADDRESS
#define IF_ANY_ADDRESS(...) __VA_ARGS__
#else
#define IF_ANY_ADDRESS(...)
#endif

#if LWIP_ALTCP && LWIP_TCP
#define IF_ALTCP(...) __VA_ARGS__
#else
#define IF_ALTCP(...)
#endif

#if !NO_SYS
#define IF_THREADS(...) __VA_ARGS__
#else
#define IF_THREADS(...)
#endif

#if LWIP_ACD
#define IF_ACD(...)          __VA_ARGS__
#define IF_ACD_ELSE(yes, no) yes
#else
#define IF_ACD(...)
#define IF_ACD_ELSE(yes, no) no
#endif

#if LWIP_AUTOIP
#define IF_AUTOIP(...) __VA_ARGS__
#else
#define IF_AUTOIP(...)
#endif

#if LWIP_DHCP
#define IF_DHCP(...) __VA_ARGS__
#else
#define IF_DHCP(...)
#endif

#if LWIP_RAW
#define IF_RAW_ELSE(yes, no) yes
#define IF_RAW(...)          __VA_ARGS__
#else
#define IF_RAW_ELSE(yes, no) no
#define IF_RAW(...)
#endif

#endif /* LWIP_HDR_PRIV_BUILD_H */
