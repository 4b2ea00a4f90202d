/**
 * @file
 * Sockets of datagrams over a driver that is full: a sender waits, or hears EAGAIN and later that
 * it may go on. Nothing is lost.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "peer.h"
#include "blocked.h"

/** A driver that refuses while it is full. All under the core lock. */
struct driver {
  struct netif netif;
  bool is_full;
  unsigned refused;
  unsigned sent;
  sys_sem_t *tell; /* signalled at each refusal; NULL: nobody wants to know */
};

static err_t output(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  struct driver *d = (struct driver *)netif->state;
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  if (d->is_full) {
    d->refused++;
    if (d->tell != NULL) {
      sys_sem_signal(d->tell);
    }
    return ERR_MEM;
  }
  d->sent++;
  return ERR_OK;
}

static void driver_up(struct driver *d)
{
  const ip4_addr_t ours = {PP_HTONL(0x0a000001UL)};
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  memset(d, 0, sizeof *d);
  LOCK_TCPIP_CORE();
  assert_non_null(netif_add(&d->netif, &ours, &mask, NULL, d, blocked_netif_init, netif_input));
  d->netif.output = output;
  netif_set_up(&d->netif);
  d->is_full = true;
  UNLOCK_TCPIP_CORE();
}

static void driver_down(struct driver *d)
{
  LOCK_TCPIP_CORE();
  netif_remove(&d->netif);
  UNLOCK_TCPIP_CORE();
}

static void make_room(struct driver *d)
{
  LOCK_TCPIP_CORE();
  d->is_full = false;
  UNLOCK_TCPIP_CORE();
}

static unsigned sent(struct driver *d)
{
  LOCK_TCPIP_CORE();
  unsigned count = d->sent;
  UNLOCK_TCPIP_CORE();
  return count;
}

/** Connected to a host behind the driver. */
static int socket_of(int type, int protocol)
{
  struct sockaddr_in to = peer_loopback(9);
  to.sin_addr.s_addr = PP_HTONL(0x0a000009UL);
  int s = lwip_socket(AF_INET, type, protocol);
  assert_true(s >= 0);
  assert_int_equal(lwip_connect(s, SA(to), sizeof to), 0);
  return s;
}

/** Who does not wait hears EAGAIN; poll() says when to try again. */
static void not_writable_and_writable_again(int type, int protocol)
{
  struct driver d;
  driver_up(&d);
  int s = socket_of(type, protocol);
  struct pollfd fd = {.fd = s, .events = POLLOUT, .revents = 0};
  assert_int_equal(lwip_poll(&fd, 1, 0), 1);
  LOCK_TCPIP_CORE(); /* time stands still */
  assert_fails(lwip_send(s, "x", 1, MSG_DONTWAIT), EAGAIN);
  assert_int_equal(lwip_poll(&fd, 1, 0), 0);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(lwip_fcntl(s, F_SETFL, O_NONBLOCK), 0);
  for (unsigned i = 0; i < 3; i++) { /* still full: said again */
    assert_int_equal(peer_poll(s, POLLOUT), POLLOUT);
    assert_fails(lwip_send(s, "x", 1, 0), EAGAIN);
  }
  make_room(&d);
  assert_int_equal(peer_poll(s, POLLOUT), POLLOUT);
  assert_int_equal(lwip_send(s, "x", 1, 0), 1);
  assert_int_equal(sent(&d), 1);
  assert_int_equal(peer_get(s, SOL_SOCKET, SO_ERROR), 0);
  assert_int_equal(lwip_close(s), 0);
  driver_down(&d);
}

static void udp_is_told(void **state)
{
  LWIP_UNUSED_ARG(state);
  not_writable_and_writable_again(SOCK_DGRAM, 0);
}

static void raw_is_told(void **state)
{
  LWIP_UNUSED_ARG(state);
  not_writable_and_writable_again(SOCK_RAW, 253);
}

/** select() stands on the same. */
static void select_waits_for_room(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct driver d;
  fd_set out;
  struct timeval t = {.tv_sec = 0, .tv_usec = 0};
  driver_up(&d);
  int s = socket_of(SOCK_DGRAM, 0);
  FD_ZERO(&out);
  FD_SET(s, &out);
  LOCK_TCPIP_CORE();
  assert_fails(lwip_send(s, "x", 1, MSG_DONTWAIT), EAGAIN);
  assert_int_equal(lwip_select(s + 1, NULL, &out, NULL, &t), 0);
  UNLOCK_TCPIP_CORE();
  FD_SET(s, &out);
  assert_int_equal(lwip_select(s + 1, NULL, &out, NULL, NULL), 1);
  assert_true(FD_ISSET(s, &out));
  assert_int_equal(lwip_close(s), 0);
  driver_down(&d);
}

/** Closed while it is not writable: nothing of it is left behind. */
static void closed_meanwhile(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct driver d;
  driver_up(&d);
  LOCK_TCPIP_CORE();
  int s = socket_of(SOCK_DGRAM, 0);
  assert_fails(lwip_send(s, "x", 1, MSG_DONTWAIT), EAGAIN);
  assert_int_equal(lwip_close(s), 0);
  UNLOCK_TCPIP_CORE();
  driver_down(&d);
}

struct sending {
  int s;
  ssize_t result;
  int error;
  sys_sem_t refused;
  sys_sem_t done;
};

static void send_one(void *arg)
{
  struct sending *x = (struct sending *)arg;
  x->result = lwip_send(x->s, "x", 1, 0);
  x->error = errno;
  sys_sem_signal(&x->done);
}

/** A sender in a thread of its own, which the driver has refused a few times. */
static void begin(struct sending *x, struct driver *d, int s)
{
  x->s = s;
  x->refused = api_sem();
  x->done = api_sem();
  LOCK_TCPIP_CORE();
  d->tell = &x->refused;
  UNLOCK_TCPIP_CORE();
  sys_thread_new("send", send_one, x, 0, 0);
  for (unsigned i = 0; i < 3; i++) {
    api_await(&x->refused);
  }
}

static void end(struct sending *x, struct driver *d)
{
  api_await(&x->done);
  driver_down(d);
  sys_sem_free(&x->refused);
  sys_sem_free(&x->done);
}

static void sender_waits(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct driver d;
  struct sending x;
  driver_up(&d);
  begin(&x, &d, socket_of(SOCK_DGRAM, 0));
  make_room(&d);
  end(&x, &d);
  assert_int_equal(x.result, 1);
  assert_int_equal(d.sent, 1);
  assert_int_equal(lwip_close(x.s), 0);
}

static void close_ends_the_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct driver d;
  struct sending x;
  driver_up(&d);
  begin(&x, &d, socket_of(SOCK_DGRAM, 0));
  assert_int_equal(lwip_close(x.s), 0);
  end(&x, &d);
  assert_int_equal(x.result, -1);
  assert_true(x.error == EBADF || x.error == EPIPE);
}

static void shutdown_ends_the_wait(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct driver d;
  struct sending x;
  driver_up(&d);
  begin(&x, &d, socket_of(SOCK_DGRAM, 0));
  assert_int_equal(lwip_shutdown(x.s, SHUT_WR), 0);
  end(&x, &d);
  assert_int_equal(x.result, -1);
  assert_int_equal(x.error, EPIPE);
  assert_int_equal(lwip_close(x.s), 0);
}

static void wait_has_an_end(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct driver d;
  const struct timeval t = {.tv_sec = 0, .tv_usec = 20000};
  driver_up(&d);
  int s = socket_of(SOCK_DGRAM, 0);
  assert_int_equal(lwip_setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t), 0);
  assert_fails(lwip_send(s, "x", 1, 0), EAGAIN);
  assert_true(d.refused > 0);
  assert_int_equal(lwip_close(s), 0);
  driver_down(&d);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(udp_is_told),
      API_TEST(raw_is_told),
      API_TEST(select_waits_for_room),
      API_TEST(closed_meanwhile),
      API_TEST(sender_waits),
      API_TEST(close_ends_the_wait),
      API_TEST(shutdown_ends_the_wait),
      API_TEST(wait_has_an_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
