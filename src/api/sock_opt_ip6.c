/**
 * @file
 * Options of IPPROTO_IPV6 (RFC 3493 5, RFC 3542).
 */
#include "lwip/opt.h"

#if LWIP_SOCKET && LWIP_IPV6

#include "lwip/priv/sock_hooks.h"
#include "lwip/prot/ip6.h"
#include "api/sock_opt.h"
#include "api/sock_opt_ip.h"

static int get_v6only(struct sock *sock, int *value)
{
  *value = netconn_get_ipv6only(sock->conn);
  return 0;
}

static int set_v6only(struct sock *sock, int value)
{
  if (!conn_may_bind(sock->conn)) {
    return -EINVAL; /* RFC 3493 5.3: before it is bound */
  }
  netconn_set_ipv6only(sock->conn, value != 0);
  IP_SET_TYPE_VAL(sock->conn->pcb.ip->local_ip, value != 0 ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY);
  return 0;
}

static int set_hops(struct sock *sock, int value)
{
  if (value == -1) { /* the default: what routers say (RFC 3493 5.1) */
    opt_kept(sock)->ttl = 0;
    return opt_apply(sock);
  }
  return opt_set_ttl(sock, value);
}

static int set_tclass(struct sock *sock, int value)
{
  return opt_set_tos(sock, value == -1 ? 0 : value);
}

/** What the path takes, or has been set if that is less. */
static int get_mtu(struct sock *sock, int *value)
{
  int error = opt_get_mtu(sock, value);
  if (error == 0 && sock->mtu != 0) {
    *value = LWIP_MIN(*value, sock->mtu);
  }
  return error;
}

/** Not less than each link takes (RFC 8200 5); 0: none of our own. */
static int set_mtu(struct sock *sock, int value)
{
  if (value != 0 && value < IP6_MIN_MTU_LENGTH) {
    return -EINVAL;
  }
  u16_t mtu = (u16_t)LWIP_MIN(value, 0xffff);
  int error = conn_is_tcp(sock->conn) ? sock_tcp_mtu_set(sock->conn, mtu) : 0;
  if (error == 0) {
    sock->mtu = mtu;
  }
  return error;
}

static int get_checksum(struct sock *sock, int *value)
{
  const struct raw_pcb *pcb = sock->conn->pcb.raw;
  *value = pcb->chksum_reqd ? pcb->chksum_offset : -1;
  return 0;
}

/** RFC 3542 3.1: an even offset, -1 for none; ICMPv6 has it always. */
static int set_checksum(struct sock *sock, int value)
{
  struct raw_pcb *pcb = sock->conn->pcb.raw;
  if (pcb->protocol == IPPROTO_ICMPV6 || value < -1 || (value >= 0 && (value & 1) != 0) ||
      value > 0xfffe) {
    return -EINVAL;
  }
  pcb->chksum_reqd = value >= 0;
  pcb->chksum_offset = (u16_t)LWIP_MAX(value, 0);
  return 0;
}

static const struct sock_option options[] = {
    {.name = IPV6_CHECKSUM,
     .sockets = OPT_RAW | OPT_V6,
     .get_int = get_checksum,
     .set_int = set_checksum},
    {.name = IPV6_V6ONLY,
     .sockets = OPT_ANY | OPT_V6,
     .get_int = get_v6only,
     .set_int = set_v6only},
    {.name = IPV6_UNICAST_HOPS,
     .sockets = OPT_ANY | OPT_V6,
     .get_int = opt_get_ttl,
     .set_int = set_hops},
    {.name = IPV6_TCLASS,
     .sockets = OPT_ANY | OPT_V6,
     .get_int = opt_get_tos,
     .set_int = set_tclass},
    {.name = IPV6_MTU, .sockets = OPT_ANY | OPT_V6, .get_int = get_mtu, .set_int = set_mtu},
    {.name = IPV6_MTU_DISCOVER,
     .sockets = OPT_ANY | OPT_V6,
     .get_int = opt_get_mtu_discover,
     .set_int = opt_set_mtu_discover},
    {.name = IPV6_RECVPKTINFO,
     .sockets = OPT_DGRAM | OPT_V6,
     .get_int = opt_get_recv_pktinfo,
     .set_int = opt_set_recv_pktinfo},
    {.name = IPV6_RECVHOPLIMIT,
     .sockets = OPT_DGRAM | OPT_V6,
     .get_int = opt_get_recv_ttl,
     .set_int = opt_set_recv_ttl},
    {.name = IPV6_RECVTCLASS,
     .sockets = OPT_DGRAM | OPT_V6,
     .get_int = opt_get_recv_tos,
     .set_int = opt_set_recv_tos},
    {.name = IPV6_MULTICAST_IF,
     .sockets = OPT_DGRAM | OPT_V6,
     .get_int = opt_get_mcast_index,
     .set_int = opt_set_mcast_index},
    {.name = IPV6_MULTICAST_HOPS,
     .sockets = OPT_DGRAM | OPT_V6,
     .get_int = opt_get_mcast_ttl,
     .set_int = opt_set_mcast_ttl},
    {.name = IPV6_MULTICAST_LOOP,
     .sockets = OPT_DGRAM | OPT_V6,
     .get_int = opt_get_mcast_loop,
     .set_int = opt_set_mcast_loop},
    SOCK_IF_MLD(
        {.name = IPV6_JOIN_GROUP, .sockets = OPT_DGRAM | OPT_V6, .set = opt_join_group6},
        {.name = IPV6_LEAVE_GROUP, .sockets = OPT_DGRAM | OPT_V6, .set = opt_leave_group6}, )
        SOCK_IF_GROUPS(
            {.name = MCAST_JOIN_GROUP, .sockets = OPT_DGRAM | OPT_V6, .set = opt_mcast_join},
            {.name = MCAST_LEAVE_GROUP, .sockets = OPT_DGRAM | OPT_V6, .set = opt_mcast_leave},
            {.name = MCAST_JOIN_SOURCE_GROUP,
             .sockets = OPT_DGRAM | OPT_V6,
             .set = opt_mcast_join_source},
            {.name = MCAST_LEAVE_SOURCE_GROUP,
             .sockets = OPT_DGRAM | OPT_V6,
             .set = opt_mcast_leave_source},
            {.name = MCAST_BLOCK_SOURCE, .sockets = OPT_DGRAM | OPT_V6, .set = opt_mcast_block},
            {.name = MCAST_UNBLOCK_SOURCE,
             .sockets = OPT_DGRAM | OPT_V6,
             .set = opt_mcast_unblock}, )};

const struct sock_option_level sock_options_ip6 = {
    .level = IPPROTO_IPV6, .options = options, .count = LWIP_ARRAYSIZE(options)};

/** lwIP has the first of them at this level, too. */
const struct sock_option_level sock_options_checksum = {
    .level = IPPROTO_RAW, .options = options, .count = 1};

#endif /* LWIP_SOCKET && LWIP_IPV6 */
