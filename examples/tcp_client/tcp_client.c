/*
 * A TCP client: sends what it reads, says that this was all, and prints the answer.
 *
 *   echo hello | example-tcp_client --tap tap0 --ip4 10.77.0.2/24 10.77.0.1 80
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/sockets.h"
#include "app.h"

/** A connection to an address of either IP version; -1 with errno. */
static int connect_to(const char *host, int port)
{
  struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons((u16_t)port)};
  struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons((u16_t)port)};
  int is_ip6 = inet_pton(AF_INET6, host, &to6.sin6_addr) == 1;
  if (!is_ip6 && inet_pton(AF_INET, host, &to4.sin_addr) != 1) {
    errno = EINVAL;
    return -1;
  }
  int s = socket(is_ip6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  if (s >= 0 && (is_ip6 ? connect(s, (struct sockaddr *)&to6, sizeof to6)
                        : connect(s, (struct sockaddr *)&to4, sizeof to4)) < 0) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

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

int app_main(int argc, char **argv)
{
  char data[1024];
  size_t len;
  ssize_t got;

  if (argc != 3) {
    fprintf(stderr, "usage: %s ... ADDRESS PORT\n", argv[0]);
    return 2;
  }
  int s = connect_to(argv[1], atoi(argv[2]));
  if (s < 0) {
    perror(argv[1]);
    return 1;
  }
  while ((len = fread(data, 1, sizeof data, stdin)) > 0) {
    if (send_all(s, data, len) < 0) {
      perror("send");
      break;
    }
  }
  shutdown(s, SHUT_WR); /* that was all; the answer may still come */
  while ((got = recv(s, data, sizeof data, 0)) > 0) {
    fwrite(data, 1, (size_t)got, stdout);
  }
  if (got < 0) {
    perror("recv");
  }
  close(s);
  return got < 0;
}
