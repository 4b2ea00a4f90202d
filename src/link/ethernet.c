/**
 * @file
 * Ethernet frames in and out.
 *
 * In: a frame's header is parsed once, checked (who sent it, is it for us, is its VLAN ours), noted
 * in the pbuf (came in a broadcast or a multicast, by which netif) and stripped; the registry's
 * table says who takes the payload. Out: a header, perhaps with a tag, goes in front of the packet.
 * No state. IEEE 802.3, 802.1Q; RFC 894, RFC 1112 6.4 and RFC 2464 7 (groups) are the callers'.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/pbuf.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "netif/ethernet.h"
#include "lwip/priv/link_hooks.h"
#include "lwip/priv/offload_fields.h"
#include "gossamer/drop.h"
#include "base/registry.h"
#include "wire/eth.h"

const struct eth_addr ethbroadcast = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
const struct eth_addr ethzero = {{0, 0, 0, 0, 0, 0}};

/** May a frame with these addresses and tag come in by `netif`? `bytes`: from the padding on. */
static enum drop_reason frame_check(const struct eth_frame *f, struct netif *netif,
                                    const u8_t *bytes)
{
  if (!netif_is_up(netif)) {
    return DROP_NETIF_DOWN;
  }
  if (eth_is_group(&f->src)) {
    return DROP_ETH_SRC_GROUP;
  }
  if (f->is_tagged && !hook_vlan_accepts(netif, bytes, f->tci & ETH_TCI_VLAN_ID)) {
    return DROP_VLAN_FILTERED;
  }
  if (netif->hwaddr_len != ETH_HWADDR_LEN) {
    return DROP_NONE;
  }
  /* IPv6 knows its own packets by their addresses, and has to hear of another host with our link
     address, and of its own probes (RFC 4862 5.4.5, RFC 7527). */
  if (memcmp(f->src.addr, netif->hwaddr, ETH_HWADDR_LEN) == 0 &&
      !(LWIP_IPV6 && f->type == ETHTYPE_IPV6)) {
    return DROP_ETH_FROM_US;
  }
  if (LWIP_ETHERNET_FILTER_DST && !eth_is_group(&f->dst) &&
      memcmp(f->dst.addr, netif->hwaddr, ETH_HWADDR_LEN) != 0) {
    return DROP_ETH_NOT_FOR_US;
  }
  return DROP_NONE;
}

static void frame_drop(struct pbuf *p, struct netif *netif, enum drop_reason why)
{
  LWIP_UNUSED_ARG(netif);
  if (why == DROP_ETH_UNKNOWN_TYPE || why == DROP_ETH_LLC) {
    MIB2_STATS_NETIF_INC(netif, ifinunknownprotos);
  } else {
    MIB2_STATS_NETIF_INC(netif, ifinerrors);
  }
  drop(p, why);
}

/** Take `len` bytes off the front, `len` being at least 1 and at most all there are. */
static struct pbuf *strip(struct pbuf *p, u16_t len)
{
  if (p->len >= len) {
    pbuf_remove_header(p, len);
    return p;
  }
  u8_t offload = pbuf_offload(p);
  u16_t segment_len = pbuf_segment_len(p);
  /* One byte at last, so that a frame that is all header leaves an empty pbuf and not none. */
  struct pbuf *rest = pbuf_free_header(p, (u16_t)(len - 1));
  pbuf_remove_header(rest, 1);
  pbuf_offload_set(rest, offload, segment_len);
  return rest;
}

static const struct eth_proto *eth_proto_find(u16_t type)
{
  for (unsigned i = 0; i < eth_protos_count; i++) {
    if (eth_protos[i].ethertype == type) {
      return &eth_protos[i];
    }
  }
  return NULL;
}

/** Hand the payload to its handler; `f` was checked. */
static void frame_deliver(struct pbuf *p, struct netif *netif, const struct eth_frame *f)
{
  const struct eth_proto *proto = eth_proto_find(f->type);
  if (proto == NULL) {
    if (!hook_eth_unknown(p, netif)) {
      frame_drop(p, netif, (f->type < ETH_TYPE_MIN) ? DROP_ETH_LLC : DROP_ETH_UNKNOWN_TYPE);
    }
    return;
  }
  p = strip(p, (u16_t)(ETH_PAD_SIZE + f->header_len));
  p->if_idx = netif_get_index(netif);
  if (eth_is_group(&f->dst)) {
    p->flags |= eth_addr_eq(&f->dst, &ethbroadcast) ? PBUF_FLAG_LLBCAST : PBUF_FLAG_LLMCAST;
  }
  proto->input(p, netif, &f->src);
}

err_t ethernet_input(struct pbuf *p, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  u8_t buf[ETH_PAD_SIZE + ETH_HEADER_LEN_MAX];
  u16_t have = LWIP_MIN(p->tot_len, (u16_t)sizeof buf);
  if (have <= ETH_PAD_SIZE) {
    frame_drop(p, netif, DROP_ETH_SHORT);
    return ERR_OK;
  }
  struct eth_frame f;
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, have, 0);
  enum drop_reason bad =
      eth_parse(&f, bytes + ETH_PAD_SIZE, have - ETH_PAD_SIZE, ETHARP_SUPPORT_VLAN);
  if (bad == DROP_NONE) {
    netif = hook_eth_netif(p, netif, f.type);
    bad = frame_check(&f, netif, bytes);
  }
  if (bad == DROP_NONE) {
    frame_deliver(p, netif, &f);
  } else {
    frame_drop(p, netif, bad);
  }
  return ERR_OK;
}

/**
 * `p` behind `len` bytes that it has no room for: it came in without a tag and leaves with one, or
 * it is constant. NULL: no memory. Otherwise the caller's to free, with `p` as it was.
 */
static struct pbuf *frame_around(struct pbuf *p, u16_t len)
{
  if (LWIP_NETIF_TX_SINGLE_PBUF) {
    struct pbuf *copy = pbuf_clone(PBUF_TRANSPORT, PBUF_RAM, p);
    if (copy != NULL) {
      pbuf_add_header(copy, len);
    }
    return copy;
  }
  struct pbuf *header = pbuf_alloc(PBUF_RAW_TX, len, PBUF_RAM);
  if (header != NULL) {
    pbuf_chain(header, p);
    pbuf_offload_copy(header, p);
  }
  return header;
}

err_t ethernet_output(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                      const struct eth_addr *dst, u16_t eth_type)
{
  LWIP_ASSERT_CORE_LOCKED();
  s32_t tci = hook_vlan_tci(netif, p, src, dst, eth_type);
  u16_t len = ETH_PAD_SIZE + ETH_HEADER_LEN + ((tci >= 0) ? ETH_TAG_LEN : 0);
  struct pbuf *frame = p;
  if (pbuf_add_header(p, len) != 0) {
    frame = frame_around(p, len);
    if (frame == NULL) {
      LINK_STATS_INC(link.memerr);
      return ERR_BUF;
    }
  }
  eth_build((u8_t *)frame->payload + ETH_PAD_SIZE, dst, src, eth_type, tci);
  err_t err = netif->linkoutput(netif, frame);
  if (frame != p) {
    pbuf_free(frame);
  }
  return err;
}
