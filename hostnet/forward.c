/**
 * @file
 * Ports of the host that lead to devices.
 *
 * State: a list of listening sockets. A TCP connection becomes a flow (tcp_flow.c). For UDP each
 * peer on the host has a pcb of the gateway's, so that answers find the way back; at most PEERS_MAX
 * of them, the longest silent goes first.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lwip/pbuf.h"
#include "lwip/udp.h"
#include "hostnet/hostnet_priv.h"

#define PEERS_MAX    64
#define BACKLOG      128
#define ACCEPTS_MAX  32
#define DATAGRAM_MAX 65535
/** Without descriptors nothing can be accepted; so long it is not tried again. */
#define PAUSE_MS 100

struct peer {
  struct peer *next; /* the one before it in time */
  struct forward *forward;
  struct udp_pcb *pcb;
  struct sockaddr_storage addr;
  socklen_t addr_len;
};

struct forward {
  struct io io;
  struct hostnet *net;
  struct forward *next;
  bool is_tcp;
  uint16_t port;
  struct timer pause;
  char target[NAME_LEN];
  struct peer *peers; /* the latest first */
};

/** What a spec says. */
struct spec {
  bool is_tcp;
  char host[NAME_LEN]; /* "": both loopback addresses */
  uint16_t host_port;
  char target[NAME_LEN];
  uint16_t target_port;
};

/* --- spec --- */

static bool parse_port(const char *text, size_t len, uint16_t *port)
{
  unsigned value = 0;
  if (len == 0 || len > 5) {
    return false;
  }
  for (size_t i = 0; i < len; i++) {
    if (text[i] < '0' || text[i] > '9') {
      return false;
    }
    value = value * 10 + (unsigned)(text[i] - '0');
  }
  *port = (uint16_t)value;
  return value <= 65535;
}

/** "8080", "host:8080", "[::1]:8080". */
static bool parse_end(const char *text, size_t len, char host[NAME_LEN], uint16_t *port)
{
  size_t colon = len;
  while (colon > 0 && text[colon - 1] != ':') {
    colon--;
  }
  host[0] = '\0';
  if (!parse_port(text + colon, len - colon, port)) {
    return false;
  }
  if (colon == 0) {
    return true;
  }
  size_t host_len = colon - 1;
  if (host_len >= 2 && text[0] == '[' && text[host_len - 1] == ']') {
    text++;
    host_len -= 2;
  }
  if (host_len == 0 || host_len >= NAME_LEN) {
    return false;
  }
  memcpy(host, text, host_len);
  host[host_len] = '\0';
  return true;
}

static bool parse(struct spec *s, const char *text, char *error)
{
  const char *equals = strchr(text, '=');
  bool is_right =
      equals != NULL && (strncmp(text, "tcp:", 4) == 0 || strncmp(text, "udp:", 4) == 0);
  if (is_right) {
    s->is_tcp = text[0] == 't';
    is_right = parse_end(text + 4, (size_t)(equals - text) - 4, s->host, &s->host_port);
  }
  if (is_right && strcmp(equals + 1, "dns") == 0) {
    strcpy(s->target, "gateway");
    s->target_port = 53;
  } else if (is_right) {
    is_right = parse_end(equals + 1, strlen(equals + 1), s->target, &s->target_port) &&
               s->target[0] != '\0' && s->target_port != 0;
  }
  if (!is_right) {
    hostnet_error(error, "%.100s: write a forward as tcp:127.0.0.1:8080=gossamer:80", text);
  }
  return is_right;
}

/* --- UDP --- */

static void peer_free(struct peer *p)
{
  struct peer **at = &p->forward->peers;
  while (*at != p) {
    at = &(*at)->next;
  }
  *at = p->next;
  udp_remove(p->pcb);
  free(p);
}

static void peer_answer(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                        u16_t port)
{
  struct peer *peer = (struct peer *)arg;
  uint8_t *data = (uint8_t *)malloc((size_t)p->tot_len + 1);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  if (data != NULL) {
    pbuf_copy_partial(p, data, p->tot_len, 0);
    peer->forward->net->stats.bytes_from_host += p->tot_len;
    (void)sendto(peer->forward->io.fd, data, p->tot_len, MSG_DONTWAIT | MSG_NOSIGNAL,
                 (const struct sockaddr *)&peer->addr, peer->addr_len);
    free(data);
  }
  pbuf_free(p);
}

/** The oldest makes room for one more. */
static void peers_bound(struct forward *f)
{
  unsigned count = 0;
  for (struct peer *p = f->peers; p != NULL; p = p->next) {
    count++;
    if (count >= PEERS_MAX) {
      peer_free(p);
      return;
    }
  }
}

static struct peer *peer_new(struct forward *f, const ip_addr_t *device)
{
  struct peer *p = (struct peer *)calloc(1, sizeof *p);
  struct udp_pcb *pcb = udp_new_ip_type(IP_GET_TYPE(device));
  if (p == NULL || pcb == NULL || udp_connect(pcb, device, f->port) != ERR_OK) {
    free(p);
    if (pcb != NULL) {
      udp_remove(pcb);
    }
    return NULL;
  }
  p->forward = f;
  p->pcb = pcb;
  p->next = f->peers;
  f->peers = p;
  udp_recv(pcb, peer_answer, p);
  return p;
}

/** Who sends from there; moved to the front. NULL: new, and nobody is at the other end */
static struct peer *peer_of(struct forward *f, const struct sockaddr_storage *addr, socklen_t len)
{
  ip_addr_t device;
  struct peer **at = &f->peers;
  bool is_there = names_resolve(f->net, f->target, &device);
  while (*at != NULL && ((*at)->addr_len != len || memcmp(&(*at)->addr, addr, len) != 0)) {
    at = &(*at)->next;
  }
  struct peer *p = *at;
  if (p != NULL && is_there && !ip_addr_eq(&p->pcb->remote_ip, &device)) {
    peer_free(p); /* it has another address by now */
    p = NULL;
  } else if (p != NULL) {
    *at = p->next;
    p->next = f->peers;
    f->peers = p;
    return p;
  }
  peers_bound(f);
  p = is_there ? peer_new(f, &device) : NULL;
  if (p != NULL) {
    memcpy(&p->addr, addr, len);
    p->addr_len = len;
  }
  return p;
}

static void udp_ready(struct io *io, uint32_t events)
{
  struct forward *f = (struct forward *)(void *)io;
  struct sockaddr_storage from;
  uint8_t *data = (uint8_t *)malloc(DATAGRAM_MAX);
  (void)events;
  for (int i = 0; data != NULL && i < ACCEPTS_MAX; i++) {
    socklen_t from_len = sizeof from;
    memset(&from, 0, sizeof from);
    ssize_t len =
        recvfrom(io->fd, data, DATAGRAM_MAX, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
    if (len < 0) {
      break;
    }
    struct peer *peer = peer_of(f, &from, from_len);
    struct pbuf *p = peer != NULL ? pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM) : NULL;
    if (p != NULL) {
      f->net->stats.bytes_to_host += (uint64_t)len;
      pbuf_take(p, data, (u16_t)len);
      (void)udp_send(peer->pcb, p);
      pbuf_free(p);
    }
  }
  free(data);
}

/* --- TCP --- */

static void go_on(struct timer *t)
{
  struct forward *f = TIMER_OWNER(t, struct forward, pause);
  (void)loop_want(&f->net->loop, &f->io, EPOLLIN);
}

static void tcp_ready(struct io *io, uint32_t events)
{
  struct forward *f = (struct forward *)(void *)io;
  (void)events;
  for (int i = 0; i < ACCEPTS_MAX; i++) {
    int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
      (void)loop_want(&f->net->loop, &f->io, 0);
      timer_set(&f->pause, go_on, PAUSE_MS);
    }
    if (fd < 0) {
      return;
    }
    tcp_flow_to_device(f->net, fd, f->target, f->port);
  }
}

/* --- listening --- */

static socklen_t address_of(const char *host, uint16_t port, struct sockaddr_storage *addr)
{
  struct sockaddr_in *in = (struct sockaddr_in *)(void *)addr;
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)addr;
  memset(addr, 0, sizeof *addr);
  if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    return sizeof *in;
  }
  if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    return sizeof *in6;
  }
  return 0;
}

/** A bound socket that listens; -1 and errno. @param port  what it has become */
static int bound_socket(bool is_tcp, const char *host, uint16_t *port)
{
  struct sockaddr_storage addr;
  int on = 1;
  socklen_t len = address_of(host, *port, &addr);
  if (len == 0) {
    errno = EINVAL;
    return -1;
  }
  int fd = host_socket(addr.ss_family, is_tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
  if (fd < 0) {
    return -1;
  }
  if (is_tcp) {
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  if (addr.ss_family == AF_INET6) {
    (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (bind(fd, (const struct sockaddr *)&addr, len) != 0 || (is_tcp && listen(fd, BACKLOG) != 0) ||
      getsockname(fd, (struct sockaddr *)&addr, &len) != 0) {
    int why = errno;
    close(fd);
    errno = why;
    return -1;
  }
  /* The port stands at the same place for both families. */
  *port = ntohs(((struct sockaddr_in *)(void *)&addr)->sin_port);
  return fd;
}

static void say_why(char *error, const struct spec *s, const char *host)
{
  const char *name = s->is_tcp ? "TCP" : "UDP";
  if (errno == EADDRINUSE) {
    hostnet_error(error,
                  "%s port %u of %.50s is in use: end the program that has it, or choose another",
                  name, s->host_port, host);
  } else if (errno == EACCES) {
    hostnet_error(error, "%s port %u of %.50s needs privileges: choose one above 1023", name,
                  s->host_port, host);
  } else {
    hostnet_error(error, "%s port %u of %.50s: %s", name, s->host_port, host, strerror(errno));
  }
}

/** @return false: errno says why */
static bool listen_on(struct hostnet *net, struct spec *s, const char *host)
{
  struct forward *f = (struct forward *)calloc(1, sizeof *f);
  int fd = f != NULL ? bound_socket(s->is_tcp, host, &s->host_port) : -1;
  if (fd < 0) {
    free(f);
    return false;
  }
  f->io = (struct io){.fd = fd, .ready = s->is_tcp ? tcp_ready : udp_ready};
  f->net = net;
  f->is_tcp = s->is_tcp;
  f->port = s->target_port;
  strcpy(f->target, s->target);
  if (!loop_want(&net->loop, &f->io, EPOLLIN)) {
    int why = errno;
    close(fd);
    free(f);
    errno = why;
    return false;
  }
  f->next = net->forwards;
  net->forwards = f;
  return true;
}

static void forward_free(struct hostnet *net)
{
  struct forward *f = net->forwards;
  while (f->peers != NULL) {
    peer_free(f->peers);
  }
  loop_io_close(&net->loop, &f->io);
  timer_cancel(&f->pause);
  net->forwards = f->next;
  free(f);
}

int forward_add(struct hostnet *net, const char *text, char *error)
{
  struct spec s;
  if (!parse(&s, text, error)) {
    return -1;
  }
  const char *first = s.host[0] != '\0' ? s.host : "127.0.0.1";
  if (!listen_on(net, &s, first)) {
    say_why(error, &s, first);
    return -1;
  }
  /* A host without IPv6 has no ::1; who did not ask for it by name does not miss it. */
  if (s.host[0] == '\0' && !listen_on(net, &s, "::1") && errno != EADDRNOTAVAIL &&
      errno != EAFNOSUPPORT) {
    say_why(error, &s, "::1");
    forward_free(net);
    return -1;
  }
  return s.host_port;
}

void forward_close_all(struct hostnet *net)
{
  while (net->forwards != NULL) {
    forward_free(net);
  }
}
