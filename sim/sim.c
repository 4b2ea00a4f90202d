/**
 * @file
 * The simulation: its life, its event heap and its random streams.
 *
 * The heap is binary, ordered by time and then by when an event was scheduled; every event knows
 * its place, so that moving one costs O(log n).
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "sim/sim_priv.h"

/** A call that was asked for by sim_at(). */
struct sim_call {
  struct sim_event event;
  struct sim_call *next, **pprev;
  sim_fn fn;
  void *ctx;
};

void *sim_alloc(size_t len)
{
  void *mem = calloc(1, len);
  if (mem == NULL) {
    fprintf(stderr, "sim: out of memory\n");
    abort();
  }
  return mem;
}

void *sim_grow(void *array, size_t *room, size_t count, size_t element_size)
{
  if (count < *room) {
    return array;
  }
  *room = *room * 2 + 16;
  void *bigger = realloc(array, *room * element_size);
  if (bigger == NULL) {
    fprintf(stderr, "sim: out of memory\n");
    abort();
  }
  return bigger;
}

char *sim_copy_text(const char *text)
{
  size_t len = strlen(text) + 1;
  return memcpy(sim_alloc(len), text, len);
}

/* --- random numbers: SplitMix64, seeded by an FNV-1a hash of seed and name --- */

static u64_t mix(u64_t z)
{
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void sim_random_init(struct sim_random *r, const struct sim *sim, const char *format, ...)
{
  char name[256];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  u64_t hash = 0xcbf29ce484222325ULL;
  for (const char *c = name; *c != '\0'; c++) {
    hash = (hash ^ (u8_t)*c) * 0x100000001b3ULL;
  }
  r->state = mix(hash ^ mix(sim->seed));
}

u64_t sim_random_u64(struct sim_random *r)
{
  r->state += 0x9e3779b97f4a7c15ULL;
  return mix(r->state);
}

u64_t sim_random_below(struct sim_random *r, u64_t n)
{
  u64_t biased = (0 - n) % n; /* 2^64 mod n: so many low values are one too many */
  u64_t x;
  do {
    x = sim_random_u64(r);
  } while (x < biased);
  return x % n;
}

bool sim_random_hits(struct sim_random *r, u32_t ppm)
{
  return ppm > 0 && sim_random_below(r, 1000000) < ppm;
}

/* --- events --- */

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
  return a->at_us < b->at_us || (a->at_us == b->at_us && a->order < b->order);
}

static void heap_put(struct sim *sim, size_t i, struct sim_event *e)
{
  sim->heap[i] = e;
  e->index = i;
}

static void heap_rise(struct sim *sim, size_t i, struct sim_event *e)
{
  while (i > 1 && is_before(e, sim->heap[i / 2])) {
    heap_put(sim, i, sim->heap[i / 2]);
    i /= 2;
  }
  heap_put(sim, i, e);
}

static void heap_sink(struct sim *sim, size_t i, struct sim_event *e)
{
  for (size_t child = 2 * i; child <= sim->heap_count; child = 2 * i) {
    if (child < sim->heap_count && is_before(sim->heap[child + 1], sim->heap[child])) {
      child++;
    }
    if (!is_before(sim->heap[child], e)) {
      break;
    }
    heap_put(sim, i, sim->heap[child]);
    i = child;
  }
  heap_put(sim, i, e);
}

void sim_unschedule(struct sim *sim, struct sim_event *e)
{
  if (e->index == 0) {
    return;
  }
  size_t i = e->index;
  struct sim_event *last = sim->heap[sim->heap_count--];
  e->index = 0;
  if (last == e) {
    return;
  }
  if (i > 1 && is_before(last, sim->heap[i / 2])) {
    heap_rise(sim, i, last);
  } else {
    heap_sink(sim, i, last);
  }
}

void sim_schedule(struct sim *sim, struct sim_event *e, u64_t at_us)
{
  sim_unschedule(sim, e);
  e->at_us = LWIP_MAX(at_us, sim->now_us);
  e->order = sim->next_order++;
  sim->heap = sim_grow(sim->heap, &sim->heap_room, sim->heap_count + 1, sizeof *sim->heap);
  heap_rise(sim, ++sim->heap_count, e);
}

static void call_unlink(struct sim_call *call)
{
  *call->pprev = call->next;
  if (call->next != NULL) {
    call->next->pprev = call->pprev;
  }
}

static void call_happen(struct sim *sim, struct sim_event *e)
{
  struct sim_call *call = (struct sim_call *)(void *)e;
  sim_fn fn = call->fn;
  void *ctx = call->ctx;
  call_unlink(call);
  free(call);
  fn(sim, ctx);
}

void sim_at(struct sim *sim, u64_t at_us, sim_fn fn, void *ctx)
{
  struct sim_call *call = sim_alloc(sizeof *call);
  call->event.fn = call_happen;
  call->fn = fn;
  call->ctx = ctx;
  call->next = sim->calls;
  call->pprev = &sim->calls;
  if (call->next != NULL) {
    call->next->pprev = &call->next;
  }
  sim->calls = call;
  sim_schedule(sim, &call->event, at_us);
}

void sim_after(struct sim *sim, u64_t delay_us, sim_fn fn, void *ctx)
{
  sim_at(sim, sim->now_us + delay_us, fn, ctx);
}

bool sim_run_until_idle(struct sim *sim, u64_t until_us)
{
  while (sim->heap_count > 0 && sim->heap[1]->at_us <= until_us) {
    struct sim_event *e = sim->heap[1];
    sim_unschedule(sim, e);
    sim->now_us = e->at_us;
    sim->events_done++;
    e->fn(sim, e);
  }
  return sim->heap_count == 0;
}

void sim_run_until(struct sim *sim, u64_t until_us)
{
  sim_run_until_idle(sim, until_us);
  sim->now_us = LWIP_MAX(sim->now_us, until_us);
}

void sim_run_for(struct sim *sim, u64_t duration_us)
{
  sim_run_until(sim, sim->now_us + duration_us);
}

/* --- life --- */

struct sim *sim_new(u64_t seed)
{
  struct sim *sim = sim_alloc(sizeof *sim);
  sim->seed = seed;
  sim->nodes_end = &sim->nodes;
  return sim;
}

void sim_free(struct sim *sim)
{
  while (sim->nodes != NULL) {
    struct sim_node *node = sim->nodes;
    sim->nodes = node->next;
    sim_node_free(node);
  }
  sim_flights_free(sim);
  while (sim->links != NULL) {
    struct sim_link *link = sim->links;
    sim->links = link->next;
    sim_link_free(link);
  }
  while (sim->calls != NULL) {
    struct sim_call *call = sim->calls;
    call_unlink(call);
    free(call);
  }
  sim_captures_free(sim);
  free(sim->heap);
  free(sim);
}

u64_t sim_seed(const struct sim *sim)
{
  return sim->seed;
}

u64_t sim_now_us(const struct sim *sim)
{
  return sim->now_us;
}

u64_t sim_event_count(const struct sim *sim)
{
  return sim->events_done;
}
