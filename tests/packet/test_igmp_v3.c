/*
 * IGMP version 3: state changes, queries, compatibility, sizes (RFC 3376 4 to 8; security vectors
 * B7-124, 125, 128).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_IPV4 && LWIP_IGMP && LWIP_IGMP_V3

#include "igmp_text.h"
#include "base/fault.h"
#include "gossamer/multicast.h"
#include "gossamer/timer.h"
#include "wire/igmp.h"

#define G1 "239.1.1.1"
#define G2 "239.1.1.2"
#define A  "10.0.0.21"
#define B  "10.0.0.22"
#define C  "10.0.0.23"

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
  expect_igmp(want);
  expect_silence();
  advance(1000);
  expect_igmp(want);
  advance(20000);
  expect_silence();
}

PACKET_TEST(test_join_and_leave)
{
  u32_t timers = timers_count();
  assert_int_equal(join(G1), ERR_OK);
  expect_change("TO_EX " G1 " { }");
  assert_int_equal(leave(G1), ERR_OK);
  expect_change("TO_IN " G1 " { }");
  assert_int_equal(timers_count(), timers);
  assert_null(netif_igmp_data(&net.netif)->next); /* and its memory is free */
  expect_no_drop();
}

/* RFC 3376 5.1: the table of state changes. */
PACKET_TEST(test_state_changes)
{
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

/* RFC 3376 5.1: a change while an earlier one is being repeated is merged with it. */
PACKET_TEST(test_changes_are_merged)
{
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A), ERR_OK);
  expect_igmp("ALLOW " G1 " { " A " }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, A " " B), ERR_OK);
  expect_igmp("ALLOW " G1 " { " A " " B " }");
  advance(1000);
  expect_igmp("ALLOW " G1 " { " B " }");
  advance(20000);
  expect_silence();
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, ""), ERR_OK);
  expect_igmp("TO_EX " G1 " { }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, C), ERR_OK);
  expect_igmp("TO_EX " G1 " { " C " }"); /* a mode change is repeated with today's list */
  advance(1000);
  expect_igmp("BLOCK " G1 " { " C " }");
  advance(20000);
  expect_silence();
}

/* Rejoining while the farewell is being repeated. */
PACKET_TEST(test_leave_and_join_again)
{
  assert_int_equal(join(G1), ERR_OK);
  expect_change("TO_EX " G1 " { }");
  assert_int_equal(leave(G1), ERR_OK);
  expect_igmp("TO_IN " G1 " { }");
  assert_int_equal(join(G1), ERR_OK);
  expect_change("TO_EX " G1 " { }");
}

/* Repetitions of several groups share a report. */
PACKET_TEST(test_repetitions_share_a_report)
{
  assert_int_equal(join(G1), ERR_OK);
  expect_igmp("TO_EX " G1 " { }");
  assert_int_equal(join_with(&m2, G2, MCAST_MODE_INCLUDE, A), ERR_OK);
  expect_igmp("ALLOW " G2 " { " A " }");
  advance(1000);
  expect_igmp("ALLOW " G2 " { " A " } TO_EX " G1 " { }");
  advance(20000);
  expect_silence();
}

/* More changed sources than are kept: the whole state is said instead. */
PACKET_TEST(test_too_many_changes)
{
  char sources[1024] = "", first[1024] = "", want[1200];
  unsigned num = MCAST_MAX_PENDING;
  for (unsigned i = 0; i < num; i++) {
    size_t used = strlen(sources);
    snprintf(sources + used, sizeof sources - used, "%s10.1.0.%u", i > 0 ? " " : "", i + 1);
    used = strlen(first);
    snprintf(first + used, sizeof first - used, "%s10.2.0.%u", i > 0 ? " " : "", i + 1);
  }
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, first), ERR_OK);
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, sources), ERR_OK);
  igmp_sent();
  snprintf(want, sizeof want, "TO_IN " G1 " { %s }", sources);
  expect_change(want);
}

/* --- queries --- */

/** One group of any source, one of some sources, and silence. */
static void two_groups(void)
{
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A " " B), ERR_OK);
  assert_int_equal(join_with(&m2, G2, MCAST_MODE_EXCLUDE, C), ERR_OK);
  advance(20000);
  tx_discard();
}

PACKET_TEST(test_general_query)
{
  two_groups();
  rx(igmp_query_v3("224.0.0.1", NULL, 10, 2, 125, ""));
  expect_silence();
  advance(1000);
  expect_igmp("IS_EX " G2 " { " C " } IS_IN " G1 " { " A " " B " }");
  advance(20000);
  expect_silence();
}

PACKET_TEST(test_group_query)
{
  two_groups();
  rx(igmp_query_v3(G1, G1, 10, 2, 125, ""));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " A " " B " }");
  rx(igmp_query_v3(G2, G2, 10, 2, 125, ""));
  advance(1000);
  expect_igmp("IS_EX " G2 " { " C " }");
  advance(20000);
  expect_silence();
}

/* RFC 3376 5.2: INCLUDE (A) asked for B: A*B. EXCLUDE (A): B-A. Nothing left: no answer. */
PACKET_TEST(test_group_and_source_query)
{
  two_groups();
  rx(igmp_query_v3(G1, G1, 10, 2, 125, B " " C));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " B " }");
  rx(igmp_query_v3(G1, G1, 10, 2, 125, C));
  advance(1000);
  expect_silence();
  rx(igmp_query_v3(G2, G2, 10, 2, 125, A " " C));
  advance(1000);
  expect_igmp("IS_IN " G2 " { " A " }");
  advance(20000);
  expect_silence();
}

/* RFC 3376 5.2, 4 and 5: pending answers grow together, and the whole group beats its sources. */
PACKET_TEST(test_queries_are_merged)
{
  two_groups();
  rx(igmp_query_v3(G1, G1, 10, 2, 125, A));
  rx(igmp_query_v3(G1, G1, 10, 2, 125, B));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " A " " B " }");
  rx(igmp_query_v3(G1, G1, 10, 2, 125, A));
  rx(igmp_query_v3(G1, G1, 10, 2, 125, ""));
  rx(igmp_query_v3(G1, G1, 10, 2, 125, A));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " A " " B " }");
  advance(20000);
  expect_silence();
}

/* More sources than are kept: the whole group is answered. B7-128: once, however often asked. */
PACKET_TEST(test_query_flood)
{
  char sources[32 * 16] = "";
  two_groups();
  for (unsigned i = 0; i < 30; i++) {
    size_t used = strlen(sources);
    snprintf(sources + used, sizeof sources - used, "10.1.0.%u ", i + 1);
  }
  for (unsigned i = 0; i < 100; i++) {
    rx(igmp_query_v3(G1, G1, 10, 2, 125, sources));
  }
  for (unsigned i = 0; i < 100; i++) {
    rx(igmp_query_v3("224.0.0.1", NULL, 10, 2, 125, ""));
  }
  advance(1000);
  assert_int_not_equal(strlen(igmp_sent()), 0);
  igmp_sent(); /* the group's answer may come before the interface's */
  expect_silence();
  expect_no_drop();
}

PACKET_TEST(test_sources_that_are_not_there)
{
  static const u16_t counts[] = {1, 2, 0x4000, 0xffff};
  u8_t m[12] = {IGMP_MEMB_QUERY, 10, 0, 0, 239, 1, 1, 1, 2, 125};
  two_groups();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(counts); i++) {
    m[10] = (u8_t)(counts[i] >> 8);
    m[11] = (u8_t)counts[i];
    rx(igmp4(ROUTER, G1, m, sizeof m));
    expect_drop(DROP_IGMP_BAD_SOURCE_COUNT);
  }
  advance(20000);
  expect_silence();
}

/* B7-124: codes from 128 on are floating point in messages of 12 bytes, and only there. */
PACKET_TEST(test_codes)
{
  u8_t m[12] = {IGMP_MEMB_QUERY};
  struct mcast_query q;
  static const struct {
    u8_t code;
    u32_t v2_ms, v3_ms;
  } cases[] = {{1, 100, 100},       {100, 10000, 10000}, {127, 12700, 12700},
               {128, 12800, 12800}, {138, 13800, 20800}, {0xff, 25500, 3174400}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    m[1] = cases[i].code;
    m[9] = cases[i].code;
    assert_int_equal(igmp_query_parse(&q, m, 8), DROP_NONE);
    assert_int_equal(q.version, 2);
    assert_int_equal(q.max_resp_ms, cases[i].v2_ms);
    assert_int_equal(igmp_query_parse(&q, m, 12), DROP_NONE);
    assert_int_equal(q.version, 3);
    assert_int_equal(q.max_resp_ms, cases[i].v3_ms);
    assert_int_equal(q.interval_s, cases[i].v3_ms / 100);
  }
  m[1] = 0;
  assert_int_equal(igmp_query_parse(&q, m, 8), DROP_NONE);
  assert_int_equal(q.version, 1);
  assert_int_equal(igmp_query_parse(&q, m, 12), DROP_NONE);
  assert_int_equal(q.version, 3);
  assert_int_equal(q.max_resp_ms, 100);
}

/* The querier's robustness variable says how often changes are repeated; 0: the default, 2. */
PACKET_TEST(test_robustness)
{
  rx(igmp_query_v3("224.0.0.1", NULL, 1, 4, 125, ""));
  advance(100);
  assert_int_equal(join(G1), ERR_OK);
  expect_igmp("TO_EX " G1 " { }");
  for (unsigned i = 0; i < 3; i++) {
    advance(1000);
  }
  expect_igmp("TO_EX " G1 " { }");
  expect_igmp("TO_EX " G1 " { }");
  expect_igmp("TO_EX " G1 " { }");
  advance(20000);
  expect_silence();
  rx(igmp_query_v3("224.0.0.1", NULL, 1, 0, 125, ""));
  advance(100);
  tx_discard();
  assert_int_equal(leave(G1), ERR_OK);
  expect_change("TO_IN " G1 " { }");
}

/* --- older queriers (RFC 3376 7.2) --- */

PACKET_TEST(test_v2_querier)
{
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, A), ERR_OK);
  igmp_sent();
  rx(igmp_query("224.0.0.1", NULL, 10)); /* ends the repetition in version 3 */
  advance(1000);
  expect_igmp("V2 " G1);
  assert_int_equal(set_filter(&m1, MCAST_MODE_INCLUDE, B), ERR_OK);
  expect_silence(); /* it cannot be said */
  rx(igmp_query_v3("224.0.0.1", NULL, 10, 2, 125, ""));
  advance(1000);
  expect_igmp("V2 " G1);
  mcast_leave(&m1);
  expect_igmp("LEAVE " G1);
  advance(261000); /* 8.12: 2 * 125 s + 10 s */
  assert_int_equal(join(G2), ERR_OK);
  expect_change("TO_EX " G2 " { }");
}

/* Version 2 queries about one group do not change the mode (RFC 3376 7.2.1). */
PACKET_TEST(test_v2_group_query_keeps_the_mode)
{
  two_groups();
  rx(igmp_query(G1, G1, 10));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " A " " B " }");
}

/* Others' reports of old versions do not suppress ours (RFC 3376 7.2.2: MAY). */
PACKET_TEST(test_no_suppression)
{
  u8_t report[8] = {IGMP_V2_MEMB_REPORT, 0, 0, 0, 239, 1, 1, 1};
  two_groups();
  rx(igmp_query_v3(G1, G1, 10, 2, 125, ""));
  rx(igmp4(A, G1, report, sizeof report));
  advance(1000);
  expect_igmp("IS_IN " G1 " { " A " " B " }");
  expect_no_drop();
}

/* A timeout in an old mode with groups that were left, and timers that were set. */
PACKET_TEST(test_mode_changes_forget_what_is_pending)
{
  u32_t timers = timers_count();
  two_groups();
  assert_int_equal(leave(G1), ERR_VAL);
  mcast_leave(&m1);
  rx(igmp_query_v3(G2, G2, 100, 2, 125, ""));
  tx_discard();
  rx(igmp_query("224.0.0.1", NULL, 0));
  assert_int_equal(timers_count(), timers + 2); /* the mode's, and one answer */
  mcast_leave(&m2);
  assert_null(netif_igmp_data(&net.netif)->next);
  advance(261000);
  assert_int_equal(timers_count(), timers);
  expect_silence();
}

/* --- sizes --- */

/* More groups than fit: several reports, none beyond the MTU, no group forgotten. */
PACKET_TEST(test_reports_fit_the_mtu)
{
  enum { NUM = 6 };
  net.netif.mtu = 68; /* 24 bytes of IP, 8 of IGMP, room for 4 records of 8 bytes */
  for (unsigned i = 0; i < NUM; i++) {
    char group[16];
    snprintf(group, sizeof group, "239.3.0.%u", i);
    assert_int_equal(join(group), ERR_OK);
  }
  advance(20000);
  tx_discard();
  rx(igmp_query_v3("224.0.0.1", NULL, 10, 2, 125, ""));
  advance(1000);
  unsigned records = 0;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    check_igmp(f, 0x22);
    assert_true(f->len <= 14 + 68);
    records += get16(f, ip4_payload_at(f) + 6);
  }
  assert_int_equal(records, NUM);
}

#if LWIP_MCAST_MAX_SOURCES >= 8
/* RFC 3376 4.2.16: lists of wanted sources are split, lists of unwanted ones are cut. */
PACKET_TEST(test_source_lists_fit_the_mtu)
{
  static const char *const eight =
      "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8";
  net.netif.mtu = 68;
  assert_int_equal(join_with(&m1, G1, MCAST_MODE_INCLUDE, eight), ERR_OK);
  expect_igmp("ALLOW " G1 " { 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 }");
  expect_igmp("ALLOW " G1 " { 1.1.1.8 }");
  assert_int_equal(set_filter(&m1, MCAST_MODE_EXCLUDE, eight), ERR_OK);
  expect_igmp("TO_EX " G1 " { 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 }");
  expect_silence();
}
#endif

PACKET_TEST(test_no_memory)
{
  fault_arm(2); /* the first is the group's */
  err_t err = join(G1);
  fault_arm(0);
  assert_int_equal(err, ERR_OK);
  expect_drop(DROP_IGMP_NO_MEMORY);
  expect_silence();
  advance(1000);
  expect_igmp("TO_EX " G1 " { }"); /* that is what repetition is for */
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_join_and_leave, PACKET_ONCE),
    TEST_FLAGS(test_state_changes, PACKET_ONCE),
    TEST_FLAGS(test_changes_are_merged, PACKET_ONCE),
    TEST_FLAGS(test_leave_and_join_again, PACKET_ONCE),
    TEST_FLAGS(test_repetitions_share_a_report, PACKET_ONCE),
    TEST_FLAGS(test_too_many_changes, PACKET_ONCE),
    TEST(test_general_query),
    TEST(test_group_query),
    TEST(test_group_and_source_query),
    TEST(test_queries_are_merged),
    TEST(test_query_flood),
    TEST(test_sources_that_are_not_there),
    TEST_FLAGS(test_codes, PACKET_ONCE),
    TEST(test_robustness),
    TEST(test_v2_querier),
    TEST(test_v2_group_query_keeps_the_mode),
    TEST(test_no_suppression),
    TEST(test_mode_changes_forget_what_is_pending),
    TEST(test_reports_fit_the_mtu),
#if LWIP_MCAST_MAX_SOURCES >= 8
    TEST_FLAGS(test_source_lists_fit_the_mtu, PACKET_ONCE),
#endif
    TEST_FLAGS(test_no_memory, PACKET_ONCE), /* makes its own faults */
};

#else

PACKET_TEST(test_without_version_3)
{
  rx(ip4("10.0.0.2", "10.0.0.1", 2, "abcdefgh", 8));
  assert_true(drop_count(DROP_IGMP_BAD_CHECKSUM) + drop_count(DROP_IP4_NO_PROTO) == 1);
  ignore_drops();
}

static const struct packet_test tests[] = {TEST(test_without_version_3)};

#endif

PACKET_MAIN(tests)
