/**
 * @file
 * Waiting for several sockets: poll(), and select() on top of it.
 *
 * A call stands on the list of each socket (wait.h) while it sleeps, and looks at all of them again
 * when it is woken. Sockets may be of several instances: one core lock is held at a time.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET && (LWIP_SOCKET_SELECT || LWIP_SOCKET_POLL)

#include "lwip/mem.h"
#include "lwip/priv/sock_hooks.h"
#include "api/sock.h"

/** Descriptors that need no allocation. */
#define FEW 8

#define POLL_IN  (POLLIN | POLLRDNORM)
#define POLL_OUT (POLLOUT | POLLWRNORM)
/** What poll() tells whether it is asked for or not. */
#define POLL_ALWAYS (POLLERR | POLLHUP)

/* What select() asks for (POSIX): its third set tells of errors, too. */
#define SELECT_IN     (POLL_IN | POLLHUP | POLLERR)
#define SELECT_OUT    (POLL_OUT | POLLERR)
#define SELECT_EXCEPT (POLLPRI | POLLERR)

/** Descriptors to look at. */
struct poll_set {
  struct pollfd *fds;
  size_t count;
  short always; /* events that are told besides those asked for */
  void *owned;  /* memory to be freed if the thread is ended while it waits; NULL: none */
};

short sock_events(struct sock *sock)
{
  struct netconn *conn = sock->conn;
  u8_t ready = conn_readiness(conn);
  int events = 0;
  bool is_enough = !conn_is_tcp(conn) ||
                   conn_stream_avail(conn) >= (size_t)LWIP_MAX(sock->recv_lowat, 1) ||
                   (conn->conditions & (CONN_END | CONN_SHUT_RX | CONN_LISTENED)) != 0 ||
                   conn->pending_err != ERR_OK;
  if ((ready & API_IN) != 0 && is_enough) {
    events |= POLL_IN;
  }
  if ((ready & API_OUT) != 0) {
    events |= POLL_OUT;
  }
  if ((ready & API_ERR) != 0) {
    events |= POLLERR;
  }
  if ((ready & API_HUP) != 0) {
    events |= POLLHUP;
  }
  if ((ready & API_PRI) != 0) {
    events |= POLLPRI | POLLRDBAND;
  }
  if (conn_is_tcp(conn) && (conn->conditions & CONN_END) != 0) {
    events |= POLLRDHUP;
  }
  return (short)events;
}

/** One descriptor of a call that waits. */
struct poll_wait {
  struct api_wait wait;
  const struct sock *sock; /* which it was at the first look; NULL: none yet */
  u32_t serial;            /* of that */
};

/** A call that waits. */
struct polling {
  const struct poll_set *set;
  struct poll_wait *waits; /* one for each descriptor */
  struct api_waiter me;
  struct poll_wait few[FEW];
};

/** Is the descriptor another socket by now than it was when the call began to wait? */
static bool is_reused(const struct sock *sock, struct poll_wait *w)
{
  if (w->sock == NULL) {
    w->sock = sock;
    w->serial = sock->serial;
  }
  return w->sock != sock || w->serial != sock->serial;
}

/** Look at one descriptor; with `me`, stand on its list if nothing has happened. */
static short look(const struct pollfd *fd, short always, struct poll_wait *w, struct api_waiter *me)
{
  struct sock_call call;
  int saved_errno = errno;
  if (fd->fd < 0) {
    return 0;
  }
  if (!sock_enter(fd->fd, &call)) {
    set_errno(saved_errno);
    return POLLNVAL;
  }
  short events = POLLNVAL;
  if (w == NULL || !is_reused(call.sock, w)) {
    events = (short)(sock_events(call.sock) & (fd->events | always));
  }
  if (me != NULL && events == 0) {
    api_wait_add(&w->wait, me, &call.conn->waits, API_ALL);
  }
  sock_leave(&call, 0);
  return events;
}

/** Look at all. @param waits, me  NULL: without waiting. @return how many have events */
static int look_at_all(const struct poll_set *set, struct poll_wait *waits, struct api_waiter *me)
{
  int ready = 0;
  for (size_t i = 0; i < set->count; i++) {
    struct pollfd *fd = &set->fds[i];
    /* Once something is ready nobody is going to sleep. */
    fd->revents = look(fd, set->always, waits != NULL ? &waits[i] : NULL, ready == 0 ? me : NULL);
    ready += fd->revents != 0;
  }
  return ready;
}

/** Leave the lists. A socket that was closed meanwhile has taken us off its list by itself. */
static void let_go(struct polling *p)
{
  for (size_t i = 0; i < p->set->count; i++) {
    api_wait_leave(&p->waits[i].wait);
  }
}

static void stop_polling(struct polling *p)
{
  let_go(p);
  api_waiter_end(&p->me);
  if (p->waits != p->few) {
    mem_free(p->waits);
  }
}

/** The thread was ended while it slept. */
static void abandon(void *arg)
{
  struct polling *p = (struct polling *)arg;
  stop_polling(p);
  if (p->set->owned != NULL) {
    mem_free(p->set->owned);
  }
}

static bool begin_polling(struct polling *p, const struct poll_set *set)
{
  p->set = set;
  p->waits = p->few;
  if (set->count > FEW) {
    p->waits = (struct poll_wait *)mem_malloc((mem_size_t)(set->count * sizeof *p->waits));
  }
  if (p->waits == NULL) {
    return false;
  }
  memset(p->waits, 0, set->count * sizeof *p->waits);
  if (api_waiter_init(&p->me)) {
    p->me.abandon = abandon;
    p->me.abandon_arg = p;
    return true;
  }
  if (p->waits != p->few) {
    mem_free(p->waits);
  }
  return false;
}

static int poll_and_sleep(struct polling *p, const struct api_deadline *deadline)
{
  int ready = look_at_all(p->set, p->waits, &p->me);
  bool is_over = false;
  while (ready == 0 && !is_over) {
    is_over = !api_waiter_sleep(&p->me, deadline, false);
    let_go(p);
    ready = look_at_all(p->set, p->waits, is_over ? NULL : &p->me);
  }
  return ready;
}

/** @param timeout_ms  negative: for ever */
static int poll_fds(const struct poll_set *set, s32_t timeout_ms)
{
  int ready = look_at_all(set, NULL, NULL);
  if (ready != 0 || timeout_ms == 0 || tcpip_core_is_held()) {
    return ready;
  }
  struct api_deadline deadline = api_deadline_in(timeout_ms < 0 ? 0 : (u32_t)timeout_ms);
  struct polling p;
  if (!begin_polling(&p, set)) {
    return sock_fail(ENOMEM);
  }
  ready = poll_and_sleep(&p, &deadline);
  stop_polling(&p);
  return ready;
}

int lwip_poll(struct pollfd *fds, nfds_t nfds, int timeout)
{
  if (fds == NULL && nfds != 0) {
    return sock_fail(EFAULT);
  }
  if (nfds > NUM_SOCKETS + (nfds_t)LWIP_SOCKET_OFFSET + FEW) {
    return sock_fail(EINVAL);
  }
  const struct poll_set set = {.fds = fds, .count = nfds, .always = POLL_ALWAYS};
  return poll_fds(&set, timeout);
}

/* --- select() --- */

/** What select() asks about one descriptor. */
static short asked(int s, fd_set *in, fd_set *out, fd_set *except)
{
  int events = 0;
  if (in != NULL && FD_ISSET(s, in)) {
    events |= SELECT_IN;
  }
  if (out != NULL && FD_ISSET(s, out)) {
    events |= SELECT_OUT;
  }
  if (except != NULL && FD_ISSET(s, except)) {
    events |= SELECT_EXCEPT;
  }
  return (short)events;
}

/** Sets from answers. @return bits set */
static int answer(const struct pollfd *fd, fd_set *in, fd_set *out, fd_set *except)
{
  int count = 0;
  if ((fd->events & POLLIN) != 0 && (fd->revents & SELECT_IN) != 0) {
    FD_SET(fd->fd, in);
    count++;
  }
  if ((fd->events & POLLOUT) != 0 && (fd->revents & SELECT_OUT) != 0) {
    FD_SET(fd->fd, out);
    count++;
  }
  if ((fd->events & POLLPRI) != 0 && (fd->revents & SELECT_EXCEPT) != 0) {
    FD_SET(fd->fd, except);
    count++;
  }
  return count;
}

static int select_fds(const struct poll_set *set, s32_t timeout_ms, fd_set *in, fd_set *out,
                      fd_set *except)
{
  const struct pollfd *fds = set->fds;
  if (poll_fds(set, timeout_ms) < 0) {
    return -1;
  }
  for (size_t i = 0; i < set->count; i++) {
    if ((fds[i].revents & POLLNVAL) != 0) {
      return sock_fail(EBADF);
    }
  }
  fd_set *const sets[] = {in, out, except};
  for (size_t i = 0; i < LWIP_ARRAYSIZE(sets); i++) {
    if (sets[i] != NULL) {
      FD_ZERO(sets[i]);
    }
  }
  int bits = 0;
  for (size_t i = 0; i < set->count; i++) {
    bits += answer(&fds[i], in, out, except);
  }
  return bits;
}

/** Milliseconds, rounded up; negative: for ever. @return false: no such time */
static bool timeout_of(const struct timeval *tv, s32_t *timeout_ms)
{
  *timeout_ms = -1;
  if (tv == NULL) {
    return true;
  }
  if (tv->tv_sec < 0 || tv->tv_usec < 0 || tv->tv_usec >= 1000000) {
    return false;
  }
  *timeout_ms = tv->tv_sec >= 0x7fffffff / 1000 - 1
                    ? 0x7fffffff
                    : (s32_t)(tv->tv_sec * 1000 + (tv->tv_usec + 999) / 1000);
  return true;
}

static size_t count_asked(int maxfdp1, fd_set *in, fd_set *out, fd_set *except)
{
  size_t count = 0;
  for (int s = 0; s < maxfdp1; s++) {
    count += asked(s, in, out, except) != 0;
  }
  return count;
}

int lwip_select(int maxfdp1, fd_set *readset, fd_set *writeset, fd_set *exceptset,
                struct timeval *timeout)
{
  s32_t timeout_ms;
  struct pollfd few[FEW];
  if (maxfdp1 < 0 || maxfdp1 > LWIP_SELECT_MAXNFDS || !timeout_of(timeout, &timeout_ms)) {
    return sock_fail(EINVAL);
  }
  size_t count = count_asked(maxfdp1, readset, writeset, exceptset);
  struct pollfd *fds = few;
  if (count > FEW) {
    fds = (struct pollfd *)mem_malloc((mem_size_t)(count * sizeof *fds));
    if (fds == NULL) {
      return sock_fail(ENOMEM);
    }
  }
  size_t i = 0;
  for (int s = 0; i < count; s++) {
    short events = asked(s, readset, writeset, exceptset);
    if (events != 0) {
      fds[i].fd = s;
      fds[i].events = events;
      fds[i].revents = 0;
      i++;
    }
  }
  const struct poll_set set = {.fds = fds, .count = count, .owned = fds != few ? fds : NULL};
  int bits = select_fds(&set, timeout_ms, readset, writeset, exceptset);
  if (fds != few) {
    mem_free(fds);
  }
  return bits;
}

#endif
