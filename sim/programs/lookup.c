/**
 * @file
 * What it costs to look up one of many connections. Run by bench/lookup/run.py, which counts the
 * instructions of measured(); alone it prints the longest time that a connection took to be added,
 * which is when the hash grew.
 *
 *     lookup CONNECTIONS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "sim/sim.h"
#include "transport/tcp/tcp_priv.h"

#define LOOKUPS 1000

static struct tcp_pcb **pcbs;

/** Every connection has a peer and a port of its own: both vary. */
static struct tcp_pcb *add(u32_t i)
{
  struct tcp_pcb *pcb = tcp_pcb_alloc(TCP_PRIO_NORMAL);
  if (pcb == NULL) {
    abort();
  }
  IP_ADDR4(&pcb->local_ip, 10, 0, 0, 1);
  IP_ADDR4(&pcb->remote_ip, 10, 1, (u8_t)(i >> 8), (u8_t)i);
  pcb->local_port = 80;
  pcb->remote_port = (u16_t)(1024 + i / 7);
  pcb->state = ESTABLISHED;
  tcp_active_add(pcb);
  return pcb;
}

static bool is_found(const struct tcp_pcb *k)
{
  return tcp_active_find(&k->local_ip, k->local_port, &k->remote_ip, k->remote_port, NULL) == k;
}

static double now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/** Look all of `keys` up. @return how many were found */
__attribute__((noinline)) u32_t measured(struct tcp_pcb *const *keys, u32_t count);
u32_t measured(struct tcp_pcb *const *keys, u32_t count)
{
  u32_t found = 0;
  for (u32_t i = 0; i < count; i++) {
    found += is_found(keys[i]);
  }
  return found;
}

int main(int argc, char **argv)
{
  u32_t count = argc > 1 ? (u32_t)atoi(argv[1]) : 100000;
  static struct tcp_pcb *keys[LOOKUPS];
  struct sim *sim = sim_new(1);
  struct sim_node *node = sim_node_new(sim, "server");
  double longest_ms = 0;
  pcbs = calloc(count, sizeof(struct tcp_pcb *));
  sim_enter(node);
  for (u32_t i = 0; i < count; i++) {
    double begin_ms = now_ms();
    pcbs[i] = add(i);
    longest_ms = LWIP_MAX(longest_ms, now_ms() - begin_ms);
    if (!is_found(pcbs[i]) || !is_found(pcbs[(u64_t)i * i % (i + 1)])) {
      printf("of %u connections one is not found\n", i + 1);
      return 1;
    }
  }
  for (u32_t i = 0; i < LOOKUPS; i++) {
    keys[i] = pcbs[(u64_t)i * 7919 % count];
  }
  u32_t found = measured(keys, LOOKUPS);
  printf("%u connections, %u of %u found, longest time to add one: %.2f ms of the processor\n",
         count, found, LOOKUPS, longest_ms);
  sim_leave(node);
  sim_free(sim);
  free(pcbs);
  return found == LOOKUPS ? 0 : 1;
}
