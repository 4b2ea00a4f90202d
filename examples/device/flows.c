/**
 * @file
 * Bytes of each TCP connection that somebody opened to us, from its sequence numbers: those that
 * came in order, and those of ours that the peer has acknowledged.
 *
 * State: in each pcb, by an extension argument (lwip/tcp.h) that the listeners hand down; none
 * where memory was short. Sequence numbers wrap at 2^32, so somebody must look each second.
 */
#include "lwip/opt.h"
#include "lwip/mem.h"
#include "lwip/priv/tcp_priv.h"
#include "device_priv.h"

#if LWIP_TCP_PCB_NUM_EXT_ARGS

struct flow {
  u32_t rcv_nxt, snd_una; /* when it was looked at last */
  u64_t in, out;          /* by then, FINs too */
};

struct flows_state {
  unsigned id; /* plus one; 0: none yet */
};

STACK_STATE(struct flows_state, flows);

static struct flow *flow_of(const struct tcp_pcb *pcb)
{
  bool is_counted = flows()->id != 0;
  return is_counted ? (struct flow *)tcp_ext_arg_get(pcb, (u8_t)(flows()->id - 1)) : NULL;
}

static void on_destroy(u8_t id, void *data)
{
  LWIP_UNUSED_ARG(id);
  if (data != NULL) {
    mem_free(data);
  }
}

static err_t on_passive_open(u8_t id, struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb);

static const struct tcp_ext_arg_callbacks callbacks = {on_destroy, on_passive_open};

/** The peer's SYN has come; of ours nothing is acknowledged. */
static err_t on_passive_open(u8_t id, struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  struct flow *f = (struct flow *)mem_calloc(1, sizeof *f);
  if (f != NULL) {
    f->rcv_nxt = pcb->rcv_nxt;
    f->snd_una = pcb->snd_una + 1; /* the SYN is no byte */
    tcp_ext_arg_set_callbacks(pcb, id, &callbacks);
    tcp_ext_arg_set(pcb, id, f);
  }
  return ERR_OK;
}

void device_flows_start(void)
{
  if (flows()->id == 0) {
    flows()->id = tcp_ext_arg_alloc_id() + 1U;
  }
  struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs;
  for (; l != NULL; l = l->next) {
    tcp_ext_arg_set_callbacks((struct tcp_pcb *)(void *)l, (u8_t)(flows()->id - 1), &callbacks);
  }
}

void device_flows_end(void)
{
  flows()->id = 0;
}

static void refresh(const struct tcp_pcb *pcb, struct flow *f)
{
  if (pcb->state != SYN_RCVD) {
    f->in += (u32_t)(pcb->rcv_nxt - f->rcv_nxt);
    f->out += (u32_t)(pcb->snd_una - f->snd_una);
    f->rcv_nxt = pcb->rcv_nxt;
    f->snd_una = pcb->snd_una;
  }
}

void device_flows_refresh(void)
{
  for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    struct flow *f = flow_of(pcb);
    if (f != NULL) {
      refresh(pcb, f);
    }
  }
}

bool device_flow_get(const struct tcp_pcb *pcb, u64_t *in, u64_t *out)
{
  struct flow *f = flow_of(pcb);
  if (f == NULL) {
    return false;
  }
  refresh(pcb, f);
  bool has_fin = pcb->state == CLOSE_WAIT || pcb->state == CLOSING || pcb->state == LAST_ACK ||
                 pcb->state == TIME_WAIT;
  bool is_fin_acked = pcb->state == FIN_WAIT_2 || pcb->state == TIME_WAIT;
  *in = f->in - has_fin;
  *out = f->out - is_fin_acked;
  return true;
}

#else

void device_flows_start(void)
{
}

void device_flows_end(void)
{
}

void device_flows_refresh(void)
{
}

bool device_flow_get(const struct tcp_pcb *pcb, u64_t *in, u64_t *out)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(in);
  LWIP_UNUSED_ARG(out);
  return false;
}

#endif
