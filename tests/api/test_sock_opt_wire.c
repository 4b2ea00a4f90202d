/**
 * @file
 * Sockets: what options do to the packets, seen by two interfaces that record them.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "api.h"
#include "fails.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"
#include "gossamer/pmtu.h"

/** 10.<number>.0.1/24, and what left by it. */
struct line {
  struct netif netif;
  u8_t number;
  unsigned count;
  u16_t len;       /* of the last packet, with its header */
  u8_t bytes[128]; /* ... its first ones */
};

static struct line line1, line2;

/** Under the core lock, in the thread that sends. */
static err_t record(struct netif *netif, struct pbuf *p, const ip4_addr_t *next)
{
  struct line *l = (struct line *)netif->state;
  LWIP_UNUSED_ARG(next);
  if (p->tot_len >= 10 && pbuf_get_at(p, 9) == 2) {
    return ERR_OK; /* IGMP, which comes when it likes */
  }
  l->count++;
  l->len = p->tot_len;
  memset(l->bytes, 0, sizeof l->bytes);
  pbuf_copy_partial(p, l->bytes, sizeof l->bytes, 0);
  return ERR_OK;
}

static err_t line_init(struct netif *netif)
{
  netif->name[0] = 'l';
  netif->name[1] = 'n';
  netif->mtu = 1500;
  netif->output = record;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_IGMP;
  return ERR_OK;
}

static void line_up(struct line *l, u8_t number)
{
  ip4_addr_t addr, mask;
  memset(l, 0, sizeof *l);
  l->number = number;
  IP4_ADDR(&addr, 10, number, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  assert_non_null(netif_add(&l->netif, &addr, &mask, NULL, l, line_init, netif_input));
  netif_set_up(&l->netif);
  netif_set_link_up(&l->netif);
}

static int lines_setup(void **state)
{
  int result = api_setup(state);
  LOCK_TCPIP_CORE();
  line_up(&line1, 1);
  line_up(&line2, 2);
  netif_set_default(&line1.netif);
  UNLOCK_TCPIP_CORE();
  return result;
}

static int lines_teardown(void **state)
{
  LOCK_TCPIP_CORE();
  netif_remove(&line1.netif);
  netif_remove(&line2.netif);
  UNLOCK_TCPIP_CORE();
  return api_teardown(state);
}

#define LINES_TEST(function) cmocka_unit_test_setup_teardown(function, lines_setup, lines_teardown)

static struct sockaddr_in to(u32_t address)
{
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = lwip_htons(9);
  a.sin_addr.s_addr = lwip_htonl(address);
  return a;
}

#define NEAR1 0x0a010009UL
#define NEAR2 0x0a020009UL
#define GROUP 0xefff0101UL

static int set(int s, int level, int name, int value)
{
  return lwip_setsockopt(s, level, name, &value, sizeof value);
}

static int get(int s, int level, int name)
{
  int value = -1;
  socklen_t len = sizeof value;
  assert_int_equal(lwip_getsockopt(s, level, name, &value, &len), 0);
  return value;
}

/** A datagram with so many bytes of data. */
static ssize_t say(int s, u32_t address, size_t len)
{
  static const char data[3000];
  struct sockaddr_in a = to(address);
  assert_true(len <= sizeof data);
  return lwip_sendto(s, data, len, 0, (struct sockaddr *)&a, sizeof a);
}

static int datagram_socket(void)
{
  int s = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  assert_true(s >= 0);
  return s;
}

/** A stream on its way to nobody: its SYN has left. */
static int stream_to(u32_t address, int (*prepare)(int s))
{
  struct sockaddr_in a = to(address);
  int s = lwip_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  assert_true(s >= 0);
  assert_int_equal(prepare(s), 0);
  assert_fails(lwip_connect(s, (struct sockaddr *)&a, sizeof a), EINPROGRESS);
  return s;
}

static bool has_df(const struct line *l)
{
  return (l->bytes[6] & 0x40) != 0;
}

static u16_t word(const struct line *l, unsigned at)
{
  return (u16_t)(l->bytes[at] << 8 | l->bytes[at + 1]);
}

static int prepare_tos(int s)
{
  return set(s, IPPROTO_IP, IP_TOS, 0x28) | set(s, IPPROTO_IP, IP_TTL, 7);
}

static void tos_and_ttl(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = datagram_socket();
  assert_int_equal(prepare_tos(s), 0);
  assert_int_equal(say(s, NEAR1, 4), 4);
  assert_int_equal(line1.bytes[1], 0x28);
  assert_int_equal(line1.bytes[8], 7);
  assert_int_equal(lwip_close(s), 0);
  s = stream_to(NEAR1, prepare_tos);
  assert_int_equal(line1.bytes[9], IPPROTO_TCP);
  assert_int_equal(line1.bytes[1], 0x28);
  assert_int_equal(line1.bytes[8], 7);
  assert_int_equal(lwip_close(s), 0);
}

static void lower_path_mtu(u32_t address, u16_t mtu)
{
  ip_addr_t dst;
  ip_addr_set_ip4_u32(&dst, lwip_htonl(address));
  LOCK_TCPIP_CORE();
  assert_true(pmtu_lower(&dst, mtu));
  UNLOCK_TCPIP_CORE();
}

static void dont_fragment(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = datagram_socket();
  assert_int_equal(say(s, NEAR1, 1472), 1472);
  assert_true(has_df(&line1));
  assert_int_equal(say(s, NEAR1, 1473), 1473); /* WANT: in two */
  assert_int_equal(line1.count, 3);
  assert_false(has_df(&line1));
  assert_int_equal(set(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT), 0);
  assert_int_equal(say(s, NEAR1, 4), 4);
  assert_false(has_df(&line1));
  assert_int_equal(set(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO), 0);
  line1.count = 0;
  assert_fails(say(s, NEAR1, 1473), EMSGSIZE);
  assert_int_equal(line1.count, 0);
  lower_path_mtu(NEAR1, 1000);
  assert_fails(say(s, NEAR1, 973), EMSGSIZE);
  assert_int_equal(say(s, NEAR1, 972), 972);
  assert_true(has_df(&line1));
  assert_int_equal(set(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE), 0);
  assert_int_equal(say(s, NEAR1, 1472), 1472);
  assert_true(has_df(&line1));
  assert_int_equal(line1.len, 1500);
  assert_fails(say(s, NEAR1, 1473), EMSGSIZE);
  struct sockaddr_in a = to(NEAR1);
  assert_int_equal(lwip_connect(s, (struct sockaddr *)&a, sizeof a), 0);
  assert_int_equal(get(s, IPPROTO_IP, IP_MTU), 1000);
  assert_int_equal(lwip_close(s), 0);
}

static int prepare_no_df(int s)
{
  return set(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
}

static int prepare_bounds(int s)
{
  return set(s, IPPROTO_TCP, TCP_MAXSEG, 600) | set(s, SOL_SOCKET, SO_RCVBUF, 4096);
}

static void segments(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = stream_to(NEAR1, prepare_no_df);
  assert_false(has_df(&line1));
  assert_int_equal(lwip_close(s), 0);
  s = stream_to(NEAR1, prepare_bounds);
  assert_true(has_df(&line1));
  assert_int_equal(word(&line1, 20 + 14), 4096); /* window */
  assert_int_equal(word(&line1, 20 + 20), 0x0204);
  assert_int_equal(word(&line1, 20 + 22), 600); /* maximum segment size */
  assert_int_equal(lwip_close(s), 0);
}

static void to_groups(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct in_addr address = {.s_addr = PP_HTONL(0x0a020001UL)};
  struct in_addr is = {.s_addr = 1};
  struct ip_mreqn both = {.imr_ifindex = 0};
  socklen_t len = sizeof is;
  int s = datagram_socket();
  assert_int_equal(say(s, GROUP, 4), 4);
  assert_int_equal(line1.count, 1); /* by the default route */
  assert_int_equal(line1.bytes[8], get(s, IPPROTO_IP, IP_MULTICAST_TTL));
  assert_int_equal(set(s, IPPROTO_IP, IP_MULTICAST_TTL, 33), 0);
  assert_int_equal(lwip_setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &address, sizeof address), 0);
  assert_int_equal(lwip_getsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &is, &len), 0);
  assert_int_equal(is.s_addr, address.s_addr);
  assert_int_equal(say(s, GROUP, 4), 4);
  assert_int_equal(line2.count, 1);
  assert_int_equal(line2.bytes[8], 33);
  both.imr_ifindex = netif_get_index(&line1.netif);
  assert_int_equal(lwip_setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &both, sizeof both), 0);
  assert_int_equal(say(s, GROUP, 4), 4);
  assert_int_equal(line1.count, 2);
  both.imr_ifindex = 200;
  assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &both, sizeof both), ENODEV);
  both.imr_ifindex = 0;
  both.imr_address = address;
  assert_int_equal(lwip_setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &both, sizeof(struct ip_mreq)),
                   0);
  assert_int_equal(say(s, GROUP, 4), 4);
  assert_int_equal(line2.count, 2);
  address.s_addr = PP_HTONL(0x0a030001UL);
  assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &address, 4), EADDRNOTAVAIL);
  assert_fails(lwip_setsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &address, 3), EINVAL);
  len = 3;
  assert_fails(lwip_getsockopt(s, IPPROTO_IP, IP_MULTICAST_IF, &is, &len), EINVAL);
  assert_int_equal(lwip_close(s), 0);
  s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_fails(set(s, IPPROTO_IP, IP_MULTICAST_TTL, 3), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

/** The hosts' own copies of what they send to groups. */
static void loop_of_groups(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in name = to(INADDR_ANY);
  struct ip_mreq r = {.imr_multiaddr.s_addr = PP_HTONL(GROUP),
                      .imr_interface.s_addr = PP_HTONL(0x0a010001UL)};
  char data[8];
  int a = datagram_socket();
  int b = datagram_socket();
  assert_int_equal(lwip_bind(b, (struct sockaddr *)&name, sizeof name), 0);
  assert_int_equal(lwip_setsockopt(b, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof r), 0);
  assert_int_equal(set(a, IPPROTO_IP, IP_MULTICAST_LOOP, 0), 0);
  assert_int_equal(say(a, GROUP, 4), 4);
  assert_int_equal(set(a, IPPROTO_IP, IP_MULTICAST_LOOP, 1), 0);
  assert_int_equal(say(a, GROUP, 5), 5);
  assert_int_equal(lwip_recv(b, data, sizeof data, 0), 5); /* the first one did not come */
  assert_int_equal(lwip_setsockopt(b, IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof r), 0);
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_close(b), 0);
}

static void to_one_interface(void **state)
{
  LWIP_UNUSED_ARG(state);
  char name[NETIF_NAMESIZE] = "";
  char told[NETIF_NAMESIZE] = "?";
  struct ifreq r;
  socklen_t len = sizeof told;
  netif_index_to_name(netif_get_index(&line2.netif), name);
  int s = datagram_socket();
  assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, told, &len), 0);
  assert_int_equal(len, 0);
  memset(&r, 0, sizeof r);
  strcpy(r.ifr_name, name);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, &r, sizeof r), 0);
  len = sizeof told;
  assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, told, &len), 0);
  assert_string_equal(told, name);
  assert_int_equal(len, strlen(name) + 1);
  assert_int_equal(say(s, 0xc0000201UL, 4), 4); /* the default route would be by the other one */
  assert_int_equal(line2.count, 1);
  assert_int_equal(line1.count, 0);
  assert_fails(lwip_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "none0", 6), ENODEV);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "", 0), 0);
  assert_int_equal(say(s, 0xc0000201UL, 4), 4);
  assert_int_equal(line1.count, 1);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name)), 0);
  len = 1;
  assert_fails(lwip_getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, told, &len), EINVAL);
  assert_int_equal(lwip_close(s), 0);
}

static void to_all(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = datagram_socket();
  assert_fails(say(s, 0x0a0100ffUL, 4), EACCES);
  assert_int_equal(line1.count, 0);
  assert_int_equal(set(s, SOL_SOCKET, SO_BROADCAST, 1), 0);
  assert_int_equal(say(s, 0x0a0100ffUL, 4), 4);
  assert_int_equal(line1.count, 1);
  assert_int_equal(lwip_close(s), 0);
}

static void checksums(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s = datagram_socket();
  assert_int_equal(get(s, SOL_SOCKET, SO_NO_CHECK), 0);
  assert_int_equal(say(s, NEAR1, 4), 4);
  assert_int_not_equal(word(&line1, 26), 0);
  assert_int_equal(set(s, SOL_SOCKET, SO_NO_CHECK, 1), 0);
  assert_int_equal(get(s, SOL_SOCKET, SO_NO_CHECK), 1);
  assert_int_equal(say(s, NEAR1, 4), 4);
  assert_int_equal(word(&line1, 26), 0);
  assert_int_equal(lwip_close(s), 0);
  s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_fails(set(s, SOL_SOCKET, SO_NO_CHECK, 1), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

static int membership(int s, int name, const void *value, size_t size)
{
  return lwip_setsockopt(s, IPPROTO_IP, name, value, (socklen_t)size);
}

/** Each form of a membership, twice; then twice away. */
static void members_join_and_leave(int s, int join, int leave, const void *value, size_t size)
{
  assert_fails(membership(s, join, value, size - 1), EINVAL);
  assert_int_equal(membership(s, join, value, size), 0);
  assert_fails(membership(s, join, value, size), EADDRINUSE);
  assert_fails(membership(s, leave, value, 3), EINVAL);
  assert_int_equal(membership(s, leave, value, size), 0);
  assert_fails(membership(s, leave, value, size), EADDRNOTAVAIL);
}

static void memberships(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct ip_mreq r = {.imr_multiaddr.s_addr = PP_HTONL(GROUP),
                      .imr_interface.s_addr = PP_HTONL(0x0a020001UL)};
  struct ip_mreqn n = {.imr_multiaddr.s_addr = PP_HTONL(GROUP)};
  struct group_req g;
  struct sockaddr_in a = to(GROUP);
  int s = datagram_socket();
  members_join_and_leave(s, IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP, &r, sizeof r);
  n.imr_ifindex = netif_get_index(&line2.netif);
  assert_int_equal(membership(s, IP_ADD_MEMBERSHIP, &n, sizeof n), 0);
  assert_fails(membership(s, IP_ADD_MEMBERSHIP, &r, sizeof r), EADDRINUSE); /* the same one */
  assert_int_equal(membership(s, IP_DROP_MEMBERSHIP, &n, sizeof n), 0);
  memset(&g, 0, sizeof g);
  memcpy(&g.gr_group, &a, sizeof a);
  members_join_and_leave(s, MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP, &g, sizeof g);
  g.gr_interface = 200;
  assert_fails(membership(s, MCAST_JOIN_GROUP, &g, sizeof g), ENODEV);
  n.imr_ifindex = 300;
  assert_fails(membership(s, IP_ADD_MEMBERSHIP, &n, sizeof n), ENODEV);
  r.imr_interface.s_addr = PP_HTONL(0x0a030001UL);
  assert_fails(membership(s, IP_ADD_MEMBERSHIP, &r, sizeof r), ENODEV);
  assert_int_equal(lwip_close(s), 0);
  s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_fails(membership(s, IP_ADD_MEMBERSHIP, &r, sizeof r), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
}

/** Sources, by both families of options (RFC 3678 4.1.3, 5.1.2). */
static void sources(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct ip_mreq_source r = {.imr_multiaddr.s_addr = PP_HTONL(GROUP),
                             .imr_interface.s_addr = PP_HTONL(0x0a010001UL),
                             .imr_sourceaddr.s_addr = PP_HTONL(NEAR1)};
  struct ip_mreq any = {.imr_multiaddr = r.imr_multiaddr, .imr_interface = r.imr_interface};
  struct group_source_req g;
  struct sockaddr_in group = to(GROUP), source = to(NEAR1);
  int s = datagram_socket();
  assert_fails(membership(s, IP_ADD_SOURCE_MEMBERSHIP, &r, sizeof r - 1), EINVAL);
  assert_int_equal(membership(s, IP_ADD_SOURCE_MEMBERSHIP, &r, sizeof r), 0);
  assert_fails(membership(s, IP_ADD_SOURCE_MEMBERSHIP, &r, sizeof r), EADDRNOTAVAIL);
  assert_fails(membership(s, IP_BLOCK_SOURCE, &r, sizeof r), EINVAL); /* it is of the other kind */
  assert_int_equal(membership(s, IP_DROP_SOURCE_MEMBERSHIP, &r, sizeof r), 0);
  assert_fails(membership(s, IP_DROP_SOURCE_MEMBERSHIP, &r, sizeof r), EADDRNOTAVAIL);
  memset(&g, 0, sizeof g);
  g.gsr_interface = netif_get_index(&line1.netif);
  memcpy(&g.gsr_group, &group, sizeof group);
  memcpy(&g.gsr_source, &source, sizeof source);
  assert_int_equal(membership(s, MCAST_JOIN_SOURCE_GROUP, &g, sizeof g), 0);
  assert_int_equal(membership(s, MCAST_LEAVE_SOURCE_GROUP, &g, sizeof g), 0);
  assert_int_equal(membership(s, IP_ADD_MEMBERSHIP, &any, sizeof any), 0);
  assert_int_equal(membership(s, IP_BLOCK_SOURCE, &r, sizeof r), 0);
  assert_fails(membership(s, MCAST_BLOCK_SOURCE, &g, sizeof g), EADDRNOTAVAIL); /* as it is */
  assert_int_equal(membership(s, MCAST_UNBLOCK_SOURCE, &g, sizeof g), 0);
  assert_int_equal(membership(s, MCAST_BLOCK_SOURCE, &g, sizeof g), 0);
  assert_int_equal(membership(s, IP_UNBLOCK_SOURCE, &r, sizeof r), 0);
  g.gsr_source.ss_family = 77;
  assert_fails(membership(s, MCAST_BLOCK_SOURCE, &g, sizeof g), EINVAL);
  assert_int_equal(lwip_close(s), 0);
}

/* SO_CONTIMEO: an attempt that nobody answers is given up, and another may follow. */
static void time_to_connect(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct timeval t = {.tv_sec = 0, .tv_usec = 50000};
  struct sockaddr_in far;
  int error = -1;
  socklen_t len = sizeof error;
  int s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  assert_true(s >= 0);
  memset(&far, 0, sizeof far);
  far.sin_family = AF_INET;
  far.sin_port = lwip_htons(80);
  far.sin_addr.s_addr = lwip_htonl(0x0a010009); /* 10.1.0.9 */
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_CONTIMEO, &t, sizeof t), 0);
  for (int i = 0; i < 2; i++) {
    unsigned before = line1.count;
    assert_fails(lwip_connect(s, (struct sockaddr *)&far, sizeof far), ETIMEDOUT);
    assert_true(line1.count > before);
    assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len), 0);
    assert_int_equal(error, 0); /* told */
  }
  assert_null(tcp_active_pcbs);
  assert_int_equal(lwip_fcntl(s, F_SETFL, O_NONBLOCK), 0); /* nobody waits: no limit */
  assert_fails(lwip_connect(s, (struct sockaddr *)&far, sizeof far), EINPROGRESS);
  assert_int_equal(lwip_close(s), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      LINES_TEST(time_to_connect),  LINES_TEST(tos_and_ttl), LINES_TEST(dont_fragment),
      LINES_TEST(segments),         LINES_TEST(to_groups),   LINES_TEST(loop_of_groups),
      LINES_TEST(to_one_interface), LINES_TEST(to_all),      LINES_TEST(checksums),
      LINES_TEST(memberships),      LINES_TEST(sources),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
