/*
 * DHCP client: from nothing to a lease; what its messages say; who is believed; retransmission (RFC
 * 2131 3.1, 4.1, 4.4.1; security vectors B12-202, B12-203, B12-206; features 118 to 126).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_DHCP

#include "dhcp_text.h"

/* RFC 2131 3.1, and RFC 5227 2.1.1 behind the acknowledgement. */
PACKET_TEST(test_lease)
{
  dhcp_go();
  heard(DHCP_DISCOVER);
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
  expect_silence();
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  assert_int_equal(dhcp_state(), DHCP_STATE_REQUESTING);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
  expect_said_addr(DHCP_OPTION_SERVER_ID, SERVER);
  assert_true(has_addr("0.0.0.0"));
  say_simply(DHCP_ACK);
  pass_check();
  assert_true(has_addr(GIVEN));
  assert_int_equal(netif_ip4_netmask(NETIF)->addr, ip4_of("255.255.255.0").addr);
  assert_int_equal(netif_ip4_gw(NETIF)->addr, ip4_of("10.0.0.254").addr);
  assert_int_equal(dhcp_supplied_address(NETIF), 1);
  rx(ping4("10.0.0.3", GIVEN, 1, 1, "x", 1));
  check_pong(tx(), 1, 1, "x", 1);
  expect_no_drop();
}

/* Servers may answer to the address that they give, or to all (RFC 2131 4.1). */
PACKET_TEST(test_broadcast_answers)
{
  dhcp_go();
  heard(DHCP_DISCOVER);
  struct answer a = answer_of(DHCP_OFFER);
  a.is_broadcast = true;
  say(&a);
  heard(DHCP_REQUEST);
  a = answer_of(DHCP_ACK);
  a.is_broadcast = true;
  say(&a);
  pass_check();
}

/* RFC 2131 table 5; RFC 4361 6.1; 300 bytes for BOOTP relays. */
PACKET_TEST(test_discover_content)
{
  u8_t id[32];
  u8_t list[32];
  u16_t max_len = 0;
  netif_set_hostname(NETIF, "gossamer");
  dhcp_go();
  const struct dhcp_message *m = heard(DHCP_DISCOVER);
  assert_int_equal(m->htype, 1);
  assert_int_equal(m->hlen, 6);
  assert_memory_equal(m->chaddr, our_mac, 6);
  assert_int_equal(m->secs, 0);
  assert_int_equal(m->flags, 0);
  assert_int_equal(m->ciaddr.addr, 0);
  assert_int_equal(m->giaddr.addr, 0);
  assert_true(m->len >= 300);
  assert_true(m->len <= 576 - 28);
  static const u8_t duid[15] = {0xff, 0, 0, 0, 0, 0, 3, 0, 1, 2, 0, 0, 0, 0, 1};
  assert_int_equal(dhcp_option_get(m, DHCP_OPTION_CLIENT_ID, id, sizeof id), sizeof duid);
  assert_memory_equal(id, duid, sizeof duid);
  char name[16] = {0};
  assert_int_equal(dhcp_option_get(m, DHCP_OPTION_HOSTNAME, name, sizeof name), 8);
  assert_string_equal(name, "gossamer");
  assert_true(dhcp_option_u16(m, DHCP_OPTION_MAX_MSG_SIZE, &max_len));
  assert_int_equal(max_len, 1472);
  int n = dhcp_option_get(m, DHCP_OPTION_PARAMETER_REQUEST_LIST, list, sizeof list);
  assert_true(n >= 4);
  assert_int_equal(list[0], DHCP_OPTION_SUBNET_MASK);
  assert_int_equal(list[1],
                   LWIP_DHCP_MAX_ROUTES > 0 ? DHCP_OPTION_CLASSLESS_ROUTES : DHCP_OPTION_ROUTER);
  assert_int_equal(dhcp_option_get(m, DHCP_OPTION_SERVER_ID, id, sizeof id), -1);
  assert_int_equal(dhcp_option_get(m, DHCP_OPTION_REQUESTED_IP, id, sizeof id), -1);
}

/* Security vector B11-196: exchanges have numbers that cannot be guessed. */
PACKET_TEST(test_xids_differ)
{
  u32_t seen[8];
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(seen); i++) {
    dhcp_go();
    seen[i] = heard(DHCP_DISCOVER)->xid;
    for (unsigned k = 0; k < i; k++) {
      assert_int_not_equal(seen[i], seen[k]);
      assert_int_not_equal(seen[i], seen[k] + 1);
    }
  }
}

/* RFC 2131 4.1: 4, 8, 16, 32, 64, 64 seconds, each a second more or less (B12-206). */
PACKET_TEST(test_discover_backoff)
{
  static const u32_t wait_s[] = {4, 8, 16, 32, 64, 64, 64};
  dhcp_go();
  u32_t xid = heard(DHCP_DISCOVER)->xid;
  u32_t began_ms = last.at_ms;
  u32_t off_the_second = 0;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(wait_s); i++) {
    advance_to(wait_s[i] * 1000 - 1001);
    netif_autoip_data(NETIF) != NULL ? tx_discard() : expect_silence();
    u32_t before_ms = last.at_ms;
    while (now_ms() - before_ms < wait_s[i] * 1000 + 1000 && last.at_ms == before_ms) {
      advance(1);
      for (struct frame *f = tx(); f != NULL; f = tx()) {
        if (get16(f, 12) == ETHTYPE_IP) {
          memcpy(last.bytes, f->data + 42, 240);
          assert_int_equal(dhcp_parse(&last.m, last.bytes, 240), DROP_NONE);
          last.at_ms = now_ms();
        }
      }
    }
    assert_int_not_equal(last.at_ms, before_ms);
    assert_int_equal(last.m.xid, xid);
    assert_int_equal(last.m.secs, (last.at_ms - began_ms) / 1000);
    off_the_second |= (last.at_ms - before_ms) % 1000;
  }
  assert_int_not_equal(off_the_second, 0);
}

/* RFC 2131 3.1.5: a request that nobody answers is sent four times; then all servers are asked. */
PACKET_TEST(test_request_unanswered)
{
  go_requesting();
  for (int i = 0; i < 3; i++) {
    u32_t xid = last.m.xid;
    advance((4000U << i) + 1000);
    assert_int_equal(heard(DHCP_REQUEST)->xid, xid);
    expect_said_addr(DHCP_OPTION_SERVER_ID, SERVER);
    expect_silence();
  }
  advance(33000);
  heard(DHCP_DISCOVER);
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  say_simply(DHCP_ACK);
  pass_check();
}

/* An acknowledgement of an earlier copy of the request counts from the first one (RFC 2131 4.4.1).
 */
PACKET_TEST(test_lease_counts_from_the_first_request)
{
  go_requesting();
  u32_t asked_ms = last.at_ms;
  advance(5000);
  heard(DHCP_REQUEST);
  say_times(DHCP_ACK, 600, 300, 500);
  pass_check();
  advance(300000 - (now_ms() - asked_ms) - 1);
  tx_discard();
  advance(1);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
}

/* --- who is believed --- */

PACKET_TEST(test_answers_for_others)
{
  dhcp_go();
  heard(DHCP_DISCOVER);
  struct answer a = answer_of(DHCP_OFFER);
  a.bytes[7] ^= 1; /* xid */
  say(&a);
  expect_drop(DROP_DHCP_NOT_OURS);
  a = answer_of(DHCP_OFFER);
  a.bytes[33] ^= 1; /* chaddr */
  say(&a);
  expect_drop(DROP_DHCP_NOT_OURS);
  a = answer_of(DHCP_OFFER);
  a.bytes[0] = DHCP_BOOTREQUEST;
  say(&a);
  expect_drop(DROP_DHCP_NOT_OURS);
  a = answer_of(DHCP_OFFER);
  a.sport = 68;
  say(&a);
  expect_drop(DROP_DHCP_NOT_OURS);
  a = answer_of(DHCP_OFFER); /* RFC 6842 3 */
  put_bytes(&a, DHCP_OPTION_CLIENT_ID, "\x01\x02\x00\x00\x00\x00\x02", 7);
  say(&a);
  expect_drop(DROP_DHCP_NOT_OURS);
  expect_silence();
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
}

PACKET_TEST(test_echoed_client_id)
{
  u8_t id[32];
  dhcp_go();
  int len = dhcp_option_get(heard(DHCP_DISCOVER), DHCP_OPTION_CLIENT_ID, id, sizeof id);
  struct answer a = answer_of(DHCP_OFFER);
  put_bytes(&a, DHCP_OPTION_CLIENT_ID, id, (size_t)len);
  say(&a);
  heard(DHCP_REQUEST);
}

PACKET_TEST(test_nobody_asked)
{
  struct packet_net *other = net_add_netif();
  struct answer a = bare_answer(DHCP_OFFER, GIVEN);
  dhcp_go();
  heard(DHCP_DISCOVER);
  rx_on(other, answer_frame(&a)); /* by a netif without client */
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
  assert_null(tx());
}

PACKET_TEST(test_offer_without_server)
{
  static const char *const bad[] = {"0.0.0.0", "255.255.255.255", "224.0.0.1"};
  dhcp_go();
  heard(DHCP_DISCOVER);
  struct answer a = bare_answer(DHCP_OFFER, GIVEN);
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 60);
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    a = plain_answer(DHCP_OFFER, GIVEN, bad[i]);
    say(&a);
    expect_drop(DROP_DHCP_BAD_SERVER);
  }
  expect_silence();
}

/* URGENT/11 (CVE-2019-12264): addresses that no host may have. */
PACKET_TEST(test_offers_of_impossible_addresses)
{
  static const char *const bad[] = {"0.0.0.0",         "0.1.2.3",   "127.0.0.1", "224.0.0.1",
                                    "255.255.255.255", "240.0.0.1", "10.0.0.0",  "10.0.0.255"};
  dhcp_go();
  heard(DHCP_DISCOVER);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    struct answer a = plain_answer(DHCP_OFFER, bad[i], SERVER);
    put_addr(&a, DHCP_OPTION_SUBNET_MASK, "255.255.255.0");
    say(&a);
    expect_drop(DROP_DHCP_BAD_OFFER);
  }
  struct answer a = plain_answer(DHCP_OFFER, GIVEN, SERVER); /* B12-201 */
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 0);
  say(&a);
  expect_drop(DROP_DHCP_BAD_OFFER);
  expect_silence();
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
}

/* B12-203: only the server whose offer was taken may confirm it. */
PACKET_TEST(test_ack_from_another_server)
{
  go_requesting();
  struct answer a = plain_answer(DHCP_ACK, GIVEN, "10.0.0.3");
  a.from = "10.0.0.3";
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  a = bare_answer(DHCP_ACK, GIVEN);
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  assert_int_equal(dhcp_state(), DHCP_STATE_REQUESTING);
}

/* B12-202: nor may anybody else refuse it. */
PACKET_TEST(test_nak_from_another_server)
{
  go_requesting();
  struct answer a = plain_answer(DHCP_NAK, "0.0.0.0", "10.0.0.3");
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  a = bare_answer(DHCP_NAK, "0.0.0.0");
  say(&a);
  expect_drop(DROP_DHCP_BAD_SERVER);
  assert_int_equal(dhcp_state(), DHCP_STATE_REQUESTING);
  say_simply(DHCP_ACK);
  pass_check();
}

/* a server that refuses its own offers is not asked without end. */
PACKET_TEST(test_nak_loop)
{
  go_requesting();
  say_simply(DHCP_NAK);
  advance(0);
  heard(DHCP_DISCOVER); /* the first time at once */
  for (int i = 0; i < 6; i++) {
    say_simply(DHCP_OFFER);
    heard(DHCP_REQUEST);
    say_simply(DHCP_NAK);
    assert_int_equal(dhcp_state(), DHCP_STATE_BACKING_OFF);
    advance(LWIP_MIN(4000U << i, 64000U) - 1001);
    expect_silence();
    advance(2001);
    heard(DHCP_DISCOVER);
  }
}

/* The first offer is taken, further ones are left. */
PACKET_TEST(test_second_offer)
{
  go_requesting();
  struct answer a = plain_answer(DHCP_OFFER, OTHER, "10.0.0.3");
  say(&a);
  expect_drop(DROP_DHCP_UNEXPECTED);
  say_simply(DHCP_ACK);
  pass_check();
  assert_true(has_addr(GIVEN));
}

/* --- starting, and not --- */

PACKET_TEST(test_start_refused)
{
  packet_at_end(dhcp_off);
  netif_set_down(NETIF);
  assert_int_equal(dhcp_start(NETIF), ERR_ARG);
  netif_set_up(NETIF);
  tx_discard();
  u16_t mtu = NETIF->mtu;
  NETIF->mtu = 575;
  assert_int_equal(dhcp_start(NETIF), ERR_MEM);
  NETIF->mtu = mtu;
  assert_null(netif_dhcp_data(NETIF));
  expect_silence();
}

/* B12-206: a link with the smallest MTU. */
PACKET_TEST(test_mtu_576)
{
  u16_t max_len = 0;
  u16_t mtu = NETIF->mtu;
  NETIF->mtu = 576;
  dhcp_go();
  struct dhcp_message *m = heard(DHCP_DISCOVER);
  NETIF->mtu = mtu;
  assert_true(dhcp_option_u16(m, DHCP_OPTION_MAX_MSG_SIZE, &max_len));
  assert_int_equal(max_len, 576 - 28);
}

PACKET_TEST(test_start_without_link)
{
  netif_set_link_down(NETIF);
  dhcp_go();
  advance(100000);
  expect_silence();
  assert_int_equal(dhcp_state(), DHCP_STATE_INIT);
  assert_int_equal(timers_count(), 0);
  netif_set_link_up(NETIF);
  heard(DHCP_DISCOVER);
}

PACKET_TEST(test_start_again)
{
  go_bound(3600, 0, 0);
  assert_int_equal(dhcp_start(NETIF), ERR_OK);
  assert_true(has_addr("0.0.0.0"));
  heard(DHCP_DISCOVER);
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  say_simply(DHCP_ACK);
  pass_check();
}

PACKET_TEST(test_struct_of_the_program)
{
  static struct dhcp mine;
  packet_at_end(dhcp_off);
  dhcp_set_struct(NETIF, &mine);
  go_requesting();
  assert_ptr_equal(netif_dhcp_data(NETIF), &mine);
  assert_int_equal(mine.flags & DHCP_FLAG_EXTERNAL_MEM, DHCP_FLAG_EXTERNAL_MEM);
  dhcp_stop(NETIF);
  dhcp_cleanup(NETIF);
  assert_null(netif_dhcp_data(NETIF));
  assert_int_equal(timers_count(), 0);
}

/* Two netifs, two clients, one port. */
PACKET_TEST(test_two_clients)
{
  struct packet_net *other = net_add_netif();
  dhcp_go();
  netif_set_addr(&other->netif, NULL, NULL, NULL);
  assert_int_equal(dhcp_start(&other->netif), ERR_OK);
  struct frame *f = tx_on(other);
  check_udp(check_ip4(f, "0.0.0.0", "255.255.255.255", IP_PROTO_UDP), 68, 67, NULL, (size_t)-1);
  heard(DHCP_DISCOVER);
  dhcp_cleanup(&other->netif);
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
  assert_null(tx_on(other));
}

PACKET_TEST(test_netif_removed)
{
  struct packet_net *other = net_add_netif();
  assert_int_equal(dhcp_start(&other->netif), ERR_OK);
  netif_remove(&other->netif);
  assert_int_equal(timers_count(), 0);
}

static const struct packet_test tests[] = {
    TEST(test_lease),
    TEST(test_broadcast_answers),
    TEST(test_discover_content),
    TEST(test_xids_differ),
    TEST_FLAGS(test_discover_backoff, PACKET_ONCE),
    TEST(test_request_unanswered),
    TEST(test_lease_counts_from_the_first_request),
    TEST(test_answers_for_others),
    TEST(test_echoed_client_id),
    TEST(test_nobody_asked),
    TEST(test_offer_without_server),
    TEST(test_offers_of_impossible_addresses),
    TEST(test_ack_from_another_server),
    TEST(test_nak_from_another_server),
    TEST(test_nak_loop),
    TEST(test_second_offer),
    TEST(test_start_refused),
    TEST(test_mtu_576),
    TEST(test_start_without_link),
    TEST(test_start_again),
    TEST(test_struct_of_the_program),
    TEST(test_two_clients),
    TEST(test_netif_removed),
};

#else

static void test_no_dhcp(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_dhcp, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
