/**
 * @file
 * Sockets: making, naming, connecting, accepting, closing.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/tcp.h"
#include "api/sock.h"

int sock_error(err_t err)
{
  return err == ERR_OK ? 0 : -err_to_errno(err);
}

int sock_take_error(struct netconn *conn)
{
  int error;
  conn_take_error(conn, &error);
  return -error;
}

/* --- making --- */

/** What a socket of this type and protocol is; NETCONN_INVALID: there is none, `error` says why. */
static enum netconn_type type_of(int type, int *protocol, int *error)
{
  *error = EPROTONOSUPPORT;
  switch (type) {
  case SOCK_STREAM:
    if (LWIP_TCP && (*protocol == 0 || *protocol == IPPROTO_TCP)) {
      *protocol = IPPROTO_TCP;
      return NETCONN_TCP;
    }
    return NETCONN_INVALID;
  case SOCK_DGRAM:
    if (LWIP_UDP && LWIP_UDPLITE && *protocol == IPPROTO_UDPLITE) {
      return NETCONN_UDPLITE;
    }
    if (LWIP_UDP && (*protocol == 0 || *protocol == IPPROTO_UDP)) {
      *protocol = IPPROTO_UDP;
      return NETCONN_UDP;
    }
    return NETCONN_INVALID;
  case SOCK_RAW:
    return LWIP_RAW && *protocol >= 0 && *protocol <= 255 ? NETCONN_RAW : NETCONN_INVALID;
  default:
    *error = EINVAL;
    return NETCONN_INVALID;
  }
}

static bool domain_is_ours(int domain)
{
  return (LWIP_IPV4 && domain == AF_INET) || (LWIP_IPV6 && domain == AF_INET6);
}

/** In the current instance, core lock held. `flags`: SOCK_NONBLOCK, SOCK_CLOEXEC. @return
   descriptor or negated errno */
static int open_socket(int domain, enum netconn_type type, int protocol, int flags)
{
  if (LWIP_IPV6 && domain == AF_INET6) {
    type = (enum netconn_type)(type | CONN_TYPE_V6);
  }
  struct netconn *conn = conn_new(type, (u8_t)protocol, NULL);
  if (conn == NULL) {
    return sock_is_free() ? -ENOBUFS : -ENFILE;
  }
  netconn_set_nonblocking(conn, (flags & SOCK_NONBLOCK) != 0);
  struct sock *sock;
  int error = sock_assign(conn, &sock);
  if (error != 0) {
    conn_delete(conn);
    return error;
  }
  sock->domain = (u8_t)domain;
  sock->protocol = (u8_t)protocol;
  sock->is_cloexec = (flags & SOCK_CLOEXEC) != 0;
  return sock_fd(sock);
}

int lwip_socket(int domain, int type, int protocol)
{
  int error;
  if (!domain_is_ours(domain)) {
    return sock_fail(EAFNOSUPPORT);
  }
  enum netconn_type conn_type = type_of(type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), &protocol, &error);
  if (conn_type == NETCONN_INVALID) {
    return sock_fail(error);
  }
  LOCK_TCPIP_CORE();
  int s = open_socket(domain, conn_type, protocol, type);
  UNLOCK_TCPIP_CORE();
  return s < 0 ? sock_fail(-s) : s;
}

int lwip_close(int s)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  bool is_last = sock_release(call.fd);
  if (is_last && (!LWIP_TCP || !conn_is_tcp(call.conn) || conn_tcp_linger(call.conn))) {
    conn_delete(call.conn);
  }
  core_leave(call.hold);
  return 0;
}

/* --- names --- */

static int bind_socket(struct sock *sock, const struct sockaddr *name, socklen_t namelen)
{
  ip_addr_t addr;
  u16_t port;
  int error = sockaddr_read(sock, name, namelen, &addr, &port);
  if (error != 0) {
    return error;
  }
  if (!conn_may_bind(sock->conn)) {
    return -EINVAL;
  }
  if (!conn_address_is_ours(&addr)) {
    return -EADDRNOTAVAIL;
  }
  return sock_error(conn_bind(sock->conn, &addr, port));
}

int lwip_bind(int s, const struct sockaddr *name, socklen_t namelen)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, bind_socket(call.sock, name, namelen));
}

static int get_name(const struct sock *sock, struct sockaddr *name, socklen_t *namelen,
                    bool is_local)
{
  ip_addr_t addr;
  u16_t port;
  if (name == NULL || namelen == NULL) {
    return -EFAULT;
  }
  if (*namelen > SOCKADDR_LEN_MAX) {
    return -EINVAL;
  }
  err_t err = conn_address(sock->conn, &addr, &port, is_local);
  if (err != ERR_OK) {
    return is_local ? -EINVAL : -ENOTCONN;
  }
  sockaddr_write(sock->domain, &addr, port, name, namelen);
  return 0;
}

int lwip_getpeername(int s, struct sockaddr *name, socklen_t *namelen)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, get_name(call.sock, name, namelen, false));
}

int lwip_getsockname(int s, struct sockaddr *name, socklen_t *namelen)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, get_name(call.sock, name, namelen, true));
}

/* --- connecting --- */

/** errno of a connect() that could not begin. */
static int connect_error(const struct netconn *conn, err_t err, const ip_addr_t *addr)
{
  switch (err) {
  case ERR_RTE:
    return -conn_route_errno(conn, addr);
  case ERR_VAL:
  case ERR_BUF: /* no free port */
    return -EADDRNOTAVAIL;
  case ERR_TIMEOUT:
    return -EINPROGRESS; /* SO_SNDTIMEO is over; the attempt goes on */
  default:
    return sock_error(err);
  }
}

/** A connect() that was begun before: tell its end once. @return true: nothing more is to be done
 */
static bool told_connect(struct sock *sock, int *result)
{
  struct netconn *conn = sock->conn;
  if (!conn_is_tcp(conn)) {
    return false;
  }
  if (conn->state == NETCONN_CONNECT) {
    *result = -EALREADY;
    return true;
  }
  if ((sock->flags & SOCK_CONNECTING) == 0) {
    return false;
  }
  sock->flags &= (u8_t)~SOCK_CONNECTING;
  if (conn->pending_err != ERR_OK) {
    *result = sock_take_error(conn);
    return true;
  }
  *result = -EISCONN;
  return (conn->conditions & CONN_OPENED) != 0; /* failed, which SO_ERROR has told: try again */
}

static int connect_stream(struct sock *sock, const ip_addr_t *addr, u16_t port)
{
  struct netconn *conn = sock->conn;
  if (port == 0 || ip_addr_ismulticast(addr)) {
    return port == 0 ? -EADDRNOTAVAIL : -ENETUNREACH;
  }
  if (conn->state == NETCONN_LISTEN) {
    return -EISCONN;
  }
  bool is_gone = conn->pcb.ip == NULL;
  err_t err = conn_renew(conn);
  if (err == ERR_OK) {
    if (is_gone) {
      sock_options_apply(sock);
    }
    err = conn_tcp_begin_connect(conn, addr, port);
  }
  if (err != ERR_OK) {
    return connect_error(conn, err, addr);
  }
  sock->flags |= SOCK_CONNECTING;
  if (!conn_may_wait(conn, 0)) {
    return -EINPROGRESS;
  }
  err = conn_tcp_wait_connected(conn, sock->connect_timeout_ms);
  if (err == ERR_CLSD) {
    return -EBADF;
  }
  if (err != ERR_OK) {
    return err == ERR_TIMEOUT ? -EINPROGRESS : sock_error(err); /* the attempt goes on */
  }
  if (sock_is_of(sock, conn)) { /* else closed, lingering, and the descriptor another one's */
    sock->flags &= (u8_t)~SOCK_CONNECTING;
  }
  if ((conn->conditions & CONN_OPENED) != 0) {
    return 0;
  }
  int error = sock_take_error(conn);
  return error != 0 ? error : -ECONNABORTED; /* another thread was told why */
}

static int connect_socket(struct sock *sock, const struct sockaddr *name, socklen_t namelen)
{
  int result;
  if (told_connect(sock, &result)) {
    return result;
  }
  if (name != NULL && namelen >= sizeof(sa_family_t) && name->sa_family == AF_UNSPEC) {
    return conn_is_tcp(sock->conn) ? -EOPNOTSUPP : sock_error(conn_disconnect(sock->conn));
  }
  ip_addr_t addr;
  u16_t port;
  result = sockaddr_read(sock, name, namelen, &addr, &port);
  if (result != 0) {
    return result;
  }
  conn_any_is_loopback(&addr);
  if (LWIP_TCP && conn_is_tcp(sock->conn)) {
    return connect_stream(sock, &addr, port);
  }
  err_t err = conn_connect(sock->conn, &addr, port);
  err = err == ERR_USE ? ERR_BUF : err; /* no free port */
  return err == ERR_OK ? 0 : connect_error(sock->conn, err, &addr);
}

int lwip_connect(int s, const struct sockaddr *name, socklen_t namelen)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, connect_socket(call.sock, name, namelen));
}

/* --- accepting --- */

static int listen_socket(struct sock *sock, int backlog)
{
  struct netconn *conn = sock->conn;
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return -EOPNOTSUPP;
  }
  u16_t most = (u16_t)LWIP_MIN(LWIP_MAX(backlog, 1), SOMAXCONN);
  err_t err = conn_may_bind(conn) ? conn_bind(conn, NULL, 0) : ERR_OK;
  err = err == ERR_OK ? conn_tcp_listen(conn, most) : err;
  return err == ERR_ISCONN || err == ERR_CLSD ? -EINVAL : sock_error(err);
}

int lwip_listen(int s, int backlog)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, listen_socket(call.sock, backlog));
}

static int accept_socket(struct sock *sock, struct sockaddr *addr, socklen_t *addrlen)
{
  struct netconn *conn = sock->conn;
  struct netconn *in;
  if (!LWIP_TCP || !conn_is_tcp(conn)) {
    return -EOPNOTSUPP;
  }
  if (conn->state != NETCONN_LISTEN) {
    return -EINVAL;
  }
  if (addr != NULL && addrlen == NULL) {
    return -EFAULT;
  }
  u8_t domain = sock->domain;
  u8_t flags = sock->flags & SOCK_INHERITED;
  struct sock_kept_tcp inherited = sock->kept.tcp;
  err_t err = conn_tcp_accept(conn, 0, &in);
  if (err != ERR_OK) {
    return err == ERR_CLSD ? -EBADF : sock_error(err);
  }
  struct sock *made;
  int error = sock_assign(in, &made);
  if (error != 0) {
    conn_tcp_unaccept(conn, in);
    return error;
  }
  made->domain = domain;
  made->protocol = IPPROTO_TCP;
  made->flags = flags;
  made->kept.tcp = inherited;
  sock_options_apply(made);
  netconn_set_nonblocking(in, false);
  ip_addr_t peer;
  u16_t port;
  if (conn_address(in, &peer, &port, false) == ERR_OK) {
    sockaddr_write(domain, &peer, port, addr, addrlen);
  } else if (addrlen != NULL) {
    *addrlen = 0; /* reset before it was accepted: the next call tells */
  }
  return sock_fd(made);
}

int lwip_accept(int s, struct sockaddr *addr, socklen_t *addrlen)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, accept_socket(call.sock, addr, addrlen));
}

/* --- closing --- */

static int shut_down(struct sock *sock, int how)
{
  struct netconn *conn = sock->conn;
  if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) {
    return -EINVAL;
  }
  if (LWIP_TCP && conn_is_tcp(conn)) {
    return conn_tcp_shutdown(conn, how != SHUT_WR, how != SHUT_RD) == ERR_OK ? 0 : -ENOTCONN;
  }
  return conn_datagram_shutdown(conn, how != SHUT_WR, how != SHUT_RD) == ERR_OK ? 0 : -ENOTCONN;
}

int lwip_shutdown(int s, int how)
{
  struct sock_call call;
  if (!sock_enter(s, &call)) {
    return -1;
  }
  return (int)sock_leave(&call, shut_down(call.sock, how));
}

void lwip_socket_thread_init(void)
{
  netconn_thread_init();
}

void lwip_socket_thread_cleanup(void)
{
  netconn_thread_cleanup();
}

#endif /* LWIP_SOCKET */
