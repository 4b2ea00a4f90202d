/**
 * @file
 * The urgent pointer (RFC 9293 3.8.5, RFC 6093).
 *
 * State: snd_up and rcv_up of the pcb, each valid while its flag is set; the flags fall when the
 * stream has passed the mark, long before the numbers could wrap. The pointer names the byte behind
 * the urgent data.
 */
#include "lwip/opt.h"
#include "gossamer/tcp_urgent.h"
#include "transport/tcp/tcp_priv.h"

#if LWIP_TCP_URGENT

/** First byte that the program has not been given. */
static u32_t next_to_give(const struct tcp_pcb *pcb)
{
  u32_t kept = pcb->refused_data != NULL ? pcb->refused_data->tot_len : 0;
  return pcb->rcv_nxt - kept - ((pcb->flags & TF_RCVD_FIN) ? 1U : 0U);
}

bool tcp_urgent_arrives(struct tcp_pcb *pcb, u8_t flags, u32_t up)
{
  u32_t next = next_to_give(pcb);
  pcb->rcv_is_urgent = pcb->rcv_is_urgent && seq_gt(pcb->rcv_up, next);
  if (!(flags & TCP_URG) || seq_leq(up, next) || (pcb->flags & (TF_RCVD_FIN | TF_CLOSED))) {
    return false;
  }
  if (pcb->rcv_is_urgent && seq_leq(up, pcb->rcv_up)) {
    return false;
  }
  pcb->rcv_up = up;
  pcb->rcv_is_urgent = true;
  return true;
}

bool tcp_urgent_tell(struct tcp_pcb *pcb)
{
  struct tcp_guard guard;
  tcp_guard_enter(&guard, pcb);
  if (pcb->urgent != NULL) {
    pcb->urgent(pcb->callback_arg, pcb);
  }
  return tcp_guard_leave(&guard) != NULL;
}

void tcp_urgent_put(struct tcp_pcb *pcb, u32_t seq, u8_t *flags, u16_t *urgent)
{
  pcb->snd_is_urgent = pcb->snd_is_urgent && seq_gt(pcb->snd_up, pcb->snd_una);
  if (pcb->snd_is_urgent && seq_gt(pcb->snd_up, seq)) {
    *flags |= TCP_URG;
    *urgent = (u16_t)LWIP_MIN(pcb->snd_up - seq, 0xffffU);
  }
}

void tcp_urgent(struct tcp_pcb *pcb, tcp_urgent_fn urgent)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->urgent = urgent;
}

u32_t tcp_urgent_ahead(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  u32_t next = next_to_give(pcb);
  pcb->rcv_is_urgent = pcb->rcv_is_urgent && seq_gt(pcb->rcv_up, next);
  return pcb->rcv_is_urgent ? pcb->rcv_up - next : 0;
}

err_t tcp_urgent_send(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if ((pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT) || (pcb->flags & TF_FIN)) {
    return ERR_CONN;
  }
  if (tcp_snd_len(pcb) == 0) {
    return ERR_VAL;
  }
  pcb->snd_up = tcp_snd_end(pcb);
  pcb->snd_is_urgent = true;
  tcp_set_flags(pcb, TF_ACK_NOW);
  return tcp_output(pcb);
}

#endif
