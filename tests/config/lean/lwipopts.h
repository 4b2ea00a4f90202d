/** @file TCP as the smallest firmware has it: every option off; one function hears of everything.
 */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define LWIP_EVENT_API    1
#define LWIP_CALLBACK_API 0
#define LWIP_ALTCP        0
#define LWIP_NETCONN      0
#define LWIP_SOCKET       0

#define LWIP_WND_SCALE        0
#define TCP_WND               65535
#define TCP_SND_BUF           65535
#define TCP_SND_QUEUELEN      200
#define TCP_QUEUE_OOSEQ       0
#define LWIP_TCP_SACK_OUT     0
#define LWIP_TCP_SACK_IN      0
#define LWIP_TCP_RACK         0
#define LWIP_TCP_CUBIC        0
#define LWIP_TCP_HYSTART      0
#define LWIP_TCP_ECN          0
#define LWIP_TCP_TIMESTAMPS   0
#define LWIP_TCP_URGENT       0
#define LWIP_TCP_KEEPALIVE    0
#define LWIP_TCP_SYNCACHE     0
#define LWIP_TCP_SYN_COOKIES  0
#define TCP_LISTEN_BACKLOG    0
#define TCP_OVERSIZE          0
#define TCP_HASH_SIZE         1
#define TCP_HASH_SIZE_MAX     1
#define LWIP_TCP_USER_TIMEOUT 0
#define LWIP_OFFLOAD          0
#define LWIP_PMTU_DISCOVERY   0

/* Tests */
#define LWIP_TESTMODE        1
#define LWIP_FAULT_INJECTION 1

#include "host.h"

#endif /* LWIPOPTS_H */
