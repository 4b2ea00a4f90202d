/**
 * @file
 * TCP: many connections are told apart; numbers that nobody off the path can guess.
 *
 * needs: tcp
 */
#include "packet_tcp.h"
#include "lwip/priv/tcp_lists.h"
#include "transport/tcp/tcp_lists_priv.h"

static ip_addr_t ours(void)
{
  return ip_of(LWIP_IPV4 ? "10.0.0.1" : "2001:db8::1");
}

static ip_addr_t peers(void)
{
  return ip_of(LWIP_IPV4 ? "10.0.0.2" : "2001:db8::2");
}

/** A connection that is only there, not in any state that sends. */
static struct tcp_pcb *placed(u16_t local_port, u16_t remote_port)
{
  struct tcp_pcb *pcb = tcp_pcb_alloc(TCP_PRIO_NORMAL);
  if (pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no pcb");
  }
  pcb->local_ip = ours();
  pcb->remote_ip = peers();
  pcb->local_port = local_port;
  pcb->remote_port = remote_port;
  pcb->state = ESTABLISHED;
  tcp_active_add(pcb);
  return pcb;
}

static struct tcp_pcb *found(u16_t local_port, u16_t remote_port)
{
  ip_addr_t local = ours();
  ip_addr_t remote = peers();
  return tcp_active_find(&local, local_port, &remote, remote_port, NULL);
}

#define MANY 5000U

/* RFC 9293 3.3.1. */
PACKET_TEST(test_each_of_many_connections_is_found)
{
  if (packet_is_fault_run()) {
    return; /* one run per connection would take long */
  }
  struct tcp_pcb **pcbs = (struct tcp_pcb **)calloc(MANY, sizeof *pcbs);
  bool is_right = pcbs != NULL;
  tcp_peer_reset();
  for (u16_t i = 0; i < MANY && is_right; i++) {
    pcbs[i] = placed(80, (u16_t)(1000 + i));
  }
  for (u16_t i = 0; i < MANY && is_right; i++) {
    is_right = found(80, (u16_t)(1000 + i)) == pcbs[i];
  }
  for (u16_t i = 0; i < MANY && is_right; i += 2) {
    tcp_pcb_free(pcbs[i]); /* from everywhere in the lists */
  }
  for (u16_t i = 0; i < MANY && is_right; i++) {
    is_right = found(80, (u16_t)(1000 + i)) == (i % 2 == 0 ? NULL : pcbs[i]);
  }
  free(pcbs);
  assert_true(is_right);
  assert_null(found(81, 1001));
  unsigned n = 0;
  for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    n++;
  }
  assert_int_equal(n, MANY / 2);
}

static unsigned longest_chain(void)
{
  unsigned longest = 0;
  for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    unsigned len = 0;
    for (struct tcp_pcb *at = pcb; at != NULL; at = *tcp_chain_link(at)) {
      len++;
    }
    longest = LWIP_MAX(longest, len);
  }
  return longest;
}

PACKET_TEST(test_ports_chosen_to_collide_do_not)
{
  if (packet_is_fault_run()) {
    return; /* one run per connection would take long */
  }
  /* Security vector B11-197: a hash that is the sum, or the XOR, of ports and addresses, would put
     all of these into one bucket. */
  tcp_peer_reset();
  for (u16_t i = 0; i < 2000; i++) {
    placed((u16_t)(10000 + i), (u16_t)(20000 - i));
  }
  assert_true(TCP_HASH_SIZE == 1 || longest_chain() < 16);
}

/* RFC 9293 3.3.1. */
PACKET_TEST(test_hash_grows_with_connections)
{
  if (packet_is_fault_run()) {
    return; /* one run per connection would take long */
  }
  tcp_peer_reset();
  if (TCP_HASH_SIZE == TCP_HASH_SIZE_MAX || TCP_HASH_SIZE > 2048) {
    return;
  }
  for (u32_t i = 0; i < 20000; i++) {
    placed((u16_t)(80 + i / 10000), (u16_t)(1000 + i % 10000));
  }
  assert_true(longest_chain() < 12); /* 20 would be the mean without */
}

PACKET_TEST(test_initial_sequence_numbers)
{
  /* RFC 6528 3; security vector B11-194. */
  tcp_peer_reset();
  ip_addr_t local = ours();
  ip_addr_t remote = peers();
  u32_t last = tcp_isn(&local, 80, &remote, 4000);
  for (int i = 0; i < 1000; i++) {
    advance(7);
    u32_t isn = tcp_isn(&local, 80, &remote, 4000);
    assert_int_equal(isn - last, 7 * 250); /* RFC 9293 3.4.1: 4 microseconds; past clock wraps */
    last = isn;
  }
  u32_t bits[32] = {0};
  for (u16_t i = 0; i < 1000; i++) {
    u32_t isn = tcp_isn(&local, 80, &remote, (u16_t)(4001 + i)) - last;
    for (int bit = 0; bit < 32; bit++) {
      bits[bit] += (isn >> bit) & 1U;
    }
  }
  for (int bit = 0; bit < 32; bit++) {
    assert_true(bits[bit] > 400 && bits[bit] < 600); /* as good as random from peer to peer */
  }
}

PACKET_TEST(test_timestamps_do_not_tell_the_uptime)
{
  tcp_peer_reset(); /* RFC 7323 7.1: an offset of its own for every pair of hosts */
  ip_addr_t local = ours();
  ip_addr_t remote = peers();
  assert_int_not_equal(tcp_ts_offset(&local, &remote), 0);
  assert_int_not_equal(tcp_ts_offset(&local, &remote), tcp_ts_offset(&remote, &local));
  assert_int_equal(tcp_ts_offset(&local, &remote), tcp_ts_offset(&local, &remote));
}

static struct tcp_pcb *bound_anywhere(void)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  if (pcb == NULL || tcp_bind(pcb, NULL, 0) != ERR_OK) {
    packet_fail(__FILE__, __LINE__, "tcp_bind() to no port failed");
  }
  return pcb;
}

PACKET_TEST(test_ephemeral_ports_are_in_their_range_and_random)
{
  /* RFC 6056 3; security vector B11-195. */
  tcp_peer_reset();
  u16_t last = 0;
  unsigned in_order = 0;
  for (int i = 0; i < 200; i++) {
    u16_t port = bound_anywhere()->local_port;
    assert_true(port >= 0xc000);
    in_order += port == (u16_t)(last + 1);
    last = port;
  }
  assert_true(in_order < 5);
}

/* RFC 6056 3.2. */
PACKET_TEST(test_ephemeral_ports_are_all_used)
{
  if (packet_is_fault_run()) {
    return; /* one run per connection would take long */
  }
  tcp_peer_reset();
  for (u32_t port = 0xc000; port <= 0xffff; port++) {
    if (port != 0xc123) {
      placed((u16_t)port, 1);
    }
  }
  assert_int_equal(bound_anywhere()->local_port, 0xc123);
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 0), ERR_BUF);
}

/* RFC 6056 3.3.3. */
PACKET_TEST(test_ports_serve_several_peers)
{
  if (packet_is_fault_run()) {
    return; /* one run per connection would take long */
  }
  tcp_peer_reset();
  ip_addr_t to = peers();
  if (!LWIP_IPV4) {
    net6_up();
  }
  for (u32_t port = 0xc000; port <= 0xffff; port++) {
    placed((u16_t)port, 1);
  }
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_non_null(pcb);
  assert_int_equal(tcp_connect(pcb, &to, 1, NULL), ERR_BUF); /* all of these are under way */
  assert_int_equal(tcp_connect(pcb, &to, 2, NULL), ERR_OK);
  tcp_peer_ignores();
}

/* RFC 6056 3.1. */
PACKET_TEST(test_port_choice_avoids_time_wait)
{
  if (packet_is_fault_run()) {
    return; /* one run per connection would take long */
  }
  tcp_peer_reset();
  ip_addr_t to = peers();
  if (!LWIP_IPV4) {
    net6_up();
  }
  for (u32_t port = 0xc000; port <= 0xffff; port++) {
    struct tcp_pcb *pcb = port != 0xd000 ? placed((u16_t)port, 1) : NULL;
    if (port == 0xd001) {
      pcb->state = TIME_WAIT;
      tcp_timewait_enter(pcb);
    }
  }
  struct tcp_pcb *pcb = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  struct tcp_pcb *second = tcp_new_ip_type(LWIP_IPV4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
  assert_int_equal(tcp_connect(pcb, &to, 1, NULL), ERR_OK);
  assert_int_equal(pcb->local_port, 0xd000);
  assert_int_equal(tcp_connect(second, &to, 1, NULL), ERR_BUF);
  tcp_peer_ignores();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_each_of_many_connections_is_found, PACKET_ONCE),
    TEST_FLAGS(test_ports_chosen_to_collide_do_not, PACKET_ONCE),
    TEST_FLAGS(test_hash_grows_with_connections, PACKET_ONCE),
    TEST_FLAGS(test_initial_sequence_numbers, PACKET_ONCE),
    TEST_FLAGS(test_timestamps_do_not_tell_the_uptime, PACKET_ONCE),
    TEST_FLAGS(test_ephemeral_ports_are_in_their_range_and_random, PACKET_ONCE),
    TEST_FLAGS(test_ephemeral_ports_are_all_used, PACKET_ONCE),
    TEST_FLAGS(test_ports_serve_several_peers, PACKET_ONCE),
    TEST_FLAGS(test_port_choice_avoids_time_wait, PACKET_ONCE),
};

PACKET_MAIN(tests)
