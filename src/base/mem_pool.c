/**
 * @file
 * mem_malloc() out of the pools between LWIP_MALLOC_MEMPOOL_START and _END of the application's
 * lwippools.h, which stand there from the smallest to the largest. No state: the number of its pool
 * stands in front of each block (struct memp_malloc_helper).
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "base/mem_pool.h"

#if MEM_USE_POOLS

#define HELPER_BYTES LWIP_MEM_ALIGN_SIZE(sizeof(struct memp_malloc_helper))

void *mem_pool_malloc(size_t size)
{
  for (unsigned i = MEMP_POOL_FIRST; i <= MEMP_POOL_LAST; i++) {
    if (memp_pools[i]->size < size + HELPER_BYTES) {
      continue;
    }
    struct memp_malloc_helper *helper = (struct memp_malloc_helper *)memp_malloc((memp_t)i);
    if (helper != NULL) {
      helper->poolnr = (memp_t)i;
      return (u8_t *)helper + HELPER_BYTES;
    }
    if (!MEM_USE_POOLS_TRY_BIGGER_POOL) {
      break;
    }
  }
  return NULL;
}

void mem_pool_free(void *mem)
{
  struct memp_malloc_helper *helper =
      (struct memp_malloc_helper *)(void *)((u8_t *)mem - HELPER_BYTES);
  memp_free(helper->poolnr, helper);
}

#endif
