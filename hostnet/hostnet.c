/**
 * @file
 * A private network: its thread and its public calls (gossamer/hostnet.h).
 *
 * State: struct hostnet. Whoever works on it has its lock and is in its instance, with the core
 * lock: enter() and leave(). The thread gives both up while it waits.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "lwip/tcpip.h"
#include "hostnet/hostnet_priv.h"

#define EVENTS 64

void hostnet_error(char *error, const char *format, ...)
{
  va_list args;
  if (error != NULL) {
    va_start(args, format);
    vsnprintf(error, HOSTNET_ERROR_LEN, format, args);
    va_end(args);
  }
}

static struct stack *enter(struct hostnet *net)
{
  pthread_mutex_lock(&net->lock);
  struct stack *before = stack_enter(net->stack);
  LOCK_TCPIP_CORE();
  return before;
}

static void leave(struct hostnet *net, struct stack *before)
{
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
  pthread_mutex_unlock(&net->lock);
}

/** Have the thread look again what it waits for. */
static void wake(struct hostnet *net)
{
  uint64_t one = 1;
  while (write(net->wake.fd, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

static void woken(struct io *io, uint32_t events)
{
  uint64_t count;
  (void)events;
  while (read(io->fd, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

static int sooner(int a_ms, int b_ms)
{
  return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

/** Until the stack or the relay have something to do. */
static int wait_ms(struct hostnet *net)
{
  u32_t timer_ms = timers_sleep_ms();
  int ms = timer_ms > 60000 ? -1 : (int)timer_ms;
  if (timer_ms != TIMER_NEVER && ms < 0) {
    ms = 60000;
  }
  return sooner(ms, dns_relay_wait_ms(net->relay));
}

static void *run(void *arg)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct epoll_event events[EVENTS];
  int ms = 0;
  bool is_ending = false;
  while (!is_ending) {
    int count = loop_wait(&net->loop, events, EVENTS, ms);
    struct stack *before = enter(net);
    loop_tell(&net->loop, events, count > 0 ? count : 0);
    timers_run();
    dns_relay_tick(net->relay);
    tcp_flow_reap(net);
    ms = wait_ms(net);
    is_ending = net->is_ending;
    leave(net, before);
  }
  return NULL;
}

static bool is_prefix64(const ip6_addr_t *addr)
{
  return addr->addr[2] == 0 && addr->addr[3] == 0 && !ip6_addr_isany(addr) &&
         !ip6_addr_ismulticast(addr) && !ip6_addr_islinklocal(addr);
}

static bool configure(struct hostnet *net, const struct hostnet_config *c, char *error)
{
  const char *ip4 = c->ip4 != NULL ? c->ip4 : "10.77.0.1";
  const char *ip6 = c->ip6_prefix != NULL ? c->ip6_prefix : "fd67:6f73:7361:77::";
  const char *domain = c->domain != NULL ? c->domain : "gossamer";
  const char *resolv_conf = c->resolv_conf != NULL ? c->resolv_conf : "/etc/resolv.conf";
  if (ip4addr_aton(ip4, &net->ip4) == 0) {
    hostnet_error(error, "%.60s: give the gateway's IPv4 address, such as 10.77.0.1", ip4);
    return false;
  }
  if (ip6addr_aton(ip6, &net->ip6) == 0 || !is_prefix64(&net->ip6)) {
    hostnet_error(error, "%.60s: give a /64 prefix, such as fd67:6f73:7361:77::", ip6);
    return false;
  }
  net->ip6.addr[3] = htonl(1);
  if (strlen(domain) >= sizeof net->domain || strlen(resolv_conf) >= sizeof net->resolv_conf) {
    hostnet_error(error, "the name of the domain or the path of resolv.conf is too long");
    return false;
  }
  strcpy(net->domain, domain);
  strcpy(net->resolv_conf, resolv_conf);
  net->tcp_max = c->tcp_max != 0 ? c->tcp_max : 4096;
  net->udp_max = c->udp_max != 0 ? c->udp_max : 1024;
  net->udp_idle_ms = (c->udp_idle_s != 0 ? c->udp_idle_s : 60) * 1000;
  return true;
}

/** Everything that has been started, in the instance; the thread has ended or has never begun. */
static void stop(struct hostnet *net)
{
  struct stack *before = enter(net);
  forward_close_all(net);
  tcp_flow_close_all(net);
  udp_flow_close_all(net);
  gateway_stop(net);
  switch_close(net);
  loop_io_close(&net->loop, &net->wake);
  leave(net, before);
}

static void release(struct hostnet *net)
{
  if (net->stack != NULL) {
    stop(net);
    stack_free(net->stack);
  }
  loop_close(&net->loop);
  pthread_mutex_destroy(&net->lock);
  free(net);
}

/** Descriptors, instance, gateway. */
static bool start(struct hostnet *net, char *error)
{
  net->stack = stack_new(NULL);
  if (net->stack == NULL) {
    hostnet_error(error, "out of memory");
    return false;
  }
  net->wake = (struct io){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .ready = woken};
  if (!loop_open(&net->loop) || net->wake.fd < 0 || !loop_want(&net->loop, &net->wake, EPOLLIN)) {
    hostnet_error(error, "no descriptors: %s (raise the limit by ulimit -n)", strerror(errno));
    return false;
  }
  struct stack *before = enter(net);
  bool is_started = gateway_start(net, error);
  leave(net, before);
  if (is_started && pthread_create(&net->thread, NULL, run, net) != 0) {
    hostnet_error(error, "no thread to be had");
    is_started = false;
  }
  return is_started;
}

struct hostnet *hostnet_new(const struct hostnet_config *config, char *error)
{
  static const struct hostnet_config defaults;
  struct hostnet *net = (struct hostnet *)calloc(1, sizeof *net);
  if (net == NULL) {
    hostnet_error(error, "out of memory");
    return NULL;
  }
  net->loop.epoll_fd = -1;
  net->wake.fd = -1;
  pthread_mutex_init(&net->lock, NULL);
  if (!configure(net, config != NULL ? config : &defaults, error) || !start(net, error)) {
    release(net);
    return NULL;
  }
  return net;
}

int hostnet_port(struct hostnet *net)
{
  struct stack *before = enter(net);
  int fd = switch_port_open(net);
  leave(net, before);
  return fd;
}

int hostnet_forward(struct hostnet *net, const char *spec, char *error)
{
  struct stack *before = enter(net);
  int port = forward_add(net, spec, error);
  leave(net, before);
  return port;
}

void hostnet_stats(struct hostnet *net, struct hostnet_stats *stats)
{
  struct stack *before = enter(net);
  *stats = net->stats;
  stats->ports_now = 0;
  for (unsigned i = 0; i < HOSTNET_PORTS_MAX; i++) {
    stats->ports_now += net->ports[i] != NULL && net->ports[i]->io.fd >= 0;
  }
  leave(net, before);
}

void hostnet_free(struct hostnet *net)
{
  if (net == NULL) {
    return;
  }
  pthread_mutex_lock(&net->lock);
  net->is_ending = true;
  wake(net);
  pthread_mutex_unlock(&net->lock);
  pthread_join(net->thread, NULL);
  release(net);
}
