/*
 * DHCP client: keeping a lease. T1, T2 and expiry to the millisecond, refusals, link changes, the
 * address of before, release, inform (RFC 2131 3.2 to 3.7, 4.4.2 to 4.4.6; security vectors
 * B12-201, B12-202; features 118, 122, 123, 128).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_DHCP

#include "dhcp_text.h"

/** Nothing until `ms` behind the request that the lease counts from, then something. */
static void silent_until(u32_t asked_ms, u32_t ms)
{
  advance(ms - 1 - (now_ms() - asked_ms));
  expect_silence();
  advance(1);
}

/* RFC 2131 4.4.5: T1 half, T2 seven eighths, when the server does not say. */
PACKET_TEST(test_default_times)
{
  go_bound(800, 0, 0);
  u32_t asked_ms = last.at_ms;
  silent_until(asked_ms, 400000);
  const struct dhcp_message *m = heard_by(DHCP_REQUEST, GIVEN, SERVER);
  assert_int_equal(dhcp_state(), DHCP_STATE_RENEWING);
  assert_int_equal(m->ciaddr.addr, ip4_of(GIVEN).addr);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, "0.0.0.0");
  expect_said_addr(DHCP_OPTION_SERVER_ID, "0.0.0.0");
  silent_until(asked_ms, 550000); /* half of what is left to T2 at 700 s */
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  silent_until(asked_ms, 625000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  silent_until(asked_ms, 685000); /* a minute at least */
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  silent_until(asked_ms, 700000);
  heard_by(DHCP_REQUEST, GIVEN, "255.255.255.255");
  assert_int_equal(dhcp_state(), DHCP_STATE_REBINDING);
  silent_until(asked_ms, 760000);
  heard_by(DHCP_REQUEST, GIVEN, "255.255.255.255");
  advance(39999);
  expect_silence();
  assert_true(has_addr(GIVEN));
  advance(1);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(dhcp_supplied_address(NETIF), 0);
  heard(DHCP_DISCOVER);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN); /* the same would be best */
}

PACKET_TEST(test_times_of_the_server)
{
  go_bound(3600, 60, 120);
  u32_t asked_ms = last.at_ms;
  silent_until(asked_ms, 60000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  silent_until(asked_ms, 120000);
  heard_by(DHCP_REQUEST, GIVEN, "255.255.255.255");
}

/* B12-201: T1 >= T2 >= lease and the like are as if they were not there. */
PACKET_TEST(test_times_that_make_no_sense)
{
  static const u32_t times[][2] = {{120, 60}, {60, 60}, {60, 800}, {900, 1000}, {0xffffffff, 60}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(times); i++) {
    packet_note("row %u: ", i);
    go_bound(800, times[i][0], times[i][1]);
    silent_until(last.at_ms, 400000);
    heard_by(DHCP_REQUEST, GIVEN, SERVER);
    dhcp_off();
    tx_discard();
  }
}

/* B12-201: no lease time. */
PACKET_TEST(test_missing_lease_time)
{
  go_bound(0, 0, 0);
  silent_until(last.at_ms, 60000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
}

/* B12-201, X-158: a lease of a second ends before it begins; no message is sent without a pause. */
PACKET_TEST(test_lease_of_a_second)
{
  go_requesting();
  say_times(DHCP_ACK, 1, 0, 0);
  unsigned sent = 0;
  for (int s = 0; s < 60; s++) {
    advance(1000);
    while (tx() != NULL) {
      sent++;
    }
  }
  assert_true(sent < 30);
}

PACKET_TEST(test_infinite_lease)
{
  struct dhcp_lease lease;
  go_bound(0xffffffff, 60, 120);
  advance(3000);
  tx_discard();
  assert_int_equal(timers_count(), 0);
  assert_true(dhcp_lease_get(NETIF, &lease));
  assert_int_equal(lease.left_s, LIFETIME_INFINITE);
  for (int i = 0; i < 20; i++) {
    advance(TIMER_DELAY_MS_MAX);
  }
  expect_silence();
  assert_true(has_addr(GIVEN));
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  silent_until(last.at_ms, 1800000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  say_times(DHCP_ACK, 0xffffffff, 0, 0);
  assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
  assert_false(timer_is_set(&netif_dhcp_data(NETIF)->timer));
}

/* Longer than the clock of milliseconds: 100 days and 136 years less a second. */
PACKET_TEST(test_long_leases)
{
  static const u32_t leases[] = {8640000, 0xfffffffe};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(leases); i++) {
    packet_note("row %u: ", i);
    go_bound(leases[i], 0, 0);
    advance(3000);
    tx_discard();
    u32_t left_s = leases[i] / 2 - (now_ms() - last.at_ms) / 1000 - 1;
    while (left_s > 0) {
      u32_t s = LWIP_MIN(left_s, 1000000U);
      advance(s * 1000);
      left_s -= s;
    }
    expect_silence();
    assert_true(has_addr(GIVEN));
    advance(1000);
    heard_by(DHCP_REQUEST, GIVEN, SERVER);
    say_times(DHCP_ACK, leases[i], 0, 0);
    assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
    dhcp_off();
    tx_discard();
  }
}

/* B12-206: the clock steps ahead, or stood still with its timers while the device slept: the lease
   is over, and a new one is asked for without haste. */
PACKET_TEST(test_clock_steps)
{
  unsigned sent = 0;
  go_bound(800, 0, 0);
  timers_pause();
  advance(900000);
  timers_resume();
  for (int s = 0; s < 1000; s++) {
    advance(1000);
    for (struct frame *f = tx(); f != NULL; f = tx()) {
      sent += get16(f, 12) == ETHTYPE_IP;
    }
  }
  assert_in_range(sent, 1, 40);
  assert_true(!has_addr(GIVEN));
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
}

/* --- renewing --- */

PACKET_TEST(test_renewal)
{
  go_bound(800, 0, 0);
  u32_t asked_ms = last.at_ms;
  for (int i = 0; i < 3; i++) {
    silent_until(asked_ms, 400000);
    heard_by(DHCP_REQUEST, GIVEN, SERVER);
    asked_ms = last.at_ms;
    say_times(DHCP_ACK, 800, 0, 0);
    assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
    expect_silence(); /* no probes: it is ours already */
  }
  assert_true(has_addr(GIVEN));
}

PACKET_TEST(test_renewal_by_another_server)
{
  go_bound(800, 0, 0);
  u32_t asked_ms = last.at_ms;
  silent_until(asked_ms, 400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  struct answer a = plain_answer(DHCP_ACK, GIVEN, "10.0.0.3");
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  advance(300000 - 1);
  tx_discard();
  advance(1);
  heard_by(DHCP_REQUEST, GIVEN, "255.255.255.255"); /* REBINDING: any server may */
  a = plain_answer(DHCP_ACK, GIVEN, "10.0.0.3");
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 100);
  say(&a);
  assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
  asked_ms = last.at_ms;
  silent_until(asked_ms, 50000);
  heard_by(DHCP_REQUEST, GIVEN, "10.0.0.3");
}

/* Another address at renewal is probed for; the old one stays meanwhile. */
PACKET_TEST(test_renewal_with_another_address)
{
  go_bound(800, 0, 0);
  silent_until(last.at_ms, 400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  struct answer a = plain_answer(DHCP_ACK, OTHER, SERVER);
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 800);
  say(&a);
  assert_int_equal(dhcp_state(), DHCP_STATE_CHECKING);
  assert_true(has_addr(GIVEN));
  pass_check();
  assert_true(has_addr(OTHER));
}

/* The old lease may end while the new address is probed for. */
PACKET_TEST(test_lease_ends_while_another_is_checked)
{
  go_bound(800, 0, 0);
  advance_to(799000);
  tx_discard();
  last.m.xid = netif_dhcp_data(NETIF)->xid;
  struct answer a = plain_answer(DHCP_ACK, OTHER, SERVER);
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 800);
  say(&a);
  advance(1000);
  assert_true(has_addr("0.0.0.0"));
  pass_check();
  assert_true(has_addr(OTHER));
}

PACKET_TEST(test_renew_by_hand)
{
  packet_at_end(dhcp_off);
  assert_int_equal(dhcp_renew(NETIF), ERR_VAL);
  go_bound(800, 0, 0);
  assert_int_equal(dhcp_renew(NETIF), ERR_OK);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  say_times(DHCP_ACK, 800, 0, 0);
  u32_t asked_ms = last.at_ms;
  advance(3000);
  tx_discard();
  silent_until(asked_ms, 400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
}

/* --- no --- */

PACKET_TEST(test_nak_while_renewing)
{
  go_bound(800, 0, 0);
  silent_until(last.at_ms, 400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  struct answer a = plain_answer(DHCP_NAK, "0.0.0.0", "10.0.0.3");
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  say_simply(DHCP_NAK);
  assert_true(has_addr("0.0.0.0"));
  advance(0);
  heard(DHCP_DISCOVER);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, "0.0.0.0");
}

PACKET_TEST(test_nak_while_rebinding)
{
  go_bound(800, 0, 0);
  advance_to(700000);
  tx_discard();
  assert_int_equal(dhcp_state(), DHCP_STATE_REBINDING);
  last.m.xid = netif_dhcp_data(NETIF)->xid;
  struct answer a = bare_answer(DHCP_NAK, "0.0.0.0");
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  a = plain_answer(DHCP_NAK, "0.0.0.0", "10.0.0.3"); /* any server may */
  say(&a);
  assert_true(has_addr("0.0.0.0"));
  advance(0);
  heard(DHCP_DISCOVER);
}

/* B12-202, X-157. */
PACKET_TEST(test_nak_while_bound)
{
  go_bound(800, 0, 0);
  say_simply(DHCP_NAK);
  expect_drop(DROP_DHCP_UNEXPECTED);
  assert_true(has_addr(GIVEN));
}

/* --- the link --- */

/* RFC 2131 3.7: the address stays, and the server is asked whether it may. */
PACKET_TEST(test_link_comes_back)
{
  go_bound(800, 0, 0);
  advance(5000);
  netif_set_link_down(NETIF);
  tx_discard();
  advance(10000);
  expect_silence();
  netif_set_link_up(NETIF);
  struct frame *garp = tx();
  check_arp(garp, ARP_REQUEST, our_mac, GIVEN, zero_mac, GIVEN);
  heard(DHCP_REQUEST);
  assert_int_equal(dhcp_state(), DHCP_STATE_REBOOTING);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
  expect_said_addr(DHCP_OPTION_SERVER_ID, "0.0.0.0");
  assert_true(has_addr(GIVEN));
  u32_t asked_ms = last.at_ms;
  say_times(DHCP_ACK, 800, 0, 0);
  assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
  advance(10000); /* it is probed for and announced anew, in use */
  assert_non_null(tx());
  tx_discard();
  silent_until(asked_ms, 400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
}

PACKET_TEST(test_link_comes_back_elsewhere)
{
  go_bound(800, 0, 0);
  netif_set_link_down(NETIF);
  netif_set_link_up(NETIF);
  tx_discard();
  last.m.xid = netif_dhcp_data(NETIF)->xid;
  struct answer a = plain_answer(DHCP_NAK, "0.0.0.0", "10.0.0.3");
  a.is_broadcast = true;
  say(&a);
  assert_true(has_addr("0.0.0.0"));
  advance(0);
  heard(DHCP_DISCOVER);
}

/* A server that knows nothing of us keeps silent (RFC 2131 4.3.2): after two requests all are
   asked; until the lease is over the address stays. */
PACKET_TEST(test_link_comes_back_and_nobody_knows_us)
{
  go_bound(800, 0, 0);
  u32_t asked_ms = last.at_ms;
  advance(5000);
  netif_set_link_down(NETIF);
  netif_set_link_up(NETIF);
  check_arp(tx(), ARP_REQUEST, our_mac, GIVEN, zero_mac, GIVEN);
  heard(DHCP_REQUEST);
  advance(5000);
  heard(DHCP_REQUEST);
  advance(9000);
  /* A router would pass an answer to another address on. */
  assert_int_equal(heard(DHCP_DISCOVER)->flags, IP_FORWARD ? DHCP_FLAG_BROADCAST : 0);
  assert_true(has_addr(GIVEN));
  while (now_ms() - asked_ms < 800000 - 1) {
    advance(LWIP_MIN(10000U, 800000 - 1 - (now_ms() - asked_ms)));
    tx_discard();
  }
  assert_true(has_addr(GIVEN));
  advance(1);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
}

/* ... and then one that offers another address: that replaces it. */
PACKET_TEST(test_link_comes_back_to_another_server)
{
  go_bound(800, 0, 0);
  netif_set_link_down(NETIF);
  netif_set_link_up(NETIF);
  advance(5000);
  advance(9000);
  tx_discard();
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
  last.m.xid = netif_dhcp_data(NETIF)->xid;
  struct answer a = plain_answer(DHCP_OFFER, OTHER, "10.0.0.3");
  a.is_broadcast = true;
  say(&a);
  heard(DHCP_REQUEST);
  a = plain_answer(DHCP_ACK, OTHER, "10.0.0.3");
  a.is_broadcast = true;
  say(&a);
  assert_true(has_addr(GIVEN));
  pass_check();
  assert_true(has_addr(OTHER));
}

PACKET_TEST(test_lease_ends_while_the_link_is_away)
{
  go_bound(800, 0, 0);
  netif_set_link_down(NETIF);
  advance_to(800000);
  assert_true(has_addr("0.0.0.0"));
  advance(100000);
  expect_silence();
  assert_int_equal(timers_count(), 0);
  netif_set_link_up(NETIF);
  heard(DHCP_REQUEST); /* for the same */
}

PACKET_TEST(test_link_goes_in_every_state)
{
  static const u8_t states[] = {DHCP_STATE_SELECTING, DHCP_STATE_REQUESTING, DHCP_STATE_CHECKING,
                                DHCP_STATE_BACKING_OFF};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(states); i++) {
    packet_note("row %u: ", i);
    dhcp_go();
    heard(DHCP_DISCOVER);
    if (i > 0) {
      say_simply(DHCP_OFFER);
      heard(DHCP_REQUEST);
    }
    if (i == 2) {
      say_simply(DHCP_ACK);
    }
    if (i == 3) { /* the second refusal makes us wait */
      say_simply(DHCP_NAK);
      heard(DHCP_DISCOVER);
      say_simply(DHCP_OFFER);
      heard(DHCP_REQUEST);
      say_simply(DHCP_NAK);
    }
    assert_int_equal(dhcp_state(), states[i]);
    netif_set_link_down(NETIF);
    assert_int_equal(timers_count(), 0);
    advance(100000);
    expect_silence();
    netif_set_link_up(NETIF);
    heard(DHCP_DISCOVER);
    dhcp_off();
    tx_discard();
  }
}

/* --- the address of before (feature 128) --- */

static ip4_addr_t stored;
static unsigned erased;

static bool restore(struct netif *netif, ip4_addr_t *addr)
{
  *addr = stored;
  return netif == NETIF && stored.addr != 0;
}

static void store(struct netif *netif, const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  stored = *addr;
}

static void erase(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  stored.addr = 0;
  erased++;
}

static const struct dhcp_storage storage = {restore, store, erase};

PACKET_TEST(test_restored_address)
{
  stored.addr = 0;
  dhcp_set_storage(&storage);
  packet_at_end(dhcp_off);
  go_bound(800, 0, 0);
  assert_int_equal(stored.addr, ip4_of(GIVEN).addr);
  dhcp_cleanup(NETIF);
  tx_discard();
  dhcp_go(); /* after a restart */
  heard(DHCP_REQUEST);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
  expect_said_addr(DHCP_OPTION_SERVER_ID, "0.0.0.0");
  assert_true(has_addr("0.0.0.0"));
  say_times(DHCP_ACK, 800, 0, 0);
  pass_check();
  assert_true(has_addr(GIVEN));
}

PACKET_TEST(test_restored_address_refused)
{
  stored = ip4_of(GIVEN);
  erased = 0;
  dhcp_set_storage(&storage);
  dhcp_go();
  heard(DHCP_REQUEST);
  say_simply(DHCP_NAK);
  assert_int_equal(erased, 1);
  advance(0);
  heard(DHCP_DISCOVER);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, "0.0.0.0");
}

PACKET_TEST(test_restored_address_unknown)
{
  stored = ip4_of(GIVEN);
  dhcp_set_storage(&storage);
  dhcp_go();
  heard(DHCP_REQUEST);
  advance(5000);
  heard(DHCP_REQUEST);
  advance(9000);
  heard(DHCP_DISCOVER);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
}

/* --- the end --- */

PACKET_TEST(test_release)
{
  go_bound(800, 0, 0);
  advance_to(400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  say_times(DHCP_ACK, 800, 0, 0);
  dhcp_release_and_stop(NETIF);
  const struct dhcp_message *m = heard_by(DHCP_RELEASE, GIVEN, SERVER);
  assert_int_equal(m->ciaddr.addr, ip4_of(GIVEN).addr);
  expect_said_addr(DHCP_OPTION_SERVER_ID, SERVER);
  assert_int_equal(dhcp_option_get(m, DHCP_OPTION_PARAMETER_REQUEST_LIST, NULL, 0), -1);
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(dhcp_state(), DHCP_STATE_OFF);
  advance(0);
  assert_int_equal(dhcp_renew(NETIF), ERR_VAL);
  dhcp_stop(NETIF); /* once more: nothing */
  assert_int_equal(dhcp_release(NETIF), ERR_OK);
  expect_silence();
}

/* A server that was never spoken to by unicast would not get it before the address is gone. */
PACKET_TEST(test_release_to_an_unresolved_server)
{
  go_bound(800, 0, 0);
  dhcp_release_and_stop(NETIF);
  heard_by(DHCP_RELEASE, GIVEN, "255.255.255.255");
  expect_said_addr(DHCP_OPTION_SERVER_ID, SERVER);
  assert_true(has_addr("0.0.0.0"));
  expect_silence();
}

/* An address that the program set meanwhile is not taken away. */
PACKET_TEST(test_address_of_the_program)
{
  go_bound(800, 0, 0);
  ip4_addr_t addr = ip4_of("10.0.0.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  netif_set_addr(NETIF, &addr, &mask, NULL);
  assert_int_equal(dhcp_supplied_address(NETIF), 0);
  tx_discard();
  dhcp_stop(NETIF);
  assert_true(has_addr("10.0.0.1"));
  expect_silence(); /* it is not the server's to know */
}

/* RFC 2131 3.4; gaps 3: lwIP ignores the answer. */

PACKET_TEST(test_inform)
{
  packet_at_end(dhcp_off);
  dhcp_inform(NETIF);
  const struct dhcp_message *m = heard_by(DHCP_INFORM, "10.0.0.1", "255.255.255.255");
  assert_int_equal(m->ciaddr.addr, ip4_of("10.0.0.1").addr);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, "0.0.0.0");
  advance(5000);
  heard_by(DHCP_INFORM, "10.0.0.1", "255.255.255.255");
  struct answer a = plain_answer(DHCP_ACK, "0.0.0.0", SERVER);
  put_bytes(&a, DHCP_OPTION_DOMAIN_NAME, "lab.test", 8);
  a.is_broadcast = true;
  say(&a);
  assert_int_equal(dhcp_state(), DHCP_STATE_PERMANENT);
  advance(100000);
  expect_silence();
  assert_true(has_addr("10.0.0.1"));
  netif_set_link_down(NETIF);
  netif_set_link_up(NETIF);
  assert_int_equal(dhcp_state(), DHCP_STATE_INFORMING);
}

PACKET_TEST(test_inform_unanswered)
{
  packet_at_end(dhcp_off);
  dhcp_inform(NETIF);
  for (int i = 0; i < 4; i++) {
    heard_by(DHCP_INFORM, "10.0.0.1", "255.255.255.255");
    advance((4000U << i) + 1000);
  }
  advance(100000);
  expect_silence();
}

PACKET_TEST(test_inform_while_a_client_runs)
{
  go_bound(800, 0, 0);
  dhcp_inform(NETIF);
  expect_silence();
  assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
}

PACKET_TEST(test_lease_info)
{
  struct dhcp_lease lease;
  assert_false(dhcp_lease_get(NETIF, &lease));
  go_bound(800, 0, 0);
  advance_to(100000);
  assert_true(dhcp_lease_get(NETIF, &lease));
  assert_int_equal(lease.addr.addr, ip4_of(GIVEN).addr);
  assert_int_equal(lease.server.addr, ip4_of(SERVER).addr);
  assert_int_equal(lease.left_s, 700);
  assert_int_equal(lease.renew_s, 300);
  assert_int_equal(lease.rebind_s, 600);
  assert_string_equal(lease.domain, "");
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_clock_steps, PACKET_ONCE),
    TEST(test_default_times),
    TEST(test_times_of_the_server),
    TEST_FLAGS(test_times_that_make_no_sense, PACKET_ONCE),
    TEST(test_missing_lease_time),
    TEST_FLAGS(test_lease_of_a_second, PACKET_ONCE),
    TEST(test_infinite_lease),
    TEST_FLAGS(test_long_leases, PACKET_ONCE),
    TEST(test_renewal),
    TEST(test_renewal_by_another_server),
    TEST(test_renewal_with_another_address),
    TEST(test_lease_ends_while_another_is_checked),
    TEST(test_renew_by_hand),
    TEST(test_nak_while_renewing),
    TEST(test_nak_while_rebinding),
    TEST(test_nak_while_bound),
    TEST(test_link_comes_back),
    TEST(test_link_comes_back_elsewhere),
    TEST(test_link_comes_back_and_nobody_knows_us),
    TEST(test_link_comes_back_to_another_server),
    TEST(test_lease_ends_while_the_link_is_away),
    TEST_FLAGS(test_link_goes_in_every_state, PACKET_ONCE),
    TEST(test_restored_address),
    TEST(test_restored_address_refused),
    TEST(test_restored_address_unknown),
    TEST(test_release),
    TEST(test_release_to_an_unresolved_server),
    TEST(test_address_of_the_program),
    TEST(test_inform),
    TEST(test_inform_unanswered),
    TEST(test_inform_while_a_client_runs),
    TEST(test_lease_info),
};

#else

static void test_no_dhcp(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_dhcp, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
