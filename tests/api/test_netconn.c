/**
 * @file
 * Netconns of datagrams, and what all netconns have: types, names, flags, options, errors.
 * needs: threads
 * variants: messages checked
 */
#include "conn.h"

/* --- life --- */

static const enum netconn_type all_types[] = {
#if LWIP_TCP
    NETCONN_TCP,
#endif
    NETCONN_UDP,     NETCONN_UDPNOCHKSUM,
#if LWIP_UDPLITE
    NETCONN_UDPLITE,
#endif
    NETCONN_RAW,
};

static void every_type(void **state)
{
  LWIP_UNUSED_ARG(state);
  unsigned before = api_pool_used(MEMP_NETCONN);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(all_types); i++) {
    for (unsigned v6 = 0; v6 < 2; v6++) {
      if (v6 ? !LWIP_IPV6 : !LWIP_IPV4) {
        continue;
      }
      enum netconn_type t = (enum netconn_type)((unsigned)all_types[i] | (v6 ? CONN_TYPE_V6 : 0));
      struct netconn *conn = netconn_new_with_proto_and_callback(t, 17, hear);
      assert_non_null(conn);
      assert_int_equal(netconn_type(conn), t);
      assert_int_equal(NETCONNTYPE_GROUP(t), all_types[i] & 0xf0);
      assert_int_equal(NETCONNTYPE_ISIPV6(t), v6);
      assert_int_equal(NETCONNTYPE_ISUDPLITE(t), all_types[i] == NETCONN_UDPLITE);
      assert_int_equal(NETCONNTYPE_ISUDPNOCHKSUM(t), all_types[i] == NETCONN_UDPNOCHKSUM);
      assert_int_equal(conn->state, NETCONN_NONE);
      assert_non_null(conn->pcb.ip);
      assert_int_equal(netconn_err(conn), ERR_OK);
      assert_int_equal(netconn_delete(conn), ERR_OK);
    }
  }
  assert_null(netconn_new(NETCONN_INVALID));
  assert_null(netconn_new((enum netconn_type)0x80));
  assert_int_equal(api_pool_used(MEMP_NETCONN), before);
}

static void flags_and_options(void **state)
{
  LWIP_UNUSED_ARG(state);
  int arg;
  struct netconn *conn = netconn_new(type_of(NETCONN_UDP));
  netconn_set_flags(conn, NETCONN_FLAG_CHECK_WRITESPACE);
  assert_true(netconn_is_flag_set(conn, NETCONN_FLAG_CHECK_WRITESPACE));
  assert_false(netconn_is_flag_set(conn, NETCONN_FLAG_MBOXCLOSED));
  netconn_clear_flags(conn, NETCONN_FLAG_CHECK_WRITESPACE);
  assert_int_equal(conn->flags, 0);
  netconn_set_nonblocking(conn, 1);
  assert_true(netconn_is_nonblocking(conn));
  netconn_set_nonblocking(conn, 0);
  assert_false(netconn_is_nonblocking(conn));
#if LWIP_IPV6
  netconn_set_ipv6only(conn, 1);
  assert_true(netconn_get_ipv6only(conn));
  netconn_set_ipv6only(conn, 0);
  assert_false(netconn_get_ipv6only(conn));
#endif
  assert_null(netconn_get_callback_arg(conn));
  netconn_set_callback_arg(conn, &arg);
  assert_ptr_equal(netconn_get_callback_arg(conn), &arg);
#if LWIP_SO_SNDTIMEO && LWIP_SO_RCVTIMEO
  assert_int_equal(netconn_get_sendtimeout(conn), 0);
  assert_int_equal(netconn_get_recvtimeout(conn), 0);
  netconn_set_sendtimeout(conn, 5);
  netconn_set_recvtimeout(conn, 6);
  assert_int_equal(netconn_get_sendtimeout(conn), 5);
  assert_int_equal(netconn_get_recvtimeout(conn), 6);
#endif
#if LWIP_SO_RCVBUF
  assert_int_equal(netconn_get_recvbufsize(conn), RECV_BUFSIZE_DEFAULT);
  netconn_set_recvbufsize(conn, 7);
  assert_int_equal(netconn_recv_bufsize(conn), 7);
#endif
  assert_int_equal(netconn_delete(conn), ERR_OK);
}

static void null_arguments(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  u16_t port;
  struct netbuf *buf = NULL;
  struct netconn *none = NULL;
  struct netconn *conn = netconn_new(type_of(NETCONN_UDP));
  assert_int_equal(netconn_delete(NULL), ERR_OK);
  assert_int_equal(netconn_prepare_delete(NULL), ERR_OK);
  assert_int_equal(netconn_err(NULL), ERR_OK);
  assert_int_equal(netconn_getaddr(NULL, &addr, &port, 1), ERR_ARG);
  assert_int_equal(netconn_getaddr(conn, NULL, &port, 1), ERR_ARG);
  assert_int_equal(netconn_getaddr(conn, &addr, NULL, 1), ERR_ARG);
  assert_int_equal(netconn_bind(NULL, &addr, 0), ERR_ARG);
  assert_int_equal(netconn_bind_if(NULL, 1), ERR_ARG);
  assert_int_equal(netconn_connect(conn, NULL, 9), ERR_ARG);
  assert_int_equal(netconn_disconnect(NULL), ERR_ARG);
  assert_int_equal(netconn_listen(NULL), ERR_ARG);
  assert_int_equal(netconn_close(NULL), ERR_ARG);
  assert_int_equal(netconn_shutdown(NULL, 1, 1), ERR_ARG);
  assert_int_equal(netconn_recv_udp_raw_netbuf(conn, NULL), ERR_ARG);
  assert_int_equal(netconn_recv_udp_raw_netbuf(NULL, &buf), ERR_ARG);
  assert_int_equal(netconn_recv_udp_raw_netbuf_flags(conn, NULL, NETCONN_DONTBLOCK), ERR_ARG);
  assert_int_equal(netconn_recv_udp_raw_netbuf_flags(NULL, &buf, NETCONN_DONTBLOCK), ERR_ARG);
  assert_int_equal(netconn_recv(conn, NULL), ERR_ARG);
  assert_int_equal(netconn_recv(NULL, &buf), ERR_ARG);
  assert_int_equal(netconn_connect(NULL, &addr, 9), ERR_ARG);
  assert_int_equal(netconn_listen_with_backlog(NULL, 1), ERR_ARG);
  assert_int_equal(netconn_accept(NULL, &none), ERR_ARG);
  assert_int_equal(netconn_accept(conn, &none), ERR_ARG); /* of datagrams */
  assert_null(none);
  assert_int_not_equal(netconn_sendto(conn, NULL, &addr, 9), ERR_OK);
  assert_int_not_equal(netconn_send(conn, NULL), ERR_OK);
  buf = netbuf_new();
  assert_int_equal(netconn_send(conn, buf), ERR_ARG); /* no data */
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  assert_int_equal(netconn_send(NULL, buf), ERR_ARG);
  assert_int_equal(netconn_sendto(NULL, buf, &addr, 9), ERR_ARG);
  netbuf_delete(buf);
  assert_int_equal(netconn_delete(conn), ERR_OK);
}

/* --- names --- */

static void names(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  ip_addr_t got;
  u16_t port, peer_port;
  struct netconn *a = conn_bound(NETCONN_UDP, NULL);
  struct netconn *b = netconn_new(type_of(NETCONN_UDP));
  assert_int_equal(netconn_addr(a, &got, &port), ERR_OK);
  assert_true(ip_addr_eq(&got, &addr));
  assert_int_not_equal(port, 0);
  assert_int_equal(netconn_peer(a, &got, &peer_port), ERR_CONN);
  assert_int_equal(netconn_bind(b, &addr, port), ERR_USE);
  assert_int_equal(netconn_bind(b, NULL, 0), ERR_OK);
  assert_int_equal(netconn_addr(b, &got, &peer_port), ERR_OK);
  assert_true(ip_addr_isany(&got));
  assert_int_equal(netconn_connect(b, &addr, port), ERR_OK);
  assert_int_equal(netconn_peer(b, &got, &peer_port), ERR_OK);
  assert_true(ip_addr_eq(&got, &addr));
  assert_int_equal(peer_port, port);
  assert_int_equal(netconn_disconnect(b), ERR_OK);
  assert_int_equal(netconn_peer(b, &got, &peer_port), ERR_CONN);
  conns_delete(a, b);
}

static void bound_to_an_interface(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct netbuf *buf;
  ip_addr_t addr = loop_addr();
  struct netconn *a = conn_bound(NETCONN_UDP, NULL);
  struct netconn *b = netconn_new(type_of(NETCONN_UDP));
  LOCK_TCPIP_CORE();
  u8_t lo = netif_name_to_index("lo0");
  UNLOCK_TCPIP_CORE();
  assert_int_equal(netconn_bind_if(a, 77), ERR_VAL); /* there is none */
  assert_int_equal(netconn_bind_if(a, lo), ERR_OK);
  assert_int_equal(a->pcb.udp->netif_idx, lo);
  buf = netbuf_new();
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  assert_int_equal(netconn_sendto(b, buf, &addr, local_port(a)), ERR_OK);
  netbuf_delete(buf);
  assert_int_equal(netconn_recv(a, &buf), ERR_OK);
  netbuf_delete(buf);
  assert_int_equal(netconn_bind_if(a, NETIF_NO_INDEX), ERR_OK);
  assert_int_equal(a->pcb.udp->netif_idx, NETIF_NO_INDEX);
  conns_delete(a, b);
}

/* --- datagrams --- */

static void send_text(struct netconn *conn, const char *text, const ip_addr_t *addr, u16_t port)
{
  struct netbuf *buf = netbuf_new();
  assert_int_equal(netbuf_ref(buf, text, (u16_t)strlen(text)), ERR_OK);
  assert_int_equal(addr != NULL ? netconn_sendto(conn, buf, addr, port) : netconn_send(conn, buf),
                   ERR_OK);
  assert_int_equal(netbuf_len(buf), strlen(text)); /* it stays what it was */
  netbuf_delete(buf);
}

static struct netbuf *recv_text(struct netconn *conn, const char *text)
{
  char all[32] = "";
  struct netbuf *buf = NULL;
  assert_int_equal(netconn_recv(conn, &buf), ERR_OK);
  assert_int_equal(netbuf_len(buf), strlen(text));
  netbuf_copy(buf, all, sizeof all - 1);
  assert_string_equal(all, text);
  return buf;
}

/** The echo of all lwIP programs: what was received goes back as it is. */
static void echo(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netconn *a = conn_bound(NETCONN_UDP, NULL);
  struct netconn *b = conn_bound(NETCONN_UDP, NULL);
  send_text(a, "question", &addr, local_port(b));
  struct netbuf *buf = recv_text(b, "question");
  assert_true(ip_addr_eq(netbuf_fromaddr(buf), &addr));
  assert_int_equal(netbuf_fromport(buf), local_port(a));
#if LWIP_NETBUF_RECVINFO
  assert_true(ip_addr_eq(netbuf_destaddr(buf), &addr));
  assert_int_equal(netbuf_destport(buf), local_port(b));
#endif
  assert_int_equal(netconn_send(b, buf), ERR_OK);
  netbuf_delete(buf);
  buf = recv_text(a, "question");
  assert_int_equal(netconn_sendto(a, buf, netbuf_fromaddr(buf), netbuf_fromport(buf)), ERR_OK);
  netbuf_delete(buf);
  netbuf_delete(recv_text(b, "question"));
  conns_delete(a, b);
}

static void connected(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netbuf *buf;
  struct netconn *a = conn_bound(NETCONN_UDP, NULL);
  struct netconn *b = conn_bound(NETCONN_UDP, NULL);
  struct netconn *stranger = conn_bound(NETCONN_UDP, NULL);
  buf = netbuf_new();
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  assert_int_not_equal(netconn_send(a, buf), ERR_OK); /* to whom? */
  netbuf_delete(buf);
  assert_int_equal(netconn_connect(a, &addr, local_port(b)), ERR_OK);
  send_text(a, "to the peer", NULL, 0);
  netbuf_delete(recv_text(b, "to the peer"));
  send_text(stranger, "unheard", &addr, local_port(a));
  send_text(b, "heard", &addr, local_port(a));
  netbuf_delete(recv_text(a, "heard"));
  assert_int_equal(netconn_recv_udp_raw_netbuf_flags(a, &buf, NETCONN_DONTBLOCK), ERR_WOULDBLOCK);
  assert_null(buf);
  assert_int_equal(netconn_disconnect(a), ERR_OK);
  send_text(stranger, "heard again", &addr, local_port(a));
  netbuf_delete(recv_text(a, "heard again"));
  conns_delete(a, b);
  assert_int_equal(netconn_delete(stranger), ERR_OK);
}

/** ICMP says that nobody listens: told once, by whatever call comes next. */
static void nobody_listens(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netbuf *buf;
  struct netconn *a = netconn_new_with_callback(type_of(NETCONN_UDP), hear);
  events_forget();
  assert_int_equal(netconn_connect(a, &addr, 9), ERR_OK);
  send_text(a, "x", NULL, 0);
  assert_int_equal(netconn_recv(a, &buf), ERR_CONN);
  assert_int_equal(netconn_err(a), ERR_OK);
  const struct event expected[] = {
      {a, NETCONN_EVT_ERROR, 0}, {a, NETCONN_EVT_RCVPLUS, 0}, {a, NETCONN_EVT_SENDPLUS, 0}};
  expect_events(a, expected, LWIP_ARRAYSIZE(expected));
  send_text(a, "x", NULL, 0);
  await(a->pending_err != ERR_OK);
  assert_int_equal(netconn_err(a), ERR_CONN);
  assert_int_equal(netconn_err(a), ERR_OK);
  assert_int_equal(netconn_delete(a), ERR_OK);
}

static void not_for_datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct pbuf *p;
  struct netconn *in;
  size_t written;
  struct netconn *conn = netconn_new(type_of(NETCONN_UDP));
  assert_int_equal(netconn_listen(conn), ERR_ARG);
  assert_int_equal(netconn_accept(conn, &in), ERR_ARG);
  assert_int_equal(netconn_recv_tcp_pbuf(conn, &p), ERR_ARG);
  assert_int_equal(netconn_tcp_recvd(conn, 1), ERR_ARG);
  assert_int_equal(netconn_write_partly(conn, "x", 1, 0, &written), ERR_VAL);
  assert_int_equal(netconn_close(conn), ERR_VAL);
  assert_int_equal(netconn_shutdown(conn, 1, 1), ERR_VAL);
  assert_int_equal(netconn_delete(conn), ERR_OK);
}

/** No way to get there, or too much for one datagram: and the netconn is as it was. */
static void not_sent(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t far;
  ip_addr_t addr = loop_addr();
  struct netconn *b = conn_bound(NETCONN_UDP, NULL);
  assert_int_equal(ipaddr_aton(IS_V6 ? "2001:db8::9" : "192.0.2.9", &far), 1);
  const enum netconn_type types[] = {NETCONN_UDP, NETCONN_RAW};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    struct netconn *a = netconn_new_with_proto_and_callback(type_of(types[i]), 253, NULL);
    struct netbuf *buf = netbuf_new();
    assert_non_null(a);
    assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
    assert_int_equal(netconn_sendto(a, buf, &far, 9), ERR_RTE);
    netbuf_delete(buf);
    buf = netbuf_new();
    assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
    assert_int_equal(netconn_send(a, buf), ERR_RTE); /* to whom? */
    netbuf_delete(buf);
    buf = netbuf_new();
    assert_non_null(netbuf_alloc(buf, 0xffff));
    assert_int_equal(netconn_sendto(a, buf, &addr, local_port(b)), ERR_VAL);
    netbuf_delete(buf);
    assert_int_equal(netconn_err(a), ERR_OK); /* the calls have told it */
    assert_int_equal(netconn_delete(a), ERR_OK);
  }
#if LWIP_TCP
  struct netconn *stream = netconn_new(type_of(NETCONN_TCP));
  struct netbuf *buf = netbuf_new();
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  assert_int_equal(netconn_sendto(stream, buf, &addr, local_port(b)), ERR_ARG);
  netbuf_delete(buf);
  assert_int_equal(netconn_connect(stream, &far, 9), ERR_RTE);
  assert_int_equal(netconn_connect(stream, &far, 9), ERR_RTE); /* and may be tried again */
  assert_int_equal(netconn_delete(stream), ERR_OK);
#endif
  assert_int_equal(netconn_delete(b), ERR_OK);
}

/** What nobody takes is dropped beyond the limit; the callback hears of each in and out. */
static void queue(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netbuf *buf;
  struct netconn *a = conn_bound(NETCONN_UDP, hear);
  struct netconn *b = netconn_new(type_of(NETCONN_UDP));
  events_forget();
  send_text(b, "one", &addr, local_port(a));
  send_text(b, "three", &addr, local_port(a));
  await(events_of(a, NETCONN_EVT_RCVPLUS, -1) == 2);
  assert_int_equal(a->recv_avail, 8);
  netbuf_delete(recv_text(a, "one"));
  netbuf_delete(recv_text(a, "three"));
  const struct event expected[] = {{a, NETCONN_EVT_RCVPLUS, 3},
                                   {a, NETCONN_EVT_RCVPLUS, 5},
                                   {a, NETCONN_EVT_RCVMINUS, 3},
                                   {a, NETCONN_EVT_RCVMINUS, 5}};
  expect_events(a, expected, LWIP_ARRAYSIZE(expected));
#if LWIP_SO_RCVBUF
  netconn_set_recvbufsize(a, 4);
  send_text(b, "1234", &addr, local_port(a));
  send_text(b, "5", &addr, local_port(a)); /* no room */
  api_settle();
  netbuf_delete(recv_text(a, "1234"));
  send_text(b, "6", &addr, local_port(a));
  netbuf_delete(recv_text(a, "6"));
#endif
  assert_int_equal(netconn_recv_udp_raw_netbuf_flags(a, &buf, NETCONN_DONTBLOCK), ERR_WOULDBLOCK);
  conns_delete(a, b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(every_type),
      API_TEST(flags_and_options),
      API_TEST(null_arguments),
      API_TEST(names),
      API_TEST(bound_to_an_interface),
      API_TEST(echo),
      API_TEST(connected),
      API_TEST(nobody_listens),
      API_TEST(not_for_datagrams),
      API_TEST(not_sent),
      API_TEST(queue),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
