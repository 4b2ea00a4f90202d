/**
 * @file
 * Why a TCP connection has ended, in more words than the err_t of its error callback has.
 *
 * With the core lock held.
 */
#ifndef GOSSAMER_TCP_ERROR_H
#define GOSSAMER_TCP_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/** Why; in brackets what the error callback (tcp_err()) is given. */
enum tcp_end {
  TCP_END_NONE,
  TCP_END_CLOSED,           /* in order, by both sides (ERR_CLSD) */
  TCP_END_RESET,            /* by the peer; of an attempt to connect: it has refused (ERR_RST) */
  TCP_END_REFUSED,          /* ICMP told that nobody listens there (ERR_RST), or had told so
                               when the peer was given up (ERR_RTE) */
  TCP_END_PROHIBITED,       /* ... that a router does not let it pass (ERR_RST, ERR_RTE) */
  TCP_END_NET_UNREACHABLE,  /* given up: no route, ours or, by ICMP, a router's (ERR_RTE) */
  TCP_END_HOST_UNREACHABLE, /* given up: by ICMP, the host is not there (ERR_RTE) */
  TCP_END_HOST_DOWN,        /* given up: on a network of ours, and silent to ARP or neighbour
                               discovery (ERR_RTE) */
  TCP_END_TIMEOUT,          /* given up: no answer, nor any word why (ERR_ABRT) */
  TCP_END_KEEPALIVE,        /* the peer was idle and answers no probe (ERR_ABRT) */
  TCP_END_LINGER,           /* tcp_close_linger(): its time is over (ERR_TIMEOUT) */
  TCP_END_ABORTED,          /* tcp_abort() by the program (ERR_ABRT) */
  TCP_END_RECYCLED,         /* its memory was needed for a more important one (ERR_ABRT) */
  TCP_END_ADDRESS_GONE      /* our address was taken from its interface (ERR_ABRT) */
};

/**
 * Why the connection whose error callback runs has ended.
 *
 * @return TCP_END_NONE: none runs
 */
enum tcp_end tcp_end_cause(void);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_TCP_ERROR_H */
