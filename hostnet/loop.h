/**
 * @file
 * The network's one thread: what it waits for.
 */
#ifndef HOSTNET_LOOP_H
#define HOSTNET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/** A descriptor of the host that is waited for; a member of what owns it. */
struct io {
  int fd;          /* -1: none */
  uint32_t events; /* EPOLLIN, EPOLLOUT: what is waited for now */
  bool is_added;
  /** What has come of it; errors too are told as EPOLLIN or EPOLLOUT. May close it. */
  void (*ready)(struct io *io, uint32_t events);
};

struct loop {
  int epoll_fd;
  struct epoll_event *batch; /* being told; what is closed meanwhile hears nothing more */
  int batch_count;
};

/** @return false: no descriptors */
bool loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/** Wait for `events` of io->fd from now on, 0 for none. @return false: the kernel has no memory */
bool loop_want(struct loop *loop, struct io *io, uint32_t events);

/** Wait for it no longer, and close it. Harmless with fd -1. */
void loop_io_close(struct loop *loop, struct io *io);

/** Sleep until something happens or `wait_ms` have passed (-1: no limit). @return as epoll_wait()
 */
int loop_wait(struct loop *loop, struct epoll_event *events, int max, int wait_ms);
/** Call everybody whom these events are about. */
void loop_tell(struct loop *loop, struct epoll_event *events, int count);

/** A socket of the host that never blocks; -1 and errno. */
int host_socket(int family, int type, int protocol);

#endif /* HOSTNET_LOOP_H */
