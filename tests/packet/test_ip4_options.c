/*
 * IPv4 options that come in (RFC 791 3.1, RFC 1122 3.2.1.8; security vectors B2-31 to 34).
 * needs: ipv4
 */
#include "packet.h"

static struct frame with_options(u8_t proto_port, const void *options, size_t len)
{
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1234, "10.0.0.1", proto_port);
  spec.ip.options = options;
  spec.ip.options_len = len;
  return udp4_opts(spec, "data", 4);
}

static void expect_accepted(const void *options, size_t len)
{
  rx(with_options(7, options, len));
  expect_datagram("10.0.0.2", 1234, "data", 4);
  expect_no_drop();
}

static void expect_refused(const void *options, size_t len, enum drop_reason why)
{
  rx(with_options(7, options, len));
  expect_drop(why);
  expect_no_datagram();
  expect_silence();
}

/* B2-31 */
PACKET_TEST(test_forty_nops)
{
  u8_t nops[40];
  app_udp(NULL, 7);
  memset(nops, 1, sizeof nops);
  expect_accepted(nops, sizeof nops);
  memset(nops, 0, sizeof nops);
  expect_accepted(nops, sizeof nops);
}

/* What stands behind End of Option List is not looked at. */
PACKET_TEST(test_garbage_behind_the_end)
{
  static const u8_t options[8] = {0, 131, 0, 7, 1, 255, 255, 255};
  app_udp(NULL, 7);
  expect_accepted(options, sizeof options);
}

/* B2-31 (CVE-2019-12256): length 0, 1, past the end; no room for a length */
PACKET_TEST(test_option_lengths_that_cannot_be)
{
  static const u8_t bad[][4] = {{7, 0, 4, 0},   {7, 1, 4, 0},   {7, 5, 4, 0},   {7, 255, 4, 0},
                                {68, 0, 5, 0},  {148, 5, 0, 0}, {148, 1, 0, 0}, {222, 0, 0, 0},
                                {222, 1, 1, 1}, {1, 222, 4, 0}, {1, 1, 1, 222}, {1, 1, 222, 3}};
  app_udp(NULL, 7);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    expect_refused(bad[i], 4, DROP_IP4_BAD_OPTION);
  }
}

/* Every length of an unknown option in every place: past the end is refused, all else is taken. */
PACKET_TEST(test_unknown_options_are_skipped)
{
  app_udp(NULL, 7);
  for (u8_t at = 0; at < 12; at++) {
    for (u8_t len = 2; len < 16; len++) {
      u8_t options[12];
      memset(options, 1, sizeof options);
      options[at] = 94;
      if (at < 11) {
        options[at + 1] = len;
      }
      if (at < 11 && at + len <= 12) {
        expect_accepted(options, sizeof options);
      } else {
        expect_refused(options, sizeof options, DROP_IP4_BAD_OPTION);
      }
    }
  }
}

/* B2-32 (CVE-2021-31344): source routes are refused, for us and through us */
PACKET_TEST(test_source_routes)
{
  static const u8_t types[] = {131, 137};
  app_udp(NULL, 7);
  net_add_netif();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    u8_t route[8] = {types[i], 7, 4, 10, 0, 0, 66};
    expect_refused(route, sizeof route, DROP_IP4_SOURCE_ROUTE);
    route[2] = 8; /* at its end: still refused */
    expect_refused(route, sizeof route, DROP_IP4_SOURCE_ROUTE);
    struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.1.2", IP_PROTO_UDP);
    spec.options = route;
    spec.options_len = sizeof route;
    rx(ip4_opts(spec, "12345678", 8));
    expect_drop(DROP_IP4_SOURCE_ROUTE);
    expect_silence();
  }
}

/* B2-32: the echo reply does not take the attacker's way */
PACKET_TEST(test_echo_over_a_source_route)
{
  static const u8_t route[8] = {131, 7, 8, 10, 0, 0, 66};
  struct frame ping = ping4("10.0.0.2", "10.0.0.1", 1, 1, "x", 1);
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_ICMP);
  spec.options = route;
  spec.options_len = sizeof route;
  rx(ip4_opts(spec, ping.data + 34, ping.len - 34));
  expect_drop(DROP_IP4_SOURCE_ROUTE);
  expect_silence();
}

/* B2-33: pointers below 4 (5 for timestamps), or beyond the length + 1 */
PACKET_TEST(test_pointers_of_record_route_and_timestamp)
{
  app_udp(NULL, 7);
  for (unsigned pointer = 0; pointer < 256; pointer += pointer < 16 ? 1 : 48) {
    u8_t record[8] = {7, 7, (u8_t)pointer, 0, 0, 0, 0, 0};
    u8_t stamp[8] = {68, 8, (u8_t)pointer, 0, 0, 0, 0, 0};
    if (pointer >= 4 && pointer <= 8) {
      expect_accepted(record, sizeof record);
    } else {
      expect_refused(record, sizeof record, DROP_IP4_BAD_OPTION);
    }
    if (pointer >= 5 && pointer <= 9) {
      expect_accepted(stamp, sizeof stamp);
    } else {
      expect_refused(stamp, sizeof stamp, DROP_IP4_BAD_OPTION);
    }
  }
  static const u8_t no_pointer[4] = {7, 2, 1, 1};
  expect_refused(no_pointer, 4, DROP_IP4_BAD_OPTION);
}

/* B2-34: router alert on what does not use it is ignored */
PACKET_TEST(test_router_alert)
{
  static const u8_t alert[4] = {148, 4, 0, 0};
  static const u8_t other_value[4] = {148, 4, 0x12, 0x34};
  app_udp(NULL, 7);
  expect_accepted(alert, sizeof alert);
  expect_accepted(other_value, sizeof other_value);
}

/* An error about a packet with options quotes them, and bytes of the transport (RFC 1122 3.2.2). */
PACKET_TEST(test_error_about_a_packet_with_options)
{
  u8_t nops[40];
  memset(nops, 1, sizeof nops);
  struct frame f = with_options(9, nops, sizeof nops);
  rx(f);
  struct frame *error = check_icmp_error(tx(), ICMP_DUR, ICMP_DUR_PORT, &f);
  assert_in_range(ip4_payload_len(error), 8 + 60 + 8, 8 + 60 + 12);
  expect_drop(DROP_UDP_NO_PORT);
}

static const struct packet_test tests[] = {
    TEST(test_forty_nops),
    TEST(test_garbage_behind_the_end),
    TEST(test_option_lengths_that_cannot_be),
    TEST(test_unknown_options_are_skipped),
    TEST(test_source_routes),
    TEST(test_echo_over_a_source_route),
    TEST(test_pointers_of_record_route_and_timestamp),
    TEST(test_router_alert),
    TEST(test_error_about_a_packet_with_options),
};

PACKET_MAIN(tests)
