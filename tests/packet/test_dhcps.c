/*
 * DHCP server: what it does about each message (RFC 2131 4.1, 4.3; feature 134).
 * needs: ipv4
 */
#include "dhcps_text.h"

/* RFC 2131 3.1, 4.3.1 and table 3. */
PACKET_TEST(test_lease)
{
  serve();
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(said.m.ciaddr.addr, 0);
  assert_int_equal(said.m.giaddr.addr, 0);
  assert_int_equal(said.m.htype, 1);
  assert_int_equal(said.m.hlen, 6);
  assert_memory_equal(said.m.chaddr, mac_of(CLIENT_NET, 1), 6);
  assert_int_equal(told_lease_s(), 7200);
  expect_told_addr(DHCP_OPTION_SUBNET_MASK, "255.255.255.0");
  assert_false(is_leased(1, "10.0.0.100"));
  request(1, "10.0.0.100");
  told(DHCP_ACK, 1, "10.0.0.100");
  assert_int_equal(told_lease_s(), 7200);
  assert_true(is_leased(1, "10.0.0.100"));
  lease(2, "10.0.0.101");
  expect_silence();
  expect_no_drop();
}

/* RFC 2131 4.1: to all, if the client wishes, at the link, too. */
PACKET_TEST(test_broadcast_flag)
{
  serve();
  struct ask a = ask_from(DHCP_DISCOVER, 1, "0.0.0.0", "0.0.0.0", DHCP_FLAG_BROADCAST);
  ask(&a);
  told_by(DHCP_OFFER, broadcast_mac, EVERYBODY, 68);
  assert_int_equal(said.m.flags, DHCP_FLAG_BROADCAST);
  expect_yiaddr("10.0.0.100");
}

/* RFC 2131 4.1: to the relay, which may be asked from anywhere in our subnet; RFC 3046 2.2: what it
   added goes back. */
PACKET_TEST(test_relay)
{
  static const u8_t circuit[] = {1, 4, 'p', 'o', 'r', 't'};
  u8_t echoed[16];
  serve();
  struct ask a = ask_from(DHCP_DISCOVER, 1, "0.0.0.0", "10.0.0.7", 0);
  ask_bytes(&a, DHCP_AGENT_OPTIONS, circuit, sizeof circuit);
  ask(&a);
  told_by(DHCP_OFFER, mac_of(0, 7), "10.0.0.7", 67);
  assert_int_equal(said.m.giaddr.addr, ip4_of("10.0.0.7").addr);
  assert_int_equal(dhcp_option_get(&said.m, DHCP_AGENT_OPTIONS, echoed, sizeof echoed),
                   sizeof circuit);
  assert_memory_equal(echoed, circuit, sizeof circuit);
  /* A refusal, too; the relay is to broadcast it (4.3.2). */
  a = ask_from(DHCP_REQUEST, 1, "0.0.0.0", "10.0.0.7", 0);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "192.168.1.1");
  ask(&a);
  told_by(DHCP_NAK, mac_of(0, 7), "10.0.0.7", 67);
  assert_int_equal(said.m.flags, DHCP_FLAG_BROADCAST);
  /* For another subnet we have no addresses. */
  a = ask_from(DHCP_DISCOVER, 1, "0.0.0.0", "10.7.0.7", 0);
  ask(&a);
  expect_drop(DROP_DHCP_NOT_OURS);
  expect_silence();
}

/* RFC 2131 4.3.2, SELECTING. */
PACKET_TEST(test_selecting)
{
  serve();
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  request(1, "10.0.0.101"); /* not what was offered */
  told_no(1);
  /* It takes another server's offer: ours is free again, and kept for it in case. */
  struct ask a = ask_of(DHCP_REQUEST, 1);
  ask_addr(&a, DHCP_OPTION_SERVER_ID, "10.0.0.2");
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.77");
  ask(&a);
  expect_drop(DROP_DHCPS_OTHER_SERVER);
  expect_silence();
  discover(1);
  told(DHCP_OFFER, 1, "10.0.0.100");
  request(2, "10.0.0.100"); /* that was offered to somebody else */
  told_no(2);
}

/* RFC 2131 4.3.2, INIT-REBOOT. */
PACKET_TEST(test_init_reboot)
{
  serve();
  reboot(1, "10.0.0.100"); /* never heard of: it may be another server's */
  expect_drop(DROP_DHCPS_UNKNOWN_CLIENT);
  expect_silence();
  reboot(1, "192.168.1.5"); /* the wrong network */
  told_no(1);
  lease(1, "10.0.0.100");
  reboot(1, "10.0.0.100");
  told(DHCP_ACK, 1, "10.0.0.100");
  reboot(1, "10.0.0.101"); /* it is wrong about its address */
  told_no(1);
  assert_true(is_leased(1, "10.0.0.100"));
}

/* RFC 2131 4.3.2, RENEWING: answered to the client's address. */
PACKET_TEST(test_renewing)
{
  serve();
  lease(1, "10.0.0.100");
  advance(3600 * 1000);
  renew(1, "10.0.0.100", OUR);
  told(DHCP_ACK, 1, "10.0.0.100");
  assert_int_equal(said.m.ciaddr.addr, ip4_of("10.0.0.100").addr);
  assert_int_equal(told_lease_s(), 7200);
  struct dhcps_pool is;
  assert_true(dhcps_lease_get(server, 0, &is));
  assert_int_equal(is.lease_timer, 7200);
  renew(1, "10.0.0.102", OUR);
  told_no(1);
}

/* A client that we forgot, and that asks us alone, keeps its address unless somebody has it. */
PACKET_TEST(test_renewing_unknown)
{
  serve();
  renew(1, "10.0.0.102", OUR);
  told(DHCP_ACK, 1, "10.0.0.102");
  assert_true(is_leased(1, "10.0.0.102"));
  renew(2, "10.0.0.102", OUR);
  told_no(2);
  renew(2, "10.0.0.50", OUR); /* not of our pool */
  told_no(2);
}

/* RFC 2131 4.3.2, REBINDING: asked of all servers, so only those answer who know. */
PACKET_TEST(test_rebinding)
{
  serve();
  lease(1, "10.0.0.100");
  renew(1, "10.0.0.100", EVERYBODY);
  told(DHCP_ACK, 1, "10.0.0.100");
  renew(2, "10.0.0.102", EVERYBODY);
  expect_drop(DROP_DHCPS_UNKNOWN_CLIENT);
  expect_silence();
  renew(2, "192.168.1.5", EVERYBODY);
  told_no(2);
  renew(1, "10.0.0.101", EVERYBODY);
  told_no(1);
}

/* RFC 2131 4.3.3: the address is nobody's for ten minutes. */
PACKET_TEST(test_decline)
{
  serve();
  lease(1, "10.0.0.100");
  decline(1, "10.0.0.100", OUR);
  expect_silence();
  expect_no_drop();
  assert_false(is_leased(1, "10.0.0.100"));
  lease(1, "10.0.0.101");
  struct ask a = ask_of(DHCP_DISCOVER, 2);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.100");
  ask(&a);
  told(DHCP_OFFER, 2, "10.0.0.102");
  advance(601 * 1000);
  ask(&a);
  told(DHCP_OFFER, 2, "10.0.0.102"); /* it is remembered */
  a = ask_of(DHCP_DISCOVER, 3);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.100");
  ask(&a);
  told(DHCP_OFFER, 3, "10.0.0.100");
}

/* Who declines or releases what is not his, or another server's, is not heard (B12-205). */
PACKET_TEST(test_decline_and_release_of_others)
{
  serve();
  lease(1, "10.0.0.100");
  decline(2, "10.0.0.100", OUR);
  decline(1, "10.0.0.101", OUR);
  decline(1, "10.0.0.100", "10.0.0.2");
  release(2, "10.0.0.100", OUR);
  release(1, "10.0.0.101", OUR);
  release(1, "10.0.0.100", "10.0.0.2");
  expect_drops(6, DROP_DHCP_UNEXPECTED);
  expect_silence();
  assert_true(is_leased(1, "10.0.0.100"));
}

/* RFC 2131 4.3.4: free, but its client gets it again. */
PACKET_TEST(test_release)
{
  serve();
  lease(1, "10.0.0.100");
  release(1, "10.0.0.100", OUR);
  expect_silence();
  expect_no_drop();
  assert_false(is_leased(1, "10.0.0.100"));
  lease(2, "10.0.0.101");
  lease(1, "10.0.0.100");
  release(1, "10.0.0.100", OUR);
  reboot(1, "10.0.0.100");
  told(DHCP_ACK, 1, "10.0.0.100");
}

/* RFC 2131 4.3.5: to its address, no lease, no address. */
PACKET_TEST(test_inform)
{
  serve();
  struct ask a = ask_from(DHCP_INFORM, 1, "10.0.0.5", "0.0.0.0", 0);
  a.src = "10.0.0.5";
  ask(&a);
  told_by(DHCP_ACK, mac_of(0, 5), "10.0.0.5", 68);
  expect_yiaddr("0.0.0.0");
  assert_int_equal(said.m.ciaddr.addr, ip4_of("10.0.0.5").addr);
  assert_int_equal(dhcp_option_get(&said.m, DHCP_OPTION_LEASE_TIME, NULL, 0), -1);
  expect_told_addr(DHCP_OPTION_SUBNET_MASK, "255.255.255.0");
  static const char *const senseless[] = {"0.0.0.0", "10.0.0.255", "10.0.0.1", "8.8.8.8"};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(senseless); i++) {
    a = ask_from(DHCP_INFORM, 1, senseless[i], "0.0.0.0", 0);
    ask(&a);
    expect_drop(DROP_DHCP_UNEXPECTED);
  }
  expect_silence();
}

/* A lease ends; its client gets the address again unless somebody needs it. */
PACKET_TEST(test_expiry)
{
  serve();
  lease(1, "10.0.0.100");
  advance(7201 * 1000U);
  assert_false(is_leased(1, "10.0.0.100"));
  assert_int_equal(timers_count(), 0);
  lease(2, "10.0.0.101");
  lease(1, "10.0.0.100");
}

/* RFC 2131 4.3.1: the address that the client wishes for, if it is free and ours. */
PACKET_TEST(test_wish)
{
  serve();
  lease(1, "10.0.0.100");
  struct ask a = ask_of(DHCP_DISCOVER, 2);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.103");
  ask(&a);
  told(DHCP_OFFER, 2, "10.0.0.103");
  a = ask_of(DHCP_DISCOVER, 3);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.100"); /* leased */
  ask(&a);
  told(DHCP_OFFER, 3, "10.0.0.101");
  a = ask_of(DHCP_DISCOVER, 4);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.50"); /* not of the pool */
  ask(&a);
  told(DHCP_OFFER, 4, "10.0.0.102");
}

/* All addresses are leased: nobody loses his (B12-205). */
PACKET_TEST(test_no_address_left)
{
  serve();
  for (u8_t i = 0; i < 4; i++) {
    char ip[] = "10.0.0.100";
    ip[9] = (char)('0' + i);
    lease(i, ip);
  }
  discover(5);
  expect_drop(DROP_DHCPS_NO_ADDRESS);
  expect_silence();
  release(2, "10.0.0.102", OUR);
  lease(5, "10.0.0.102");
}

/* RFC 2131 4.2: a client is what it calls itself; RFC 6842: it is told so. */
PACKET_TEST(test_client_identifier)
{
  u8_t echoed[16];
  serve();
  struct ask a = ask_of(DHCP_DISCOVER, 1);
  ask_bytes(&a, DHCP_OPTION_CLIENT_ID, "\0one", 4);
  ask(&a);
  told(DHCP_OFFER, 1, "10.0.0.100");
  assert_int_equal(dhcp_option_get(&said.m, DHCP_OPTION_CLIENT_ID, echoed, sizeof echoed), 4);
  assert_memory_equal(echoed, "\0one", 4);
  /* The same one on another card, and another one on the same. */
  a = ask_of(DHCP_DISCOVER, 2);
  ask_bytes(&a, DHCP_OPTION_CLIENT_ID, "\0one", 4);
  ask(&a);
  told(DHCP_OFFER, 2, "10.0.0.100");
  discover(2);
  told(DHCP_OFFER, 2, "10.0.0.101");
}

/* Wrong in themselves (B12-199); not to us; of a kind that nobody sends to a server. */
PACKET_TEST(test_malformed)
{
  serve();
  struct ask a = ask_of(DHCP_DISCOVER, 1);
  a.bytes[0] = DHCP_BOOTREPLY;
  ask(&a);
  a = ask_of(DHCP_DISCOVER, 1);
  a.bytes[1] = 6; /* another kind of link */
  ask(&a);
  a = ask_of(DHCP_DISCOVER, 1);
  a.bytes[2] = 16;
  ask(&a);
  a = ask_of(DHCP_DISCOVER, 1);
  a.bytes[28] |= 1; /* a group's address */
  ask(&a);
  expect_drops(4, DROP_DHCP_NOT_OURS);
  a = ask_of(0, 1); /* BOOTP */
  ask(&a);
  a = ask_of(DHCP_ACK, 1);
  ask(&a);
  a = ask_of(DHCP_REQUEST, 1); /* for what? */
  ask(&a);
  expect_drops(3, DROP_DHCP_UNEXPECTED);
  a = ask_of(DHCP_DISCOVER, 1);
  a.bytes[236] ^= 1;
  ask(&a);
  expect_drop(DROP_DHCP_BAD_COOKIE);
  expect_silence();
}

PACKET_TEST(test_option_beyond_the_end)
{
  serve();
  struct ask a = ask_of(DHCP_DISCOVER, 1);
  ask_bytes(&a, DHCP_OPTION_HOSTNAME, "abc", 3);
  a.bytes[a.len - 4] = 200;
  a.is_open = true;
  ask(&a);
  expect_drop(DROP_DHCP_BAD_OPTION);
  a.len = DHCP_FIXED_LEN - 1;
  ask(&a);
  expect_drop(DROP_DHCP_SHORT);
  expect_silence();
}

/* On another netif nobody serves. */
PACKET_TEST(test_other_netif)
{
  serve();
  struct packet_net *other = net_add_netif();
  struct ask a = ask_of(DHCP_DISCOVER, 1);
  struct udp_spec spec = udp_spec_of("0.0.0.0", 68, EVERYBODY, 67);
  rx_on(other, udp4_opts(spec, a.bytes, a.len));
  expect_drop(DROP_DHCP_NOT_OURS);
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_lease),
    TEST(test_broadcast_flag),
    TEST(test_relay),
    TEST(test_selecting),
    TEST(test_init_reboot),
    TEST(test_renewing),
    TEST(test_renewing_unknown),
    TEST(test_rebinding),
    TEST(test_decline),
    TEST(test_decline_and_release_of_others),
    TEST(test_release),
    TEST(test_inform),
    TEST(test_expiry),
    TEST(test_wish),
    TEST(test_no_address_left),
    TEST(test_client_identifier),
    TEST(test_malformed),
    TEST_FLAGS(test_option_beyond_the_end, PACKET_NO_TRAILER),
    TEST(test_other_netif),
};

PACKET_MAIN(tests)
