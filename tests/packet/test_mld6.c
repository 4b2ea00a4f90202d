/*
 * MLD: checks of what comes in, version 1, and the lwIP calls (RFC 2710, RFC 3590, RFC 3810 6 and
 * 8; security vector B6-121; features 13, 15, 147, 180, 182).
 *
 * needs: ipv6
 */
#include "packet.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD

#include "mld6_text.h"
#include "gossamer/timer.h"
#include "ip/v6/mld6_module.h"

/** Nothing of this is answered: the group stays silent. */
static void expect_ignored(struct frame f, enum drop_reason why)
{
  rx(f);
  expect_drop(why);
}

static void joined(const char *group)
{
  assert_int_equal(join(group), ERR_OK);
  advance(20000);
  tx_discard();
}

/** A general query of version 2 in headers of the test's own making. */
static struct frame query_in(struct ip6_spec spec)
{
  u8_t m[28] = {T6_MLD_QUERY, 0, 0, 0, 0, 100};
  return icmp6_opts(spec, m, sizeof m);
}

/* --- what comes in --- */

PACKET_TEST(test_short_messages)
{
  u8_t m[28] = {T6_MLD_QUERY, 0, 0, 0, 0, 100};
  net6_up();
  joined(G1);
  for (size_t len = 8; len < sizeof m; len++) {
    if (len != 24) {
      expect_ignored(mld(ROUTER, "ff02::1", m, len), DROP_MLD6_SHORT);
    }
  }
  advance(1000);
  expect_silence();
}

/* B6-121: RFC 3810 6.2: hop limit 1. */
PACKET_TEST(test_forwarded_queries)
{
  struct ip6_spec spec = ip6_spec_of(ROUTER, "ff02::1", NH_ICMP6);
  net6_up();
  joined(G1);
  ip6_ext_router_alert(&spec, 0);
  static const u8_t limits[] = {2, 64, 255};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(limits); i++) {
    spec.hop_limit = limits[i];
    expect_ignored(query_in(spec), DROP_MLD6_BAD_HOP_LIMIT);
  }
  advance(1000);
  expect_silence();
}

/* B6-121: RFC 3810 6.2: the router alert option. */
PACKET_TEST(test_queries_without_router_alert)
{
  struct ip6_spec spec = ip6_spec_of(ROUTER, "ff02::1", NH_ICMP6);
  net6_up();
  joined(G1);
  spec.hop_limit = 1;
  expect_ignored(query_in(spec), DROP_MLD6_NO_ROUTER_ALERT);
  advance(1000);
  expect_silence();
  ip6_ext_router_alert(&spec, 0);
  rx(query_in(spec));
  advance(100);
#if LWIP_MLD_V2
  expect_mld("IS_EX " G1 " { }");
#else
  expect_mld("V1 " G1);
#endif
}

/* B6-121: RFC 3810 6.2, RFC 2710 5: a link-local source. :: is none (RFC 3590 is about reports). */
PACKET_TEST(test_query_sources)
{
  u8_t m[28] = {T6_MLD_QUERY, 0, 0, 0, 0, 100};
  net6_up();
  joined(G1);
  expect_ignored(mld("2001:db8::2", "ff02::1", m, sizeof m), DROP_MLD6_BAD_SRC);
  expect_ignored(mld("fec0::2", "ff02::1", m, sizeof m), DROP_MLD6_BAD_SRC);
  expect_ignored(mld("::", "ff02::1", m, sizeof m), DROP_MLD6_BAD_SRC);
  expect_ignored(mld1("2001:db8::2", T6_MLD_QUERY, 100, "::"), DROP_MLD6_BAD_SRC);
  advance(1000);
  expect_silence();
}

/* RFC 3810 5.1.15: any address of ours, which is good for debugging. */
PACKET_TEST(test_query_destinations)
{
  static const char *const to[] = {OURS, "2001:db8::1", "ff02::1", G1};
  u8_t m[28] = {T6_MLD_QUERY, 0, 0, 0, 0, 100};
  net6_up();
  joined(G1);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(to); i++) {
    rx(mld(ROUTER, to[i], m, sizeof m));
    advance(100);
    assert_int_not_equal(strlen(mld_sent()), 0);
    tx_discard();
  }
  expect_no_drop();
}

PACKET_TEST(test_messages_for_routers)
{
  u8_t report[28] = {T6_MLD2_REPORT, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0xff, 5};
  net6_up();
  rx(mld("fe80::2", "ff02::1", report, sizeof report));
  expect_drop(DROP_MLD6_FOR_ROUTERS);
  rx(mld("fe80::2", OURS, report, sizeof report));
  expect_drop(DROP_MLD6_FOR_ROUTERS);
  report[0] = T6_MLD1_DONE;
  rx(mld("fe80::2", "ff02::1", report, 24));
  expect_drop(DROP_MLD6_FOR_ROUTERS);
  expect_silence();
}

PACKET_TEST(test_queries_about_other_groups)
{
  net6_up();
  joined("ff02::1"); /* never reported (RFC 3810 6) */
  joined("ff01::5");
  joined("ff10::5");
  expect_ignored(query(G1, 1, 2, NULL), DROP_IP6_NOT_FOR_US);
  expect_ignored(mld2_query(ROUTER, "ff02::1", 100, G1, 2, 125, NULL), DROP_MLD6_NOT_MEMBER);
  expect_ignored(mld2_query(ROUTER, "ff02::1", 100, "ff02::1", 2, 125, NULL), DROP_MLD6_NOT_MEMBER);
  expect_ignored(mld2_query(ROUTER, "ff02::1", 100, "ff01::5", 2, 125, NULL), DROP_MLD6_NOT_MEMBER);
  expect_ignored(mld2_query(ROUTER, "ff02::1", 100, "ff10::5", 2, 125, NULL), DROP_MLD6_NOT_MEMBER);
  expect_ignored(mld2_query(ROUTER, "ff02::1", 100, OURS, 2, 125, NULL), DROP_MLD6_NOT_MEMBER);
  advance(30000);
  expect_silence();
  rx(query(NULL, 1, 2, NULL));
  advance(1000);
  expect_no_mld();
}

/* RFC 2710 5: reports to another group, or not from this link, suppress nothing. */
PACKET_TEST(test_forged_reports)
{
  u8_t m[24] = {T6_MLD1_REPORT, 0, 0, 0, 0, 0, 0, 0, 0xff, 5};
  m[21] = 1;
  m[23] = 1;
  net6_up();
  assert_int_equal(join(G1), ERR_OK);
  rx(mld1(ROUTER, T6_MLD_QUERY, 10000, "::"));
  tx_discard();
  rx(mld("fe80::2", "ff02::1", m, sizeof m));
  expect_drop(DROP_MLD6_BAD_DST);
  rx(mld("fe80::2", OURS, m, sizeof m));
  expect_drop(DROP_MLD6_BAD_DST);
  rx(mld("2001:db8::2", G1, m, sizeof m));
  expect_drop(DROP_MLD6_BAD_SRC);
  rx(mld("::", G1, m, sizeof m));
  expect_drop(DROP_MLD6_BAD_SRC);
  struct frame f = mld("fe80::2", G1, m, sizeof m);
  put8(&f, IP6_HOP_LIMIT_AT, 2);
  rx(f);
  expect_drop(DROP_MLD6_BAD_HOP_LIMIT);
  advance(10000);
  expect_mld("V1 " G1);
}

/* --- version 1 (B6-121: a version 1 query sets the mode) --- */

PACKET_TEST(test_v1_join_and_leave)
{
  net6_up();
  u32_t timers = timers_count();
  rx(old_query());
  advance(1000);
  tx_discard();
  assert_int_equal(join(G1), ERR_OK);
  expect_mld("V1 " G1);
  advance(10000); /* the repetition (RFC 2710 7.10) */
  expect_mld("V1 " G1);
  advance(60000);
  expect_silence();
  assert_int_equal(leave(G1), ERR_OK);
  expect_mld("DONE " G1);
  advance(190000); /* until the querier is forgotten: 2 * 125 s + 10 s (RFC 3810 9.12) */
  expect_silence();
  assert_int_equal(timers_count(), timers);
  expect_no_drop();
}

PACKET_TEST(test_v1_queries_are_answered_within_their_time)
{
  net6_up();
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(join(G2), ERR_OK);
  rx(mld1(ROUTER, T6_MLD_QUERY, 100, "::"));
  tx_discard();
  advance(100);
  assert_int_equal(strncmp(mld_sent(), "V1 ", 3), 0);
  assert_int_equal(strncmp(mld_sent(), "V1 ", 3), 0);
  expect_no_mld();
  rx(mld1(ROUTER, T6_MLD_QUERY, 100, G2));
  advance(100);
  expect_mld("V1 " G2);
  expect_no_mld();
}

/* B6-121: 0 means at once; version 1 counts milliseconds up to 65535, without floating point. */
PACKET_TEST(test_v1_response_times)
{
  net6_up();
  joined(G1);
  rx(mld1(ROUTER, T6_MLD_QUERY, 0, "::"));
  advance(1);
  expect_mld("V1 " G1);
  for (unsigned i = 0; i < 8; i++) {
    tx_discard();
    rx(mld1(ROUTER, T6_MLD_QUERY, 0xffff, "::"));
    advance(65535);
    expect_mld("V1 " G1);
  }
}

/* Another's report is enough, and the last reporter says that it is done (RFC 2710 4). */
PACKET_TEST(test_v1_suppression)
{
  net6_up();
  rx(mld1(ROUTER, T6_MLD_QUERY, 1, "::"));
  advance(1);
  tx_discard();
  assert_int_equal(join(G1), ERR_OK);
  expect_mld("V1 " G1);
  rx(mld1(ROUTER, T6_MLD_QUERY, 10000, G1));
  rx(mld1("fe80::2", T6_MLD1_REPORT, 0, G1));
  advance(20000);
  expect_no_mld();
  assert_int_equal(leave(G1), ERR_OK);
  expect_no_mld(); /* fe80::2 will say it */
  expect_no_drop();
}

/* One answer per group, however often it is asked for. */
PACKET_TEST(test_query_flood)
{
  net6_up();
  joined(G1);
  rx(mld1(ROUTER, T6_MLD_QUERY, 100, "::"));
  advance(20000);
  tx_discard();
  u32_t timers = timers_count();
  for (unsigned i = 0; i < 300; i++) {
    rx(mld1(ROUTER, T6_MLD_QUERY, 10000, "::"));
    rx(mld1(ROUTER, T6_MLD_QUERY, 10000, G1));
  }
  assert_int_equal(timers_count(), timers + 2); /* the group, and that of our address */
  advance(10000);
  expect_mld("V1 " G1);
  expect_no_mld();
}

/* --- lwIP's calls --- */

/** What the driver's filter was told. */
static struct {
  unsigned added, deleted;
  ip6_addr_t last;
} filter;

static err_t count_filter(struct netif *netif, const ip6_addr_t *group,
                          enum netif_mac_filter_action action)
{
  LWIP_UNUSED_ARG(netif);
  filter.last = *group;
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
  net6_up();
  netif_set_mld_mac_filter(&net.netif, count_filter);
  ip6_addr_t g1 = ip6_on(&net, G1);
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(join(G1), ERR_OK);
  advance(20000);
  tx_discard();
  struct mld_group *g = mld6_lookfor_group(&net.netif, &g1);
  assert_non_null(g);
  assert_int_equal(g->use, 2);
  assert_true(ip6_addr_eq(&g->group_address, &g1));
  assert_int_equal(filter.added, 1);
  assert_true(ip6_addr_eq(&filter.last, &g1));
  assert_int_equal(leave(G1), ERR_OK);
  expect_silence();
  assert_int_equal(filter.deleted, 0);
  assert_int_equal(leave(G1), ERR_OK);
  assert_int_equal(filter.deleted, 1);
  assert_null(mld6_lookfor_group(&net.netif, &g1));
  assert_int_equal(leave(G1), ERR_VAL);
  assert_int_equal(join(G1), ERR_OK); /* while the farewell is still being repeated */
  assert_int_equal(filter.added, 2);
  assert_non_null(mld6_lookfor_group(&net.netif, &g1));
}

PACKET_TEST(test_bad_arguments)
{
  ip6_addr_t g1 = ip6_on(&net, G1), ours = ip6_on(&net, OURS), global = ip6_of("2001:db8::1");
  ip6_addr_t stranger = ip6_of("2001:db8:9::9"), host = ip6_of("2001:db8::2");
  net6_up();
  assert_int_equal(join("2001:db8::2"), ERR_VAL); /* feature 182 */
  assert_int_equal(leave("2001:db8::2"), ERR_VAL);
  assert_int_equal(leave(G1), ERR_VAL);
  assert_int_equal(mld6_joingroup_netif(NULL, &g1), ERR_VAL);
  assert_int_equal(mld6_joingroup(&stranger, &g1), ERR_VAL);
  assert_int_equal(mld6_joingroup(&ours, &host), ERR_VAL);
  assert_int_equal(mld6_joingroup(&ours, &g1), ERR_OK);
  assert_int_equal(mld6_joingroup(&global, &g1), ERR_OK);
  assert_int_equal(mld6_joingroup(IP6_ADDR_ANY6, &g1), ERR_OK);
  assert_int_equal(mld6_joingroup(NULL, &g1), ERR_OK);
  assert_int_equal(mld6_lookfor_group(&net.netif, &g1)->use, 4);
  assert_int_equal(mld6_leavegroup(NULL, &g1), ERR_OK);
  assert_int_equal(mld6_leavegroup(IP6_ADDR_ANY6, &g1), ERR_OK);
  assert_int_equal(mld6_leavegroup(&global, &g1), ERR_OK);
  assert_int_equal(mld6_leavegroup(&ours, &g1), ERR_OK);
  assert_int_equal(mld6_leavegroup(&ours, &g1), ERR_VAL);
}

#if LWIP_IPV6_SCOPES
/* RFC 4007: a group of link scope is another one on every link. */
PACKET_TEST(test_zones)
{
  ip6_addr_t bare = ip6_of("ff02::5"), here = ip6_on(&net, "ff02::5"), elsewhere = here;
  ip6_addr_set_zone(&elsewhere, (u8_t)(netif_get_index(&net.netif) + 1));
  net6_up();
  assert_int_equal(mld6_joingroup_netif(&net.netif, &elsewhere), ERR_VAL);
  assert_int_equal(mld6_joingroup_netif(&net.netif, &bare), ERR_OK);
  assert_int_equal(mld6_joingroup_netif(&net.netif, &here), ERR_OK);
  struct mld_group *g = mld6_lookfor_group(&net.netif, &bare);
  assert_non_null(g);
  assert_int_equal(g->use, 2);
  assert_true(ip6_addr_eq(&g->group_address, &here));
  assert_int_equal(mld6_leavegroup_netif(&net.netif, &elsewhere), ERR_VAL);
}
#endif

/* ff01::1 and ff02::1 without joining; what is joined and only that. */
PACKET_TEST(test_accepted_groups)
{
  static const char *const mine[] = {"ff01::1", "ff02::1", G1, SOLICITED};
  static const char *const others[] = {G2, "ff02::2", "ff05::1", "ff02::1:ff00:2", "ff12::1"};
  net6_up();
  assert_int_equal(join(G1), ERR_OK);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(mine); i++) {
    ip6_addr_t group = ip6_on(&net, mine[i]);
    assert_true(mld6_accepts(&net.netif, &group, NULL));
    assert_true(mld6_accepts(&net.netif, &group, &group));
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(others); i++) {
    ip6_addr_t group = ip6_on(&net, others[i]);
    assert_false(mld6_accepts(&net.netif, &group, NULL));
  }
}

/* UDP to a group: to those who joined it. */
PACKET_TEST(test_datagrams)
{
  net6_up();
  app_udp("*", 7000);
  rx(udp6("2001:db8::2", 1, G1, 7000, "x", 1));
  expect_no_datagram();
  expect_drop(DROP_IP6_NOT_FOR_US);
  assert_int_equal(join(G1), ERR_OK);
  rx(udp6("2001:db8::2", 1, G1, 7000, "a", 1));
  expect_datagram("2001:db8::2", 1, "a", 1);
  assert_int_equal(leave(G1), ERR_OK);
  rx(udp6("2001:db8::2", 1, G1, 7000, "b", 1));
  expect_no_datagram();
  expect_drop(DROP_IP6_NOT_FOR_US);
}

/* MEMP_NUM_MLD6_GROUP bounds all; a group that was left gives its place away. */
PACKET_TEST(test_groups_are_bounded)
{
  unsigned num = 0;
  char group[16];
  err_t err = ERR_OK;
  net6_up();
  while (err == ERR_OK && num <= MEMP_NUM_MLD6_GROUP) {
    num++;
    snprintf(group, sizeof group, "ff05::2:%x", num);
    err = join(group);
  }
  assert_int_equal(err, ERR_MEM);
  assert_true(num <= MEMP_NUM_MLD6_GROUP);
  assert_int_equal(leave("ff05::2:1"), ERR_OK);
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(join(G2), ERR_MEM);
}

/* --- interfaces and addresses --- */

/** Did the stack report this group within half a second? In whichever version. */
static bool is_reported(const char *group)
{
  char padded[64];
  bool is_found = false;
  advance(500);
  snprintf(padded, sizeof padded, "%s ", group);
  for (const char *text = mld_sent(); text[0] != 0; text = mld_sent()) {
    is_found = is_found || strstr(text, padded) != NULL || strcmp(text + 3, group) == 0;
  }
  return is_found;
}

/** Bodies whose link comes up by itself would go on to solicit routers (RFC 7559). */
static void solicit_no_more(void)
{
  netif_set_link_up(&net.netif);
#if LWIP_IPV6_SEND_ROUTER_SOLICIT
  net.netif.rs_count = 0;
#endif
}

/* Down: silent, and nothing is set. Up again: all is reported (feature 15). */
PACKET_TEST(test_link_changes)
{
  packet_at_end(solicit_no_more);
  net6_up();
  netif_set_link_down(&net.netif);
  u32_t timers = timers_count();
  assert_int_equal(join(G1), ERR_OK);
  assert_int_equal(timers_count(), timers);
  expect_silence();
  netif_set_link_up(&net.netif);
  advance(20000);
  rx(mld1(ROUTER, T6_MLD_QUERY, 10000, "::"));
  tx_discard();
  netif_set_link_down(&net.netif);
  assert_int_equal(timers_count(), timers);
  advance(20000);
  expect_silence();
  netif_set_link_up(&net.netif);
  advance(20000); /* duplicate address detection; then all is reported again */
  bool was_reported = false;
  for (struct frame *f = tx(); f != NULL; f = tx()) {
    bool is_mld = get16(f, 12) == 0x86dd && ip6_payload_type(f) == NH_ICMP6 &&
                  get8(f, ip6_payload_at(f)) == T6_MLD2_REPORT - (LWIP_MLD_V2 ? 0 : 12);
    was_reported = was_reported || is_mld;
  }
  assert_true(was_reported);
  tx_discard();
  mld6_report_groups(&net.netif);
  assert_true(is_reported(G1));
}

/* RFC 3590: before there is a link-local address, :: says it; once there is one, that says it
   again. */
PACKET_TEST(test_no_address_yet)
{
  packet_at_end(solicit_no_more);
  tx_discard();
  ignore_drops();
  assert_int_equal(join(G1), ERR_OK);
#if LWIP_MLD_V2
  assert_string_equal(mld_sent_from("::"), "TO_EX " G1 " { }");
#else
  assert_string_equal(mld_sent_from("::"), "V1 " G1);
#endif
  advance(20000);
  tx_discard();
  ip6_addr_t addr = ip6_on(&net, OURS);
  netif_ip6_addr_set(&net.netif, 0, &addr);
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_TENTATIVE);
  tx_discard();
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_PREFERRED);
  assert_true(is_reported(G1));
  advance(20000);
  tx_discard();
  addr = ip6_of("2001:db8::1");
  netif_ip6_addr_set(&net.netif, 1, &addr);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  assert_false(is_reported(G1)); /* routers know it already */
}

/* The group of our own addresses is reported like any other (RFC 4862 5.4.2, RFC 3810 6). */
PACKET_TEST(test_solicited_node_group)
{
  net6_up();
  rx(query(SOLICITED, 1, 2, NULL));
  advance(100);
#if LWIP_MLD_V2
  check_mld2_record(check_mld2(tx(), 1), 0, 2, SOLICITED, NULL);
#else
  check_mld1(tx(), T6_MLD1_REPORT, SOLICITED);
#endif
  expect_silence();
}

/* Without NETIF_FLAG_MLD6: received, never reported. */
PACKET_TEST(test_interface_without_mld)
{
  net6_up();
  net.netif.flags &= (u8_t)~NETIF_FLAG_MLD6;
  app_udp("*", 7000);
  assert_int_equal(join(G1), ERR_OK);
  rx(udp6("2001:db8::2", 1, G1, 7000, "a", 1));
  expect_datagram("2001:db8::2", 1, "a", 1);
  rx(query(NULL, 1, 2, NULL));
  rx(mld1(ROUTER, T6_MLD_QUERY, 100, "::"));
  mld6_report_groups(&net.netif);
  assert_int_equal(leave(G1), ERR_OK);
  advance(20000);
  expect_silence();
  expect_no_drop();
}

/* mld6_tmr() runs what is due and needs no help by it. */
PACKET_TEST(test_tmr)
{
  net6_up();
  assert_int_equal(join(G1), ERR_OK);
  mld6_tmr();
  tx_discard();
  expect_silence();
}

static err_t silent_output(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(to);
  return ERR_OK;
}

static err_t silent_init(struct netif *netif)
{
  netif->output_ip6 = silent_output;
  netif->mtu = 1500;
  netif->flags = NETIF_FLAG_LINK_UP | NETIF_FLAG_MLD6;
  ip6_addr_t group = ip6_of(G2);
  return mld6_joingroup_netif(netif, &group); /* drivers do so while they are being added */
}

#if !LWIP_SINGLE_NETIF
/* The interface goes while timers of its groups are set. */
PACKET_TEST(test_netif_goes_while_timers_are_set)
{
  static struct netif other;
  ip6_addr_t g1 = ip6_of(G1), g2 = ip6_of(G2);
  u32_t timers = timers_count();
  memset(&other, 0, sizeof other);
  assert_non_null(netif_add_noaddr(&other, NULL, silent_init, netif_input));
  netif_set_up(&other);
  err_t err = mld6_joingroup_netif(&other, &g1);
  bool is_joined = mld6_lookfor_group(&other, &g2) != NULL;
  mld6_report_groups(&other);
  bool was_set = timers_count() > timers;
  netif_remove(&other);
  assert_int_equal(err, ERR_OK);
  assert_true(is_joined);
  assert_true(was_set);
  assert_int_equal(timers_count(), timers);
  advance(20000);
  expect_silence();
}
#endif

PACKET_TEST(test_stop)
{
  ip6_addr_t g1 = ip6_of(G1);
  net6_up();
  u32_t timers = timers_count();
  assert_int_equal(join(G1), ERR_OK);
  rx(old_query());
  assert_int_equal(mld6_stop(&net.netif), ERR_OK);
  assert_int_equal(mld6_stop(&net.netif), ERR_OK);
  assert_int_equal(timers_count(), timers);
  assert_null(mld6_lookfor_group(&net.netif, &g1));
  assert_null(netif_mld6_data(&net.netif));
  tx_discard();
  rx(mld1(ROUTER, T6_MLD_QUERY, 100, "::")); /* ff02::1 is still accepted */
  advance(10000);
  expect_silence();
  expect_no_drop();
  assert_int_equal(join(G1), ERR_OK);
  expect_mld("V1 " G1);
}

#if MLD6_STATS
PACKET_TEST(test_counters)
{
  net6_up();
  const struct stats_igmp mld6 = lwip_stats.mld6; /* builds of one instance never zero them */
  rx(mld1(ROUTER, T6_MLD_QUERY, 10000, "::"));
  assert_int_equal(join(G1), ERR_OK);
  rx(mld1(ROUTER, T6_MLD_QUERY, 1000, G1));
  rx(mld1("fe80::2", T6_MLD1_REPORT, 0, G1));
  assert_int_equal(lwip_stats.mld6.recv - mld6.recv, 3);
  assert_int_equal(lwip_stats.mld6.rx_general - mld6.rx_general, 1);
  assert_int_equal(lwip_stats.mld6.rx_v1 - mld6.rx_v1, 2);
  assert_int_equal(lwip_stats.mld6.rx_group - mld6.rx_group, 1);
  assert_int_equal(lwip_stats.mld6.rx_report - mld6.rx_report, 1);
  assert_int_equal(lwip_stats.mld6.tx_join - mld6.tx_join, 1);
  assert_int_equal(lwip_stats.mld6.tx_report - mld6.tx_report, 1);
  assert_int_equal(lwip_stats.mld6.xmit - mld6.xmit, 1);
}
#endif

static const struct packet_test tests[] = {
    TEST(test_short_messages),
    TEST(test_forwarded_queries),
    TEST(test_queries_without_router_alert),
    TEST(test_query_sources),
    TEST(test_query_destinations),
    TEST(test_messages_for_routers),
    TEST(test_queries_about_other_groups),
    TEST(test_forged_reports),
    TEST(test_v1_join_and_leave),
    TEST(test_v1_queries_are_answered_within_their_time),
    TEST(test_v1_response_times),
    TEST(test_v1_suppression),
    TEST(test_query_flood),
    TEST_FLAGS(test_joins_count, PACKET_ONCE),
    TEST_FLAGS(test_bad_arguments, PACKET_ONCE),
#if LWIP_IPV6_SCOPES
    TEST_FLAGS(test_zones, PACKET_ONCE),
#endif
    TEST_FLAGS(test_accepted_groups, PACKET_ONCE),
    TEST(test_datagrams),
    TEST_FLAGS(test_groups_are_bounded, PACKET_ONCE),
    TEST_FLAGS(test_link_changes, PACKET_ONCE),
    TEST_FLAGS(test_no_address_yet, PACKET_ONCE),
    TEST(test_solicited_node_group),
    TEST(test_interface_without_mld),
    TEST_FLAGS(test_tmr, PACKET_ONCE),
#if !LWIP_SINGLE_NETIF
    /* A body that ends early would leave its netif behind. */
    TEST_FLAGS(test_netif_goes_while_timers_are_set, PACKET_ONCE),
#endif
    TEST(test_stop),
#if MLD6_STATS
    TEST(test_counters),
#endif
};

#else

PACKET_TEST(test_without_mld)
{
  net6_up();
  rx(mld1("fe80::fe", T6_MLD_QUERY, 1000, "::"));
  expect_drop(DROP_ICMP6_UNKNOWN_TYPE);
}

static const struct packet_test tests[] = {TEST(test_without_mld)};

#endif

PACKET_MAIN(tests)
