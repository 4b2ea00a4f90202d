/**
 * @file
 * DNS servers and search domains from router advertisements (RFC 8106), per netif.
 *
 * State, in struct nd6_interface: an array of servers and a list of allocated domains, each in the
 * order in which they were first heard, and one timer for the next end of a lifetime.
 *
 * When a list is full, a new entry gets in only for one that its router stopped to announce: one
 * with less than half of the newcomer's lifetime to go. So neither a flood nor two routers that
 * announce too much turn the list over again and again. (RFC 8106 6.2 suggests to let the one go
 * that ends first, in any case.)
 */
#include <string.h>
#include "lwip/mem.h"
#include "link/netif_ip6.h"
#include "ip/v6/nd6_router_priv.h"

#if LWIP_IPV6 && LWIP_ND6

struct nd6_domain {
  struct nd6_domain *next;
  struct lifetime life;
  char name[]; /* text */
};

/* How many there may be; as functions, since either may be 0. */

static unsigned nd6_servers_max(void)
{
  return LWIP_ND6_RDNSS_MAX_DNS_SERVERS;
}

static unsigned nd6_domains_max(void)
{
  return LWIP_ND6_DNSSL_MAX_DOMAINS;
}

void nd6_dns_changed(struct netif *netif)
{
  struct nd_event e = {.kind = ND_EVENT_DNS, .netif = netif};
  nd6_event_raise(&e);
}

static bool nd6_dns_is_outlived(const struct lifetime *life, u32_t newcomer_s)
{
  return lifetime_left_s(life) < newcomer_s / 2;
}

/* --- servers; those in use stand in front --- */

static bool nd6_server_is_free(const struct nd6_dns_server *s)
{
  return lifetime_is_over(&s->life);
}

static void nd6_server_remove(struct netif *netif, unsigned i)
{
  for (; i + 1 < nd6_servers_max(); i++) {
    *netif_dns_server(netif, i) = *netif_dns_server(netif, i + 1);
  }
  memset(netif_dns_server(netif, i), 0, sizeof(struct nd6_dns_server));
}

/** Where the address stands, or the first free place; nd6_servers_max(): none. */
static unsigned nd6_server_find(struct netif *netif, const ip6_addr_t *addr)
{
  unsigned i = 0;
  while (i < nd6_servers_max() && !nd6_server_is_free(netif_dns_server(netif, i)) &&
         !ip6_addr_eq(&netif_dns_server(netif, i)->addr, addr)) {
    i++;
  }
  return i;
}

/** Make room for one that lasts so long. @return the free place; or as nd6_server_find() */
static unsigned nd6_server_evict(struct netif *netif, u32_t newcomer_s)
{
  unsigned victim = 0;
  for (unsigned i = 1; i < nd6_servers_max(); i++) {
    if (lifetime_left_s(&netif_dns_server(netif, i)->life) <
        lifetime_left_s(&netif_dns_server(netif, victim)->life)) {
      victim = i;
    }
  }
  if (!nd6_dns_is_outlived(&netif_dns_server(netif, victim)->life, newcomer_s)) {
    return nd6_servers_max();
  }
  nd6_server_remove(netif, victim);
  return nd6_servers_max() - 1;
}

/** @return true: the list changed */
static bool nd6_server_heard(struct netif *netif, const ip6_addr_t *addr, u32_t lifetime_s)
{
  unsigned i = nd6_server_find(netif, addr);
  bool is_known = i < nd6_servers_max() && !nd6_server_is_free(netif_dns_server(netif, i));
  if (is_known && lifetime_s == 0) {
    nd6_server_remove(netif, i);
    return true;
  }
  if (i == nd6_servers_max()) {
    i = nd6_server_evict(netif, lifetime_s);
  }
  if (i == nd6_servers_max() || lifetime_s == 0) {
    return false;
  }
  netif_dns_server(netif, i)->addr = *addr;
  lifetime_start(&netif_dns_server(netif, i)->life, lifetime_s);
  return !is_known;
}

/** May a resolver send there? */
static bool nd6_server_is_sane(const ip6_addr_t *addr)
{
  return !ip6_addr_isany(addr) && !ip6_addr_ismulticast(addr) && !ip6_addr_isloopback(addr);
}

/* --- domains --- */

static bool nd6_name_eq(const char *a, const char *b)
{
  return lwip_stricmp(a, b) == 0;
}

static void nd6_domain_remove(struct nd6_domain **at)
{
  struct nd6_domain *d = *at;
  *at = d->next;
  mem_free(d);
}

/** The link that leads to the name, or the last link of the list; `count`: domains before it. */
static struct nd6_domain **nd6_domain_find(struct netif *netif, const char *name, unsigned *count)
{
  struct nd6_domain **at = &netif->nd6.domains;
  *count = 0;
  while (*at != NULL && !nd6_name_eq((*at)->name, name)) {
    at = &(*at)->next;
    (*count)++;
  }
  return at;
}

/** Make room for one that lasts so long. */
static bool nd6_domain_evict(struct netif *netif, u32_t newcomer_s)
{
  struct nd6_domain **victim = &netif->nd6.domains;
  for (struct nd6_domain **at = victim; *at != NULL; at = &(*at)->next) {
    if (lifetime_left_s(&(*at)->life) < lifetime_left_s(&(*victim)->life)) {
      victim = at;
    }
  }
  if (!nd6_dns_is_outlived(&(*victim)->life, newcomer_s)) {
    return false;
  }
  nd6_domain_remove(victim);
  return true;
}

static struct nd6_domain *nd6_domain_new(const char *name)
{
  size_t size = strlen(name) + 1;
  struct nd6_domain *d = (struct nd6_domain *)mem_malloc((mem_size_t)(sizeof *d + size));
  if (d != NULL) {
    d->next = NULL;
    memcpy(d->name, name, size);
  }
  return d;
}

/** @return true: the list changed */
static bool nd6_domain_heard(struct netif *netif, const char *name, u32_t lifetime_s)
{
  unsigned count;
  struct nd6_domain **at = nd6_domain_find(netif, name, &count);
  bool is_known = *at != NULL;
  if (is_known && lifetime_s == 0) {
    nd6_domain_remove(at);
    return true;
  }
  if (lifetime_s == 0 ||
      (!is_known && count >= nd6_domains_max() && !nd6_domain_evict(netif, lifetime_s))) {
    return false;
  }
  if (!is_known) {
    at = nd6_domain_find(netif, name, &count); /* the end may have moved */
    *at = nd6_domain_new(name);
  }
  if (*at == NULL) {
    ND6_STATS_INC(nd6.memerr);
    return false;
  }
  lifetime_start(&(*at)->life, lifetime_s);
  return !is_known;
}

/* --- both --- */

static void nd6_dns_expire(struct timer *t);

static void nd6_dns_timer_set(struct netif *netif)
{
  u32_t wait_ms = TIMER_NEVER;
  for (unsigned i = 0; i < nd6_servers_max(); i++) {
    struct nd6_dns_server *s = netif_dns_server(netif, i);
    if (!nd6_server_is_free(s)) {
      wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&s->life));
    }
  }
  for (struct nd6_domain *d = netif->nd6.domains; d != NULL; d = d->next) {
    wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&d->life));
  }
  lifetime_timer_set(&netif->nd6.dns_timer, nd6_dns_expire, wait_ms);
}

/** Servers that are over count as free by themselves, but must not stand before others. */
static bool nd6_servers_sweep(struct netif *netif)
{
  bool is_changed = false;
  for (unsigned i = nd6_servers_max(); i-- > 0;) {
    struct nd6_dns_server *s = netif_dns_server(netif, i);
    if (nd6_server_is_free(s) && !ip6_addr_isany(&s->addr)) {
      nd6_server_remove(netif, i);
      is_changed = true;
    }
  }
  return is_changed;
}

static bool nd6_domains_sweep(struct netif *netif)
{
  bool is_changed = false;
  struct nd6_domain **at = &netif->nd6.domains;
  while (*at != NULL) {
    if (lifetime_is_over(&(*at)->life)) {
      nd6_domain_remove(at);
      is_changed = true;
    } else {
      at = &(*at)->next;
    }
  }
  return is_changed;
}

static void nd6_dns_expire(struct timer *t)
{
  struct netif *netif = TIMER_OWNER(t, struct netif, nd6.dns_timer);
  bool is_servers_changed = nd6_servers_sweep(netif);
  bool is_domains_changed = nd6_domains_sweep(netif);
  nd6_dns_timer_set(netif);
  if (is_servers_changed || is_domains_changed) {
    nd6_dns_changed(netif);
  }
}

bool nd6_rdnss_heard(struct netif *netif, const struct nd6_rdnss *rdnss)
{
  bool is_changed = nd6_servers_sweep(netif);
  for (size_t i = 0; i < rdnss->num_addrs && nd6_servers_max() > 0; i++) {
    ip6_addr_t addr;
    nd6_rdnss_addr(rdnss, i, &addr);
    ip6_addr_assign_zone(&addr, IP6_UNICAST, netif);
    if (nd6_server_is_sane(&addr) && nd6_server_heard(netif, &addr, rdnss->lifetime_s)) {
      is_changed = true;
    }
  }
  nd6_dns_timer_set(netif);
  return is_changed;
}

bool nd6_dnssl_heard(struct netif *netif, const struct nd6_dnssl *dnssl)
{
  char name[ND6_DOMAIN_TEXT_MAX + 1];
  struct nd6_dnssl it = *dnssl;
  bool is_changed = nd6_domains_sweep(netif);
  while (nd6_domains_max() > 0 && nd6_dnssl_next(&it, name)) {
    if (nd6_domain_heard(netif, name, dnssl->lifetime_s)) {
      is_changed = true;
    }
  }
  nd6_dns_timer_set(netif);
  return is_changed;
}

bool nd6_dns_remove(struct netif *netif)
{
  bool is_changed = netif->nd6.domains != NULL;
  for (unsigned i = 0; i < nd6_servers_max(); i++) {
    is_changed = is_changed || !nd6_server_is_free(netif_dns_server(netif, i));
    memset(netif_dns_server(netif, i), 0, sizeof(struct nd6_dns_server));
  }
  while (netif->nd6.domains != NULL) {
    nd6_domain_remove(&netif->nd6.domains);
  }
  timer_cancel(&netif->nd6.dns_timer);
  return is_changed;
}

const ip6_addr_t *nd_dns_server(struct netif *netif, u8_t i, u32_t *lifetime_s)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (i >= nd6_servers_max() || nd6_server_is_free(netif_dns_server(netif, i))) {
    return NULL;
  }
  if (lifetime_s != NULL) {
    *lifetime_s = lifetime_left_s(&netif_dns_server(netif, i)->life);
  }
  return &netif_dns_server(netif, i)->addr;
}

const char *nd_dns_domain(struct netif *netif, u8_t i, u32_t *lifetime_s)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct nd6_domain *d = netif->nd6.domains;
  while (d != NULL && i-- > 0) {
    d = d->next;
  }
  if (d != NULL && lifetime_s != NULL) {
    *lifetime_s = lifetime_left_s(&d->life);
  }
  return d != NULL ? d->name : NULL;
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
