/**
 * @file
 * Where etharp.h and ethernet.h stood in older programs.
 */
#ifndef LWIP_HDR_NETIF_ETHARP_H
#define LWIP_HDR_NETIF_ETHARP_H

#include "lwip/etharp.h"
#include "netif/ethernet.h"

#endif /* LWIP_HDR_NETIF_ETHARP_H */
