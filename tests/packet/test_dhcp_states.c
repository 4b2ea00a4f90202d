/*
 * DHCP client: every message in every state (RFC 2131 4.4, figure 5).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_DHCP && LWIP_DHCP_DOES_ACD_CHECK

#include "dhcp_text.h"

/** Ways into each state. In all but SELECTING the last message that was heard is the exchange's. */
static void to_selecting(void)
{
  dhcp_go();
  heard(DHCP_DISCOVER);
}

static void to_checking(void)
{
  go_requesting();
  say_simply(DHCP_ACK);
}

static void to_bound(void)
{
  go_bound(800, 0, 0);
}

static void to_renewing(void)
{
  go_bound(800, 0, 0);
  advance_to(400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
}

static void to_rebinding(void)
{
  go_bound(800, 0, 0);
  advance_to(400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  advance_to(299999);
  tx_discard();
  advance(1);
  heard_by(DHCP_REQUEST, GIVEN, "255.255.255.255");
}

static void to_rebooting(void)
{
  go_bound(800, 0, 0);
  netif_set_link_down(NETIF);
  netif_set_link_up(NETIF);
  check_arp(tx(), ARP_REQUEST, our_mac, GIVEN, zero_mac, GIVEN);
  heard(DHCP_REQUEST);
}

static void to_backing_off(void)
{
  to_checking();
  advance(1000);
  rx(arp(ARP_REPLY, peer_mac, GIVEN, our_mac, "0.0.0.0"));
  ignore_drops();
  tx_discard();
}

static void to_informing(void)
{
  packet_at_end(dhcp_off);
  dhcp_inform(NETIF);
  heard_by(DHCP_INFORM, "10.0.0.1", "255.255.255.255");
}

static void to_permanent(void)
{
  to_informing();
  struct answer a = answer_of(DHCP_ACK);
  a.is_broadcast = true;
  say(&a);
}

static void to_init(void)
{
  netif_set_link_down(NETIF);
  dhcp_go();
}

static void to_off(void)
{
  go_bound(800, 0, 0);
  dhcp_stop(NETIF);
  tx_discard();
}

/** What becomes of a message: a new state, or a drop. */
struct row {
  u8_t state;
  void (*reach)(void);
  int offer, ack, nak; /* a state; or minus the drop reason */
};

#define UNEXPECTED (-(int)DROP_DHCP_UNEXPECTED)

static const struct row rows[] = {
    {DHCP_STATE_SELECTING, to_selecting, DHCP_STATE_REQUESTING, UNEXPECTED, UNEXPECTED},
    {DHCP_STATE_REQUESTING, go_requesting, UNEXPECTED, DHCP_STATE_CHECKING, DHCP_STATE_SELECTING},
    {DHCP_STATE_CHECKING, to_checking, UNEXPECTED, UNEXPECTED, UNEXPECTED},
    {DHCP_STATE_BOUND, to_bound, UNEXPECTED, UNEXPECTED, UNEXPECTED},
    {DHCP_STATE_RENEWING, to_renewing, UNEXPECTED, DHCP_STATE_BOUND, DHCP_STATE_SELECTING},
    {DHCP_STATE_REBINDING, to_rebinding, UNEXPECTED, DHCP_STATE_BOUND, DHCP_STATE_SELECTING},
    {DHCP_STATE_REBOOTING, to_rebooting, UNEXPECTED, DHCP_STATE_BOUND, DHCP_STATE_SELECTING},
    {DHCP_STATE_BACKING_OFF, to_backing_off, UNEXPECTED, UNEXPECTED, UNEXPECTED},
    {DHCP_STATE_INFORMING, to_informing, UNEXPECTED, DHCP_STATE_PERMANENT, UNEXPECTED},
    {DHCP_STATE_PERMANENT, to_permanent, UNEXPECTED, UNEXPECTED, UNEXPECTED},
};

static const u8_t types[] = {
    DHCP_OFFER,  DHCP_ACK, DHCP_NAK, DHCP_DISCOVER, DHCP_REQUEST, DHCP_DECLINE, DHCP_RELEASE,
    DHCP_INFORM, 9,        0};

static int wanted(const struct row *r, u8_t type)
{
  switch (type) {
  case DHCP_OFFER:
    return r->offer;
  case DHCP_ACK:
    return r->ack;
  case DHCP_NAK:
    return r->nak;
  default:
    return UNEXPECTED;
  }
}

static void try_message(const struct row *r, u8_t type)
{
  r->reach();
  assert_int_equal(dhcp_state(), r->state);
  bool had_addr = !ip4_addr_isany_val(*netif_ip4_addr(NETIF));
  last.m.xid = netif_dhcp_data(NETIF)->xid;
  struct answer a = answer_of(type == 0 ? DHCP_OFFER : type);
  if (type == 0) { /* BOOTP: no message type */
    memmove(a.bytes + DHCP_FIXED_LEN, a.bytes + DHCP_FIXED_LEN + 3, a.len - DHCP_FIXED_LEN - 3);
    a.len -= 3;
  }
  a.is_broadcast = true;
  ignore_drops();
  say(&a);
  int want = wanted(r, type);
  if (want < 0) {
    expect_drop((enum drop_reason) - want);
    assert_int_equal(dhcp_state(), r->state);
    assert_int_equal(!ip4_addr_isany_val(*netif_ip4_addr(NETIF)), had_addr);
  } else {
    expect_no_drop();
    assert_int_equal(dhcp_state(), want);
  }
}

PACKET_TEST(test_every_message_in_every_state)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(rows); i++) {
    unsigned count = packet_is_fault_run() ? 3 : LWIP_ARRAYSIZE(types);
    for (unsigned k = 0; k < count; k++) {
      packet_note("state %u, type %u: ", rows[i].state, types[k]);
      try_message(&rows[i], types[k]);
      dhcp_off();
      ip4_addr_t addr = ip4_of("10.0.0.1");
      ip4_addr_t mask = ip4_of("255.255.255.0");
      netif_set_addr(NETIF, &addr, &mask, NULL);
      tx_discard();
    }
  }
}

/* Without a client, or without link, nothing is listened to. */
PACKET_TEST(test_init_and_off)
{
  static void (*const ways[])(void) = {to_init, to_off};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    ways[i]();
    for (unsigned k = 0; k < LWIP_ARRAYSIZE(types); k++) {
      struct answer a = answer_of(types[k]);
      a.is_broadcast = true;
      say(&a);
      assert_int_equal(dhcp_state(), i == 0 ? DHCP_STATE_INIT : DHCP_STATE_OFF);
    }
    ignore_drops();
    netif_set_link_up(NETIF);
    tx_discard();
    dhcp_off();
  }
}

/* A NAK where an address is in use takes it away; an acknowledgement leaves it. */
PACKET_TEST(test_addresses)
{
  for (unsigned i = 4; i < 7; i++) {
    rows[i].reach();
    assert_true(has_addr(GIVEN));
    last.m.xid = netif_dhcp_data(NETIF)->xid;
    say_simply(DHCP_NAK);
    assert_true(has_addr("0.0.0.0"));
    dhcp_off();
    tx_discard();
    rows[i].reach();
    last.m.xid = netif_dhcp_data(NETIF)->xid;
    say_simply(DHCP_ACK);
    assert_true(has_addr(GIVEN));
    dhcp_off();
    tx_discard();
  }
}

/* RFC 2131 3.1.5, RFC 5227 2.1.1: in use by somebody else: declined; ten seconds later anew. */
PACKET_TEST(test_decline)
{
  to_checking();
  advance(1000);
  tx_discard();
  rx(arp(ARP_REPLY, peer_mac, GIVEN, our_mac, "0.0.0.0"));
  expect_drop(DROP_ARP_CONFLICT);
  assert_int_equal(dhcp_state(), DHCP_STATE_BACKING_OFF);
  const struct dhcp_message *m = heard(DHCP_DECLINE);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
  expect_said_addr(DHCP_OPTION_SERVER_ID, SERVER);
  assert_int_equal(m->ciaddr.addr, 0);
  assert_int_equal(dhcp_option_get(m, DHCP_OPTION_PARAMETER_REQUEST_LIST, NULL, 0), -1);
  assert_int_equal(dhcp_state(), DHCP_STATE_BACKING_OFF);
  advance(9999);
  expect_silence();
  advance(2);
  heard(DHCP_DISCOVER);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, "0.0.0.0"); /* not that one */
}

/* Likewise when a second conflict within ten seconds ends its use (RFC 5227 2.4). */
PACKET_TEST(test_decline_in_use)
{
  to_bound();
  rx(arp(ARP_REPLY, peer_mac, GIVEN, our_mac, "10.0.0.9"));
  check_arp(tx(), ARP_REQUEST, our_mac, GIVEN, zero_mac, GIVEN);
  assert_true(has_addr(GIVEN));
  rx(arp(ARP_REPLY, peer_mac, GIVEN, our_mac, "10.0.0.9"));
  heard(DHCP_DECLINE);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
  assert_true(has_addr("0.0.0.0"));
  advance(10001);
  heard(DHCP_DISCOVER);
}

/* B12-205 from the client's side: a network where every address is taken is not flooded. */
PACKET_TEST(test_every_address_is_taken)
{
  to_checking();
  unsigned declines = 0;
  u32_t began_ms = now_ms();
  for (int i = 0; i < 4 * MAX_CONFLICTS && now_ms() - began_ms < 3600000; i++) {
    advance(1000);
    tx_discard();
    rx(arp(ARP_REPLY, peer_mac, GIVEN, our_mac, "0.0.0.0"));
    heard(DHCP_DECLINE);
    declines++;
    struct frame *f = NULL;
    for (int s = 0; f == NULL && s < 100; s++, f = tx()) {
      advance(1000);
    }
    assert_non_null(f);
    last.m.xid = netif_dhcp_data(NETIF)->xid;
    say_simply(DHCP_OFFER);
    heard(DHCP_REQUEST);
    say_simply(DHCP_ACK);
    assert_int_equal(dhcp_state(), DHCP_STATE_CHECKING);
  }
  assert_true(declines >= 20);
  assert_true((now_ms() - began_ms) / declines > 40000);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_every_message_in_every_state, PACKET_NO_CHAINED),
    TEST(test_init_and_off),
    TEST(test_addresses),
    TEST(test_decline),
    TEST(test_decline_in_use),
    TEST_FLAGS(test_every_address_is_taken, PACKET_ONCE),
};

#else

static void test_no_dhcp(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_dhcp, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
