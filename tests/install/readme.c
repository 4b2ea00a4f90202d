/*
 * Runs the servers of README.md's examples and asks each, by both IP versions, over loopback.
 */
#include <stdio.h>
#include <string.h>

#include "lwip/sockets.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

void serve_raw(void);
void serve_netconn(void *arg);
void serve_sockets(void *arg);

static void start_raw(void *ready)
{
  serve_raw();
  sys_sem_signal((sys_sem_t *)ready);
}

/** Asked again while nobody listens yet. @return 1: it said hello */
static int says_hello(const struct sockaddr *to, socklen_t len)
{
  char heard[16] = "";
  size_t at = 0;
  ssize_t got;
  for (int tries = 0; tries < 1200; tries++) {
    int s = socket(to->sa_family, SOCK_STREAM, 0);
    if (connect(s, to, len) == 0) {
      while (at < sizeof heard - 1 && (got = recv(s, heard + at, sizeof heard - 1 - at, 0)) > 0) {
        at += (size_t)got;
      }
      close(s);
      return strcmp(heard, "hello\n") == 0;
    }
    close(s);
    sys_msleep(50);
  }
  return 0;
}

int main(void)
{
  int count = 0;
  sys_sem_t ready;
  sys_sem_new(&ready, 0);
  tcpip_init(start_raw, &ready);
  sys_sem_wait(&ready);
  sys_thread_new("netconn", serve_netconn, NULL, 0, 0);
  sys_thread_new("sockets", serve_sockets, NULL, 0, 0);
  for (u16_t port = 7001; port <= 7003; port++) {
    struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &to4.sin_addr);
    inet_pton(AF_INET6, "::1", &to6.sin6_addr);
    count += says_hello((struct sockaddr *)&to4, sizeof to4);
    count += says_hello((struct sockaddr *)&to6, sizeof to6);
  }
  printf("%d of 6 said hello\n", count);
  return 0;
}
