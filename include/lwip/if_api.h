/**
 * @file
 * Names and numbers of interfaces as programs of sockets know them (RFC 3493 4), from any thread.
 */
#ifndef LWIP_HDR_IF_H
#define LWIP_HDR_IF_H

#include "lwip/opt.h"

#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_SOCKET && LWIP_COMPAT_SOCKETS == 2
#define lwip_if_indextoname if_indextoname
#define lwip_if_nametoindex if_nametoindex
#endif

/** Bytes of a name with its NUL. */
#define IF_NAMESIZE NETIF_NAMESIZE

/**
 * The name of the interface with that index.
 *
 * @param ifname  room for IF_NAMESIZE bytes
 * @return `ifname`; NULL, with errno ENXIO, when there is no such interface
 */
char *lwip_if_indextoname(unsigned int ifindex, char *ifname);

/** The index of the interface with that name; 0, with errno ENODEV, when there is none. */
unsigned int lwip_if_nametoindex(const char *ifname);

#if LWIP_SOCKET && LWIP_COMPAT_SOCKETS && LWIP_COMPAT_SOCKETS != 2
#define if_indextoname(ifindex, ifname) lwip_if_indextoname(ifindex, ifname)
#define if_nametoindex(ifname)          lwip_if_nametoindex(ifname)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_IF_H */
