/**
 * @file
 * Hooks of IPv6 addresses: the source address (LWIP_HOOK_IP6_SELECT_SRC_ADDR), the secret of stable
 * identifiers (LWIP_HOOK_IP6_STABLE_SECRET); and what identifiers may not be (RFC 5453). The
 * program brings its own build of the two files, so that the library's are not linked. needs: ipv6
 */
#include "lwip/opt.h"
#include "lwip/netif.h"

static const ip_addr_t *hook_src(struct netif *netif, const ip6_addr_t *dest);
static int hook_secret(const struct netif *netif, u8_t key[16]);

#define LWIP_HOOK_IP6_SELECT_SRC_ADDR(netif, dest) hook_src(netif, dest)
#define LWIP_HOOK_IP6_STABLE_SECRET(netif, key)    hook_secret(netif, key)
#include "addr6.h"
#include "ip/v6/ip6_select.c"
#include "ip/v6/stable_iid.c"

/* What the hooks shall do; reset when a body ends, early or not. */
static struct {
  const ip_addr_t *src;
  u8_t first_of_key; /* 0: there is no key */
  unsigned asked;
} hooks;

static void reset(void)
{
  memset(&hooks, 0, sizeof hooks);
  addr6_end();
}

static const ip_addr_t *hook_src(struct netif *netif, const ip6_addr_t *dest)
{
  (void)dest;
  hooks.asked += netif == &net.netif;
  return hooks.src;
}

static int hook_secret(const struct netif *netif, u8_t key[16])
{
  (void)netif;
  memset(key, 0, 16);
  key[0] = hooks.first_of_key;
  return hooks.first_of_key != 0;
}

static void test_hook_chooses_the_source(void)
{
  ip6_addr_t dst = ip6_of("2001:db8::2");
  packet_at_end(reset);
  net6_up();
  hooks.asked = 0;
  assert_ptr_equal(ip6_select_source_address(&net.netif, &dst), netif_ip_addr6(&net.netif, 1));
  assert_int_equal(hooks.asked, 1);
  hooks.src = netif_ip_addr6(&net.netif, 0);
  assert_ptr_equal(ip6_select_source_address(&net.netif, &dst), hooks.src);
  hooks.src = NULL;
}

/** Our stable identifier in 2001:db8:1::/64 with this key. */
static ip6_addr_t iid_with(u8_t first_of_key)
{
  ip6_addr_t addr = ip6_of("2001:db8:1::");
  u8_t counter = 0;
  hooks.first_of_key = first_of_key;
  ip6_iid_stable(&net.netif, &addr, &counter);
  assert_int_equal(counter, 0);
  return addr;
}

/* RFC 7217 5: the port's secret is used where there is one; the program's goes before it. */
static void test_hook_keeps_the_secret(void)
{
  static const u8_t of_program[16] = {7};
  packet_at_end(reset);
  ip6_addr_t drawn = iid_with(0);
  ip6_addr_t first = iid_with(1);
  ip6_addr_t second = iid_with(2);
  ip6_addr_t again = iid_with(1);
  assert_false(ip6_addr_eq(&drawn, &first));
  assert_false(ip6_addr_eq(&first, &second));
  assert_true(ip6_addr_eq(&first, &again));
  ip6_stable_secret_set(of_program);
  ip6_addr_t program = iid_with(1);
  ip6_addr_t hooked = iid_with(7);
  assert_false(ip6_addr_eq(&program, &first));
  assert_true(ip6_addr_eq(&program, &hooked)); /* the same key, wherever it comes from */
  ip6_stable_secret_forget();
}

/* RFC 7217 5: DAD_Counter and interface are part of it; an identifier of ours is not taken twice.
 */
static void test_parts_of_the_identifier(void)
{
  packet_at_end(reset);
  struct netif other = net.netif;
  ip6_addr_t a = ip6_of("2001:db8:1::");
  ip6_addr_t b = a, c = a, d = a;
  u8_t zero = 0, one = 1, found = 0;
  ip6_iid_stable(&net.netif, &a, &zero);
  ip6_iid_stable(&net.netif, &b, &one);
  other.hwaddr[5] ^= 0x80;
  ip6_iid_stable(&other, &c, &zero);
  assert_false(ip6_addr_eq(&a, &b));
  assert_false(ip6_addr_eq(&a, &c));
  netif_ip6_addr_set(&net.netif, 1, &a);
  netif_ip6_addr_set_state(&net.netif, 1, IP6_ADDR_PREFERRED);
  ip6_iid_stable(&net.netif, &d, &found);
  assert_int_equal(found, 1);
  assert_true(ip6_addr_eq(&d, &b));
}

/* RFC 7217 5: without a link address, the interface is known by its name. */
static void test_netif_without_link_address(void)
{
  struct netif plain = net.netif;
  ip6_addr_t a = ip6_of("2001:db8:1::");
  ip6_addr_t b = a;
  u8_t counter = 0;
  plain.hwaddr_len = 0;
  ip6_iid_stable(&plain, &a, &counter);
  plain.name[0] = 'x';
  ip6_iid_stable(&plain, &b, &counter);
  assert_false(ip6_addr_eq(&a, &b));
}

/* RFC 5453, RFC 2526: identifiers that mean something. */
static void test_reserved_identifiers(void)
{
  static const struct {
    const char *text;
    bool is_reserved;
  } cases[] = {
      {"2001:db8::", true},
      {"2001:db8::1", false},
      {"2001:db8::200:5eff:fe00:0", true},
      {"2001:db8::200:5eff:fe00:5213", true},
      {"2001:db8::200:5eff:feff:ffff", true},
      {"2001:db8::200:5eff:ff00:0", false},
      {"2001:db8::200:5efe:fe00:0", false},
      {"2001:db8::fdff:ffff:ffff:ff80", true},
      {"2001:db8::fdff:ffff:ffff:ffff", true},
      {"2001:db8::fdff:ffff:ffff:ff7f", false},
      {"2001:db8::fdff:fffe:ffff:ffff", false},
  };
  for (size_t i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    ip6_addr_t addr = ip6_of(cases[i].text);
    assert_int_equal(ip6_iid_is_reserved(&addr), cases[i].is_reserved);
  }
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_hook_chooses_the_source, PACKET_ONCE),
    TEST_FLAGS(test_hook_keeps_the_secret, PACKET_ONCE),
    TEST_FLAGS(test_parts_of_the_identifier, PACKET_ONCE),
    TEST_FLAGS(test_netif_without_link_address, PACKET_ONCE),
    TEST_FLAGS(test_reserved_identifiers, PACKET_ONCE),
};

PACKET_MAIN(tests)
