/**
 * @file
 * What a DHCP server knows of its clients, and which addresses are free.
 *
 * State: in struct dhcps_t.
 *
 * Invariants: an address stands in one entry at most. A lease's entry is only given up for a client
 * that has asked for a lease by a request, so a flood of discovers takes none from anybody; and
 * addresses are offered in turn, so that one that was given up is given to somebody else as late as
 * can be (security vector B12-205).
 *
 * Deviation: RFC 2131 2.2 has a server ask whether an address is in use before it gives it away.
 * Here what ARP knows must do, and the client's own probes (RFC 5227): an address that is declined
 * rests.
 */
#include "lwip/opt.h"

#if ESP_DHCPS

#include <string.h>
#include "lwip/etharp.h"
#include "link/arp.h"
#include "apps/dhcpserver/dhcps_priv.h"

enum {
  /* So many clients may be static entries of the ARP cache: others need some, too. */
  ARP_STATIC_MAX = ARP_TABLE_SIZE - LWIP_MAX(2, ARP_TABLE_SIZE / 4)
};

static u32_t host_order(const ip4_addr_t *ip)
{
  return lwip_ntohl(ip->addr);
}

bool dhcps_is_on_link(const struct dhcps_t *s, const ip4_addr_t *ip)
{
  return ip4_addr_net_eq(ip, &s->ip, &s->mask);
}

/** The larger part of the subnet above or below the server, as far as a pool may go. */
static void default_pool(struct dhcps_t *s, u32_t lowest, u32_t highest)
{
  u32_t own = host_order(&s->ip);
  u32_t above = LWIP_MIN(highest - own, (u32_t)DHCPS_MAX_LEASE);
  u32_t below = LWIP_MIN(own - lowest, (u32_t)DHCPS_MAX_LEASE);
  s->count = LWIP_MAX(above, below);
  s->first = (above >= below) ? own + 1 : own - below;
}

bool dhcps_pool_set(struct dhcps_t *s)
{
  const dhcps_lease_t *wish = &s->options.dhcps_poll;
  u32_t net = lwip_ntohl(s->ip.addr & s->mask.addr);
  u32_t last = net | ~lwip_ntohl(s->mask.addr);
  u32_t own = host_order(&s->ip);
  if (!ip4_addr_netmask_valid(s->mask.addr) || last - net < 3 || own == net || own == last) {
    return false;
  }
  if (!wish->enable) {
    default_pool(s, net + 1, last - 1);
    return true;
  }
  u32_t start = host_order(&wish->start_ip);
  u32_t end = host_order(&wish->end_ip);
  if (start <= net || end >= last || start > end || end - start >= DHCPS_MAX_LEASE) {
    return false;
  }
  s->first = start;
  s->count = end - start + 1;
  return true;
}

static bool is_in_pool(const struct dhcps_t *s, const ip4_addr_t *ip)
{
  return host_order(ip) - s->first < s->count && !ip4_addr_eq(ip, &s->ip);
}

/* --- ARP --- */

/** Is the client likely to be there? ARP shall know of it, or else forget what we told it. */
static void arp_tell(struct dhcps_t *s, const struct dhcps_entry *e)
{
  if (e->state != DHCPS_BOUND || s->netif == NULL) {
    arp_forget(&e->ip, &e->mac);
  } else if (CONFIG_LWIP_DHCPS_STATIC_ENTRIES && e - s->entry < ARP_STATIC_MAX) {
    (void)arp_learn(s->netif, &e->ip, &e->mac, true);
  }
}

void dhcps_arp_tell(struct dhcps_t *s)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    if (s->entry[i].state != DHCPS_FREE) {
      arp_tell(s, &s->entry[i]);
    }
  }
}

/* --- entries --- */

static void entry_free(struct dhcps_t *s, struct dhcps_entry *e)
{
  if (e->state != DHCPS_FREE) {
    e->state = DHCPS_FREE;
    arp_tell(s, e);
  }
  memset(e, 0, sizeof *e);
}

static void on_timer(struct timer *t);

/** Have the timer come when the first of all lives ends. */
static void timer_update(struct dhcps_t *s)
{
  u32_t wait_ms = TIMER_NEVER;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    struct dhcps_entry *e = &s->entry[i];
    if (e->state > DHCPS_PAST) {
      wait_ms = LWIP_MIN(wait_ms, lifetime_wait_ms(&e->life));
    }
  }
  lifetime_timer_set(&s->timer, on_timer, wait_ms);
}

static void on_timer(struct timer *t)
{
  struct dhcps_t *s = TIMER_OWNER(t, struct dhcps_t, timer);
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    struct dhcps_entry *e = &s->entry[i];
    if (e->state == DHCPS_RESTING && lifetime_is_over(&e->life)) {
      entry_free(s, e);
    } else if (e->state > DHCPS_PAST && lifetime_is_over(&e->life)) {
      dhcps_entry_set(s, e, DHCPS_PAST, 0);
    }
  }
  timer_update(s);
}

void dhcps_entry_set(struct dhcps_t *s, struct dhcps_entry *e, enum dhcps_entry_state state,
                     u32_t seconds)
{
  e->state = (u8_t)state;
  arp_tell(s, e);
  if (state == DHCPS_RESTING) {
    e->id = 0;
  }
  lifetime_start(&e->life, seconds);
  timer_update(s);
}

void dhcps_pool_prune(struct dhcps_t *s)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    if (s->entry[i].state != DHCPS_FREE && !is_in_pool(s, &s->entry[i].ip)) {
      entry_free(s, &s->entry[i]);
    }
  }
  s->cursor = 0;
  timer_update(s);
}

struct dhcps_entry *dhcps_entry_of(struct dhcps_t *s, const struct dhcps_client *c)
{
  struct dhcps_entry *by_mac = NULL;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    struct dhcps_entry *e = &s->entry[i];
    if (e->state == DHCPS_FREE || e->state == DHCPS_RESTING) {
      continue;
    }
    if (e->id == c->id) {
      return e;
    }
    if (e->state == DHCPS_PAST && eth_addr_eq(&e->mac, &c->mac)) {
      by_mac = e;
    }
  }
  return by_mac;
}

static struct dhcps_entry *entry_with(struct dhcps_t *s, const ip4_addr_t *ip)
{
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    if (s->entry[i].state != DHCPS_FREE && ip4_addr_eq(&s->entry[i].ip, ip)) {
      return &s->entry[i];
    }
  }
  return NULL;
}

/** The one to give up first: of the least state, the one that was not heard of for longest. */
static struct dhcps_entry *entry_least(struct dhcps_t *s)
{
  struct dhcps_entry *least = &s->entry[0];
  for (unsigned i = 1; i < LWIP_ARRAYSIZE(s->entry); i++) {
    struct dhcps_entry *e = &s->entry[i];
    if (e->state < least->state ||
        (e->state == least->state && (s32_t)(e->used - least->used) < 0)) {
      least = e;
    }
  }
  return least;
}

struct dhcps_entry *dhcps_claim(struct dhcps_t *s, const struct dhcps_client *c,
                                const ip4_addr_t *ip, enum dhcps_entry_state state_max)
{
  struct dhcps_entry *e = dhcps_entry_of(s, c);
  struct dhcps_entry *other = entry_with(s, ip);
  if (other != NULL && other != e) {
    entry_free(s, other); /* PAST: nobody else is given an address that is in use */
  }
  if (e == NULL) {
    e = entry_least(s);
    if (e->state > state_max) {
      return NULL;
    }
    entry_free(s, e);
  } else if (!ip4_addr_eq(&e->ip, ip)) {
    entry_free(s, e);
  } else if (!eth_addr_eq(&e->mac, &c->mac)) {
    arp_forget(&e->ip, &e->mac);
  }
  e->id = c->id;
  e->mac = c->mac;
  e->ip = *ip;
  e->used = ++s->used;
  return e;
}

/* --- addresses --- */

/** Has ARP heard of somebody else there? @param own  the client's entry, perhaps by another card */
static bool is_seen_elsewhere(const struct dhcps_t *s, const struct dhcps_client *c,
                              const struct dhcps_entry *own, const ip4_addr_t *ip)
{
  struct eth_addr mac;
  return arp_lookup(s->netif, ip, &mac) && !eth_addr_eq(&mac, &c->mac) &&
         (own == NULL || !eth_addr_eq(&mac, &own->mac));
}

bool dhcps_may_have(struct dhcps_t *s, const struct dhcps_client *c, const ip4_addr_t *ip)
{
  const struct dhcps_entry *e = entry_with(s, ip);
  bool is_own = e != NULL && e->id == c->id;
  bool is_others = e != NULL && e->state > DHCPS_PAST && !is_own;
  return is_in_pool(s, ip) && !is_others && !is_seen_elsewhere(s, c, is_own ? e : NULL, ip);
}

/** The next one that nobody has, and with `is_new` nobody had as far as we remember. */
static bool choose_next(struct dhcps_t *s, const struct dhcps_client *c, bool is_new,
                        ip4_addr_t *ip)
{
  for (u32_t i = 0; i < s->count; i++) {
    u32_t at = (s->cursor + i) % s->count;
    ip->addr = lwip_htonl(s->first + at);
    if (dhcps_may_have(s, c, ip) && (!is_new || entry_with(s, ip) == NULL)) {
      s->cursor = at + 1;
      return true;
    }
  }
  return false;
}

bool dhcps_choose(struct dhcps_t *s, const struct dhcps_client *c, const ip4_addr_t *wish,
                  ip4_addr_t *ip)
{
  const struct dhcps_entry *e = dhcps_entry_of(s, c);
  if (e != NULL && (e->state == DHCPS_BOUND || dhcps_may_have(s, c, &e->ip))) {
    *ip = e->ip;
    return true;
  }
  if (dhcps_may_have(s, c, wish)) {
    *ip = *wish;
    return true;
  }
  return choose_next(s, c, true, ip) || choose_next(s, c, false, ip);
}

#endif /* ESP_DHCPS */
