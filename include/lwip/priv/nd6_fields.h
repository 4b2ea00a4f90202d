/**
 * @file
 * Members of struct netif for Neighbor Discovery that options take away, for code that has no #if.
 */
#ifndef LWIP_HDR_PRIV_ND6_FIELDS_H
#define LWIP_HDR_PRIV_ND6_FIELDS_H

#include "lwip/netif.h"

#if LWIP_IPV6

#if LWIP_IPV6_SEND_ROUTER_SOLICIT
static inline u8_t netif_rs_count(const struct netif *netif)
{
  return netif->rs_count;
}
static inline void netif_rs_count_set(struct netif *netif, u8_t count)
{
  netif->rs_count = count;
}
#else
static inline u8_t netif_rs_count(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return 0;
}
static inline void netif_rs_count_set(struct netif *netif, u8_t count)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(count);
}
#endif

#if LWIP_IPV6_AUTOCONFIG
static inline bool netif_is_autoconfigured(const struct netif *netif)
{
  return netif->ip6_autoconfig_enabled != 0;
}
#else
static inline bool netif_is_autoconfigured(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return false;
}
#endif

#if LWIP_ND6_ALLOW_RA_UPDATES
static inline void netif_mtu6_set(struct netif *netif, u16_t mtu)
{
  netif->mtu6 = mtu;
}
#else
static inline void netif_mtu6_set(struct netif *netif, u16_t mtu)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(mtu);
}
#endif

/** DNS servers that one netif remembers, as a number that may be 0; entry `i` below it. */
#if LWIP_ND6_RDNSS_MAX_DNS_SERVERS > 0
static inline struct nd6_dns_server *netif_dns_server(struct netif *netif, unsigned i)
{
  return &netif->nd6.dns_server[i];
}
#else
static inline struct nd6_dns_server *netif_dns_server(struct netif *netif, unsigned i)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(i);
  return NULL;
}
#endif

/** Our own advertisements on the netif; NULL: we are a host there. */
#define ND6_ADVERT(netif) (LWIP_ROUTER_ADVERT ? (netif)->nd6.advert : NULL)

#endif /* LWIP_IPV6 */

#endif /* LWIP_HDR_PRIV_ND6_FIELDS_H */
