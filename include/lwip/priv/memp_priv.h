/**
 * @file
 * How pools look inside: for lwip/memp.h and src/base/memp.c.
 */
#ifndef LWIP_HDR_MEMP_PRIV_H
#define LWIP_HDR_MEMP_PRIV_H

#include "lwip/opt.h"
#include "lwip/mem.h"
#include "lwip/priv/mem_priv.h"
#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stats_mem;

/**
 * A free element; with MEMP_OVERFLOW_CHECK also what stands in front of every element's guard.
 *
 * Free elements form a list of offsets from the pool's start. `next` holds by how much the next
 * one's offset differs from the neighbour's, so that zeroed memory is a full pool in order, and no
 * instance has to link it first. The offset behind the last element ends the list.
 */
struct memp {
  mem_ptr_t next;
#if MEMP_OVERFLOW_CHECK
  const char *file;
  int line;
#endif
};

#if MEMP_OVERFLOW_CHECK
#define MEMP_HEADER_SIZE (LWIP_MEM_ALIGN_SIZE(sizeof(struct memp)) + MEM_SANITY_REGION_BEFORE_ALIGNED)
#define MEMP_TRAILER_SIZE MEM_SANITY_REGION_AFTER_ALIGNED
#else
#define MEMP_HEADER_SIZE 0
#define MEMP_TRAILER_SIZE 0
#endif

/** Distance of elements whose users see `size` bytes; a free one must hold a struct memp. */
#define MEMP_STRIDE(size)                                                                          \
  (MEMP_HEADER_SIZE + MEMP_TRAILER_SIZE +                                                          \
   LWIP_MEM_ALIGN_SIZE((size) < sizeof(struct memp) ? sizeof(struct memp) : (size)))

/** A pool. Addresses are the default instance's (STACK_SLOT). */
struct memp_desc {
#if defined(LWIP_DEBUG) || MEMP_OVERFLOW_CHECK || LWIP_STATS_DISPLAY
  const char *desc;
#endif
#if MEMP_STATS
  struct stats_mem *stats;
#endif
  /** What a user sees of an element, rounded up to MEM_ALIGNMENT. */
  u16_t size;
  u16_t num;
#if MEMP_MEM_MALLOC
  /** Elements in use, never more than num. */
  u16_t *count;
#else
  u8_t *base;
  /** Offset of the first free element. */
  mem_ptr_t *tab;
#endif
};

#if defined(LWIP_DEBUG) || MEMP_OVERFLOW_CHECK || LWIP_STATS_DISPLAY
#define DECLARE_LWIP_MEMPOOL_DESC(desc) (desc),
#else
#define DECLARE_LWIP_MEMPOOL_DESC(desc)
#endif

#if MEMP_STATS
#define LWIP_MEMPOOL_DECLARE_STATS_INSTANCE(name) static STACK_SECTION struct stats_mem name;
#define LWIP_MEMPOOL_DECLARE_STATS_REFERENCE(name) &name,
#else
#define LWIP_MEMPOOL_DECLARE_STATS_INSTANCE(name)
#define LWIP_MEMPOOL_DECLARE_STATS_REFERENCE(name)
#endif

/** Make a pool full, whatever its memory holds and whoever has elements of it. */
void memp_init_pool(const struct memp_desc *desc);

#if MEMP_OVERFLOW_CHECK
void *memp_malloc_pool_fn(const struct memp_desc *desc, const char *file, const int line);
#define memp_malloc_pool(d) memp_malloc_pool_fn((d), __FILE__, __LINE__)
#else
void *memp_malloc_pool(const struct memp_desc *desc);
#endif
void memp_free_pool(const struct memp_desc *desc, void *mem);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_MEMP_PRIV_H */
