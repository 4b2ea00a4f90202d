/**
 * @file
 * An interface on which every unicast address is ours: for VPNs, tun2socks and other programs that
 * stand in for the whole world behind a link.
 *
 *     static enum any_answer on_syn(void *arg, struct any_syn *syn)
 *     {
 *       syn->arg = dial(&syn->flow.local, syn->flow.local_port, syn);
 *       return ANY_LATER; // until any_syn_accept(syn), any_syn_refuse(syn), ...
 *     }
 *
 *     static struct any_address any = {.tcp_syn = on_syn, .tcp_accept = on_accept, ...};
 *     any_address_start(&any, &tun_netif);
 *
 * What comes in by that interface for a unicast address, of either IP version, that is nobody's
 * here is taken as if it were ours (link-local and loopback addresses are not). What listens or is
 * bound comes first, with a wildcard for every address, so bind to your own; TCP and UDP that
 * nobody else wants, to any address and port, our own addresses included, come to the functions
 * below. Sources are checked as ever: martians, groups and packets that claim to be from ourselves
 * are dropped.
 *
 * Threads: all functions with the core lock held; so are the program's called. A handler that is
 * NULL refuses (UDP, TCP), or answers (echo). Needs LWIP_ANY_ADDRESS.
 */
#ifndef GOSSAMER_ANY_ADDRESS_H
#define GOSSAMER_ANY_ADDRESS_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct any_address;
struct tcp_pcb;

/** What is to become of a SYN, a datagram, an echo request. */
enum any_answer {
  ANY_ACCEPT, /* TCP: shake hands. UDP: it was taken. Echo: answer */
  ANY_REFUSE, /* TCP: a reset. UDP: port unreachable. Echo: prohibited */
  ANY_IGNORE, /* silence */
  ANY_LATER   /* TCP: the SYN is held until the program decides. UDP, echo: as ANY_IGNORE, it was
                 taken */
};

/** Why the sender of a packet cannot have what it wants. */
enum any_unreachable {
  ANY_UNREACHABLE_PORT,
  ANY_UNREACHABLE_HOST,
  ANY_UNREACHABLE_NET,
  ANY_UNREACHABLE_PROHIBITED
};

/** Between whom. For an echo local_port is 0, and remote_port its identifier. */
struct any_flow {
  ip_addr_t local; /* whom the peer asked for */
  ip_addr_t remote;
  u16_t local_port;
  u16_t remote_port;
};

/** What any_syn_accept() needs to know of a held SYN; private. */
struct any_syn_options {
  u32_t seq;
  u32_t iss;
  u32_t tsval;
  u16_t wnd;
  u16_t mss;
  u8_t wnd_shift;
  u8_t has;
  u8_t flags;
};

/** A SYN that waits for an answer. At most LWIP_ANY_ADDRESS_SYNS of them, for SYN_RCVD's time. */
struct any_syn {
  struct any_flow flow;
  void *arg; /* the program's; the connection's tcp_arg() when it is accepted */

  /* Private. */
  struct any_syn *next;
  struct any_address *any;
  struct any_syn_options options;
  u32_t until_ms;
};

/** The program's functions and argument, then private state; zero what is not set. */
struct any_address {
  void *arg; /* first argument of all */

  /** Somebody wants to connect. `syn` lives until it is answered, so beyond the call only with
      ANY_LATER. SYNs that are sent again ask again only if the first was not held. */
  enum any_answer (*tcp_syn)(void *arg, struct any_syn *syn);

  /** A held SYN is gone without an answer: the peer has given up, or its time is over, or the
      netif is removed. Not called for any_address_stop(). May be NULL. */
  void (*tcp_syn_gone)(void *arg, struct any_syn *syn);

  /** A connection stands; local_ip and local_port of `pcb` are what the peer asked for,
      callback_arg is the SYN's `arg`. Anything but ERR_OK, or ERR_ABRT after tcp_abort(), aborts.
   */
  err_t (*tcp_accept)(void *arg, struct tcp_pcb *pcb);

  /** The connection's error callback from any_syn_accept() on, with the SYN's `arg`: also for those
      whose peer does not complete the handshake. May be NULL. */
  void (*tcp_err)(void *syn_arg, err_t err);

  /** A datagram. `p` is its payload, the program's to free with ANY_ACCEPT and ANY_LATER. */
  enum any_answer (*udp_recv)(void *arg, const struct any_flow *flow, struct pbuf *p);

  /** An echo request to an address that is not our own. `p` is its data, which stay the stack's:
      with ANY_LATER the program answers by any_echo_reply(). */
  enum any_answer (*echo)(void *arg, const struct any_flow *flow, u16_t seqno,
                          const struct pbuf *p);

  /* Private. */
  struct netif *netif;
  struct tcp_pcb *listener;
  struct any_syn *syns; /* oldest first */
  unsigned syns_count;
  struct timer timer;
};

/**
 * From now on all of what comes in by `netif` is ours. `a` is the caller's and must live until
 * any_address_stop() or the netif's end.
 *
 * @return ERR_OK; ERR_USE: the netif has one already, or `a` is in use; ERR_MEM
 */
err_t any_address_start(struct any_address *a, struct netif *netif);

/** The end of it: held SYNs are forgotten, connections go on, those not accepted yet are reset.
    Harmless for one that is not in use. */
void any_address_stop(struct any_address *a);

/**
 * Answer a held SYN: shake hands. The SYN is gone, whatever is returned.
 *
 * @return ERR_OK: tcp_accept or tcp_err follow; ERR_MEM: not now, as if it had not come
 */
err_t any_syn_accept(struct any_syn *syn);

/** Answer with a reset. */
void any_syn_refuse(struct any_syn *syn);

/** Answer with an ICMP error. The peer's stack decides what that ends. */
void any_syn_unreachable(struct any_syn *syn, enum any_unreachable why);

/** No answer: the peer will ask again. */
void any_syn_ignore(struct any_syn *syn);

/**
 * Send a datagram from `flow->local` to `flow->remote`. `p` stays the caller's; headers are put in
 * front of it, as udp_sendto() does.
 *
 * @return as udp_sendto_if_src()
 */
err_t any_udp_send(struct any_address *a, const struct any_flow *flow, struct pbuf *p);

/** Tell the sender of a datagram, which is not there any more, that it did not arrive. */
void any_udp_unreachable(struct any_address *a, const struct any_flow *flow,
                         enum any_unreachable why);

/** Answer an echo request. `p`, its data, stays the caller's. @return as ip_output_if() */
err_t any_echo_reply(struct any_address *a, const struct any_flow *flow, u16_t seqno,
                     const struct pbuf *p);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_ANY_ADDRESS_H */
