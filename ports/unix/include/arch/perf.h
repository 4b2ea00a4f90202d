/** @file PERF_START and PERF_STOP() of LWIP_PERF 1: processor time of a block, on stderr. */
#ifndef LWIP_ARCH_PERF_H
#define LWIP_ARCH_PERF_H

#include <stdio.h>
#include <time.h>

#define PERF_START clock_t perf_started = clock()

#define PERF_STOP(x)                                                                               \
  fprintf(stderr, "%s: %.0f us\n", x, (double)(clock() - perf_started) * 1e6 / CLOCKS_PER_SEC)

#endif /* LWIP_ARCH_PERF_H */
