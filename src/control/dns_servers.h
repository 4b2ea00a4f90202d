/**
 * @file
 * Which DNS servers there are. Each way by which an interface is configured tells the whole list
 * that it knows for that interface, the program tells its own by lwip/dns.h; one never overwrites
 * another's.
 */
#ifndef CONTROL_DNS_SERVERS_H
#define CONTROL_DNS_SERVERS_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "base/registry.h"

/** Who told of a server, the preferred first. Routers' are asked of neighbour discovery. */
enum dns_origin {
  DNS_ORIGIN_PROGRAM,
  DNS_ORIGIN_DHCP,
  DNS_ORIGIN_RA,
  DNS_ORIGIN_DHCP6,
  DNS_ORIGIN_PPP,
  DNS_ORIGIN_COUNT
};

struct dns_server {
  ip_addr_t addr; /* "any": there is none at this place */
  u8_t netif_idx; /* to be reached by this interface; NETIF_NO_INDEX: by route */
};

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

/** All servers in the order in which to ask them; some places may be empty. @return places; valid
    until the next call */
size_t dns_servers_list(const struct dns_server **list);

extern const struct net_module dns_servers_module;

#endif /* CONTROL_DNS_SERVERS_H */
