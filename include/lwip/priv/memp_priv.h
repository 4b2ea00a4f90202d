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
#define MEMP_HEADER_SIZE                                                                           \
  (LWIP_MEM_ALIGN_SIZE(sizeof(struct memp)) + MEM_SANITY_REGION_BEFORE_ALIGNED)
#define MEMP_TRAILER_SIZE MEM_SANITY_REGION_AFTER_ALIGNED
#else
#define MEMP_HEADER_SIZE  0
#define MEMP_TRAILER_SIZE 0
#endif

/** What a user sees of an element of `size` bytes; a free one must hold a struct memp. */
#define MEMP_ELEMENT_SIZE(size)                                                                    \
  LWIP_MEM_ALIGN_SIZE((size) < sizeof(struct memp) ? sizeof(struct memp) : (size))

/** Distance of elements, of which the user sees `element_size` bytes. */
#define MEMP_STRIDE(element_size) (MEMP_HEADER_SIZE + MEMP_TRAILER_SIZE + (element_size))

/** How many elements a pool has: 16 bits where they suffice, as in firmware. */
#if MEMP_NUM_TCP_PCB > 0xffff || MEMP_NUM_TCP_SEG > 0xffff || MEMP_NUM_TCP_SLICE > 0xffff ||       \
    MEMP_NUM_TCP_XMIT > 0xffff || MEMP_NUM_TCP_TW > 0xffff || MEMP_NUM_TCP_HALF_OPEN > 0xffff ||   \
    MEMP_NUM_ALTCP_PCB > 0xffff || MEMP_NUM_UDP_PCB > 0xffff || MEMP_NUM_RAW_PCB > 0xffff ||       \
    MEMP_NUM_NETCONN > 0xffff || MEMP_NUM_NETBUF > 0xffff || MEMP_NUM_PBUF > 0xffff ||             \
    MEMP_NUM_FRAG_PBUF > 0xffff || PBUF_POOL_SIZE > 0xffff
#define MEMP_HAS_LARGE_POOLS 1
typedef u32_t memp_num_t;
#else
#define MEMP_HAS_LARGE_POOLS 0
typedef u16_t memp_num_t;
#endif

/** A pool. Addresses are the default instance's (STACK_SLOT). */
struct memp_desc {
#if defined(LWIP_DEBUG) || MEMP_OVERFLOW_CHECK || LWIP_STATS_DISPLAY
  const char *desc;
#endif
#if MEMP_STATS
  struct stats_mem *stats;
#endif
  /** MEMP_ELEMENT_SIZE() */
  u16_t size;
  memp_num_t num;
  /** Memory of `num` elements, not aligned yet. MEMP_MEM_MALLOC: NULL. */
  u8_t *base;
  /** Offset of the first free element. MEMP_MEM_MALLOC: number of elements in use. */
  mem_ptr_t *tab;
};

#if MEMP_MEM_MALLOC
#define MEMP_DECLARE_MEMORY(name, num, size)
#define MEMP_DESC_MEMORY(name) NULL
#else
#define MEMP_DECLARE_MEMORY(name, num, size)                                                       \
  STACK_SECTION LWIP_DECLARE_MEMORY_ALIGNED(                                                       \
      name, ((num) ? (num)*MEMP_STRIDE(MEMP_ELEMENT_SIZE(size)) : 1));
#define MEMP_DESC_MEMORY(name) name
#endif

#if defined(LWIP_DEBUG) || MEMP_OVERFLOW_CHECK || LWIP_STATS_DISPLAY
#define MEMP_DESC_NAME(desc) (desc),
#define MEMP_POOL_NAME(pool) (pool)->desc
#else
#define MEMP_DESC_NAME(desc)
#define MEMP_POOL_NAME(pool) ""
#endif

#if MEMP_STATS
#define MEMP_DECLARE_STATS(name) static STACK_SECTION struct stats_mem name;
#define MEMP_DESC_STATS(name)    &name,
#define MEMP_POOL_STATS(pool)    STACK_SLOT(struct stats_mem, (pool)->stats)
#else
#define MEMP_DECLARE_STATS(name)
#define MEMP_DESC_STATS(name)
#define MEMP_POOL_STATS(pool) ((void)(pool), (struct stats_mem *)NULL)
#endif

#ifdef LWIP_HOOK_MEMP_AVAILABLE
#define MEMP_NOTE_AVAILABLE(type) LWIP_HOOK_MEMP_AVAILABLE(type)
#else
#define MEMP_NOTE_AVAILABLE(type) ((void)0)
#endif

#if defined(LWIP_DEBUG) || LWIP_STATS_DISPLAY
#define MEMP_STATS_SET_NAME(stats, pool) ((stats)->name = (pool)->desc)
#else
#define MEMP_STATS_SET_NAME(stats, pool) ((void)0)
#endif

#if MEMP_STATS
#define MEMP_STATS_PUBLISH(i, stats) (lwip_stats.memp[i] = (stats))
#else
#define MEMP_STATS_PUBLISH(i, stats) ((void)0)
#endif

#if MEMP_OVERFLOW_CHECK
#define MEMP_ELEMENT_OWNER(m)           (m)->file, (m)->line
#define MEMP_ELEMENT_SET_OWNER(m, f, l) ((m)->file = (f), (m)->line = (l))
#else
#define MEMP_ELEMENT_OWNER(m)           "", 0
#define MEMP_ELEMENT_SET_OWNER(m, f, l) ((void)0)
#endif

/** Make a pool full, whatever its memory holds and whoever has elements of it. */
void memp_init_pool(const struct memp_desc *desc);

void *memp_malloc_pool(const struct memp_desc *desc);
void *memp_malloc_pool_fn(const struct memp_desc *desc, const char *file, const int line);
#if MEMP_OVERFLOW_CHECK
#define memp_malloc_pool(d) memp_malloc_pool_fn((d), __FILE__, __LINE__)
#endif
void memp_free_pool(const struct memp_desc *desc, void *mem);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_MEMP_PRIV_H */
