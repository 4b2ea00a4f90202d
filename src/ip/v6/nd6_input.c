/**
 * @file
 * Received Neighbor Discovery messages: which are believed, and what they lead to (RFC 4861 7.1,
 * 7.2.3 to 7.2.5, RFC 4862 5.4, RFC 6980, RFC 7527).
 *
 * No state. Each rule is checked by itself, so that none depends on how another is written down
 * (security vector B6-100). The hop limit of 255 keeps everybody out who is not on the link;
 * nothing else here authenticates anybody, so messages make as little state as works: solicitations
 * count only when they are for us, advertisements only of neighbours that we talk to.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/prot/ethernet.h"
#include "lwip/prot/icmp6.h"
#include "lwip/stats.h"
#include "ip/ip_module.h"
#include "ip/v6/ip6_addrs.h"
#include "ip/v6/nd6_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6

bool nd6_lladdr_is_bad(const struct nd6_lladdr *ll)
{
  static const u8_t zero[NETIF_MAX_HWADDR_LEN];
  return ll->len == ETH_HWADDR_LEN &&
         ((ll->addr[0] & 1) != 0 || memcmp(ll->addr, zero, ETH_HWADDR_LEN) == 0);
}

/** Answer a solicitation for an address of ours (RFC 4861 7.2.4). */
static void answer(struct netif *netif, const ip6_addr_t *target, const ip6_addr_t *asker)
{
  ip6_addr_t dst = *asker;
  u8_t flags = netif_ip6_is_optimistic(netif, target) ? 0 : ND6_FLAG_OVERRIDE;
  if (ip6_addr_isany(asker)) {
    ip6_addr_set_allnodes_linklocal(&dst);
  } else {
    flags |= ND6_FLAG_SOLICITED;
  }
  nd6_send_na(netif, target, &dst, target, flags, true);
}

/** What the IPv6 header says (RFC 4861 7.1.1). */
static enum drop_reason check_ns(const struct nd6_ns *ns, const struct ip_rx *rx)
{
  const ip6_addr_t *src = ip_2_ip6(&rx->src);
  if (nd6_lladdr_is_bad(&ns->source_ll)) {
    return DROP_ND6_BAD_LLADDR;
  }
  if (!ip6_addr_isany(src)) {
    /* Ours: somebody else has it too, or our own message came back. Nothing of it is to be noted.
     */
    return netif_ip6_claims(rx->input_netif, src) ? DROP_ND6_BAD_SRC : DROP_NONE;
  }
  if (ns->source_ll.len != 0) {
    return DROP_ND6_BAD_LLADDR;
  }
  return ip6_addr_issolicitednode(ip_2_ip6(&rx->dst)) ? DROP_NONE : DROP_ND6_BAD_DST;
}

static enum drop_reason ns_heard(const struct nd6_ns *ns, const struct ip_rx *rx)
{
  struct netif *netif = rx->input_netif;
  const ip6_addr_t *src = ip_2_ip6(&rx->src);
  bool is_probe = ip6_addr_isany(src);
  ip6_addr_t target = ns->target;
  ip6_addr_assign_zone(&target, IP6_UNICAST, netif);
  enum drop_reason bad = check_ns(ns, rx);
  if (bad != DROP_NONE) {
    return bad;
  }
  bool is_ours = netif_ip6_owns(netif, &target);
  if ((!is_ours && netif_ip6_index(netif, &target) >= 0) ||
      (is_probe && netif_ip6_is_optimistic(netif, &target))) {
    dad_ns_heard(netif, &target, src, ns->nonce, ns->nonce_len); /* may end in netif's removal */
    return DROP_ND6_TENTATIVE;
  }
  bool is_shared = nd6_published_asked(netif, &target, src);
  if (!is_ours && !is_shared) {
    return DROP_ND6_NOT_FOR_US;
  }
  if (!is_probe) {
    nd6_neighbor_learn(netif, src, &ns->source_ll, ND6_ROLE_UNSAID);
  }
  if (!is_shared) {
    answer(netif, &target, src);
  }
  return DROP_NONE;
}

static enum drop_reason na_heard(const struct nd6_na *na, const struct ip_rx *rx)
{
  struct netif *netif = rx->input_netif;
  ip6_addr_t target = na->target;
  ip6_addr_assign_zone(&target, IP6_UNICAST, netif);
  if (nd6_lladdr_is_bad(&na->target_ll)) {
    return DROP_ND6_BAD_LLADDR;
  }
  if ((na->flags & ND6_FLAG_SOLICITED) && ip6_addr_ismulticast(ip_2_ip6(&rx->dst))) {
    return DROP_ND6_BAD_DST;
  }
  if (netif_ip6_claims(netif, &target)) {
    if (!nd6_is_anycast(netif, &target)) {
      dad_na_heard(netif, &target); /* may end in netif's removal */
    }
    return DROP_ND6_CONFLICT;
  }
  struct nd6_neighbor *e = nd6_neighbor_find(netif, &target);
  return (e != NULL) ? nd6_neighbor_advertised(e, na) : DROP_ND6_UNKNOWN_NEIGHBOR;
}

static enum drop_reason ns_rx(const u8_t *bytes, size_t len, const struct ip_rx *rx)
{
  struct nd6_ns ns;
  enum drop_reason bad = nd6_parse_ns(&ns, bytes, len, rx->input_netif->hwaddr_len);
  return (bad != DROP_NONE) ? bad : ns_heard(&ns, rx);
}

static enum drop_reason na_rx(const u8_t *bytes, size_t len, const struct ip_rx *rx)
{
  struct nd6_na na;
  enum drop_reason bad = nd6_parse_na(&na, bytes, len, rx->input_netif->hwaddr_len);
  return (bad != DROP_NONE) ? bad : na_heard(&na, rx);
}

static enum drop_reason redirect_rx(const u8_t *bytes, size_t len, const struct ip_rx *rx)
{
  struct nd6_redirect rd;
  enum drop_reason bad = nd6_parse_redirect(&rd, bytes, len, rx->input_netif->hwaddr_len);
  if (bad == DROP_NONE && nd6_lladdr_is_bad(&rd.target_ll)) {
    bad = DROP_ND6_BAD_LLADDR;
  }
  return (bad != DROP_NONE) ? bad : nd6_redirect_heard(&rd, rx);
}

/** What holds for messages of every type. `header`: type and code. */
static enum drop_reason check_any(const u8_t *header, const struct ip_rx *rx)
{
  if (rx->ttl != ND6_HOP_LIMIT) {
    return DROP_ND6_BAD_HOP_LIMIT;
  }
  if (rx->flags & (IP_RX_REASSEMBLED | IP_RX_ATOMIC)) {
    return DROP_ND6_FRAGMENTED; /* RFC 6980 5: they hide from filters what they say */
  }
  return (header[1] != 0) ? DROP_ND6_BAD_CODE : DROP_NONE;
}

/** The message in one piece; NULL: no memory, and `p` is gone. */
static struct pbuf *linearize(struct pbuf *p)
{
  struct pbuf *q = (p->len == p->tot_len) ? p : ip_pull_up(p, p->tot_len);
  if (q == NULL) {
    drop(p, DROP_ND6_NO_MEMORY);
  }
  return q;
}

void nd6_rx(struct pbuf *p, const struct ip_rx *rx)
{
  u8_t header[2] = {0, 0};
  ND6_STATS_INC(nd6.recv);
  pbuf_copy_partial(p, header, sizeof header, 0);
  enum drop_reason bad = check_any(header, rx);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return;
  }
  p = linearize(p);
  if (p == NULL) {
    return;
  }
  const u8_t *bytes = (const u8_t *)p->payload;
  switch (header[0]) {
  case ICMP6_TYPE_RS:
    nd6_rs_rx(p, rx);
    return;
  case ICMP6_TYPE_RA:
    nd6_ra_rx(p, rx);
    return;
  case ICMP6_TYPE_NS:
    bad = ns_rx(bytes, p->tot_len, rx);
    break;
  case ICMP6_TYPE_NA:
    bad = na_rx(bytes, p->tot_len, rx);
    break;
  default:
    bad = redirect_rx(bytes, p->tot_len, rx);
    break;
  }
  if (bad != DROP_NONE) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

void nd6_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  nd6_rx(p, ip_current());
}

void nd6_tmr(void)
{
}

void nd6_restart_netif(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  nd6_rs_start(netif);
}

static void neighbors_forget(struct netif *netif, bool with_static)
{
  timer_cancel(&netif->nd6.announce_timer);
  nd6_neighbors_release(netif, with_static, DROP_ND6_NETIF_DOWN);
  nd6_destinations_forget(netif);
}

void nd6_cleanup_netif(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  neighbors_forget(netif, true);
  nd6_routers_forget(netif);
}

static void nd6_netif_changed(struct netif *netif, enum netif_change what,
                              const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  if (what == NETIF_CHANGE_DOWN || what == NETIF_CHANGE_REMOVED) {
    neighbors_forget(netif, what == NETIF_CHANGE_REMOVED);
  }
  if (what == NETIF_CHANGE_REMOVED) {
    nd6_published_forget(netif);
  }
}

static void nd6_fini(void)
{
  nd6_cache_fini();
  nd6_next_hop_fini();
  nd6_published_forget(NULL);
}

const struct net_module nd6_module = {
    .name = "nd6", .fini = nd6_fini, .netif_changed = nd6_netif_changed};

#endif /* LWIP_IPV6 && LWIP_ND6 */
