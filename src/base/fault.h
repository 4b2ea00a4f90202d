/**
 * @file
 * Making allocations fail on purpose, so that tests can make each of them fail once.
 *
 * With LWIP_FAULT_INJECTION 0 nothing is counted and nothing fails.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"

/** Let the `nth` allocation from now (1: the next) fail, once; 0: none. Starts counting anew. */
void fault_arm(u32_t nth);

/** Allocations since fault_arm(): mem_malloc(), memp_malloc() and whatever calls these. */
u32_t fault_count(void);

/** Count one allocation; true: it must fail. */
bool fault_count_one(void);

/** For allocators: whether this allocation must fail. */
static inline bool fault_hits(void)
{
  return LWIP_FAULT_INJECTION && fault_count_one();
}

#endif /* BASE_FAULT_H */
