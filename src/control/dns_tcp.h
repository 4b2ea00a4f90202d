/** @file One question by TCP, asked again because its answer was too long for UDP (RFC 7766). */
#ifndef CONTROL_DNS_TCP_H
#define CONTROL_DNS_TCP_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"

struct dns_tcp;

/** Called once, when the connection is over. `msg` NULL: there is no answer. */
typedef void (*dns_tcp_done_fn)(void *arg, const u8_t *msg, size_t len);

/**
 * Connect and ask. `done` is never called by this call itself. Patience is the caller's.
 *
 * @param netif_idx  the interface to use; NETIF_NO_INDEX: by route
 * @param question   copied
 * @return NULL: it cannot be asked, for want of memory, of a way or of the option
 */
struct dns_tcp *dns_tcp_start(const ip_addr_t *server, u8_t netif_idx, const u8_t *question,
                              u16_t len, dns_tcp_done_fn done, void *arg);

/** Give up, without a call of `done`. NULL is fine. */
void dns_tcp_stop(struct dns_tcp *t);

#endif /* CONTROL_DNS_TCP_H */
