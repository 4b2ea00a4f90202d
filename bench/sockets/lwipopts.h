/**
 * @file
 * The options that Debian's liblwip was built with: its own file, but for what is its port's.
 */
#ifndef BENCH_SOCKETS_LWIPOPTS_H
#define BENCH_SOCKETS_LWIPOPTS_H

#include "/usr/include/lwip/lwipopts.h"

/* Where its port has struct sockaddr; ours has it in lwip/sockets.h. */
#undef LWIP_SOCKET_EXTERNAL_HEADERS
#undef LWIP_SOCKET_EXTERNAL_HEADER_SOCKETS_H
#undef LWIP_SOCKET_EXTERNAL_HEADER_INET_H

/* Its port's own core lock. */
#undef LWIP_ASSERT_CORE_LOCKED
#undef LWIP_MARK_TCPIP_THREAD
#undef LOCK_TCPIP_CORE
#undef UNLOCK_TCPIP_CORE

#endif /* BENCH_SOCKETS_LWIPOPTS_H */
