/**
 * @file
 * Explicit congestion notification for TCP (RFC 3168; LWIP_TCP_ECN): routers mark packets of
 * connections that have agreed on it, instead of dropping them.
 *
 * New pcbs have LWIP_TCP_ECN_DEFAULT, connections of a listener the listener's. Core lock held.
 */
#ifndef GOSSAMER_TCP_ECN_H
#define GOSSAMER_TCP_ECN_H

#include <stdbool.h>
#include "lwip/err.h"
#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** As Linux's sysctl net.ipv4.tcp_ecn has them. */
enum tcp_ecn_mode {
  TCP_ECN_OFF = 0,
  TCP_ECN_REQUEST = 1, /* ask for it when connecting, agree to it when asked */
  TCP_ECN_ACCEPT = 2   /* agree to it when asked */
};

/**
 * Choose, before the pcb connects or for a listener at any time.
 *
 * @return ERR_OK; ERR_ISCONN: too late; ERR_VAL: no such mode, or a build without ECN
 */
#if LWIP_TCP_ECN
err_t tcp_set_ecn(struct tcp_pcb *pcb, enum tcp_ecn_mode mode);
#else
#define tcp_set_ecn(pcb, mode) ((void)(pcb), (mode) == TCP_ECN_OFF ? (err_t)ERR_OK : (err_t)ERR_VAL)
#endif

/** Have both ends agreed on it? */
#if LWIP_TCP_ECN
bool tcp_has_ecn(const struct tcp_pcb *pcb);
#else
#define tcp_has_ecn(pcb) ((void)(pcb), false)
#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_ECN_H */
