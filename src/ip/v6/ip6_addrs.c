/**
 * @file
 * Our IPv6 addresses in the course of time: what has to follow from every change of a slot, and
 * lifetimes.
 *
 * State: in struct netif. A slot's timer is set while DAD or a failed join is to go on, the netif's
 * (ip6_conf.life) while a lifetime can end.
 *
 * Invariants, whenever nothing of this is running: tentative addresses of a usable netif are being
 * probed, others are not; the solicited-node group of an address is joined while the netif is
 * usable and the address neither invalid nor duplicated (but for the random delay before DAD, and
 * where there was no memory); ip6_conf.life is due when the first lifetime ends.
 *
 * RFC 4862 5.4, 5.5.4 (lifetimes), RFC 4291 2.7.1 (solicited-node groups).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/priv/ip6_addr_hooks.h"
#include "gossamer/ip6_config.h"
#include "ip/v6/ip6_addrs.h"
#include "ip/v6/nd6_module.h"

#if LWIP_IPV6

#include "ip/v6/ip6_addrs_priv.h"

/** A join that had no memory is tried again so often, once a second. Input takes the group's
   packets in the meantime (netif_ip6_is_solicited_node()); only a MAC filter or a switch may not.
 */
#define JOIN_FAILS_MAX      5
#define JOIN_RETRY_DELAY_MS 1000U

static void slot_due(struct timer *t)
{
  struct ip6_slot *slot = TIMER_OWNER(t, struct ip6_slot, timer);
  struct netif *netif = TIMER_OWNER(slot - slot->index, struct netif, ip6_slot);
  int i = slot->index;
  if (ip6_slot_has(netif, i, IP6_SLOT_PROBING)) {
    dad_step(netif, i);
  } else if (!ip6_slot_join(netif, i)) {
    ip6_slot_wake_in(netif, i, JOIN_RETRY_DELAY_MS);
  }
}

void ip6_slot_wake_in(struct netif *netif, int i, u32_t delay_ms)
{
  netif->ip6_slot[i].index = (u8_t)i;
  timer_set(&netif->ip6_slot[i].timer, slot_due, delay_ms);
}

/* --- groups --- */

/** Leave the group joined for slot `i`, and join the one whose last word is `want` (0: none). */
static bool slot_switch_group(struct netif *netif, int i, u32_t want)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  ip6_addr_t group;
  if (slot->group == want) {
    return true;
  }
  if (slot->group != 0) {
    ip6_addr_set_solicitednode(&group, slot->group);
    ip6_addr_assign_zone(&group, IP6_MULTICAST, netif);
    slot->group = 0;
    ip6_group_leave(netif, &group);
  }
  if (want == 0) {
    return true;
  }
  ip6_addr_set_solicitednode(&group, want);
  ip6_addr_assign_zone(&group, IP6_MULTICAST, netif);
  if (!ip6_group_join(netif, &group)) {
    slot->join_fails++;
    return slot->join_fails > JOIN_FAILS_MAX;
  }
  slot->group = want;
  slot->join_fails = 0;
  return true;
}

/** Last word of the group of slot `i` in `state`; 0: it has none, as ::1, which nobody asks for. */
static u32_t slot_group(const struct netif *netif, int i, u8_t state)
{
  if (ip6_addr_isinvalid(state) || ip6_addr_isduplicated(state) ||
      ip6_addr_isloopback(netif_ip6_addr(netif, i))) {
    return 0;
  }
  return netif_ip6_addr(netif, i)->addr[3] | PP_HTONL(0xff000000UL);
}

bool ip6_slot_join(struct netif *netif, int i)
{
  bool is_time = netif_is_usable(netif) && !ip6_slot_has(netif, i, IP6_SLOT_DELAYED);
  return slot_switch_group(netif, i,
                           is_time ? slot_group(netif, i, netif_ip6_addr_state(netif, i)) : 0);
}

/** lwip/nd6.h declares it where there is MLD. */
void nd6_adjust_mld_membership(struct netif *netif, s8_t addr_idx, u8_t new_state);

void nd6_adjust_mld_membership(struct netif *netif, s8_t addr_idx, u8_t new_state)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif != NULL && addr_idx >= 0 && addr_idx < LWIP_IPV6_NUM_ADDRESSES) {
    slot_switch_group(netif, addr_idx, slot_group(netif, addr_idx, new_state));
  }
}

/* --- what follows from a change --- */

/** @return false: the netif is gone */
static bool slot_sync(struct netif *netif, int i)
{
  bool is_tentative = ip6_addr_istentative(netif_ip6_addr_state(netif, i)) != 0;
  bool may_probe = is_tentative && netif_is_usable(netif);
  if (!may_probe || !ip6_slot_has(netif, i, IP6_SLOT_PROBING)) {
    ip6_slot_remove(netif, i, IP6_SLOT_PROBING);
    timer_cancel(&netif->ip6_slot[i].timer);
  }
  if (may_probe) {
    return ip6_slot_has(netif, i, IP6_SLOT_PROBING) || dad_start(netif, i);
  }
  if (!ip6_slot_join(netif, i)) {
    ip6_slot_wake_in(netif, i, JOIN_RETRY_DELAY_MS);
  }
  return true;
}

static void netif_sync(struct netif *netif)
{
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!slot_sync(netif, i)) {
      return;
    }
  }
  ip6_lifetimes_settle(netif);
}

/** A new link may have a host with our address: look again at whatever we looked at before. */
static void netif_came_up(struct netif *netif)
{
  netif->ip6_conf.flags &= (u8_t)~IP6_CONF_STOPPED;
  netif->ip6_conf.temp_retries = 0;
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (ip6_slot_has(netif, i, IP6_SLOT_DAD) ||
        ip6_addr_istentative(netif_ip6_addr_state(netif, i))) {
      ip6_slot_add(netif, i, IP6_SLOT_DELAYED); /* so that nothing is joined right now */
    }
  }
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (ip6_slot_has(netif, i, IP6_SLOT_DAD) &&
        !netif_ip6_change(netif, i, NULL, IP6_ADDR_TENTATIVE)) {
      return;
    }
  }
  netif_sync(netif);
}

static void netif_forget(struct netif *netif)
{
  timer_cancel(&netif->ip6_conf.life);
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    timer_cancel(&netif->ip6_slot[i].timer);
    netif->ip6_slot[i].group = 0; /* memberships end with the netif */
  }
}

static void ip6_addrs_netif_changed(struct netif *netif, enum netif_change what,
                                    const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  switch (what) {
  case NETIF_CHANGE_UP:
    netif_came_up(netif);
    break;
  case NETIF_CHANGE_ADDED:
  case NETIF_CHANGE_DOWN:
  case NETIF_CHANGE_IP6:
    netif_sync(netif);
    break;
  case NETIF_CHANGE_REMOVED:
    netif_forget(netif);
    break;
  default:
    break;
  }
}

/* --- lifetimes --- */

u8_t ip6_slot_assigned_state(const struct netif *netif, int i)
{
  bool is_old =
      ip6_slot_has(netif, i, IP6_SLOT_AGES) && lifetime_is_over(&netif->ip6_slot[i].preferred);
  return is_old ? IP6_ADDR_DEPRECATED : IP6_ADDR_PREFERRED;
}

/** What has ended in slot `i` (RFC 4862 5.5.4). @return false: the netif is gone */
static bool slot_age(struct netif *netif, int i)
{
  u8_t state = netif_ip6_addr_state(netif, i);
  if (ip6_addr_isinvalid(state) || !ip6_slot_has(netif, i, IP6_SLOT_AGES)) {
    return true;
  }
  if (lifetime_is_over(&netif->ip6_slot[i].valid)) {
    return netif_ip6_change(netif, i, NULL, IP6_ADDR_INVALID);
  }
  if (ip6_addr_ispreferred(state) && lifetime_is_over(&netif->ip6_slot[i].preferred)) {
    return netif_ip6_change(netif, i, NULL, IP6_ADDR_DEPRECATED);
  }
  return true;
}

/** Until slot `i` has to be looked at. */
static u32_t slot_wait_ms(struct netif *netif, int i)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  u8_t state = netif_ip6_addr_state(netif, i);
  if (ip6_addr_isinvalid(state) || !ip6_slot_has(netif, i, IP6_SLOT_AGES)) {
    return TIMER_NEVER;
  }
  u32_t valid_ms = lifetime_wait_ms(&slot->valid);
  u32_t preferred_ms = lifetime_wait_ms(&slot->preferred); /* brings it up to date in any case */
  if (preferred_ms == 0 && !ip6_addr_ispreferred(state)) {
    preferred_ms = TIMER_NEVER; /* that is settled */
  }
  u32_t wait_ms = LWIP_MIN(valid_ms, preferred_ms);
  return LWIP_IPV6_TEMPORARY ? temp_addr_wait_ms(netif, i, wait_ms) : wait_ms;
}

static void lifetimes_due(struct timer *t)
{
  struct netif *netif = TIMER_OWNER(t, struct netif, ip6_conf.life);
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!slot_age(netif, i)) {
      return;
    }
  }
  ip6_lifetimes_settle(netif);
}

void ip6_lifetimes_settle(struct netif *netif)
{
  u32_t wait_ms = TIMER_NEVER;
  if (LWIP_IPV6_TEMPORARY && !temp_addrs_make(netif)) {
    return;
  }
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES && LWIP_IPV6_ADDRESS_LIFETIMES; i++) {
    u32_t slot_ms = slot_wait_ms(netif, i);
    wait_ms = LWIP_MIN(wait_ms, slot_ms);
  }
  lifetime_timer_set(&netif->ip6_conf.life, lifetimes_due, wait_ms);
}

static void ip6_addrs_fini(void)
{
  ip6_policy_set(NULL, 0);
  ip6_stable_secret_forget();
}

const struct net_module ip6_addrs_module = {
    .name = "ip6_addrs", .fini = ip6_addrs_fini, .netif_changed = ip6_addrs_netif_changed};

#endif /* LWIP_IPV6 */
