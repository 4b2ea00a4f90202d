/**
 * @file
 * Connections by their four numbers: the hash, and what goes into hashes of TCP.
 */
#ifndef TRANSPORT_TCP_TCP_LISTS_PRIV_H
#define TRANSPORT_TCP_TCP_LISTS_PRIV_H

#include "lwip/priv/tcp_lists.h"
#include "base/random.h"
#include "transport/tcp/tcp_priv.h"

/** Words that tell a connection from all others: ports, addresses with their zones. */
#define TCP_TUPLE_WORDS RANDOM_HASH_WORDS

/** @return how many of `words` were written */
unsigned tcp_tuple_words(u32_t words[TCP_TUPLE_WORDS], const ip_addr_t *local, u16_t local_port,
                         const ip_addr_t *remote, u16_t remote_port);

/** All that tells a connection from others as 64 bits that nobody can make collide
    (tcp_isn.c). */
u64_t tcp_tuple_hash(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                     u16_t remote_port);

/* The hash over tcp_active_pcbs (tcp_hash.c); only with TCP_HASH_SIZE > 1. */
void tcp_hash_add(struct tcp_pcb *pcb);
void tcp_hash_remove(struct tcp_pcb *pcb);
/** The connections among which it would be, linked by tcp_chain_link(). */
struct tcp_pcb *tcp_hash_chain(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                               u16_t remote_port);

/** Where the one with these ports that was found last is remembered; NULL: none. */
struct tcp_pcb **tcp_hash_recent(u16_t local_port, u16_t remote_port);

/** Which of PORT_BLOCK ports from `first` on are taken: bit i of `taken`. `us`: what `pcb` would be
    bound to. */
#define TCP_PORT_BLOCK 256U
void tcp_ports_taken(const struct tcp_pcb *pcb, const struct pcb_end *us, u16_t first, bool is_bind,
                     u32_t taken[TCP_PORT_BLOCK / 32]);

/** A sequence number to begin with: `iss`, or a later one if the segment that is being processed
    takes the place of a connection in TIME-WAIT (RFC 1122 4.2.2.13). */
u32_t tcp_timewait_iss(u32_t iss);

#endif /* TRANSPORT_TCP_TCP_LISTS_PRIV_H */
