/**
 * @file
 * Every option of lwIP with its default and meaning. Set options in your own lwipopts.h, which is
 * read first; never edit this file. Options are numbers and may stand in `#if` and in `if ()`; a
 * switch is 0 or 1. src/base/init_check.c refuses combinations that cannot work. Options of our own
 * are in gossamer/opt.h.
 */
#ifndef LWIP_HDR_OPT_H
#define LWIP_HDR_OPT_H

#include "lwipopts.h"
#include "lwip/debug.h"

/* ---- Operating system ---- */

/**
 * 1: no operating system, the callback API alone, run from one main loop; 0: threads, netconn and
 * sockets. Range: 0 or 1.
 */
#ifndef NO_SYS
#define NO_SYS 0
#endif

/* ---- Timers ---- */

/**
 * 1: the stack has its own timeouts (lwip/timeouts.h). NO_SYS_NO_TIMERS is the legacy way to say
 * it.
 */
#ifndef LWIP_TIMERS
#ifdef NO_SYS_NO_TIMERS
#define LWIP_TIMERS (!NO_SYS || (NO_SYS && !NO_SYS_NO_TIMERS))
#else
#define LWIP_TIMERS 1
#endif
#endif

/** 1: the port supplies sys_timeout(), sys_untimeout() and tcp_timer_needed() itself. */
#ifndef LWIP_TIMERS_CUSTOM
#define LWIP_TIMERS_CUSTOM 0
#endif

/* ---- Copying ---- */

/** Copies memory of any length; the port may have a faster memcpy(). */
#ifndef MEMCPY
#define MEMCPY(dst, src, len) memcpy(dst, src, len)
#endif

/** Copies a few bytes, their number known to the compiler. */
#ifndef SMEMCPY
#define SMEMCPY(dst, src, len) memcpy(dst, src, len)
#endif

/** Copies memory that may overlap. */
#ifndef MEMMOVE
#define MEMMOVE(dst, src, len) memmove(dst, src, len)
#endif

/* ---- Core lock ---- */

/**
 * Never pass stack memory between threads: API messages and addresses are pool-allocated instead.
 */
#ifndef LWIP_MPU_COMPATIBLE
#define LWIP_MPU_COMPATIBLE 0
#endif

/** API calls take a global core mutex instead of posting a message to tcpip_thread. */
#ifndef LWIP_TCPIP_CORE_LOCKING
#define LWIP_TCPIP_CORE_LOCKING 1
#endif

/** Drivers' tcpip_input() takes the core mutex and processes the packet in the caller. */
#ifndef LWIP_TCPIP_CORE_LOCKING_INPUT
#define LWIP_TCPIP_CORE_LOCKING_INPUT 0
#endif

/** 1: short critical sections with sys_arch_protect(): memory may be freed by any thread. */
#ifndef SYS_LIGHTWEIGHT_PROT
#define SYS_LIGHTWEIGHT_PROT 1
#endif

/*
 * LWIP_ASSERT_CORE_LOCKED() stands first in every function of the core. A port may define it to
 * check that the right thread is there; else LWIP_THREAD_SAFE_API and LWIP_CHECK_THREAD_SAFETY
 * decide (lwip/priv/core_lock.h).
 */

/* ---- Memory ---- */

/** 1: heap functions map to C library malloc/calloc/free. */
#ifndef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 0
#endif

/**
 * Functions behind mem_malloc(), mem_calloc() and mem_free() with MEM_CUSTOM_ALLOCATOR 1; with
 * MEM_LIBC_MALLOC 1 they default to the C library's.
 */
#if MEM_LIBC_MALLOC
#ifndef MEM_CUSTOM_FREE
#define MEM_CUSTOM_FREE free
#endif
#ifndef MEM_CUSTOM_MALLOC
#define MEM_CUSTOM_MALLOC malloc
#endif
#ifndef MEM_CUSTOM_CALLOC
#define MEM_CUSTOM_CALLOC calloc
#endif
#endif

/**
 * 1: mem_malloc() and friends are MEM_CUSTOM_MALLOC/CALLOC/FREE; MEM_LIBC_MALLOC 1 is the case of
 * the C library.
 */
#ifndef MEM_CUSTOM_ALLOCATOR
#define MEM_CUSTOM_ALLOCATOR MEM_LIBC_MALLOC
#endif

/** 1: every pool element comes from the heap; the limits of the pools still hold. */
#ifndef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 0
#endif

/** Zero pool memory when initialising a pool (for non-zeroed RAM sections). */
#ifndef MEMP_MEM_INIT
#define MEMP_MEM_INIT 0
#endif

/** Alignment of all buffers, in bytes. Range: a power of two. */
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 1
#endif

/** Size of the heap in bytes (PBUF_RAM, mem_malloc). Range: above MEM_ALIGNMENT. */
#ifndef MEM_SIZE
#define MEM_SIZE 1600
#endif

/**
 * Guard bytes around pool elements: 0 off, 1 check on free, 2 check all on every op. Range: 0 to
 * 2.
 */
#ifndef MEMP_OVERFLOW_CHECK
#define MEMP_OVERFLOW_CHECK 0
#endif

/** 1: free lists of pools are checked for loops on each free. */
#ifndef MEMP_SANITY_CHECK
#define MEMP_SANITY_CHECK 0
#endif

/** Guard bytes around heap blocks: 0/1/2 as for pools. Range: 0 to 2. */
#ifndef MEM_OVERFLOW_CHECK
#define MEM_OVERFLOW_CHECK 0
#endif

/** 1: the list of heap blocks is checked on each operation. */
#ifndef MEM_SANITY_CHECK
#define MEM_SANITY_CHECK 0
#endif

/** 1: mem_malloc() draws from pools of fixed sizes, which lwippools.h defines. */
#ifndef MEM_USE_POOLS
#define MEM_USE_POOLS 0
#endif

/** 1: where the fitting pool is empty the next bigger one is tried. */
#ifndef MEM_USE_POOLS_TRY_BIGGER_POOL
#define MEM_USE_POOLS_TRY_BIGGER_POOL 0
#endif

/** 1: lwippools.h, the user's, defines additional pools. */
#ifndef MEMP_USE_CUSTOM_POOLS
#define MEMP_USE_CUSTOM_POOLS 0
#endif

/** 1: mem_free() and pbuf_free() may be called from interrupts and other threads. */
#ifndef LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT
#define LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT 0
#endif

/* ---- Sizes of the pools ---- */

/** Number of PBUF_ROM/PBUF_REF headers. */
#ifndef MEMP_NUM_PBUF
#define MEMP_NUM_PBUF 16
#endif

/** Number of raw PCBs. Range: 1 or more with LWIP_RAW. */
#ifndef MEMP_NUM_RAW_PCB
#define MEMP_NUM_RAW_PCB 4
#endif

/** Number of UDP PCBs. Range: 1 or more with LWIP_UDP. */
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 4
#endif

/** Number of simultaneously active TCP connections. Range: 1 or more with LWIP_TCP. */
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB 5
#endif

/** Number of listening TCP PCBs. */
#ifndef MEMP_NUM_TCP_PCB_LISTEN
#define MEMP_NUM_TCP_PCB_LISTEN 8
#endif

/** Number of simultaneously queued TCP segments. */
#ifndef MEMP_NUM_TCP_SEG
#define MEMP_NUM_TCP_SEG 16
#endif

/** Number of altcp PCBs. */
#ifndef MEMP_NUM_ALTCP_PCB
#define MEMP_NUM_ALTCP_PCB MEMP_NUM_TCP_PCB
#endif

/** Number of IPv4 datagrams simultaneously under reassembly. Range: 1 to IP_REASS_MAX_PBUFS. */
#ifndef MEMP_NUM_REASSDATA
#define MEMP_NUM_REASSDATA 5
#endif

/** Number of fragments simultaneously sent (zero-copy fragmentation). */
#ifndef MEMP_NUM_FRAG_PBUF
#define MEMP_NUM_FRAG_PBUF 15
#endif

/**
 * Number of packets queued over all ARP entries (ARP_QUEUEING). Range: 1 or more with
 * ARP_QUEUEING.
 */
#ifndef MEMP_NUM_ARP_QUEUE
#define MEMP_NUM_ARP_QUEUE 30
#endif

/**
 * IGMP memberships over all netifs; 224.0.0.1 takes one per netif. Range: 2 or more with
 * LWIP_IGMP.
 */
#ifndef MEMP_NUM_IGMP_GROUP
#define MEMP_NUM_IGMP_GROUP 8
#endif

/** Timeouts that lwIP-style modules need; kept for lwipopts.h files that add to it. */
#ifndef LWIP_NUM_SYS_TIMEOUT_INTERNAL
#define LWIP_NUM_SYS_TIMEOUT_INTERNAL                                                              \
  (LWIP_TCP + IP_REASSEMBLY + LWIP_ARP + (2 * LWIP_DHCP) + LWIP_ACD + LWIP_IGMP + LWIP_DNS +       \
   (LWIP_IPV6 * (1 + LWIP_IPV6_REASS + LWIP_IPV6_MLD + LWIP_IPV6_DHCP6)))
#endif

/**
 * Timeouts that run at a time, applications' included. Range: at least
 * LWIP_NUM_SYS_TIMEOUT_INTERNAL.
 */
#ifndef MEMP_NUM_SYS_TIMEOUT
#define MEMP_NUM_SYS_TIMEOUT LWIP_NUM_SYS_TIMEOUT_INTERNAL
#endif

/** Number of netbuf structs. */
#ifndef MEMP_NUM_NETBUF
#define MEMP_NUM_NETBUF 2
#endif

/** Number of netconns = number of sockets. */
#ifndef MEMP_NUM_NETCONN
#define MEMP_NUM_NETCONN 4
#endif

/** Number of concurrent select/poll waits (MPU-compatible mode only). */
#ifndef MEMP_NUM_SELECT_CB
#define MEMP_NUM_SELECT_CB 4
#endif

/** Number of messages for callbacks/API to tcpip_thread. */
#ifndef MEMP_NUM_TCPIP_MSG_API
#define MEMP_NUM_TCPIP_MSG_API 8
#endif

/** Number of queued input-packet messages. */
#ifndef MEMP_NUM_TCPIP_MSG_INPKT
#define MEMP_NUM_TCPIP_MSG_INPKT 8
#endif

/** Accepted for compatibility: results of getaddrinfo() are of the heap, as many as there are. */
#ifndef MEMP_NUM_NETDB
#define MEMP_NUM_NETDB 1
#endif

/** Number of dynamic local host entries. */
#ifndef MEMP_NUM_LOCALHOSTLIST
#define MEMP_NUM_LOCALHOSTLIST 1
#endif

/** Number of fixed-size RX pbufs. Range: 1 to 65535. */
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 16
#endif

/** API message pool size (MPU mode). */
#ifndef MEMP_NUM_API_MSG
#define MEMP_NUM_API_MSG MEMP_NUM_TCPIP_MSG_API
#endif

/** netconn_gethostbyname message pool (MPU mode). */
#ifndef MEMP_NUM_DNS_API_MSG
#define MEMP_NUM_DNS_API_MSG MEMP_NUM_TCPIP_MSG_API
#endif

/** Pool of get/setsockopt messages (MPU mode, no core locking). */
#ifndef MEMP_NUM_SOCKET_SETGETSOCKOPT_DATA
#define MEMP_NUM_SOCKET_SETGETSOCKOPT_DATA MEMP_NUM_TCPIP_MSG_API
#endif

/** Pool of netifapi messages (MPU mode). */
#ifndef MEMP_NUM_NETIFAPI_MSG
#define MEMP_NUM_NETIFAPI_MSG MEMP_NUM_TCPIP_MSG_API
#endif

/* ---- ARP ---- */

/** Enable ARP. */
#ifndef LWIP_ARP
#define LWIP_ARP 1
#endif

/** ARP cache entries. Range: 1 to 32767. */
#ifndef ARP_TABLE_SIZE
#define ARP_TABLE_SIZE 10
#endif

/** Seconds after which an unused ARP entry expires. Range: 1 to 65535. */
#ifndef ARP_MAXAGE
#define ARP_MAXAGE 300
#endif

/** Queue several packets per unresolved entry (0: only the last). */
#ifndef ARP_QUEUEING
#define ARP_QUEUEING 0
#endif

/** Max packets queued per ARP entry. Range: 1 to 255. */
#ifndef ARP_QUEUE_LEN
#define ARP_QUEUE_LEN 3
#endif

/**
 * 1: frames with an 802.1Q tag are accepted; ETHARP_VLAN_CHECK (a VLAN), ETHARP_VLAN_CHECK_FN or
 * LWIP_HOOK_VLAN_CHECK say which VLANs.
 */
#ifndef ETHARP_SUPPORT_VLAN
#define ETHARP_SUPPORT_VLAN 0
#endif

/** Per-PCB VLAN priority (tci) carried in netif hints. */
#ifndef LWIP_VLAN_PCP
#define LWIP_VLAN_PCP 0
#endif

/** 1: the Ethernet layer is built, with or without ARP. */
#ifndef LWIP_ETHERNET
#if LWIP_ARP
#define LWIP_ETHERNET 1
#else
#define LWIP_ETHERNET 0
#endif
#endif

/**
 * Bytes added in front of the Ethernet header to align the IP header. Range: 0 to 255; 2 aligns
 * IP headers to 4.
 */
#ifndef ETH_PAD_SIZE
#define ETH_PAD_SIZE 0
#endif

/** Static ARP entries API. */
#ifndef ETHARP_SUPPORT_STATIC_ENTRIES
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
#endif

/** ARP entries match only for the same netif. */
#ifndef ETHARP_TABLE_MATCH_NETIF
#define ETHARP_TABLE_MATCH_NETIF !LWIP_SINGLE_NETIF
#endif

/* ---- IPv4 ---- */

/** Enable IPv4. */
#ifndef LWIP_IPV4
#define LWIP_IPV4 1
#endif

/** IPv4 forwarding between netifs. */
#ifndef IP_FORWARD
#define IP_FORWARD 0
#endif

/** Reassemble incoming IPv4 fragments. */
#ifndef IP_REASSEMBLY
#define IP_REASSEMBLY 1
#endif

/** Fragment outgoing IPv4 packets over MTU. */
#ifndef IP_FRAG
#define IP_FRAG 1
#endif

/** 1: packets with IP options are accepted (source routes never are); 0: all dropped. */
#ifndef IP_OPTIONS_ALLOWED
#define IP_OPTIONS_ALLOWED 1
#endif

/** Seconds that an incomplete datagram waits for its missing fragments. Range: 1 to 255. */
#ifndef IP_REASS_MAXAGE
#define IP_REASS_MAXAGE 15
#endif

/** Pbufs that may wait for reassembly, all datagrams together. */
#ifndef IP_REASS_MAX_PBUFS
#define IP_REASS_MAX_PBUFS 10
#endif

/** Default TTL/hop limit. Range: 1 to 255. */
#ifndef IP_DEFAULT_TTL
#define IP_DEFAULT_TTL 255
#endif

/** Require SO_BROADCAST on a PCB to send broadcasts. */
#ifndef IP_SOF_BROADCAST
#define IP_SOF_BROADCAST 0
#endif

/** Also filter received broadcasts by SO_BROADCAST. */
#ifndef IP_SOF_BROADCAST_RECV
#define IP_SOF_BROADCAST_RECV 0
#endif

/** Allow forwarding back out of the receiving netif. */
#ifndef IP_FORWARD_ALLOW_TX_ON_RX_NETIF
#define IP_FORWARD_ALLOW_TX_ON_RX_NETIF 0
#endif

/* ---- ICMP ---- */

/** Enable ICMPv4. */
#ifndef LWIP_ICMP
#define LWIP_ICMP 1
#endif

/** TTL of ICMP messages. Range: 1 to 255. */
#ifndef ICMP_TTL
#define ICMP_TTL IP_DEFAULT_TTL
#endif

/** Answer pings to broadcast address. */
#ifndef LWIP_BROADCAST_PING
#define LWIP_BROADCAST_PING 0
#endif

/** Answer pings to multicast address (v4 and v6). */
#ifndef LWIP_MULTICAST_PING
#define LWIP_MULTICAST_PING 0
#endif

/* ---- RAW ---- */

/** Raw IP PCBs / SOCK_RAW. */
#ifndef LWIP_RAW
#define LWIP_RAW 0
#endif

/** Default TTL for raw PCBs. Range: 1 to 255. */
#ifndef RAW_TTL
#define RAW_TTL IP_DEFAULT_TTL
#endif

/* ---- DHCP ---- */

/** DHCPv4 client. */
#ifndef LWIP_DHCP
#define LWIP_DHCP 0
#endif

/** Probe the offered address (RFC 5227) before binding. */
#ifndef LWIP_DHCP_DOES_ACD_CHECK
#define LWIP_DHCP_DOES_ACD_CHECK (LWIP_DHCP && LWIP_ARP)
#endif

/** Store sname/boot file name from the offer. */
#ifndef LWIP_DHCP_BOOTP_FILE
#define LWIP_DHCP_BOOTP_FILE 0
#endif

/** Request NTP servers and hand them to dhcp_set_ntp_servers(). */
#ifndef LWIP_DHCP_GET_NTP_SRV
#define LWIP_DHCP_GET_NTP_SRV 0
#endif

/** Max NTP servers taken from DHCP. */
#ifndef LWIP_DHCP_MAX_NTP_SERVERS
#define LWIP_DHCP_MAX_NTP_SERVERS 1
#endif

/** Max DNS servers taken from DHCP. */
#ifndef LWIP_DHCP_MAX_DNS_SERVERS
#define LWIP_DHCP_MAX_DNS_SERVERS DNS_MAX_SERVERS
#endif

/** Send hostname option already in DISCOVER. */
#ifndef LWIP_DHCP_DISCOVER_ADD_HOSTNAME
#define LWIP_DHCP_DISCOVER_ADD_HOSTNAME 1
#endif

/* ---- AUTOIP ---- */

/** IPv4 link-local addresses (RFC 3927). */
#ifndef LWIP_AUTOIP
#define LWIP_AUTOIP 0
#endif

/** DHCP and AutoIP on one netif at the same time. */
#ifndef LWIP_DHCP_AUTOIP_COOP
#define LWIP_DHCP_AUTOIP_COOP 0
#endif

/** DISCOVER tries before AutoIP starts. */
#ifndef LWIP_DHCP_AUTOIP_COOP_TRIES
#define LWIP_DHCP_AUTOIP_COOP_TRIES 9
#endif

/* ---- ACD ---- */

/** Address Conflict Detection module (RFC 5227). */
#ifndef LWIP_ACD
#define LWIP_ACD (LWIP_AUTOIP || LWIP_DHCP_DOES_ACD_CHECK)
#endif

/* ---- SNMP ---- */

/** 1: the mib2_*() functions of the SNMP agent are called when netifs, pcbs and routes change. */
#ifndef LWIP_MIB2_CALLBACKS
#define LWIP_MIB2_CALLBACKS 0
#endif

/* ---- Multicast ---- */

/** Per-PCB multicast TTL/interface/loop settings. */
#ifndef LWIP_MULTICAST_TX_OPTIONS
#define LWIP_MULTICAST_TX_OPTIONS ((LWIP_IGMP || LWIP_IPV6_MLD) && (LWIP_UDP || LWIP_RAW))
#endif

/* ---- IGMP ---- */

/** 1: IGMP host (v1 and v2; v3 by LWIP_IGMP_V3). */
#ifndef LWIP_IGMP
#define LWIP_IGMP 0
#endif

/* ---- DNS ---- */

/** DNS resolver. */
#ifndef LWIP_DNS
#define LWIP_DNS 0
#endif

/** Resolver cache/request entries. Range: 1 to 255. */
#ifndef DNS_TABLE_SIZE
#define DNS_TABLE_SIZE 4
#endif

/** Max host name length incl. NUL. Range: 2 to 256. */
#ifndef DNS_MAX_NAME_LENGTH
#define DNS_MAX_NAME_LENGTH 256
#endif

/** Size of the global DNS server table. Range: 1 to 255. */
#ifndef DNS_MAX_SERVERS
#define DNS_MAX_SERVERS 2
#endif

/** Retries per server. */
#ifndef DNS_MAX_RETRIES
#define DNS_MAX_RETRIES 4
#endif

/** Names that are asked for at a time. */
#ifndef DNS_MAX_REQUESTS
#define DNS_MAX_REQUESTS DNS_TABLE_SIZE
#endif

/** Seconds after which any answer is forgotten. */
#ifndef DNS_MAX_TTL
#define DNS_MAX_TTL 604800UL
#endif

/** Legacy, without effect: the name in an answer is always compared. */
#ifndef DNS_DOES_NAME_CHECK
#define DNS_DOES_NAME_CHECK 1
#endif

/** Accepted for compatibility: all measures against spoofed answers are taken. A mask of
    LWIP_DNS_SECURE_*. */
#ifndef LWIP_DNS_SECURE
#define LWIP_DNS_SECURE                                                                            \
  (LWIP_DNS_SECURE_RAND_XID | LWIP_DNS_SECURE_NO_MULTIPLE_OUTSTANDING |                            \
   LWIP_DNS_SECURE_RAND_SRC_PORT)
#endif

/** Bit 1: random transaction id. */
#define LWIP_DNS_SECURE_RAND_XID 1

/** Bit 2: no duplicate outstanding queries for one name. */
#define LWIP_DNS_SECURE_NO_MULTIPLE_OUTSTANDING 2

/** Bit 4: random UDP source port per query. */
#define LWIP_DNS_SECURE_RAND_SRC_PORT 4

/** Static local host list consulted before DNS. */
#ifndef DNS_LOCAL_HOSTLIST
#define DNS_LOCAL_HOSTLIST 0
#endif

/** Local host list can be changed at run time. */
#ifndef DNS_LOCAL_HOSTLIST_IS_DYNAMIC
#define DNS_LOCAL_HOSTLIST_IS_DYNAMIC 0
#endif

/** Without effect so far: names in .local are asked for like others. */
#ifndef LWIP_DNS_SUPPORT_MDNS_QUERIES
#define LWIP_DNS_SUPPORT_MDNS_QUERIES 0
#endif

/** Addresses of a name that dns_gethostbyname() and netconn_gethostbyname() tell; getaddrinfo()
    tells all. */
#ifndef DNS_MAX_HOST_IP
#define DNS_MAX_HOST_IP 1
#endif

/* ---- UDP ---- */

/** Enable UDP. */
#ifndef LWIP_UDP
#define LWIP_UDP 1
#endif

/** Enable UDP-Lite (RFC 3828). */
#ifndef LWIP_UDPLITE
#define LWIP_UDPLITE 0
#endif

/** Default TTL of UDP PCBs. Range: 1 to 255. */
#ifndef UDP_TTL
#define UDP_TTL IP_DEFAULT_TTL
#endif

/** Record destination address/interface of received datagrams (IP_PKTINFO). */
#ifndef LWIP_NETBUF_RECVINFO
#define LWIP_NETBUF_RECVINFO 0
#endif

/* ---- TCP ---- */

/** Enable TCP. */
#ifndef LWIP_TCP
#define LWIP_TCP 1
#endif

/** Default TTL of TCP PCBs. Range: 1 to 255. */
#ifndef TCP_TTL
#define TCP_TTL IP_DEFAULT_TTL
#endif

/**
 * Receive window (bytes; total with scaling). Range: at most 65535, or 65535 << TCP_RCV_SCALE
 * with LWIP_WND_SCALE.
 */
#ifndef TCP_WND
#define TCP_WND (4 * TCP_MSS)
#endif

/** Retransmissions of data before a connection is given up. Range: 1 to 12. */
#ifndef TCP_MAXRTX
#define TCP_MAXRTX 12
#endif

/** Retransmissions of a SYN before a connection is given up. Range: 1 to 12. */
#ifndef TCP_SYNMAXRTX
#define TCP_SYNMAXRTX 6
#endif

/** Queue out-of-order segments. */
#ifndef TCP_QUEUE_OOSEQ
#define TCP_QUEUE_OOSEQ LWIP_TCP
#endif

/** 1: selective acknowledgements are advertised and sent. */
#ifndef LWIP_TCP_SACK_OUT
#define LWIP_TCP_SACK_OUT 0
#endif

/** Max SACK ranges kept/sent. Range: 1 to 4. */
#ifndef LWIP_TCP_MAX_SACK_NUM
#define LWIP_TCP_MAX_SACK_NUM 4
#endif

/**
 * Our MSS; also upper bound of the peer's. Range: 1 to 16382 (RFC 879: 536 is the least every
 * host takes).
 */
#ifndef TCP_MSS
#define TCP_MSS 536
#endif

/** Limit send MSS by outgoing netif MTU. */
#ifndef TCP_CALCULATE_EFF_SEND_MSS
#define TCP_CALCULATE_EFF_SEND_MSS 1
#endif

/** Initial retransmission timeout in ms. */
#ifndef LWIP_TCP_RTO_TIME
#define LWIP_TCP_RTO_TIME 3000
#endif

/** Send buffer per connection in bytes. */
#ifndef TCP_SND_BUF
#define TCP_SND_BUF (2 * TCP_MSS)
#endif

/** Send queue limit in pbufs. Range: 2 to 65535. */
#ifndef TCP_SND_QUEUELEN
#define TCP_SND_QUEUELEN ((4 * (TCP_SND_BUF) + (TCP_MSS - 1)) / (TCP_MSS))
#endif

/** Free send-buffer bytes above which a socket is writable. */
#ifndef TCP_SNDLOWAT
#define TCP_SNDLOWAT LWIP_MIN(LWIP_MAX(((TCP_SND_BUF) / 2), (2 * TCP_MSS) + 1), (TCP_SND_BUF)-1)
#endif

/** Queue length below which a socket is writable. */
#ifndef TCP_SNDQUEUELOWAT
#define TCP_SNDQUEUELOWAT LWIP_MAX(((TCP_SND_QUEUELEN) / 2), 5)
#endif

/** Out-of-order limit per PCB in bytes (0: none). */
#ifndef TCP_OOSEQ_MAX_BYTES
#define TCP_OOSEQ_MAX_BYTES 0
#endif

/** The same limit as a macro of the pcb. */
#ifndef TCP_OOSEQ_BYTES_LIMIT
#define TCP_OOSEQ_BYTES_LIMIT(pcb) TCP_OOSEQ_MAX_BYTES
#endif

/** Out-of-order limit per PCB in pbufs (0: none). */
#ifndef TCP_OOSEQ_MAX_PBUFS
#define TCP_OOSEQ_MAX_PBUFS 0
#endif

/** The same limit as a macro of the pcb. */
#ifndef TCP_OOSEQ_PBUFS_LIMIT
#define TCP_OOSEQ_PBUFS_LIMIT(pcb) TCP_OOSEQ_MAX_PBUFS
#endif

/** Honour backlog on listen. */
#ifndef TCP_LISTEN_BACKLOG
#define TCP_LISTEN_BACKLOG 0
#endif

/** Backlog used by tcp_listen(). Range: 0 to 255. */
#ifndef TCP_DEFAULT_LISTEN_BACKLOG
#define TCP_DEFAULT_LISTEN_BACKLOG 0xff
#endif

/** Bytes pre-allocated at segment tail to avoid pbuf chains. */
#ifndef TCP_OVERSIZE
#define TCP_OVERSIZE TCP_MSS
#endif

/** Send/echo the timestamp option. */
#ifndef LWIP_TCP_TIMESTAMPS
#define LWIP_TCP_TIMESTAMPS 0
#endif

/** Window growth that triggers an explicit window update. */
#ifndef TCP_WND_UPDATE_THRESHOLD
#define TCP_WND_UPDATE_THRESHOLD LWIP_MIN((TCP_WND / 4), (TCP_MSS * 4))
#endif

/** 1: one function, lwip_tcp_event(), hears of all TCP events. */
#ifndef LWIP_EVENT_API
#define LWIP_EVENT_API 0
#endif

/** 1: callbacks per PCB. Exactly one of this and LWIP_EVENT_API is 1; neither set: this one. */
#ifndef LWIP_CALLBACK_API
#define LWIP_CALLBACK_API (!LWIP_EVENT_API)
#endif

/** 1: TCP window scaling (RFC 7323). */
#ifndef LWIP_WND_SCALE
#define LWIP_WND_SCALE 0
#endif

/** Shift of our receive window. Range: 0 to 14. */
#ifndef TCP_RCV_SCALE
#define TCP_RCV_SCALE 0
#endif

/** Number of extension-argument slots per TCP PCB. */
#ifndef LWIP_TCP_PCB_NUM_EXT_ARGS
#define LWIP_TCP_PCB_NUM_EXT_ARGS 0
#endif

/** 1: altcp, one API over TCP, TLS and proxies. */
#ifndef LWIP_ALTCP
#define LWIP_ALTCP 0
#endif

/** 1: TLS by altcp. */
#ifndef LWIP_ALTCP_TLS
#define LWIP_ALTCP_TLS 0
#endif

/* ---- PBUF ---- */

/** Bytes in front of a packet that pbuf_alloc(PBUF_IP...) reserves for the link header. */
#ifndef PBUF_LINK_HLEN
#if defined(LWIP_HOOK_VLAN_SET) || LWIP_VLAN_PCP
#define PBUF_LINK_HLEN (18 + ETH_PAD_SIZE)
#else
#define PBUF_LINK_HLEN (14 + ETH_PAD_SIZE)
#endif
#endif

/** Extra header space for lower encapsulation. */
#ifndef PBUF_LINK_ENCAPSULATION_HLEN
#define PBUF_LINK_ENCAPSULATION_HLEN 0
#endif

/** Payload size of one pool pbuf. Range: above MEM_ALIGNMENT. */
#ifndef PBUF_POOL_BUFSIZE
#define PBUF_POOL_BUFSIZE                                                                          \
  LWIP_MEM_ALIGN_SIZE(TCP_MSS + PBUF_IP_HLEN + PBUF_TRANSPORT_HLEN +                               \
                      PBUF_LINK_ENCAPSULATION_HLEN + PBUF_LINK_HLEN)
#endif

/** Unsigned integer type of the reference counter of a pbuf. */
#ifndef LWIP_PBUF_REF_T
#define LWIP_PBUF_REF_T u8_t
#endif

/** Members that are appended to struct pbuf, for instance `void *owner;`. */
#ifndef LWIP_PBUF_CUSTOM_DATA
#define LWIP_PBUF_CUSTOM_DATA
#endif

/** Statement that initialises them in a new pbuf `p`. */
#ifndef LWIP_PBUF_CUSTOM_DATA_INIT
#define LWIP_PBUF_CUSTOM_DATA_INIT(p)
#endif

/* ---- NETIF ---- */

/** Single-interface build (no netif list). */
#ifndef LWIP_SINGLE_NETIF
#define LWIP_SINGLE_NETIF 0
#endif

/** 1: a netif has a host name, which DHCP sends (option 12). */
#ifndef LWIP_NETIF_HOSTNAME
#define LWIP_NETIF_HOSTNAME 0
#endif

/** Thread-safe netifapi_* functions. */
#ifndef LWIP_NETIF_API
#define LWIP_NETIF_API 0
#endif

/** Netif status callback. */
#ifndef LWIP_NETIF_STATUS_CALLBACK
#define LWIP_NETIF_STATUS_CALLBACK 0
#endif

/** Multi-listener extended netif callbacks. */
#ifndef LWIP_NETIF_EXT_STATUS_CALLBACK
#define LWIP_NETIF_EXT_STATUS_CALLBACK 0
#endif

/** Netif link callback. */
#ifndef LWIP_NETIF_LINK_CALLBACK
#define LWIP_NETIF_LINK_CALLBACK 0
#endif

/** Netif remove callback. */
#ifndef LWIP_NETIF_REMOVE_CALLBACK
#define LWIP_NETIF_REMOVE_CALLBACK 0
#endif

/** Cache ARP/ND index per PCB. */
#ifndef LWIP_NETIF_HWADDRHINT
#define LWIP_NETIF_HWADDRHINT 0
#endif

/** Try to give drivers one contiguous pbuf. */
#ifndef LWIP_NETIF_TX_SINGLE_PBUF
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#endif

/** Number of netif_alloc_client_data_id() slots. Range: 0 to 256. */
#ifndef LWIP_NUM_NETIF_CLIENT_DATA
#define LWIP_NUM_NETIF_CLIENT_DATA 0
#endif

/* ---- Loopback interface ---- */

/** Create loop interface 127.0.0.1/::1. */
#ifndef LWIP_HAVE_LOOPIF
#define LWIP_HAVE_LOOPIF (LWIP_NETIF_LOOPBACK && !LWIP_SINGLE_NETIF)
#endif

/** Loop multicast on loopif. */
#ifndef LWIP_LOOPIF_MULTICAST
#define LWIP_LOOPIF_MULTICAST 0
#endif

/** Packets to a netif's own address are looped. */
#ifndef LWIP_NETIF_LOOPBACK
#define LWIP_NETIF_LOOPBACK 0
#endif

/** Max pbufs queued for loopback per netif (0: unlimited). */
#ifndef LWIP_LOOPBACK_MAX_PBUFS
#define LWIP_LOOPBACK_MAX_PBUFS 0
#endif

/** 1: looped packets are delivered by the stack's thread; 0: by netif_poll(). */
#ifndef LWIP_NETIF_LOOPBACK_MULTITHREADING
#define LWIP_NETIF_LOOPBACK_MULTITHREADING (!NO_SYS)
#endif

/* ---- Threading ---- */

/** Name of core thread. */
#ifndef TCPIP_THREAD_NAME
#define TCPIP_THREAD_NAME "tcpip_thread"
#endif

/** Its stack size. */
#ifndef TCPIP_THREAD_STACKSIZE
#define TCPIP_THREAD_STACKSIZE 0
#endif

/** Its priority. */
#ifndef TCPIP_THREAD_PRIO
#define TCPIP_THREAD_PRIO 1
#endif

/** Its mailbox size. */
#ifndef TCPIP_MBOX_SIZE
#define TCPIP_MBOX_SIZE 0
#endif

/** Watchdog hook called in the core loop and per timer. */
#ifndef LWIP_TCPIP_THREAD_ALIVE
#define LWIP_TCPIP_THREAD_ALIVE()
#endif

/** SLIP RX thread name. */
#ifndef SLIPIF_THREAD_NAME
#define SLIPIF_THREAD_NAME "slipif_loop"
#endif

/** SLIP RX thread stack. */
#ifndef SLIPIF_THREAD_STACKSIZE
#define SLIPIF_THREAD_STACKSIZE 0
#endif

/** SLIP RX thread priority. */
#ifndef SLIPIF_THREAD_PRIO
#define SLIPIF_THREAD_PRIO 1
#endif

/** Name of other threads. */
#ifndef DEFAULT_THREAD_NAME
#define DEFAULT_THREAD_NAME "lwIP"
#endif

/** Stack of other lwIP threads. */
#ifndef DEFAULT_THREAD_STACKSIZE
#define DEFAULT_THREAD_STACKSIZE 0
#endif

/** Priority of other lwIP threads. */
#ifndef DEFAULT_THREAD_PRIO
#define DEFAULT_THREAD_PRIO 1
#endif

/** Raw netconn receive mailbox size. */
#ifndef DEFAULT_RAW_RECVMBOX_SIZE
#define DEFAULT_RAW_RECVMBOX_SIZE 0
#endif

/** UDP netconn receive mailbox size. */
#ifndef DEFAULT_UDP_RECVMBOX_SIZE
#define DEFAULT_UDP_RECVMBOX_SIZE 0
#endif

/** TCP netconn receive mailbox size. */
#ifndef DEFAULT_TCP_RECVMBOX_SIZE
#define DEFAULT_TCP_RECVMBOX_SIZE 0
#endif

/** Accept mailbox size. */
#ifndef DEFAULT_ACCEPTMBOX_SIZE
#define DEFAULT_ACCEPTMBOX_SIZE 0
#endif

/* ---- Netconn ---- */

/** Netconn API. */
#ifndef LWIP_NETCONN
#define LWIP_NETCONN 1
#endif

/** tcpip_timeout()/tcpip_untimeout(). */
#ifndef LWIP_TCPIP_TIMEOUT
#define LWIP_TCPIP_TIMEOUT 0
#endif

/** One thread-local semaphore for blocking API calls. */
#ifndef LWIP_NETCONN_SEM_PER_THREAD
#define LWIP_NETCONN_SEM_PER_THREAD 0
#endif

/** Read, write and close one netconn from different threads. */
#ifndef LWIP_NETCONN_FULLDUPLEX
#define LWIP_NETCONN_FULLDUPLEX 0
#endif

/* ---- Sockets ---- */

/** BSD socket API. */
#ifndef LWIP_SOCKET
#define LWIP_SOCKET 1
#endif

/** 1: BSD names as macros; 2: as functions; 0: lwip_ names only. Range: 0 to 2. */
#ifndef LWIP_COMPAT_SOCKETS
#define LWIP_COMPAT_SOCKETS 1
#endif

/** Also read/write/close/fcntl/ioctl names. */
#ifndef LWIP_POSIX_SOCKETS_IO_NAMES
#define LWIP_POSIX_SOCKETS_IO_NAMES 1
#endif

/** First socket descriptor number. */
#ifndef LWIP_SOCKET_OFFSET
#define LWIP_SOCKET_OFFSET 0
#endif

/**
 * Take socket structs/constants from headers named by
 * LWIP_SOCKET_EXTERNAL_HEADER_SOCKETS_H/_INET_H.
 */
#ifndef LWIP_SOCKET_EXTERNAL_HEADERS
#define LWIP_SOCKET_EXTERNAL_HEADERS 0
#endif

/** Settable TCP_KEEPIDLE/INTVL/CNT. */
#ifndef LWIP_TCP_KEEPALIVE
#define LWIP_TCP_KEEPALIVE 0
#endif

/** SO_SNDTIMEO. */
#ifndef LWIP_SO_SNDTIMEO
#define LWIP_SO_SNDTIMEO 0
#endif

/** SO_RCVTIMEO. */
#ifndef LWIP_SO_RCVTIMEO
#define LWIP_SO_RCVTIMEO 0
#endif

/** Timeouts passed as int ms instead of struct timeval. */
#ifndef LWIP_SO_SNDRCVTIMEO_NONSTANDARD
#define LWIP_SO_SNDRCVTIMEO_NONSTANDARD 0
#endif

/** SO_RCVBUF and FIONREAD accounting. */
#ifndef LWIP_SO_RCVBUF
#define LWIP_SO_RCVBUF 0
#endif

/** SO_LINGER. */
#ifndef LWIP_SO_LINGER
#define LWIP_SO_LINGER 0
#endif

/** Default SO_RCVBUF. */
#ifndef RECV_BUFSIZE_DEFAULT
#define RECV_BUFSIZE_DEFAULT INT_MAX
#endif

/** How long close() waits/retries to enqueue FIN. */
#ifndef LWIP_TCP_CLOSE_TIMEOUT_MS_DEFAULT
#define LWIP_TCP_CLOSE_TIMEOUT_MS_DEFAULT 20000
#endif

/** SO_REUSEADDR. */
#ifndef SO_REUSE
#define SO_REUSE 0
#endif

/** Copy broadcast/multicast datagrams to all matching UDP PCBs with SO_REUSEADDR. */
#ifndef SO_REUSE_RXTOALL
#define SO_REUSE_RXTOALL 0
#endif

/** FIONREAD returns size of next datagram. */
#ifndef LWIP_FIONREAD_LINUXMODE
#define LWIP_FIONREAD_LINUXMODE 0
#endif

/** Build select(). */
#ifndef LWIP_SOCKET_SELECT
#define LWIP_SOCKET_SELECT 1
#endif

/** Build poll(). */
#ifndef LWIP_SOCKET_POLL
#define LWIP_SOCKET_POLL 1
#endif

/* ---- Statistics ---- */

/** Statistics. */
#ifndef LWIP_STATS
#define LWIP_STATS 1
#endif

/** stats_display() functions. */
#ifndef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 0
#endif

/** Link counters. */
#ifndef LINK_STATS
#define LINK_STATS 1
#endif

/** ARP counters. */
#ifndef ETHARP_STATS
#define ETHARP_STATS (LWIP_ARP)
#endif

/** IPv4 counters. */
#ifndef IP_STATS
#define IP_STATS 1
#endif

/** IPv4 fragmentation counters. */
#ifndef IPFRAG_STATS
#define IPFRAG_STATS (IP_REASSEMBLY || IP_FRAG)
#endif

/** ICMP counters. */
#ifndef ICMP_STATS
#define ICMP_STATS 1
#endif

/** IGMP counters. */
#ifndef IGMP_STATS
#define IGMP_STATS (LWIP_IGMP)
#endif

/** UDP counters. */
#ifndef UDP_STATS
#define UDP_STATS (LWIP_UDP)
#endif

/** TCP counters. */
#ifndef TCP_STATS
#define TCP_STATS (LWIP_TCP)
#endif

/** Heap counters. */
#ifndef MEM_STATS
#define MEM_STATS ((MEM_CUSTOM_ALLOCATOR == 0) && (MEM_USE_POOLS == 0))
#endif

/** Pool counters. */
#ifndef MEMP_STATS
#define MEMP_STATS (MEMP_MEM_MALLOC == 0)
#endif

/** Semaphore/mbox counters. */
#ifndef SYS_STATS
#define SYS_STATS (NO_SYS == 0)
#endif

/** IPv6 counters. */
#ifndef IP6_STATS
#define IP6_STATS (LWIP_IPV6)
#endif

/** ICMPv6 counters. */
#ifndef ICMP6_STATS
#define ICMP6_STATS (LWIP_IPV6 && LWIP_ICMP6)
#endif

/** IPv6 fragmentation counters. */
#ifndef IP6_FRAG_STATS
#define IP6_FRAG_STATS (LWIP_IPV6 && (LWIP_IPV6_FRAG || LWIP_IPV6_REASS))
#endif

/** MLD counters. */
#ifndef MLD6_STATS
#define MLD6_STATS (LWIP_IPV6 && LWIP_IPV6_MLD)
#endif

/** ND counters. */
#ifndef ND6_STATS
#define ND6_STATS (LWIP_IPV6)
#endif

/** MIB-II counters (needed by SNMP). */
#ifndef MIB2_STATS
#define MIB2_STATS 0
#endif

/* ---- Checksum ---- */

/** Checksum gen/check switchable per netif. */
#ifndef LWIP_CHECKSUM_CTRL_PER_NETIF
#define LWIP_CHECKSUM_CTRL_PER_NETIF 0
#endif

/** Generate IPv4 header checksum. */
#ifndef CHECKSUM_GEN_IP
#define CHECKSUM_GEN_IP 1
#endif

/** Generate UDP checksum. */
#ifndef CHECKSUM_GEN_UDP
#define CHECKSUM_GEN_UDP 1
#endif

/** Generate TCP checksum. */
#ifndef CHECKSUM_GEN_TCP
#define CHECKSUM_GEN_TCP 1
#endif

/** Generate ICMP checksum. */
#ifndef CHECKSUM_GEN_ICMP
#define CHECKSUM_GEN_ICMP 1
#endif

/** Generate ICMPv6 checksum. */
#ifndef CHECKSUM_GEN_ICMP6
#define CHECKSUM_GEN_ICMP6 1
#endif

/** Verify IPv4 header checksum. */
#ifndef CHECKSUM_CHECK_IP
#define CHECKSUM_CHECK_IP 1
#endif

/** Verify UDP checksum. */
#ifndef CHECKSUM_CHECK_UDP
#define CHECKSUM_CHECK_UDP 1
#endif

/** Verify TCP checksum. */
#ifndef CHECKSUM_CHECK_TCP
#define CHECKSUM_CHECK_TCP 1
#endif

/** Verify ICMP checksum. */
#ifndef CHECKSUM_CHECK_ICMP
#define CHECKSUM_CHECK_ICMP 1
#endif

/** Verify ICMPv6 checksum. */
#ifndef CHECKSUM_CHECK_ICMP6
#define CHECKSUM_CHECK_ICMP6 1
#endif

/** Compute checksum while copying application data. */
#ifndef LWIP_CHECKSUM_ON_COPY
#define LWIP_CHECKSUM_ON_COPY 0
#endif

/* ---- IPv6 ---- */

/** Enable IPv6. */
#ifndef LWIP_IPV6
#define LWIP_IPV6 0
#endif

/** IPv6 reassembly timeout in seconds. Range: 1 to 255. */
#ifndef IPV6_REASS_MAXAGE
#define IPV6_REASS_MAXAGE 60
#endif

/** Zoned IPv6 addresses (RFC 4007). */
#ifndef LWIP_IPV6_SCOPES
#define LWIP_IPV6_SCOPES (LWIP_IPV6 && !LWIP_SINGLE_NETIF)
#endif

/** Extra zone consistency asserts. */
#ifndef LWIP_IPV6_SCOPES_DEBUG
#define LWIP_IPV6_SCOPES_DEBUG 0
#endif

/** IPv6 addresses per netif. Range: 1 to 127. */
#ifndef LWIP_IPV6_NUM_ADDRESSES
#define LWIP_IPV6_NUM_ADDRESSES 3
#endif

/** IPv6 forwarding. */
#ifndef LWIP_IPV6_FORWARD
#define LWIP_IPV6_FORWARD 0
#endif

/** Fragment outgoing IPv6. */
#ifndef LWIP_IPV6_FRAG
#define LWIP_IPV6_FRAG 1
#endif

/** Reassemble incoming IPv6. */
#ifndef LWIP_IPV6_REASS
#define LWIP_IPV6_REASS LWIP_IPV6
#endif

/** Send RS at link-up. */
#ifndef LWIP_IPV6_SEND_ROUTER_SOLICIT
#define LWIP_IPV6_SEND_ROUTER_SOLICIT LWIP_IPV6
#endif

/** SLAAC (RFC 4862). */
#ifndef LWIP_IPV6_AUTOCONFIG
#define LWIP_IPV6_AUTOCONFIG LWIP_IPV6
#endif

/** Track preferred/valid lifetimes. */
#ifndef LWIP_IPV6_ADDRESS_LIFETIMES
#define LWIP_IPV6_ADDRESS_LIFETIMES LWIP_IPV6_AUTOCONFIG
#endif

/** Number of DAD probes. Range: 0 to 7. */
#ifndef LWIP_IPV6_DUP_DETECT_ATTEMPTS
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 1
#endif

/* ---- ICMP6 ---- */

/** ICMPv6. */
#ifndef LWIP_ICMP6
#define LWIP_ICMP6 LWIP_IPV6
#endif

/** Bytes of offending packet in ICMPv6 errors (0: up to min MTU). */
#ifndef LWIP_ICMP6_DATASIZE
#define LWIP_ICMP6_DATASIZE 0
#endif

/** Hop limit of ICMPv6 messages. Range: 1 to 255. */
#ifndef LWIP_ICMP6_HL
#define LWIP_ICMP6_HL 255
#endif

/* ---- Multicast listener discovery ---- */

/** 1: multicast listener discovery. */
#ifndef LWIP_IPV6_MLD
#define LWIP_IPV6_MLD LWIP_IPV6
#endif

/** MLD memberships over all netifs: one for the solicited-node group of each address, and what
    programs join. */
#ifndef MEMP_NUM_MLD6_GROUP
#define MEMP_NUM_MLD6_GROUP 4
#endif

/* ---- Neighbor discovery ---- */

/** Queue packets during neighbour resolution. */
#ifndef LWIP_ND6_QUEUEING
#define LWIP_ND6_QUEUEING LWIP_IPV6
#endif

/** Number of queued packets. */
#ifndef MEMP_NUM_ND6_QUEUE
#define MEMP_NUM_ND6_QUEUE 20
#endif

/** Neighbour cache size. Range: 1 to 32767. */
#ifndef LWIP_ND6_NUM_NEIGHBORS
#define LWIP_ND6_NUM_NEIGHBORS 10
#endif

/** Destination cache size. Range: 1 to 32767. */
#ifndef LWIP_ND6_NUM_DESTINATIONS
#define LWIP_ND6_NUM_DESTINATIONS 10
#endif

/** On-link prefix list size. Range: 1 to 127. */
#ifndef LWIP_ND6_NUM_PREFIXES
#define LWIP_ND6_NUM_PREFIXES 5
#endif

/** Default router list size. Range: 1 to 127. */
#ifndef LWIP_ND6_NUM_ROUTERS
#define LWIP_ND6_NUM_ROUTERS 3
#endif

/** Max multicast solicitations (RS and NS). */
#ifndef LWIP_ND6_MAX_MULTICAST_SOLICIT
#define LWIP_ND6_MAX_MULTICAST_SOLICIT 3
#endif

/** Unicast neighbour solicitations before a neighbour counts as gone. */
#ifndef LWIP_ND6_MAX_UNICAST_SOLICIT
#define LWIP_ND6_MAX_UNICAST_SOLICIT 3
#endif

/** Longest delay in ms of an advertisement for an anycast address. */
#ifndef LWIP_ND6_MAX_ANYCAST_DELAY_TIME
#define LWIP_ND6_MAX_ANYCAST_DELAY_TIME 1000
#endif

/** Unsolicited advertisements sent in a row. */
#ifndef LWIP_ND6_MAX_NEIGHBOR_ADVERTISEMENT
#define LWIP_ND6_MAX_NEIGHBOR_ADVERTISEMENT 3
#endif

/** Default reachable time ms. */
#ifndef LWIP_ND6_REACHABLE_TIME
#define LWIP_ND6_REACHABLE_TIME 30000
#endif

/** Default time in ms between solicitations. */
#ifndef LWIP_ND6_RETRANS_TIMER
#define LWIP_ND6_RETRANS_TIMER 1000
#endif

/** Delay before first unicast probe ms. */
#ifndef LWIP_ND6_DELAY_FIRST_PROBE_TIME
#define LWIP_ND6_DELAY_FIRST_PROBE_TIME 5000
#endif

/** RA may change MTU, reachable and retransmit time. */
#ifndef LWIP_ND6_ALLOW_RA_UPDATES
#define LWIP_ND6_ALLOW_RA_UPDATES 1
#endif

/** TCP progress confirms neighbour reachability. */
#ifndef LWIP_ND6_TCP_REACHABILITY_HINTS
#define LWIP_ND6_TCP_REACHABILITY_HINTS 1
#endif

/** DNS servers taken from router advertisements (RFC 8106); 0: none. */
#ifndef LWIP_ND6_RDNSS_MAX_DNS_SERVERS
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 0
#endif

/* ---- DHCPv6 ---- */

/** DHCPv6 client. */
#ifndef LWIP_IPV6_DHCP6
#define LWIP_IPV6_DHCP6 0
#endif

/** 1: addresses by DHCPv6. */
#ifndef LWIP_IPV6_DHCP6_STATEFUL
#define LWIP_IPV6_DHCP6_STATEFUL 0
#endif

/** Stateless DHCPv6. */
#ifndef LWIP_IPV6_DHCP6_STATELESS
#define LWIP_IPV6_DHCP6_STATELESS LWIP_IPV6_DHCP6
#endif

/** NTP servers via DHCPv6 (dhcp6_set_ntp_servers). */
#ifndef LWIP_DHCP6_GET_NTP_SRV
#define LWIP_DHCP6_GET_NTP_SRV 0
#endif

/** Max NTP servers via DHCPv6. */
#ifndef LWIP_DHCP6_MAX_NTP_SERVERS
#define LWIP_DHCP6_MAX_NTP_SERVERS 1
#endif

/** Max DNS servers via DHCPv6. */
#ifndef LWIP_DHCP6_MAX_DNS_SERVERS
#define LWIP_DHCP6_MAX_DNS_SERVERS DNS_MAX_SERVERS
#endif

/* ---- Debug messages: `#define LWIP_DEBUG` and a switch per module ---- */

/** Minimum level printed. Range: LWIP_DBG_LEVEL_ALL to _SEVERE. */
#ifndef LWIP_DBG_MIN_LEVEL
#define LWIP_DBG_MIN_LEVEL LWIP_DBG_LEVEL_ALL
#endif

/** Debug types enabled. */
#ifndef LWIP_DBG_TYPES_ON
#define LWIP_DBG_TYPES_ON LWIP_DBG_ON
#endif

/** Debug switch: ARP. */
#ifndef ETHARP_DEBUG
#define ETHARP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: netif. */
#ifndef NETIF_DEBUG
#define NETIF_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: pbuf. */
#ifndef PBUF_DEBUG
#define PBUF_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: api_lib. */
#ifndef API_LIB_DEBUG
#define API_LIB_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: api_msg. */
#ifndef API_MSG_DEBUG
#define API_MSG_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: sockets. */
#ifndef SOCKETS_DEBUG
#define SOCKETS_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: ICMP. */
#ifndef ICMP_DEBUG
#define ICMP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: IGMP. */
#ifndef IGMP_DEBUG
#define IGMP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: inet. */
#ifndef INET_DEBUG
#define INET_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: IPv4. */
#ifndef IP_DEBUG
#define IP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: reassembly. */
#ifndef IP_REASS_DEBUG
#define IP_REASS_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: raw. */
#ifndef RAW_DEBUG
#define RAW_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: heap. */
#ifndef MEM_DEBUG
#define MEM_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: pools. */
#ifndef MEMP_DEBUG
#define MEMP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: sys. */
#ifndef SYS_DEBUG
#define SYS_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: timers. */
#ifndef TIMERS_DEBUG
#define TIMERS_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: TCP general. */
#ifndef TCP_DEBUG
#define TCP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: TCP input. */
#ifndef TCP_INPUT_DEBUG
#define TCP_INPUT_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: fast retransmit. */
#ifndef TCP_FR_DEBUG
#define TCP_FR_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: RTO. */
#ifndef TCP_RTO_DEBUG
#define TCP_RTO_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: congestion window. */
#ifndef TCP_CWND_DEBUG
#define TCP_CWND_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: window updates. */
#ifndef TCP_WND_DEBUG
#define TCP_WND_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: TCP output. */
#ifndef TCP_OUTPUT_DEBUG
#define TCP_OUTPUT_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: RST. */
#ifndef TCP_RST_DEBUG
#define TCP_RST_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: queue length. */
#ifndef TCP_QLEN_DEBUG
#define TCP_QLEN_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: UDP. */
#ifndef UDP_DEBUG
#define UDP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: tcpip thread. */
#ifndef TCPIP_DEBUG
#define TCPIP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: SLIP. */
#ifndef SLIP_DEBUG
#define SLIP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: DHCP. */
#ifndef DHCP_DEBUG
#define DHCP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: AutoIP. */
#ifndef AUTOIP_DEBUG
#define AUTOIP_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: ACD. */
#ifndef ACD_DEBUG
#define ACD_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: DNS. */
#ifndef DNS_DEBUG
#define DNS_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: IPv6. */
#ifndef IP6_DEBUG
#define IP6_DEBUG LWIP_DBG_OFF
#endif

/** Debug switch: DHCPv6. */
#ifndef DHCP6_DEBUG
#define DHCP6_DEBUG LWIP_DBG_OFF
#endif

/** 1: functions for unit tests are built. */
#ifndef LWIP_TESTMODE
#define LWIP_TESTMODE 0
#endif

/* ---- Performance ---- */

/** PERF_START/PERF_STOP instrumentation. */
#ifndef LWIP_PERF
#define LWIP_PERF 0
#endif

/*
 * ---- Hooks ----
 *
 * A hook is a macro of lwipopts.h that the stack calls where it is defined; nothing is called where
 * it is not. LWIP_HOOK_FILENAME names a header with their prototypes: the files that call hooks
 * include it. All run in the thread that holds the core lock.
 *
 * LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) -> u32_t: supply the initial
 *     sequence number
 * LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p) -> err_t: inspect/veto a segment
 *     before processing
 * LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, internal_len) -> u8_t: enlarge TCP option space
 * LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts) -> u32_t*: write extra TCP options
 * LWIP_HOOK_IP4_INPUT(pbuf, input_netif) -> int: non-zero: packet consumed
 * LWIP_HOOK_IP4_ROUTE(dest) -> netif*: route decision by destination
 * LWIP_HOOK_IP4_ROUTE_SRC(src, dest) -> netif*: route decision by source and destination
 * LWIP_HOOK_IP4_CANFORWARD(p, dest_u32) -> int: 1 forward, 0 drop, -1 default rules
 * LWIP_HOOK_ETHARP_GET_GW(netif, dest) -> ip4_addr_t*: per-destination gateway
 * LWIP_HOOK_IP6_INPUT(pbuf, input_netif) -> int: non-zero: consumed
 * LWIP_HOOK_IP6_ROUTE(src, dest) -> netif*: IPv6 route decision
 * LWIP_HOOK_ND6_GET_GW(netif, dest) -> ip6_addr_t*: next hop for destination
 * LWIP_HOOK_VLAN_CHECK(netif, eth_hdr, vlan_hdr) -> int: accept tagged frame
 * LWIP_HOOK_VLAN_SET(netif, p, src, dst, eth_type) -> s32_t: TCI to insert or <0 for none
 * LWIP_HOOK_MEMP_AVAILABLE(memp_t): an element of a formerly empty pool is free again
 * LWIP_HOOK_UNKNOWN_ETH_PROTOCOL(pbuf, netif) -> err_t: unknown EtherType
 * LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, state, msg, msg_type, options_len_ptr): add options
 *     to outgoing DHCP
 * LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, msg_type, option, len, pbuf, offset): parse
 *     unknown option
 * LWIP_HOOK_DHCP6_APPEND_OPTIONS(netif, dhcp6, state, msg, msg_type, options_len_ptr, max_len):
 *     add DHCPv6 options
 * LWIP_HOOK_SOCKETS_SETSOCKOPT(s, sock, level, optname, optval, optlen, err) -> int: handle a
 *     setsockopt
 * LWIP_HOOK_SOCKETS_GETSOCKOPT(s, sock, level, optname, optval, optlen, err) -> int: handle a
 *     getsockopt
 * LWIP_HOOK_NETCONN_EXTERNAL_RESOLVE(name, addr, addrtype, err) -> int: external name resolution
 *     for the sequential API
 * LWIP_HOOK_DHCP6_PARSE_OPTION(netif, dhcp6, state, msg, msg_type, option, len, pbuf, offset):
 *     parse unknown DHCPv6 option
 * LWIP_HOOK_IP6_SELECT_SRC_ADDR(netif, dest) -> ip_addr_t*: source address, or NULL for the rules
 *     of RFC 6724
 * LWIP_HOOK_DNS_EXTERNAL_RESOLVE(name, addr, found, arg, addrtype, err) -> int: asynchronous name
 *     resolution
 * LWIP_HOOK_DHCP_POST_INIT(netif, result): may restore the last address into
 *     netif_dhcp_data(netif)->offered_ip_addr and say so by result = ERR_OK: it is asked for first
 * DHCP_REQUEST_BACKOFF_SEQUENCE(tries), with ESP_LWIP (state, tries) -> u16_t or u32_t: ms to wait
 *     for an answer to the DHCP message number `tries`
 * DHCP_NEXT_TIMEOUT_THRESHOLD -> number: renewals are at least so many times
 *     DHCP_COARSE_TIMER_SECS seconds apart; a minute where it is not defined
 * DHCP_GLOBAL_XID -> u32_t: every DHCP exchange's number; random ones where it is not defined and
 *     DHCP_CREATE_RAND_XID is not 0
 * DHCP_ADD_EXTRA_REQUEST_OPTIONS: more numbers of options to ask for, with a comma before each
 *
 * A packet given to an input hook that returns non-zero belongs to the hook, which frees it.
 */

/* ---- Names from ESP-IDF's lwipopts.h: off unless set; more are in gossamer/opt.h ---- */

/** Accepted for compatibility: our timers always run only while they are needed. */
#ifndef ESP_LWIP_IGMP_TIMERS_ONDEMAND
#define ESP_LWIP_IGMP_TIMERS_ONDEMAND 0
#endif
#ifndef ESP_LWIP_MLD6_TIMERS_ONDEMAND
#define ESP_LWIP_MLD6_TIMERS_ONDEMAND 0
#endif
#ifndef ESP_LWIP_DHCP_FINE_TIMERS_ONDEMAND
#define ESP_LWIP_DHCP_FINE_TIMERS_ONDEMAND 0 /* 1: dhcp_fine_tmr() has esp-lwip's prototype */
#endif
#ifndef ESP_LWIP_IP4_REASSEMBLY_TIMERS_ONDEMAND
#define ESP_LWIP_IP4_REASSEMBLY_TIMERS_ONDEMAND 0
#endif
#ifndef ESP_LWIP_IP6_REASSEMBLY_TIMERS_ONDEMAND
#define ESP_LWIP_IP6_REASSEMBLY_TIMERS_ONDEMAND 0
#endif

#ifndef ESP_LWIP_DNS_TIMERS_ONDEMAND
#define ESP_LWIP_DNS_TIMERS_ONDEMAND 0
#endif

/** Accepted for compatibility: what they switch on is always there (lwip/dns.h). */
#ifndef ESP_DNS
#define ESP_DNS 0
#endif
#ifndef LWIP_DNS_SETSERVER_WITH_NETIF
#define LWIP_DNS_SETSERVER_WITH_NETIF 0
#endif

/** 1: struct pbuf has l2_owner and l2_buf. */
#ifndef ESP_PBUF
#define ESP_PBUF 0
#endif

/** 1: per-socket locking macros exist (lwip/sys.h); they are empty, sockets lock by themselves. */
#ifndef ESP_LWIP_LOCK
#define ESP_LWIP_LOCK 0
#endif

/** 1: the netif that owns the source address is the route (lwip/ip4.h). */
#ifndef ESP_IP4_ROUTE
#define ESP_IP4_ROUTE 0
#endif

/** 1: nd6_set_cb() (lwip/nd6.h). The v4-mapped helpers are always there in dual-stack builds. */
#ifndef ESP_IPV6
#define ESP_IPV6 0
#endif

/** 1: all IPv6 groups are reported every ESP_MLDV6_REPORT_INTERVAL, for access points and switches
    that forget listeners. */
#ifndef ESP_MLDV6_REPORT
#define ESP_MLDV6_REPORT 0
#endif

/* ---- A protocol family that is off takes its options along ---- */

#if !LWIP_IPV4
#undef LWIP_ARP
#define LWIP_ARP 0
#undef LWIP_ICMP
#define LWIP_ICMP 0
#undef LWIP_IGMP
#define LWIP_IGMP 0
#undef IP_FORWARD
#define IP_FORWARD 0
#undef IP_REASSEMBLY
#define IP_REASSEMBLY 0
#undef IP_FRAG
#define IP_FRAG 0
#undef LWIP_DHCP
#define LWIP_DHCP 0
#undef LWIP_DHCP_DOES_ACD_CHECK
#define LWIP_DHCP_DOES_ACD_CHECK 0
#undef LWIP_AUTOIP
#define LWIP_AUTOIP 0
#undef LWIP_DHCP_AUTOIP_COOP
#define LWIP_DHCP_AUTOIP_COOP 0
#undef LWIP_ACD
#define LWIP_ACD 0
#undef LWIP_IPV4_NUM_ADDRESSES
#define LWIP_IPV4_NUM_ADDRESSES 1
#endif

#if !LWIP_IPV6
#undef LWIP_ICMP6
#define LWIP_ICMP6 0
#undef LWIP_IPV6_MLD
#define LWIP_IPV6_MLD 0
#undef LWIP_IPV6_FORWARD
#define LWIP_IPV6_FORWARD 0
#undef LWIP_IPV6_FRAG
#define LWIP_IPV6_FRAG 0
#undef LWIP_IPV6_REASS
#define LWIP_IPV6_REASS 0
#undef LWIP_IPV6_SCOPES
#define LWIP_IPV6_SCOPES 0
#undef LWIP_IPV6_AUTOCONFIG
#define LWIP_IPV6_AUTOCONFIG 0
#undef LWIP_IPV6_DHCP6
#define LWIP_IPV6_DHCP6 0
#endif

/* ---- Statistics off means all of them ---- */

#if !LWIP_STATS
#undef LINK_STATS
#define LINK_STATS 0
#undef ETHARP_STATS
#define ETHARP_STATS 0
#undef IP_STATS
#define IP_STATS 0
#undef IPFRAG_STATS
#define IPFRAG_STATS 0
#undef ICMP_STATS
#define ICMP_STATS 0
#undef IGMP_STATS
#define IGMP_STATS 0
#undef UDP_STATS
#define UDP_STATS 0
#undef TCP_STATS
#define TCP_STATS 0
#undef MEM_STATS
#define MEM_STATS 0
#undef MEMP_STATS
#define MEMP_STATS 0
#undef SYS_STATS
#define SYS_STATS 0
#undef IP6_STATS
#define IP6_STATS 0
#undef ICMP6_STATS
#define ICMP6_STATS 0
#undef IP6_FRAG_STATS
#define IP6_FRAG_STATS 0
#undef MLD6_STATS
#define MLD6_STATS 0
#undef ND6_STATS
#define ND6_STATS 0
#undef MIB2_STATS
#define MIB2_STATS 0
#undef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 0
#endif

#include "gossamer/opt.h"
#include "lwip/priv/core_lock.h"

#endif /* LWIP_HDR_OPT_H */
