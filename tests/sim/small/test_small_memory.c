/**
 * @file
 * A host whose instance has 32 KiB for everything, heap, pools and state (tests/config/small),
 * connects and is connected to 10,000 times, and never lacks memory: what a connection leaves
 * behind is a TIME-WAIT record, of which the oldest make room (RFC 9293 3.6.1, RFC 6191).
 *
 * Both ends are such hosts. Every cycle: connect, a request, a longer response, and one end after
 * the other closes; CYCLES_AT_ONCE of them run side by side.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "lwip/tcp.h"
#include "sim/sim.h"

#define RAM            (32 * 1024)
#define CYCLES         10000U
#define CYCLES_AT_ONCE 2U
#define PORT           80
#define REQUEST_LEN    100U
#define RESPONSE_LEN   1500U

extern char __start_stack_state[], __stop_stack_state[];

struct net {
  struct sim *sim;
  struct sim_node *host[2];
  u32_t used_before[2];
  unsigned client; /* which host connects */
  bool server_closes_first;
  u32_t begun, done, failed, refused;
};

/** One cycle's client. */
struct cycle {
  struct net *net;
  struct tcp_pcb *pcb;
  u32_t received;
};

static const u8_t bytes[RESPONSE_LEN];

static void begin(struct sim *sim, void *arg);

/* --- the server --- */

static err_t server_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct net *net = arg;
  (void)err;
  if (p == NULL) {
    return tcp_close(pcb);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  net->refused += tcp_write(pcb, bytes, RESPONSE_LEN, TCP_WRITE_FLAG_COPY) != ERR_OK;
  if (net->server_closes_first) {
    net->refused += tcp_shutdown(pcb, 0, 1) != ERR_OK;
  }
  return ERR_OK;
}

static void server_error(void *arg, err_t err)
{
  struct net *net = arg;
  net->failed += err != ERR_CLSD;
}

static err_t server_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct net *net = arg;
  if (err != ERR_OK) {
    net->refused++;
    return err;
  }
  tcp_recv(pcb, server_recv);
  tcp_err(pcb, server_error);
  return ERR_OK;
}

static void server_listen(struct net *net)
{
  struct sim_node *node = net->host[1 - net->client];
  sim_enter(node);
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, PORT), ERR_OK);
  struct tcp_pcb *listener = tcp_listen_with_backlog(pcb, 2);
  assert_non_null(listener);
  tcp_arg(listener, net);
  tcp_accept(listener, server_accept);
  sim_leave(node);
}

/* --- the client --- */

static void end(struct cycle *c)
{
  c->pcb = NULL;
  c->net->done++;
  sim_after(c->net->sim, SIM_MS, begin, c);
}

static err_t client_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct cycle *c = arg;
  (void)err;
  if (p != NULL) {
    c->received += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  if (p == NULL || (c->received == RESPONSE_LEN && !c->net->server_closes_first)) {
    c->net->failed += c->received != RESPONSE_LEN;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    c->net->refused += tcp_close(pcb) != ERR_OK;
    end(c);
  }
  return ERR_OK;
}

static void client_error(void *arg, err_t err)
{
  struct cycle *c = arg;
  (void)err;
  c->net->failed++;
  end(c);
}

static err_t client_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct cycle *c = arg;
  c->net->refused += tcp_write(pcb, bytes, REQUEST_LEN, TCP_WRITE_FLAG_COPY) != ERR_OK;
  return err;
}

/** sim_fn: the next cycle in this one's place. */
static void begin(struct sim *sim, void *arg)
{
  struct cycle *c = arg;
  struct net *net = c->net;
  ip_addr_t addr;
  (void)sim;
  if (net->begun == CYCLES) {
    return;
  }
  net->begun++;
  c->received = 0;
  sim_enter(net->host[net->client]);
  IP_ADDR4(&addr, 10, 0, 0, (u8_t)(2 - net->client));
  c->pcb = tcp_new();
  if (c->pcb == NULL) {
    net->refused++;
    end(c);
  } else {
    tcp_arg(c->pcb, c);
    tcp_recv(c->pcb, client_recv);
    tcp_err(c->pcb, client_error);
    net->refused += tcp_connect(c->pcb, &addr, PORT, client_connected) != ERR_OK;
  }
  sim_leave(net->host[net->client]);
}

/* --- the runs --- */

/** Nothing was asked for in vain, but records of connections that are over. `is_lossy`: nor what
    can be had by letting an old half-open connection or a closed one go. */
static void check_pools(struct net *net, unsigned side, bool is_lossy)
{
  sim_enter(net->host[side]);
  for (unsigned i = 0; i < MEMP_MAX; i++) {
    assert_true(is_lossy || i == MEMP_TCP_TW || lwip_stats.memp[i]->err == 0);
  }
  assert_int_equal(lwip_stats.mem.err, 0);
  assert_int_equal(lwip_stats.memp[MEMP_TCP_TW]->used, 0);
  assert_int_equal(memp_used_total(), net->used_before[side]);
  sim_leave(net->host[side]);
}

static u32_t records_made_room(struct net *net, unsigned side)
{
  sim_enter(net->host[side]);
  u32_t err = lwip_stats.memp[MEMP_TCP_TW]->err;
  sim_leave(net->host[side]);
  return err;
}

static void run(unsigned client, bool server_closes_first, u32_t loss_ppm)
{
  struct net net = {.client = client, .server_closes_first = server_closes_first};
  struct cycle cycle[CYCLES_AT_ONCE];
  net.sim = sim_new(20260701);
  struct sim_link *lan = sim_link_new(net.sim, "lan", SIM_P2P);
  for (unsigned i = 0; i < 2; i++) {
    net.host[i] = sim_node_new(net.sim, i == 0 ? "a" : "b");
    sim_attach(net.host[i], lan, i == 0 ? "10.0.0.1" : "10.0.0.2", "255.255.255.0", NULL);
  }
  struct sim_conditions c = {.rate_bps = 10000000, .delay_us = 500, .loss_ppm = loss_ppm};
  sim_link_set_conditions(lan, &c);
  server_listen(&net);
  for (unsigned i = 0; i < 2; i++) {
    sim_enter(net.host[i]);
    net.used_before[i] = memp_used_total();
    sim_leave(net.host[i]);
  }
  for (unsigned i = 0; i < CYCLES_AT_ONCE; i++) {
    cycle[i] = (struct cycle){.net = &net};
    sim_after(net.sim, 5 * SIM_SECOND, begin, &cycle[i]);
  }
  for (unsigned i = 0; i < 100000 && net.done < CYCLES; i++) {
    sim_run_for(net.sim, SIM_SECOND);
  }
  assert_int_equal(net.done, CYCLES);
  assert_true(net.failed <= (loss_ppm == 0 ? 0 : CYCLES / 100)); /* ends that met no record */
  assert_int_equal(net.refused, 0);
  assert_true(records_made_room(&net, server_closes_first ? 1 - client : client) > CYCLES / 2);
  sim_run_for(net.sim, 300 * SIM_SECOND);
  check_pools(&net, 0, loss_ppm > 0);
  check_pools(&net, 1, loss_ppm > 0);
  sim_free(net.sim);
}

static void test_all_state_is_within_32_kib(void **state)
{
  (void)state;
  assert_true(__stop_stack_state - __start_stack_state <= RAM);
}

static void test_10000_cycles_as_client(void **state)
{
  (void)state;
  run(0, false, 0);
}

static void test_10000_cycles_as_server_that_closes_first(void **state)
{
  (void)state;
  run(1, true, 0);
}

static void test_10000_cycles_with_loss(void **state)
{
  (void)state;
  run(0, false, 20000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_state_is_within_32_kib),
      cmocka_unit_test(test_10000_cycles_as_client),
      cmocka_unit_test(test_10000_cycles_as_server_that_closes_first),
      cmocka_unit_test(test_10000_cycles_with_loss),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
