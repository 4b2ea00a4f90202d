/*
 * A program with a network of its own: no privileges, no TAP. It fetches a page by a server's name;
 * "host.gossamer" is the machine that the program runs on.
 *
 *   python3 -m http.server 8000 & example-hostnet host.gossamer 8000 /
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/netdb.h"
#include "lwip/sockets.h"
#include "lwip/tcpip.h"
#include "gossamer/hostnet.h"
#include "port/ethdev.h"

static void ready(void *sem)
{
  sys_sem_signal((sys_sem_t *)sem);
}

/** Has it an address of each IP version? */
static int is_configured(const struct netif *netif)
{
  LOCK_TCPIP_CORE();
  int is_done =
      dhcp_supplied_address(netif) && ip6_addr_ispreferred(netif_ip6_addr_state(netif, 1));
  UNLOCK_TCPIP_CORE();
  return is_done;
}

/** The stack: its thread, and a device at a port of the network, by DHCP and autoconfiguration. */
static struct ethdev *start(struct hostnet *net, char *error)
{
  sys_sem_t started;
  sys_sem_new(&started, 0);
  tcpip_init(ready, &started);
  sys_sem_wait(&started);
  sys_sem_free(&started);
  struct ethdev *dev = ethdev_open_fd(hostnet_port(net), NULL, error);
  if (dev != NULL) {
    LOCK_TCPIP_CORE();
    ethdev_add(dev, NULL, NULL, NULL);
    netif_set_default(&dev->own);
    netif_set_hostname(&dev->own, "example");
    netif_create_ip6_linklocal_address(&dev->own, 1);
    dhcp_start(&dev->own);
    UNLOCK_TCPIP_CORE();
    ethdev_start(dev);
    while (!is_configured(&dev->own)) {
      sys_msleep(10);
    }
  }
  return dev;
}

/** A connection to the first of the server's addresses that has one to offer; -1: none. */
static int connect_to(const char *host, const char *port)
{
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *all = NULL;
  int s = -1;
  if (getaddrinfo(host, port, &hints, &all) != 0) {
    return -1;
  }
  for (const struct addrinfo *a = all; a != NULL && s < 0; a = a->ai_next) {
    s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (s >= 0 && connect(s, a->ai_addr, a->ai_addrlen) < 0) {
      close(s);
      s = -1;
    }
  }
  freeaddrinfo(all);
  return s;
}

/** @return 0; 1: it could not be had */
static int fetch(const char *host, const char *port, const char *path)
{
  char data[1024];
  ssize_t got = -1;
  int s = connect_to(host, port);
  int len = snprintf(data, sizeof data, "GET %.500s HTTP/1.0\r\nHost: %.200s\r\n\r\n", path, host);
  if (s >= 0 && send(s, data, (size_t)len, 0) == len) {
    while ((got = recv(s, data, sizeof data, 0)) > 0) {
      fwrite(data, 1, (size_t)got, stdout);
    }
  }
  if (s >= 0) {
    close(s);
  }
  return got != 0;
}

int main(int argc, char **argv)
{
  char error[HOSTNET_ERROR_LEN] = "";
  if (argc != 4) {
    fprintf(stderr, "usage: %s HOST PORT PATH\n", argv[0]);
    return 2;
  }
  struct hostnet *net = hostnet_new(NULL, error);
  struct ethdev *dev = net != NULL ? start(net, error) : NULL;
  if (dev == NULL) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  int failed = fetch(argv[1], argv[2], argv[3]);
  if (failed) {
    fprintf(stderr, "%s port %s: no answer\n", argv[1], argv[2]);
  }
  ethdev_close(dev);
  hostnet_free(net);
  return failed;
}
