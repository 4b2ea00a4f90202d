/**
 * @file
 * DNS servers: those that the program set (lwIP's numbered places), and those of each interface.
 *
 * State: the places; a table of what interfaces' configurators told; the union of both, made anew
 * whenever somebody asks. What routers announced (RFC 8106) is not copied: neighbour discovery
 * knows its lifetimes.
 *
 * The union: the program's servers at their numbers, between them and behind them those of the
 * default interface, then of the others, of interfaces that are up; each address once.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS

#include "lwip/dns.h"
#include "lwip/tcpip.h"
#include "lwip/priv/dns_hooks.h"
#include "lwip/priv/netif_fields.h"
#include "gossamer/state.h"
#include "control/dns_servers.h"
#include "link/netif_usable.h"

/** One server of an interface. */
struct dns_row {
  ip_addr_t addr;
  u8_t netif_idx; /* NETIF_NO_INDEX: the row is free */
  u8_t origin;
  u8_t place; /* in the list of this origin */
};

#define DNS_LIST_MAX                                                                               \
  (DNS_MAX_SERVERS + DNS_MAX_NETIF_SERVERS + (LWIP_IPV6 ? LWIP_ND6_RDNSS_MAX_DNS_SERVERS : 0))

struct dns_servers_state {
  ip_addr_t set[DNS_MAX_SERVERS]; /* by the program; "any": free */
  struct dns_row row[DNS_MAX_NETIF_SERVERS];
  struct dns_server list[DNS_LIST_MAX];
  dns_setserver_callback_t told;
  struct dns_ra_listener ra;
};
STACK_STATE(struct dns_servers_state, servers);

static bool is_server(const ip_addr_t *addr)
{
  return addr != NULL && !ip_addr_isany(addr);
}

/* --- what interfaces' configurators told --- */

static void rows_forget(u8_t netif_idx, enum dns_origin origin)
{
  for (size_t i = 0; i < DNS_MAX_NETIF_SERVERS; i++) {
    struct dns_row *r = &servers()->row[i];
    if (r->netif_idx == netif_idx && (origin == DNS_ORIGIN_COUNT || r->origin == origin)) {
      r->netif_idx = NETIF_NO_INDEX;
    }
  }
}

static struct dns_row *row_find(u8_t netif_idx, u8_t origin, u8_t place)
{
  for (size_t i = 0; i < DNS_MAX_NETIF_SERVERS; i++) {
    struct dns_row *r = &servers()->row[i];
    if (r->netif_idx == netif_idx &&
        (netif_idx == NETIF_NO_INDEX || (r->origin == origin && r->place == place))) {
      return r;
    }
  }
  return NULL;
}

/** Nothing happens when the table is full. */
static void row_set(struct netif *netif, u8_t origin, u8_t place, const ip_addr_t *addr)
{
  u8_t idx = netif_get_index(netif);
  struct dns_row *r = row_find(idx, origin, place);
  if (r == NULL) {
    r = row_find(NETIF_NO_INDEX, 0, 0);
  }
  if (r != NULL) {
    ip_addr_copy(r->addr, *addr);
    r->netif_idx = idx;
    r->origin = origin;
    r->place = place;
  }
  if (servers()->told != NULL) {
    servers()->told(netif, place, addr);
  }
}

void dns_servers_of_netif(struct netif *netif, enum dns_origin origin, const ip_addr_t *addrs,
                          u8_t count)
{
  rows_forget(netif_get_index(netif), origin);
  u8_t place = 0;
  for (u8_t i = 0; i < count; i++) {
    if (is_server(&addrs[i]) && !ip_addr_ismulticast(&addrs[i])) {
      row_set(netif, (u8_t)origin, place++, &addrs[i]);
    }
  }
}

/* --- the union --- */

static bool list_has(const ip_addr_t *addr, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (ip_addr_eq(&servers()->list[i].addr, addr)) {
      return true;
    }
  }
  return false;
}

/** Put it at the first empty place. */
static void list_add(const ip_addr_t *addr, u8_t netif_idx, size_t *count)
{
  struct dns_server *list = servers()->list;
  size_t at = 0;
  if (!is_server(addr) || list_has(addr, *count)) {
    return;
  }
  while (at < *count && is_server(&list[at].addr)) {
    at++;
  }
  if (at < DNS_LIST_MAX) {
    ip_addr_copy(list[at].addr, *addr);
    list[at].netif_idx = netif_idx;
    *count = LWIP_MAX(*count, at + 1);
  }
}

static void list_add_netif(struct netif *netif, size_t *count)
{
  u8_t idx = netif_get_index(netif);
  ip_addr_t addr;
  for (u8_t origin = 0; origin < DNS_ORIGIN_COUNT; origin++) {
    for (unsigned place = 0; place < DNS_MAX_NETIF_SERVERS; place++) {
      const struct dns_row *r = row_find(idx, origin, (u8_t)place);
      if (r != NULL) {
        list_add(&r->addr, idx, count);
      }
    }
    for (u8_t i = 0; origin == DNS_ORIGIN_RA && dns_ra_server(netif, i, &addr); i++) {
      list_add(&addr, idx, count);
    }
  }
}

size_t dns_servers_list(const struct dns_server **list)
{
  size_t count = DNS_MAX_SERVERS;
  memset(servers()->list, 0, sizeof servers()->list);
  for (size_t i = 0; i < DNS_MAX_SERVERS; i++) {
    ip_addr_copy(servers()->list[i].addr, servers()->set[i]);
  }
  if (netif_default != NULL && netif_is_usable(netif_default)) {
    list_add_netif(netif_default, &count);
  }
  for (struct netif *n = netif_first(); n != NULL; n = netif_next(n)) {
    if (n != netif_default && netif_is_usable(n)) {
      list_add_netif(n, &count);
    }
  }
  *list = servers()->list;
  return count;
}

/* --- lwip/dns.h --- */

void dns_setserver(u8_t numdns, const ip_addr_t *dnsserver)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (numdns >= DNS_MAX_SERVERS) {
    return;
  }
  if (dnsserver != NULL) {
    ip_addr_copy(servers()->set[numdns], *dnsserver);
  } else {
    ip_addr_set_any(0, &servers()->set[numdns]);
  }
}

const ip_addr_t *dns_getserver(u8_t numdns)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct dns_server *list;
  return numdns < dns_servers_list(&list) ? &list[numdns].addr : IP_ADDR_ANY;
}

void dns_clear_servers(bool keep_fallback)
{
  LWIP_ASSERT_CORE_LOCKED();
  memset(servers()->row, 0, sizeof servers()->row);
  for (u8_t i = 0; i < DNS_MAX_SERVERS; i++) {
    if (!keep_fallback || i != DNS_FALLBACK_SERVER_INDEX) {
      dns_setserver(i, NULL);
    }
  }
}

void dns_setserver_with_netif(struct netif *netif, u8_t numdns, const ip_addr_t *dnsserver)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif == NULL) {
    dns_setserver(numdns, dnsserver);
  } else if (is_server(dnsserver)) {
    row_set(netif, DNS_ORIGIN_PROGRAM, numdns, dnsserver);
  } else {
    struct dns_row *r = row_find(netif_get_index(netif), DNS_ORIGIN_PROGRAM, numdns);
    if (r != NULL) {
      r->netif_idx = NETIF_NO_INDEX;
    }
  }
}

err_t dns_setserver_callback(dns_setserver_callback_t callback)
{
  LWIP_ASSERT_CORE_LOCKED();
  servers()->told = callback;
  return ERR_OK;
}

/** Routers of `netif` announced other servers. */
static void routers_told(struct netif *netif)
{
  ip_addr_t addr;
  for (u8_t i = 0; servers()->told != NULL && dns_ra_server(netif, i, &addr); i++) {
    servers()->told(netif, i, &addr);
  }
}

static void dns_servers_init(void)
{
  memset(servers(), 0, sizeof *servers());
  dns_servers_preset(servers()->set);
  dns_ra_listen(&servers()->ra, routers_told);
}

static void dns_servers_fini(void)
{
  dns_ra_unlisten(&servers()->ra);
}

static void dns_servers_netif_changed(struct netif *netif, enum netif_change what,
                                      const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  if (what == NETIF_CHANGE_REMOVED) {
    rows_forget(netif_get_index(netif), DNS_ORIGIN_COUNT);
  }
}

const struct net_module dns_servers_module = {.name = "dns_servers",
                                              .init = dns_servers_init,
                                              .fini = dns_servers_fini,
                                              .netif_changed = dns_servers_netif_changed};

#endif /* LWIP_DNS */
