/**
 * @file
 * Closing a TCP connection and hearing how that ended: what SO_LINGER of sockets is made of.
 *
 * With the core lock held.
 */
#ifndef GOSSAMER_TCP_LINGER_H
#define GOSSAMER_TCP_LINGER_H

#include "lwip/err.h"
#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Close as tcp_close() does, and hear when all that was written, and the FIN behind it, has been
 * acknowledged. The pcb is not the program's any more, whatever is returned, unless that is
 * ERR_ARG. Also for a connection whose sending side was shut down before.
 *
 * @param linger_ms  how long to wait for that, at most 2^31 - 1. Then the connection is reset. 0:
 *                   it is reset at once, and what was not sent is thrown away
 * @param done       called once with the pcb's argument (tcp_arg()) if ERR_INPROGRESS is returned,
 *                   otherwise never: ERR_OK: all has arrived; ERR_TIMEOUT: it has not, the
 *                   connection was reset; ERR_RST, ERR_ABRT, ERR_RTE: it ended before. NULL: nobody
 *                   wants to know. With LWIP_EVENT_API it is LWIP_EVENT_ERR with that error instead
 * @return ERR_INPROGRESS: waiting; ERR_OK: there is nothing to wait for, because it was reset (also
 *         for data that the program has not taken, as by tcp_close()), never stood, or everything
 *         is acknowledged; ERR_ARG: no pcb
 */
err_t tcp_close_linger(struct tcp_pcb *pcb, u32_t linger_ms, tcp_err_fn done);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_LINGER_H */
