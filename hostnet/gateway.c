/**
 * @file
 * The gateway: the network's stack instance as its router, DHCP and DNS server.
 *
 * State: a netif whose wire is the switch, and what serves on it. Every address is ours there
 * (gossamer/any_address.h), so that what devices send to the world ends here and goes on by sockets
 * of the host.
 */
#include <string.h>
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/ip6.h"
#include "lwip/pbuf.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"
#include "gossamer/ip6_config.h"
#include "hostnet/hostnet_priv.h"

#define DNS_PORT 53
#define MTU      1500

static err_t gateway_linkoutput(struct netif *netif, struct pbuf *p)
{
  uint8_t frame[FRAME_MAX];
  size_t len = (size_t)p->tot_len - ETH_PAD_SIZE;
  if (len > sizeof frame) {
    return ERR_BUF;
  }
  pbuf_copy_partial(p, frame, (u16_t)len, ETH_PAD_SIZE);
  switch_send((struct hostnet *)netif->state, frame, len);
  return ERR_OK;
}

void gateway_receive(struct hostnet *net, const uint8_t *frame, size_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(len + ETH_PAD_SIZE), PBUF_POOL);
  if (p == NULL) {
    net->stats.frames_dropped++;
    return;
  }
  pbuf_take_at(p, frame, (u16_t)len, ETH_PAD_SIZE);
  if (net->netif.input(p, &net->netif) != ERR_OK) {
    pbuf_free(p);
  }
}

static err_t gateway_init(struct netif *netif)
{
  static const uint8_t mac[6] = {0x02, 0x67, 0x6f, 0x73, 0xff, 0xfe};
  memcpy(netif->name, "gw", 2);
  netif->mtu = MTU;
  netif->hwaddr_len = sizeof mac;
  memcpy(netif->hwaddr, mac, sizeof mac);
  netif->output = etharp_output;
  netif->output_ip6 = ethip6_output;
  netif->linkoutput = gateway_linkoutput;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP |
                 NETIF_FLAG_MLD6 | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static bool add_netif(struct hostnet *net)
{
  struct ip6_address_spec spec = {.prefix_len = 64, .flags = IP6_ADDRESS_NO_DAD};
  struct netif *netif = &net->netif;
  ip4_addr_t mask;
  IP4_ADDR(&mask, 255, 255, 255, 0);
  if (netif_add_noaddr(netif, net, gateway_init, netif_input) == NULL) {
    return false;
  }
  net->is_added = true;
  netif->ip6_autoconfig_enabled = 0;
  netif_set_addr(netif, &net->ip4, &mask, NULL);
  netif_create_ip6_linklocal_address(netif, 1);
  netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED); /* nobody else is here yet */
  spec.addr = net->ip6;
  if (netif_ip6_address_add(netif, &spec, NULL) != ERR_OK) {
    return false;
  }
  netif_set_default(netif);
  netif_set_up(netif);
  return true;
}

static bool start_advertising(struct hostnet *net)
{
  net->prefix = (struct router_advert_prefix){.prefix = net->ip6,
                                              .prefix_len = 64,
                                              .is_on_link = true,
                                              .is_autonomous = true,
                                              .valid_s = 86400,
                                              .preferred_s = 14400};
  net->prefix.prefix.addr[3] = 0;
  router_advert_defaults(&net->ra);
  net->ra.prefixes = &net->prefix;
  net->ra.num_prefixes = 1;
  net->ra.dns_servers = &net->ip6;
  net->ra.num_dns_servers = 1;
  net->domains[0] = net->domain;
  net->ra.dns_domains = net->domains;
  net->ra.num_dns_domains = 1;
  net->ra.mtu = MTU;
  return router_advert_start(&net->ra, &net->netif) == ERR_OK;
}

/* --- DNS --- */

static void dns_answer(void *arg, const struct dns_relay_client *client, const uint8_t *message,
                       size_t len)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM);
  if (p != NULL) {
    pbuf_take(p, message, (u16_t)len);
    (void)udp_sendto(net->dns_udp[IP_IS_V6(&client->addr)], p, &client->addr, client->port);
    pbuf_free(p);
  }
}

static void dns_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                     u16_t port)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct dns_relay_client client = {.port = port, .answer = dns_answer, .arg = net};
  uint8_t message[DNS_RELAY_MESSAGE_MAX];
  LWIP_UNUSED_ARG(pcb);
  ip_addr_copy(client.addr, *addr);
  if (p->tot_len <= sizeof message) {
    net->stats.dns_queries++;
    pbuf_copy_partial(p, message, p->tot_len, 0);
    dns_relay_query(net->relay, &client, message, p->tot_len);
  }
  pbuf_free(p);
}

/** DNS over TCP is the resolver's own business. */
static err_t dns_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct sockaddr_storage to;
  socklen_t len;
  if (pcb == NULL || err != ERR_OK || !dns_relay_server(net->relay, &to, &len)) {
    return ERR_VAL;
  }
  net->stats.dns_queries++;
  return tcp_flow_to_host(net, pcb, (const struct sockaddr *)&to, len);
}

/** At one of the gateway's addresses; that of others is not ours to answer for. */
static bool start_dns_at(struct hostnet *net, const ip_addr_t *addr)
{
  struct udp_pcb *udp = udp_new_ip_type(IP_GET_TYPE(addr));
  struct tcp_pcb *tcp = tcp_new_ip_type(IP_GET_TYPE(addr));
  if (udp == NULL || tcp == NULL || udp_bind(udp, addr, DNS_PORT) != ERR_OK ||
      tcp_bind(tcp, addr, DNS_PORT) != ERR_OK) {
    return false; /* stack_free() has the rest */
  }
  net->dns_udp[IP_IS_V6(addr)] = udp;
  udp_recv(udp, dns_recv, net);
  tcp_arg(tcp, net);
  struct tcp_pcb *listener = tcp_listen(tcp);
  if (listener == NULL) {
    return false;
  }
  tcp_accept(listener, dns_accept);
  return true;
}

static bool start_dns(struct hostnet *net)
{
  struct dns_relay_config config = {.loop = &net->loop,
                                    .resolv_conf = net->resolv_conf,
                                    .domain = net->domain,
                                    .lookup = names_lookup,
                                    .arg = net};
  ip_addr_t ip4;
  ip_addr_t ip6;
  ip_addr_copy_from_ip4(ip4, net->ip4);
  ip_addr_copy_from_ip6(ip6, net->ip6);
  net->relay = dns_relay_new(&config);
  return net->relay != NULL && start_dns_at(net, &ip4) && start_dns_at(net, &ip6);
}

bool gateway_start(struct hostnet *net, char *error)
{
  net->any = (struct any_address){.arg = net,
                                  .tcp_syn = tcp_flow_syn,
                                  .tcp_syn_gone = tcp_flow_syn_gone,
                                  .tcp_accept = tcp_flow_accepted,
                                  .tcp_err = tcp_flow_failed,
                                  .udp_recv = udp_flow_recv,
                                  .echo = udp_flow_echo};
  net->dhcps = dhcps_new();
  if (net->dhcps == NULL || !add_netif(net) ||
      any_address_start(&net->any, &net->netif) != ERR_OK ||
      dhcps_start(net->dhcps, &net->netif, net->ip4) != ERR_OK || !start_advertising(net) ||
      !start_dns(net)) {
    hostnet_error(error, "the gateway could not be started: out of memory");
    return false;
  }
  return true;
}

void gateway_stop(struct hostnet *net)
{
  dns_relay_free(net->relay);
  net->relay = NULL;
  if (net->dhcps != NULL) {
    if (net->is_added) {
      (void)dhcps_stop(net->dhcps, &net->netif);
    }
    dhcps_delete(net->dhcps);
  }
  if (net->is_added) {
    any_address_stop(&net->any);
    router_advert_stop(&net->ra);
    netif_remove(&net->netif);
  }
}
