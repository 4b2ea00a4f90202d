/**
 * @file
 * Descriptors of sockets.
 *
 * State: the table, one for the process. An entry's owner is taken and given back atomically; all
 * else in it is under the core lock of the owner.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include <string.h>
#include "api/sock.h"
#include "api/sock_module.h"
#include "gossamer/state.h"

struct sock_table {
  struct sock sock[NUM_SOCKETS];
};

STACK_PROCESS(struct sock_table, sock_table);

int sock_fail(int error)
{
  set_errno(error);
  return -1;
}

int sock_fd(const struct sock *sock)
{
  return (int)(sock - sock_table()->sock) + LWIP_SOCKET_OFFSET;
}

bool sock_enter(int s, struct sock_call *call)
{
  unsigned i = (unsigned)s - LWIP_SOCKET_OFFSET;
  struct sock *fd = &sock_table()->sock[i < NUM_SOCKETS ? i : 0];
  sock_owner_value owner = sock_owner_peek(&fd->owner);
  if (i >= NUM_SOCKETS || (LWIP_MULTI_INSTANCE && owner == 0)) {
    sock_fail(EBADF);
    return false;
  }
  call->hold = sock_owner_enter(owner);
  /* Whose it is comes first: what is behind may be another instance's by now, under its lock. */
  sock_owner_value owner_now = sock_owner_get(&fd->owner);
  if (owner_now == 0 || owner_now != owner || fd->of == NULL) {
    core_leave(call->hold);
    sock_fail(EBADF);
    return false;
  }
  call->fd = fd;
  call->sock = fd->of;
  call->conn = fd->of->conn;
  call->serial = fd->of->serial;
  return true;
}

bool sock_is_of(struct sock *sock, const struct netconn *conn)
{
  return sock_owner_get(&sock->owner) == sock_owner_mine() && sock->conn == conn;
}

/** ... by another thread, while this one waited. The connection's memory may be another one's. */
static bool was_closed(const struct sock_call *call)
{
  return !sock_is_of(call->sock, call->conn) || call->sock->serial != call->serial;
}

ssize_t sock_leave(struct sock_call *call, ssize_t result)
{
  if (result <= 0 && was_closed(call)) {
    result = -EBADF;
  }
  core_leave(call->hold);
  return result < 0 ? sock_fail((int)-result) : result;
}

/** A free descriptor from the `first` on, for the socket `of`; NULL: its own one. */
static struct sock *fd_take(unsigned first, struct sock *of)
{
  for (unsigned i = first; i < NUM_SOCKETS; i++) {
    struct sock *fd = &sock_table()->sock[i];
    if (sock_owner_take(&fd->owner)) {
      fd->of = of != NULL ? of : fd;
      fd->is_cloexec = false;
      return fd;
    }
  }
  return NULL;
}

int sock_assign(struct netconn *conn, struct sock **sock)
{
  struct sock *s = fd_take(0, NULL);
  if (s == NULL) {
    return -ENFILE;
  }
  s->conn = conn;
  s->fd_count = 1;
  s->serial = LWIP_MAX(s->serial + 1U, 1U);
  s->flags = 0;
  s->recv_lowat = 1;
  s->connect_timeout_ms = 0;
  s->mtu = 0;
  memset(&s->kept, 0, sizeof s->kept);
  sock_options_note(s);
  memset(s->icmp_filter, 0, sizeof s->icmp_filter);
  conn->callback_arg.socket = sock_fd(s);
  *sock = s;
  return 0;
}

int sock_dup(struct sock *sock, int least, bool is_cloexec)
{
  int first = least - LWIP_SOCKET_OFFSET;
  if (least < 0 || first >= NUM_SOCKETS) {
    return -EINVAL;
  }
  struct sock *fd = fd_take((unsigned)LWIP_MAX(first, 0), sock);
  if (fd == NULL) {
    return -EMFILE;
  }
  fd->is_cloexec = is_cloexec;
  sock->fd_count++;
  return sock_fd(fd);
}

bool sock_is_free(void)
{
  for (unsigned i = 0; i < NUM_SOCKETS; i++) {
    if (sock_owner_get(&sock_table()->sock[i].owner) == 0) {
      return true;
    }
  }
  return false;
}

bool sock_release(struct sock *fd)
{
  struct sock *sock = fd->of;
  bool is_last = --sock->fd_count == 0;
  fd->of = NULL;
  if (fd != sock) {
    sock_owner_drop(&fd->owner);
  }
  if (is_last) {
    sock->conn = NULL;
    sock_owner_drop(&sock->owner);
  } else {
    api_wake(sock->conn->waits, API_GONE); /* who waits for this descriptor looks again */
  }
  return is_last;
}

/** An instance ends: its sockets do. */
static void sock_fini(void)
{
  for (unsigned i = 0; i < NUM_SOCKETS; i++) {
    struct sock *fd = &sock_table()->sock[i];
    if (sock_owner_get(&fd->owner) == sock_owner_mine() && fd->of != NULL) {
      struct netconn *conn = fd->of->conn;
      if (sock_release(fd)) {
        conn_delete(conn);
      }
    }
  }
}

const struct net_module sock_module = {.name = "sock", .fini = sock_fini};

#endif /* LWIP_SOCKET */
