/**
 * @file
 * Fault injection: the counter of allocations and the one that is to fail, per instance.
 */
#include "lwip/opt.h"
#include "lwip/sys.h"
#include "gossamer/state.h"
#include "base/fault.h"

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

bool fault_count_one(void)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  bool hits = ++fault()->count == fault()->nth;
  SYS_ARCH_UNPROTECT(lev);
  return hits;
}
