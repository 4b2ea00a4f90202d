/*
 * A member of an IPv4 multicast group: says hello to the group, prints what is said there, and
 * answers each speaker.
 *
 *   example-multicast_v4 --tap tap0 --ip4 10.77.0.2/24 239.1.2.3 5000
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "app.h"

/** A member's socket; -1 with errno. */
static int join(const struct sockaddr_in *group)
{
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = group->sin_port};
  struct ip_mreq member = {.imr_multiaddr = group->sin_addr};
  u8_t ttl = 1;  /* this network only */
  u8_t loop = 0; /* not to ourselves */

  here.sin_addr.s_addr = htonl(INADDR_ANY);
  member.imr_interface.s_addr = htonl(INADDR_ANY); /* the one that a route leads to */
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  if (s >= 0 && (bind(s, (struct sockaddr *)&here, sizeof here) < 0 ||
                 setsockopt(s, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) < 0 ||
                 setsockopt(s, IPPROTO_IP, IP_MULTICAST_LOOP, &loop, sizeof loop) < 0 ||
                 setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &member, sizeof member) < 0)) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

int app_main(int argc, char **argv)
{
  struct sockaddr_in group = {.sin_family = AF_INET}, peer;
  char data[1400], name[INET_ADDRSTRLEN];

  if (argc != 3 || inet_pton(AF_INET, argv[1], &group.sin_addr) != 1) {
    fprintf(stderr, "usage: %s ... GROUP PORT\n", argv[0]);
    return 2;
  }
  group.sin_port = htons((u16_t)atoi(argv[2]));
  int s = join(&group);
  if (s < 0 || sendto(s, "hello", 5, 0, (struct sockaddr *)&group, sizeof group) < 0) {
    perror(argv[1]);
    return 1;
  }
  printf("member of %s\n", argv[1]);

  for (;;) {
    socklen_t len = sizeof peer;
    ssize_t got = recvfrom(s, data, sizeof data, 0, (struct sockaddr *)&peer, &len);
    if (got < 0) {
      perror("recvfrom");
      break;
    }
    inet_ntop(AF_INET, &peer.sin_addr, name, sizeof name);
    printf("%s: %.*s\n", name, (int)got, data);
    if (sendto(s, data, (size_t)got, 0, (struct sockaddr *)&peer, len) < 0) {
      perror(name);
    }
  }
  close(s); /* which leaves the group */
  return 1;
}
