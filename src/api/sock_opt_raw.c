/**
 * @file
 * Options of UDP-Lite (RFC 3828), and the filters of raw ICMP sockets (RFC 3542 3.2).
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/priv/sock_hooks.h"
#include "lwip/prot/ip6.h"
#include "api/sock_opt.h"

#if LWIP_UDPLITE

/** 0 or a length that covers the header at least. */
static int checked_coverage(const struct sock *sock, int value)
{
  bool is_lite = (udp_flags(sock->conn->pcb.udp) & UDP_FLAGS_UDPLITE) != 0;
  if (!is_lite) {
    return -ENOPROTOOPT;
  }
  return value < 0 || value > 0xffff || (value > 0 && value < 8) ? -EINVAL : 0;
}

static int get_send_coverage(struct sock *sock, int *value)
{
  *value = sock->conn->pcb.udp->chksum_len_tx;
  return checked_coverage(sock, 0);
}

static int set_send_coverage(struct sock *sock, int value)
{
  int error = checked_coverage(sock, value);
  if (error == 0) {
    sock->conn->pcb.udp->chksum_len_tx = (u16_t)value;
  }
  return error;
}

static int get_recv_coverage(struct sock *sock, int *value)
{
  *value = sock->conn->pcb.udp->chksum_len_rx;
  return checked_coverage(sock, 0);
}

static int set_recv_coverage(struct sock *sock, int value)
{
  int error = checked_coverage(sock, value);
  if (error == 0) {
    sock->conn->pcb.udp->chksum_len_rx = (u16_t)value;
  }
  return error;
}

static const struct sock_option udplite_options[] = {
    {.name = UDPLITE_SEND_CSCOV,
     .sockets = OPT_UDP,
     .get_int = get_send_coverage,
     .set_int = set_send_coverage},
    {.name = UDPLITE_RECV_CSCOV,
     .sockets = OPT_UDP,
     .get_int = get_recv_coverage,
     .set_int = set_recv_coverage},
};

const struct sock_option_level sock_options_udplite = {
    .level = IPPROTO_UDPLITE, .options = udplite_options, .count = LWIP_ARRAYSIZE(udplite_options)};

#endif

#if LWIP_RAW

static int get_filter(struct sock *sock, void *value, socklen_t *len, size_t size)
{
  *len = (socklen_t)LWIP_MIN(*len, size);
  memcpy(value, sock->icmp_filter, *len);
  return 0;
}

static int set_filter(struct sock *sock, const void *value, socklen_t len, size_t size, u8_t proto)
{
  if (sock->conn->pcb.raw == NULL || sock->conn->pcb.raw->protocol != proto) {
    return -EOPNOTSUPP;
  }
  if (len < size) {
    return -EINVAL;
  }
  memcpy(sock->icmp_filter, value, size);
  sock->conn->icmp_filter = sock->icmp_filter;
  return 0;
}

static int get_icmp_filter(struct sock *sock, void *value, socklen_t *len)
{
  return get_filter(sock, value, len, sizeof(struct icmp_filter));
}

static int set_icmp_filter(struct sock *sock, const void *value, socklen_t len)
{
  return set_filter(sock, value, len, sizeof(struct icmp_filter), IPPROTO_ICMP);
}

static const struct sock_option raw_options[] = {
    {.name = ICMP_FILTER, .sockets = OPT_RAW, .get = get_icmp_filter, .set = set_icmp_filter},
};

const struct sock_option_level sock_options_raw = {
    .level = IPPROTO_RAW, .options = raw_options, .count = LWIP_ARRAYSIZE(raw_options)};

static int get_icmp6_filter(struct sock *sock, void *value, socklen_t *len)
{
  return get_filter(sock, value, len, sizeof(struct icmp6_filter));
}

static int set_icmp6_filter(struct sock *sock, const void *value, socklen_t len)
{
  return set_filter(sock, value, len, sizeof(struct icmp6_filter), IP6_NEXTH_ICMP6);
}

static const struct sock_option icmp6_options[] = {
    {.name = ICMP6_FILTER,
     .sockets = OPT_RAW | OPT_V6,
     .get = get_icmp6_filter,
     .set = set_icmp6_filter},
};

const struct sock_option_level sock_options_icmp6 = {
    .level = IP6_NEXTH_ICMP6, .options = icmp6_options, .count = LWIP_ARRAYSIZE(icmp6_options)};

#endif

#endif /* LWIP_SOCKET */
