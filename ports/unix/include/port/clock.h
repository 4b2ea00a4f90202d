/** @file Clocks of POSIX systems beyond sys_now(). */
#ifndef PORT_CLOCK_H
#define PORT_CLOCK_H

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Microseconds, monotonic, from the same start as sys_now(). */
u64_t sys_now_us(void);

#ifdef __cplusplus
}
#endif

#endif /* PORT_CLOCK_H */
