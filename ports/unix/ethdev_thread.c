/**
 * @file
 * An Ethernet device with a thread of its own, for programs whose stack has one, too.
 *
 * The thread sleeps until frames arrive, takes the core lock and has the stack process a batch of
 * them, answers and all; that saves the way through the tcpip thread's mailbox. What other threads
 * send is written at once (ethdev.c).
 *
 * State: an eventfd that ends the thread, and a semaphore that says that it has ended.
 */
#include "lwip/opt.h"
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "port/ethdev.h"
#include "unix/ethdev_priv.h"

#if !NO_SYS

struct ethdev_thread {
  int end_fd;
  sys_sem_t ended;
};

void ethdev_lock(void)
{
  LOCK_TCPIP_CORE();
}

void ethdev_unlock(void)
{
  UNLOCK_TCPIP_CORE();
}

/** Who sends under the lock looks whether there is one. */
static void thread_set(struct ethdev *dev, struct ethdev_thread *thread)
{
  LOCK_TCPIP_CORE();
  dev->thread = thread;
  UNLOCK_TCPIP_CORE();
}

/** Frames that wait, and what the stack answers. */
static void ethdev_turn(struct ethdev *dev)
{
  LOCK_TCPIP_CORE();
  dev->is_reading = 1;
  dev->source.ready(&dev->source);
  dev->source.flush(&dev->source);
  dev->is_reading = 0;
  UNLOCK_TCPIP_CORE();
}

static void ethdev_main(void *arg)
{
  struct ethdev *dev = (struct ethdev *)arg;
  struct pollfd fds[2] = {{.fd = dev->source.fd, .events = POLLIN},
                          {.fd = dev->thread->end_fd, .events = POLLIN}};
  while (poll(fds, 2, -1) > 0 || errno == EINTR) {
    if (fds[1].revents != 0) {
      break;
    }
    ethdev_turn(dev);
    fds[0].fd = dev->source.fd; /* -1, which poll() passes over, when the interface is gone */
  }
  sys_sem_signal(&dev->thread->ended);
}

err_t ethdev_start(struct ethdev *dev)
{
  if (!CORE_HAS_LOCK || dev->thread != NULL) {
    return ERR_VAL;
  }
  struct ethdev_thread *thread = (struct ethdev_thread *)calloc(1, sizeof *thread);
  if (thread == NULL) {
    return ERR_MEM;
  }
  thread->end_fd = eventfd(0, EFD_CLOEXEC);
  if (thread->end_fd < 0 || sys_sem_new(&thread->ended, 0) != ERR_OK) {
    if (thread->end_fd >= 0) {
      close(thread->end_fd);
    }
    free(thread);
    return ERR_MEM;
  }
  thread_set(dev, thread);
  sys_thread_new("ethdev", ethdev_main, dev, DEFAULT_THREAD_STACKSIZE, DEFAULT_THREAD_PRIO);
  return ERR_OK;
}

void ethdev_start_for(struct ethdev *dev, const struct netif *netif)
{
  if (netif->input == tcpip_input) {
    ethdev_start(dev);
  }
}

void ethdev_stop(struct ethdev *dev)
{
  struct ethdev_thread *thread = dev->thread;
  if (thread == NULL) {
    return;
  }
  uint64_t one = 1;
  while (write(thread->end_fd, &one, sizeof one) < 0 && errno == EINTR) {
  }
  sys_sem_wait(&thread->ended);
  sys_sem_free(&thread->ended);
  close(thread->end_fd);
  thread_set(dev, NULL);
  free(thread);
}

#else

void ethdev_lock(void)
{
}

void ethdev_unlock(void)
{
}

void ethdev_start_for(struct ethdev *dev, const struct netif *netif)
{
  LWIP_UNUSED_ARG(dev);
  LWIP_UNUSED_ARG(netif);
}

err_t ethdev_start(struct ethdev *dev)
{
  LWIP_UNUSED_ARG(dev);
  return ERR_VAL;
}

void ethdev_stop(struct ethdev *dev)
{
  LWIP_UNUSED_ARG(dev);
}

#endif
