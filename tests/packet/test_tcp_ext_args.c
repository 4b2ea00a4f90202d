/**
 * @file
 * Extension arguments of pcbs (LWIP_TCP_PCB_NUM_EXT_ARGS): modules that ride on a connection, know
 * when it is made from a listener, may refuse it, and hear of its end, whatever that is.
 *
 * needs: tcp
 */
#include "packet_tcp.h"

#if LWIP_TCP_PCB_NUM_EXT_ARGS >= 2

static struct {
  unsigned destroyed[2];
  void *data[2];
  unsigned opened;
  struct tcp_pcb_listen *lpcb;
  err_t answer;
} module;

static int payload[3];

static void on_destroy(u8_t id, void *data)
{
  module.destroyed[id & 1U]++;
  module.data[id & 1U] = data;
}

static err_t on_passive_open(u8_t id, struct tcp_pcb_listen *lpcb, struct tcp_pcb *cpcb);

static const struct tcp_ext_arg_callbacks callbacks = {on_destroy, on_passive_open};
static const struct tcp_ext_arg_callbacks silent = {NULL, NULL};

static err_t on_passive_open(u8_t id, struct tcp_pcb_listen *lpcb, struct tcp_pcb *cpcb)
{
  module.opened++;
  module.lpcb = lpcb;
  if (module.answer == ERR_OK) {
    tcp_ext_arg_set_callbacks(cpcb, id, &callbacks);
    tcp_ext_arg_set(cpcb, id, &payload[1]);
  }
  return module.answer;
}

static void begin(void)
{
  memset(&module, 0, sizeof module);
  tcp_peer_reset();
}

/* RFC 9293 3.3.1. */
PACKET_TEST(test_ids_differ)
{
  u8_t first = tcp_ext_arg_alloc_id();
  u8_t second = tcp_ext_arg_alloc_id();
  assert_int_not_equal(first, second);
  assert_true(first < LWIP_TCP_PCB_NUM_EXT_ARGS && second < LWIP_TCP_PCB_NUM_EXT_ARGS);
}

/* RFC 9293 3.10.4, CLOSED: the module hears when the pcb goes, once per argument. */
PACKET_TEST(test_arguments_of_a_pcb)
{
  begin();
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  assert_null(tcp_ext_arg_get(pcb, 0));
  tcp_ext_arg_set_callbacks(pcb, 0, &callbacks);
  tcp_ext_arg_set(pcb, 0, &payload[0]);
  tcp_ext_arg_set_callbacks(pcb, 1, &silent);
  tcp_ext_arg_set(pcb, 1, &payload[2]);
  assert_ptr_equal(tcp_ext_arg_get(pcb, 0), &payload[0]);
  assert_ptr_equal(tcp_ext_arg_get(pcb, 1), &payload[2]);
  tcp_abort(pcb);
  assert_int_equal(module.destroyed[0], 1);
  assert_int_equal(module.destroyed[1], 0);
  assert_ptr_equal(module.data[0], &payload[0]);
}

static void listen_with_module(void)
{
  tcp_listen_up();
  tcp_ext_arg_set_callbacks(app.listener, 1, &callbacks);
  tcp_ext_arg_set(app.listener, 1, &payload[0]);
}

/* RFC 9293 3.10.7.2: a connection that a listener makes is shown to the listener's modules. */
PACKET_TEST(test_listeners_modules_see_connections)
{
  begin();
  listen_with_module();
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(module.opened, 1);
  assert_ptr_equal(module.lpcb, app.listener);
  assert_int_equal(app.accepted, 1);
  assert_ptr_equal(tcp_ext_arg_get(app.pcb, 1), &payload[1]);
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(module.destroyed[1], 1);
  assert_ptr_equal(module.data[1], &payload[1]);
  tcp_close(app.listener);
  app.listener = NULL;
  assert_int_equal(module.destroyed[1], 2); /* the listener's own */
  assert_ptr_equal(module.data[1], &payload[0]);
}

/* RFC 9293 3.10.7.2. */
PACKET_TEST(test_module_refuses_a_connection)
{
  begin();
  listen_with_module();
  module.answer = ERR_VAL;
  peer_says(.flags = TCP_SYN);
  if (LWIP_TCP_SYNCACHE) {
    expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
    expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  }
  expect_drop(DROP_TCP_REFUSED);
  assert_int_equal(app.accepted, 0);
  assert_null(tcp_active_pcbs);
  assert_int_equal(module.destroyed[1], 0);
}

/* They stay with what tcp_listen() makes of the pcb, and end with it (RFC 9293 3.10.4). */
PACKET_TEST(test_arguments_move_into_the_listener)
{
  begin();
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  tcp_ext_arg_set_callbacks(pcb, 0, &callbacks);
  tcp_ext_arg_set(pcb, 0, &payload[2]);
  app.listener = tcp_listen(pcb);
  if (app.listener == NULL) {
    tcp_abort(pcb);
  }
  assert_non_null(app.listener);
  assert_int_equal(module.destroyed[0], 0);
  assert_ptr_equal(tcp_ext_arg_get(app.listener, 0), &payload[2]);
  tcp_abort(app.listener);
  app.listener = NULL;
  assert_int_equal(module.destroyed[0], 1);
  assert_ptr_equal(module.data[0], &payload[2]);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_ids_differ, PACKET_ONCE),
    TEST_FLAGS(test_arguments_of_a_pcb, PACKET_ONCE),
    TEST(test_listeners_modules_see_connections),
    TEST(test_module_refuses_a_connection),
    TEST_FLAGS(test_arguments_move_into_the_listener, PACKET_ONCE),
};

#else

/* RFC 9293 3.3.1. */
PACKET_TEST(test_no_extension_arguments)
{
  assert_int_equal(LWIP_TCP_PCB_NUM_EXT_ARGS, 0);
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_extension_arguments, PACKET_ONCE)};

#endif

PACKET_MAIN(tests)
