/** @file The host profile with everything that tests want to see and break. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

/* Tests */
#ifndef LWIP_TESTMODE
#define LWIP_TESTMODE 1
#endif
#ifndef LWIP_FAULT_INJECTION
#define LWIP_FAULT_INJECTION 1
#endif
#ifndef TCPIP_MBOX_SIZE
#define TCPIP_MBOX_SIZE 32 /* can be filled */
#endif
#ifndef LWIP_TCP_PCB_NUM_EXT_ARGS
#define LWIP_TCP_PCB_NUM_EXT_ARGS 2
#endif

#include "host.h"

#endif /* LWIPOPTS_H */
