/**
 * @file
 * IPv4 addresses of network interfaces: lwIP's main one and LWIP_IPV4_NUM_ADDRESSES - 1 more.
 *
 * State: in struct netif.
 *
 * Invariants: an additional address is never also the main one; a free slot
 * is "any". A change is complete in struct netif before anybody is told.
 * RFC 1122 3.2.1.3 (broadcast forms), RFC 3021 (no broadcast on /31 and /32).
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/priv/netif_fields.h"
#include "gossamer/netif_addr.h"
#include "base/registry.h"
#include "link/netif_ip4.h"
#include "link/netif_priv.h"

#if LWIP_IPV4

static const ip4_addr_t *address(const struct netif *netif, int i)
{
  return (i == 0) ? netif_ip4_addr(netif) : netif_ip4_extra_addr(netif, i - 1);
}

static const ip4_addr_t *address_mask(const struct netif *netif, int i)
{
  return (i == 0) ? netif_ip4_netmask(netif) : netif_ip4_extra_mask(netif, i - 1);
}

/** Number of the first address of ours in whose subnet `dst` is; LWIP_IPV4_NUM_ADDRESSES: none. */
static int address_toward(const struct netif *netif, const ip4_addr_t *dst)
{
  int i;
  for (i = 0; i < LWIP_IPV4_NUM_ADDRESSES; i++) {
    const ip4_addr_t *addr = address(netif, i);
    if (!ip4_addr_isany_val(*addr) && ip4_addr_net_eq(dst, addr, address_mask(netif, i))) {
      break;
    }
  }
  return i;
}

bool netif_ip4_owns(const struct netif *netif, const ip4_addr_t *addr)
{
  if (ip4_addr_isany_val(*addr)) {
    return false;
  }
  for (int i = 0; i < LWIP_IPV4_NUM_ADDRESSES; i++) {
    if (ip4_addr_eq(addr, address(netif, i))) {
      return true;
    }
  }
  return false;
}

struct netif *netif_ip4_owner(const ip4_addr_t *addr)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (netif_is_up(netif) && netif_ip4_owns(netif, addr)) {
      return netif;
    }
  }
  return NULL;
}

const ip4_addr_t *netif_ip4_addr_toward(const struct netif *netif, const ip4_addr_t *dst)
{
  int i = address_toward(netif, dst);
  return address(netif, (i < LWIP_IPV4_NUM_ADDRESSES) ? i : 0);
}

bool netif_ip4_on_link(const struct netif *netif, const ip4_addr_t *dst)
{
  return address_toward(netif, dst) < LWIP_IPV4_NUM_ADDRESSES;
}

/** All host bits set in the subnet of address `i`, where it has two host bits or more (RFC 3021).
 */
static bool is_subnet_broadcast(const struct netif *netif, int i, u32_t addr)
{
  u32_t own = ip4_addr_get_u32(address(netif, i));
  u32_t host_bits = ~ip4_addr_get_u32(address_mask(netif, i));
  return own != IPADDR_ANY && lwip_ntohl(host_bits) > 1U && (addr | host_bits) == addr &&
         ((addr ^ own) & ~host_bits) == 0;
}

u8_t ip4_addr_isbroadcast_u32(u32_t addr, const struct netif *netif)
{
  if (addr == IPADDR_BROADCAST || addr == IPADDR_ANY) {
    return 1; /* RFC 1122 3.2.1.3 (c), and its obsolete form of all zeros */
  }
  ip4_addr_t a = {addr};
  if (!netif_is_flag_set(netif, NETIF_FLAG_BROADCAST) || netif_ip4_owns(netif, &a)) {
    return 0;
  }
  for (int i = 0; i < LWIP_IPV4_NUM_ADDRESSES; i++) {
    if (is_subnet_broadcast(netif, i, addr)) {
      return 1;
    }
  }
  return 0;
}

struct netif *netif_add(struct netif *netif, const ip4_addr_t *ipaddr, const ip4_addr_t *netmask,
                        const ip4_addr_t *gw, void *state, netif_init_fn init, netif_input_fn input)
{
  LWIP_ASSERT_CORE_LOCKED();
  netif_prepare(netif, state, input);
  /* The driver's init may read the addresses; listeners hear of them after the netif was added. */
  ip4_addr_set(ip_2_ip4(&netif->ip_addr), ipaddr);
  ip4_addr_set(ip_2_ip4(&netif->netmask), netmask);
  ip4_addr_set(ip_2_ip4(&netif->gw), gw);
  if (netif_attach(netif, init) == NULL) {
    return NULL;
  }
  if (!netif_is_listed(netif)) {
    return netif; /* a callback removed it */
  }
  ip4_addr_t set_addr = *netif_ip4_addr(netif);
  ip4_addr_t set_mask = *netif_ip4_netmask(netif);
  ip4_addr_t set_gw = *netif_ip4_gw(netif);
  ip_addr_set_zero_ip4(&netif->ip_addr);
  ip_addr_set_zero_ip4(&netif->netmask);
  ip_addr_set_zero_ip4(&netif->gw);
  netif_set_addr(netif, &set_addr, &set_mask, &set_gw);
  return netif;
}

/** Set one of the three; the reason if that was a change. */
static netif_nsc_reason_t replace(ip_addr_t *member, const ip4_addr_t *value,
                                  netif_nsc_reason_t reason)
{
  ip4_addr_t now = {(value != NULL) ? value->addr : IPADDR_ANY};
  if (ip4_addr_eq(ip_2_ip4(member), &now)) {
    return LWIP_NSC_NONE;
  }
  ip_addr_copy_from_ip4(*member, now);
  return reason;
}

/** What was an additional address becomes the main one: free its slot. */
static void drop_extra_like_main(struct netif *netif)
{
  const ip4_addr_t any = {IPADDR_ANY};
  for (int i = 0; i < NETIF_IP4_NUM_EXTRA; i++) {
    if (ip4_addr_eq(netif_ip4_extra_addr(netif, i), netif_ip4_addr(netif))) {
      netif_ip4_extra_set(netif, i, any, any);
    }
  }
}

/** Tell everybody: `why` says what has changed since `old` (address, netmask, gateway). */
static void settings_changed(struct netif *netif, netif_nsc_reason_t why, const ip_addr_t old[3])
{
  if (why & LWIP_NSC_IPV4_ADDRESS_CHANGED) {
    drop_extra_like_main(netif);
    mib2_remove_ip4(netif);
    mib2_add_ip4(netif);
    netif_call_status(netif);
  }
  if (why != LWIP_NSC_NONE) {
    netif_tell_ip4(netif, why, old);
  }
  if ((why & ~LWIP_NSC_IPV4_ADDR_VALID) != 0 && netif_is_listed(netif)) {
    net_modules_netif_changed(netif, NETIF_CHANGE_IP4, &old[0]);
  }
}

void netif_set_addr(struct netif *netif, const ip4_addr_t *ipaddr, const ip4_addr_t *netmask,
                    const ip4_addr_t *gw)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_addr: no netif", netif != NULL, return );
  const ip_addr_t old[3] = {netif->ip_addr, netif->netmask, netif->gw};
  unsigned why = replace(&netif->gw, gw, LWIP_NSC_IPV4_GATEWAY_CHANGED);
  why |= replace(&netif->netmask, netmask, LWIP_NSC_IPV4_NETMASK_CHANGED);
  why |= replace(&netif->ip_addr, ipaddr, LWIP_NSC_IPV4_ADDRESS_CHANGED);
  if (why != LWIP_NSC_NONE) {
    why |= LWIP_NSC_IPV4_SETTINGS_CHANGED;
  }
  if (!ip4_addr_isany(ipaddr)) {
    why |= LWIP_NSC_IPV4_ADDR_VALID;
  }
  settings_changed(netif, (netif_nsc_reason_t)why, old);
}

/** netif_set_addr() for one of the three. */
static void set_one(struct netif *netif, ip_addr_t *member, const ip4_addr_t *value,
                    netif_nsc_reason_t reason)
{
  const ip_addr_t old[3] = {netif->ip_addr, netif->netmask, netif->gw};
  settings_changed(netif, replace(member, value, reason), old);
}

void netif_set_ipaddr(struct netif *netif, const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_ipaddr: no netif", netif != NULL, return );
  set_one(netif, &netif->ip_addr, ipaddr, LWIP_NSC_IPV4_ADDRESS_CHANGED);
}

void netif_set_netmask(struct netif *netif, const ip4_addr_t *netmask)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_netmask: no netif", netif != NULL, return );
  set_one(netif, &netif->netmask, netmask, LWIP_NSC_IPV4_NETMASK_CHANGED);
}

void netif_set_gw(struct netif *netif, const ip4_addr_t *gw)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_gw: no netif", netif != NULL, return );
  set_one(netif, &netif->gw, gw, LWIP_NSC_IPV4_GATEWAY_CHANGED);
}

/** The slot that holds `addr`; NETIF_IP4_NUM_EXTRA: none. */
static int extra_find(const struct netif *netif, const ip4_addr_t *addr)
{
  int i = 0;
  while (i < NETIF_IP4_NUM_EXTRA && !ip4_addr_eq(netif_ip4_extra_addr(netif, i), addr)) {
    i++;
  }
  return i;
}

err_t netif_add_ip4_address(struct netif *netif, const ip4_addr_t *addr, const ip4_addr_t *mask)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_add_ip4_address: missing argument",
             netif != NULL && addr != NULL && mask != NULL, return ERR_ARG);
  if (ip4_addr_isany_val(*addr) || ip4_addr_ismulticast(addr) || addr->addr == IPADDR_BROADCAST ||
      !ip4_addr_netmask_valid(mask->addr)) {
    return ERR_VAL;
  }
  if (ip4_addr_eq(addr, netif_ip4_addr(netif))) {
    return ERR_USE;
  }
  const ip4_addr_t any = {IPADDR_ANY};
  int i = extra_find(netif, addr);
  if (i == NETIF_IP4_NUM_EXTRA) {
    i = extra_find(netif, &any);
  }
  if (i == NETIF_IP4_NUM_EXTRA) {
    return ERR_MEM;
  }
  netif_ip4_extra_set(netif, i, *addr, *mask);
  net_modules_netif_changed(netif, NETIF_CHANGE_IP4_EXTRA, NULL);
  return ERR_OK;
}

err_t netif_remove_ip4_address(struct netif *netif, const ip4_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_remove_ip4_address: missing argument", netif != NULL && addr != NULL,
             return ERR_ARG);
  int i = ip4_addr_isany_val(*addr) ? NETIF_IP4_NUM_EXTRA : extra_find(netif, addr);
  if (i == NETIF_IP4_NUM_EXTRA) {
    return ERR_VAL;
  }
  const ip4_addr_t any = {IPADDR_ANY};
  ip_addr_t old;
  ip_addr_copy_from_ip4(old, *addr);
  netif_ip4_extra_set(netif, i, any, any);
  net_modules_netif_changed(netif, NETIF_CHANGE_IP4_EXTRA, &old);
  return ERR_OK;
}

#else

struct netif *netif_add(struct netif *netif, void *state, netif_init_fn init, netif_input_fn input)
{
  return netif_add_noaddr(netif, state, init, input);
}

#endif /* LWIP_IPV4 */
