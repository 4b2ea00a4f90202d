/**
 * @file
 * Pools of equal elements, one for each kind of object that the stack has, and private ones:
 *
 *     LWIP_MEMPOOL_DECLARE(my_pool, 10, sizeof(struct mine), "MINE")
 *     LWIP_MEMPOOL_INIT(my_pool);
 *     struct mine *m = (struct mine *)LWIP_MEMPOOL_ALLOC(my_pool);
 *     LWIP_MEMPOOL_FREE(my_pool, m);
 *
 * Where the pools' memory starts zeroed a pool needs no LWIP_MEMPOOL_INIT(). With several stack
 * instances each has its own copy of every pool. With MEMP_MEM_MALLOC 1 elements come from the
 * heap, and a pool's size remains its limit.
 *
 * All functions may be called from any thread, and from interrupts where SYS_ARCH_PROTECT() guards
 * against them.
 */
#ifndef LWIP_HDR_MEMP_H
#define LWIP_HDR_MEMP_H

#include "lwip/opt.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * MEMP_<name>, one for each line of memp_std.h. The markers around the lines that make up
 * mem_malloc() (MEM_USE_POOLS) take no number of their own.
 */
typedef enum {
#define LWIP_MEMPOOL(name, num, size, desc) MEMP_##name,
#define LWIP_MALLOC_MEMPOOL_START           MEMP_POOL_FIRST, MEMP_POOL_0 = MEMP_POOL_FIRST - 1,
#define LWIP_MALLOC_MEMPOOL_END             MEMP_POOL_END, MEMP_POOL_LAST = MEMP_POOL_END - 1,
#include "lwip/priv/memp_std.h"
  MEMP_MAX
} memp_t;

#ifdef __cplusplus
}
#endif

#include "lwip/priv/memp_priv.h"
#include "lwip/stats.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What every pool is, in the order of memp_t. */
extern const struct memp_desc *const memp_pools[MEMP_MAX];

#define LWIP_MEMPOOL_PROTOTYPE(name) extern const struct memp_desc memp_##name

#define LWIP_MEMPOOL_DECLARE(name, num, size, desc)                                                \
  MEMP_DECLARE_MEMORY(memp_memory_##name##_base, num, size)                                        \
  MEMP_DECLARE_STATS(memp_stats_##name)                                                            \
  static STACK_SECTION mem_ptr_t memp_tab_##name;                                                  \
  const struct memp_desc memp_##name = {                                                           \
      MEMP_DESC_NAME(desc) MEMP_DESC_STATS(memp_stats_##name) MEMP_ELEMENT_SIZE(size), (num),      \
      MEMP_DESC_MEMORY(memp_memory_##name##_base), &memp_tab_##name};

#define LWIP_MEMPOOL_INIT(name) memp_init_pool(&memp_##name)
#if MEMP_OVERFLOW_CHECK
#define LWIP_MEMPOOL_ALLOC(name) memp_malloc_pool_fn(&memp_##name, __FILE__, __LINE__)
#else
#define LWIP_MEMPOOL_ALLOC(name) memp_malloc_pool(&memp_##name)
#endif
#define LWIP_MEMPOOL_FREE(name, x) memp_free_pool(&memp_##name, (x))

#if MEM_USE_POOLS
/** What stands in front of a block that mem_malloc() took from a pool. */
struct memp_malloc_helper {
  memp_t poolnr;
#if MEMP_OVERFLOW_CHECK || (LWIP_STATS && MEM_STATS)
  u16_t size;
#endif
};
#endif

/** Make all pools of the current instance full; lwip_init() calls it. */
void memp_init(void);

/** Elements in use over all of memp_pools, to find leaks. */
u32_t memp_used_total(void);

/** An element, uninitialised; NULL: the pool is empty. */
void *memp_malloc(memp_t type);

/** As memp_malloc(), remembering who asked: the overflow check names it. */
void *memp_malloc_fn(memp_t type, const char *file, const int line);
#if MEMP_OVERFLOW_CHECK
#define memp_malloc(t) memp_malloc_fn((t), __FILE__, __LINE__)
#endif

/**
 * Return an element to the pool that it came from. NULL is allowed. Calls
 * LWIP_HOOK_MEMP_AVAILABLE(type), with nothing locked, when the pool was empty before.
 */
void memp_free(memp_t type, void *mem);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_MEMP_H */
