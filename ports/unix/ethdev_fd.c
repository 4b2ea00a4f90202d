/**
 * @file
 * Ethernet over a descriptor that somebody else has opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "port/ethdev.h"
#include "unix/ethdev_priv.h"

struct ethdev *ethdev_open_fd(int fd, const u8_t mac[6], char *error)
{
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
    snprintf(error, ETHDEV_ERROR_LEN, "no descriptor for an Ethernet device: %s", strerror(errno));
    if (fd >= 0) {
      close(fd);
    }
    return NULL;
  }
  struct ethdev *dev = ethdev_new(mac);
  if (dev == NULL) {
    snprintf(error, ETHDEV_ERROR_LEN, "out of memory");
    close(fd);
    return NULL;
  }
  dev->source.fd = fd;
  return dev;
}
