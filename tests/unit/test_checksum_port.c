/** @file The checksum with a port's own LWIP_CHKSUM(), which sums one piece at a time. */
#define LWIP_CHKSUM port_chksum
#include "lwip/opt.h"
#include "lwip/arch.h"

static u16_t port_chksum(const void *data, u16_t len);

#include "base/inet_chksum.c"

static u16_t port_chksum(const void *data, u16_t len)
{
  /* Word by word, in memory order. */
  const u8_t *p = (const u8_t *)data;
  u32_t sum = 0;
  for (u16_t i = 0; i < len; i++) {
    sum += lwip_htons((u16_t)((i & 1) ? p[i] : p[i] << 8));
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return (u16_t)sum;
}

#include "checksum_cases.h"
