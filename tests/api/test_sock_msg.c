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

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(pieces_of_streams),
      API_TEST(many_pieces),
      API_TEST(names_of_datagrams),
      API_TEST(where_from_and_how),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
