/**
 * @file
 * Explicit congestion notification (RFC 3168 6.1): routers mark new data instead of dropping it,
 * the receiver echoes the mark until the sender says that it has slowed down.
 *
 * State: ecn_mode (what the program wants); TF_ECN (both ends agreed); receiving: TF_ECN_ECHO (a
 * mark has come, CWR has not); sending: TF_ECN_CWR (the next new data say that we have slowed down)
 * and ecn_until: what came before it is acknowledged counts as one congestion with the last
 * reduction. A mark echoed by the acknowledgement of just `ecn_until` is an old one, too, because
 * our CWR stands behind it.
 *
 * How much slower is the congestion control's business (RFC 8311 4.1, RFC 8511). At a window of one
 * segment the next one waits for the retransmission timeout (RFC 3168 6.1.2; TCP_RTX_ECN).
 */
#include "lwip/opt.h"

#if LWIP_TCP_ECN

#include "gossamer/tcp_ecn.h"
#include "transport/tcp/tcp_recovery_priv.h"
#include "wire/ecn.h"

#define ECN_FLAGS (TCP_ECE | TCP_CWR)

/* --- negotiation (RFC 3168 6.1.1) --- */

void tcp_ecn_init(struct tcp_pcb *pcb)
{
  pcb->ecn_mode = LWIP_TCP_ECN_DEFAULT;
}

/** Has nothing been sent but SYNs that ask for it? One that was not answered may have been lost by
    somebody who does not like them: it is sent again without (RFC 3168 6.1.1.1). */
static bool is_asking(const struct tcp_pcb *pcb)
{
  return pcb->ecn_mode == TCP_ECN_REQUEST && pcb->nrtx == 0;
}

u8_t tcp_ecn_syn_flags(const struct tcp_pcb *pcb)
{
  if (pcb->state == SYN_SENT) {
    return is_asking(pcb) ? ECN_FLAGS : 0;
  }
  return (pcb->flags & TF_ECN) ? TCP_ECE : 0;
}

/** "ECN-setup" of RFC 3168 6.1.1. Whoever reflects all bits of our SYN knows nothing of it
    (6.1.1.2). */
static bool is_setup(u8_t flags)
{
  return (flags & ECN_FLAGS) == ((flags & TCP_ACK) ? TCP_ECE : ECN_FLAGS);
}

void tcp_ecn_syn_arrives(struct tcp_pcb *pcb, u8_t flags)
{
  bool is_wanted = pcb->state == SYN_SENT ? is_asking(pcb) : pcb->ecn_mode != TCP_ECN_OFF;
  if (is_wanted && is_setup(flags)) {
    tcp_set_flags(pcb, TF_ECN);
  }
}

void tcp_ecn_syn_again(struct tcp_pcb *pcb, u8_t flags)
{
  if (!is_setup(flags)) {
    tcp_clear_flags(pcb, TF_ECN);
  }
}

void tcp_ecn_begin(struct tcp_pcb *pcb)
{
  pcb->ecn_until = pcb->snd_una - 1;
}

/* --- receiving (RFC 3168 6.1.3) --- */

void tcp_ecn_data_arrives(struct tcp_pcb *pcb, u8_t flags, u8_t tos)
{
  if (!(pcb->flags & TF_ECN)) {
    return;
  }
  if (flags & TCP_CWR) {
    tcp_clear_flags(pcb, TF_ECN_ECHO);
  }
  if ((tos & ECN_MASK) == ECN_CE && !(pcb->flags & TF_ECN_ECHO)) {
    tcp_set_flags(pcb, TF_ECN_ECHO | TF_ACK_NOW); /* the sooner, the shorter the queue */
  }
}

/* --- sending --- */

u8_t tcp_ecn_mark(const struct tcp_pcb *pcb, u32_t seq, u16_t len, u8_t *flags)
{
  if (!(pcb->flags & TF_ECN) || (*flags & TCP_SYN)) {
    return ECN_NOT_ECT;
  }
  *flags |= (pcb->flags & TF_ECN_ECHO) ? TCP_ECE : 0;
  if (len == 0 || seq_lt(seq, pcb->snd_nxt)) {
    return ECN_NOT_ECT; /* RFC 3168 6.1.4, 6.1.5, 6.1.6: nobody would notice its loss */
  }
  *flags |= (pcb->flags & TF_ECN_CWR) ? TCP_CWR : 0;
  return ECN_ECT0;
}

/* --- slowing down (RFC 3168 6.1.2) --- */

bool tcp_ecn_has_slowed_down(const struct tcp_pcb *pcb)
{
  return (pcb->flags & TF_ECN) && pcb->ca_state == TCP_CA_OPEN &&
         seq_lt(pcb->snd_una, pcb->ecn_until);
}

void tcp_ecn_slowed_down(struct tcp_pcb *pcb)
{
  if (pcb->flags & TF_ECN) {
    tcp_set_flags(pcb, TF_ECN_CWR);
    pcb->ecn_until = pcb->snd_nxt;
  }
}

static void slow_down(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  u32_t before = pcb->cwnd;
  u32_t flight = LWIP_MIN(ev->flight_before, before);
  u32_t ssthresh = tcp_cc_of(pcb)->ssthresh(pcb, flight, true);
  tcp_set_ssthresh(pcb, ssthresh);
  tcp_set_cwnd(pcb, LWIP_MIN(ssthresh, before)); /* one segment at least (RFC 9438 4.6) */
  pcb->bytes_acked = 0;
  tcp_ecn_slowed_down(pcb);
  if (before <= pcb->mss && pcb->snd_nxt == pcb->snd_una) {
    pcb->rtx_kind = TCP_RTX_ECN;
    tcp_timer_set(pcb, TCP_TIMER_RTX, tcp_rto_ms(pcb));
  }
}

void tcp_ecn_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  if (!(pcb->flags & TF_ECN)) {
    return;
  }
  if (ev->has_ece && pcb->ca_state != TCP_CA_OPEN) {
    tcp_undo_forbid(pcb); /* even if nothing was lost, there was congestion */
  } else if (seq_gt(pcb->snd_una, pcb->ecn_until)) {
    pcb->ecn_until = pcb->snd_una - 1; /* so that it is never half the number space behind */
    if (ev->has_ece) {
      slow_down(pcb, ev);
    }
  }
}

/* --- what programs ask --- */

err_t tcp_set_ecn(struct tcp_pcb *pcb, enum tcp_ecn_mode mode)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (mode > TCP_ECN_ACCEPT) {
    return ERR_VAL;
  }
  if (pcb->state == LISTEN) {
    ((struct tcp_pcb_listen *)(void *)pcb)->ecn_mode = (u8_t)mode & 3U;
    return ERR_OK;
  }
  if (pcb->state != CLOSED) {
    return ERR_ISCONN;
  }
  pcb->ecn_mode = (u8_t)mode & 3U;
  return ERR_OK;
}

bool tcp_has_ecn(const struct tcp_pcb *pcb)
{
  return pcb->state != LISTEN && (pcb->flags & TF_ECN) != 0;
}

#endif
