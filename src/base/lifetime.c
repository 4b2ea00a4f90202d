/**
 * @file
 * Lifetimes in seconds on a clock of milliseconds that wraps.
 *
 * Invariant: since_ms moves by whole seconds only, so that nothing is lost however often a lifetime
 * is brought up to date.
 */
#include "gossamer/lifetime.h"
#include "gossamer/stack.h"

void lifetime_start_at(struct lifetime *l, u32_t seconds, u32_t since_ms)
{
  l->left_s = seconds;
  l->since_ms = since_ms;
}

void lifetime_start(struct lifetime *l, u32_t seconds)
{
  lifetime_start_at(l, seconds, stack_now());
}

u32_t lifetime_left_s(const struct lifetime *l)
{
  if (lifetime_is_infinite(l)) {
    return LIFETIME_INFINITE;
  }
  u32_t passed_s = (stack_now() - l->since_ms) / 1000;
  return (passed_s >= l->left_s) ? 0 : l->left_s - passed_s;
}

u32_t lifetime_wait_ms(struct lifetime *l)
{
  if (lifetime_is_infinite(l)) {
    return TIMER_NEVER;
  }
  u32_t now_ms = stack_now();
  u32_t into_second_ms = (now_ms - l->since_ms) % 1000;
  l->left_s = lifetime_left_s(l);
  l->since_ms = now_ms - into_second_ms;
  if (l->left_s == 0) {
    return 0;
  }
  if (l->left_s > TIMER_DELAY_MS_MAX / 1000) {
    return TIMER_DELAY_MS_MAX;
  }
  return l->left_s * 1000 - into_second_ms;
}

void lifetime_timer_set(struct timer *t, timer_fn fn, u32_t wait_ms)
{
  if (wait_ms == TIMER_NEVER) {
    timer_cancel(t);
  } else {
    timer_set(t, fn, wait_ms);
  }
}
