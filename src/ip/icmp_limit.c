/**
 * @file
 * ICMP rate limits that leak nothing (RFC 1812 4.3.2.8, RFC 4443 2.4 (f)).
 *
 * A limit that is shared by all destinations is a side channel: a spoofer makes us send errors to
 * his victim's peer, and learns from what is left for himself whether a UDP port is open (SAD DNS,
 * CVE-2020-25705). Hence
 *  - the destination's own budget is asked first, so that spoofing one address takes next to
 *    nothing from the budget of all;
 *  - each message costs a random number of tokens between one and two, so that what is left does
 *    not tell how many were sent;
 *  - destinations share budgets by a keyed hash, and the key changes every few seconds, so that
 *    nobody finds out, and keeps, an address that shares with another.
 *
 * State: the key, one time per hash slot, two buckets. No timer runs.
 */
#include <string.h>
#include "lwip/opt.h"
#include "gossamer/stack.h"
#include "gossamer/state.h"
#include "base/random.h"
#include "ip/icmp_limit.h"

/** Slots of the hash over destinations, four bytes each. */
#define LIMIT_SLOTS (LWIP_MULTI_INSTANCE ? 256 : 16)

/** One destination: an error per this many milliseconds (times one to two) ... */
#define LIMIT_DST_INTERVAL_MS 100

/** ... after a burst of about this many: traceroute sends 16 probes at once and needs 3. */
#define LIMIT_DST_BURST 8

/** How long a key is used. Long enough for every slot to have recovered. */
#define LIMIT_KEY_MS 10000

/** Tokens are counted in thousandths. */
#define LIMIT_TOKEN 1000

struct limit_bucket {
  u32_t tokens;
  u32_t filled_at_ms;
  bool is_started;
};

struct limit_state {
  struct limit_bucket errors;
  struct limit_bucket echoes;
  u8_t key[SIPHASH_KEY_LEN];
  u32_t keyed_at_ms;
  /* When a slot will have its whole burst again; in the past: it has. */
  u32_t full_at_ms[LIMIT_SLOTS];
  bool is_keyed;
};

STACK_STATE(struct limit_state, limits);

/** Price of one message: a token, and up to one more. */
static u32_t limit_cost(void)
{
  return LIMIT_TOKEN + random_below(LIMIT_TOKEN);
}

/** Take one message's price from a budget of LWIP_ICMP_RATE_LIMIT tokens per second. */
static bool limit_take(struct limit_bucket *b)
{
  u32_t now_ms = stack_now();
  u32_t burst = LWIP_ICMP_RATE_LIMIT * LIMIT_TOKEN; /* what a second brings */
  u32_t passed_ms = now_ms - b->filled_at_ms;
  if (!b->is_started || passed_ms >= 1000) {
    b->tokens = burst;
    b->is_started = true;
  } else {
    /* A token per second is a thousandth of one per millisecond. */
    b->tokens = LWIP_MIN(burst, b->tokens + passed_ms * LWIP_ICMP_RATE_LIMIT);
  }
  b->filled_at_ms = now_ms;
  if (b->tokens < LIMIT_TOKEN) {
    return false;
  }
  u32_t cost = limit_cost();
  b->tokens -= LWIP_MIN(cost, b->tokens);
  return true;
}

/** A new key, under which every slot has its whole burst. */
static void limit_rekey(struct limit_state *s, u32_t now_ms)
{
  random_bytes(s->key, sizeof s->key);
  s->keyed_at_ms = now_ms;
  s->is_keyed = true;
  for (unsigned i = 0; i < LIMIT_SLOTS; i++) {
    s->full_at_ms[i] = now_ms;
  }
}

/** Zeroed first: unions and padding must not make one address look like two. */
static u32_t limit_slot(const struct limit_state *s, const ip_addr_t *dst)
{
  u32_t words[4] = {0};
  if (IP_IS_V6(dst)) {
    memcpy(words, ip_2_ip6(dst), sizeof words);
  } else {
    memcpy(words, ip_2_ip4(dst), sizeof words[0]);
  }
  return siphash_u32(s->key, words, LWIP_ARRAYSIZE(words)) % LIMIT_SLOTS;
}

/** One destination's budget. */
static bool limit_take_dst(struct limit_state *s, const ip_addr_t *dst)
{
  u32_t now_ms = stack_now();
  if (!s->is_keyed || now_ms - s->keyed_at_ms >= LIMIT_KEY_MS) {
    limit_rekey(s, now_ms);
  }
  u32_t *full_at_ms = &s->full_at_ms[limit_slot(s, dst)];
  s32_t debt_ms = (s32_t)(*full_at_ms - now_ms);
  if (debt_ms < 0) {
    debt_ms = 0;
  }
  if (debt_ms > (s32_t)(LIMIT_DST_BURST * LIMIT_DST_INTERVAL_MS)) {
    return false;
  }
  *full_at_ms = now_ms + (u32_t)debt_ms + limit_cost() * LIMIT_DST_INTERVAL_MS / LIMIT_TOKEN;
  return true;
}

bool icmp_limit_allows_error(const ip_addr_t *dst)
{
  if (LWIP_ICMP_RATE_LIMIT == 0) {
    return true;
  }
  return limit_take_dst(limits(), dst) && limit_take(&limits()->errors);
}

bool icmp_limit_allows_echo(void)
{
  return LWIP_ICMP_RATE_LIMIT == 0 || limit_take(&limits()->echoes);
}

static void icmp_limit_init(void)
{
  memset(limits(), 0, sizeof *limits());
}

const struct net_module icmp_module = {.name = "icmp", .init = icmp_limit_init};
