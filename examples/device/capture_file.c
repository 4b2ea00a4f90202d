/**
 * @file
 * Captures of a device in a file, by gossamer/capture.h.
 *
 * State, per instance: the capture while it runs; the file to read from, which for a capture
 * without a path has no name any more.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lwip/opt.h"
#include "gossamer/capture.h"
#include "gossamer/state.h"
#include "device.h"

struct capture_file_state {
  struct capture *running;
  int fd; /* plus one; 0: none */
};

STACK_STATE(struct capture_file_state, capture_file);

static void capture_file_stop(void)
{
  struct capture_file_state *s = capture_file();
  if (s->running != NULL) {
    (void)capture_close(s->running);
    s->running = NULL;
  }
}

static void capture_file_close(void)
{
  struct capture_file_state *s = capture_file();
  capture_file_stop();
  if (s->fd != 0) {
    close(s->fd - 1);
    s->fd = 0;
  }
}

/** A file for us alone; its name is put in `path`. */
static int temporary_file(char *path, size_t size)
{
  const char *folder = getenv("TMPDIR");
  snprintf(path, size, "%s/gossamer-XXXXXX", folder != NULL ? folder : "/tmp");
  return mkstemp(path);
}

static err_t capture_file_start(struct netif *netif, const char *path)
{
  struct capture_file_state *s = capture_file();
  char name[256];
  capture_file_close();
  int fd = path == NULL ? temporary_file(name, sizeof name) : -1;
  if (path == NULL && fd < 0) {
    return ERR_IF;
  }
  s->running = capture_open(path != NULL ? path : name);
  if (path == NULL) {
    unlink(name); /* gone with the last descriptor */
  } else if (s->running != NULL) {
    fd = open(path, O_RDONLY | O_CLOEXEC);
  }
  s->fd = fd + 1;
  err_t err = s->running != NULL && fd >= 0 ? capture_start(s->running, netif) : ERR_IF;
  if (err != ERR_OK) {
    capture_file_close();
  }
  return err;
}

static u32_t capture_file_size(void)
{
  struct capture_file_state *s = capture_file();
  struct stat st;
  if (s->running != NULL) {
    capture_flush(s->running);
  }
  return s->fd != 0 && fstat(s->fd - 1, &st) == 0 ? (u32_t)st.st_size : 0;
}

static int capture_file_read(u32_t offset, void *buf, u32_t len)
{
  const struct capture_file_state *s = capture_file();
  return s->fd != 0 ? (int)pread(s->fd - 1, buf, len, (off_t)offset) : -1;
}

const struct device_capture device_capture_file = {
    .start = capture_file_start,
    .stop = capture_file_stop,
    .close = capture_file_close,
    .size = capture_file_size,
    .read = capture_file_read,
};
