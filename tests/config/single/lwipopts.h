/** @file The host's features as firmware builds them: one instance, no threads, fixed memory. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

/* One instance, one main loop */
#ifndef NO_SYS
#define NO_SYS 1
#endif
#ifndef LWIP_MULTI_INSTANCE
#define LWIP_MULTI_INSTANCE 0
#endif
#ifndef SYS_LIGHTWEIGHT_PROT
#define SYS_LIGHTWEIGHT_PROT 0
#endif
#ifndef LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT
#define LWIP_ALLOW_MEM_FREE_FROM_OTHER_CONTEXT 0
#endif

/* Our own heap and pools, with all their checks */
#ifndef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 0
#endif
#ifndef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 0
#endif
#ifndef MEM_SIZE
#define MEM_SIZE (1024 * 1024)
#endif
#ifndef MEMP_OVERFLOW_CHECK
#define MEMP_OVERFLOW_CHECK 1
#endif
#ifndef MEMP_SANITY_CHECK
#define MEMP_SANITY_CHECK 1
#endif
#ifndef MEM_OVERFLOW_CHECK
#define MEM_OVERFLOW_CHECK 1
#endif
#ifndef MEM_SANITY_CHECK
#define MEM_SANITY_CHECK 1
#endif
#ifndef MEMP_NUM_PBUF
#define MEMP_NUM_PBUF 256
#endif
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 256
#endif
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB 24000
#endif
#ifndef MEMP_NUM_RAW_PCB
#define MEMP_NUM_RAW_PCB 16
#endif
#ifndef MEMP_NUM_FRAG_PBUF
#define MEMP_NUM_FRAG_PBUF 128
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 256
#endif
#ifndef IP_REASS_MAX_PBUFS
#define IP_REASS_MAX_PBUFS 128 /* fragments must leave buffers to receive into */
#endif

/* Windows that fit into that */
#ifndef TCP_WND
#define TCP_WND (1024 * 1024)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF (1024 * 1024)
#endif
#ifndef TCP_SND_QUEUELEN
#define TCP_SND_QUEUELEN 4096
#endif

/* Broadcasts only for those who ask for them */
#ifndef IP_SOF_BROADCAST_RECV
#define IP_SOF_BROADCAST_RECV 1
#endif

/* Tests */
#ifndef LWIP_TESTMODE
#define LWIP_TESTMODE 1
#endif
#ifndef LWIP_FAULT_INJECTION
#define LWIP_FAULT_INJECTION 1
#endif
#ifndef LWIP_TCP_PCB_NUM_EXT_ARGS
#define LWIP_TCP_PCB_NUM_EXT_ARGS 2
#endif

#include "host.h"

#endif /* LWIPOPTS_H */
