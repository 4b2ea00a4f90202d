/**
 * @file
 * Bulk TCP flows between nodes.
 */
#include "lwip/opt.h"

#if LWIP_TCP

#include <string.h>
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_ecn.h"
#include "sim/tcp_flow.h"

static u8_t byte_at(const struct sim_flow *flow, u64_t offset)
{
  u64_t x = offset * 0x9e3779b97f4a7c15ULL + flow->number;
  return (u8_t)(x >> 56);
}

static void fill(struct sim_flow *flow)
{
  u8_t buf[4096];
  struct tcp_pcb *pcb = flow->source;
  while (flow->total == 0 || flow->written < flow->total) {
    u64_t left = flow->total == 0 ? sizeof buf : flow->total - flow->written;
    u16_t len = (u16_t)LWIP_MIN(LWIP_MIN(left, sizeof buf), tcp_sndbuf(pcb));
    for (u16_t i = 0; i < len; i++) {
      buf[i] = byte_at(flow, flow->written + i);
    }
    if (len == 0 || tcp_write(pcb, buf, len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      return;
    }
    flow->written += len;
  }
  flow->source = NULL;
  tcp_arg(pcb, NULL);
  tcp_close(pcb);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct sim_flow *flow = (struct sim_flow *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  if (flow != NULL && flow->source != NULL) {
    fill(flow);
  }
  return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  return on_sent(arg, pcb, 0);
}

static void on_source_error(void *arg, err_t err)
{
  struct sim_flow *flow = (struct sim_flow *)arg;
  if (flow != NULL) {
    flow->source = NULL;
    flow->is_failed = true;
    flow->error = err;
  }
}

static void on_sink_error(void *arg, err_t err)
{
  struct sim_flow *flow = (struct sim_flow *)arg;
  if (flow != NULL) {
    flow->sink = NULL;
    flow->is_failed = true;
    flow->error = err;
  }
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct sim_flow *flow = (struct sim_flow *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  flow->is_connected = true;
  fill(flow);
  return ERR_OK;
}

static void check(struct sim_flow *flow, const struct pbuf *p)
{
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    const u8_t *bytes = (const u8_t *)q->payload;
    for (u16_t i = 0; i < q->len; i++) {
      flow->corrupted += bytes[i] != byte_at(flow, flow->received);
      flow->received++;
    }
  }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct sim_flow *flow = (struct sim_flow *)arg;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    flow->is_finished = true;
    flow->sink = NULL;
    tcp_arg(pcb, NULL);
    tcp_close(pcb);
    return ERR_OK;
  }
  check(flow, p);
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct sim_flow *flow = (struct sim_flow *)arg;
  if (err != ERR_OK) {
    return err;
  }
  flow->sink = pcb;
  tcp_arg(pcb, flow);
  tcp_recv(pcb, on_recv);
  tcp_err(pcb, on_sink_error);
  return ERR_OK;
}

static void listen_at(struct sim_flow *flow, u16_t port)
{
  sim_enter(flow->to);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  LWIP_ASSERT("no pcb", pcb != NULL);
  err_t err = tcp_bind(pcb, NULL, port);
  LWIP_ASSERT("port is taken", err == ERR_OK);
  struct tcp_pcb *listener = tcp_listen(pcb);
  LWIP_ASSERT("no listener", listener != NULL);
  tcp_arg(listener, flow);
  tcp_accept(listener, on_accept);
  sim_leave(flow->to);
}

void sim_flow_start(struct sim_flow *flow, struct sim_node *from, struct sim_node *to,
                    const char *addr, u16_t port)
{
  ip_addr_t remote;
  flow->from = from;
  flow->to = to;
  listen_at(flow, port);
  sim_enter(from);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  LWIP_ASSERT("no pcb", pcb != NULL && ipaddr_aton(addr, &remote));
  if (flow->cc != NULL) {
    err_t known = tcp_set_congestion_control(pcb, flow->cc);
    LWIP_ASSERT("no such congestion control", known == ERR_OK);
  }
  if (flow->has_ecn) {
    err_t known = tcp_set_ecn(pcb, TCP_ECN_REQUEST);
    LWIP_ASSERT("no ECN", known == ERR_OK);
  }
  flow->source = pcb;
  tcp_arg(pcb, flow);
  tcp_sent(pcb, on_sent);
  tcp_poll(pcb, on_poll, 4); /* where a write failed for lack of memory */
  tcp_err(pcb, on_source_error);
  err_t err = tcp_connect(pcb, &remote, port, on_connected);
  LWIP_ASSERT("tcp_connect failed", err == ERR_OK);
  sim_leave(from);
}

#endif
