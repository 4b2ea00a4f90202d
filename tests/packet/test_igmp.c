/*
 * IGMP versions 1 and 2, checks of what comes in, and the lwIP calls (RFC 2236, RFC 1112, RFC 3376
 * 7; security vectors B7-123..129; features 13, 15, 114 to 117).
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_IPV4 && LWIP_IGMP

#include "igmp_text.h"
#include "gossamer/timer.h"

/* --- what comes in --- */

PACKET_TEST(test_short_messages)
{
  u8_t m[8] = {IGMP_MEMB_QUERY, 10};
  for (size_t len = 0; len < sizeof m; len++) {
    rx(igmp4(ROUTER, "224.0.0.1", m, len));
    expect_drop(DROP_IGMP_SHORT);
  }
}

/* RFC 3376 7.1: a query of 9 to 11 bytes is of no version. */
PACKET_TEST(test_query_lengths_of_no_version)
{
  u8_t m[12] = {IGMP_MEMB_QUERY, 10};
  for (size_t len = 9; len < sizeof m; len++) {
    rx(igmp4(ROUTER, "224.0.0.1", m, len));
    expect_drop(DROP_IGMP_SHORT);
  }
}

PACKET_TEST(test_bad_checksum)
{
  struct frame f = igmp_query("224.0.0.1", NULL, 10);
  put8(&f, f.len - 7, 11);
  rx(f);
  expect_drop(DROP_IGMP_BAD_CHECKSUM);
}

PACKET_TEST(test_forwarded_messages)
{
  struct frame f = igmp_query("224.0.0.1", NULL, 10);
  put8(&f, 22, 2);
  ip4_fix_checksum(&f);
  rx(f);
  expect_drop(DROP_IGMP_BAD_TTL);
}

/* RFC 3376 4.1.12: groups and addresses of ours, not broadcasts; unicast from neighbours only. */
PACKET_TEST(test_query_destinations)
{
  u8_t m[8] = {IGMP_MEMB_QUERY, 1};
  assert_int_equal(join(G1), ERR_OK);
  advance(10000);
  tx_discard();
  rx(igmp_query("255.255.255.255", NULL, 1));
  expect_drop(DROP_IGMP_BAD_DST);
  rx(igmp_query("10.0.0.255", NULL, 1));
  expect_drop(DROP_IGMP_BAD_DST);
  rx(igmp4("192.168.7.7", "10.0.0.1", m, sizeof m));
  expect_drop(DROP_IGMP_BAD_SRC);
  advance(1000);
  expect_silence();
  rx(igmp4("192.168.7.7", "224.0.0.1", m, sizeof m)); /* a querier of another subnet */
  advance(100);
  expect_igmp("V2 " G1);
  rx(igmp_query("10.0.0.1", NULL, 1));
  advance(100);
  expect_igmp("V2 " G1);
  rx(igmp4("0.0.0.0", "224.0.0.1", m, sizeof m)); /* RFC 4541 2.1.1: switches */
  advance(100);
  expect_igmp("V2 " G1);
  expect_no_drop();
}

PACKET_TEST(test_query_without_router_alert)
{
  u8_t m[8] = {IGMP_MEMB_QUERY, 1};
  struct ip4_spec spec = ip4_spec_of(ROUTER, "224.0.0.1", IP_PROTO_IGMP);
  spec.ttl = 1;
  u16_t checksum = checksum_of(m, sizeof m);
  m[2] = (u8_t)(checksum >> 8);
  m[3] = (u8_t)checksum;
  assert_int_equal(join(G1), ERR_OK);
  tx_discard();
  rx(ip4_opts(spec, m, sizeof m));
  advance(100);
  expect_igmp("V2 " G1);
}

PACKET_TEST(test_unknown_types)
{
  static const u8_t types[] = {0x00, 0x13, 0x14, IGMP_LEAVE_GROUP, 0x22, 0x30, 0xff};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    u8_t m[8] = {types[i]};
    rx(igmp4("10.0.0.2", "224.0.0.1", m, sizeof m));
    expect_drop(DROP_IGMP_UNKNOWN_TYPE);
  }
  expect_silence();
}

PACKET_TEST(test_queries_about_other_groups)
{
  rx(igmp_query("224.0.0.1", G1, 10));
  expect_drop(DROP_IGMP_NOT_MEMBER);
  rx(igmp_query("224.0.0.1", "224.0.0.1", 10));
  expect_drop(DROP_IGMP_NOT_MEMBER);
  advance(30000);
  expect_silence();
}

/* RFC 2236 9: reports to another group, or from off the link, suppress nothing. */
PACKET_TEST(test_forged_reports)
{
  u8_t m[8] = {IGMP_V2_MEMB_REPORT, 0, 0, 0, 239, 1, 1, 1};
  assert_int_equal(join(G1), ERR_OK);
  rx(igmp_query("224.0.0.1", NULL, 100));
  tx_discard();
  rx(igmp4("10.0.0.2", "224.0.0.1", m, sizeof m));
  expect_drop(DROP_IGMP_BAD_DST);
  rx(igmp4("10.0.0.2", "10.0.0.1", m, sizeof m));
  expect_drop(DROP_IGMP_BAD_DST);
  rx(igmp4("192.168.7.7", G1, m, sizeof m));
  expect_drop(DROP_IGMP_BAD_SRC);
  advance(10000);
  expect_igmp("V2 " G1);
}

/* --- version 2 --- */

PACKET_TEST(test_v2_join_and_leave)
{
  u32_t timers = timers_count();
  rx(igmp_query("224.0.0.1", NULL, 100));
  assert_int_equal(join(G1), ERR_OK);
  expect_igmp("V2 " G1);
  advance(10000); /* the repetition (RFC 2236 8.10) */
  expect_igmp("V2 " G1);
  advance(60000);
  expect_silence();
  assert_int_equal(leave(G1), ERR_OK);
  expect_igmp("LEAVE " G1);
  advance(190000); /* until the querier is forgotten */
  expect_silence();
  assert_int_equal(timers_count(), timers);
  expect_no_drop();
}

PACKET_TEST(test_v2_queries_are_answered_within_their_time)
{
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(join(G2), ERR_OK);
  rx(igmp_query("224.0.0.1", NULL, 1));
  tx_discard();
  advance(100);
  const char *first = igmp_sent();
  assert_true(strcmp(first, "V2 " G1) == 0 || strcmp(first, "V2 " G2) == 0);
  assert_int_equal(strncmp(igmp_sent(), "V2 ", 3), 0);
  expect_silence();
  rx(igmp_query(G2, G2, 1));
  advance(100);
  expect_igmp("V2 " G2);
  expect_silence();
}

/* B7-124: tenths of a second up to 255, no floating point in messages of 8 bytes. */
PACKET_TEST(test_v2_response_time_is_linear)
{
  assert_int_equal(join(G1), ERR_OK);
  rx(igmp_query("224.0.0.1", NULL, 1));
  advance(20000);
  for (unsigned i = 0; i < 8; i++) {
    tx_discard();
    rx(igmp_query("224.0.0.1", NULL, 0xc8));
    advance(20000);
    expect_igmp("V2 " G1);
  }
}

/* B7-127: another's report is enough, and the last reporter says goodbye. */
PACKET_TEST(test_v2_suppression)
{
  u8_t m[8] = {IGMP_V2_MEMB_REPORT, 0, 0, 0, 239, 1, 1, 1};
  rx(igmp_query("224.0.0.1", NULL, 100));
  assert_int_equal(join(G1), ERR_OK);
  expect_igmp("V2 " G1);
  rx(igmp_query("224.0.0.1", NULL, 100));
  rx(igmp4("10.0.0.2", G1, m, sizeof m));
  advance(20000);
  expect_silence();
  assert_int_equal(leave(G1), ERR_OK);
  expect_silence(); /* 10.0.0.2 will say it */
  expect_no_drop();
}

/* B7-128: one answer per group, however often it is asked for. */
PACKET_TEST(test_query_flood)
{
  assert_int_equal(join(G1), ERR_OK);
  rx(igmp_query("224.0.0.1", NULL, 1));
  advance(20000);
  tx_discard();
  u32_t timers = timers_count();
  for (unsigned i = 0; i < 300; i++) {
    rx(igmp_query("224.0.0.1", NULL, 100));
    rx(igmp_query(G1, G1, 100));
  }
  assert_int_equal(timers_count(), timers + 1);
  advance(10000);
  expect_igmp("V2 " G1);
  expect_silence();
}

/* --- version 1 --- */

/* B7-125: response time 0 means version 1, which has no leaves; 260 s later it is forgotten. */
PACKET_TEST(test_v1_mode)
{
  rx(igmp_query("224.0.0.1", NULL, 0));
  assert_int_equal(join(G1), ERR_OK);
  expect_igmp("V1 " G1);
  advance(20000);
  tx_discard();
  rx(igmp_query("224.0.0.1", NULL, 0));
  advance(10000);
  expect_igmp("V1 " G1);
  assert_int_equal(leave(G1), ERR_OK);
  expect_silence();
  advance(251000);
  assert_int_equal(join(G2), ERR_OK);
  assert_int_not_equal(strncmp(igmp_sent(), "V1", 2), 0);
}

/* Version 1 wins over version 2 as long as its querier is there (RFC 3376 7.2.1). */
PACKET_TEST(test_v1_wins_over_v2)
{
  rx(igmp_query("224.0.0.1", NULL, 0));
  rx(igmp_query("224.0.0.1", NULL, 100));
  assert_int_equal(join(G1), ERR_OK);
  expect_igmp("V1 " G1);
}

/* --- lwIP's calls --- */

/** What the driver's filter was told. */
static struct {
  unsigned added, deleted;
} filter;

static err_t count_filter(struct netif *netif, const ip4_addr_t *group,
                          enum netif_mac_filter_action action)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(group);
  if (action == NETIF_ADD_MAC_FILTER) {
    filter.added++;
  } else {
    filter.deleted++;
  }
  return ERR_OK;
}

PACKET_TEST(test_joins_count)
{
  memset(&filter, 0, sizeof filter);
  netif_set_igmp_mac_filter(&net.netif, count_filter);
  ip4_addr_t g1 = ip4_of(G1);
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(join(G1), ERR_OK);
  tx_discard();
  advance(5000);
  tx_discard();
  struct igmp_group *g = igmp_lookfor_group(&net.netif, &g1);
  assert_non_null(g);
  assert_int_equal(g->use, 2);
  assert_int_equal(filter.added, 1);
  assert_int_equal(leave(G1), ERR_OK);
  expect_silence();
  assert_int_equal(filter.deleted, 0);
  assert_int_equal(leave(G1), ERR_OK);
  assert_int_equal(filter.deleted, 1);
  assert_null(igmp_lookfor_group(&net.netif, &g1));
  assert_int_equal(leave(G1), ERR_VAL);
  assert_int_equal(join(G1), ERR_OK); /* while the farewell is still being repeated */
  assert_int_equal(filter.added, 2);
  assert_non_null(igmp_lookfor_group(&net.netif, &g1));
}

PACKET_TEST(test_bad_arguments)
{
  ip4_addr_t g1 = ip4_of(G1), any = ip4_of("0.0.0.0"), ours = ip4_of("10.0.0.1");
  ip4_addr_t stranger = ip4_of("10.9.9.9");
  struct netif plain;
  memset(&plain, 0, sizeof plain);
  assert_int_equal(join("224.0.0.1"), ERR_VAL);
  assert_int_equal(join("10.0.0.2"), ERR_VAL);
  assert_int_equal(leave("10.0.0.2"), ERR_VAL);
  assert_int_equal(igmp_joingroup_netif(NULL, &g1), ERR_VAL);
  assert_int_equal(igmp_joingroup_netif(&plain, &g1), ERR_VAL);
  assert_int_equal(igmp_joingroup(&stranger, &g1), ERR_VAL);
  assert_int_equal(igmp_joingroup(&ours, &g1), ERR_OK);
  assert_int_equal(igmp_joingroup(&any, &g1), ERR_OK);
  assert_int_equal(igmp_lookfor_group(&net.netif, &g1)->use, 2);
  assert_int_equal(igmp_leavegroup(&any, &g1), ERR_OK);
  assert_int_equal(igmp_leavegroup(&ours, &g1), ERR_OK);
  assert_int_equal(igmp_leavegroup(&ours, &g1), ERR_VAL);
}

/* 224.0.0.1 is joined by itself and never reported; other link-local groups are. */
PACKET_TEST(test_link_local_groups)
{
  ip4_addr_t all = ip4_of("224.0.0.1");
  assert_ptr_equal(igmp_lookfor_group(&net.netif, &all), netif_igmp_data(&net.netif));
  rx(igmp_query("224.0.0.1", NULL, 1));
  assert_int_equal(join("224.0.0.251"), ERR_OK);
  expect_igmp("V2 224.0.0.251");
  advance(10000);
  expect_igmp("V2 224.0.0.251");
  expect_silence();
}

/* MEMP_NUM_IGMP_GROUP bounds all; a group that was left gives its place away. */
PACKET_TEST(test_groups_are_bounded)
{
  unsigned num = 0;
  char group[16];
  err_t err = ERR_OK;
  while (err == ERR_OK && num <= MEMP_NUM_IGMP_GROUP) {
    num++;
    snprintf(group, sizeof group, "239.2.%u.%u", num / 256, num % 256);
    err = join(group);
  }
  assert_int_equal(err, ERR_MEM);
  assert_true(num <= MEMP_NUM_IGMP_GROUP);
  assert_int_equal(leave("239.2.0.1"), ERR_OK);
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(join(G2), ERR_MEM);
}

/* Down: silent, and nothing is set. Up again, or another address: all is reported (feature 15). */
PACKET_TEST(test_link_changes)
{
  u32_t timers = timers_count();
  netif_set_link_down(&net.netif);
  assert_int_equal(join(G1), ERR_OK);
  advance(10000);
  expect_silence();
  netif_set_link_up(&net.netif);
  rx(igmp_query("224.0.0.1", NULL, 1));
  tx_discard();
  netif_set_link_down(&net.netif);
  assert_int_equal(timers_count(), timers);
  netif_set_link_up(&net.netif);
  bool is_reported = false;
  advance(500);
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    is_reported = is_reported || (get16(f, 12) == ETHTYPE_IP && get8(f, 23) == IP_PROTO_IGMP);
  }
  assert_true(is_reported);
  advance(20000);
  tx_discard();
  igmp_report_groups(&net.netif);
  advance(500);
  assert_int_not_equal(strlen(igmp_sent()), 0);
}

/* igmp_tmr() runs what is due and needs no help by it. */
PACKET_TEST(test_tmr)
{
  assert_int_equal(join(G1), ERR_OK);
  igmp_init();
  igmp_tmr();
  tx_discard();
  expect_silence();
}

static err_t silent_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(to);
  return ERR_OK;
}

static err_t silent_init(struct netif *netif)
{
  netif->output = silent_output;
  netif->mtu = 1500;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_LINK_UP | NETIF_FLAG_IGMP;
  return ERR_OK;
}

/* B7-129: the interface goes while timers of its groups are set. */
PACKET_TEST(test_netif_goes_while_timers_are_set)
{
  static struct netif other;
  ip4_addr_t addr = ip4_of("10.5.0.1"), mask = ip4_of("255.255.255.0"), g1 = ip4_of(G1);
  u32_t timers = timers_count();
  memset(&other, 0, sizeof other);
  assert_non_null(netif_add(&other, &addr, &mask, NULL, NULL, silent_init, netif_input));
  netif_set_up(&other);
  err_t err = igmp_joingroup_netif(&other, &g1);
  igmp_report_groups(&other);
  bool was_set = timers_count() > timers;
  netif_remove(&other);
  assert_int_equal(err, ERR_OK);
  assert_true(was_set);
  assert_int_equal(timers_count(), timers);
  advance(20000);
  expect_silence();
}

PACKET_TEST(test_stop_and_start)
{
  ip4_addr_t g1 = ip4_of(G1);
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(igmp_stop(&net.netif), ERR_OK);
  assert_int_equal(igmp_stop(&net.netif), ERR_OK);
  assert_null(igmp_lookfor_group(&net.netif, &g1));
  tx_discard();
  rx(igmp_query("224.0.0.1", NULL, 1)); /* 224.0.0.1 is still accepted (RFC 1112 4) */
  expect_drop(DROP_IGMP_NOT_MEMBER);
  advance(10000);
  expect_silence();
  assert_int_equal(igmp_start(&net.netif), ERR_OK);
  assert_int_equal(igmp_start(&net.netif), ERR_OK);
  assert_int_equal(join(G1), ERR_OK);
}

#if IGMP_STATS
PACKET_TEST(test_counters)
{
  const struct stats_igmp igmp = lwip_stats.igmp; /* builds of one instance never zero them */
  u8_t m[8] = {IGMP_V2_MEMB_REPORT, 0, 0, 0, 239, 1, 1, 1};
  assert_int_equal(join(G1), ERR_OK);
  rx(igmp_query("224.0.0.1", NULL, 0));
  rx(igmp_query(G1, G1, 10));
  rx(igmp4("10.0.0.2", G1, m, sizeof m));
  assert_int_equal(lwip_stats.igmp.recv - igmp.recv, 3);
  assert_int_equal(lwip_stats.igmp.rx_general - igmp.rx_general, 1);
  assert_int_equal(lwip_stats.igmp.rx_v1 - igmp.rx_v1, 1);
  assert_int_equal(lwip_stats.igmp.rx_group - igmp.rx_group, 1);
  assert_int_equal(lwip_stats.igmp.rx_report - igmp.rx_report, 1);
  assert_int_equal(lwip_stats.igmp.tx_join - igmp.tx_join, 1);
  assert_int_equal(lwip_stats.igmp.tx_report - igmp.tx_report, 1);
  assert_int_equal(lwip_stats.igmp.xmit - igmp.xmit, 1);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_short_messages),
    TEST(test_query_lengths_of_no_version),
    TEST(test_bad_checksum),
    TEST(test_forwarded_messages),
    TEST(test_query_destinations),
    TEST(test_query_without_router_alert),
    TEST(test_unknown_types),
    TEST(test_queries_about_other_groups),
    TEST(test_forged_reports),
    TEST(test_v2_join_and_leave),
    TEST(test_v2_queries_are_answered_within_their_time),
    TEST(test_v2_response_time_is_linear),
    TEST(test_v2_suppression),
    TEST(test_query_flood),
    TEST(test_v1_mode),
    TEST(test_v1_wins_over_v2),
    TEST_FLAGS(test_joins_count, PACKET_ONCE),
    TEST_FLAGS(test_bad_arguments, PACKET_ONCE),
    TEST(test_link_local_groups),
    TEST_FLAGS(test_groups_are_bounded, PACKET_ONCE),
    TEST(test_link_changes),
    TEST_FLAGS(test_tmr, PACKET_ONCE),
    /* A body that ends early would leave its netif behind. */
    TEST_FLAGS(test_netif_goes_while_timers_are_set, PACKET_ONCE),
    TEST(test_stop_and_start),
#if IGMP_STATS
    TEST(test_counters),
#endif
};

#else

PACKET_TEST(test_without_igmp)
{
  u8_t m[8] = {0x11};
  rx(igmp4("10.0.0.2", "10.0.0.1", m, sizeof m));
  expect_drop(DROP_IP4_NO_PROTO);
}

static const struct packet_test tests[] = {TEST(test_without_igmp)};

#endif

PACKET_MAIN(tests)
