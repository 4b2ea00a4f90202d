/**
 * @file
 * What all Ethernet devices of a process share: batches of frames between a descriptor and a netif.
 *
 * Sending copies the frame: the stack may change a packet's headers as soon as linkoutput returns,
 * and one copy is cheap beside a system call. A full batch is written at once.
 */
#include <errno.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/pbuf.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "netif/ethernet.h"
#include "gossamer/offload.h"
#include "port/ethdev.h"
#include "unix/ethdev_priv.h"

#define ETHDEV_MTU       1500
#define ETHDEV_FRAME_MAX 1600 /* header, tag, MTU and room to spare */
#define ETHDEV_BATCH     64
#define ETHDEV_WAIT_MS   20 /* for a socket's other side to read; then frames are lost */

struct ethdev_batch {
  unsigned count;
  u16_t len[ETHDEV_BATCH];
  struct virtio_net_hdr header[ETHDEV_BATCH]; /* of ethdev_open_tap_offload() */
  u8_t frame[ETHDEV_BATCH][ETHDEV_FRAME_MAX];
};

/**
 * Wait until the other side has taken a datagram out of its queue, which holds but ten of them
 * (net.unix.max_dgram_qlen). The socket that is ours is not connected, so that anybody may send to
 * it; the kernel tells of room only those who are.
 */
static bool wait_for_room(const struct sockaddr_un *to)
{
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  struct pollfd room = {.fd = fd, .events = POLLOUT};
  bool has_room = connect(fd, (const struct sockaddr *)to, sizeof *to) == 0 &&
                  poll(&room, 1, ETHDEV_WAIT_MS) == 1;
  close(fd);
  return has_room;
}

/** Send `count` messages, waiting for the other side to read; returns how many it took. */
static unsigned send_messages(struct ethdev *dev, struct mmsghdr *message, unsigned count,
                              const struct sockaddr_un *to)
{
  unsigned done = 0;
  while (done < count) {
    int sent = sendmmsg(dev->source.fd, message + done, count - done, MSG_DONTWAIT);
    if (sent > 0) {
      done += (unsigned)sent;
      dev->is_stalled = 0;
      continue;
    }
    /* Nobody there, or it does not read: frames are lost, as on a wire. Wait for it only once. */
    if (errno != EAGAIN || dev->is_stalled) {
      break;
    }
    dev->is_stalled = !wait_for_room(to);
  }
  return done;
}

/** Write the batch to a datagram socket, as many frames per system call as it takes. */
static void batch_send(struct ethdev *dev)
{
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  struct mmsghdr message[ETHDEV_BATCH];
  struct iovec part[ETHDEV_BATCH];
  memcpy(to.sun_path, dev->remote_path, sizeof dev->remote_path);
  for (unsigned i = 0; i < dev->tx->count; i++) {
    part[i] = (struct iovec){dev->tx->frame[i], dev->tx->len[i]};
    message[i] = (struct mmsghdr){
        .msg_hdr = {
            .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part[i], .msg_iovlen = 1}};
  }
  dev->tx_dropped += dev->tx->count - send_messages(dev, message, dev->tx->count, &to);
}

/** Wait for the other side of a connected socket to read, once. @return has it? */
static bool wait_for_reader(struct ethdev *dev)
{
  struct pollfd room = {.fd = dev->source.fd, .events = POLLOUT};
  if (errno != EAGAIN || dev->is_stalled) {
    return false;
  }
  dev->is_stalled = poll(&room, 1, ETHDEV_WAIT_MS) != 1;
  return !dev->is_stalled;
}

/** Write the batch to a TAP interface or a connected socket, which take one frame per write(). */
static void batch_write(struct ethdev *dev)
{
  bool has_header = dev->vnet != NULL;
  for (unsigned i = 0; i < dev->tx->count; i++) {
    struct iovec piece[2] = {{&dev->tx->header[i], sizeof dev->tx->header[i]},
                             {dev->tx->frame[i], dev->tx->len[i]}};
    ssize_t written;
    do {
      written = writev(dev->source.fd, piece + !has_header, 1 + has_header);
    } while (written < 0 && wait_for_reader(dev));
    if (written < 0) {
      dev->tx_dropped++;
    } else {
      dev->is_stalled = 0;
    }
  }
}

static void ethdev_flush(struct port_source *s)
{
  struct ethdev *dev = (struct ethdev *)(void *)s;
  int before;
  if (dev->tx->count == 0) {
    return;
  }
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before); /* not with the core lock */
  if (dev->is_socket) {
    batch_send(dev);
  } else {
    batch_write(dev);
  }
  pthread_setcancelstate(before, NULL);
  dev->tx->count = 0;
}

/** With a thread of its own nobody flushes later. */
static void flush_if_threaded(struct ethdev *dev)
{
  if (dev->thread != NULL && !dev->is_reading) {
    ethdev_flush(&dev->source);
  }
}

/** A frame for the batch, which is written when it is full. */
static void batch_add(void *arg, u8_t *frame, u16_t len)
{
  struct ethdev *dev = (struct ethdev *)arg;
  if (dev->tx->count == ETHDEV_BATCH) {
    ethdev_flush(&dev->source);
  }
  memcpy(dev->tx->frame[dev->tx->count], frame, len);
  dev->tx->len[dev->tx->count++] = len;
  flush_if_threaded(dev);
}

/** The frame is what the line makes of it. */
static void linkoutput_impaired(struct ethdev *dev, struct pbuf *p, u16_t len)
{
  u8_t frame[ETHDEV_FRAME_MAX];
  pbuf_copy_partial(p, frame, len, ETH_PAD_SIZE);
  impair_frame(dev->line_tx, frame, len);
}

bool ethdev_batch_packet(struct ethdev *dev, const struct pbuf *p,
                         const struct virtio_net_hdr *header)
{
  u16_t len = (u16_t)(p->tot_len - ETH_PAD_SIZE);
  if (len > ETHDEV_FRAME_MAX) {
    ethdev_flush(&dev->source);
    return false;
  }
  if (dev->tx->count == ETHDEV_BATCH) {
    ethdev_flush(&dev->source);
  }
  pbuf_copy_partial(p, dev->tx->frame[dev->tx->count], len, ETH_PAD_SIZE);
  dev->tx->header[dev->tx->count] = *header;
  dev->tx->len[dev->tx->count++] = len;
  flush_if_threaded(dev);
  return true;
}

static err_t ethdev_linkoutput(struct netif *netif, struct pbuf *p)
{
  struct ethdev *dev = (struct ethdev *)netif->state;
  u16_t len = (u16_t)(p->tot_len - ETH_PAD_SIZE);
  if (len > ETHDEV_FRAME_MAX) {
    return ERR_BUF;
  }
  if (dev->line_tx != NULL) {
    linkoutput_impaired(dev, p, len);
  } else {
    (void)ethdev_batch_packet(dev, p, &(struct virtio_net_hdr){0});
  }
  LINK_STATS_INC(link.xmit);
  MIB2_STATS_NETIF_ADD(netif, ifoutoctets, len);
  return ERR_OK;
}

void ethdev_receive(struct ethdev *dev, const u8_t *frame, u16_t len, u8_t offload,
                    u16_t segment_len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(len + ETH_PAD_SIZE), PBUF_POOL);
  if (p == NULL) {
    LINK_STATS_INC(link.memerr);
    LINK_STATS_INC(link.drop);
    return;
  }
  pbuf_take_at(p, frame, len, ETH_PAD_SIZE);
  if (offload != 0 || segment_len != 0) {
    offload_received(p, offload, segment_len);
  }
  LINK_STATS_INC(link.recv);
  MIB2_STATS_NETIF_ADD(dev->netif, ifinoctets, len);
  if (dev->netif->input(p, dev->netif) != ERR_OK) {
    pbuf_free(p);
  }
}

static void ethdev_frame_in(void *arg, u8_t *frame, u16_t len)
{
  ethdev_receive((struct ethdev *)arg, frame, len, 0, 0);
}

void ethdev_gone(struct ethdev *dev)
{
  close(dev->source.fd);
  dev->source.fd = -1;
  if (dev->netif != NULL) {
    netif_set_link_down(dev->netif);
  }
}

/** Read what is there, a batch at most, so that timers and other descriptors get their turn. */
static void ethdev_ready(struct port_source *s)
{
  struct ethdev *dev = (struct ethdev *)(void *)s;
  u8_t frame[ETHDEV_FRAME_MAX];
  for (int i = 0; i < ETHDEV_BATCH; i++) {
    ssize_t len = read(s->fd, frame, sizeof frame);
    if (len < 0 && (errno == EBADFD || errno == ECONNRESET)) {
      ethdev_gone(dev); /* the interface was deleted; the other end of a socket pair closed */
    }
    if (len <= 0) {
      return;
    }
    if (dev->netif != NULL && dev->line_rx != NULL) {
      impair_frame(dev->line_rx, frame, (u16_t)len);
    } else if (dev->netif != NULL) {
      ethdev_frame_in(dev, frame, (u16_t)len);
    }
  }
}

struct ethdev *ethdev_new(const u8_t mac[6])
{
  struct ethdev *dev = (struct ethdev *)calloc(1, sizeof *dev);
  struct ethdev_batch *tx = (struct ethdev_batch *)calloc(1, sizeof *tx);
  if (dev == NULL || tx == NULL) {
    free(dev);
    free(tx);
    return NULL;
  }
  dev->tx = tx;
  dev->source = (struct port_source){.fd = -1, .ready = ethdev_ready, .flush = ethdev_flush};
  for (int i = 0; i < 6; i++) {
    dev->mac[i] = mac != NULL ? mac[i] : (u8_t)LWIP_RAND();
  }
  if (mac == NULL) {
    dev->mac[0] = (u8_t)((dev->mac[0] & 0xfc) | 0x02); /* local, unicast */
  }
  return dev;
}

err_t ethdev_netif_init(struct netif *netif)
{
  struct ethdev *dev = (struct ethdev *)netif->state;
  netif->name[0] = 't';
  netif->name[1] = 'p';
  netif->mtu = ETHDEV_MTU;
  netif->hwaddr_len = 6;
  memcpy(netif->hwaddr, dev->mac, 6);
#if LWIP_IPV4 && LWIP_ARP
  netif->output = etharp_output;
#endif
#if LWIP_IPV6 && LWIP_ETHERNET
  netif->output_ip6 = ethip6_output;
#endif
  netif->linkoutput = ethdev_linkoutput;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP |
                 NETIF_FLAG_MLD6;
  MIB2_INIT_NETIF(netif, snmp_ifType_ethernet_csmacd, 100000000);
  dev->netif = netif;
  if (dev->vnet != NULL) {
    vnet_netif_init(dev);
  }
  return ERR_OK;
}

#if LWIP_IPV4
static void set_ip4(struct netif *netif, const ip4_addr_t *addr, const ip4_addr_t *mask,
                    const ip4_addr_t *gw)
{
  netif_set_addr(netif, addr, mask, gw);
}
#else
static void set_ip4(struct netif *netif, const ip4_addr_t *addr, const ip4_addr_t *mask,
                    const ip4_addr_t *gw)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(mask);
  LWIP_UNUSED_ARG(gw);
}
#endif

err_t ethdev_add(struct ethdev *dev, const ip4_addr_t *addr, const ip4_addr_t *mask,
                 const ip4_addr_t *gw)
{
  if (netif_add_noaddr(&dev->own, dev, ethdev_netif_init, netif_input) == NULL) {
    return ERR_IF;
  }
  set_ip4(&dev->own, addr, mask, gw);
  netif_set_up(&dev->own);
  netif_set_link_up(&dev->own);
  return ERR_OK;
}

/** Without settings: the perfect line that a device begins with. */
static void line_set(struct impair **line, const struct impair_settings *settings, u64_t seed,
                     impair_fn deliver, struct ethdev *dev)
{
  impair_free(*line);
  *line = NULL;
  if (settings != NULL) {
    struct impair_settings own = *settings;
    own.seed = seed;
    *line = impair_new(&own, deliver, dev);
  }
}

err_t ethdev_impair(struct ethdev *dev, const struct impair_settings *settings)
{
  if (settings != NULL && dev->vnet != NULL) {
    return ERR_VAL;
  }
  u64_t seed = settings != NULL ? settings->seed : 0;
  line_set(&dev->line_tx, settings, 2 * seed, batch_add, dev);
  line_set(&dev->line_rx, settings, 2 * seed + 1, ethdev_frame_in, dev);
  if (settings != NULL && (dev->line_tx == NULL || dev->line_rx == NULL)) {
    (void)ethdev_impair(dev, NULL);
    return ERR_MEM;
  }
  return ERR_OK;
}

void ethdev_close(struct ethdev *dev)
{
  ethdev_stop(dev);
  ethdev_lock();
  (void)ethdev_impair(dev, NULL);
  if (dev->netif == &dev->own) {
    ethdev_flush(&dev->source);
    netif_remove(&dev->own);
  }
  ethdev_unlock();
  if (dev->source.fd >= 0) {
    close(dev->source.fd);
  }
  if (dev->local_path[0] != '\0') {
    unlink(dev->local_path);
  }
  free(dev->tx);
  free(dev->vnet);
  free(dev);
}
