/**
 * @file
 * Where an IPv4 packet leaves, and its next hop (RFC 1122 3.3.1).
 *
 * State: the netif of packets to groups. The order of the rules stands in lwip/ip4.h.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/ip.h"
#include "lwip/ip4.h"
#include "lwip/stats.h"
#include "gossamer/netif_addr.h"
#include "gossamer/route.h"
#include "gossamer/state.h"
#include "link/netif_ip4.h"
#include "ip/v4/ip4_module.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4

struct ip4_route_state {
  struct netif *multicast;
};

STACK_STATE(struct ip4_route_state, ip4_routing);

/** Up, with a link and an address: 0.0.0.0 cannot be answered. */
static bool can_send(const struct netif *netif)
{
  return netif_is_usable(netif) && !ip4_addr_isany_val(*netif_ip4_addr(netif));
}

/** Ones in the mask, without a loop: each packet asks several times. */
static int prefix_len_of(u32_t mask)
{
  u32_t pairs = mask - ((mask >> 1) & 0x55555555UL);
  u32_t nibbles = (pairs & 0x33333333UL) + ((pairs >> 2) & 0x33333333UL);
  u32_t bytes = (nibbles + (nibbles >> 4)) & 0x0f0f0f0fUL;
  return (int)((bytes * 0x01010101UL) >> 24 & 0x3f);
}

/** Length of the longest prefix among the netif's own subnets that `dst` is in; -1: none. */
static int subnet_len(const struct netif *netif, const ip4_addr_t *dst)
{
  int best = -1;
  if (ip4_addr_net_eq(dst, netif_ip4_addr(netif), netif_ip4_netmask(netif))) {
    best = prefix_len_of(ip4_addr_get_u32(netif_ip4_netmask(netif)));
  }
  for (int i = 0; i < NETIF_IP4_NUM_EXTRA; i++) {
    const ip4_addr_t *addr = netif_ip4_extra_addr(netif, i);
    const ip4_addr_t *mask = netif_ip4_extra_mask(netif, i);
    if (!ip4_addr_isany_val(*addr) && ip4_addr_net_eq(dst, addr, mask)) {
      best = LWIP_MAX(best, prefix_len_of(ip4_addr_get_u32(mask)));
    }
  }
  return best;
}

/** The netif with the longest subnet that `dst` is in, and how long that is (-1: none). */
static struct netif *longest_subnet(const ip4_addr_t *dst, int *len)
{
  struct netif *best = NULL;
  struct netif *netif;
  *len = -1;
  NETIF_FOREACH(netif)
  {
    int here = can_send(netif) ? subnet_len(netif, dst) : -1;
    if (here > *len) {
      *len = here;
      best = netif;
    }
  }
  return best;
}

/** A link without broadcast has one neighbour: the gateway address is his. */
static struct netif *point_to_point(const ip4_addr_t *dst)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (can_send(netif) && !(netif->flags & NETIF_FLAG_BROADCAST) &&
        ip4_addr_eq(dst, netif_ip4_gw(netif))) {
      return netif;
    }
  }
  return NULL;
}

static struct netif *default_netif(void)
{
  if (netif_default != NULL && can_send(netif_default)) {
    return netif_default;
  }
  IP_STATS_INC(ip.rterr);
  MIB2_STATS_INC(mib2.ipoutnoroutes);
  return NULL;
}

/** The netif that owns a source address that was chosen already. */
static struct netif *owner_of_source(const ip4_addr_t *src)
{
  struct netif *owner = (src != NULL) ? netif_ip4_owner(src) : NULL;
  return (owner != NULL && can_send(owner)) ? owner : NULL;
}

/** Subnets, the table, point-to-point links: what says something about `dst`. */
static struct netif *specific_route(const ip4_addr_t *dst)
{
  int len;
  ip_addr_t generic;
  struct netif *netif = longest_subnet(dst, &len);
  ip_addr_copy_from_ip4(generic, *dst);
  const struct ip_route_entry *r = ip_route_lookup(&generic, NULL, len);
  if (r != NULL) {
    return r->netif;
  }
  return netif != NULL ? netif : point_to_point(dst);
}

static struct netif *route(const ip4_addr_t *src, const ip4_addr_t *dst)
{
  struct netif *owner = owner_of_source(src);
  struct netif *netif = (src != NULL) ? hook_ip4_route_src(src, dst) : NULL;
  if (netif != NULL) {
    return netif;
  }
  if (ESP_IP4_ROUTE && owner != NULL) {
    return owner;
  }
  if (ip4_addr_ismulticast(dst)) {
    netif = ip4_routing()->multicast;
    if (netif != NULL) {
      return netif;
    }
  }
  netif = ip4_addr_ismulticast(dst) ? NULL : specific_route(dst);
  if (netif == NULL && src == NULL) {
    netif = hook_ip4_route_src(NULL, dst);
  }
  if (netif == NULL) {
    netif = hook_ip4_route(dst);
  }
  if (netif == NULL) {
    netif = owner;
  }
  return netif != NULL ? netif : default_netif();
}

/** Our own addresses, and 127/8: by the netif that owns them, whose output loops. */
static struct netif *own_address(const ip4_addr_t *dst)
{
  struct netif *netif = netif_ip4_owner(dst);
  if (netif != NULL || !ip4_addr_isloopback(dst)) {
    return netif;
  }
  NETIF_FOREACH(netif)
  {
    if (netif_is_up(netif) && ip4_addr_isloopback(netif_ip4_addr(netif))) {
      return netif;
    }
  }
  return (LWIP_NETIF_LOOPBACK && netif_default != NULL && netif_is_up(netif_default))
             ? netif_default
             : NULL;
}

struct netif *ip4_route(const ip4_addr_t *dest)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = own_address(dest);
  return netif != NULL ? netif : route(NULL, dest);
}

#if LWIP_IPV4_SRC_ROUTING
struct netif *ip4_route_src(const ip4_addr_t *src, const ip4_addr_t *dest)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = own_address(dest);
  if (src != NULL && ip4_addr_isany_val(*src)) {
    src = NULL;
  }
  return netif != NULL ? netif : route(src, dest);
}
#endif

ip4_addr_t ip4_next_hop(const struct netif *netif, const ip4_addr_t *dst)
{
  ip_addr_t generic;
  ip_addr_copy_from_ip4(generic, *dst);
  if (LWIP_NUM_ROUTES == 0 || ip4_addr_ismulticast(dst) || ip4_addr_isbroadcast(dst, netif)) {
    return *dst;
  }
  const struct ip_route_entry *r = ip_route_lookup(&generic, netif, subnet_len(netif, dst));
  return (r != NULL && !ip_addr_isany_val(r->gateway)) ? *ip_2_ip4(&r->gateway) : *dst;
}

bool ip4_is_on_link(const struct netif *netif, const ip4_addr_t *dst)
{
  ip4_addr_t next = ip4_next_hop(netif, dst);
  bool has_routers = (netif->flags & NETIF_FLAG_ETHARP) != 0;
  ip_addr_t generic;
  ip_addr_copy_from_ip4(generic, *dst);
  return ip4_addr_eq(&next, dst) &&
         (!has_routers || ip4_addr_isbroadcast(dst, netif) || ip4_addr_islinklocal(dst) ||
          netif_ip4_on_link(netif, dst) || ip_route_lookup(&generic, netif, -1) != NULL);
}

void ip4_set_default_multicast_netif(struct netif *default_multicast_netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip4_routing()->multicast = default_multicast_netif;
}

static void ip4_netif_changed(struct netif *netif, enum netif_change what,
                              const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  if (what == NETIF_CHANGE_REMOVED && ip4_routing()->multicast == netif) {
    ip4_routing()->multicast = NULL;
  }
}

static void ip4_fini(void)
{
  ip4_routing()->multicast = NULL;
}

const struct net_module ip4_module = {
    .name = "ip4", .init = ip4_id_init, .fini = ip4_fini, .netif_changed = ip4_netif_changed};

#endif
