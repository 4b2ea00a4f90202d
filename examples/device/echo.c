/**
 * @file
 * Echo over TCP and UDP (RFC 862), in both IP versions.
 *
 * State: struct device_echo: the two pcbs, the list of clients, what was moved. Packets go back as
 * they came; those for which there is no room to send wait, and with them the window that the
 * client may fill.
 */
#include "lwip/opt.h"
#include "lwip/mem.h"
#include "device_priv.h"

enum { POLL_INTERVAL = 2 }; /* half seconds */

struct device_client {
  struct device_client *next;
  struct tcp_pcb *pcb;
  struct pbuf *waiting; /* received, not sent back yet */
  bool is_all_said;     /* by the client: it is left when the last of it is sent */
};

static struct device_echo *echo(void)
{
  return &device()->echo;
}

/** The pcb is gone, or somebody else's from now on. */
static void client_free(struct device_client *c)
{
  struct device_client **link = &echo()->clients;
  while (*link != c) {
    link = &(*link)->next;
  }
  *link = c->next;
  echo()->tcp.open--;
  if (c->waiting != NULL) {
    pbuf_free(c->waiting);
  }
  mem_free(c);
}

/** Close, or abort where there is no memory to close. */
static err_t client_end(struct device_client *c)
{
  struct tcp_pcb *pcb = c->pcb;
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  tcp_err(pcb, NULL);
  client_free(c);
  if (tcp_close(pcb) == ERR_OK) {
    return ERR_OK;
  }
  tcp_abort(pcb);
  return ERR_ABRT; /* the stack must know that its pcb is gone */
}

/** Free the first of the chain, which may be without bytes. */
static struct pbuf *free_first(struct pbuf *p)
{
  struct pbuf *rest = p->next;
  if (rest != NULL) {
    pbuf_ref(rest);
  }
  pbuf_free(p);
  return rest;
}

/** Send of what waits as much as there is room for. */
static err_t client_send(struct device_client *c)
{
  while (c->waiting != NULL && c->waiting->len <= tcp_sndbuf(c->pcb)) {
    struct pbuf *p = c->waiting;
    if (tcp_write(c->pcb, p->payload, p->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break; /* later: on_sent(), on_poll() */
    }
    echo()->tcp.out += p->len;
    tcp_recved(c->pcb, p->len);
    c->waiting = free_first(p);
  }
  return c->waiting == NULL && c->is_all_said ? client_end(c) : ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct device_client *c = (struct device_client *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  if (p != NULL && c->waiting != NULL && p->tot_len > 0xffff - c->waiting->tot_len) {
    return ERR_MEM; /* no chain is longer than that: the stack keeps it, and offers it again */
  }
  if (p == NULL) {
    c->is_all_said = true;
  } else {
    echo()->tcp.in += p->tot_len;
    if (c->waiting == NULL) {
      c->waiting = p;
    } else {
      pbuf_cat(c->waiting, p);
    }
  }
  return client_send(c);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  return client_send((struct device_client *)arg);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return client_send((struct device_client *)arg);
}

static void on_error(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(err);
  client_free((struct device_client *)arg);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  struct device_client *c = err == ERR_OK ? (struct device_client *)mem_calloc(1, sizeof *c) : NULL;
  if (c == NULL) {
    return ERR_MEM; /* the stack aborts the connection */
  }
  c->pcb = pcb;
  c->next = echo()->clients;
  echo()->clients = c;
  echo()->tcp.open++;
  echo()->tcp.served++;
  tcp_arg(pcb, c);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_poll(pcb, on_poll, POLL_INTERVAL);
  tcp_err(pcb, on_error);
  return ERR_OK;
}

/** A datagram of another echo server, or to a group, would be answered for ever or by all. */
static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                        u16_t port)
{
  struct device_traffic *t = &echo()->datagrams;
  u16_t len = p->tot_len;
  bool is_to_us = (p->flags & (PBUF_FLAG_LLBCAST | PBUF_FLAG_LLMCAST)) == 0 &&
                  !ip_addr_ismulticast(ip_current_dest_addr());
  LWIP_UNUSED_ARG(arg);
  t->in += len;
  if (is_to_us && port != DEVICE_PORT_ECHO && udp_sendto(pcb, p, addr, port) == ERR_OK) {
    t->out += len;
    t->served++;
  }
  pbuf_free(p);
}

static err_t start_tcp(void)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    return ERR_MEM;
  }
  err_t err = tcp_bind(pcb, IP_ANY_TYPE, DEVICE_PORT_ECHO);
  echo()->listener = err == ERR_OK ? tcp_listen(pcb) : NULL; /* which frees what it is given */
  if (echo()->listener == NULL) {
    (void)tcp_close(pcb);
    return err != ERR_OK ? err : ERR_MEM;
  }
  tcp_accept(echo()->listener, on_accept);
  return ERR_OK;
}

static err_t start_udp(void)
{
  struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    return ERR_MEM;
  }
  echo()->udp = pcb;
  udp_recv(pcb, on_datagram, NULL);
  return udp_bind(pcb, IP_ANY_TYPE, DEVICE_PORT_ECHO);
}

err_t device_echo_start(void)
{
  err_t err = start_udp();
  return err == ERR_OK ? start_tcp() : err;
}

void device_echo_stop(void)
{
  struct device_echo *e = echo();
  while (e->clients != NULL) {
    (void)client_end(e->clients);
  }
  if (e->listener != NULL) {
    (void)tcp_close(e->listener);
    e->listener = NULL;
  }
  if (e->udp != NULL) {
    udp_remove(e->udp);
    e->udp = NULL;
  }
}
