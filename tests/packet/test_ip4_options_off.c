/*
 * What other builds do: IPv4 options refused (IP_OPTIONS_ALLOWED 0), no reassembly (security vector
 * B3-59), UDP ports that are ours whatever the address (LWIP_IP_ACCEPT_UDP_PORT), as DHCP's is. The
 * program brings its own build of IPv4 input, so that the library's is not linked.
 * needs: ipv4
 */
#include "lwip/opt.h"
#undef IP_OPTIONS_ALLOWED
#define IP_OPTIONS_ALLOWED 0
#undef IP_REASSEMBLY
#define IP_REASSEMBLY                 0
#define LWIP_IP_ACCEPT_UDP_PORT(port) ((port) == PP_HTONS(68))
#include "packet.h"
#include "ip/v4/ip4_input.c"

PACKET_TEST(test_options_are_refused)
{
  static const u8_t nops[4] = {1, 1, 1, 1};
  static const u8_t alert[4] = {148, 4, 0, 0};
  struct udp_spec spec = udp_spec_of("10.0.0.2", 1, "10.0.0.1", 7);
  app_udp(NULL, 7);
  spec.ip.options = nops;
  spec.ip.options_len = 4;
  rx(udp4_opts(spec, "x", 1));
  expect_drop(DROP_IP4_OPTIONS_REFUSED);
  spec.ip.options = alert; /* for IGMP only */
  rx(udp4_opts(spec, "x", 1));
  expect_drop(DROP_IP4_OPTIONS_REFUSED);
  expect_no_datagram();
  expect_silence();
}

#if LWIP_IGMP
/* RFC 3376 4: IGMP always has its option */
PACKET_TEST(test_igmp_has_its_option)
{
  static const u8_t query[8] = {0x11, 100};
  rx(igmp4("10.0.0.9", "224.0.0.1", query, sizeof query));
  expect_no_drop();
}
#endif

/* B3-59 */
PACKET_TEST(test_fragments_are_dropped)
{
  struct frame fragments[4];
  app_udp(NULL, 7);
  struct frame whole = udp4("10.0.0.2", 1, "10.0.0.1", 7, pattern(24, 1), 24);
  size_t count = ip4_fragments(whole, 8, fragments, LWIP_ARRAYSIZE(fragments));
  for (size_t i = 0; i < count; i++) {
    rx(fragments[i]);
    expect_drop(DROP_FRAG_DISABLED);
  }
  expect_no_datagram();
  expect_silence();
}

/* RFC 2131 4.1: answers to whom has no address yet come to the address that will be ours */
PACKET_TEST(test_port_that_is_ours_before_the_address_is)
{
  netif_set_addr(&net.netif, NULL, NULL, NULL);
  app_udp(NULL, 68);
  app_udp(NULL, 69);
  struct udp_spec spec = udp_spec_of("10.0.0.2", 67, "10.0.0.77", 68);
  rx(udp4_opts(spec, "offer", 5));
  expect_datagram("10.0.0.2", 67, "offer", 5);
  spec.dport = 69;
  rx(udp4_opts(spec, "other", 5));
  expect_no_datagram();
  ignore_drops();
}

static const struct packet_test tests[] = {
    TEST(test_options_are_refused),
#if LWIP_IGMP
    TEST(test_igmp_has_its_option),
#endif
    TEST(test_fragments_are_dropped),
    TEST(test_port_that_is_ours_before_the_address_is),
};

PACKET_MAIN(tests)
