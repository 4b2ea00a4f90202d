/**
 * @file
 * Fault injection: the counter of allocations and the one that is to fail, per instance.
 */
#include "lwip/opt.h"
#include "gossamer/state.h"
#include "base/fault.h"

#if LWIP_FAULT_INJECTION

struct fault_state {
  u32_t nth; /* 0: not armed */
  u32_t count;
};

STACK_STATE(struct fault_state, fault);

void fault_arm(u32_t nth)
{
  fault()->nth = nth;
  fault()->count = 0;
}

u32_t fault_count(void)
{
  return fault()->count;
}

bool fault_hits(void)
{
  return ++fault()->count == fault()->nth;
}

#endif
