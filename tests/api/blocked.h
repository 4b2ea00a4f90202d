/**
 * @file
 * Threads that block in a call: how a test sees that they do, ends them, and how long that takes.
 */
#ifndef TESTS_API_BLOCKED_H
#define TESTS_API_BLOCKED_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include "api.h"
#include "lwip/netif.h"
#include "lwip/sockets.h"
#include "api/sock.h"

/** What it may take until a thread comes back; what it does take is printed. */
#define BLOCKED_PATIENCE_MS 20000

struct blocked {
  int s;                  /* a socket, */
  struct netconn *conn;   /* or a netconn */
  struct stack *instance; /* of the test */
  int (*call)(struct blocked *b);
  int result;
  int error; /* errno */
  u32_t back_at_ms;
  u32_t took_ms;
  atomic_bool is_back;
  pthread_t id;
};

static inline u32_t blocked_clock_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (u32_t)((u64_t)now.tv_sec * 1000 + (u64_t)now.tv_nsec / 1000000);
}

/** The longest that any thread took in this program. */
static u32_t blocked_worst_ms;

static inline void *blocked_run(void *arg)
{
  struct blocked *b = (struct blocked *)arg;
  stack_enter(b->instance);
  errno = 0;
  b->result = b->call(b);
  b->error = errno;
  b->back_at_ms = blocked_clock_ms();
  atomic_store(&b->is_back, true);
  return NULL;
}

/** Threads that wait for events of a connection. */
static inline unsigned blocked_count_conn(struct netconn *conn)
{
  unsigned count = 0;
  struct core_hold hold = core_enter(conn);
  for (const struct api_wait *w = conn->waits; w != NULL; w = w->next) {
    count++;
  }
  core_leave(hold);
  return count;
}

/** ... of a socket; 0 if it is none. */
static inline unsigned blocked_count(int s)
{
  struct sock_call call;
  unsigned count = 0;
  if (sock_enter(s, &call)) {
    count = blocked_count_conn(call.conn);
    sock_leave(&call, 0);
  }
  return count;
}

static inline unsigned blocked_count_of(const struct blocked *b)
{
  return b->conn != NULL ? blocked_count_conn(b->conn) : blocked_count(b->s);
}

static inline void blocked_pause(void)
{
  const struct timespec t = {.tv_nsec = 200000};
  nanosleep(&t, NULL);
}

/** Start `b->call` in a thread of its own and wait until that sleeps in it. */
static inline void blocked_start(struct blocked *b)
{
  unsigned before = blocked_count_of(b);
  u32_t start_ms = blocked_clock_ms();
  b->instance = stack_current();
  atomic_store(&b->is_back, false);
  assert_int_equal(pthread_create(&b->id, NULL, blocked_run, b), 0);
  while (blocked_count_of(b) == before) {
    assert_false(atomic_load(&b->is_back));
    assert_true(blocked_clock_ms() - start_ms < API_PATIENCE_MS);
    blocked_pause();
  }
}

/** It was just told to come back (at `start_ms`): wait until it does. */
static inline void blocked_end(struct blocked *b, u32_t start_ms)
{
  while (!atomic_load(&b->is_back)) {
    assert_true(blocked_clock_ms() - start_ms < BLOCKED_PATIENCE_MS);
    blocked_pause();
  }
  b->took_ms = b->back_at_ms - start_ms;
  blocked_worst_ms = LWIP_MAX(blocked_worst_ms, b->took_ms);
  pthread_join(b->id, NULL);
}

static inline int blocked_print_worst(void **state)
{
  LWIP_UNUSED_ARG(state);
  printf("# the slowest thread came back after %u ms\n", (unsigned)blocked_worst_ms);
  return 0;
}

/* A netif that swallows what it is given, or has no room for it. */

static inline err_t blocked_swallow(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  return netif->state != NULL ? ERR_MEM : ERR_OK;
}

static inline err_t blocked_netif_init(struct netif *netif)
{
  netif->output = blocked_swallow;
  netif->mtu = 1500;
  netif->flags |= NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

/** 10.0.0.1; nobody answers. */
static inline void blocked_netif_up(struct netif *netif, bool is_full)
{
  const ip4_addr_t ours = {PP_HTONL(0x0a000001UL)};
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  LOCK_TCPIP_CORE();
  assert_non_null(netif_add(netif, &ours, &mask, NULL, is_full ? netif : NULL, blocked_netif_init,
                            netif_input));
  netif_set_up(netif);
  UNLOCK_TCPIP_CORE();
}

static inline void blocked_netif_down(struct netif *netif)
{
  LOCK_TCPIP_CORE();
  netif_remove(netif);
  UNLOCK_TCPIP_CORE();
}

#endif /* TESTS_API_BLOCKED_H */
