/**
 * @file
 * Sockets: sendmsg(), recvmsg(), readv(), writev(), ancillary data. Also against the kernel
 * (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

static struct msghdr message(struct iovec *iov, int count)
{
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_iov = iov;
  m.msg_iovlen = count;
  return m;
}

static void pieces_of_streams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char x[3], y[2], z[8];
  int a, b;
  char ab[] = "ab";
  char cdefg[] = "cdefg";
  struct iovec out[] = {{.iov_base = ab, .iov_len = 2},
                        {.iov_base = ab, .iov_len = 0},
                        {.iov_base = cdefg, .iov_len = 5}};
  struct iovec in[] = {{.iov_base = x, .iov_len = sizeof x},
                       {.iov_base = y, .iov_len = sizeof y},
                       {.iov_base = z, .iov_len = 2}};
  peer_streams(&a, &b);
  assert_int_equal(lwip_writev(a, out, 3), 7);
  struct msghdr m = message(in, 3);
  m.msg_flags = 77;
  assert_int_equal(lwip_recvmsg(b, &m, MSG_WAITALL), 7);
  assert_memory_equal(x, "abc", 3);
  assert_memory_equal(y, "de", 2);
  assert_memory_equal(z, "fg", 2);
  assert_int_equal(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC | MSG_OOB), 0);
  m = message(out, 3);
  assert_int_equal(lwip_sendmsg(a, &m, MSG_NOSIGNAL | MSG_MORE), 7);
  assert_int_equal(lwip_send(a, "!", 1, 0), 1);
  in[2].iov_len = 3;
  m = message(in, 3);
  assert_int_equal(lwip_recvmsg(b, &m, MSG_WAITALL), 8);
  assert_memory_equal(z, "fg!", 3);
  peer_close(a, b);
}

/** More pieces than are handed on at a time. */
static void many_pieces(void **state)
{
  LWIP_UNUSED_ARG(state);
  char text[30];
  char back[30];
  struct iovec iov[30];
  int a, b;
  for (unsigned i = 0; i < sizeof text; i++) {
    text[i] = (char)('a' + i % 26);
    iov[i].iov_base = &text[i];
    iov[i].iov_len = 1;
  }
  peer_streams(&a, &b);
  assert_int_equal(lwip_writev(a, iov, 30), 30);
  assert_int_equal(lwip_recv(b, back, 30, MSG_WAITALL), 30);
  assert_memory_equal(back, text, 30);
  peer_close(a, b);
  peer_datagrams(&a, &b);
  assert_int_equal(lwip_writev(a, iov, 30), 30);
  for (unsigned i = 0; i < sizeof back; i++) {
    back[i] = 0;
    iov[i].iov_base = &back[i];
  }
  assert_int_equal(lwip_readv(b, iov, 30), 30);
  assert_memory_equal(back, text, 30);
  peer_close(a, b);
}

static void names_of_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  struct sockaddr_in to;
  struct sockaddr_in from;
  struct sockaddr_in mine;
  char hello[] = "hello";
  struct iovec out = {.iov_base = hello, .iov_len = 5};
  struct iovec in = {.iov_base = buf, .iov_len = 3};
  int a = peer_socket(SOCK_DGRAM);
  int b = peer_socket(SOCK_DGRAM);
  peer_bind(a, &mine);
  peer_bind(b, &to);
  struct msghdr m = message(&out, 1);
  m.msg_name = &to;
  m.msg_namelen = sizeof to;
  assert_int_equal(lwip_sendmsg(a, &m, 0), 5);
  m = message(&in, 1);
  m.msg_name = &from;
  m.msg_namelen = sizeof from;
  assert_int_equal(lwip_recvmsg(b, &m, MSG_PEEK), 3);
  assert_int_equal(m.msg_flags & MSG_TRUNC, MSG_TRUNC);
  assert_int_equal(lwip_recvmsg(b, &m, MSG_TRUNC), 5);
  assert_int_equal(m.msg_flags & MSG_TRUNC, MSG_TRUNC);
  assert_int_equal(m.msg_namelen, sizeof from);
  assert_int_equal(from.sin_port, mine.sin_port);
  assert_memory_equal(buf, "hel", 3);
  /* Less room for the name: it is cut, its length is true. */
  socklen_t len = 4;
  memset(&from, 0, sizeof from);
  assert_int_equal(lwip_sendto(a, "x", 1, 0, SA(to), sizeof to), 1);
  assert_int_equal(lwip_recvfrom(b, buf, sizeof buf, 0, SA(from), &len), 1);
  assert_int_equal(len, sizeof from);
  assert_int_equal(from.sin_port, mine.sin_port);
  assert_int_equal(from.sin_addr.s_addr, 0);
  m = message(&out, 1);
  assert_fails(lwip_sendmsg(a, &m, 0), EDESTADDRREQ);
  peer_close(a, b);
}

/** The ancillary data of this kind; NULL: none. */
static const void *ancillary(struct msghdr *m, int type)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == type) {
      return CMSG_DATA(c);
    }
  }
  return NULL;
}

static void where_from_and_how(void **state)
{
  LWIP_UNUSED_ARG(state);
  char buf[8];
  long control[32];
  int a, b;
  int ttl;
  struct in_pktinfo info;
  struct iovec in = {.iov_base = buf, .iov_len = sizeof buf};
  peer_datagrams(&a, &b);
  assert_int_equal(peer_set(a, IPPROTO_IP, IP_TTL, 33), 0);
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_RECVTTL, 1), 0);
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_PKTINFO, 1), 0);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_RECVTTL), 1);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_PKTINFO), 1);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  struct msghdr m = message(&in, 1);
  m.msg_control = control;
  m.msg_controllen = sizeof control;
  assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
  assert_int_equal(m.msg_flags & MSG_CTRUNC, 0);
  assert_non_null(ancillary(&m, IP_TTL));
  assert_non_null(ancillary(&m, IP_PKTINFO));
  memcpy(&ttl, ancillary(&m, IP_TTL), sizeof ttl);
  memcpy(&info, ancillary(&m, IP_PKTINFO), sizeof info);
  assert_int_equal(ttl, 33);
  assert_int_equal(info.ipi_addr.s_addr, lwip_htonl(INADDR_LOOPBACK));
  assert_true(info.ipi_ifindex > 0);
  /* No room: it is told. */
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  m = message(&in, 1);
  m.msg_control = control;
  m.msg_controllen = 4;
  assert_int_equal(lwip_recvmsg(b, &m, 0), 1);
  assert_int_equal(m.msg_flags & MSG_CTRUNC, MSG_CTRUNC);
  peer_close(a, b);
}

/** The value of ancillary data that are a number; the kernel tells the TOS by a byte. */
static int ancillary_int(struct msghdr *m, int type)
{
  int value;
  const void *data = ancillary(m, type);
  assert_non_null(data);
  if (PEER_IS_KERNEL && type == IP_TOS) {
    return *(const unsigned char *)data;
  }
  memcpy(&value, data, sizeof value);
  return value;
}

/** Room for a byte and its ancillary data. */
struct room {
  struct iovec iov;
  char byte;
  long control[32];
};

static struct msghdr message_in(struct room *r, size_t control_len)
{
  memset(r, 0, sizeof *r);
  r->iov.iov_base = &r->byte;
  r->iov.iov_len = 1;
  struct msghdr m = message(&r->iov, 1);
  m.msg_control = r->control;
  m.msg_controllen = (socklen_t)control_len;
  return m;
}

static struct msghdr received(int s, struct room *r)
{
  struct msghdr m = message_in(r, sizeof r->control);
  assert_int_equal(lwip_recvmsg(s, &m, 0), 1);
  return m;
}

static void type_of_service(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  int a, b;
  peer_datagrams(&a, &b);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_RECVTOS), 0);
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_RECVTOS, 5), 0);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_RECVTOS), 1);
  assert_int_equal(peer_set(a, IPPROTO_IP, IP_TOS, 0x28), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  struct msghdr m = received(b, &r);
  assert_int_equal(ancillary_int(&m, IP_TOS), 0x28);
  assert_null(ancillary(&m, IP_TTL));
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_RECVTOS, 0), 0);
  assert_int_equal(peer_get(b, IPPROTO_IP, IP_RECVTOS), 0);
  assert_int_equal(lwip_send(a, "x", 1, 0), 1);
  m = received(b, &r);
  assert_int_equal(m.msg_controllen, 0);
  peer_close(a, b);
}

static void add(struct msghdr *m, struct room *r, int type, const void *data, size_t len)
{
  struct cmsghdr *c = (struct cmsghdr *)(void *)((char *)r->control + m->msg_controllen);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = type;
  c->cmsg_len = (socklen_t)CMSG_LEN(len);
  memcpy(CMSG_DATA(c), data, len);
  m->msg_controllen += (socklen_t)CMSG_SPACE(len);
}

/** TTL, TOS and source of one datagram alone. */
static void for_one_datagram(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  struct in_pktinfo info;
  struct sockaddr_in to;
  const int ttl = 77;
  const int tos = 0x50;
  int a = peer_socket(SOCK_DGRAM);
  int b = peer_socket(SOCK_DGRAM);
  peer_bind(b, &to);
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_RECVTTL, 1), 0);
  assert_int_equal(peer_set(b, IPPROTO_IP, IP_RECVTOS, 1), 0);
  /* With an interface, with an address alone, with both. */
  for (unsigned i = 0; i < 4; i++) {
    memset(&info, 0, sizeof info);
    info.ipi_ifindex = (i & 1) != 0 ? 1 : 0;
    info.ipi_spec_dst.s_addr = (i & 2) != 0 ? lwip_htonl(INADDR_LOOPBACK) : 0;
    struct msghdr m = message_in(&r, 0);
    m.msg_name = &to;
    m.msg_namelen = sizeof to;
    add(&m, &r, IP_TTL, &ttl, sizeof ttl);
    add(&m, &r, IP_TOS, &tos, sizeof tos);
    add(&m, &r, IP_PKTINFO, &info, sizeof info);
    assert_int_equal(lwip_sendmsg(a, &m, 0), 1);
    m = received(b, &r);
    assert_int_equal(ancillary_int(&m, IP_TTL), ttl);
    assert_int_equal(ancillary_int(&m, IP_TOS), tos);
  }
  assert_int_equal(lwip_sendto(a, "x", 1, 0, SA(to), sizeof to), 1);
  struct msghdr m = received(b, &r);
  assert_int_not_equal(ancillary_int(&m, IP_TTL), ttl);
  assert_int_equal(ancillary_int(&m, IP_TOS), 0);
  peer_close(a, b);
}

static void refused(int s, int type, const void *data, size_t len, int error)
{
  struct room r;
  struct msghdr m = message_in(&r, 0);
  add(&m, &r, type, data, len);
  assert_fails(lwip_sendmsg(s, &m, 0), error);
}

/** Ancillary data that cannot be. */
static void not_sent(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct room r;
  struct in_pktinfo info;
  int a, b;
  int value = 256;
  peer_datagrams(&a, &b);
  refused(a, IP_TTL, &value, sizeof value, EINVAL);
  refused(a, IP_TTL, &value, 2, EINVAL);
  refused(a, IP_TOS, &value, sizeof value, EINVAL);
  refused(a, IP_TOS, &value, 2, EINVAL);
  refused(a, IP_PKTINFO, &value, sizeof value, EINVAL);
  const int types[] = {IP_TTL, IP_TOS, IP_PKTINFO};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    peer_refuses_empty_item(a, IPPROTO_IP, types[i]);
  }
  refused(a, 12345, &value, sizeof value, EINVAL);
  value = 1;
  struct msghdr m = message_in(&r, 0);
  add(&m, &r, IP_TTL, &value, sizeof value);
  CMSG_FIRSTHDR(&m)->cmsg_len = 1; /* shorter than itself */
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  CMSG_FIRSTHDR(&m)->cmsg_len = 1000; /* longer than all */
  assert_fails(lwip_sendmsg(a, &m, 0), EINVAL);
  memset(&info, 0, sizeof info);
  info.ipi_ifindex = 0x7001;
  refused(a, IP_PKTINFO, &info, sizeof info, ENODEV);
  info.ipi_ifindex = 0;
  info.ipi_spec_dst.s_addr = lwip_htonl(0xc0000201UL); /* 192.0.2.1: not ours */
#if !PEER_IS_KERNEL                                    /* which gives one error or another */
  refused(a, IP_PKTINFO, &info, sizeof info, EADDRNOTAVAIL);
#endif
  assert_fails(lwip_recv(b, &r.byte, 1, MSG_DONTWAIT), EAGAIN); /* none of them went */
  peer_close(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(pieces_of_streams),  API_TEST(many_pieces),     API_TEST(names_of_datagrams),
      API_TEST(where_from_and_how), API_TEST(type_of_service), API_TEST(for_one_datagram),
      API_TEST(not_sent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
