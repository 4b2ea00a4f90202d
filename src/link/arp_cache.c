/**
 * @file
 * The neighbour cache: entries, who has to go when it is full, requests and ageing.
 *
 * State: the entries; buckets to find them by; one timer for the next thing that is due; when
 * neighbours were asked for lately.
 *
 * Invariants: an entry that is not FREE is in the bucket of its address; only PENDING ones have a
 * queue. The timer is set whenever an entry is neither FREE nor STATIC, so a silent network costs
 * no wake-up once all entries have aged.
 *
 * No neighbour is asked for more than once a second (RFC 1122 2.3.2.1), also when its entry had to
 * go in between: slots by hash remember when that was. Two neighbours that share one may make a
 * first request come a second late, never too early.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "netif/ethernet.h"
#include "gossamer/timer.h"
#include "link/arp.h"
#include "link/arp_priv.h"
#include "link/netif_ip4.h"

#if LWIP_IPV4 && LWIP_ARP

enum {
  ARP_BUCKETS = (ARP_TABLE_SIZE) <= 16    ? 1
                : (ARP_TABLE_SIZE) <= 256 ? 64
                                          : 512,
  ARP_ASKED_SLOTS = LWIP_MAX(32, 4 * (ARP_TABLE_SIZE)),
  ARP_TICK_SHIFT = 9, /* ticks of 512 ms */
  ARP_ASKED_TICKS = 3 /* so far apart, more than a second has passed */
};

struct arp_state {
  struct arp_entry entry[ARP_TABLE_SIZE];
  struct arp_entry *bucket[ARP_BUCKETS];
  struct timer ageing;
  u16_t asked_ticks[ARP_ASKED_SLOTS]; /* arp_ticks() of the latest request */
};

STACK_STATE(struct arp_state, arp);

struct arp_entry *arp_entry_at(unsigned i)
{
  return &arp()->entry[i];
}

static u32_t arp_hash(const ip4_addr_t *ip)
{
  return (lwip_ntohl(ip->addr) * 0x9e3779b1UL) >> 8;
}

static struct arp_entry **arp_bucket(const ip4_addr_t *ip)
{
  return &arp()->bucket[(ARP_BUCKETS > 1) ? arp_hash(ip) % ARP_BUCKETS : 0];
}

struct arp_entry *arp_find(const struct netif *netif, const ip4_addr_t *ip)
{
  struct arp_entry *e = *arp_bucket(ip);
  while (e != NULL && (!ip4_addr_eq(&e->ip, ip) ||
                       (ETHARP_TABLE_MATCH_NETIF && netif != NULL && e->netif != netif))) {
    e = e->next;
  }
  return e;
}

static void arp_age(struct timer *t);

/** What an entry is worth to us now. */
static enum arp_worth arp_worth(const struct arp_entry *e)
{
  static const u8_t worth[] = {
      [ARP_FREE] = ARP_WORTH_FREE,       [ARP_PENDING] = ARP_WORTH_PENDING,
      [ARP_LEARNED] = ARP_WORTH_LEARNED, [ARP_STABLE] = ARP_WORTH_LIVE,
      [ARP_CHECKING] = ARP_WORTH_LIVE,   [ARP_STATIC] = ARP_WORTH_STATIC,
  };
  enum arp_worth w = (enum arp_worth)worth[e->status];
  if (w == ARP_WORTH_LIVE && arp_elapsed_ms(e->used_ms) > ARP_LIVE_MS) {
    w = ARP_WORTH_IDLE;
  }
  return w;
}

/** The entry that has to go first: of the lowest worth, the one not used for longest. */
static struct arp_entry *arp_find_victim(void)
{
  struct arp_entry *victim = arp_entry_at(0);
  for (unsigned i = 1; i < ARP_TABLE_SIZE; i++) {
    struct arp_entry *e = arp_entry_at(i);
    int gain = (int)arp_worth(victim) - (int)arp_worth(e);
    if (gain > 0 || (gain == 0 && (s32_t)(victim->used_ms - e->used_ms) > 0)) {
      victim = e;
    }
  }
  return victim;
}

struct arp_entry *arp_create(struct netif *netif, const ip4_addr_t *ip, enum arp_worth worth_max)
{
  struct arp_entry *e = arp_find_victim();
  if (arp_worth(e) > worth_max) {
    return NULL;
  }
  if (e->status != ARP_FREE) {
    arp_release(e, DROP_ARP_EVICTED);
  }
  struct arp_entry **bucket = arp_bucket(ip);
  e->next = *bucket;
  *bucket = e;
  e->netif = netif;
  e->ip = *ip;
  e->used_ms = e->since_ms = stack_now();
  e->status = ARP_PENDING;
  e->tries = 0;
  timer_set_sooner(&arp()->ageing, arp_age, ARP_ASK_INTERVAL_MS);
  return e;
}

void arp_release(struct arp_entry *e, enum drop_reason why)
{
  struct arp_entry **at = arp_bucket(&e->ip);
  while (*at != e) {
    at = &(*at)->next;
  }
  *at = e->next;
  if (arp_is_resolved(e)) {
    mib2_remove_arp_entry(e->netif, &e->ip);
  }
  e->status = ARP_FREE;
  struct pbuf *p;
  while ((p = arp_queue_take(&e->queue)) != NULL) {
    drop(p, why);
  }
}

void arp_release_all(const struct netif *netif, bool with_static, enum drop_reason why)
{
  for (unsigned i = 0; i < ARP_TABLE_SIZE; i++) {
    struct arp_entry *e = arp_entry_at(i);
    if (e->status != ARP_FREE && (netif == NULL || e->netif == netif) &&
        (with_static || e->status != ARP_STATIC)) {
      arp_release(e, why);
    }
  }
}

void arp_confirm(struct arp_entry *e)
{
  if (e->status == ARP_CHECKING) {
    e->status = ARP_STABLE;
  }
  e->since_ms = stack_now();
  timer_set_sooner(&arp()->ageing, arp_age, ARP_MAXAGE_MS);
}

void arp_resolve(struct arp_entry *e, const struct eth_addr *mac, enum arp_status status)
{
  if (!arp_is_resolved(e)) {
    mib2_add_arp_entry(e->netif, &e->ip);
  }
  e->mac = *mac;
  e->status = (u8_t)status;
  arp_confirm(e);
  void *queue = e->queue; /* ours now: the driver might come back to us from within the call */
  e->queue = NULL;
  struct netif *netif = e->netif;
  struct pbuf *p;
  while ((p = arp_queue_take(&queue)) != NULL) {
    ethernet_output(netif, p, (struct eth_addr *)(void *)netif->hwaddr, mac, ETHTYPE_IP);
    pbuf_free(p);
  }
}

/** Time in units that make slots small; 0, what slots start with, is long ago. */
static u16_t arp_ticks(void)
{
  return (u16_t)((stack_now() >> ARP_TICK_SHIFT) + ARP_ASKED_TICKS);
}

static u16_t *arp_asked_slot(const struct arp_entry *e)
{
  return &arp()->asked_ticks[(arp_hash(&e->ip) + e->netif->num) % ARP_ASKED_SLOTS];
}

/** One request now. Our own state first: the answer may come within the call. */
static void arp_ask(struct arp_entry *e)
{
  bool is_unicast = e->status == ARP_CHECKING && e->tries < ARP_UNICAST_TRIES;
  *arp_asked_slot(e) = arp_ticks();
  e->tries++;
  e->since_ms = stack_now();
  timer_set_sooner(&arp()->ageing, arp_age, ARP_ASK_INTERVAL_MS);
  arp_transmit(e->netif, ARP_REQUEST, netif_ip4_addr_toward(e->netif, &e->ip), &e->ip,
               is_unicast ? &e->mac : NULL);
}

void arp_ask_first(struct arp_entry *e)
{
  if ((u16_t)(arp_ticks() - *arp_asked_slot(e)) >= ARP_ASKED_TICKS) {
    arp_ask(e);
  }
}

void arp_check(struct arp_entry *e, u8_t tries)
{
  if (e->status != ARP_STABLE || arp_elapsed_ms(e->since_ms) < ARP_ASK_INTERVAL_MS) {
    return;
  }
  e->status = ARP_CHECKING;
  e->tries = tries;
  arp_ask(e);
}

/** The neighbour does not answer. The entry goes first: who is told may send at once. */
static void arp_give_up(struct arp_entry *e)
{
  struct pbuf *p;
  void *queue = e->queue;
  e->queue = NULL;
  arp_release(e, DROP_ARP_UNRESOLVED);
  while ((p = arp_queue_take(&queue)) != NULL) {
    if (LWIP_TCP || LWIP_UDP_ERRORS || LWIP_RAW_ERRORS) { /* somebody listens */
      arp_report_unreachable(p);
    }
    drop(p, DROP_ARP_UNRESOLVED);
  }
}

/** Do what is due for one entry. @return ms until the next thing is; TIMER_NEVER: nothing will be
 */
static u32_t arp_entry_age(struct arp_entry *e)
{
  bool is_asking = e->status == ARP_PENDING || e->status == ARP_CHECKING;
  u32_t period_ms = is_asking ? ARP_ASK_INTERVAL_MS : ARP_MAXAGE_MS;
  u32_t elapsed_ms = arp_elapsed_ms(e->since_ms);
  if (e->status == ARP_FREE || e->status == ARP_STATIC) {
    return TIMER_NEVER;
  }
  if (elapsed_ms < period_ms) {
    return period_ms - elapsed_ms;
  }
  if (!is_asking || e->tries >= ARP_MAXPENDING) {
    arp_give_up(e);
    return TIMER_NEVER;
  }
  arp_ask(e); /* sets the timer */
  return ARP_ASK_INTERVAL_MS;
}

static void arp_age(struct timer *t)
{
  u32_t next_ms = TIMER_NEVER;
  for (unsigned i = 0; i < ARP_TABLE_SIZE; i++) {
    u32_t due_ms = arp_entry_age(arp_entry_at(i));
    next_ms = LWIP_MIN(next_ms, due_ms);
  }
  if (next_ms != TIMER_NEVER) {
    timer_set_sooner(t, arp_age, next_ms);
  }
}

void etharp_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  arp_age(&arp()->ageing);
}

void arp_ageing_stop(void)
{
  timer_cancel(&arp()->ageing);
  memset(arp(), 0, sizeof(struct arp_state));
}

ssize_t etharp_find_addr(struct netif *netif, const ip4_addr_t *ipaddr, struct eth_addr **eth_ret,
                         const ip4_addr_t **ip_ret)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("etharp_find_addr: missing argument", eth_ret != NULL && ip_ret != NULL);
  struct arp_entry *e = arp_find(netif, ipaddr);
  if (e == NULL || !arp_is_resolved(e)) {
    return -1;
  }
  *eth_ret = &e->mac;
  *ip_ret = &e->ip;
  return e - arp_entry_at(0);
}

int etharp_get_entry(size_t i, ip4_addr_t **ipaddr, struct netif **netif, struct eth_addr **eth_ret)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("etharp_get_entry: missing argument",
              ipaddr != NULL && netif != NULL && eth_ret != NULL);
  if (i >= ARP_TABLE_SIZE || !arp_is_resolved(arp_entry_at((unsigned)i))) {
    return 0;
  }
  struct arp_entry *e = arp_entry_at((unsigned)i);
  *ipaddr = &e->ip;
  *netif = e->netif;
  *eth_ret = &e->mac;
  return 1;
}

void etharp_cleanup_netif(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  arp_release_all(netif, true, DROP_NETIF_DOWN);
}

/** The Ethernet on whose link `ip` is, or else the default one. */
static struct netif *netif_toward(const ip4_addr_t *ip)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (netif_is_flag_set(netif, NETIF_FLAG_ETHARP) && netif_ip4_on_link(netif, ip)) {
      return netif;
    }
  }
  return netif_default;
}

bool arp_lookup(const struct netif *netif, const ip4_addr_t *ip, struct eth_addr *mac)
{
  const struct arp_entry *e = arp_find(netif, ip);
  if (e == NULL || !arp_is_resolved(e)) {
    return false;
  }
  *mac = e->mac;
  return true;
}

bool arp_learn(struct netif *netif, const ip4_addr_t *ip, const struct eth_addr *mac,
               bool is_static)
{
  struct arp_entry *e = arp_find(netif, ip);
  if (e == NULL) {
    e = arp_create(netif, ip, is_static ? ARP_WORTH_LIVE : ARP_WORTH_IDLE);
  }
  if (e == NULL) {
    return false;
  }
  if (e->status == ARP_STATIC && !is_static) {
    return eth_addr_eq(&e->mac, mac);
  }
  arp_resolve(e, mac, is_static ? ARP_STATIC : ARP_LEARNED);
  return true;
}

void arp_forget(const ip4_addr_t *ip, const struct eth_addr *mac)
{
  struct arp_entry *e = arp_find(NULL, ip);
  if (e != NULL && arp_is_resolved(e) && eth_addr_eq(&e->mac, mac)) {
    arp_release(e, DROP_ARP_EVICTED); /* has no queue */
  }
}

err_t etharp_add_static_entry(const ip4_addr_t *ipaddr, struct eth_addr *ethaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = netif_toward(ipaddr);
  if (netif == NULL) {
    return ERR_RTE;
  }
  return arp_learn(netif, ipaddr, ethaddr, true) ? ERR_OK : ERR_MEM;
}

err_t etharp_remove_static_entry(const ip4_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct arp_entry *e = arp_find(NULL, ipaddr);
  if (e == NULL) {
    return ERR_MEM;
  }
  if (e->status != ARP_STATIC) {
    return ERR_ARG;
  }
  arp_release(e, DROP_ARP_EVICTED); /* has no queue */
  return ERR_OK;
}

#endif /* LWIP_IPV4 && LWIP_ARP */
