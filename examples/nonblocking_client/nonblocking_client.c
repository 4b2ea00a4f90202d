/*
 * A TCP client that never waits in a call but poll(): it connects, then sends what it has read and
 * prints what comes back, both at once, as fast as either goes.
 *
 *   echo hello | example-nonblocking_client --tap tap0 --ip4 10.77.0.2/24 10.77.0.1 7
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/sockets.h"
#include "app.h"

#define PATIENCE_MS 30000 /* without any progress */

/** Wait until the socket is ready for one of `events`: which they are; 0 with errno. */
static int wait_for(int s, short events)
{
  struct pollfd fd = {.fd = s, .events = events};
  int ready = poll(&fd, 1, PATIENCE_MS);
  if (ready == 0) {
    errno = ETIMEDOUT;
  }
  return ready > 0 ? fd.revents : 0;
}

/** A connecting socket, which does not block; -1 with errno. */
static int begin_connect(const char *host, int port)
{
  struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons((u16_t)port)};
  struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons((u16_t)port)};
  int is_ip6 = inet_pton(AF_INET6, host, &to6.sin6_addr) == 1;
  if (!is_ip6 && inet_pton(AF_INET, host, &to4.sin_addr) != 1) {
    errno = EINVAL;
    return -1;
  }
  int s = socket(is_ip6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  if (s >= 0 && (fcntl(s, F_SETFL, O_NONBLOCK) < 0 ||
                 ((is_ip6 ? connect(s, (struct sockaddr *)&to6, sizeof to6)
                          : connect(s, (struct sockaddr *)&to4, sizeof to4)) < 0 &&
                  errno != EINPROGRESS))) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

/** A connection that is being made can be written to when it stands, or has failed. */
static int end_connect(int s)
{
  int error = 0;
  socklen_t len = sizeof error;
  if (wait_for(s, POLLOUT) == 0 || getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len) < 0) {
    return -1;
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

/** Send and receive until the peer has said all; -1 with errno. */
static int talk(int s)
{
  char out[4096], in[4096];
  size_t len = 0, sent = 0;
  int is_all_read = 0;
  for (;;) {
    if (sent == len && !is_all_read) {
      sent = 0;
      len = fread(out, 1, sizeof out, stdin);
      is_all_read = len == 0;
      if (is_all_read && shutdown(s, SHUT_WR) < 0) {
        return -1;
      }
    }
    int ready = wait_for(s, (short)(sent < len ? POLLIN | POLLOUT : POLLIN));
    if (ready == 0) {
      return -1;
    }
    if (sent < len && (ready & POLLOUT)) {
      ssize_t n = send(s, out + sent, len - sent, 0);
      if (n < 0 && errno != EAGAIN) {
        return -1;
      }
      sent += n > 0 ? (size_t)n : 0;
    }
    ssize_t got = recv(s, in, sizeof in, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
      return (int)got;
    }
    fwrite(in, 1, got > 0 ? (size_t)got : 0, stdout);
  }
}

int app_main(int argc, char **argv)
{
  if (argc != 3) {
    fprintf(stderr, "usage: %s ... ADDRESS PORT\n", argv[0]);
    return 2;
  }
  int s = begin_connect(argv[1], atoi(argv[2]));
  if (s < 0 || end_connect(s) < 0 || talk(s) < 0) {
    perror(argv[1]);
    return 1;
  }
  close(s);
  return 0;
}
