/**
 * @file
 * Path MTUs learnt from errors about echo replies (RFC 8201 4, RFC 4443 2.4 (e)): believed about
 * replies that were sent, which only those know who saw them (RFC 8201 6).
 * needs: ipv6
 */
#include "packet.h"
#include "gossamer/pmtu.h"

#define US      "2001:db8::1"
#define FAR     "2001:db8::9"
#define ROUTER  "2001:db8::fe"
#define FRAG_AT 54

/** The frame that answers a ping of `total` bytes, IPv6 header included. */
static struct frame *pong_of(u16_t id, u16_t seq, size_t total)
{
  rx(ping6(FAR, US, id, seq, pattern(total - 48, 1), total - 48));
  return tx();
}

/** A copy; of nothing (an allocation was made to fail): some bytes that are no reply of ours. */
static struct frame keep(const struct frame *f)
{
  static const u8_t nothing[100];
  return f != NULL ? frame_copy(*f) : frame_of(nothing, sizeof nothing);
}

static void too_big(const struct frame *f, u32_t mtu)
{
  rx(icmp6_error(ROUTER, US, T6_TOO_BIG, 0, mtu, f, 0));
}

static u16_t path_mtu(void)
{
  ip_addr_t dst = ip_of(FAR);
  return pmtu_get(&dst, 1500);
}

static void begin(void)
{
  net6_up();
  pong_of(1, 0, 100); /* the neighbour is known then */
  tx_discard();
}

static void test_reply_that_was_too_big(void)
{
  begin();
  too_big(pong_of(1, 1, 1500), 1400);
  expect_no_drop();
  assert_int_equal(path_mtu(), 1400);
  struct frame *f = check_ip6(pong_of(1, 2, 1500), US, FAR, NH_FRAGMENT);
  assert_int_equal(get16(f, FRAG_AT + 2), 1);
  check_ip6(tx(), US, FAR, NH_FRAGMENT);
  expect_silence();
}

/* Of a reply that leaves in fragments already */
static void test_fragmented_reply(void)
{
  begin();
  ip_addr_t dst = ip_of(FAR);
  pmtu_lower(&dst, 1450);
  struct frame first = keep(check_ip6(pong_of(1, 1, 1500), US, FAR, NH_FRAGMENT));
  tx_discard();
  too_big(&first, 1350);
  expect_no_drop();
  assert_int_equal(path_mtu(), 1350);
}

static void test_one_of_several_replies(void)
{
  begin();
  struct frame third = {0};
  for (u16_t seq = 1; seq <= 10; seq++) {
    struct frame *f = pong_of(7, seq, 1500);
    if (seq == 3) {
      third = keep(f);
    }
    tx_discard();
  }
  too_big(&third, 1400);
  expect_no_drop();
  assert_int_equal(path_mtu(), 1400);
}

/* Identifier, sequence number or destination of no reply of ours; a request; a reply that cannot
   have been too big: its sender saw nothing */
static void test_forged(void)
{
  begin();
  struct frame *f = pong_of(1, 1, 1500);
  struct frame forged[5];
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(forged); i++) {
    forged[i] = keep(f);
  }
  forged[0].data[58] ^= 1;  /* identifier */
  forged[1].data[61] ^= 1;  /* sequence number */
  forged[2].data[53] ^= 1;  /* destination */
  forged[3].data[54] = 128; /* request */
  forged[4] = keep(pong_of(1, 5, 1280));
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(forged); i++) {
    too_big(&forged[i], 1300);
    expect_drop(DROP_ICMP6_NOT_OURS);
    assert_int_equal(path_mtu(), 1500);
  }
}

/* Eight are remembered. */
static void test_reply_of_long_ago(void)
{
  begin();
  struct frame old = keep(pong_of(1, 1, 1500));
  for (u16_t seq = 2; seq <= 9; seq++) {
    pong_of(1, seq, 1500);
    tx_discard();
  }
  too_big(&old, 1400);
  expect_drop(DROP_ICMP6_NOT_OURS);
  assert_int_equal(path_mtu(), 1500);
}

static void test_before_any_reply(void)
{
  begin();
  struct frame f = keep(pong_of(0, 0, 100));
  too_big(&f, 1280);
  expect_drop(DROP_ICMP6_NOT_OURS);
  assert_int_equal(path_mtu(), 1500);
}

/* A reply of one-byte pbufs takes more pieces than there are to be cut: once is enough. */
static const struct packet_test tests[] = {
    TEST_FLAGS(test_reply_that_was_too_big, PACKET_ONCE),
    TEST_FLAGS(test_fragmented_reply, PACKET_ONCE),
    TEST(test_one_of_several_replies),
    TEST(test_forged),
    TEST(test_reply_of_long_ago),
    TEST(test_before_any_reply),
};

PACKET_MAIN(tests)
