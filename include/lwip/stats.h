/**
 * @file
 * Counters of what the stack does, one set per instance: lwip_stats.
 *
 * Counters wrap. They are written by whoever processes the packet and may be read at any time.
 * Why packets were dropped is told in more detail by gossamer/drop.h.
 */
#ifndef LWIP_HDR_STATS_H
#define LWIP_HDR_STATS_H

#include "lwip/opt.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 1: counters of 32 bits instead of 16. */
#ifndef LWIP_STATS_LARGE
#define LWIP_STATS_LARGE 0
#endif

#if LWIP_STATS_LARGE
#define STAT_COUNTER   u32_t
#define STAT_COUNTER_F U32_F
#else
#define STAT_COUNTER   u16_t
#define STAT_COUNTER_F U16_F
#endif

/** ESP-IDF's counters of address translation. */
#ifndef IP_NAPT_STATS
#define IP_NAPT_STATS 0
#endif

/** One protocol. */
struct stats_proto {
  STAT_COUNTER xmit;     /* packets sent */
  STAT_COUNTER recv;     /* packets received */
  STAT_COUNTER fw;       /* packets forwarded */
  STAT_COUNTER drop;     /* packets dropped; what follows says why */
  STAT_COUNTER chkerr;   /* checksum wrong */
  STAT_COUNTER lenerr;   /* length wrong */
  STAT_COUNTER memerr;   /* out of memory */
  STAT_COUNTER rterr;    /* no route */
  STAT_COUNTER proterr;  /* protocol error */
  STAT_COUNTER opterr;   /* option wrong */
  STAT_COUNTER err;      /* other errors */
  STAT_COUNTER cachehit; /* look-ups that a cache answered */
};

/** IGMP and MLD. */
struct stats_igmp {
  STAT_COUNTER xmit;       /* packets sent */
  STAT_COUNTER recv;       /* packets received */
  STAT_COUNTER drop;       /* packets dropped; what follows says why */
  STAT_COUNTER chkerr;     /* checksum wrong */
  STAT_COUNTER lenerr;     /* length wrong */
  STAT_COUNTER memerr;     /* out of memory */
  STAT_COUNTER proterr;    /* protocol error */
  STAT_COUNTER rx_v1;      /* version 1 messages */
  STAT_COUNTER rx_group;   /* group-specific queries */
  STAT_COUNTER rx_general; /* general queries */
  STAT_COUNTER rx_report;  /* reports of others */
  STAT_COUNTER tx_join;    /* joins sent */
  STAT_COUNTER tx_leave;   /* leaves sent */
  STAT_COUNTER tx_report;  /* reports sent */
};

/** Bytes of the heap, elements of a pool. */
#if MEMP_HAS_LARGE_POOLS && !MEM_CUSTOM_ALLOCATOR
typedef u32_t stats_mem_size_t;
#else
typedef mem_size_t stats_mem_size_t;
#endif

/** The heap (bytes) or one pool (elements). */
struct stats_mem {
#if defined(LWIP_DEBUG) || LWIP_STATS_DISPLAY
  const char *name;
#endif
  STAT_COUNTER err; /* allocations that failed */
  stats_mem_size_t avail;
  stats_mem_size_t used;
  stats_mem_size_t max; /* highest `used` so far */
  STAT_COUNTER illegal; /* frees of what was not allocated */
};

/** One kind of operating system object. */
struct stats_syselem {
  STAT_COUNTER used;
  STAT_COUNTER max;
  STAT_COUNTER err;
};

struct stats_sys {
  struct stats_syselem sem;
  struct stats_syselem mutex;
  struct stats_syselem mbox;
};

struct stats_ip_napt {
  STAT_COUNTER nr_active_tcp;
  STAT_COUNTER nr_active_udp;
  STAT_COUNTER nr_active_icmp;
  STAT_COUNTER nr_forced_evictions;
};

/** Counters named by the management information base MIB-II (RFC 1213). */
struct stats_mib2 {
  u32_t ipinhdrerrors;
  u32_t ipinaddrerrors;
  u32_t ipinunknownprotos;
  u32_t ipindiscards;
  u32_t ipindelivers;
  u32_t ipoutrequests;
  u32_t ipoutdiscards;
  u32_t ipoutnoroutes;
  u32_t ipreasmoks;
  u32_t ipreasmfails;
  u32_t ipfragoks;
  u32_t ipfragfails;
  u32_t ipfragcreates;
  u32_t ipreasmreqds;
  u32_t ipforwdatagrams;
  u32_t ipinreceives;
  u32_t ip6reasmoks;

  u32_t tcpactiveopens;
  u32_t tcppassiveopens;
  u32_t tcpattemptfails;
  u32_t tcpestabresets;
  u32_t tcpoutsegs;
  u32_t tcpretranssegs;
  u32_t tcpinsegs;
  u32_t tcpinerrs;
  u32_t tcpoutrsts;

  u32_t udpindatagrams;
  u32_t udpnoports;
  u32_t udpinerrors;
  u32_t udpoutdatagrams;

  u32_t icmpinmsgs;
  u32_t icmpinerrors;
  u32_t icmpindestunreachs;
  u32_t icmpintimeexcds;
  u32_t icmpinparmprobs;
  u32_t icmpinsrcquenchs;
  u32_t icmpinredirects;
  u32_t icmpinechos;
  u32_t icmpinechoreps;
  u32_t icmpintimestamps;
  u32_t icmpintimestampreps;
  u32_t icmpinaddrmasks;
  u32_t icmpinaddrmaskreps;
  u32_t icmpoutmsgs;
  u32_t icmpouterrors;
  u32_t icmpoutdestunreachs;
  u32_t icmpouttimeexcds;
  u32_t icmpoutechos;
  u32_t icmpoutechoreps;
};

/** The same for one interface. */
struct stats_mib2_netif_ctrs {
  u32_t ifinoctets;
  u32_t ifinucastpkts;
  u32_t ifinnucastpkts;
  u32_t ifindiscards;
  u32_t ifinerrors;
  u32_t ifinunknownprotos;
  u32_t ifoutoctets;
  u32_t ifoutucastpkts;
  u32_t ifoutnucastpkts;
  u32_t ifoutdiscards;
  u32_t ifouterrors;
};

#if LWIP_STATS

struct stats_ {
#if LINK_STATS
  struct stats_proto link;
#endif
#if ETHARP_STATS
  struct stats_proto etharp;
#endif
#if IPFRAG_STATS
  struct stats_proto ip_frag;
#endif
#if IP_STATS
  struct stats_proto ip;
#endif
#if ICMP_STATS
  struct stats_proto icmp;
#endif
#if IGMP_STATS
  struct stats_igmp igmp;
#endif
#if UDP_STATS
  struct stats_proto udp;
#endif
#if TCP_STATS
  struct stats_proto tcp;
#endif
#if MEM_STATS
  struct stats_mem mem;
#endif
#if MEMP_STATS
  struct stats_mem *memp[MEMP_MAX];
#endif
#if SYS_STATS
  struct stats_sys sys;
#endif
#if IP6_STATS
  struct stats_proto ip6;
#endif
#if ICMP6_STATS
  struct stats_proto icmp6;
#endif
#if IP6_FRAG_STATS
  struct stats_proto ip6_frag;
#endif
#if MLD6_STATS
  struct stats_igmp mld6;
#endif
#if ND6_STATS
  struct stats_proto nd6;
#endif
#if MIB2_STATS
  struct stats_mib2 mib2;
#endif
#if IP_NAPT_STATS
  struct stats_ip_napt ip_napt;
#endif
};

STACK_GLOBAL_DECLARE(struct stats_, lwip_stats);
#define lwip_stats STACK_GLOBAL(struct stats_, lwip_stats)

/** Name what stats_display() shows; lwip_init() calls it. */
void stats_init(void);

#define STATS_INC(x) ++lwip_stats.x
#define STATS_DEC(x) --lwip_stats.x
#define STATS_INC_USED(x, y, type)                                                                 \
  do {                                                                                             \
    lwip_stats.x.used = (type)(lwip_stats.x.used + (y));                                           \
    if (lwip_stats.x.max < lwip_stats.x.used) {                                                    \
      lwip_stats.x.max = lwip_stats.x.used;                                                        \
    }                                                                                              \
  } while (0)
#define STATS_GET(x) lwip_stats.x

#else /* LWIP_STATS */

#define stats_init()
#define STATS_INC(x)
#define STATS_DEC(x)
#define STATS_INC_USED(x, y, type)

#endif /* LWIP_STATS */

#if TCP_STATS
#define TCP_STATS_INC(x)    STATS_INC(x)
#define TCP_STATS_DISPLAY() stats_display_proto(&lwip_stats.tcp, "TCP")
#else
#define TCP_STATS_INC(x)
#define TCP_STATS_DISPLAY()
#endif

#if UDP_STATS
#define UDP_STATS_INC(x)    STATS_INC(x)
#define UDP_STATS_DISPLAY() stats_display_proto(&lwip_stats.udp, "UDP")
#else
#define UDP_STATS_INC(x)
#define UDP_STATS_DISPLAY()
#endif

#if ICMP_STATS
#define ICMP_STATS_INC(x)    STATS_INC(x)
#define ICMP_STATS_DISPLAY() stats_display_proto(&lwip_stats.icmp, "ICMP")
#else
#define ICMP_STATS_INC(x)
#define ICMP_STATS_DISPLAY()
#endif

#if IGMP_STATS
#define IGMP_STATS_INC(x)    STATS_INC(x)
#define IGMP_STATS_DISPLAY() stats_display_igmp(&lwip_stats.igmp, "IGMP")
#else
#define IGMP_STATS_INC(x)
#define IGMP_STATS_DISPLAY()
#endif

#if IP_STATS
#define IP_STATS_INC(x)    STATS_INC(x)
#define IP_STATS_DISPLAY() stats_display_proto(&lwip_stats.ip, "IP")
#else
#define IP_STATS_INC(x)
#define IP_STATS_DISPLAY()
#endif

#if IPFRAG_STATS
#define IPFRAG_STATS_INC(x)    STATS_INC(x)
#define IPFRAG_STATS_DISPLAY() stats_display_proto(&lwip_stats.ip_frag, "IP_FRAG")
#else
#define IPFRAG_STATS_INC(x)
#define IPFRAG_STATS_DISPLAY()
#endif

#if ETHARP_STATS
#define ETHARP_STATS_INC(x)    STATS_INC(x)
#define ETHARP_STATS_DISPLAY() stats_display_proto(&lwip_stats.etharp, "ETHARP")
#else
#define ETHARP_STATS_INC(x)
#define ETHARP_STATS_DISPLAY()
#endif

#if LINK_STATS
#define LINK_STATS_INC(x)    STATS_INC(x)
#define LINK_STATS_DISPLAY() stats_display_proto(&lwip_stats.link, "LINK")
#else
#define LINK_STATS_INC(x)
#define LINK_STATS_DISPLAY()
#endif

#if IP6_STATS
#define IP6_STATS_INC(x)    STATS_INC(x)
#define IP6_STATS_DISPLAY() stats_display_proto(&lwip_stats.ip6, "IPv6")
#else
#define IP6_STATS_INC(x)
#define IP6_STATS_DISPLAY()
#endif

#if ICMP6_STATS
#define ICMP6_STATS_INC(x)    STATS_INC(x)
#define ICMP6_STATS_DISPLAY() stats_display_proto(&lwip_stats.icmp6, "ICMPv6")
#else
#define ICMP6_STATS_INC(x)
#define ICMP6_STATS_DISPLAY()
#endif

#if IP6_FRAG_STATS
#define IP6_FRAG_STATS_INC(x)    STATS_INC(x)
#define IP6_FRAG_STATS_DISPLAY() stats_display_proto(&lwip_stats.ip6_frag, "IPv6 FRAG")
#else
#define IP6_FRAG_STATS_INC(x)
#define IP6_FRAG_STATS_DISPLAY()
#endif

#if MLD6_STATS
#define MLD6_STATS_INC(x)    STATS_INC(x)
#define MLD6_STATS_DISPLAY() stats_display_igmp(&lwip_stats.mld6, "MLDv1")
#else
#define MLD6_STATS_INC(x)
#define MLD6_STATS_DISPLAY()
#endif

#if ND6_STATS
#define ND6_STATS_INC(x)    STATS_INC(x)
#define ND6_STATS_DISPLAY() stats_display_proto(&lwip_stats.nd6, "ND")
#else
#define ND6_STATS_INC(x)
#define ND6_STATS_DISPLAY()
#endif

#if MEM_STATS
#define MEM_STATS_AVAIL(x, y)    lwip_stats.mem.x = (y)
#define MEM_STATS_INC(x)         STATS_INC(mem.x)
#define MEM_STATS_INC_USED(x, y) STATS_INC_USED(mem, y, stats_mem_size_t)
#define MEM_STATS_DEC_USED(x, y) lwip_stats.mem.x = (stats_mem_size_t)(lwip_stats.mem.x - (y))
#define MEM_STATS_DISPLAY()      stats_display_mem(&lwip_stats.mem, "HEAP")
#if defined(LWIP_DEBUG) || LWIP_STATS_DISPLAY
#define MEM_STATS_SET_NAME(text) lwip_stats.mem.name = (text)
#else
#define MEM_STATS_SET_NAME(text)
#endif
#else
#define MEM_STATS_AVAIL(x, y)
#define MEM_STATS_INC(x)
#define MEM_STATS_INC_USED(x, y)
#define MEM_STATS_DEC_USED(x, y)
#define MEM_STATS_DISPLAY()
#define MEM_STATS_SET_NAME(text)
#endif

#if MEMP_STATS
#define MEMP_STATS_DEC(x, i)  STATS_DEC(memp[i]->x)
#define MEMP_STATS_DISPLAY(i) stats_display_memp(lwip_stats.memp[i], i)
#define MEMP_STATS_GET(x, i)  STATS_GET(memp[i]->x)
#else
#define MEMP_STATS_DEC(x, i)
#define MEMP_STATS_DISPLAY(i)
#define MEMP_STATS_GET(x, i) 0
#endif

#if SYS_STATS
#define SYS_STATS_INC(x)      STATS_INC(sys.x)
#define SYS_STATS_DEC(x)      STATS_DEC(sys.x)
#define SYS_STATS_INC_USED(x) STATS_INC_USED(sys.x, 1, STAT_COUNTER)
#define SYS_STATS_DISPLAY()   stats_display_sys(&lwip_stats.sys)
#else
#define SYS_STATS_INC(x)
#define SYS_STATS_DEC(x)
#define SYS_STATS_INC_USED(x)
#define SYS_STATS_DISPLAY()
#endif

#if MIB2_STATS
#define MIB2_STATS_INC(x) STATS_INC(x)
#else
#define MIB2_STATS_INC(x)
#endif

#if LWIP_STATS && IP_NAPT_STATS
#define IP_NAPT_STATS_INC(x)    STATS_INC(x)
#define IP_NAPT_STATS_DISPLAY() stats_display_ip_napt(&lwip_stats.ip_napt)
#else
#define IP_NAPT_STATS_INC(x)
#define IP_NAPT_STATS_DISPLAY()
#endif

#if LWIP_STATS_DISPLAY
/** Print all counters with LWIP_PLATFORM_DIAG(). */
void stats_display(void);
/** ... one group under the heading `name`. */
void stats_display_proto(struct stats_proto *proto, const char *name);
void stats_display_igmp(struct stats_igmp *igmp, const char *name);
void stats_display_mem(struct stats_mem *mem, const char *name);
/** ... the pool number `index`. */
void stats_display_memp(struct stats_mem *mem, int index);
void stats_display_sys(struct stats_sys *sys);
void stats_display_ip_napt(struct stats_ip_napt *napt);
#else
#define stats_display()
#define stats_display_proto(proto, name)
#define stats_display_igmp(igmp, name)
#define stats_display_mem(mem, name)
#define stats_display_memp(mem, index)
#define stats_display_sys(sys)
#define stats_display_ip_napt(napt)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_STATS_H */
