/**
 * @file
 * Stateless address autoconfiguration (RFC 4862 5.5): one address per prefix that a router
 * advertises, and its lifetimes.
 *
 * State: in the slots (IP6_ORIGIN_SLAAC, lifetimes).
 *
 * Invariant: never more than one address of a prefix, temporary ones aside; a full table refuses
 * new prefixes, so that a flood of them takes nothing from those in use (security B6-112).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "ip/v6/ip6_addrs.h"
#include "wire/nd6_ra.h"

#if LWIP_IPV6

#include "ip/v6/ip6_addrs_priv.h"

enum {
  /* Our identifiers have 64 bits, so a prefix must have the other 64 (RFC 4862 5.5.3 d). */
  SLAAC_PREFIX_LEN = 64,
  /* Nobody can shorten what is left of a valid lifetime below this: that would be a cheap way to
     take a host's addresses away (RFC 4862 5.5.3 e). */
  TWO_HOURS_S = 7200
};

bool slaac_make_iid(const struct netif *netif, ip6_addr_t *addr, u8_t *counter, u16_t *flags)
{
  ip6_addr_t linklocal = *netif_ip6_addr(netif, 0);
  *flags = 0;
  if ((netif->ip6_conf.flags & IP6_CONF_EUI64) == 0) {
    ip6_iid_stable(netif, addr, counter);
    return true;
  }
  bool has_linklocal = ip6_addr_islinklocal(&linklocal) &&
                       !ip6_addr_isinvalid(netif_ip6_addr_state(netif, 0)) &&
                       netif->ip6_slot[0].dad_counter == 0;
  if (!has_linklocal && !netif_ip6_eui64(netif, &linklocal)) {
    return false;
  }
  *flags = IP6_SLOT_EUI64;
  addr->addr[2] = linklocal.addr[2];
  addr->addr[3] = linklocal.addr[3];
  return true;
}

void slaac_fill_slot(struct netif *netif, int i, enum ip6_addr_origin origin, u16_t flags)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  slot->origin = (u8_t)origin;
  slot->prefix_len = SLAAC_PREFIX_LEN;
  slot->flags = (u16_t)(flags | IP6_SLOT_DELAYED | IP6_SLOT_OFF_LINK);
  if ((netif->ip6_conf.flags & IP6_CONF_OPTIMISTIC) != 0) {
    slot->flags |= IP6_SLOT_OPTIMISTIC;
  }
}

void slaac_note_router(struct ip6_slot *slot, u32_t router_id)
{
  int at = 0;
  while (at < IP6_SLOT_NUM_ROUTERS - 1 && slot->router[at] != router_id) {
    at++;
  }
  for (; at > 0; at--) {
    slot->router[at] = slot->router[at - 1];
  }
  slot->router[0] = router_id;
}

/** Who sent the advertisement that is being processed. */
static u32_t current_router_id(void)
{
  return ip6_router_id(ip6_current_src_addr());
}

/** RFC 4862 5.5.3 b), c), d). A prefix of groups, of ::1 or of :: is nobody's network. */
static bool prefix_is_good(const struct nd6_prefix_info *info)
{
  return info->is_autonomous && info->prefix_len == SLAAC_PREFIX_LEN &&
         info->preferred_s <= info->valid_s && !ip6_addr_islinklocal(&info->prefix) &&
         !ip6_addr_ismulticast(&info->prefix) &&
         (info->prefix.addr[0] != 0 || info->prefix.addr[1] != 0);
}

/** A prefix that we have no address of yet. @return false: the netif is gone */
static bool prefix_add(struct netif *netif, const struct nd6_prefix_info *info)
{
  ip6_addr_t addr = info->prefix;
  u8_t counter = 0;
  u16_t flags;
  int i = netif_ip6_free_slot(netif, &addr);
  if (i < 0 || info->valid_s == 0 || !slaac_make_iid(netif, &addr, &counter, &flags) ||
      netif_ip6_index(netif, &addr) >= 0) {
    return true;
  }
  struct ip6_slot *slot = &netif->ip6_slot[i];
  netif_ip6_slot_clear(slot);
  slot->dad_counter = counter;
  slaac_note_router(slot, current_router_id());
  lifetime_start(&slot->valid, info->valid_s);
  lifetime_start(&slot->preferred, info->preferred_s);
  flags |= LWIP_IPV6_ADDRESS_LIFETIMES ? IP6_SLOT_AGES : 0;
  slaac_fill_slot(netif, i, IP6_ORIGIN_SLAAC, flags);
  return netif_ip6_change(netif, i, &addr, IP6_ADDR_TENTATIVE);
}

void slaac_update_valid(struct ip6_slot *slot, u32_t valid_s)
{
  u32_t left_s = lifetime_left_s(&slot->valid);
  if (valid_s > TWO_HOURS_S || valid_s > left_s) {
    lifetime_start(&slot->valid, valid_s);
  } else if (left_s > TWO_HOURS_S) {
    lifetime_start(&slot->valid, TWO_HOURS_S);
  }
}

/** Lifetimes of slot `i` are new: what follows for its state. @return false: the netif is gone */
static bool slot_refreshed(struct netif *netif, int i)
{
  u8_t state = netif_ip6_addr_state(netif, i);
  u8_t want = ip6_slot_assigned_state(netif, i);
  if (!ip6_addr_isvalid(state) || state == want) {
    return true;
  }
  return netif_ip6_change(netif, i, NULL, want);
}

/** One of our addresses has the prefix. @return false: the netif is gone */
static bool slot_update(struct netif *netif, int i, const struct nd6_prefix_info *info)
{
  struct ip6_slot *slot = &netif->ip6_slot[i];
  slaac_note_router(slot, current_router_id());
  if (slot->origin == IP6_ORIGIN_SLAAC) {
    slaac_update_valid(slot, info->valid_s);
    lifetime_start(&slot->preferred, info->preferred_s);
  } else if (LWIP_IPV6_TEMPORARY) {
    temp_addr_refresh(netif, i, info->valid_s, info->preferred_s);
  }
  return slot_refreshed(netif, i);
}

static bool slot_has_prefix(const struct netif *netif, int i, const ip6_addr_t *prefix)
{
  u8_t origin = netif->ip6_slot[i].origin;
  return !ip6_addr_isinvalid(netif_ip6_addr_state(netif, i)) &&
         (origin == IP6_ORIGIN_SLAAC || origin == IP6_ORIGIN_TEMPORARY) &&
         ip6_addr_net_zoneless_eq(netif_ip6_addr(netif, i), prefix);
}

void slaac_prefix_heard(struct netif *netif, const struct nd6_prefix_info *info)
{
  bool is_known = false;
  if (!LWIP_IPV6_AUTOCONFIG || !prefix_is_good(info) ||
      (netif->ip6_conf.flags & IP6_CONF_STOPPED) != 0) {
    return;
  }
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!slot_has_prefix(netif, i, &info->prefix)) {
      continue;
    }
    is_known = is_known || netif->ip6_slot[i].origin == IP6_ORIGIN_SLAAC;
    if (!slot_update(netif, i, info)) {
      return;
    }
  }
  if (is_known || prefix_add(netif, info)) {
    ip6_lifetimes_settle(netif);
  }
}

#endif /* LWIP_IPV6 */
