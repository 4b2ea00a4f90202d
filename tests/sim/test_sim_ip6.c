/**
 * @file
 * IPv6 hosts among themselves: a thousand configure themselves and talk, addresses live and die in
 * the time they are given, temporary ones rotate (RFC 4862, RFC 8981).
 * needs: ipv6
 */
#include <malloc.h>
#include <time.h>
#include "sim_test.h"
#include "lwip/ip6_addr.h"
#include "gossamer/ip6_config.h"
#include "gossamer/router_advert.h"

#if LWIP_ROUTER_ADVERT

#define HOUR_S 3600U
#define DAY_S  (24 * HOUR_S)
#define DAY_US ((u64_t)DAY_S * SIM_SECOND)

/** A router that announces 2001:db8:1::/64 and has 2001:db8:1::1. */
struct router {
  struct sim_node *node;
  struct sim_port *port;
  struct router_advert advert;
  struct router_advert_prefix prefix;
};

static void router_start(struct router *r, struct sim *sim, struct sim_link *lan, u32_t valid_s,
                         u32_t preferred_s)
{
  struct ip6_address_spec own = {.prefix_len = 64, .flags = IP6_ADDRESS_NO_DAD};
  memset(r, 0, sizeof *r);
  r->node = sim_node_new(sim, "router");
  r->port = sim_attach_ip6(r->node, lan);
  sim_enter(r->node);
  assert_int_equal(ip6addr_aton("2001:db8:1::1", &own.addr), 1);
  assert_int_equal(netif_ip6_address_add(sim_port_netif(r->port), &own, NULL), ERR_OK);
  assert_int_equal(ip6addr_aton("2001:db8:1::", &r->prefix.prefix), 1);
  r->prefix.prefix_len = 64;
  r->prefix.is_on_link = r->prefix.is_autonomous = true;
  r->prefix.valid_s = valid_s;
  r->prefix.preferred_s = preferred_s;
  router_advert_defaults(&r->advert);
  r->advert.lifetime_s = 1800;
  r->advert.prefixes = &r->prefix;
  r->advert.num_prefixes = 1;
  assert_int_equal(router_advert_start(&r->advert, sim_port_netif(r->port)), ERR_OK);
  sim_leave(r->node);
}

/** The address of this origin that is preferred, else any that is there; false: none. */
static bool address_of(struct sim_node *node, struct sim_port *port, enum ip6_addr_origin origin,
                       struct ip6_address_info *best)
{
  bool is_found = false;
  sim_enter(node);
  for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    struct ip6_address_info info;
    if (netif_ip6_address_get(sim_port_netif(port), i, &info) && info.origin == origin &&
        (!is_found || ip6_addr_ispreferred(info.state))) {
      *best = info;
      is_found = true;
    }
  }
  sim_leave(node);
  return is_found;
}

static void text_of(const ip6_addr_t *addr, char text[IP6ADDR_STRLEN_MAX])
{
  assert_non_null(ip6addr_ntoa_r(addr, text, IP6ADDR_STRLEN_MAX));
}

/* --- a thousand --- */

#define NODES    1000
#define PARTNERS 4

static struct endpoint lan_end[NODES];
static struct sim_port *lan_port[NODES];
static char lan_addr[NODES][IP6ADDR_STRLEN_MAX];
static u32_t expected[NODES];

static void expect_configured(struct sim *sim, int i)
{
  struct ip6_address_info info;
  sim_assert(sim, address_of(lan_end[i].node, lan_port[i], IP6_ORIGIN_LINKLOCAL, &info) &&
                      info.state == IP6_ADDR_PREFERRED);
  sim_assert(sim, address_of(lan_end[i].node, lan_port[i], IP6_ORIGIN_SLAAC, &info) &&
                      info.state == IP6_ADDR_PREFERRED);
  text_of(&info.addr, lan_addr[i]);
}

static void test_a_thousand_configure_themselves_and_talk(void **state)
{
  (void)state;
  static struct router r;
  clock_t start = clock();
  size_t heap_before = mallinfo2().uordblks;
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  char name[16];
  sim_link_set_conditions(lan, &(struct sim_conditions){.rate_bps = 10000000000, .delay_us = 50});
  memset(expected, 0, sizeof expected);
  router_start(&r, sim, lan, 30 * DAY_S, 7 * DAY_S);
  for (int i = 0; i < NODES; i++) {
    snprintf(name, sizeof name, "n%d", i);
    struct sim_node *node = sim_node_new(sim, name);
    lan_port[i] = sim_attach_ip6(node, lan);
    endpoint_open(&lan_end[i], node, 7);
  }
  sim_run_for(sim, 30 * SIM_SECOND);
  double formed_s = (double)(clock() - start) / CLOCKS_PER_SEC;
  u64_t formed_events = sim_event_count(sim);
  size_t heap = mallinfo2().uordblks - heap_before;
  for (int i = 0; i < NODES; i++) {
    expect_configured(sim, i);
  }
  for (int round = 0; round < PARTNERS; round++) {
    for (int i = 0; i < NODES; i++) {
      int to = (i + 1 + round * 237) % NODES;
      endpoint_send(&lan_end[i], lan_addr[to], 7, 200);
      expected[to]++;
      sim_run_for(sim, 1000);
    }
    sim_run_for(sim, 5 * SIM_SECOND);
  }
  for (int i = 0; i < NODES; i++) {
    sim_assert(sim, lan_end[i].received == expected[i]);
    sim_assert(sim, lan_end[i].wrong == 0 && lan_end[i].send_errors == 0);
  }
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  printf(
      "# %d instances: addresses formed in %.2f s of one core (%llu events), %d datagrams in %.2f "
      "s more (%llu events); %zu bytes each\n",
      NODES, formed_s, (unsigned long long)formed_events, NODES * PARTNERS, seconds - formed_s,
      (unsigned long long)(sim_event_count(sim) - formed_events), heap / NODES);
  sim_free(sim);
}

/* --- duplicates --- */

/* RFC 4862 5.4: of two that want one address one gets it, and keeps it. */
static void test_two_want_one_address(void **state)
{
  (void)state;
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  struct ip6_address_spec spec = {.prefix_len = 64};
  struct ip6_address_info info;
  struct sim_node *node[2];
  struct sim_port *port[2];
  assert_int_equal(ip6addr_aton("2001:db8:1::77", &spec.addr), 1);
  for (int i = 0; i < 2; i++) {
    node[i] = sim_node_new(sim, i == 0 ? "first" : "second");
    port[i] = sim_attach_ip6(node[i], lan);
    sim_enter(node[i]);
    assert_int_equal(netif_ip6_address_add(sim_port_netif(port[i]), &spec, NULL), ERR_OK);
    sim_leave(node[i]);
    sim_run_for(sim, 5 * SIM_SECOND);
  }
  sim_assert(sim, address_of(node[0], port[0], IP6_ORIGIN_MANUAL, &info));
  sim_assert(sim, info.state == IP6_ADDR_PREFERRED);
  sim_assert(sim, address_of(node[1], port[1], IP6_ORIGIN_MANUAL, &info));
  sim_assert(sim, info.state == IP6_ADDR_DUPLICATED);
  sim_free(sim);
}

/* --- long times --- */

/* The stable address lives as long as routers say so, over seven wraps of the clock; then it is
   deprecated and goes at the promised second (RFC 4862 5.5.4). */
static void test_lifetimes_over_a_year(void **state)
{
  (void)state;
  enum { HOSTS = 3, VALID_S = 3 * 24 * 3600, PREFERRED_S = 24 * 3600 };
  static struct router r;
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  struct sim_port *port[HOSTS];
  struct sim_node *node[HOSTS];
  ip6_addr_t first[HOSTS];
  struct ip6_address_info info;
  char name[16];
  router_start(&r, sim, lan, VALID_S, PREFERRED_S);
  for (int i = 0; i < HOSTS; i++) {
    snprintf(name, sizeof name, "h%d", i);
    node[i] = sim_node_new(sim, name);
    port[i] = sim_attach_ip6(node[i], lan);
  }
  sim_run_for(sim, 60 * SIM_SECOND);
  for (int i = 0; i < HOSTS; i++) {
    sim_assert(sim, address_of(node[i], port[i], IP6_ORIGIN_SLAAC, &info));
    first[i] = info.addr;
  }
  for (int day = 0; day < 365; day++) {
    sim_run_for(sim, DAY_US);
    for (int i = 0; i < HOSTS; i++) {
      sim_assert(sim, address_of(node[i], port[i], IP6_ORIGIN_SLAAC, &info));
      sim_assert(sim, info.state == IP6_ADDR_PREFERRED && ip6_addr_eq(&info.addr, &first[i]));
      sim_assert(sim, info.valid_s <= VALID_S && info.valid_s > VALID_S - 601);
      sim_assert(sim, info.preferred_s <= PREFERRED_S && info.preferred_s > PREFERRED_S - 601);
    }
  }
  sim_port_set_carrier(r.port, false); /* no last advertisement: the router is just gone */
  sim_run_for(sim, DAY_US - 601 * SIM_SECOND);
  sim_assert(sim, address_of(node[0], port[0], IP6_ORIGIN_SLAAC, &info));
  sim_assert(sim, info.state == IP6_ADDR_PREFERRED);
  sim_run_for(sim, 601 * SIM_SECOND);
  sim_assert(sim, address_of(node[0], port[0], IP6_ORIGIN_SLAAC, &info));
  sim_assert(sim, info.state == IP6_ADDR_DEPRECATED && info.preferred_s == 0);
  sim_run_for(sim, 2 * DAY_US - 601 * SIM_SECOND);
  sim_assert(sim, address_of(node[0], port[0], IP6_ORIGIN_SLAAC, &info));
  sim_run_for(sim, 601 * SIM_SECOND);
  sim_assert(sim, !address_of(node[0], port[0], IP6_ORIGIN_SLAAC, &info));
  printf("# a year of %d hosts and a router: %llu events\n", HOSTS,
         (unsigned long long)sim_event_count(sim));
  sim_free(sim);
}

#if LWIP_IPV6_TEMPORARY

/** Temporary addresses seen so far. */
struct seen {
  ip6_addr_t addr[64];
  u64_t first_us[64], last_us[64];
  unsigned count;
};

static void see(struct seen *s, const ip6_addr_t *addr, u64_t now_us)
{
  unsigned i = 0;
  while (i < s->count && !ip6_addr_eq(&s->addr[i], addr)) {
    i++;
  }
  assert_true(i < 64);
  if (i == s->count) {
    s->addr[s->count] = *addr;
    s->first_us[s->count++] = now_us;
  }
  s->last_us[i] = now_us;
}

/** Preferred temporary addresses of a host, and all of them. */
static unsigned look(struct seen *s, struct sim *sim, struct sim_node *node, struct sim_port *port,
                     unsigned *all)
{
  unsigned preferred = 0;
  *all = 0;
  sim_enter(node);
  for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    struct ip6_address_info info;
    if (netif_ip6_address_get(sim_port_netif(port), i, &info) &&
        info.origin == IP6_ORIGIN_TEMPORARY) {
      (*all)++;
      preferred += info.state == IP6_ADDR_PREFERRED;
      see(s, &info.addr, sim_now_us(sim));
    }
  }
  sim_leave(node);
  return preferred;
}

/* RFC 8981 3.4, 3.5: preferred for a day less a random part, there for two days, and never none. */
static void test_temporary_addresses_rotate_for_a_month(void **state)
{
  (void)state;
  enum { HOSTS = 2, DAYS = 30 };
  static struct router r;
  static struct seen seen[HOSTS];
  struct sim *sim = sim_new(test_seed());
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  struct sim_node *node[HOSTS];
  struct sim_port *port[HOSTS];
  char name[16];
  memset(seen, 0, sizeof seen);
  router_start(&r, sim, lan, 30 * DAY_S, 7 * DAY_S);
  for (int i = 0; i < HOSTS; i++) {
    snprintf(name, sizeof name, "h%d", i);
    node[i] = sim_node_new(sim, name);
    port[i] = sim_attach_ip6(node[i], lan);
    sim_enter(node[i]);
    netif_ip6_temporary_set(sim_port_netif(port[i]), IP6_TEMPORARY_ON);
    sim_leave(node[i]);
  }
  sim_run_for(sim, 60 * SIM_SECOND);
  for (int hour = 0; hour < 24 * DAYS; hour++) {
    for (int i = 0; i < HOSTS; i++) {
      unsigned all;
      unsigned preferred = look(&seen[i], sim, node[i], port[i], &all);
      sim_assert(sim, preferred >= 1 && preferred <= 2);
      sim_assert(sim, all <= 4);
    }
    sim_run_for(sim, HOUR_S * SIM_SECOND);
  }
  for (int i = 0; i < HOSTS; i++) {
    sim_assert(sim, seen[i].count >= DAYS && seen[i].count <= 2 * DAYS);
    for (unsigned n = 0; n < seen[i].count; n++) {
      sim_assert(sim, seen[i].last_us[n] - seen[i].first_us[n] <= 2 * DAY_US);
    }
    printf("# host %d had %u temporary addresses in %d days\n", i, seen[i].count, DAYS);
  }
  sim_free(sim);
}

#endif

/* --- the same again --- */

/** Hosts that configure themselves on a bad network and talk. The caller frees the capture. */
static char *captured_run(u64_t seed, size_t *len)
{
  enum { HOSTS = 8 };
  static struct router r;
  static struct endpoint end[HOSTS];
  struct sim_port *port[HOSTS];
  char *bytes = NULL;
  FILE *f = open_memstream(&bytes, len);
  assert_non_null(f);
  struct sim *sim = sim_new(seed);
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  struct sim_capture *capture = sim_capture_new(sim, f);
  char name[16], to[IP6ADDR_STRLEN_MAX];
  sim_link_set_conditions(lan, &(struct sim_conditions){.delay_us = 500,
                                                        .jitter_us = 2000,
                                                        .is_jitter_unfair = true,
                                                        .loss_ppm = 50000,
                                                        .duplicate_ppm = 20000});
  sim_capture_link(capture, lan);
  router_start(&r, sim, lan, DAY_S, HOUR_S);
  for (int i = 0; i < HOSTS; i++) {
    snprintf(name, sizeof name, "h%d", i);
    struct sim_node *node = sim_node_new(sim, name);
    port[i] = sim_attach_ip6(node, lan);
    endpoint_open(&end[i], node, 7);
  }
  for (int second = 0; second < 120; second++) {
    struct ip6_address_info info;
    int from = second % HOSTS, target = (second * 3 + 1) % HOSTS;
    if (address_of(end[target].node, port[target], IP6_ORIGIN_SLAAC, &info)) {
      text_of(&info.addr, to);
      endpoint_send(&end[from], to, 7, 1000);
    }
    sim_run_for(sim, SIM_SECOND);
  }
  sim_node_reboot(end[3].node);
  sim_run_for(sim, 30 * SIM_SECOND);
  sim_free(sim);
  assert_int_equal(fclose(f), 0);
  return bytes;
}

static void test_same_seed_same_capture(void **state)
{
  (void)state;
  size_t len, len_again, len_other;
  char *bytes = captured_run(test_seed(), &len);
  char *again = captured_run(test_seed(), &len_again);
  char *other = captured_run(test_seed() + 1, &len_other);
  assert_true(len > 20000);
  assert_int_equal(len, len_again);
  assert_memory_equal(bytes, again, len);
  assert_true(len_other != len || memcmp(bytes, other, len) != 0);
  free(bytes);
  free(again);
  free(other);
}

#endif /* LWIP_ROUTER_ADVERT */

int main(void)
{
  const struct CMUnitTest tests[] = {
#if LWIP_ROUTER_ADVERT
    cmocka_unit_test(test_two_want_one_address),
    cmocka_unit_test(test_lifetimes_over_a_year),
#if LWIP_IPV6_TEMPORARY
    cmocka_unit_test(test_temporary_addresses_rotate_for_a_month),
#endif
    cmocka_unit_test(test_same_seed_same_capture),
    cmocka_unit_test(test_a_thousand_configure_themselves_and_talk),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
