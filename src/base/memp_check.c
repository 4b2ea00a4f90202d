/**
 * @file
 * Self-checks of the pools: guard bytes, free list, number of elements in use. No state.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/memp.h"
#include "lwip/sys.h"
#include "base/memp_check.h"

static struct memp *element_at(const struct memp_desc *desc, mem_ptr_t offset)
{
  return (struct memp *)(void *)(memp_pool_base(desc) + offset);
}

void memp_overflow_init_element(const struct memp_desc *desc, struct memp *m)
{
  mem_overflow_init_raw((u8_t *)m + MEMP_HEADER_SIZE, desc->size);
}

void memp_overflow_init_pool(const struct memp_desc *desc)
{
  for (memp_num_t i = 0; i < desc->num; i++) {
    struct memp *m = element_at(desc, (mem_ptr_t)i * MEMP_STRIDE(desc->size));
    MEMP_ELEMENT_SET_OWNER(m, "", 0);
    memp_overflow_init_element(desc, m);
  }
}

void memp_overflow_check_element(const struct memp_desc *desc, struct memp *m)
{
  mem_overflow_check_raw((u8_t *)m + MEMP_HEADER_SIZE, desc->size, MEMP_POOL_NAME(desc),
                         MEMP_ELEMENT_OWNER(m));
}

void memp_overflow_check_all(void)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  for (unsigned i = 0; i < MEMP_MAX && !MEMP_MEM_MALLOC; i++) {
    const struct memp_desc *desc = memp_pools[i];
    for (memp_num_t n = 0; n < desc->num; n++) {
      memp_overflow_check_element(desc, element_at(desc, (mem_ptr_t)n * MEMP_STRIDE(desc->size)));
    }
  }
  SYS_ARCH_UNPROTECT(lev);
}

u32_t memp_pool_free_count(const struct memp_desc *desc)
{
  const mem_ptr_t stride = MEMP_STRIDE(desc->size);
  const mem_ptr_t end = desc->num * stride;
  u32_t count = 0;
  mem_ptr_t offset = *STACK_SLOT(mem_ptr_t, desc->tab);
  while (offset != end && count <= desc->num) {
    if (offset > end || offset % stride != 0) {
      return (u32_t)desc->num + 1;
    }
    count++;
    offset += stride + element_at(desc, offset)->next;
  }
  return count;
}

bool memp_pool_is_sane(const struct memp_desc *desc)
{
  return memp_pool_free_count(desc) <= desc->num;
}

u32_t memp_used_total(void)
{
  u32_t total = 0;
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  for (unsigned i = 0; i < MEMP_MAX; i++) {
    const struct memp_desc *desc = memp_pools[i];
    total += MEMP_MEM_MALLOC ? (u32_t)*STACK_SLOT(mem_ptr_t, desc->tab)
                             : desc->num - memp_pool_free_count(desc);
  }
  SYS_ARCH_UNPROTECT(lev);
  return total;
}
