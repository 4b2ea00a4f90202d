/**
 * @file
 * Half-open connections of a listener (LWIP_TCP_SYNCACHE), and how they are reached.
 */
#ifndef LWIP_HDR_PRIV_TCP_SYNCACHE_FIELDS_H
#define LWIP_HDR_PRIV_TCP_SYNCACHE_FIELDS_H

#include <stdbool.h>
#include <string.h>
#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

/** Words of an address. */
#define TCP_HALF_OPEN_WORDS (LWIP_IPV6 ? 4 : 1)

/**
 * A connection whose handshake is not complete (MEMP_TCP_HALF_OPEN): our SYN-ACK is on its way.
 * At most 64 bytes on 32-bit machines.
 */
struct tcp_half_open {
  struct tcp_half_open *next; /* younger */
  u32_t due_ms;               /* when the SYN-ACK is sent again, or the record ends */
  u32_t iss;
  u32_t irs;
  u32_t ts_recent;
  u32_t sent_us; /* when the SYN-ACK was sent last */
  u32_t local[TCP_HALF_OPEN_WORDS];
  u32_t remote[TCP_HALF_OPEN_WORDS];
  u16_t remote_port;
  u16_t mss;
  u8_t local_zone : 4; /* of link-local addresses; netif indices beyond 15: none */
  u8_t remote_zone : 4;
  u8_t has;           /* TCP_HAS_* of the SYN, TCP_HALF_OPEN_* */
  u8_t wnd_shift : 4; /* of the peer */
  u8_t nrtx : 4;      /* times that the SYN-ACK was sent again */
  u8_t challenges;    /* answers to strangers */
};

/* struct tcp_half_open.has, beside TCP_HAS_* */
#define TCP_HALF_OPEN_V6  0x40U
#define TCP_HALF_OPEN_ECN 0x80U

/* Without them nothing takes any: there is no pool. */
#if !LWIP_TCP || !LWIP_TCP_SYNCACHE
#define MEMP_TCP_HALF_OPEN MEMP_MAX
#endif

#if LWIP_TCP_SYNCACHE

static inline struct tcp_half_open **tcp_half_open_list(struct tcp_pcb_listen *lpcb)
{
  return &lpcb->half_open;
}
static inline struct timer *tcp_half_open_timer(struct tcp_pcb_listen *lpcb)
{
  return &lpcb->half_open_timer;
}
static inline struct tcp_pcb_listen *tcp_half_open_listener(struct timer *t)
{
  return TIMER_OWNER(t, struct tcp_pcb_listen, half_open_timer);
}

#else

static inline struct tcp_half_open **tcp_half_open_list(struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return NULL;
}
static inline struct timer *tcp_half_open_timer(struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return NULL;
}
static inline struct tcp_pcb_listen *tcp_half_open_listener(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
  return NULL;
}

#endif

#if TCP_LISTEN_BACKLOG
static inline void tcp_backlog_add(struct tcp_pcb_listen *lpcb)
{
  lpcb->accepts_pending++;
}
static inline void tcp_backlog_subtract(struct tcp_pcb_listen *lpcb)
{
  lpcb->accepts_pending--;
}
/** Do so many connections wait to be accepted, beside `half_open` records, as the program wants? */
static inline bool tcp_backlog_is_waiting(const struct tcp_pcb_listen *lpcb, unsigned half_open)
{
  return lpcb->accepts_pending - half_open >= lpcb->backlog;
}
/** Can one more be counted? */
static inline bool tcp_backlog_has_number(const struct tcp_pcb_listen *lpcb)
{
  return lpcb->accepts_pending < 0xffff;
}
#else
static inline void tcp_backlog_add(struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
}
static inline void tcp_backlog_subtract(struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
}
static inline bool tcp_backlog_is_waiting(const struct tcp_pcb_listen *lpcb, unsigned half_open)
{
  LWIP_UNUSED_ARG(lpcb);
  LWIP_UNUSED_ARG(half_open);
  return false;
}
static inline bool tcp_backlog_has_number(const struct tcp_pcb_listen *lpcb)
{
  LWIP_UNUSED_ARG(lpcb);
  return true;
}
#endif

/** The words of an address, and its zone. */
static inline u8_t tcp_half_open_pack(u32_t *words, const ip_addr_t *addr)
{
#if LWIP_IPV6
  if (IP_IS_V6(addr)) {
    memcpy(words, ip_2_ip6(addr)->addr, 16);
    return (u8_t)ip6_addr_zone(ip_2_ip6(addr));
  }
  memset(words, 0, 16);
#endif
#if LWIP_IPV4
  words[0] = ip4_addr_get_u32(ip_2_ip4(addr));
#endif
  return 0;
}

static inline void tcp_half_open_unpack(ip_addr_t *addr, const u32_t *words, bool is_v6, u8_t zone)
{
  memset(addr, 0, sizeof *addr);
#if LWIP_IPV6
  if (is_v6) {
    ip6_addr_t ip6;
    memset(&ip6, 0, sizeof ip6);
    memcpy(ip6.addr, words, 16);
    ip6_addr_set_zone(&ip6, zone);
    ip_addr_copy_from_ip6(*addr, ip6);
    return;
  }
#endif
#if LWIP_IPV4
  ip4_addr_t ip4;
  ip4_addr_set_u32(&ip4, words[0]);
  ip_addr_copy_from_ip4(*addr, ip4);
#endif
  LWIP_UNUSED_ARG(is_v6);
  LWIP_UNUSED_ARG(zone);
}

#endif /* LWIP_HDR_PRIV_TCP_SYNCACHE_FIELDS_H */
