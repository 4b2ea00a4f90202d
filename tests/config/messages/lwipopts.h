/** @file Threads without core locking: every call into the core is a message to its thread. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define LWIP_TESTMODE               1
#define LWIP_FAULT_INJECTION        1
#define TCPIP_MBOX_SIZE             32
#define LWIP_TCPIP_CORE_LOCKING     0
#define LWIP_CHECK_THREAD_SAFETY    1
#define LWIP_NETCONN_SEM_PER_THREAD 0
#define LWIP_IPV6                   0

#include "host.h"

#endif /* LWIPOPTS_H */
