/**
 * @file
 * Sockets: descriptors over connections (conn.h).
 *
 *   sock_table.c  descriptors
 *   sock_addr.c   struct sockaddr
 *   sock.c        making, naming, connecting, accepting, closing
 *   sock_recv.c   receiving
 *   sock_send.c   sending
 *   sock_poll.c   poll(), select()
 *   sock_ctl.c    fcntl(), ioctl()
 *   sock_opt*.c   options: one table per level
 *
 * Every public call is `sock_enter(s, &call)` (which finds the socket, enters its instance and
 * takes the core lock) and one `sock_leave(&call, result)`, which sets errno. Results inside are 0
 * or more, or a negative errno.
 */
#ifndef API_SOCK_H
#define API_SOCK_H

#include "lwip/opt.h"

#include "lwip/sockets.h"
#include "lwip/priv/sock_hooks.h"
#include "lwip/priv/sock_table.h"
#include "api/conn.h"

/** A port whose errno is something else defines this. */
#ifndef set_errno
#define set_errno(error) (errno = (error))
#endif

/* struct sock.flags */
#define SOCK_RECV_PKTINFO 0x01U /* IP_PKTINFO, IPV6_RECVPKTINFO */
#define SOCK_RECV_TTL     0x02U /* IP_RECVTTL, IPV6_RECVHOPLIMIT */
#define SOCK_RECV_TOS     0x04U /* IP_RECVTOS, IPV6_RECVTCLASS */
#define SOCK_CONNECTING   0x08U /* the result of a connect() is not told yet */
#define SOCK_DEBUG        0x10U /* SO_DEBUG, and the next: kept for who asks */
#define SOCK_USELOOPBACK  0x20U
#define SOCK_INHERITED                                                                             \
  (SOCK_RECV_PKTINFO | SOCK_RECV_TTL | SOCK_RECV_TOS | SOCK_DEBUG | SOCK_USELOOPBACK)

/** Options of the connection's pcb, noted: a socket has them also when that is gone, or listens. */
struct sock_kept {
  u8_t so_options;
  u8_t tos;
  u8_t ttl;
  struct sock_kept_tcp tcp;
};

/** A descriptor, and a socket: its own one, or none where the descriptor is a dup()'s. All but the
    first member is under the core lock of the connection's instance. */
struct sock {
  sock_owner_t owner; /* whose it is; 0: free */
  struct sock *of;    /* whose socket the descriptor is of; NULL: closed, while dup()s are not */
  bool is_cloexec;    /* FD_CLOEXEC */
  /* The socket. */
  struct netconn *conn;
  u16_t fd_count; /* descriptors of it */
  u32_t serial;   /* another one for each socket that has been here; not 0 */
  u16_t mtu;      /* IPV6_MTU; 0: not set */
  u8_t flags;     /* SOCK_* above */
  u8_t domain;    /* AF_INET, AF_INET6 */
  u8_t protocol;  /* IPPROTO_* */
  struct sock_kept kept;
  int recv_lowat;           /* SO_RCVLOWAT */
  u32_t connect_timeout_ms; /* SO_CONTIMEO; 0: none */
  u32_t icmp_filter[8];     /* ICMP_FILTER, ICMP6_FILTER */
};

/** A call under way. */
struct sock_call {
  struct sock *fd; /* the descriptor */
  struct sock *sock;
  struct netconn *conn;
  u32_t serial; /* of the socket */
  struct core_hold hold;
};

/* --- descriptors (sock_table.c) --- */

/** @return false: no such socket; errno is set */
bool sock_enter(int s, struct sock_call *call);
/** `result` below 0: errno negated. @return the result, or -1; a call that has nothing to tell but
    in which the socket was closed meanwhile, or closed and the descriptor given to another one,
    fails with EBADF */
ssize_t sock_leave(struct sock_call *call, ssize_t result);
/** A descriptor for the connection, in its instance, core lock held. @return -ENFILE: none is free
 */
int sock_assign(struct netconn *conn, struct sock **sock);
/** Is a descriptor left? */
bool sock_is_free(void);
/** The descriptor is closed. @return true: it was the socket's last; the connection is to go */
bool sock_release(struct sock *fd);
/** One more descriptor, numbered `least` or more. @return it, or -EINVAL, -EMFILE */
int sock_dup(struct sock *sock, int least, bool is_cloexec);
int sock_fd(const struct sock *sock);
/** Is the descriptor (still) that of a connection of the current instance? */
bool sock_is_of(struct sock *sock, const struct netconn *conn);
/** Set errno. @return -1 */
int sock_fail(int error);

/* --- options (sock_opt.c) --- */

/** What the pcb has, if there is one, becomes what is kept ... */
void sock_options_note(struct sock *sock);
/** ... and the other way round. */
void sock_options_apply(struct sock *sock);

/* --- errors --- */

/** 0, or the negated errno for a result of the connection's calls. */
int sock_error(err_t err);
/** The connection's own error, told now. @return negated errno; 0: none */
int sock_take_error(struct netconn *conn);

/* --- addresses (sock_addr.c) --- */

/** Longer lengths of addresses are negative numbers in disguise. */
#define SOCKADDR_LEN_MAX 0x7fffffffU

/** @return 0; -EAFNOSUPPORT, -EINVAL. IPv4 in IPv6's clothes (RFC 4291 2.5.5.2) comes out as IPv4
 */
int sockaddr_read(const struct sock *sock, const struct sockaddr *name, socklen_t namelen,
                  ip_addr_t *addr, u16_t *port);
/** In the family `domain`; cut to `*namelen`, which becomes the true length. NULL: nothing. */
void sockaddr_write(u8_t domain, const ip_addr_t *addr, u16_t port, struct sockaddr *name,
                    socklen_t *namelen);
/** A numeric address without port, of the family it has. @return false: not one of ours */
bool sockaddr_ip(const struct sockaddr_storage *ss, ip_addr_t *addr);

/* --- data --- */

/** What a receiving call wants and gets. */
struct sock_recv {
  const struct iovec *iov;
  size_t iov_count;
  size_t len; /* of all pieces */
  int flags;  /* MSG_* */
  /* results */
  int msg_flags;
  ip_addr_t addr; /* sender, of datagrams */
  u16_t port;
  bool has_addr;
  const struct msghdr *msg; /* to put ancillary data into; NULL: none wanted */
  socklen_t control_len;    /* how many bytes of them there are */
};
ssize_t sock_recv_do(struct sock *sock, struct sock_recv *r);
/** MSG_OOB (sock_urgent.c). */
ssize_t sock_recv_urgent(struct sock *sock, struct sock_recv *r);

/** What a sending call has. */
struct sock_send {
  const struct iovec *iov;
  size_t iov_count;
  size_t len;
  int flags;
  const struct sockaddr *to;
  socklen_t tolen;
  const struct msghdr *msg; /* ancillary data; NULL: none */
};
ssize_t sock_send_do(struct sock *sock, const struct sock_send *r);
/** SIOCATMARK. */
int sock_at_mark(const struct sock *sock, int *is_at_mark);

/** Add up the pieces. @return 0; -EINVAL: more than SSIZE_MAX; -EFAULT: NULL with a length */
int iov_total(const struct iovec *iov, size_t iov_count, size_t *len);
/** Copy into the pieces from byte `at` of all on. @return bytes */
size_t iov_put(const struct iovec *iov, size_t iov_count, size_t at, const void *data, size_t len);

/* --- readiness --- */

/** POLL* events that are true now. */
short sock_events(struct sock *sock);

#endif /* API_SOCK_H */
