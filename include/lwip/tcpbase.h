/** @file What TCP and the layers that stand in for it (altcp) have in common. */
#ifndef LWIP_HDR_TCPBASE_H
#define LWIP_HDR_TCPBASE_H

#include "lwip/opt.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A window or an amount of buffered data, in bytes. */
#if LWIP_WND_SCALE
typedef u32_t tcpwnd_size_t;
#else
typedef u16_t tcpwnd_size_t;
#endif

/** States of RFC 9293 3.3.2. */
enum tcp_state {
  CLOSED = 0,
  LISTEN = 1,
  SYN_SENT = 2,
  SYN_RCVD = 3,
  ESTABLISHED = 4,
  FIN_WAIT_1 = 5,
  FIN_WAIT_2 = 6,
  CLOSE_WAIT = 7,
  CLOSING = 8,
  LAST_ACK = 9,
  TIME_WAIT = 10
};

/** We have sent, or shall send, a FIN. */
#define TCP_STATE_IS_CLOSING(state) ((state) >= FIN_WAIT_1)

/* tcp_write() */
#define TCP_WRITE_FLAG_COPY 0x01 /* the bytes may change after the call */
#define TCP_WRITE_FLAG_MORE 0x02 /* more follows soon: no PSH */

/* Priorities: which connection has to go when there is no pcb left for another. */
#define TCP_PRIO_MIN    1
#define TCP_PRIO_NORMAL 64
#define TCP_PRIO_MAX    127

/** The state's name in RFC 9293. */
const char *tcp_debug_state_str(enum tcp_state s);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TCPBASE_H */
