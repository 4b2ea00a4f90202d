/*
 * For tests that compile the memory sources themselves, with options of their own: fresh state, no
 * library, no threads. Set the options after this and before including sources.
 */
#ifndef TESTS_UNIT_MEMORY_ALONE_H
#define TESTS_UNIT_MEMORY_ALONE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/opt.h"

#undef LWIP_MULTI_INSTANCE
#define LWIP_MULTI_INSTANCE 0
#undef SYS_LIGHTWEIGHT_PROT
#define SYS_LIGHTWEIGHT_PROT 0
#undef LWIP_FAULT_INJECTION
#define LWIP_FAULT_INJECTION 1
#undef LWIP_TESTMODE
#define LWIP_TESTMODE 1
#undef LWIP_STATS
#define LWIP_STATS 1
#undef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 0
#undef MEM_STATS
#define MEM_STATS 1
#undef MEMP_STATS
#define MEMP_STATS 1
#undef MEM_ALIGNMENT
#define MEM_ALIGNMENT 8
#undef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 0
#undef MEM_CUSTOM_ALLOCATOR
#define MEM_CUSTOM_ALLOCATOR 0
#undef MEM_USE_POOLS
#define MEM_USE_POOLS 0
#undef MEMP_USE_CUSTOM_POOLS
#define MEMP_USE_CUSTOM_POOLS 0
#undef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 0
#undef MEMP_MEM_INIT
#define MEMP_MEM_INIT 0
#undef MEMP_OVERFLOW_CHECK
#define MEMP_OVERFLOW_CHECK 0
#undef MEMP_SANITY_CHECK
#define MEMP_SANITY_CHECK 0
#undef MEM_OVERFLOW_CHECK
#define MEM_OVERFLOW_CHECK 0
#undef MEM_SANITY_CHECK
#define MEM_SANITY_CHECK 0
#undef MEM_SIZE
#define MEM_SIZE 8000

/* Failed assertions come back here. */
static jmp_buf alone_on_assert;
static bool alone_expects_assert;
static char alone_assert_text[160];

static inline void alone_assert_hit(const char *text)
{
  strncpy(alone_assert_text, text, sizeof alone_assert_text - 1);
  if (alone_expects_assert) {
    longjmp(alone_on_assert, 1);
  }
  fail_msg("assertion of the stack: %s", text);
}

#undef LWIP_NOASSERT
#undef LWIP_ASSERT
#define LWIP_ASSERT(message, assertion)                                                            \
  do {                                                                                             \
    if (!(assertion)) {                                                                            \
      alone_assert_hit(message);                                                                   \
    }                                                                                              \
  } while (0)
#undef LWIP_PLATFORM_ASSERT
#define LWIP_PLATFORM_ASSERT(message) alone_assert_hit(message)

/** Whether fn(arg) fails an assertion. */
static inline bool alone_asserts(void (*fn)(void *), void *arg)
{
  alone_assert_text[0] = '\0';
  alone_expects_assert = true;
  if (setjmp(alone_on_assert) == 0) {
    fn(arg);
  }
  alone_expects_assert = false;
  return alone_assert_text[0] != '\0';
}

/** Small and the same everywhere (a linear congruential generator). */
static inline uint32_t alone_random(uint32_t *state, uint32_t below)
{
  *state = *state * 1664525U + 1013904223U;
  return (uint32_t)(((uint64_t)(*state >> 4) * below) >> 28);
}

#endif
