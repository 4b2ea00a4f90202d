/*
 * Every pool of the stack, one line each: LWIP_MEMPOOL(name, elements, size, "description").
 *
 * Included with LWIP_MEMPOOL defined, several times, so without an include guard. The size is only
 * evaluated where src/base/memp_pools.c includes this.
 */

/* A pool that mem_malloc() draws from, in front of whose elements stands their pool's number. */
#ifndef LWIP_MALLOC_MEMPOOL
#define LWIP_MALLOC_MEMPOOL(num, size)                                                             \
  LWIP_MEMPOOL(POOL_##size, num,                                                                   \
               ((size) + LWIP_MEM_ALIGN_SIZE(sizeof(struct memp_malloc_helper))), "MALLOC_" #size)
#endif
#ifndef LWIP_MALLOC_MEMPOOL_START
#define LWIP_MALLOC_MEMPOOL_START
#endif
#ifndef LWIP_MALLOC_MEMPOOL_END
#define LWIP_MALLOC_MEMPOOL_END
#endif

/* A pool of pbufs with `payload` bytes each. */
#ifndef LWIP_PBUF_MEMPOOL
#define LWIP_PBUF_MEMPOOL(name, num, payload, desc)                                                \
  LWIP_MEMPOOL(name, num,                                                                          \
               (LWIP_MEM_ALIGN_SIZE(sizeof(struct pbuf)) + LWIP_MEM_ALIGN_SIZE(payload)), desc)
#endif

#if LWIP_RAW
LWIP_MEMPOOL(RAW_PCB, MEMP_NUM_RAW_PCB, sizeof(struct raw_pcb), "RAW_PCB")
#endif

#if LWIP_UDP
LWIP_MEMPOOL(UDP_PCB, MEMP_NUM_UDP_PCB, sizeof(struct udp_pcb), "UDP_PCB")
#endif

#if LWIP_TCP
LWIP_MEMPOOL(TCP_PCB, MEMP_NUM_TCP_PCB, sizeof(struct tcp_pcb), "TCP_PCB")
LWIP_MEMPOOL(TCP_PCB_LISTEN, MEMP_NUM_TCP_PCB_LISTEN, sizeof(struct tcp_pcb_listen),
             "TCP_PCB_LISTEN")
LWIP_MEMPOOL(TCP_SEG, MEMP_NUM_TCP_SEG, sizeof(struct tcp_seg), "TCP_SEG")
LWIP_MEMPOOL(TCP_SLICE, MEMP_NUM_TCP_SLICE, sizeof(struct tcp_slice), "TCP_SLICE")
#if LWIP_TCP_SACK_IN
LWIP_MEMPOOL(TCP_XMIT, MEMP_NUM_TCP_XMIT, sizeof(struct tcp_xmit), "TCP_XMIT")
#endif
LWIP_MEMPOOL(TCP_TW, MEMP_NUM_TCP_TW, sizeof(struct tcp_tw), "TCP_TW")
#if LWIP_TCP_SYNCACHE
LWIP_MEMPOOL(TCP_HALF_OPEN, MEMP_NUM_TCP_HALF_OPEN, sizeof(struct tcp_half_open), "TCP_HALF_OPEN")
#endif
#endif

#if LWIP_ALTCP && LWIP_TCP
LWIP_MEMPOOL(ALTCP_PCB, MEMP_NUM_ALTCP_PCB, sizeof(struct altcp_pcb), "ALTCP_PCB")
#endif

#if IP_REASSEMBLY || LWIP_IPV6_REASS
LWIP_MEMPOOL(REASSDATA, MEMP_NUM_REASSDATA, sizeof(struct ip_reassdata), "REASSDATA")
#endif

#if (IP_FRAG || LWIP_IPV6_FRAG) && !LWIP_NETIF_TX_SINGLE_PBUF
LWIP_MEMPOOL(FRAG_PBUF, MEMP_NUM_FRAG_PBUF, sizeof(struct pbuf_custom_ref), "FRAG_PBUF")
#endif

#if LWIP_NETCONN || LWIP_SOCKET
LWIP_MEMPOOL(NETBUF, MEMP_NUM_NETBUF, sizeof(struct netbuf), "NETBUF")
LWIP_MEMPOOL(NETCONN, MEMP_NUM_NETCONN, sizeof(struct netconn), "NETCONN")
#endif

#if !NO_SYS
LWIP_MEMPOOL(TCPIP_MSG_API, MEMP_NUM_TCPIP_MSG_API, sizeof(struct tcpip_msg), "TCPIP_MSG_API")
#if LWIP_MPU_COMPATIBLE
#if LWIP_NETIF_API
LWIP_MEMPOOL(NETIFAPI_MSG, MEMP_NUM_NETIFAPI_MSG, sizeof(struct netifapi_msg), "NETIFAPI_MSG")
#endif
#endif
#if !LWIP_TCPIP_CORE_LOCKING_INPUT
LWIP_MEMPOOL(TCPIP_MSG_INPKT, MEMP_NUM_TCPIP_MSG_INPKT, sizeof(struct tcpip_msg), "TCPIP_MSG_INPKT")
#endif
#endif

#if LWIP_IPV4 && LWIP_ARP && ARP_QUEUEING
LWIP_MEMPOOL(ARP_QUEUE, MEMP_NUM_ARP_QUEUE, sizeof(struct etharp_q_entry), "ARP_QUEUE")
#endif

#if LWIP_IPV4 && LWIP_IGMP
LWIP_MEMPOOL(IGMP_GROUP, MEMP_NUM_IGMP_GROUP, sizeof(struct igmp_group), "IGMP_GROUP")
#endif

#if LWIP_IPV6 && LWIP_IPV6_MLD
LWIP_MEMPOOL(MLD6_GROUP, MEMP_NUM_MLD6_GROUP, sizeof(struct mld_group), "MLD6_GROUP")
#endif

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ND6_QUEUEING
LWIP_MEMPOOL(ND6_QUEUE, MEMP_NUM_ND6_QUEUE, sizeof(struct nd6_q_entry), "ND6_QUEUE")
#endif

#if LWIP_TIMERS && !LWIP_TIMERS_CUSTOM
LWIP_MEMPOOL(SYS_TIMEOUT, MEMP_NUM_SYS_TIMEOUT, sizeof(struct sys_timeo), "SYS_TIMEOUT")
#endif

#if LWIP_DNS && DNS_LOCAL_HOSTLIST && DNS_LOCAL_HOSTLIST_IS_DYNAMIC
LWIP_MEMPOOL(LOCALHOSTLIST, MEMP_NUM_LOCALHOSTLIST, LOCALHOSTLIST_ELEM_SIZE, "LOCALHOSTLIST")
#endif

/* PBUF_ROM and PBUF_REF need the struct alone. */
LWIP_PBUF_MEMPOOL(PBUF, MEMP_NUM_PBUF, 0, "PBUF_REF/ROM")
LWIP_PBUF_MEMPOOL(PBUF_POOL, PBUF_POOL_SIZE, PBUF_POOL_BUFSIZE, "PBUF_POOL")

#if MEMP_USE_CUSTOM_POOLS
#include "lwippools.h"
#endif

#undef LWIP_MEMPOOL
#undef LWIP_MALLOC_MEMPOOL
#undef LWIP_MALLOC_MEMPOOL_START
#undef LWIP_MALLOC_MEMPOOL_END
#undef LWIP_PBUF_MEMPOOL
