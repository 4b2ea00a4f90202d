/**
 * @file
 * Refuse options that cannot work, when the library is compiled. Nothing of this is in the object.
 *
 * lwip/priv/opt_check.h looks at switches. Here are the numbers: limits of the types that hold
 * them, and minima without which a module that is switched on could never do anything. A pool's
 * minimum does not matter where LWIP_DISABLE_MEMP_SANITY_CHECKS says so, TCP's soft limits not
 * where LWIP_DISABLE_TCP_SANITY_CHECKS does.
 */
#include "lwip/priv/opt_check.h"
#include "lwip/apps/httpd_opts.h"
#include "lwip/def.h"
#include "lwip/err.h"
#include "lwip/mem.h"
#include "lwip/pbuf.h"
#include "lwip/prot/etharp.h"
#include "lwip/prot/icmp.h"
#include "lwip/prot/igmp.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/prot/mld6.h"
#include "lwip/prot/udp.h"

#define CHECK(condition, advice) _Static_assert((condition), advice)
#define CHECK_RANGE(option, min, max)                                                              \
  CHECK((option) >= (min) && (option) <= (max), #option " must be " #min " to " #max)
/* Of something that is switched on there must be at least one. */
#define CHECK_POOL(on, option, min)                                                                \
  CHECK(!(on) || MEMP_MEM_MALLOC || (option) >= (min), #option " must be at least " #min)

/* Compiler and port */
CHECK(sizeof(u8_t) == 1 && sizeof(u16_t) == 2 && sizeof(u32_t) == 4, "arch/cc.h: wrong integers");
CHECK(sizeof(mem_ptr_t) >= sizeof(void *), "arch/cc.h: mem_ptr_t must hold a pointer");
CHECK((err_t)-1 < 0, "LWIP_ERR_T must be signed");
CHECK((LWIP_PBUF_REF_T)-1 > 0, "LWIP_PBUF_REF_T must be unsigned");
CHECK(sizeof(struct eth_hdr) == SIZEOF_ETH_HDR && sizeof(struct etharp_hdr) == SIZEOF_ETHARP_HDR &&
          sizeof(struct ip_hdr) == IP_HLEN && sizeof(struct ip6_hdr) == IP6_HLEN &&
          sizeof(struct icmp_echo_hdr) == 8 && sizeof(struct udp_hdr) == UDP_HLEN &&
          sizeof(struct igmp_msg) == IGMP_MINLEN && sizeof(struct mld_header) == 24,
      "arch/cc.h: PACK_STRUCT_STRUCT or PACK_STRUCT_FIELD does not pack structs");

/* Memory */
CHECK(MEM_ALIGNMENT > 0 && (MEM_ALIGNMENT & (MEM_ALIGNMENT - 1)) == 0,
      "MEM_ALIGNMENT must be a power of two");
CHECK_RANGE(MEMP_OVERFLOW_CHECK, 0, 2);
CHECK_RANGE(MEM_OVERFLOW_CHECK, 0, 2);
CHECK_RANGE(PBUF_POOL_SIZE, 0, 65535);
CHECK(PBUF_POOL_BUFSIZE > MEM_ALIGNMENT, "PBUF_POOL_BUFSIZE must be above MEM_ALIGNMENT");
CHECK(PBUF_POOL_BUFSIZE <= 65535, "PBUF_POOL_BUFSIZE must fit 16 bits");
CHECK_POOL(LWIP_ARP &&ARP_QUEUEING, MEMP_NUM_ARP_QUEUE, 1);
CHECK_POOL(LWIP_RAW, MEMP_NUM_RAW_PCB, 1);
CHECK_POOL(LWIP_UDP, MEMP_NUM_UDP_PCB, 1);
CHECK_POOL(LWIP_TCP, MEMP_NUM_TCP_PCB, 1);
CHECK_POOL(LWIP_IGMP, MEMP_NUM_IGMP_GROUP, 2);
CHECK_POOL(LWIP_IPV6_MLD, MEMP_NUM_MLD6_GROUP, 1);
CHECK_POOL(LWIP_NETCONN || LWIP_SOCKET, MEMP_NUM_TCPIP_MSG_API, 1);
CHECK_POOL(IP_REASSEMBLY || LWIP_IPV6_REASS, MEMP_NUM_REASSDATA, 1);
CHECK(!(IP_REASSEMBLY || LWIP_IPV6_REASS) || MEMP_MEM_MALLOC ||
          MEMP_NUM_REASSDATA <= IP_REASS_MAX_PBUFS,
      "MEMP_NUM_REASSDATA must not be above IP_REASS_MAX_PBUFS: each datagram holds a pbuf");

/* Link */
CHECK_RANGE(ARP_TABLE_SIZE, 1, 0x7fff);
CHECK_RANGE(ARP_MAXAGE, 1, 65535);
CHECK_RANGE(ARP_QUEUE_LEN, 1, 255);
CHECK_RANGE(ETH_PAD_SIZE, 0, 255);
CHECK_RANGE(LWIP_NUM_NETIF_CLIENT_DATA, 0, 256);

/* IP */
CHECK_RANGE(IP_DEFAULT_TTL, 1, 255);
CHECK_RANGE(ICMP_TTL, 1, 255);
CHECK_RANGE(RAW_TTL, 1, 255);
CHECK_RANGE(UDP_TTL, 1, 255);
CHECK_RANGE(IP_REASS_MAXAGE, 1, 255);
CHECK_RANGE(IPV6_REASS_MAXAGE, 1, 255);
CHECK_RANGE(IP_REASS_MAX_PBUFS, 1, 65535);
CHECK_RANGE(LWIP_IPV4_NUM_ADDRESSES, 1, 16);
CHECK_RANGE(LWIP_MCAST_MAX_SOURCES, 1, 64);
CHECK_RANGE(LWIP_NUM_ROUTES, 0, 65535);
CHECK_RANGE(LWIP_PMTU_NUM_DESTINATIONS, 1, 255);
CHECK(UDP_HASH_SIZE > 0 && (UDP_HASH_SIZE & (UDP_HASH_SIZE - 1)) == 0,
      "UDP_HASH_SIZE must be a power of two");
CHECK_RANGE(LWIP_IPV6_NUM_ADDRESSES, 1, 127);
CHECK_RANGE(LWIP_IPV6_DUP_DETECT_ATTEMPTS, 0, IP6_ADDR_TENTATIVE_COUNT_MASK);
CHECK_RANGE(LWIP_ND6_NUM_NEIGHBORS, 1, 32767);
CHECK_RANGE(LWIP_ND6_NUM_PREFIXES, 1, 127);
CHECK_RANGE(LWIP_ND6_NUM_ROUTERS, 1, 127);
CHECK_RANGE(LWIP_ND6_NUM_DESTINATIONS, 1, 32767);
CHECK_RANGE(LWIP_ND6_NUM_PROXIES, 0, 255);
CHECK_RANGE(LWIP_ND6_MAX_MULTICAST_SOLICIT, 1, 255);
CHECK_RANGE(LWIP_ND6_MAX_UNICAST_SOLICIT, 1, 255);
CHECK_RANGE(LWIP_ND6_MAX_NEIGHBOR_ADVERTISEMENT, 0, 255);
CHECK(!LWIP_IPV6 || !LWIP_ND6 || !LWIP_ND6_QUEUEING ||
          (MEMP_NUM_ND6_QUEUE >= 1 && MEMP_NUM_ND6_QUEUE <= 65535),
      "MEMP_NUM_ND6_QUEUE must be 1 to 65535");

/* DNS */
CHECK_RANGE(DNS_TABLE_SIZE, 1, 255);
CHECK_RANGE(DNS_MAX_SERVERS, 1, 255);

/* TCP */
CHECK(!LWIP_TCP_USER_TIMEOUT || (LWIP_TCP_UTO_MIN_MS) > 60000UL,
      "LWIP_TCP_UTO_MIN_MS must be more than the greatest retransmission timeout, 60000");
CHECK(!LWIP_TCP_USER_TIMEOUT || (LWIP_TCP_UTO_MAX_MS) >= (LWIP_TCP_UTO_MIN_MS),
      "LWIP_TCP_UTO_MAX_MS must be at least LWIP_TCP_UTO_MIN_MS");
CHECK_RANGE(LWIP_TCP_RST_RATE_LIMIT, 0, 1000000);
CHECK(!LWIP_TCP || LWIP_WND_SCALE || (TCP_WND) <= 0xffff,
      "TCP_WND above 65535 needs LWIP_WND_SCALE 1");
CHECK(!LWIP_TCP || !LWIP_WND_SCALE || (TCP_RCV_SCALE) <= 14, "TCP_RCV_SCALE must be 0 to 14");
CHECK(!LWIP_TCP || !LWIP_WND_SCALE || (TCP_WND) <= 0xffffUL << TCP_RCV_SCALE,
      "TCP_WND does not fit its scale: raise TCP_RCV_SCALE");
CHECK(!LWIP_TCP || !LWIP_WND_SCALE || ((TCP_WND) >> TCP_RCV_SCALE) != 0,
      "TCP_WND is 0 after scaling: lower TCP_RCV_SCALE");
CHECK(!LWIP_TCP || ((TCP_SND_QUEUELEN) >= 2 && (TCP_SND_QUEUELEN) <= 0xffff),
      "TCP_SND_QUEUELEN must be 2 to 65535");
CHECK(!LWIP_TCP || ((TCP_MAXRTX) <= 12 && (TCP_SYNMAXRTX) <= 12),
      "TCP_MAXRTX and TCP_SYNMAXRTX must be at most 12");
CHECK(!LWIP_TCP || ((TCP_DEFAULT_LISTEN_BACKLOG) >= 0 && (TCP_DEFAULT_LISTEN_BACKLOG) <= 0xff),
      "TCP_DEFAULT_LISTEN_BACKLOG must be 0 to 255");
CHECK(!LWIP_TCP || !LWIP_TCP_SACK_OUT || (LWIP_TCP_MAX_SACK_NUM) >= 1,
      "LWIP_TCP_MAX_SACK_NUM must be at least 1");

/* HTTP server */
CHECK(!HTTPD_ENABLE_HTTPS || LWIP_ALTCP_TLS, "HTTPD_ENABLE_HTTPS needs LWIP_ALTCP_TLS");
CHECK_RANGE(LWIP_HTTPD_MAX_REQ_LENGTH, 64, 65000);
CHECK_RANGE(LWIP_HTTPD_REQ_BUFSIZE, 64, 65000);
CHECK_RANGE(LWIP_HTTPD_MAX_REQUEST_URI_LEN, 1, 65000);
CHECK_RANGE(LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN, 1, 65000);
CHECK_RANGE(LWIP_HTTPD_HEADERS_URI_REPLACE_LEN, 1, 65000);
CHECK_RANGE(LWIP_HTTPD_MAX_CGI_PARAMETERS, 1, 1000);
CHECK_RANGE(LWIP_HTTPD_MAX_TAG_NAME_LEN, 1, 1000);
CHECK_RANGE(LWIP_HTTPD_MAX_TAG_INSERT_LEN, 1, 65000);
CHECK_RANGE(LWIP_HTTPD_SSI_BY_FILE_EXTENSION, 0, 2);
