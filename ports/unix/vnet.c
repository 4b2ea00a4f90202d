/**
 * @file
 * A TAP interface with a header in front of each frame (struct virtio_net_hdr), by which the two
 * sides leave work to each other: TCP packets of up to 64 KiB cross in one piece, and are cut where
 * they leave the machine, if they ever do; checksums of TCP and UDP likewise.
 *
 * Long frames are written at once, from where they lie; short ones wait for the end of the turn as
 * on any interface. State: a buffer for what is read, and for frames in too many pieces.
 */
#include <errno.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include "lwip/pbuf.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "gossamer/offload.h"
#include "port/ethdev.h"
#include "unix/ethdev_priv.h"

#define VNET_PIECES 64
#define VNET_BATCH  64

struct ethdev_vnet {
  u8_t frame[0xffff];
};

/** What the other side has to finish, in its words. */
static struct virtio_net_hdr header_of(const struct netif *netif, const struct pbuf *p)
{
  struct virtio_net_hdr h = {0};
  struct offload_frame f;
  if (!offload_describe(netif, p, &f)) {
    return h;
  }
  h.flags = f.needs_checksum ? VIRTIO_NET_HDR_F_NEEDS_CSUM : 0;
  h.csum_start = f.checksum_start;
  h.csum_offset = f.checksum_offset;
  if (f.gso != 0) {
    h.gso_type = f.gso == NETIF_OFFLOAD_TSO4 ? VIRTIO_NET_HDR_GSO_TCPV4 : VIRTIO_NET_HDR_GSO_TCPV6;
    h.gso_type |= f.has_cwr ? VIRTIO_NET_HDR_GSO_ECN : 0;
    h.gso_size = f.segment_len;
    h.hdr_len = f.header_len;
  }
  return h;
}

/** The frame behind its header as pieces for writev(). @return how many */
static int pieces_of(struct ethdev *dev, struct pbuf *p, struct iovec piece[VNET_PIECES])
{
  int count = 1;
  u16_t skip = ETH_PAD_SIZE;
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    if (count == VNET_PIECES) {
      size_t len = pbuf_copy_partial(p, dev->vnet->frame, p->tot_len, ETH_PAD_SIZE);
      piece[1] = (struct iovec){dev->vnet->frame, len};
      return 2;
    }
    piece[count++] = (struct iovec){(u8_t *)q->payload + skip, (size_t)(q->len - skip)};
    skip = 0;
  }
  return count;
}

static void write_long(struct ethdev *dev, struct pbuf *p, struct virtio_net_hdr *header)
{
  struct iovec piece[VNET_PIECES] = {{header, sizeof *header}};
  int count = pieces_of(dev, p, piece);
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before); /* not with the core lock */
  if (writev(dev->source.fd, piece, count) < 0) {
    dev->tx_dropped++;
  }
  pthread_setcancelstate(before, NULL);
}

static err_t vnet_linkoutput(struct netif *netif, struct pbuf *p)
{
  struct ethdev *dev = (struct ethdev *)netif->state;
  struct virtio_net_hdr header = header_of(netif, p);
  if (!ethdev_batch_packet(dev, p, &header)) {
    write_long(dev, p, &header);
  }
  LINK_STATS_INC(link.xmit);
  MIB2_STATS_NETIF_ADD(netif, ifoutoctets, (u32_t)p->tot_len - ETH_PAD_SIZE);
  return ERR_OK;
}

/** What is known of a frame's checksum. */
static u8_t checksum_of(const struct virtio_net_hdr *h)
{
  if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
    return PBUF_OFFLOAD_PARTIAL;
  }
  return h->flags & VIRTIO_NET_HDR_F_DATA_VALID ? PBUF_OFFLOAD_VERIFIED : 0;
}

static void vnet_ready(struct port_source *s)
{
  struct ethdev *dev = (struct ethdev *)(void *)s;
  for (int i = 0; i < VNET_BATCH; i++) {
    struct virtio_net_hdr h;
    struct iovec piece[2] = {{&h, sizeof h}, {dev->vnet->frame, sizeof dev->vnet->frame}};
    ssize_t len = readv(s->fd, piece, 2);
    if (len < 0 && errno == EBADFD) {
      ethdev_gone(dev);
    }
    if (len <= (ssize_t)sizeof h) {
      return;
    }
    u16_t segment_len = h.gso_type != VIRTIO_NET_HDR_GSO_NONE ? h.gso_size : 0;
    ethdev_receive(dev, dev->vnet->frame, (u16_t)((size_t)len - sizeof h), checksum_of(&h),
                   segment_len);
  }
}

bool vnet_open(struct ethdev *dev)
{
  dev->vnet = (struct ethdev_vnet *)malloc(sizeof *dev->vnet);
  dev->source.ready = vnet_ready;
  return dev->vnet != NULL &&
         ioctl(dev->source.fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) == 0;
}

void vnet_netif_init(struct ethdev *dev)
{
  netif_offload_declare(dev->netif, NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 0xffff);
  dev->netif->linkoutput = vnet_linkoutput;
}
