/**
 * @file
 * States of neighbours: every row of RFC 4861 7.2.5 and of appendix C, and the timers of 7.3.3.
 * needs: ipv6
 */
#include "nd6_text.h"
#include "gossamer/nd_events.h"

static const u8_t other_mac[6] = {2, 0, 0, 0, 0, 0x77};

/** Longest time that a neighbour counts as reachable: 1.5 times the base value. */
#define REACHABLE_MS_MAX (LWIP_ND6_REACHABLE_TIME / 2 * 3 + 1)

/* Ways into each state, for PEER, whose address is peer_mac. */

static void make_incomplete(void)
{
  assert_int_equal(neighbor_send(PEER, 1), ERR_OK);
  neighbor_expect_multicast_ns(US, PEER);
}

static void make_reachable(void)
{
  make_incomplete();
  rx(na(PEER, US, PEER, NA_S, nd_target(peer_mac)));
  neighbor_expect_sent(peer_mac, 1);
}

static void make_stale(void)
{
  rx(ns(PEER, US, US, nd_source(peer_mac)));
  check_na(tx(), US, PEER, US, OUR_R | NA_S | NA_O);
}

static void make_delay(void)
{
  make_stale();
  assert_int_equal(neighbor_send(PEER, 1), ERR_OK);
  neighbor_expect_sent(peer_mac, 1);
}

static void make_probe(void)
{
  make_delay();
  advance(LWIP_ND6_DELAY_FIRST_PROBE_TIME);
  neighbor_expect_unicast_ns(PEER, peer_mac);
}

static void make_state(int state)
{
  static void (*const make[])(void) = {[NEIGHBOR_INCOMPLETE] = make_incomplete,
                                       [NEIGHBOR_STALE] = make_stale,
                                       [NEIGHBOR_REACHABLE] = make_reachable,
                                       [NEIGHBOR_DELAY] = make_delay,
                                       [NEIGHBOR_PROBE] = make_probe};
  if (state != 0) {
    make[state]();
  }
  assert_int_equal(neighbor_state_of(PEER), state);
}

/** Back to a cache that knows nobody. */
static void forget(void)
{
  nd6_cleanup_netif(&net.netif);
  advance(LWIP_ND6_RETRANS_TIMER + 512); /* PEER may be asked for again */
  tx_discard();
  ignore_drops();
  assert_int_equal(neighbor_state_of(PEER), 0);
}

enum lla { NONE, SAME, OTHER };

/** One advertisement in one state. */
struct row {
  int from;
  u8_t flags;
  enum lla lla;
  int to;
  bool is_taken; /* link-layer address and router flag are noted */
};

enum {
  INC = NEIGHBOR_INCOMPLETE,
  STA = NEIGHBOR_STALE,
  REA = NEIGHBOR_REACHABLE,
  DEL = NEIGHBOR_DELAY,
  PRO = NEIGHBOR_PROBE
};

/* RFC 4861 appendix C, in its order; S and O as there */
static const struct row rows[] = {
    /* INCOMPLETE; NA, Solicited=0, Override=any */
    {INC, 0, SAME, DEL, true}, /* STALE, then what waited is sent */
    {INC, NA_O, SAME, DEL, true},
    /* INCOMPLETE; NA, Solicited=1, Override=any */
    {INC, NA_S, SAME, REA, true},
    {INC, NA_S | NA_O, SAME, REA, true},
    /* INCOMPLETE; NA, Solicited=any, Override=any, no link-layer address */
    {INC, 0, NONE, INC, false},
    {INC, NA_O, NONE, INC, false},
    {INC, NA_S, NONE, INC, false},
    {INC, NA_S | NA_O, NONE, INC, false},
    /* !INCOMPLETE; NA, Solicited=1, Override=0, same link-layer address as cached (or none) */
    {REA, NA_S, SAME, REA, true},
    {STA, NA_S, SAME, REA, true},
    {DEL, NA_S, SAME, REA, true},
    {PRO, NA_S, SAME, REA, true},
    {REA, NA_S, NONE, REA, true},
    {STA, NA_S, NONE, REA, true},
    {DEL, NA_S, NONE, REA, true},
    {PRO, NA_S, NONE, REA, true},
    /* REACHABLE; NA, Solicited=1, Override=0, different link-layer address */
    {REA, NA_S, OTHER, STA, false},
    /* STALE, PROBE or DELAY; the same */
    {STA, NA_S, OTHER, STA, false},
    {DEL, NA_S, OTHER, DEL, false},
    {PRO, NA_S, OTHER, PRO, false},
    /* !INCOMPLETE; NA, Solicited=1, Override=1 */
    {REA, NA_S | NA_O, SAME, REA, true},
    {STA, NA_S | NA_O, SAME, REA, true},
    {DEL, NA_S | NA_O, SAME, REA, true},
    {PRO, NA_S | NA_O, SAME, REA, true},
    {REA, NA_S | NA_O, NONE, REA, true},
    {PRO, NA_S | NA_O, NONE, REA, true},
    {REA, NA_S | NA_O, OTHER, REA, true},
    {STA, NA_S | NA_O, OTHER, REA, true},
    {DEL, NA_S | NA_O, OTHER, REA, true},
    {PRO, NA_S | NA_O, OTHER, REA, true},
    /* !INCOMPLETE; NA, Solicited=0, Override=0, same or none */
    {REA, 0, SAME, REA, true},
    {STA, 0, SAME, STA, true},
    {DEL, 0, SAME, DEL, true},
    {PRO, 0, SAME, PRO, true},
    {REA, 0, NONE, REA, true},
    {PRO, 0, NONE, PRO, true},
    /* REACHABLE; NA, Solicited=0, Override=0, different */
    {REA, 0, OTHER, STA, false},
    /* STALE, PROBE or DELAY; the same */
    {STA, 0, OTHER, STA, false},
    {DEL, 0, OTHER, DEL, false},
    {PRO, 0, OTHER, PRO, false},
    /* !INCOMPLETE; NA, Solicited=0, Override=1, same or none */
    {REA, NA_O, SAME, REA, true},
    {STA, NA_O, SAME, STA, true},
    {DEL, NA_O, SAME, DEL, true},
    {PRO, NA_O, SAME, PRO, true},
    {REA, NA_O, NONE, REA, true},
    {DEL, NA_O, NONE, DEL, true},
    /* !INCOMPLETE; NA, Solicited=0, Override=1, different */
    {REA, NA_O, OTHER, STA, true},
    {STA, NA_O, OTHER, STA, true},
    {DEL, NA_O, OTHER, STA, true},
    {PRO, NA_O, OTHER, STA, true},
};

static const struct nd_options *option_of(enum lla lla)
{
  return lla == NONE ? NULL : nd_target(lla == SAME ? peer_mac : other_mac);
}

static void check_row(const struct row *r, u8_t router_flag)
{
  struct neighbor_info info;
  make_state(r->from);
  rx(na(PEER, US, PEER, r->flags | router_flag, option_of(r->lla)));
  assert_true(neighbor_look_up(PEER, &info));
  assert_int_equal(info.state, r->to);
  assert_int_equal(info.is_router, r->is_taken && router_flag != 0);
  if (r->from == INC && r->to == INC) {
    assert_int_equal(info.lladdr_len, 0);
    expect_drop(DROP_ND6_NO_LLADDR);
  } else {
    assert_memory_equal(info.lladdr, (r->is_taken && r->lla == OTHER) ? other_mac : peer_mac, 6);
  }
  if (r->from == INC && r->to != INC) {
    neighbor_expect_sent(peer_mac, 1);
  }
  if (!r->is_taken && r->from != INC) {
    expect_drop(DROP_ND6_NOT_OVERRIDDEN);
  }
  expect_no_drop();
  expect_silence();
  forget();
}

static void check_rows(int from)
{
  net6_up();
  net.peer_answers_nd = false;
  for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].from == from) {
      check_row(&rows[i], 0);
      check_row(&rows[i], NA_R);
    }
  }
}

static void test_advertisements_when_incomplete(void)
{
  check_rows(INC);
}

static void test_advertisements_when_reachable(void)
{
  check_rows(REA);
}

static void test_advertisements_when_stale(void)
{
  check_rows(STA);
}

static void test_advertisements_when_in_delay(void)
{
  check_rows(DEL);
}

static void test_advertisements_when_in_probe(void)
{
  check_rows(PRO);
}

/* Appendix C: NS, RS, RA, Redirect */

enum source { FROM_NS, FROM_RS, FROM_RA };

/** PEER's own message with a link-layer address; for routers from its link-local address. */
static void say(enum source source, const char *who, const u8_t *mac)
{
  struct ip6_spec spec = ip6_spec_of(who, US_LL, NH_ICMP6);
  struct frame f;
  spec.hop_limit = 255;
  if (source == FROM_NS) {
    f = ns(who, US, US, nd_source(mac));
  } else if (source == FROM_RS) {
    f = rs(who, nd_source(mac));
    f = icmp6_opts(spec, f.data + IP6_PAYLOAD_AT, f.len - IP6_PAYLOAD_AT);
  } else {
    f = ra((struct ra_spec){.src = who, .lifetime_s = 1800}, nd_source(mac));
  }
  memcpy(f.data + 6, mac, 6);
  rx(f);
  tx_discard();
  ignore_drops(); /* hosts do not answer RS */
}

struct heard_row {
  int from;
  enum lla lla;
  int to;
};

static const struct heard_row heard_rows[] = {
    {INC, SAME, DEL}, /* STALE, and what waited is sent */
    {REA, OTHER, STA}, {STA, OTHER, STA}, {DEL, OTHER, STA}, {PRO, OTHER, STA}, {REA, SAME, REA},
    {STA, SAME, STA},  {DEL, SAME, DEL},  {PRO, SAME, PRO},  {0, SAME, STA},
};

static void test_solicitations_of_neighbours(void)
{
  net6_up();
  net.peer_answers_nd = false;
  for (unsigned i = 0; i < sizeof heard_rows / sizeof heard_rows[0]; i++) {
    const struct heard_row *r = &heard_rows[i];
    make_state(r->from);
    say(FROM_NS, PEER, r->lla == OTHER ? other_mac : peer_mac);
    assert_int_equal(neighbor_state_of(PEER), r->to);
    assert_memory_equal(neighbor_mac_of(PEER), r->lla == OTHER ? other_mac : peer_mac, 6);
    forget();
  }
}

/* RFC 4861 6.3.4, 6.2.6: what routers and hosts that look for routers say, and what they are */
static void test_router_messages(void)
{
  struct neighbor_info info;
  net6_up();
  net.peer_answers_nd = false;
  say(FROM_RA, "fe80::fe", gateway_mac);
  assert_true(neighbor_look_up("fe80::fe", &info));
  assert_int_equal(info.state, NEIGHBOR_STALE);
  assert_true(info.is_router);
  assert_memory_equal(info.lladdr, gateway_mac, 6);
  say(FROM_RA, "fe80::fe", other_mac);
  assert_true(neighbor_look_up("fe80::fe", &info));
  assert_memory_equal(info.lladdr, other_mac, 6);
  say(FROM_NS, "fe80::fe", gateway_mac); /* says nothing of what it is */
  assert_true(neighbor_look_up("fe80::fe", &info));
  assert_true(info.is_router);
  assert_memory_equal(info.lladdr, gateway_mac, 6);
}

/* 7.2.5: a router that says that it is none loses what went by it */
static void test_router_becomes_host(void)
{
  net6_up();
  say(FROM_RA, "fe80::fe", gateway_mac);
  assert_int_equal(neighbor_send("2001:db8:77::1", 1), ERR_OK);
  neighbor_expect_sent(gateway_mac, 1);
  rx(na("fe80::fe", US_LL, "fe80::fe", NA_S, nd_target(gateway_mac)));
  assert_int_equal(neighbor_send("2001:db8:77::1", 2), ERR_RTE);
  expect_silence();
}

/* --- timers --- */

/* 7.2.2: so many multicast solicitations, RetransTimer apart; then what waits is dropped */
static void test_unanswered_solicitations(void)
{
  net6_up();
  net.peer_answers_nd = false;
  make_incomplete();
  for (int i = 1; i < LWIP_ND6_MAX_MULTICAST_SOLICIT; i++) {
    advance(LWIP_ND6_RETRANS_TIMER - 1);
    expect_silence();
    advance(1);
    neighbor_expect_multicast_ns(US, PEER);
  }
  advance(LWIP_ND6_RETRANS_TIMER - 1);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_INCOMPLETE);
  expect_no_drop();
  advance(1);
  assert_int_equal(neighbor_state_of(PEER), 0);
  expect_drop(DROP_ND6_UNRESOLVED);
  advance(60000);
  expect_silence();
}

/* 7.3.3: DELAY, then so many unicast probes, RetransTimer apart; then it is gone */
static void test_unanswered_probes(void)
{
  net6_up();
  net.peer_answers_nd = false;
  make_delay();
  advance(LWIP_ND6_DELAY_FIRST_PROBE_TIME - 1);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_DELAY);
  expect_silence();
  advance(1);
  for (int i = 0; i < LWIP_ND6_MAX_UNICAST_SOLICIT; i++) {
    assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_PROBE);
    neighbor_expect_unicast_ns(PEER, peer_mac);
    assert_int_equal(neighbor_send(PEER, 7), ERR_OK); /* goes on being sent to */
    neighbor_expect_sent(peer_mac, 7);
    advance(LWIP_ND6_RETRANS_TIMER - 1);
    expect_silence();
    advance(1);
  }
  assert_int_equal(neighbor_state_of(PEER), 0);
  expect_silence();
  expect_no_drop();
  assert_int_equal(neighbor_send(PEER, 8), ERR_OK); /* and is looked for again */
  advance(LWIP_ND6_RETRANS_TIMER);                  /* after the last probe */
  neighbor_expect_multicast_ns(US, PEER);
  forget();
}

/* 7.3.3: probed by unicast, confirmed by the answer */
static void test_answered_probe(void)
{
  net6_up();
  net.peer_answers_nd = false;
  make_probe();
  rx(na(PEER, US_LL, PEER, NA_S, NULL)); /* needs no link-layer address (7.2.4) */
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_REACHABLE);
  advance(10000);
  expect_silence();
}

/* Reachable for 0.5 to 1.5 of the base value; nothing ticks meanwhile */
static void test_reachable_time(void)
{
  net6_up();
  net.peer_answers_nd = false;
  make_reachable();
  u32_t idle = timers_count();
  advance(LWIP_ND6_REACHABLE_TIME / 2 - 1);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_REACHABLE);
  assert_int_equal(neighbor_send(PEER, 2), ERR_OK);
  neighbor_expect_sent(peer_mac, 2);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_REACHABLE);
  assert_int_equal(timers_count(), idle);
  advance(REACHABLE_MS_MAX);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_STALE);
  advance(24 * 3600 * 1000);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_STALE);
  assert_int_equal(timers_count(), idle);
  expect_silence();
}

/* An entry in use is confirmed again and again, without a packet being held back */
static void test_neighbour_in_use(void)
{
  net6_up();
  for (u16_t i = 1; i < 200; i++) {
    assert_int_equal(neighbor_send(PEER, i), ERR_OK);
    neighbor_expect_sent(peer_mac, i);
    advance(1000);
  }
  expect_silence();
}

/* 7.3.1: progress of an upper layer is as good as an answer, for the router that leads there too */
static void test_upper_layer_confirmation(void)
{
  net6_up();
  net.peer_answers_nd = false;
  ip6_addr_t peer = ip6_of(PEER);
  ip6_addr_t far = ip6_of("2001:db8:77::1");
  make_delay();
  nd6_reachability_hint(&peer);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_REACHABLE);
  advance(60000);
  expect_silence();
  assert_int_equal(neighbor_send(PEER, 2), ERR_OK);
  neighbor_expect_sent(peer_mac, 2);
  advance(LWIP_ND6_DELAY_FIRST_PROBE_TIME);
  neighbor_expect_unicast_ns(PEER, peer_mac);
  nd6_reachability_hint(&peer);
  advance(10000);
  expect_silence();
  say(FROM_RA, "fe80::fe", gateway_mac);
  assert_int_equal(neighbor_send("2001:db8:77::1", 3), ERR_OK);
  neighbor_expect_sent(gateway_mac, 3);
  assert_int_equal(neighbor_state_of("fe80::fe"), NEIGHBOR_DELAY);
  nd6_reachability_hint(&far);
  assert_int_equal(neighbor_state_of("fe80::fe"), NEIGHBOR_REACHABLE);
  ip6_addr_t stranger = ip6_of("2001:db8::99");
  nd6_reachability_hint(&stranger); /* nobody was asked for */
  assert_int_equal(neighbor_state_of("2001:db8::99"), 0);
}

/* A hint is no answer for one that we have no address of */
static void test_hint_while_incomplete(void)
{
  net6_up();
  net.peer_answers_nd = false;
  make_incomplete();
  ip6_addr_t peer = ip6_of(PEER);
  nd6_reachability_hint(&peer);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_INCOMPLETE);
  forget();
}

static unsigned num_unreachable;
static ip6_addr_t unreachable;

static void hear(struct nd_listener *l, const struct nd_event *e)
{
  (void)l;
  if (e->kind == ND_EVENT_NEIGHBOR_UNREACHABLE) {
    num_unreachable++;
    unreachable = *e->addr;
  }
}

static void test_listeners_hear_of_lost_neighbours(void)
{
  static struct nd_listener listener;
  listener = (struct nd_listener){.event = hear};
  num_unreachable = 0;
  net6_up();
  net.peer_answers_nd = false;
  nd_listener_add(&listener);
  make_probe();
  advance(10000);
  tx_discard();
  assert_int_equal(num_unreachable, 1);
  ip6_addr_t peer = ip6_on(&net, PEER);
  assert_true(ip6_addr_eq(&unreachable, &peer));
  make_incomplete();
  advance(10000);
  tx_discard();
  assert_int_equal(num_unreachable, 2);
  expect_drop(DROP_ND6_UNRESOLVED);
  nd_listener_remove(&listener);
}

/* 6.3.2: what a router says of timers holds on this link */
static void test_timers_of_the_link(void)
{
  net6_up();
  net.peer_answers_nd = false;
  rx(ra(
      (struct ra_spec){
          .src = "fe80::fe", .lifetime_s = 1800, .reachable_ms = 2000, .retrans_ms = 3000},
      NULL));
  tx_discard();
  make_incomplete();
  advance(2999);
  expect_silence();
  advance(1);
  neighbor_expect_multicast_ns(US, PEER);
  rx(na(PEER, US, PEER, NA_S, nd_target(peer_mac)));
  tx_discard();
  advance(3001);
  assert_int_equal(neighbor_state_of(PEER), NEIGHBOR_STALE);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_advertisements_when_incomplete, PACKET_ONCE),
    TEST_FLAGS(test_advertisements_when_reachable, PACKET_ONCE),
    TEST_FLAGS(test_advertisements_when_stale, PACKET_ONCE),
    TEST_FLAGS(test_advertisements_when_in_delay, PACKET_ONCE),
    TEST_FLAGS(test_advertisements_when_in_probe, PACKET_ONCE),
    TEST(test_solicitations_of_neighbours),
    TEST(test_router_messages),
    TEST(test_router_becomes_host),
    TEST(test_unanswered_solicitations),
    TEST(test_unanswered_probes),
    TEST(test_answered_probe),
    TEST(test_reachable_time),
    TEST(test_neighbour_in_use),
    TEST(test_upper_layer_confirmation),
    TEST(test_hint_while_incomplete),
    TEST(test_listeners_hear_of_lost_neighbours),
    TEST(test_timers_of_the_link),
};

PACKET_MAIN(tests)
