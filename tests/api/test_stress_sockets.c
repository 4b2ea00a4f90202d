/**
 * @file
 * Stress of sockets: 16 threads make random calls on sockets that all share, in two instances with
 * a wire between them that loses frames now and then; any thread closes, at any moment, what others
 * use. Nothing may crash, race, leak, or wait for ever (stress.h); data are never somebody else's.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "wire.h"
#include "stress.h"
#include "lwip/netdb.h"
#include "lwip/sockets.h"

/* Also in builds of IPv4 alone, whose headers do not name them. */
enum { ICMPV6 = 58, LEVEL_IPV6 = 41 };

enum { SLOTS = 48, PORT = 7000, PORTS = 4, WAIT_MS = 3, DATA = 0x5a, DATA_MAX = 20000 };

/** What a descriptor was when it was put into its slot. */
enum kind { NOTHING, STREAM, LISTENER, DATAGRAM, RAW };

/** A descriptor that all threads use; any may take it out to close it. */
struct slot {
  atomic_int s; /* -1: none */
  atomic_int kind;
};

static struct {
  struct wire wire;
  struct slot slot[SLOTS];
  atomic_ulong opened, connected, accepted, sent, received;
  u8_t data[DATA_MAX];
} net;

static struct slot *any_slot(struct stress_thread *t)
{
  return &net.slot[stress_random(t, SLOTS)];
}

/** One of this kind, if some tries find it. */
static int any_of(struct stress_thread *t, enum kind kind)
{
  struct slot *slot = any_slot(t);
  for (int i = 0; i < 16 && (enum kind)atomic_load(&slot->kind) != kind; i++) {
    slot = any_slot(t);
  }
  return atomic_load(&slot->s);
}

static int any_fd(struct stress_thread *t)
{
  return stress_one_in(t, 200) ? (int)stress_random(t, MEMP_NUM_NETCONN + 2) - 1
                               : atomic_load(&any_slot(t)->s);
}

static void close_fd(struct stress_thread *t, int s)
{
  if (s >= 0) {
    stress_does(t, "close", s);
    stress_check(lwip_close(s) == 0); /* out of its slot nobody else closes it */
  }
}

/** Share a descriptor: what was in its place is closed. */
static void share(struct stress_thread *t, int s, enum kind kind)
{
  if (s >= 0) {
    struct slot *slot = any_slot(t);
    atomic_fetch_add(&net.opened, 1);
    int before = atomic_exchange(&slot->s, s);
    atomic_store(&slot->kind, kind);
    close_fd(t, before);
  }
}

static void do_close(struct stress_thread *t)
{
  close_fd(t, atomic_exchange(&any_slot(t)->s, -1));
}

/** Another descriptor of a socket, which any may close, too. */
static void do_dup(struct stress_thread *t)
{
  struct slot *slot = any_slot(t);
  enum kind kind = (enum kind)atomic_load(&slot->kind);
  int s = atomic_load(&slot->s);
  stress_does(t, "dup", s);
  share(t, stress_one_in(t, 2) ? lwip_dup(s) : lwip_fcntl(s, F_DUPFD_CLOEXEC, s), kind);
}

/* --- addresses --- */

union name {
  struct sockaddr any;
  struct sockaddr_in in;
#if LWIP_IPV6
  struct sockaddr_in6 in6;
#endif
  struct sockaddr_storage storage;
};

/** Loopback, either end of the wire, nobody there, or any. */
static socklen_t name4(struct stress_thread *t, union name *name, u16_t port)
{
  static const u32_t hosts[] = {PP_HTONL(0x7f000001UL), PP_HTONL(0x7f000001UL),
                                PP_HTONL(0x0a000001UL), PP_HTONL(0x0a000002UL),
                                PP_HTONL(0x0a000009UL), PP_HTONL(INADDR_ANY)};
  memset(name, 0, sizeof *name);
  name->in.sin_family = AF_INET;
  name->in.sin_port = lwip_htons(port);
  name->in.sin_addr.s_addr = hosts[stress_random(t, LWIP_ARRAYSIZE(hosts))];
  return sizeof name->in;
}

#if LWIP_IPV6

static const char *const hosts6[] = {"::1",      "::1", "fd00::1",          "fd00::2",
                                     "fd00::99", "::",  "::ffff:127.0.0.1", "::ffff:10.0.0.2"};

static socklen_t any_name(struct stress_thread *t, int domain, union name *name)
{
  u16_t port = (u16_t)(PORT + stress_random(t, PORTS));
  if (domain == AF_INET) {
    return name4(t, name, port);
  }
  memset(name, 0, sizeof *name);
  name->in6.sin6_family = AF_INET6;
  name->in6.sin6_port = lwip_htons(port);
  const char *host = hosts6[stress_random(t, LWIP_ARRAYSIZE(hosts6))];
  stress_check(lwip_inet_pton(AF_INET6, host, &name->in6.sin6_addr) == 1);
  return sizeof name->in6;
}

static int any_domain(struct stress_thread *t)
{
  return stress_one_in(t, 2) ? AF_INET : AF_INET6;
}

#else

static socklen_t any_name(struct stress_thread *t, int domain, union name *name)
{
  LWIP_UNUSED_ARG(domain);
  return name4(t, name, (u16_t)(PORT + stress_random(t, PORTS)));
}

static int any_domain(struct stress_thread *t)
{
  LWIP_UNUSED_ARG(t);
  return AF_INET;
}

#endif

/* --- opening --- */

static void set_timeout(int s, int name, u32_t ms)
{
  struct timeval tv = {.tv_sec = (long)(ms / 1000), .tv_usec = (long)(ms % 1000) * 1000};
  lwip_setsockopt(s, SOL_SOCKET, name, &tv, sizeof tv);
}

/** In either instance; blocking for ever, for a while, or not at all. */
static int open_socket(struct stress_thread *t, int domain, int type, int protocol)
{
  const int on = 1;
  struct stack *before = stack_enter(net.wire.end[stress_random(t, 2)].instance);
  stress_does(t, "socket", -1);
  int s = lwip_socket(domain, type | (stress_one_in(t, 2) ? SOCK_NONBLOCK : 0), protocol);
  stack_leave(before);
  if (s < 0) {
    return s;
  }
  lwip_setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!stress_one_in(t, 20)) {
    set_timeout(s, SO_RCVTIMEO, 1 + stress_random(t, WAIT_MS));
    set_timeout(s, SO_SNDTIMEO, 1 + stress_random(t, WAIT_MS));
  }
  if (stress_one_in(t, 100)) {
    struct linger l = {.l_onoff = 1, .l_linger = (int)stress_random(t, 2)};
    lwip_setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l);
  }
  return s;
}

static void do_listener(struct stress_thread *t)
{
  union name name;
  int domain = any_domain(t);
  int s = open_socket(t, domain, SOCK_STREAM, 0);
  socklen_t len = any_name(t, domain, &name);
  if (lwip_bind(s, &name.any, len) == 0) {
    lwip_listen(s, (int)stress_random(t, 8));
  }
  share(t, s, LISTENER);
}

static void do_client(struct stress_thread *t)
{
  union name name;
  int domain = any_domain(t);
  int s = open_socket(t, domain, SOCK_STREAM, 0);
  socklen_t len = any_name(t, domain, &name);
  bool is_shared = stress_one_in(t, 2); /* so that others can end it */
  if (is_shared || s < 0) {
    share(t, s, STREAM);
  } else {
    set_timeout(s, SO_SNDTIMEO, 1 + stress_random(t, 10 * WAIT_MS)); /* nobody else could */
  }
  stress_does(t, "connect", s);
  if (lwip_connect(s, &name.any, len) == 0) {
    atomic_fetch_add(&net.connected, 1);
  }
  if (!is_shared) {
    share(t, s, STREAM);
  }
}

static void do_datagrams(struct stress_thread *t)
{
  union name name;
  int domain = any_domain(t);
  int s = open_socket(t, domain, SOCK_DGRAM, stress_one_in(t, 8) ? IPPROTO_UDPLITE : 0);
  lwip_bind(s, &name.any, any_name(t, domain, &name));
  if (stress_one_in(t, 2)) {
    lwip_connect(s, &name.any, any_name(t, domain, &name));
  }
  share(t, s, DATAGRAM);
}

static void do_raw(struct stress_thread *t)
{
  int domain = any_domain(t);
  static const int protocols[] = {IPPROTO_ICMP, ICMPV6, 253};
  int protocol = protocols[stress_random(t, LWIP_ARRAYSIZE(protocols))];
  share(t, open_socket(t, domain, SOCK_RAW, protocol), RAW);
}

static void do_accept(struct stress_thread *t)
{
  union name name;
  socklen_t len = sizeof name;
  int listener = any_of(t, LISTENER);
  stress_does(t, "accept", listener);
  int s = lwip_accept(listener, &name.any, &len);
  if (s >= 0) {
    atomic_fetch_add(&net.accepted, 1);
    set_timeout(s, SO_RCVTIMEO, 1 + stress_random(t, WAIT_MS));
    share(t, s, STREAM);
  }
}

/* --- what may be done to any socket --- */

static void do_bind(struct stress_thread *t)
{
  union name name;
  int s = any_fd(t);
  stress_does(t, "bind", s);
  lwip_bind(s, &name.any, any_name(t, any_domain(t), &name));
}

static void do_connect(struct stress_thread *t)
{
  union name name;
  int s = any_of(t, stress_one_in(t, 2) ? STREAM : DATAGRAM);
  stress_does(t, "connect", s);
  if (lwip_connect(s, &name.any, any_name(t, any_domain(t), &name)) == 0) {
    atomic_fetch_add(&net.connected, 1);
  }
}

static void do_listen(struct stress_thread *t)
{
  int s = any_fd(t);
  stress_does(t, "listen", s);
  lwip_listen(s, (int)stress_random(t, 10) - 1);
}

static void do_shutdown(struct stress_thread *t)
{
  int s = any_of(t, STREAM);
  stress_does(t, "shutdown", s);
  lwip_shutdown(s, (int)stress_random(t, 4));
}

static void do_names(struct stress_thread *t)
{
  union name name;
  socklen_t len = (socklen_t)stress_random(t, sizeof name + 1);
  int s = any_fd(t);
  stress_does(t, "names", s);
  if (stress_one_in(t, 2)) {
    lwip_getsockname(s, &name.any, &len);
  } else {
    lwip_getpeername(s, &name.any, &len);
  }
}

static int any_level(struct stress_thread *t)
{
  static const int levels[] = {SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, LEVEL_IPV6, IPPROTO_UDPLITE};
  return levels[stress_random(t, LWIP_ARRAYSIZE(levels))];
}

/** Any option with any value; but for the times for which a close would wait. */
static void do_set_option(struct stress_thread *t)
{
  int value[8];
  int level = any_level(t);
  int option = (int)stress_random(t, 160);
  int s = any_fd(t);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(value); i++) {
    value[i] = stress_one_in(t, 4) ? (int)stress_random(t, 0xffffffffU) : (int)stress_random(t, 3);
  }
  if (level == SOL_SOCKET && (option == SO_LINGER || option == SO_SNDTIMEO)) {
    return;
  }
  socklen_t len = stress_one_in(t, 2) ? sizeof value[0] : stress_random(t, sizeof value + 1);
  stress_does(t, "setsockopt", s);
  lwip_setsockopt(s, level, option, value, len);
}

static void do_get_option(struct stress_thread *t)
{
  int value[64];
  socklen_t len = (socklen_t)stress_random(t, sizeof value + 1);
  int s = any_fd(t);
  stress_does(t, "getsockopt", s);
  lwip_getsockopt(s, any_level(t), (int)stress_random(t, 160), value, &len);
}

static void do_control(struct stress_thread *t)
{
  int value = (int)stress_random(t, 2);
  int s = any_fd(t);
  stress_does(t, "fcntl", s);
  switch (stress_random(t, 4)) {
  case 0:
    lwip_ioctl(s, FIONREAD, &value);
    break;
  case 1:
    lwip_ioctl(s, FIONBIO, &value);
    break;
  case 2:
    lwip_fcntl(s, F_GETFL, 0);
    break;
  default:
    lwip_fcntl(s, F_SETFL, value != 0 ? O_NONBLOCK : 0);
    break;
  }
}

/* --- data --- */

/** All that is ever sent are bytes of one kind; headers that raw sockets see begin otherwise. */
static void check_data(const u8_t *data, ssize_t len)
{
  if (len > 0 && data[0] == DATA) {
    for (ssize_t i = 0; i < len; i++) {
      stress_check(data[i] == DATA);
    }
    atomic_fetch_add(&net.received, (unsigned long)len);
  }
}

static int flags_for(struct stress_thread *t, const int *flags, size_t count)
{
  int all = 0;
  for (size_t i = 0; i < count; i++) {
    all |= stress_one_in(t, 6) ? flags[i] : 0;
  }
  return all;
}

static size_t any_len(struct stress_thread *t)
{
  static const u32_t most[] = {1, 100, 1400, 4000, DATA_MAX};
  return stress_random(t, most[stress_random(t, LWIP_ARRAYSIZE(most))] + 1);
}

static int any_talker(struct stress_thread *t)
{
  u32_t r = stress_random(t, 8);
  return r == 7 ? any_fd(t) : any_of(t, r < 4 ? STREAM : r < 6 ? DATAGRAM : RAW);
}

static int split(struct stress_thread *t, struct iovec iov[3], u8_t *data, size_t len)
{
  size_t first = stress_random(t, (u32_t)len + 1);
  iov[0] = (struct iovec){.iov_base = data, .iov_len = first};
  iov[1] = (struct iovec){.iov_base = data + first, .iov_len = 0};
  iov[2] = (struct iovec){.iov_base = data + first, .iov_len = len - first};
  return 3;
}

static void do_send(struct stress_thread *t)
{
  static const int flags[] = {MSG_DONTWAIT, MSG_MORE, MSG_OOB};
  int f = MSG_NOSIGNAL | flags_for(t, flags, LWIP_ARRAYSIZE(flags));
  int s = any_talker(t);
  size_t len = any_len(t);
  union name name;
  struct iovec iov[3];
  struct msghdr m = {.msg_iov = iov, .msg_iovlen = split(t, iov, net.data, len)};
  ssize_t n;
  stress_does(t, "send", s);
  switch (stress_random(t, 5)) {
  case 0:
    n = lwip_write(s, net.data, len);
    break;
  case 1:
    n = lwip_writev(s, iov, 3);
    break;
  case 2:
    n = lwip_sendto(s, net.data, len, f, &name.any, any_name(t, any_domain(t), &name));
    break;
  case 3:
    m.msg_namelen = any_name(t, any_domain(t), &name);
    m.msg_name = stress_one_in(t, 2) ? &name : NULL;
    n = lwip_sendmsg(s, &m, f);
    break;
  default:
    n = lwip_send(s, net.data, len, f);
    break;
  }
  stress_check(n <= (ssize_t)len);
  atomic_fetch_add(&net.sent, n > 0 ? (unsigned long)n : 0);
}

static void do_recv(struct stress_thread *t)
{
  static const int flags[] = {MSG_DONTWAIT, MSG_PEEK, MSG_WAITALL, MSG_OOB};
  u8_t data[DATA_MAX];
  u8_t control[256];
  int f = flags_for(t, flags, LWIP_ARRAYSIZE(flags));
  int s = any_talker(t);
  size_t len = any_len(t);
  union name name;
  socklen_t name_len = sizeof name;
  struct iovec iov[3];
  struct msghdr m = {.msg_name = &name,
                     .msg_namelen = sizeof name,
                     .msg_iov = iov,
                     .msg_iovlen = split(t, iov, data, len),
                     .msg_control = control,
                     .msg_controllen = (socklen_t)stress_random(t, sizeof control + 1)};
  ssize_t n;
  stress_does(t, "recv", s);
  switch (stress_random(t, 4)) {
  case 0:
    n = lwip_readv(s, iov, 3);
    break;
  case 1:
    n = lwip_recvfrom(s, data, len, f, &name.any, &name_len);
    break;
  case 2:
    n = lwip_recvmsg(s, &m, f);
    break;
  default:
    n = lwip_read(s, data, len);
    break;
  }
  stress_check(n <= (ssize_t)len);
  check_data(data, n);
}

/* --- waiting --- */

static void do_poll(struct stress_thread *t)
{
  struct pollfd fds[12];
  static const int events[] = {POLLIN, POLLOUT, POLLPRI, POLLRDNORM};
  nfds_t count = 1 + stress_random(t, LWIP_ARRAYSIZE(fds));
  for (nfds_t i = 0; i < count; i++) {
    fds[i].fd = any_fd(t);
    fds[i].events = (short)flags_for(t, events, LWIP_ARRAYSIZE(events));
  }
  int timeout = stress_one_in(t, 20) ? -1 : (int)stress_random(t, WAIT_MS);
  if (fds[0].fd < 0) {
    timeout = 0; /* nobody would end that */
  }
  stress_does(t, "poll", fds[0].fd);
  int n = lwip_poll(fds, count, timeout);
  stress_check(n >= 0 && n <= (int)count);
}

static void do_select(struct stress_thread *t)
{
  fd_set sets[3];
  int top = 0;
  for (int i = 0; i < 3; i++) {
    FD_ZERO(&sets[i]);
  }
  for (u32_t i = stress_random(t, 12); i > 0; i--) {
    int s = atomic_load(&any_slot(t)->s);
    if (s >= 0) {
      FD_SET(s, &sets[stress_random(t, 3)]);
      top = LWIP_MAX(top, s + 1);
    }
  }
  struct timeval tv = {.tv_usec = (long)stress_random(t, WAIT_MS * 1000)};
  stress_does(t, "select", top - 1);
  lwip_select(top, &sets[0], &sets[1], &sets[2], top != 0 && stress_one_in(t, 20) ? NULL : &tv);
}

/** Names that nobody needs to be asked for, and one that nobody can be asked for. */
static void do_resolve(struct stress_thread *t)
{
#if LWIP_DNS
  static const char *const names[] = {"127.0.0.1", "localhost", "::1", "nobody.example"};
  static const char *const services[] = {"7", "http", NULL};
  struct addrinfo hints = {.ai_family = stress_one_in(t, 2) ? AF_UNSPEC : AF_INET,
                           .ai_flags = stress_one_in(t, 2) ? AI_CANONNAME : 0};
  struct addrinfo *all = NULL;
  struct stack *before = stack_enter(net.wire.end[stress_random(t, 2)].instance);
  stress_does(t, "getaddrinfo", -1);
  int error = lwip_getaddrinfo(names[stress_random(t, LWIP_ARRAYSIZE(names))],
                               services[stress_random(t, LWIP_ARRAYSIZE(services))], &hints, &all);
  stress_check((error == 0) == (all != NULL));
  stack_leave(before);
  lwip_freeaddrinfo(all);
#else
  LWIP_UNUSED_ARG(t);
#endif
}

/** A link that goes and comes. */
static void do_flap(struct stress_thread *t)
{
  struct wire_end *end = &net.wire.end[stress_random(t, 2)];
  if (!stress_one_in(t, 20)) {
    return;
  }
  struct stack *before = stack_enter(end->instance);
  stress_does(t, "link down", end->number);
  LOCK_TCPIP_CORE();
  netif_set_link_down(&end->netif);
  netif_set_link_up(&end->netif);
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
}

/* --- the run --- */

static void step(struct stress_thread *t)
{
  static const struct stress_act acts[] = {
      {do_listener, 8},   {do_client, 20}, {do_datagrams, 8}, {do_raw, 4},      {do_accept, 30},
      {do_bind, 2},       {do_connect, 4}, {do_listen, 2},    {do_shutdown, 4}, {do_names, 6},
      {do_set_option, 8}, {do_control, 6}, {do_send, 60},     {do_recv, 60},    {do_poll, 12},
      {do_select, 8},     {do_close, 16},  {do_flap, 1},      {do_resolve, 4},  {do_get_option, 8},
      {do_dup, 3},
  };
  stress_act(t, acts, LWIP_ARRAYSIZE(acts));
}

static void test_random_calls(void **state)
{
  static struct stress stress = {.threads = 16, .steps = 2500, .step = step, .reap = do_close};
  LWIP_UNUSED_ARG(state);
  memset(net.data, DATA, sizeof net.data);
  for (int i = 0; i < SLOTS; i++) {
    atomic_store(&net.slot[i].s, -1);
  }
  wire_up(&net.wire);
  wire_loses(&net.wire, 50);
  stress_go(&stress);
  for (int i = 0; i < SLOTS; i++) {
    close_fd(&stress.watcher, atomic_load(&net.slot[i].s));
  }
  printf("# %lu sockets, %lu connects, %lu accepts, %lu bytes sent, %lu received\n",
         atomic_load(&net.opened), atomic_load(&net.connected), atomic_load(&net.accepted),
         atomic_load(&net.sent), atomic_load(&net.received));
  for (int i = 0; i < 2; i++) {
    struct stack *before = stack_enter(net.wire.end[i].instance);
    assert_int_equal(api_pool_used(MEMP_NETCONN), 0);
    assert_int_equal(api_pool_used(MEMP_NETBUF), 0);
    assert_false(tcpip_core_is_held());
    stack_leave(before);
  }
  assert_int_not_equal(atomic_load(&net.accepted), 0);
  wire_down(&net.wire);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_calls),
  };
  stress_arguments(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
