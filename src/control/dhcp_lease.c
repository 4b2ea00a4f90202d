/**
 * @file
 * What a lease says, and what it does to a netif.
 *
 * State: in struct dhcp.
 *
 * Invariant: whatever a lease changed is undone by dhcp_lease_drop(); the netif's address only if
 * it still is the lease's.
 *
 * RFC 2131 4.4.1 and 4.4.5, RFC 2132, RFC 3442.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include <string.h>
#include "lwip/debug.h"
#include "lwip/dhcp.h"
#include "lwip/priv/dhcp_hooks.h"
#include "gossamer/route.h"
#include "control/dhcp_priv.h"
#include "control/dns_servers.h"

enum {
  /* Less would end IPv6 on the link (RFC 8200 5), or is too little for DHCP itself. */
  DHCP_MTU_MIN = LWIP_IPV6 ? 1280 : 576,
  DHCP_ROUTES_LEN_MAX = 9 * (LWIP_DHCP_MAX_ROUTES + 1)
};

/** May a host have this address, or a server or router? */
static bool dhcp_is_host(const ip4_addr_t *a)
{
  u8_t first = ip4_addr1(a);
  return first != 0 && first != IP_LOOPBACKNET && first < 224;
}

/** As before there were masks. */
static u32_t dhcp_class_mask(const ip4_addr_t *a)
{
  u32_t addr = lwip_ntohl(a->addr);
  return lwip_htonl(IP_CLASSA(addr)   ? IP_CLASSA_NET
                    : IP_CLASSB(addr) ? IP_CLASSB_NET
                                      : IP_CLASSC_NET);
}

/** Is the address one of those that the mask leaves to nobody? */
static bool dhcp_is_reserved(const ip4_addr_t *a, const ip4_addr_t *mask)
{
  u32_t hosts = ~mask->addr;
  u32_t host = a->addr & hosts;
  return lwip_ntohl(hosts) > 1 && (host == 0 || host == hosts);
}

static void dhcp_times_read(struct dhcp *dhcp, const struct dhcp_message *m)
{
  u32_t t0 = DHCP_LEASE_DEFAULT_S;
  u32_t t1 = 0;
  u32_t t2 = 0;
  dhcp_option_u32(m, DHCP_OPTION_LEASE_TIME, &t0);
  dhcp_option_u32(m, DHCP_OPTION_T1, &t1);
  dhcp_option_u32(m, DHCP_OPTION_T2, &t2);
  t1 = (t1 == 0) ? t0 / 2 : t1;
  t2 = (t2 == 0) ? t0 - t0 / 8 : t2;
  if (t0 == LIFETIME_INFINITE) {
    t1 = t2 = LIFETIME_INFINITE;
  } else if (t1 == 0 || t1 >= t2 || t2 >= t0) { /* nonsense: the defaults of RFC 2131 4.4.5 */
    t1 = LWIP_MAX(t0 / 2, 1);
    t2 = LWIP_MAX(t0 - t0 / 8, 1);
  }
  dhcp->offered_t0_lease = t0;
  dhcp->offered_t1_renew = t1;
  dhcp->offered_t2_rebind = t2;
}

static void dhcp_boot_read(struct dhcp *dhcp, const struct dhcp_message *m)
{
  u8_t name[LWIP_DHCP_BOOTP_FILE ? DHCP_BOOT_FILE_LEN : 1] = {0};
  if (!LWIP_DHCP_BOOTP_FILE) {
    return;
  }
  int len = dhcp_option_get(m, DHCP_OPTION_BOOTFILE, name, sizeof name - 1);
  if (len < 0 && !(m->overload & DHCP_OVERLOAD_FILE)) {
    memcpy(name, m->bytes + DHCP_FILE_OFS, sizeof name - 1);
  }
  dhcp_boot_set(dhcp, &m->siaddr, name, strlen((const char *)name));
}

enum drop_reason dhcp_lease_read(struct dhcp *dhcp, const struct dhcp_message *m)
{
  ip4_addr_t mask;
  ip4_addr_t gateway = {IPADDR_ANY};
  bool is_mask_given = dhcp_option_addr(m, DHCP_OPTION_SUBNET_MASK, &mask) &&
                       mask.addr != IPADDR_ANY && ip4_addr_netmask_valid(mask.addr);
  if (!is_mask_given) {
    mask.addr = dhcp_class_mask(&m->yiaddr);
  }
  u32_t lease = DHCP_LEASE_DEFAULT_S;
  dhcp_option_u32(m, DHCP_OPTION_LEASE_TIME, &lease);
  if (!dhcp_is_host(&m->yiaddr) || dhcp_is_reserved(&m->yiaddr, &mask) || lease == 0) {
    return DROP_DHCP_BAD_OFFER;
  }
  if (dhcp_option_addrs(m, DHCP_OPTION_ROUTER, &gateway, 1) == 0 || !dhcp_is_host(&gateway)) {
    gateway.addr = IPADDR_ANY;
  }
  dhcp->flags &= (u8_t)~DHCP_FLAG_SUBNET_MASK_GIVEN;
  dhcp->flags |= is_mask_given ? DHCP_FLAG_SUBNET_MASK_GIVEN : 0;
  dhcp->offered_ip_addr = m->yiaddr;
  dhcp->offered_sn_mask = mask;
  dhcp->offered_gw_addr = gateway;
  dhcp_times_read(dhcp, m);
  dhcp_boot_read(dhcp, m);
  return DROP_NONE;
}

static void dhcp_dns_take(struct dhcp *dhcp, const struct dhcp_message *m)
{
  ip4_addr_t list[LWIP_DHCP_MAX_DNS_SERVERS];
  ip_addr_t servers[LWIP_DHCP_MAX_DNS_SERVERS];
  u8_t count = 0;
  unsigned given = dhcp_option_addrs(m, DHCP_OPTION_DNS_SERVER, list, LWIP_DHCP_MAX_DNS_SERVERS);
  for (unsigned i = 0; i < LWIP_MIN(given, LWIP_DHCP_MAX_DNS_SERVERS); i++) {
    if (dhcp_is_host(&list[i]) || ip4_addr_isloopback(&list[i])) {
      ip_addr_copy_from_ip4(servers[count], list[i]);
      count++;
    }
  }
  dns_servers_of_netif(dhcp->netif, DNS_ORIGIN_DHCP, servers, count);
}

static void dhcp_ntp_take(const struct dhcp_message *m)
{
  ip4_addr_t list[LWIP_DHCP_MAX_NTP_SERVERS];
  unsigned given = dhcp_option_addrs(m, DHCP_OPTION_NTP, list, LWIP_DHCP_MAX_NTP_SERVERS);
  dhcp_tell_ntp(list, (u8_t)LWIP_MIN(given, LWIP_DHCP_MAX_NTP_SERVERS));
}

static void dhcp_mtu_set(struct dhcp *dhcp, u16_t mtu)
{
  struct netif *netif = dhcp->netif;
  if (dhcp->own_flags & DHCP_OWN_MTU) {
    netif->mtu = dhcp->driver_mtu;
    dhcp->own_flags &= (u8_t)~DHCP_OWN_MTU;
  }
  if (LWIP_DHCP_ENABLE_MTU_UPDATE && mtu >= DHCP_MTU_MIN && mtu < netif->mtu) {
    dhcp->driver_mtu = netif->mtu;
    dhcp->own_flags |= DHCP_OWN_MTU;
    netif->mtu = mtu;
  }
}

static void dhcp_domain_take(struct dhcp *dhcp, const struct dhcp_message *m)
{
  char *domain = dhcp_domain(dhcp);
  if (domain != NULL) {
    int len = dhcp_option_get(m, DHCP_OPTION_DOMAIN_NAME, domain, LWIP_DHCP_DOMAIN_LEN);
    bool fits = len > 0 && len <= LWIP_DHCP_DOMAIN_LEN;
    domain[fits ? len : 0] = '\0';
  }
}

static struct ip_route_entry dhcp_route_entry(struct dhcp *dhcp, u8_t i)
{
  const struct dhcp_route *r = dhcp_route_at(dhcp, i);
  struct ip_route_entry entry = {.netif = dhcp->netif, .prefix_len = r->prefix_len};
  ip_addr_copy_from_ip4(entry.prefix, r->prefix);
  ip_addr_copy_from_ip4(entry.gateway, r->gateway);
  return entry;
}

void dhcp_routes_add(struct dhcp *dhcp)
{
  for (u8_t i = 0; i < dhcp_routes_count(dhcp); i++) {
    struct ip_route_entry entry = dhcp_route_entry(dhcp, i);
    ip_route_add(&entry); /* a full table costs the route, not the lease */
  }
}

static void dhcp_routes_remove(struct dhcp *dhcp)
{
  for (u8_t i = 0; i < dhcp_routes_count(dhcp); i++) {
    struct ip_route_entry entry = dhcp_route_entry(dhcp, i);
    ip_route_remove(&entry);
  }
  dhcp_routes_clear(dhcp);
}

/** Option 121: it takes the place of routers (RFC 3442); its default route is the gateway. */
static void dhcp_routes_take(struct dhcp *dhcp, const struct dhcp_message *m)
{
  u8_t bytes[DHCP_ROUTES_LEN_MAX];
  struct dhcp_route r;
  size_t used;
  dhcp_routes_remove(dhcp);
  int len = dhcp_option_get(m, DHCP_OPTION_CLASSLESS_ROUTES, bytes, sizeof bytes);
  if (LWIP_DHCP_MAX_ROUTES == 0 || len < 5) {
    return;
  }
  size_t left = LWIP_MIN((size_t)len, sizeof bytes);
  dhcp->offered_gw_addr.addr = IPADDR_ANY;
  for (const u8_t *b = bytes; left > 0; b += used, left -= used) {
    used = dhcp_route_parse(b, left, &r.prefix_len, &r.prefix, &r.gateway);
    if (used == 0) {
      return;
    }
    bool is_usable = ip4_addr_isany_val(r.gateway) || dhcp_is_host(&r.gateway);
    if (r.prefix_len == 0) {
      dhcp->offered_gw_addr.addr = is_usable ? r.gateway.addr : IPADDR_ANY;
    } else if (is_usable && !ip4_addr_ismulticast(&r.prefix)) {
      struct dhcp_route *free_one = dhcp_route_new(dhcp);
      if (free_one != NULL) {
        *free_one = r;
      }
    }
  }
}

void dhcp_options_take(struct dhcp *dhcp, const struct dhcp_message *m)
{
  u16_t mtu = 0;
  dhcp_option_u16(m, DHCP_OPTION_MTU, &mtu);
  dhcp_mtu_set(dhcp, mtu);
  dhcp_routes_take(dhcp, m);
  dhcp_domain_take(dhcp, m);
  dhcp_vendor_take(m);
  dhcp_ntp_take(m);
  dhcp_dns_take(dhcp, m);
}

void dhcp_lease_drop(struct dhcp *dhcp, bool with_address)
{
  struct netif *netif = dhcp->netif;
  bool is_ours = dhcp_supplied_address(netif) != 0;
  if (with_address) {
    dhcp->leased.addr = IPADDR_ANY;
  }
  dhcp->own_flags &= (u8_t)~DHCP_OWN_ADDRESS;
  timer_cancel(&dhcp->lease_timer);
  dhcp_mtu_set(dhcp, 0);
  dhcp_routes_remove(dhcp);
  if (dhcp_domain(dhcp) != NULL) {
    dhcp_domain(dhcp)[0] = '\0';
  }
  dns_servers_of_netif(netif, DNS_ORIGIN_DHCP, NULL, 0);
  if (is_ours) {
    netif_set_addr(netif, NULL, NULL, NULL);
  }
}

u8_t dhcp_supplied_address(const struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct dhcp *dhcp = (netif != NULL) ? netif_dhcp_data(netif) : NULL;
  return dhcp != NULL && (dhcp->own_flags & DHCP_OWN_ADDRESS) &&
         ip4_addr_eq(netif_ip4_addr(netif), &dhcp->leased);
}

bool dhcp_lease_get(const struct netif *netif, struct dhcp_lease *lease)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!dhcp_supplied_address(netif)) {
    return false;
  }
  struct dhcp *dhcp = netif_dhcp_data(netif);
  const char *domain = dhcp_domain(dhcp);
  lease->addr = dhcp->leased;
  lease->mask = *netif_ip4_netmask(netif);
  lease->gateway = *netif_ip4_gw(netif);
  lease->server = *ip_2_ip4(&dhcp->server_ip_addr);
  lease->left_s = lifetime_left_s(&dhcp->t0);
  lease->renew_s = lifetime_left_s(&dhcp->t1);
  lease->rebind_s = lifetime_left_s(&dhcp->t2);
  lease->domain = (domain != NULL) ? domain : "";
  return true;
}

#endif /* LWIP_IPV4 && LWIP_DHCP */
