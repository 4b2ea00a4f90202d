/**
 * @file
 * Duplicate address detection (RFC 4862 5.4), with nonces (RFC 7527) and optimistic (RFC 4429).
 *
 * State: in the slots: IP6_SLOT_PROBING while it runs, the probes that are left, the nonce of this
 * run, and lwIP's count of probes in the low bits of the tentative state.
 *
 *   start --(random delay)--> join group, probe --RetransTimer--> ... --RetransTimer--> assigned
 *                                   |
 *                                   +-- somebody else's probe or advertisement --> duplicate:
 *                                       another identifier, if ours are made of a hash or at random
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/priv/netif_fields.h"
#include "base/random.h"
#include "gossamer/nd_events.h"
#include "ip/v6/ip6_addrs.h"
#include "ip/v6/nd6_module.h"

#if LWIP_IPV6

#include "ip/v6/ip6_addrs_priv.h"

/** Probes more, once one of ours came back to us (RFC 7527 4.1: MAX_MULTICAST_SOLICIT). */
#define PROBES_AFTER_LOOP 3

/** lwip/nd6.h declares it with ESP_IPV6. */
void nd6_set_cb(struct netif *netif, void (*cb)(struct netif *netif, u8_t ip_index));

void nd6_set_cb(struct netif *netif, void (*cb)(struct netif *netif, u8_t ip_index))
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif != NULL) {
    netif_set_ip6_usable_callback(netif, cb);
  }
}

/** Slot `i` may be used from now on. @return false: the netif is gone */
static bool tell_usable(struct netif *netif, int i)
{
  nd6_address_usable(netif, (u8_t)i);
  netif_call_ip6_usable(netif, (u8_t)i);
  return netif_is_listed(netif);
}

/** Nobody has it. @return false: the netif is gone */
static bool dad_succeed(struct netif *netif, int i)
{
  bool is_news = !ip6_slot_has(netif, i, IP6_SLOT_OPTIMISTIC);
  ip6_slot_remove(netif, i, IP6_SLOT_PROBING);
  if (netif->ip6_slot[i].origin == IP6_ORIGIN_TEMPORARY) {
    netif->ip6_conf.temp_retries = 0;
  }
  if (!netif_ip6_change(netif, i, NULL, ip6_slot_assigned_state(netif, i))) {
    return false;
  }
  return !is_news || !ip6_addr_isvalid(netif_ip6_addr_state(netif, i)) || tell_usable(netif, i);
}

/** Will the probe be the netif's first message, or an answer to an advertisement to all? */
static bool must_wait(const struct netif *netif, int i)
{
  bool has_spoken = false;
  for (int k = 0; k < LWIP_IPV6_NUM_ADDRESSES; k++) {
    has_spoken = has_spoken || netif_ip6_is_usable(netif, k);
  }
  return !has_spoken || ip6_slot_has(netif, i, IP6_SLOT_DELAYED);
}

bool dad_start(struct netif *netif, int i)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  slot->flags |= IP6_SLOT_PROBING | IP6_SLOT_DAD;
  slot->probes_left = LWIP_IPV6_DUP_DETECT_ATTEMPTS;
  slot->join_fails = 0;
  netif->ip6_addr_state[i] = IP6_ADDR_TENTATIVE;
  if (!LWIP_ND6 || slot->probes_left == 0) {
    return dad_succeed(netif, i);
  }
  random_bytes(slot->nonce, sizeof slot->nonce);
  if (must_wait(netif, i)) {
    ip6_slot_add(netif, i, IP6_SLOT_DELAYED);
    ip6_slot_wake_in(netif, i, random_jitter(IP6_DAD_DELAY_MS_MAX));
  } else {
    dad_step(netif, i);
  }
  return !ip6_slot_has(netif, i, IP6_SLOT_OPTIMISTIC) || tell_usable(netif, i);
}

/** One probe: from ::, to the group of all that might have the address (RFC 4862 5.4.2). */
static void dad_probe(struct netif *netif, int i)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  ip6_addr_t target = *netif_ip6_addr(netif, i);
  ip6_addr_t group;
  ip6_addr_set_solicitednode(&group, target.addr[3]);
  ip6_addr_assign_zone(&group, IP6_MULTICAST, netif);
  if (nd6_send_ns(netif, NULL, &group, &target, LWIP_IPV6_ENHANCED_DAD ? slot->nonce : NULL) !=
      ERR_OK) {
    return; /* not counted: it did not reach anybody */
  }
  slot->probes_left--;
  u8_t state = netif_ip6_addr_state(netif, i);
  if ((state & IP6_ADDR_TENTATIVE_COUNT_MASK) < IP6_ADDR_TENTATIVE_COUNT_MASK) {
    netif->ip6_addr_state[i] = (u8_t)(state + 1U);
  }
}

void dad_step(struct netif *netif, int i)
{
  ip6_slot_remove(netif, i, IP6_SLOT_DELAYED);
  bool may_hear = ip6_slot_join(netif, i);
  if (may_hear && netif->ip6_slot[i].probes_left == 0) {
    dad_succeed(netif, i);
    return;
  }
  if (may_hear) {
    dad_probe(netif, i);
  }
  ip6_slot_wake_in(netif, i, nd6_retrans_ms(netif));
}

/** Everything that was made of the identifier that another host has. @return false: netif is gone
 */
static bool stop_autoconfiguration(struct netif *netif)
{
  netif->ip6_conf.flags |= IP6_CONF_STOPPED;
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (netif->ip6_slot[i].origin == IP6_ORIGIN_SLAAC && ip6_slot_has(netif, i, IP6_SLOT_EUI64) &&
        !ip6_addr_isduplicated(netif_ip6_addr_state(netif, i)) &&
        !netif_ip6_change(netif, i, NULL, IP6_ADDR_DUPLICATED)) {
      return false;
    }
  }
  return true;
}

/** Another address for slot `i`, of the same prefix. @return false: there is none to be had */
static bool make_another(struct netif *netif, int i, ip6_addr_t *addr)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  *addr = *netif_ip6_addr(netif, i);
  if (slot->origin == IP6_ORIGIN_TEMPORARY) {
    return LWIP_IPV6_TEMPORARY && temp_addr_renew_iid(netif, addr);
  }
  if (slot->origin == IP6_ORIGIN_MANUAL || (slot->flags & IP6_SLOT_EUI64) != 0 ||
      slot->dad_counter >= IP6_IDGEN_RETRIES) {
    return false;
  }
  slot->dad_counter++;
  ip6_iid_stable(netif, addr, &slot->dad_counter);
  return true;
}

/**
 * Another host has the address in slot `i` (RFC 4862 5.4.5).
 *
 * An identifier made of the link address means that two hosts have the same link address, so that
 * nothing that is made of it can work. Deviation: IPv6 by addresses set by hand goes on.
 */
static void dad_fail(struct netif *netif, int i)
{
  ip6_addr_t addr = *netif_ip6_addr(netif, i);
  struct nd_event event = {.kind = ND_EVENT_ADDR_DUPLICATE, .netif = netif, .addr = &addr};
  bool is_fatal =
      ip6_slot_has(netif, i, IP6_SLOT_EUI64) && netif->ip6_slot[i].origin == IP6_ORIGIN_LINKLOCAL;
  LWIP_DEBUGF(NETIF_DEBUG | LWIP_DBG_LEVEL_WARNING, ("dad: another host has our address\n"));
  if (!netif_ip6_change(netif, i, NULL, IP6_ADDR_DUPLICATED)) {
    return;
  }
  nd6_event_raise(&event);
  if (!netif_is_listed(netif) || !ip6_addr_isduplicated(netif_ip6_addr_state(netif, i))) {
    return; /* a listener was faster */
  }
  ip6_addr_t next;
  if (is_fatal) {
    stop_autoconfiguration(netif);
  } else if (make_another(netif, i, &next)) {
    slaac_fill_slot(netif, i, (enum ip6_addr_origin)netif->ip6_slot[i].origin,
                    netif->ip6_slot[i].flags & IP6_SLOT_AGES);
    netif_ip6_change(netif, i, &next, IP6_ADDR_TENTATIVE);
  }
}

/** The slot of a tentative address; -1: it is none. */
static int tentative_slot(const struct netif *netif, const ip6_addr_t *target)
{
  int i = netif_ip6_index(netif, target);
  return (i >= 0 && ip6_addr_istentative(netif_ip6_addr_state(netif, i))) ? i : -1;
}

void dad_ns_heard(struct netif *netif, const ip6_addr_t *target, const ip6_addr_t *src,
                  const u8_t *nonce, u8_t nonce_len)
{
  int i = tentative_slot(netif, target);
  if (i < 0 || !ip6_addr_isany_val(*src)) {
    return; /* RFC 4862 5.4.3: who asks for a neighbour's address is no rival */
  }
  struct ip6_slot *slot = &netif->ip6_slot[i];
  if (LWIP_IPV6_ENHANCED_DAD && nonce != NULL && nonce_len == sizeof slot->nonce &&
      (slot->flags & IP6_SLOT_PROBING) != 0 && memcmp(nonce, slot->nonce, nonce_len) == 0) {
    /* Our own probe: the link has a loop, so go on until it is quiet (RFC 7527 4.1). */
    slot->probes_left = LWIP_MAX(slot->probes_left, PROBES_AFTER_LOOP);
    return;
  }
  dad_fail(netif, i);
}

void dad_na_heard(struct netif *netif, const ip6_addr_t *target)
{
  int i = tentative_slot(netif, target);
  if (i >= 0) {
    dad_fail(netif, i);
    return;
  }
  if (netif_ip6_owns(netif, target)) {
    struct nd_event event = {.kind = ND_EVENT_ADDR_CONFLICT, .netif = netif, .addr = target};
    LWIP_DEBUGF(NETIF_DEBUG | LWIP_DBG_LEVEL_WARNING, ("dad: another host claims our address\n"));
    nd6_event_raise(&event);
  }
}

#endif /* LWIP_IPV6 */
