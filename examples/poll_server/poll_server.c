/*
 * A TCP server with many clients and one thread, for both IP versions: poll() says whose turn it
 * is. What a client says is sent back; while it does not read its answers, nobody reads its
 * questions.
 *
 *   example-poll_server --tap tap0 --ip4 10.77.0.2/24 --ip6 fd77::2 [PORT]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "app.h"

#define CLIENTS 16

struct client {
  size_t len; /* what is still to be sent */
  char data[1024];
};

static struct client clients[CLIENTS];
static struct pollfd fds[CLIENTS + 1]; /* theirs, then the listener's */
static nfds_t count;                   /* of clients */

static void client_new(int listener)
{
  int s = accept(listener, NULL, NULL);
  if (s >= 0 && count == CLIENTS) {
    close(s); /* the house is full */
  } else if (s >= 0) {
    clients[count].len = 0;
    fds[count++] = (struct pollfd){.fd = s};
  }
}

/** The last one takes its place. */
static void client_end(nfds_t i)
{
  close(fds[i].fd);
  count--;
  fds[i] = fds[count];
  clients[i] = clients[count];
}

/** It has something to say, or can be told something, or is lost. */
static void client_turn(nfds_t i)
{
  struct client *c = &clients[i];
  int s = fds[i].fd;
  ssize_t n = c->len > 0 ? send(s, c->data, c->len, MSG_DONTWAIT)
                         : recv(s, c->data, sizeof c->data, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) {
    return; /* it has changed its mind */
  }
  if (n <= 0) {
    client_end(i);
  } else if (c->len > 0) {
    c->len -= (size_t)n;
    memmove(c->data, c->data + n, c->len);
  } else {
    c->len = (size_t)n;
  }
}

/** One round: wait until somebody can go on, and let all who can. */
static int turn(int listener)
{
  for (nfds_t i = 0; i < count; i++) {
    fds[i].events = clients[i].len > 0 ? POLLOUT : POLLIN;
  }
  fds[count] = (struct pollfd){.fd = listener, .events = POLLIN};
  if (poll(fds, count + 1, -1) < 0) {
    return -1;
  }
  int has_come = fds[count].revents != 0;
  for (nfds_t i = count; i > 0; i--) { /* from the end, so that none changes its place too early */
    if (fds[i - 1].revents != 0) {
      client_turn(i - 1);
    }
  }
  if (has_come) {
    client_new(listener);
  }
  return 0;
}

int app_main(int argc, char **argv)
{
  struct sockaddr_in6 here = {.sin6_family = AF_INET6};
  int off = 0;

  here.sin6_port = htons((u16_t)(argc > 1 ? atoi(argv[1]) : 7));
  here.sin6_addr = in6addr_any;
  int listener = socket(AF_INET6, SOCK_STREAM, 0);
  if (listener < 0 || setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0 ||
      bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 5) < 0 ||
      fcntl(listener, F_SETFL, O_NONBLOCK) < 0) {
    perror("poll_server");
    return 1;
  }
  printf("listening on TCP port %d\n", ntohs(here.sin6_port));
  while (turn(listener) == 0) {
  }
  perror("poll");
  return 1;
}
