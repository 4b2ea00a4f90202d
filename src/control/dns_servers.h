/**
 * @file
 * Where the resolver learns its servers from: each way by which an interface is configured tells
 * the whole list that it knows for that interface. One never overwrites another's.
 */
#ifndef CONTROL_DNS_SERVERS_H
#define CONTROL_DNS_SERVERS_H

#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

/** Who told of a server. */
enum dns_origin { DNS_ORIGIN_DHCP, DNS_ORIGIN_RA, DNS_ORIGIN_DHCP6, DNS_ORIGIN_PPP };

#if LWIP_DNS

/**
 * `origin` knows exactly these servers for `netif` from now on, the preferred first; what it told
 * before is forgotten.
 *
 * @param addrs  copied; may be NULL with count 0, which means that it knows none any more
 */
void dns_servers_of_netif(struct netif *netif, enum dns_origin origin, const ip_addr_t *addrs,
                          u8_t count);

#else

static inline void dns_servers_of_netif(struct netif *netif, enum dns_origin origin,
                                        const ip_addr_t *addrs, u8_t count)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(origin);
  LWIP_UNUSED_ARG(addrs);
  LWIP_UNUSED_ARG(count);
}

#endif

#endif /* CONTROL_DNS_SERVERS_H */
