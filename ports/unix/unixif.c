/**
 * @file
 * Ethernet over a Unix datagram socket: one frame per datagram, no privileges.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "port/ethdev.h"
#include "unix/ethdev_priv.h"

/** A few thousand frames, so that a burst is not lost while the other side is not scheduled. */
#define UNIXIF_BUFFER_BYTES (4 * 1024 * 1024)

static struct ethdev *fail(struct ethdev *dev, char *error, const char *path, const char *why)
{
  snprintf(error, ETHDEV_ERROR_LEN, "%.100s: %.80s", path, why);
  if (dev != NULL) {
    ethdev_close(dev);
  }
  return NULL;
}

/** A socket that a process left behind would keep us from binding; anything else is not ours. */
static void remove_stale_socket(const char *path)
{
  struct stat st;
  if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
    unlink(path);
  }
}

struct ethdev *ethdev_open_unix(const char *local, const char *remote, const u8_t mac[6],
                                char *error)
{
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  struct ethdev *dev = ethdev_new(mac);
  if (dev == NULL) {
    return fail(dev, error, local, "out of memory");
  }
  if (strlen(local) >= sizeof name.sun_path || strlen(remote) >= sizeof dev->remote_path) {
    return fail(dev, error, local, "socket paths have at most 107 characters");
  }
  dev->is_socket = 1;
  strcpy(dev->remote_path, remote);
  strcpy(name.sun_path, local);
  dev->source.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (dev->source.fd < 0) {
    return fail(dev, error, local, strerror(errno));
  }
  int bytes = UNIXIF_BUFFER_BYTES; /* the kernel may grant less: fine */
  setsockopt(dev->source.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  setsockopt(dev->source.fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  remove_stale_socket(local);
  if (bind(dev->source.fd, (const struct sockaddr *)&name, sizeof name) < 0) {
    return fail(dev, error, local, strerror(errno));
  }
  strcpy(dev->local_path, local);
  return dev;
}
