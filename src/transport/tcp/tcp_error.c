/**
 * @file
 * ICMP errors about our segments (RFC 5927, RFC 1122 4.2.3.9).
 *
 * State: TF_UNREACHABLE and TF_WHY_* of the pcb. Anybody can forge an error, so it is believed only
 * when it quotes a sequence number that is in flight (RFC 5927 4.1); and whatever it says, it ends
 * no connection that stands (RFC 5927 5.2): if it is true, retransmissions will find out. Then the
 * program hears why (RFC 5461 2.2).
 *
 * Deviation: RFC 1122 4.2.3.9 has hard errors end connections that stand.
 *
 * Deviation: RFC 1122 4.2.3.9 has "unreachable" never end anything. Here it ends an attempt to
 * connect, but only once the SYN has been sent again, so that a route may come up on demand (RFC
 * 5461 4.2): a program with several addresses goes on to the next after a second, not after
 * minutes.
 */
#include "lwip/opt.h"
#include "gossamer/pmtu.h"
#include "wire/bytes.h"
#include "transport/tcp/tcp_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"

#define TF_WHY (TF_WHY_NET | TF_WHY_REFUSED)

static bool is_hard(enum ip_error_kind kind)
{
  return kind == IP_ERROR_PORT_UNREACH || kind == IP_ERROR_PROTO_UNREACH ||
         kind == IP_ERROR_PROHIBITED;
}

static bool is_unreachable(enum ip_error_kind kind)
{
  return kind == IP_ERROR_NET_UNREACH || kind == IP_ERROR_HOST_UNREACH;
}

bool tcp_error_is_final(enum ip_error_kind kind, u8_t nrtx)
{
  return is_hard(kind) || (is_unreachable(kind) && nrtx > 0);
}

enum tcp_end tcp_error_noted(const struct tcp_pcb *pcb)
{
  switch (pcb->flags & TF_WHY) {
  case TF_WHY_NET:
    return TCP_END_NET_UNREACHABLE;
  case TF_WHY_REFUSED:
    return TCP_END_REFUSED;
  case TF_WHY_NET | TF_WHY_REFUSED:
    return TCP_END_PROHIBITED;
  default:
    return TCP_END_HOST_UNREACHABLE;
  }
}

static void note(struct tcp_pcb *pcb, enum ip_error_kind kind)
{
  tcpflags_t why = 0;
  if (kind == IP_ERROR_NET_UNREACH) {
    why = TF_WHY_NET;
  } else if (is_hard(kind)) {
    why = kind == IP_ERROR_PROHIBITED ? TF_WHY_NET | TF_WHY_REFUSED : TF_WHY_REFUSED;
  }
  tcp_clear_flags(pcb, TF_WHY);
  tcp_set_flags(pcb, TF_UNREACHABLE | why);
}

/** The path takes less: what is in flight goes again at once, in pieces that fit. */
static void too_big(struct tcp_pcb *pcb, const struct ip_error *e)
{
  (void)pmtu_lower(e->dst, e->mtu_told);
  (void)tcp_output(pcb);
}

bool tcp_error(const struct ip_error *e)
{
  if (e->l4_len < 8) {
    return false;
  }
  u16_t local_port = bytes_get16(e->l4);
  u16_t remote_port = bytes_get16(e->l4 + 2);
  u32_t seq = bytes_get32(e->l4 + 4);
  struct tcp_pcb *pcb = tcp_active_find(e->src, local_port, e->dst, remote_port, NULL);
  if (pcb == NULL && LWIP_TCP_SYNCACHE) {
    return tcp_syncache_error(e, local_port, remote_port, seq);
  }
  if (pcb == NULL || seq_lt(seq, pcb->snd_una) || seq_geq(seq, pcb->snd_nxt)) {
    return false; /* security vector B5-91 */
  }
  bool is_opening = pcb->state == SYN_SENT || pcb->state == SYN_RCVD;
  if (e->kind == IP_ERROR_TOO_BIG) {
    too_big(pcb, e);
  } else if (is_opening && tcp_error_is_final(e->kind, pcb->nrtx)) {
    note(pcb, e->kind);
    tcp_pcb_kill(pcb, ip_error_is_host_down(e) ? TCP_END_HOST_DOWN : tcp_error_noted(pcb));
  } else if (is_hard(e->kind) || is_unreachable(e->kind)) {
    note(pcb, e->kind);
  }
  return true;
}
