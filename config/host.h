/**
 * @file
 * Profile for hosted systems: threads, many stack instances, malloc, every feature of this version.
 * Include it from lwipopts.h behind your own settings, which win.
 */
#ifndef CONFIG_HOST_H
#define CONFIG_HOST_H

/* System */
#ifndef NO_SYS
#define NO_SYS 0
#endif
#ifndef LWIP_MULTI_INSTANCE
#define LWIP_MULTI_INSTANCE 1
#endif
/* Netconns and sockets where there are threads. */
#ifndef LWIP_NETCONN
#define LWIP_NETCONN (!NO_SYS)
#endif
#ifndef LWIP_SOCKET
#define LWIP_SOCKET (!NO_SYS)
#endif
#ifndef LWIP_NETCONN_SEM_PER_THREAD
#define LWIP_NETCONN_SEM_PER_THREAD (!NO_SYS)
#endif
#ifndef LWIP_NETCONN_FULLDUPLEX
#define LWIP_NETCONN_FULLDUPLEX LWIP_NETCONN_SEM_PER_THREAD
#endif
#ifndef LWIP_SO_RCVTIMEO
#define LWIP_SO_RCVTIMEO 1
#endif
#ifndef LWIP_SO_SNDTIMEO
#define LWIP_SO_SNDTIMEO 1
#endif
#ifndef LWIP_SO_RCVBUF
#define LWIP_SO_RCVBUF 1
#endif
#ifndef RECV_BUFSIZE_DEFAULT
#define RECV_BUFSIZE_DEFAULT (256 * 1024)
#endif
#ifndef LWIP_SO_LINGER
#define LWIP_SO_LINGER 1
#endif
#ifndef LWIP_NETBUF_RECVINFO
#define LWIP_NETBUF_RECVINFO 1
#endif
#ifndef LWIP_FIONREAD_LINUXMODE
#define LWIP_FIONREAD_LINUXMODE 1
#endif
#ifndef MEMP_NUM_NETCONN
#define MEMP_NUM_NETCONN 1024
#endif
#ifndef MEMP_NUM_NETBUF
#define MEMP_NUM_NETBUF 4096
#endif
#ifndef DEFAULT_UDP_RECVMBOX_SIZE
#define DEFAULT_UDP_RECVMBOX_SIZE 256
#endif
#ifndef DEFAULT_RAW_RECVMBOX_SIZE
#define DEFAULT_RAW_RECVMBOX_SIZE 256
#endif
#ifndef LWIP_NETIF_API
#define LWIP_NETIF_API (!NO_SYS)
#endif
#ifndef TCPIP_MBOX_SIZE
#define TCPIP_MBOX_SIZE 256
#endif
#ifndef LWIP_NETCONN_SEM_PER_THREAD
#define LWIP_NETCONN_SEM_PER_THREAD 1
#endif
#ifndef LWIP_TCPIP_TIMEOUT
#define LWIP_TCPIP_TIMEOUT 1
#endif
#ifndef LWIP_TIMERS
#define LWIP_TIMERS 1
#endif
#ifndef SYS_LIGHTWEIGHT_PROT
#define SYS_LIGHTWEIGHT_PROT 1
#endif

/* Memory: everything from malloc(); the numbers are limits */
#ifndef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 1
#endif
#ifndef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 1
#endif
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 8
#endif
#ifndef MEM_SIZE
#define MEM_SIZE (1024 * 1024)
#endif
#ifndef MEMP_NUM_PBUF
#define MEMP_NUM_PBUF 32768
#endif
#ifndef MEMP_NUM_RAW_PCB
#define MEMP_NUM_RAW_PCB 256
#endif
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 20000
#endif
#ifndef MEMP_NUM_REASSDATA
#define MEMP_NUM_REASSDATA 64
#endif
#ifndef MEMP_NUM_FRAG_PBUF
#define MEMP_NUM_FRAG_PBUF 1024
#endif
#ifndef MEMP_NUM_ARP_QUEUE
#define MEMP_NUM_ARP_QUEUE 512
#endif
#ifndef MEMP_NUM_IGMP_GROUP
#define MEMP_NUM_IGMP_GROUP 256
#endif
#ifndef MEMP_NUM_MLD6_GROUP
#define MEMP_NUM_MLD6_GROUP 256
#endif
#ifndef MEMP_NUM_SYS_TIMEOUT
#define MEMP_NUM_SYS_TIMEOUT 256
#endif
#ifndef MEMP_NUM_TCPIP_MSG_API
#define MEMP_NUM_TCPIP_MSG_API 64
#endif
#ifndef MEMP_NUM_TCPIP_MSG_INPKT
#define MEMP_NUM_TCPIP_MSG_INPKT 1024
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 8192
#endif
#ifndef PBUF_POOL_BUFSIZE
#define PBUF_POOL_BUFSIZE 1600
#endif
#ifndef LWIP_PBUF_REF_T
#define LWIP_PBUF_REF_T u16_t
#endif
#ifndef LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT
#define LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT 1
#endif

/* Link */
#ifndef LWIP_ARP
#define LWIP_ARP 1
#endif
#ifndef LWIP_ETHERNET
#define LWIP_ETHERNET 1
#endif
#ifndef ARP_TABLE_SIZE
#define ARP_TABLE_SIZE 64
#endif
#ifndef ARP_QUEUEING
#define ARP_QUEUEING 1
#endif
#ifndef ARP_QUEUE_LEN
#define ARP_QUEUE_LEN 16
#endif
#ifndef ETHARP_SUPPORT_STATIC_ENTRIES
#define ETHARP_SUPPORT_STATIC_ENTRIES 1
#endif
#ifndef ETHARP_SUPPORT_VLAN
#define ETHARP_SUPPORT_VLAN 1
#endif
#ifndef LWIP_VLAN_PCP
#define LWIP_VLAN_PCP 1
#endif
#ifndef LWIP_NETIF_HOSTNAME
#define LWIP_NETIF_HOSTNAME 1
#endif
#ifndef LWIP_NETIF_STATUS_CALLBACK
#define LWIP_NETIF_STATUS_CALLBACK 1
#endif
#ifndef LWIP_NETIF_EXT_STATUS_CALLBACK
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#endif
#ifndef LWIP_NETIF_LINK_CALLBACK
#define LWIP_NETIF_LINK_CALLBACK 1
#endif
#ifndef LWIP_NETIF_REMOVE_CALLBACK
#define LWIP_NETIF_REMOVE_CALLBACK 1
#endif
#ifndef LWIP_NETIF_HWADDRHINT
#define LWIP_NETIF_HWADDRHINT 1
#endif
#ifndef LWIP_NUM_NETIF_CLIENT_DATA
#define LWIP_NUM_NETIF_CLIENT_DATA 4
#endif
#ifndef LWIP_NETIF_LOOPBACK
#define LWIP_NETIF_LOOPBACK 1
#endif
#ifndef LWIP_HAVE_LOOPIF
#define LWIP_HAVE_LOOPIF 1
#endif
#ifndef LWIP_LOOPIF_MULTICAST
#define LWIP_LOOPIF_MULTICAST 1
#endif
#ifndef LWIP_LOOPBACK_MAX_PBUFS
#define LWIP_LOOPBACK_MAX_PBUFS 64
#endif

/* IPv4 */
#ifndef LWIP_IPV4
#define LWIP_IPV4 1
#endif
#ifndef IP_FORWARD
#define IP_FORWARD 1
#endif
#ifndef IP_REASSEMBLY
#define IP_REASSEMBLY 1
#endif
#ifndef IP_FRAG
#define IP_FRAG 1
#endif
#ifndef IP_OPTIONS_ALLOWED
#define IP_OPTIONS_ALLOWED 1
#endif
#ifndef IP_REASS_MAX_PBUFS
#define IP_REASS_MAX_PBUFS 512
#endif
#ifndef IP_SOF_BROADCAST
#define IP_SOF_BROADCAST 1
#endif
#ifndef IP_SOF_BROADCAST_RECV
#define IP_SOF_BROADCAST_RECV 0
#endif
#ifndef LWIP_ICMP
#define LWIP_ICMP 1
#endif
#ifndef LWIP_UDP_ERRORS
#define LWIP_UDP_ERRORS 1
#endif
#ifndef LWIP_RAW_ERRORS
#define LWIP_RAW_ERRORS 1
#endif
#ifndef LWIP_BROADCAST_PING
#define LWIP_BROADCAST_PING 0
#endif
#ifndef LWIP_MULTICAST_PING
#define LWIP_MULTICAST_PING 0
#endif
#ifndef LWIP_IGMP
#define LWIP_IGMP 1
#endif
#ifndef LWIP_MULTICAST_TX_OPTIONS
#define LWIP_MULTICAST_TX_OPTIONS 1
#endif
#ifndef LWIP_IPV4_NUM_ADDRESSES
#define LWIP_IPV4_NUM_ADDRESSES 4
#endif
#if !defined(LWIP_NUM_ROUTES) && !defined(LWIP_IPV4_NUM_ROUTES)
#define LWIP_NUM_ROUTES 64
#endif
#ifndef LWIP_PMTU_DISCOVERY
#define LWIP_PMTU_DISCOVERY 1
#endif
#ifndef LWIP_PMTU_NUM_DESTINATIONS
#define LWIP_PMTU_NUM_DESTINATIONS 64
#endif

/* Neighbours of IPv6 links */
#ifndef LWIP_ND6_NUM_NEIGHBORS
#define LWIP_ND6_NUM_NEIGHBORS 64
#endif
#ifndef LWIP_ND6_NUM_DESTINATIONS
#define LWIP_ND6_NUM_DESTINATIONS 64
#endif
#ifndef MEMP_NUM_ND6_QUEUE
#define MEMP_NUM_ND6_QUEUE 64
#endif
#ifndef LWIP_ND6_NUM_PROXIES
#define LWIP_ND6_NUM_PROXIES 8
#endif
#ifndef LWIP_ND6_SUPPORT_STATIC_ENTRIES
#define LWIP_ND6_SUPPORT_STATIC_ENTRIES 1
#endif

/* IPv6 addresses: temporary ones where netif_ip6_temporary_set() wants them */
#ifndef LWIP_IPV6_NUM_ADDRESSES
#define LWIP_IPV6_NUM_ADDRESSES 8
#endif
#ifndef LWIP_IPV6_TEMPORARY
#define LWIP_IPV6_TEMPORARY 1
#endif

/* Routers of IPv6 links */
#ifndef LWIP_ND6_NUM_ROUTERS
#define LWIP_ND6_NUM_ROUTERS 8
#endif
#ifndef LWIP_ND6_NUM_ROUTES
#define LWIP_ND6_NUM_ROUTES 16
#endif
#ifndef LWIP_ND6_NUM_PREFIXES
#define LWIP_ND6_NUM_PREFIXES 16
#endif
#ifndef LWIP_ND6_RDNSS_MAX_DNS_SERVERS
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 4
#endif
#ifndef LWIP_IPV6_FORWARD
#define LWIP_IPV6_FORWARD 1
#endif
#ifndef LWIP_IPV6_FLOW_LABEL
#define LWIP_IPV6_FLOW_LABEL 1
#endif
#ifndef LWIP_ROUTER_ADVERT
#define LWIP_ROUTER_ADVERT 1
#endif

/* IPv6; more of it below */
#ifndef LWIP_IPV6
#define LWIP_IPV6 1
#endif
#ifndef LWIP_TCP
#define LWIP_TCP 1
#endif
#ifndef TCP_MSS
#define TCP_MSS 1460
#endif
#ifndef TCP_WND
#define TCP_WND (4 * 1024 * 1024)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF (4 * 1024 * 1024)
#endif
#ifndef TCP_SND_QUEUELEN
#define TCP_SND_QUEUELEN 16384
#endif
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB 120000
#endif
#ifndef MEMP_NUM_TCP_PCB_LISTEN
#define MEMP_NUM_TCP_PCB_LISTEN 1024
#endif
#ifndef MEMP_NUM_TCP_SEG
#define MEMP_NUM_TCP_SEG 30000
#endif
#ifndef MEMP_NUM_TCP_TW
#define MEMP_NUM_TCP_TW 16384
#endif
#ifndef TCP_HASH_SIZE
#define TCP_HASH_SIZE 1024
#endif
#ifndef TCP_HASH_SIZE_MAX
#define TCP_HASH_SIZE_MAX (256 * 1024)
#endif
#ifndef LWIP_TCP_SYNCACHE
#define LWIP_TCP_SYNCACHE 1
#endif
#ifndef MEMP_NUM_TCP_HALF_OPEN
#define MEMP_NUM_TCP_HALF_OPEN 4096
#endif
#ifndef LWIP_WND_SCALE
#define LWIP_WND_SCALE 1
#endif
#ifndef TCP_RCV_SCALE
#define TCP_RCV_SCALE 7
#endif
#ifndef LWIP_TCP_SACK_OUT
#define LWIP_TCP_SACK_OUT 1
#endif
#ifndef LWIP_TCP_SACK_IN
#define LWIP_TCP_SACK_IN 1
#endif
#ifndef LWIP_TCP_USER_TIMEOUT
#define LWIP_TCP_USER_TIMEOUT 1
#endif
#ifndef LWIP_TCP_URGENT
#define LWIP_TCP_URGENT 1
#endif
#ifndef LWIP_TCP_CUBIC
#define LWIP_TCP_CUBIC 1
#endif
#ifndef LWIP_TCP_RENO
#define LWIP_TCP_RENO 1
#endif
#ifndef LWIP_TCP_ECN
#define LWIP_TCP_ECN 1
#endif
#ifndef LWIP_TCP_TIMESTAMPS
#define LWIP_TCP_TIMESTAMPS 1
#endif
#ifndef LWIP_TCP_RCV_AUTOTUNE
#define LWIP_TCP_RCV_AUTOTUNE LWIP_WND_SCALE
#endif
#ifndef LWIP_TCP_INFO
#define LWIP_TCP_INFO 1
#endif
#ifndef LWIP_TCP_PCB_NUM_EXT_ARGS
#define LWIP_TCP_PCB_NUM_EXT_ARGS 1
#endif
#ifndef LWIP_OFFLOAD
#define LWIP_OFFLOAD 1
#endif
#ifndef LWIP_ALTCP
#define LWIP_ALTCP 1
#endif
#ifndef TCP_LISTEN_BACKLOG
#define TCP_LISTEN_BACKLOG 1
#endif
#ifndef LWIP_TCP_KEEPALIVE
#define LWIP_TCP_KEEPALIVE 1
#endif
#ifndef LWIP_TCP_RTO_TIME
#define LWIP_TCP_RTO_TIME 1000
#endif
#ifndef LWIP_ANY_ADDRESS
#if defined(LWIP_EVENT_API) && LWIP_EVENT_API
#define LWIP_ANY_ADDRESS 0
#else
#define LWIP_ANY_ADDRESS 1
#endif
#endif
#ifndef LWIP_ANY_ADDRESS_SYNS
#define LWIP_ANY_ADDRESS_SYNS 1024
#endif
#ifndef LWIP_DNS
#define LWIP_DNS LWIP_UDP
#endif
#ifndef DNS_MAX_SERVERS
#define DNS_MAX_SERVERS 4
#endif
#ifndef DNS_MAX_NETIF_SERVERS
#define DNS_MAX_NETIF_SERVERS 16
#endif
#ifndef DNS_TABLE_SIZE
#define DNS_TABLE_SIZE 128
#endif
#ifndef DNS_TCP_MESSAGE_MAX
#define DNS_TCP_MESSAGE_MAX (LWIP_TCP && LWIP_CALLBACK_API ? 65535 : 0)
#endif
#ifndef DNS_LOCAL_HOSTLIST
#define DNS_LOCAL_HOSTLIST 1
#endif
#ifndef DNS_LOCAL_HOSTLIST_IS_DYNAMIC
#define DNS_LOCAL_HOSTLIST_IS_DYNAMIC DNS_LOCAL_HOSTLIST
#endif
#ifndef MEMP_NUM_LOCALHOSTLIST
#define MEMP_NUM_LOCALHOSTLIST 64
#endif

/* Configuration */
#ifndef LWIP_DHCP
#define LWIP_DHCP LWIP_UDP
#endif
#ifndef LWIP_AUTOIP
#define LWIP_AUTOIP LWIP_ARP
#endif
#ifndef LWIP_DHCP_AUTOIP_COOP
#define LWIP_DHCP_AUTOIP_COOP (LWIP_DHCP && LWIP_AUTOIP)
#endif
#ifndef LWIP_DHCP_AUTOIP_COOP_TRIES
#define LWIP_DHCP_AUTOIP_COOP_TRIES 3
#endif
#ifndef CONFIG_LWIP_DHCPS_MAX_STATION_NUM
#define CONFIG_LWIP_DHCPS_MAX_STATION_NUM 64
#endif
#ifndef LWIP_DHCP_DOMAIN_LEN
#define LWIP_DHCP_DOMAIN_LEN 63
#endif

/* HTTP server */
#ifndef LWIP_HTTPD_CGI
#define LWIP_HTTPD_CGI 1
#endif
#ifndef LWIP_HTTPD_CGI_SSI
#define LWIP_HTTPD_CGI_SSI 1
#endif
#ifndef LWIP_HTTPD_SSI
#define LWIP_HTTPD_SSI 1
#endif
#ifndef LWIP_HTTPD_SUPPORT_POST
#define LWIP_HTTPD_SUPPORT_POST 1
#endif
#ifndef LWIP_HTTPD_POST_MANUAL_WND
#define LWIP_HTTPD_POST_MANUAL_WND 1
#endif
#ifndef LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN
#define LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN 1
#endif
#ifndef LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN
#define LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN 1
#endif
#ifndef LWIP_HTTPD_DYNAMIC_HEADERS
#define LWIP_HTTPD_DYNAMIC_HEADERS 1
#endif
#ifndef LWIP_HTTPD_SUPPORT_EXTSTATUS
#define LWIP_HTTPD_SUPPORT_EXTSTATUS 1
#endif
#ifndef LWIP_HTTPD_SUPPORT_11_KEEPALIVE
#define LWIP_HTTPD_SUPPORT_11_KEEPALIVE 1
#endif
#ifndef LWIP_HTTPD_CUSTOM_FILES
#define LWIP_HTTPD_CUSTOM_FILES 1
#endif
#ifndef LWIP_HTTPD_DYNAMIC_FILE_READ
#define LWIP_HTTPD_DYNAMIC_FILE_READ 1
#endif
#ifndef LWIP_HTTPD_FILE_STATE
#define LWIP_HTTPD_FILE_STATE 1
#endif
#ifndef LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED
#define LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED 1
#endif
#ifndef LWIP_HTTPD_MAX_REQ_LENGTH
#define LWIP_HTTPD_MAX_REQ_LENGTH 8192
#endif
#ifndef LWIP_HTTPD_MAX_REQUEST_URI_LEN
#define LWIP_HTTPD_MAX_REQUEST_URI_LEN 1024
#endif
#ifndef HTTPD_STALL_TIMEOUT_MS
#define HTTPD_STALL_TIMEOUT_MS 30000
#endif
#ifndef HTTPD_LIMIT_SENDING_TO_2MSS
#define HTTPD_LIMIT_SENDING_TO_2MSS 0
#endif

/* Transport */
#ifndef LWIP_RAW
#define LWIP_RAW 1
#endif
#ifndef LWIP_UDP
#define LWIP_UDP 1
#endif
#ifndef LWIP_UDPLITE
#define LWIP_UDPLITE 1
#endif
#ifndef UDP_HASH_SIZE
#define UDP_HASH_SIZE 256
#endif
#ifndef LWIP_NETBUF_RECVINFO
#define LWIP_NETBUF_RECVINFO 1
#endif
#ifndef SO_REUSE
#define SO_REUSE 1
#endif
#ifndef SO_REUSE_RXTOALL
#define SO_REUSE_RXTOALL 1
#endif

/* Checksums */
#ifndef LWIP_CHECKSUM_CTRL_PER_NETIF
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#endif
#ifndef LWIP_CHECKSUM_ON_COPY
#define LWIP_CHECKSUM_ON_COPY 1
#endif

/* Statistics */
#ifndef LWIP_STATS
#define LWIP_STATS 1
#endif
#ifndef LWIP_STATS_LARGE
#define LWIP_STATS_LARGE 1
#endif
#ifndef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 1
#endif
#ifndef MEM_STATS
#define MEM_STATS LWIP_STATS
#endif
#ifndef MEMP_STATS
#define MEMP_STATS LWIP_STATS
#endif
#ifndef MIB2_STATS
#define MIB2_STATS 1
#endif
#ifndef LWIP_DROP_STATS
#define LWIP_DROP_STATS 1
#endif

#endif /* CONFIG_HOST_H */
