/**
 * @file
 * What the files that make up netif share.
 */
#ifndef LINK_NETIF_PRIV_H
#define LINK_NETIF_PRIV_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "link/netif_usable.h"

/** First half of netif_add(): start values. */
void netif_prepare(struct netif *netif, void *state, netif_input_fn input);

/** Second half: a number, the driver's init, into the list, tell everybody. NULL: it failed. */
struct netif *netif_attach(struct netif *netif, netif_init_fn init);

/** A packet that begins with an IP header came in: to the family's handler. Consumes `p`. */
void netif_ip_rx(struct pbuf *p, struct netif *netif);

#endif /* LINK_NETIF_PRIV_H */
