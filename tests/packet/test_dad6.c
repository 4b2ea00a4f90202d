/**
 * @file
 * Duplicate address detection: RFC 4862 5.4, nonces (RFC 7527), optimistic (RFC 4429), what happens
 * to duplicates (RFC 7217 6), callbacks; security vector B6-107.
 * needs: ipv6
 */
#include "addr6.h"

#define THEIR_NONCE "\x01\x02\x03\x04\x05\x06"

/** Somebody else's probe for `target`. */
static void rx_probe(const char *target, const void *nonce)
{
  struct nd_options o = {0};
  if (nonce != NULL) {
    nd_opt_nonce(&o, nonce);
  }
  rx(ns("::", solicited_node(target), target, &o));
}

static void rx_claim(const char *target)
{
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_TARGET, mac_of(0, 2));
  rx(na(target, "ff02::1", target, NA_O, &o));
}

/** An advertisement of OUR_LINKLOCAL; whether it says that we are a router does not matter. */
static void check_our_na(struct frame *f, const char *dst, u8_t flags)
{
  u8_t router = f != NULL ? get8(f, ip6_payload_at(f) + 4) & NA_R : 0;
  check_na(f, OUR_LINKLOCAL, dst, OUR_LINKLOCAL, flags | router);
}

/* RFC 4862 5.4.2: from ::, to the solicited-node group, without link-layer address; the group is
   joined first. RFC 7527 4.1: with a nonce. */
static void test_probe(void)
{
  linklocal_begin();
  assert_string_equal(text_of(0), OUR_LINKLOCAL);
  assert_int_equal(state_of(0), IP6_ADDR_TENTATIVE);
  advance(1000);
  struct frame *report = tx();
  check_ip6(report, "::", "ff02::16", NH_ICMP6);
  struct frame *f = check_ns(tx(), "::", solicited_node(OUR_LINKLOCAL), OUR_LINKLOCAL);
  check_nd_lladdr(f, ND_SOURCE, NULL);
  const u8_t *nonce = nd_option(f, 14);
  assert_non_null(nonce);
  assert_int_equal(nonce[1], 1);
  assert_int_equal(state_of(0), IP6_ADDR_TENTATIVE_1);
  advance(DAD_MS - 1000);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
  expect_no_icmp6(T6_NS);
}

/* RFC 4862 5.4.2: a random delay of up to a second, so that hosts that come up together do not
   speak together; the same seed gives the same delay, so look at several hosts. */
static void test_first_probe_is_delayed(void)
{
  unsigned late = 0;
  for (int i = 0; i < 8; i++) {
    linklocal_begin();
    advance(300);
    late += (tx_icmp6(T6_NS) == NULL);
    netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
    tx_discard();
  }
  assert_in_range(late, 1, 8);
}

/* The group is heard during the delay, before anything is joined. */
static void test_duplicate_during_the_delay(void)
{
  linklocal_begin();
  rx_probe(OUR_LINKLOCAL, NULL);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
  expect_drop(DROP_ND6_TENTATIVE);
  advance(10000);
  expect_no_icmp6(T6_NS);
}

/* B6-107, RFC 4862 5.4.3: another host probes the same address. */
static void test_probe_of_another_host(void)
{
  struct heard *heard = listen_to_events();
  linklocal_begin();
  advance(1000);
  rx_probe(OUR_LINKLOCAL, THEIR_NONCE);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
  assert_int_equal(heard->duplicates, 1);
  ip6_addr_t ours = ip6_of(OUR_LINKLOCAL);
  assert_true(ip6_addr_zoneless_eq(&heard->addr, &ours));
  tx_discard();
  rx(ping6("fe80::2", OUR_LINKLOCAL, 1, 1, "x", 1));
  advance(60000);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
  expect_no_icmp6(T6_ECHO_REPLY);
}

/* RFC 4862 5.4.4: the host that has the address defends it. */
static void test_advertisement_of_the_owner(void)
{
  struct heard *heard = listen_to_events();
  linklocal_begin();
  advance(1000);
  rx_claim(OUR_LINKLOCAL);
  expect_drop(DROP_ND6_CONFLICT);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
  assert_int_equal(heard->duplicates, 1);
}

/* RFC 4862 5.4.3: who resolves the address is no rival, and gets no answer yet. */
static void test_solicitation_for_a_tentative_address(void)
{
  linklocal_begin();
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  rx(ns("fe80::2", solicited_node(OUR_LINKLOCAL), OUR_LINKLOCAL, &o));
  expect_drop(DROP_ND6_TENTATIVE);
  expect_no_icmp6(T6_NA);
  advance(DAD_MS);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

/* B6-107: somebody probes an address that we have: we say so, to all nodes. */
static void test_probe_for_our_address(void)
{
  linklocal_up();
  rx_probe(OUR_LINKLOCAL, THEIR_NONCE);
  check_our_na(tx_icmp6(T6_NA), "ff02::1", NA_O);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

/* RFC 4862 5.4.4: an address in use is not given up, or anybody could take it; listeners hear. */
static void test_claim_of_our_address(void)
{
  linklocal_up();
  struct heard *heard = listen_to_events();
  rx_claim(OUR_LINKLOCAL);
  expect_drop(DROP_ND6_CONFLICT);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
  assert_int_equal(heard->conflicts, 1);
  assert_int_equal(heard->duplicates, 0);
}

/** Give back our own last probe, as a link with a loop does. */
static bool loop_probe_back(void)
{
  struct frame *f = tx_icmp6(T6_NS);
  if (f != NULL) {
    rx_exact(frame_copy(*f));
  }
  return f != NULL;
}

/* RFC 7527 4.1: our own probe comes back: no duplicate, but three probes more, until none does. */
static void test_looped_back_probe(void)
{
  linklocal_begin();
  advance(1000);
  assert_true(loop_probe_back());
  assert_true(ip6_addr_istentative(state_of(0)));
  unsigned more = 0;
  for (int i = 0; i < 10; i++) {
    advance(1000);
    more += (tx_icmp6(T6_NS) != NULL);
  }
  assert_int_equal(more, 3);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

static void test_permanent_loop(void)
{
  linklocal_begin();
  advance(1000);
  for (int i = 0; i < 20; i++) {
    assert_true(loop_probe_back());
    advance(1000);
    assert_true(ip6_addr_istentative(state_of(0)));
  }
}

/* Nonces of another length, or other ones, are another host's. */
static void test_nonce_of_another_host(void)
{
  linklocal_begin();
  advance(1000);
  struct frame *f = tx_icmp6(T6_NS);
  u8_t nonce[6];
  memcpy(nonce, nd_option(f, 14) + 2, sizeof nonce);
  nonce[5] ^= 1;
  rx_probe(OUR_LINKLOCAL, nonce);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
}

/* RFC 4862 5.4.5: the link address is somebody else's too, so nothing is made of it on this link.
 */
static void test_duplicate_link_address_stops_autoconfiguration(void)
{
  linklocal_begin();
  advance(1000);
  rx_claim(OUR_LINKLOCAL);
  rx_prefix("2001:db8::", 3600, 3600);
  advance(10000);
  for (int i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    assert_int_equal(state_of(i), IP6_ADDR_INVALID);
  }
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif); /* another link, perhaps */
  advance(DAD_MS);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
  rx_prefix("2001:db8::", 3600, 3600);
  advance(DAD_MS);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
}

/* RFC 7217 6: stable identifiers have successors, three of them. */
static void test_duplicate_stable_address(void)
{
  struct heard *heard = listen_to_events();
  char seen[4][IP6ADDR_STRLEN_MAX];
  stable_linklocal_begin();
  for (int i = 0; i < 4; i++) {
    assert_true(ip6_addr_istentative(state_of(0)));
    strcpy(seen[i], text_of(0));
    for (int k = 0; k < i; k++) {
      assert_string_not_equal(seen[i], seen[k]);
    }
    advance(1000);
    check_ns(tx_icmp6(T6_NS), "::", solicited_node(seen[i]), seen[i]);
    rx_claim(seen[i]);
  }
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
  assert_int_equal(heard->duplicates, 4);
  advance(10000);
  expect_no_icmp6(T6_NS);
}

static void test_second_stable_address_is_used(void)
{
  stable_linklocal_begin();
  advance(1000);
  rx_claim(text_of(0));
  const char *second = text_of(0);
  advance(DAD_MS);
  assert_string_equal(text_of(0), second);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

/* --- addresses of the program's --- */

static void test_added_address_is_probed(void)
{
  s8_t idx = -1;
  linklocal_up();
  ip6_addr_t addr = ip6_of("2001:db8::77");
  assert_int_equal(netif_add_ip6_address(&net.netif, &addr, &idx), ERR_OK);
  assert_int_equal(idx, 1);
  /* The netif has spoken before and nobody triggered this: no delay (RFC 4862 5.4.2). */
  check_ns(tx_icmp6(T6_NS), "::", solicited_node("2001:db8::77"), "2001:db8::77");
  advance(999);
  assert_int_equal(state_of(1), IP6_ADDR_TENTATIVE_1);
  advance(1);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  assert_int_equal(netif_add_ip6_address(&net.netif, &addr, &idx), ERR_OK);
  assert_int_equal(idx, 1);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED); /* stays as it was */
}

/* lwIP: a program that sets IP6_ADDR_PREFERRED wants no detection, now and after a new link. */
static void test_preferred_by_hand(void)
{
  net6_up();
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif);
  assert_int_equal(state_of(1), IP6_ADDR_PREFERRED);
  advance(10000);
  expect_no_icmp6(T6_NS);
}

static void test_probed_addresses_are_probed_on_a_new_link(void)
{
  linklocal_up();
  netif_set_link_down(&net.netif);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
  netif_set_link_up(&net.netif);
  assert_true(ip6_addr_istentative(state_of(0)));
  advance(1000);
  check_ns(tx_icmp6(T6_NS), "::", solicited_node(OUR_LINKLOCAL), OUR_LINKLOCAL);
  rx_claim(OUR_LINKLOCAL);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
}

static void test_link_lost_while_probing(void)
{
  linklocal_begin();
  netif_set_link_down(&net.netif);
  tx_discard();
  advance(60000);
  expect_silence();
  assert_true(ip6_addr_istentative(state_of(0)));
  netif_set_link_up(&net.netif);
  advance(DAD_MS);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

/* A driver that refuses everything has probed nothing, so nothing is known. */
static void test_driver_errors_are_no_probes(void)
{
  net.drops_tx = true;
  linklocal_begin();
  advance(20000);
  assert_true(ip6_addr_istentative(state_of(0)));
  net.drops_tx = false;
  advance(DAD_MS);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

static void test_changed_while_probing(void)
{
  linklocal_begin();
  advance(1000);
  tx_discard();
  ip6_addr_t other = ip6_of("fe80::77");
  netif_ip6_addr_set(&net.netif, 0, &other);
  assert_int_equal(state_of(0), IP6_ADDR_TENTATIVE);
  advance(1000);
  check_ns(tx_icmp6(T6_NS), "::", solicited_node("fe80::77"), "fe80::77");
  rx_claim(OUR_LINKLOCAL); /* not ours any more */
  assert_true(ip6_addr_istentative(state_of(0)));
}

static void test_removed_while_probing(void)
{
  linklocal_begin();
  advance(1000);
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
  tx_discard();
  advance(60000);
  assert_int_equal(timers_count(), 0);
  assert_int_equal(state_of(0), IP6_ADDR_INVALID);
}

/* The group is left with the address. */
static void test_group_goes_with_the_address(void)
{
  linklocal_up();
  advance(20000);
  tx_discard();
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
  ignore_drops();
  rx(ns("fe80::2", solicited_node(OUR_LINKLOCAL), OUR_LINKLOCAL, &o));
  expect_no_icmp6(T6_NA);
}

/* --- optimistic (RFC 4429) --- */

static void test_optimistic_address_is_used_at_once(void)
{
  netif_ip6_optimistic_set(&net.netif, true);
  linklocal_begin();
  assert_true(ip6_addr_istentative(state_of(0)));
  rx(ping6("fe80::2", OUR_LINKLOCAL, 7, 8, "now", 3));
  /* 3.3: no source link-layer address of ours before the address is sure */
  net.peer_answers_nd = false;
  struct frame *f = tx_icmp6(T6_ECHO_REPLY);
  check_pong6(f, 7, 8, "now", 3);
  advance(DAD_MS);
  assert_int_equal(state_of(0), IP6_ADDR_PREFERRED);
}

/* 3.3: its advertisements do not override what others know. */
static void test_optimistic_advertisement(void)
{
  netif_ip6_optimistic_set(&net.netif, true);
  linklocal_begin();
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_SOURCE, mac_of(0, 2));
  rx(ns("fe80::2", solicited_node(OUR_LINKLOCAL), OUR_LINKLOCAL, &o));
  check_our_na(tx_icmp6(T6_NA), "fe80::2", NA_S);
}

static void test_optimistic_duplicate(void)
{
  netif_ip6_optimistic_set(&net.netif, true);
  linklocal_begin();
  advance(1000);
  tx_discard();
  rx_probe(OUR_LINKLOCAL, NULL);
  assert_int_equal(state_of(0), IP6_ADDR_DUPLICATED);
  expect_no_icmp6(T6_NA);
  rx(ping6("fe80::2", OUR_LINKLOCAL, 7, 8, "now", 3));
  expect_no_icmp6(T6_ECHO_REPLY);
}

/* RFC 4429 3.1: not for addresses that people type, which are duplicates far more often. */
static void test_addresses_by_hand_are_not_optimistic(void)
{
  netif_ip6_optimistic_set(&net.netif, true);
  linklocal_up();
  ip6_addr_t addr = ip6_of("2001:db8::77");
  netif_add_ip6_address(&net.netif, &addr, NULL);
  tx_discard();
  rx(ping6("2001:db8::2", "2001:db8::77", 7, 8, "now", 3));
  expect_no_icmp6(T6_ECHO_REPLY);
}

/* --- callbacks --- */

static struct {
  unsigned set, changed, status;
  s8_t idx;
  u8_t old_state;
  bool removes;
} called;

static void on_change(struct netif *netif, netif_nsc_reason_t reason,
                      const netif_ext_callback_args_t *args)
{
  if (netif != &net.netif) {
    return;
  }
  if (reason == LWIP_NSC_IPV6_SET) {
    called.set++;
    called.idx = args->ipv6_set.addr_index;
  }
  if (reason == LWIP_NSC_IPV6_ADDR_STATE_CHANGED) {
    called.changed++;
    called.idx = args->ipv6_addr_state_changed.addr_index;
    called.old_state = args->ipv6_addr_state_changed.old_state;
    if (called.removes) {
      netif_remove(netif);
    }
  }
}

static void on_status(struct netif *netif)
{
  (void)netif;
  called.status++;
}

NETIF_DECLARE_EXT_CALLBACK(change_listener)

static void stop_listening(void)
{
  netif_remove_ext_callback(&change_listener);
  addr6_end();
}

static void listen_to_changes(void)
{
  memset(&called, 0, sizeof called);
  netif_add_ext_callback(&change_listener, on_change);
  netif_set_status_callback(&net.netif, on_status);
  packet_at_end(stop_listening);
}

static void test_callbacks(void)
{
  listen_to_changes();
  ip6_addr_t addr = ip6_of("2001:db8::77");
  netif_ip6_addr_set(&net.netif, 2, &addr);
  assert_int_equal(called.set, 1);
  assert_int_equal(called.changed, 0);
  assert_int_equal(called.idx, 2);
  netif_ip6_addr_set(&net.netif, 2, &addr);
  assert_int_equal(called.set, 1); /* the same: no change */
  netif_ip6_addr_set_state(&net.netif, 2, IP6_ADDR_TENTATIVE);
  assert_int_equal(called.changed, 1);
  assert_int_equal(called.old_state, IP6_ADDR_INVALID);
  called.status = 0;
  advance(DAD_MS); /* counting probes is no change */
  assert_int_equal(state_of(2), IP6_ADDR_PREFERRED);
  assert_int_equal(called.changed, 2);
  assert_true(ip6_addr_istentative(called.old_state));
  assert_int_equal(called.status, 1);
  netif_ip6_addr_set_state(&net.netif, 2, IP6_ADDR_DEPRECATED);
  assert_int_equal(called.changed, 3);
  assert_int_equal(called.status, 1); /* as usable as before */
  netif_ip6_addr_set_state(&net.netif, 2, IP6_ADDR_INVALID);
  assert_int_equal(called.old_state, IP6_ADDR_DEPRECATED);
  assert_int_equal(called.status, 2);
}

/* A callback may remove the netif from within DAD's timer. */
static void test_callback_removes_the_netif(void)
{
  linklocal_begin();
  listen_to_changes();
  advance(1000);
  called.removes = true;
  advance(DAD_MS - 1000);
  assert_false(netif_is_listed(&net.netif));
  assert_int_equal(called.changed, 1);
}

/* ... and from within input. */
static void test_callback_removes_the_netif_of_a_duplicate(void)
{
  linklocal_begin();
  listen_to_changes();
  advance(1000);
  called.removes = true;
  rx_claim(OUR_LINKLOCAL);
  assert_false(netif_is_listed(&net.netif));
}

static const struct packet_test tests[] = {
    TEST(test_probe),
    TEST_FLAGS(test_first_probe_is_delayed, PACKET_ONCE),
    TEST(test_duplicate_during_the_delay),
    TEST(test_probe_of_another_host),
    TEST(test_advertisement_of_the_owner),
    TEST(test_solicitation_for_a_tentative_address),
    TEST(test_probe_for_our_address),
    TEST(test_claim_of_our_address),
    TEST(test_looped_back_probe),
    TEST_FLAGS(test_permanent_loop, PACKET_ONCE),
    TEST(test_nonce_of_another_host),
    TEST(test_duplicate_link_address_stops_autoconfiguration),
    TEST(test_duplicate_stable_address),
    TEST(test_second_stable_address_is_used),
    TEST(test_added_address_is_probed),
    TEST(test_preferred_by_hand),
    TEST(test_probed_addresses_are_probed_on_a_new_link),
    TEST(test_link_lost_while_probing),
    TEST(test_driver_errors_are_no_probes),
    TEST(test_changed_while_probing),
    TEST(test_removed_while_probing),
    TEST(test_group_goes_with_the_address),
    TEST(test_optimistic_address_is_used_at_once),
    TEST(test_optimistic_advertisement),
    TEST(test_optimistic_duplicate),
    TEST(test_addresses_by_hand_are_not_optimistic),
    TEST(test_callbacks),
    TEST_FLAGS(test_callback_removes_the_netif, PACKET_ONCE),
    TEST_FLAGS(test_callback_removes_the_netif_of_a_duplicate, PACKET_ONCE),
};

PACKET_MAIN(tests)
