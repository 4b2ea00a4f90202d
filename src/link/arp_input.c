/**
 * @file
 * Received ARP: answers, requests, conflicts, and how much of what others say is believed.
 *
 * State: a timer that runs while our address has just been defended.
 *
 * ARP has no authentication, so the cache believes as little as works:
 *
 * - Only an answer that was waited for, or a request to us, makes an entry.
 * - Somebody else who claims a known neighbour's address makes us ask that neighbour: by unicast at
 *   the address we know, and only if it is silent by broadcast, whose answer is believed. A live
 *   neighbour cannot be displaced, and one that has moved is found within two seconds.
 * - Whoever made a message must have sent its frame.
 *
 * Deviation: RFC 826 lets any message change an entry at once, and RFC 5227 2.3 counts on it.
 *
 * RFC 826, RFC 5227 (conflicts), RFC 3927 2.5.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/etharp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "netif/ethernet.h"
#include "gossamer/netif_addr.h"
#include "gossamer/timer.h"
#include "link/arp_priv.h"
#include "link/link_module.h"
#include "link/netif_ip4.h"
#include "wire/eth.h"

#if LWIP_IPV4 && LWIP_ARP

STACK_STATE(struct timer, defence);

static void defence_over(struct timer *t)
{
  LWIP_UNUSED_ARG(t);
}

/** Somebody uses our address: say once in ten seconds that it is ours (RFC 5227 2.4 (b)). */
static void defend(struct netif *netif, const ip4_addr_t *ip)
{
  if (!timer_is_set(defence())) {
    timer_set(defence(), defence_over, ARP_DEFEND_INTERVAL_MS);
    arp_transmit(netif, ARP_REQUEST, ip, ip, NULL);
  }
}

/** Can a host have that address? */
static bool is_host_address(const ip4_addr_t *ip, const struct netif *netif)
{
  return !ip4_addr_isbroadcast(ip, netif) && !ip4_addr_isloopback(ip) &&
         lwip_ntohl(ip->addr) < 0xe0000000UL; /* no group, not reserved */
}

static enum drop_reason check_sender(const struct arp_message *m, struct netif *netif,
                                     const struct eth_addr *src_mac)
{
  if (eth_is_group(&m->sender_mac) || eth_addr_eq(&m->sender_mac, &ethzero) ||
      (src_mac != NULL && !eth_addr_eq(&m->sender_mac, src_mac))) {
    return DROP_ARP_BAD_SENDER_MAC;
  }
  bool is_probe = m->op == ARP_REQUEST && ip4_addr_isany_val(m->sender_ip); /* RFC 5227 1.1 */
  if (!is_probe && !is_host_address(&m->sender_ip, netif)) {
    return DROP_ARP_BAD_SENDER_IP;
  }
  if (LWIP_ACD && arp_guard->heard(netif, m)) {
    return DROP_ARP_CONFLICT;
  }
  if (netif_ip4_owns(netif, &m->sender_ip)) {
    defend(netif, &m->sender_ip);
    return DROP_ARP_CONFLICT;
  }
  return DROP_NONE;
}

/**
 * A message says that the neighbour of `e` is at `mac`.
 *
 * @param is_to_us  it was sent for us, so it may be the answer that we wait for
 * @return whether that is believed
 */
static bool believe(struct arp_entry *e, const struct eth_addr *mac, bool is_to_us)
{
  if (e->status == ARP_STATIC) {
    return false;
  }
  if (arp_is_resolved(e) && eth_addr_eq(&e->mac, mac)) {
    arp_confirm(e);
    return true;
  }
  bool is_silent = e->status == ARP_CHECKING && e->tries > ARP_UNICAST_TRIES;
  if (is_to_us && (is_silent || e->status == ARP_PENDING || e->status == ARP_LEARNED)) {
    arp_resolve(e, mac, (e->status == ARP_LEARNED) ? ARP_LEARNED : ARP_STABLE);
    return true;
  }
  arp_check(e, ARP_UNICAST_TRIES - 1);
  return false;
}

/** Who asks us will be sent something: remember it, if that costs no live neighbour its entry. */
static void learn(struct netif *netif, const struct arp_message *m)
{
  if (!netif_ip4_on_link(netif, &m->sender_ip) &&
      !ip4_addr_eq(&m->sender_ip, netif_ip4_gw(netif))) {
    return; /* we would not send to it directly */
  }
  struct arp_entry *e = arp_create(netif, &m->sender_ip, ARP_WORTH_IDLE);
  if (e != NULL) {
    arp_resolve(e, &m->sender_mac, ARP_LEARNED);
  }
}

static enum drop_reason handle(const struct arp_message *m, struct netif *netif)
{
  bool is_to_us = netif_ip4_owns(netif, &m->target_ip);
  bool is_probe = ip4_addr_isany_val(m->sender_ip);
  struct arp_entry *e = is_probe ? NULL : arp_find(netif, &m->sender_ip);
  bool is_believed = e != NULL && believe(e, &m->sender_mac, is_to_us);
  if (m->op == ARP_REPLY) {
    return is_believed ? DROP_NONE : DROP_ARP_UNSOLICITED;
  }
  if (!is_to_us) {
    return is_believed ? DROP_NONE : DROP_ARP_NOT_FOR_US;
  }
  if (e == NULL && !is_probe) {
    learn(netif, m);
  }
  arp_transmit(netif, ARP_REPLY, &m->target_ip, &m->sender_ip, &m->sender_mac);
  return DROP_NONE;
}

void arp_rx(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac)
{
  u8_t buf[ARP_LEN];
  struct arp_message m;
  ETHARP_STATS_INC(etharp.recv);
  const u8_t *bytes = (const u8_t *)pbuf_get_contiguous(p, buf, sizeof buf, ARP_LEN, 0);
  enum drop_reason bad = arp_parse(&m, bytes, (bytes != NULL) ? ARP_LEN : 0);
  if (bad == DROP_NONE) {
    bad = check_sender(&m, netif, src_mac);
  }
  if (bad == DROP_NONE) {
    bad = handle(&m, netif);
  }
  if (bad != DROP_NONE) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

void etharp_input(struct pbuf *p, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  arp_rx(p, netif, NULL);
}

/** Tell the neighbours all our addresses (RFC 5227 3). */
static void announce(struct netif *netif)
{
  if (!netif_is_flag_set(netif, NETIF_FLAG_ETHARP) || !netif_is_usable(netif)) {
    return;
  }
  bool is_guarded = LWIP_ACD && arp_guard->is_guarded(netif, netif_ip4_addr(netif));
  if (!ip4_addr_isany_val(*netif_ip4_addr(netif)) && !is_guarded) {
    etharp_gratuitous(netif);
  }
  for (int i = 0; i < NETIF_IP4_NUM_EXTRA; i++) {
    const ip4_addr_t *extra = netif_ip4_extra_addr(netif, i);
    if (!ip4_addr_isany_val(*extra)) {
      arp_transmit(netif, ARP_REQUEST, extra, extra, NULL);
    }
  }
}

static void arp_netif_changed(struct netif *netif, enum netif_change what,
                              const ip_addr_t *old_addr)
{
  if (what == NETIF_CHANGE_REMOVED || what == NETIF_CHANGE_DOWN) {
    arp_release_all(netif, what == NETIF_CHANGE_REMOVED, DROP_NETIF_DOWN);
    return;
  }
  bool is_new_address =
      (what == NETIF_CHANGE_IP4 && !ip4_addr_eq(ip_2_ip4(old_addr), netif_ip4_addr(netif))) ||
      (what == NETIF_CHANGE_IP4_EXTRA && old_addr == NULL);
  if (what == NETIF_CHANGE_UP || is_new_address) {
    announce(netif);
  }
}

static void arp_fini(void)
{
  arp_release_all(NULL, true, DROP_NETIF_DOWN);
  arp_ageing_stop();
  timer_cancel(defence());
}

const struct net_module arp_module = {
    .name = "arp", .fini = arp_fini, .netif_changed = arp_netif_changed};

#endif /* LWIP_IPV4 && LWIP_ARP */
