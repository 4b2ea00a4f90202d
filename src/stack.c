/**
 * @file
 * The registry: which modules, EtherTypes and IP protocols this build has. All constant.
 *
 * Who handles protocol 17, and what is in this build? This page answers.
 */
#include "lwip/opt.h"
#include "lwip/prot/ieee.h"
#include "lwip/prot/ip.h"
#include "base/base_module.h"
#include "base/registry.h"
#include "ip/icmp_limit.h"
#include "ip/ip_module.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/ip4_module.h"
#include "link/link_module.h"
#include "transport/raw/raw_module.h"
#include "transport/udp/udp_module.h"

/** In the order of their floors: a module may use those above it in this list. */
const struct net_module *const net_modules[] = {
  &random_module,
#if LWIP_TIMERS && !LWIP_TIMERS_CUSTOM
  &timeouts_module,
#endif
#if LWIP_IPV4 && LWIP_ARP
  &arp_module,
#endif
#if ESP_GRATUITOUS_ARP && LWIP_IPV4 && LWIP_ARP
  &garp_module,
#endif
#if LWIP_PMTU_DISCOVERY
  &pmtu_module,
#endif
#if LWIP_IPV4_NUM_ROUTES > 0
  &route_module,
#endif
#if LWIP_IPV4
  &ip4_module,
#endif
#if LWIP_IPV4 && IP_REASSEMBLY
  &ip4_reass_module,
#endif
#if LWIP_ICMP || LWIP_ICMP6
  &icmp_module,
#endif
#if LWIP_IPV4 && LWIP_IGMP
  &igmp_module,
#endif
#if LWIP_UDP
  &udp_module,
#endif
#if LWIP_RAW
  &raw_module,
#endif
  &netif_module, /* last: all modules hear of the first netif's coming and the last one's going */
  NULL
};

const u8_t net_modules_count = LWIP_ARRAYSIZE(net_modules) - 1;

const struct eth_proto eth_protos[] = {
#if LWIP_IPV4 && LWIP_ARP
  {ETHTYPE_ARP, arp_rx},
#endif
#if LWIP_IPV4
  {ETHTYPE_IP, ip4_rx},
#endif
  {0, NULL} /* ends the table; keeps it legal when empty */
};

const u8_t eth_protos_count = LWIP_ARRAYSIZE(eth_protos) - 1;

const struct ip_proto ip_protos[] = {
#if LWIP_IPV4 && LWIP_ICMP
  {IP_PROTO_ICMP, icmp4_rx, NULL},
#endif
#if LWIP_IPV4 && LWIP_IGMP
  {IP_PROTO_IGMP, igmp_rx, NULL},
#endif
#if LWIP_UDP
  {IP_PROTO_UDP, udp_rx, udp_error},
#endif
#if LWIP_UDP && LWIP_UDPLITE
  {IP_PROTO_UDPLITE, udp_rx, udp_error},
#endif
  {0, NULL, NULL} /* ends the table */
};

const u8_t ip_protos_count = LWIP_ARRAYSIZE(ip_protos) - 1;

#if LWIP_RAW
const ip_raw_input_fn ip_raw_input = raw_rx;
const ip_raw_error_fn ip_raw_error = raw_error;
#else
const ip_raw_input_fn ip_raw_input = NULL;
const ip_raw_error_fn ip_raw_error = NULL;
#endif
