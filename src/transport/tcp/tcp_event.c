/**
 * @file
 * What the program hears: by callbacks (LWIP_CALLBACK_API) or by one function (LWIP_EVENT_API).
 *
 * A pcb that the program has closed hears nothing. Lengths beyond 16 bits are told in parts.
 */
#include "lwip/opt.h"
#include "transport/tcp/tcp_priv.h"

/** Call, and see to it that ERR_ABRT is said exactly when the pcb is gone. */
#define GUARDED(pcb, call)                                                                         \
  do {                                                                                             \
    struct tcp_guard guard;                                                                        \
    tcp_guard_enter(&guard, (pcb));                                                                \
    err_t err = (call);                                                                            \
    return tcp_guard_leave(&guard) == NULL ? ERR_ABRT : (err == ERR_ABRT ? ERR_OK : err);          \
  } while (0)

#if LWIP_EVENT_API

static err_t call_sent(struct tcp_pcb *pcb, u16_t len)
{
  GUARDED(pcb, lwip_tcp_event(pcb->callback_arg, pcb, LWIP_EVENT_SENT, NULL, len, ERR_OK));
}

static err_t call_recv(struct tcp_pcb *pcb, struct pbuf *p)
{
  GUARDED(pcb, lwip_tcp_event(pcb->callback_arg, pcb, LWIP_EVENT_RECV, p, 0, ERR_OK));
}

static err_t call_connected(struct tcp_pcb *pcb)
{
  GUARDED(pcb, lwip_tcp_event(pcb->callback_arg, pcb, LWIP_EVENT_CONNECTED, NULL, 0, ERR_OK));
}

static err_t call_poll(struct tcp_pcb *pcb)
{
  GUARDED(pcb, lwip_tcp_event(pcb->callback_arg, pcb, LWIP_EVENT_POLL, NULL, 0, ERR_OK));
}

static err_t call_accept(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb, err_t error)
{
  GUARDED(pcb, lwip_tcp_event(lpcb->callback_arg, pcb, LWIP_EVENT_ACCEPT, NULL, 0, error));
}

void tcp_event_err(tcp_err_fn errf, void *arg, err_t err)
{
  LWIP_UNUSED_ARG(errf);
  lwip_tcp_event(arg, NULL, LWIP_EVENT_ERR, NULL, 0, err);
}

#else

static err_t call_sent(struct tcp_pcb *pcb, u16_t len)
{
  if (pcb->sent == NULL) {
    return ERR_OK;
  }
  GUARDED(pcb, pcb->sent(pcb->callback_arg, pcb, len));
}

/** Nobody listens: data are consumed, the end of them closes our side, too. */
static err_t recv_nobody(struct tcp_pcb *pcb, struct pbuf *p)
{
  if (p == NULL) {
    return tcp_close(pcb);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t call_recv(struct tcp_pcb *pcb, struct pbuf *p)
{
  if (pcb->recv == NULL) {
    GUARDED(pcb, recv_nobody(pcb, p));
  }
  GUARDED(pcb, pcb->recv(pcb->callback_arg, pcb, p, ERR_OK));
}

static err_t call_connected(struct tcp_pcb *pcb)
{
  if (pcb->connected == NULL) {
    return ERR_OK;
  }
  GUARDED(pcb, pcb->connected(pcb->callback_arg, pcb, ERR_OK));
}

static err_t call_poll(struct tcp_pcb *pcb)
{
  if (pcb->poll == NULL) {
    return ERR_OK;
  }
  GUARDED(pcb, pcb->poll(pcb->callback_arg, pcb));
}

static err_t call_accept(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb, err_t error)
{
  if (lpcb->accept == NULL) {
    return ERR_ARG;
  }
  GUARDED(pcb, lpcb->accept(lpcb->callback_arg, pcb, error));
}

void tcp_event_err(tcp_err_fn errf, void *arg, err_t err)
{
  if (errf != NULL) {
    errf(arg, err);
  }
}

#endif

static bool hears(const struct tcp_pcb *pcb)
{
  return (pcb->flags & TF_CLOSED) == 0;
}

err_t tcp_event_sent(struct tcp_pcb *pcb, u32_t len)
{
  err_t err = ERR_OK;
  while (len > 0 && err != ERR_ABRT && hears(pcb)) {
    u16_t part_len = (u16_t)LWIP_MIN(len, 0xffffU);
    len -= part_len;
    err = call_sent(pcb, part_len);
  }
  return err;
}

err_t tcp_event_recv(struct tcp_pcb *pcb, struct pbuf *p)
{
  return call_recv(pcb, p);
}

err_t tcp_event_connected(struct tcp_pcb *pcb)
{
  return hears(pcb) ? call_connected(pcb) : ERR_OK;
}

err_t tcp_event_poll(struct tcp_pcb *pcb)
{
  return hears(pcb) ? call_poll(pcb) : ERR_OK;
}

err_t tcp_event_accept(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb, err_t err)
{
  return call_accept(lpcb, pcb, err);
}

static err_t call_lingered(struct tcp_pcb *pcb)
{
  tcp_event_err(tcp_errf_get(pcb), pcb->callback_arg, ERR_OK);
  return ERR_OK;
}

err_t tcp_event_lingered(struct tcp_pcb *pcb)
{
  GUARDED(pcb, call_lingered(pcb));
}
