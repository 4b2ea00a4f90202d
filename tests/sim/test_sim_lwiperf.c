/**
 * @file
 * The stack's iPerf 2 between two nodes; the server also against hand-made clients.
 * needs: ipv4
 * needs: tcp
 */
#include "sim_test.h"
#include "lwip/apps/lwiperf.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

#define REPORTS_MAX 4

struct reports {
  int count;
  enum lwiperf_report_type type[REPORTS_MAX];
  u32_t bytes[REPORTS_MAX], ms[REPORTS_MAX], kbits[REPORTS_MAX];
  u16_t local_port[REPORTS_MAX], remote_port[REPORTS_MAX];
};

static struct {
  struct sim *sim;
  struct sim_link *lan;
  struct sim_node *client, *server;
  struct reports at_client, at_server;
} net;

static void on_report(void *arg, enum lwiperf_report_type type, const ip_addr_t *local,
                      u16_t local_port, const ip_addr_t *remote, u16_t remote_port, u32_t bytes,
                      u32_t ms, u32_t kbits)
{
  struct reports *r = (struct reports *)arg;
  LWIP_UNUSED_ARG(local);
  assert_non_null(remote);
  assert_true(r->count < REPORTS_MAX);
  r->type[r->count] = type;
  r->bytes[r->count] = bytes;
  r->ms[r->count] = ms;
  r->kbits[r->count] = kbits;
  r->local_port[r->count] = local_port;
  r->remote_port[r->count] = remote_port;
  r->count++;
}

static int set_up(void **state)
{
  (void)state;
  memset(&net, 0, sizeof net);
  net.sim = sim_new(test_seed());
  net.lan = sim_link_new(net.sim, "lan", SIM_SWITCH);
  net.client = sim_node_new(net.sim, "client");
  net.server = sim_node_new(net.sim, "server");
  sim_attach(net.client, net.lan, "10.0.0.1", "255.255.255.0", NULL);
  sim_attach(net.server, net.lan, "10.0.0.2", "255.255.255.0", NULL);
  sim_link_set_conditions(net.lan,
                          &(struct sim_conditions){.rate_bps = 10000000, .delay_us = 1000});
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  sim_free(net.sim); /* ends what still runs, and says what leaks */
  return 0;
}

static void *start_server(void)
{
  sim_enter(net.server);
  void *handle = lwiperf_start_tcp_server_default(on_report, &net.at_server);
  sim_leave(net.server);
  assert_non_null(handle);
  return handle;
}

static void *start_client(enum lwiperf_client_type type)
{
  ip_addr_t addr;
  sim_enter(net.client);
  assert_true(ipaddr_aton("10.0.0.2", &addr));
  void *handle =
      lwiperf_start_tcp_client(&addr, LWIPERF_TCP_PORT_DEFAULT, type, on_report, &net.at_client);
  sim_leave(net.client);
  assert_non_null(handle);
  return handle;
}

/** What both ends say of the one connection from `from` to `to`: ten seconds, and until all that
   was queued then has arrived. */
static void check_ten_seconds(const struct reports *from, int f, const struct reports *to, int t)
{
  assert_int_equal(from->type[f], LWIPERF_TCP_DONE_CLIENT);
  assert_int_equal(to->type[t], LWIPERF_TCP_DONE_SERVER);
  assert_int_equal(from->bytes[f], to->bytes[t]);
  assert_in_range(from->ms[f], 10000, 18000);
  assert_in_range(to->ms[t], from->ms[f] - 50, from->ms[f] + 50);
  assert_in_range(from->kbits[f], 4000, 10000);
  assert_in_range(to->kbits[t], 4000, 10000);
  assert_int_equal(from->local_port[f], to->remote_port[t]);
  assert_int_equal(from->remote_port[f], to->local_port[t]);
}

static void test_one_way(void **state)
{
  (void)state;
  start_server();
  start_client(LWIPERF_CLIENT);
  sim_run_for(net.sim, 20 * SIM_SECOND);
  assert_int_equal(net.at_client.count, 1);
  assert_int_equal(net.at_server.count, 1);
  check_ten_seconds(&net.at_client, 0, &net.at_server, 0);
  assert_in_range(net.at_server.kbits[0], 8500, 10000); /* the link */
  assert_int_equal(net.at_server.local_port[0], LWIPERF_TCP_PORT_DEFAULT);
}

/** Whichever of the two came first, the one with `type`. */
static int find(const struct reports *r, enum lwiperf_report_type type)
{
  return r->type[0] == type ? 0 : 1;
}

static void test_both_ways(enum lwiperf_client_type type, u64_t seconds)
{
  start_server();
  start_client(type);
  sim_run_for(net.sim, seconds * SIM_SECOND);
  assert_int_equal(net.at_client.count, 2);
  assert_int_equal(net.at_server.count, 2);
  int sent = find(&net.at_client, LWIPERF_TCP_DONE_CLIENT);
  int taken = find(&net.at_server, LWIPERF_TCP_DONE_SERVER);
  check_ten_seconds(&net.at_client, sent, &net.at_server, taken);
  check_ten_seconds(&net.at_server, 1 - taken, &net.at_client, 1 - sent);
}

static void test_both_ways_at_once(void **state)
{
  (void)state;
  test_both_ways(LWIPERF_DUAL, 30);
  assert_true(net.at_client.ms[0] < 20000 && net.at_client.ms[1] < 20000);
}

static void test_one_way_after_the_other(void **state)
{
  (void)state;
  test_both_ways(LWIPERF_TRADEOFF, 40);
  assert_int_equal(net.at_client.type[0], LWIPERF_TCP_DONE_CLIENT);
  assert_true(net.at_client.kbits[1] > 8000); /* alone on the link */
}

/* The server dies: both what is sent and what waits for the way back end. */
static void test_no_way_back(void **state)
{
  (void)state;
  void *server = start_server();
  start_client(LWIPERF_TRADEOFF);
  sim_run_for(net.sim, 5 * SIM_SECOND);
  sim_enter(net.server);
  lwiperf_abort(server);
  lwiperf_abort(server); /* nothing any more */
  sim_leave(net.server);
  sim_run_for(net.sim, 30 * SIM_SECOND);
  assert_int_equal(net.at_server.count, 1);
  assert_int_equal(net.at_server.type[0], LWIPERF_TCP_ABORTED_LOCAL);
  assert_int_equal(net.at_client.count, 1);
  assert_int_equal(net.at_client.type[0], LWIPERF_TCP_ABORTED_REMOTE);
  sim_enter(net.client);
  assert_null(tcp_listen_pcbs.listen_pcbs);
  assert_null(tcp_active_pcbs);
  sim_leave(net.client);
}

/* Aborting a client's session also closes the port for the way back. */
static void test_abort_of_a_client(void **state)
{
  (void)state;
  start_server();
  void *client = start_client(LWIPERF_TRADEOFF);
  sim_run_for(net.sim, 2 * SIM_SECOND);
  sim_enter(net.client);
  assert_non_null(tcp_listen_pcbs.listen_pcbs);
  lwiperf_abort(client);
  assert_null(tcp_listen_pcbs.listen_pcbs);
  sim_leave(net.client);
  sim_run_for(net.sim, 2 * SIM_SECOND);
  assert_int_equal(net.at_client.type[0], LWIPERF_TCP_ABORTED_LOCAL);
  assert_int_equal(net.at_server.type[0], LWIPERF_TCP_ABORTED_REMOTE);
}

/* A partner that is silent for LWIPERF_TCP_MAX_IDLE_SEC is given up, at both ends. */
static void test_silence(void **state)
{
  (void)state;
  start_server();
  start_client(LWIPERF_CLIENT);
  sim_run_for(net.sim, 2 * SIM_SECOND);
  sim_link_set_conditions(net.lan, &(struct sim_conditions){.loss_ppm = 1000000});
  sim_run_for(net.sim, 12 * SIM_SECOND);
  assert_int_equal(net.at_client.count, 1);
  assert_int_equal(net.at_client.type[0], LWIPERF_TCP_ABORTED_LOCAL);
  assert_int_equal(net.at_server.count, 1);
  assert_int_equal(net.at_server.type[0], LWIPERF_TCP_ABORTED_LOCAL);
}

static void test_nobody_listens(void **state)
{
  (void)state;
  start_client(LWIPERF_DUAL);
  sim_run_for(net.sim, 40 * SIM_SECOND);
  assert_int_equal(net.at_client.count, 1);
  assert_int_equal(net.at_client.type[0], LWIPERF_TCP_ABORTED_REMOTE);
  assert_int_equal(net.at_client.bytes[0], 0);
  sim_enter(net.client);
  assert_null(tcp_listen_pcbs.listen_pcbs); /* nobody comes back, either */
  sim_leave(net.client);
}

static void test_bad_arguments(void **state)
{
  (void)state;
  start_server();
  sim_enter(net.server);
  assert_null(lwiperf_start_tcp_server_default(on_report, &net.at_server)); /* is taken */
  assert_null(lwiperf_start_tcp_server(NULL, 5002, on_report, NULL));
  assert_null(lwiperf_start_tcp_client_default(NULL, on_report, NULL));
  ip_addr_t nowhere;
  assert_true(ipaddr_aton("192.0.2.1", &nowhere));
  assert_null(lwiperf_start_tcp_client(&nowhere, 5001, LWIPERF_DUAL, on_report, &net.at_server));
  lwiperf_abort(NULL);
  sim_leave(net.server);
  assert_int_equal(net.at_server.count, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_one_way, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_both_ways_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_one_way_after_the_other, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_no_way_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_abort_of_a_client, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_silence, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_nobody_listens, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_bad_arguments, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
