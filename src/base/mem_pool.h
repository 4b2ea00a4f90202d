/**
 * @file
 * mem_malloc() out of pools (MEM_USE_POOLS), private to the heap.
 */
#ifndef BASE_MEM_POOL_H
#define BASE_MEM_POOL_H

#include <stddef.h>

/** An element of the first malloc pool of lwippools.h that is large enough; NULL: none is free. */
void *mem_pool_malloc(size_t size);

/** `mem` came from mem_pool_malloc(). */
void mem_pool_free(void *mem);

#endif /* BASE_MEM_POOL_H */
