/**
 * @file
 * What the simulator's tests share: the seed, assertions that print it, UDP endpoints that count.
 *
 * SIM_SEED=<number> in the environment overrides the tests' seed.
 */
#ifndef SIM_TEST_H
#define SIM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/udp.h"
#include "gossamer/drop.h"
#include "sim/sim.h"

#define SEED_DEFAULT 20260701ULL

static inline u64_t test_seed(void)
{
  const char *text = getenv("SIM_SEED");
  return text != NULL ? strtoull(text, NULL, 0) : SEED_DEFAULT;
}

/** As assert_true(), telling how to see the failure again. */
#define sim_assert(sim, condition)                                                                 \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("# at %llu us: not true: %s; run again with SIM_SEED=%llu\n",                         \
             (unsigned long long)sim_now_us(sim), #condition, (unsigned long long)sim_seed(sim));  \
      fflush(stdout);                                                                              \
      _fail(__FILE__, __LINE__);                                                                   \
    }                                                                                              \
  } while (0)

/** `x` within `percent` percent of `want`. */
static inline bool is_about(double x, double want, double percent)
{
  return x >= want * (1 - percent / 100) && x <= want * (1 + percent / 100);
}

#define PAYLOAD_LEN_MAX 60000

/** A UDP pcb of one node; datagrams begin with a sequence number, the rest follows from it. */
struct endpoint {
  struct sim_node *node;
  struct udp_pcb *pcb;
  bool does_echo;
  u32_t next_sequence; /* to send */
  u32_t send_errors;
  u32_t received;
  u32_t wrong; /* content is not what was sent */
  u32_t last;  /* sequence number of the latest */
  u32_t out_of_order;
  u64_t last_us; /* when it came */
};

static inline u8_t payload_byte(u32_t sequence, size_t i)
{
  return (u8_t)((sequence + i) * 2654435761U >> 24);
}

static inline void endpoint_check(struct endpoint *e, const u8_t *data, size_t len)
{
  u32_t sequence;
  memcpy(&sequence, data, 4);
  for (size_t i = 4; i < len; i++) {
    if (data[i] != payload_byte(sequence, i)) {
      e->wrong++;
      return;
    }
  }
  e->out_of_order += e->received > 0 && sequence < e->last;
  e->last = sequence;
}

static inline void endpoint_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                                 const ip_addr_t *addr, u16_t port)
{
  static u8_t data[PAYLOAD_LEN_MAX];
  struct endpoint *e = arg;
  u16_t len = pbuf_copy_partial(p, data, sizeof data, 0);
  endpoint_check(e, data, len);
  e->received++;
  e->last_us = sim_now_us(sim_node_sim(e->node));
  if (e->does_echo) {
    udp_sendto(pcb, p, addr, port);
  }
  pbuf_free(p);
}

static inline void endpoint_open(struct endpoint *e, struct sim_node *node, u16_t port)
{
  memset(e, 0, sizeof *e);
  e->node = node;
  sim_enter(node);
  e->pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
  assert_non_null(e->pcb);
  assert_int_equal(udp_bind(e->pcb, IP_ANY_TYPE, port), ERR_OK);
  udp_recv(e->pcb, endpoint_recv, e);
  sim_leave(node);
}

/** Send one datagram; its first 4 bytes are the sequence number. */
static inline void endpoint_send(struct endpoint *e, const char *to, u16_t port, u16_t len)
{
  ip_addr_t dst;
  u8_t *data;
  assert_true(ipaddr_aton(to, &dst));
  sim_enter(e->node);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
  assert_non_null(p);
  data = p->payload;
  memcpy(data, &e->next_sequence, 4);
  for (size_t i = 4; i < len; i++) {
    data[i] = payload_byte(e->next_sequence, i);
  }
  e->next_sequence++;
  e->send_errors += udp_sendto(e->pcb, p, &dst, port) != ERR_OK;
  pbuf_free(p);
  sim_leave(e->node);
}

#endif /* SIM_TEST_H */
