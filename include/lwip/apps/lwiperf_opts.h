/**
 * @file
 * Options of lwiperf, for lwipopts.h.
 */
#ifndef LWIP_HDR_APPS_LWIPERF_OPTS_H
#define LWIP_HDR_APPS_LWIPERF_OPTS_H

#include "lwip/opt.h"

/** A connection on which nothing moves for so many seconds is given up. */
#ifndef LWIPERF_TCP_MAX_IDLE_SEC
#define LWIPERF_TCP_MAX_IDLE_SEC 10U
#endif

/** IP versions of lwiperf_start_tcp_server_default(). */
#ifndef LWIPERF_SERVER_IP_TYPE
#define LWIPERF_SERVER_IP_TYPE IPADDR_TYPE_ANY
#endif

/** Memory of a session. Define both or none. */
#ifndef LWIPERF_ALLOC
#define LWIPERF_ALLOC(type)      mem_malloc(sizeof(type))
#define LWIPERF_FREE(type, item) mem_free(item)
#endif

/** 1: what a server receives must be the digits 0 to 9 again and again. */
#ifndef LWIPERF_CHECK_RX_DATA
#define LWIPERF_CHECK_RX_DATA 0
#endif

#endif /* LWIP_HDR_APPS_LWIPERF_OPTS_H */
