/**
 * @file
 * BSD sockets.
 *
 * Any thread may call these functions, and several at a time on one socket. Descriptors are those
 * of the process: a socket belongs to the stack instance it was made in, and may be used from
 * threads of others. They begin at LWIP_SOCKET_OFFSET, the lowest free number is taken.
 *
 * Behaviour is POSIX's; errno is only changed where a call fails. Every function has its `lwip_`
 * name; LWIP_COMPAT_SOCKETS 1 makes macros of the others, 2 makes them the functions' names.
 * LWIP_POSIX_SOCKETS_IO_NAMES: also read, readv, write, writev, close, fcntl and ioctl.
 *
 * LWIP_SOCKET_EXTERNAL_HEADERS: types and constants come from the system's headers.
 */
#ifndef LWIP_HDR_SOCKETS_H
#define LWIP_HDR_SOCKETS_H

#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/err.h"
#include "lwip/inet.h"
#include "lwip/errno.h"
#include <string.h>

#if LWIP_SOCKET_EXTERNAL_HEADERS
#include LWIP_SOCKET_EXTERNAL_HEADER_SOCKETS_H
#include "lwip/priv/sockets_missing.h"
#else
#include "lwip/priv/sockets_types.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The macros come first: with LWIP_COMPAT_SOCKETS 2 the functions have these names. */
#if LWIP_COMPAT_SOCKETS == 2
#define lwip_accept      accept
#define lwip_bind        bind
#define lwip_shutdown    shutdown
#define lwip_getpeername getpeername
#define lwip_getsockname getsockname
#define lwip_setsockopt  setsockopt
#define lwip_getsockopt  getsockopt
#define lwip_close       closesocket
#define lwip_connect     connect
#define lwip_listen      listen
#define lwip_recv        recv
#define lwip_recvmsg     recvmsg
#define lwip_recvfrom    recvfrom
#define lwip_send        send
#define lwip_sendmsg     sendmsg
#define lwip_sendto      sendto
#define lwip_sockatmark  sockatmark
#define lwip_socket      socket
#if LWIP_SOCKET_SELECT
#define lwip_select select
#endif
#if LWIP_SOCKET_POLL
#define lwip_poll poll
#endif
#define lwip_ioctl     ioctlsocket
#define lwip_inet_ntop inet_ntop
#define lwip_inet_pton inet_pton
#if LWIP_POSIX_SOCKETS_IO_NAMES
#define lwip_dup    dup
#define lwip_read   read
#define lwip_readv  readv
#define lwip_write  write
#define lwip_writev writev
#undef lwip_close
#define lwip_close     close
#define closesocket(s) close(s)
int fcntl(int s, int cmd, ...);
#undef lwip_ioctl
#define lwip_ioctl  ioctl
#define ioctlsocket ioctl
#endif
#endif

/** Nothing is left to do. */
#define lwip_socket_init()
/** At the begin and at the end of a thread that uses sockets, where the port does not do it. */
void lwip_socket_thread_init(void);
void lwip_socket_thread_cleanup(void);

/*
 * All return -1 with errno set on failure. EBADF: no such socket. EOPNOTSUPP, EINVAL, EFAULT: as
 * POSIX says. ENOMEM, ENOBUFS: memory.
 */

/**
 * A new socket.
 *
 * @param domain    AF_INET, AF_INET6 (dual stack unless IPV6_V6ONLY is set)
 * @param type      SOCK_STREAM, SOCK_DGRAM, SOCK_RAW; or-ed with SOCK_NONBLOCK, SOCK_CLOEXEC
 * @param protocol  0, or IPPROTO_TCP, _UDP, _UDPLITE; the IP protocol of SOCK_RAW
 * @return the descriptor; errno EAFNOSUPPORT, EPROTONOSUPPORT, EINVAL (`type`), ENFILE, ENOBUFS
 */
int lwip_socket(int domain, int type, int protocol);
int lwip_bind(int s, const struct sockaddr *name, socklen_t namelen);
/** AF_UNSPEC takes the peer of a datagram socket away. */
int lwip_connect(int s, const struct sockaddr *name, socklen_t namelen);
int lwip_listen(int s, int backlog);
int lwip_accept(int s, struct sockaddr *addr, socklen_t *addrlen);
/** `how`: SHUT_RD, SHUT_WR, SHUT_RDWR. */
int lwip_shutdown(int s, int how);
/** Calls that wait on the socket in other threads return with EBADF. */
int lwip_close(int s);
int lwip_getpeername(int s, struct sockaddr *name, socklen_t *namelen);
int lwip_getsockname(int s, struct sockaddr *name, socklen_t *namelen);
/** ENOPROTOOPT: no such option; EINVAL: a size or value that cannot be. */
int lwip_getsockopt(int s, int level, int optname, void *optval, socklen_t *optlen);
int lwip_setsockopt(int s, int level, int optname, const void *optval, socklen_t optlen);

/** @return bytes; 0: the peer has closed (TCP), or an empty datagram. EAGAIN: nothing there, or the
    time of SO_RCVTIMEO is over */
ssize_t lwip_recv(int s, void *mem, size_t len, int flags);
ssize_t lwip_recvfrom(int s, void *mem, size_t len, int flags, struct sockaddr *from,
                      socklen_t *fromlen);
ssize_t lwip_recvmsg(int s, struct msghdr *message, int flags);
ssize_t lwip_read(int s, void *mem, size_t len);
ssize_t lwip_readv(int s, const struct iovec *iov, int iovcnt);

/** @return bytes taken. EPIPE: closed for writing; EMSGSIZE; EDESTADDRREQ, ENOTCONN; EAGAIN */
ssize_t lwip_send(int s, const void *dataptr, size_t size, int flags);
ssize_t lwip_sendto(int s, const void *dataptr, size_t size, int flags, const struct sockaddr *to,
                    socklen_t tolen);
ssize_t lwip_sendmsg(int s, const struct msghdr *message, int flags);
ssize_t lwip_write(int s, const void *dataptr, size_t size);
ssize_t lwip_writev(int s, const struct iovec *iov, int iovcnt);

/* LWIP_SOCKET_SELECT 0, LWIP_SOCKET_POLL 0: the BSD name is not there; with both of them 0 neither
   is the function. */

/** As poll() for descriptors below FD_SETSIZE; `timeout` NULL: wait for ever. */
int lwip_select(int maxfdp1, fd_set *readset, fd_set *writeset, fd_set *exceptset,
                struct timeval *timeout);
/** `timeout`: milliseconds; negative: for ever. @return how many have events; 0: the time is over
 */
int lwip_poll(struct pollfd *fds, nfds_t nfds, int timeout);

/** FIONREAD: bytes that recv() would return; FIONBIO; SIOCATMARK: does the next recv() begin at the
    urgent byte? All point to an int. ENOTTY: another request, or not for this socket */
int lwip_ioctl(int s, long cmd, void *argp);
/** SIOCATMARK (POSIX). @return 0, 1 */
int lwip_sockatmark(int s);
/** F_GETFL, F_SETFL: O_NONBLOCK, and what one may do with the socket. F_DUPFD, F_DUPFD_CLOEXEC: as
    lwip_dup(), numbered `val` or more. F_GETFD, F_SETFD: FD_CLOEXEC, which is noted. `val` of
    F_GETFL and F_GETFD: anything. EINVAL: another command, or no number of a descriptor */
int lwip_fcntl(int s, int cmd, int val);
/** Another descriptor of the same socket, which ends with its last. @return it; EMFILE: all are
 * taken
 */
int lwip_dup(int s);

const char *lwip_inet_ntop(int af, const void *src, char *dst, socklen_t size);
int lwip_inet_pton(int af, const char *src, void *dst);

#if LWIP_COMPAT_SOCKETS
#if LWIP_COMPAT_SOCKETS != 2
#define accept(s, addr, addrlen)      lwip_accept(s, addr, addrlen)
#define bind(s, name, namelen)        lwip_bind(s, name, namelen)
#define shutdown(s, how)              lwip_shutdown(s, how)
#define getpeername(s, name, namelen) lwip_getpeername(s, name, namelen)
#define getsockname(s, name, namelen) lwip_getsockname(s, name, namelen)
#define setsockopt(s, level, optname, opval, optlen)                                               \
  lwip_setsockopt(s, level, optname, opval, optlen)
#define getsockopt(s, level, optname, opval, optlen)                                               \
  lwip_getsockopt(s, level, optname, opval, optlen)
#define closesocket(s)                              lwip_close(s)
#define connect(s, name, namelen)                   lwip_connect(s, name, namelen)
#define listen(s, backlog)                          lwip_listen(s, backlog)
#define recv(s, mem, len, flags)                    lwip_recv(s, mem, len, flags)
#define recvmsg(s, message, flags)                  lwip_recvmsg(s, message, flags)
#define recvfrom(s, mem, len, flags, from, fromlen) lwip_recvfrom(s, mem, len, flags, from, fromlen)
#define send(s, dataptr, size, flags)               lwip_send(s, dataptr, size, flags)
#define sendmsg(s, message, flags)                  lwip_sendmsg(s, message, flags)
#define sendto(s, dataptr, size, flags, to, tolen)  lwip_sendto(s, dataptr, size, flags, to, tolen)
#define sockatmark(s)                               lwip_sockatmark(s)
#define socket(domain, type, protocol)              lwip_socket(domain, type, protocol)
#if LWIP_SOCKET_SELECT
#define select(maxfdp1, readset, writeset, exceptset, timeout)                                     \
  lwip_select(maxfdp1, readset, writeset, exceptset, timeout)
#endif
#if LWIP_SOCKET_POLL
#define poll(fds, nfds, timeout) lwip_poll(fds, nfds, timeout)
#endif
#define ioctlsocket(s, cmd, argp)     lwip_ioctl(s, cmd, argp)
#define inet_ntop(af, src, dst, size) lwip_inet_ntop(af, src, dst, size)
#define inet_pton(af, src, dst)       lwip_inet_pton(af, src, dst)
#if LWIP_POSIX_SOCKETS_IO_NAMES
#define read(s, mem, len)      lwip_read(s, mem, len)
#define readv(s, iov, iovcnt)  lwip_readv(s, iov, iovcnt)
#define write(s, dataptr, len) lwip_write(s, dataptr, len)
#define writev(s, iov, iovcnt) lwip_writev(s, iov, iovcnt)
#define close(s)               lwip_close(s)
#define dup(s)                 lwip_dup(s)
/* With two arguments or three. */
#define LWIP_FCNTL_3(s, cmd, val, ...) lwip_fcntl(s, cmd, val)
#define fcntl(s, ...)                  LWIP_FCNTL_3(s, __VA_ARGS__, 0, 0)
#define ioctl(s, cmd, argp)            lwip_ioctl(s, cmd, argp)
#endif
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_SOCKET */

#endif /* LWIP_HDR_SOCKETS_H */
