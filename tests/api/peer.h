/**
 * @file
 * Tests of sockets that run against two stacks: this one, and with PEER_KERNEL the sockets of the
 * kernel, by its own headers. What differs says which is expected: OURS_OR(ours, the kernel's).
 */
#ifndef TESTS_API_PEER_H
#define TESTS_API_PEER_H

#include <stdlib.h>

#ifdef PEER_KERNEL

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define OURS_OR(ours, kernels) (kernels)
#define PEER_IS_KERNEL         1

#define lwip_socket         socket
#define lwip_bind           bind
#define lwip_listen         listen
#define lwip_accept         accept
#define lwip_connect        connect
#define lwip_shutdown       shutdown
#define lwip_close          close
#define lwip_getpeername    getpeername
#define lwip_getsockname    getsockname
#define lwip_getsockopt     getsockopt
#define lwip_setsockopt     setsockopt
#define lwip_recv           recv
#define lwip_recvfrom       recvfrom
#define lwip_recvmsg        recvmsg
#define lwip_read           read
#define lwip_readv          readv
#define lwip_send           send
#define lwip_sendto         sendto
#define lwip_sendmsg        sendmsg
#define lwip_write          write
#define lwip_writev         writev
#define lwip_select         select
#define lwip_poll           poll
#define lwip_ioctl          ioctl
#define lwip_dup            dup
#define lwip_fcntl          fcntl
#define lwip_inet_ntop      inet_ntop
#define lwip_inet_pton      inet_pton
#define lwip_if_nametoindex if_nametoindex
#define lwip_if_indextoname if_indextoname
#define lwip_getaddrinfo    getaddrinfo
#define lwip_freeaddrinfo   freeaddrinfo
#define lwip_getnameinfo    getnameinfo
#define lwip_gai_strerror   gai_strerror
#define lwip_htons          htons
#define lwip_htonl          htonl
#define LWIP_UNUSED_ARG(x)  (void)(x)
#define LWIP_ARRAYSIZE(x)   (sizeof(x) / sizeof((x)[0]))

#define API_TEST(function) cmocka_unit_test(function)

/** Where the program may have a network of its own, as root may, no other program, nor another run
    of this one, has its ports or hears its packets. */
__attribute__((constructor)) static void peer_leave_the_network(void)
{
  struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  if (unshare(CLONE_NEWNET) != 0) {
    return;
  }
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  if (ioctl(s, SIOCSIFFLAGS, &lo) != 0) {
    abort();
  }
  close(s);
}

typedef sem_t peer_sem_t;

static inline void peer_sem_new(peer_sem_t *sem)
{
  assert_int_equal(sem_init(sem, 0, 0), 0);
}

static inline void peer_signal(peer_sem_t *sem)
{
  sem_post(sem);
}

static inline void peer_await(peer_sem_t *sem)
{
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 60;
  assert_int_equal(sem_timedwait(sem, &until), 0);
}

static inline void peer_sem_free(peer_sem_t *sem)
{
  sem_destroy(sem);
}

struct peer_thread {
  void (*run)(void *arg);
  void *arg;
  pthread_t id;
};

static inline void *peer_thread_run(void *arg)
{
  struct peer_thread *t = (struct peer_thread *)arg;
  t->run(t->arg);
  return NULL;
}

/** `t` lives until the thread's last act. */
static inline void peer_thread(struct peer_thread *t, void (*run)(void *arg), void *arg)
{
  t->run = run;
  t->arg = arg;
  assert_int_equal(pthread_create(&t->id, NULL, peer_thread_run, t), 0);
  pthread_detach(t->id);
}

#else

#include "api.h"
#include "lwip/netdb.h"
#include "lwip/if_api.h"
#include "lwip/sockets.h"

#define OURS_OR(ours, kernels) (ours)
#define PEER_IS_KERNEL         0

typedef sys_sem_t peer_sem_t;

static inline void peer_sem_new(peer_sem_t *sem)
{
  *sem = api_sem();
}

static inline void peer_signal(peer_sem_t *sem)
{
  sys_sem_signal(sem);
}

static inline void peer_await(peer_sem_t *sem)
{
  api_await(sem);
}

static inline void peer_sem_free(peer_sem_t *sem)
{
  sys_sem_free(sem);
}

struct peer_thread {
  int unused;
};

static inline void peer_thread(struct peer_thread *t, void (*run)(void *arg), void *arg)
{
  LWIP_UNUSED_ARG(t);
  sys_thread_new("peer", run, arg, 0, 0);
}

#endif

#include "fails.h"

/** How long a test waits for what is sure to come. */
#define PEER_PATIENCE_MS 60000

#define SA(name) ((struct sockaddr *)(void *)&(name))

/** Wait until the socket has one of the events. @return what it has */
static inline int peer_poll(int s, int events)
{
  struct pollfd fd = {.fd = s, .events = (short)events, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, PEER_PATIENCE_MS), 1);
  return fd.revents;
}

static inline void peer_close(int a, int b)
{
  assert_int_equal(lwip_close(a), 0);
  assert_int_equal(lwip_close(b), 0);
}

static inline int peer_get(int s, int level, int name)
{
  int value = -1;
  socklen_t len = sizeof value;
  assert_int_equal(lwip_getsockopt(s, level, name, &value, &len), 0);
  assert_int_equal(len, sizeof value);
  return value;
}

static inline int peer_set(int s, int level, int name, int value)
{
  return lwip_setsockopt(s, level, name, &value, sizeof value);
}

/** The functions that move data: first those that read. */
enum peer_mover {
  BY_RECV,
  BY_RECVFROM,
  BY_RECVMSG,
  BY_READ,
  BY_READV,
  BY_SEND,
  BY_SENDTO,
  BY_SENDMSG,
  BY_WRITE,
  BY_WRITEV,
  PEER_MOVERS
};
#define PEER_READERS BY_SEND

/** Read or write by any of them, to or from the peer. */
static inline ssize_t peer_move(unsigned how, int s, void *data, size_t len)
{
  struct sockaddr_storage from;
  socklen_t from_len = sizeof from;
  struct iovec iov = {.iov_base = data, .iov_len = len};
  struct msghdr m;
  memset(&m, 0, sizeof m);
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  switch (how) {
  case BY_RECV:
    return lwip_recv(s, data, len, 0);
  case BY_RECVFROM:
    return lwip_recvfrom(s, data, len, 0, SA(from), &from_len);
  case BY_RECVMSG:
    return lwip_recvmsg(s, &m, 0);
  case BY_READ:
    return lwip_read(s, data, len);
  case BY_READV:
    return lwip_readv(s, &iov, 1);
  case BY_SEND:
    return lwip_send(s, data, len, 0);
  case BY_SENDTO:
    return lwip_sendto(s, data, len, 0, NULL, 0);
  case BY_SENDMSG:
    return lwip_sendmsg(s, &m, 0);
  case BY_WRITE:
    return lwip_write(s, data, len);
  default:
    return lwip_writev(s, &iov, 1);
  }
}

/** Writing where nobody reads is an error, no signal. */
static inline void peer_ignore_signals(void)
{
#if PEER_IS_KERNEL
  signal(SIGPIPE, SIG_IGN);
#endif
}

/** Sending to the peer with an item of ancillary data that has no data, at the very end of its
   memory, is refused without a look behind that. */
static inline void peer_refuses_empty_item(int s, int level, int type)
{
  char byte = 'x';
  struct iovec iov = {.iov_base = &byte, .iov_len = 1};
  struct cmsghdr *item = (struct cmsghdr *)malloc(CMSG_LEN(0));
  struct msghdr m;
  assert_non_null(item);
  memset(item, 0, CMSG_LEN(0));
  item->cmsg_len = CMSG_LEN(0);
  item->cmsg_level = level;
  item->cmsg_type = type;
  memset(&m, 0, sizeof m);
  m.msg_iov = &iov;
  m.msg_iovlen = 1;
  m.msg_control = item;
  m.msg_controllen = CMSG_LEN(0);
  assert_fails(lwip_sendmsg(s, &m, 0), EINVAL);
  free(item);
}

#if PEER_IS_KERNEL || LWIP_IPV4

static inline struct sockaddr_in peer_loopback(unsigned port)
{
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = lwip_htons((uint16_t)port);
  a.sin_addr.s_addr = lwip_htonl(INADDR_LOOPBACK);
  return a;
}

/** Bind to a port of the stack's choice. */
static inline void peer_bind(int s, struct sockaddr_in *name)
{
  socklen_t len = sizeof *name;
  *name = peer_loopback(0);
  assert_int_equal(lwip_bind(s, (struct sockaddr *)name, sizeof *name), 0);
  assert_int_equal(lwip_getsockname(s, (struct sockaddr *)name, &len), 0);
  assert_int_equal(len, sizeof *name);
  assert_int_not_equal(name->sin_port, 0);
}

static inline int peer_socket(int type)
{
  int s = lwip_socket(AF_INET, type, 0);
  assert_true(s >= 0);
  return s;
}

static inline int peer_listener(struct sockaddr_in *name)
{
  int s = peer_socket(SOCK_STREAM);
  peer_bind(s, name);
  assert_int_equal(lwip_listen(s, 4), 0);
  return s;
}

/** A connected pair of streams. */
static inline void peer_streams(int *a, int *b)
{
  struct sockaddr_in name;
  int listener = peer_listener(&name);
  *a = peer_socket(SOCK_STREAM);
  assert_int_equal(lwip_connect(*a, SA(name), sizeof name), 0);
  *b = lwip_accept(listener, NULL, NULL);
  assert_true(*b >= 0);
  assert_int_equal(lwip_close(listener), 0);
}

/** A pair of datagram sockets connected to each other. */
static inline void peer_datagrams(int *a, int *b)
{
  struct sockaddr_in name_a;
  struct sockaddr_in name_b;
  *a = peer_socket(SOCK_DGRAM);
  *b = peer_socket(SOCK_DGRAM);
  peer_bind(*a, &name_a);
  peer_bind(*b, &name_b);
  assert_int_equal(lwip_connect(*a, SA(name_b), sizeof name_b), 0);
  assert_int_equal(lwip_connect(*b, SA(name_a), sizeof name_a), 0);
}

/** A port of this host that nobody hears at. @return the socket that keeps it from others */
static inline int peer_nobody(int type, struct sockaddr_in *name)
{
  int s = peer_socket(type);
  peer_bind(s, name);
  if (type == SOCK_DGRAM) { /* hears itself alone */
    assert_int_equal(lwip_connect(s, (struct sockaddr *)name, sizeof *name), 0);
  }
  return s;
}

#endif /* IPv4 */

#if PEER_IS_KERNEL || LWIP_IPV6

static inline struct sockaddr_in6 peer_name6(const char *text, unsigned port)
{
  struct sockaddr_in6 name;
  memset(&name, 0, sizeof name);
  name.sin6_family = AF_INET6;
  name.sin6_port = lwip_htons((uint16_t)port);
  assert_int_equal(lwip_inet_pton(AF_INET6, text, &name.sin6_addr), 1);
  return name;
}

#endif

/** RFC 1122 4.1.3.3: that nobody hears a connected socket's datagrams is told once, by the next
    call, whichever it is, or by SO_ERROR. */
static inline void peer_is_refused(int s)
{
  char byte = 'x';
  assert_int_equal(lwip_send(s, &byte, 1, 0), 1);
  assert_true((peer_poll(s, POLLIN) & POLLERR) != 0);
  assert_fails(lwip_recv(s, &byte, 1, 0), ECONNREFUSED);
  assert_fails(lwip_recv(s, &byte, 1, MSG_DONTWAIT), EAGAIN);
  assert_int_equal(lwip_send(s, &byte, 1, 0), 1);
  assert_true((peer_poll(s, POLLIN) & POLLERR) != 0);
  assert_fails(lwip_send(s, &byte, 1, 0), ECONNREFUSED);
  assert_int_equal(lwip_send(s, &byte, 1, 0), 1);
  assert_true((peer_poll(s, POLLIN) & POLLERR) != 0);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
}

#endif /* TESTS_API_PEER_H */
