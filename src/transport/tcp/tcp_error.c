/**
 * @file
 * ICMP errors about our segments (RFC 5927, RFC 1122 4.2.3.9): believed only when they quote a
 * sequence number that is in flight; hard ones end a connection that does not stand yet, for others
 * they are hints.
 */
#include "lwip/opt.h"
#include "wire/bytes.h"
#include "transport/tcp/tcp_priv.h"
#include "transport/tcp/tcp_syncache_priv.h"

static bool is_hard(enum ip_error_kind kind)
{
  return kind == IP_ERROR_PORT_UNREACH || kind == IP_ERROR_PROTO_UNREACH ||
         kind == IP_ERROR_PROHIBITED;
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
  if (e->kind == IP_ERROR_TOO_BIG) {
    return true; /* the path MTU is about to be lowered */
  }
  if (is_hard(e->kind) && (pcb->state == SYN_SENT || pcb->state == SYN_RCVD)) {
    tcp_pcb_kill(pcb, ERR_RST);
  }
  return true;
}
