/**
 * @file
 * The counters of an instance. State: lwip_stats, written by everybody through the macros of
 * lwip/stats.h.
 */
#include "lwip/opt.h"
#include "lwip/stats.h"

#if LWIP_STATS

STACK_GLOBAL_DEFINE(struct stats_, lwip_stats);

void stats_init(void)
{
  MEM_STATS_SET_NAME("HEAP");
}

#endif
