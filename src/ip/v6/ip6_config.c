/**
 * @file
 * Configuration of IPv6 addresses by the program (gossamer/ip6_config.h).
 *
 * State: in struct netif.
 */
#include "lwip/opt.h"
#include "lwip/netif.h"
#include "gossamer/ip6_config.h"

#if LWIP_IPV6

#include "ip/v6/ip6_addrs_priv.h"

static bool spec_is_good(const struct ip6_address_spec *spec)
{
  return !ip6_addr_ismulticast(&spec->addr) && !ip6_addr_isany_val(spec->addr) &&
         !ip6_addr_isipv4mappedipv6(&spec->addr) && spec->prefix_len <= 128 &&
         (spec->valid_s == 0 || spec->preferred_s <= spec->valid_s);
}

/** What the slot keeps of `spec`. */
static void slot_fill(struct ip6_slot *slot, const struct ip6_address_spec *spec)
{
  const unsigned from_spec = IP6_SLOT_AGES | IP6_SLOT_OFF_LINK | IP6_SLOT_HOME | IP6_SLOT_CARE_OF;
  unsigned flags = slot->flags & ~from_spec;
  flags |= (spec->flags & IP6_ADDRESS_NOT_ON_LINK) != 0 ? IP6_SLOT_OFF_LINK : 0U;
  flags |= (spec->flags & IP6_ADDRESS_HOME) != 0 ? IP6_SLOT_HOME : 0U;
  flags |= (spec->flags & IP6_ADDRESS_CARE_OF) != 0 ? IP6_SLOT_CARE_OF : 0U;
  if (LWIP_IPV6_ADDRESS_LIFETIMES && spec->valid_s != 0) {
    flags |= IP6_SLOT_AGES;
    lifetime_start(&slot->valid, spec->valid_s);
    lifetime_start(&slot->preferred, spec->preferred_s);
  }
  slot->flags = (u16_t)flags;
  slot->origin = IP6_ORIGIN_MANUAL;
  slot->prefix_len = spec->prefix_len;
}

/** The state that slot `i` gets, which is in `state`. */
static u8_t state_for(const struct netif *netif, int i, u8_t state, u8_t spec_flags)
{
  if (ip6_addr_isinvalid(state) && (spec_flags & IP6_ADDRESS_NO_DAD) == 0) {
    return IP6_ADDR_TENTATIVE;
  }
  if (ip6_addr_isinvalid(state) || ip6_addr_isvalid(state)) {
    return ip6_slot_assigned_state(netif, i);
  }
  return state;
}

err_t netif_ip6_address_add(struct netif *netif, const struct ip6_address_spec *spec, s8_t *idx)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6_address_add: missing argument", netif != NULL && spec != NULL,
             return ERR_ARG);
  if (!spec_is_good(spec)) {
    return ERR_VAL;
  }
  int i = netif_ip6_index(netif, &spec->addr);
  if (i < 0) {
    i = netif_ip6_free_slot(netif, &spec->addr);
  }
  if (i < 0) {
    return ERR_MEM;
  }
  if (idx != NULL) {
    *idx = (s8_t)i;
  }
  slot_fill(&netif->ip6_slot[i], spec);
  u8_t state = state_for(netif, i, netif_ip6_addr_state(netif, i), spec->flags);
  if (netif_ip6_change(netif, i, &spec->addr, state) && netif_is_listed(netif)) {
    ip6_lifetimes_settle(netif);
  }
  return ERR_OK;
}

err_t netif_ip6_address_remove(struct netif *netif, const ip6_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6_address_remove: missing argument", netif != NULL && addr != NULL,
             return ERR_ARG);
  int i = netif_ip6_index(netif, addr);
  if (i < 0) {
    return ERR_VAL;
  }
  netif_ip6_change(netif, i, NULL, IP6_ADDR_INVALID);
  return ERR_OK;
}

bool netif_ip6_address_get(struct netif *netif, unsigned i, struct ip6_address_info *info)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6_address_get: missing argument", netif != NULL && info != NULL,
             return false);
  if (i >= LWIP_IPV6_NUM_ADDRESSES || ip6_addr_isinvalid(netif_ip6_addr_state(netif, i))) {
    return false;
  }
  int slot = (int)i;
  info->addr = *netif_ip6_addr(netif, slot);
  info->state = netif_ip6_addr_state(netif, slot);
  info->prefix_len = (u8_t)netif_ip6_prefix_len(netif, slot);
  info->origin = (enum ip6_addr_origin)netif->ip6_slot[slot].origin;
  info->is_optimistic = netif_ip6_is_optimistic(netif, &info->addr);
  info->valid_s = netif_ip6_valid_life(netif, slot);
  info->preferred_s = netif_ip6_pref_life(netif, slot);
  return true;
}

err_t netif_ip6_linklocal_create(struct netif *netif, enum ip6_iid iid)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6_linklocal_create: no netif", netif != NULL, return ERR_ARG);
  ip6_addr_t addr;
  u8_t counter = 0;
  if (iid == IP6_IID_EUI64) {
    if (!netif_ip6_eui64(netif, &addr)) {
      return ERR_VAL;
    }
    netif_create_ip6_linklocal_address(netif, 1);
    return ERR_OK;
  }
  ip6_addr_set_zero(&addr);
  addr.addr[0] = PP_HTONL(0xfe800000UL);
  ip6_iid_stable(netif, &addr, &counter);
  netif_ip6_slot_clear(&netif->ip6_slot[0]);
  netif->ip6_slot[0].dad_counter = counter;
  slaac_fill_slot(netif, 0, IP6_ORIGIN_LINKLOCAL, 0);
  netif_ip6_change(netif, 0, &addr, IP6_ADDR_TENTATIVE);
  return ERR_OK;
}

static void conf_set(struct netif *netif, unsigned flag, bool is_on)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6: no netif", netif != NULL, return );
  unsigned flags = netif->ip6_conf.flags & ~flag;
  netif->ip6_conf.flags = (u8_t)(flags | (is_on ? flag : 0U));
}

void netif_ip6_iid_set(struct netif *netif, enum ip6_iid iid)
{
  conf_set(netif, IP6_CONF_EUI64, iid == IP6_IID_EUI64);
}

void netif_ip6_optimistic_set(struct netif *netif, bool is_on)
{
  conf_set(netif, IP6_CONF_OPTIMISTIC, is_on);
}

void netif_ip6_tunnel_set(struct netif *netif, bool is_tunnel)
{
  conf_set(netif, IP6_CONF_TUNNEL, is_tunnel);
}

#endif /* LWIP_IPV6 */
