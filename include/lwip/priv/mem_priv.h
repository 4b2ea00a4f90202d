/**
 * @file
 * Guard bytes around blocks, shared by heap and pools (MEM_OVERFLOW_CHECK, MEMP_OVERFLOW_CHECK).
 */
#ifndef LWIP_HDR_MEM_PRIV_H
#define LWIP_HDR_MEM_PRIV_H

#include "lwip/opt.h"
#include "lwip/mem.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What mem_free() does about something that is no live block, after counting it. */
#ifndef LWIP_MEM_ILLEGAL_FREE
#define LWIP_MEM_ILLEGAL_FREE(msg) LWIP_ASSERT(msg, 0)
#endif

/* The custom allocator, where there is one (MEM_CUSTOM_ALLOCATOR, MEM_LIBC_MALLOC). */
#if MEM_CUSTOM_ALLOCATOR
#define MEM_CUSTOM_GET(size) MEM_CUSTOM_MALLOC(size)
#define MEM_CUSTOM_PUT(mem)  MEM_CUSTOM_FREE(mem)
#else
#define MEM_CUSTOM_GET(size) NULL
#define MEM_CUSTOM_PUT(mem)  ((void)(mem))
#endif

/*
 * Where the own heap lies: in the instance, with MEM_SIZE bytes for blocks, or in memory of the
 * application's, of which not more than MEM_SIZE bytes are touched.
 */
#ifdef LWIP_RAM_HEAP_POINTER
#define MEM_HEAP_OWN_RAM  0
#define MEM_HEAP_RAM(own) ((u8_t *)LWIP_MEM_ALIGN(LWIP_RAM_HEAP_POINTER))
#else
#define MEM_HEAP_OWN_RAM  1
#define MEM_HEAP_RAM(own) (own)
#endif

#if defined(__GNUC__)
/** Not inlined, so that its registers do not burden the other paths of its caller. */
#define MEM_OWN_FRAME __attribute__((noinline))
/** Floor of the logarithm to base 2; `n` is not 0. */
#define MEM_LOG2(n) (31U - (unsigned)__builtin_clz(n))
#else
#define MEM_OWN_FRAME
static inline unsigned mem_log2(u32_t n)
{
  unsigned log = 0;
  while (n >>= 1) {
    log++;
  }
  return log;
}
#define MEM_LOG2(n) mem_log2(n)
#endif

/** Guard bytes in front of and behind each block. */
#ifndef MEM_SANITY_REGION_BEFORE
#define MEM_SANITY_REGION_BEFORE 16
#endif
#ifndef MEM_SANITY_REGION_AFTER
#define MEM_SANITY_REGION_AFTER 16
#endif
#define MEM_SANITY_REGION_BEFORE_ALIGNED LWIP_MEM_ALIGN_SIZE(MEM_SANITY_REGION_BEFORE)
#define MEM_SANITY_REGION_AFTER_ALIGNED  LWIP_MEM_ALIGN_SIZE(MEM_SANITY_REGION_AFTER)

/** Fill the guards around the `size` bytes at `p`. */
void mem_overflow_init_raw(void *p, size_t size);

/**
 * Fail an assertion when one of the guards has changed.
 *
 * @param what  the kind of block, @param file and @param line who allocated it ("" if not known)
 */
void mem_overflow_check_raw(void *p, size_t size, const char *what, const char *file, int line);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_MEM_PRIV_H */
