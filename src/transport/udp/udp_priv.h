/**
 * @file
 * What UDP's sources share: how a pcb is found, and the table that holds them.
 */
#ifndef TRANSPORT_UDP_UDP_PRIV_H
#define TRANSPORT_UDP_UDP_PRIV_H

#include <stdbool.h>
#include "lwip/udp.h"
#include "gossamer/ip_rx.h"
#include "transport/pcb_addr.h"

/** 1: broadcasts and multicasts go to every pcb that matches. */
enum { UDP_RX_TO_ALL = SO_REUSE && SO_REUSE_RXTOALL };

/** Whom a datagram is for. */
struct udp_query {
  const ip_addr_t *local;  /* its destination */
  const ip_addr_t *remote; /* its source */
  u16_t local_port;
  u16_t remote_port;
  const struct netif *netif; /* where it came in */
  u8_t flags;                /* IP_RX_* */
  u8_t options;              /* so_options that the pcb must have */
  bool is_lite;
};

/**
 * Lists of pcbs that are to be searched. Receivers look at PEER and OPEN, bind at OPEN and
 * CONNECTED. Without a hash all pcbs are in OPEN.
 */
enum udp_chain {
  UDP_CHAIN_PEER,     /* connected to the query's remote address and port from its local port */
  UDP_CHAIN_OPEN,     /* on the local port, hearing any address */
  UDP_CHAIN_CONNECTED /* on the local port, connected to an address */
};

/** The first chain of receivers and the last of binders; UDP_CHAIN_OPEN ends and begins them. */
enum {
  UDP_CHAIN_RX_FIRST = UDP_HASH_SIZE > 1 ? UDP_CHAIN_PEER : UDP_CHAIN_OPEN,
  UDP_CHAIN_BIND_LAST = UDP_HASH_SIZE > 1 ? UDP_CHAIN_CONNECTED : UDP_CHAIN_OPEN
};

struct udp_pcb *udp_hash_first(int chain, const struct udp_query *q);
struct udp_pcb *udp_hash_next(const struct udp_pcb *pcb, int chain);

/** First pcb of a chain, which may also hold pcbs that the query does not mean. */
static inline struct udp_pcb *udp_chain_first(int chain, const struct udp_query *q)
{
  return UDP_HASH_SIZE > 1 ? udp_hash_first(chain, q) : udp_pcbs;
}

static inline struct udp_pcb *udp_chain_next(const struct udp_pcb *pcb, int chain)
{
  return UDP_HASH_SIZE > 1 ? udp_hash_next(pcb, chain) : pcb->next;
}

/** A new pcb. */
void udp_table_add(struct udp_pcb *pcb);
/** It goes. */
void udp_table_remove(struct udp_pcb *pcb);
/** Its ports, remote address or UDP_FLAGS_CONNECTED changed. */
void udp_table_rekey(struct udp_pcb *pcb);
/** An instance starts. */
void udp_table_init(void);

/** A walk over pcbs during which callbacks may remove any. */
struct udp_cursor {
  struct udp_pcb *at; /* the pcb to look at next */
  int chain;          /* enum udp_chain */
  struct udp_cursor *outer;
};

void udp_cursor_enter(struct udp_cursor *c);
void udp_cursor_leave(const struct udp_cursor *c);
/** `pcb` leaves `chain`: walks that would come to it go on behind it. */
void udp_cursors_skip(const struct udp_pcb *pcb, int chain);

/** How well a pcb fits: 0 not at all, else the higher the better. */
u8_t udp_score(const struct udp_pcb *pcb, const struct udp_query *q);

/** The pcb that fits best, or NULL; among equals the latest. */
struct udp_pcb *udp_demux(const struct udp_query *q);

/** Hand `p`, its payload at the UDP header, to every pcb that fits. Frees `p`. */
struct udp_header;
void udp_deliver_to_all(struct pbuf *p, const struct udp_query *q, const struct udp_header *h);

/** Hand `p` to one pcb. */
void udp_deliver(struct udp_pcb *pcb, struct pbuf *p, const struct udp_query *q,
                 const struct udp_header *h);

/** A datagram that nobody has bound for, perhaps on an interface on which every address is ours
    (udp_any.c, LWIP_ANY_ADDRESS). @return `p`, to be refused; NULL: it is done with */
struct pbuf *udp_any_deliver(struct pbuf *p, const struct ip_rx *rx, const struct udp_query *q);

/** The local address that the application wants: any unless it bound one. */
static inline const ip_addr_t *udp_pcb_bound_ip(const struct udp_pcb *pcb)
{
  return (pcb->flags & UDP_FLAGS_LOCAL_CHOSEN) ? pcb_any(&pcb->local_ip) : &pcb->local_ip;
}

static inline bool udp_pcb_is_lite(const struct udp_pcb *pcb)
{
  return LWIP_UDPLITE && (pcb->flags & UDP_FLAGS_UDPLITE) != 0;
}

/** Does it hear and send by both IP versions? Yes, too, when connected to a peer of one. */
static inline bool udp_pcb_is_dual(const struct udp_pcb *pcb)
{
  return IP_IS_ANY_TYPE_VAL(pcb->local_ip) || (pcb->flags & UDP_FLAGS_LOCAL_DUAL);
}

/** May it send to an address of this IP version? */
static inline bool udp_pcb_speaks(const struct udp_pcb *pcb, const ip_addr_t *addr)
{
  LWIP_UNUSED_ARG(addr);
  return udp_pcb_is_dual(pcb) || IP_ADDR_PCB_VERSION_MATCH_EXACT(pcb, addr);
}

/** Does it hear one address only? */
static inline bool udp_pcb_has_peer(const struct udp_pcb *pcb)
{
  return (pcb->flags & UDP_FLAGS_CONNECTED) && !ip_addr_isany_val(pcb->remote_ip);
}

/**
 * Does another pcb have the port in a way that forbids `pcb`, bound to `ipaddr`, to share it?
 *
 * @param ipaddr  NULL: does any pcb have it
 */
bool udp_port_is_taken(const struct udp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port);

/** A free port, unpredictable (RFC 6056); 0: all are taken. */
u16_t udp_port_pick(const struct udp_pcb *pcb);

/** An address that udp_connect() chose may not be the right one any more. */
void udp_local_refresh(struct udp_pcb *pcb);

/** `netif` goes. */
void udp_netif_forget(struct udp_pcb *pcb, const struct netif *netif);

/** The netif for datagrams of `pcb` to `dst`, or NULL. */
struct netif *udp_route(const struct udp_pcb *pcb, const ip_addr_t *dst);

#endif /* TRANSPORT_UDP_UDP_PRIV_H */
