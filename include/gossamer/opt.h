/**
 * @file
 * Options that go beyond lwIP's, with default, meaning and range. lwip/opt.h includes this file;
 * set them in lwipopts.h like any other option.
 */
#ifndef GOSSAMER_OPT_H
#define GOSSAMER_OPT_H

/* --- Instances and threads --- */

/** 1: many stack instances in one process (gossamer/stack.h); 0: one, at no cost. */
#ifndef LWIP_MULTI_INSTANCE
#define LWIP_MULTI_INSTANCE 0
#endif

/**
 * 1: the raw API may be called from any thread: each of its functions takes the core lock, which
 * nests. Needs gcc or clang, a port that tells threads apart (LWIP_THREAD_SELF() in arch/cc.h,
 * which makes it the default), and no LOCK_TCPIP_CORE() or LWIP_ASSERT_CORE_LOCKED() of the port's
 * own.
 */
#ifndef LWIP_THREAD_SAFE_API
#if !NO_SYS && LWIP_TCPIP_CORE_LOCKING && defined(__GNUC__) && defined(LWIP_THREAD_SELF) &&        \
    !defined(LOCK_TCPIP_CORE) && !defined(LWIP_ASSERT_CORE_LOCKED) &&                              \
    !defined(CONFIG_LWIP_CHECK_THREAD_SAFETY)
#define LWIP_THREAD_SAFE_API 1
#else
#define LWIP_THREAD_SAFE_API 0
#endif
#endif

/** 1: without LWIP_THREAD_SAFE_API, functions of the core assert that the caller has its lock. The
    name in ESP-IDF's Kconfig is CONFIG_LWIP_CHECK_THREAD_SAFETY. */
#ifndef LWIP_CHECK_THREAD_SAFETY
#ifdef CONFIG_LWIP_CHECK_THREAD_SAFETY
#define LWIP_CHECK_THREAD_SAFETY 1
#else
#define LWIP_CHECK_THREAD_SAFETY 0
#endif
#endif

/**
 * 1: a thread that gives the core lock back delivers what was looped back to ourselves meanwhile,
 * and whatever else is due, instead of waking the tcpip thread for it: callbacks may then run in
 * any thread that calls the stack. 0: in the tcpip thread alone.
 */
#ifndef LWIP_TCPIP_RUN_AT_UNLOCK
#define LWIP_TCPIP_RUN_AT_UNLOCK LWIP_THREAD_SAFE_API
#endif

/* --- IP, UDP, groups --- */

/** 1: one counter per drop reason (gossamer/drop.h), 4 bytes each. */
#ifndef LWIP_DROP_STATS
#define LWIP_DROP_STATS LWIP_STATS
#endif

/** IPv4 addresses of one netif, lwIP's own included: 1 to 16 (gossamer/netif_addr.h). */
#ifndef LWIP_IPV4_NUM_ADDRESSES
#define LWIP_IPV4_NUM_ADDRESSES 1
#endif

/** Entries of the routing table of both IP versions (gossamer/route.h); 0: lwIP's per-netif routing
    alone. LWIP_IPV4_NUM_ROUTES is its older name. */
#ifndef LWIP_NUM_ROUTES
#ifdef LWIP_IPV4_NUM_ROUTES
#define LWIP_NUM_ROUTES LWIP_IPV4_NUM_ROUTES
#else
#define LWIP_NUM_ROUTES 0
#endif
#endif

/** 1: packets of ours carry IPv6 flow labels (RFC 6437), at the price of a hash per packet. */
#ifndef LWIP_IPV6_FLOW_LABEL
#define LWIP_IPV6_FLOW_LABEL 0
#endif

/** 1: path MTU discovery (RFC 1191): DF is set and learnt path MTUs are kept per destination. */
#ifndef LWIP_PMTU_DISCOVERY
#define LWIP_PMTU_DISCOVERY (LWIP_ICMP || LWIP_ICMP6)
#endif

/** Destinations whose path MTU is remembered, least recently used recycled: 1 to 255. */
#ifndef LWIP_PMTU_NUM_DESTINATIONS
#define LWIP_PMTU_NUM_DESTINATIONS 4
#endif

/** Buckets of the UDP demultiplexing hash, a power of two; 1: a plain list. */
#ifndef UDP_HASH_SIZE
#define UDP_HASH_SIZE 1
#endif

/** Local UDP ports for those who asked for none: first and last, drawn by RFC 6056 (49152 up). */
#ifndef UDP_LOCAL_PORT_RANGE_START
#define UDP_LOCAL_PORT_RANGE_START 0xC000
#endif
#ifndef UDP_LOCAL_PORT_RANGE_END
#define UDP_LOCAL_PORT_RANGE_END 0xFFFF
#endif

/** 1: UDP endpoints may hear of ICMP errors (gossamer/udp_err.h), 8 bytes and more per pcb. */
#ifndef LWIP_UDP_ERRORS
#define LWIP_UDP_ERRORS 0
#endif

/** 1: raw endpoints may hear of ICMP errors (gossamer/raw_err.h), 4 bytes per pcb. */
#ifndef LWIP_RAW_ERRORS
#define LWIP_RAW_ERRORS 0
#endif

/** 1: unicast frames for other stations are dropped in software, as promiscuous drivers need. */
#ifndef LWIP_ETHERNET_FILTER_DST
#define LWIP_ETHERNET_FILTER_DST 1
#endif

/** ICMP errors and echo replies sent per second at most, over all destinations; 0: no limit. */
#ifndef LWIP_ICMP_RATE_LIMIT
#define LWIP_ICMP_RATE_LIMIT 1000
#endif

/** 1: IGMPv3 with source filters (RFC 3376); 0: IGMPv1 and v2 only. */
#ifndef LWIP_IGMP_V3
#define LWIP_IGMP_V3 LWIP_IGMP
#endif

/** 1: MLDv2 with source filters (RFC 3810); 0: MLDv1 only. */
#ifndef LWIP_MLD_V2
#define LWIP_MLD_V2 LWIP_IPV6_MLD
#endif

/** Milliseconds between the reports of ESP_MLDV6_REPORT. */
#ifndef ESP_MLDV6_REPORT_INTERVAL
#define ESP_MLDV6_REPORT_INTERVAL 40000UL
#endif

/** Sources of one multicast membership, and of one group's pending reports: 1 to 64. RFC 3376 2
    asks for 64, which costs IPv4-only builds 256 bytes per membership and 576 per joined group. */
#ifndef LWIP_MCAST_MAX_SOURCES
#define LWIP_MCAST_MAX_SOURCES 8
#endif

/* --- Neighbor discovery and IPv6 addresses --- */

/** 1: Neighbor Discovery; 0: none at all, for links without neighbours to look for (ESP-IDF). */
#ifndef LWIP_ND6
#define LWIP_ND6 1
#endif

/** 1: neighbour advertisements always carry the router flag (ESP-IDF). */
#ifndef LWIP_FORCE_ROUTER_FORWARDING
#define LWIP_FORCE_ROUTER_FORWARDING 0
#endif

/** 1: nd6_add_static_neighbor() and its kin (ESP-IDF); gossamer/neighbor.h has them always. */
#ifndef LWIP_ND6_SUPPORT_STATIC_ENTRIES
#define LWIP_ND6_SUPPORT_STATIC_ENTRIES 0
#endif

/** 1: with too many packets waiting for neighbours, the newest is refused with ERR_MEM (ESP-IDF);
   0: the oldest of the neighbour that has most of them is dropped. */
#ifndef ESP_ND6_QUEUEING
#define ESP_ND6_QUEUEING 0
#endif

/** Addresses that we answer for by proxy, or share with others (gossamer/neighbor.h): 0 to 255. */
#ifndef LWIP_ND6_NUM_PROXIES
#define LWIP_ND6_NUM_PROXIES 0
#endif

/** 1: routers are told of every address of ours once it is usable (RFC 9131), so that the first
   answer from far away need not wait for its resolution. */
#ifndef LWIP_ND6_ANNOUNCE_ADDRESSES
#define LWIP_ND6_ANNOUNCE_ADDRESSES 1
#endif

/** 1: more-specific routes from router advertisements (RFC 4191), as hosts SHOULD (RFC 8504). */
#ifndef LWIP_ND6_SUPPORT_RIO
#define LWIP_ND6_SUPPORT_RIO 1
#endif

/** How many of them: 1 to 127. */
#ifndef LWIP_ND6_NUM_ROUTES
#define LWIP_ND6_NUM_ROUTES 4
#endif

/** Hop limits below this, in router advertisements, are ignored: they cut a host off: 1 to 255. */
#ifndef LWIP_ND6_MIN_HOP_LIMIT
#define LWIP_ND6_MIN_HOP_LIMIT 32
#endif

/** Search domains of one netif taken from router advertisements (RFC 8106); 0: none. */
#ifndef LWIP_ND6_DNSSL_MAX_DOMAINS
#define LWIP_ND6_DNSSL_MAX_DOMAINS LWIP_ND6_RDNSS_MAX_DNS_SERVERS
#endif

/** 1: router solicitations go on, ever more seldom, until a router is heard (RFC 7559); 0: no more
    than LWIP_ND6_MAX_MULTICAST_SOLICIT of them. */
#ifndef LWIP_ND6_RS_BACKOFF
#define LWIP_ND6_RS_BACKOFF 1
#endif

/** 1: the router side of Neighbor Discovery (gossamer/router_advert.h). */
#ifndef LWIP_ROUTER_ADVERT
#define LWIP_ROUTER_ADVERT LWIP_IPV6_FORWARD
#endif

/** Identifiers of autoconfigured IPv6 addresses. 1: a secret hash of the network, stable within it
    (RFC 7217); 0: the link-local address's, which tells the MAC to everybody (EUI-64).
    LWIP_HOOK_IP6_STABLE_SECRET(netif, key) -> int fills in the 16 secret bytes that a port has
    stored and returns 1; without it, or with 0, the secret is drawn when the stack starts. */
#ifndef LWIP_IPV6_STABLE_IID
#define LWIP_IPV6_STABLE_IID 1
#endif

/** Temporary IPv6 addresses (RFC 8981). 0: not built; 1: netif_ip6_temporary_set() switches them
   on; 2: on for every netif. They take slots of LWIP_IPV6_NUM_ADDRESSES: three per prefix. */
#ifndef LWIP_IPV6_TEMPORARY
#define LWIP_IPV6_TEMPORARY 0
#endif

/** Longest life of a temporary address in seconds, and how long of it it is preferred (RFC 8981
    3.8: 2 days, 1 day). The second is less than the first and at least 600. */
#ifndef LWIP_IPV6_TEMP_VALID_LIFETIME
#define LWIP_IPV6_TEMP_VALID_LIFETIME 172800UL
#endif
#ifndef LWIP_IPV6_TEMP_PREFERRED_LIFETIME
#define LWIP_IPV6_TEMP_PREFERRED_LIFETIME 86400UL
#endif

/** 1: probes for duplicate IPv6 addresses carry a nonce, so that a link that loops them back is not
    taken for a duplicate (RFC 7527). */
#ifndef LWIP_IPV6_ENHANCED_DAD
#define LWIP_IPV6_ENHANCED_DAD LWIP_IPV6
#endif

/** 1: autoconfigured IPv6 addresses are used while they are still checked for duplicates (RFC
   4429); netif_ip6_optimistic_set() switches it per netif. */
#ifndef LWIP_IPV6_OPTIMISTIC_DAD
#define LWIP_IPV6_OPTIMISTIC_DAD 0
#endif

/* --- Faults for tests; switches of ESP-IDF's --- */

/** 1: tests may make allocations fail (base/fault.h). */
#ifndef LWIP_FAULT_INJECTION
#define LWIP_FAULT_INJECTION 0
#endif

/** 1: ESP-IDF's behaviour where it differs from lwIP's (its lwipopts.h sets it). */
#ifndef ESP_LWIP
#define ESP_LWIP 0
#endif

/** 1: a full ARP queue refuses the new packet with ERR_MEM; 0: it drops its oldest. */
#ifndef ESP_LWIP_ARP
#define ESP_LWIP_ARP ESP_LWIP
#endif

/** 1: netifs with NETIF_FLAG_GARP announce their address every ESP_GRATUITOUS_ARP_INTERVAL. */
#ifndef ESP_GRATUITOUS_ARP
#define ESP_GRATUITOUS_ARP 0
#endif

/** Period of these announcements in ms. */
#ifndef ESP_GRATUITOUS_ARP_INTERVAL
#define ESP_GRATUITOUS_ARP_INTERVAL 60000UL
#endif

/** 1: netif_add() sets netif->ip6_autoconfig_enabled; 0: only netif_set_ip6_autoconfig_enabled()
    does. */
#ifndef ESP_IPV6_AUTOCONFIG
#define ESP_IPV6_AUTOCONFIG 1
#endif

/* --- DHCP --- */

/** 1: dhcp_set_cb(), and ESP-IDF's defaults of the options below. */
#ifndef ESP_DHCP
#define ESP_DHCP 0
#endif

/** What the client calls itself (option 61): 0: nothing; 1: its MAC address, as ESP-IDF does; 2: a
    DUID of its MAC address (RFC 4361), the same that DHCPv6 has. ESP-IDF's names select 0 and 1. */
#ifndef LWIP_DHCP_CLIENT_ID
#if defined(ESP_DHCP_DISABLE_CLIENT_ID) && ESP_DHCP_DISABLE_CLIENT_ID
#define LWIP_DHCP_CLIENT_ID 0
#elif ESP_DHCP || (defined(LWIP_DHCP_ENABLE_CLIENT_ID) && LWIP_DHCP_ENABLE_CLIENT_ID)
#define LWIP_DHCP_CLIENT_ID 1
#else
#define LWIP_DHCP_CLIENT_ID 2
#endif
#endif

/** 1: dhcp_set_vendor_class_identifier(), dhcp_get_vendor_specific_information() (options 60, 43).
 */
#ifndef LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS
#if defined(ESP_DHCP_DISABLE_VENDOR_CLASS_IDENTIFIER) && ESP_DHCP_DISABLE_VENDOR_CLASS_IDENTIFIER
#define LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS 0
#else
#define LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS ESP_DHCP
#endif
#endif

/** 1: a lease's MTU (option 26) replaces the driver's, if it is smaller and IP can live with it. */
#ifndef LWIP_DHCP_ENABLE_MTU_UPDATE
#define LWIP_DHCP_ENABLE_MTU_UPDATE 1
#endif

/** Routes that a lease may bring (option 121, RFC 3442), besides a default route: 0 to 255. */
#ifndef LWIP_DHCP_MAX_ROUTES
#if LWIP_NUM_ROUTES > 0
#define LWIP_DHCP_MAX_ROUTES 4
#else
#define LWIP_DHCP_MAX_ROUTES 0
#endif
#endif

/** Longest domain name that is kept (option 15, gossamer/dhcp.h); 0: none is asked for. */
#ifndef LWIP_DHCP_DOMAIN_LEN
#define LWIP_DHCP_DOMAIN_LEN 0
#endif

/** 1: an address is used after two unanswered probes within a second, as ESP-IDF does, instead of
    RFC 5227's three within 4 to 7 seconds. */
#ifndef DHCP_DOES_ARP_CHECK
#define DHCP_DOES_ARP_CHECK 0
#endif

/* --- DHCP server (dhcpserver/dhcpserver.h), by ESP-IDF's names --- */

/** 1: dhcps_start() and the like exist; a program that does not call them does not have them. */
#ifndef ESP_DHCPS
#define ESP_DHCPS (LWIP_IPV4 && LWIP_UDP)
#endif

/** Seconds in a unit of lease times: 1 to 3600. */
#ifndef CONFIG_LWIP_DHCPS_LEASE_UNIT
#define CONFIG_LWIP_DHCPS_LEASE_UNIT 60
#endif

/** Clients that a server remembers: 1 to 64. */
#ifndef CONFIG_LWIP_DHCPS_MAX_STATION_NUM
#define CONFIG_LWIP_DHCPS_MAX_STATION_NUM 8
#endif

/** 1: a server keeps what its clients call themselves. */
#ifndef CONFIG_LWIP_DHCPS_REPORT_CLIENT_HOSTNAME
#define CONFIG_LWIP_DHCPS_REPORT_CLIENT_HOSTNAME 1
#endif

/** Longest such name with the zero behind it: 1 to 255. */
#ifndef CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN
#define CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN 64
#endif

/** 1: clients with a lease are static entries of the ARP cache, which should have room for them. */
#ifndef CONFIG_LWIP_DHCPS_STATIC_ENTRIES
#define CONFIG_LWIP_DHCPS_STATIC_ENTRIES ETHARP_SUPPORT_STATIC_ENTRIES
#endif

/* --- Address translation, offloads --- */

/** 1: address translation (NAPT) for forwarded packets. */
#ifndef IP_NAPT
#define IP_NAPT 0
#endif

/** 1: drivers may segment for TCP and complete its checksums, and pass up coalesced packets
    (gossamer/offload.h); 4 bytes per pbuf and per netif. */
#ifndef LWIP_OFFLOAD
#define LWIP_OFFLOAD 0
#endif

/* --- TCP --- */

/** Buckets of the hash of connections, a power of two; 1: a list. */
#ifndef TCP_HASH_SIZE
#define TCP_HASH_SIZE 1
#endif

/** The hash doubles, from the heap, as connections come, up to so many buckets. */
#ifndef TCP_HASH_SIZE_MAX
#define TCP_HASH_SIZE_MAX TCP_HASH_SIZE
#endif

/** Least retransmission timeout in ms (RFC 6298 2.4 has 1000; Linux 200). */
#ifndef LWIP_TCP_RTO_MIN_MS
#define LWIP_TCP_RTO_MIN_MS 200
#endif

/** Resets sent per second at most to those who belong to no connection; 0: no limit. */
#ifndef LWIP_TCP_RST_RATE_LIMIT
#define LWIP_TCP_RST_RATE_LIMIT 500
#endif

/** Segments that may be sent before the first acknowledgement (RFC 6928). */
#ifndef LWIP_TCP_INITIAL_CWND
#define LWIP_TCP_INITIAL_CWND 10
#endif

/** Bytes of that, by the MSS (RFC 6928 2). */
#ifndef LWIP_TCP_CALC_INITIAL_CWND
#define LWIP_TCP_CALC_INITIAL_CWND(mss)                                                            \
  LWIP_MIN((u32_t)LWIP_TCP_INITIAL_CWND *(mss), LWIP_MAX(2U * (mss), 1460U * LWIP_TCP_INITIAL_CWND))
#endif

/**
 * 1: use the peer's selective acknowledgements (RFC 6675): a record per segment in flight. Needs
 * LWIP_TCP_SACK_OUT.
 */
#ifndef LWIP_TCP_SACK_IN
#define LWIP_TCP_SACK_IN 0
#endif

/** 1: find losses by time (RACK) and probe for those at the tail (TLP, RFC 8985). */
#ifndef LWIP_TCP_RACK
#define LWIP_TCP_RACK LWIP_TCP_SACK_IN
#endif

/** 1: CUBIC (RFC 9438) as the default congestion control; 0: NewReno alone. */
#ifndef LWIP_TCP_CUBIC
#define LWIP_TCP_CUBIC 0
#endif

/**
 * 1: congestion control "reno" can be chosen (gossamer/tcp_cc.h): Reno as RFC 5681 has it, without
 * selective acknowledgements and without NewReno's partial ones. To compare with.
 */
#ifndef LWIP_TCP_RENO
#define LWIP_TCP_RENO 0
#endif

/** 1: leave slow start when round-trip times rise (HyStart++, RFC 9406). */
#ifndef LWIP_TCP_HYSTART
#define LWIP_TCP_HYSTART LWIP_TCP_CUBIC
#endif

/** 1: explicit congestion notification (RFC 3168; gossamer/tcp_ecn.h). */
#ifndef LWIP_TCP_ECN
#define LWIP_TCP_ECN 0
#endif

/** enum tcp_ecn_mode of new connections and listeners: 0 never; 1 ask for it and agree to it; 2
   only agree to it. */
#ifndef LWIP_TCP_ECN_DEFAULT
#define LWIP_TCP_ECN_DEFAULT 2
#endif

/** 1: marks of routers slow down less than losses do (RFC 8511); 0: as much (RFC 3168). */
#ifndef LWIP_TCP_ABE
#define LWIP_TCP_ABE 1
#endif

/** Transmission records. Where there is none, records stand for several segments. */
#ifndef MEMP_NUM_TCP_XMIT
#define MEMP_NUM_TCP_XMIT MEMP_NUM_TCP_SEG
#endif

/** Connections in TIME-WAIT, each a small record; the oldest makes room. */
#ifndef MEMP_NUM_TCP_TW
#define MEMP_NUM_TCP_TW MEMP_NUM_TCP_PCB
#endif

/** 1: urgent data may be told of and heard of (gossamer/tcp_urgent.h). */
#ifndef LWIP_TCP_URGENT
#define LWIP_TCP_URGENT 0
#endif

/** 1: programs may bound segments and windows of connections (gossamer/tcp_limits.h). */
#ifndef LWIP_TCP_LIMITS
#define LWIP_TCP_LIMITS LWIP_SOCKET
#endif

/** 1: how long connections wait for their peers may be set (gossamer/tcp_user_timeout.h). */
#ifndef LWIP_TCP_USER_TIMEOUT
#define LWIP_TCP_USER_TIMEOUT 0
#endif

/** Where the peer may change that time (RFC 5482 3.1, L_LIMIT and U_LIMIT): between these. At least
    100 s are recommended, and more than the greatest retransmission timeout, 60 s, is needed. */
#ifndef LWIP_TCP_UTO_MIN_MS
#define LWIP_TCP_UTO_MIN_MS 100000UL
#endif
#ifndef LWIP_TCP_UTO_MAX_MS
#define LWIP_TCP_UTO_MAX_MS 3600000UL
#endif

/**
 * 1: the window that a connection announces begins with what fits without scaling and grows, as its
 * program consumes, to what the path can carry, TCP_WND at most. 0: it is TCP_WND from the start.
 * Needs LWIP_WND_SCALE; 8 bytes per connection.
 */
#ifndef LWIP_TCP_RCV_AUTOTUNE
#define LWIP_TCP_RCV_AUTOTUNE 0
#endif

/** Bytes that the windows of all connections may grow by together (LWIP_TCP_RCV_AUTOTUNE): of the
    memory that receives packets. */
#ifndef LWIP_TCP_RCV_MEM
#define LWIP_TCP_RCV_MEM ((u32_t)(PBUF_POOL_SIZE) * (PBUF_POOL_BUFSIZE) / 2)
#endif

/** 1: connections count their retransmissions (gossamer/tcp_info.h), 4 bytes per connection. */
#ifndef LWIP_TCP_INFO
#define LWIP_TCP_INFO 0
#endif

/** Pieces of sent data that drivers hold at a time. */
#ifndef MEMP_NUM_TCP_SLICE
#define MEMP_NUM_TCP_SLICE (2 * MEMP_NUM_TCP_SEG)
#endif

/** 1: half-open connections are small records of their listener, not pcbs. */
#ifndef LWIP_TCP_SYNCACHE
#define LWIP_TCP_SYNCACHE 0
#endif

/** Half-open connections of all listeners; the oldest of a listener makes room. */
#ifndef MEMP_NUM_TCP_HALF_OPEN
#define MEMP_NUM_TCP_HALF_OPEN MEMP_NUM_TCP_PCB
#endif

/** 1: when no more half-open connections can be remembered, SYNs are answered with cookies. */
#ifndef LWIP_TCP_SYN_COOKIES
#define LWIP_TCP_SYN_COOKIES LWIP_TCP_SYNCACHE
#endif

/* --- Any address --- */

/** 1: an interface may be told that what comes in by it for any address is ours
    (gossamer/any_address.h). Needs LWIP_CALLBACK_API where there is TCP. */
#ifndef LWIP_ANY_ADDRESS
#define LWIP_ANY_ADDRESS 0
#endif

/** SYNs per such interface that wait for the program's answer, some 100 bytes of heap each. */
#ifndef LWIP_ANY_ADDRESS_SYNS
#define LWIP_ANY_ADDRESS_SYNS 256
#endif

/* --- Clock, reassembly, DNS --- */

/** 1: the port has sys_now_us(), microseconds. */
#ifndef LWIP_SYS_NOW_US
#define LWIP_SYS_NOW_US 0
#endif

/** Bytes of all fragments that wait to be put together, of both IP versions. */
#ifndef IP_REASS_MAX_BYTES
#define IP_REASS_MAX_BYTES ((u32_t)IP_REASS_MAX_PBUFS * 1600)
#endif

/** DNS servers that interfaces are told of by others than routers, of all interfaces together; 28
    bytes each. */
#ifndef DNS_MAX_NETIF_SERVERS
#define DNS_MAX_NETIF_SERVERS (2 * DNS_MAX_SERVERS)
#endif

/** Longest answer in bytes that is read over TCP, when it is too long for UDP (RFC 7766); 0: such
    questions are not asked again. Range: 0, or 512 to 65535. */
#ifndef DNS_TCP_MESSAGE_MAX
#define DNS_TCP_MESSAGE_MAX (LWIP_DNS && LWIP_TCP && LWIP_CALLBACK_API ? 8192 : 0)
#endif

#endif /* GOSSAMER_OPT_H */
