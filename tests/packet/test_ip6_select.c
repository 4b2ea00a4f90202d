/**
 * @file
 * Address selection, RFC 6724: its own examples (section 10, all of them), and the rules that these
 * do not reach.
 * needs: ipv6
 */
#include <stdio.h>
#include "addr6.h"
#include "gossamer/addr_select.h"

#define LIST_MAX 8

/** Words of `list` in turn: the first into `word`. @return what follows, NULL: there is none. */
static const char *next_word(const char *list, char word[64])
{
  size_t len = 0;
  while (*list == ' ') {
    list++;
  }
  while (list[len] != ' ' && list[len] != '\0') {
    len++;
  }
  if (len == 0) {
    return NULL;
  }
  assert_in_range(len, 1, 63);
  memcpy(word, list, len);
  word[len] = '\0';
  return list + len;
}

/** An address of either version, with the zone of net.netif if it needs one. */
static ip_addr_t parse(const char *text)
{
  ip_addr_t addr;
  assert_true(ipaddr_aton(text, &addr));
  if (IP_IS_V6(&addr)) {
    ip6_addr_assign_zone(ip_2_ip6(&addr), IP6_UNKNOWN, &net.netif);
  }
  return addr;
}

static const char *text_of_addr(const ip_addr_t *addr)
{
  static char text[IPADDR_STRLEN_MAX];
  ip_addr_t plain = *addr;
  if (IP_IS_V6(addr)) {
    ip6_addr_clear_zone(ip_2_ip6(&plain));
  }
  return ipaddr_ntoa_r(&plain, text, sizeof text);
}

static void expect_addr(const ip_addr_t *addr, const char *want)
{
  ip_addr_t parsed = parse(want);
  char want_text[IPADDR_STRLEN_MAX];
  strcpy(want_text, text_of_addr(&parsed));
  assert_string_equal(text_of_addr(addr), want_text);
}

static void set_ip4(const char *text)
{
#if LWIP_IPV4
  ip4_addr_t addr = ip4_of(text);
  ip4_addr_t mask = ip4_of(strncmp(text, "169.254.", 8) == 0 ? "255.255.0.0" : "255.255.255.0");
  ip4_addr_t none = ip4_of("0.0.0.0");
  netif_set_addr(&net.netif, &addr, &mask, &none);
#else
  (void)text;
#endif
}

/** Give slot `i` what stands behind the `!` of a word. */
static void set_kind(int i, char kind)
{
  struct ip6_slot *slot = &net.netif.ip6_slot[i];
  switch (kind) {
  case 'd':
    netif_ip6_addr_set_state(&net.netif, (s8_t)i, IP6_ADDR_DEPRECATED);
    break;
  case 'h':
    slot->flags |= IP6_SLOT_HOME;
    break;
  case 'c':
    slot->flags |= IP6_SLOT_CARE_OF;
    break;
  case 't':
    slot->origin = IP6_ORIGIN_TEMPORARY;
    break;
  default:
    break;
  }
}

/** The netif has these addresses and no others; "!d": deprecated, h: home, c: care-of, t: temporary
 */
static void set_sources(const char *sources)
{
  char word[64];
  int i = 0;
  set_ip4("0.0.0.0");
  for (s8_t k = 0; k < LWIP_IPV6_NUM_ADDRESSES; k++) {
    netif_ip6_addr_set_state(&net.netif, k, IP6_ADDR_INVALID);
  }
  while ((sources = next_word(sources, word)) != NULL) {
    char *kind = strchr(word, '!');
    if (kind != NULL) {
      *kind++ = '\0';
    }
    if (strchr(word, ':') == NULL) {
      set_ip4(word);
      continue;
    }
    ip6_addr_t addr = ip6_of(word);
    netif_ip6_addr_set(&net.netif, (s8_t)i, &addr);
    netif_ip6_addr_set_state(&net.netif, (s8_t)i, IP6_ADDR_PREFERRED);
    set_kind(i, kind != NULL ? *kind : '\0');
    i++;
  }
}

static void expect_source(const char *dst, const char *sources, const char *result)
{
  set_sources(sources);
  ip_addr_t d = parse(dst);
  const ip_addr_t *src = ip6_select_source_address(&net.netif, ip_2_ip6(&d));
  assert_non_null(src);
  expect_addr(src, result);
}

/** Sorts `dests`; `result`: each destination, and its source. Both orders of input, so that it is
    not rule 10 that decides. */
static void expect_order_of(const char *dests, const char *result)
{
  struct addr_choice choice[LIST_MAX];
  char word[64];
  size_t count = 0;
  for (; (dests = next_word(dests, word)) != NULL; count++) {
    assert_true(count < LIST_MAX);
    choice[count].dst = parse(word);
  }
  for (int turn = 0; turn < 2; turn++) {
    const char *rest = result;
    addr_choices_sort(choice, count);
    for (size_t i = 0; i < count; i++) {
      rest = next_word(rest, word);
      expect_addr(&choice[i].dst, word);
      rest = next_word(rest, word);
      assert_true(choice[i].is_reachable);
      expect_addr(&choice[i].src, word);
    }
    struct addr_choice first = choice[0];
    choice[0] = choice[count - 1];
    choice[count - 1] = first;
  }
}

static void expect_order(const char *sources, const char *dests, const char *result)
{
  if (!LWIP_IPV4 && (strchr(sources, '.') != NULL || strchr(dests, '.') != NULL)) {
    return;
  }
  set_sources(sources);
  expect_order_of(dests, result);
}

/* --- policy tables of the examples --- */

#define PREFIX(a, b, c, d)                                                                         \
  {                                                                                                \
    PP_HTONL(a), PP_HTONL(b), PP_HTONL(c), PP_HTONL(d)                                             \
  }
#define ROWS_BELOW_IP4                                                                             \
  {PREFIX(0x20020000, 0, 0, 0), 16, 30, 2}, {PREFIX(0x20010000, 0, 0, 0), 32, 5, 5},               \
      {PREFIX(0xfc000000, 0, 0, 0), 7, 3, 13}, {PREFIX(0, 0, 0, 0), 96, 1, 3},                     \
      {PREFIX(0xfec00000, 0, 0, 0), 10, 1, 11},                                                    \
  {                                                                                                \
    PREFIX(0x3ffe0000, 0, 0, 0), 16, 1, 12                                                         \
  }

static void forget_policy(void)
{
  ip6_policy_set(NULL, 0);
}

#define USE_POLICY(table)                                                                          \
  do {                                                                                             \
    packet_at_end(forget_policy);                                                                  \
    ip6_policy_set((table), LWIP_ARRAYSIZE(table));                                                \
  } while (0)

/* --- RFC 6724 10 --- */

static void test_10_1_source(void)
{
  /* The RFC's result is "2001:db8::1": erratum for 2001:db8:3::1. */
  expect_source("2001:db8:1::1", "2001:db8:3::1 fe80::1", "2001:db8:3::1");
  expect_source("ff05::1", "2001:db8:3::1 fe80::1", "2001:db8:3::1");
  expect_source("2001:db8:1::1", "2001:db8:1::1!d 2001:db8:2::1", "2001:db8:1::1");
  expect_source("fe80::1", "fe80::2!d 2001:db8:1::1", "fe80::2");
  expect_source("2001:db8:1::1", "2001:db8:1::2 2001:db8:3::2", "2001:db8:1::2");
  expect_source("2001:db8:1::1", "2001:db8:1::2!c 2001:db8:3::2!h", "2001:db8:3::2");
  expect_source("2002:c633:6401::1", "2002:c633:6401::d5e3:7953:13eb:22e8!t 2001:db8:1::2",
                "2002:c633:6401::d5e3:7953:13eb:22e8");
  expect_source("2001:db8:1::d5e3:0:0:1", "2001:db8:1::2 2001:db8:1::d5e3:7953:13eb:22e8!t",
                "2001:db8:1::d5e3:7953:13eb:22e8");
}

/* The same with the candidates in the other order. */
static void test_10_1_source_reversed(void)
{
  expect_source("2001:db8:1::1", "fe80::1 2001:db8:3::1", "2001:db8:3::1");
  expect_source("ff05::1", "fe80::1 2001:db8:3::1", "2001:db8:3::1");
  expect_source("2001:db8:1::1", "2001:db8:2::1 2001:db8:1::1!d", "2001:db8:1::1");
  expect_source("fe80::1", "2001:db8:1::1 fe80::2!d", "fe80::2");
  expect_source("2001:db8:1::1", "2001:db8:3::2 2001:db8:1::2", "2001:db8:1::2");
  expect_source("2001:db8:1::1", "2001:db8:3::2!h 2001:db8:1::2!c", "2001:db8:3::2");
  expect_source("2002:c633:6401::1", "2001:db8:1::2 2002:c633:6401::d5e3:7953:13eb:22e8!t",
                "2002:c633:6401::d5e3:7953:13eb:22e8");
  expect_source("2001:db8:1::d5e3:0:0:1", "2001:db8:1::d5e3:7953:13eb:22e8!t 2001:db8:1::2",
                "2001:db8:1::d5e3:7953:13eb:22e8");
}

static void test_10_2_destination(void)
{
  expect_order("2001:db8:1::2 fe80::1 169.254.13.78", "2001:db8:1::1 198.51.100.121",
               "2001:db8:1::1 2001:db8:1::2 198.51.100.121 169.254.13.78");
  expect_order("fe80::1 198.51.100.117", "2001:db8:1::1 198.51.100.121",
               "198.51.100.121 198.51.100.117 2001:db8:1::1 fe80::1");
  expect_order("2001:db8:1::2 fe80::1 10.1.2.4", "2001:db8:1::1 10.1.2.3",
               "2001:db8:1::1 2001:db8:1::2 10.1.2.3 10.1.2.4");
  expect_order("2001:db8:1::2 fe80::2", "2001:db8:1::1 fe80::1",
               "fe80::1 fe80::2 2001:db8:1::1 2001:db8:1::2");
  expect_order("2001:db8:1::2!c 2001:db8:3::1!h fe80::2!c", "2001:db8:1::1 fe80::1",
               "2001:db8:1::1 2001:db8:3::1 fe80::1 fe80::2");
  expect_order("2001:db8:1::2 fe80::2!d", "2001:db8:1::1 fe80::1",
               "2001:db8:1::1 2001:db8:1::2 fe80::1 fe80::2");
  expect_order("2001:db8:1::2 2001:db8:3f44::2 fe80::2", "2001:db8:1::1 2001:db8:3ffe::1",
               "2001:db8:1::1 2001:db8:1::2 2001:db8:3ffe::1 2001:db8:3f44::2");
  expect_order("2002:c633:6401::2 fe80::2", "2002:c633:6401::1 2001:db8:1::1",
               "2002:c633:6401::1 2002:c633:6401::2 2001:db8:1::1 2002:c633:6401::2");
  expect_order("2002:c633:6401::2 2001:db8:1::2 fe80::2", "2002:c633:6401::1 2001:db8:1::1",
               "2001:db8:1::1 2001:db8:1::2 2002:c633:6401::1 2002:c633:6401::2");
}

static void test_10_3_preferring_ip4(void)
{
  static const struct ip6_policy table[] = {{PREFIX(0, 0, 0, 1), 128, 50, 0},
                                            {PREFIX(0, 0, 0, 0), 0, 40, 1},
                                            {PREFIX(0, 0, 0xffff, 0), 96, 100, 4},
                                            ROWS_BELOW_IP4};
  USE_POLICY(table);
  expect_order("2001:db8::2 fe80::1 169.254.13.78", "2001:db8::1 198.51.100.121",
               "2001:db8::1 2001:db8::2 198.51.100.121 169.254.13.78");
  expect_order("fe80::1 198.51.100.117", "2001:db8::1 198.51.100.121",
               "198.51.100.121 198.51.100.117 2001:db8::1 fe80::1");
  expect_order("2001:db8::2 fe80::1 10.1.2.4", "2001:db8::1 10.1.2.3",
               "10.1.2.3 10.1.2.4 2001:db8::1 2001:db8::2");
}

static void test_10_4_preferring_linklocal(void)
{
  static const struct ip6_policy table[] = {{PREFIX(0, 0, 0, 1), 128, 50, 0},
                                            {PREFIX(0, 0, 0, 0), 0, 40, 1},
                                            {PREFIX(0, 0, 0xffff, 0), 96, 35, 4},
                                            {PREFIX(0xfe800000, 0, 0, 0), 10, 33, 1},
                                            ROWS_BELOW_IP4};
  USE_POLICY(table);
  expect_order("2001:db8::2 fe80::2", "2001:db8::1 fe80::1",
               "2001:db8::1 2001:db8::2 fe80::1 fe80::2");
  expect_order("2001:db8::2!d fe80::2", "2001:db8::1 fe80::1",
               "fe80::1 fe80::2 2001:db8::1 2001:db8::2");
}

static void test_10_5_multihomed_site(void)
{
  static const struct ip6_policy table[] = {{PREFIX(0, 0, 0, 1), 128, 50, 0},
                                            {PREFIX(0x20010db8, 0x1aaa0000, 0, 0), 48, 43, 6},
                                            {PREFIX(0x20010db8, 0x1bbb0000, 0, 0), 48, 43, 6},
                                            {PREFIX(0, 0, 0, 0), 0, 40, 1},
                                            {PREFIX(0, 0, 0xffff, 0), 96, 35, 4},
                                            ROWS_BELOW_IP4};
  const char *sources = "2001:db8:1aaa::a 2001:db8:70aa::a fe80::a";
  expect_order(sources, "2001:db8:1bbb::b 2001:db8:70bb::b",
               "2001:db8:70bb::b 2001:db8:70aa::a 2001:db8:1bbb::b 2001:db8:1aaa::a");
  expect_order(sources, "2001:db8:1ccc::c 2001:db8:6ccc::c",
               "2001:db8:1ccc::c 2001:db8:1aaa::a 2001:db8:6ccc::c 2001:db8:70aa::a");
  USE_POLICY(table);
  expect_order(sources, "2001:db8:1bbb::b 2001:db8:70bb::b",
               "2001:db8:1bbb::b 2001:db8:1aaa::a 2001:db8:70bb::b 2001:db8:70aa::a");
  expect_order(sources, "2001:db8:1ccc::c 2001:db8:6ccc::c",
               "2001:db8:6ccc::c 2001:db8:70aa::a 2001:db8:1ccc::c 2001:db8:70aa::a");
}

static void test_10_6_unique_local(void)
{
  static const struct ip6_policy table[] = {{PREFIX(0, 0, 0, 1), 128, 50, 0},
                                            {PREFIX(0xfd111111, 0x11110000, 0, 0), 48, 45, 14},
                                            {PREFIX(0, 0, 0, 0), 0, 40, 1},
                                            {PREFIX(0, 0, 0xffff, 0), 96, 35, 4},
                                            ROWS_BELOW_IP4};
  const char *sources = "2001:db8:1::1 fd11:1111:1111:1::1";
  const char *foreign = "2001:db8:2::2 2001:db8:1::1 fd22:2222:2222:2::2 fd11:1111:1111:1::1";
  expect_order(sources, "2001:db8:2::2 fd22:2222:2222:2::2", foreign);
  expect_source("ff00::1", sources, "2001:db8:1::1");
  expect_source("ff0e::1", "fd11:1111:1111:1::1 2001:db8:1::1", "2001:db8:1::1");
  USE_POLICY(table);
  expect_order(sources, "2001:db8:2::2 fd22:2222:2222:2::2", foreign);
  expect_order(sources, "2001:db8:2::2 fd11:1111:1111:2::2",
               "fd11:1111:1111:2::2 fd11:1111:1111:1::1 2001:db8:2::2 2001:db8:1::1");
}

static void test_10_7_6to4(void)
{
  static const struct ip6_policy table[] = {{PREFIX(0, 0, 0, 1), 128, 50, 0},
                                            {PREFIX(0x2002c633, 0x64010000, 0, 0), 48, 45, 14},
                                            {PREFIX(0, 0, 0, 0), 0, 40, 1},
                                            {PREFIX(0, 0, 0xffff, 0), 96, 35, 4},
                                            ROWS_BELOW_IP4};
  expect_order("2002:c633:6401::2 10.1.2.3", "2001:db8:1::1 203.0.113.1",
               "203.0.113.1 10.1.2.3 2001:db8:1::1 2002:c633:6401::2");
  USE_POLICY(table);
  expect_order("2002:c633:6401:1::1 10.1.2.3", "2002:c633:6401:2::2 203.0.113.1",
               "2002:c633:6401:2::2 2002:c633:6401:1::1 203.0.113.1 10.1.2.3");
}

/* --- source rules that the examples do not reach --- */

/* Rule 2: the smallest scope that suffices. */
static void test_scopes(void)
{
  const char *all = "fe80::1 fec0::1 2001:db8::1";
  expect_source("fe80::2", all, "fe80::1");
  expect_source("fec0::2", all, "fec0::1");
  expect_source("2001:db8::2", all, "2001:db8::1");
  expect_source("ff02::1", all, "fe80::1");
  expect_source("ff05::1", all, "fec0::1");
  expect_source("ff0e::1", all, "2001:db8::1");
  expect_source("ff05::1", "fe80::1", "fe80::1"); /* better than nothing */
  expect_source("fe80::2", "2001:db8::1", "2001:db8::1");
}

/* Rule 4, both ways at once and with the caller's wish (RFC 5014). */
static void test_home_addresses(void)
{
  ip6_addr_t dst = ip6_of("2001:db8:1::1");
  set_sources("2001:db8:1::2!c 2001:db8:3::2!h");
  assert_ptr_equal(ip6_select_source_preferring(&net.netif, &dst, IP6_PREFER_CARE_OF),
                   netif_ip_addr6(&net.netif, 0));
  set_kind(0, 'h'); /* both: the mobile node is at home */
  assert_ptr_equal(ip6_select_source_address(&net.netif, &dst), netif_ip_addr6(&net.netif, 0));
}

/* Rule 5: a netif's own addresses before those of others, which a router may take on a link that
   has none; a host never. */
static void test_addresses_of_other_netifs(void)
{
  struct packet_net *other = net_add_netif();
  ip6_addr_t far_away = ip6_of("2001:db8:ffff::1");
  ip6_addr_t linklocal_dst = ip6_on(&net, "fe80::2");
  ip6_addr_t global = ip6_of("2001:db8:ffff::2");
  netif_ip6_addr_set(&other->netif, 1, &global);
  netif_ip6_addr_set_state(&other->netif, 1, IP6_ADDR_PREFERRED);
  set_sources("fe80::1 2001:db8:1::1!d");
  assert_ptr_equal(ip6_select_source_address(&net.netif, &far_away), netif_ip_addr6(&net.netif, 1));
  set_sources("fe80::1");
  assert_ptr_equal(ip6_select_source_address(&net.netif, &linklocal_dst),
                   netif_ip_addr6(&net.netif, 0));
  const ip_addr_t *src = ip6_select_source_address(&net.netif, &far_away);
  assert_ptr_equal(src, LWIP_IPV6_FORWARD ? netif_ip_addr6(&other->netif, 1)
                                          : netif_ip_addr6(&net.netif, 0));
}

/* Rule 5.5: of two routers with prefixes of their own, each gets what it announced. */
static void test_prefix_of_the_next_hop(void)
{
  linklocal_up();
  rx_prefix_from("fe80::2", "2001:db8:2::", 64, ND_PREFIX_A, 86400, 86400);
  rx_prefix_from("fe80::3", "2001:db8:3::", 64, ND_PREFIX_A, 86400, 86400);
  advance(DAD_MS);
  assert_int_equal(state_of(2), IP6_ADDR_PREFERRED);
  struct nd_options o = {0};
  nd_opt_route(&o, "2001:db8:a::", 48, 0, 1800);
  rx(ra((struct ra_spec){.src = "fe80::2", .lifetime_s = 1800}, &o));
  struct nd_options o3 = {0};
  nd_opt_route(&o3, "2001:db8:b::", 48, 0, 1800);
  rx(ra((struct ra_spec){.src = "fe80::3", .lifetime_s = 1800}, &o3));
  ip6_addr_t by_2 = ip6_of("2001:db8:a::1");
  ip6_addr_t by_3 = ip6_of("2001:db8:b::1");
  assert_ptr_equal(ip6_select_source_address(&net.netif, &by_2), netif_ip_addr6(&net.netif, 1));
  assert_ptr_equal(ip6_select_source_address(&net.netif, &by_3), netif_ip_addr6(&net.netif, 2));
}

/* Rule 7 and those who want it otherwise (RFC 8981 3.1, RFC 5014). */
static void test_temporary_addresses(void)
{
  ip6_addr_t dst = ip6_of("2001:db8:1::1");
  set_sources("2001:db8:1::2 2001:db8:1::3!t");
  const ip_addr_t *public = netif_ip_addr6(&net.netif, 0);
  const ip_addr_t *temporary = netif_ip_addr6(&net.netif, 1);
  assert_ptr_equal(ip6_select_source_address(&net.netif, &dst), temporary);
  assert_ptr_equal(ip6_select_source_preferring(&net.netif, &dst, IP6_PREFER_PUBLIC), public);
  if (LWIP_IPV6_TEMPORARY) {
    netif_ip6_temporary_set(&net.netif, IP6_TEMPORARY_SPARE);
    assert_ptr_equal(ip6_select_source_address(&net.netif, &dst), public);
    assert_ptr_equal(ip6_select_source_preferring(&net.netif, &dst, IP6_PREFER_TEMPORARY),
                     temporary);
  }
}

/* Rule 8 ends with the prefix: that identifiers look alike says nothing (RFC 6724 2.2). */
static void test_identifiers_do_not_match(void)
{
  expect_source("2001:db8:1::1234:1", "2001:db8:1::9 2001:db8:1::1234:2", "2001:db8:1::9");
}

/* Tentative and duplicated addresses are no candidates. */
static void test_unusable_addresses(void)
{
  ip6_addr_t dst = ip6_of("2001:db8:1::1");
  set_sources("");
  assert_null(ip6_select_source_address(&net.netif, &dst));
  set_sources("2001:db8:1::2 2001:db8:2::2");
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_TENTATIVE);
  assert_ptr_equal(ip6_select_source_address(&net.netif, &dst), netif_ip_addr6(&net.netif, 1));
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_DUPLICATED);
  assert_null(ip6_select_source_address(&net.netif, &dst));
  netif_ip6_addr_set_state(&net.netif, 0, IP6_ADDR_INVALID);
}

/* --- destination rules that the examples do not reach --- */

/* Rule 1, and rule 10 among the unreachable. */
static void test_unreachable_destinations(void)
{
  struct addr_choice choice[3] = {
      {.dst = parse("2001:db8::1")}, {.dst = parse("2001:db8::2")}, {.dst = parse("fe80::1")}};
  set_sources("fe80::2");
  netif_set_default(NULL); /* no way out, but the link itself */
  addr_choices_sort(choice, 3);
  assert_string_equal(text_of_addr(&choice[0].dst), "fe80::1");
  assert_true(choice[0].is_reachable);
  assert_ptr_equal(choice[0].netif, &net.netif);
  set_sources("");
  choice[0].dst = parse("2001:db8::9");
  choice[1].dst = parse("2001:db8::5");
  choice[2].dst = parse("2001:db8::2");
  addr_choices_sort(choice, 3);
  assert_string_equal(text_of_addr(&choice[0].dst), "2001:db8::9");
  assert_string_equal(text_of_addr(&choice[1].dst), "2001:db8::5");
  assert_string_equal(text_of_addr(&choice[2].dst), "2001:db8::2");
  assert_false(choice[0].is_reachable);
}

/* Rule 7: two global destinations, one by a tunnel. */
static void test_native_transport(void)
{
  struct packet_net *tunnel = net_add_netif();
  ip6_addr_t far_end = ip6_of("2001:db8:8::2");
  ip6_addr_t near_end = ip6_of("2001:db8:9::2");
  netif_ip6_addr_set(&tunnel->netif, 1, &far_end);
  netif_ip6_addr_set_state(&tunnel->netif, 1, IP6_ADDR_PREFERRED);
  netif_ip6_addr_set(&net.netif, 1, &near_end);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  netif_ip6_tunnel_set(&tunnel->netif, true);
  expect_order_of("2001:db8:8::1 2001:db8:9::1",
                  "2001:db8:9::1 2001:db8:9::2 2001:db8:8::1 2001:db8:8::2");
  netif_ip6_tunnel_set(&tunnel->netif, false);
  netif_ip6_tunnel_set(&net.netif, true);
  expect_order_of("2001:db8:8::1 2001:db8:9::1",
                  "2001:db8:8::1 2001:db8:8::2 2001:db8:9::1 2001:db8:9::2");
}

/* Rule 10. */
static void test_equals_keep_their_order(void)
{
  struct addr_choice choice[4];
  static const char *const dst[4] = {"2001:db8:1::4", "2001:db8:1::3", "2001:db8:1::7",
                                     "2001:db8:1::5"};
  set_sources("2001:db8:1::2");
  for (int i = 0; i < 4; i++) {
    choice[i].dst = parse(dst[i]);
  }
  addr_choices_sort(choice, 4);
  for (int i = 0; i < 4; i++) {
    assert_string_equal(text_of_addr(&choice[i].dst), dst[i]);
  }
  addr_choices_sort(choice, 0);
}

/* A program's table need not have a row for everything. */
static void test_policy_without_default(void)
{
  static const struct ip6_policy table[] = {{PREFIX(0x20010db8, 0x00010000, 0, 0), 48, 9, 9}};
  USE_POLICY(table);
  expect_order("2001:db8:1::2 2001:db8:2::2", "2001:db8:2::1 2001:db8:1::1",
               "2001:db8:1::1 2001:db8:1::2 2001:db8:2::1 2001:db8:2::2");
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_10_1_source, PACKET_ONCE),
    TEST_FLAGS(test_10_1_source_reversed, PACKET_ONCE),
    TEST_FLAGS(test_10_2_destination, PACKET_ONCE),
    TEST_FLAGS(test_10_3_preferring_ip4, PACKET_ONCE),
    TEST_FLAGS(test_10_4_preferring_linklocal, PACKET_ONCE),
    TEST_FLAGS(test_10_5_multihomed_site, PACKET_ONCE),
    TEST_FLAGS(test_10_6_unique_local, PACKET_ONCE),
    TEST_FLAGS(test_10_7_6to4, PACKET_ONCE),
    TEST_FLAGS(test_scopes, PACKET_ONCE),
    TEST_FLAGS(test_home_addresses, PACKET_ONCE),
    TEST_FLAGS(test_addresses_of_other_netifs, PACKET_ONCE),
    TEST_FLAGS(test_prefix_of_the_next_hop, PACKET_ONCE),
    TEST_FLAGS(test_temporary_addresses, PACKET_ONCE),
    TEST_FLAGS(test_identifiers_do_not_match, PACKET_ONCE),
    TEST_FLAGS(test_unusable_addresses, PACKET_ONCE),
    TEST_FLAGS(test_unreachable_destinations, PACKET_ONCE),
    TEST_FLAGS(test_native_transport, PACKET_ONCE),
    TEST_FLAGS(test_equals_keep_their_order, PACKET_ONCE),
    TEST_FLAGS(test_policy_without_default, PACKET_ONCE),
};

PACKET_MAIN(tests)
