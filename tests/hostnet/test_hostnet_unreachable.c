/**
 * @file
 * A host without any way to the world: devices hear it at once, by what their stacks make of it.
 *
 * The program leaves the system's network for an empty one of its own; where it may not, there is
 * nothing to test.
 *
 * needs: threads, ipv4, ipv6, tcp
 */
#include "common.h"
#include <errno.h>
#include <stdio.h>

static const struct {
  const char *addr;
  enum netconn_type udp;
} worlds[] = {{"93.184.216.34", NETCONN_UDP}, {"2001:db8:ffff::1", NETCONN_UDP_IPV6}};

/** Not refused, not silent: no route. */
static void test_tcp(void **state)
{
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(worlds); i++) {
    assert_int_equal(dial_error(worlds[i].addr, 80), ERR_RTE);
  }
}

static void test_udp(void **state)
{
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(worlds); i++) {
    ip_addr_t addr = address(worlds[i].addr);
    struct netconn *conn = netconn_new(worlds[i].udp);
    struct netbuf *buf = netbuf_new();
    assert_non_null(conn);
    assert_non_null(buf);
    netconn_set_recvtimeout(conn, PATIENCE_MS);
    assert_int_equal(netconn_connect(conn, &addr, 9), ERR_OK);
    assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
    assert_int_equal(netconn_send(conn, buf), ERR_OK);
    netbuf_delete(buf);
    assert_int_equal(netconn_recv(conn, &buf), ERR_RTE);
    netconn_delete(conn);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_tcp), cmocka_unit_test(test_udp)};
  if (!network_of_own()) {
    printf("1..0 # SKIP no network namespace of one's own: errno %d\n", errno);
    return 0;
  }
  return cmocka_run_group_tests(tests, network_up, network_down);
}
