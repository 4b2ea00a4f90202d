/*
 * ICMP rate limits (RFC 1812 4.3.2.8; security vector B5-95, SAD DNS CVE-2020-25705).
 * needs: ipv4
 */
#include "packet.h"
#include <stdio.h>

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
    rx(udp4(src, 1000, "10.0.0.1", (u16_t)(20000 + i), "x", 1));
  }
  return count_sent();
}

/* One destination gets a burst, then about ten a second, while time goes on over the clock's wrap.
 */
PACKET_TEST(test_errors_per_destination)
{
  u32_t before = drop_count(DROP_ICMP_RATE_LIMITED);
  unsigned burst = probe("10.0.0.2", 100);
  assert_in_range(burst, 4, 16);
  assert_int_equal(drop_count(DROP_ICMP_RATE_LIMITED) - before, 100 - burst);
  assert_int_equal(probe("10.0.0.2", 10), 0);
  advance(60000);
  assert_in_range(probe("10.0.0.2", 100), 4, 16);
  ignore_drops();
}

/* Who spoofs one victim's address takes next to nothing from all others: he cannot see by their
   answers whether the victim got some. */
PACKET_TEST(test_spoofing_one_destination_leaves_others_theirs)
{
  unsigned answered = 0;
  probe("10.0.0.3", 1200);
  for (unsigned host = 10; host < 20; host++) {
    char src[16];
    snprintf(src, sizeof src, "10.0.0.%u", host);
    answered += probe(src, 1);
  }
  assert_true(answered >= 8); /* two may share a slot with 10.0.0.3 */
  ignore_drops();
}

/* The budget is random: what is left of it does not tell how many were sent. */
PACKET_TEST(test_budget_is_random)
{
  unsigned counts[32];
  bool is_varied = false;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    counts[i] = probe("10.0.0.2", 40);
    is_varied = is_varied || counts[i] != counts[0];
    advance(11000);
  }
  assert_true(is_varied);
  ignore_drops();
}

/* All destinations together stay below LWIP_ICMP_RATE_LIMIT a second. */
PACKET_TEST(test_errors_over_all_destinations)
{
  unsigned sent = 0;
  for (unsigned host = 2; host < 250; host++) {
    char src[16];
    snprintf(src, sizeof src, "10.0.0.%u", host);
    sent += probe(src, 10);
  }
  assert_in_range(sent, 50, LWIP_ICMP_RATE_LIMIT);
  ignore_drops();
}

/* Echo has a budget of its own, a second's worth at once. */
PACKET_TEST(test_echo_flood)
{
  for (unsigned i = 0; i < LWIP_ICMP_RATE_LIMIT * 2; i++) {
    rx(ping4("10.0.0.2", "10.0.0.1", 1, (u16_t)i, "x", 1));
  }
  unsigned sent = count_sent();
  assert_in_range(sent, LWIP_ICMP_RATE_LIMIT / 2, LWIP_ICMP_RATE_LIMIT);
  expect_drops(LWIP_ICMP_RATE_LIMIT * 2 - sent, DROP_ICMP_RATE_LIMITED);
  assert_int_equal(probe("10.0.0.3", 1), 1); /* errors are still sent */
  advance(1000);
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1));
  check_pong(tx(), 1, 1, "x", 1);
  ignore_drops();
}

PACKET_TEST(test_echo_goes_on_when_errors_are_used_up)
{
  probe("10.0.0.2", 100);
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1));
  check_pong(tx(), 1, 1, "x", 1);
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
};

PACKET_MAIN(tests)
