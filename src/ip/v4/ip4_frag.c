/**
 * @file
 * Fragmenting packets that are longer than the MTU (RFC 791 3.2, RFC 1122 3.3.5).
 *
 * No state. Every fragment carries at least 8 bytes, so the loop ends after at most 8,192 of them.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip4_frag.h"
#include "lwip/stats.h"
#include "wire/ip4.h"
#include "ip/frag.h"
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

static struct pbuf *make_fragment(const struct cutting *c, const struct netif *netif, u16_t len,
                                  bool is_last)
{
  struct ip4_header h = c->h;
  u16_t payload_at = c->h.header_len;
  h.header_len = (u16_t)(IP_HLEN + c->options_len);
  h.total_len = (u16_t)(h.header_len + len);
  h.offset = (u16_t)(c->h.offset + (c->from - payload_at));
  h.more_fragments = !is_last || c->h.more_fragments;
  struct pbuf *head = frag_alloc_head(h.header_len, len);
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
  if (!frag_append_payload(head, c->p, c->from, len)) {
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
