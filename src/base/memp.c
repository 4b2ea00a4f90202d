/**
 * @file
 * Pools of equal elements.
 *
 * State: per pool a word (`tab`) and the elements, both declared by LWIP_MEMPOOL_DECLARE() and
 * found through the constant struct memp_desc, whose addresses are the default instance's.
 * Invariants: zeroed memory is a full pool (see struct memp), so a pool works in every instance
 * without anybody having started it there; an element is either in the free list or somebody's.
 * All changes happen under SYS_ARCH_PROTECT().
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "base/fault.h"
#include "base/memp_check.h"

static mem_ptr_t *pool_tab(const struct memp_desc *desc)
{
  return STACK_SLOT(mem_ptr_t, desc->tab);
}

static struct memp *pool_element(const struct memp_desc *desc, mem_ptr_t offset)
{
  return (struct memp *)(void *)(memp_pool_base(desc) + offset);
}

void memp_init_pool(const struct memp_desc *desc)
{
  *pool_tab(desc) = 0;
  if (!MEMP_MEM_MALLOC) {
    const mem_ptr_t stride = MEMP_STRIDE(desc->size);
    if (MEMP_MEM_INIT) {
      memset(memp_pool_base(desc), 0, desc->num * stride);
    }
    for (memp_num_t i = 0; i < desc->num; i++) {
      struct memp *m = pool_element(desc, i * stride);
      if (m->next != 0) {
        m->next = 0; /* memory that nobody has used is not written to */
      }
    }
    if (MEMP_OVERFLOW_CHECK) {
      memp_overflow_init_pool(desc);
    }
  }
  if (MEMP_STATS) {
    struct stats_mem *stats = MEMP_POOL_STATS(desc);
    memset(stats, 0, sizeof *stats);
    stats->avail = desc->num;
    MEMP_STATS_SET_NAME(stats, desc);
  }
}

void memp_init(void)
{
  for (unsigned i = 0; i < MEMP_MAX; i++) {
    memp_init_pool(memp_pools[i]);
    MEMP_STATS_PUBLISH(i, MEMP_POOL_STATS(memp_pools[i]));
  }
}

static void count_malloc(const struct memp_desc *desc, bool ok)
{
  struct stats_mem *stats = MEMP_POOL_STATS(desc);
  if (!MEMP_STATS) {
    return;
  }
  if (!ok) {
    stats->err++;
    return;
  }
  stats->used++;
  if (stats->used > stats->max) {
    stats->max = stats->used;
  }
}

static void count_free(const struct memp_desc *desc)
{
  if (MEMP_STATS) {
    MEMP_POOL_STATS(desc)->used--;
  }
}

/** Unlink the first free element; NULL: there is none. */
static struct memp *list_take(const struct memp_desc *desc)
{
  const mem_ptr_t stride = MEMP_STRIDE(desc->size);
  mem_ptr_t *tab = pool_tab(desc);
  mem_ptr_t offset = *tab;
  if (offset == desc->num * stride) {
    return NULL;
  }
  struct memp *m = pool_element(desc, offset);
  *tab = offset + stride + m->next;
  return m;
}

/** Link an element in front of the free ones. @return whether there were none */
static bool list_give(const struct memp_desc *desc, struct memp *m)
{
  const mem_ptr_t stride = MEMP_STRIDE(desc->size);
  const mem_ptr_t end = desc->num * stride;
  mem_ptr_t *tab = pool_tab(desc);
  mem_ptr_t first = *tab;
  mem_ptr_t offset = (mem_ptr_t)m - (mem_ptr_t)memp_pool_base(desc);
  LWIP_ASSERT("memp_free: element of another pool", offset < end && offset % stride == 0);
  m->next = first - (offset + stride);
  *tab = offset;
  return first == end;
}

/** With MEMP_MEM_MALLOC a pool's size is a limit. @return whether one more is within it */
static bool limit_take(const struct memp_desc *desc)
{
  mem_ptr_t *count = pool_tab(desc);
  if (*count == desc->num) {
    return false;
  }
  ++*count;
  return true;
}

/** @return whether the limit was reached */
static bool limit_give(const struct memp_desc *desc)
{
  mem_ptr_t *count = pool_tab(desc);
  LWIP_ASSERT("memp_free: more elements freed than allocated", *count != 0);
  return (*count)-- == desc->num;
}

static struct memp *element_get(const struct memp_desc *desc)
{
  struct memp *m = NULL;
  bool ok;
  bool fails = !MEMP_MEM_MALLOC && fault_hits(); /* else mem_malloc() asks */
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  if (MEMP_MEM_MALLOC) {
    ok = limit_take(desc);
  } else {
    m = fails ? NULL : list_take(desc);
    ok = m != NULL;
  }
  count_malloc(desc, ok);
  SYS_ARCH_UNPROTECT(lev);
  if (!MEMP_MEM_MALLOC || !ok) {
    return m;
  }
  m = (struct memp *)mem_malloc((mem_size_t)MEMP_STRIDE(desc->size));
  if (m == NULL) {
    SYS_ARCH_PROTECT(lev);
    limit_give(desc);
    count_free(desc);
    count_malloc(desc, false);
    SYS_ARCH_UNPROTECT(lev);
  }
  return m;
}

static void *pool_malloc(const struct memp_desc *desc, const char *file, int line)
{
  if (MEMP_OVERFLOW_CHECK >= 2) {
    memp_overflow_check_all();
  }
  struct memp *m = element_get(desc);
  if (!MEMP_OVERFLOW_CHECK || m == NULL) {
    return m;
  }
  MEMP_ELEMENT_SET_OWNER(m, file, line);
  (void)file;
  (void)line;
  memp_overflow_init_element(desc, m);
  return (u8_t *)m + MEMP_HEADER_SIZE;
}

/** @return whether the pool was empty before */
static bool pool_free(const struct memp_desc *desc, void *mem)
{
  struct memp *m = (struct memp *)(void *)((u8_t *)mem - MEMP_HEADER_SIZE);
  if (MEMP_OVERFLOW_CHECK >= 2) {
    memp_overflow_check_all();
  }
  if (MEMP_OVERFLOW_CHECK) {
    memp_overflow_check_element(desc, m);
  }
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  bool was_empty = MEMP_MEM_MALLOC ? limit_give(desc) : list_give(desc, m);
  count_free(desc);
  if (MEMP_SANITY_CHECK && !MEMP_MEM_MALLOC) {
    LWIP_ASSERT("memp sanity", memp_pool_is_sane(desc));
  }
  SYS_ARCH_UNPROTECT(lev);
  if (MEMP_MEM_MALLOC) {
    mem_free(m);
  }
  return was_empty;
}

void *(memp_malloc_pool)(const struct memp_desc *desc)
{
  return desc == NULL ? NULL : pool_malloc(desc, "", 0);
}

void *memp_malloc_pool_fn(const struct memp_desc *desc, const char *file, const int line)
{
  return desc == NULL ? NULL : pool_malloc(desc, file, line);
}

void *(memp_malloc)(memp_t type)
{
  LWIP_ERROR("memp_malloc: no such pool", (unsigned)type < MEMP_MAX, return NULL);
  return pool_malloc(memp_pools[type], "", 0);
}

void *memp_malloc_fn(memp_t type, const char *file, const int line)
{
  LWIP_ERROR("memp_malloc: no such pool", (unsigned)type < MEMP_MAX, return NULL);
  return pool_malloc(memp_pools[type], file, line);
}

void memp_free_pool(const struct memp_desc *desc, void *mem)
{
  if (desc != NULL && mem != NULL) {
    pool_free(desc, mem);
  }
}

void memp_free(memp_t type, void *mem)
{
  LWIP_ERROR("memp_free: no such pool", (unsigned)type < MEMP_MAX, return );
  if (mem != NULL && pool_free(memp_pools[type], mem)) {
    MEMP_NOTE_AVAILABLE(type);
  }
}
