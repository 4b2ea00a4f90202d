/** @file Threads as lwIP has them: whoever calls the core has its lock, and drivers take it, too. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define LWIP_TESTMODE                 1
#define LWIP_FAULT_INJECTION          1
#define TCPIP_MBOX_SIZE               32
#define LWIP_THREAD_SAFE_API          0
#define LWIP_CHECK_THREAD_SAFETY      1
#define LWIP_TCPIP_CORE_LOCKING_INPUT 1
#define LWIP_IPV6                     0

#include "host.h"

#endif /* LWIPOPTS_H */
