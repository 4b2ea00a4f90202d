/*
 * What other builds do: echo to groups answered (LWIP_MULTICAST_PING), errors that quote little
 * (LWIP_ICMP6_DATASIZE), no reassembly (LWIP_IPV6_REASS 0). The program brings its own build of
 * these files, so that the library's are not linked.
 * needs: ipv6
 */
#include "lwip/opt.h"
#undef LWIP_MULTICAST_PING
#define LWIP_MULTICAST_PING 1
#undef LWIP_ICMP6_DATASIZE
#define LWIP_ICMP6_DATASIZE 64
#undef LWIP_IPV6_REASS
#define LWIP_IPV6_REASS 0
#include "packet.h"
#include "ip/v6/icmp6.c"
#include "ip/v6/icmp6_echo.c"
#include "ip/v6/icmp6_send.c"
#include "ip/v6/ip6_reass.c"

#define US   "2001:db8::1"
#define PEER "2001:db8::2"

/* RFC 4443 4.2, 2.2 (b): the answer comes from an address that suits the asker. */
PACKET_TEST(test_echo_to_a_group_is_answered)
{
  net6_up();
  rx(ping6("fe80::2", "ff02::1", 1, 2, "abc", 3));
  check_pong6(check_ip6(tx(), "fe80::ff:fe00:1", "fe80::2", NH_ICMP6), 1, 2, "abc", 3);
  rx(ping6(PEER, "ff02::1", 1, 3, "abc", 3));
  check_pong6(check_ip6(tx(), US, PEER, NH_ICMP6), 1, 3, "abc", 3);
  rx(ping6("::", "ff02::1", 1, 4, "abc", 3)); /* nobody to answer */
  expect_drop(DROP_ICMP6_BAD_SRC);
  expect_silence();
}

PACKET_TEST(test_short_quotes)
{
  net6_up();
  struct frame datagram = udp6(PEER, 1, US, 9, pattern(100, 1), 100);
  rx(datagram);
  struct frame *f = check_icmp6(tx(), T6_UNREACHABLE, ICMP6_DUR_PORT);
  assert_int_equal(ip6_payload_len(f), 8 + 64);
  assert_memory_equal(f->data + 62, datagram.data + 14, 64);
  rx(udp6(PEER, 1, US, 9, "x", 1)); /* shorter than that: all of it */
  assert_int_equal(ip6_payload_len(check_icmp6(tx(), T6_UNREACHABLE, ICMP6_DUR_PORT)), 8 + 49);
  ignore_drops();
}

/* Fragments are dropped, but a packet that is its own only fragment needs no memory. */
PACKET_TEST(test_no_reassembly)
{
  net6_up();
  app_udp("::", 7);
  struct frame whole = udp6(PEER, 9, US, 7, pattern(64, 3), 64);
  struct frame part[2];
  ip6_fragments(whole, 1, 40, part, 2);
  for (unsigned i = 0; i < 2; i++) {
    rx(part[i]);
    expect_drop(DROP_FRAG6_DISABLED);
  }
  expect_no_datagram();
  ip6_fragments(whole, 1, 80, part, 2);
  rx(part[0]);
  expect_datagram(PEER, 9, pattern(64, 3), 64);
  expect_no_drop();
  expect_silence();
}

static const struct packet_test tests[] = {
    TEST(test_echo_to_a_group_is_answered),
    TEST(test_short_quotes),
    TEST(test_no_reassembly),
};

PACKET_MAIN(tests)
