/** @file Addresses of either family: constants, text, set and compare. needs: ipv4 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/inet.h"
#include "lwip/ip_addr.h"
#include "gossamer/stack.h"

static void constants_are_what_they_say(void **state)
{
  (void)state;
  assert_true(ip_addr_isany(IP_ADDR_ANY));
  assert_true(ip_addr_isany(IP_ANY_TYPE));
  assert_true(ip_addr_isany((ip_addr_t *)NULL));
  assert_true(IP_IS_V4(IP4_ADDR_ANY));
  assert_int_equal(ip_addr_get_ip4_u32(IP_ADDR_BROADCAST), 0xffffffff);
  assert_int_equal(IP_GET_TYPE(IP46_ADDR_ANY(IPADDR_TYPE_V4)), IPADDR_TYPE_V4);
}

static void aton_and_ntoa_agree(void **state)
{
  static const char *const texts[] = {"0.0.0.0", "10.1.2.3", "255.255.255.255"};
  ip_addr_t addr;
  char buf[IPADDR_STRLEN_MAX];

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(texts); i++) {
    assert_int_equal(ipaddr_aton(texts[i], &addr), 1);
    assert_true(IP_IS_V4(&addr));
    assert_string_equal(ipaddr_ntoa(&addr), texts[i]);
    assert_ptr_equal(ipaddr_ntoa_r(&addr, buf, sizeof(buf)), buf);
    assert_string_equal(buf, texts[i]);
  }
  assert_null(ipaddr_ntoa(NULL));
  assert_null(ipaddr_ntoa_r(NULL, buf, sizeof(buf)));
  assert_null(ipaddr_ntoa_r(&addr, buf, 3));
}

static void aton_leaves_the_address_alone_when_it_refuses(void **state)
{
  static const char *const texts[] = {"", "1.2.3.4.5", "name", "::g", "1:2"};
  ip_addr_t addr = IPADDR4_INIT_BYTES(9, 8, 7, 6);

  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(texts); i++) {
    assert_int_equal(ipaddr_aton(texts[i], &addr), 0);
    assert_string_equal(ipaddr_ntoa(&addr), "9.8.7.6");
  }
  assert_int_equal(ipaddr_aton(NULL, &addr), 0);
  assert_int_equal(ipaddr_aton("1.2.3.4", NULL), 1);
}

static void ipv6_text_is_read_where_ipv6_is_built(void **state)
{
  ip_addr_t addr;

  (void)state;
  assert_int_equal(ipaddr_aton("2001:db8::1", &addr), LWIP_IPV6);
  if (LWIP_IPV6) {
    assert_true(IP_IS_V6(&addr));
    assert_string_equal(ipaddr_ntoa(&addr), "2001:db8::1");
  }
}

static void set_copy_and_compare(void **state)
{
  ip_addr_t a;
  ip_addr_t b;

  (void)state;
  IP_ADDR4(&a, 10, 0, 0, 1);
  ip_addr_copy(b, a);
  assert_true(ip_addr_eq(&a, &b));
  ip_addr_set_ip4_u32(&b, PP_HTONL(0x0a000002));
  assert_false(ip_addr_eq(&a, &b));
  assert_int_equal(ip_addr_get_ip4_u32(&b), PP_HTONL(0x0a000002));
  ip_addr_set(&b, &a);
  assert_true(ip_addr_eq(&a, &b));
  ip_addr_set(&b, (const ip_addr_t *)NULL);
  assert_true(ip_addr_isany(&b));
  ip_addr_set_loopback(0, &b);
  assert_true(ip_addr_isloopback(&b));
  ip_addr_set_any(0, &b);
  assert_true(ip_addr_isany_val(b));
  IP_ADDR4(&a, 224, 0, 0, 1);
  assert_true(ip_addr_ismulticast(&a));
  IP_ADDR4(&a, 169, 254, 0, 1);
  assert_true(ip_addr_islinklocal(&a));
}

static void bsd_names_work_on_bsd_types(void **state)
{
  struct in_addr in;
  ip4_addr_t ip4;
  char buf[INET_ADDRSTRLEN];

  (void)state;
  assert_int_equal(inet_aton("10.0.0.1", &in), 1);
  assert_int_equal(in.s_addr, inet_addr("10.0.0.1"));
  assert_string_equal(inet_ntoa(in), "10.0.0.1");
  assert_string_equal(inet_ntoa_r(in, buf, sizeof(buf)), "10.0.0.1");
  inet_addr_to_ip4addr(&ip4, &in);
  assert_int_equal(ip4_addr1(&ip4), 10);
  IP4_ADDR(&ip4, 1, 2, 3, 4);
  inet_addr_from_ip4addr(&in, &ip4);
  assert_int_equal(lwip_ntohl(in.s_addr), 0x01020304);
  assert_true(IN_MULTICAST(0xe0000001UL));
  assert_int_equal(inet_addr("nonsense"), INADDR_NONE);
}

#if LWIP_MULTI_INSTANCE
/** The buffers of the non-reentrant functions belong to the instance. */
static void ntoa_buffers_are_per_instance(void **state)
{
  ip_addr_t a = IPADDR4_INIT_BYTES(1, 1, 1, 1);
  ip_addr_t b = IPADDR4_INIT_BYTES(2, 2, 2, 2);
  const char *outer = ipaddr_ntoa(&a);
  struct stack *s = stack_new(NULL);

  (void)state;
  assert_non_null(s);
  struct stack *before = stack_enter(s);
  assert_string_equal(ipaddr_ntoa(&b), "2.2.2.2");
  stack_leave(before);
  stack_free(s);
  assert_string_equal(outer, "1.1.1.1");
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(constants_are_what_they_say),
    cmocka_unit_test(aton_and_ntoa_agree),
    cmocka_unit_test(aton_leaves_the_address_alone_when_it_refuses),
    cmocka_unit_test(ipv6_text_is_read_where_ipv6_is_built),
    cmocka_unit_test(set_copy_and_compare),
    cmocka_unit_test(bsd_names_work_on_bsd_types),
#if LWIP_MULTI_INSTANCE
    cmocka_unit_test(ntoa_buffers_are_per_instance),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
