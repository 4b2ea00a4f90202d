/**
 * @file
 * Many idle connections in one instance.
 */
#include <malloc.h>
#include <stdlib.h>
#include "lwip/tcp.h"
#include "gossamer/timer.h"
#include "sim/idle.h"

#define CLIENTS     10
#define SERVER_PORT 80

struct run {
  struct idle_result *result;
  struct sim_node *server;
  struct sim_node *client[CLIENTS];
  struct tcp_pcb **pcbs; /* of the clients; number i is of client[i % CLIENTS] */
};

static err_t on_server_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)err;
  if (p != NULL) {
    u16_t len = p->tot_len;
    tcp_recved(pcb, len);
    pbuf_free(p);
    (void)tcp_write(pcb, "!", 1, TCP_WRITE_FLAG_COPY);
  }
  return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct run *run = arg;
  if (err == ERR_OK) {
    run->result->accepted++;
    tcp_recv(pcb, on_server_recv);
  }
  return err;
}

static err_t on_client_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct run *run = arg;
  (void)err;
  if (p != NULL) {
    run->result->echoed += p->tot_len == 1;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct run *run = arg;
  (void)pcb;
  run->result->connected += err == ERR_OK;
  return ERR_OK;
}

static void on_error(void *arg, err_t err)
{
  struct run *run = arg;
  (void)err;
  run->result->failed++;
}

static void attach(struct sim *sim, struct run *run)
{
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  run->server = sim_node_new(sim, "server");
  sim_attach(run->server, lan, "10.0.0.1", "255.255.255.0", NULL);
  for (unsigned i = 0; i < CLIENTS; i++) {
    char name[16], ip[16];
    snprintf(name, sizeof name, "c%u", i);
    snprintf(ip, sizeof ip, "10.0.0.%u", 10 + i);
    run->client[i] = sim_node_new(sim, name);
    sim_attach(run->client[i], lan, ip, "255.255.255.0", NULL);
  }
}

static void listen_at_server(struct run *run)
{
  sim_enter(run->server);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL || tcp_bind(pcb, NULL, SERVER_PORT) != ERR_OK) {
    abort();
  }
  pcb = tcp_listen_with_backlog(pcb, 255);
  tcp_arg(pcb, run);
  tcp_accept(pcb, on_accept);
  sim_leave(run->server);
}

static void connect_one(struct run *run, u32_t i)
{
  ip_addr_t addr;
  sim_enter(run->client[i % CLIENTS]);
  struct tcp_pcb *pcb = tcp_new();
  ipaddr_aton("10.0.0.1", &addr);
  run->pcbs[i] = pcb;
  if (pcb == NULL) {
    run->result->failed++;
  } else {
    tcp_arg(pcb, run);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_client_recv);
    run->result->failed += tcp_connect(pcb, &addr, SERVER_PORT, on_connected) != ERR_OK;
  }
  sim_leave(run->client[i % CLIENTS]);
}

static void connect_all(struct sim *sim, struct run *run, u32_t count)
{
  for (u32_t i = 0; i < count; i++) {
    connect_one(run, i);
    if (i % 100 == 99) {
      sim_run_for(sim, 10 * SIM_MS);
    }
  }
  sim_run_for(sim, 60 * SIM_SECOND);
}

/** Those that were asked are spread over all. */
static void ask(struct sim *sim, struct run *run, u32_t count, u32_t probes)
{
  for (u32_t n = 0; n < probes && run->result->failed == 0; n++) {
    u32_t i = (u32_t)((u64_t)n * count / probes);
    sim_enter(run->client[i % CLIENTS]);
    (void)tcp_write(run->pcbs[i], "?", 1, TCP_WRITE_FLAG_COPY);
    (void)tcp_output(run->pcbs[i]);
    sim_leave(run->client[i % CLIENTS]);
  }
  sim_run_for(sim, 10 * SIM_SECOND);
}

void idle_run(u32_t count, u32_t probes, struct idle_result *r)
{
  struct run run = {.result = r};
  struct sim *sim = sim_new(1);
  *r = (struct idle_result){0};
  run.pcbs = calloc(count + 1, sizeof(struct tcp_pcb *));
  attach(sim, &run);
  listen_at_server(&run);
  size_t heap = mallinfo2().uordblks;
  connect_all(sim, &run, count);
  if (count > 0) {
    r->heap_bytes = (mallinfo2().uordblks - heap) / count / 2;
  }
  sim_run_for(sim, 600 * SIM_SECOND); /* neighbours have been asked for the last time */
  u64_t events = sim_event_count(sim);
  sim_run_for(sim, 60 * SIM_SECOND);
  r->events = sim_event_count(sim) - events;
  sim_enter(run.server);
  r->timers = timers_count();
  sim_leave(run.server);
  ask(sim, &run, count, probes);
  u32_t failed = r->failed;
  sim_free(sim);
  r->failed = failed; /* that connections end with their netif is right */
  free(run.pcbs);
}
