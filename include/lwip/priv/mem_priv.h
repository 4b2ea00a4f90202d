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
