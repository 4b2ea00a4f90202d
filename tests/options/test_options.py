#!/usr/bin/env python3
"""Builds the library and a program that names every public function, once per option turned round.

Each variant is the host profile with one option at its other value (and what that forces), compiled
with the project's warnings as errors and linked whole: an object that names something that is
switched off does not link. Variants share the object of a source for which all that it names comes
to the same: macros, functions, types, members.

Prints TAP. Arguments select variants by part of their name; -v shows the compiler's output at once.
"""
import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "tests", "options")
CC = os.environ.get("CC", "gcc")
JOBS = int(os.environ.get("JOBS", os.cpu_count() or 2))
HOST = ["tests/options", "ports/unix/include", "config"]
SINGLE = ["tests/config/single"] + HOST

# Options that host.h switches on, turned off, and the other way round. Behind the colon stands what
# must change along: an option that needs the first one.
ONE_BY_ONE = """
LWIP_MULTI_INSTANCE=0
LWIP_ARP=0
LWIP_ETHERNET=0: LWIP_ARP=0
ARP_QUEUEING=0
ETHARP_SUPPORT_STATIC_ENTRIES=0
ETHARP_SUPPORT_VLAN=0
ETHARP_TABLE_MATCH_NETIF=0
LWIP_VLAN_PCP=0
ETH_PAD_SIZE=2
ESP_LWIP=1
ESP_LWIP_ARP=1
ESP_GRATUITOUS_ARP=1
ESP_LWIP_IGMP_TIMERS_ONDEMAND=1
ESP_PBUF=1
LWIP_SINGLE_NETIF=1: LWIP_HAVE_LOOPIF=0
LWIP_NETIF_HOSTNAME=0
LWIP_NETIF_STATUS_CALLBACK=0
LWIP_NETIF_EXT_STATUS_CALLBACK=0
LWIP_NETIF_LINK_CALLBACK=0
LWIP_NETIF_REMOVE_CALLBACK=0
LWIP_NETIF_HWADDRHINT=0
LWIP_NETIF_HWADDRHINT=0: LWIP_VLAN_PCP=0
LWIP_NETIF_TX_SINGLE_PBUF=1
LWIP_NUM_NETIF_CLIENT_DATA=0
LWIP_NETIF_LOOPBACK=0: LWIP_HAVE_LOOPIF=0
LWIP_HAVE_LOOPIF=0
LWIP_LOOPIF_MULTICAST=0
LWIP_LOOPBACK_MAX_PBUFS=0
LWIP_NETIF_LOOPBACK_MULTITHREADING=0
LWIP_ETHERNET_FILTER_DST=0
IP_FORWARD=0
IP_FORWARD_ALLOW_TX_ON_RX_NETIF=1
IP_REASSEMBLY=0
IP_FRAG=0
IP_FRAG=0: IP_REASSEMBLY=0
IP_OPTIONS_ALLOWED=0
IP_SOF_BROADCAST=0
IP_SOF_BROADCAST_RECV=1
LWIP_ICMP=0
LWIP_BROADCAST_PING=1
LWIP_MULTICAST_PING=1
LWIP_ICMP_RATE_LIMIT=0
LWIP_IGMP=0
LWIP_IGMP=0: LWIP_MULTICAST_TX_OPTIONS=0
LWIP_IGMP_V3=0
LWIP_IPV6_MLD=0: LWIP_IPV6=1
LWIP_IPV6_MLD=0: LWIP_IPV6=1 LWIP_IGMP=0 LWIP_MULTICAST_TX_OPTIONS=0
LWIP_MLD_V2=0: LWIP_IPV6=1
ESP_MLDV6_REPORT=1: LWIP_IPV6=1
ESP_LWIP_MLD6_TIMERS_ONDEMAND=1: LWIP_IPV6=1
LWIP_MCAST_MAX_SOURCES=1: LWIP_IPV6=1
LWIP_IPV4_NUM_ADDRESSES=1
LWIP_NUM_ROUTES=0
LWIP_PMTU_DISCOVERY=0
LWIP_IPV6_FRAG=0: LWIP_IPV6=1
LWIP_IPV6_FRAG=0: LWIP_IPV6=1 IP_FRAG=0
LWIP_IPV6_REASS=0: LWIP_IPV6=1
LWIP_IPV6_REASS=0: LWIP_IPV6=1 IP_REASSEMBLY=0
IP_REASSEMBLY=0: LWIP_IPV6=1 IP_FRAG=0
LWIP_IPV6=1
LWIP_IPV6_FORWARD=0: LWIP_IPV6=1
LWIP_IPV6_SCOPES=0: LWIP_IPV6=1
LWIP_IPV6_SCOPES_DEBUG=1: LWIP_IPV6=1
LWIP_IPV6_FLOW_LABEL=0: LWIP_IPV6=1
LWIP_NUM_ROUTES=0: LWIP_IPV6=1
LWIP_IPV4_NUM_ROUTES=5: LWIP_IPV6=1
LWIP_SINGLE_NETIF=1: LWIP_IPV6=1 LWIP_HAVE_LOOPIF=0
LWIP_HAVE_LOOPIF=0: LWIP_IPV6=1
LWIP_NETIF_LOOPBACK=0: LWIP_IPV6=1 LWIP_HAVE_LOOPIF=0
IP6_STATS=0: LWIP_IPV6=1
LWIP_ICMP6=0: LWIP_IPV6=1 LWIP_IPV6_MLD=0 LWIP_ND6=0
LWIP_ICMP6_DATASIZE=64: LWIP_IPV6=1
LWIP_IPV6=1: LWIP_NETIF_TX_SINGLE_PBUF=1
LWIP_IPV6=1: LWIP_PMTU_DISCOVERY=0
CHECKSUM_GEN_ICMP6=0: LWIP_IPV6=1
CHECKSUM_CHECK_ICMP6=0: LWIP_IPV6=1
ICMP6_STATS=0: LWIP_IPV6=1
IP6_FRAG_STATS=0: LWIP_IPV6=1
LWIP_ND6=0: LWIP_IPV6=1
LWIP_ND6_QUEUEING=0: LWIP_IPV6=1
ESP_ND6_QUEUEING=1: LWIP_IPV6=1
LWIP_ND6_NUM_NEIGHBORS=1: LWIP_IPV6=1 LWIP_ND6_NUM_DESTINATIONS=1
LWIP_ND6_NUM_PROXIES=0: LWIP_IPV6=1
LWIP_ND6_SUPPORT_STATIC_ENTRIES=0: LWIP_IPV6=1
LWIP_ND6_ANNOUNCE_ADDRESSES=0: LWIP_IPV6=1
LWIP_ND6_TCP_REACHABILITY_HINTS=0: LWIP_IPV6=1
LWIP_FORCE_ROUTER_FORWARDING=1: LWIP_IPV6=1
LWIP_ND6_SUPPORT_RIO=0: LWIP_IPV6=1
LWIP_ND6_NUM_ROUTERS=1: LWIP_IPV6=1 LWIP_ND6_NUM_ROUTES=1 LWIP_ND6_NUM_PREFIXES=1
LWIP_ND6_ALLOW_RA_UPDATES=0: LWIP_IPV6=1
LWIP_ND6_MIN_HOP_LIMIT=255: LWIP_IPV6=1
LWIP_ND6_RDNSS_MAX_DNS_SERVERS=0: LWIP_IPV6=1
LWIP_ND6_RDNSS_MAX_DNS_SERVERS=0: LWIP_IPV6=1 LWIP_ND6_DNSSL_MAX_DOMAINS=2
LWIP_ND6_DNSSL_MAX_DOMAINS=0: LWIP_IPV6=1
LWIP_ND6_RS_BACKOFF=0: LWIP_IPV6=1
LWIP_IPV6_SEND_ROUTER_SOLICIT=0: LWIP_IPV6=1
LWIP_ROUTER_ADVERT=0: LWIP_IPV6=1
LWIP_ROUTER_ADVERT=1: LWIP_IPV6=1 LWIP_IPV6_FORWARD=0
ESP_IPV6=1: LWIP_IPV6=1
ESP_IPV6_AUTOCONFIG=0: LWIP_IPV6=1
LWIP_NETIF_EXT_STATUS_CALLBACK=0: LWIP_IPV6=1
LWIP_NETIF_STATUS_CALLBACK=0: LWIP_IPV6=1
LWIP_IPV6=1: LWIP_IPV6_TEMPORARY=0 LWIP_NETIF_EXT_STATUS_CALLBACK=0
LWIP_IPV6_NUM_ADDRESSES=1: LWIP_IPV6=1
LWIP_IPV6_AUTOCONFIG=0: LWIP_IPV6=1 LWIP_IPV6_TEMPORARY=0
LWIP_IPV6_ADDRESS_LIFETIMES=0: LWIP_IPV6=1 LWIP_IPV6_TEMPORARY=0
LWIP_IPV6_DUP_DETECT_ATTEMPTS=0: LWIP_IPV6=1
LWIP_IPV6_STABLE_IID=0: LWIP_IPV6=1
LWIP_IPV6_TEMPORARY=0: LWIP_IPV6=1
LWIP_IPV6_TEMPORARY=2: LWIP_IPV6=1
LWIP_IPV6_ENHANCED_DAD=0: LWIP_IPV6=1
LWIP_IPV6_OPTIMISTIC_DAD=1: LWIP_IPV6=1
LWIP_IPV6_SEND_ROUTER_SOLICIT=0: LWIP_IPV6=1
LWIP_ETHERNET=0: LWIP_IPV6=1 LWIP_ARP=0
ND6_STATS=0: LWIP_IPV6=1
LWIP_RAW=0
LWIP_UDP=0: LWIP_UDPLITE=0
LWIP_UDP=0: LWIP_UDPLITE=0 LWIP_RAW=0 LWIP_IGMP=0 LWIP_MULTICAST_TX_OPTIONS=0
LWIP_UDPLITE=0
UDP_HASH_SIZE=1
LWIP_UDP_ERRORS=0
LWIP_RAW_ERRORS=0
LWIP_UDP_ERRORS=0: LWIP_RAW_ERRORS=0
ESP_IP4_ROUTE=1
LWIP_NETBUF_RECVINFO=0
SO_REUSE=0: SO_REUSE_RXTOALL=0
SO_REUSE_RXTOALL=0
LWIP_CHECKSUM_CTRL_PER_NETIF=0
LWIP_CHECKSUM_ON_COPY=0
CHECKSUM_GEN_IP=0
CHECKSUM_GEN_UDP=0
CHECKSUM_GEN_ICMP=0
CHECKSUM_CHECK_IP=0
CHECKSUM_CHECK_UDP=0
CHECKSUM_CHECK_ICMP=0
LWIP_CHECKSUM_CTRL_PER_NETIF=0: CHECKSUM_GEN_IP=0 CHECKSUM_GEN_UDP=0 CHECKSUM_GEN_ICMP=0 CHECKSUM_CHECK_IP=0 CHECKSUM_CHECK_UDP=0 CHECKSUM_CHECK_ICMP=0
LWIP_STATS=0
LWIP_STATS_LARGE=0
LWIP_STATS_DISPLAY=0
LWIP_DROP_STATS=0
LINK_STATS=0
ETHARP_STATS=0
IP_STATS=0
IPFRAG_STATS=0
ICMP_STATS=0
IGMP_STATS=0
MLD6_STATS=0: LWIP_IPV6=1
UDP_STATS=0
SYS_STATS=0
MEM_STATS=0
MEM_STATS=1: MEM_LIBC_MALLOC=0
MEMP_STATS=0
MEMP_STATS=1: MEMP_MEM_MALLOC=0
MIB2_STATS=0
LWIP_TCP=0
LWIP_TCP=0: LWIP_IPV6=0
LWIP_WND_SCALE=0: TCP_WND=65535 TCP_SND_BUF=65535
LWIP_TCP_SACK_IN=0
LWIP_TCP_SACK_OUT=0: LWIP_TCP_SACK_IN=0
TCP_QUEUE_OOSEQ=0: LWIP_TCP_SACK_OUT=0 LWIP_TCP_SACK_IN=0
LWIP_TCP_RACK=0
LWIP_TCP_CUBIC=0
LWIP_TCP_HYSTART=0
LWIP_TCP_ECN=0
LWIP_TCP_RENO=0
LWIP_TCP_RENO=0: LWIP_TCP_CUBIC=0
LWIP_TCP_ABE=0
LWIP_TCP_URGENT=0
LWIP_TCP_LIMITS=0
LWIP_TCP_LIMITS=0: LWIP_TCP_RCV_AUTOTUNE=0
LWIP_TCP_USER_TIMEOUT=0
LWIP_TCP_RST_RATE_LIMIT=0
LWIP_TCP_TIMESTAMPS=0
LWIP_TCP_KEEPALIVE=0
TCP_LISTEN_BACKLOG=0
TCP_HASH_SIZE=1
LWIP_TCP_SYNCACHE=0: LWIP_TCP_SYN_COOKIES=0
LWIP_ANY_ADDRESS=0
LWIP_ANY_ADDRESS=1: LWIP_TCP_SYNCACHE=0 LWIP_TCP_SYN_COOKIES=0
LWIP_ANY_ADDRESS=1: LWIP_ICMP=0
LWIP_ANY_ADDRESS_SYNS=1
LWIP_TCP_SYN_COOKIES=0
TCP_OVERSIZE=0
TCP_CALCULATE_EFF_SEND_MSS=0
LWIP_TCP_PCB_NUM_EXT_ARGS=0
LWIP_TCP_PCB_NUM_EXT_ARGS=2
LWIP_EVENT_API=1: LWIP_CALLBACK_API=0 LWIP_ALTCP=0 LWIP_NETCONN=0 LWIP_SOCKET=0
LWIP_OFFLOAD=0
LWIP_TCP_INFO=0
LWIP_TCP_RCV_AUTOTUNE=0
LWIP_OFFLOAD=1: LWIP_NETIF_TX_SINGLE_PBUF=1 LWIP_IPV6=1
LWIP_ALTCP=0
LWIP_ALTCP=1: LWIP_TCP_KEEPALIVE=0
LWIP_DNS=0
LWIP_DNS=0: LWIP_IPV6=1
LWIP_DNS=1: LWIP_SOCKET=0
LWIP_DNS=1: LWIP_SOCKET=0 LWIP_NETCONN=0 LWIP_IPV6=1
DNS_LOCAL_HOSTLIST=0
DNS_LOCAL_HOSTLIST_IS_DYNAMIC=0: DNS_LOCAL_HOSTLIST_INIT={DNS_LOCAL_HOSTLIST_ELEM("a",IPADDR4_INIT(1))}
DNS_MAX_HOST_IP=4: LWIP_IPV6=1
DNS_TCP_MESSAGE_MAX=0
DNS_TCP_MESSAGE_MAX=512: LWIP_IPV6=1
DNS_TABLE_SIZE=1: DNS_MAX_SERVERS=1 DNS_MAX_NETIF_SERVERS=1
FALLBACK_DNS_SERVER_ADDRESS(a)=ipaddr_aton("192.0.2.53",a)
DNS_SERVER_ADDRESS(a)=ipaddr_aton("192.0.2.53",a)
LWIP_COMPAT_SOCKETS=0
LWIP_COMPAT_SOCKETS=2
LWIP_COMPAT_SOCKETS=2: LWIP_POSIX_SOCKETS_IO_NAMES=0
LWIP_POSIX_SOCKETS_IO_NAMES=0
LWIP_SOCKET_SELECT=0
LWIP_SOCKET_POLL=0: LWIP_SOCKET_SELECT=0
LWIP_DHCP=0
LWIP_DHCP=0: LWIP_AUTOIP=0 LWIP_IPV6=1
LWIP_DHCP_DOES_ACD_CHECK=0
LWIP_DHCP_DOES_ACD_CHECK=0: LWIP_AUTOIP=0
LWIP_AUTOIP=0
LWIP_DHCP_AUTOIP_COOP=0
LWIP_ACD=1: LWIP_DHCP=0 LWIP_AUTOIP=0
LWIP_DHCP_BOOTP_FILE=1
LWIP_DHCP_GET_NTP_SRV=1: OPTION_NTP=1 LWIP_DHCP_MAX_NTP_SERVERS=3
LWIP_DHCP_MAX_DNS_SERVERS=1
LWIP_DHCP_DISCOVER_ADD_HOSTNAME=0
LWIP_DHCP_CLIENT_ID=0
LWIP_DHCP_CLIENT_ID=1: DHCP_CREATE_RAND_XID=0 DHCP_NEXT_TIMEOUT_THRESHOLD=3 DHCP_COARSE_TIMER_SECS=1
LWIP_DHCP_ENABLE_MTU_UPDATE=0
LWIP_DHCP_MAX_ROUTES=0
LWIP_DHCP_DOMAIN_LEN=0
DHCP_DOES_ARP_CHECK=1
ESP_DHCP=1: ESP_LWIP=1 ESP_LWIP_DHCP_FINE_TIMERS_ONDEMAND=1
ESP_DHCP=1: ESP_DHCP_DISABLE_CLIENT_ID=1 ESP_DHCP_DISABLE_VENDOR_CLASS_IDENTIFIER=1
ESP_DHCPS=0
CONFIG_LWIP_DHCPS_MAX_STATION_NUM=1: CONFIG_LWIP_DHCPS_LEASE_UNIT=1 CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN=1
CONFIG_LWIP_DHCPS_MAX_STATION_NUM=64: CONFIG_LWIP_DHCPS_LEASE_UNIT=3600 CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN=255
CONFIG_LWIP_DHCPS_REPORT_CLIENT_HOSTNAME=0
CONFIG_LWIP_DHCPS_STATIC_ENTRIES=0
LWIP_HTTPD_CGI=0
LWIP_HTTPD_CGI_SSI=0
LWIP_HTTPD_CGI=0: LWIP_HTTPD_CGI_SSI=0
LWIP_HTTPD_MAX_CGI_PARAMETERS=1
LWIP_HTTPD_SSI=0
LWIP_HTTPD_SSI_RAW=1
LWIP_HTTPD_SSI_BY_FILE_EXTENSION=0
LWIP_HTTPD_SSI_BY_FILE_EXTENSION=2
LWIP_HTTPD_SSI_EXTENSIONS=".html"
LWIP_HTTPD_SSI_MULTIPART=1
LWIP_HTTPD_MAX_TAG_NAME_LEN=1: LWIP_HTTPD_MAX_TAG_INSERT_LEN=1
LWIP_HTTPD_SSI_INCLUDE_TAG=0
LWIP_HTTPD_SUPPORT_POST=0
LWIP_HTTPD_POST_MANUAL_WND=0
LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN=0
LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN=0
LWIP_HTTPD_HEADERS_URI_REPLACE_LEN=2000: LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN=3000
LWIP_HTTPD_DYNAMIC_HEADERS=0
LWIP_HTTPD_OMIT_HEADER_FOR_EXTENSIONLESS_URI=1
LWIP_HTTPD_SUPPORT_EXTSTATUS=0
LWIP_HTTPD_SUPPORT_V09=0
LWIP_HTTPD_SUPPORT_11_KEEPALIVE=0
LWIP_HTTPD_SUPPORT_REQUESTLIST=0
LWIP_HTTPD_MAX_REQ_LENGTH=65000: LWIP_HTTPD_REQ_BUFSIZE=300 LWIP_HTTPD_MAX_REQUEST_URI_LEN=20
LWIP_HTTPD_CUSTOM_FILES=0
LWIP_HTTPD_CUSTOM_FILES=0: LWIP_HTTPD_FILE_EXTENSION=1
LWIP_HTTPD_DYNAMIC_FILE_READ=0
LWIP_HTTPD_FS_ASYNC_READ=1
LWIP_HTTPD_FILE_STATE=0
HTTPD_PRECALCULATED_CHECKSUM=1
LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED=0
LWIP_HTTPD_ABORT_ON_CLOSE_MEM_ERROR=1
HTTPD_MAX_CONNECTIONS=2
HTTPD_LIMIT_SENDING_TO_2MSS=1
HTTPD_USE_MEM_POOL=1
HTTPD_USE_MEM_POOL=1: MEMP_MEM_MALLOC=0
LWIP_HTTPD_TIMING=1
LWIP_MIB2_CALLBACKS=1
LWIP_TIMERS=0
LWIP_TIMERS_CUSTOM=1
NO_SYS=1
NO_SYS=1: SYS_LIGHTWEIGHT_PROT=0 LWIP_MULTI_INSTANCE=0
NO_SYS=1: NO_SYS_NO_TIMERS=1
SYS_LIGHTWEIGHT_PROT=0
LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT=0
LWIP_MPU_COMPATIBLE=1
LWIP_TCPIP_CORE_LOCKING=0
LWIP_TCPIP_CORE_LOCKING=0: LWIP_MPU_COMPATIBLE=1 LWIP_CHECK_THREAD_SAFETY=1
LWIP_TCPIP_CORE_LOCKING=0: LWIP_NETCONN_SEM_PER_THREAD=0
LWIP_TCPIP_CORE_LOCKING_INPUT=1
LWIP_THREAD_SAFE_API=0
LWIP_THREAD_SAFE_API=0: LWIP_CHECK_THREAD_SAFETY=1
LWIP_TCPIP_RUN_AT_UNLOCK=0
LWIP_NETIF_API=0
LWIP_TCPIP_TIMEOUT=0
OPTION_LOCK=1: LOCK_TCPIP_CORE()=option_lock() UNLOCK_TCPIP_CORE()=option_unlock()
MEM_LIBC_MALLOC=0
MEMP_MEM_MALLOC=0
MEM_LIBC_MALLOC=0: MEMP_MEM_MALLOC=0
MEM_CUSTOM_ALLOCATOR=1: MEM_LIBC_MALLOC=0 MEM_CUSTOM_MALLOC=option_malloc MEM_CUSTOM_CALLOC=option_calloc MEM_CUSTOM_FREE=option_free OPTION_ALLOCATOR=1
MEM_USE_POOLS=1: MEM_LIBC_MALLOC=0 MEMP_MEM_MALLOC=0 MEMP_USE_CUSTOM_POOLS=1
MEM_USE_POOLS_TRY_BIGGER_POOL=1: MEM_USE_POOLS=1 MEM_LIBC_MALLOC=0 MEMP_MEM_MALLOC=0 MEMP_USE_CUSTOM_POOLS=1
MEMP_USE_CUSTOM_POOLS=1: MEM_LIBC_MALLOC=0 MEMP_MEM_MALLOC=0
MEMP_MEM_INIT=1: MEMP_MEM_MALLOC=0
MEMP_OVERFLOW_CHECK=1: MEMP_MEM_MALLOC=0
MEMP_OVERFLOW_CHECK=2: MEMP_MEM_MALLOC=0
MEMP_SANITY_CHECK=1: MEMP_MEM_MALLOC=0
MEM_OVERFLOW_CHECK=1: MEM_LIBC_MALLOC=0
MEM_OVERFLOW_CHECK=2: MEM_LIBC_MALLOC=0
MEM_SANITY_CHECK=1: MEM_LIBC_MALLOC=0
LWIP_PBUF_REF_T=u8_t
LWIP_TESTMODE=1
LWIP_FAULT_INJECTION=1
LWIP_TESTMODE=1: LWIP_FAULT_INJECTION=1 LWIP_MULTI_INSTANCE=0
LWIP_NOASSERT=1
LWIP_PERF=1
"""


# Combinations that must not compile, and a word of the advice that the compiler must print.
REFUSED = """
LWIP_IPV4=0 LWIP_IPV6=0: LWIP_IPV4
LWIP_UDP=0: LWIP_UDPLITE needs
LWIP_ETHERNET=0: LWIP_ARP needs
SO_REUSE=0: SO_REUSE_RXTOALL needs
IP_SOF_BROADCAST=0 IP_SOF_BROADCAST_RECV=1: IP_SOF_BROADCAST_RECV needs
LWIP_MULTICAST_TX_OPTIONS=0: LWIP_IGMP needs
LWIP_IPV6=1 LWIP_ICMP6=0: LWIP_IPV6_MLD needs
LWIP_IPV6=1 LWIP_ND6_NUM_ROUTERS=0: LWIP_ND6_NUM_ROUTERS must
LWIP_IPV6=1 LWIP_ND6_NUM_PREFIXES=128: LWIP_ND6_NUM_PREFIXES must
LWIP_IPV6=1 LWIP_ND6_NUM_ROUTES=0: LWIP_ND6_NUM_ROUTES must
LWIP_IPV6=1 LWIP_ND6_MIN_HOP_LIMIT=0: LWIP_ND6_MIN_HOP_LIMIT must
LWIP_ND6_RDNSS_MAX_DNS_SERVERS=256: must be 0 to 255
LWIP_SINGLE_NETIF=1: LWIP_HAVE_LOOPIF
HTTPD_ENABLE_HTTPS=1: HTTPD_ENABLE_HTTPS needs
LWIP_HTTPD_MAX_REQ_LENGTH=70000: LWIP_HTTPD_MAX_REQ_LENGTH must
LWIP_HTTPD_MAX_REQUEST_URI_LEN=0: LWIP_HTTPD_MAX_REQUEST_URI_LEN must
LWIP_HTTPD_MAX_TAG_NAME_LEN=0: LWIP_HTTPD_MAX_TAG_NAME_LEN must
LWIP_HTTPD_MAX_TAG_INSERT_LEN=65535: LWIP_HTTPD_MAX_TAG_INSERT_LEN must
LWIP_HTTPD_MAX_CGI_PARAMETERS=0: LWIP_HTTPD_MAX_CGI_PARAMETERS must
LWIP_HTTPD_SSI_BY_FILE_EXTENSION=3: LWIP_HTTPD_SSI_BY_FILE_EXTENSION must
LWIP_UDP=0 LWIP_UDPLITE=0 LWIP_DNS=1: LWIP_DNS needs
DNS_LOCAL_HOSTLIST_IS_DYNAMIC=0: DNS_LOCAL_HOSTLIST needs
DNS_TABLE_SIZE=0: DNS_TABLE_SIZE must
DNS_MAX_SERVERS=0: DNS_MAX_SERVERS must
DNS_MAX_RETRIES=0: DNS_MAX_RETRIES must
DNS_MAX_HOST_IP=0: DNS_MAX_HOST_IP must
DNS_MAX_NAME_LENGTH=257: DNS_MAX_NAME_LENGTH must
DNS_MAX_NETIF_SERVERS=0: DNS_MAX_NETIF_SERVERS must
DNS_MAX_TTL=0x80000000UL: DNS_MAX_TTL must
DNS_TCP_MESSAGE_MAX=511: DNS_TCP_MESSAGE_MAX must
DNS_TCP_MESSAGE_MAX=65536: DNS_TCP_MESSAGE_MAX must
NO_SYS=1 LWIP_SOCKET=1: LWIP_SOCKET needs
NO_SYS=1 LWIP_NETCONN=1: LWIP_NETCONN needs
NO_SYS=1 LWIP_NETIF_API=1: LWIP_NETIF_API needs
LWIP_THREAD_SAFE_API=1 LWIP_TCPIP_CORE_LOCKING=0: LWIP_THREAD_SAFE_API needs threads
LWIP_THREAD_SAFE_API=1 LOCK_TCPIP_CORE()=x UNLOCK_TCPIP_CORE()=x: LWIP_THREAD_SAFE_API needs LWIP_THREAD_SELF
NO_SYS=1 LWIP_TCPIP_RUN_AT_UNLOCK=1: LWIP_TCPIP_RUN_AT_UNLOCK needs
LWIP_TCPIP_CORE_LOCKING=0 LWIP_TCPIP_CORE_LOCKING_INPUT=1: LWIP_TCPIP_CORE_LOCKING_INPUT needs
MEM_CUSTOM_ALLOCATOR=1 MEM_LIBC_MALLOC=0: MEM_CUSTOM_MALLOC
MEM_USE_POOLS=1 MEMP_USE_CUSTOM_POOLS=1: choose one
MEM_USE_POOLS=1 MEM_LIBC_MALLOC=0 MEMP_MEM_MALLOC=0: MEMP_USE_CUSTOM_POOLS 1
LWIP_HOOK_MEMP_AVAILABLE(x)=: LWIP_HOOK_MEMP_AVAILABLE needs
LWIP_ALTCP=0 LWIP_EVENT_API=1 LWIP_CALLBACK_API=0: netconns and sockets need
LWIP_TCP=1 LWIP_EVENT_API=1 LWIP_CALLBACK_API=1: choose one
TCP_QUEUE_OOSEQ=0: LWIP_TCP_SACK_OUT needs
LWIP_TCP_SACK_OUT=0: LWIP_TCP_SACK_IN needs
LWIP_ANY_ADDRESS=1 LWIP_EVENT_API=1 LWIP_CALLBACK_API=0 LWIP_ALTCP=0 LWIP_NETCONN=0 LWIP_SOCKET=0: LWIP_ANY_ADDRESS needs
LWIP_ANY_ADDRESS_SYNS=0: LWIP_ANY_ADDRESS_SYNS must be
LWIP_TCP_SYNCACHE=0 LWIP_TCP_SYN_COOKIES=1: LWIP_TCP_SYN_COOKIES needs
LWIP_TCP_SACK_OUT=0 LWIP_TCP_SACK_IN=0 LWIP_TCP_RACK=1: LWIP_TCP_RACK needs
LWIP_WND_SCALE=0: LWIP_WND_SCALE
LWIP_TCP_UTO_MIN_MS=60000: LWIP_TCP_UTO_MIN_MS must
LWIP_TCP_UTO_MAX_MS=99999: LWIP_TCP_UTO_MAX_MS must
LWIP_TCP_RST_RATE_LIMIT=1000001: LWIP_TCP_RST_RATE_LIMIT must
LWIP_ARP=0 LWIP_ACD=1: LWIP_ACD needs
LWIP_ARP=0 LWIP_AUTOIP=1: LWIP_AUTOIP needs
LWIP_DHCP=0 LWIP_DHCP_AUTOIP_COOP=1: LWIP_DHCP_AUTOIP_COOP needs
DHCP_OPTIONS_LEN=67: DHCP_OPTIONS_LEN must
ESP_DHCPS=1 LWIP_UDP=0 LWIP_UDPLITE=0 LWIP_DHCP=0 LWIP_DNS=0: ESP_DHCPS needs
CONFIG_LWIP_DHCPS_LEASE_UNIT=0: CONFIG_LWIP_DHCPS_LEASE_UNIT must
CONFIG_LWIP_DHCPS_MAX_STATION_NUM=65: CONFIG_LWIP_DHCPS_MAX_STATION_NUM must
CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN=256: CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN must
MEM_ALIGNMENT=3: MEM_ALIGNMENT must
ARP_TABLE_SIZE=0: ARP_TABLE_SIZE must
ARP_TABLE_SIZE=32768: ARP_TABLE_SIZE must
LWIP_ND6_NUM_NEIGHBORS=0: LWIP_ND6_NUM_NEIGHBORS must
LWIP_ND6_NUM_NEIGHBORS=32768: LWIP_ND6_NUM_NEIGHBORS must
LWIP_ND6_NUM_PROXIES=256: LWIP_ND6_NUM_PROXIES must
LWIP_IPV6=1 MEMP_NUM_ND6_QUEUE=0: MEMP_NUM_ND6_QUEUE must
IP_DEFAULT_TTL=0: IP_DEFAULT_TTL must
LWIP_NUM_NETIF_CLIENT_DATA=257: LWIP_NUM_NETIF_CLIENT_DATA must
UDP_HASH_SIZE=3: UDP_HASH_SIZE must
LWIP_IPV4_NUM_ADDRESSES=17: LWIP_IPV4_NUM_ADDRESSES must
LWIP_IPV6_NUM_ADDRESSES=128: LWIP_IPV6_NUM_ADDRESSES must
LWIP_IPV6_DUP_DETECT_ATTEMPTS=8: LWIP_IPV6_DUP_DETECT_ATTEMPTS must
LWIP_IPV6=1 LWIP_IPV6_ADDRESS_LIFETIMES=0: LWIP_IPV6_TEMPORARY needs
LWIP_IPV6_TEMPORARY=1 LWIP_IPV6_TEMP_PREFERRED_LIFETIME=599: LWIP_IPV6_TEMP_PREFERRED_LIFETIME must
MEMP_MEM_MALLOC=0 MEMP_NUM_UDP_PCB=0: MEMP_NUM_UDP_PCB must
MEMP_MEM_MALLOC=0 MEMP_NUM_IGMP_GROUP=1: MEMP_NUM_IGMP_GROUP must
LWIP_IPV6=1 MEMP_MEM_MALLOC=0 MEMP_NUM_MLD6_GROUP=0: MEMP_NUM_MLD6_GROUP must
LWIP_MCAST_MAX_SOURCES=65: LWIP_MCAST_MAX_SOURCES must
MEMP_MEM_MALLOC=0 MEMP_NUM_REASSDATA=9 IP_REASS_MAX_PBUFS=8: MEMP_NUM_REASSDATA must
PBUF_POOL_BUFSIZE=8: PBUF_POOL_BUFSIZE must
MEMP_NUM_TCPIP_MSG=8: MEMP_NUM_TCPIP_MSG_API
TCP_REXMIT_DEBUG=0: TCP_RTO_DEBUG
RAW_STATS=1: IP_STATS
ETHARP_QUEUE_FIRST=1: ETHARP_QUEUE_FIRST
ETHARP_ALWAYS_INSERT=1: ETHARP_ALWAYS_INSERT
"""


class Variant:
    def __init__(self, name, defines, dirs=HOST, link=True, advice=None,
                 without=None):
        self.name, self.defines, self.dirs, self.link = name, defines, dirs, link
        self.advice, self.without = advice, without


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def debug_flags():
    names = re.findall(r"#define (\w+_DEBUG) LWIP_DBG_OFF", read("include/lwip/opt.h"))
    return [n + "=LWIP_DBG_ON" for n in names]


def variants():
    result = [Variant("host", [])]
    for line in ONE_BY_ONE.strip().splitlines():
        first, _, rest = line.partition(":")
        defines = [first] + rest.split()
        name = first
        if any(v.name == name for v in result):
            name = " ".join(defines)
        result.append(Variant(name, defines))
    result += [
        Variant("LWIP_DEBUG, no switch on", ["LWIP_DEBUG=1"]),
        Variant("LWIP_DEBUG, all switches on", ["LWIP_DEBUG=1"] + debug_flags()),
        Variant("all hooks", ['LWIP_HOOK_FILENAME="option_hooks.h"', "OPTION_HOOKS=1"]),
        Variant("all hooks of both families", ['LWIP_HOOK_FILENAME="option_hooks.h"',
                                               "OPTION_HOOKS=1", "LWIP_IPV6=1"]),
        Variant("all hooks, pools", ['LWIP_HOOK_FILENAME="option_hooks.h"', "OPTION_HOOKS=1",
                                     "MEMP_MEM_MALLOC=0", "OPTION_HOOK_MEMP=1"]),
        Variant("single", [], SINGLE),
        Variant("device profile", ['OPTION_PROFILE="device.h"']),
        Variant("tiny profile", ['OPTION_PROFILE="tiny.h"']),
        Variant("lwIP's own defaults", ['OPTION_PROFILE="option_defaults.h"']),
        Variant("IPv6 alone", ["LWIP_IPV6=1", "LWIP_IPV4=0"]),
    ]
    for line in REFUSED.strip().splitlines():
        defines, _, advice = line.partition(": ")
        result.append(Variant("refused: " + defines, defines.split(), advice=advice))
    return result


def project_warnings():
    text = re.search(r"set\(GOSSAMER_WARNINGS (.*?)\)", read("CMakeLists.txt"), re.S).group(1)
    return text.split() + ["-Werror"]


def sources():
    found = re.findall(r"^  ((?:src|ports/unix)/[\w/]+\.c)", read("sources.mk"), re.M)
    return sorted(set(found)) + ["tests/options/main.c"]


IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|([A-Za-z_]\w*))', re.M)


class Source:
    """What one source file can depend on, whatever the options: headers and identifiers."""

    def __init__(self, path, folders):
        self.path, self.headers = path, set()
        self.names = set(IDENTIFIER.findall(read(path)))
        self.is_measuring = "_Static_assert" in read(path)  # looks at sizes, too
        todo = [path]
        while todo:
            text, here = read(todo[-1]), os.path.dirname(todo.pop())
            for quoted, macro in INCLUDE.findall(text):
                self.names.update([macro] if macro else [])
                found = [os.path.normpath(os.path.join(d, quoted)) for d in [here] + folders]
                new = [h for h in found if quoted and os.path.isfile(os.path.join(ROOT, h))]
                new = [h for h in new if h not in self.headers]
                self.headers.update(new)
                todo += new


STATEMENT = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{};,()]')
POINTER = re.compile(r"\(\s*\*\s*(?:const\s+)?(\w+)")
CALLED = re.compile(r"(\w+)\s*\(")


def closing(text, at):
    """Behind the brace that closes the one at `at`."""
    depth = 0
    for mark in STATEMENT.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if depth == 0:
            return mark.end()
    return len(text)


def declared(statement):
    """The names that a statement without a body declares."""
    found = POINTER.findall(statement)
    if found:
        return found
    text = statement.replace("__attribute__", "")
    if "(" in text and not text.startswith("typedef"):
        return CALLED.findall(text)[:1]
    parts = [re.split(r"[\[:=]", part)[0] for part in text.split(",")]
    return [names[-1] for names in map(IDENTIFIER.findall, parts) if names]


def declarations(text):
    """Every (name, text, has a body or is a type, whose member) that preprocessed headers declare.

    Structs fall into their members: nothing here is run, so that their layout is of no importance.
    """
    at, start, parens, scopes = 0, 0, 0, []  # scopes: outermost name, or None for an enum
    for mark in iter(lambda: STATEMENT.search(text, at), None):
        sign, at = mark.group(), mark.end()
        parens += {"(": 1, ")": -1}.get(sign, 0)
        is_enum, owner = scopes[-1:] == [None], next(iter(scopes), None)
        if parens or sign in "()" or sign[0] in "\"'" or (sign == "," and not is_enum):
            continue
        statement, begun, start = " ".join(text[start:mark.start()].split()), start, at
        if sign == "{" and re.search(r"[)=]$", statement):
            at = start = closing(text, mark.start())
            for name in declared(statement.rstrip("= ")):
                yield name, " ".join(text[begun:at].split()), True, None
        elif sign == "{":
            tag = IDENTIFIER.findall(statement)[-1:] or [""]
            scopes.append(None if re.search(r"\benum\b", statement) else owner or tag[0])
        elif is_enum:
            if statement:
                yield statement.split()[0], statement, False, None
            if sign == "}":
                scopes.pop()
        elif sign == "}" and scopes:
            scopes.pop()
        elif statement and not re.fullmatch(r"(struct|union|enum) \w+", statement):
            for name in declared(statement):
                yield name, statement, statement.startswith("typedef"), owner


class Meaning:
    """What one variant makes of all headers: macros, and what they declare by name."""

    def __init__(self, command, headers):
        # Options first, or a profile among the headers would decide them.
        probe = "".join('#include "%s"\n' % h for h in ["lwip/opt.h"] + headers).encode()
        run = subprocess.run(command + ["-w", "-E", "-dD", "-x", "c", "-"], cwd=ROOT, input=probe,
                             capture_output=True)
        parts, lines, is_ours = {}, [], False
        for line in run.stdout.decode(errors="replace").splitlines():
            mark = re.match(r'# \d+ "([^"]+)"', line)
            define = re.match(r"#(define|undef) (\w+)(.*)", line)
            if mark:
                is_ours = not mark.group(1).startswith(("/usr", "<"))
            elif define:
                body = define.group(3) if define.group(1) == "define" else ""
                parts[define.group(2)] = {(body, True, None)}
            elif is_ours:
                lines.append(line)
        self.layout = lines
        for name, *part in declarations("\n".join(lines)):
            parts.setdefault(name, set()).add(tuple(part))
        self.parts = {name: [(text, set(IDENTIFIER.findall(text)), is_followed, owner)
                             for text, is_followed, owner in sorted(found, key=str)]
                      for name, found in parts.items()}

    def digest(self, source):
        """The same for two variants that tell the compiler the same of all that a source names.

        Of members only those count whose struct is named there, or in what is.
        """
        seen, todo, mentioned, state = set(), list(source.names), set(source.names), set()
        while todo:
            name = todo.pop()
            if name not in self.parts or name in seen:
                continue
            seen.add(name)
            for _, names, is_followed, _ in self.parts[name]:
                todo += names if is_followed else []
        if source.is_measuring:
            state.update(self.layout)
        count = -1
        while count != len(state):
            count = len(state)
            for name in seen:
                for text, names, _, owner in self.parts[name]:
                    if owner is None or owner in mentioned:
                        state.add("%s %s %s" % (name, owner, text))
                        mentioned |= names
        return hashlib.sha256("\n".join([source.path] + sorted(state)).encode()).hexdigest()[:24]


class Builder:
    def __init__(self, folder, files):
        self.folder = folder
        self.flags = ["-std=c11", "-O0", "-D_GNU_SOURCE"] + project_warnings()
        self.lock = threading.Lock()
        self.objects = {}  # digest -> future of (path, error)
        self.sources = {f: Source(f, SINGLE + ["include", "src", "ports"]) for f in files}
        found = set().union(*(s.headers for s in self.sources.values()))
        self.headers = sorted(h for h in found if not h.startswith(("config/", "tests/")))

    def command(self, variant):
        dirs = variant.dirs + ["include", "src", "ports"]
        return [CC] + self.flags + ["-I" + d for d in dirs] + ["-D" + d for d in variant.defines]

    def compile(self, command, source, digest):
        """One object: its path, or what the compiler said."""
        with self.lock:
            task = self.objects.get(digest)
            mine = task is None
            if mine:
                task = self.objects[digest] = concurrent.futures.Future()
        if mine:
            path = os.path.join(self.folder, digest + ".o")
            run = subprocess.run(command + ["-c", source, "-o", path], cwd=ROOT,
                                 capture_output=True)
            error = run.stderr.decode(errors="replace")
            task.set_result((path, "") if run.returncode == 0 else (None, error or "failed"))
        return task.result()

    def build(self, variant, files):
        """What went wrong, or an empty string."""
        if variant.advice:
            _, error = self.compile(self.command(variant), "src/base/init_check.c", variant.name)
            said = any("error" in l and variant.advice in l for l in (error or "").splitlines())
            return "" if said else "error: no advice \"%s\"\n%s" % (variant.advice, error)
        if variant.without:
            files = [f for f in files if not f.startswith(variant.without)]
        command = self.command(variant)
        meaning = Meaning(command, self.headers)
        results = [self.compile(command, f, meaning.digest(self.sources[f])) for f in files]
        errors = [e for path, e in results if path is None]
        if errors or not variant.link:
            return "".join(dict.fromkeys(errors))
        run = subprocess.run([CC, "-o", os.path.join(self.folder, "program-%d" % id(variant))] +
                             [p for p, _ in results] + ["-lpthread"],
                             cwd=ROOT, capture_output=True)
        return run.stderr.decode(errors="replace")


def main():
    words = [a for a in sys.argv[1:] if not a.startswith("-")]
    chosen = [v for v in variants() if not words or any(w in v.name for w in words)]
    folder = tempfile.mkdtemp(prefix="gossamer-options-")
    failed = 0
    try:
        files = sources()
        builder = Builder(folder, files)
        print("1..%d" % len(chosen), flush=True)
        pool = concurrent.futures.ThreadPoolExecutor(JOBS)
        errors = pool.map(lambda v: builder.build(v, files), chosen)
        for number, (variant, error) in enumerate(zip(chosen, errors), 1):
            failed += bool(error)
            print("%sok %d - %s" % ("not " if error else "", number, variant.name), flush=True)
            lines = error.splitlines()
            if "-v" not in sys.argv:
                lines = [l for l in lines if "error" in l or "undefined" in l][:8]
            for line in lines:
                print("# " + line)
        print("# %d objects of %d files compiled" % (len(builder.objects), len(files)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
