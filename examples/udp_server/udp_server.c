/*
 * A UDP server: every datagram goes back to where it came from.
 *
 *   example-udp_server --tap tap0 --ip4 10.77.0.2/24 [PORT]          (nc -u 10.77.0.2 7)
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "app.h"

int app_main(int argc, char **argv)
{
  static char data[65536]; /* a datagram that is longer than its buffer is cut */
  struct sockaddr_in here = {.sin_family = AF_INET};

  here.sin_port = htons((u16_t)(argc > 1 ? atoi(argv[1]) : 7));
  here.sin_addr.s_addr = htonl(INADDR_ANY);
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  if (s < 0 || bind(s, (struct sockaddr *)&here, sizeof here) < 0) {
    perror("udp_server");
    return 1;
  }
  printf("listening on UDP port %d\n", ntohs(here.sin_port));

  for (;;) {
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    ssize_t got = recvfrom(s, data, sizeof data, 0, (struct sockaddr *)&peer, &len);
    if (got < 0) {
      perror("recvfrom");
      break;
    }
    if (sendto(s, data, (size_t)got, 0, (struct sockaddr *)&peer, len) < 0) {
      perror("sendto"); /* this one is lost, as datagrams may be */
    }
  }
  close(s);
  return 1;
}
