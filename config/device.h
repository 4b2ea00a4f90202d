/**
 * @file
 * Profile for a microcontroller with some 64 KiB of RAM: one instance, fixed pools, no threads.
 * Include it from lwipopts.h behind your own settings, which win.
 */
#ifndef CONFIG_DEVICE_H
#define CONFIG_DEVICE_H

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
#define SYS_LIGHTWEIGHT_PROT 1
#endif

/* Memory */
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 4
#endif
#ifndef MEM_SIZE
#define MEM_SIZE (12 * 1024)
#endif
#ifndef MEMP_NUM_PBUF
#define MEMP_NUM_PBUF 16
#endif
#ifndef MEMP_NUM_RAW_PCB
#define MEMP_NUM_RAW_PCB 2
#endif
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 8
#endif
#ifndef MEMP_NUM_REASSDATA
#define MEMP_NUM_REASSDATA 2
#endif
#ifndef MEMP_NUM_FRAG_PBUF
#define MEMP_NUM_FRAG_PBUF 8
#endif
#ifndef MEMP_NUM_ARP_QUEUE
#define MEMP_NUM_ARP_QUEUE 8
#endif
#ifndef MEMP_NUM_IGMP_GROUP
#define MEMP_NUM_IGMP_GROUP 8
#endif
#ifndef MEMP_NUM_MLD6_GROUP
#define MEMP_NUM_MLD6_GROUP 8
#endif
#ifndef MEMP_NUM_SYS_TIMEOUT
#define MEMP_NUM_SYS_TIMEOUT 8
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 16
#endif
#ifndef PBUF_POOL_BUFSIZE
#define PBUF_POOL_BUFSIZE 1536
#endif

/* Link */
#ifndef LWIP_ARP
#define LWIP_ARP 1
#endif
#ifndef ARP_TABLE_SIZE
#define ARP_TABLE_SIZE 10
#endif
#ifndef ARP_QUEUEING
#define ARP_QUEUEING 1
#endif
#ifndef ARP_QUEUE_LEN
#define ARP_QUEUE_LEN 3
#endif
#ifndef LWIP_NETIF_HOSTNAME
#define LWIP_NETIF_HOSTNAME 1
#endif
#ifndef LWIP_NETIF_STATUS_CALLBACK
#define LWIP_NETIF_STATUS_CALLBACK 1
#endif
#ifndef LWIP_NETIF_LINK_CALLBACK
#define LWIP_NETIF_LINK_CALLBACK 1
#endif
#ifndef LWIP_NETIF_TX_SINGLE_PBUF
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#endif

/* IPv4 */
#ifndef LWIP_IPV4
#define LWIP_IPV4 1
#endif
#ifndef IP_FORWARD
#define IP_FORWARD 0
#endif
#ifndef IP_REASSEMBLY
#define IP_REASSEMBLY 1
#endif
#ifndef IP_FRAG
#define IP_FRAG 1
#endif
#ifndef LWIP_ICMP
#define LWIP_ICMP 1
#endif
#ifndef LWIP_IGMP
#define LWIP_IGMP 1
#endif

#ifndef LWIP_IPV6
#define LWIP_IPV6 1
#endif

/* Young (TCP), or not in this version yet */
#ifndef LWIP_TCP
#define LWIP_TCP 0
#endif
#ifndef LWIP_TCP_SYNCACHE
#define LWIP_TCP_SYNCACHE 1
#endif
#ifndef LWIP_DNS
#define LWIP_DNS 0
#endif
#ifndef LWIP_DHCP
#define LWIP_DHCP 0
#endif

/* Transport */
#ifndef LWIP_RAW
#define LWIP_RAW 1
#endif
#ifndef LWIP_UDP
#define LWIP_UDP 1
#endif
#ifndef SO_REUSE
#define SO_REUSE 1
#endif

/* Statistics */
#ifndef LWIP_STATS
#define LWIP_STATS 1
#endif
#ifndef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 0
#endif

#endif /* CONFIG_DEVICE_H */
