/*
 * Why a connection has ended: what netconns and sockets are told. In virtual time, so nothing here
 * waits: a blocking call would for ever.
 *
 * needs: threads
 * needs: tcp
 */
#include "tcp_end_cases.h"
#include "lwip/api.h"
#include "lwip/sockets.h"
#include "lwip/priv/conn_fields.h"

static ip_addr_t peer_addr(void)
{
  return ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
}

static void complete_handshake(void)
{
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

static void end_it(const struct end_case *c)
{
  if (tcp_active_pcbs == NULL) {
    packet_fail(__FILE__, __LINE__, "no connection");
  }
  if (c->stands) {
    complete_handshake();
  }
  c->run(tcp_active_pcbs);
  assert_true(end_is_over());
}

/* --- netconns --- */

static unsigned events[NETCONN_EVT_ERROR + 1];

static void on_event(struct netconn *conn, enum netconn_evt evt, u16_t len)
{
  (void)conn;
  (void)len;
  events[evt]++;
}

static struct netconn *test_conn;

static void conn_close(void)
{
  netconn_delete(test_conn);
  test_conn = NULL;
}

static void conn_open(void)
{
  ip_addr_t to = peer_addr();
  memset(events, 0, sizeof events);
  test_conn = netconn_new_with_callback(
      (enum netconn_type)(NETCONN_TCP | (tcp_peer.is_v6 ? CONN_TYPE_V6 : 0)), on_event);
  if (test_conn == NULL) {
    packet_fail(__FILE__, __LINE__, "no netconn");
  }
  netconn_set_nonblocking(test_conn, 1);
  assert_int_equal(netconn_bind(test_conn, NULL, tcp_peer.stack_port), ERR_OK);
  assert_int_equal(netconn_connect(test_conn, &to, tcp_peer.port), ERR_INPROGRESS);
}

/* An attempt that nobody answers is ERR_TIMEOUT. Of a connection that stood that would be a call's
   own time-out; it is ERR_ABRT. */
static err_t netconn_error(const struct end_case *c)
{
  return !c->stands && c->why == TCP_END_TIMEOUT ? ERR_TIMEOUT : c->err;
}

static void netconn_is_told(const struct end_case *c)
{
  struct pbuf *p;
  size_t written;
  packet_at_end(conn_close);
  conn_open();
  end_it(c);
  assert_int_equal(events[NETCONN_EVT_ERROR], 1);
  assert_int_equal(netconn_err(test_conn), netconn_error(c));
  assert_int_equal(netconn_err(test_conn), ERR_OK);
  assert_int_equal(netconn_recv_tcp_pbuf(test_conn, &p), ERR_CLSD);
  assert_int_equal(netconn_write_partly(test_conn, "x", 1, NETCONN_COPY, &written), ERR_CLSD);
  conn_close();
}
PACKET_TEST(test_netconn_err)
{
  each_end(netconn_is_told);
}

static void netconn_call_is_told(const struct end_case *c)
{
  struct pbuf *p;
  packet_at_end(conn_close);
  conn_open();
  end_it(c);
  assert_int_equal(netconn_recv_tcp_pbuf(test_conn, &p), netconn_error(c));
  assert_int_equal(netconn_err(test_conn), ERR_OK);
  conn_close();
}
PACKET_TEST(test_netconn_call)
{
  each_end(netconn_call_is_told);
}

/* --- sockets --- */

#if LWIP_SOCKET

static int test_socket = -1;

static void socket_close(void)
{
  lwip_close(test_socket);
  test_socket = -1;
}

static void socket_open(void)
{
  struct sockaddr_storage name;
  socklen_t len;
  memset(&name, 0, sizeof name);
  ip_addr_t to = peer_addr();
#if LWIP_IPV6
  if (tcp_peer.is_v6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&name;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = lwip_htons(tcp_peer.stack_port);
    len = sizeof *in6;
  }
#endif
#if LWIP_IPV4
  if (!tcp_peer.is_v6) {
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)&name;
    in->sin_family = AF_INET;
    in->sin_port = lwip_htons(tcp_peer.stack_port);
    len = sizeof *in;
  }
#endif
  test_socket = lwip_socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (test_socket < 0) {
    packet_fail(__FILE__, __LINE__, "no socket");
  }
  assert_int_equal(lwip_bind(test_socket, (struct sockaddr *)&name, len), 0);
#if LWIP_IPV6
  if (tcp_peer.is_v6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&name;
    in6->sin6_port = lwip_htons(tcp_peer.port);
    inet6_addr_from_ip6addr(&in6->sin6_addr, ip_2_ip6(&to));
  }
#endif
#if LWIP_IPV4
  if (!tcp_peer.is_v6) {
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)&name;
    in->sin_port = lwip_htons(tcp_peer.port);
    inet_addr_from_ip4addr(&in->sin_addr, ip_2_ip4(&to));
  }
#endif
  assert_int_equal(lwip_connect(test_socket, (struct sockaddr *)&name, len), -1);
  assert_int_equal(errno, EINPROGRESS);
}

static void socket_is_told(const struct end_case *c)
{
  int error = 0;
  socklen_t len = sizeof error;
  packet_at_end(socket_close);
  socket_open();
  end_it(c);
  assert_int_equal(lwip_getsockopt(test_socket, SOL_SOCKET, SO_ERROR, &error, &len), 0);
  assert_int_equal(error, c->error);
  assert_int_equal(lwip_getsockopt(test_socket, SOL_SOCKET, SO_ERROR, &error, &len), 0);
  assert_int_equal(error, 0);
  socket_close();
}
PACKET_TEST(test_so_error)
{
  each_end(socket_is_told);
}

static void socket_call_is_told(const struct end_case *c)
{
  packet_at_end(socket_close);
  socket_open();
  end_it(c);
  assert_int_equal(lwip_send(test_socket, "x", 1, MSG_NOSIGNAL), -1);
  assert_int_equal(errno, c->error);
  assert_int_equal(lwip_send(test_socket, "x", 1, MSG_NOSIGNAL), -1);
  assert_int_equal(errno, EPIPE);
  socket_close();
}
PACKET_TEST(test_socket_send)
{
  each_end(socket_call_is_told);
}

#endif

static const struct packet_test tests[] = {
    TEST_FLAGS(test_netconn_err, PACKET_ONCE),
    TEST_FLAGS(test_netconn_call, PACKET_ONCE),
#if LWIP_SOCKET
    TEST_FLAGS(test_so_error, PACKET_ONCE),
    TEST_FLAGS(test_socket_send, PACKET_ONCE),
#endif
};
PACKET_MAIN(tests)
