/**
 * @file
 * Descriptors of the host and epoll.
 *
 * State: the epoll descriptor; each struct io knows what it is registered for. While a batch of
 * events is told, the batch is known here, so that whoever is closed hears nothing more of it.
 */
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "hostnet/loop.h"

bool loop_open(struct loop *loop)
{
  loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  return loop->epoll_fd >= 0;
}

void loop_close(struct loop *loop)
{
  if (loop->epoll_fd >= 0) {
    close(loop->epoll_fd);
    loop->epoll_fd = -1;
  }
}

static void forget(struct loop *loop, struct io *io)
{
  if (io->is_added) {
    (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, io->fd, NULL);
    io->is_added = false;
  }
  io->events = 0;
  for (int i = 0; i < loop->batch_count; i++) {
    if (loop->batch[i].data.ptr == io) {
      loop->batch[i].data.ptr = NULL;
    }
  }
}

bool loop_want(struct loop *loop, struct io *io, uint32_t events)
{
  struct epoll_event e = {.events = events, .data.ptr = io};
  if (io->fd < 0 || (io->is_added && io->events == events)) {
    return true;
  }
  if (events == 0) { /* or epoll would go on telling errors */
    forget(loop, io);
    return true;
  }
  if (epoll_ctl(loop->epoll_fd, io->is_added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, io->fd, &e) != 0) {
    return false;
  }
  io->is_added = true;
  io->events = events;
  return true;
}

void loop_io_close(struct loop *loop, struct io *io)
{
  if (io->fd >= 0) {
    forget(loop, io);
    close(io->fd);
    io->fd = -1;
  }
}

int loop_wait(struct loop *loop, struct epoll_event *events, int max, int wait_ms)
{
  return epoll_wait(loop->epoll_fd, events, max, wait_ms);
}

void loop_tell(struct loop *loop, struct epoll_event *events, int count)
{
  loop->batch = events;
  loop->batch_count = count;
  for (int i = 0; i < count; i++) {
    struct io *io = (struct io *)events[i].data.ptr;
    if (io != NULL) {
      io->ready(io, events[i].events);
    }
  }
  loop->batch_count = 0;
}

int host_socket(int family, int type, int protocol)
{
  return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}
