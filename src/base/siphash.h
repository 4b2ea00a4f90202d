/**
 * @file
 * SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash that nobody without the key can predict or
 * make collide. For hash tables that remotes fill, port and sequence number choice, cookies.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/arch.h"

#define SIPHASH_KEY_LEN 16

/** The 64-bit hash of `len` bytes. */
u64_t siphash24(const u8_t key[SIPHASH_KEY_LEN], const void *data, size_t len);

/** 32 bits of the hash of `n` words, each taken as it lies in memory: for keys within one host. */
u32_t siphash_u32(const u8_t key[SIPHASH_KEY_LEN], const u32_t *words, size_t n);

#endif /* BASE_SIPHASH_H */
