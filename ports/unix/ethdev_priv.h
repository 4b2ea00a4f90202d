/** @file Between the kinds of Ethernet device: making one, without a descriptor yet. */
#ifndef UNIX_ETHDEV_PRIV_H
#define UNIX_ETHDEV_PRIV_H

#include "port/ethdev.h"

/** A device that is not open; NULL when memory is short. Free it with ethdev_close(). */
struct ethdev *ethdev_new(const u8_t mac[6]);

/** ethdev_start() for a netif that some other thread than the main loop is to read (its input is
    tcpip_input). */
void ethdev_start_for(struct ethdev *dev, const struct netif *netif);

/** End the thread of ethdev_start(), if there is one. Without the core lock, unless there is none.
 */
void ethdev_stop(struct ethdev *dev);

/** The core lock, where there is one. */
void ethdev_lock(void);
void ethdev_unlock(void);

#endif /* UNIX_ETHDEV_PRIV_H */
