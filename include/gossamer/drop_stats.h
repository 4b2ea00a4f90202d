/*
 * Where in struct stats_ a drop reason counts: DROP_STAT(group, kind) is the offset of
 * lwip_stats.group.kind, or DROP_STAT_NONE when that group is switched off. For src/base/drop.c.
 */
#ifndef GOSSAMER_DROP_STATS_H
#define GOSSAMER_DROP_STATS_H

#include <stddef.h>
#include "lwip/stats.h"

#define DROP_STAT_NONE 0xffffU
#define DROP_STAT_OFFSET(group, kind) ((u16_t)offsetof(struct stats_, group.kind))
#define DROP_STAT(group, kind) DROP_STAT_##group(kind)

#if LWIP_STATS && LINK_STATS
#define DROP_STAT_link(kind) DROP_STAT_OFFSET(link, kind)
#else
#define DROP_STAT_link(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && ETHARP_STATS
#define DROP_STAT_etharp(kind) DROP_STAT_OFFSET(etharp, kind)
#else
#define DROP_STAT_etharp(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && IP_STATS
#define DROP_STAT_ip(kind) DROP_STAT_OFFSET(ip, kind)
#else
#define DROP_STAT_ip(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && IPFRAG_STATS
#define DROP_STAT_ip_frag(kind) DROP_STAT_OFFSET(ip_frag, kind)
#else
#define DROP_STAT_ip_frag(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && ICMP_STATS
#define DROP_STAT_icmp(kind) DROP_STAT_OFFSET(icmp, kind)
#else
#define DROP_STAT_icmp(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && IGMP_STATS
#define DROP_STAT_igmp(kind) DROP_STAT_OFFSET(igmp, kind)
#else
#define DROP_STAT_igmp(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && MLD6_STATS
#define DROP_STAT_mld6(kind) DROP_STAT_OFFSET(mld6, kind)
#else
#define DROP_STAT_mld6(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && ND6_STATS
#define DROP_STAT_nd6(kind) DROP_STAT_OFFSET(nd6, kind)
#else
#define DROP_STAT_nd6(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && UDP_STATS
#define DROP_STAT_udp(kind) DROP_STAT_OFFSET(udp, kind)
#else
#define DROP_STAT_udp(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && IP6_FRAG_STATS
#define DROP_STAT_ip6_frag(kind) DROP_STAT_OFFSET(ip6_frag, kind)
#else
#define DROP_STAT_ip6_frag(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && ICMP6_STATS
#define DROP_STAT_icmp6(kind) DROP_STAT_OFFSET(icmp6, kind)
#else
#define DROP_STAT_icmp6(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && IP6_STATS
#define DROP_STAT_ip6(kind) DROP_STAT_OFFSET(ip6, kind)
#else
#define DROP_STAT_ip6(kind) DROP_STAT_NONE
#endif

#if LWIP_STATS && TCP_STATS
#define DROP_STAT_tcp(kind) DROP_STAT_OFFSET(tcp, kind)
#else
#define DROP_STAT_tcp(kind) DROP_STAT_NONE
#endif

#endif /* GOSSAMER_DROP_STATS_H */
