/**
 * @file
 * Rate limits that leak nothing (RFC 1812 4.3.2.8, RFC 4443 2.4 (f)). No state of its own.
 */
#include <string.h>
#include "lwip/opt.h"
#include "gossamer/stack.h"
#include "base/random.h"
#include "base/rate_limit.h"

/** How long a key is used. Long enough for every slot to have recovered. */
#define KEY_MS 10000

/** Tokens are counted in thousandths. */
#define TOKEN 1000

/** Price of one answer: a token, and up to one more. */
static u32_t cost(void)
{
  return TOKEN + random_below(TOKEN);
}

bool rate_bucket_take(struct rate_bucket *b, u32_t per_second)
{
  u32_t now_ms = stack_now();
  u32_t burst = per_second * TOKEN; /* what a second brings */
  u32_t passed_ms = now_ms - b->filled_at_ms;
  if (!b->is_started || passed_ms >= 1000) {
    b->tokens = burst;
    b->is_started = true;
  } else {
    /* A token per second is a thousandth of one per millisecond. */
    b->tokens = LWIP_MIN(burst, b->tokens + passed_ms * per_second);
  }
  b->filled_at_ms = now_ms;
  if (b->tokens < TOKEN) {
    return false;
  }
  u32_t price = cost();
  b->tokens -= LWIP_MIN(price, b->tokens);
  return true;
}

/** A new key, under which every slot has its whole burst. */
static void rekey(struct rate_by_dst *s, u32_t now_ms)
{
  random_bytes(s->key, sizeof s->key);
  s->keyed_at_ms = now_ms;
  s->is_keyed = true;
  for (unsigned i = 0; i < RATE_LIMIT_SLOTS; i++) {
    s->full_at_ms[i] = now_ms;
  }
}

/** Zeroed first: unions and padding must not make one address look like two. */
static u32_t slot_of(const struct rate_by_dst *s, const ip_addr_t *dst)
{
  u32_t words[4] = {0};
  if (IP_IS_V6(dst)) {
    memcpy(words, ip_2_ip6(dst), sizeof words);
  } else {
    memcpy(words, ip_2_ip4(dst), sizeof words[0]);
  }
  return siphash_u32(s->key, words, LWIP_ARRAYSIZE(words)) % RATE_LIMIT_SLOTS;
}

bool rate_by_dst_take(struct rate_by_dst *s, const ip_addr_t *dst, u32_t interval_ms, u32_t burst)
{
  u32_t now_ms = stack_now();
  if (!s->is_keyed || now_ms - s->keyed_at_ms >= KEY_MS) {
    rekey(s, now_ms);
  }
  u32_t *full_at_ms = &s->full_at_ms[slot_of(s, dst)];
  s32_t debt_ms = (s32_t)(*full_at_ms - now_ms);
  if (debt_ms < 0) {
    debt_ms = 0;
  }
  if (debt_ms > (s32_t)(burst * interval_ms)) {
    return false;
  }
  *full_at_ms = now_ms + (u32_t)debt_ms + cost() * interval_ms / TOKEN;
  return true;
}
