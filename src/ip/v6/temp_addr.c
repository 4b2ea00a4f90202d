/**
 * @file
 * Temporary addresses (RFC 8981): beside the stable address of a prefix one with a random
 * identifier, which is used for a day or less and is replaced before that.
 *
 * State: in the slots (IP6_ORIGIN_TEMPORARY, lifetimes, age).
 *
 * Invariant: while they are switched on, every autoconfigured prefix that has more than
 * REGEN_ADVANCE of its preferred lifetime left has a temporary address with as much left, unless
 * there is no free slot or too many in a row were duplicates. When there is none, one is made; that
 * is all there is to replacing them.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/netif.h"
#include "base/random.h"
#include "ip/v6/nd6_module.h"

#if LWIP_IPV6 && LWIP_IPV6_TEMPORARY

#include "ip/v6/ip6_addrs_priv.h"

/** RFC 8981 3.8: so that hosts that came up together do not change addresses together. */
#define MAX_DESYNC_FACTOR_S (LWIP_IPV6_TEMP_PREFERRED_LIFETIME * 2 / 5)

/** Time for an address to be made before the one before is deprecated: with all its duplicates
    (RFC 8981 3.8 REGEN_ADVANCE, in seconds). */
static u32_t regen_advance_s(const struct netif *netif)
{
  u32_t probing_ms = LWIP_IPV6_DUP_DETECT_ATTEMPTS * nd6_retrans_ms(netif);
  return LWIP_MIN(2U + IP6_IDGEN_RETRIES * (probing_ms / 1000), 60U);
}

static bool is_temporary(const struct netif *netif, int i)
{
  return netif->ip6_slot[i].origin == IP6_ORIGIN_TEMPORARY &&
         !ip6_addr_isinvalid(netif_ip6_addr_state(netif, i));
}

/** Is there one for the prefix of `addr` that lasts for a while? A duplicate counts: it is replaced
    in its own slot, or it was one too many. */
static bool has_lasting(const struct netif *netif, const ip6_addr_t *addr)
{
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (is_temporary(netif, i) && ip6_addr_net_zoneless_eq(netif_ip6_addr(netif, i), addr) &&
        lifetime_left_s(&netif->ip6_slot[i].preferred) > regen_advance_s(netif)) {
      return true;
    }
  }
  return false;
}

/** RFC 8981 3.3.1. */
static void random_iid(const struct netif *netif, ip6_addr_t *addr)
{
  do {
    random_bytes(&addr->addr[2], 8);
  } while (ip6_iid_is_reserved(addr) || netif_ip6_index(netif, addr) >= 0);
}

/** One for the prefix of the stable address in slot `i`. @return false: the netif is gone */
static bool make_for(struct netif *netif, int i)
{
  ip6_addr_t addr = *netif_ip6_addr(netif, i);
  u32_t desync_s = random_below(MAX_DESYNC_FACTOR_S + 1);
  u32_t preferred_max_s = LWIP_IPV6_TEMP_PREFERRED_LIFETIME - desync_s;
  u32_t valid_s = netif_ip6_valid_life(netif, i);
  u32_t preferred_s = netif_ip6_pref_life(netif, i);
  int k = netif_ip6_free_slot(netif, &addr);
  preferred_s = LWIP_MIN(preferred_s, preferred_max_s);
  if (k < 0 || preferred_s <= regen_advance_s(netif)) {
    return true;
  }
  struct ip6_slot *slot = &netif->ip6_slot[k];
  netif_ip6_slot_clear(slot);
  slot->preferred_max_s = preferred_max_s;
  lifetime_start(&slot->age, LWIP_IPV6_TEMP_VALID_LIFETIME);
  lifetime_start(&slot->valid, LWIP_MIN(valid_s, LWIP_IPV6_TEMP_VALID_LIFETIME));
  lifetime_start(&slot->preferred, preferred_s);
  memcpy(slot->router, netif->ip6_slot[i].router, sizeof slot->router);
  slaac_fill_slot(netif, k, IP6_ORIGIN_TEMPORARY, IP6_SLOT_AGES);
  random_iid(netif, &addr);
  return netif_ip6_change(netif, k, &addr, IP6_ADDR_TENTATIVE);
}

bool temp_addrs_make(struct netif *netif)
{
  if ((netif->ip6_conf.flags & IP6_CONF_TEMPORARY) == 0 ||
      (netif->ip6_conf.flags & IP6_CONF_STOPPED) != 0 ||
      netif->ip6_conf.temp_retries >= IP6_IDGEN_RETRIES) {
    return true;
  }
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (netif->ip6_slot[i].origin == IP6_ORIGIN_SLAAC && ip6_slot_has(netif, i, IP6_SLOT_AGES) &&
        !ip6_addr_isinvalid(netif_ip6_addr_state(netif, i)) &&
        netif_ip6_pref_life(netif, i) > regen_advance_s(netif) &&
        !has_lasting(netif, netif_ip6_addr(netif, i)) && !make_for(netif, i)) {
      return false;
    }
  }
  return true;
}

void temp_addr_refresh(struct netif *netif, int i, u32_t valid_s, u32_t preferred_s)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  u32_t valid_max_s = lifetime_left_s(&slot->age);
  u32_t age_s = LWIP_IPV6_TEMP_VALID_LIFETIME - valid_max_s;
  u32_t preferred_max_s = (age_s < slot->preferred_max_s) ? slot->preferred_max_s - age_s : 0;
  bool is_on = (netif->ip6_conf.flags & IP6_CONF_TEMPORARY) != 0;
  slaac_update_valid(slot, valid_s);
  if (lifetime_left_s(&slot->valid) > valid_max_s) {
    lifetime_start(&slot->valid, valid_max_s);
  }
  lifetime_start(&slot->preferred, is_on ? LWIP_MIN(preferred_s, preferred_max_s) : 0);
}

bool temp_addr_renew_iid(struct netif *netif, ip6_addr_t *addr)
{
  if (netif->ip6_conf.temp_retries >= IP6_IDGEN_RETRIES) {
    return false; /* no more of them on this link */
  }
  netif->ip6_conf.temp_retries++;
  random_iid(netif, addr);
  return true;
}

u32_t temp_addr_wait_ms(struct netif *netif, int i, u32_t wait_ms)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  if (!is_temporary(netif, i)) {
    return wait_ms;
  }
  lifetime_wait_ms(&slot->age); /* brings it up to date */
  u32_t advance_ms = regen_advance_s(netif) * 1000;
  u32_t preferred_ms = lifetime_wait_ms(&slot->preferred);
  if (preferred_ms > advance_ms && preferred_ms != TIMER_NEVER) {
    return LWIP_MIN(wait_ms, preferred_ms - advance_ms);
  }
  return wait_ms;
}

/** Those that exist are used no more for what is new (RFC 8981 3.6). */
static void deprecate_all(struct netif *netif)
{
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (is_temporary(netif, i)) {
      lifetime_start(&netif->ip6_slot[i].preferred, 0);
    }
  }
}

void netif_ip6_temporary_set(struct netif *netif, enum ip6_temporary temporary)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6_temporary_set: no netif", netif != NULL, return );
  netif->ip6_conf.flags &= (u8_t) ~(IP6_CONF_TEMPORARY | IP6_CONF_PREFER_PUBLIC);
  if (temporary != IP6_TEMPORARY_OFF) {
    netif->ip6_conf.flags |= IP6_CONF_TEMPORARY;
  } else {
    deprecate_all(netif);
  }
  if (temporary == IP6_TEMPORARY_SPARE) {
    netif->ip6_conf.flags |= IP6_CONF_PREFER_PUBLIC;
  }
  ip6_lifetimes_settle(netif);
}

#endif /* LWIP_IPV6 && LWIP_IPV6_TEMPORARY */
