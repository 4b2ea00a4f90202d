/**
 * @file
 * Numbers in network order at any address.
 */
#ifndef WIRE_BYTES_H
#define WIRE_BYTES_H

#include "lwip/arch.h"

static inline u16_t bytes_get16(const u8_t *b)
{
  return (u16_t)((b[0] << 8) | b[1]);
}

static inline u32_t bytes_get32(const u8_t *b)
{
  return ((u32_t)bytes_get16(b) << 16) | bytes_get16(b + 2);
}

static inline void bytes_put16(u8_t *b, u16_t v)
{
  b[0] = (u8_t)(v >> 8);
  b[1] = (u8_t)v;
}

static inline void bytes_put32(u8_t *b, u32_t v)
{
  bytes_put16(b, (u16_t)(v >> 16));
  bytes_put16(b + 2, (u16_t)v);
}

#endif /* WIRE_BYTES_H */
