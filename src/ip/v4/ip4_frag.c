/**
 * @file
 * Fragmenting packets that are longer than the MTU (RFC 791 3.2, RFC 1122 3.3.5).
 *
 * No state. Fragments point into the original packet (struct pbuf_custom_ref), or are copies where
 * drivers want one buffer (LWIP_NETIF_TX_SINGLE_PBUF). Every fragment carries at least 8 bytes, so
 * the loop ends after at most 8,192 of them.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip4_frag.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "wire/ip4.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4 && IP_FRAG

/** A packet being cut up. */
struct cutting {
  struct pbuf *p;
  struct ip4_header h;       /* of the original */
  u8_t options[IP_HLEN_MAX]; /* its options; after the first fragment only the copied ones */
  u16_t options_len;
  u16_t from; /* where in `p` the next fragment's payload begins */
};

#if LWIP_NETIF_TX_SINGLE_PBUF

/** Copy `len` bytes of the original behind the header, for which `head` has room already. */
static bool append_payload(struct pbuf *head, const struct cutting *c, u16_t len)
{
  u16_t header_len = (u16_t)(head->len - len);
  return pbuf_copy_partial(c->p, (u8_t *)head->payload + header_len, len, c->from) == len;
}

#else

static void free_reference(struct pbuf *p)
{
  struct pbuf_custom_ref *ref = (struct pbuf_custom_ref *)(void *)p;
  pbuf_free(ref->original);
  memp_free(MEMP_FRAG_PBUF, ref);
}

/** A pbuf of `len` bytes at `data`, which keeps `original` alive. */
static struct pbuf *make_reference(struct pbuf *original, void *data, u16_t len)
{
  struct pbuf_custom_ref *ref = (struct pbuf_custom_ref *)memp_malloc(MEMP_FRAG_PBUF);
  if (ref == NULL) {
    return NULL;
  }
  ref->pc.custom_free_function = free_reference;
  struct pbuf *p = pbuf_alloced_custom(PBUF_RAW, len, PBUF_REF, &ref->pc, data, len);
  if (p == NULL) {
    memp_free(MEMP_FRAG_PBUF, ref);
    return NULL;
  }
  pbuf_ref(original);
  ref->original = original;
  return p;
}

/** Let `head` be followed by `len` bytes of the original, without copying them. */
static bool append_payload(struct pbuf *head, const struct cutting *c, u16_t len)
{
  u16_t offset;
  struct pbuf *q = pbuf_skip(c->p, c->from, &offset);
  while (len > 0) {
    u16_t part_len = LWIP_MIN(len, (u16_t)(q->len - offset));
    if (part_len > 0) {
      struct pbuf *part = make_reference(q, (u8_t *)q->payload + offset, part_len);
      if (part == NULL) {
        return false;
      }
      pbuf_cat(head, part);
    }
    len = (u16_t)(len - part_len);
    offset = 0;
    q = q->next;
  }
  return true;
}

#endif

static struct pbuf *make_fragment(const struct cutting *c, const struct netif *netif, u16_t len,
                                  bool is_last)
{
  struct ip4_header h = c->h;
  u16_t payload_at = c->h.header_len;
  h.header_len = (u16_t)(IP_HLEN + c->options_len);
  h.total_len = (u16_t)(h.header_len + len);
  h.offset = (u16_t)(c->h.offset + (c->from - payload_at));
  h.more_fragments = !is_last || c->h.more_fragments;
  u16_t head_len = LWIP_NETIF_TX_SINGLE_PBUF ? h.total_len : h.header_len;
  struct pbuf *head = pbuf_alloc(PBUF_LINK, head_len, PBUF_RAM);
  if (head == NULL) {
    return NULL;
  }
  u8_t *bytes = (u8_t *)head->payload;
  ip4_build(bytes, &h);
  memcpy(bytes + IP_HLEN, c->options, c->options_len);
  LWIP_UNUSED_ARG(netif);
  if (IP4_GENERATES(IP, netif)) {
    ip4_put_checksum(bytes, h.header_len);
  }
  if (!append_payload(head, c, len)) {
    pbuf_free(head);
    return NULL;
  }
  return head;
}

static err_t send_fragment(const struct cutting *c, struct netif *netif, const ip4_addr_t *next,
                           u16_t len, bool is_last)
{
  struct pbuf *fragment = make_fragment(c, netif, len, is_last);
  if (fragment == NULL) {
    IPFRAG_STATS_INC(ip_frag.memerr);
    return ERR_MEM;
  }
  IPFRAG_STATS_INC(ip_frag.xmit);
  MIB2_STATS_INC(mib2.ipfragcreates);
  err_t err = netif->output(netif, fragment, next);
  pbuf_free(fragment);
  return err;
}

/** Look at the packet's header. */
static bool cutting_begin(struct cutting *c, struct pbuf *p)
{
  u8_t buf[IP_HLEN_MAX];
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, IP_HLEN, 0);
  if (bytes == NULL || ip4_parse(&c->h, bytes, p->tot_len) != DROP_NONE) {
    return false;
  }
  c->p = p;
  c->options_len = (u16_t)(c->h.header_len - IP_HLEN);
  pbuf_copy_partial(p, c->options, c->options_len, IP_HLEN);
  c->from = c->h.header_len;
  return true;
}

err_t ip4_frag_to(struct pbuf *p, struct netif *netif, const ip4_addr_t *next, u16_t mtu)
{
  struct cutting c;
  err_t err = ERR_OK;
  if (!cutting_begin(&c, p) || mtu < c.h.header_len + IP_MIN_FRAG_LENGTH) {
    MIB2_STATS_INC(mib2.ipfragfails);
    return ERR_VAL;
  }
  c.h.dont_fragment = false;
  while (err == ERR_OK && c.from < p->tot_len) {
    u16_t room = (u16_t)(mtu - IP_HLEN - c.options_len);
    u16_t left = (u16_t)(p->tot_len - c.from);
    bool is_last = left <= room;
    u16_t len = is_last ? left : (u16_t)(room & ~7);
    err = send_fragment(&c, netif, next, len, is_last);
    c.from = (u16_t)(c.from + len);
    /* Options without the copied flag are in the first fragment alone: security vector B3-57. */
    if (c.from == c.h.header_len + len && c.h.offset == 0) {
      u8_t all[IP_HLEN_MAX];
      memcpy(all, c.options, c.options_len);
      c.options_len = (u16_t)ip4_copied_options(c.options, all, c.options_len);
    }
  }
  if (err == ERR_OK) {
    MIB2_STATS_INC(mib2.ipfragoks);
  } else {
    MIB2_STATS_INC(mib2.ipfragfails);
  }
  return err;
}

err_t ip4_frag(struct pbuf *p, struct netif *netif, const ip4_addr_t *dest)
{
  struct cutting c;
  LWIP_ASSERT_CORE_LOCKED();
  if (netif->mtu == 0 || !cutting_begin(&c, p)) {
    return ERR_VAL;
  }
  return c.h.dont_fragment ? ERR_IF : ip4_frag_to(p, netif, dest, netif->mtu);
}

#endif
