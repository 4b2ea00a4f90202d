/**
 * @file
 * Combinations of options that cannot work, each with what to do. Included once, by
 * src/base/init_check.c, which checks the numbers.
 */
#ifndef LWIP_HDR_OPT_CHECK_H
#define LWIP_HDR_OPT_CHECK_H

#include "lwip/opt.h"
#include "lwip/arch.h"

#if BYTE_ORDER != LITTLE_ENDIAN && BYTE_ORDER != BIG_ENDIAN
#error "BYTE_ORDER must be LITTLE_ENDIAN or BIG_ENDIAN: define it in arch/cc.h"
#endif

/* Switches that need each other */

#if IP_SOF_BROADCAST_RECV && !IP_SOF_BROADCAST
#error "IP_SOF_BROADCAST_RECV needs IP_SOF_BROADCAST: set both to 1"
#endif

#if LWIP_UDPLITE && !LWIP_UDP
#error "LWIP_UDPLITE needs UDP: set LWIP_UDP to 1"
#endif

#if LWIP_DHCP && !LWIP_UDP
#error "LWIP_DHCP needs UDP: set LWIP_UDP to 1"
#endif

#if LWIP_DNS && !LWIP_UDP
#error "LWIP_DNS needs UDP: set LWIP_UDP to 1"
#endif

#if LWIP_MULTICAST_TX_OPTIONS && !LWIP_UDP && !LWIP_RAW
#error "LWIP_MULTICAST_TX_OPTIONS needs LWIP_UDP or LWIP_RAW"
#endif

#if LWIP_IGMP && !LWIP_MULTICAST_TX_OPTIONS
#error "LWIP_IGMP needs LWIP_MULTICAST_TX_OPTIONS: set it to 1"
#endif

#if LWIP_IPV6_NUM_ADDRESSES < 1 || LWIP_IPV6_NUM_ADDRESSES > 127
#error "LWIP_IPV6_NUM_ADDRESSES must be 1 to 127"
#endif

#if LWIP_IPV6_DUP_DETECT_ATTEMPTS < 0 || LWIP_IPV6_DUP_DETECT_ATTEMPTS > 7
#error "LWIP_IPV6_DUP_DETECT_ATTEMPTS must be 0 to 7"
#endif

#if LWIP_IPV6 && LWIP_IPV6_TEMPORARY && !LWIP_IPV6_ADDRESS_LIFETIMES
#error "LWIP_IPV6_TEMPORARY needs lifetimes: set LWIP_IPV6_ADDRESS_LIFETIMES to 1"
#endif

#if LWIP_IPV6_TEMPORARY && (LWIP_IPV6_TEMP_PREFERRED_LIFETIME < 600 ||                             \
                            LWIP_IPV6_TEMP_PREFERRED_LIFETIME >= LWIP_IPV6_TEMP_VALID_LIFETIME)
#error "LWIP_IPV6_TEMP_PREFERRED_LIFETIME must be 600 at least and less than _VALID_LIFETIME"
#endif

#if LWIP_IPV6 && (LWIP_ND6_NUM_ROUTERS < 1 || LWIP_ND6_NUM_ROUTERS > 127)
#error "LWIP_ND6_NUM_ROUTERS must be 1 to 127"
#endif

#if LWIP_IPV6 && (LWIP_ND6_NUM_PREFIXES < 1 || LWIP_ND6_NUM_PREFIXES > 127)
#error "LWIP_ND6_NUM_PREFIXES must be 1 to 127"
#endif

#if LWIP_IPV6 && LWIP_ND6_SUPPORT_RIO && (LWIP_ND6_NUM_ROUTES < 1 || LWIP_ND6_NUM_ROUTES > 127)
#error "LWIP_ND6_NUM_ROUTES must be 1 to 127: or set LWIP_ND6_SUPPORT_RIO to 0"
#endif

#if LWIP_IPV6 && (LWIP_ND6_MIN_HOP_LIMIT < 1 || LWIP_ND6_MIN_HOP_LIMIT > 255)
#error "LWIP_ND6_MIN_HOP_LIMIT must be 1 to 255"
#endif

#if LWIP_ND6_RDNSS_MAX_DNS_SERVERS > 255 || LWIP_ND6_DNSSL_MAX_DOMAINS > 255
#error "LWIP_ND6_RDNSS_MAX_DNS_SERVERS and LWIP_ND6_DNSSL_MAX_DOMAINS must be 0 to 255"
#endif

#if LWIP_IPV6_MLD && !LWIP_ICMP6
#error "LWIP_IPV6_MLD needs ICMPv6: set LWIP_ICMP6 to 1"
#endif

#if LWIP_ARP && !LWIP_ETHERNET
#error "LWIP_ARP needs LWIP_ETHERNET: set it to 1"
#endif

#if LWIP_AUTOIP && !LWIP_ARP
#error "LWIP_AUTOIP needs LWIP_ARP: set it to 1"
#endif

#if LWIP_ACD && !LWIP_ARP
#error "LWIP_ACD needs LWIP_ARP: set it to 1"
#endif

#if defined(DHCP_OPTIONS_LEN) && DHCP_OPTIONS_LEN < 68
#error "DHCP_OPTIONS_LEN must be at least 68 (DHCP_MIN_OPTIONS_LEN)"
#endif
#if ESP_DHCPS && (!LWIP_IPV4 || !LWIP_UDP)
#error "ESP_DHCPS needs LWIP_IPV4 and LWIP_UDP"
#endif
#if CONFIG_LWIP_DHCPS_LEASE_UNIT < 1 || CONFIG_LWIP_DHCPS_LEASE_UNIT > 3600
#error "CONFIG_LWIP_DHCPS_LEASE_UNIT must be 1 to 3600"
#endif
#if CONFIG_LWIP_DHCPS_MAX_STATION_NUM < 1 || CONFIG_LWIP_DHCPS_MAX_STATION_NUM > 64
#error "CONFIG_LWIP_DHCPS_MAX_STATION_NUM must be 1 to 64"
#endif
#if CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN < 1 || CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN > 255
#error "CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN must be 1 to 255"
#endif
#if LWIP_DHCP_AUTOIP_COOP && (!LWIP_DHCP || !LWIP_AUTOIP)
#error "LWIP_DHCP_AUTOIP_COOP needs LWIP_DHCP and LWIP_AUTOIP"
#endif

#if LWIP_DHCP_DOES_ACD_CHECK && (!LWIP_DHCP || !LWIP_ARP || !LWIP_ACD)
#error "LWIP_DHCP_DOES_ACD_CHECK needs LWIP_DHCP, LWIP_ARP and LWIP_ACD"
#endif

#if !LWIP_IPV4 && !LWIP_IPV6
#error "No IP: set LWIP_IPV4 or LWIP_IPV6 to 1"
#endif

#if SO_REUSE_RXTOALL && !SO_REUSE
#error "SO_REUSE_RXTOALL needs SO_REUSE: set both to 1"
#endif

#if LWIP_HAVE_LOOPIF && LWIP_SINGLE_NETIF
#error "LWIP_SINGLE_NETIF has no loop interface: set LWIP_HAVE_LOOPIF to 0"
#endif

/* The operating system */

#if NO_SYS && LWIP_NETIF_API
#error "LWIP_NETIF_API needs threads: set NO_SYS to 0 or LWIP_NETIF_API to 0"
#endif

#if NO_SYS && LWIP_NETCONN
#error "LWIP_NETCONN needs threads: set NO_SYS to 0 or LWIP_NETCONN to 0"
#endif

#if NO_SYS && LWIP_SOCKET
#error "LWIP_SOCKET needs threads: set NO_SYS to 0 or LWIP_SOCKET to 0"
#endif

#if (LWIP_NETCONN || LWIP_SOCKET) && LWIP_TCP && LWIP_EVENT_API
#error "netconns and sockets need LWIP_EVENT_API 0; or set LWIP_NETCONN and LWIP_SOCKET to 0"
#endif

#if LWIP_TCPIP_CORE_LOCKING_INPUT && !LWIP_TCPIP_CORE_LOCKING
#error "LWIP_TCPIP_CORE_LOCKING_INPUT needs LWIP_TCPIP_CORE_LOCKING: set both to 1"
#endif

#if LWIP_THREAD_SAFE_API && (NO_SYS || !LWIP_TCPIP_CORE_LOCKING)
#error "LWIP_THREAD_SAFE_API needs threads and LWIP_TCPIP_CORE_LOCKING: set it to 0"
#endif

#if LWIP_THREAD_SAFE_API && !CORE_LOCK_HAS_OWNER && !NO_SYS
#error "LWIP_THREAD_SAFE_API needs LWIP_THREAD_SELF() in arch/cc.h, no LOCK_TCPIP_CORE() of a port"
#endif

#if LWIP_TCPIP_RUN_AT_UNLOCK && !CORE_LOCK_HAS_OWNER
#error "LWIP_TCPIP_RUN_AT_UNLOCK needs LWIP_TCPIP_CORE_LOCKING and LWIP_THREAD_SELF() in arch/cc.h"
#endif

#if LWIP_NETCONN_FULLDUPLEX && !LWIP_NETCONN_SEM_PER_THREAD
#error "LWIP_NETCONN_FULLDUPLEX needs LWIP_NETCONN_SEM_PER_THREAD: set both to 1"
#endif

/* Memory */

#if MEM_LIBC_MALLOC && !MEM_CUSTOM_ALLOCATOR
#error "MEM_LIBC_MALLOC is a custom allocator: leave MEM_CUSTOM_ALLOCATOR alone"
#endif

#if MEM_CUSTOM_ALLOCATOR
#if !defined(MEM_CUSTOM_MALLOC) || !defined(MEM_CUSTOM_CALLOC) || !defined(MEM_CUSTOM_FREE)
#error "MEM_CUSTOM_ALLOCATOR needs MEM_CUSTOM_MALLOC, MEM_CUSTOM_CALLOC and MEM_CUSTOM_FREE"
#endif
#endif

#if MEM_USE_POOLS && MEM_CUSTOM_ALLOCATOR
#error "MEM_USE_POOLS and MEM_CUSTOM_ALLOCATOR (or MEM_LIBC_MALLOC) are two heaps: choose one"
#endif

#if MEM_USE_POOLS && !MEMP_USE_CUSTOM_POOLS
#error "MEM_USE_POOLS needs MEMP_USE_CUSTOM_POOLS 1 and a lwippools.h"
#endif

#if MEM_USE_POOLS && MEMP_MEM_MALLOC
#error "MEM_USE_POOLS and MEMP_MEM_MALLOC take their memory from each other: choose one"
#endif

#if defined(LWIP_HOOK_MEMP_AVAILABLE) && MEMP_MEM_MALLOC
#error "LWIP_HOOK_MEMP_AVAILABLE needs pools: set MEMP_MEM_MALLOC to 0 or drop the hook"
#endif

/* TCP */

#if LWIP_TCP && LWIP_EVENT_API && LWIP_CALLBACK_API
#error "LWIP_EVENT_API and LWIP_CALLBACK_API: choose one"
#endif

#if LWIP_TCP && !LWIP_EVENT_API && !LWIP_CALLBACK_API
#error "LWIP_EVENT_API or LWIP_CALLBACK_API: set one to 1"
#endif

#if LWIP_ALTCP && LWIP_EVENT_API
#error "LWIP_ALTCP needs LWIP_CALLBACK_API: set LWIP_EVENT_API to 0"
#endif

#if LWIP_TCP && LWIP_TCP_SACK_OUT && !TCP_QUEUE_OOSEQ
#error "LWIP_TCP_SACK_OUT needs TCP_QUEUE_OOSEQ: set it to 1"
#endif

#if LWIP_TCP_RCV_AUTOTUNE && !LWIP_WND_SCALE
#error "LWIP_TCP_RCV_AUTOTUNE needs LWIP_WND_SCALE: set it to 1"
#endif
#if LWIP_TCP_SACK_IN && !LWIP_TCP_SACK_OUT
#error "LWIP_TCP_SACK_IN needs LWIP_TCP_SACK_OUT: set it to 1"
#endif
#if LWIP_TCP_SYN_COOKIES && !LWIP_TCP_SYNCACHE
#error "LWIP_TCP_SYN_COOKIES needs LWIP_TCP_SYNCACHE: set it to 1"
#endif

#if LWIP_TCP_ECN_DEFAULT < 0 || LWIP_TCP_ECN_DEFAULT > 2
#error "LWIP_TCP_ECN_DEFAULT must be 0, 1 or 2"
#endif
#if LWIP_TCP_RACK && !LWIP_TCP_SACK_IN
#error "LWIP_TCP_RACK needs LWIP_TCP_SACK_IN: set it to 1"
#endif

#if LWIP_NETIF_TX_SINGLE_PBUF && LWIP_TCP && !TCP_OVERSIZE
#error "LWIP_NETIF_TX_SINGLE_PBUF needs TCP_OVERSIZE"
#endif

#if LWIP_ANY_ADDRESS && LWIP_TCP && !LWIP_CALLBACK_API
#error "LWIP_ANY_ADDRESS needs LWIP_CALLBACK_API: set LWIP_EVENT_API to 0"
#endif
#if LWIP_ANY_ADDRESS && LWIP_ANY_ADDRESS_SYNS < 1
#error "LWIP_ANY_ADDRESS_SYNS must be at least 1"
#endif

/* DNS */

#if DNS_LOCAL_HOSTLIST && !DNS_LOCAL_HOSTLIST_IS_DYNAMIC && !defined(DNS_LOCAL_HOSTLIST_INIT)
#error                                                                                             \
    "DNS_LOCAL_HOSTLIST needs DNS_LOCAL_HOSTLIST_INIT, the list, or DNS_LOCAL_HOSTLIST_IS_DYNAMIC 1"
#endif

#if DNS_TABLE_SIZE < 1 || DNS_TABLE_SIZE > 255
#error "DNS_TABLE_SIZE must be 1 to 255"
#endif
#if DNS_MAX_SERVERS < 1 || DNS_MAX_SERVERS > 255
#error "DNS_MAX_SERVERS must be 1 to 255"
#endif
#if DNS_MAX_NETIF_SERVERS < 1 || DNS_MAX_NETIF_SERVERS > 255
#error "DNS_MAX_NETIF_SERVERS must be 1 to 255"
#endif
#if DNS_MAX_RETRIES < 1 || DNS_MAX_RETRIES > 100
#error "DNS_MAX_RETRIES must be 1 to 100"
#endif
#if DNS_MAX_HOST_IP < 1
#error "DNS_MAX_HOST_IP must be at least 1"
#endif
#if DNS_MAX_NAME_LENGTH < 2 || DNS_MAX_NAME_LENGTH > 256
#error "DNS_MAX_NAME_LENGTH must be 2 to 256"
#endif
#if DNS_MAX_TTL > 0x7fffffff
#error "DNS_MAX_TTL must be at most 0x7fffffff"
#endif
#if DNS_TCP_MESSAGE_MAX != 0 && (DNS_TCP_MESSAGE_MAX < 512 || DNS_TCP_MESSAGE_MAX > 65535)
#error "DNS_TCP_MESSAGE_MAX must be 0, or 512 to 65535"
#endif
#if DNS_TCP_MESSAGE_MAX && !(LWIP_TCP && LWIP_CALLBACK_API)
#error "DNS_TCP_MESSAGE_MAX needs LWIP_TCP and LWIP_CALLBACK_API: set it to 0"
#endif

/* Names that no longer exist */

#ifdef MEMP_NUM_TCPIP_MSG
#error "MEMP_NUM_TCPIP_MSG is now MEMP_NUM_TCPIP_MSG_API and MEMP_NUM_TCPIP_MSG_INPKT"
#endif

#ifdef TCP_REXMIT_DEBUG
#error "TCP_REXMIT_DEBUG is now TCP_RTO_DEBUG"
#endif

#ifdef RAW_STATS
#error "RAW_STATS is gone: raw packets are counted by IP_STATS"
#endif

#ifdef ETHARP_QUEUE_FIRST
#error "ETHARP_QUEUE_FIRST is gone: remove it"
#endif

#ifdef ETHARP_ALWAYS_INSERT
#error "ETHARP_ALWAYS_INSERT is gone: remove it"
#endif

/* What lwIP has on by default and this version does not have yet */

#if (UDP_HASH_SIZE & (UDP_HASH_SIZE - 1)) != 0
#error "UDP_HASH_SIZE must be a power of two"
#endif

#endif /* LWIP_HDR_OPT_CHECK_H */
