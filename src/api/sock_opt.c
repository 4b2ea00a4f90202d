/**
 * @file
 * getsockopt() and setsockopt(): finding the option, checking lengths.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/priv/sock_hooks.h"
#include "api/sock_opt.h"

static const struct sock_option_level *const levels[] = {
    &sock_options_socket, &sock_options_ip,
    SOCK_IF_TCP(&sock_options_tcp, ) SOCK_IF_IPV6(&sock_options_ip6, &sock_options_checksum, )
        SOCK_IF_UDPLITE(&sock_options_udplite, ) SOCK_IF_RAW(&sock_options_raw, )
            SOCK_IF_RAW6(&sock_options_icmp6, )};

static u8_t kind_of(const struct sock *sock)
{
  if (conn_is_tcp(sock->conn)) {
    return OPT_STREAM;
  }
  return conn_is_udp(sock->conn) ? OPT_UDP : OPT_RAW;
}

/** @return NULL: this socket has no such option */
static const struct sock_option *find(const struct sock *sock, int level, int name)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(levels); i++) {
    for (unsigned j = 0; levels[i]->level == level && j < levels[i]->count; j++) {
      const struct sock_option *o = &levels[i]->options[j];
      bool is_v6_only = (o->sockets & OPT_V6) != 0;
      if (o->name == name && (o->sockets & kind_of(sock)) != 0 &&
          (!is_v6_only || sock->domain == AF_INET6)) {
        return o;
      }
    }
  }
  return NULL;
}

/** TCP's own options are those of connections; listeners leave them to us. */
static bool has_tcp_options(const struct netconn *conn)
{
  return LWIP_TCP && conn_is_tcp(conn) && conn->state != NETCONN_LISTEN;
}

void sock_options_note(struct sock *sock)
{
  const struct ip_pcb *pcb = sock->conn->pcb.ip;
  if (pcb == NULL) {
    return;
  }
  sock->kept.so_options = pcb->so_options;
  sock->kept.tos = pcb->tos;
  sock->kept.ttl = pcb->ttl;
  if (has_tcp_options(sock->conn)) {
    sock_kept_tcp_note(&sock->kept.tcp, sock->conn->pcb.tcp);
  }
}

void sock_options_apply(struct sock *sock)
{
  struct ip_pcb *pcb = sock->conn->pcb.ip;
  if (pcb == NULL) {
    return;
  }
  pcb->so_options = sock->kept.so_options;
  pcb->tos = sock->kept.tos;
  pcb->ttl = sock->kept.ttl;
  if (conn_is_tcp(sock->conn)) {
    sock_kept_rcvbuf_apply(&sock->kept.tcp, sock->conn->pcb.tcp);
  }
  if (has_tcp_options(sock->conn)) {
    sock_kept_tcp_apply(&sock->kept.tcp, sock->conn->pcb.tcp);
  }
}

struct sock_kept *opt_kept(struct sock *sock)
{
  sock_options_note(sock);
  return &sock->kept;
}

int opt_apply(struct sock *sock)
{
  sock_options_apply(sock);
  return 0;
}

int opt_get_so(struct sock *sock, u8_t flag, int *value)
{
  *value = (opt_kept(sock)->so_options & flag) != 0;
  return 0;
}

int opt_set_so(struct sock *sock, u8_t flag, int value)
{
  struct sock_kept *kept = opt_kept(sock);
  kept->so_options = (u8_t)(value != 0 ? kept->so_options | flag : kept->so_options & ~flag);
  return opt_apply(sock);
}

int opt_get_flag(const struct sock *sock, u8_t flag, int *value)
{
  *value = (sock->flags & flag) != 0;
  return 0;
}

int opt_set_flag(struct sock *sock, u8_t flag, int value)
{
  sock->flags = (u8_t)(value != 0 ? sock->flags | flag : sock->flags & ~flag);
  return 0;
}

int opt_put(void *value, socklen_t *len, const void *from, size_t size)
{
  if (*len < size) {
    return -EINVAL;
  }
  memcpy(value, from, size);
  *len = (socklen_t)size;
  return 0;
}

/** An int, or in less room than that one byte, as the kernels do it for the options of IP. */
static int put_int(void *value, socklen_t *len, int v)
{
  u8_t byte = (u8_t)v;
  if (*len == 0) {
    return -EINVAL;
  }
  if (*len < sizeof v && v >= 0 && v <= 255) {
    return opt_put(value, len, &byte, sizeof byte);
  }
  return opt_put(value, len, &v, sizeof v);
}

static int get_option(struct sock *sock, int level, int name, void *value, socklen_t *len)
{
  const struct sock_option *o = find(sock, level, name);
  int v = 0;
  if (o == NULL || (o->get == NULL && o->get_int == NULL)) {
    return -ENOPROTOOPT;
  }
  if (o->get != NULL) {
    return o->get(sock, value, len);
  }
  int error = o->get_int(sock, &v);
  return error != 0 ? error : put_int(value, len, v);
}

static int set_option(struct sock *sock, int level, int name, const void *value, socklen_t len)
{
  const struct sock_option *o = find(sock, level, name);
  int v;
  if (o == NULL || (o->set == NULL && o->set_int == NULL)) {
    return -ENOPROTOOPT;
  }
  if (o->set != NULL) {
    return o->set(sock, value, len);
  }
  if (len == sizeof(u8_t)) {
    return o->set_int(sock, *(const u8_t *)value);
  }
  if (len < sizeof v) {
    return -EINVAL;
  }
  memcpy(&v, value, sizeof v);
  return o->set_int(sock, v);
}

int lwip_getsockopt(int s, int level, int optname, void *optval, socklen_t *optlen)
{
  struct sock_call call;
  int error = 0;
  if (optval == NULL || optlen == NULL) {
    return sock_fail(EFAULT);
  }
  if (!sock_enter(s, &call)) {
    return -1;
  }
  if (!sock_hook_getsockopt(s, call.sock, level, optname, optval, optlen, &error)) {
    error = get_option(call.sock, level, optname, optval, optlen);
  }
  return (int)sock_leave(&call, error);
}

int lwip_setsockopt(int s, int level, int optname, const void *optval, socklen_t optlen)
{
  struct sock_call call;
  int error = 0;
  if (optval == NULL && optlen != 0) {
    return sock_fail(EFAULT);
  }
  if (!sock_enter(s, &call)) {
    return -1;
  }
  if (!sock_hook_setsockopt(s, call.sock, level, optname, optval, optlen, &error)) {
    error = set_option(call.sock, level, optname, optval, optlen);
  }
  return (int)sock_leave(&call, error);
}

#endif /* LWIP_SOCKET */
