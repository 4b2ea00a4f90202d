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
    SOCK_IF_TCP(&sock_options_tcp, ) SOCK_IF_IPV6(&sock_options_ip6, )
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

int opt_get_so(const struct sock *sock, u8_t flag, int *value)
{
  if (sock->conn->pcb.ip == NULL) {
    return -EINVAL;
  }
  *value = ip_get_option(sock->conn->pcb.ip, flag) != 0;
  return 0;
}

int opt_set_so(struct sock *sock, u8_t flag, int value)
{
  if (sock->conn->pcb.ip == NULL) {
    return -EINVAL;
  }
  if (value != 0) {
    ip_set_option(sock->conn->pcb.ip, flag);
  } else {
    ip_reset_option(sock->conn->pcb.ip, flag);
  }
  return 0;
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
