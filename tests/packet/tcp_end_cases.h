/**
 * @file
 * All ways in which a connection ends without its program's wish: for endpoints of every kind.
 *
 * The caller connects to the peer (packet_tcp.h) from tcp_peer.stack_port; a case then ends the
 * only connection there is.
 */
#ifndef PACKET_TCP_END_CASES_H
#define PACKET_TCP_END_CASES_H

#include "packet_tcp.h"
#include "lwip/errno.h"
#include "gossamer/tcp_user_timeout.h"
#include "base/fault.h"

struct end_case {
  const char *name;
  void (*run)(struct tcp_pcb *pcb);
  bool stands; /* or the SYN alone has been sent and is not taken from tx() */
  enum tcp_end why;
  err_t err;   /* of the raw API */
  int error;   /* errno */
  bool is_off; /* not in this build */
};

static inline bool end_is_over(void)
{
  return tcp_active_pcbs == NULL;
}

/** The peer is silent from now on, for ten hours at most. */
static inline void end_by_silence(struct tcp_pcb *pcb)
{
  (void)pcb;
  for (int i = 0; i < 36000 && !end_is_over(); i++) {
    advance(1000);
    tx_discard();
  }
}

static inline void end_write(struct tcp_pcb *pcb)
{
  if (tcp_write(pcb, "data", 4, TCP_WRITE_FLAG_COPY) != ERR_OK || tcp_output(pcb) != ERR_OK) {
    packet_fail(__FILE__, __LINE__, "cannot write");
  }
}

/** A router tells of the packet in `f`. */
static inline void end_icmp(const struct frame *f, u8_t code4, u8_t code6)
{
  if (tcp_peer.is_v6) {
    rx(icmp6_error("2001:db8::fe", "2001:db8::1", T6_UNREACHABLE, code6, 0, f, 0));
  } else {
    rx(icmp4_error("10.0.0.254", "10.0.0.1", ICMP_DUR, code4, 0, f, 0));
  }
}

/* --- of the attempt to connect --- */

static inline void end_refused(struct tcp_pcb *pcb)
{
  (void)pcb;
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_RST | TCP_ACK, .seq = 0, .ack = 1);
}

static inline void end_no_port(struct tcp_pcb *pcb)
{
  (void)pcb;
  end_icmp(expect_segment(.flags = TCP_SYN, .seq = 0)->frame, ICMP_DUR_PORT, 4);
}

static inline void end_prohibited(struct tcp_pcb *pcb)
{
  (void)pcb;
  end_icmp(expect_segment(.flags = TCP_SYN, .seq = 0)->frame, 13, 1);
}

static inline void end_no_net(struct tcp_pcb *pcb)
{
  (void)pcb;
  expect_segment(.flags = TCP_SYN, .seq = 0);
  advance(1000);
  end_icmp(expect_segment(.flags = TCP_SYN, .seq = 0)->frame, ICMP_DUR_NET, 0);
}

static inline void end_no_host(struct tcp_pcb *pcb)
{
  (void)pcb;
  expect_segment(.flags = TCP_SYN, .seq = 0);
  advance(1000);
  end_icmp(expect_segment(.flags = TCP_SYN, .seq = 0)->frame, ICMP_DUR_HOST, 3);
}

/* --- of any --- */

static inline void end_no_route(struct tcp_pcb *pcb)
{
  netif_set_link_down(&net.netif);
  end_by_silence(pcb);
  netif_set_link_up(&net.netif);
  advance(12000);
  tx_discard();
  ignore_drops();
}

static inline void end_address_gone(struct tcp_pcb *pcb)
{
  (void)pcb;
#if LWIP_IPV6
  if (tcp_peer.is_v6) {
    ip_addr_t other = ip_of("2001:db8::77");
    ip_addr_t ours = ip_of("2001:db8::1");
    netif_ip6_addr_set(&net.netif, 1, ip_2_ip6(&other));
    netif_ip6_addr_set(&net.netif, 1, ip_2_ip6(&ours));
  }
#endif
#if LWIP_IPV4
  if (!tcp_peer.is_v6) {
    ip4_addr_t other = ip4_of("10.0.0.77");
    ip4_addr_t ours = ip4_of("10.0.0.1");
    netif_set_ipaddr(&net.netif, &other);
    netif_set_ipaddr(&net.netif, &ours);
  }
#endif
  advance(12000);
  tx_discard();
  ignore_drops();
}

/** No memory for a connection that is more important. */
static inline void end_recycled(struct tcp_pcb *pcb)
{
  (void)pcb;
  if (packet_is_fault_run()) { /* it arms the next failure itself */
    tcp_abort(pcb);
    return;
  }
  fault_arm(1);
  struct tcp_pcb *important = tcp_new();
  if (important == NULL) {
    tcp_setprio(pcb, TCP_PRIO_MIN);
    fault_arm(1);
    important = tcp_new();
  }
  (void)tcp_close(important);
}

/* --- of one that stands --- */

static inline void end_reset(struct tcp_pcb *pcb)
{
  (void)pcb;
  peer_says(.flags = TCP_RST, .seq = 1);
}

static inline void end_reset_behind_fin(struct tcp_pcb *pcb)
{
  (void)pcb;
  peer_says(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
  peer_says(.flags = TCP_RST, .seq = 2);
}

static inline void end_unanswered(struct tcp_pcb *pcb)
{
  end_write(pcb);
  end_by_silence(pcb);
}

static inline void end_user_timeout(struct tcp_pcb *pcb)
{
#if LWIP_TCP_USER_TIMEOUT
  tcp_set_user_timeout(pcb, 3000);
#endif
  end_unanswered(pcb);
}

static inline void end_keepalive(struct tcp_pcb *pcb)
{
  ip_set_option(pcb, SOF_KEEPALIVE);
  pcb->keep_idle = 60000;
  (void)tcp_output(pcb);
  end_by_silence(pcb);
}

static inline void end_noted(struct tcp_pcb *pcb, u8_t code4, u8_t code6)
{
  end_write(pcb);
  end_icmp(expect_segment(.flags = TCP_ACK, .seq = 1, .len = 4)->frame, code4, code6);
  end_by_silence(pcb);
}

static inline void end_net_noted(struct tcp_pcb *pcb)
{
  end_noted(pcb, ICMP_DUR_NET, 0);
}
static inline void end_host_noted(struct tcp_pcb *pcb)
{
  end_noted(pcb, ICMP_DUR_HOST, 3);
}
static inline void end_port_noted(struct tcp_pcb *pcb)
{
  end_noted(pcb, ICMP_DUR_PORT, 4);
}
static inline void end_prohibited_noted(struct tcp_pcb *pcb)
{
  end_noted(pcb, 13, 1);
}

static const struct end_case end_cases[] = {
    {"refused", end_refused, false, TCP_END_RESET, ERR_RST, ECONNREFUSED, false},
    {"no port", end_no_port, false, TCP_END_REFUSED, ERR_RST, ECONNREFUSED, false},
    {"prohibited", end_prohibited, false, TCP_END_PROHIBITED, ERR_RST, EHOSTUNREACH, false},
    {"no net", end_no_net, false, TCP_END_NET_UNREACHABLE, ERR_RTE, ENETUNREACH, false},
    {"no host", end_no_host, false, TCP_END_HOST_UNREACHABLE, ERR_RTE, EHOSTUNREACH, false},
    {"SYN unanswered", end_by_silence, false, TCP_END_TIMEOUT, ERR_ABRT, ETIMEDOUT, false},
    {"SYN without route", end_no_route, false, TCP_END_NET_UNREACHABLE, ERR_RTE, ENETUNREACH,
     false},
    {"SYN, no address", end_address_gone, false, TCP_END_ADDRESS_GONE, ERR_ABRT, ECONNABORTED,
     false},
    {"SYN recycled", end_recycled, false, TCP_END_RECYCLED, ERR_ABRT, ECONNABORTED,
     !LWIP_FAULT_INJECTION},
    {"reset", end_reset, true, TCP_END_RESET, ERR_RST, ECONNRESET, false},
    {"reset behind FIN", end_reset_behind_fin, true, TCP_END_RESET, ERR_RST, EPIPE, false},
    {"unanswered", end_unanswered, true, TCP_END_TIMEOUT, ERR_ABRT, ETIMEDOUT, false},
    {"user timeout", end_user_timeout, true, TCP_END_TIMEOUT, ERR_ABRT, ETIMEDOUT,
     !LWIP_TCP_USER_TIMEOUT},
    {"keepalive", end_keepalive, true, TCP_END_KEEPALIVE, ERR_ABRT, ETIMEDOUT, false},
    {"net noted", end_net_noted, true, TCP_END_NET_UNREACHABLE, ERR_RTE, ENETUNREACH, false},
    {"host noted", end_host_noted, true, TCP_END_HOST_UNREACHABLE, ERR_RTE, EHOSTUNREACH, false},
    {"port noted", end_port_noted, true, TCP_END_REFUSED, ERR_RTE, ECONNREFUSED, false},
    {"prohibited noted", end_prohibited_noted, true, TCP_END_PROHIBITED, ERR_RTE, EHOSTUNREACH,
     false},
    {"no address", end_address_gone, true, TCP_END_ADDRESS_GONE, ERR_ABRT, ECONNABORTED, false},
    {"recycled", end_recycled, true, TCP_END_RECYCLED, ERR_ABRT, ECONNABORTED,
     !LWIP_FAULT_INJECTION},
};

/** Each case in each family; `body` ends with no connection left. */
static inline void each_end(void (*body)(const struct end_case *c))
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(end_cases); i++) {
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
      if (!end_cases[i].is_off && (is_v6 ? LWIP_IPV6 : LWIP_IPV4)) {
        packet_note("%s, IPv%d: ", end_cases[i].name, is_v6 ? 6 : 4);
        tcp_peer_reset();
        tcp_peer_use(is_v6 != 0);
        body(&end_cases[i]);
        tx_discard();
        ignore_drops();
      }
    }
  }
}

#endif /* PACKET_TCP_END_CASES_H */
