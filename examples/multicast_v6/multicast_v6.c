/*
 * A member of an IPv6 multicast group: says hello to the group, prints what is said there, and
 * answers each speaker.
 *
 *   example-multicast_v6 --tap tap0 --ip6 fd77::2 ff15::77 5000 [INTERFACE]
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/if_api.h"
#include "lwip/inet.h"
#include "lwip/sockets.h"
#include "app.h"

/** A member's socket; -1 with errno. `interface` 0: the one that a route leads to. */
static int join(const struct sockaddr_in6 *group, unsigned interface)
{
  struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = group->sin6_port};
  struct ipv6_mreq member = {.ipv6mr_multiaddr = group->sin6_addr, .ipv6mr_interface = interface};

  here.sin6_addr = in6addr_any;
  int s = socket(AF_INET6, SOCK_DGRAM, 0);
  if (s >= 0 && (bind(s, (struct sockaddr *)&here, sizeof here) < 0 ||
                 setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &member, sizeof member) < 0)) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

int app_main(int argc, char **argv)
{
  struct sockaddr_in6 group = {.sin6_family = AF_INET6}, peer;
  char data[1400], name[INET6_ADDRSTRLEN];

  if (argc < 3 || inet_pton(AF_INET6, argv[1], &group.sin6_addr) != 1) {
    fprintf(stderr, "usage: %s ... GROUP PORT [INTERFACE]\n", argv[0]);
    return 2;
  }
  group.sin6_port = htons((u16_t)atoi(argv[2]));
  int s = join(&group, argc > 3 ? if_nametoindex(argv[3]) : 0);
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
    inet_ntop(AF_INET6, &peer.sin6_addr, name, sizeof name);
    printf("%s: %.*s\n", name, (int)got, data);
    if (sendto(s, data, (size_t)got, 0, (struct sockaddr *)&peer, len) < 0) {
      perror(name);
    }
  }
  close(s); /* which leaves the group */
  return 1;
}
