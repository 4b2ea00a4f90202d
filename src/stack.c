/**
 * @file
 * The registry: which modules, EtherTypes and IP protocols this build has. All constant.
 *
 * Who handles protocol 17, and what is in this build? This page answers. IF_X(...) keeps its
 * argument where the build has X (lwip/priv/build.h).
 */
#include "lwip/opt.h"
#include "lwip/priv/build.h"
#include "lwip/prot/ieee.h"
#include "lwip/prot/ip.h"
#include "lwip/prot/ip6.h"
#include "api/altcp_module.h"
#include "api/netdb_module.h"
#include "api/sock_module.h"
#include "api/tcpip_module.h"
#include "base/base_module.h"
#include "base/registry.h"
#include "control/control_module.h"
#include "control/dns_module.h"
#include "control/dns_servers.h"
#include "control/resolver_module.h"
#include "ip/icmp_limit.h"
#include "ip/ip_module.h"
#include "ip/reass.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/igmp_module.h"
#include "ip/v4/ip4_module.h"
#include "ip/v6/icmp6_module.h"
#include "ip/v6/ip6_addrs.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/nd6_module.h"
#include "link/link_module.h"
#include "transport/any_address.h"
#include "transport/raw/raw_module.h"
#include "transport/tcp/tcp_module.h"
#include "transport/udp/udp_module.h"

/* clang-format off: one row per line */

/** In the order of their floors, netif last: all modules hear of the first one's coming and of the
    last one's going. The thread that serves them all comes after everything and goes before it. */
const struct net_module *const net_modules[] = {
  &random_module,
  IF_TIMEOUTS(&timeouts_module,)
  IF_ARP(&arp_module,)
  IF_GARP(&garp_module,)
  IF_PMTU(&pmtu_module,)
  IF_ROUTES(&route_module,)
  IF_IPV4(&ip4_module,)
  IF_IPV6(&ip6_module,)
  IF_REASSEMBLY(&reass_module,)
  IF_ANY_ICMP(&icmp_module,)
  IF_IGMP(&igmp_module,)
  IF_MLD6(&mld6_module,)
  IF_MLD6_PERIODIC(&mld6_periodic_module,)
  IF_ND6(&nd6_module,)
  IF_ND6(&nd6_router_module,)
  IF_IPV6(&ip6_addrs_module,)
  IF_UDP(&udp_module,)
  IF_RAW(&raw_module,)
  IF_TCP(&tcp_module,)
  IF_ANY_ADDRESS(&any_address_module,)
  IF_ACD(&acd_module,)
  IF_AUTOIP(&autoip_module,)
  IF_DHCP(&dhcp_module,)
  IF_ALTCP(&altcp_module,)
  IF_DNS(&dns_local_module,)
  IF_DNS(&dns_servers_module,)
  IF_DNS(&resolver_module,)
  IF_DNS(&dns_module,)
  IF_DNS(&dns_api_module,)
  IF_SOCKET(&sock_module,)
  IF_NETDB(&netdb_module,)
  &netif_module,
  IF_THREADS(&tcpip_module,)
};

const u8_t net_modules_count = LWIP_ARRAYSIZE(net_modules);

const struct eth_proto eth_protos[] = {
  IF_ARP({ETHTYPE_ARP, arp_rx},)
  IF_IPV4({ETHTYPE_IP, ip4_rx},)
  IF_IPV6({ETHTYPE_IPV6, ip6_rx},)
  {0, NULL} /* not counted; keeps the table legal when it is empty */
};

const u8_t eth_protos_count = LWIP_ARRAYSIZE(eth_protos) - 1;

const struct arp_guard *const arp_guard = IF_ACD_ELSE(&acd_guard, NULL);

const struct ip_proto ip_protos[] = {
  IF_TCP({IP_PROTO_TCP, IP_FAMILY_BOTH, tcp_rx, tcp_error},)
  IF_UDP({IP_PROTO_UDP, IP_FAMILY_BOTH, udp_rx, udp_error},)
  IF_ICMP4({IP_PROTO_ICMP, IP_FAMILY_V4, icmp4_rx, NULL},)
  IF_ICMP6({IP6_NEXTH_ICMP6, IP_FAMILY_V6, icmp6_rx, icmp6_echo_error},)
  IF_IGMP({IP_PROTO_IGMP, IP_FAMILY_V4, igmp_rx, NULL},)
  IF_UDPLITE({IP_PROTO_UDPLITE, IP_FAMILY_BOTH, udp_rx, udp_error},)
  {0, 0, NULL, NULL} /* not counted */
};

const u8_t ip_protos_count = LWIP_ARRAYSIZE(ip_protos) - 1;

const ip_raw_input_fn ip_raw_input = IF_RAW_ELSE(raw_rx, NULL);
const ip_raw_error_fn ip_raw_error = IF_RAW_ELSE(raw_error, NULL);
