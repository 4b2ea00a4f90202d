/*
 * Our DHCP clients against our server, on a lossy network. needs: ipv4
 */
#include "lwip/dhcp.h"
#include "gossamer/dhcp.h"
#include "gossamer/dhcp_server.h"
#include "sim_test.h"

#define CLIENTS 20

struct lan {
  struct sim *sim;
  struct sim_node *gateway;
  struct sim_port *gateway_port;
  struct sim_link *link;
  struct sim_node *node[CLIENTS];
  struct sim_port *port[CLIENTS];
  dhcps_t *server;
};

static ip4_addr_t ip4_of(const char *dotted)
{
  ip4_addr_t ip;
  assert_true(ip4addr_aton(dotted, &ip));
  return ip;
}

static void serve(struct lan *lan, const char *own, dhcps_time_t minutes)
{
  dhcps_lease_t pool = {.enable = true};
  pool.start_ip = ip4_of(own);
  pool.start_ip.addr = lwip_htonl(lwip_ntohl(pool.start_ip.addr) + 99);
  pool.end_ip.addr = lwip_htonl(lwip_ntohl(pool.start_ip.addr) + 49);
  sim_enter(lan->gateway);
  lan->server = dhcps_new();
  assert_non_null(lan->server);
  dhcps_set_option_info(lan->server, REQUESTED_IP_ADDRESS, &pool, sizeof pool);
  dhcps_set_option_info(lan->server, IP_ADDRESS_LEASE_TIME, &minutes, sizeof minutes);
  assert_int_equal(dhcps_start(lan->server, sim_port_netif(lan->gateway_port), ip4_of(own)),
                   ERR_OK);
  sim_leave(lan->gateway);
}

static void lan_new(struct lan *lan, u32_t loss_ppm)
{
  memset(lan, 0, sizeof *lan);
  lan->sim = sim_new(test_seed());
  lan->link = sim_link_new(lan->sim, "lan", SIM_SWITCH);
  sim_link_set_conditions(lan->link,
                          &(struct sim_conditions){.delay_us = 2000, .loss_ppm = loss_ppm});
  lan->gateway = sim_node_new(lan->sim, "gateway");
  lan->gateway_port = sim_attach(lan->gateway, lan->link, "10.0.0.1", "255.255.255.0", NULL);
  for (int i = 0; i < CLIENTS; i++) {
    char name[16];
    snprintf(name, sizeof name, "c%d", i);
    lan->node[i] = sim_node_new(lan->sim, name);
    lan->port[i] = sim_attach(lan->node[i], lan->link, NULL, NULL, NULL);
  }
}

static void clients_start(struct lan *lan)
{
  for (int i = 0; i < CLIENTS; i++) {
    sim_enter(lan->node[i]);
    struct netif *netif = sim_port_netif(lan->port[i]);
    netif_set_hostname(netif, sim_node_name(lan->node[i]));
    sim_assert(lan->sim, dhcp_start(netif) == ERR_OK);
    sim_leave(lan->node[i]);
  }
}

/** The client has a lease, and the server knows of it by MAC address and by name. */
static bool is_leased(struct lan *lan, int i)
{
  const struct netif *netif = sim_port_netif(lan->port[i]);
  struct dhcp_lease lease;
  ip4_addr_t by_mac;
  ip4_addr_t by_name;
  u8_t mac[6];
  memcpy(mac, netif->hwaddr, 6);
  sim_enter(lan->node[i]);
  bool has = dhcp_lease_get(netif, &lease);
  sim_leave(lan->node[i]);
  sim_enter(lan->gateway);
  bool is_known = dhcp_search_ip_on_mac(lan->server, mac, &by_mac) &&
                  dhcps_search_ip_on_hostname(lan->server, sim_node_name(lan->node[i]), &by_name);
  sim_leave(lan->gateway);
  return has && is_known && ip4_addr_eq(&lease.addr, &by_mac) && ip4_addr_eq(&lease.addr, &by_name);
}

static void all_are_leased(struct lan *lan)
{
  for (int i = 0; i < CLIENTS; i++) {
    sim_assert(lan->sim, is_leased(lan, i));
    for (int k = 0; k < i; k++) {
      sim_assert(lan->sim, !ip4_addr_eq(netif_ip4_addr(sim_port_netif(lan->port[i])),
                                        netif_ip4_addr(sim_port_netif(lan->port[k]))));
    }
  }
}

/** Minutes until all have leases; the test fails when they are too many. */
static void wait_until_leased(struct lan *lan, unsigned minutes_max)
{
  for (unsigned m = 0; m < minutes_max; m++) {
    int leased = 0;
    sim_run_for(lan->sim, 60 * SIM_SECOND);
    for (int i = 0; i < CLIENTS; i++) {
      leased += is_leased(lan, i);
    }
    if (leased == CLIENTS) {
      break;
    }
  }
  all_are_leased(lan);
}

/* RFC 2131 4.4: leases of ten minutes for a day, and a network that loses one frame in ten: nobody
   keeps an address that the server has given to somebody else. */
static void test_leases_on_a_lossy_network(void **state)
{
  (void)state;
  struct lan lan;
  lan_new(&lan, 100000);
  serve(&lan, "10.0.0.1", 10);
  clients_start(&lan);
  wait_until_leased(&lan, 30);
  sim_run_for(lan.sim, 24 * 3600 * SIM_SECOND);
  wait_until_leased(&lan, 60);
  sim_free(lan.sim);
}

/* The server restarts and has forgotten everything: renewals bring its knowledge back, and nobody's
   address changes. */
static void test_the_server_restarts(void **state)
{
  (void)state;
  struct lan lan;
  ip4_addr_t before[CLIENTS];
  lan_new(&lan, 0);
  serve(&lan, "10.0.0.1", 10);
  clients_start(&lan);
  wait_until_leased(&lan, 2);
  for (int i = 0; i < CLIENTS; i++) {
    before[i] = *netif_ip4_addr(sim_port_netif(lan.port[i]));
  }
  sim_enter(lan.gateway);
  dhcps_delete(lan.server);
  sim_leave(lan.gateway);
  serve(&lan, "10.0.0.1", 10);
  wait_until_leased(&lan, 10);
  for (int i = 0; i < CLIENTS; i++) {
    const ip4_addr_t *now = netif_ip4_addr(sim_port_netif(lan.port[i]));
    sim_assert(lan.sim, ip4_addr_eq(now, &before[i]));
  }
  sim_free(lan.sim);
}

/* The network changes: clients come back, ask for their old addresses (INIT-REBOOT), are refused,
   and get new ones. All of them release them when they stop. */
static void test_another_network(void **state)
{
  (void)state;
  struct lan lan;
  struct dhcps_pool is;
  ip4_addr_t mask = ip4_of("255.255.255.0");
  ip4_addr_t own = ip4_of("10.9.0.1");
  lan_new(&lan, 0);
  serve(&lan, "10.0.0.1", 60);
  clients_start(&lan);
  wait_until_leased(&lan, 2);
  for (int i = 0; i < CLIENTS; i++) {
    sim_port_set_carrier(lan.port[i], false);
  }
  sim_enter(lan.gateway);
  dhcps_delete(lan.server);
  netif_set_addr(sim_port_netif(lan.gateway_port), &own, &mask, NULL);
  sim_leave(lan.gateway);
  serve(&lan, "10.9.0.1", 60);
  for (int i = 0; i < CLIENTS; i++) {
    sim_port_set_carrier(lan.port[i], true);
  }
  wait_until_leased(&lan, 2);
  sim_assert(lan.sim, (netif_ip4_addr(sim_port_netif(lan.port[0]))->addr & mask.addr) ==
                          (own.addr & mask.addr));
  for (int i = 0; i < CLIENTS; i++) {
    sim_enter(lan.node[i]);
    dhcp_release_and_stop(sim_port_netif(lan.port[i]));
    sim_leave(lan.node[i]);
  }
  sim_run_for(lan.sim, SIM_SECOND);
  sim_assert(lan.sim, !dhcps_lease_get(lan.server, 0, &is));
  sim_free(lan.sim);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_leases_on_a_lossy_network),
      cmocka_unit_test(test_the_server_restarts),
      cmocka_unit_test(test_another_network),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
