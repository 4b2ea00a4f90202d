/**
 * @file
 * What pcbs of all kinds do with addresses, routes and headers, for both families.
 */
#ifndef TRANSPORT_PCB_ADDR_H
#define TRANSPORT_PCB_ADDR_H

#include <stdbool.h>
#include <string.h>
#include "lwip/ip.h"
#include "lwip/priv/netif_fields.h"
#include "base/registry.h"

/** "Any" of the pcb's own family, or of both. */
static inline const ip_addr_t *pcb_any(const ip_addr_t *local_ip)
{
  LWIP_UNUSED_ARG(local_ip);
  return IP_IS_ANY_TYPE_VAL(*local_ip) ? IP_ANY_TYPE : IP46_ADDR_ANY(IP_GET_TYPE(local_ip));
}

/**
 * `addr`, or for ::ffff:a.b.c.d the a.b.c.d, put into `buf`: such addresses are not for the wire.
 *
 * @return NULL: it is one, and there is no IPv4 in this build
 */
const ip_addr_t *pcb_addr_unmapped(const ip_addr_t *addr, ip_addr_t *buf);

/** SOF_REUSEPORT is an option of sockets. */
enum { PCB_SHARES_PORTS = SO_REUSE && LWIP_SOCKET };

/** What decides by which netif a pcb sends. */
struct pcb_route {
  u8_t netif_idx;              /* the netif it is bound to; 0: none */
  bool is_netif_gone;          /* the netif that it was bound to is no more: no way to send */
  bool is_direct;              /* by no router (SOF_DONTROUTE) */
  u8_t mcast_ifindex;          /* for groups; 0: none */
  const ip4_addr_t *mcast_ip4; /* for IPv4 groups, an address of the netif; NULL: none */
  const ip_addr_t *local;      /* the pcb's address, or any */
};

/** The netif for a packet to `dst`, or NULL. */
struct netif *pcb_route_find(const struct pcb_route *r, const ip_addr_t *dst);

/** Has the program asked for no routers? */
static inline bool pcb_is_direct(u8_t so_options)
{
  return LWIP_SOCKET && (so_options & SOF_DONTROUTE);
}

/** Store a peer's address; a link-local one without zone gets that of its route. */
void pcb_remote_set(ip_addr_t *to, const ip_addr_t *addr, const struct pcb_route *r);

/** Store an address of ours or a group; a link-local one without zone gets that of its netif. */
void pcb_local_set(ip_addr_t *to, const ip_addr_t *addr, const struct pcb_route *r);

/**
 * `dst`, or for a link-local address without zone that in the zone of `netif`, put into `buf`.
 *
 * @return NULL: it is in the zone of another netif
 */
const ip_addr_t *pcb_zoned(const ip_addr_t *dst, const struct netif *netif, ip_addr_t *buf);

/**
 * The source address for a packet to `dst` by `netif`.
 *
 * @param local  the pcb's address; any or a group: choose one of the netif's
 * @return false: `local` is not an address of `netif`, or it has none of the family
 */
bool pcb_source(ip_addr_t *src, const ip_addr_t *local, struct netif *netif, const ip_addr_t *dst);

/**
 * Does a pcb with this local address take packets to `dst`? Broadcasts: when any, or when the
 * address is of the netif and in that subnet.
 *
 * @param flags  IP_RX_*
 */
bool pcb_local_takes(const ip_addr_t *local, const ip_addr_t *dst, const struct netif *netif,
                     u8_t flags);

/** What a pcb with these so_options says about fragments of `p`. */
static inline void pcb_mark_df(struct pbuf *p, u8_t so_options)
{
  u8_t never = (so_options & SOF_DF_NEVER) ? PBUF_FLAG_DF_NEVER : 0;
  u8_t always = (so_options & SOF_DF_ALWAYS) ? PBUF_FLAG_DF_ALWAYS : 0;
  p->flags = (u8_t)((p->flags & ~(PBUF_FLAG_DF_NEVER | PBUF_FLAG_DF_ALWAYS)) | never | always);
}

/** Is what is known of the path not to be asked? */
static inline bool pcb_probes_path(u8_t so_options)
{
  return (so_options & SOF_DF_NEVER) && (so_options & SOF_DF_ALWAYS);
}

/** Time to live or hop limit: the pcb's, or where nobody has set that the link's or the default. */
static inline u8_t pcb_ttl(u8_t ttl, const ip_addr_t *dst, const struct netif *netif, u8_t unset)
{
  LWIP_UNUSED_ARG(dst);
  if (ttl != 0) {
    return ttl;
  }
  return IP_IS_V6(dst) ? netif_hop_limit_or(netif, unset) : unset;
}

/** What a new pcb of this type has: 0 where IPv6 may ask routers. */
static inline u8_t pcb_ttl_initial(u8_t type, u8_t ttl)
{
  LWIP_UNUSED_ARG(type);
  return LWIP_IPV4 && (!LWIP_IPV6 || type == IPADDR_TYPE_V4) ? ttl : 0;
}

/** Longest packet to `dst` by `netif` that arrives whole, as far as is known. */
u16_t pcb_path_mtu(const ip_addr_t *dst, const struct netif *netif);

/** What a pcb has bound itself to, its port apart. */
struct pcb_end {
  const ip_addr_t *local;
  u8_t netif_idx;
  u8_t so_options;
};

/**
 * Of `count` pcbs that share a port (SOF_REUSEPORT) the one that serves a peer: always the same,
 * and strangers cannot tell which.
 */
u32_t pcb_share_of(const ip_addr_t *remote, u16_t remote_port, u32_t count);

/** Would two ends of one port get the same packets, without both having agreed to that
    (SOF_REUSEADDR, or SOF_REUSEPORT)? */
bool pcb_ends_conflict(const struct pcb_end *a, const struct pcb_end *b);

/** The address without its zone as words for a hash. @return how many: 1 or 4 */
static inline unsigned pcb_addr_words(u32_t words[4], const ip_addr_t *addr)
{
  if (IP_IS_V6(addr)) {
    memcpy(words, ip_2_ip6(addr)->addr, 16);
    return 4;
  }
  words[0] = ip4_addr_get_u32(ip_2_ip4(addr));
  return 1;
}

/** Is it an address of this netif, up or not, in whatever state? */
bool pcb_addr_is_of(const struct netif *netif, const ip_addr_t *addr);

/** Is it (still) an address of a netif that is up? */
bool pcb_addr_is_ours(const ip_addr_t *addr);

/** Is the pcb bound to another netif? */
static inline bool pcb_netif_differs(u8_t netif_idx, const struct netif *netif)
{
  return netif_idx != NETIF_NO_INDEX && netif_idx != netif_get_index(netif);
}

/** The so_options that a receiver of the packet must have. */
static inline u8_t pcb_options_to_receive(u8_t rx_flags)
{
  return (IP_SOF_BROADCAST_RECV && (rx_flags & IP_RX_BROADCAST)) ? SOF_BROADCAST : 0;
}

/** May a pcb with these so_options send to `dst` (IP_SOF_BROADCAST)? */
static inline bool pcb_may_send_to(u8_t so_options, const ip_addr_t *dst, struct netif *netif)
{
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(netif);
  return !IP_SOF_BROADCAST || (so_options & SOF_BROADCAST) || !ip_addr_isbroadcast(dst, netif);
}

/**
 * `len` bytes for a header in front of `p`, with room for all headers below: in `p` itself when it
 * is the caller's alone and has the room, else in a new pbuf. Give back by pcb_header_done().
 *
 * @return NULL: no memory
 */
struct pbuf *pcb_header_add(struct pbuf *p, u16_t len);

/**
 * After sending: frees the new pbuf, or makes `p` begin where it did. Not while a lower layer keeps
 * it: that one relies on what stands there.
 *
 * @param len  of `p` before
 */
void pcb_header_done(struct pbuf *q, struct pbuf *p, u16_t len);

/** What an ICMP error means to the caller of a transport. */
err_t pcb_err_of(enum ip_error_kind kind);

#endif /* TRANSPORT_PCB_ADDR_H */
