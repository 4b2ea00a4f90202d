/**
 * @file
 * examples/hostnet fetches a page by name from a server on the host, over both IP versions.
 *
 * needs: threads, ipv4, ipv6, tcp
 */
#include "common.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void serve_page(int fd, void *arg)
{
  static const char page[] = "HTTP/1.0 200 OK\r\n\r\nfrom the host\n";
  char request[1024];
  size_t len = 0;
  ssize_t n;
  (void)arg;
  while (len < sizeof request - 1 &&
         (n = recv(fd, request + len, sizeof request - 1 - len, 0)) > 0) {
    len += (size_t)n;
    request[len] = '\0';
    if (strstr(request, "\r\n\r\n") != NULL) {
      (void)send(fd, page, sizeof page - 1, MSG_NOSIGNAL);
      return;
    }
  }
}

static void fetch(int family)
{
  struct server *s = server_new(family, serve_page, NULL);
  char command[512];
  char output[512] = "";
  snprintf(command, sizeof command, "%s host.gossamer %u /", EXAMPLE_HOSTNET, server_port(s));
  FILE *f = popen(command, "r");
  assert_non_null(f);
  size_t len = fread(output, 1, sizeof output - 1, f);
  assert_int_equal(pclose(f), 0);
  assert_true(len > 0);
  assert_non_null(strstr(output, "from the host"));
  server_free(s);
}

static void test_ipv4(void **state)
{
  (void)state;
  fetch(AF_INET);
}

static void test_ipv6(void **state)
{
  (void)state;
  fetch(AF_INET6);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_ipv4), cmocka_unit_test(test_ipv6)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
