/*
 * A server of one page on Debian's liblwip, for comparison: raw API, one thread that reads a TAP
 * interface in batches and handles what it read under the core lock, as ports/unix/ethdev.c does.
 * (liblwip's own thread runs its timers.) The answers are prepared: whole, in memory, before the
 * first request.
 *
 *   liblwip_server TAP A.B.C.D/BITS KEEP CLOSE
 *
 * KEEP, CLOSE: files with the answer, headers and all, for a connection that stays and for one that
 * is closed. GET of / only; anything else, or a request that is too long, ends the connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"
#include "lwip/tcpip.h"
#include "netif/ethernet.h"

#define BATCH       64
#define FRAME_MAX   1600
#define REQUEST_MAX 1024
#define IDLE_POLLS  20 /* of two seconds each, until a client that says nothing is sent away */

/* --- the interface --- */

static struct {
  int fd;
  bool is_reading; /* what is sent meanwhile is written when all has been read */
  unsigned count;  /* frames not written yet */
  unsigned lost;
  u16_t len[BATCH];
  u8_t frame[BATCH][FRAME_MAX];
} tap;

static void flush(void)
{
  for (unsigned i = 0; i < tap.count; i++) {
    if (write(tap.fd, tap.frame[i], tap.len[i]) < 0) {
      tap.lost++;
    }
  }
  tap.count = 0;
}

static err_t link_output(struct netif *netif, struct pbuf *p)
{
  (void)netif;
  if (p->tot_len > FRAME_MAX) {
    return ERR_BUF;
  }
  if (tap.count == BATCH) {
    flush();
  }
  pbuf_copy_partial(p, tap.frame[tap.count], p->tot_len, 0);
  tap.len[tap.count++] = p->tot_len;
  if (!tap.is_reading) {
    flush();
  }
  return ERR_OK;
}

static err_t netif_start(struct netif *netif)
{
  static const u8_t mac[6] = {2, 0, 0, 0x4c, 0x57, 1};
  netif->name[0] = 't';
  netif->name[1] = 'p';
  netif->mtu = 1500;
  netif->hwaddr_len = sizeof mac;
  memcpy(netif->hwaddr, mac, sizeof mac);
  netif->output = etharp_output;
  netif->linkoutput = link_output;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  return ERR_OK;
}

/** Handle what is there, a batch at most. PBUF_POOL is not for us: the elements of this library's
    pool are shorter than what it believes they hold. */
static void read_batch(struct netif *netif)
{
  u8_t frame[FRAME_MAX];
  LOCK_TCPIP_CORE();
  tap.is_reading = true;
  for (int i = 0; i < BATCH; i++) {
    ssize_t len = read(tap.fd, frame, sizeof frame);
    if (len <= 0) {
      break;
    }
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
    if (p == NULL) {
      continue;
    }
    memcpy(p->payload, frame, (size_t)len);
    if (netif->input(p, netif) != ERR_OK) {
      pbuf_free(p);
    }
  }
  tap.is_reading = false;
  flush();
  UNLOCK_TCPIP_CORE();
}

static bool tap_open(const char *name)
{
  struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "%s", name);
  tap.fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  return tap.fd >= 0 && ioctl(tap.fd, TUNSETIFF, &ifr) == 0;
}

/* --- the server --- */

struct answer {
  char *text;
  size_t len;
};

static struct answer answer_keep, answer_close;

struct client {
  const char *rest; /* of the answer, which did not fit into the send buffer */
  size_t rest_len;
  bool is_closing;
  u8_t idle;
  size_t len;
  char request[REQUEST_MAX];
};

static void client_end(struct tcp_pcb *pcb, struct client *c)
{
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_err(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  free(c);
  if (tcp_close(pcb) != ERR_OK) {
    tcp_abort(pcb);
  }
}

/** As much of the answer as there is room for. */
static void client_write(struct tcp_pcb *pcb, struct client *c)
{
  size_t part = c->rest_len < tcp_sndbuf(pcb) ? c->rest_len : tcp_sndbuf(pcb);
  if (part > 0 && tcp_write(pcb, c->rest, (u16_t)part, 0) == ERR_OK) {
    c->rest += part;
    c->rest_len -= part;
  }
}

/** Value of a header, as a word in lower or upper case. */
static bool header_says(const char *head, const char *name, const char *value)
{
  size_t name_len = strlen(name);
  for (const char *line = strchr(head, '\n'); line != NULL; line = strchr(line, '\n')) {
    line++;
    if (strncasecmp(line, name, name_len) == 0 && line[name_len] == ':') {
      const char *at = line + name_len + 1;
      at += strspn(at, " \t");
      return strncasecmp(at, value, strlen(value)) == 0;
    }
  }
  return false;
}

/** One request, ended by a zero. @return false: none that is understood */
static bool client_answer(struct client *c, const char *head)
{
  if (strncmp(head, "GET / HTTP/1.", 13) != 0) {
    return false;
  }
  bool is_kept = head[13] == '1' ? !header_says(head, "Connection", "close")
                                 : header_says(head, "Connection", "keep-alive");
  const struct answer *a = is_kept ? &answer_keep : &answer_close;
  c->rest = a->text;
  c->rest_len = a->len;
  c->is_closing = !is_kept;
  return true;
}

/** Requests that are there, one after the other; the next begins when the last has been written. */
static void client_run(struct tcp_pcb *pcb, struct client *c)
{
  for (;;) {
    client_write(pcb, c);
    if (c->rest_len > 0) {
      return;
    }
    if (c->is_closing) {
      client_end(pcb, c);
      return;
    }
    c->request[c->len] = '\0';
    char *end = strstr(c->request, "\r\n\r\n");
    if (end == NULL && c->len < REQUEST_MAX - 1) {
      return;
    }
    if (end == NULL) {
      c->is_closing = true;
      continue;
    }
    end[2] = '\0';
    c->is_closing = !client_answer(c, c->request) || c->is_closing;
    c->len -= (size_t)(end + 4 - c->request);
    memmove(c->request, end + 4, c->len);
  }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct client *c = (struct client *)arg;
  if (p == NULL || err != ERR_OK) {
    client_end(pcb, c);
    return ERR_OK;
  }
  u16_t room = (u16_t)(REQUEST_MAX - 1 - c->len);
  u16_t taken = pbuf_copy_partial(p, c->request + c->len, p->tot_len < room ? p->tot_len : room, 0);
  c->len += taken;
  c->is_closing |= taken < p->tot_len;
  c->idle = 0;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  client_run(pcb, c);
  return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct client *c = (struct client *)arg;
  (void)len;
  if (c->rest_len > 0) {
    client_run(pcb, c);
  }
  return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct client *c = (struct client *)arg;
  if (++c->idle == IDLE_POLLS) {
    client_end(pcb, c);
  }
  return ERR_OK;
}

static void on_error(void *arg, err_t err)
{
  (void)err;
  free(arg);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  struct client *c = err == ERR_OK ? (struct client *)malloc(sizeof *c) : NULL;
  if (c == NULL) {
    return ERR_MEM;
  }
  memset(c, 0, offsetof(struct client, request));
  tcp_arg(pcb, c);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_error);
  tcp_poll(pcb, on_poll, 4);
  tcp_nagle_disable(pcb);
  return ERR_OK;
}

/* --- start --- */

static bool answer_read(struct answer *a, const char *path)
{
  FILE *f = fopen(path, "rb");
  if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
    return false;
  }
  a->len = (size_t)ftell(f);
  a->text = (char *)malloc(a->len);
  rewind(f);
  bool is_read = a->text != NULL && fread(a->text, 1, a->len, f) == a->len;
  fclose(f);
  return is_read;
}

static void ready(void *arg)
{
  sys_sem_signal((sys_sem_t *)arg);
}

static bool start(struct netif *netif, char *address)
{
  ip4_addr_t addr, mask, none = {0};
  char *slash = strchr(address, '/');
  sys_sem_t is_ready;
  if (slash == NULL || sys_sem_new(&is_ready, 0) != ERR_OK) {
    return false;
  }
  *slash = '\0';
  ip4_addr_set_u32(&mask, lwip_htonl(0xffffffffUL << (32 - atoi(slash + 1))));
  if (!ip4addr_aton(address, &addr)) {
    return false;
  }
  tcpip_init(ready, &is_ready);
  sys_arch_sem_wait(&is_ready, 0);
  LOCK_TCPIP_CORE();
  netif_add(netif, &addr, &mask, &none, NULL, netif_start, ethernet_input);
  netif_set_default(netif);
  netif_set_up(netif);
  netif_set_link_up(netif);
  struct tcp_pcb *pcb = tcp_new();
  bool is_bound = pcb != NULL && tcp_bind(pcb, IP_ADDR_ANY, 80) == ERR_OK;
  pcb = is_bound ? tcp_listen(pcb) : NULL;
  if (pcb != NULL) {
    tcp_accept(pcb, on_accept);
  }
  UNLOCK_TCPIP_CORE();
  return pcb != NULL;
}

int main(int argc, char **argv)
{
  static struct netif netif;
  if (argc != 5 || !tap_open(argv[1]) || !answer_read(&answer_keep, argv[3]) ||
      !answer_read(&answer_close, argv[4]) || !start(&netif, argv[2])) {
    fprintf(stderr, "liblwip_server: %s\n", errno != 0 ? strerror(errno) : "bad arguments");
    return 1;
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct pollfd fd = {.fd = tap.fd, .events = POLLIN};
    if (poll(&fd, 1, -1) < 0) {
      return 1;
    }
    read_batch(&netif);
  }
}
