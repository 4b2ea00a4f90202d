/**
 * @file
 * Options of SOL_SOCKET.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include <limits.h>
#include "lwip/priv/sock_hooks.h"
#include "api/sock_opt.h"

static int get_acceptconn(struct sock *sock, int *value)
{
  *value = sock->conn->state == NETCONN_LISTEN;
  return 0;
}

static int get_broadcast(struct sock *sock, int *value)
{
  return opt_get_so(sock, SOF_BROADCAST, value);
}

static int set_broadcast(struct sock *sock, int value)
{
  return opt_set_so(sock, SOF_BROADCAST, value);
}

static int get_keepalive(struct sock *sock, int *value)
{
  return opt_get_so(sock, SOF_KEEPALIVE, value);
}

static int set_keepalive(struct sock *sock, int value)
{
  return opt_set_so(sock, SOF_KEEPALIVE, value);
}

static int get_reuseaddr(struct sock *sock, int *value)
{
  return opt_get_so(sock, SOF_REUSEADDR, value);
}

static int set_reuseaddr(struct sock *sock, int value)
{
  return SO_REUSE ? opt_set_so(sock, SOF_REUSEADDR, value) : -ENOPROTOOPT;
}

static int get_reuseport(struct sock *sock, int *value)
{
  return opt_get_so(sock, SOF_REUSEPORT, value);
}

static int set_reuseport(struct sock *sock, int value)
{
  return SO_REUSE ? opt_set_so(sock, SOF_REUSEPORT, value) : -ENOPROTOOPT;
}

static int get_dontroute(struct sock *sock, int *value)
{
  return opt_get_so(sock, SOF_DONTROUTE, value);
}

static int set_dontroute(struct sock *sock, int value)
{
  return opt_set_so(sock, SOF_DONTROUTE, value);
}

static int get_debug(struct sock *sock, int *value)
{
  return opt_get_flag(sock, SOCK_DEBUG, value);
}

static int set_debug(struct sock *sock, int value)
{
  return opt_set_flag(sock, SOCK_DEBUG, value);
}

static int get_useloopback(struct sock *sock, int *value)
{
  return opt_get_flag(sock, SOCK_USELOOPBACK, value);
}

static int set_useloopback(struct sock *sock, int value)
{
  return opt_set_flag(sock, SOCK_USELOOPBACK, value);
}

static int get_type(struct sock *sock, int *value)
{
  if (conn_is_tcp(sock->conn)) {
    *value = SOCK_STREAM;
  } else {
    *value = conn_is_udp(sock->conn) ? SOCK_DGRAM : SOCK_RAW;
  }
  return 0;
}

static int get_protocol(struct sock *sock, int *value)
{
  *value = sock->protocol;
  return 0;
}

static int get_domain(struct sock *sock, int *value)
{
  *value = sock->domain;
  return 0;
}

static int get_error(struct sock *sock, int *value)
{
  *value = -sock_take_error(sock->conn);
  return 0;
}

static int get_rcvbuf(struct sock *sock, int *value)
{
  bool is_stream = conn_is_tcp(sock->conn);
  *value = is_stream ? sock_kept_rcvbuf(&opt_kept(sock)->tcp) : conn_recv_limit(sock->conn);
  return 0;
}

static int set_rcvbuf(struct sock *sock, int value)
{
  if (value <= 0) {
    return -EINVAL;
  }
  if (conn_is_tcp(sock->conn)) {
    bool is_there = sock_kept_rcvbuf_set(&opt_kept(sock)->tcp, value);
    return is_there ? opt_apply(sock) : -ENOPROTOOPT;
  }
  return conn_set_recv_limit(sock->conn, value) ? 0 : -ENOPROTOOPT;
}

/** Most that SO_SNDBUF can say: what a stream has, or the longest datagram there is. */
static int sndbuf_max(const struct sock *sock)
{
  return conn_is_tcp(sock->conn) ? (int)sock_tcp_send_buffer() : 0xffff;
}

static int get_sndbuf(struct sock *sock, int *value)
{
  u32_t bound = sock->conn->send_bounds.buf;
  *value = bound != 0 ? (int)bound : sndbuf_max(sock);
  return 0;
}

/** More than there can be is all there is, as everywhere. */
static int set_sndbuf(struct sock *sock, int value)
{
  if (value <= 0) {
    return -EINVAL;
  }
  sock->conn->send_bounds.buf = (u32_t)LWIP_MIN(value, sndbuf_max(sock));
  api_wake(sock->conn->waits, API_OUT);
  return 0;
}

static int get_sndlowat(struct sock *sock, int *value)
{
  u32_t lowat = sock->conn->send_bounds.lowat;
  *value = lowat != 0 ? (int)lowat : sock_tcp_send_lowat();
  return 0;
}

static int set_sndlowat(struct sock *sock, int value)
{
  if (value < 0) {
    return -EINVAL;
  }
  sock->conn->send_bounds.lowat = (u32_t)LWIP_MAX(value, 1);
  api_wake(sock->conn->waits, API_OUT);
  return 0;
}

static int get_rcvlowat(struct sock *sock, int *value)
{
  *value = sock->recv_lowat;
  return 0;
}

static int set_rcvlowat(struct sock *sock, int value)
{
  if (value < 0) {
    return -EINVAL;
  }
  sock->recv_lowat = LWIP_MAX(value, 1);
  api_wake(sock->conn->waits, API_IN);
  return 0;
}

static int get_no_check(struct sock *sock, int *value)
{
  *value = (udp_flags(sock->conn->pcb.udp) & UDP_FLAGS_NOCHKSUM) != 0;
  return 0;
}

static int set_no_check(struct sock *sock, int value)
{
  struct udp_pcb *pcb = sock->conn->pcb.udp;
  u8_t flags = udp_flags(pcb);
  if ((flags & UDP_FLAGS_UDPLITE) != 0) {
    return -ENOPROTOOPT;
  }
  udp_setflags(pcb, (u8_t)(value != 0 ? flags | UDP_FLAGS_NOCHKSUM : flags & ~UDP_FLAGS_NOCHKSUM));
  return 0;
}

static int get_linger(struct sock *sock, void *value, socklen_t *len)
{
  s32_t linger_s = conn_linger_s(sock->conn);
  struct linger l = {.l_onoff = linger_s >= 0, .l_linger = LWIP_MAX(linger_s, 0)};
  return opt_put(value, len, &l, sizeof l);
}

static int set_linger(struct sock *sock, const void *value, socklen_t len)
{
  struct linger l;
  if (len < sizeof l) {
    return -EINVAL;
  }
  memcpy(&l, value, sizeof l);
  s32_t linger_s = l.l_onoff != 0 ? LWIP_MIN(LWIP_MAX(l.l_linger, 0), 0xffff) : -1;
  return conn_set_linger(sock->conn, linger_s) ? 0 : -ENOPROTOOPT;
}

static int get_rcvtimeo(struct sock *sock, void *value, socklen_t *len)
{
  return sock_timeout_put(value, len, conn_recv_timeout_ms(sock->conn));
}

static int set_rcvtimeo(struct sock *sock, const void *value, socklen_t len)
{
  u32_t timeout_ms;
  int error = sock_timeout_get(value, len, &timeout_ms);
  if (error == 0 && !conn_set_recv_timeout_ms(sock->conn, timeout_ms)) {
    error = -ENOPROTOOPT;
  }
  return error;
}

static int get_sndtimeo(struct sock *sock, void *value, socklen_t *len)
{
  return sock_timeout_put(value, len, conn_send_timeout_ms(sock->conn));
}

static int set_sndtimeo(struct sock *sock, const void *value, socklen_t len)
{
  u32_t timeout_ms;
  int error = sock_timeout_get(value, len, &timeout_ms);
  if (error == 0 && !conn_set_send_timeout_ms(sock->conn, timeout_ms)) {
    error = -ENOPROTOOPT;
  }
  return error;
}

static int get_contimeo(struct sock *sock, void *value, socklen_t *len)
{
  return sock_timeout_put(value, len, sock->connect_timeout_ms);
}

static int set_contimeo(struct sock *sock, const void *value, socklen_t len)
{
  return sock_timeout_get(value, len, &sock->connect_timeout_ms);
}

/** The interface's name, as a string or in a struct ifreq; an empty one: any interface. */
static int set_bindtodevice(struct sock *sock, const void *value, socklen_t len)
{
  char name[NETIF_NAMESIZE] = "";
  if (len != 0) {
    memcpy(name, value, LWIP_MIN(len, sizeof name - 1));
  }
  u8_t index = name[0] != '\0' ? netif_name_to_index(name) : NETIF_NO_INDEX;
  if (name[0] != '\0' && index == NETIF_NO_INDEX) {
    return -ENODEV;
  }
  return sock_error(conn_bind_if(sock->conn, index));
}

static int get_bindtodevice(struct sock *sock, void *value, socklen_t *len)
{
  char name[NETIF_NAMESIZE] = "";
  if (sock->conn->pcb.ip != NULL && sock->conn->pcb.ip->netif_idx != NETIF_NO_INDEX) {
    netif_index_to_name(sock->conn->pcb.ip->netif_idx, name);
  }
  size_t size = name[0] != '\0' ? strlen(name) + 1 : 0;
  return opt_put(value, len, name, size);
}

static const struct sock_option options[] = {
    {.name = SO_ACCEPTCONN, .sockets = OPT_ANY, .get_int = get_acceptconn},
    {.name = SO_BROADCAST, .sockets = OPT_ANY, .get_int = get_broadcast, .set_int = set_broadcast},
    {.name = SO_KEEPALIVE, .sockets = OPT_ANY, .get_int = get_keepalive, .set_int = set_keepalive},
    {.name = SO_REUSEADDR, .sockets = OPT_ANY, .get_int = get_reuseaddr, .set_int = set_reuseaddr},
    {.name = SO_REUSEPORT, .sockets = OPT_ANY, .get_int = get_reuseport, .set_int = set_reuseport},
    {.name = SO_DONTROUTE, .sockets = OPT_ANY, .get_int = get_dontroute, .set_int = set_dontroute},
    {.name = SO_DEBUG, .sockets = OPT_ANY, .get_int = get_debug, .set_int = set_debug},
    {.name = SO_USELOOPBACK,
     .sockets = OPT_ANY,
     .get_int = get_useloopback,
     .set_int = set_useloopback},
    {.name = SO_CONTIMEO, .sockets = OPT_STREAM, .get = get_contimeo, .set = set_contimeo},
    {.name = SO_TYPE, .sockets = OPT_ANY, .get_int = get_type},
    {.name = SO_PROTOCOL, .sockets = OPT_ANY, .get_int = get_protocol},
    {.name = SO_DOMAIN, .sockets = OPT_ANY, .get_int = get_domain},
    {.name = SO_ERROR, .sockets = OPT_ANY, .get_int = get_error},
    {.name = SO_RCVBUF, .sockets = OPT_ANY, .get_int = get_rcvbuf, .set_int = set_rcvbuf},
    {.name = SO_SNDBUF, .sockets = OPT_ANY, .get_int = get_sndbuf, .set_int = set_sndbuf},
    {.name = SO_SNDLOWAT, .sockets = OPT_STREAM, .get_int = get_sndlowat, .set_int = set_sndlowat},
    {.name = SO_RCVLOWAT, .sockets = OPT_ANY, .get_int = get_rcvlowat, .set_int = set_rcvlowat},
    {.name = SO_NO_CHECK, .sockets = OPT_UDP, .get_int = get_no_check, .set_int = set_no_check},
    {.name = SO_LINGER, .sockets = OPT_ANY, .get = get_linger, .set = set_linger},
    {.name = SO_RCVTIMEO, .sockets = OPT_ANY, .get = get_rcvtimeo, .set = set_rcvtimeo},
    {.name = SO_SNDTIMEO, .sockets = OPT_ANY, .get = get_sndtimeo, .set = set_sndtimeo},
    {.name = SO_BINDTODEVICE, .sockets = OPT_ANY, .get = get_bindtodevice, .set = set_bindtodevice},
    SOCK_IF_URGENT({.name = SO_OOBINLINE,
                    .sockets = OPT_STREAM,
                    .get_int = opt_get_oobinline,
                    .set_int = opt_set_oobinline}, )};

const struct sock_option_level sock_options_socket = {
    .level = SOL_SOCKET, .options = options, .count = LWIP_ARRAYSIZE(options)};

#endif /* LWIP_SOCKET */
