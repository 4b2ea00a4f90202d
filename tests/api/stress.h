/**
 * @file
 * Stress: many threads that do random things by a seed, and one that watches over them.
 *
 * In the suite a program does a number of steps, the same for every machine. By hand it runs for a
 * time: `api-test_stress_sockets SECONDS [SEED [THREADS]]`. The seed decides what each thread tries
 * in which order; how the threads mix is the machine's.
 *
 * No call may last: whoever watches ends what could wait for ever (stress.reap), again and again. A
 * thread that does not come back all the same is a deadlock: the watcher prints what each thread
 * does since when, and aborts, so that a debugger or the core file shows where.
 */
#ifndef TESTS_API_STRESS_H
#define TESTS_API_STRESS_H

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "api.h"
#include "lwip/ip_addr.h"

/** How long one call may last at most, on a machine however slow. */
#define STRESS_PATIENCE_MS 240000

#define STRESS_THREADS_MAX 64

/** cmocka's assertions are for the main thread. */
#define stress_check(condition)                                                                    \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                      \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

struct stress_thread {
  const struct stress *stress;
  pthread_t id;
  unsigned index;
  u64_t random;
  unsigned long steps;        /* to do; 0: until the time is over */
  _Atomic(const char *) what; /* what it does, */
  atomic_int which;           /* to which object, */
  atomic_uint since_ms;       /* since when */
  atomic_ulong steps_done;
  atomic_bool is_done;
};

struct stress {
  /* Set by the test */
  unsigned threads;
  unsigned long steps; /* of each thread, if no time is given */
  void (*step)(struct stress_thread *t);
  void (*reap)(struct stress_thread *watcher); /* end something that may wait; the watcher, often */

  unsigned seconds; /* 0: by steps */
  u32_t seed;
  atomic_bool is_over;
  struct stress_thread thread[STRESS_THREADS_MAX];
  struct stress_thread watcher;
};

/** What the command line says. */
static unsigned stress_seconds;
static u32_t stress_seed = 1;
static unsigned stress_threads;

static inline void stress_arguments(int argc, char **argv)
{
  stress_seconds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
  stress_seed = argc > 2 ? (u32_t)strtoul(argv[2], NULL, 10) : 1;
  stress_threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
  if (stress_threads > STRESS_THREADS_MAX) {
    stress_threads = STRESS_THREADS_MAX;
  }
}

static inline u32_t stress_clock_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (u32_t)((u64_t)now.tv_sec * 1000 + (u64_t)now.tv_nsec / 1000000);
}

/** Below `n`. */
static inline u32_t stress_random(struct stress_thread *t, u32_t n)
{
  t->random = t->random * 6364136223846793005U + 1442695040888963407U;
  return (u32_t)(((t->random >> 32) * n) >> 32);
}

static inline bool stress_one_in(struct stress_thread *t, u32_t n)
{
  return stress_random(t, n) == 0;
}

/** Something that a thread may do, and how often compared with the rest. */
struct stress_act {
  void (*act)(struct stress_thread *t);
  u32_t weight;
};

static inline void stress_act(struct stress_thread *t, const struct stress_act *acts, size_t count)
{
  u32_t all = 0;
  for (size_t i = 0; i < count; i++) {
    all += acts[i].weight;
  }
  u32_t at = stress_random(t, all);
  size_t i = 0;
  for (; at >= acts[i].weight; i++) {
    at -= acts[i].weight;
  }
  acts[i].act(t);
}

/** Loopback, either end of the wire (wire.h), or nobody. */
static inline void stress_address(struct stress_thread *t, ip_addr_t *addr)
{
  static const u32_t hosts[] = {PP_HTONL(0x7f000001UL), PP_HTONL(0x0a000001UL),
                                PP_HTONL(0x0a000002UL), PP_HTONL(0x0a000009UL)};
#if LWIP_IPV6
  if (stress_one_in(t, 3)) {
    static const char *const hosts6[] = {"::1", "fd00::1", "fd00::2"};
    ipaddr_aton(hosts6[stress_random(t, LWIP_ARRAYSIZE(hosts6))], addr);
    return;
  }
#endif
  ip_addr_set_ip4_u32(addr, hosts[stress_random(t, LWIP_ARRAYSIZE(hosts))]);
}

/** For the watcher: what comes now. */
static inline void stress_does(struct stress_thread *t, const char *what, int which)
{
  atomic_store(&t->since_ms, stress_clock_ms());
  atomic_store(&t->which, which);
  atomic_store(&t->what, what);
}

static inline void stress_thread_prepare(struct stress_thread *t, const struct stress *s,
                                         unsigned i)
{
  t->stress = s;
  t->index = i;
  t->random = (u64_t)s->seed << 8 | i;
  t->steps = s->seconds != 0 ? 0 : s->steps;
  stress_random(t, 1);
  stress_does(t, "begins", -1);
}

static inline void *stress_run(void *arg)
{
  struct stress_thread *t = (struct stress_thread *)arg;
  for (unsigned long i = 0; !atomic_load(&t->stress->is_over) && (t->steps == 0 || i < t->steps);
       i++) {
    t->stress->step(t);
    atomic_fetch_add(&t->steps_done, 1);
  }
  stress_does(t, "has ended", -1);
  atomic_store(&t->is_done, true);
  return NULL;
}

static inline void stress_print(const struct stress *s)
{
  u32_t now = stress_clock_ms();
  for (unsigned i = 0; i <= s->threads; i++) {
    const struct stress_thread *t = i < s->threads ? &s->thread[i] : &s->watcher;
    fprintf(stderr, "%s %2u: %-12s %4d since %6u ms, %lu steps before\n",
            i < s->threads ? "thread " : "watcher", t->index, atomic_load(&t->what),
            atomic_load(&t->which), (unsigned)(now - atomic_load(&t->since_ms)),
            atomic_load(&t->steps_done));
  }
}

/** Also of the watcher itself: a thread of its own looks after that. */
static inline void stress_look(const struct stress *s)
{
  u32_t now = stress_clock_ms();
  for (unsigned i = 0; i <= s->threads; i++) {
    const struct stress_thread *t = i < s->threads ? &s->thread[i] : &s->watcher;
    u32_t since = atomic_load(&t->since_ms);
    if (!atomic_load(&t->is_done) && (s32_t)(now - since) > STRESS_PATIENCE_MS) {
      fprintf(stderr, "seed %" PRIu32 ": a thread does not come back\n", s->seed);
      stress_print(s);
      abort();
    }
  }
}

static inline void stress_pause_ms(long ms)
{
  struct timespec t = {.tv_nsec = ms * 1000000L};
  nanosleep(&t, NULL);
}

static inline bool stress_all_done(const struct stress *s)
{
  for (unsigned i = 0; i < s->threads; i++) {
    if (!atomic_load(&s->thread[i].is_done)) {
      return false;
    }
  }
  return true;
}

/** The watcher: ends what waits until all threads have ended. */
static inline void *stress_watch(void *arg)
{
  struct stress *s = (struct stress *)arg;
  while (!stress_all_done(s)) {
    s->reap(&s->watcher);
    stress_does(&s->watcher, "watches", -1);
    stress_pause_ms(2);
  }
  atomic_store(&s->watcher.is_done, true);
  return NULL;
}

/** Do it all. @return steps */
static inline unsigned long stress_go(struct stress *s)
{
  pthread_t watcher;
  u32_t start_ms = stress_clock_ms();
  s->seconds = stress_seconds;
  s->seed = stress_seed;
  s->threads = stress_threads != 0 ? stress_threads : s->threads;
  stress_thread_prepare(&s->watcher, s, s->threads);
  for (unsigned i = 0; i < s->threads; i++) {
    stress_thread_prepare(&s->thread[i], s, i);
  }
  for (unsigned i = 0; i < s->threads; i++) {
    stress_check(pthread_create(&s->thread[i].id, NULL, stress_run, &s->thread[i]) == 0);
  }
  stress_check(pthread_create(&watcher, NULL, stress_watch, s) == 0);
  while (!atomic_load(&s->watcher.is_done)) {
    stress_pause_ms(20);
    stress_look(s);
    if (s->seconds != 0 && stress_clock_ms() - start_ms > s->seconds * 1000) {
      atomic_store(&s->is_over, true);
    }
  }
  pthread_join(watcher, NULL);
  unsigned long steps = 0;
  for (unsigned i = 0; i < s->threads; i++) {
    pthread_join(s->thread[i].id, NULL);
    steps += atomic_load(&s->thread[i].steps_done);
  }
  printf("# seed %" PRIu32 ", %u threads: %lu steps in %u ms\n", s->seed, s->threads, steps,
         (unsigned)(stress_clock_ms() - start_ms));
  return steps;
}

#endif /* TESTS_API_STRESS_H */
