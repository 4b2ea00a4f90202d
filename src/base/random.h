/**
 * @file
 * Random numbers of the current instance: unpredictable ones, and cheap ones for timing jitter.
 *
 * Everything follows from 16 bytes of stack_entropy() that are asked for once, when the instance
 * starts: the same entropy gives the same numbers, so a simulator's run can be repeated.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "base/siphash.h"

/** 32 bits that cannot be predicted from others that were drawn. */
u32_t random_u32(void);

/** Uniform in 0 .. n-1, without bias; 0 for n = 0. */
u32_t random_below(u32_t n);

/** Fill `buf` with unpredictable bytes. */
void random_bytes(void *buf, size_t len);

/**
 * A key of its own for one purpose, the same whenever asked for within an instance. Knowing keys
 * or numbers of other purposes tells nothing about it.
 *
 * @param purpose  names it: "tcp isn", "udp port"
 */
void random_key(u8_t key[SIPHASH_KEY_LEN], const char *purpose);

/**
 * A number that depends on `words` and nobody can predict from those for others, the same whenever
 * asked for within an instance: what a hash under a key of its own is, without the key.
 *
 * @param purpose  three letters that no other purpose has
 * @param n        at most RANDOM_HASH_WORDS
 */
#define RANDOM_HASH_WORDS 11
u32_t random_hash(const char purpose[4], const u32_t *words, size_t n);

/** Cheap and predictable, 0 .. n-1, 0 for n = 0: only to spread timers, never for identifiers. */
u32_t random_jitter(u32_t n);

#endif /* BASE_RANDOM_H */
