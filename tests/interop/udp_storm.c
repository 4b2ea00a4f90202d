/*
 * Sends COUNT datagrams of mixed sizes to a UDP echo and compares every byte that comes back.
 *
 *   interop-udp_storm ADDRESS PORT COUNT
 *
 * Each datagram is filled from its number; a window of them is in flight. One that does not come
 * back within a second is sent again (queues on the way may overflow), one that comes back altered
 * ends the run. Prints "COUNT echoed, N sent again".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WINDOW       64
#define DATAGRAM_MAX 4000 /* some are fragmented */

struct slot {
  uint32_t number; /* 0: free */
  double sent_at;
};

static double now_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t mix(uint32_t x)
{
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}

/** Most datagrams fit a frame; one in 64 is up to DATAGRAM_MAX and travels in fragments. */
static size_t size_of(uint32_t number)
{
  uint32_t r = mix(number ^ 0x5bd1e995U);
  return 4 + ((number % 64 == 0) ? r % (DATAGRAM_MAX - 4) : r % 1468);
}

static size_t fill(uint8_t *buf, uint32_t number)
{
  size_t len = size_of(number);
  uint32_t state = mix(number);
  memcpy(buf, &number, 4);
  for (size_t i = 4; i < len; i++) {
    state = state * 1664525U + 1013904223U;
    buf[i] = (uint8_t)(state >> 24);
  }
  return len;
}

int main(int argc, char **argv)
{
  static uint8_t out[DATAGRAM_MAX], in[DATAGRAM_MAX + 1];
  static struct slot window[WINDOW];
  if (argc != 4) {
    fprintf(stderr, "usage: udp_storm ADDRESS PORT COUNT\n");
    return 2;
  }
  uint16_t port = htons((uint16_t)atoi(argv[2]));
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = port};
  struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = port};
  int is_v4 = inet_pton(AF_INET, argv[1], &to.sin_addr) == 1;
  if (!is_v4 && inet_pton(AF_INET6, argv[1], &to6.sin6_addr) != 1) {
    fprintf(stderr, "udp_storm: no address: %s\n", argv[1]);
    return 2;
  }
  uint32_t count = (uint32_t)strtoul(argv[3], NULL, 10);
  int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int bytes = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  if (fd < 0 || (is_v4 ? connect(fd, (struct sockaddr *)&to, sizeof to)
                       : connect(fd, (struct sockaddr *)&to6, sizeof to6)) < 0) {
    perror("udp_storm");
    return 2;
  }
  uint32_t next = 1, echoed = 0, again = 0;
  double last_progress = now_s();
  while (echoed < count) {
    double now = now_s();
    for (unsigned i = 0; i < WINDOW; i++) {
      struct slot *s = &window[i];
      if (s->number == 0 && next <= count) {
        s->number = next++;
      } else if (s->number == 0 || now - s->sent_at < 1.0) {
        continue;
      } else {
        again++;
      }
      s->sent_at = now;
      (void)!send(fd, out, fill(out, s->number), 0);
    }
    struct pollfd p = {.fd = fd, .events = POLLIN};
    poll(&p, 1, 100);
    ssize_t len;
    while ((len = recv(fd, in, sizeof in, 0)) >= 0) {
      uint32_t number = 0;
      if (len >= 4) {
        memcpy(&number, in, 4);
      }
      if (number == 0 || number > count || (size_t)len != fill(out, number) ||
          memcmp(in, out, (size_t)len) != 0) {
        printf("corrupted: datagram %u, %zd bytes\n", number, len);
        return 1;
      }
      for (unsigned i = 0; i < WINDOW; i++) {
        if (window[i].number == number) {
          window[i].number = 0;
          echoed++;
          last_progress = now_s();
        }
      }
    }
    if (now_s() - last_progress > 20) {
      printf("nothing for 20 s after %u datagrams\n", echoed);
      return 1;
    }
  }
  printf("%u echoed, %u sent again\n", echoed, again);
  return 0;
}
