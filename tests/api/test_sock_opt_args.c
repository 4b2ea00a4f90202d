/**
 * @file
 * Sockets: each option there is, without a value, without room, with too little of it, and on
 * sockets that have no such option: never silent success.
 * needs: threads
 * needs: tcp
 */
#include "api.h"
#include "fails.h"
#include "lwip/sockets.h"

/** Which sockets have an option, and what else there is to know of it. */
enum {
  STREAM = 1,
  UDP = 2,
  RAW = 4,
  DGRAM = UDP | RAW,
  ANY = STREAM | DGRAM,
  OF_V6 = 8,       /* none of AF_INET has it */
  READ_ONLY = 16,  /* getsockopt() alone */
  WRITE_ONLY = 32, /* setsockopt() alone */
  IS_CUT = 64,     /* getsockopt() gives what there is room for */
  OF_PATH = 128    /* getsockopt() wants a peer */
};

struct option {
  int level;
  int name;
  unsigned what;
  size_t size; /* least that setsockopt() takes; an int may be a byte, too */
};

#define INT(level, name, what)                                                                     \
  {                                                                                                \
    level, name, what, sizeof(int)                                                                 \
  }
#define SOCKET_INT(name, what) INT(SOL_SOCKET, name, what)
#define TCP_INT(name)          INT(IPPROTO_TCP, name, STREAM)
#define GROUP(level, name, type)                                                                   \
  {                                                                                                \
    level, name, DGRAM | WRITE_ONLY, sizeof(type)                                                  \
  }
#define GROUPS(level)                                                                              \
  GROUP(level, MCAST_JOIN_GROUP, struct group_req),                                                \
      GROUP(level, MCAST_LEAVE_GROUP, struct group_req),                                           \
      GROUP(level, MCAST_JOIN_SOURCE_GROUP, struct group_source_req),                              \
      GROUP(level, MCAST_LEAVE_SOURCE_GROUP, struct group_source_req),                             \
      GROUP(level, MCAST_BLOCK_SOURCE, struct group_source_req),                                   \
      GROUP(level, MCAST_UNBLOCK_SOURCE, struct group_source_req)

static const struct option of_sockets[] = {
    SOCKET_INT(SO_ACCEPTCONN, ANY | READ_ONLY),
    SOCKET_INT(SO_TYPE, ANY | READ_ONLY),
    SOCKET_INT(SO_PROTOCOL, ANY | READ_ONLY),
    SOCKET_INT(SO_DOMAIN, ANY | READ_ONLY),
    SOCKET_INT(SO_ERROR, ANY | READ_ONLY),
    SOCKET_INT(SO_BROADCAST, ANY),
    SOCKET_INT(SO_KEEPALIVE, ANY),
    SOCKET_INT(SO_REUSEADDR, ANY),
    SOCKET_INT(SO_REUSEPORT, ANY),
    SOCKET_INT(SO_DONTROUTE, ANY),
    SOCKET_INT(SO_DEBUG, ANY),
    SOCKET_INT(SO_USELOOPBACK, ANY),
    SOCKET_INT(SO_OOBINLINE, STREAM),
    SOCKET_INT(SO_RCVBUF, ANY),
    SOCKET_INT(SO_SNDBUF, ANY),
    SOCKET_INT(SO_RCVLOWAT, ANY),
    SOCKET_INT(SO_SNDLOWAT, STREAM),
    SOCKET_INT(SO_NO_CHECK, UDP),
    {SOL_SOCKET, SO_LINGER, ANY, sizeof(struct linger)},
    {SOL_SOCKET, SO_RCVTIMEO, ANY, sizeof(struct timeval)},
    {SOL_SOCKET, SO_SNDTIMEO, ANY, sizeof(struct timeval)},
    {SOL_SOCKET, SO_CONTIMEO, STREAM, sizeof(struct timeval)},
    {SOL_SOCKET, SO_BINDTODEVICE, ANY | IS_CUT, 0},
};

static const struct option of_tcp[] = {
    TCP_INT(TCP_NODELAY),
    TCP_INT(TCP_CORK),
    TCP_INT(TCP_KEEPALIVE),
    TCP_INT(TCP_KEEPIDLE),
    TCP_INT(TCP_KEEPINTVL),
    TCP_INT(TCP_KEEPCNT),
    TCP_INT(TCP_MAXSEG),
    TCP_INT(TCP_QUICKACK),
    TCP_INT(TCP_USER_TIMEOUT),
    TCP_INT(TCP_NOTSENT_LOWAT),
    {IPPROTO_TCP, TCP_CONGESTION, STREAM | IS_CUT, 1},
    {IPPROTO_TCP, TCP_INFO, STREAM | IS_CUT | READ_ONLY, 1},
};

#if LWIP_IPV4
static const struct option of_ip[] = {
    INT(IPPROTO_IP, IP_TOS, ANY),
    INT(IPPROTO_IP, IP_TTL, ANY),
    INT(IPPROTO_IP, IP_MTU, ANY | READ_ONLY | OF_PATH),
    INT(IPPROTO_IP, IP_MTU_DISCOVER, ANY),
    INT(IPPROTO_IP, IP_PKTINFO, DGRAM),
    INT(IPPROTO_IP, IP_RECVTTL, DGRAM),
    INT(IPPROTO_IP, IP_RECVTOS, DGRAM),
    INT(IPPROTO_IP, IP_HDRINCL, RAW),
    INT(IPPROTO_IP, IP_MULTICAST_TTL, DGRAM),
    INT(IPPROTO_IP, IP_MULTICAST_LOOP, DGRAM),
    {IPPROTO_IP, IP_MULTICAST_IF, DGRAM, sizeof(struct in_addr)},
    GROUP(IPPROTO_IP, IP_ADD_MEMBERSHIP, struct ip_mreq),
    GROUP(IPPROTO_IP, IP_DROP_MEMBERSHIP, struct ip_mreq),
    GROUP(IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, struct ip_mreq_source),
    GROUP(IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, struct ip_mreq_source),
    GROUP(IPPROTO_IP, IP_BLOCK_SOURCE, struct ip_mreq_source),
    GROUP(IPPROTO_IP, IP_UNBLOCK_SOURCE, struct ip_mreq_source),
    GROUPS(IPPROTO_IP),
};
#endif

#if LWIP_IPV6
#define V6_INT(name, what) INT(IPPROTO_IPV6, name, (what) | OF_V6)
#define V6_GROUP(name, type)                                                                       \
  {                                                                                                \
    IPPROTO_IPV6, name, DGRAM | WRITE_ONLY | OF_V6, sizeof(type)                                   \
  }

static const struct option of_ip6[] = {
    V6_INT(IPV6_V6ONLY, ANY),
    V6_INT(IPV6_UNICAST_HOPS, ANY),
    V6_INT(IPV6_TCLASS, ANY),
    V6_INT(IPV6_MTU, ANY | OF_PATH),
    V6_INT(IPV6_MTU_DISCOVER, ANY),
    V6_INT(IPV6_RECVPKTINFO, DGRAM),
    V6_INT(IPV6_RECVHOPLIMIT, DGRAM),
    V6_INT(IPV6_RECVTCLASS, DGRAM),
    V6_INT(IPV6_MULTICAST_IF, DGRAM),
    V6_INT(IPV6_MULTICAST_HOPS, DGRAM),
    V6_INT(IPV6_MULTICAST_LOOP, DGRAM),
    V6_INT(IPV6_CHECKSUM, RAW),
    INT(IPPROTO_RAW, IPV6_CHECKSUM, RAW | OF_V6), /* lwIP's level */
    V6_GROUP(IPV6_JOIN_GROUP, struct ipv6_mreq),
    V6_GROUP(IPV6_LEAVE_GROUP, struct ipv6_mreq),
    V6_GROUP(IPV6_ADD_MEMBERSHIP, struct ipv6_mreq),
    V6_GROUP(IPV6_DROP_MEMBERSHIP, struct ipv6_mreq),
    V6_GROUP(MCAST_JOIN_GROUP, struct group_req),
    V6_GROUP(MCAST_LEAVE_GROUP, struct group_req),
    V6_GROUP(MCAST_JOIN_SOURCE_GROUP, struct group_source_req),
    V6_GROUP(MCAST_LEAVE_SOURCE_GROUP, struct group_source_req),
    V6_GROUP(MCAST_BLOCK_SOURCE, struct group_source_req),
    V6_GROUP(MCAST_UNBLOCK_SOURCE, struct group_source_req),
};
#endif

/** Room for any value. */
static char room[512];

static void not_set(int s, const struct option *o, bool is_there)
{
  memset(room, 0, sizeof room);
  if (!is_there || (o->what & READ_ONLY) != 0) {
    assert_fails(lwip_setsockopt(s, o->level, o->name, room, sizeof room), ENOPROTOOPT);
    return;
  }
  assert_fails(lwip_setsockopt(s, o->level, o->name, NULL, sizeof room), EFAULT);
  if (o->size > 0) {
    assert_fails(lwip_setsockopt(s, o->level, o->name, room, 0), EINVAL);
    assert_fails(lwip_setsockopt(s, o->level, o->name, NULL, 0), EINVAL);
  }
  if (o->size > 1) {
    assert_fails(lwip_setsockopt(s, o->level, o->name, room, (socklen_t)o->size - 1), EINVAL);
  }
}

static void not_got(int s, const struct option *o, bool is_there)
{
  socklen_t len = sizeof room;
  assert_fails(lwip_getsockopt(s, o->level, o->name, NULL, &len), EFAULT);
  assert_fails(lwip_getsockopt(s, o->level, o->name, room, NULL), EFAULT);
  if (!is_there || (o->what & WRITE_ONLY) != 0) {
    assert_fails(lwip_getsockopt(s, o->level, o->name, room, &len), ENOPROTOOPT);
    return;
  }
  if ((o->what & OF_PATH) != 0) {
    assert_fails(lwip_getsockopt(s, o->level, o->name, room, &len), ENOTCONN);
    return;
  }
  assert_int_equal(lwip_getsockopt(s, o->level, o->name, room, &len), 0);
  assert_true(len < sizeof room); /* its own size */
  memset(room, 0x55, sizeof room);
  len = 0;
  if ((o->what & IS_CUT) != 0) {
    assert_int_equal(lwip_getsockopt(s, o->level, o->name, room, &len), 0);
  } else {
    assert_fails(lwip_getsockopt(s, o->level, o->name, room, &len), EINVAL);
  }
  assert_int_equal(len, 0);
  assert_int_equal(room[0], 0x55);
}

static void refused(int s, unsigned type, int domain, const struct option *o, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    bool is_there = (o[i].what & type) != 0 && ((o[i].what & OF_V6) == 0 || domain == AF_INET6);
    not_set(s, &o[i], is_there);
    not_got(s, &o[i], is_there);
    assert_fails(lwip_setsockopt(-1, o[i].level, o[i].name, room, sizeof room), EBADF);
    socklen_t len = sizeof room;
    assert_fails(lwip_getsockopt(-1, o[i].level, o[i].name, room, &len), EBADF);
  }
}

static void all_refused(int domain)
{
  const struct {
    int type;
    unsigned what;
  } sockets[] = {{SOCK_STREAM, STREAM}, {SOCK_DGRAM, UDP}, {SOCK_RAW, RAW}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sockets); i++) {
    unsigned what = sockets[i].what;
    int s = lwip_socket(domain, sockets[i].type, what == RAW ? 253 : 0); /* RFC 3692 */
    assert_true(s >= 0);
    refused(s, what, domain, of_sockets, LWIP_ARRAYSIZE(of_sockets));
    refused(s, what, domain, of_tcp, LWIP_ARRAYSIZE(of_tcp));
#if LWIP_IPV4
    refused(s, what, domain, of_ip, LWIP_ARRAYSIZE(of_ip));
#endif
#if LWIP_IPV6
    refused(s, what, domain, of_ip6, LWIP_ARRAYSIZE(of_ip6));
#endif
    assert_int_equal(lwip_close(s), 0);
  }
}

#if LWIP_IPV4
static void sockets_of_ip4(void **state)
{
  LWIP_UNUSED_ARG(state);
  all_refused(AF_INET);
}
#endif

#if LWIP_IPV6
static void sockets_of_ip6(void **state)
{
  LWIP_UNUSED_ARG(state);
  all_refused(AF_INET6);
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
#if LWIP_IPV4
    API_TEST(sockets_of_ip4),
#endif
#if LWIP_IPV6
    API_TEST(sockets_of_ip6),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
