/*
 * ICMPv6 rate limits (RFC 4443 2.4 (f); security vector B5-95, SAD DNS CVE-2020-25705).
 * needs: ipv6
 */
#include "packet.h"
#include <stdio.h>

#define US "2001:db8::1"

static unsigned count_sent(void)
{
  unsigned n = 0;
  while (tx() != NULL) {
    n++;
  }
  return n;
}

/** `count` datagrams for a closed port from one host. @return how many were complained about */
static unsigned probe(const char *src, unsigned count)
{
  for (unsigned i = 0; i < count; i++) {
    rx(udp6(src, 1000, US, (u16_t)(20000 + i), "x", 1));
  }
  return count_sent();
}

/** 2001:db8::<n>; the first packet finds the neighbour. */
static const char *host(char text[24], unsigned n)
{
  snprintf(text, 24, "2001:db8::%x", n);
  return text;
}

/* One destination gets a burst, then about ten a second, while time goes on over the clock's wrap.
 */
PACKET_TEST(test_errors_per_destination)
{
  net6_up();
  u32_t before = drop_count(DROP_ICMP6_RATE_LIMITED);
  unsigned burst = probe("2001:db8::2", 100);
  assert_in_range(burst, 4, 16);
  assert_int_equal(drop_count(DROP_ICMP6_RATE_LIMITED) - before, 100 - burst);
  assert_int_equal(probe("2001:db8::2", 10), 0);
  advance(60000);
  assert_in_range(probe("2001:db8::2", 100), 4, 16);
  ignore_drops();
}

/* Who spoofs one victim's address takes next to nothing from all others. */
PACKET_TEST(test_spoofing_one_destination_leaves_others_theirs)
{
  char text[24];
  unsigned answered = 0;
  net6_up();
  probe("2001:db8::3", 1200);
  for (unsigned n = 0x10; n < 0x1a; n++) {
    answered += probe(host(text, n), 1);
  }
  assert_true(answered >= 8); /* two may share a slot with 2001:db8::3 */
  ignore_drops();
}

/* The budget is random: what is left of it does not tell how many were sent. */
PACKET_TEST(test_budget_is_random)
{
  unsigned counts[32];
  bool is_varied = false;
  net6_up();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    counts[i] = probe("2001:db8::2", 40);
    is_varied = is_varied || counts[i] != counts[0];
    advance(11000);
  }
  assert_true(is_varied);
  ignore_drops();
}

/* All destinations together stay below LWIP_ICMP_RATE_LIMIT a second. */
PACKET_TEST(test_errors_over_all_destinations)
{
  char text[24];
  unsigned sent = 0;
  net6_up();
  for (unsigned n = 2; n < 0xfa; n++) {
    sent += probe(host(text, n), 10);
  }
  assert_in_range(sent, 50, LWIP_ICMP_RATE_LIMIT);
  ignore_drops();
}

/* Echo has a budget of its own, a second's worth at once. */
PACKET_TEST(test_echo_flood)
{
  net6_up();
  rx(ping6("2001:db8::2", US, 1, 1, "x", 1));
  tx_discard();
  advance(1000);
  for (unsigned i = 0; i < LWIP_ICMP_RATE_LIMIT * 2; i++) {
    rx(ping6("2001:db8::2", US, 1, (u16_t)i, "x", 1));
  }
  unsigned sent = count_sent();
  assert_in_range(sent, LWIP_ICMP_RATE_LIMIT / 2, LWIP_ICMP_RATE_LIMIT);
  expect_drops(LWIP_ICMP_RATE_LIMIT * 2 - sent, DROP_ICMP6_RATE_LIMITED);
  assert_int_equal(probe("2001:db8::2", 1), 1); /* errors are still sent */
  advance(1000);
  tx_discard();
  rx(ping6("2001:db8::2", US, 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
  ignore_drops();
}

PACKET_TEST(test_echo_goes_on_when_errors_are_used_up)
{
  net6_up();
  probe("2001:db8::2", 100);
  rx(ping6("2001:db8::2", US, 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
  ignore_drops();
}

/* What is not sent for other reasons costs nothing: a flood of errors to answer leaves all. */
PACKET_TEST(test_what_is_forbidden_takes_no_budget)
{
  net6_up();
  for (unsigned i = 0; i < 500; i++) {
    rx(udp6("2001:db8::2", 1000, "ff02::1", 9, "x", 1));
  }
  expect_silence();
  assert_in_range(probe("2001:db8::2", 20), 4, 16);
  ignore_drops();
}

/* Thousands of packets each: in one framing, and not once per allocation. */
#define LONG (PACKET_ONCE)

static const struct packet_test tests[] = {
    TEST_FLAGS(test_errors_per_destination, LONG),
    TEST_FLAGS(test_spoofing_one_destination_leaves_others_theirs, LONG),
    TEST_FLAGS(test_budget_is_random, LONG),
    TEST_FLAGS(test_errors_over_all_destinations, LONG),
    TEST_FLAGS(test_echo_flood, LONG),
    TEST_FLAGS(test_echo_goes_on_when_errors_are_used_up, LONG),
    TEST_FLAGS(test_what_is_forbidden_takes_no_budget, LONG),
};

PACKET_MAIN(tests)
