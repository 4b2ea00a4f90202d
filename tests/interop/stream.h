/*
 * A stream of bytes that both ends of a transfer can tell: byte i follows from the seed and i, so a
 * receiver compares every byte with what it has to be, wherever it begins.
 */
#ifndef INTEROP_STREAM_H
#define INTEROP_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Eight bytes of the stream. */
static inline uint64_t stream_word(uint64_t seed, uint64_t index)
{
  uint64_t z = (seed + index + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93ULL;
  return z ^ (z >> 32);
}

/** Write `len` bytes from byte `at` of the stream on. */
static inline void stream_fill(uint64_t seed, uint64_t at, uint8_t *buf, size_t len)
{
  while (len > 0) {
    uint64_t word = stream_word(seed, at / 8);
    size_t skip = at % 8;
    size_t part = 8 - skip < len ? 8 - skip : len;
    memcpy(buf, (const uint8_t *)&word + skip, part);
    buf += part;
    at += part;
    len -= part;
  }
}

/** Index of the first byte that is not the stream's from byte `at` on; `len`: all are. */
static inline size_t stream_differs(uint64_t seed, uint64_t at, const uint8_t *buf, size_t len)
{
  for (size_t i = 0; i < len;) {
    uint64_t word = stream_word(seed, (at + i) / 8);
    size_t skip = (at + i) % 8;
    size_t part = 8 - skip < len - i ? 8 - skip : len - i;
    if (memcmp(buf + i, (const uint8_t *)&word + skip, part) != 0) {
      while (buf[i] == ((const uint8_t *)&word)[(at + i) % 8]) {
        i++;
      }
      return i;
    }
    i += part;
  }
  return len;
}

#endif
