/**
 * @file
 * Sockets: options that a program has added (LWIP_HOOK_SOCKETS_SETSOCKOPT and its sister). What
 * calls the hooks is compiled with them for this program.
 * needs: threads
 */
#include "api.h"
#include "fails.h"
#include "own_options.h"

static int number;
static int number_of; /* the socket that it was set on */

int own_set(int s, struct sock *sock, int level, int name, const void *value, socklen_t len,
            int *error)
{
  assert_non_null(sock);
  if (level != OWN_LEVEL) {
    return 0;
  }
  if (name == OWN_NUMBER && len == sizeof number) {
    memcpy(&number, value, sizeof number);
    number_of = s;
    return 1;
  }
  *error = name == OWN_NUMBER ? EINVAL : EPERM;
  return 1;
}

int own_get(int s, struct sock *sock, int level, int name, void *value, socklen_t *len, int *error)
{
  assert_non_null(sock);
  if (level != OWN_LEVEL) {
    return 0;
  }
  if (name == OWN_NUMBER && *len >= sizeof number && s == number_of) {
    memcpy(value, &number, sizeof number);
    *len = sizeof number;
    return 1;
  }
  *error = EPERM;
  return 1;
}

static void of_the_program(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 77;
  socklen_t len = 2 * sizeof value;
  int s = lwip_socket(LWIP_IPV4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
  assert_true(s >= 0);
  assert_int_equal(lwip_setsockopt(s, OWN_LEVEL, OWN_NUMBER, &value, sizeof value), 0);
  assert_int_equal(number, 77);
  int got[2] = {0, 0};
  assert_int_equal(lwip_getsockopt(s, OWN_LEVEL, OWN_NUMBER, got, &len), 0);
  assert_int_equal(got[0], 77);
  assert_int_equal(len, sizeof value);
  assert_fails(lwip_setsockopt(s, OWN_LEVEL, OWN_NUMBER, &value, sizeof value - 1), EINVAL);
  assert_fails(lwip_setsockopt(s, OWN_LEVEL, OWN_SECRET, &value, sizeof value), EPERM);
  assert_fails(lwip_getsockopt(s, OWN_LEVEL, OWN_SECRET, &value, &len), EPERM);
  assert_int_equal(number, 77);
  assert_int_equal(lwip_close(s), 0);
}

/** All others are the stack's, as ever. */
static void of_the_stack(void **state)
{
  LWIP_UNUSED_ARG(state);
  int value = 1;
  socklen_t len = sizeof value;
  int s = lwip_socket(LWIP_IPV4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
  assert_true(s >= 0);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_BROADCAST, &value, sizeof value), 0);
  value = 0;
  assert_int_equal(lwip_getsockopt(s, SOL_SOCKET, SO_BROADCAST, &value, &len), 0);
  assert_int_equal(value, 1);
  assert_fails(lwip_setsockopt(s, OWN_LEVEL + 1, OWN_NUMBER, &value, sizeof value), ENOPROTOOPT);
  assert_fails(lwip_getsockopt(s, OWN_LEVEL + 1, OWN_NUMBER, &value, &len), ENOPROTOOPT);
  assert_int_equal(lwip_close(s), 0);
  assert_fails(lwip_setsockopt(s, OWN_LEVEL, OWN_NUMBER, &value, sizeof value), EBADF);
  assert_fails(lwip_getsockopt(s, OWN_LEVEL, OWN_NUMBER, &value, &len), EBADF);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(of_the_program),
      API_TEST(of_the_stack),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
