/*
 * A TCP server with many clients and one thread: select() says whose turn it is. What a client
 * says is sent back; while it does not read its answers, nobody reads its questions.
 *
 *   example-select_server --tap tap0 --ip4 10.77.0.2/24 [PORT]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "app.h"

#define CLIENTS 16

struct client {
  int s;      /* -1: nobody */
  size_t len; /* what is still to be sent */
  char data[1024];
};

static struct client clients[CLIENTS];

static void client_new(int listener)
{
  int s = accept(listener, NULL, NULL);
  for (struct client *c = clients; s >= 0 && c < clients + CLIENTS; c++) {
    if (c->s < 0) {
      *c = (struct client){.s = s};
      return;
    }
  }
  if (s >= 0) {
    close(s); /* the house is full */
  }
}

/** It has something to say, or can be told something. */
static void client_turn(struct client *c)
{
  ssize_t n = c->len > 0 ? send(c->s, c->data, c->len, MSG_DONTWAIT)
                         : recv(c->s, c->data, sizeof c->data, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) {
    return; /* it has changed its mind */
  }
  if (n <= 0) {
    close(c->s); /* it has left, or is lost */
    c->s = -1;
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
  fd_set readable, writable;
  int highest = listener;

  FD_ZERO(&readable);
  FD_ZERO(&writable);
  FD_SET(listener, &readable);
  for (struct client *c = clients; c < clients + CLIENTS; c++) {
    if (c->s >= 0) {
      FD_SET(c->s, c->len > 0 ? &writable : &readable);
      highest = c->s > highest ? c->s : highest;
    }
  }
  if (select(highest + 1, &readable, &writable, NULL, NULL) < 0) {
    return -1;
  }
  for (struct client *c = clients; c < clients + CLIENTS; c++) {
    if (c->s >= 0 && (FD_ISSET(c->s, &readable) || FD_ISSET(c->s, &writable))) {
      client_turn(c);
    }
  }
  if (FD_ISSET(listener, &readable)) {
    client_new(listener);
  }
  return 0;
}

int app_main(int argc, char **argv)
{
  struct sockaddr_in here = {.sin_family = AF_INET};

  here.sin_port = htons((u16_t)(argc > 1 ? atoi(argv[1]) : 7));
  here.sin_addr.s_addr = htonl(INADDR_ANY);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&here, sizeof here) < 0 ||
      listen(listener, 5) < 0 || fcntl(listener, F_SETFL, O_NONBLOCK) < 0) {
    perror("select_server");
    return 1;
  }
  printf("listening on TCP port %d\n", ntohs(here.sin_port));
  for (int i = 0; i < CLIENTS; i++) {
    clients[i].s = -1;
  }
  while (turn(listener) == 0) {
  }
  perror("select");
  return 1;
}
