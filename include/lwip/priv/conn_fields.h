/**
 * @file
 * Optional members of struct netconn, as functions that always exist.
 */
#ifndef LWIP_HDR_CONN_FIELDS_H
#define LWIP_HDR_CONN_FIELDS_H

#include <limits.h>
#include <stdbool.h>
#include "lwip/api.h"
#include "gossamer/ip_rx.h"
#include "gossamer/multicast.h"
#include "lwip/netif.h"
#include "lwip/udp.h"

#if LWIP_NETCONN || LWIP_SOCKET

/* The first argument where the build has the protocol, else the second. */
#if LWIP_TCP
#define CONN_IF_TCP(yes, no) (yes)
#else
#define CONN_IF_TCP(yes, no) (no)
#endif
#if LWIP_UDP
#define CONN_IF_UDP(yes, no) (yes)
#else
#define CONN_IF_UDP(yes, no) (no)
#endif
#if LWIP_RAW
#define CONN_IF_RAW(yes, no) (yes)
#else
#define CONN_IF_RAW(yes, no) (no)
#endif

/** The bit of enum netconn_type that says IPv6; 0 where there is none. */
#if LWIP_IPV6
#define CONN_TYPE_V6 NETCONN_TYPE_IPV6
#else
#define CONN_TYPE_V6 0
#endif

/** Does a raw endpoint want ICMP messages of this type? */
static inline bool conn_wants_icmp_type(const struct netconn *conn, u8_t proto, u8_t type)
{
#if LWIP_SOCKET && LWIP_RAW
  if (conn->icmp_filter == NULL || (proto == 1 && type > 31)) {
    return true;
  }
  return (conn->icmp_filter[type / 32] & (1UL << (type % 32))) == 0;
#else
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(proto);
  LWIP_UNUSED_ARG(type);
  return true;
#endif
}

/** What a connection starts with. */
static inline void conn_fields_init(struct netconn *conn)
{
#if LWIP_SO_RCVBUF
  conn->recv_bufsize = RECV_BUFSIZE_DEFAULT;
#endif
#if LWIP_SO_LINGER
  conn->linger = -1;
#endif
  LWIP_UNUSED_ARG(conn);
}

/** ... and what one that was accepted has from its listener. */
static inline void conn_fields_inherit(struct netconn *conn, const struct netconn *listener)
{
#if LWIP_SO_RCVBUF
  conn->recv_bufsize = listener->recv_bufsize;
#endif
#if LWIP_SO_LINGER
  conn->linger = listener->linger;
#endif
#if LWIP_SOCKET
  conn->send_bounds = listener->send_bounds;
#endif
#if LWIP_TCP && LWIP_TCP_URGENT
  conn->urgent_inline = listener->urgent_inline;
#endif
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(listener);
}

/** Milliseconds; 0: for ever. */
static inline u32_t conn_recv_timeout_ms(const struct netconn *conn)
{
#if LWIP_SO_RCVTIMEO
  return conn->recv_timeout;
#else
  LWIP_UNUSED_ARG(conn);
  return 0;
#endif
}

static inline u32_t conn_send_timeout_ms(const struct netconn *conn)
{
#if LWIP_SO_SNDTIMEO
  return (u32_t)LWIP_MAX(conn->send_timeout, 0);
#else
  LWIP_UNUSED_ARG(conn);
  return 0;
#endif
}

/** Bytes of datagrams that may wait. */
static inline int conn_recv_limit(const struct netconn *conn)
{
#if LWIP_SO_RCVBUF
  return conn->recv_bufsize;
#else
  LWIP_UNUSED_ARG(conn);
  return INT_MAX;
#endif
}

static inline struct conn_send_bounds conn_send_bounds(const struct netconn *conn)
{
#if LWIP_SOCKET
  return conn->send_bounds;
#else
  const struct conn_send_bounds none = {0, 0, 0};
  LWIP_UNUSED_ARG(conn);
  return none;
#endif
}

/** Seconds to wait for the peer at a close; negative: not at all, 0: reset. */
static inline s32_t conn_linger_s(const struct netconn *conn)
{
#if LWIP_SO_LINGER
  return conn->linger;
#else
  LWIP_UNUSED_ARG(conn);
  return -1;
#endif
}

/** Does it speak IPv6 alone? */
static inline bool conn_is_v6only(const struct netconn *conn)
{
#if LWIP_IPV6
  return netconn_get_ipv6only(conn);
#else
  LWIP_UNUSED_ARG(conn);
  return false;
#endif
}

/** Is the address on a network that the interface has an address in? */
static inline bool conn_netif_has_net(const struct netif *netif, const ip_addr_t *addr)
{
#if LWIP_IPV6
  for (s8_t i = 0; IP_IS_V6(addr) && i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!ip6_addr_isinvalid(netif_ip6_addr_state(netif, i)) &&
        ip6_addr_net_zoneless_eq(ip_2_ip6(addr), netif_ip6_addr(netif, i))) {
      return true;
    }
  }
#endif
#if LWIP_IPV4
  return !IP_IS_V6(addr) && !ip4_addr_isany_val(*netif_ip4_addr(netif)) &&
         ip4_addr_net_eq(ip_2_ip4(addr), netif_ip4_addr(netif), netif_ip4_netmask(netif));
#else
  return false;
#endif
}

/** Note in a datagram that has come how it came. */
static inline void conn_note_info(struct netbuf *buf, const struct netconn *conn,
                                  const struct ip_rx *rx)
{
#if LWIP_NETBUF_RECVINFO
#if LWIP_UDP
  buf->toport_chksum = NETCONNTYPE_GROUP(conn->type) == NETCONN_UDP ? conn->pcb.udp->local_port : 0;
#endif
  ip_addr_copy(buf->toaddr, rx->dst);
  buf->if_idx = netif_get_index(rx->input_netif);
  buf->ttl = rx->ttl;
  buf->tos = rx->tos;
  buf->flags |= NETBUF_FLAG_DESTADDR;
#else
  LWIP_UNUSED_ARG(buf);
  LWIP_UNUSED_ARG(rx);
#endif
  LWIP_UNUSED_ARG(conn);
}

/** The checksum that a program has computed of the data, if it has. */
static inline u16_t conn_noted_checksum(const struct netbuf *buf, bool *has_sum)
{
#if LWIP_CHECKSUM_ON_COPY
  *has_sum = buf != NULL && (buf->flags & NETBUF_FLAG_CHKSUM) != 0;
  return *has_sum ? buf->toport_chksum : 0;
#else
  LWIP_UNUSED_ARG(buf);
  *has_sum = false;
  return 0;
#endif
}

#if LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD)

/** One membership of a connection. */
struct conn_group {
  struct conn_group *next;
  struct mcast_membership m;
};

/** `netif` NULL: by any. */
struct mcast_membership *conn_group_find(const struct netconn *conn, const struct netif *netif,
                                         const ip_addr_t *group);
/** As mcast_join(); ERR_USE: it is a member already. */
err_t conn_group_join(struct netconn *conn, struct netif *netif, const ip_addr_t *group,
                      enum mcast_mode mode, const ip_addr_t *sources, u16_t num_sources);
/** ERR_VAL: it is none. */
err_t conn_group_leave(struct netconn *conn, const struct netif *netif, const ip_addr_t *group);
void conn_groups_leave(struct netconn *conn);
/** Does the connection want the packet, if it is one to a group? */
bool conn_groups_accept(const struct netconn *conn, const struct ip_rx *rx);

#else

static inline void conn_groups_leave(struct netconn *conn)
{
  LWIP_UNUSED_ARG(conn);
}
static inline bool conn_groups_accept(const struct netconn *conn, const struct ip_rx *rx)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(rx);
  return true;
}

#endif

#endif /* LWIP_NETCONN || LWIP_SOCKET */

#endif /* LWIP_HDR_CONN_FIELDS_H */
