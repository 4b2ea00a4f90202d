/**
 * @file
 * lwIP's TAP driver of its Unix port: the interface named by the environment variable
 * PRECONFIGURED_TAPIF, or tap0. Programs that choose themselves use port/ethdev.h. A netif whose
 * input is tcpip_input gets a thread that reads it; others call tapif_poll() or tapif_select().
 */
#ifndef NETIF_TAPIF_H
#define NETIF_TAPIF_H

#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/** For netif_add(). ERR_IF: could not be opened; one line on standard error says why. */
err_t tapif_init(struct netif *netif);

/** Take in what has arrived, without waiting, and send what is queued. */
void tapif_poll(struct netif *netif);

/** Wait for frames or the next timeout, and handle both. @return as port_loop_turn() */
int tapif_select(struct netif *netif);

#ifdef __cplusplus
}
#endif

#endif /* NETIF_TAPIF_H */
