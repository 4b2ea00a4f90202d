/** @file Prototypes of the hooks of main.c: what LWIP_HOOK_FILENAME names. */
#ifndef OPTION_HOOKS_H
#define OPTION_HOOKS_H

#include "lwip/err.h"
#include "lwip/ip4_addr.h"
#include "lwip/ip6_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/ethernet.h"

int option_ip4_input(struct pbuf *p, struct netif *inp);
struct netif *option_ip4_route(const ip4_addr_t *dest);
struct netif *option_ip4_route_src(const ip4_addr_t *src, const ip4_addr_t *dest);
int option_ip4_canforward(struct pbuf *p, u32_t dest);
int option_ip6_input(struct pbuf *p, struct netif *inp);
const ip6_addr_t *option_nd6_get_gw(struct netif *netif, const ip6_addr_t *dest);
const ip_addr_t *option_ip6_select_src(struct netif *netif, const ip6_addr_t *dest);
int option_ip6_secret(const struct netif *netif, u8_t key[16]);
struct netif *option_ip6_route(const ip6_addr_t *src, const ip6_addr_t *dest);
const ip4_addr_t *option_etharp_get_gw(struct netif *netif, const ip4_addr_t *dest);
int option_vlan_check(struct netif *netif, struct eth_hdr *eth, struct eth_vlan_hdr *vlan);
s32_t option_vlan_set(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                      const struct eth_addr *dst, u16_t eth_type);
err_t option_unknown_eth(struct pbuf *p, struct netif *netif);
int option_accept_udp_port(u16_t port);
struct tcp_pcb;
struct tcp_hdr;
u32_t option_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                     u16_t remote_port);
err_t option_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len,
                          u8_t *opt2, struct pbuf *p);
u8_t option_tcp_options_len(const struct tcp_pcb *pcb, u8_t len);
u32_t *option_tcp_options_add(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb,
                              u32_t *opts);
struct dhcp;
struct dhcp_msg;
void option_dhcp_append(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                        u8_t msg_type, u16_t *options_len);
void option_dhcp_parse(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                       u8_t msg_type, u8_t option, u8_t len, struct pbuf *p, u16_t offset);
err_t option_dhcp_post_init(struct netif *netif);
u32_t option_dhcp_xid(void);
struct netif *option_filter_netif(struct pbuf *p, struct netif *netif, u16_t type);

int option_dns_resolve(const char *name, ip_addr_t *addr,
                       void (*found)(const char *name, const ip_addr_t *ipaddr, void *callback_arg),
                       void *arg, u8_t type, err_t *err);
int option_netconn_resolve(const char *name, ip_addr_t *addr, u8_t type, err_t *err);

#endif /* OPTION_HOOKS_H */
