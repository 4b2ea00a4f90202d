/**
 * @file
 * The heap: own (MEM_SIZE bytes), the C library's or another (MEM_LIBC_MALLOC,
 * MEM_CUSTOM_ALLOCATOR), or made of pools (MEM_USE_POOLS).
 *
 * All functions may be called from any thread, and from interrupts where SYS_ARCH_PROTECT() guards
 * against them (and the custom allocator allows it).
 */
#ifndef LWIP_HDR_MEM_H
#define LWIP_HDR_MEM_H

#include "lwip/opt.h"
#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

#if MEM_CUSTOM_ALLOCATOR
typedef size_t mem_size_t;
#define MEM_SIZE_F SZT_F
#elif MEM_USE_POOLS
typedef u16_t mem_size_t;
#define MEM_SIZE_F U16_F
#elif MEM_SIZE > 64000L
typedef u32_t mem_size_t;
#define MEM_SIZE_F U32_F
#else
typedef u16_t mem_size_t;
#define MEM_SIZE_F U16_F
#endif

/** Make the heap empty; lwip_init() calls it. */
void mem_init(void);

/**
 * Shrink a block in place.
 *
 * @return `mem`, also where the allocator cannot shrink; NULL: `size` exceeds the block's, and
 *         nothing has changed
 */
void *mem_trim(void *mem, mem_size_t size);

/** `size` bytes aligned to MEM_ALIGNMENT; NULL: no memory, or `size` is 0. */
void *mem_malloc(mem_size_t size);

/** `count` * `size` zeroed bytes; NULL: no memory, or the product overflows or is 0. */
void *mem_calloc(mem_size_t count, mem_size_t size);

/** Return a block. NULL is allowed; what is no live block is counted (LWIP_MEM_ILLEGAL_FREE). */
void mem_free(void *mem);

/** Bytes in live blocks, to find leaks. */
u32_t mem_used_bytes(void);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_MEM_H */
