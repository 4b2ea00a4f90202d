/** @file The constant of lwip/inet.h. A system whose own headers are used has it in its library. */
#include "lwip/inet.h"
#include "lwip/priv/build.h"

IF_IN6ADDR_ANY(const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;)
