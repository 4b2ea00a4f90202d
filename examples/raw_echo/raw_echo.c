/*
 * A TCP echo server in lwIP's raw API: no thread waits, the stack calls. Packets go back as they
 * came; those for which there is no room to send wait, and with them the window that the client
 * may fill.
 *
 *   example-raw_echo --tap tap0 --ip4 10.77.0.2/24 --ip6 fd77::2 [PORT]
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/sys.h"
#include "lwip/tcp.h"
#include "lwip/tcpip.h"
#include "app.h"

struct client {
  struct pbuf *waiting; /* received, not yet sent back */
  int is_all_said;      /* by the client: it is left when the last of it is sent */
};

/** No callback comes any more; `pcb` is closed, or aborted where there is no memory to close it. */
static err_t client_end(struct client *c, struct tcp_pcb *pcb)
{
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  tcp_err(pcb, NULL);
  if (c->waiting != NULL) {
    pbuf_free(c->waiting);
  }
  mem_free(c);
  if (tcp_close(pcb) == ERR_OK) {
    return ERR_OK;
  }
  tcp_abort(pcb);
  return ERR_ABRT; /* the stack must know that its pcb is gone */
}

/** Send of what waits as much as there is room for. */
static err_t client_send(struct client *c, struct tcp_pcb *pcb)
{
  while (c->waiting != NULL && c->waiting->len <= tcp_sndbuf(pcb)) {
    struct pbuf *p = c->waiting;
    if (tcp_write(pcb, p->payload, p->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break; /* later: on_sent() */
    }
    tcp_recved(pcb, p->len);
    c->waiting = pbuf_free_header(p, p->len);
  }
  if (c->waiting == NULL && c->is_all_said) {
    return client_end(c, pcb);
  }
  return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct client *c = (struct client *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    c->is_all_said = 1;
  } else if (c->waiting == NULL) {
    c->waiting = p;
  } else if (p->tot_len <= 0xffff - c->waiting->tot_len) {
    pbuf_cat(c->waiting, p);
  } else {
    return ERR_MEM; /* no chain is longer than that: the stack keeps it, and offers it again */
  }
  return client_send(c, pcb);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(len);
  return client_send((struct client *)arg, pcb);
}

/** Called every second: there may be memory now. */
static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  return client_send((struct client *)arg, pcb);
}

/** The connection has failed; its pcb is gone already. */
static void on_error(void *arg, err_t err)
{
  struct client *c = (struct client *)arg;
  LWIP_UNUSED_ARG(err);
  if (c->waiting != NULL) {
    pbuf_free(c->waiting);
  }
  mem_free(c);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  struct client *c = err == ERR_OK ? (struct client *)mem_calloc(1, sizeof *c) : NULL;
  if (c == NULL) {
    return ERR_MEM; /* the stack aborts the connection */
  }
  tcp_arg(pcb, c);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_poll(pcb, on_poll, 2);
  tcp_err(pcb, on_error);
  return ERR_OK;
}

/** A listening pcb of both IP versions, or NULL. */
static struct tcp_pcb *listen_on(u16_t port)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  struct tcp_pcb *listener = NULL;
  if (pcb != NULL && tcp_bind(pcb, IP_ANY_TYPE, port) == ERR_OK) {
    listener = tcp_listen(pcb); /* which frees the pcb that it is given, unless it fails */
  }
  if (listener != NULL) {
    tcp_accept(listener, on_accept);
  } else if (pcb != NULL) {
    tcp_close(pcb);
  }
  return listener;
}

int app_main(int argc, char **argv)
{
  u16_t port = (u16_t)(argc > 1 ? atoi(argv[1]) : 7);
  LOCK_TCPIP_CORE(); /* the raw API is for who has the core lock */
  struct tcp_pcb *listener = listen_on(port);
  UNLOCK_TCPIP_CORE();
  if (listener == NULL) {
    fprintf(stderr, "raw_echo: cannot listen on TCP port %d\n", port);
    return 1;
  }
  printf("listening on TCP port %d\n", port);
  for (;;) {
    sys_msleep(1000); /* all else is done by the callbacks */
  }
}
