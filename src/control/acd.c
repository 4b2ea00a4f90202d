/**
 * @file
 * Address conflict detection: claims an address by probes, announces it, and defends it.
 *
 * State: struct acd of each address, in the list of its netif.
 *
 *   OFF -- acd_start() --> PROBE_WAIT --> PROBING --> ANNOUNCE_WAIT -- ACD_IP_OK --> ANNOUNCING
 *    ^                         |             |              |                           |
 *    |                         +-- conflict -+--------------+                           v
 *    |                                  v                                            ONGOING
 *    +-- ACD_RESTART_CLIENT -- RATE_LIMIT <-- second conflict in DEFEND_INTERVAL -------+
 *
 * Invariants: a callback is the last thing that is done with a struct acd, since its owner may
 * start it anew, remove it, or remove the netif. The timer is set in all states but OFF, ONGOING
 * and PASSIVE_ONGOING.
 *
 * RFC 5227 2; RFC 3927 2.2 to 2.5 says the same of link-local addresses.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_ACD

#include <string.h>
#include "lwip/acd.h"
#include "lwip/debug.h"
#include "lwip/priv/netif_fields.h"
#include "gossamer/stack.h"
#include "base/random.h"
#include "control/control_module.h"
#include "link/netif_usable.h"
#include "wire/arp.h"

enum {
  ACD_QUICK = DHCP_DOES_ARP_CHECK,
  ACD_QUICK_MS = 500,
  ACD_PROBE_WAIT_MS = ACD_QUICK ? 0 : PROBE_WAIT * 1000,
  ACD_PROBE_MIN_MS = ACD_QUICK ? ACD_QUICK_MS : PROBE_MIN * 1000,
  ACD_PROBE_SPREAD_MS = ACD_QUICK ? 0 : (PROBE_MAX - PROBE_MIN) * 1000,
  ACD_PROBE_NUM = ACD_QUICK ? 2 : PROBE_NUM,
  ACD_ANNOUNCE_WAIT_MS = ACD_QUICK ? ACD_QUICK_MS : ANNOUNCE_WAIT * 1000
};

static void acd_due(struct timer *t);

static void acd_wait(struct acd *acd, acd_state_enum_t state, u32_t ms)
{
  acd->state = state;
  timer_set(&acd->timer, acd_due, ms);
}

static void acd_probe(struct acd *acd)
{
  acd->sent_num++;
  if (acd->sent_num < ACD_PROBE_NUM) {
    acd_wait(acd, ACD_STATE_PROBING, ACD_PROBE_MIN_MS + random_jitter(ACD_PROBE_SPREAD_MS + 1));
  } else {
    acd_wait(acd, ACD_STATE_ANNOUNCE_WAIT, ACD_ANNOUNCE_WAIT_MS);
  }
  etharp_acd_probe(acd->netif, &acd->ipaddr);
}

/** Nobody has it: from the first announcement on it may be used (RFC 5227 2.3). */
static void acd_take(struct acd *acd)
{
  acd->sent_num = 1;
  acd->num_conflicts = 0;
  acd->is_defended = 0;
  acd_wait(acd, ACD_STATE_ANNOUNCING, ANNOUNCE_INTERVAL * 1000);
  etharp_acd_announce(acd->netif, &acd->ipaddr);
  acd->acd_conflict_callback(acd->netif, ACD_IP_OK);
}

static void acd_announce(struct acd *acd)
{
  acd->sent_num++;
  if (acd->sent_num < ANNOUNCE_NUM) {
    acd_wait(acd, ACD_STATE_ANNOUNCING, ANNOUNCE_INTERVAL * 1000);
  } else {
    acd->state = ACD_STATE_ONGOING;
  }
  etharp_acd_announce(acd->netif, &acd->ipaddr);
}

static void acd_due(struct timer *t)
{
  struct acd *acd = TIMER_OWNER(t, struct acd, timer);
  switch (acd->state) {
  case ACD_STATE_PROBE_WAIT:
  case ACD_STATE_PROBING:
    acd_probe(acd);
    break;
  case ACD_STATE_ANNOUNCE_WAIT:
    acd_take(acd);
    break;
  case ACD_STATE_ANNOUNCING:
    acd_announce(acd);
    break;
  case ACD_STATE_RATE_LIMIT:
    acd->state = ACD_STATE_OFF;
    acd->acd_conflict_callback(acd->netif, ACD_RESTART_CLIENT);
    break;
  default:
    break;
  }
}

/** Somebody else has the address: give it up, and say when the owner may try again. */
static void acd_lose(struct acd *acd)
{
  bool is_limited = acd->num_conflicts >= MAX_CONFLICTS;
  if (acd->num_conflicts < 0xff) {
    acd->num_conflicts++;
  }
  acd_wait(acd, ACD_STATE_RATE_LIMIT, is_limited ? RATE_LIMIT_INTERVAL * 1000U : 0);
  acd->acd_conflict_callback(acd->netif, ACD_DECLINE);
}

/** In use: insist once in DEFEND_INTERVAL, then give in (RFC 5227 2.4 (b)). */
static void acd_defend(struct acd *acd)
{
  u32_t now_ms = stack_now();
  if (acd->is_defended && now_ms - acd->defended_ms < DEFEND_INTERVAL * 1000U) {
    acd_lose(acd);
    return;
  }
  acd->is_defended = 1;
  acd->defended_ms = now_ms;
  etharp_acd_announce(acd->netif, &acd->ipaddr);
}

static bool acd_is_claiming(const struct acd *acd)
{
  return acd->state >= ACD_STATE_PROBE_WAIT && acd->state <= ACD_STATE_ANNOUNCE_WAIT;
}

static bool acd_is_using(const struct acd *acd)
{
  return acd->state == ACD_STATE_ANNOUNCING || acd->state == ACD_STATE_ONGOING;
}

/** Does the message say that its sender has, or wants, the address? */
static bool acd_is_conflict(const struct acd *acd, const struct arp_message *m)
{
  if (ip4_addr_eq(&m->sender_ip, &acd->ipaddr)) {
    return acd_is_claiming(acd) || acd_is_using(acd) || acd->state == ACD_STATE_PASSIVE_ONGOING;
  }
  /* Another one probes for it at the same time (RFC 5227 2.1.1). */
  return acd_is_claiming(acd) && m->op == ARP_REQUEST && ip4_addr_isany_val(m->sender_ip) &&
         ip4_addr_eq(&m->target_ip, &acd->ipaddr);
}

static bool acd_heard(struct netif *netif, const struct arp_message *m)
{
  struct acd *acd = netif->acd_list;
  if (memcmp(m->sender_mac.addr, netif->hwaddr, sizeof m->sender_mac.addr) == 0) {
    return false; /* our own, that came back */
  }
  while (acd != NULL && !acd_is_conflict(acd, m)) {
    acd = acd->next;
  }
  if (acd == NULL) {
    return false;
  }
  LWIP_DEBUGF(ACD_DEBUG | LWIP_DBG_TRACE, ("acd: conflict in state %d\n", (int)acd->state));
  if (acd_is_using(acd)) {
    acd_defend(acd);
  } else {
    acd_lose(acd);
  }
  return true;
}

static bool acd_is_guarded(const struct netif *netif, const ip4_addr_t *addr)
{
  const struct acd *acd = netif->acd_list;
  while (acd != NULL && !(acd_is_using(acd) && ip4_addr_eq(&acd->ipaddr, addr))) {
    acd = acd->next;
  }
  return acd != NULL;
}

const struct arp_guard acd_guard = {.heard = acd_heard, .is_guarded = acd_is_guarded};

void acd_arp_reply(struct netif *netif, struct etharp_hdr *hdr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct arp_message m;
  if (arp_parse(&m, (const u8_t *)hdr, ARP_LEN) == DROP_NONE) {
    acd_heard(netif, &m);
  }
}

static bool acd_is_listed(const struct netif *netif, const struct acd *acd)
{
  const struct acd *a = netif->acd_list;
  while (a != NULL && a != acd) {
    a = a->next;
  }
  return a != NULL;
}

err_t acd_add(struct netif *netif, struct acd *acd, acd_conflict_callback_t acd_conflict_callback)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("acd_add: missing argument",
             netif != NULL && acd != NULL && acd_conflict_callback != NULL, return ERR_ARG);
  acd->acd_conflict_callback = acd_conflict_callback;
  acd->netif = netif;
  if (!acd_is_listed(netif, acd)) {
    acd->next = netif->acd_list;
    netif->acd_list = acd;
  }
  return ERR_OK;
}

err_t acd_stop(struct acd *acd)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("acd_stop: no acd", acd != NULL, return ERR_ARG);
  acd->state = ACD_STATE_OFF;
  timer_cancel(&acd->timer);
  return ERR_OK;
}

void acd_remove(struct netif *netif, struct acd *acd)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("acd_remove: missing argument", netif != NULL && acd != NULL, return );
  struct acd **at = &netif->acd_list;
  while (*at != NULL && *at != acd) {
    at = &(*at)->next;
  }
  if (*at != NULL) {
    acd_stop(acd);
    *at = acd->next;
    acd->next = NULL;
  }
}

err_t acd_start(struct netif *netif, struct acd *acd, ip4_addr_t ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("acd_start: missing argument", netif != NULL && acd != NULL, return ERR_ARG);
  if (!acd_is_listed(netif, acd)) {
    return ERR_VAL;
  }
  acd->ipaddr = ipaddr;
  acd->sent_num = 0;
  /* Spread, so that hosts that start together do not probe together (RFC 5227 2.1.1). */
  acd_wait(acd, ACD_STATE_PROBE_WAIT, random_jitter(ACD_PROBE_WAIT_MS + 1));
  return ERR_OK;
}

void acd_tmr(void)
{
}

void acd_network_changed_link_down(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("acd_network_changed_link_down: no netif", netif != NULL, return );
  for (struct acd *acd = netif->acd_list; acd != NULL; acd = acd->next) {
    acd_stop(acd);
  }
}

void acd_netif_ip_addr_changed(struct netif *netif, const ip_addr_t *old_addr,
                               const ip_addr_t *new_addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  const ip4_addr_t *was = ip_2_ip4(old_addr);
  const ip4_addr_t *is = ip_2_ip4(new_addr);
  bool is_passive = ip4_addr_islinklocal(was) && !ip4_addr_isany(is) && !ip4_addr_islinklocal(is);
  for (struct acd *acd = netif->acd_list; acd != NULL; acd = acd->next) {
    if (acd_is_using(acd) && ip4_addr_eq(&acd->ipaddr, was) && !ip4_addr_eq(was, is)) {
      acd_stop(acd);
      acd->state = is_passive ? ACD_STATE_PASSIVE_ONGOING : ACD_STATE_OFF;
    } else if (acd->state == ACD_STATE_PASSIVE_ONGOING && ip4_addr_eq(&acd->ipaddr, is)) {
      acd->state = ACD_STATE_ONGOING;
    }
  }
}

static void acd_netif_changed(struct netif *netif, enum netif_change what,
                              const ip_addr_t *old_addr)
{
  if (what == NETIF_CHANGE_IP4) {
    acd_netif_ip_addr_changed(netif, old_addr, &netif->ip_addr);
  } else if (what == NETIF_CHANGE_DOWN) {
    acd_network_changed_link_down(netif);
  }
  while (what == NETIF_CHANGE_REMOVED && netif->acd_list != NULL) {
    acd_remove(netif, netif->acd_list);
  }
}

const struct net_module acd_module = {.name = "acd", .netif_changed = acd_netif_changed};

#endif /* LWIP_IPV4 && LWIP_ACD */
