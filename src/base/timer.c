/**
 * @file
 * The timers of an instance: a pairing heap whose nodes are the timers themselves.
 *
 * Setting is O(1), cancelling and expiry O(log n) amortised; nothing is allocated. `pprev` points
 * at whatever points at a timer, so that one routine takes it out of the heap or, once it has
 * expired and waits for its callback, out of the list of those due.
 *
 * Invariant: a parent is due no later than its children, by signed difference (the clock wraps).
 * The clock is stack_now() less `behind_ms`, the time spent paused.
 *
 * A thread that sleeps until the first timer is told when another thread makes that sooner: see
 * timers_watch(). While nobody watches, that costs a comparison per timer set.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "base/core.h"

struct timer_heap {
  struct timer *root;
  struct timer *due; /* expired in this timers_run(), callbacks still to come */
  u32_t count;
  u32_t behind_ms;
  u32_t paused_at_ms;
  bool is_paused;
};

STACK_STATE(struct timer_heap, timers);

/** The sleeper of timers_watch(); without threads there is none. */
struct timer_watch {
  void (*sooner)(void);  /* NULL: nobody watches */
  u32_t watched_ms;      /* what it counts on: no timer before this, */
  bool is_sleep_endless; /* or none at all */
};

STACK_STATE(struct timer_watch, watch);

static u32_t timer_clock_ms(const struct timer_heap *h)
{
  return (h->is_paused ? h->paused_at_ms : stack_now()) - h->behind_ms;
}

/** The heap of both heaps `a` and `b`; of two that are due together, `a`'s stays in front. */
static struct timer *timer_meld(struct timer *a, struct timer *b)
{
  if (a == NULL || b == NULL) {
    return a == NULL ? b : a;
  }
  if ((s32_t)(b->due_ms - a->due_ms) < 0) {
    struct timer *later = a;
    a = b;
    b = later;
  }
  b->next = a->child;
  if (b->next != NULL) {
    b->next->pprev = &b->next;
  }
  b->pprev = &a->child;
  a->child = b;
  return a;
}

/** One heap of a list of siblings: in pairs from the left, then all together from the right. */
static struct timer *timer_meld_siblings(struct timer *first)
{
  struct timer *pairs = NULL;
  while (first != NULL) {
    struct timer *a = first;
    struct timer *b = a->next;
    first = (b != NULL) ? b->next : NULL;
    a->next = NULL;
    if (b != NULL) {
      b->next = NULL;
    }
    a = timer_meld(a, b);
    a->next = pairs;
    pairs = a;
  }
  struct timer *heap = NULL;
  while (pairs != NULL) {
    struct timer *rest = pairs->next;
    pairs->next = NULL;
    heap = timer_meld(heap, pairs);
    pairs = rest;
  }
  return heap;
}

static void timer_set_root(struct timer_heap *h, struct timer *root)
{
  h->root = root;
  if (root != NULL) {
    root->next = NULL;
    root->pprev = &h->root;
  }
}

/** Take `t` out of whatever list or heap it is in; its children stay behind in the heap. */
static void timer_unlink(struct timer_heap *h, struct timer *t)
{
  struct timer *orphans = timer_meld_siblings(t->child);
  *t->pprev = t->next;
  if (t->next != NULL) {
    t->next->pprev = t->pprev;
  }
  t->child = NULL;
  t->next = NULL;
  t->pprev = NULL;
  timer_set_root(h, timer_meld(h->root, orphans));
}

bool timers_are_sooner(void)
{
  const struct timer_heap *h = timers();
  const struct timer_watch *w = watch();
  return h->root != NULL && !h->is_paused &&
         (w->is_sleep_endless || (s32_t)(h->root->due_ms - w->watched_ms) < 0);
}

static void timer_tell_watcher(void)
{
  if (!NO_SYS && watch()->sooner != NULL && timers_are_sooner()) {
    watch()->sooner();
  }
}

/** The clock has jumped: any timer may be sooner than a sleeper counts on. */
static void timers_jump(void)
{
  if (!NO_SYS) {
    watch()->is_sleep_endless = true;
    timer_tell_watcher();
  }
}

bool timers_are_watched(void)
{
  return watch()->sooner != NULL;
}

void timers_watch(void (*sooner)(void))
{
  const struct timer_heap *h = timers();
  struct timer_watch *w = watch();
  w->sooner = sooner;
  w->is_sleep_endless = h->root == NULL || h->is_paused;
  w->watched_ms = w->is_sleep_endless ? 0 : h->root->due_ms;
}

void timer_set(struct timer *t, timer_fn fn, u32_t delay_ms)
{
  struct timer_heap *h = timers();
  LWIP_ASSERT("timer_set: delay beyond TIMER_DELAY_MS_MAX", delay_ms <= TIMER_DELAY_MS_MAX);
  timer_cancel(t);
  t->fn = fn;
  t->due_ms = timer_clock_ms(h) + delay_ms;
  timer_set_root(h, timer_meld(h->root, t));
  h->count++;
  if (h->root == t) {
    timer_tell_watcher();
  }
}

void timer_set_sooner(struct timer *t, timer_fn fn, u32_t delay_ms)
{
  if (!timer_is_set(t) || timer_remaining_ms(t) > delay_ms) {
    timer_set(t, fn, delay_ms);
  }
}

void timer_cancel(struct timer *t)
{
  if (timer_is_set(t)) {
    struct timer_heap *h = timers();
    timer_unlink(h, t);
    h->count--;
  }
}

u32_t timer_remaining_ms(const struct timer *t)
{
  if (!timer_is_set(t)) {
    return TIMER_NEVER;
  }
  s32_t left_ms = (s32_t)(t->due_ms - timer_clock_ms(timers()));
  return left_ms > 0 ? (u32_t)left_ms : 0;
}

/** Move all that is due to the list of the due, so that what callbacks set now runs next time. */
static void timer_collect_due(struct timer_heap *h)
{
  u32_t now_ms = timer_clock_ms(h);
  struct timer **tail = &h->due;
  while (*tail != NULL) {
    tail = &(*tail)->next;
  }
  while (h->root != NULL && (s32_t)(h->root->due_ms - now_ms) <= 0) {
    struct timer *t = h->root;
    timer_unlink(h, t);
    t->pprev = tail;
    *tail = t;
    tail = &t->next;
  }
}

/** The first that is due and not cancelled since. */
static struct timer *timer_take_due(struct timer_heap *h)
{
  struct timer *t = h->due;
  h->due = t->next;
  if (h->due != NULL) {
    h->due->pprev = &h->due;
  }
  t->next = NULL;
  t->pprev = NULL;
  h->count--;
  return t;
}

bool timers_run(void)
{
  struct timer_heap *h = timers();
  if (h->is_paused) {
    return false;
  }
  timer_collect_due(h);
  bool is_any_due = h->due != NULL;
  while (h->due != NULL) {
    struct timer *t = timer_take_due(h);
    t->fn(t);
    if (!NO_SYS && h->due != NULL) {
      core_next_turn();
    }
  }
  return is_any_due;
}

u32_t timers_sleep_ms(void)
{
  const struct timer_heap *h = timers();
  if (h->is_paused) {
    return TIMER_NEVER;
  }
  if (h->due != NULL) {
    return 0;
  }
  return h->root == NULL ? TIMER_NEVER : timer_remaining_ms(h->root);
}

u32_t timers_count(void)
{
  return timers()->count;
}

void timers_pause(void)
{
  struct timer_heap *h = timers();
  if (!h->is_paused) {
    h->paused_at_ms = stack_now();
    h->is_paused = true;
  }
}

void timers_resume(void)
{
  struct timer_heap *h = timers();
  if (h->is_paused) {
    h->behind_ms += stack_now() - h->paused_at_ms;
    h->is_paused = false;
    timer_tell_watcher();
  }
}

void timers_rebase(void)
{
  struct timer_heap *h = timers();
  if (h->root != NULL && !h->is_paused) {
    h->behind_ms = stack_now() - h->root->due_ms;
    timers_jump();
  }
}
