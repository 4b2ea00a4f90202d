/**
 * @file
 * Where TCP asks about explicit congestion notification (tcp_ecn.c): nothing without LWIP_TCP_ECN.
 */
#ifndef LWIP_HDR_PRIV_TCP_ECN_HOOKS_H
#define LWIP_HDR_PRIV_TCP_ECN_HOOKS_H

#include <stdbool.h>
#include "lwip/tcp.h"

struct tcp_ack_event;

#if LWIP_TCP_ECN

/** A new pcb. */
void tcp_ecn_init(struct tcp_pcb *pcb);
static inline void tcp_ecn_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb)
{
  lpcb->ecn_mode = pcb->ecn_mode;
}
static inline void tcp_ecn_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb)
{
  pcb->ecn_mode = lpcb->ecn_mode;
}
/** Would the listener agree to it? */
static inline bool tcp_ecn_is_accepted(const struct tcp_pcb_listen *lpcb)
{
  return lpcb->ecn_mode != 0;
}

/** Flags beside those of the SYN or SYN-ACK that is about to be sent. */
u8_t tcp_ecn_syn_flags(const struct tcp_pcb *pcb);
/** A SYN or SYN-ACK has come that makes a connection of the pcb. */
void tcp_ecn_syn_arrives(struct tcp_pcb *pcb, u8_t flags);
/** One more has come. */
void tcp_ecn_syn_again(struct tcp_pcb *pcb, u8_t flags);
/** The handshake is complete, or the last reduction of the window was taken back. */
void tcp_ecn_begin(struct tcp_pcb *pcb);

/** Data have come in the window, with this `tos`. */
void tcp_ecn_data_arrives(struct tcp_pcb *pcb, u8_t flags, u8_t tos);
/** Adds to the flags of a segment. @return its ECN field */
u8_t tcp_ecn_mark(const struct tcp_pcb *pcb, u32_t seq, u16_t len, u8_t *flags);

/** An acknowledgement is about to be looked at by loss recovery. */
void tcp_ecn_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev);
/** Has the window been reduced already for what has happened since snd_una was sent? */
bool tcp_ecn_has_slowed_down(const struct tcp_pcb *pcb);
/** The window was reduced, whatever for. */
void tcp_ecn_slowed_down(struct tcp_pcb *pcb);

#else

static inline void tcp_ecn_init(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_ecn_to_listener(struct tcp_pcb_listen *lpcb, const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_ecn_of_listener(struct tcp_pcb *pcb, const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(lpcb);
}
static inline bool tcp_ecn_is_accepted(const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return false;
}
static inline u8_t tcp_ecn_syn_flags(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return 0;
}
static inline void tcp_ecn_syn_arrives(struct tcp_pcb *pcb, u8_t flags)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(flags);
}
static inline void tcp_ecn_syn_again(struct tcp_pcb *pcb, u8_t flags)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(flags);
}
static inline void tcp_ecn_begin(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
static inline void tcp_ecn_data_arrives(struct tcp_pcb *pcb, u8_t flags, u8_t tos)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(flags);
  LWIP_UNUSED_ARG(tos);
}
static inline u8_t tcp_ecn_mark(const struct tcp_pcb *pcb, u32_t seq, u16_t len, u8_t *flags)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(seq);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(flags);
  return 0;
}
static inline void tcp_ecn_acked(struct tcp_pcb *pcb, const struct tcp_ack_event *ev)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(ev);
}
static inline bool tcp_ecn_has_slowed_down(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return false;
}
static inline void tcp_ecn_slowed_down(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

#endif

#endif /* LWIP_HDR_PRIV_TCP_ECN_HOOKS_H */
