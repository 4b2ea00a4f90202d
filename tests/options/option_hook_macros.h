/** @file Every hook of these floors, as lwipopts.h names it. */
#ifndef OPTION_HOOK_MACROS_H
#define OPTION_HOOK_MACROS_H

#define LWIP_HOOK_IP4_INPUT(p, inp)        option_ip4_input(p, inp)
#define LWIP_HOOK_IP4_ROUTE(dest)          option_ip4_route(dest)
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest) option_ip4_route_src(src, dest)
#define LWIP_HOOK_IP4_CANFORWARD(p, dest)  option_ip4_canforward(p, dest)
#define LWIP_HOOK_IP6_INPUT(p, inp)        option_ip6_input(p, inp)
#define LWIP_HOOK_IP6_ROUTE(src, dest)     option_ip6_route(src, dest)
#define LWIP_HOOK_ND6_GET_GW(netif, dest)  option_nd6_get_gw(netif, dest)
#define LWIP_HOOK_DNS_EXTERNAL_RESOLVE(name, addr, found, arg, type, err)                          \
  option_dns_resolve(name, addr, found, arg, type, err)
#define LWIP_HOOK_NETCONN_EXTERNAL_RESOLVE(name, addr, type, err)                                  \
  option_netconn_resolve(name, addr, type, err)
#define LWIP_HOOK_IP6_SELECT_SRC_ADDR(n, dest) option_ip6_select_src(n, dest)
#define LWIP_HOOK_IP6_STABLE_SECRET(n, key)    option_ip6_secret(n, key)
#define LWIP_HOOK_ETHARP_GET_GW(netif, dest)   option_etharp_get_gw(netif, dest)
#define LWIP_HOOK_VLAN_CHECK(netif, eth, vlan) option_vlan_check(netif, eth, vlan)
#define LWIP_HOOK_VLAN_SET(netif, p, src, dst, eth_type)                                           \
  option_vlan_set(netif, p, src, dst, eth_type)
#define LWIP_HOOK_UNKNOWN_ETH_PROTOCOL(p, netif) option_unknown_eth(p, netif)
#define LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port)                                  \
  option_tcp_isn(local, local_port, remote, remote_port)
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p)                             \
  option_tcp_inpacket(pcb, hdr, optlen, opt1len, opt2, p)
#define LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, len)        option_tcp_options_len(pcb, len)
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts) option_tcp_options_add(p, hdr, pcb, opts)
#define LWIP_IP_ACCEPT_UDP_PORT(port)                    option_accept_udp_port(port)
#define LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, state, msg, type, len)                          \
  option_dhcp_append(netif, dhcp, state, msg, type, len)
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, type, option, len, p, offset)         \
  option_dhcp_parse(netif, dhcp, state, msg, type, option, len, p, offset)
#define LWIP_HOOK_DHCP_POST_INIT(netif, result)          (result) = option_dhcp_post_init(netif)
#define DHCP_GLOBAL_XID                                  option_dhcp_xid()
#define DHCP_ADD_EXTRA_REQUEST_OPTIONS                   , 66, 67
#define DHCP_REQUEST_BACKOFF_SEQUENCE(tries)             ((tries) * 1000U)
#define LWIP_AUTOIP_CREATE_SEED_ADDR(netif)              PP_HTONL(0xa9fe0101UL)
#define LWIP_ARP_FILTER_NETIF                            1
#define LWIP_ARP_FILTER_NETIF_FN(p, netif, type)         option_filter_netif(p, netif, type)

#ifdef OPTION_HOOK_MEMP
#define LWIP_HOOK_MEMP_AVAILABLE(pool) option_memp_available((int)(pool))
void option_memp_available(int pool);
#endif

#endif /* OPTION_HOOK_MACROS_H */
