/*
 * Fragments for drivers that want a packet in one buffer (LWIP_NETIF_TX_SINGLE_PBUF). The program
 * brings its own build of what cuts packets up, so that the library's is not linked.
 * needs: ipv6
 */
#include "lwip/opt.h"
#undef LWIP_NETIF_TX_SINGLE_PBUF
#define LWIP_NETIF_TX_SINGLE_PBUF 1
#include "packet.h"
#include "lwip/ip6.h"
#include "lwip/ip6_frag.h"
#include "ip/frag.c"

#define US   "2001:db8::1"
#define PEER "2001:db8::2"

/** What the driver was given, for the length of one packet. */
static unsigned packet_count, buffer_count;
static size_t byte_count;

static err_t count_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *next)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(next);
  packet_count++;
  buffer_count += pbuf_clen(p);
  byte_count += p->tot_len;
  return ERR_OK;
}

PACKET_TEST(test_every_fragment_is_one_buffer)
{
  net6_up();
  ip6_addr_t us = ip6_of(US), peer = ip6_of(PEER);
  netif_output_ip6_fn before = net.netif.output_ip6;
  packet_count = buffer_count = 0;
  byte_count = 0;
  net.netif.output_ip6 = count_output;
  err_t err = ip6_output(app_pbuf(pattern(4000, 1), 4000), &us, &peer, 64, 0, 253);
  net.netif.output_ip6 = before;
  assert_int_equal(err, ERR_OK);
  assert_int_equal(packet_count, 3);
  assert_int_equal(buffer_count, 3);
  assert_int_equal(byte_count, 4000 + 3 * 48);
}

PACKET_TEST(test_fragments_have_the_right_bytes)
{
  const u8_t *data = pattern(4000, 1);
  size_t at = 0;
  net6_up();
  ip6_addr_t us = ip6_of(US), peer = ip6_of(PEER);
  assert_int_equal(ip6_output(app_pbuf(data, 4000), &us, &peer, 64, 0, 253), ERR_OK);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    check_ip6(f, US, PEER, NH_FRAGMENT);
    size_t len = f->len - 62;
    assert_true(at + len <= 4000);
    assert_memory_equal(f->data + 62, data + at, len);
    at += len;
  }
  assert_int_equal(at, 4000);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_every_fragment_is_one_buffer, PACKET_ONCE),
    TEST_FLAGS(test_fragments_have_the_right_bytes, PACKET_ONCE),
};

PACKET_MAIN(tests)
