/**
 * @file
 * Random numbers: SipHash as a pseudo-random function of a counter, under a key from the port.
 *
 * State: the instance's master key, never changed after start; a counter, so that no output repeats
 * its input; the jitter generator, which shares nothing with them but its seed. Outputs are
 * unpredictable as long as SipHash under a secret key is (RFC 4086 6.2.1 has the scheme).
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "gossamer/stack.h"
#include "base/base_module.h"
#include "base/random.h"

/** First byte of what is hashed under the master key: numbers, keys and hashes never share an
    input. */
enum random_domain { RANDOM_DOMAIN_NUMBER, RANDOM_DOMAIN_KEY, RANDOM_DOMAIN_HASH };

#define RANDOM_PURPOSE_LEN_MAX 30

struct random_state {
  u8_t key[SIPHASH_KEY_LEN];
  u64_t counter;
  u32_t jitter;
};

STACK_STATE(struct random_state, randomness);

static u64_t random_u64(void)
{
  struct random_state *r = randomness();
  u8_t input[1 + sizeof r->counter] = {RANDOM_DOMAIN_NUMBER};
  memcpy(input + 1, &r->counter, sizeof r->counter);
  r->counter++;
  return siphash24(r->key, input, sizeof input);
}

u32_t random_u32(void)
{
  return (u32_t)random_u64();
}

u32_t random_below(u32_t n)
{
  if (n == 0) {
    return 0;
  }
  /* Scale 32 bits to n; the lowest `biased` remainders would be hit once too often: draw again. */
  u32_t biased = (u32_t)(0 - n) % n;
  u64_t scaled;
  do {
    scaled = (u64_t)random_u32() * n;
  } while ((u32_t)scaled < biased);
  return (u32_t)(scaled >> 32);
}

void random_bytes(void *buf, size_t len)
{
  u8_t *out = (u8_t *)buf;
  while (len > 0) {
    u64_t word = random_u64();
    size_t n = LWIP_MIN(len, sizeof word);
    memcpy(out, &word, n);
    out += n;
    len -= n;
  }
}

void random_key(u8_t key[SIPHASH_KEY_LEN], const char *purpose)
{
  u8_t input[2 + RANDOM_PURPOSE_LEN_MAX] = {RANDOM_DOMAIN_KEY};
  size_t len = strlen(purpose);
  LWIP_ASSERT("random_key: name too long to tell purposes apart", len <= RANDOM_PURPOSE_LEN_MAX);
  memcpy(input + 2, purpose, len);
  for (u8_t half = 0; half < 2; half++) {
    input[1] = half;
    u64_t word = siphash24(randomness()->key, input, 2 + len);
    memcpy(key + 8 * half, &word, sizeof word);
  }
}

u32_t random_hash(const char purpose[4], const u32_t *words, size_t n)
{
  u8_t input[4 + RANDOM_HASH_WORDS * sizeof *words] = {RANDOM_DOMAIN_HASH};
  LWIP_ASSERT("random_hash: too much to hash", n <= RANDOM_HASH_WORDS);
  memcpy(input + 1, purpose, 3);
  memcpy(input + 4, words, n * sizeof *words);
  return (u32_t)siphash24(randomness()->key, input, 4 + n * sizeof *words);
}

u32_t random_jitter(u32_t n)
{
  struct random_state *r = randomness();
  r->jitter = r->jitter * 1664525U + 1013904223U;
  return (u32_t)(((u64_t)r->jitter * n) >> 32);
}

static void random_init(void)
{
  struct random_state *r = randomness();
  stack_entropy(r->key, sizeof r->key);
  r->counter = 0;
  r->jitter = random_u32();
  if (!STACK_HAS_ENTROPY) {
    LWIP_PLATFORM_DIAG(("random: no LWIP_RAND(): ports, sequence numbers, keys are guessable\n"));
  }
}

const struct net_module random_module = {.name = "random", .init = random_init};
