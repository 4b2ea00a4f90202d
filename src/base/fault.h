/**
 * @file
 * Making allocations fail on purpose, so that tests can make each of them fail once.
 *
 * With LWIP_FAULT_INJECTION 0 all of it is nothing.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"

#if LWIP_FAULT_INJECTION

/** Let the `nth` allocation from now (1: the next) fail, once; 0: none. Starts counting anew. */
void fault_arm(u32_t nth);

/** Allocations since fault_arm(): mem_malloc(), memp_malloc() and whatever calls these. */
u32_t fault_count(void);

/** For allocators: count one; true: it must fail. */
bool fault_hits(void);

#else

static inline void fault_arm(u32_t nth)
{
  (void)nth;
}

static inline u32_t fault_count(void)
{
  return 0;
}

static inline bool fault_hits(void)
{
  return false;
}

#endif

#endif /* BASE_FAULT_H */
