/** @file Compiler and C library of a Cortex-M without an operating system: gcc and newlib. */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include <stdint.h>

/** The board's hardware random number generator. */
unsigned int board_rand(void);
#define LWIP_RAND() board_rand()

/** The board's diagnostic output and its reaction to a broken invariant. */
void board_print(const char *format, ...);
void board_panic(const char *what);
#define LWIP_PLATFORM_DIAG(x)                                                                      \
  do {                                                                                             \
    board_print x;                                                                                 \
  } while (0)
#define LWIP_PLATFORM_ASSERT(x) board_panic(x)

/* errno of the stack's own: newlib's needs a runtime. */
#define LWIP_PROVIDE_ERRNO 1

/** PRIMASK as sys_arch_protect() found it. */
typedef uint32_t sys_prot_t;

#endif /* LWIP_ARCH_CC_H */
