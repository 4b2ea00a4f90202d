/*
 * Multicast memberships of either family: what is accepted, how filters merge, what their calls
 * answer (RFC 3376 2, 3; RFC 3810 3, 4; RFC 3678). Included by the test of each, behind igmp_text.h
 * or mld6_text.h.
 */
#ifndef MULTICAST_FILTER_CASES_H
#define MULTICAST_FILTER_CASES_H

#include "gossamer/multicast.h"

static struct mcast_membership m1, m2, m3;

static err_t join_as(struct mcast_membership *m, enum mcast_mode mode, const char *s1,
                     const char *s2)
{
  ip_addr_t group = ip_of(G1), list[2];
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
  char *t = text;
  if (accepts(G1, A)) {
    *t++ = 'A';
  }
  if (accepts(G1, B)) {
    *t++ = 'B';
  }
  if (accepts(G1, C)) {
    *t++ = 'C';
  }
  *t = 0;
  return text;
}

/* RFC 3376 3.2: the merge of INCLUDE and EXCLUDE of several listeners, as they come and go. */
PACKET_TEST(test_merge)
{
  up();
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
  assert_int_equal(join(G1), ERR_OK);
  assert_string_equal(accepted(), "ABC"); /* EXCLUDE {} */
  assert_int_equal(leave(G1), ERR_OK);
  assert_string_equal(accepted(), "AB");
  mcast_leave(&m1);
  mcast_leave(&m3);
  assert_string_equal(accepted(), "B");
  mcast_leave(&m2);
  assert_string_equal(accepted(), "");
}

#if HAS_FILTERS
/* RFC 3376 3.2, example: what each step of the merge tells the network. */
PACKET_TEST(test_merge_is_announced)
{
  up();
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, A, B), ERR_OK);
  advance(20000);
  tx_discard();
  assert_int_equal(join_as(&m2, MCAST_MODE_EXCLUDE, B, C), ERR_OK); /* EXCLUDE {B} */
  expect_report("ALLOW " G1 " { " A " }");
  advance(20000);
  tx_discard();
  assert_int_equal(join_as(&m3, MCAST_MODE_INCLUDE, B, NULL), ERR_OK); /* EXCLUDE {} */
  expect_report("ALLOW " G1 " { " B " }");
  advance(20000);
  tx_discard();
  mcast_leave(&m1); /* EXCLUDE {C} */
  expect_report("BLOCK " G1 " { " C " }");
  advance(20000);
  tx_discard();
  mcast_leave(&m2); /* INCLUDE {B} */
  expect_report("TO_IN " G1 " { " B " }");
  advance(20000);
  tx_discard();
  mcast_leave(&m3);
  expect_report("BLOCK " G1 " { " B " }");
}

/* A source that two INCLUDE lists have is named once. */
PACKET_TEST(test_merge_names_sources_once)
{
  up();
  assert_int_equal(join_as(&m1, MCAST_MODE_INCLUDE, A, B), ERR_OK);
  assert_int_equal(join_as(&m2, MCAST_MODE_INCLUDE, B, A), ERR_OK);
  advance(20000);
  tx_discard();
  rx(query(NULL, 1, 2, ""));
  advance(100);
  expect_report("IS_IN " G1 " { " B " " A " }");
}
#endif

/* IP input: datagrams of unwanted sources do not come in. */
PACKET_TEST(test_input)
{
  up();
  app_udp("*", 7000);
  rx(datagram_to(G1, A, "x"));
  expect_no_datagram();
  assert_int_equal(join_as(&m1, MCAST_MODE_INCLUDE, A, NULL), ERR_OK);
  rx(datagram_to(G1, A, "a"));
  expect_datagram(A, 1, "a", 1);
  ignore_drops();
  rx(datagram_to(G1, B, "b"));
  expect_no_datagram();
  expect_drop(DROP_UNWANTED);
  mcast_leave(&m1);
  rx(datagram_to(G1, A, "a"));
  expect_no_datagram();
  expect_drop(DROP_UNWANTED);
}

/* RFC 3678: sources one by one. */
PACKET_TEST(test_single_sources)
{
  ip_addr_t a = ip_of(A), b = ip_of(B);
  up();
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
  ip_addr_t group = ip_of(G1), host = ip_of(A);
  ip_addr_t bad[] = {ip_of(NO_SOURCE), ip_of(GROUP_SOURCE)};
  ip_addr_t many[LWIP_MCAST_MAX_SOURCES + 1];
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(many); i++) {
    char text[48];
    snprintf(text, sizeof text, SOURCE(1), i + 1);
    many[i] = ip_of(text);
  }
  memset(&m1, 0, sizeof m1);
  up();
  assert_int_equal(mcast_join(&m1, &net.netif, &host, MCAST_MODE_EXCLUDE, NULL, 0), ERR_VAL);
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
  ip_addr_t group = ip_of(G1);
  memset(&m1, 0, sizeof m1);
  up();
  assert_int_equal(mcast_join(&m1, NULL, &group, MCAST_MODE_EXCLUDE, NULL, 0), ERR_OK);
  assert_ptr_equal(m1.netif, &net.netif);
}

/* The interface stops: memberships end, and leaving afterwards is harmless. */
PACKET_TEST(test_membership_ends_with_its_netif)
{
  up();
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, A, NULL), ERR_OK);
  assert_int_equal(join_as(&m2, MCAST_MODE_INCLUDE, A, NULL), ERR_OK);
  stop();
  assert_null(m1.netif);
  assert_null(m2.netif);
  mcast_leave(&m1);
  assert_int_equal(join_as(&m1, MCAST_MODE_EXCLUDE, A, NULL), ERR_OK);
  assert_string_equal(accepted(), "BC");
}

#define MULTICAST_FILTER_CASES                                                                     \
  TEST_FLAGS(test_merge, PACKET_ONCE), TEST(test_input),                                           \
      TEST_FLAGS(test_single_sources, PACKET_ONCE), TEST_FLAGS(test_bad_arguments, PACKET_ONCE),   \
      TEST_FLAGS(test_default_interface, PACKET_ONCE),                                             \
      TEST_FLAGS(test_membership_ends_with_its_netif, PACKET_ONCE)

#if HAS_FILTERS
#define MULTICAST_FILTER_REPORT_CASES                                                              \
  TEST_FLAGS(test_merge_is_announced, PACKET_ONCE),                                                \
      TEST_FLAGS(test_merge_names_sources_once, PACKET_ONCE),
#else
#define MULTICAST_FILTER_REPORT_CASES
#endif

#endif /* MULTICAST_FILTER_CASES_H */
