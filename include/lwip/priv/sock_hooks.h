/**
 * @file
 * What sockets ask of options of the build: hooks, optional members, levels that exist.
 */
#ifndef LWIP_HDR_SOCK_HOOKS_H
#define LWIP_HDR_SOCK_HOOKS_H

#include "lwip/sockets.h"
#include "lwip/priv/conn_fields.h"
#include "lwip/tcp.h"
#include "lwip/netif.h"
#include "lwip/priv/pcb_fields.h"
#include "lwip/priv/tcp_priv.h"
#include "gossamer/tcp_limits.h"
#include "gossamer/tcp_user_timeout.h"
#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

#if LWIP_SOCKET

struct sock;

/* Headers that have POLLIN may lack it. */
#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

#if LWIP_TCP
#define SOCK_IF_TCP(...) __VA_ARGS__
#else
#define SOCK_IF_TCP(...)
#endif
#if LWIP_TCP && LWIP_TCP_URGENT
#define SOCK_IF_URGENT(...) __VA_ARGS__
#else
#define SOCK_IF_URGENT(...)
#endif
#if LWIP_IPV6
#define SOCK_IF_IPV6(...) __VA_ARGS__
#else
#define SOCK_IF_IPV6(...)
#endif
#if LWIP_UDPLITE
#define SOCK_IF_UDPLITE(...) __VA_ARGS__
#else
#define SOCK_IF_UDPLITE(...)
#endif
#if LWIP_RAW
#define SOCK_IF_RAW(...) __VA_ARGS__
#else
#define SOCK_IF_RAW(...)
#endif
#if LWIP_RAW && LWIP_IPV6
#define SOCK_IF_RAW6(...) __VA_ARGS__
#else
#define SOCK_IF_RAW6(...)
#endif

#if LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD)
#define SOCK_IF_GROUPS(...) __VA_ARGS__
#else
#define SOCK_IF_GROUPS(...)
#endif
#if LWIP_IPV4 && LWIP_IGMP
#define SOCK_IF_IGMP(...) __VA_ARGS__
#else
#define SOCK_IF_IGMP(...)
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
#define SOCK_IF_MLD(...) __VA_ARGS__
#else
#define SOCK_IF_MLD(...)
#endif

/* --- hooks: true when the program has dealt with the option --- */

static inline bool sock_hook_setsockopt(int s, struct sock *sock, int level, int optname,
                                        const void *optval, socklen_t optlen, int *error)
{
  LWIP_UNUSED_ARG(s);
  LWIP_UNUSED_ARG(sock);
  LWIP_UNUSED_ARG(level);
  LWIP_UNUSED_ARG(optname);
  LWIP_UNUSED_ARG(optval);
  LWIP_UNUSED_ARG(optlen);
  LWIP_UNUSED_ARG(error);
#ifdef LWIP_HOOK_SOCKETS_SETSOCKOPT
  int err = 0;
  bool is_done = LWIP_HOOK_SOCKETS_SETSOCKOPT(s, sock, level, optname, optval, optlen, &err) != 0;
  *error = -err;
  return is_done;
#else
  return false;
#endif
}

static inline bool sock_hook_getsockopt(int s, struct sock *sock, int level, int optname,
                                        void *optval, socklen_t *optlen, int *error)
{
  LWIP_UNUSED_ARG(s);
  LWIP_UNUSED_ARG(sock);
  LWIP_UNUSED_ARG(level);
  LWIP_UNUSED_ARG(optname);
  LWIP_UNUSED_ARG(optval);
  LWIP_UNUSED_ARG(optlen);
  LWIP_UNUSED_ARG(error);
#ifdef LWIP_HOOK_SOCKETS_GETSOCKOPT
  int err = 0;
  bool is_done = LWIP_HOOK_SOCKETS_GETSOCKOPT(s, sock, level, optname, optval, optlen, &err) != 0;
  *error = -err;
  return is_done;
#else
  return false;
#endif
}

/* --- optional members of connections: false, they are not there --- */

static inline bool conn_set_recv_timeout_ms(struct netconn *conn, u32_t timeout_ms)
{
#if LWIP_SO_RCVTIMEO
  conn->recv_timeout = timeout_ms;
  return true;
#else
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(timeout_ms);
  return false;
#endif
}

static inline bool conn_set_send_timeout_ms(struct netconn *conn, u32_t timeout_ms)
{
#if LWIP_SO_SNDTIMEO
  conn->send_timeout = (s32_t)LWIP_MIN(timeout_ms, 0x7fffffffU);
  return true;
#else
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(timeout_ms);
  return false;
#endif
}

static inline bool conn_set_recv_limit(struct netconn *conn, int limit)
{
#if LWIP_SO_RCVBUF
  conn->recv_bufsize = limit;
  return true;
#else
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(limit);
  return false;
#endif
}

static inline bool conn_set_linger(struct netconn *conn, s32_t linger_s)
{
#if LWIP_SO_LINGER
  conn->linger = linger_s;
  return true;
#else
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(linger_s);
  return false;
#endif
}

/* --- times: struct timeval, or an int of milliseconds (LWIP_SO_SNDRCVTIMEO_NONSTANDARD) --- */

#if LWIP_SO_SNDRCVTIMEO_NONSTANDARD
typedef int sock_timeout_t;
#else
typedef struct timeval sock_timeout_t;
#endif

static inline int sock_timeout_put(void *value, socklen_t *len, u32_t timeout_ms)
{
  sock_timeout_t t;
#if LWIP_SO_SNDRCVTIMEO_NONSTANDARD
  t = (int)timeout_ms;
#else
  t.tv_sec = (long)(timeout_ms / 1000U);
  t.tv_usec = (long)(timeout_ms % 1000U) * 1000;
#endif
  if (*len < sizeof t) {
    return -EINVAL;
  }
  memcpy(value, &t, sizeof t);
  *len = sizeof t;
  return 0;
}

/** Rounded up: a short time is not none. @return 0; -EINVAL; -EDOM */
static inline int sock_timeout_get(const void *value, socklen_t len, u32_t *timeout_ms)
{
  sock_timeout_t t;
  if (len < sizeof t) {
    return -EINVAL;
  }
  memcpy(&t, value, sizeof t);
#if LWIP_SO_SNDRCVTIMEO_NONSTANDARD
  *timeout_ms = (u32_t)LWIP_MAX(t, 0);
#else
  if (t.tv_usec < 0 || t.tv_usec >= 1000000 || t.tv_sec < 0) {
    return -EDOM;
  }
  *timeout_ms = t.tv_sec >= 0x7fffffff / 1000
                    ? 0x7fffffffU
                    : (u32_t)t.tv_sec * 1000U + (u32_t)((t.tv_usec + 999) / 1000);
#endif
  return 0;
}

/* --- groups --- */

/* What is sent to groups: its hop limit, and the interface it leaves by (0: by route). */
enum sock_mcast { SOCK_MCAST_TTL, SOCK_MCAST_IF };

/** Where UDP or raw keeps it; NULL: LWIP_MULTICAST_TX_OPTIONS 0. */
static inline u8_t *sock_mcast(const struct netconn *conn, enum sock_mcast what)
{
#if LWIP_MULTICAST_TX_OPTIONS
  if (NETCONNTYPE_GROUP(conn->type) == NETCONN_UDP) {
    return what == SOCK_MCAST_TTL ? &conn->pcb.udp->mcast_ttl : &conn->pcb.udp->mcast_ifindex;
  }
  return what == SOCK_MCAST_TTL ? &conn->pcb.raw->mcast_ttl : &conn->pcb.raw->mcast_ifindex;
#else
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(what);
  return NULL;
#endif
}

/** The interface with this address; NULL: none. */
static inline struct netif *sock_netif_of(const ip_addr_t *addr)
{
#if LWIP_IPV4
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (!IP_IS_V6(addr) && ip4_addr_eq(netif_ip4_addr(netif), ip_2_ip4(addr))) {
      return netif;
    }
  }
#else
  LWIP_UNUSED_ARG(addr);
#endif
  return NULL;
}

static inline void sock_ip4_set(ip_addr_t *addr, u32_t value)
{
#if LWIP_IPV4
  ip_addr_set_ip4_u32(addr, value);
#else
  LWIP_UNUSED_ARG(value);
  ip_addr_set_any(1, addr);
#endif
}

/** The address of the interface with this index, in network order; 0: it has none. */
static inline u32_t sock_ip4_of(u8_t index)
{
#if LWIP_IPV4
  struct netif *netif = netif_get_by_index(index);
  return netif != NULL ? ip4_addr_get_u32(netif_ip4_addr(netif)) : 0;
#else
  LWIP_UNUSED_ARG(index);
  return 0;
#endif
}

/** struct ipv6_mreq. @return false: too short, or there is no IPv6 */
static inline bool sock_mreq6(const void *value, socklen_t len, ip_addr_t *group, unsigned *index)
{
#if LWIP_IPV6
  struct ipv6_mreq r;
  if (len < sizeof r) {
    return false;
  }
  memcpy(&r, value, sizeof r);
  inet6_addr_to_ip6addr(ip_2_ip6(group), &r.ipv6mr_multiaddr);
  IP_SET_TYPE(group, IPADDR_TYPE_V6);
  *index = r.ipv6mr_interface;
  return true;
#else
  LWIP_UNUSED_ARG(value);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(group);
  LWIP_UNUSED_ARG(index);
  return false;
#endif
}

/* --- addresses in text; NULL or 0: not to be had --- */

static inline const char *sock_ntoa4(const void *src, char *dst, socklen_t size)
{
#if LWIP_IPV4
  ip4_addr_t addr;
  memcpy(&addr, src, sizeof addr);
  return ip4addr_ntoa_r(&addr, dst, (int)size);
#else
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(size);
  return NULL;
#endif
}

static inline const char *sock_ntoa6(const void *src, char *dst, socklen_t size)
{
#if LWIP_IPV6
  ip6_addr_t addr;
  memset(&addr, 0, sizeof addr);
  memcpy(addr.addr, src, sizeof addr.addr);
  return ip6addr_ntoa_r(&addr, dst, (int)size);
#else
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  LWIP_UNUSED_ARG(size);
  return NULL;
#endif
}

static inline int sock_aton4(const char *src, void *dst)
{
#if LWIP_IPV4
  ip4_addr_t addr;
  if (!ip4addr_aton(src, &addr)) {
    return 0;
  }
  memcpy(dst, &addr, sizeof addr);
  return 1;
#else
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  return 0;
#endif
}

static inline int sock_aton6(const char *src, void *dst)
{
#if LWIP_IPV6
  ip6_addr_t addr;
  if (!ip6addr_aton(src, &addr)) {
    return 0;
  }
  memcpy(dst, addr.addr, sizeof addr.addr);
  return 1;
#else
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  return 0;
#endif
}

/* --- TCP --- */

/** Options of a stream that its pcb has while there is one. */
struct sock_kept_tcp {
  u32_t flags; /* of SOCK_TCP_FLAGS */
  u32_t keep_idle_ms;
  u32_t keep_intvl_ms;
  int rcvbuf; /* SO_RCVBUF; 0: not set */
  u8_t keep_cnt;
};
#define SOCK_TCP_FLAGS (TF_NODELAY | TF_CORK)

/** SO_RCVBUF: what was set, or what a window may grow to. */
static inline int sock_kept_rcvbuf(const struct sock_kept_tcp *kept)
{
  return kept->rcvbuf != 0 ? kept->rcvbuf : (int)TCP_WND;
}

/** @return false: LWIP_TCP_LIMITS 0 */
static inline bool sock_kept_rcvbuf_set(struct sock_kept_tcp *kept, int value)
{
  kept->rcvbuf = LWIP_MIN(value, (int)TCP_WND);
  return LWIP_TCP_LIMITS;
}

#if LWIP_TCP

/* Bounds of segments; -ENOPROTOOPT: LWIP_TCP_LIMITS 0. */

static inline int sock_maxseg_get(const struct tcp_pcb *pcb)
{
#if LWIP_TCP_LIMITS
  return tcp_get_max_segment(pcb);
#else
  return pcb->state == LISTEN ? TCP_MSS : tcp_mss(pcb);
#endif
}

static inline int sock_maxseg_set(struct tcp_pcb *pcb, int value)
{
#if LWIP_TCP_LIMITS
  bool is_wrong = value < 0 || value > 0xffff;
  return is_wrong || tcp_set_max_segment(pcb, (u16_t)value) != ERR_OK ? -EINVAL : 0;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(value);
  return -ENOPROTOOPT;
#endif
}

/** IPV6_MTU of a stream bounds its segments. `mtu` 0: as long as TCP makes them. */
static inline int sock_tcp_mtu_set(const struct netconn *conn, u16_t mtu)
{
  const int headers = 40 + 20;
  if (conn->pcb.tcp == NULL) {
    return 0; /* gone */
  }
  int mss = mtu != 0 ? LWIP_MIN(mtu - headers, sock_maxseg_get(conn->pcb.tcp)) : 0xffff;
  return sock_maxseg_set(conn->pcb.tcp, mss);
}

static inline u32_t sock_tcp_send_buffer(void)
{
  return TCP_SND_BUF;
}

/** For so many bytes there is room when poll() says so, unless SO_SNDLOWAT does. */
static inline int sock_tcp_send_lowat(void)
{
  return TCP_SNDLOWAT + 1;
}

/* The user timeout in milliseconds; -ENOPROTOOPT: LWIP_TCP_USER_TIMEOUT 0. */

static inline int sock_user_timeout_get(const struct tcp_pcb *pcb, int *value)
{
#if LWIP_TCP_USER_TIMEOUT
  *value = (int)LWIP_MIN(tcp_get_user_timeout(pcb), 0x7fffffffU);
  return 0;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(value);
  return -ENOPROTOOPT;
#endif
}

static inline int sock_user_timeout_set(struct tcp_pcb *pcb, int value)
{
#if LWIP_TCP_USER_TIMEOUT
  tcp_set_user_timeout(pcb, (u32_t)value);
  return 0;
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(value);
  return -ENOPROTOOPT;
#endif
}

static inline void sock_kept_tcp_note(struct sock_kept_tcp *kept, const struct tcp_pcb *pcb)
{
  kept->flags = pcb->flags & SOCK_TCP_FLAGS;
  kept->keep_idle_ms = pcb->keep_idle;
#if LWIP_TCP_KEEPALIVE
  kept->keep_intvl_ms = pcb->keep_intvl;
  kept->keep_cnt = pcb->keep_cnt;
#else
  kept->keep_intvl_ms = TCP_KEEPINTVL_DEFAULT;
  kept->keep_cnt = TCP_KEEPCNT_DEFAULT;
#endif
}

/** Connections and listeners. */
static inline void sock_kept_rcvbuf_apply(const struct sock_kept_tcp *kept, struct tcp_pcb *pcb)
{
#if LWIP_TCP_LIMITS
  if (kept->rcvbuf != 0) {
    tcp_set_receive_limit(pcb, (u32_t)kept->rcvbuf);
  }
#else
  LWIP_UNUSED_ARG(kept);
  LWIP_UNUSED_ARG(pcb);
#endif
}

/** Connections alone. */
static inline void sock_kept_tcp_apply(const struct sock_kept_tcp *kept, struct tcp_pcb *pcb)
{
  pcb->flags = (pcb->flags & ~SOCK_TCP_FLAGS) | kept->flags;
  pcb->keep_idle = kept->keep_idle_ms;
#if LWIP_TCP_KEEPALIVE
  pcb->keep_intvl = kept->keep_intvl_ms;
  pcb->keep_cnt = kept->keep_cnt;
#endif
  tcp_output(pcb); /* what was held back; and an idle connection has no timer that would notice */
}

#else

static inline void sock_kept_rcvbuf_apply(const struct sock_kept_tcp *kept, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(kept);
  LWIP_UNUSED_ARG(pcb);
}

static inline void sock_kept_tcp_note(struct sock_kept_tcp *kept, const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(kept);
  LWIP_UNUSED_ARG(pcb);
}

static inline void sock_kept_tcp_apply(const struct sock_kept_tcp *kept, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(kept);
  LWIP_UNUSED_ARG(pcb);
}

static inline int sock_tcp_mtu_set(const struct netconn *conn, u16_t mtu)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(mtu);
  return 0;
}

static inline u32_t sock_tcp_send_buffer(void)
{
  return 0;
}

static inline int sock_tcp_send_lowat(void)
{
  return 0;
}

#endif

#endif /* LWIP_SOCKET */

#endif /* LWIP_HDR_SOCK_HOOKS_H */
