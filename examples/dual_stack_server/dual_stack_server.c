/*
 * One socket for both IP versions, and a thread for each client, whose words are sent back. IPv4
 * clients have addresses such as ::ffff:10.77.0.1.
 *
 *   example-dual_stack_server --tap tap0 --ip4 10.77.0.2/24 --ip6 fd77::2 [PORT]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "lwip/sys.h"
#include "app.h"

static int send_all(int s, const char *data, size_t len)
{
  while (len > 0) {
    ssize_t sent = send(s, data, len, 0);
    if (sent < 0) {
      return -1;
    }
    data += sent;
    len -= (size_t)sent;
  }
  return 0;
}

/** A client's thread. */
static void serve(void *arg)
{
  int s = (int)(intptr_t)arg;
  char data[1024];
  ssize_t got;
  while ((got = recv(s, data, sizeof data, 0)) > 0) {
    if (send_all(s, data, (size_t)got) < 0) {
      got = -1;
      break;
    }
  }
  if (got < 0) {
    perror("a client was lost");
  }
  close(s);
}

/** A listening socket of both IP versions; -1 with errno. */
static int listen_on(int port)
{
  struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = htons((u16_t)port)};
  int on = 1, off = 0;

  here.sin6_addr = in6addr_any; /* all addresses: those of IPv4, too */
  int s = socket(AF_INET6, SOCK_STREAM, 0);
  if (s >= 0 && (setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0 ||
                 setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
                 bind(s, (struct sockaddr *)&here, sizeof here) < 0 || listen(s, 5) < 0)) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

int app_main(int argc, char **argv)
{
  int port = argc > 1 ? atoi(argv[1]) : 7;
  int listener = listen_on(port);
  if (listener < 0) {
    perror("dual_stack_server");
    return 1;
  }
  printf("listening on TCP port %d\n", port);

  for (;;) {
    struct sockaddr_in6 peer;
    socklen_t len = sizeof peer;
    char name[INET6_ADDRSTRLEN];
    int s = accept(listener, (struct sockaddr *)&peer, &len);
    if (s < 0) {
      perror("accept");
      break;
    }
    printf("%s has come\n", inet_ntop(AF_INET6, &peer.sin6_addr, name, sizeof name));
    sys_thread_new("client", serve, (void *)(intptr_t)s, DEFAULT_THREAD_STACKSIZE,
                   DEFAULT_THREAD_PRIO);
  }
  close(listener);
  return 1;
}
