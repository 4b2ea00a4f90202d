/**
 * @file
 * What the harness's files share.
 */
#ifndef PACKET_PRIV_H
#define PACKET_PRIV_H

#define PACKET_IMPLEMENTATION
#include "packet.h"

#define PACKET_NETS_MAX 4

/** Memory that lives until the present test ends, zeroed. Never NULL. */
void *packet_alloc(size_t len);

/* packet.c: the stack under test */
void packet_stack_start(const char *seed_text, u32_t fault_at);
void packet_stack_restore(void); /* net up and addressed as at the start, whatever a test did */
void packet_stack_stop(void);    /* everything must be given back */
bool packet_stack_is_started(void);
void packet_settle(void); /* ARP answers and timers that are due now */
void packet_drops_remember(void);

/* packet_framing.c */
struct pbuf *packet_framed(struct frame f, bool is_exact);
void packet_framing_set(enum packet_framing framing);
u32_t packet_framing_outstanding(void); /* pbufs that the stack still holds */

/* packet_app.c */
void packet_app_cleanup(void);

/* packet_check.c */
void check_number(const char *what, u32_t found, u32_t want, const char *file, int line);
void check_bytes(const char *what, const u8_t *found, const void *want, size_t len,
                 const char *file, int line);
/** The EtherType and where its header begins, behind an 802.1Q tag or not. */
u32_t packet_ether_type(const struct frame *f, size_t *at, const char *file, int line);
/** The sum over pseudo-header and the covered bytes of `m` must be all ones (RFC 3828 3.1). */
void packet_check_transport_sum(const struct frame *f, u8_t proto, const u8_t *m, size_t len,
                                size_t covered_len, const char *file, int line);

/* packet_check6.c */
/** The transport message of an unfragmented IPv6 packet, which must be of type `nexth`. */
const u8_t *packet_message6(const struct frame *f, u8_t nexth, size_t min_len, size_t *len,
                            const char *file, int line);

/* packet_up6.c */
void packet_net6_init(struct netif *netif);    /* as a driver does it in its init function */
void packet_net6_restore(struct netif *netif); /* addresses as at the start, if there were any */

/** No netif asks for routers, for ever: what netif_set_up() began ends. */
void packet_net6_quiet(void);
void packet_net6_forget(void);                 /* a new run begins */
bool packet_net6_is_up(void);
/** A peer's answer to a neighbor solicitation. False: nobody answers that. */
bool packet_answer_ns(const struct packet_net *on, const struct frame *f, struct frame *reply);

#endif /* PACKET_PRIV_H */
