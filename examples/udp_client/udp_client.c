/*
 * A UDP client: each line that it reads is a question, whose answer it prints. Datagrams may be
 * lost, so a question is asked again when a second has gone without an answer.
 *
 *   echo hello | example-udp_client --tap tap0 --ip4 10.77.0.2/24 10.77.0.1 7
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/sockets.h"
#include "app.h"

#define TRIES 5

/** A socket that hears and speaks to one address only; -1 with errno. */
static int open_to(const char *host, int port)
{
  struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons((u16_t)port)};
  struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons((u16_t)port)};
  struct timeval patience = {.tv_sec = 1};
  int is_ip6 = inet_pton(AF_INET6, host, &to6.sin6_addr) == 1;
  if (!is_ip6 && inet_pton(AF_INET, host, &to4.sin_addr) != 1) {
    errno = EINVAL;
    return -1;
  }
  int s = socket(is_ip6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
  if (s >= 0 && ((is_ip6 ? connect(s, (struct sockaddr *)&to6, sizeof to6)
                         : connect(s, (struct sockaddr *)&to4, sizeof to4)) < 0 ||
                 setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

/** Length of the answer; -1 with errno. */
static ssize_t ask(int s, const char *question, size_t len, char *answer, size_t size)
{
  ssize_t got = -1;
  for (int i = 0; i < TRIES && got < 0; i++) {
    if (send(s, question, len, 0) < 0) {
      return -1;
    }
    got = recv(s, answer, size, 0);
    if (got < 0 && errno != EAGAIN) {
      return -1; /* ECONNREFUSED: nobody listens there */
    }
  }
  return got;
}

int app_main(int argc, char **argv)
{
  char line[1400], answer[1400];

  if (argc != 3) {
    fprintf(stderr, "usage: %s ... ADDRESS PORT\n", argv[0]);
    return 2;
  }
  int s = open_to(argv[1], atoi(argv[2]));
  if (s < 0) {
    perror(argv[1]);
    return 1;
  }
  int status = 0;
  while (status == 0 && fgets(line, sizeof line, stdin) != NULL) {
    ssize_t got = ask(s, line, strlen(line), answer, sizeof answer);
    if (got < 0) {
      perror("no answer");
      status = 1;
    } else {
      fwrite(answer, 1, (size_t)got, stdout);
    }
  }
  close(s);
  return status;
}
