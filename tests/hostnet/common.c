/**
 * @file
 * Devices and servers for tests of the private network.
 */
#include "common.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "lwip/dhcp.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "port/ethdev.h"

void pause_ms(unsigned ms)
{
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  nanosleep(&t, NULL);
}

struct hostnet *net;
struct device *device;

struct hostnet *network_new(void)
{
  struct hostnet_config config = {.resolv_conf = "/dev/null"};
  char error[HOSTNET_ERROR_LEN] = "";
  struct hostnet *network = hostnet_new(&config, error);
  assert_string_equal(error, "");
  assert_non_null(network);
  return network;
}

int network_up(void **state)
{
  (void)state;
  net = network_new();
  device = device_new(net, "device");
  return 0;
}

int network_down(void **state)
{
  (void)state;
  device_free(device);
  hostnet_free(net);
  return 0;
}

bool write_file(const char *path, const char *text)
{
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  bool is_written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
  if (fd >= 0) {
    close(fd);
  }
  return is_written;
}

bool network_of_own(void)
{
  char map[32];
  if (unshare(CLONE_NEWNET) == 0) {
    return true;
  }
  snprintf(map, sizeof map, "0 %u 1", (unsigned)getegid());
  return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 && write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/gid_map", map);
}

/* --- devices --- */

static void signal_ready(void *arg)
{
  sys_sem_signal((sys_sem_t *)arg);
}

/** Has it got what a device gets: a lease, and an address of the network's prefix? */
static bool is_configured(const struct device *d)
{
  const struct netif *netif = &d->dev->own;
  bool has_prefix = false;
  LOCK_TCPIP_CORE();
  for (int i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    has_prefix |= ip6_addr_ispreferred(netif_ip6_addr_state(netif, i)) &&
                  !ip6_addr_islinklocal(netif_ip6_addr(netif, i));
  }
  bool is_done = has_prefix && !ip4_addr_isany(netif_ip4_addr(netif));
  UNLOCK_TCPIP_CORE();
  return is_done;
}

struct device *device_new(struct hostnet *network, const char *hostname)
{
  char error[ETHDEV_ERROR_LEN] = "";
  struct device *d = (struct device *)calloc(1, sizeof *d);
  sys_sem_t ready;
  assert_non_null(d);
  d->stack = stack_new(NULL);
  assert_non_null(d->stack);
  d->before = stack_enter(d->stack);
  assert_int_equal(sys_sem_new(&ready, 0), ERR_OK);
  tcpip_init(signal_ready, &ready);
  sys_sem_wait(&ready);
  sys_sem_free(&ready);
  d->dev = ethdev_open_fd(hostnet_port(network), NULL, error);
  assert_string_equal(error, "");
  LOCK_TCPIP_CORE();
  assert_int_equal(ethdev_add(d->dev, NULL, NULL, NULL), ERR_OK);
  netif_set_default(&d->dev->own);
  netif_set_hostname(&d->dev->own, hostname);
  netif_create_ip6_linklocal_address(&d->dev->own, 1);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(ethdev_start(d->dev), ERR_OK);
  LOCK_TCPIP_CORE();
  assert_int_equal(dhcp_start(&d->dev->own), ERR_OK);
  UNLOCK_TCPIP_CORE();
  wait_until(is_configured(d));
  return d;
}

void device_free(struct device *d)
{
  LOCK_TCPIP_CORE();
  dhcp_release_and_stop(&d->dev->own);
  dhcp_cleanup(&d->dev->own);
  UNLOCK_TCPIP_CORE();
  ethdev_close(d->dev);
  stack_leave(d->before);
  stack_free(d->stack);
  free(d);
}

ip4_addr_t device_ip4(const struct device *d)
{
  LOCK_TCPIP_CORE();
  ip4_addr_t addr = *netif_ip4_addr(&d->dev->own);
  UNLOCK_TCPIP_CORE();
  return addr;
}

ip_addr_t address(const char *text)
{
  ip_addr_t addr;
  assert_int_equal(ipaddr_aton(text, &addr), 1);
  return addr;
}

static struct netconn *try_to_dial(const char *host, u16_t port, err_t *err)
{
  ip_addr_t addr = address(host);
  struct netconn *conn = netconn_new(IP_IS_V6(&addr) ? NETCONN_TCP_IPV6 : NETCONN_TCP);
  assert_non_null(conn);
  netconn_set_recvtimeout(conn, PATIENCE_MS);
  *err = netconn_connect(conn, &addr, port);
  return conn;
}

struct netconn *dial(const char *host, u16_t port)
{
  err_t err;
  struct netconn *conn = try_to_dial(host, port, &err);
  assert_int_equal(err, ERR_OK);
  return conn;
}

struct netconn *dial_and_write(const char *host, u16_t port, const void *data, size_t len)
{
  struct netconn *conn = dial(host, port);
  conn_write(conn, data, len);
  return conn;
}

err_t dial_error(const char *host, u16_t port)
{
  err_t err;
  netconn_delete(try_to_dial(host, port, &err));
  return err;
}

void conn_write(struct netconn *conn, const void *data, size_t len)
{
  size_t written = 0;
  assert_int_equal(netconn_write_partly(conn, data, len, NETCONN_COPY, &written), ERR_OK);
  assert_int_equal(written, len);
}

size_t conn_read_all(struct netconn *conn, uint8_t *data, size_t max)
{
  size_t total = 0;
  struct pbuf *p;
  err_t err;
  while ((err = netconn_recv_tcp_pbuf(conn, &p)) == ERR_OK) {
    if (total < max) {
      pbuf_copy_partial(p, data + total, (u16_t)LWIP_MIN(p->tot_len, max - total), 0);
    }
    total += p->tot_len;
    pbuf_free(p);
  }
  assert_int_equal(err, ERR_CLSD);
  return total;
}

uint8_t pattern_byte(size_t at)
{
  return (uint8_t)((at * 2654435761U) >> 13);
}

void pattern_fill(uint8_t *data, size_t len, size_t at)
{
  for (size_t i = 0; i < len; i++) {
    data[i] = pattern_byte(at + i);
  }
}

/* --- the host --- */

struct server {
  int fd;
  int stop[2]; /* a pipe: readable once its write end is closed */
  u16_t port;
  serve_fn serve;
  void *arg;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  unsigned running;
};

struct served {
  struct server *server;
  int fd;
};

static void *serve_one(void *arg)
{
  struct served *one = (struct served *)arg;
  struct server *s = one->server;
  s->serve(one->fd, s->arg);
  close(one->fd);
  free(one);
  pthread_mutex_lock(&s->lock);
  s->running--;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

/** The next connection; what came before the stop is served still. @return -1: no more come */
static int next_connection(const struct server *s)
{
  struct pollfd fds[] = {{.fd = s->fd, .events = POLLIN}, {.fd = s->stop[0]}};
  while (poll(fds, 2, -1) < 0) {
  }
  return fds[0].revents != 0 ? accept(s->fd, NULL, NULL) : -1;
}

static void *serve_all(void *arg)
{
  struct server *s = (struct server *)arg;
  int fd;
  while ((fd = next_connection(s)) >= 0) {
    struct served *one = (struct served *)malloc(sizeof *one);
    pthread_t thread;
    *one = (struct served){s, fd};
    pthread_mutex_lock(&s->lock);
    s->running++;
    pthread_mutex_unlock(&s->lock);
    if (pthread_create(&thread, NULL, serve_one, one) != 0) {
      abort();
    }
    pthread_detach(thread);
  }
  return NULL;
}

static socklen_t loopback(struct sockaddr_storage *addr, int family, u16_t port)
{
  struct sockaddr_in *in = (struct sockaddr_in *)(void *)addr;
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)addr;
  memset(addr, 0, sizeof *addr);
  addr->ss_family = (sa_family_t)family;
  if (family == AF_INET) {
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in->sin_port = htons(port);
    return sizeof *in;
  }
  in6->sin6_addr = in6addr_loopback;
  in6->sin6_port = htons(port);
  return sizeof *in6;
}

/** Bound to any port of the loopback. */
static int bound(int family, int type, u16_t *port)
{
  struct sockaddr_storage addr;
  socklen_t len = loopback(&addr, family, 0);
  int fd = socket(family, type | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
  *port = ntohs(((struct sockaddr_in *)(void *)&addr)->sin_port);
  return fd;
}

struct server *server_new(int family, serve_fn serve, void *arg)
{
  struct server *s = (struct server *)calloc(1, sizeof *s);
  assert_non_null(s);
  s->serve = serve;
  s->arg = arg;
  s->fd = bound(family, SOCK_STREAM, &s->port);
  assert_int_equal(listen(s->fd, 600), 0);
  assert_int_equal(pipe(s->stop), 0);
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->changed, NULL);
  assert_int_equal(pthread_create(&s->thread, NULL, serve_all, s), 0);
  return s;
}

u16_t server_port(const struct server *s)
{
  return s->port;
}

void server_free(struct server *s)
{
  close(s->stop[1]);
  pthread_join(s->thread, NULL);
  close(s->stop[0]);
  close(s->fd);
  pthread_mutex_lock(&s->lock);
  while (s->running > 0) {
    pthread_cond_wait(&s->changed, &s->lock);
  }
  pthread_mutex_unlock(&s->lock);
  pthread_mutex_destroy(&s->lock);
  pthread_cond_destroy(&s->changed);
  free(s);
}

void serve_echo(int fd, void *arg)
{
  char data[4096];
  ssize_t n;
  LWIP_UNUSED_ARG(arg);
  while ((n = recv(fd, data, sizeof data, 0)) > 0) {
    if (send(fd, data, (size_t)n, MSG_NOSIGNAL) != n) {
      return;
    }
  }
}

void serve_check_then_send(int fd, void *arg)
{
  static const size_t room = 65536;
  uint8_t *data = (uint8_t *)malloc(room);
  size_t total = *(const size_t *)arg;
  size_t at = 0;
  bool is_right = true;
  ssize_t n;
  while ((n = recv(fd, data, room, 0)) > 0) {
    for (ssize_t i = 0; i < n; i++) {
      is_right &= data[i] == pattern_byte(at + (size_t)i);
    }
    at += (size_t)n;
  }
  is_right &= n == 0;
  for (size_t sent = 0; is_right && sent < total; sent += (size_t)n) {
    size_t len = LWIP_MIN(room, total - sent);
    pattern_fill(data, len, sent);
    n = send(fd, data, len, MSG_NOSIGNAL);
    is_right = n > 0;
  }
  free(data);
}

static void set_timeout(int fd)
{
  struct timeval t = {.tv_sec = PATIENCE_MS / 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
}

int host_udp(int family, u16_t *port)
{
  int fd = bound(family, SOCK_DGRAM, port);
  set_timeout(fd);
  return fd;
}

int host_dial(int family, u16_t port)
{
  struct sockaddr_storage addr;
  socklen_t len = loopback(&addr, family, port);
  int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  set_timeout(fd);
  if (connect(fd, (struct sockaddr *)&addr, len) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}
