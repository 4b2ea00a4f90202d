/**
 * @file
 * Fragmenting packets that are longer than the path MTU (RFC 8200 4.5, 5).
 *
 * Only their source fragments IPv6 packets. Headers that every hop reads, up to the last
 * hop-by-hop or routing header, go into every fragment; all others, which RFC 7112 wants in the
 * first fragment together with the transport's, are at most CHAIN_LEN_MAX bytes. A packet that fits
 * is never made an "atomic" fragment (RFC 8021). Every fragment carries at least 8 bytes, so the
 * loop ends after at most 8,192 of them, whatever the MTU (security vector B5-94).
 *
 * Identifications (RFC 7739): one counter for all destinations would let anyone count what we send
 * to others, and guess it. Hence counters in a table, found by a keyed hash of source and
 * destination, that advance by a random step; what the hash adds makes two destinations that share
 * a counter unrelated.
 *
 * State: the key and the counters.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip6_frag.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "gossamer/pmtu.h"
#include "gossamer/state.h"
#include "base/random.h"
#include "base/siphash.h"
#include "wire/bytes.h"
#include "wire/ip6.h"
#include "ip/frag.h"
#include "ip/v6/ip6_module.h"
#include "ip/v6/ip6_reass.h"

#if LWIP_IPV6 && LWIP_IPV6_FRAG

/** All headers in front of the transport's. */
#define CHAIN_LEN_MAX 256

/** Offset of the payload length in the fixed header. */
#define PAYLOAD_LEN_AT 4

#define ID_COUNTERS (LWIP_MULTI_INSTANCE ? 256 : 8)

/** Largest step of a counter. */
#define ID_STEP_MAX 8

struct ip6_id_state {
  u8_t key[SIPHASH_KEY_LEN];
  u32_t counter[ID_COUNTERS];
  bool is_keyed;
};

STACK_STATE(struct ip6_id_state, ids);

/** @param addresses  source and destination as in the header, 32 bytes */
static u32_t id_next(const u8_t *addresses)
{
  u32_t words[8];
  memcpy(words, addresses, sizeof words);
  if (!ids()->is_keyed) {
    random_key(ids()->key, "ip6 id");
    random_bytes(ids()->counter, sizeof ids()->counter);
    ids()->is_keyed = true;
  }
  u64_t hash = siphash24(ids()->key, words, sizeof words);
  u32_t *counter = &ids()->counter[(u32_t)hash % ID_COUNTERS];
  *counter += 1 + random_below(ID_STEP_MAX);
  return *counter + (u32_t)(hash >> 32);
}

/** A packet being cut up. */
struct cutting {
  struct pbuf *p;
  u32_t id;
  u16_t header_len; /* what goes into every fragment */
  u16_t nexth_at;   /* of the field in it that shall name the fragment header */
  u16_t from;       /* where in `p` the next fragment's payload begins */
  u8_t nexth;       /* what the field names in the original */
};

static struct pbuf *make_fragment(const struct cutting *c, u16_t len, bool is_last)
{
  const struct ip6_fragment f = {.id = c->id,
                                 .offset = (u16_t)(c->from - c->header_len),
                                 .more_fragments = !is_last,
                                 .nexth = c->nexth};
  u16_t headers_len = (u16_t)(c->header_len + IP6_FRAG_HLEN);
  struct pbuf *head = frag_alloc_head(headers_len, len);
  if (head == NULL) {
    return NULL;
  }
  u8_t *bytes = (u8_t *)head->payload;
  pbuf_copy_partial(c->p, bytes, c->header_len, 0);
  bytes[c->nexth_at] = IP6_NEXTH_FRAGMENT;
  bytes_put16(bytes + PAYLOAD_LEN_AT, (u16_t)(headers_len + len - IP6_HLEN));
  ip6_build_fragment(bytes + c->header_len, &f);
  if (!frag_append_payload(head, c->p, c->from, len)) {
    pbuf_free(head);
    return NULL;
  }
  return head;
}

static err_t send_fragment(const struct cutting *c, struct netif *netif, const ip6_addr_t *next,
                           u16_t len, bool is_last)
{
  struct pbuf *fragment = make_fragment(c, len, is_last);
  if (fragment == NULL) {
    IP6_FRAG_STATS_INC(ip6_frag.memerr);
    return ERR_MEM;
  }
  IP6_FRAG_STATS_INC(ip6_frag.xmit);
  err_t err = netif->output_ip6(netif, fragment, next);
  pbuf_free(fragment);
  return err;
}

/** Look at the packet's headers. */
static bool cutting_begin(struct cutting *c, struct pbuf *p)
{
  u8_t buf[CHAIN_LEN_MAX];
  struct ip6_walk w;
  u16_t len = LWIP_MIN(p->tot_len, (u16_t)sizeof buf);
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, len, 0);
  if (bytes == NULL || len < IP6_HLEN || bytes[0] >> 4 != 6 || !ip6_walk(&w, bytes, len)) {
    return false;
  }
  c->p = p;
  c->header_len = c->from = w.fragmentable_at;
  c->nexth_at = w.fragmentable_nexth_at;
  c->nexth = bytes[c->nexth_at];
  if (c->nexth == IP6_NEXTH_FRAGMENT) {
    return false; /* fragments of fragments are refused everywhere */
  }
  c->id = id_next(bytes + 8);
  return true;
}

err_t ip6_frag_to(struct pbuf *p, struct netif *netif, const ip6_addr_t *next_hop, u16_t mtu)
{
  struct cutting c;
  err_t err = ERR_OK;
  mtu = LWIP_MAX(mtu, LWIP_MIN(ip6_link_mtu(netif), PMTU_IP6_FLOOR));
  if (!cutting_begin(&c, p) || mtu < c.header_len + IP6_FRAG_HLEN + 8) {
    return ERR_VAL;
  }
  u16_t room = (u16_t)(mtu - c.header_len - IP6_FRAG_HLEN);
  while (err == ERR_OK && c.from < p->tot_len) {
    u16_t left = (u16_t)(p->tot_len - c.from);
    bool is_last = left <= room;
    u16_t len = is_last ? left : (u16_t)(room & ~7);
    err = send_fragment(&c, netif, next_hop, len, is_last);
    c.from = (u16_t)(c.from + len);
  }
  return err;
}

err_t ip6_frag(struct pbuf *p, struct netif *netif, const ip6_addr_t *dest)
{
  ip_addr_t generic;
  LWIP_ASSERT_CORE_LOCKED();
  ip_addr_copy_from_ip6(generic, *dest);
  u16_t mtu = pmtu_get(&generic, ip6_link_mtu(netif));
  ip6_addr_t next_hop = ip6_next_hop(netif, dest);
  if (p->tot_len <= mtu) {
    return netif->output_ip6(netif, p, &next_hop);
  }
  return ip6_frag_to(p, netif, &next_hop, mtu);
}

#endif
