/**
 * @file
 * The hop limit that a router names is that of what nobody has set one for (RFC 4861 6.3.4).
 *
 * needs: ipv6
 */
#include "packet.h"
#include "packet6.h"

#if LWIP_ND6
#include "router6.h"

#define PEER "2001:db8::2"
#define US   "2001:db8::1"

static struct frame *send_from(struct udp_pcb *pcb)
{
  ip_addr_t dst = ip_of(PEER);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 9), ERR_OK);
  return check_ip6(tx(), US, PEER, IP_PROTO_UDP);
}

static void router_names(u8_t hop_limit)
{
  struct ra_spec spec = ra_of(0xfe, 0);
  spec.hop_limit = hop_limit;
  router_says(spec, NULL);
}

PACKET_TEST(test_udp)
{
  net6_up();
  struct udp_pcb *pcb = app_udp("::", 7);
  struct udp_pcb *set_pcb = app_udp("::", 8);
  set_pcb->ttl = 9;
  check_hop_limit(send_from(pcb), UDP_TTL);
  router_names(64);
  check_hop_limit(send_from(pcb), 64);
  check_hop_limit(send_from(set_pcb), 9);
  router_names(0); /* says nothing about it */
  check_hop_limit(send_from(pcb), 64);
}

PACKET_TEST(test_echo_reply)
{
  net6_up();
  rx(ping6(PEER, US, 1, 1, "a", 1));
  check_hop_limit(check_pong6(tx(), 1, 1, "a", 1), LWIP_ICMP6_HL);
  router_names(64);
  rx(ping6(PEER, US, 1, 2, "b", 1));
  check_hop_limit(check_pong6(tx(), 1, 2, "b", 1), 64);
}

#if LWIP_IPV4
/* A pcb of both families: IPv4 keeps its own default. */
PACKET_TEST(test_dual_stack)
{
  ip_addr_t dst = ip_of("10.0.0.2");
  net6_up();
  router_names(64);
  struct udp_pcb *pcb = app_udp("*", 7);
  assert_int_equal(udp_sendto(pcb, app_pbuf("x", 1), &dst, 9), ERR_OK);
  assert_int_equal(get8(check_ip4(tx(), "10.0.0.1", "10.0.0.2", IP_PROTO_UDP), 22), UDP_TTL);
  check_hop_limit(send_from(pcb), 64);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_udp),
    TEST(test_echo_reply),
#if LWIP_IPV4
    TEST(test_dual_stack),
#endif
};

PACKET_MAIN(tests)

#else

int main(void)
{
  return 0;
}

#endif
