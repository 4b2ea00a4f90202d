/**
 * @file
 * What the fuzz targets share.
 *
 * A target is one LLVMFuzzerTestOneInput(); with libFuzzer it looks for new inputs, with
 * replay_main.c it runs the committed ones (corpus/NAME) as an ordinary test.
 */
#ifndef FUZZ_COMMON_H
#define FUZZ_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lwip/arch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Always on: what must hold for any input. */
#define FUZZ_ASSERT(condition)                                                                     \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);               \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

/** The bytes alone in a block of exactly their size, so that the sanitizer sees each step beyond.
 */
struct exact {
  u8_t *bytes;
  void *block;
};

static inline struct exact exact_copy(const u8_t *data, size_t len)
{
  /* One more byte in front, so that no bytes at all have an end, too. */
  struct exact e = {NULL, calloc(1, len + 1)};
  FUZZ_ASSERT(e.block != NULL);
  e.bytes = (u8_t *)e.block + 1;
  if (len > 0) {
    memcpy(e.bytes, data, len);
  }
  return e;
}

static inline void exact_free(struct exact e)
{
  free(e.block);
}

/** RFC 1071 over contiguous bytes, complemented. */
static inline u16_t reference_checksum(const u8_t *b, size_t len, u32_t sum)
{
  for (size_t i = 0; i + 1 < len; i += 2) {
    sum += (u32_t)b[i] << 8 | b[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
  }
  if (len % 2 != 0) {
    sum += (u32_t)b[len - 1] << 8;
  }
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (u16_t)~sum;
}

#endif /* FUZZ_COMMON_H */
