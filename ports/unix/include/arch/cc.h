/** @file Compiler and C library of POSIX systems: gcc or clang, glibc or musl. */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
/* ... and sys/time.h struct timeval, which programs have from elsewhere, too. */
#include <sys/time.h>
#define LWIP_TIMEVAL_PRIVATE 0

/* errno is the C library's, one per thread. */
#define LWIP_ERRNO_STDINCLUDE 1

/* sys/types.h has ssize_t also where limits.h hides SSIZE_MAX (-std=c11). */
#define LWIP_NO_UNISTD_H 1
#ifndef SSIZE_MAX
#define SSIZE_MAX LONG_MAX
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Unpredictable bits from the kernel (ports/unix/entropy.c; a program may define its own). */
unsigned int lwip_port_rand(void);
#define LWIP_RAND() lwip_port_rand()

#ifdef __cplusplus
}
#endif

/** Which thread this is: the address of something that each has one of. */
#ifdef __cplusplus
extern "C" __thread char lwip_port_thread;
#else
extern _Thread_local char lwip_port_thread;
#endif
#ifndef LWIP_THREAD_SELF
#define LWIP_THREAD_SELF() ((mem_ptr_t)&lwip_port_thread)
#endif

/** What sys_arch_protect() returns. */
typedef unsigned int sys_prot_t;

#define LWIP_PLATFORM_DIAG(x)                                                                      \
  do {                                                                                             \
    printf x;                                                                                      \
  } while (0)

#define LWIP_PLATFORM_ASSERT(x)                                                                    \
  do {                                                                                             \
    fflush(stdout);                                                                                \
    fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, x);                       \
    abort();                                                                                       \
  } while (0)

#endif /* LWIP_ARCH_CC_H */
