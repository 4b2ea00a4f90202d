/*
 * Address conflict detection (RFC 5227; features 125, 133): when what is sent, what counts as a
 * conflict, defence.
 * needs: ipv4
 */
#include "packet.h"

#if LWIP_ACD

#include "lwip/acd.h"
#include "lwip/prot/etharp.h"
#include "gossamer/timer.h"

#define WANTED "10.0.0.251"
#define NETIF  (&net.netif)

static struct acd mine;
static int told[3]; /* by acd_callback_enum_t */
static u32_t ok_ms;

static void tell(struct netif *netif, acd_callback_enum_t event)
{
  LWIP_UNUSED_ARG(netif);
  told[event]++;
  if (event == ACD_IP_OK) {
    ok_ms = now_ms();
  }
}

static void end(void)
{
  acd_remove(NETIF, &mine);
}

/** Claim the address, of which the netif has no other. */
static void claim(void)
{
  packet_at_end(end);
  memset(&mine, 0, sizeof mine);
  memset(told, 0, sizeof told);
  netif_set_addr(NETIF, NULL, NULL, NULL);
  tx_discard();
  assert_int_equal(acd_add(NETIF, &mine, tell), ERR_OK);
  assert_int_equal(acd_start(NETIF, &mine, ip4_of(WANTED)), ERR_OK);
}

/** The next frame, within `ms` milliseconds; when it came. */
static u32_t wait_frame(u32_t ms, struct frame **f)
{
  u32_t began_ms = now_ms();
  *f = tx();
  while (*f == NULL && now_ms() - began_ms < ms) {
    advance(1);
    *f = tx();
  }
  return now_ms() - began_ms;
}

static void check_probe(struct frame *f)
{
  check_arp(f, ARP_REQUEST, our_mac, "0.0.0.0", zero_mac, WANTED);
}

static void check_announcement(struct frame *f)
{
  check_arp(f, ARP_REQUEST, our_mac, WANTED, zero_mac, WANTED);
}

/** Until ACD_IP_OK; both announcements are taken. */
static void claimed(void)
{
  claim();
  advance(10000);
  assert_int_equal(told[ACD_IP_OK], 1);
  tx_discard();
}

/** The address is the netif's, as its owner would have it. */
static void use_it(void)
{
  ip4_addr_t addr = ip4_of(WANTED);
  ip4_addr_t mask = ip4_of("255.255.255.0");
  netif_set_addr(NETIF, &addr, &mask, NULL);
}

/* RFC 5227 2.1.1, 2.3: a second, 3 probes 1 to 2 s apart, 2 s, two announcements 2 s apart. */
PACKET_TEST(test_timing)
{
  struct frame *f;
  claim();
  assert_true(wait_frame(1000, &f) <= 1000);
  check_probe(f);
  for (int i = 0; i < 2; i++) {
    u32_t ms = wait_frame(2000, &f);
    assert_in_range(ms, 1000, 2000);
    check_probe(f);
  }
  assert_int_equal(mine.state, ACD_STATE_ANNOUNCE_WAIT);
  assert_int_equal(told[ACD_IP_OK], 0);
  assert_int_equal(wait_frame(2000, &f), 2000);
  check_announcement(f);
  assert_int_equal(told[ACD_IP_OK], 1); /* with the first announcement: gaps 3 */
  assert_int_equal(ok_ms, now_ms());
  assert_int_equal(wait_frame(2000, &f), 2000);
  check_announcement(f);
  advance(100000);
  expect_silence();
  assert_int_equal(mine.state, ACD_STATE_ONGOING);
  assert_int_equal(timers_count(), 0);
}

/* Who starts it together is spread: the waits differ from claim to claim. */
PACKET_TEST(test_waits_differ)
{
  struct frame *f;
  u32_t first_ms = 0;
  bool differs = false;
  for (int i = 0; i < 8; i++) {
    claim();
    u32_t ms = wait_frame(1000, &f);
    differs = differs || (i > 0 && ms != first_ms);
    first_ms = (i == 0) ? ms : first_ms;
    acd_stop(&mine);
  }
  assert_true(differs);
}

/* What a claim ends by: anybody who says that he has it, request or reply, or probes for it, too.
 */
PACKET_TEST(test_conflicts_while_claiming)
{
  static const acd_state_enum_t states[] = {ACD_STATE_PROBE_WAIT, ACD_STATE_PROBING,
                                            ACD_STATE_ANNOUNCE_WAIT};
  for (unsigned i = 0; i < 9; i++) {
    packet_note("row %u: ", i);
    claim();
    for (int ms = 0; ms < 10000 && mine.state != states[i % 3]; ms++) {
      advance(1);
    }
    tx_discard();
    if (i < 3) {
      rx(arp(ARP_REPLY, peer_mac, WANTED, our_mac, "0.0.0.0"));
    } else if (i < 6) {
      rx(arp(ARP_REQUEST, peer_mac, WANTED, zero_mac, "10.0.0.9"));
    } else {
      rx(arp(ARP_REQUEST, peer_mac, "0.0.0.0", zero_mac, WANTED));
    }
    expect_drop(DROP_ARP_CONFLICT);
    assert_int_equal(told[ACD_DECLINE], 1);
    assert_int_equal(told[ACD_IP_OK], 0);
    advance(0);
    assert_int_equal(told[ACD_RESTART_CLIENT], 1);
    assert_int_equal(mine.state, ACD_STATE_OFF);
    advance(20000);
    expect_silence();
    end();
  }
}

PACKET_TEST(test_no_conflicts)
{
  claim();
  advance(1500);
  tx_discard();
  rx(arp(ARP_REQUEST, peer_mac, "10.0.0.2", zero_mac, WANTED)); /* wants to send to it */
  rx(arp(ARP_REQUEST, peer_mac, "0.0.0.0", zero_mac, "10.0.0.9"));
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, WANTED));
  assert_int_equal(told[ACD_DECLINE], 0);
  ignore_drops();
  advance(10000);
  assert_int_equal(told[ACD_IP_OK], 1);
}

/* RFC 5227 2.1.1: behind ten conflicts, an attempt a minute. */
PACKET_TEST(test_rate_limit)
{
  claim();
  for (int i = 1; i <= MAX_CONFLICTS; i++) {
    rx(arp(ARP_REPLY, peer_mac, WANTED, our_mac, "0.0.0.0"));
    advance(0);
    assert_int_equal(told[ACD_RESTART_CLIENT], i);
    acd_start(NETIF, &mine, ip4_of(WANTED));
  }
  for (int i = 1; i <= 3; i++) {
    rx(arp(ARP_REPLY, peer_mac, WANTED, our_mac, "0.0.0.0"));
    assert_int_equal(told[ACD_DECLINE], MAX_CONFLICTS + i);
    assert_int_equal(mine.state, ACD_STATE_RATE_LIMIT);
    advance(RATE_LIMIT_INTERVAL * 1000 - 1);
    assert_int_equal(told[ACD_RESTART_CLIENT], MAX_CONFLICTS + i - 1);
    advance(1);
    assert_int_equal(told[ACD_RESTART_CLIENT], MAX_CONFLICTS + i);
    acd_start(NETIF, &mine, ip4_of(WANTED));
  }
  advance(10000); /* once it is free, all is forgiven */
  assert_int_equal(told[ACD_IP_OK], 1);
  assert_int_equal(mine.num_conflicts, 0);
}

/* --- in use --- */

/* RFC 5227 2.4 (b): one answer, then it is given up. */
PACKET_TEST(test_defence)
{
  claimed();
  use_it();
  expect_silence(); /* it has been announced */
  rx(arp(ARP_REPLY, peer_mac, WANTED, our_mac, "10.0.0.9"));
  expect_drop(DROP_ARP_CONFLICT);
  check_announcement(tx());
  expect_silence();
  assert_int_equal(told[ACD_DECLINE], 0);
  advance(DEFEND_INTERVAL * 1000);
  rx(arp(ARP_REQUEST, peer_mac, WANTED, zero_mac, WANTED));
  check_announcement(tx());
  advance(DEFEND_INTERVAL * 1000 - 1);
  rx(arp(ARP_REQUEST, peer_mac, WANTED, zero_mac, WANTED));
  expect_silence();
  assert_int_equal(told[ACD_DECLINE], 1);
  advance(0);
  assert_int_equal(told[ACD_RESTART_CLIENT], 1);
}

/* A probe for an address in use is answered by ARP itself (RFC 5227 2.4). */
PACKET_TEST(test_probe_for_ours)
{
  claimed();
  use_it();
  tx_discard();
  rx(arp(ARP_REQUEST, peer_mac, "0.0.0.0", zero_mac, WANTED));
  check_arp(tx(), ARP_REPLY, our_mac, WANTED, peer_mac, "0.0.0.0");
  assert_int_equal(told[ACD_DECLINE], 0);
}

/* Other addresses of the netif are ARP's to defend, as before. */
PACKET_TEST(test_other_addresses)
{
  packet_at_end(end);
  memset(&mine, 0, sizeof mine);
  assert_int_equal(acd_add(NETIF, &mine, tell), ERR_OK);
  assert_int_equal(acd_start(NETIF, &mine, ip4_of(WANTED)), ERR_OK);
  advance(10000);
  tx_discard();
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.1", our_mac, "10.0.0.9"));
  expect_drop(DROP_ARP_CONFLICT);
  check_arp(tx(), ARP_REQUEST, our_mac, "10.0.0.1", zero_mac, "10.0.0.1");
}

/* --- changes --- */

PACKET_TEST(test_address_changes)
{
  claimed();
  use_it();
  ip4_addr_t other = ip4_of("10.0.0.252");
  netif_set_ipaddr(NETIF, &other);
  assert_int_equal(mine.state, ACD_STATE_OFF);
  tx_discard();
  rx(arp(ARP_REPLY, peer_mac, WANTED, our_mac, "10.0.0.9"));
  assert_int_equal(told[ACD_DECLINE], 0);
}

PACKET_TEST(test_link_local_becomes_passive)
{
  packet_at_end(end);
  memset(&mine, 0, sizeof mine);
  memset(told, 0, sizeof told);
  ip4_addr_t ll = ip4_of("169.254.7.7");
  ip4_addr_t mask = ip4_of("255.255.0.0");
  ip4_addr_t routable = ip4_of("10.0.0.1");
  netif_set_addr(NETIF, NULL, NULL, NULL);
  acd_add(NETIF, &mine, tell);
  acd_start(NETIF, &mine, ll);
  advance(10000);
  netif_set_addr(NETIF, &ll, &mask, NULL);
  assert_int_equal(mine.state, ACD_STATE_ONGOING);
  netif_set_addr(NETIF, &routable, &mask, NULL);
  assert_int_equal(mine.state, ACD_STATE_PASSIVE_ONGOING);
  netif_set_addr(NETIF, &ll, &mask, NULL);
  assert_int_equal(mine.state, ACD_STATE_ONGOING);
  netif_set_addr(NETIF, &routable, &mask, NULL);
  tx_discard();
  rx(arp(ARP_REQUEST, peer_mac, "169.254.7.7", zero_mac, "169.254.7.7"));
  expect_silence(); /* not defended */
  assert_int_equal(told[ACD_DECLINE], 1);
}

PACKET_TEST(test_link_down)
{
  claim();
  netif_set_link_down(NETIF);
  assert_int_equal(mine.state, ACD_STATE_OFF);
  assert_int_equal(timers_count(), 0);
}

PACKET_TEST(test_netif_removed)
{
  struct packet_net *other = net_add_netif();
  static struct acd its;
  memset(&its, 0, sizeof its);
  acd_add(&other->netif, &its, tell);
  acd_add(&other->netif, &its, tell); /* again: once in the list */
  assert_null(its.next);
  assert_int_equal(acd_start(&other->netif, &its, ip4_of("10.0.1.251")), ERR_OK);
  netif_remove(&other->netif);
  assert_int_equal(its.state, ACD_STATE_OFF);
  assert_int_equal(timers_count(), 0);
}

PACKET_TEST(test_arguments)
{
  struct acd stranger;
  memset(&stranger, 0, sizeof stranger);
  assert_int_equal(acd_start(NETIF, &stranger, ip4_of(WANTED)), ERR_VAL);
  acd_remove(NETIF, &stranger);
  assert_int_equal(acd_stop(&stranger), ERR_OK);
  assert_int_equal(timers_count(), 0);
}

/* lwIP's ports call this with a message that they took from the wire themselves. */
PACKET_TEST(test_message_by_hand)
{
  struct etharp_hdr hdr;
  struct frame f = arp(ARP_REPLY, peer_mac, WANTED, our_mac, "0.0.0.0");
  memcpy(&hdr, f.data + 14, sizeof hdr);
  claim();
  acd_tmr();
  acd_arp_reply(NETIF, &hdr);
  assert_int_equal(told[ACD_DECLINE], 1);
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_timing, PACKET_ONCE),
    TEST_FLAGS(test_waits_differ, PACKET_ONCE),
    TEST(test_conflicts_while_claiming),
    TEST(test_no_conflicts),
    TEST(test_rate_limit),
    TEST(test_defence),
    TEST(test_probe_for_ours),
    TEST(test_other_addresses),
    TEST(test_address_changes),
    TEST(test_link_local_becomes_passive),
    TEST(test_link_down),
    TEST(test_netif_removed),
    TEST(test_arguments),
    TEST(test_message_by_hand),
};

#else

static void test_no_acd(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_acd, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
