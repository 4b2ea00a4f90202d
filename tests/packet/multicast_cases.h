/*
 * What IGMPv3 and MLDv2 do alike: state changes, queries, compatibility. Included by the test of
 * each, behind igmp_text.h or mld6_text.h, which say how messages look. (RFC 3376 5 to 8, RFC 3810
 * 6 to 9; security vectors B6-121, B7-125, 128.)
 */
#ifndef MULTICAST_CASES_H
#define MULTICAST_CASES_H

#include "base/fault.h"
#include "gossamer/multicast.h"
#include "gossamer/timer.h"

/** Memberships of a test; the stack forgets them when its netif goes. */
static struct mcast_membership m1, m2;

static u16_t parse_sources(ip_addr_t *out, u16_t max, const char *sources)
{
  char list[1024], *rest = list;
  u16_t num = 0;
  snprintf(list, sizeof list, "%s", sources);
  for (char *s = strtok_r(list, " ", &rest); s != NULL && num < max;
       s = strtok_r(NULL, " ", &rest)) {
    out[num] = ip_of(s);
    num++;
  }
  return num;
}

static err_t join_with(struct mcast_membership *m, const char *group, enum mcast_mode mode,
                       const char *sources)
{
  ip_addr_t list[64], addr = ip_of(group);
  u16_t num = parse_sources(list, LWIP_ARRAYSIZE(list), sources);
  memset(m, 0, sizeof *m);
  return mcast_join(m, &net.netif, &addr, mode, list, num);
}

static err_t set_filter(struct mcast_membership *m, enum mcast_mode mode, const char *sources)
{
  ip_addr_t list[64];
  u16_t num = parse_sources(list, LWIP_ARRAYSIZE(list), sources);
  return mcast_set_filter(m, mode, list, num);
}

/** The change is reported at once and once more within a second, then no more. */
static void expect_change(const char *want)
{
  expect_report(want);
  expect_silence();
  advance(1000);
  expect_report(want);
  advance(20000);
  expect_silence();
}

PACKET_TEST(test_join_and_leave)
{
  up();
  u32_t timers = timers_count();
  assert_int_equal(join(G1), ERR_OK);
  expect_change("TO_EX " G1 " { }");
  assert_int_equal(leave(G1), ERR_OK);
  expect_change("TO_IN " G1 " { }");
  assert_int_equal(timers_count(), timers);
  assert_false(has_entry(G1)); /* and its memory is free */
  expect_no_drop();
}

/* RFC 3376 5.1, RFC 3810 6.1: the table of state changes. */
PACKET_TEST(test_state_changes)
{
  up();
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A), ERR_OK);
  expect_change("ALLOW " G1 " { " A " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, A " " B), ERR_OK);
  expect_change("ALLOW " G1 " { " B " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, B " " C), ERR_OK);
  expect_change("ALLOW " G1 " { " C " } BLOCK " G1 " { " A " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, A), ERR_OK);
  expect_change("TO_EX " G1 " { " A " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, B), ERR_OK);
  expect_change("ALLOW " G1 " { " A " } BLOCK " G1 " { " B " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, C), ERR_OK);
  expect_change("TO_IN " G1 " { " C " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, C), ERR_OK);
  expect_silence();
  mcast_leave(&m1);
  expect_change("BLOCK " G1 " { " C " }");
}

/* RFC 3376 5.1, RFC 3810 6.1: a change while an earlier one is being repeated is merged with it. */
PACKET_TEST(test_changes_are_merged)
{
  up();
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A), ERR_OK);
  expect_report("ALLOW " G1 " { " A " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, A " " B), ERR_OK);
  expect_report("ALLOW " G1 " { " A " " B " }");
  advance(1000);
  expect_report("ALLOW " G1 " { " B " }");
  advance(20000);
  expect_silence();
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, ""), ERR_OK);
  expect_report("TO_EX " G1 " { }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, C), ERR_OK);
  expect_report("TO_EX " G1 " { " C " }"); /* a mode change is repeated with today's list */
  advance(1000);
  expect_report("BLOCK " G1 " { " C " }");
  advance(20000);
  expect_silence();
}

/* Rejoining while the farewell is being repeated. */
PACKET_TEST(test_leave_and_join_again)
{
  up();
  assert_int_equal(join(G1), ERR_OK);
  expect_change("TO_EX " G1 " { }");
  assert_int_equal(leave(G1), ERR_OK);
  expect_report("TO_IN " G1 " { }");
  assert_int_equal(join(G1), ERR_OK);
  expect_change("TO_EX " G1 " { }");
}

/* Repetitions of several groups share a report. */
PACKET_TEST(test_repetitions_share_a_report)
{
  up();
  assert_int_equal(join(G1), ERR_OK);
  expect_report("TO_EX " G1 " { }");
  assert_int_equal(join_with(&m2, G2, MCAST_MODE_INCLUDE, A), ERR_OK);
  expect_report("ALLOW " G2 " { " A " }");
  advance(1000);
  expect_report("ALLOW " G2 " { " A " } TO_EX " G1 " { }");
  advance(20000);
  expect_silence();
}

/* More changed sources than are kept: the whole state is said instead. */
PACKET_TEST(test_too_many_changes)
{
  up();
  char sources[1024] = "", first[1024] = "", want[1200];
  unsigned num = MCAST_MAX_PENDING;
  for (unsigned i = 0; i < num; i++) {
    size_t used = strlen(sources);
    snprintf(sources + used, sizeof sources - used, "%s" SOURCE(1), i > 0 ? " " : "", i + 1);
    used = strlen(first);
    snprintf(first + used, sizeof first - used, "%s" SOURCE(2), i > 0 ? " " : "", i + 1);
  }
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, first), ERR_OK);
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, sources), ERR_OK);
  report_sent();
  snprintf(want, sizeof want, "TO_IN " G1 " { %s }", sources);
  expect_change(want);
}

/* --- queries --- */

/** One group of any source, one of some sources, and silence. */
static void two_groups(void)
{
  up();
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A " " B), ERR_OK);
  assert_int_equal(join_with(&m2, G2, MCAST_MODE_EXCLUDE, C), ERR_OK);
  advance(20000);
  tx_discard();
}

PACKET_TEST(test_general_query)
{
  two_groups();
  rx(query(NULL, 10, 2, ""));
  expect_silence();
  advance(1000);
  expect_report("IS_EX " G2 " { " C " } IS_IN " G1 " { " A " " B " }");
  advance(20000);
  expect_silence();
}

PACKET_TEST(test_group_query)
{
  two_groups();
  rx(query(G1, 10, 2, ""));
  advance(1000);
  expect_report("IS_IN " G1 " { " A " " B " }");
  rx(query(G2, 10, 2, ""));
  advance(1000);
  expect_report("IS_EX " G2 " { " C " }");
  advance(20000);
  expect_silence();
}

/* RFC 3376 5.2, RFC 3810 6.2: INCLUDE (A) asked for B: A*B. EXCLUDE (A): B-A. Nothing left: no
 * answer. */
PACKET_TEST(test_group_and_source_query)
{
  two_groups();
  rx(query(G1, 10, 2, B " " C));
  advance(1000);
  expect_report("IS_IN " G1 " { " B " }");
  rx(query(G1, 10, 2, C));
  advance(1000);
  expect_silence();
  rx(query(G2, 10, 2, A " " C));
  advance(1000);
  expect_report("IS_IN " G2 " { " A " }");
  advance(20000);
  expect_silence();
}

/* RFC 3376 5.2, RFC 3810 6.2, 4 and 5: pending answers grow together, and the whole group beats its
 * sources. */
PACKET_TEST(test_queries_are_merged)
{
  two_groups();
  rx(query(G1, 10, 2, A));
  rx(query(G1, 10, 2, B));
  advance(1000);
  expect_report("IS_IN " G1 " { " A " " B " }");
  rx(query(G1, 10, 2, A));
  rx(query(G1, 10, 2, ""));
  rx(query(G1, 10, 2, A));
  advance(1000);
  expect_report("IS_IN " G1 " { " A " " B " }");
  advance(20000);
  expect_silence();
}

/* More sources than are kept: the whole group is answered. B7-128: once, however often asked. */
PACKET_TEST(test_query_flood)
{
  up();
  char sources[32 * 24] = "";
  two_groups();
  for (unsigned i = 0; i < 30; i++) {
    size_t used = strlen(sources);
    snprintf(sources + used, sizeof sources - used, SOURCE(1) " ", i + 1);
  }
  for (unsigned i = 0; i < 100; i++) {
    rx(query(G1, 10, 2, sources));
  }
  for (unsigned i = 0; i < 100; i++) {
    rx(query(NULL, 10, 2, ""));
  }
  advance(1000);
  assert_int_not_equal(strlen(report_sent()), 0);
  report_sent(); /* the group's answer may come before the interface's */
  expect_silence();
  expect_no_drop();
}

/* The querier's robustness variable says how often changes are repeated; 0: the default, 2. */
PACKET_TEST(test_robustness)
{
  up();
  rx(query(NULL, 1, 4, ""));
  advance(100);
  assert_int_equal(join(G1), ERR_OK);
  expect_report("TO_EX " G1 " { }");
  for (unsigned i = 0; i < 3; i++) {
    advance(1000);
  }
  expect_report("TO_EX " G1 " { }");
  expect_report("TO_EX " G1 " { }");
  expect_report("TO_EX " G1 " { }");
  advance(20000);
  expect_silence();
  rx(query(NULL, 1, 0, ""));
  advance(100);
  tx_discard();
  assert_int_equal(leave(G1), ERR_OK);
  expect_change("TO_IN " G1 " { }");
}

/* --- older queriers (RFC 3376 7.2, RFC 3810 8.2) --- */

/* The other version ends what was being repeated; it lasts as long as such queriers are heard. */
PACKET_TEST(test_older_querier)
{
  up();
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A), ERR_OK);
  report_sent();
  rx(old_query());
  advance(1000);
  expect_report(OLD " " G1);
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, B), ERR_OK);
  expect_no_report(); /* it cannot be said */
  rx(query(NULL, 10, 2, ""));
  advance(1000);
  expect_report(OLD " " G1);
  expect_no_report();
  mcast_leave(&m1);
  expect_report(OLD_LEAVE " " G1);
  advance(261000); /* RFC 3376 8.12, RFC 3810 9.12: 2 * 125 s + 10 s */
  assert_int_equal(join(G2), ERR_OK);
  expect_change("TO_EX " G2 " { }");
}

/* Others' reports of old versions do not suppress ours (RFC 3376 7.2.2, RFC 3810 8.2.2: MAY). */
PACKET_TEST(test_no_suppression)
{
  two_groups();
  rx(query(G1, 10, 2, ""));
  rx(old_report(G1));
  advance(1000);
  expect_report("IS_IN " G1 " { " A " " B " }");
  expect_no_drop();
}

/* A timeout in an old mode with groups that were left, and timers that were set. */
PACKET_TEST(test_mode_changes_forget_what_is_pending)
{
  up();
  u32_t timers = timers_count();
  two_groups();
  assert_int_equal(leave(G1), ERR_VAL);
  mcast_leave(&m1);
  rx(query(G2, 100, 2, ""));
  tx_discard();
  rx(old_query());
  assert_int_equal(timers_count(), timers + 2 + OTHER_GROUPS); /* the mode's, and answers */
  mcast_leave(&m2);
  assert_false(has_entry(G1));
  advance(261000);
  assert_int_equal(timers_count(), timers);
  expect_no_report();
}

/** A report that could not be sent. */
static void no_memory(enum drop_reason why)
{
  up();
  fault_arm(2); /* the first is the group's */
  err_t err = join(G1);
  fault_arm(0);
  assert_int_equal(err, ERR_OK);
  expect_drop(why);
  expect_silence();
  advance(1000);
  expect_report("TO_EX " G1 " { }"); /* that is what repetition is for */
}

#define MULTICAST_CASES                                                                            \
  TEST_FLAGS(test_join_and_leave, PACKET_ONCE), TEST_FLAGS(test_state_changes, PACKET_ONCE),       \
      TEST_FLAGS(test_changes_are_merged, PACKET_ONCE),                                            \
      TEST_FLAGS(test_leave_and_join_again, PACKET_ONCE),                                          \
      TEST_FLAGS(test_repetitions_share_a_report, PACKET_ONCE),                                    \
      TEST_FLAGS(test_too_many_changes, PACKET_ONCE), TEST(test_general_query),                    \
      TEST(test_group_query), TEST(test_group_and_source_query), TEST(test_queries_are_merged),    \
      TEST(test_query_flood), TEST(test_robustness), TEST(test_older_querier),                     \
      TEST(test_no_suppression), TEST(test_mode_changes_forget_what_is_pending)

#endif /* MULTICAST_CASES_H */
