/**
 * @file
 * Sockets over IPv6: streams, datagrams, ancillary data both ways, errors. Also against the kernel
 * (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv6
 * variants: peer
 */
#include "peer.h"

/** A host without IPv6 has nothing to compare with. */
static int socket6(int type)
{
  errno = 0;
  int s = lwip_socket(AF_INET6, type, 0);
  if (s < 0 && PEER_IS_KERNEL && errno == EAFNOSUPPORT) {
    skip();
  }
  assert_true(s >= 0);
  return s;
}

static void bind6(int s, struct sockaddr_in6 *name)
{
  socklen_t len = sizeof *name;
  *name = peer_name6("::1", 0);
  errno = 0;
  int result = lwip_bind(s, (struct sockaddr *)name, sizeof *name);
  if (result < 0 && PEER_IS_KERNEL && errno == EADDRNOTAVAIL) {
    skip();
  }
  assert_int_equal(result, 0);
  assert_int_equal(lwip_getsockname(s, (struct sockaddr *)name, &len), 0);
  assert_int_equal(len, sizeof *name);
  assert_int_not_equal(name->sin6_port, 0);
}

static void datagrams6(int *a, int *b)
{
  struct sockaddr_in6 name_a;
  struct sockaddr_in6 name_b;
  *a = socket6(SOCK_DGRAM);
  *b = socket6(SOCK_DGRAM);
  bind6(*a, &name_a);
  bind6(*b, &name_b);
  assert_int_equal(lwip_connect(*a, SA(name_b), sizeof name_b), 0);
  assert_int_equal(lwip_connect(*b, SA(name_a), sizeof name_a), 0);
}

static void streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in6 name;
  struct sockaddr_in6 mine;
  struct sockaddr_in6 from;
  int listener = socket6(SOCK_STREAM);
  bind6(listener, &name);
  assert_int_equal(lwip_listen(listener, 2), 0);
  int a = socket6(SOCK_STREAM);
  assert_int_equal(lwip_connect(a, SA(name), sizeof name), 0);
  socklen_t len = sizeof from;
  int b = lwip_accept(listener, SA(from), &len);
  assert_true(b >= 0);
  assert_int_equal(len, sizeof from);
  assert_int_equal(from.sin6_family, AF_INET6);
  assert_int_equal(from.sin6_scope_id, 0);
  len = sizeof mine;
  assert_int_equal(lwip_getsockname(a, SA(mine), &len), 0);
  assert_int_equal(from.sin6_port, mine.sin6_port);
  assert_memory_equal(&from.sin6_addr, &mine.sin6_addr, 16);
  len = sizeof mine;
  assert_int_equal(lwip_getpeername(a, SA(mine), &len), 0);
  assert_int_equal(name.sin6_port, mine.sin6_port);
  assert_int_equal(lwip_send(a, "hello", 5, 0), 5);
  assert_int_equal(lwip_recv(b, buf, 5, MSG_WAITALL), 5);
  assert_int_equal(lwip_shutdown(a, SHUT_WR), 0);
  assert_int_equal(lwip_recv(b, buf, 5, 0), 0);
  peer_close(a, b);
  assert_int_equal(lwip_close(listener), 0);
}

static void refused(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in6 name;
  int nobody = socket6(SOCK_STREAM);
  bind6(nobody, &name);
  int s = socket6(SOCK_STREAM);
  assert_fails(lwip_connect(s, SA(name), sizeof name), ECONNREFUSED);
  peer_close(s, nobody);
  nobody = socket6(SOCK_DGRAM);
  bind6(nobody, &name);
  assert_int_equal(lwip_connect(nobody, SA(name), sizeof name), 0); /* hears itself alone */
  s = socket6(SOCK_DGRAM);
  assert_int_equal(lwip_connect(s, SA(name), sizeof name), 0);
  peer_is_refused(s);
  peer_close(s, nobody);
}

static void names_that_cannot_be(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct sockaddr_in6 name = peer_name6("2001:db8::1", 0); /* documentation: nobody's */
  const int types[] = {SOCK_DGRAM, SOCK_STREAM};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    int s = socket6(types[i]);
    assert_fails(lwip_bind(s, SA(name), sizeof name), EADDRNOTAVAIL);
    assert_fails(lwip_bind(s, SA(name), 16), EINVAL); /* as long as that of IPv4 */
    struct sockaddr_in6 used;
    int other = socket6(types[i]);
    bind6(other, &used);
    assert_fails(lwip_bind(s, SA(used), sizeof used), EADDRINUSE);
    assert_fails(lwip_connect(s, SA(name), 16), EINVAL);
    peer_close(s, other);
  }
}

/** The ancillary data of this kind; NULL: none. */
static const void *ancillary(struct msghdr *m, int type)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == type) {
      return CMSG_DATA(c);
    }
  }
  return NULL;
}

static int ancillary_int(struct msghdr *m, int type)
{
  int value = -1;
  assert_non_null(ancillary(m, type));
  memcpy(&value, ancillary(m, type), sizeof value);
  return value;
}

/** Room for ancillary data of one message. */
struct room {
  struct iovec iov;
  char data[8];
  long control[64];
};

static struct msghdr message(struct room *r, size_t len, size_t control_len)
{
  struct msghdr m;
  memset(&m, 0, sizeof m);
  memset(r->control, 0, sizeof r->control);
  r->iov.iov_base = r->data;
  r->iov.iov_len = len;
  m.msg_iov = &r->iov;
  m.msg_iovlen = 1;
  m.msg_control = control_len != 0 ? r->control : NULL;
  m.msg_controllen = (socklen_t)control_len;
  return m;
}

static void received(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  struct in6_pktinfo info;
  int a, b;
  datagrams6(&a, &b);
  const int wanted[] = {IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wanted); i++) {
    assert_int_equal(peer_get(b, IPPROTO_IPV6, wanted[i]), 0);
    assert_int_equal(peer_set(b, IPPROTO_IPV6, wanted[i], 1), 0);
    assert_int_equal(peer_get(b, IPPROTO_IPV6, wanted[i]), 1);
  }
  assert_int_equal(peer_set(a, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 33), 0);
  assert_int_equal(peer_set(a, IPPROTO_IPV6, IPV6_TCLASS, 0x28), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  struct msghdr m = message(&r, sizeof r.data, sizeof r.control);
  assert_int_equal(lwip_recvmsg(b, &m, MSG_PEEK), 1); /* peeking tells it, too */
  assert_int_equal(ancillary_int(&m, IPV6_HOPLIMIT), 33);
  m = message(&r, sizeof r.data, sizeof r.control);
  assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
  assert_int_equal(m.msg_flags & MSG_CTRUNC, 0);
  assert_int_equal(ancillary_int(&m, IPV6_HOPLIMIT), 33);
  assert_int_equal(ancillary_int(&m, IPV6_TCLASS), 0x28);
  assert_non_null(ancillary(&m, IPV6_PKTINFO));
  memcpy(&info, ancillary(&m, IPV6_PKTINFO), sizeof info);
  struct sockaddr_in6 loopback = peer_name6("::1", 0);
  assert_memory_equal(&info.ipi6_addr, &loopback.sin6_addr, 16);
  assert_int_equal(info.ipi6_ifindex, 1);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wanted); i++) {
    assert_int_equal(peer_set(b, IPPROTO_IPV6, wanted[i], 0), 0);
  }
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  m = message(&r, sizeof r.data, sizeof r.control);
  assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
  assert_int_equal(m.msg_controllen, 0);
  peer_close(a, b);
}

/** Room for some of it: that is told, and what fits is whole. */
static void received_in_part(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  int a, b;
  datagrams6(&a, &b);
  assert_int_equal(peer_set(b, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1), 0);
  assert_int_equal(peer_set(b, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1), 0);
  const size_t rooms[] = {0, 4, CMSG_SPACE(sizeof(struct in6_pktinfo))};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(rooms); i++) {
    assert_int_equal(lwip_send(a, "x", 1, 0), 1);
    struct msghdr m = message(&r, sizeof r.data, rooms[i]);
    assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
    if (rooms[i] != 0 || PEER_IS_KERNEL) {
      assert_int_equal(m.msg_flags & MSG_CTRUNC, MSG_CTRUNC);
    }
    assert_int_equal(ancillary(&m, IPV6_PKTINFO) != NULL, i == 2);
    assert_null(ancillary(&m, IPV6_HOPLIMIT));
  }
  peer_close(a, b);
}

static void add(struct msghdr *m, struct room *r, int type, const void *data, size_t len)
{
  struct cmsghdr *c = (struct cmsghdr *)(void *)((char *)r->control + m->msg_controllen);
  c->cmsg_level = IPPROTO_IPV6;
  c->cmsg_type = type;
  c->cmsg_len = (socklen_t)CMSG_LEN(len);
  memcpy(CMSG_DATA(c), data, len);
  m->msg_control = r->control;
  m->msg_controllen += (socklen_t)CMSG_SPACE(len);
}

static void sent(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  struct in6_pktinfo info;
  int a, b;
  const int hops = 77;
  const int tclass = 0x50;
  struct sockaddr_in6 to;
  a = socket6(SOCK_DGRAM);
  b = socket6(SOCK_DGRAM);
  bind6(b, &to);
  assert_int_equal(peer_set(b, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1), 0);
  assert_int_equal(peer_set(b, IPPROTO_IPV6, IPV6_RECVTCLASS, 1), 0);
  /* With an interface, with an address alone, with both. */
  for (unsigned i = 0; i < 4; i++) {
    memset(&info, 0, sizeof info);
    struct sockaddr_in6 loopback = peer_name6("::1", 0);
    info.ipi6_ifindex = (i & 1) != 0 ? 1 : 0;
    if ((i & 2) != 0) {
      memcpy(&info.ipi6_addr, &loopback.sin6_addr, 16);
    }
    struct msghdr m = message(&r, 1, 0);
    m.msg_name = &to;
    m.msg_namelen = sizeof to;
    add(&m, &r, IPV6_HOPLIMIT, &hops, sizeof hops);
    add(&m, &r, IPV6_TCLASS, &tclass, sizeof tclass);
    add(&m, &r, IPV6_PKTINFO, &info, sizeof info);
    assert_int_equal(lwip_sendmsg(a, &m, 0), 1);
    m = message(&r, sizeof r.data, sizeof r.control);
    assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
    assert_int_equal(ancillary_int(&m, IPV6_HOPLIMIT), hops);
    assert_int_equal(ancillary_int(&m, IPV6_TCLASS), tclass);
  }
  assert_int_equal(lwip_sendto(a, "x", 1, 0, SA(to), sizeof to), 1); /* that was for those alone */
  struct msghdr m = message(&r, sizeof r.data, sizeof r.control);
  assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
  assert_int_not_equal(ancillary_int(&m, IPV6_HOPLIMIT), hops);
  assert_int_equal(ancillary_int(&m, IPV6_TCLASS), 0);
  peer_close(a, b);
}

/** RFC 3542 6.3, 6.5: -1 leaves it to the socket, whatever an item before it said. */
static void sent_as_the_socket_is(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  int a, b;
  const int nothing = -1;
  const int something = 99;
  datagrams6(&a, &b);
  assert_int_equal(peer_set(b, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1), 0);
  assert_int_equal(peer_set(b, IPPROTO_IPV6, IPV6_RECVTCLASS, 1), 0);
  int hops = peer_get(a, IPPROTO_IPV6, IPV6_UNICAST_HOPS);
  for (int tclass = 0; tclass <= 0x28; tclass += 0x28) {
    for (int i = 0; i < 2; i++) {
      struct msghdr m = message(&r, 1, 0);
      if (i == 1) {
        add(&m, &r, IPV6_HOPLIMIT, &something, sizeof something);
        add(&m, &r, IPV6_TCLASS, &something, sizeof something);
      }
      add(&m, &r, IPV6_HOPLIMIT, &nothing, sizeof nothing);
      add(&m, &r, IPV6_TCLASS, &nothing, sizeof nothing);
      assert_int_equal(lwip_sendmsg(a, &m, 0), 1);
      m = message(&r, sizeof r.data, sizeof r.control);
      assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
      assert_int_equal(ancillary_int(&m, IPV6_HOPLIMIT), hops);
      if (!PEER_IS_KERNEL) { /* some kernels take it for 255 */
        assert_int_equal(ancillary_int(&m, IPV6_TCLASS), tclass);
      }
    }
    hops = 33; /* and once more with what the socket was told */
    assert_int_equal(peer_set(a, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops), 0);
    assert_int_equal(peer_set(a, IPPROTO_IPV6, IPV6_TCLASS, 0x28), 0);
  }
  const int less = -2;
  const int types[] = {IPV6_HOPLIMIT, IPV6_TCLASS};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    struct msghdr m = message(&r, 1, 0);
    add(&m, &r, types[i], &less, sizeof less);
    assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  }
  peer_close(a, b);
}

/** Ancillary data that cannot be. */
static void not_sent(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  int a, b;
  datagrams6(&a, &b);
  int value = 256;
  struct msghdr m = message(&r, 1, 0);
  add(&m, &r, IPV6_HOPLIMIT, &value, sizeof value);
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  m = message(&r, 1, 0);
  add(&m, &r, IPV6_HOPLIMIT, &value, 2);
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  m = message(&r, 1, 0);
  add(&m, &r, IPV6_PKTINFO, &value, sizeof value);
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  const int types[] = {IPV6_HOPLIMIT, IPV6_TCLASS, IPV6_PKTINFO};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    peer_refuses_empty_item(a, IPPROTO_IPV6, types[i]);
  }
  m = message(&r, 1, 0);
  add(&m, &r, 12345, &value, sizeof value);
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  m = message(&r, 1, 0);
  add(&m, &r, IPV6_TCLASS, &value, sizeof value);
  CMSG_FIRSTHDR(&m)->cmsg_len = 1; /* shorter than itself */
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  CMSG_FIRSTHDR(&m)->cmsg_len = 1000; /* longer than all */
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  struct in6_pktinfo info;
  memset(&info, 0, sizeof info);
  info.ipi6_ifindex = 0x7001;
  m = message(&r, 1, 0);
  add(&m, &r, IPV6_PKTINFO, &info, sizeof info);
  assert_fails(lwip_sendmsg(a, &m, 0), ENODEV);
  struct sockaddr_in6 nobodys = peer_name6("2001:db8::77", 0);
  info.ipi6_ifindex = 0;
  memcpy(&info.ipi6_addr, &nobodys.sin6_addr, 16);
  m = message(&r, 1, 0);
  add(&m, &r, IPV6_PKTINFO, &info, sizeof info);
  assert_fails(lwip_sendmsg(a, &m, 0), OURS_OR(EADDRNOTAVAIL, EINVAL));
  assert_fails(lwip_recv(b, r.data, 1, MSG_DONTWAIT), EAGAIN); /* none of them went */
  peer_close(a, b);
}

static void too_long(void **state)
{
  LWIP_UNUSED_ARG(state);
  static char data[70000];
  int a, b;
  datagrams6(&a, &b);
  const size_t sizes[] = {65528, 65536, sizeof data};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(sizes); i++) {
    assert_fails(lwip_send(a, data, sizes[i], 0), EMSGSIZE);
  }
  peer_close(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(streams),
      API_TEST(refused),
      API_TEST(names_that_cannot_be),
      API_TEST(received),
      API_TEST(received_in_part),
      API_TEST(sent),
      API_TEST(sent_as_the_socket_is),
      API_TEST(not_sent),
      API_TEST(too_long),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
