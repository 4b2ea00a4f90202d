/**
 * @file
 * Profile for the smallest devices: UDP, ICMP and ARP over one Ethernet, nothing else.
 * Include it from lwipopts.h behind your own settings, which win.
 */
#ifndef CONFIG_TINY_H
#define CONFIG_TINY_H

/* System: one main loop */
#ifndef NO_SYS
#define NO_SYS 1
#endif
#ifndef LWIP_MULTI_INSTANCE
#define LWIP_MULTI_INSTANCE 0
#endif
#ifndef LWIP_NETCONN
#define LWIP_NETCONN 0
#endif
#ifndef LWIP_SOCKET
#define LWIP_SOCKET 0
#endif
#ifndef LWIP_TIMERS
#define LWIP_TIMERS 1
#endif
#ifndef SYS_LIGHTWEIGHT_PROT
#define SYS_LIGHTWEIGHT_PROT 0
#endif
#ifndef LWIP_NOASSERT
#define LWIP_NOASSERT 1
#endif

/* Memory */
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 4
#endif
#ifndef MEM_SIZE
#define MEM_SIZE 2048
#endif
#ifndef MEMP_NUM_PBUF
#define MEMP_NUM_PBUF 2
#endif
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 2
#endif
#ifndef MEMP_NUM_SYS_TIMEOUT
#define MEMP_NUM_SYS_TIMEOUT 2
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 3
#endif
#ifndef PBUF_POOL_BUFSIZE
#define PBUF_POOL_BUFSIZE 640
#endif

/* Link */
#ifndef LWIP_ARP
#define LWIP_ARP 1
#endif
#ifndef LWIP_SINGLE_NETIF
#define LWIP_SINGLE_NETIF 1
#endif
#ifndef ARP_TABLE_SIZE
#define ARP_TABLE_SIZE 4
#endif
#ifndef ARP_QUEUEING
#define ARP_QUEUEING 0
#endif

/* IPv4 */
#ifndef LWIP_IPV4
#define LWIP_IPV4 1
#endif
#ifndef IP_FORWARD
#define IP_FORWARD 0
#endif
#ifndef IP_REASSEMBLY
#define IP_REASSEMBLY 0
#endif
#ifndef IP_FRAG
#define IP_FRAG 0
#endif
#ifndef LWIP_ICMP
#define LWIP_ICMP 1
#endif
#ifndef LWIP_IGMP
#define LWIP_IGMP 0
#endif
#ifndef LWIP_PMTU_DISCOVERY
#define LWIP_PMTU_DISCOVERY 0
#endif

/* Switched off, or not in this version yet */
#ifndef LWIP_IPV6
#define LWIP_IPV6 0
#endif
#ifndef LWIP_TCP
#define LWIP_TCP 0
#endif
#ifndef LWIP_DNS
#define LWIP_DNS 0
#endif
#ifndef LWIP_DHCP
#define LWIP_DHCP 0
#endif

/* Transport */
#ifndef LWIP_RAW
#define LWIP_RAW 0
#endif
#ifndef LWIP_UDP
#define LWIP_UDP 1
#endif

/* Statistics */
#ifndef LWIP_STATS
#define LWIP_STATS 0
#endif

#endif /* CONFIG_TINY_H */
