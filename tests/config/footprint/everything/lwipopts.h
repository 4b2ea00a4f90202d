/* Every feature of the host profile, as firmware would have them: for what its structs take. */
#define NO_SYS 1
#define LWIP_MULTI_INSTANCE 0
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT 0
#define MEM_LIBC_MALLOC 0
#define MEMP_MEM_MALLOC 0
#define MEM_ALIGNMENT 4
#include "host.h"
