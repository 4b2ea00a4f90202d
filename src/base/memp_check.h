/**
 * @file
 * Self-checks of the pools (MEMP_OVERFLOW_CHECK, MEMP_SANITY_CHECK), private to the pools.
 */
#ifndef BASE_MEMP_CHECK_H
#define BASE_MEMP_CHECK_H

#include <stdbool.h>
#include "lwip/memp.h"

/** Where a pool's elements begin in the current instance. */
static inline u8_t *memp_pool_base(const struct memp_desc *desc)
{
  return (u8_t *)LWIP_MEM_ALIGN(STACK_SLOT(u8_t, desc->base));
}

/** Set the guards of one element or all elements of a pool. */
void memp_overflow_init_element(const struct memp_desc *desc, struct memp *m);
void memp_overflow_init_pool(const struct memp_desc *desc);

/** Assert the guards of one element, or of all elements of memp_pools. */
void memp_overflow_check_element(const struct memp_desc *desc, struct memp *m);
void memp_overflow_check_all(void);

/** Free elements of a pool; more than `num`: the list is broken or runs in a circle. */
u32_t memp_pool_free_count(const struct memp_desc *desc);
bool memp_pool_is_sane(const struct memp_desc *desc);

#endif /* BASE_MEMP_CHECK_H */
