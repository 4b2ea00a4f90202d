/*
 * LWIP_HOOK_IP6_INPUT and LWIP_HOOK_IP6_ROUTE: when they are asked, and what their answers do. The
 * program brings its own builds of input and routing, with the hooks.
 * needs: ipv6
 */
#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
struct pbuf;
struct netif;
static int hook_input(struct pbuf *p, struct netif *inp);
static struct netif *hook_route(const ip6_addr_t *src, const ip6_addr_t *dest);
#define LWIP_HOOK_IP6_INPUT(p, inp)    hook_input(p, inp)
#define LWIP_HOOK_IP6_ROUTE(src, dest) hook_route(src, dest)
#include "packet.h"
#include "ip/v6/ip6_input.c"
#include "ip/v6/ip6_route.c"

/* What the hooks do, and what they saw: set by each test. */
static struct {
  bool takes_input;
  unsigned inputs;
  struct netif *way;
  unsigned routes;
  ip6_addr_t src;
} hook;

static int hook_input(struct pbuf *p, struct netif *inp)
{
  hook.inputs += p->len >= IP6_HLEN && inp == &net.netif;
  if (hook.takes_input) {
    pbuf_free(p);
  }
  return hook.takes_input;
}

static struct netif *hook_route(const ip6_addr_t *src, const ip6_addr_t *dest)
{
  hook.routes += !ip6_addr_isany(dest);
  hook.src = *src;
  return hook.way;
}

static void up(void)
{
  memset(&hook, 0, sizeof hook);
  net6_up();
  app_udp("::", 7);
  hook.inputs = hook.routes = 0;
}

PACKET_TEST(test_input_that_the_hook_leaves)
{
  up();
  rx(udp6("2001:db8::2", 1, "2001:db8::1", 7, "x", 1));
  expect_datagram("2001:db8::2", 1, "x", 1);
  assert_int_equal(hook.inputs, 1);
}

PACKET_TEST(test_input_that_the_hook_takes)
{
  up();
  hook.takes_input = true;
  rx(udp6("2001:db8::2", 1, "2001:db8::1", 7, "x", 1));
  rx(udp6("2001:db8::2", 1, "2001:db8:7::7", 7, "x", 1)); /* whosever it is */
  hook.takes_input = false;
  assert_int_equal(hook.inputs, 2);
  expect_no_datagram();
  expect_no_drop();
  expect_silence();
}

/* It sees packets whose header was checked. */
PACKET_TEST(test_bad_headers_never_reach_the_hook)
{
  up();
  struct ip6_spec spec = ip6_spec_of("2001:db8::2", "2001:db8::1", NH_UDP);
  spec.version = 4;
  rx_exact(ip6_opts(spec, "12345678", 8));
  expect_drop(DROP_IP6_BAD_VERSION);
  assert_int_equal(hook.inputs, 0);
}

PACKET_TEST(test_route_by_the_hook)
{
  up();
  struct packet_net *second = net_add_netif();
  net6_up_on(second);
  hook.routes = 0;
  ip6_addr_t near_ = ip6_of("2001:db8::9"), ours = ip6_of("2001:db8::1");
  assert_ptr_equal(ip6_route(NULL, &near_), &net.netif); /* no opinion */
  assert_true(ip6_addr_isany_val(hook.src));
  hook.way = &second->netif;
  assert_ptr_equal(ip6_route(&ours, &near_), &second->netif);
  assert_true(ip6_addr_eq(&hook.src, &ours));
  assert_int_equal(hook.routes, 2);
  assert_ptr_equal(ip6_route(NULL, &ours), &net.netif); /* packets to ourselves stay here */
  assert_int_equal(hook.routes, 2);
}

static const struct packet_test tests[] = {
    TEST(test_input_that_the_hook_leaves),
    TEST(test_input_that_the_hook_takes),
    TEST(test_bad_headers_never_reach_the_hook),
    TEST_FLAGS(test_route_by_the_hook, PACKET_ONCE),
};

PACKET_MAIN(tests)
