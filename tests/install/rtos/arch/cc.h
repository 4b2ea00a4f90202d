/* The compiler, and the C library beside an RTOS. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#define LWIP_TIMEVAL_PRIVATE  0
#define LWIP_ERRNO_STDINCLUDE 1
#define LWIP_RAND()           ((u32_t)rand())
#define LWIP_PLATFORM_DIAG(x) printf x
#define LWIP_PLATFORM_ASSERT(x)                                                                    \
  do {                                                                                             \
    fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, x);                                         \
    abort();                                                                                       \
  } while (0)
typedef int sys_prot_t;
