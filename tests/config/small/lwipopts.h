/**
 * @file
 * All memory of an instance in 32 KiB: the device profile's fixed pools, with TCP, many instances
 * for the simulator.
 */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#ifndef LWIP_MULTI_INSTANCE
#define LWIP_MULTI_INSTANCE 1
#endif
#ifndef LWIP_IPV6
#define LWIP_IPV6 0
#endif

/* TCP, with all that the host profile has */
#ifndef LWIP_TCP
#define LWIP_TCP 1
#endif
#ifndef TCP_MSS
#define TCP_MSS 536
#endif
#ifndef TCP_WND
#define TCP_WND (4 * TCP_MSS)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF (4 * TCP_MSS)
#endif
#ifndef TCP_SND_QUEUELEN
#define TCP_SND_QUEUELEN 8
#endif
#ifndef TCP_LISTEN_BACKLOG
#define TCP_LISTEN_BACKLOG 1
#endif
#ifndef LWIP_TCP_TIMESTAMPS
#define LWIP_TCP_TIMESTAMPS 1
#endif
#ifndef LWIP_TCP_SACK_OUT
#define LWIP_TCP_SACK_OUT 1
#endif
#ifndef LWIP_TCP_SACK_IN
#define LWIP_TCP_SACK_IN 1
#endif
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB 4
#endif
#ifndef MEMP_NUM_TCP_PCB_LISTEN
#define MEMP_NUM_TCP_PCB_LISTEN 1
#endif
#ifndef MEMP_NUM_TCP_HALF_OPEN
#define MEMP_NUM_TCP_HALF_OPEN 4
#endif
#ifndef MEMP_NUM_TCP_TW
#define MEMP_NUM_TCP_TW 8
#endif
#ifndef MEMP_NUM_TCP_SEG
#define MEMP_NUM_TCP_SEG 12
#endif

/* Memory */
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 8
#endif
#ifndef MEM_SIZE
#define MEM_SIZE (10 * 1024)
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 12
#endif
#ifndef PBUF_POOL_BUFSIZE
#define PBUF_POOL_BUFSIZE 640
#endif
#ifndef MEMP_NUM_UDP_PCB
#define MEMP_NUM_UDP_PCB 1
#endif
#ifndef LWIP_RAW
#define LWIP_RAW 0
#endif
#ifndef LWIP_IGMP
#define LWIP_IGMP 0
#endif
#ifndef LWIP_PMTU_NUM_DESTINATIONS
#define LWIP_PMTU_NUM_DESTINATIONS 4
#endif
#ifndef LWIP_TESTMODE
#define LWIP_TESTMODE 1
#endif
#ifndef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 0
#endif

#include "device.h"

#endif /* LWIPOPTS_H */
