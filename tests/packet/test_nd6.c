/**
 * @file
 * Neighbor Discovery as others see it: which solicitations are answered, which messages are
 * refused. The cache's own life is in test_nd6_cache.c. RFC 4861 7, RFC 4862 5.4, RFC 6980; vectors
 * B6-100 to 109, 122 of the security list.
 * needs: ipv6
 */
#include "nd6_text.h"
#include "gossamer/nd_events.h"
#include "base/fault.h"

static void expect_answer(const char *src, const char *dst, u8_t flags, const u8_t *mac)
{
  struct frame *f = check_na(tx(), src, dst, src, flags);
  check_nd_lladdr(f, ND_TARGET, our_mac);
  check_eth(f, mac, our_mac, ETHTYPE_IPV6);
}

static void test_solicitation_is_answered_and_its_sender_learnt(void)
{
  net6_up();
  net.peer_answers_nd = false;
  rx(ns(PEER_9, solicited_node(US), US, nd_source(mac_of(0, 9))));
  expect_answer(US, PEER_9, OUR_R | NA_S | NA_O, mac_of(0, 9));
  struct neighbor_info info;
  assert_true(neighbor_look_up(PEER_9, &info));
  assert_int_equal(info.state, NEIGHBOR_STALE);
  assert_false(info.is_router);
  assert_memory_equal(info.lladdr, mac_of(0, 9), 6);
  expect_no_drop();
  /* Its own answer is no use of the entry: nobody probes. */
  advance(60000);
  expect_silence();
}

/* A probe by unicast (RFC 4861 7.2.4): of an address that we have, without and with an option */
static void test_unicast_solicitation(void)
{
  net6_up();
  rx(ns("fe80::9", US_LL, US_LL, nd_source(mac_of(0, 9))));
  expect_answer(US_LL, "fe80::9", OUR_R | NA_S | NA_O, mac_of(0, 9));
  rx(ns("fe80::9", US_LL, US_LL, NULL));
  expect_answer(US_LL, "fe80::9", OUR_R | NA_S | NA_O, mac_of(0, 9));
  expect_silence();
}

/* Features 168: also without source link-layer address, and from a sender we do not know */
static void test_solicitation_without_option(void)
{
  net6_up();
  rx(ns(PEER_9, US, US, NULL));
  expect_answer(US, PEER_9, OUR_R | NA_S | NA_O, mac_of(0, 9)); /* after its resolution */
  rx(ns("fe80::8", solicited_node(US_LL), US_LL, NULL));
  expect_answer(US_LL, "fe80::8", OUR_R | NA_S | NA_O, mac_of(0, 8));
  expect_silence();
}

/* A sender whose prefix is not on our link is answered directly all the same. */
static void test_sender_of_another_prefix(void)
{
  net6_up();
  struct ip6_spec spec = ip6_spec_of("2001:db8:77::9", solicited_node(US), NH_ICMP6);
  struct frame f = ns("2001:db8:77::9", solicited_node(US), US, nd_source(mac_of(0, 9)));
  spec.hop_limit = 255;
  spec.eth_src = mac_of(0, 9);
  rx(ip6_opts(spec, f.data + IP6_PAYLOAD_AT, f.len - IP6_PAYLOAD_AT));
  expect_answer(US, "2001:db8:77::9", OUR_R | NA_S | NA_O, mac_of(0, 9));
}

/** A router solicitation to us alone: only routers are members of ff02::2. */
static struct frame rs_to_us(void)
{
  struct ip6_spec spec = ip6_spec_of("fe80::9", US_LL, NH_ICMP6);
  struct frame f = rs("fe80::9", nd_source(mac_of(0, 9)));
  spec.hop_limit = 255;
  return icmp6_opts(spec, f.data + IP6_PAYLOAD_AT, f.len - IP6_PAYLOAD_AT);
}

/** The ND messages of all types that this node processes, well-formed. */
static struct frame message(unsigned i)
{
  switch (i) {
  case 0:
    return ns(PEER_9, solicited_node(US), US, nd_source(mac_of(0, 9)));
  case 1:
    return na(PEER_9, US, PEER_9, NA_S | NA_O, nd_target(mac_of(0, 9)));
  case 2:
    return rs_to_us();
  case 3:
    return ra((struct ra_spec){.src = "fe80::fe", .lifetime_s = 1800}, NULL);
  default:
    return redirect("fe80::fe", US, "fe80::9", "2001:db8:77::1", nd_target(mac_of(0, 9)));
  }
}

enum { MESSAGES = 5 };

/* B6-100: hop limit, code and option form are checked each by itself */
static void test_hop_limit(void)
{
  net6_up();
  for (unsigned i = 0; i < MESSAGES; i++) {
    static const u8_t limits[] = {0, 1, 64, 254};
    for (unsigned k = 0; k < sizeof limits; k++) {
      struct frame f = message(i);
      put8(&f, IP6_HOP_LIMIT_AT, limits[k]);
      rx(f);
      expect_drop(DROP_ND6_BAD_HOP_LIMIT);
      put8(&f, IP6_PAYLOAD_AT + 1, 1);
      icmp6_fix_checksum(&f);
      rx(f);
      expect_drop(DROP_ND6_BAD_HOP_LIMIT);
    }
  }
  assert_false(neighbor_is_known(PEER_9));
  expect_silence();
}

static void test_code(void)
{
  net6_up();
  for (unsigned i = 0; i < MESSAGES; i++) {
    static const u8_t codes[] = {1, 2, 128, 255};
    for (unsigned k = 0; k < sizeof codes; k++) {
      struct frame f = message(i);
      put8(&f, IP6_PAYLOAD_AT + 1, codes[k]);
      icmp6_fix_checksum(&f);
      rx(f);
      expect_drop(DROP_ND6_BAD_CODE);
    }
  }
  assert_false(neighbor_is_known(PEER_9));
  expect_silence();
}

/* B6-101: every length below the fixed part */
static void test_short_messages(void)
{
  static const u8_t fixed[MESSAGES] = {24, 24, 8, 16, 40};
  net6_up();
  for (unsigned i = 0; i < MESSAGES; i++) {
    struct frame f = message(i);
    const char *src = (i < 2) ? PEER_9 : "fe80::fe";
    for (size_t len = 8; len < fixed[i]; len++) {
      struct ip6_spec spec = ip6_spec_of(src, (i == 0) ? solicited_node(US) : US, NH_ICMP6);
      spec.hop_limit = 255;
      rx(icmp6_opts(spec, f.data + IP6_PAYLOAD_AT, len));
      expect_drop(DROP_ND6_SHORT);
    }
  }
  expect_silence();
}

/* B6-102, 103 through all layers: length 0, and one unit beyond the end */
static void test_bad_options(void)
{
  net6_up();
  for (unsigned i = 0; i < MESSAGES; i++) {
    struct frame f = message(i);
    if (i == 3) {
      continue; /* the advertisement has none here: see test_ra6.c */
    }
    static const u8_t lengths[] = {0, 2, 255};
    for (unsigned k = 0; k < sizeof lengths; k++) {
      put8(&f, f.len - 7, lengths[k]);
      icmp6_fix_checksum(&f);
      rx(f);
      expect_drop(DROP_ND6_BAD_OPTION);
    }
  }
  assert_false(neighbor_is_known(PEER_9));
  expect_silence();
}

/* B6-105 */
static void test_lladdr_of_wrong_size(void)
{
  net6_up();
  struct nd_options o = {0};
  const u8_t two_units[16] = {ND_SOURCE, 2, 2, 0, 0, 0, 0, 9};
  nd_opt_raw(&o, two_units, sizeof two_units);
  rx(ns(PEER_9, solicited_node(US), US, &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  o.bytes[0] = ND_TARGET;
  rx(na(PEER_9, US, PEER_9, NA_S, &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  rx(redirect("fe80::fe", US, "fe80::9", "2001:db8:77::1", &o));
  expect_drop(DROP_ND6_BAD_LLADDR);
  expect_silence();
}

/* No neighbour is at a group's address, or at none. */
static void test_lladdr_of_a_group(void)
{
  static const u8_t *const bad[] = {broadcast_mac, zero_mac, (const u8_t *)"\x33\x33\0\0\0\1"};
  net6_up();
  for (unsigned i = 0; i < 3; i++) {
    rx(ns(PEER_9, solicited_node(US), US, nd_source(bad[i])));
    expect_drop(DROP_ND6_BAD_LLADDR);
    rx(na(PEER_9, US, PEER_9, NA_S, nd_target(bad[i])));
    expect_drop(DROP_ND6_BAD_LLADDR);
    rx(redirect("fe80::fe", US, "fe80::9", "2001:db8:77::1", nd_target(bad[i])));
    expect_drop(DROP_ND6_BAD_LLADDR);
  }
  expect_silence();
}

/* B6-106 */
static void test_group_as_target(void)
{
  net6_up();
  rx(ns(PEER_9, solicited_node(US), "ff02::1", nd_source(mac_of(0, 9))));
  expect_drop(DROP_ND6_BAD_TARGET);
  rx(na(PEER_9, US, solicited_node(US), NA_S | NA_O, nd_target(mac_of(0, 9))));
  expect_drop(DROP_ND6_BAD_TARGET);
  expect_silence();
}

/* B6-106: a probe has no link-layer address, and goes to the solicited-node group */
static void test_malformed_probe(void)
{
  net6_up();
  rx(ns("::", solicited_node(US), US, nd_source(mac_of(0, 9))));
  expect_drop(DROP_ND6_BAD_LLADDR);
  rx(ns("::", "ff02::1", US, NULL));
  expect_drop(DROP_ND6_BAD_DST);
  rx(ns("::", US, US, NULL)); /* IPv6 refuses that already */
  expect_drop(DROP_IP6_BAD_SRC);
  expect_silence();
}

/* B6-107: an address of ours is defended, to everybody */
static void test_probe_for_our_address(void)
{
  net6_up();
  rx(ns("::", solicited_node(US), US, NULL));
  struct frame *f = check_na(tx(), US, "ff02::1", US, OUR_R | NA_O);
  check_nd_lladdr(f, ND_TARGET, our_mac);
  rx(ns("::", solicited_node(US_LL), US_LL, NULL));
  check_na(tx(), US_LL, "ff02::1", US_LL, OUR_R | NA_O);
  expect_silence();
  assert_false(neighbor_is_known("::"));
  /* a deprecated one as well */
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_DEPRECATED);
  rx(ns("::", solicited_node(US), US, NULL));
  check_na(tx(), US, "ff02::1", US, OUR_R | NA_O);
}

static void test_duplicated_address_is_not_answered_for(void)
{
  net6_up();
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_DUPLICATED);
  tx_discard();
  rx(ns(PEER_9, US, US, nd_source(mac_of(0, 9))));
  ignore_drops();
  rx(ns(PEER_9, "ff02::1", US, nd_source(mac_of(0, 9))));
  expect_drop(DROP_ND6_TENTATIVE);
  expect_silence();
  assert_false(neighbor_is_known(PEER_9));
}

/* Another host sends from our address: nothing of it is believed. */
static void test_solicitation_from_our_address(void)
{
  net6_up();
  struct ip6_spec spec = ip6_spec_of(US_LL, solicited_node(US), NH_ICMP6);
  struct frame f = ns(US_LL, solicited_node(US), US, nd_source(mac_of(0, 9)));
  spec.hop_limit = 255;
  spec.eth_src = mac_of(0, 9);
  rx(ip6_opts(spec, f.data + IP6_PAYLOAD_AT, f.len - IP6_PAYLOAD_AT));
  expect_drop(DROP_ND6_BAD_SRC);
  assert_false(neighbor_is_known(US_LL));
  expect_silence();
}

/* B6-109: who asks for somebody else is not noted */
static void test_solicitation_for_others(void)
{
  net6_up();
  rx(ns(PEER_9, "ff02::1", PEER, nd_source(mac_of(0, 9))));
  expect_drop(DROP_ND6_NOT_FOR_US);
  rx(ns("::", "ff02::1:ff00:1", "2001:db8:77::1", NULL)); /* our group, not our address */
  expect_drop(DROP_ND6_NOT_FOR_US);
  assert_false(neighbor_is_known(PEER_9));
  expect_silence();
}

/* B6-109 */
static void test_advertisement_of_a_stranger(void)
{
  net6_up();
  rx(na(PEER_9, US, PEER_9, NA_S | NA_O, nd_target(mac_of(0, 9))));
  expect_drop(DROP_ND6_UNKNOWN_NEIGHBOR);
  rx(na(PEER_9, "ff02::1", PEER_9, NA_O, nd_target(mac_of(0, 9))));
  expect_drop(DROP_ND6_UNKNOWN_NEIGHBOR);
  assert_false(neighbor_is_known(PEER_9));
  expect_silence();
}

/* RFC 4861 7.1.2: what goes to a group answers nobody */
static void test_solicited_to_a_group(void)
{
  net6_up();
  rx(ns(PEER_9, solicited_node(US), US, nd_source(mac_of(0, 9))));
  tx_discard();
  rx(na(PEER_9, "ff02::1", PEER_9, NA_S | NA_O, nd_target(mac_of(0, 0x66))));
  expect_drop(DROP_ND6_BAD_DST);
  struct neighbor_info info;
  assert_true(neighbor_look_up(PEER_9, &info));
  assert_int_equal(info.state, NEIGHBOR_STALE);
  assert_memory_equal(info.lladdr, mac_of(0, 9), 6);
}

static unsigned num_conflicts;

static void hear(struct nd_listener *l, const struct nd_event *e)
{
  (void)l;
  num_conflicts += e->kind == ND_EVENT_ADDR_CONFLICT;
}

/* RFC 4862 5.4.4: somebody advertises an address of ours, which we keep */
static void test_advertisement_of_our_address(void)
{
  static struct nd_listener listener;
  listener = (struct nd_listener){.event = hear};
  num_conflicts = 0;
  net6_up();
  nd_listener_add(&listener);
  rx(na(PEER_9, "ff02::1", US, NA_O, nd_target(mac_of(0, 9))));
  expect_drop(DROP_ND6_CONFLICT);
  assert_int_equal(num_conflicts, 1);
  rx(ping6(PEER, US, 1, 1, "x", 1));
  check_pong6(tx(), 1, 1, "x", 1);
  nd_listener_remove(&listener);
}

/** The message behind a fragment header of a whole datagram (RFC 6946). */
static struct frame in_atomic_fragment(struct frame f, const char *src, const char *dst)
{
  struct ip6_spec spec = ip6_spec_of(src, dst, NH_ICMP6);
  spec.hop_limit = 255;
  ip6_ext_fragment(&spec, 0, false, 7);
  return icmp6_opts(spec, f.data + IP6_PAYLOAD_AT, f.len - IP6_PAYLOAD_AT);
}

/* RFC 6980 5: messages in fragments, also atomic ones, are refused */
static void test_fragments(void)
{
  static const char *const src[MESSAGES] = {PEER_9, PEER_9, "fe80::9", "fe80::fe", "fe80::fe"};
  const char *const dst[MESSAGES] = {solicited_node(US), US, US_LL, "ff02::1", US};
  net6_up();
  for (unsigned i = 0; i < MESSAGES; i++) {
    rx(in_atomic_fragment(message(i), src[i], dst[i]));
    expect_drop(DROP_ND6_FRAGMENTED);
  }
  struct frame f = ns(PEER_9, solicited_node(US), US, nd_source(mac_of(0, 9)));
  struct frame parts[4];
  size_t count = ip6_fragments(f, 9, 16, parts, 4);
  for (size_t i = 0; i < count; i++) {
    rx(parts[i]);
  }
  expect_drop(DROP_ND6_FRAGMENTED);
  assert_false(neighbor_is_known(PEER_9));
  expect_silence();
}

/* B6-122: what we send ourselves is well-formed: check_ns() and check_na() look at every option */
static void test_what_we_send(void)
{
  net6_up();
  net.peer_answers_nd = false;
  ip6_addr_t dst = ip6_on(&net, PEER);
  struct frame ping = ping6(US, PEER, 1, 1, "x", 1);
  net.netif.output_ip6(&net.netif, app_pbuf(ping.data + IP6_AT, ping.len - IP6_AT), &dst);
  struct frame *f = check_ns(tx(), US, solicited_node(PEER), PEER);
  check_nd_lladdr(f, ND_SOURCE, our_mac);
  assert_int_equal(f->len, IP6_PAYLOAD_AT + 24 + 8);
  rx(na(PEER, US, PEER, NA_S, nd_target(peer_mac)));
  check_icmp6(tx(), T6_ECHO_REQUEST, 0);
  expect_silence();
}

/* RFC 4861 7.2.6: a new link-layer address is told three times, a second apart, to all nodes */
static void test_announcement(void)
{
  static const u8_t new_mac[6] = {2, 0, 0, 0, 0, 0x77};
  net6_up();
  memcpy(net.netif.hwaddr, new_mac, 6);
  neighbor_announce(&net.netif);
  for (unsigned i = 0; i < LWIP_ND6_MAX_NEIGHBOR_ADVERTISEMENT; i++) {
    struct frame *f = check_na(tx(), US_LL, "ff02::1", US_LL, OUR_R | NA_O);
    check_nd_lladdr(f, ND_TARGET, new_mac);
    f = check_na(tx(), US, "ff02::1", US, OUR_R | NA_O);
    check_nd_lladdr(f, ND_TARGET, new_mac);
    expect_silence();
    advance(LWIP_ND6_RETRANS_TIMER);
  }
  expect_silence();
  neighbor_announce(&net.netif);
  tx_discard();
  netif_set_link_down(&net.netif); /* nothing more goes to a link that is gone */
  advance(5000);
  memcpy(net.netif.hwaddr, our_mac, 6);
  netif_set_link_up(&net.netif);
  advance(5000);
  tx_discard();
}

/* The answer's memory fails: one drop, no answer. */
static void test_no_memory(void)
{
  net6_up();
  rx(ns(PEER_9, US, US, nd_source(mac_of(0, 9))));
  tx_discard();
  if (packet_is_fault_run()) {
    return; /* it makes its own fault */
  }
  u32_t before = drop_count(DROP_ND6_NO_MEMORY);
  for (u32_t nth = 2; nth < 40 && drop_count(DROP_ND6_NO_MEMORY) == before; nth++) {
    tx_discard();
    fault_arm(nth);
    rx(ns(PEER_9, US, US, nd_source(mac_of(0, 9))));
    fault_arm(0);
  }
  assert_int_equal(drop_count(DROP_ND6_NO_MEMORY) - before, 1);
  ignore_drops();
  expect_silence();
}

/* nd6_input() is the same for whoever calls it, and nd6_tmr() nothing */
static void test_calls_of_lwip(void)
{
  net6_up();
  u32_t before = timers_count();
  nd6_tmr();
  assert_int_equal(timers_count(), before);
  nd6_input(pbuf_alloc(PBUF_RAW, 8, PBUF_RAM), &net.netif); /* no packet is being received */
  expect_drop(DROP_ND6_BAD_HOP_LIMIT);
}

static const struct packet_test tests[] = {
    TEST(test_solicitation_is_answered_and_its_sender_learnt),
    TEST(test_unicast_solicitation),
    TEST(test_solicitation_without_option),
    TEST(test_sender_of_another_prefix),
    TEST(test_hop_limit),
    TEST(test_code),
    TEST(test_short_messages),
    TEST(test_bad_options),
    TEST(test_lladdr_of_wrong_size),
    TEST(test_lladdr_of_a_group),
    TEST(test_group_as_target),
    TEST(test_malformed_probe),
    TEST(test_probe_for_our_address),
    TEST(test_duplicated_address_is_not_answered_for),
    TEST(test_solicitation_from_our_address),
    TEST(test_solicitation_for_others),
    TEST(test_advertisement_of_a_stranger),
    TEST(test_solicited_to_a_group),
    TEST(test_advertisement_of_our_address),
    TEST(test_fragments),
    TEST(test_what_we_send),
    TEST(test_announcement),
    TEST_FLAGS(test_no_memory, PACKET_ONCE),
    TEST(test_calls_of_lwip),
};

PACKET_MAIN(tests)
