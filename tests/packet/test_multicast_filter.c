/*
 * Multicast memberships: what is accepted, how filters merge, what their calls answer (RFC 3376 2,
 * 3; RFC 3678).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_IPV4 && LWIP_IGMP

#include "igmp_text.h"
#include "gossamer/multicast.h"
#include "ip/v4/igmp_module.h"

#define G "239.1.1.1"
#define A "10.0.0.21"
#define B "10.0.0.22"
#define C "10.0.0.23"

static struct mcast_membership m1, m2, m3;

static err_t join_as(struct mcast_membership *m, enum mcast_mode mode, const char *s1,
                     const char *s2)
{
  ip_addr_t group = ip_of(G), list[2];
  u16_t num = 0;
  if (s1 != NULL) {
    list[num++] = ip_of(s1);
  }
  if (s2 != NULL) {
    list[num++] = ip_of(s2);
  }
  memset(m, 0, sizeof *m);
  return mcast_join(m, &net.netif, &group, mode, list, num);
}

/** Which of A, B and C are accepted, as letters. */
static const char *accepted(void)
{
  static char text[4];
  ip4_addr_t group = ip4_of(G), a = ip4_of(A), b = ip4_of(B), c = ip4_of(C);
  char *t = text;
  if (igmp_accepts(&net.netif, &group, &a)) {
    *t++ = 'A';
  }
  if (igmp_accepts(&net.netif, &group, &b)) {
    *t++ = 'B';
  }
  if (igmp_accepts(&net.netif, &group, &c)) {
    *t++ = 'C';
  }
  *t = 0;
  return text;
}

/* RFC 3376 3.2: the merge of INCLUDE and EXCLUDE of several listeners, as they come and go. */
PACKET_TEST(test_merge)
{
  assert_string_equal(accepted(), "");
  assert_int_equal(join_as(&m1, MCAST_MODE_INCLUDE, A, NULL), ERR_OK);
  assert_string_equal(accepted(), "A");
  assert_int_equal(join_as(&m2, MCAST_MODE_INCLUDE, B, NULL), ERR_OK);
  assert_string_equal(accepted(), "AB");
  assert_int_equal(join_as(&m3, MCAST_MODE_EXCLUDE, A, C), ERR_OK);
  assert_string_equal(accepted(), "AB"); /* EXCLUDE ({A,C} - {A,B}) */
  mcast_leave(&m1);
  assert_string_equal(accepted(), "B"); /* EXCLUDE {A,C} */
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, C, NULL), ERR_OK);
  assert_string_equal(accepted(), "AB"); /* EXCLUDE ({A,C} * {C}) */
  assert_int_equal(join(G), ERR_OK);
  assert_string_equal(accepted(), "ABC"); /* EXCLUDE {} */
  assert_int_equal(leave(G), ERR_OK);
  assert_string_equal(accepted(), "AB");
  mcast_leave(&m1);
  mcast_leave(&m3);
  assert_string_equal(accepted(), "B");
  mcast_leave(&m2);
  assert_string_equal(accepted(), "");
}

#if LWIP_IGMP_V3
/* RFC 3376 3.2, example: what each step of the merge tells the network. */
PACKET_TEST(test_merge_is_announced)
{
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, A, B), ERR_OK);
  advance(20000);
  tx_discard();
  assert_int_equal(join_as(&m2, MCAST_MODE_EXCLUDE, B, C), ERR_OK); /* EXCLUDE {B} */
  expect_igmp("ALLOW " G " { " A " }");
  advance(20000);
  tx_discard();
  assert_int_equal(join_as(&m3, MCAST_MODE_INCLUDE, B, NULL), ERR_OK); /* EXCLUDE {} */
  expect_igmp("ALLOW " G " { " B " }");
  advance(20000);
  tx_discard();
  mcast_leave(&m1); /* EXCLUDE {C} */
  expect_igmp("BLOCK " G " { " C " }");
  advance(20000);
  tx_discard();
  mcast_leave(&m2); /* INCLUDE {B} */
  expect_igmp("TO_IN " G " { " B " }");
  advance(20000);
  tx_discard();
  mcast_leave(&m3);
  expect_igmp("BLOCK " G " { " B " }");
}

/* A source that two INCLUDE lists have is named once. */
PACKET_TEST(test_merge_names_sources_once)
{
  assert_int_equal(join_as(&m1, MCAST_MODE_INCLUDE, A, B), ERR_OK);
  assert_int_equal(join_as(&m2, MCAST_MODE_INCLUDE, B, A), ERR_OK);
  advance(20000);
  tx_discard();
  rx(igmp_query_v3("224.0.0.1", NULL, 1, 2, 125, ""));
  advance(100);
  expect_igmp("IS_IN " G " { " B " " A " }");
}
#endif

/* IP input: datagrams of unwanted sources do not come in. */
PACKET_TEST(test_input)
{
  app_udp(NULL, 7000);
  rx(udp4(A, 1, G, 7000, "x", 1));
  expect_no_datagram();
  assert_int_equal(join_as(&m1, MCAST_MODE_INCLUDE, A, NULL), ERR_OK);
  rx(udp4(A, 1, G, 7000, "a", 1));
  expect_datagram(A, 1, "a", 1);
  ignore_drops();
  rx(udp4(B, 1, G, 7000, "b", 1));
  expect_no_datagram();
  expect_drop(DROP_IP4_NOT_FOR_US);
  mcast_leave(&m1);
  rx(udp4(A, 1, G, 7000, "a", 1));
  expect_no_datagram();
  expect_drop(DROP_IP4_NOT_FOR_US);
}

/* RFC 3678: sources one by one. */
PACKET_TEST(test_single_sources)
{
  ip_addr_t a = ip_of(A), b = ip_of(B);
  assert_int_equal(join_as(&m1, MCAST_MODE_INCLUDE, A, NULL), ERR_OK);
  assert_int_equal(mcast_add_source(&m1, &b), ERR_OK);
  assert_int_equal(mcast_add_source(&m1, &b), ERR_USE);
  assert_int_equal(mcast_block_source(&m1, &b), ERR_VAL);
  assert_int_equal(mcast_unblock_source(&m1, &b), ERR_VAL);
  assert_string_equal(accepted(), "AB");
  assert_int_equal(mcast_remove_source(&m1, &a), ERR_OK);
  assert_int_equal(mcast_remove_source(&m1, &a), ERR_USE);
  assert_string_equal(accepted(), "B");
  assert_int_equal(mcast_remove_source(&m1, &b), ERR_OK); /* the last one: leaves */
  assert_null(m1.netif);
  assert_int_equal(mcast_add_source(&m1, &b), ERR_VAL);
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, NULL, NULL), ERR_OK);
  assert_int_equal(mcast_block_source(&m1, &a), ERR_OK);
  assert_int_equal(mcast_block_source(&m1, &a), ERR_USE);
  assert_int_equal(mcast_add_source(&m1, &a), ERR_VAL);
  assert_string_equal(accepted(), "BC");
  assert_int_equal(mcast_unblock_source(&m1, &a), ERR_OK);
  assert_int_equal(mcast_unblock_source(&m1, &a), ERR_USE);
  assert_string_equal(accepted(), "ABC");
  assert_int_equal(mcast_set_filter(&m1, MCAST_MODE_INCLUDE, NULL, 0), ERR_OK); /* leaves */
  assert_null(m1.netif);
  assert_int_equal(mcast_set_filter(&m1, MCAST_MODE_INCLUDE, &a, 1), ERR_VAL);
  mcast_leave(&m1);
}

PACKET_TEST(test_bad_arguments)
{
  ip_addr_t group = ip_of(G), host = ip_of(A), all = ip_of("224.0.0.1");
  ip_addr_t bad[] = {ip_of("0.0.0.0"), ip_of("224.0.0.5")};
  ip_addr_t many[LWIP_MCAST_MAX_SOURCES + 1];
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(many); i++) {
    many[i] = ip_of(A);
    ip4_addr_set_u32(ip_2_ip4(&many[i]), lwip_htonl(0x0a010000UL + i + 1));
  }
  memset(&m1, 0, sizeof m1);
  assert_int_equal(mcast_join(&m1, &net.netif, &host, MCAST_MODE_EXCLUDE, NULL, 0), ERR_VAL);
  assert_int_equal(mcast_join(&m1, &net.netif, &all, MCAST_MODE_EXCLUDE, NULL, 0), ERR_VAL);
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_INCLUDE, NULL, 0), ERR_VAL);
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_INCLUDE, &bad[0], 1), ERR_VAL);
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_INCLUDE, &bad[1], 1), ERR_VAL);
  assert_int_equal(
      mcast_join(&m1, &net.netif, &group, MCAST_MODE_EXCLUDE, many, LWIP_ARRAYSIZE(many)), ERR_MEM);
  assert_null(m1.netif);
  assert_string_equal(accepted(), "");
  expect_silence();
  assert_int_equal(
      mcast_join(&m1, &net.netif, &group, MCAST_MODE_INCLUDE, many, LWIP_MCAST_MAX_SOURCES),
      ERR_OK);
  assert_int_equal(mcast_join(&m1, &net.netif, &group, MCAST_MODE_EXCLUDE, NULL, 0), ERR_USE);
  assert_int_equal(mcast_add_source(&m1, &many[LWIP_MCAST_MAX_SOURCES]), ERR_MEM);
  assert_int_equal(mcast_set_filter(&m1, MCAST_MODE_EXCLUDE, bad, 1), ERR_VAL);
  assert_int_equal(m1.mode, MCAST_MODE_INCLUDE); /* errors change nothing */
  assert_int_equal(m1.num_sources, LWIP_MCAST_MAX_SOURCES);
}

/* Without an interface, it is the one that packets to the group leave by. */
PACKET_TEST(test_default_interface)
{
  ip_addr_t group = ip_of(G);
  memset(&m1, 0, sizeof m1);
  assert_int_equal(mcast_join(&m1, NULL, &group, MCAST_MODE_EXCLUDE, NULL, 0), ERR_OK);
  assert_ptr_equal(m1.netif, &net.netif);
}

/* The interface stops: memberships end, and leaving afterwards is harmless. */
PACKET_TEST(test_membership_ends_with_its_netif)
{
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, A, NULL), ERR_OK);
  assert_int_equal(join_as(&m2, MCAST_MODE_INCLUDE, A, NULL), ERR_OK);
  igmp_stop(&net.netif);
  assert_null(m1.netif);
  assert_null(m2.netif);
  mcast_leave(&m1);
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, A, NULL), ERR_OK);
  assert_string_equal(accepted(), "BC");
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_merge, PACKET_ONCE),
#if LWIP_IGMP_V3
    TEST_FLAGS(test_merge_is_announced, PACKET_ONCE),
    TEST_FLAGS(test_merge_names_sources_once, PACKET_ONCE),
#endif
    TEST(test_input),
    TEST_FLAGS(test_single_sources, PACKET_ONCE),
    TEST_FLAGS(test_bad_arguments, PACKET_ONCE),
    TEST_FLAGS(test_default_interface, PACKET_ONCE),
    TEST_FLAGS(test_membership_ends_with_its_netif, PACKET_ONCE),
};

#else

PACKET_TEST(test_without_igmp)
{
  rx(udp4("10.0.0.2", 1, "239.1.1.1", 7000, "x", 1));
  expect_drop(DROP_IP4_NOT_FOR_US);
}

static const struct packet_test tests[] = {TEST(test_without_igmp)};

#endif

PACKET_MAIN(tests)
