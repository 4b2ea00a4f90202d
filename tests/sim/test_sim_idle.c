/**
 * @file
 * 100,000 idle connections in one instance ask for nothing: no event happens in a minute, no timer
 * is set, and all of them still stand. (With AddressSanitizer there are fewer, for its memory.)
 * needs: tcp
 * needs: ipv4
 */
#include "sim_test.h"
#include "sim/idle.h"

#if defined(__SANITIZE_ADDRESS__)
#define COUNT 5000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNT 5000
#endif
#endif
#ifndef COUNT
#define COUNT 100000
#endif
#define PROBES 1000

static void test_idle_connections_wake_nobody(void **state)
{
  (void)state;
  struct idle_result r;
  idle_run(COUNT, PROBES, &r);
  assert_int_equal(r.connected, COUNT);
  assert_int_equal(r.accepted, COUNT);
  assert_int_equal(r.failed, 0);
  assert_int_equal(r.events, 0);
  assert_int_equal(r.timers, 0);
  assert_int_equal(r.echoed, PROBES);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_idle_connections_wake_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
