/** @file The constant of lwip/inet.h. A system whose own headers are used has it in its library. */
#include "lwip/opt.h"

#if LWIP_IPV6 && !LWIP_SOCKET_EXTERNAL_HEADERS
#include "lwip/inet.h"

const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
#endif
