/**
 * @file
 * IPv6 hosts on two LANs with two routers between them: all configured by router advertisements,
 * paths that change when a router dies, also under faults (RFC 4861 6.3.6, 7.3; RFC 4191; B6-119).
 * needs: ipv6
 */
#include "sim_test.h"
#include "lwip/ip6_addr.h"
#include "gossamer/ip6_config.h"
#include "gossamer/router_advert.h"

#if LWIP_ROUTER_ADVERT

#define HOSTS   4
#define ROUTERS 2

/** Longest time in which hosts find out that a router is gone (RFC 4861 10): REACHABLE at most,
    DELAY_FIRST_PROBE_TIME, MAX_UNICAST_SOLICIT probes; on both LANs, one after the other. */
#define FAILOVER_S (2 * (45 + 5 + 3 + 1))

struct side {
  struct sim_port *port;
  struct router_advert advert;
  struct router_advert_prefix prefix;
};

struct router {
  struct sim_node *node;
  struct side side[2];
};

struct net {
  struct sim *sim;
  struct sim_link *lan[2];
  struct router router[ROUTERS];
  struct endpoint host[HOSTS], server;
  struct sim_port *host_port[HOSTS], *server_port;
  char server_addr[IP6ADDR_STRLEN_MAX];
};

static void side_start(struct side *s, struct sim_node *node, struct sim_link *lan, int which,
                       s8_t preference)
{
  static const char *const prefix[2] = {"2001:db8:a::", "2001:db8:b::"};
  s->port = sim_attach_ip6(node, lan);
  sim_enter(node);
  assert_int_equal(ip6addr_aton(prefix[which], &s->prefix.prefix), 1);
  s->prefix.prefix_len = 64;
  s->prefix.is_on_link = s->prefix.is_autonomous = true;
  s->prefix.valid_s = 86400;
  s->prefix.preferred_s = 14400;
  router_advert_defaults(&s->advert);
  s->advert.lifetime_s = 1800;
  s->advert.preference = preference;
  s->advert.prefixes = &s->prefix;
  s->advert.num_prefixes = 1;
  assert_int_equal(router_advert_start(&s->advert, sim_port_netif(s->port)), ERR_OK);
  sim_leave(node);
}

/** The autoconfigured address of a node. */
static void address_of(struct sim_node *node, struct sim_port *port, char text[IP6ADDR_STRLEN_MAX])
{
  text[0] = '\0';
  sim_enter(node);
  for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    struct ip6_address_info info;
    if (netif_ip6_address_get(sim_port_netif(port), i, &info) && info.origin == IP6_ORIGIN_SLAAC &&
        info.state == IP6_ADDR_PREFERRED) {
      assert_non_null(ip6addr_ntoa_r(&info.addr, text, IP6ADDR_STRLEN_MAX));
    }
  }
  sim_leave(node);
}

static void net_start(struct net *n, const struct sim_conditions *conditions)
{
  char name[16];
  memset(n, 0, sizeof *n);
  n->sim = sim_new(test_seed());
  n->lan[0] = sim_link_new(n->sim, "a", SIM_SWITCH);
  n->lan[1] = sim_link_new(n->sim, "b", SIM_SWITCH);
  for (int r = 0; r < ROUTERS; r++) {
    snprintf(name, sizeof name, "router%d", r);
    n->router[r].node = sim_node_new(n->sim, name);
    for (int side = 0; side < 2; side++) {
      side_start(&n->router[r].side[side], n->router[r].node, n->lan[side], side, r == 0 ? 1 : 0);
    }
  }
  for (int i = 0; i < HOSTS; i++) {
    snprintf(name, sizeof name, "host%d", i);
    struct sim_node *node = sim_node_new(n->sim, name);
    n->host_port[i] = sim_attach_ip6(node, n->lan[0]);
    endpoint_open(&n->host[i], node, 1000);
  }
  struct sim_node *node = sim_node_new(n->sim, "server");
  n->server_port = sim_attach_ip6(node, n->lan[1]);
  endpoint_open(&n->server, node, 7);
  n->server.does_echo = true;
  sim_run_for(n->sim, 60 * SIM_SECOND);
  address_of(node, n->server_port, n->server_addr);
  sim_assert(n->sim, strncmp(n->server_addr, "2001:db8:b:", 11) == 0 ||
                         strncmp(n->server_addr, "2001:DB8:B:", 11) == 0);
  for (int side = 0; side < 2; side++) {
    sim_link_set_conditions(n->lan[side], conditions);
  }
}

/** Each host sends one datagram per second; @return how many answers came in all */
static u32_t talk(struct net *n, unsigned seconds)
{
  u32_t before = 0, after = 0;
  for (int i = 0; i < HOSTS; i++) {
    before += n->host[i].received;
  }
  for (unsigned s = 0; s < seconds; s++) {
    for (int i = 0; i < HOSTS; i++) {
      endpoint_send(&n->host[i], n->server_addr, 7, 300);
      sim_run_for(n->sim, SIM_SECOND / HOSTS);
    }
  }
  sim_run_for(n->sim, 2 * SIM_SECOND);
  for (int i = 0; i < HOSTS; i++) {
    after += n->host[i].received;
    sim_assert(n->sim, n->host[i].wrong == 0);
  }
  return after - before;
}

static u64_t forwarded_by(const struct router *r)
{
  return sim_port_counters(r->side[1].port, SIM_TX)->sent;
}

static void router_set_alive(struct net *n, int r, bool is_alive)
{
  for (int side = 0; side < 2; side++) {
    sim_port_set_carrier(n->router[r].side[side].port, is_alive);
  }
}

static void test_by_the_preferred_router(void **state)
{
  (void)state;
  static struct net n;
  net_start(&n, &(struct sim_conditions){.delay_us = 200});
  u64_t first = forwarded_by(&n.router[0]), second = forwarded_by(&n.router[1]);
  sim_assert(n.sim, talk(&n, 60) == 60 * HOSTS);
  sim_assert(n.sim, forwarded_by(&n.router[0]) - first >= 60 * HOSTS);
  sim_assert(n.sim, forwarded_by(&n.router[1]) - second < 60);
  sim_free(n.sim);
}

/* The better router dies without a word: unreachability detection finds out, the other takes over;
   when the better one is back, it is used again. */
static void test_a_router_dies_and_comes_back(void **state)
{
  (void)state;
  static struct net n;
  net_start(&n, &(struct sim_conditions){.delay_us = 200});
  sim_assert(n.sim, talk(&n, 30) == 30 * HOSTS);
  router_set_alive(&n, 0, false);
  u32_t answers = talk(&n, FAILOVER_S);
  sim_assert(n.sim, talk(&n, 60) == 60 * HOSTS);
  printf("# of %d s of talk %.0f s were lost when a router died\n", FAILOVER_S,
         FAILOVER_S - (double)answers / HOSTS);
  router_set_alive(&n, 0, true);
  (void)talk(&n, 700); /* its next advertisement, at the latest */
  u64_t first = forwarded_by(&n.router[0]);
  sim_assert(n.sim, talk(&n, 60) == 60 * HOSTS);
  sim_assert(n.sim, forwarded_by(&n.router[0]) - first >= 60 * HOSTS);
  sim_free(n.sim);
}

/* Advertisements, solicitations and probes get lost like everything else. */
static void test_under_faults(void **state)
{
  (void)state;
  static struct net n;
  net_start(&n, &(struct sim_conditions){.delay_us = 2000,
                                         .jitter_us = 5000,
                                         .is_jitter_unfair = true,
                                         .loss_ppm = 10000,
                                         .duplicate_ppm = 5000,
                                         .corrupt_ppm = 5000});
  u32_t answers = talk(&n, 600);
  /* Eight ways through cables, each loses one in a hundred or damages one in two hundred. */
  sim_assert(n.sim, answers > 600 * HOSTS * 80 / 100);
  router_set_alive(&n, 0, false);
  (void)talk(&n, FAILOVER_S);
  sim_assert(n.sim, talk(&n, 300) > 300 * HOSTS * 80 / 100);
  for (int i = 0; i < HOSTS; i++) {
    char text[IP6ADDR_STRLEN_MAX];
    address_of(n.host[i].node, n.host_port[i], text);
    sim_assert(n.sim, text[0] != '\0');
  }
  sim_free(n.sim);
}

#endif /* LWIP_ROUTER_ADVERT */

int main(void)
{
  const struct CMUnitTest tests[] = {
#if LWIP_ROUTER_ADVERT
    cmocka_unit_test(test_by_the_preferred_router),
    cmocka_unit_test(test_a_router_dies_and_comes_back),
    cmocka_unit_test(test_under_faults),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
