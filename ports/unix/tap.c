/**
 * @file
 * Linux TAP interfaces, and lwIP's tapif on top of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "lwip/netif.h"
#include "netif/tapif.h"
#include "port/ethdev.h"
#include "unix/ethdev_priv.h"

/** An open, non-blocking TAP descriptor, or -1 with one line in `error`. */
static int tap_open(const char *name, short flags, char *error)
{
  struct ifreq ifr = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | flags)};
  if (strlen(name) >= sizeof ifr.ifr_name) {
    snprintf(error, ETHDEV_ERROR_LEN, "%.20s...: interface names have at most %d characters", name,
             (int)sizeof ifr.ifr_name - 1);
    return -1;
  }
  strcpy(ifr.ifr_name, name);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    snprintf(error, ETHDEV_ERROR_LEN, "/dev/net/tun: %s (try as root)", strerror(errno));
    return -1;
  }
  if (ioctl(fd, TUNSETIFF, &ifr) < 0) {
    const char *why = strerror(errno);
    if (errno == EBUSY) {
      snprintf(error, ETHDEV_ERROR_LEN, "%s: %s; another process uses it", name, why);
    } else {
      snprintf(error, ETHDEV_ERROR_LEN,
               "%s: %s; sudo ip tuntap add %s mode tap user $USER && sudo ip link set %s up", name,
               why, name, name);
    }
    close(fd);
    return -1;
  }
  return fd;
}

static struct ethdev *open_tap(const char *name, short flags, const u8_t mac[6], char *error)
{
  int fd = tap_open(name, flags, error);
  return fd < 0 ? NULL : ethdev_open_fd(fd, mac, error);
}

struct ethdev *ethdev_open_tap(const char *name, const u8_t mac[6], char *error)
{
  return open_tap(name, 0, mac, error);
}

struct ethdev *ethdev_open_tap_offload(const char *name, const u8_t mac[6], char *error)
{
  if (!LWIP_OFFLOAD) {
    return ethdev_open_tap(name, mac, error);
  }
  struct ethdev *dev = open_tap(name, IFF_VNET_HDR, mac, error);
  if (dev != NULL && !vnet_open(dev)) {
    snprintf(error, ETHDEV_ERROR_LEN, "%s: no offload: %s", name, strerror(errno));
    ethdev_close(dev);
    return NULL;
  }
  return dev;
}

err_t tapif_init(struct netif *netif)
{
  char error[ETHDEV_ERROR_LEN];
  const char *name = getenv("PRECONFIGURED_TAPIF");
  struct ethdev *dev = ethdev_open_tap(name != NULL ? name : "tap0", NULL, error);
  if (dev == NULL) {
    fprintf(stderr, "tapif: %s\n", error);
    return ERR_IF;
  }
  netif->state = dev;
  ethdev_netif_init(netif);
  netif_set_link_up(netif);
  ethdev_start_for(dev, netif);
  return ERR_OK;
}

void tapif_poll(struct netif *netif)
{
  struct ethdev *dev = (struct ethdev *)netif->state;
  dev->source.ready(&dev->source);
  dev->source.flush(&dev->source);
}

int tapif_select(struct netif *netif)
{
  struct ethdev *dev = (struct ethdev *)netif->state;
  struct port_loop loop = {0};
  port_loop_add(&loop, &dev->source);
  return port_loop_turn(&loop, -1);
}
