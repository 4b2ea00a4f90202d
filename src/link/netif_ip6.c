/**
 * @file
 * IPv6 addresses of network interfaces: what is in the slots, and telling everybody of a change.
 * What happens to an address in the course of time is src/ip/v6/ip6_addrs.c's.
 *
 * State: in struct netif.
 *
 * Invariants: a change is complete in struct netif before anybody is told; after every callback the
 * netif may be gone. A free slot is IP6_ADDR_INVALID and has neither lifetimes nor origin.
 * RFC 4291 2.5.1 and appendix A (identifiers), RFC 4007 (zones), RFC 5942 (what is on the link).
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/priv/netif_fields.h"
#include "base/registry.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6

/** Where fe80:: with nothing behind it begins. */
#define LINKLOCAL_WORD PP_HTONL(0xfe800000UL)

static bool slot_is_free(const struct netif *netif, int i)
{
  return ip6_addr_isinvalid(netif_ip6_addr_state(netif, i));
}

int netif_ip6_index(const struct netif *netif, const ip6_addr_t *addr)
{
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!slot_is_free(netif, i) && ip6_addr_zoneless_eq(netif_ip6_addr(netif, i), addr)) {
      return i;
    }
  }
  return -1;
}

static bool slot_is_optimistic(const struct netif *netif, int i)
{
  return ip6_addr_istentative(netif_ip6_addr_state(netif, i)) &&
         (netif->ip6_slot[i].flags & IP6_SLOT_OPTIMISTIC) != 0;
}

bool netif_ip6_is_usable(const struct netif *netif, int i)
{
  return ip6_addr_isvalid(netif_ip6_addr_state(netif, i)) || slot_is_optimistic(netif, i);
}

bool netif_ip6_claims(const struct netif *netif, const ip6_addr_t *addr)
{
  int i = netif_ip6_index(netif, addr);
  return i >= 0 && !ip6_addr_isduplicated(netif_ip6_addr_state(netif, i));
}

bool netif_ip6_owns(const struct netif *netif, const ip6_addr_t *addr)
{
  int i = netif_ip6_index(netif, addr);
  return i >= 0 && netif_ip6_is_usable(netif, i) && !ip6_addr_isany_val(*addr);
}

bool netif_ip6_is_optimistic(const struct netif *netif, const ip6_addr_t *addr)
{
  int i = netif_ip6_index(netif, addr);
  return i >= 0 && slot_is_optimistic(netif, i);
}

struct netif *netif_ip6_owner(const ip6_addr_t *addr)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (netif_is_up(netif) && (!ip6_addr_has_zone(addr) || ip6_addr_test_zone(addr, netif)) &&
        netif_ip6_owns(netif, addr)) {
      return netif;
    }
  }
  return NULL;
}

const ip6_addr_t *netif_ip6_linklocal(const struct netif *netif)
{
  const ip6_addr_t *found = NULL;
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    const ip6_addr_t *addr = netif_ip6_addr(netif, i);
    if (!ip6_addr_islinklocal(addr) || !netif_ip6_is_usable(netif, i)) {
      continue;
    }
    if (!slot_is_optimistic(netif, i)) {
      return addr;
    }
    found = (found != NULL) ? found : addr;
  }
  return found;
}

bool netif_ip6_is_solicited_node(const struct netif *netif, const ip6_addr_t *group)
{
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!slot_is_free(netif, i) && ip6_addr_solicitednode_eq(group, netif_ip6_addr(netif, i))) {
      return true;
    }
  }
  return false;
}

int ip6_addr_common_prefix(const ip6_addr_t *a, const ip6_addr_t *b)
{
  int len = 0;
  for (int i = 0; i < 4; i++) {
    u32_t differs = lwip_ntohl(a->addr[i] ^ b->addr[i]);
    if (differs == 0) {
      len += 32;
      continue;
    }
    for (; (differs & 0x80000000UL) == 0; differs <<= 1) {
      len++;
    }
    break;
  }
  return len;
}

int netif_ip6_on_link_len(const struct netif *netif, const ip6_addr_t *dst)
{
  int longest = -1;
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    const struct ip6_slot *slot = &netif->ip6_slot[i];
    u8_t state = netif_ip6_addr_state(netif, i);
    int len = netif_ip6_prefix_len(netif, i);
    if (!ip6_addr_isinvalid(state) && !ip6_addr_isduplicated(state) &&
        slot->origin == IP6_ORIGIN_MANUAL && (slot->flags & IP6_SLOT_OFF_LINK) == 0 &&
        len > longest && ip6_addr_common_prefix(netif_ip6_addr(netif, i), dst) >= len) {
      longest = len;
    }
  }
  return longest;
}

int netif_ip6_free_slot(const struct netif *netif, const ip6_addr_t *addr)
{
  for (int i = ip6_addr_islinklocal(addr) ? 0 : 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (slot_is_free(netif, i)) {
      return i;
    }
  }
  return -1;
}

void netif_ip6_slot_clear(struct ip6_slot *slot)
{
  memset(&slot->valid, 0, sizeof slot->valid);
  memset(&slot->preferred, 0, sizeof slot->preferred);
  memset(slot->router, 0, sizeof slot->router);
  slot->flags = 0;
  slot->origin = IP6_ORIGIN_MANUAL;
  slot->prefix_len = 0;
  slot->dad_counter = 0;
  slot->probes_left = 0;
  slot->join_fails = 0;
}

/** What a change of a slot was. */
struct slot_change {
  struct netif *netif;
  s8_t i;
  bool has_new_addr;
  bool has_new_state;
  ip_addr_t old_addr;
  u8_t old_state;
};

const ip_addr_t *netif_ip6_replacement(const struct netif *netif)
{
  u8_t replaced = netif->ip6_conf.replaced;
  return replaced != 0 ? netif_ip_addr6(netif, replaced - 1) : NULL;
}

static void tell_modules(const struct slot_change *c)
{
  struct netif *netif = c->netif;
  u8_t before = netif->ip6_conf.replaced; /* what modules do may lead to more changes */
  bool is_replaced = c->has_new_addr && ip6_addr_isvalid(c->old_state) &&
                     ip6_addr_isvalid(netif_ip6_addr_state(netif, c->i));
  netif->ip6_conf.replaced = is_replaced ? (u8_t)(c->i + 1) : 0;
  net_modules_netif_changed(netif, NETIF_CHANGE_IP6, c->has_new_addr ? &c->old_addr : NULL);
  if (netif_is_listed(netif)) {
    netif->ip6_conf.replaced = before;
  }
}

/** @return false: a callback removed the netif */
static bool tell_everybody(const struct slot_change *c)
{
  struct netif *netif = c->netif;
  u8_t toggled = (u8_t)(c->old_state ^ netif_ip6_addr_state(netif, c->i));
  if (!netif_is_listed(netif)) {
    return true; /* not added yet: NETIF_CHANGE_ADDED will be the news */
  }
  if (c->has_new_addr) {
    netif_tell_ip6_addr(netif, c->i, &c->old_addr);
  }
  if (netif_is_listed(netif) && c->has_new_state) {
    netif_tell_ip6_state(netif, c->i, c->old_state);
  }
  if (netif_is_listed(netif) && (c->has_new_addr || ip6_addr_isvalid(toggled))) {
    netif_call_status(netif);
  }
  if (netif_is_listed(netif)) {
    tell_modules(c);
  }
  return netif_is_listed(netif);
}

bool netif_ip6_change(struct netif *netif, int i, const ip6_addr_t *addr, u8_t state)
{
  struct slot_change c = {.netif = netif, .i = (s8_t)i};
  ip_addr_copy(c.old_addr, netif->ip6_addr[i]);
  c.old_state = netif_ip6_addr_state(netif, i);
  c.has_new_state = c.old_state != state;
  if (addr != NULL) {
    c.has_new_addr = !ip6_addr_zoneless_eq(addr, netif_ip6_addr(netif, i));
    ip_addr_copy_from_ip6(netif->ip6_addr[i], *addr);
    ip6_addr_assign_zone(ip_2_ip6(&netif->ip6_addr[i]), IP6_UNICAST, netif);
  }
  if (!c.has_new_addr && !c.has_new_state) {
    return true;
  }
  netif->ip6_addr_state[i] = state;
  netif->ip6_slot[i].flags &= (u16_t)~IP6_SLOT_PROBING; /* what was under way is for nothing */
  if (!ip6_addr_istentative(state)) {
    netif->ip6_slot[i].flags &= (u16_t) ~(IP6_SLOT_DELAYED | IP6_SLOT_OPTIMISTIC);
  }
  if (ip6_addr_isinvalid(state)) {
    netif_ip6_slot_clear(&netif->ip6_slot[i]);
  }
  return tell_everybody(&c);
}

static bool index_is_good(const struct netif *netif, int i)
{
  LWIP_ERROR("netif_ip6_addr: no netif", netif != NULL, return false);
  LWIP_ERROR("netif_ip6_addr: no such address", i >= 0 && i < LWIP_IPV6_NUM_ADDRESSES,
             return false);
  return true;
}

void netif_ip6_addr_set(struct netif *netif, s8_t addr_idx, const ip6_addr_t *addr6)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_ip6_addr_set: no address", addr6 != NULL, return );
  if (!index_is_good(netif, addr_idx)) {
    return;
  }
  struct ip6_slot *slot = &netif->ip6_slot[addr_idx];
  if (slot->origin != IP6_ORIGIN_MANUAL) {
    netif_ip6_slot_clear(slot);
  }
  netif_ip6_change(netif, addr_idx, addr6, netif_ip6_addr_state(netif, addr_idx));
}

void netif_ip6_addr_set_parts(struct netif *netif, s8_t addr_idx, u32_t i0, u32_t i1, u32_t i2,
                              u32_t i3)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip6_addr_t addr;
  IP6_ADDR(&addr, i0, i1, i2, i3);
  netif_ip6_addr_set(netif, addr_idx, &addr);
}

void netif_ip6_addr_set_state(struct netif *netif, s8_t addr_idx, u8_t state)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (index_is_good(netif, addr_idx)) {
    netif->ip6_slot[addr_idx].flags &= (u16_t) ~(IP6_SLOT_DAD | IP6_SLOT_OPTIMISTIC);
    netif_ip6_change(netif, addr_idx, NULL, state);
  }
}

s8_t netif_get_ip6_addr_match(struct netif *netif, const ip6_addr_t *ip6addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_get_ip6_addr_match: missing argument", netif != NULL && ip6addr != NULL,
             return -1);
  return (s8_t)netif_ip6_index(netif, ip6addr);
}

err_t netif_add_ip6_address(struct netif *netif, const ip6_addr_t *ip6addr, s8_t *chosen_idx)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_add_ip6_address: missing argument", netif != NULL && ip6addr != NULL,
             return ERR_VAL);
  int i = netif_ip6_index(netif, ip6addr);
  bool is_new = i < 0;
  if (is_new) {
    i = netif_ip6_free_slot(netif, ip6addr);
  }
  if (chosen_idx != NULL) {
    *chosen_idx = (s8_t)i;
  }
  if (i < 0) {
    return ERR_VAL;
  }
  if (is_new) {
    netif_ip6_change(netif, i, ip6addr, IP6_ADDR_TENTATIVE);
  }
  return ERR_OK;
}

bool netif_ip6_eui64(const struct netif *netif, ip6_addr_t *addr)
{
  const u8_t *mac = netif->hwaddr;
  if (netif->hwaddr_len != 6 && netif->hwaddr_len != 8) {
    return false;
  }
  /* The universal bit is set in identifiers where it is clear in link addresses. */
  u8_t id[8] = {(u8_t)(mac[0] ^ 0x02), mac[1], mac[2], 0xff, 0xfe};
  if (netif->hwaddr_len == 6) {
    memcpy(&id[5], &mac[3], 3);
  } else {
    memcpy(&id[1], &mac[1], 7);
  }
  ip6_addr_set_zero(addr);
  addr->addr[0] = LINKLOCAL_WORD;
  memcpy(&addr->addr[2], id, sizeof id);
  return true;
}

/** fe80:: with the link address's bytes at its end. */
static void linklocal_of_hwaddr(const struct netif *netif, ip6_addr_t *addr)
{
  u8_t id[8] = {0};
  size_t len = LWIP_MIN(netif->hwaddr_len, sizeof id);
  memcpy(&id[sizeof id - len], &netif->hwaddr[netif->hwaddr_len - len], len);
  ip6_addr_set_zero(addr);
  addr->addr[0] = LINKLOCAL_WORD;
  memcpy(&addr->addr[2], id, sizeof id);
}

void netif_create_ip6_linklocal_address(struct netif *netif, u8_t from_mac_48bit)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_create_ip6_linklocal_address: no netif", netif != NULL, return );
  ip6_addr_t addr;
  if (!from_mac_48bit || !netif_ip6_eui64(netif, &addr)) {
    linklocal_of_hwaddr(netif, &addr);
  }
  netif_ip6_slot_clear(&netif->ip6_slot[0]);
  netif->ip6_slot[0].origin = IP6_ORIGIN_LINKLOCAL;
  netif->ip6_slot[0].flags =
      IP6_SLOT_EUI64 | IP6_SLOT_DELAYED |
      ((netif->ip6_conf.flags & IP6_CONF_OPTIMISTIC) != 0 ? IP6_SLOT_OPTIMISTIC : 0U);
  netif_ip6_change(netif, 0, &addr,
                   (LWIP_IPV6_DUP_DETECT_ATTEMPTS > 0) ? IP6_ADDR_TENTATIVE : IP6_ADDR_PREFERRED);
}

/** Is there such an address, and does it end? */
static bool has_lifetime(const struct netif *netif, int addr_idx)
{
  return netif != NULL && addr_idx >= 0 && addr_idx < LWIP_IPV6_NUM_ADDRESSES &&
         (netif->ip6_slot[addr_idx].flags & IP6_SLOT_AGES) != 0;
}

u32_t netif_ip6_valid_life(const struct netif *netif, int addr_idx)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!has_lifetime(netif, addr_idx)) {
    return IP6_ADDR_LIFE_STATIC;
  }
  return lifetime_left_s(&netif->ip6_slot[addr_idx].valid);
}

u32_t netif_ip6_pref_life(const struct netif *netif, int addr_idx)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!has_lifetime(netif, addr_idx)) {
    return IP6_ADDR_LIFE_STATIC;
  }
  return lifetime_left_s(&netif->ip6_slot[addr_idx].preferred);
}

/** Lifetimes are different now. */
static void lifetimes_changed(struct netif *netif)
{
  if (netif_is_listed(netif)) {
    net_modules_netif_changed(netif, NETIF_CHANGE_IP6, NULL);
  }
}

void netif_ip6_set_valid_life(struct netif *netif, int addr_idx, u32_t secs)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!index_is_good(netif, addr_idx)) {
    return;
  }
  struct ip6_slot *slot = &netif->ip6_slot[addr_idx];
  lifetime_start(&slot->valid, secs);
  slot->flags &= (u16_t)~IP6_SLOT_AGES;
  slot->flags |= (LWIP_IPV6_ADDRESS_LIFETIMES && secs != IP6_ADDR_LIFE_STATIC) ? IP6_SLOT_AGES : 0;
  lifetimes_changed(netif);
}

void netif_ip6_set_pref_life(struct netif *netif, int addr_idx, u32_t secs)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!index_is_good(netif, addr_idx)) {
    return;
  }
  lifetime_start(&netif->ip6_slot[addr_idx].preferred, secs);
  lifetimes_changed(netif);
}

#endif /* LWIP_IPV6 */
