/*
 * A TCP server that serves one client after the other: whatever it says is sent back.
 *
 *   example-tcp_server --tap tap0 --ip4 10.77.0.2/24 [PORT]          (nc 10.77.0.2 7)
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "app.h"

/** send() may take only a part: go on with the rest. */
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

/** Until the client has said all that it wanted to say (0), or the connection has failed (-1). */
static int serve(int s)
{
  char data[1024];
  ssize_t got;
  while ((got = recv(s, data, sizeof data, 0)) > 0) {
    if (send_all(s, data, (size_t)got) < 0) {
      return -1;
    }
  }
  return (int)got;
}

int app_main(int argc, char **argv)
{
  struct sockaddr_in here = {.sin_family = AF_INET};
  int on = 1;

  here.sin_port = htons((u16_t)(argc > 1 ? atoi(argv[1]) : 7));
  here.sin_addr.s_addr = htonl(INADDR_ANY);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 5) < 0) {
    perror("tcp_server");
    return 1;
  }
  printf("listening on TCP port %d\n", ntohs(here.sin_port));

  for (;;) {
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    char name[INET_ADDRSTRLEN];
    int s = accept(listener, (struct sockaddr *)&peer, &len);
    if (s < 0) {
      perror("accept");
      break;
    }
    printf("%s has come\n", inet_ntop(AF_INET, &peer.sin_addr, name, sizeof name));
    if (serve(s) < 0) {
      perror(name);
    }
    close(s);
  }
  close(listener);
  return 1;
}
