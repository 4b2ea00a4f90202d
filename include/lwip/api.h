/**
 * @file
 * Netconns: TCP, UDP and raw IP for threads, with calls that wait.
 *
 * Any thread may call these functions, and several at a time on one netconn: each call works in the
 * calling thread with the core lock held, which it gives up while it waits. A netconn belongs to
 * the stack instance it was made in and may be used from threads of others.
 *
 * netconn_delete() makes calls return that wait on the netconn (ERR_CLSD); the memory goes when the
 * last of them has left. Not to be called from callbacks of the raw API: what would wait there
 * returns ERR_WOULDBLOCK instead.
 */
#ifndef LWIP_HDR_API_H
#define LWIP_HDR_API_H

#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "lwip/arch.h"
#include "lwip/netbuf.h"
#include "lwip/sys.h"
#include "lwip/ip_addr.h"
#include "lwip/err.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Flags of netconn_write() and of the receiving functions that end in _flags. */
#define NETCONN_NOFLAG     0x00
#define NETCONN_NOCOPY     0x00 /* the data stay as they are until the peer has them */
#define NETCONN_COPY       0x01
#define NETCONN_MORE       0x02 /* more will be written soon */
#define NETCONN_DONTBLOCK  0x04 /* this call does not wait */
#define NETCONN_NOAUTORCVD 0x08 /* netconn_tcp_recvd() will tell what was consumed */
#define NETCONN_NOFIN      0x10 /* leave the end of the data to the next call */

/* struct netconn.flags */
#define NETCONN_FLAG_MBOXCLOSED             0x01 /* nothing more is received */
#define NETCONN_FLAG_NON_BLOCKING           0x02
#define NETCONN_FLAG_IN_NONBLOCKING_CONNECT 0x04
#define NETCONN_FLAG_MBOXINVALID            0x08 /* being deleted */
#define NETCONN_FLAG_CHECK_WRITESPACE       0x10 /* not writable: tell when it is again */
#if LWIP_IPV6
#define NETCONN_FLAG_IPV6_V6ONLY 0x20
#endif
#if LWIP_NETBUF_RECVINFO
#define NETCONN_FLAG_PKTINFO 0x40 /* note the destination of what comes */
#endif
#define NETCONN_FIN_RX_PENDING 0x80 /* the end of the data has come and is not told yet */

/* enum netconn_type, taken apart */
#define NETCONNTYPE_GROUP(t)    ((t)&0xF0)
#define NETCONNTYPE_DATAGRAM(t) ((t)&0xE0)
#if LWIP_IPV6
#define NETCONN_TYPE_IPV6            0x08
#define NETCONNTYPE_ISIPV6(t)        (((t)&NETCONN_TYPE_IPV6) != 0)
#define NETCONNTYPE_ISUDPLITE(t)     (((t)&0xF3) == NETCONN_UDPLITE)
#define NETCONNTYPE_ISUDPNOCHKSUM(t) (((t)&0xF3) == NETCONN_UDPNOCHKSUM)
#else
#define NETCONNTYPE_ISIPV6(t)        (0)
#define NETCONNTYPE_ISUDPLITE(t)     ((t) == NETCONN_UDPLITE)
#define NETCONNTYPE_ISUDPNOCHKSUM(t) ((t) == NETCONN_UDPNOCHKSUM)
#endif

/** What a netconn speaks. The _IPV6 ones speak IPv4, too, unless netconn_set_ipv6only(). */
enum netconn_type {
  NETCONN_INVALID = 0,
  NETCONN_TCP = 0x10,
#if LWIP_IPV6
  NETCONN_TCP_IPV6 = NETCONN_TCP | NETCONN_TYPE_IPV6,
#endif
  NETCONN_UDP = 0x20,
  NETCONN_UDPLITE = 0x21,
  NETCONN_UDPNOCHKSUM = 0x22,
#if LWIP_IPV6
  NETCONN_UDP_IPV6 = NETCONN_UDP | NETCONN_TYPE_IPV6,
  NETCONN_UDPLITE_IPV6 = NETCONN_UDPLITE | NETCONN_TYPE_IPV6,
  NETCONN_UDPNOCHKSUM_IPV6 = NETCONN_UDPNOCHKSUM | NETCONN_TYPE_IPV6,
#endif
  NETCONN_RAW = 0x40
#if LWIP_IPV6
  ,
  NETCONN_RAW_IPV6 = NETCONN_RAW | NETCONN_TYPE_IPV6
#endif
};

/** What a netconn is busy with. */
enum netconn_state { NETCONN_NONE, NETCONN_WRITE, NETCONN_LISTEN, NETCONN_CONNECT, NETCONN_CLOSE };

/** What netconn_callback hears of. */
enum netconn_evt {
  NETCONN_EVT_RCVPLUS,  /* data (their length), their end (0), or a connection to accept has come */
  NETCONN_EVT_RCVMINUS, /* ... and was taken */
  NETCONN_EVT_SENDPLUS, /* one may write again, or a connect has ended */
  NETCONN_EVT_SENDMINUS, /* one may not write any more */
  NETCONN_EVT_ERROR      /* the connection has failed */
};

#if LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD)
enum netconn_igmp { NETCONN_JOIN, NETCONN_LEAVE };
#endif

#if LWIP_DNS
/* Which addresses of a name are wanted; those in front are tried first. */
#define NETCONN_DNS_DEFAULT   NETCONN_DNS_IPV4_IPV6
#define NETCONN_DNS_IPV4      0
#define NETCONN_DNS_IPV6      1
#define NETCONN_DNS_IPV4_IPV6 2
#define NETCONN_DNS_IPV6_IPV4 3
#endif

struct ip_pcb;
struct tcp_pcb;
struct udp_pcb;
struct raw_pcb;
struct netconn;
struct api_wait;
struct conn_group;
struct stack;

/** What sockets say about bytes to be sent; 0: nothing. */
struct conn_send_bounds {
  u32_t buf;          /* so many may wait: SO_SNDBUF */
  u32_t lowat;        /* for so many there must be room: SO_SNDLOWAT */
  u32_t unsent_lowat; /* of streams: less than so many may wait that were never sent */
};

/** Called with the core lock held, in any thread; it must not wait. `len`: see enum netconn_evt. */
typedef void (*netconn_callback)(struct netconn *, enum netconn_evt, u16_t len);

/** One endpoint. Programs read type, state and pcb; the rest is for the macros below and for us. */
struct netconn {
  enum netconn_type type;
  enum netconn_state state;
  union {
    struct ip_pcb *ip;
    struct tcp_pcb *tcp;
    struct udp_pcb *udp;
    struct raw_pcb *raw;
  } pcb;               /* NULL: ended */
  err_t pending_err;   /* to be told once */
  u8_t flags;          /* NETCONN_FLAG_* */
  u8_t conditions;     /* CONN_*: src/api/conn.h */
  s16_t pending_errno; /* the same as pending_err, in POSIX's words */
  u16_t users;         /* calls that wait inside of it */
  u16_t queue_count;   /* elements of the queue of what has come */
  u16_t queue_limit;
  u16_t queue_offset; /* bytes of its first pbuf that were taken already */
  union {
    struct pbuf *data; /* TCP: a packet queue */
    struct netbuf *datagrams;
    struct netconn *incoming; /* listeners: connections to be accepted */
  } queue, queue_last;
  struct netconn *next_incoming;
  struct api_wait *waits; /* threads that wait for events of it */
#if LWIP_MULTI_INSTANCE
  struct stack *stack; /* where it was made */
#endif
  union {
    int socket;
    void *ptr;
  } callback_arg;
#if LWIP_SO_SNDTIMEO
  s32_t send_timeout; /* milliseconds; 0: for ever */
#endif
#if LWIP_SO_RCVTIMEO
  u32_t recv_timeout; /* milliseconds; 0: for ever */
#endif
#if LWIP_SO_RCVBUF
  int recv_bufsize; /* bytes of datagrams that may wait */
#endif
  int recv_avail; /* bytes that wait */
#if LWIP_SOCKET && LWIP_RAW
  const u32_t *icmp_filter; /* types that are not heard, a bit each; NULL: none */
#endif
#if LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD)
  struct conn_group *groups; /* that it is a member of */
#endif
#if LWIP_SO_LINGER
  s32_t linger; /* seconds; negative: off */
#endif
  struct timer room; /* datagrams: when to ask a full driver again */
#if LWIP_SOCKET
  struct conn_send_bounds send_bounds;
#endif
#if LWIP_TCP && LWIP_TCP_URGENT
  u32_t urgent_at;    /* bytes to be read before the urgent one (conn_urgent.c) */
  u8_t urgent;        /* CONN_URGENT_* */
  u8_t urgent_inline; /* SO_OOBINLINE */
#endif
  netconn_callback callback;
};

/** A piece of memory to be written. */
struct netvector {
  const void *ptr;
  size_t len;
};

#define API_EVENT(c, e, l)                                                                         \
  do {                                                                                             \
    if ((c)->callback != NULL) {                                                                   \
      (*(c)->callback)((c), (e), (l));                                                             \
    }                                                                                              \
  } while (0)

/** A netconn; NULL: no memory, or no such type in this build. */
#define netconn_new(t)                  netconn_new_with_proto_and_callback(t, 0, NULL)
#define netconn_new_with_callback(t, c) netconn_new_with_proto_and_callback(t, 0, c)
/** `proto`: the IP protocol of a raw one. */
struct netconn *netconn_new_with_proto_and_callback(enum netconn_type t, u8_t proto,
                                                    netconn_callback callback);

/** End it; whatever waits on it returns. netconn_delete() must follow. */
err_t netconn_prepare_delete(struct netconn *conn);
/** End it and free it. TCP sends what is queued and closes (LWIP_SO_LINGER: waits). */
err_t netconn_delete(struct netconn *conn);
#define netconn_type(conn) ((conn)->type)

/** Address and port of the peer (`local` 0) or ours. @return ERR_CONN: there is none */
err_t netconn_getaddr(struct netconn *conn, ip_addr_t *addr, u16_t *port, u8_t local);
#define netconn_peer(c, i, p) netconn_getaddr(c, i, p, 0)
#define netconn_addr(c, i, p) netconn_getaddr(c, i, p, 1)

/** Local address (NULL: any) and port (0: a free one); a raw one's port means nothing. */
err_t netconn_bind(struct netconn *conn, const ip_addr_t *addr, u16_t port);
/** Use this interface alone; 0: any. ERR_VAL: no such interface */
err_t netconn_bind_if(struct netconn *conn, u8_t if_idx);
/**
 * Connect; TCP waits for the peer.
 *
 * @return ERR_OK; ERR_INPROGRESS: non-blocking, ends with NETCONN_EVT_SENDPLUS; ERR_RST: refused;
 *         ERR_TIMEOUT: nobody answered; ERR_ALREADY, ERR_ISCONN, ERR_RTE, ERR_USE, ERR_VAL, ERR_MEM
 */
err_t netconn_connect(struct netconn *conn, const ip_addr_t *addr, u16_t port);
/** UDP and raw: forget the peer. */
err_t netconn_disconnect(struct netconn *conn);
/** Accept connections from now on. */
err_t netconn_listen_with_backlog(struct netconn *conn, u8_t backlog);
#define netconn_listen(conn) netconn_listen_with_backlog(conn, TCP_DEFAULT_LISTEN_BACKLOG)
/** Wait for a connection. @return ERR_OK; ERR_TIMEOUT; ERR_WOULDBLOCK; ERR_CLSD: not listening */
err_t netconn_accept(struct netconn *conn, struct netconn **new_conn);

/** Wait for data, which become the caller's. @return ERR_OK; ERR_CLSD: their end; ERR_TIMEOUT;
    ERR_WOULDBLOCK; ERR_RST, ERR_ABRT, ERR_CONN; ERR_MEM; ERR_BUF */
err_t netconn_recv(struct netconn *conn, struct netbuf **new_buf);
err_t netconn_recv_udp_raw_netbuf(struct netconn *conn, struct netbuf **new_buf);
err_t netconn_recv_udp_raw_netbuf_flags(struct netconn *conn, struct netbuf **new_buf,
                                        u8_t apiflags);
err_t netconn_recv_tcp_pbuf(struct netconn *conn, struct pbuf **new_buf);
err_t netconn_recv_tcp_pbuf_flags(struct netconn *conn, struct pbuf **new_buf, u8_t apiflags);
/** After NETCONN_NOAUTORCVD: `len` bytes were consumed, the peer may send as many. */
err_t netconn_tcp_recvd(struct netconn *conn, size_t len);

/**
 * Send a datagram; `buf` stays the caller's, and may be one that was received. A blocking call
 * waits for room in the driver. netconn_send(): to whom `buf` names, or the peer.
 *
 * @return ERR_OK; ERR_WOULDBLOCK: no room, not even when the send timeout was over; ERR_RTE: no
 *         route, or nobody to send to; ERR_VAL: too long, or a bad address; ERR_ARG: no data, or
 *         TCP; ERR_CLSD; what ICMP has told (netconn_err())
 */
err_t netconn_sendto(struct netconn *conn, struct netbuf *buf, const ip_addr_t *addr, u16_t port);
err_t netconn_send(struct netconn *conn, struct netbuf *buf);

/**
 * TCP: queue data, waiting for room as long as that takes.
 *
 * @param bytes_written  gets how many were queued; NULL only for blocking calls without a timeout
 * @return ERR_OK: all of them, or in a call that does not wait some; ERR_WOULDBLOCK: none;
 *         ERR_TIMEOUT is told as ERR_OK with fewer; ERR_CONN, ERR_CLSD, ERR_RST, ERR_ABRT, ERR_VAL
 */
err_t netconn_write_partly(struct netconn *conn, const void *dataptr, size_t size, u8_t apiflags,
                           size_t *bytes_written);
err_t netconn_write_vectors_partly(struct netconn *conn, struct netvector *vectors, u16_t vectorcnt,
                                   u8_t apiflags, size_t *bytes_written);
#define netconn_write(conn, dataptr, size, apiflags)                                               \
  netconn_write_partly(conn, dataptr, size, apiflags, NULL)

/**
 * Close TCP in both directions, in the background; the netconn stays for netconn_delete(). A
 * listener, or one that is not connected, ends: calls that wait in it return ERR_CLSD.
 *
 * @return ERR_OK; ERR_CONN: it has ended; ERR_VAL: no TCP
 */
err_t netconn_close(struct netconn *conn);
/** Close one direction, or both: nothing is received any more, or the peer hears the end. @return
    as netconn_close(); ERR_CONN: not connected */
err_t netconn_shutdown(struct netconn *conn, u8_t shut_rx, u8_t shut_tx);

#if LWIP_IGMP || (LWIP_IPV6 && LWIP_IPV6_MLD)
/**
 * UDP and raw: hear a group from now on, or no more; it is left when the netconn ends. Joining
 * twice is the same as once.
 *
 * @param netif_addr  an address of the interface; NULL or any: the one that packets to the group
 *                    would leave by (to join), any (to leave). `if_idx` 0: the same
 * @return ERR_OK; ERR_VAL: no such interface, or none that hears groups; no multicast address; a
 *         netconn of TCP, or of IPv4 with a group of IPv6; to leave: it is no member; ERR_CONN: it
 *         has ended; ERR_MEM
 */
err_t netconn_join_leave_group(struct netconn *conn, const ip_addr_t *multiaddr,
                               const ip_addr_t *netif_addr, enum netconn_igmp join_or_leave);
err_t netconn_join_leave_group_netif(struct netconn *conn, const ip_addr_t *multiaddr, u8_t if_idx,
                                     enum netconn_igmp join_or_leave);
#endif

#if LWIP_DNS
/**
 * Addresses of a host, waited for; text such as "10.0.0.1" needs no question.
 *
 * @param addr          an array of DNS_MAX_HOST_IP; "any" stands where there are no more
 * @param dns_addrtype  NETCONN_DNS_*; without effect in builds of one IP version
 * @return ERR_OK; ERR_VAL: no address found; ERR_MEM; ERR_ARG
 */
err_t netconn_gethostbyname_addrtype(const char *name, ip_addr_t *addr, u8_t dns_addrtype);
#define netconn_gethostbyname(name, addr)                                                          \
  netconn_gethostbyname_addrtype(name, addr, NETCONN_DNS_DEFAULT)
#endif

/** What has gone wrong since it was asked last. */
err_t netconn_err(struct netconn *conn);
#define netconn_recv_bufsize(conn) ((conn)->recv_bufsize)

#define netconn_set_flags(conn, set_flags)                                                         \
  do {                                                                                             \
    (conn)->flags = (u8_t)((conn)->flags | (set_flags));                                           \
  } while (0)
#define netconn_clear_flags(conn, clr_flags)                                                       \
  do {                                                                                             \
    (conn)->flags = (u8_t)((conn)->flags & (u8_t)(~(clr_flags)&0xff));                             \
  } while (0)
#define netconn_is_flag_set(conn, flag) (((conn)->flags & (flag)) != 0)

#define netconn_set_callback_arg(conn, arg) ((conn)->callback_arg.ptr = (arg))
#define netconn_get_callback_arg(conn)      ((conn)->callback_arg.ptr)

#define netconn_set_nonblocking(conn, val)                                                         \
  do {                                                                                             \
    if (val) {                                                                                     \
      netconn_set_flags(conn, NETCONN_FLAG_NON_BLOCKING);                                          \
    } else {                                                                                       \
      netconn_clear_flags(conn, NETCONN_FLAG_NON_BLOCKING);                                        \
    }                                                                                              \
  } while (0)
#define netconn_is_nonblocking(conn) (((conn)->flags & NETCONN_FLAG_NON_BLOCKING) != 0)

#if LWIP_IPV6
#define netconn_set_ipv6only(conn, val)                                                            \
  do {                                                                                             \
    if (val) {                                                                                     \
      netconn_set_flags(conn, NETCONN_FLAG_IPV6_V6ONLY);                                           \
    } else {                                                                                       \
      netconn_clear_flags(conn, NETCONN_FLAG_IPV6_V6ONLY);                                         \
    }                                                                                              \
  } while (0)
#define netconn_get_ipv6only(conn) (((conn)->flags & NETCONN_FLAG_IPV6_V6ONLY) != 0)
#endif

#if LWIP_SO_SNDTIMEO
#define netconn_set_sendtimeout(conn, timeout) ((conn)->send_timeout = (timeout))
#define netconn_get_sendtimeout(conn)          ((conn)->send_timeout)
#endif
#if LWIP_SO_RCVTIMEO
#define netconn_set_recvtimeout(conn, timeout) ((conn)->recv_timeout = (timeout))
#define netconn_get_recvtimeout(conn)          ((conn)->recv_timeout)
#endif
#if LWIP_SO_RCVBUF
#define netconn_set_recvbufsize(conn, recvbufsize) ((conn)->recv_bufsize = (recvbufsize))
#define netconn_get_recvbufsize(conn)              ((conn)->recv_bufsize)
#endif

/** At the begin and at the end of a thread that uses netconns, where the port does not do it. */
#if LWIP_NETCONN_SEM_PER_THREAD
static inline void netconn_thread_init(void)
{
  sys_arch_netconn_sem_alloc();
}
static inline void netconn_thread_cleanup(void)
{
  sys_arch_netconn_sem_free();
}
#else
#define netconn_thread_init()
#define netconn_thread_cleanup()
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_NETCONN || LWIP_SOCKET */

#endif /* LWIP_HDR_API_H */
