/** @file Between the kinds of Ethernet device: making one, without a descriptor yet. */
#ifndef UNIX_ETHDEV_PRIV_H
#define UNIX_ETHDEV_PRIV_H

#include <stdbool.h>
#include "port/ethdev.h"

/** A device that is not open; NULL when memory is short. Free it with ethdev_close(). */
struct ethdev *ethdev_new(const u8_t mac[6]);

/** A frame has come, with what is known of it (gossamer/offload.h). */
void ethdev_receive(struct ethdev *dev, const u8_t *frame, u16_t len, u8_t offload,
                    u16_t segment_len);

struct virtio_net_hdr;

/** Send a packet at the end of the turn. @return false: it is too long for that, and nothing waits
    any more */
bool ethdev_batch_packet(struct ethdev *dev, const struct pbuf *p,
                         const struct virtio_net_hdr *header);

/** The interface that was opened has been deleted: as if the cable had been pulled, for good. */
void ethdev_gone(struct ethdev *dev);

/** The device's descriptor is a TAP interface with headers: use them. @return false: no memory, or
    the kernel does not want to */
bool vnet_open(struct ethdev *dev);

/** Its netif is being added. */
void vnet_netif_init(struct ethdev *dev);

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
