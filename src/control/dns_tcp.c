/**
 * @file
 * DNS over TCP: a connection for each question (RFC 7766 5; RFC 1035 4.2.2: each message stands
 * behind its length).
 *
 * Deviation: a connection is not used for further questions (RFC 7766 6.2.1): they are rare here.
 *
 * No state but one struct dns_tcp for each. What comes is copied at once, so the window is open
 * whatever its size; who sends more than DNS_TCP_MESSAGE_MAX bytes is not read.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS && DNS_TCP_MESSAGE_MAX

#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/prot/dns.h"
#include "lwip/tcp.h"
#include "wire/bytes.h"
#include "wire/dns.h"
#include "control/dns_tcp.h"

#define PREFIX_LEN 2U

struct dns_tcp {
  struct tcp_pcb *pcb;
  dns_tcp_done_fn done;
  void *arg;
  u8_t *msg; /* allocated when its length is known */
  size_t got;
  u8_t prefix[PREFIX_LEN];
};

static void tcp_forget(struct dns_tcp *t)
{
  if (t->pcb != NULL) {
    tcp_arg(t->pcb, NULL);
    tcp_recv(t->pcb, NULL);
    tcp_err(t->pcb, NULL);
    t->pcb = NULL;
  }
}

/** Tell, when all else is over. */
static void tcp_done(struct dns_tcp *t, size_t len)
{
  u8_t *msg = t->msg;
  dns_tcp_done_fn done = t->done;
  void *arg = t->arg;
  mem_free(t);
  done(arg, len > 0 ? msg : NULL, len);
  mem_free(msg);
}

/** @return for the callback to return */
static err_t tcp_finish(struct dns_tcp *t, size_t len)
{
  struct tcp_pcb *pcb = t->pcb;
  tcp_forget(t);
  err_t err = tcp_close(pcb);
  if (err != ERR_OK) {
    tcp_abort(pcb);
    err = ERR_ABRT;
  }
  tcp_done(t, len);
  return err;
}

static size_t message_len(const struct dns_tcp *t)
{
  return bytes_get16(t->prefix);
}

/** Take what there is of the prefix, or of the message. @return false: it is of no use */
static bool tcp_take(struct dns_tcp *t, const struct pbuf *p)
{
  u16_t at = 0;
  if (t->got < PREFIX_LEN) {
    at = pbuf_copy_partial(p, t->prefix + t->got, (u16_t)(PREFIX_LEN - t->got), 0);
    t->got += at;
    if (t->got < PREFIX_LEN) {
      return true;
    }
    if (message_len(t) < DNS_HEADER_LEN || message_len(t) > DNS_TCP_MESSAGE_MAX) {
      return false;
    }
    t->msg = (u8_t *)mem_malloc((mem_size_t)message_len(t));
  }
  if (t->msg == NULL) {
    return false;
  }
  size_t wanted = message_len(t) - (t->got - PREFIX_LEN);
  u16_t len = (u16_t)LWIP_MIN(wanted, (size_t)(p->tot_len - at));
  t->got += pbuf_copy_partial(p, t->msg + (t->got - PREFIX_LEN), len, at);
  return true;
}

static err_t tcp_heard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct dns_tcp *t = (struct dns_tcp *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return tcp_finish(t, 0);
  }
  bool is_fine = tcp_take(t, p);
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  if (!is_fine) {
    return tcp_finish(t, 0);
  }
  bool is_whole = t->msg != NULL && t->got == PREFIX_LEN + message_len(t);
  return is_whole ? tcp_finish(t, message_len(t)) : ERR_OK;
}

static void tcp_lost(void *arg, err_t err)
{
  struct dns_tcp *t = (struct dns_tcp *)arg;
  LWIP_UNUSED_ARG(err);
  tcp_done(t, 0);
}

static err_t tcp_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  return ERR_OK; /* the question is queued already */
}

/** Length and question in one segment (RFC 7766 8). */
static err_t tcp_ask(struct dns_tcp *t, const ip_addr_t *server, const u8_t *question, u16_t len)
{
  u8_t out[PREFIX_LEN + DNS_QUERY_LEN_MAX];
  bytes_put16(out, len);
  memcpy(out + PREFIX_LEN, question, len);
  err_t err = tcp_connect(t->pcb, server, DNS_SERVER_PORT, tcp_connected);
  if (err == ERR_OK) {
    err = tcp_write(t->pcb, out, (u16_t)(PREFIX_LEN + len), TCP_WRITE_FLAG_COPY);
  }
  return err;
}

struct dns_tcp *dns_tcp_start(const ip_addr_t *server, u8_t netif_idx, const u8_t *question,
                              u16_t len, dns_tcp_done_fn done, void *arg)
{
  struct dns_tcp *t = (struct dns_tcp *)mem_malloc(sizeof *t);
  if (t == NULL) {
    return NULL;
  }
  memset(t, 0, sizeof *t);
  t->done = done;
  t->arg = arg;
  t->pcb = tcp_new_ip_type(IP_GET_TYPE(server));
  if (t->pcb == NULL) {
    mem_free(t);
    return NULL;
  }
  struct netif *netif = netif_get_by_index(netif_idx);
  if (netif != NULL) {
    tcp_bind_netif(t->pcb, netif);
  }
  tcp_arg(t->pcb, t);
  tcp_recv(t->pcb, tcp_heard);
  tcp_err(t->pcb, tcp_lost);
  if (tcp_ask(t, server, question, len) != ERR_OK) {
    dns_tcp_stop(t);
    t = NULL;
  }
  return t;
}

void dns_tcp_stop(struct dns_tcp *t)
{
  if (t != NULL) {
    struct tcp_pcb *pcb = t->pcb;
    tcp_forget(t);
    tcp_abort(pcb);
    mem_free(t->msg);
    mem_free(t);
  }
}

#endif /* LWIP_DNS && DNS_TCP_MESSAGE_MAX */
