/**
 * @file
 * UDP and pings from devices to the host's side: a connected socket of the host per flow.
 *
 * State: flows by hash, and in the order of their last datagram: those that were silent for
 * udp_idle_ms go, and the most silent makes room when there are too many. Pings leave by the host's
 * unprivileged ping sockets, where it has them; where not, the device hears "prohibited".
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lwip/pbuf.h"
#include "hostnet/hostnet_priv.h"

/** Longest datagram. */
#define DATAGRAM_MAX 65535
/** Datagrams of one flow in a turn. */
#define BATCH 32
/** In front of an echo's data. */
#define ECHO_HLEN 8

#define ECHO4       8
#define ECHO_REPLY4 0
#define ECHO6       128
#define ECHO_REPLY6 129

struct udp_flow {
  struct io io;
  struct hostnet *net;
  struct udp_flow *hash_next;
  struct udp_flow *older, *younger;
  struct any_flow between;
  uint32_t last_ms;
  bool is_echo;
};

static uint32_t hash_of(const struct any_flow *a, bool is_echo)
{
  const uint8_t *bytes = (const uint8_t *)&a->local;
  uint32_t h = (uint32_t)a->local_port * 31 + a->remote_port + (is_echo ? 7 : 0);
  size_t len = IP_IS_V6(&a->local) ? 16 : 4;
  const void *parts[2] = {IP_IS_V6(&a->local) ? (const void *)ip_2_ip6(&a->local)->addr
                                              : (const void *)&ip_2_ip4(&a->local)->addr,
                          IP_IS_V6(&a->local) ? (const void *)ip_2_ip6(&a->remote)->addr
                                              : (const void *)&ip_2_ip4(&a->remote)->addr};
  for (int i = 0; i < 2; i++) {
    bytes = (const uint8_t *)parts[i];
    for (size_t j = 0; j < len; j++) {
      h = h * 31 + bytes[j];
    }
  }
  return h % UDP_BUCKETS;
}

static bool is_between(const struct udp_flow *f, const struct any_flow *a, bool is_echo)
{
  return f->is_echo == is_echo && f->between.local_port == a->local_port &&
         f->between.remote_port == a->remote_port && ip_addr_eq(&f->between.local, &a->local) &&
         ip_addr_eq(&f->between.remote, &a->remote);
}

static struct udp_flow *find(struct hostnet *net, const struct any_flow *a, bool is_echo)
{
  struct udp_flow *f = net->udp_buckets[hash_of(a, is_echo)];
  while (f != NULL && !is_between(f, a, is_echo)) {
    f = f->hash_next;
  }
  return f;
}

static void order_remove(struct udp_flow *f)
{
  struct hostnet *net = f->net;
  *(f->older != NULL ? &f->older->younger : &net->udp_oldest) = f->younger;
  *(f->younger != NULL ? &f->younger->older : &net->udp_youngest) = f->older;
}

static void order_append(struct udp_flow *f)
{
  struct hostnet *net = f->net;
  f->older = net->udp_youngest;
  f->younger = NULL;
  *(f->older != NULL ? &f->older->younger : &net->udp_oldest) = f;
  net->udp_youngest = f;
}

static void flow_free(struct udp_flow *f)
{
  struct hostnet *net = f->net;
  struct udp_flow **at = &net->udp_buckets[hash_of(&f->between, f->is_echo)];
  while (*at != f) {
    at = &(*at)->hash_next;
  }
  *at = f->hash_next;
  order_remove(f);
  loop_io_close(&net->loop, &f->io);
  net->stats.udp_now--;
  free(f);
}

static void expire(struct timer *t)
{
  struct hostnet *net = TIMER_OWNER(t, struct hostnet, udp_timer);
  while (net->udp_oldest != NULL && stack_now() - net->udp_oldest->last_ms >= net->udp_idle_ms) {
    flow_free(net->udp_oldest);
  }
  if (net->udp_oldest != NULL) {
    timer_set(t, expire, net->udp_idle_ms - (stack_now() - net->udp_oldest->last_ms));
  }
}

/** It has been heard of. */
static void touch(struct udp_flow *f)
{
  f->last_ms = stack_now();
  order_remove(f);
  order_append(f);
}

static void host_ready(struct io *io, uint32_t events);

static int host_connect(struct hostnet *net, const struct any_flow *a, bool is_echo)
{
  struct sockaddr_storage to;
  socklen_t len = names_host_address(net, &to, &a->local, a->local_port);
  bool is_v6 = IP_IS_V6(&a->local);
  int protocol = is_v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
  if (len == 0) {
    errno = EHOSTUNREACH;
    return -1;
  }
  int fd = host_socket(to.ss_family, SOCK_DGRAM, is_echo ? protocol : 0);
  if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, len) != 0) {
    int why = errno;
    close(fd);
    errno = why;
    return -1;
  }
  return fd;
}

/** NULL: errno says why */
static struct udp_flow *flow_new(struct hostnet *net, const struct any_flow *a, bool is_echo)
{
  int fd = host_connect(net, a, is_echo);
  if (fd < 0) {
    net->stats.udp_failed++;
    return NULL;
  }
  while (net->stats.udp_now >= net->udp_max) {
    flow_free(net->udp_oldest);
  }
  struct udp_flow *f = (struct udp_flow *)calloc(1, sizeof *f);
  if (f == NULL) {
    close(fd);
    errno = ENOMEM;
    return NULL;
  }
  f->io = (struct io){.fd = fd, .ready = host_ready};
  f->net = net;
  f->between = *a;
  f->is_echo = is_echo;
  f->last_ms = stack_now();
  struct udp_flow **bucket = &net->udp_buckets[hash_of(a, is_echo)];
  f->hash_next = *bucket;
  *bucket = f;
  order_append(f);
  net->stats.udp_now++;
  net->stats.udp_flows += !is_echo;
  if (!timer_is_set(&net->udp_timer)) {
    timer_set(&net->udp_timer, expire, net->udp_idle_ms);
  }
  if (!loop_want(&net->loop, &f->io, EPOLLIN)) {
    flow_free(f);
    errno = ENOMEM;
    return NULL;
  }
  return f;
}

static enum any_unreachable unreachable_of(int why)
{
  if (why == ECONNREFUSED) {
    return ANY_UNREACHABLE_PORT;
  }
  if (why == EHOSTUNREACH) {
    return ANY_UNREACHABLE_HOST;
  }
  return why == EACCES || why == EPERM ? ANY_UNREACHABLE_PROHIBITED : ANY_UNREACHABLE_NET;
}

/** What the host was told, the device is told; of what passes by itself it hears nothing. */
static void tell_failure(struct hostnet *net, const struct any_flow *a, int why)
{
  if (why == ECONNREFUSED || why == EHOSTUNREACH || why == ENETUNREACH || why == EACCES ||
      why == EPERM || why == EADDRNOTAVAIL || why == EAFNOSUPPORT) {
    any_udp_unreachable(&net->any, a, unreachable_of(why));
  }
}

/** @return false: the flow is of no more use */
static bool host_send(struct udp_flow *f, const void *data, size_t len)
{
  ssize_t sent = send(f->io.fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno == ECONNREFUSED) { /* of an earlier datagram: once more */
    if (!f->is_echo) {
      any_udp_unreachable(&f->net->any, &f->between, ANY_UNREACHABLE_PORT);
    }
    sent = send(f->io.fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  if (sent < 0) {
    if (!f->is_echo) {
      tell_failure(f->net, &f->between, errno);
    }
    f->net->stats.udp_failed++;
    return errno == EMSGSIZE || errno == EAGAIN || errno == ENOBUFS;
  }
  f->net->stats.bytes_to_host += (uint64_t)sent;
  touch(f);
  return true;
}

enum any_answer udp_flow_recv(void *arg, const struct any_flow *flow, struct pbuf *p)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct udp_flow *f = find(net, flow, false);
  if (f == NULL) {
    f = flow_new(net, flow, false);
  }
  if (f == NULL) {
    tell_failure(net, flow, errno);
    pbuf_free(p);
    return ANY_LATER;
  }
  uint8_t *data = (uint8_t *)malloc((size_t)p->tot_len + 1);
  if (data != NULL) {
    pbuf_copy_partial(p, data, p->tot_len, 0);
    if (!host_send(f, data, p->tot_len)) {
      flow_free(f);
    }
    free(data);
  }
  pbuf_free(p);
  return ANY_LATER;
}

enum any_answer udp_flow_echo(void *arg, const struct any_flow *flow, u16_t seqno,
                              const struct pbuf *p)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct udp_flow *f = find(net, flow, true);
  if (f == NULL) {
    f = flow_new(net, flow, true);
  }
  if (f == NULL) {
    return ANY_REFUSE;
  }
  uint8_t *data = (uint8_t *)calloc(1, (size_t)p->tot_len + ECHO_HLEN);
  if (data == NULL) {
    return ANY_IGNORE;
  }
  data[0] = IP_IS_V6(&flow->local) ? ECHO6 : ECHO4;
  data[6] = (uint8_t)(seqno >> 8);
  data[7] = (uint8_t)seqno;
  pbuf_copy_partial(p, data + ECHO_HLEN, p->tot_len, 0);
  net->stats.pings++;
  bool is_sent = host_send(f, data, (size_t)p->tot_len + ECHO_HLEN);
  free(data);
  if (!is_sent) {
    flow_free(f);
  }
  return is_sent ? ANY_LATER : ANY_REFUSE;
}

static struct pbuf *pbuf_of(const uint8_t *data, size_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM);
  if (p != NULL && len > 0) {
    pbuf_take(p, data, (u16_t)len);
  }
  return p;
}

static void datagram_arrives(struct udp_flow *f, const uint8_t *data, size_t len)
{
  struct hostnet *net = f->net;
  net->stats.bytes_from_host += len;
  touch(f);
  if (!f->is_echo) {
    struct pbuf *p = pbuf_of(data, len);
    if (p != NULL) {
      (void)any_udp_send(&net->any, &f->between, p);
      pbuf_free(p);
    }
  } else if (len >= ECHO_HLEN && (data[0] == ECHO_REPLY4 || data[0] == ECHO_REPLY6)) {
    struct pbuf *p = pbuf_of(data + ECHO_HLEN, len - ECHO_HLEN);
    if (p != NULL) {
      (void)any_echo_reply(&net->any, &f->between, (u16_t)((data[6] << 8) | data[7]), p);
      pbuf_free(p);
    }
  }
}

static void host_ready(struct io *io, uint32_t events)
{
  struct udp_flow *f = (struct udp_flow *)(void *)io;
  static const size_t room = DATAGRAM_MAX;
  (void)events;
  uint8_t *data = (uint8_t *)malloc(room);
  for (int i = 0; data != NULL && i < BATCH; i++) {
    ssize_t len = recv(io->fd, data, room, MSG_DONTWAIT);
    if (len >= 0) {
      datagram_arrives(f, data, (size_t)len);
      continue;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && !f->is_echo) {
      tell_failure(f->net, &f->between, errno);
    }
    break;
  }
  free(data);
}

void udp_flow_close_all(struct hostnet *net)
{
  while (net->udp_oldest != NULL) {
    flow_free(net->udp_oldest);
  }
  timer_cancel(&net->udp_timer);
}
