/**
 * @file
 * SipHash-2-4 as its authors specify it: two rounds per 8-byte word, four to finish.
 */
#include <string.h>
#include "base/siphash.h"

struct siphash {
  u64_t v0, v1, v2, v3;
};

static u64_t rotl64(u64_t x, unsigned bits)
{
  return (x << bits) | (x >> (64 - bits));
}

/** Written so that compilers make one load of it where the machine has such. */
static u64_t load_le64(const u8_t *p)
{
  u32_t low = p[0] | (u32_t)p[1] << 8 | (u32_t)p[2] << 16 | (u32_t)p[3] << 24;
  u32_t high = p[4] | (u32_t)p[5] << 8 | (u32_t)p[6] << 16 | (u32_t)p[7] << 24;
  return low | (u64_t)high << 32;
}

/** Fewer than 8 bytes. */
static u64_t load_rest(const u8_t *p, size_t len)
{
  u64_t word = 0;
  while (len > 0) {
    len--;
    word = word << 8 | p[len];
  }
  return word;
}

static inline void siphash_round(struct siphash *s)
{
  s->v0 += s->v1;
  s->v2 += s->v3;
  s->v1 = rotl64(s->v1, 13) ^ s->v0;
  s->v3 = rotl64(s->v3, 16) ^ s->v2;
  s->v0 = rotl64(s->v0, 32);
  s->v2 += s->v1;
  s->v0 += s->v3;
  s->v1 = rotl64(s->v1, 17) ^ s->v2;
  s->v3 = rotl64(s->v3, 21) ^ s->v0;
  s->v2 = rotl64(s->v2, 32);
}

static void siphash_word(struct siphash *s, u64_t word)
{
  s->v3 ^= word;
  siphash_round(s);
  siphash_round(s);
  s->v0 ^= word;
}

u64_t siphash24(const u8_t key[SIPHASH_KEY_LEN], const void *data, size_t len)
{
  const u8_t *p = (const u8_t *)data;
  u64_t k0 = load_le64(key);
  u64_t k1 = load_le64(key + 8);
  /* The constants spell "somepseudorandomlygeneratedbytes". */
  struct siphash s = {k0 ^ 0x736f6d6570736575ULL, k1 ^ 0x646f72616e646f6dULL,
                      k0 ^ 0x6c7967656e657261ULL, k1 ^ 0x7465646279746573ULL};
  size_t left = len;
  for (; left >= 8; left -= 8, p += 8) {
    siphash_word(&s, load_le64(p));
  }
  siphash_word(&s, load_rest(p, left) | (u64_t)(len & 0xff) << 56);
  s.v2 ^= 0xff;
  for (int i = 0; i < 4; i++) {
    siphash_round(&s);
  }
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

u32_t siphash_u32(const u8_t key[SIPHASH_KEY_LEN], const u32_t *words, size_t n)
{
  return (u32_t)siphash24(key, words, n * sizeof *words);
}
