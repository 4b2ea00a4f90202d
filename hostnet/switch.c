/**
 * @file
 * A learning Ethernet switch between ports, which are socket pairs, and the gateway.
 *
 * State: the ports and what waits for each (bounded: a port whose other end does not read loses
 * frames, as on a wire), and behind which one a station was heard last: a table by hash in which
 * the newer takes the place of the older; who is not found is looked for by flooding.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hostnet/hostnet_priv.h"

#define GATEWAY    HOSTNET_PORTS_MAX
#define HEADER_LEN 14
/** Frames of one port in a turn, so that others get theirs. */
#define BATCH        64
#define BUFFER_BYTES (1024 * 1024)

static struct station *station_of(struct hostnet *net, const uint8_t mac[6])
{
  unsigned hash = 0;
  for (int i = 0; i < 6; i++) {
    hash = hash * 31 + mac[i];
  }
  return &net->stations[hash % STATIONS];
}

static bool is_group(const uint8_t mac[6])
{
  return (mac[0] & 1U) != 0;
}

static void learn(struct hostnet *net, const uint8_t mac[6], unsigned port)
{
  struct station *s = station_of(net, mac);
  memcpy(s->mac, mac, 6);
  s->port = (uint8_t)port;
  s->is_known = true;
}

/** The port has gone: its other end is closed. */
static void unplug(struct port *port)
{
  struct hostnet *net = port->net;
  loop_io_close(&net->loop, &port->io);
}

static void drop_queue(struct port *port)
{
  while (port->first != NULL) {
    struct frame *f = port->first;
    port->first = f->next;
    free(f);
  }
  port->last = &port->first;
  port->count = 0;
}

/** @return false: not now */
static bool port_write(struct port *port, const uint8_t *data, size_t len)
{
  if (send(port->io.fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
    return true;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
    return false;
  }
  unplug(port);
  return true;
}

static void port_queue(struct port *port, const uint8_t *data, size_t len)
{
  struct frame *f = port->count < PORT_QUEUE_MAX ? (struct frame *)malloc(sizeof *f + len) : NULL;
  if (f == NULL) {
    port->net->stats.frames_dropped++;
    return;
  }
  f->next = NULL;
  f->len = (uint16_t)len;
  memcpy(f->data, data, len);
  *port->last = f;
  port->last = &f->next;
  port->count++;
  (void)loop_want(&port->net->loop, &port->io, EPOLLIN | EPOLLOUT);
}

static void port_send(struct port *port, const uint8_t *data, size_t len)
{
  if (port == NULL || port->io.fd < 0) {
    return;
  }
  if (port->first != NULL || !port_write(port, data, len)) {
    port_queue(port, data, len);
  }
}

static void port_flush(struct port *port)
{
  while (port->first != NULL && port->io.fd >= 0) {
    struct frame *f = port->first;
    if (!port_write(port, f->data, f->len)) {
      return;
    }
    port->first = f->next;
    port->count--;
    free(f);
  }
  port->last = &port->first;
  (void)loop_want(&port->net->loop, &port->io, EPOLLIN);
}

/** To whom it may concern. */
static void forward_frame(struct hostnet *net, unsigned from, const uint8_t *data, size_t len)
{
  const struct station *to = station_of(net, data);
  if (!is_group(data) && to->is_known && memcmp(to->mac, data, 6) == 0) {
    if (to->port == from) {
      return; /* nothing goes back to where it came from, least of all into a stack that sends */
    }
    if (to->port == GATEWAY) {
      gateway_receive(net, data, len);
    } else {
      port_send(net->ports[to->port], data, len);
    }
    return;
  }
  for (unsigned i = 0; i < HOSTNET_PORTS_MAX; i++) {
    if (i != from) {
      port_send(net->ports[i], data, len);
    }
  }
  if (from != GATEWAY) {
    gateway_receive(net, data, len);
  }
}

static void port_receive(struct port *port, unsigned number)
{
  struct hostnet *net = port->net;
  uint8_t data[FRAME_MAX + 1];
  for (int i = 0; i < BATCH && port->io.fd >= 0; i++) {
    ssize_t len = recv(port->io.fd, data, sizeof data, MSG_DONTWAIT);
    if (len < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        unplug(port);
      }
      return;
    }
    if (len < HEADER_LEN || len > FRAME_MAX || is_group(data + 6)) {
      net->stats.frames_dropped++;
      continue;
    }
    net->stats.frames++;
    learn(net, data + 6, number);
    forward_frame(net, number, data, (size_t)len);
  }
}

static void port_ready(struct io *io, uint32_t events)
{
  struct port *port = (struct port *)(void *)io;
  unsigned number = 0;
  while (port->net->ports[number] != port) {
    number++;
  }
  if (events & ~(uint32_t)EPOLLOUT) {
    port_receive(port, number);
  }
  if (port->io.fd >= 0 && port->first != NULL) {
    port_flush(port);
  }
}

/** A free place, perhaps that of one that was unplugged. NULL: none */
static struct port *port_new(struct hostnet *net)
{
  for (unsigned i = 0; i < HOSTNET_PORTS_MAX; i++) {
    if (net->ports[i] == NULL) {
      net->ports[i] = (struct port *)calloc(1, sizeof *net->ports[i]);
    } else if (net->ports[i]->io.fd >= 0) {
      continue;
    }
    if (net->ports[i] != NULL) {
      drop_queue(net->ports[i]);
    }
    return net->ports[i];
  }
  return NULL;
}

int switch_port_open(struct hostnet *net)
{
  int fd[2];
  int bytes = BUFFER_BYTES; /* the kernel may grant less: fine */
  struct port *port = port_new(net);
  if (port == NULL) {
    return -1;
  }
  port->io.fd = -1;
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd) != 0) {
    return -1;
  }
  for (int i = 0; i < 2; i++) {
    (void)setsockopt(fd[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
  port->net = net;
  port->io = (struct io){.fd = fd[0], .ready = port_ready};
  if (!loop_want(&net->loop, &port->io, EPOLLIN)) {
    loop_io_close(&net->loop, &port->io);
    close(fd[1]);
    return -1;
  }
  return fd[1];
}

void switch_send(struct hostnet *net, const uint8_t *frame, size_t len)
{
  if (len >= HEADER_LEN) {
    learn(net, frame + 6, GATEWAY);
    forward_frame(net, GATEWAY, frame, len);
  }
}

void switch_close(struct hostnet *net)
{
  for (unsigned i = 0; i < HOSTNET_PORTS_MAX; i++) {
    if (net->ports[i] != NULL) {
      drop_queue(net->ports[i]);
      loop_io_close(&net->loop, &net->ports[i]->io);
      free(net->ports[i]);
      net->ports[i] = NULL;
    }
  }
}
