/**
 * @file
 * TCP: bytes between a connection on the network (a pcb) and one of the host (a socket).
 *
 * State: struct tcp_flow, from the SYN, or the host's connection, on. Back-pressure goes both ways:
 * a byte is "received" on the network once the host's socket has taken it, and nothing is read from
 * the host that the pcb has no room for. Each side's end of data becomes the other's, each side's
 * reset too. A flow is freed at the end of the turn in which it ended, never in a callback.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "lwip/pbuf.h"
#include "hostnet/hostnet_priv.h"

/** Bytes on their way to a device, of each connection. */
#define TO_DEVICE_MAX (512 * 1024)
/** Bytes that are read at once, and how often in a turn. */
#define READ_MAX  (32 * 1024)
#define READS_MAX 8
#define IOV_MAX_  32
/** How long the host's side waits for a device to get an address, and how often it looks. */
#define RESOLVE_MS       10000
#define RESOLVE_AGAIN_MS 100
/** Silence after which a device is asked whether it is still there. */
#define KEEP_IDLE_MS 60000

enum tcp_flow_state {
  FLOW_HOST,      /* the host's socket connects */
  FLOW_HANDSHAKE, /* it has, the device's SYN is being answered */
  FLOW_NAME,      /* the device's address is waited for */
  FLOW_DEVICE,    /* the device is being connected to */
  FLOW_OPEN
};

struct chunk {
  struct chunk *next;
  struct pbuf *p;
};

struct tcp_flow {
  struct io io; /* the host's socket */
  struct hostnet *net;
  struct tcp_flow *next, **pprev;
  struct tcp_flow *next_over;
  enum tcp_flow_state state;
  struct any_syn *syn; /* FLOW_HOST: what is to be answered */
  struct tcp_pcb *pcb; /* NULL: not yet, or gone */
  struct chunk *to_host, **to_host_last;
  uint8_t *left; /* read from the host, refused by the pcb for want of memory */
  size_t left_len, left_at;
  bool device_eof, host_eof;         /* no more comes from there */
  bool is_device_told, is_host_told; /* ... and the other side knows */
  bool is_over, is_reset;
  struct timer timer; /* FLOW_NAME */
  uint32_t until_ms;
  uint16_t port;
  char target[NAME_LEN];
};

/* --- beginning and end --- */

static void host_ready(struct io *io, uint32_t events);

static struct tcp_flow *flow_new(struct hostnet *net, int fd)
{
  int on = 1;
  struct tcp_flow *f =
      net->stats.tcp_now < net->tcp_max ? (struct tcp_flow *)calloc(1, sizeof *f) : NULL;
  if (f == NULL) {
    close(fd);
    return NULL;
  }
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  f->io = (struct io){.fd = fd, .ready = host_ready};
  f->net = net;
  f->to_host_last = &f->to_host;
  f->next = net->tcp_flows;
  f->pprev = &net->tcp_flows;
  if (f->next != NULL) {
    f->next->pprev = &f->next;
  }
  net->tcp_flows = f;
  net->stats.tcp_now++;
  return f;
}

/** It is done with, well or by a reset of whatever still stands. */
static void flow_end(struct tcp_flow *f, bool is_reset)
{
  if (!f->is_over) {
    f->is_over = true;
    f->is_reset = is_reset;
    f->next_over = f->net->tcp_over;
    f->net->tcp_over = f;
    (void)loop_want(&f->net->loop, &f->io, 0);
  }
}

static void pcb_forget(struct tcp_pcb *pcb)
{
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_err(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
}

static void pcb_end(struct tcp_flow *f)
{
  struct tcp_pcb *pcb = f->pcb;
  f->pcb = NULL;
  if (pcb == NULL) {
    return;
  }
  pcb_forget(pcb);
  if (f->is_reset || tcp_close(pcb) != ERR_OK) {
    tcp_abort(pcb);
  }
}

static void socket_end(struct tcp_flow *f)
{
  struct linger now = {.l_onoff = 1};
  if (f->is_reset && f->io.fd >= 0) {
    (void)setsockopt(f->io.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  loop_io_close(&f->net->loop, &f->io);
}

static void flow_free(struct tcp_flow *f)
{
  timer_cancel(&f->timer);
  if (f->syn != NULL) {
    any_syn_refuse(f->syn);
  }
  pcb_end(f);
  socket_end(f);
  while (f->to_host != NULL) {
    struct chunk *c = f->to_host;
    f->to_host = c->next;
    pbuf_free(c->p);
    free(c);
  }
  free(f->left);
  *f->pprev = f->next;
  if (f->next != NULL) {
    f->next->pprev = f->pprev;
  }
  f->net->stats.tcp_now--;
  free(f);
}

void tcp_flow_reap(struct hostnet *net)
{
  while (net->tcp_over != NULL) {
    struct tcp_flow *f = net->tcp_over;
    net->tcp_over = f->next_over;
    flow_free(f);
  }
}

void tcp_flow_close_all(struct hostnet *net)
{
  for (struct tcp_flow *f = net->tcp_flows; f != NULL; f = f->next) {
    flow_end(f, true);
  }
  tcp_flow_reap(net);
}

/* --- bytes --- */

/** Bytes that may be read from the host now. */
static size_t room_to_device(const struct tcp_flow *f)
{
  if (f->pcb == NULL || f->left != NULL || f->host_eof) {
    return 0;
  }
  size_t free_bytes = f->pcb->snd_buf; /* tcp_sndbuf() tells 64 KiB at most */
  size_t used = (size_t)TCP_SND_BUF - free_bytes;
  return used >= TO_DEVICE_MAX ? 0 : LWIP_MIN(free_bytes, (size_t)TO_DEVICE_MAX - used);
}

/** What is waited for now; or the end, if nothing is left to do. */
static void flow_update(struct tcp_flow *f)
{
  uint32_t events = 0;
  if (f->is_over || f->state != FLOW_OPEN) {
    return;
  }
  if (f->is_host_told && f->is_device_told) {
    flow_end(f, false);
    return;
  }
  if (f->pcb == NULL && f->to_host == NULL && !f->device_eof) {
    flow_end(f, true);
    return;
  }
  events |= room_to_device(f) > 0 ? (uint32_t)EPOLLIN : 0U;
  events |= f->to_host != NULL ? (uint32_t)EPOLLOUT : 0U;
  if (!loop_want(&f->net->loop, &f->io, events)) {
    flow_end(f, true);
  }
}

/** As much of the first chunk as the host takes. @return bytes; -1: not now, or never */
static ssize_t write_chunk(struct tcp_flow *f)
{
  struct iovec iov[IOV_MAX_];
  struct msghdr message = {.msg_iov = iov};
  for (struct pbuf *p = f->to_host->p; p != NULL && message.msg_iovlen < IOV_MAX_; p = p->next) {
    iov[message.msg_iovlen++] = (struct iovec){p->payload, p->len};
  }
  ssize_t n = sendmsg(f->io.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    flow_end(f, true);
  }
  return n;
}

static void chunk_consume(struct tcp_flow *f, size_t n)
{
  struct chunk *c = f->to_host;
  f->net->stats.bytes_to_host += n;
  if (f->pcb != NULL) {
    tcp_recved(f->pcb, (u16_t)n);
  }
  if (n < c->p->tot_len) {
    c->p = pbuf_free_header(c->p, (u16_t)n);
    return;
  }
  f->to_host = c->next;
  if (f->to_host == NULL) {
    f->to_host_last = &f->to_host;
  }
  pbuf_free(c->p);
  free(c);
}

static void pump_to_host(struct tcp_flow *f)
{
  while (f->to_host != NULL && !f->is_over && f->state == FLOW_OPEN) {
    ssize_t n = write_chunk(f);
    if (n < 0) {
      break;
    }
    chunk_consume(f, (size_t)n);
  }
  if (f->to_host == NULL && f->device_eof && !f->is_host_told && f->state == FLOW_OPEN) {
    (void)shutdown(f->io.fd, SHUT_WR);
    f->is_host_told = true;
  }
}

/** What the pcb had no memory for. @return false: it has none still */
static bool write_left(struct tcp_flow *f)
{
  if (f->left == NULL) {
    return true;
  }
  size_t n = LWIP_MIN(f->left_len - f->left_at, (size_t)tcp_sndbuf(f->pcb));
  if (n > 0 && tcp_write(f->pcb, f->left + f->left_at, (u16_t)n, TCP_WRITE_FLAG_COPY) == ERR_OK) {
    f->left_at += n;
  }
  if (f->left_at < f->left_len) {
    return false;
  }
  free(f->left);
  f->left = NULL;
  return true;
}

static void keep_left(struct tcp_flow *f, const uint8_t *data, size_t len)
{
  f->left = (uint8_t *)malloc(len);
  if (f->left == NULL) {
    flow_end(f, true); /* better than a hole in the stream */
    return;
  }
  memcpy(f->left, data, len);
  f->left_len = len;
  f->left_at = 0;
}

/** Read once. @return false: enough */
static bool read_host(struct tcp_flow *f)
{
  uint8_t data[READ_MAX];
  size_t room = LWIP_MIN(room_to_device(f), sizeof data);
  if (room == 0) {
    return false;
  }
  ssize_t n = recv(f->io.fd, data, room, MSG_DONTWAIT);
  if (n < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      flow_end(f, true);
    }
    return false;
  }
  if (n == 0) {
    f->host_eof = true;
    return false;
  }
  f->net->stats.bytes_from_host += (uint64_t)n;
  if (tcp_write(f->pcb, data, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK) {
    keep_left(f, data, (size_t)n);
  }
  return f->left == NULL && (size_t)n == room;
}

static void pump_to_device(struct tcp_flow *f)
{
  if (f->is_over || f->pcb == NULL || f->state != FLOW_OPEN || !write_left(f)) {
    return;
  }
  for (int i = 0; i < READS_MAX && read_host(f); i++) {
  }
  if (f->is_over) {
    return;
  }
  if (f->host_eof && f->left == NULL && !f->is_device_told) {
    f->is_device_told = tcp_shutdown(f->pcb, 0, 1) == ERR_OK; /* if not, on_poll() does */
  }
  (void)tcp_output(f->pcb);
}

/* --- what the pcb says --- */

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct tcp_flow *f = (struct tcp_flow *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    f->device_eof = true;
  } else {
    struct chunk *c = (struct chunk *)malloc(sizeof *c);
    if (c == NULL) {
      return ERR_MEM; /* it will be offered again */
    }
    *c = (struct chunk){.p = p};
    *f->to_host_last = c;
    f->to_host_last = &c->next;
  }
  pump_to_host(f);
  flow_update(f);
  return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct tcp_flow *f = (struct tcp_flow *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  if (f->left != NULL || (f->host_eof && !f->is_device_told)) {
    pump_to_device(f);
  }
  flow_update(f);
  return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  return on_sent(arg, pcb, 0);
}

/** The pcb is gone. After both ends of data that is as it should be; what the host has not taken
    yet still goes there. */
void tcp_flow_failed(void *arg, err_t err)
{
  struct tcp_flow *f = (struct tcp_flow *)arg;
  bool is_clean = f->device_eof && f->is_device_told;
  LWIP_UNUSED_ARG(err);
  f->pcb = NULL;
  if (f->state == FLOW_HANDSHAKE || f->state == FLOW_DEVICE) {
    f->net->stats.tcp_failed++;
  }
  if (!is_clean) {
    flow_end(f, true);
  } else {
    flow_update(f);
  }
}

/** Both sides stand. */
static void flow_open(struct tcp_flow *f, struct tcp_pcb *pcb)
{
  f->state = FLOW_OPEN;
  f->pcb = pcb;
  tcp_arg(pcb, f);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_poll(pcb, on_poll, 2);
  tcp_err(pcb, tcp_flow_failed);
  tcp_nagle_disable(pcb);
  pcb->so_options |= SOF_KEEPALIVE;
  pcb->keep_idle = KEEP_IDLE_MS;
  f->net->stats.tcp_opened++;
  pump_to_host(f);
  flow_update(f);
}

/* --- from a device to the host --- */

static void answer_failure(struct any_syn *syn, int why)
{
  if (why == ECONNREFUSED || why == ECONNRESET) {
    any_syn_refuse(syn);
  } else if (why == ENETUNREACH || why == EADDRNOTAVAIL || why == EAFNOSUPPORT) {
    any_syn_unreachable(syn, ANY_UNREACHABLE_NET);
  } else if (why == EACCES || why == EPERM) {
    any_syn_unreachable(syn, ANY_UNREACHABLE_PROHIBITED);
  } else {
    any_syn_unreachable(syn, ANY_UNREACHABLE_HOST);
  }
}

/** The host's connect() has ended. */
static void host_connected(struct tcp_flow *f, int why)
{
  struct any_syn *syn = f->syn;
  f->syn = NULL;
  (void)loop_want(&f->net->loop, &f->io, 0);
  if (why != 0) {
    f->net->stats.tcp_failed++;
    if (syn != NULL) {
      answer_failure(syn, why);
    }
    flow_end(f, true);
  } else if (syn == NULL) {
    flow_open(f, f->pcb); /* it was there before (DNS) */
  } else {
    f->state = FLOW_HANDSHAKE;
    if (any_syn_accept(syn) != ERR_OK) {
      flow_end(f, true);
    }
  }
}

static int socket_error(int fd)
{
  int why = 0;
  socklen_t len = sizeof why;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &len) == 0 ? why : errno;
}

/** A socket that is connecting, or has already. @return -1 and errno */
static int host_connect(const struct sockaddr *to, socklen_t len)
{
  int fd = host_socket(to->sa_family, SOCK_STREAM, 0);
  if (fd >= 0 && connect(fd, to, len) != 0 && errno != EINPROGRESS) {
    int why = errno;
    close(fd);
    errno = why;
    return -1;
  }
  return fd;
}

enum any_answer tcp_flow_syn(void *arg, struct any_syn *syn)
{
  struct hostnet *net = (struct hostnet *)arg;
  struct sockaddr_storage to;
  socklen_t len = names_host_address(net, &to, &syn->flow.local, syn->flow.local_port);
  if (net->stats.tcp_now >= net->tcp_max) {
    return ANY_IGNORE;
  }
  int fd = len != 0 ? host_connect((const struct sockaddr *)&to, len) : -1;
  if (fd < 0) {
    net->stats.tcp_failed++;
    answer_failure(syn, len != 0 ? errno : EHOSTUNREACH);
    return ANY_LATER;
  }
  struct tcp_flow *f = flow_new(net, fd);
  if (f == NULL) {
    return ANY_IGNORE;
  }
  f->syn = syn;
  syn->arg = f;
  f->state = FLOW_HOST;
  if (!loop_want(&net->loop, &f->io, EPOLLOUT)) {
    flow_end(f, true);
  }
  return ANY_LATER;
}

void tcp_flow_syn_gone(void *arg, struct any_syn *syn)
{
  struct tcp_flow *f = (struct tcp_flow *)syn->arg;
  LWIP_UNUSED_ARG(arg);
  if (f != NULL) {
    f->syn = NULL;
    flow_end(f, true);
  }
}

err_t tcp_flow_accepted(void *arg, struct tcp_pcb *pcb)
{
  struct tcp_flow *f = (struct tcp_flow *)pcb->callback_arg;
  LWIP_UNUSED_ARG(arg);
  if (f->is_over) {
    return ERR_CLSD;
  }
  flow_open(f, pcb);
  return ERR_OK;
}

err_t tcp_flow_to_host(struct hostnet *net, struct tcp_pcb *pcb, const struct sockaddr *to,
                       socklen_t len)
{
  int fd = host_connect(to, len);
  struct tcp_flow *f = fd >= 0 ? flow_new(net, fd) : NULL;
  if (f == NULL) {
    return ERR_RTE;
  }
  f->state = FLOW_HOST;
  f->pcb = pcb;
  tcp_arg(pcb, f);
  tcp_recv(pcb, on_recv);
  tcp_err(pcb, tcp_flow_failed);
  if (!loop_want(&net->loop, &f->io, EPOLLOUT)) {
    flow_end(f, true);
  }
  return ERR_OK;
}

/* --- from the host to a device --- */

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(err);
  struct tcp_flow *f = (struct tcp_flow *)arg;
  f->net->stats.tcp_forwarded++;
  flow_open(f, pcb);
  return ERR_OK;
}

static void connect_device(struct tcp_flow *f, const ip_addr_t *addr)
{
  f->state = FLOW_DEVICE;
  f->pcb = tcp_new_ip_type(IP_GET_TYPE(addr));
  if (f->pcb == NULL) {
    flow_end(f, true);
    return;
  }
  tcp_arg(f->pcb, f);
  tcp_err(f->pcb, tcp_flow_failed);
  if (tcp_connect(f->pcb, addr, f->port, on_connected) != ERR_OK) {
    flow_end(f, true);
  }
}

static void look_for_device(struct timer *t)
{
  struct tcp_flow *f = TIMER_OWNER(t, struct tcp_flow, timer);
  ip_addr_t addr;
  if (names_resolve(f->net, f->target, &addr)) {
    connect_device(f, &addr);
  } else if ((s32_t)(stack_now() - f->until_ms) >= 0) {
    flow_end(f, true);
  } else {
    timer_set(t, look_for_device, RESOLVE_AGAIN_MS);
  }
}

void tcp_flow_to_device(struct hostnet *net, int fd, const char *target, uint16_t port)
{
  struct tcp_flow *f = flow_new(net, fd);
  if (f == NULL) {
    return;
  }
  f->state = FLOW_NAME;
  f->port = port;
  f->until_ms = stack_now() + RESOLVE_MS;
  strncpy(f->target, target, sizeof f->target - 1);
  look_for_device(&f->timer);
}

/* --- what the host's socket says --- */

static void host_ready(struct io *io, uint32_t events)
{
  struct tcp_flow *f = (struct tcp_flow *)(void *)io;
  if (f->is_over) {
    return;
  }
  if (f->state == FLOW_HOST) {
    host_connected(f, socket_error(io->fd));
    return;
  }
  if (events & ~(uint32_t)EPOLLOUT) {
    pump_to_device(f);
  }
  if (f->to_host != NULL) {
    pump_to_host(f);
  }
  flow_update(f);
}
