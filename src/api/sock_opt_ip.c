/**
 * @file
 * Options of IPPROTO_IP, and those of the same kind that AF_INET6 has under other names.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/priv/sock_hooks.h"
#include "api/sock_opt.h"
#include "api/sock_opt_ip.h"
#include "transport/pcb_addr.h"

int opt_get_tos(struct sock *sock, int *value)
{
  *value = opt_kept(sock)->tos;
  return 0;
}

int opt_set_tos(struct sock *sock, int value)
{
  if (value < 0 || value > 255) {
    return -EINVAL;
  }
  opt_kept(sock)->tos = (u8_t)value;
  return opt_apply(sock);
}

int opt_get_ttl(struct sock *sock, int *value)
{
  u8_t ttl = opt_kept(sock)->ttl;
  *value = ttl != 0 ? ttl : IP_DEFAULT_TTL;
  return 0;
}

int opt_set_ttl(struct sock *sock, int value)
{
  if (value < 1 || value > 255) {
    return -EINVAL;
  }
  opt_kept(sock)->ttl = (u8_t)value;
  return opt_apply(sock);
}

int opt_get_recv_pktinfo(struct sock *sock, int *value)
{
  return opt_get_flag(sock, SOCK_RECV_PKTINFO, value);
}

/** What comes with a datagram is known to builds that note it. */
static int set_recv(struct sock *sock, u8_t flag, int value)
{
  return LWIP_NETBUF_RECVINFO ? opt_set_flag(sock, flag, value) : -ENOPROTOOPT;
}

int opt_set_recv_pktinfo(struct sock *sock, int value)
{
  return set_recv(sock, SOCK_RECV_PKTINFO, value);
}

int opt_get_recv_ttl(struct sock *sock, int *value)
{
  return opt_get_flag(sock, SOCK_RECV_TTL, value);
}

int opt_set_recv_ttl(struct sock *sock, int value)
{
  return set_recv(sock, SOCK_RECV_TTL, value);
}

int opt_get_recv_tos(struct sock *sock, int *value)
{
  return opt_get_flag(sock, SOCK_RECV_TOS, value);
}

int opt_set_recv_tos(struct sock *sock, int value)
{
  return set_recv(sock, SOCK_RECV_TOS, value);
}

int opt_get_mtu(struct sock *sock, int *value)
{
  struct netconn *conn = sock->conn;
  ip_addr_t peer;
  u16_t port;
  if (conn_address(conn, &peer, &port, false) != ERR_OK) {
    return -ENOTCONN;
  }
  const struct pcb_route route = {.netif_idx = conn->pcb.ip->netif_idx,
                                  .local = &conn->pcb.ip->local_ip};
  struct netif *netif = pcb_route_find(&route, &peer);
  if (netif == NULL) {
    return -ENETUNREACH;
  }
  *value = pcb_path_mtu(&peer, netif);
  return 0;
}

/** IP_PMTUDISC_*, in so_options. */
static const u8_t pmtu_modes[] = {[IP_PMTUDISC_DONT] = SOF_DF_NEVER,
                                  [IP_PMTUDISC_WANT] = 0,
                                  [IP_PMTUDISC_DO] = SOF_DF_ALWAYS,
                                  [IP_PMTUDISC_PROBE] = SOF_DF_NEVER | SOF_DF_ALWAYS};

int opt_get_mtu_discover(struct sock *sock, int *value)
{
  u8_t mode = opt_kept(sock)->so_options & (SOF_DF_NEVER | SOF_DF_ALWAYS);
  *value = 0;
  while (pmtu_modes[*value] != mode) {
    ++*value;
  }
  return 0;
}

int opt_set_mtu_discover(struct sock *sock, int value)
{
  struct sock_kept *kept = opt_kept(sock);
  if (value < 0 || value >= (int)LWIP_ARRAYSIZE(pmtu_modes)) {
    return -EINVAL;
  }
  u8_t others = kept->so_options & (u8_t) ~(SOF_DF_NEVER | SOF_DF_ALWAYS);
  kept->so_options = others | pmtu_modes[value];
  return opt_apply(sock);
}

static int get_hdrincl(struct sock *sock, int *value)
{
  *value = raw_is_flag_set(sock->conn->pcb.raw, RAW_FLAGS_HDRINCL);
  return 0;
}

static int set_hdrincl(struct sock *sock, int value)
{
  if (value != 0) {
    raw_set_flags(sock->conn->pcb.raw, RAW_FLAGS_HDRINCL);
  } else {
    raw_clear_flags(sock->conn->pcb.raw, RAW_FLAGS_HDRINCL);
  }
  return 0;
}

/* --- sending to groups --- */

static int get_mcast(const struct sock *sock, enum sock_mcast what, int *value)
{
  const u8_t *at = sock_mcast(sock->conn, what);
  *value = at != NULL ? *at : 0;
  return at != NULL ? 0 : -ENOPROTOOPT;
}

static int set_mcast(const struct sock *sock, enum sock_mcast what, u8_t value)
{
  u8_t *at = sock_mcast(sock->conn, what);
  if (at == NULL) {
    return -ENOPROTOOPT;
  }
  *at = value;
  return 0;
}

int opt_get_mcast_ttl(struct sock *sock, int *value)
{
  return get_mcast(sock, SOCK_MCAST_TTL, value);
}

int opt_set_mcast_ttl(struct sock *sock, int value)
{
  if (value < -1 || value > 255) {
    return -EINVAL;
  }
  return set_mcast(sock, SOCK_MCAST_TTL, (u8_t)(value == -1 ? 1 : value));
}

int opt_get_mcast_index(struct sock *sock, int *value)
{
  return get_mcast(sock, SOCK_MCAST_IF, value);
}

int opt_set_mcast_index(struct sock *sock, int value)
{
  bool is_there =
      value == 0 || (value > 0 && value <= 255 && netif_get_by_index((u8_t)value) != NULL);
  return is_there ? set_mcast(sock, SOCK_MCAST_IF, (u8_t)value) : -ENODEV;
}

int opt_get_mcast_loop(struct sock *sock, int *value)
{
  *value = conn_is_udp(sock->conn)
               ? (udp_flags(sock->conn->pcb.udp) & UDP_FLAGS_MULTICAST_LOOP) != 0
               : raw_is_flag_set(sock->conn->pcb.raw, RAW_FLAGS_MULTICAST_LOOP);
  return 0;
}

int opt_set_mcast_loop(struct sock *sock, int value)
{
  struct netconn *conn = sock->conn;
  if (!LWIP_MULTICAST_TX_OPTIONS) {
    return -ENOPROTOOPT;
  }
  if (conn_is_udp(conn)) {
    u8_t flags = udp_flags(conn->pcb.udp) & (u8_t)~UDP_FLAGS_MULTICAST_LOOP;
    udp_setflags(conn->pcb.udp, (u8_t)(flags | (value != 0 ? UDP_FLAGS_MULTICAST_LOOP : 0)));
  } else {
    u8_t flags = raw_flags(conn->pcb.raw) & (u8_t)~RAW_FLAGS_MULTICAST_LOOP;
    raw_setflags(conn->pcb.raw, (u8_t)(flags | (value != 0 ? RAW_FLAGS_MULTICAST_LOOP : 0)));
  }
  return 0;
}

/** The address of the interface: its first. */
static int get_mcast_if(struct sock *sock, void *value, socklen_t *len)
{
  int index = 0;
  int error = opt_get_mcast_index(sock, &index);
  struct in_addr addr = {.s_addr = index != 0 ? sock_ip4_of((u8_t)index) : 0};
  return error != 0 ? error : opt_put(value, len, &addr, sizeof addr);
}

/** struct in_addr: by its address; struct ip_mreq: as that, struct ip_mreqn: also by its index. */
static int set_mcast_if(struct sock *sock, const void *value, socklen_t len)
{
  struct ip_mreqn all = {.imr_ifindex = 0};
  ip_addr_t addr;
  if (len >= sizeof(struct ip_mreq)) {
    memcpy(&all, value, LWIP_MIN(len, sizeof all));
  } else if (len >= sizeof(struct in_addr)) {
    memcpy(&all.imr_address, value, sizeof all.imr_address);
  } else {
    return -EINVAL;
  }
  sock_ip4_set(&addr, all.imr_address.s_addr);
  if (all.imr_ifindex != 0 || ip_addr_isany(&addr)) {
    return opt_set_mcast_index(sock, all.imr_ifindex);
  }
  const struct netif *netif = sock_netif_of(&addr);
  return netif != NULL ? opt_set_mcast_index(sock, netif_get_index(netif)) : -EADDRNOTAVAIL;
}

static const struct sock_option options[] = {
    {.name = IP_TOS, .sockets = OPT_ANY, .get_int = opt_get_tos, .set_int = opt_set_tos},
    {.name = IP_TTL, .sockets = OPT_ANY, .get_int = opt_get_ttl, .set_int = opt_set_ttl},
    {.name = IP_PKTINFO,
     .sockets = OPT_DGRAM,
     .get_int = opt_get_recv_pktinfo,
     .set_int = opt_set_recv_pktinfo},
    {.name = IP_RECVTTL,
     .sockets = OPT_DGRAM,
     .get_int = opt_get_recv_ttl,
     .set_int = opt_set_recv_ttl},
    {.name = IP_RECVTOS,
     .sockets = OPT_DGRAM,
     .get_int = opt_get_recv_tos,
     .set_int = opt_set_recv_tos},
    {.name = IP_MTU, .sockets = OPT_ANY, .get_int = opt_get_mtu},
    {.name = IP_MTU_DISCOVER,
     .sockets = OPT_ANY,
     .get_int = opt_get_mtu_discover,
     .set_int = opt_set_mtu_discover},
    {.name = IP_HDRINCL, .sockets = OPT_RAW, .get_int = get_hdrincl, .set_int = set_hdrincl},
    {.name = IP_MULTICAST_TTL,
     .sockets = OPT_DGRAM,
     .get_int = opt_get_mcast_ttl,
     .set_int = opt_set_mcast_ttl},
    {.name = IP_MULTICAST_LOOP,
     .sockets = OPT_DGRAM,
     .get_int = opt_get_mcast_loop,
     .set_int = opt_set_mcast_loop},
    {.name = IP_MULTICAST_IF, .sockets = OPT_DGRAM, .get = get_mcast_if, .set = set_mcast_if},
    SOCK_IF_IGMP({.name = IP_ADD_MEMBERSHIP, .sockets = OPT_DGRAM, .set = opt_add_membership},
                 {.name = IP_DROP_MEMBERSHIP, .sockets = OPT_DGRAM, .set = opt_drop_membership},
                 {.name = IP_ADD_SOURCE_MEMBERSHIP, .sockets = OPT_DGRAM, .set = opt_add_source},
                 {.name = IP_DROP_SOURCE_MEMBERSHIP, .sockets = OPT_DGRAM, .set = opt_drop_source},
                 {.name = IP_BLOCK_SOURCE, .sockets = OPT_DGRAM, .set = opt_block_source},
                 {.name = IP_UNBLOCK_SOURCE, .sockets = OPT_DGRAM, .set = opt_unblock_source}, )
        SOCK_IF_GROUPS(
            {.name = MCAST_JOIN_GROUP, .sockets = OPT_DGRAM, .set = opt_mcast_join},
            {.name = MCAST_LEAVE_GROUP, .sockets = OPT_DGRAM, .set = opt_mcast_leave},
            {.name = MCAST_JOIN_SOURCE_GROUP, .sockets = OPT_DGRAM, .set = opt_mcast_join_source},
            {.name = MCAST_LEAVE_SOURCE_GROUP, .sockets = OPT_DGRAM, .set = opt_mcast_leave_source},
            {.name = MCAST_BLOCK_SOURCE, .sockets = OPT_DGRAM, .set = opt_mcast_block},
            {.name = MCAST_UNBLOCK_SOURCE, .sockets = OPT_DGRAM, .set = opt_mcast_unblock}, )};

const struct sock_option_level sock_options_ip = {
    .level = IPPROTO_IP, .options = options, .count = LWIP_ARRAYSIZE(options)};

#endif /* LWIP_SOCKET */
