/**
 * @file
 * Guard bytes around blocks of the heap and elements of pools. No state.
 *
 * Sizes of the guards are MEM_SANITY_REGION_BEFORE and _AFTER; any byte of them that is no longer
 * MEM_GUARD_BYTE was written by somebody who left his block.
 */
#include <stdio.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/priv/mem_priv.h"

#define MEM_GUARD_BYTE 0xcd

void mem_overflow_init_raw(void *p, size_t size)
{
  u8_t *mem = (u8_t *)p;
  memset(mem - MEM_SANITY_REGION_BEFORE_ALIGNED, MEM_GUARD_BYTE, MEM_SANITY_REGION_BEFORE_ALIGNED);
  memset(mem + size, MEM_GUARD_BYTE, MEM_SANITY_REGION_AFTER_ALIGNED);
}

static void guard_check(const u8_t *guard, size_t len, const char *side, const char *what,
                        const char *file, int line)
{
  for (size_t i = 0; i < len; i++) {
    if (guard[i] != MEM_GUARD_BYTE) {
      char text[128];
      snprintf(text, sizeof text, "memory overwritten %s %s of %s:%d", side, what, file, line);
      LWIP_PLATFORM_ASSERT(text);
      return;
    }
  }
}

void mem_overflow_check_raw(void *p, size_t size, const char *what, const char *file, int line)
{
  const u8_t *mem = (const u8_t *)p;
  guard_check(mem + size, MEM_SANITY_REGION_AFTER_ALIGNED, "behind", what, file, line);
  guard_check(mem - MEM_SANITY_REGION_BEFORE_ALIGNED, MEM_SANITY_REGION_BEFORE_ALIGNED,
              "in front of", what, file, line);
}
