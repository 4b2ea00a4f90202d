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

#endif /* PACKET_PRIV_H */
