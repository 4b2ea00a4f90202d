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
  struct sock *sock = &sock_table()->sock[i < NUM_SOCKETS ? i : 0];
  sock_owner_value owner = sock_owner_peek(&sock->owner);
  if (i >= NUM_SOCKETS || (LWIP_MULTI_INSTANCE && owner == 0)) {
    sock_fail(EBADF);
    return false;
  }
  call->hold = sock_owner_enter(owner);
  /* Whose it is comes first: what is behind may be another instance's by now, under its lock. */
  sock_owner_value owner_now = sock_owner_get(&sock->owner);
  if (owner_now == 0 || owner_now != owner || sock->conn == NULL) {
    core_leave(call->hold);
    sock_fail(EBADF);
    return false;
  }
  call->sock = sock;
  call->conn = sock->conn;
  call->serial = sock->serial;
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

int sock_assign(struct netconn *conn, struct sock **sock)
{
  for (unsigned i = 0; i < NUM_SOCKETS; i++) {
    struct sock *s = &sock_table()->sock[i];
    if (sock_owner_take(&s->owner)) {
      s->conn = conn;
      s->serial = LWIP_MAX(s->serial + 1U, 1U);
      s->flags = 0;
      s->recv_lowat = 1;
      memset(&s->kept, 0, sizeof s->kept);
      sock_options_note(s);
      memset(s->icmp_filter, 0, sizeof s->icmp_filter);
      conn->callback_arg.socket = sock_fd(s);
      *sock = s;
      return 0;
    }
  }
  return -ENFILE;
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

void sock_release(struct sock *sock)
{
  sock->conn = NULL;
  sock_owner_drop(&sock->owner);
}

/** An instance ends: its sockets do. */
static void sock_fini(void)
{
  for (unsigned i = 0; i < NUM_SOCKETS; i++) {
    struct sock *s = &sock_table()->sock[i];
    if (sock_owner_get(&s->owner) == sock_owner_mine() && s->conn != NULL) {
      struct netconn *conn = s->conn;
      sock_release(s);
      conn_delete(conn);
    }
  }
}

const struct net_module sock_module = {.name = "sock", .fini = sock_fini};

#endif /* LWIP_SOCKET */
