/**
 * @file
 * 100,000 idle connections in one instance: what they wake up in a minute, and what memory and
 * processor time one takes. With `valgrind --tool=callgrind` the cost of looking one up shows as
 * that of tcp_active_find().
 *
 *     idle [CONNECTIONS]
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sim/sim.h"
#include "lwip/tcp.h"
#include "gossamer/timer.h"

#define CLIENTS 10

static u32_t accepted, connected, failed, received;
static struct tcp_pcb **pcbs;
static u32_t pcb_count;

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)err;
  if (p != NULL) {
    received++;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  if (err == ERR_OK) {
    accepted++;
    tcp_recv(pcb, on_recv);
  }
  return err;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  connected++;
  pcbs[pcb_count++] = pcb;
  return ERR_OK;
}

static void on_error(void *arg, err_t err)
{
  (void)arg;
  (void)err;
  failed++;
}

static void listen_at(struct sim_node *server)
{
  sim_enter(server);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL || tcp_bind(pcb, NULL, 80) != ERR_OK) {
    abort();
  }
  tcp_accept(tcp_listen_with_backlog(pcb, 255), on_accept);
  sim_leave(server);
}

static void connect_one(struct sim_node *client)
{
  ip_addr_t addr;
  sim_enter(client);
  struct tcp_pcb *pcb = tcp_new();
  ipaddr_aton("10.0.0.1", &addr);
  if (pcb == NULL) {
    failed++;
  } else {
    tcp_err(pcb, on_error);
    failed += tcp_connect(pcb, &addr, 80, on_connected) != ERR_OK;
  }
  sim_leave(client);
}

int main(int argc, char **argv)
{
  u32_t wanted = argc > 1 ? (u32_t)atoi(argv[1]) : 100000;
  struct sim *sim = sim_new(1);
  struct sim_link *lan = sim_link_new(sim, "lan", SIM_SWITCH);
  struct sim_node *server = sim_node_new(sim, "server");
  struct sim_node *client[CLIENTS];
  pcbs = calloc(wanted + 1, sizeof(struct tcp_pcb *));
  sim_attach(server, lan, "10.0.0.1", "255.255.255.0", NULL);
  for (unsigned i = 0; i < CLIENTS; i++) {
    char name[16], ip[16];
    snprintf(name, sizeof name, "c%u", i);
    snprintf(ip, sizeof ip, "10.0.0.%u", 10 + i);
    client[i] = sim_node_new(sim, name);
    sim_attach(client[i], lan, ip, "255.255.255.0", NULL);
  }
  listen_at(server);
  size_t heap = mallinfo2().uordblks;
  clock_t begin = clock();
  for (u32_t i = 0; i < wanted; i++) {
    connect_one(client[i % CLIENTS]);
    if (i % 100 == 99) {
      sim_run_for(sim, 10 * SIM_MS);
    }
  }
  sim_run_for(sim, 60 * SIM_SECOND);
  printf("%u connections, %u accepted, %u failed, %.1f s, %zu bytes of heap each (both ends)\n",
         connected, accepted, failed, (double)(clock() - begin) / CLOCKS_PER_SEC,
         (mallinfo2().uordblks - heap) / (wanted + (wanted == 0)));
  sim_run_for(sim, 600 * SIM_SECOND); /* neighbours have been asked for the last time */
  u64_t events = sim_event_count(sim);
  sim_run_for(sim, 60 * SIM_SECOND);
  sim_enter(server);
  printf("events in an idle minute: %llu; timers of the server: %u\n",
         (unsigned long long)(sim_event_count(sim) - events), timers_count());
  sim_leave(server);
  return connected == wanted && sim_event_count(sim) == events ? 0 : 1;
}
