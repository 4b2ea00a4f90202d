/** @file Between the kinds of Ethernet device: making one, without a descriptor yet. */
#ifndef UNIX_ETHDEV_PRIV_H
#define UNIX_ETHDEV_PRIV_H

#include "port/ethdev.h"

/** A device that is not open; NULL when memory is short. Free it with ethdev_close(). */
struct ethdev *ethdev_new(const u8_t mac[6]);

/** End the thread of ethdev_start(), if there is one. */
void ethdev_stop(struct ethdev *dev);

#endif /* UNIX_ETHDEV_PRIV_H */
