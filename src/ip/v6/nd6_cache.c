/**
 * @file
 * The neighbour cache (RFC 4861 5.1): entries, how they are found, who has to go when it is full.
 *
 * State: the entries; buckets to find them by; when neighbours were asked for lately.
 *
 * Invariants: an entry that is not FREE is in the bucket of its address; only INCOMPLETE ones have
 * a queue; a timer is set for INCOMPLETE, DELAY and PROBE, and for no other.
 *
 * Addresses of neighbours are chosen by strangers (a /64 has room for many), so buckets are chosen
 * by a hash with a secret key. No address is asked for more often than RetransTimer allows (RFC
 * 4861 7.2.2), also when its entry had to go in between: slots by hash remember when that was. Two
 * neighbours that share one may make a first solicitation come late, never too early.
 */
#include "lwip/opt.h"
#include <string.h>
#include "base/random.h"
#include "ip/v6/nd6_priv.h"

#if LWIP_IPV6 && LWIP_ND6

enum {
  ND6_BUCKETS = (LWIP_ND6_NUM_NEIGHBORS) <= 16    ? 1
                : (LWIP_ND6_NUM_NEIGHBORS) <= 256 ? 64
                                                  : 1024,
  ND6_ASKED_SLOTS = LWIP_MAX(32, 4 * (LWIP_ND6_NUM_NEIGHBORS)),
  ND6_TICK_SHIFT = 8,        /* ticks of 256 ms */
  ND6_ASKED_TICKS_MAX = 4096 /* a longer RetransTimer counts as so many */
};

struct nd6_cache_state {
  struct nd6_neighbor entry[LWIP_ND6_NUM_NEIGHBORS];
  struct nd6_neighbor *bucket[ND6_BUCKETS];
  u64_t hash_key[4];
  u16_t asked_ticks[ND6_ASKED_SLOTS]; /* nd6_ticks() of the latest solicitation; 0: none */
};

STACK_STATE(struct nd6_cache_state, nd6_cache);

struct nd6_neighbor *nd6_neighbor_at(unsigned i)
{
  return &nd6_cache()->entry[i];
}

/** Multiply and shift over a vector of words: two addresses collide with a chance of 2^-32. */
u32_t nd6_hash(const ip6_addr_t *addr)
{
  u64_t *key = nd6_cache()->hash_key;
  while (key[0] == 0) {
    random_bytes(key, sizeof nd6_cache()->hash_key);
  }
  u64_t sum = 0;
  for (unsigned i = 0; i < 4; i++) {
    sum += key[i] * addr->addr[i];
  }
  return (u32_t)(sum >> 32);
}

static struct nd6_neighbor **bucket_of(const ip6_addr_t *addr)
{
  return &nd6_cache()->bucket[(ND6_BUCKETS > 1) ? nd6_hash(addr) % ND6_BUCKETS : 0];
}

struct nd6_neighbor *nd6_neighbor_find(const struct netif *netif, const ip6_addr_t *addr)
{
  struct nd6_neighbor *e = *bucket_of(addr);
  while (e != NULL && (e->netif != netif || !ip6_addr_zoneless_eq(&e->addr, addr))) {
    e = e->next;
  }
  return e;
}

/** What an entry is worth to us now. */
static enum nd6_worth worth_of(const struct nd6_neighbor *e)
{
  if (e->state == ND6_FREE) {
    return ND6_WORTH_FREE;
  }
  if (e->state == NEIGHBOR_STATIC) {
    return ND6_WORTH_STATIC;
  }
  if (e->is_router && nd6_is_router(e->netif, &e->addr)) {
    return ND6_WORTH_ROUTER;
  }
  if (e->state == NEIGHBOR_INCOMPLETE) {
    return ND6_WORTH_PENDING;
  }
  if (!e->is_wanted) {
    return ND6_WORTH_STRANGER;
  }
  return (nd6_elapsed_ms(e->used_ms) > ND6_LIVE_MS) ? ND6_WORTH_IDLE : ND6_WORTH_LIVE;
}

/** The entry that has to go first: of the lowest worth, the one not used for longest. */
static struct nd6_neighbor *find_victim(enum nd6_worth *worth)
{
  struct nd6_neighbor *victim = nd6_neighbor_at(0);
  *worth = worth_of(victim);
  for (unsigned i = 1; i < LWIP_ND6_NUM_NEIGHBORS && *worth != ND6_WORTH_FREE; i++) {
    struct nd6_neighbor *e = nd6_neighbor_at(i);
    enum nd6_worth w = worth_of(e);
    if (w < *worth || (w == *worth && (s32_t)(victim->used_ms - e->used_ms) > 0)) {
      victim = e;
      *worth = w;
    }
  }
  return victim;
}

struct nd6_neighbor *nd6_neighbor_create(struct netif *netif, const ip6_addr_t *addr,
                                         enum nd6_worth worth_max)
{
  enum nd6_worth worth;
  struct nd6_neighbor *e = find_victim(&worth);
  if (worth > worth_max) {
    return NULL;
  }
  if (worth != ND6_WORTH_FREE) {
    nd6_neighbor_release(e, DROP_ND6_EVICTED);
  }
  struct nd6_neighbor **bucket = bucket_of(addr);
  memset(e, 0, sizeof *e);
  e->next = *bucket;
  *bucket = e;
  e->netif = netif;
  e->addr = *addr;
  ip6_addr_assign_zone(&e->addr, IP6_UNICAST, netif);
  e->used_ms = stack_now();
  e->state = NEIGHBOR_INCOMPLETE;
  return e;
}

void nd6_neighbor_release(struct nd6_neighbor *e, enum drop_reason why)
{
  struct nd6_neighbor **at = bucket_of(&e->addr);
  while (*at != e) {
    at = &(*at)->next;
  }
  *at = e->next;
  timer_cancel(&e->timer);
  e->state = ND6_FREE;
  struct pbuf *p;
  while ((p = nd6_queue_take(e)) != NULL) {
    drop(p, why);
  }
}

void nd6_neighbors_release(const struct netif *netif, bool with_static, enum drop_reason why)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++) {
    struct nd6_neighbor *e = nd6_neighbor_at(i);
    if (e->state != ND6_FREE && (netif == NULL || e->netif == netif) &&
        (with_static || e->state != NEIGHBOR_STATIC)) {
      nd6_neighbor_release(e, why);
    }
  }
}

void nd6_cache_fini(void)
{
  nd6_neighbors_release(NULL, true, DROP_ND6_NETIF_DOWN);
  memset(nd6_cache(), 0, sizeof *nd6_cache()); /* who was asked when: clocks may start anew */
}

/** Time in units that make slots small; never 0. */
static u16_t nd6_ticks(void)
{
  u16_t ticks = (u16_t)(stack_now() >> ND6_TICK_SHIFT);
  return (ticks != 0) ? ticks : 1;
}

static u16_t *asked_slot(const struct nd6_neighbor *e)
{
  return &nd6_cache()->asked_ticks[(nd6_hash(&e->addr) + e->netif->num) % ND6_ASKED_SLOTS];
}

bool nd6_may_ask(const struct nd6_neighbor *e)
{
  u16_t asked = *asked_slot(e);
  u32_t apart = (nd6_retrans_ms(e->netif) >> ND6_TICK_SHIFT) + 1;
  return asked == 0 || (u16_t)(nd6_ticks() - asked) >= LWIP_MIN(apart, ND6_ASKED_TICKS_MAX);
}

void nd6_note_asked(const struct nd6_neighbor *e)
{
  *asked_slot(e) = nd6_ticks();
}

int neighbor_get(unsigned i, struct neighbor_info *info)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("neighbor_get: missing argument", info != NULL);
  if (i >= LWIP_ND6_NUM_NEIGHBORS) {
    return -1;
  }
  struct nd6_neighbor *e = nd6_neighbor_at(i);
  if (e->state == ND6_FREE) {
    return 0;
  }
  info->netif = e->netif;
  info->addr = e->addr;
  info->state = nd6_neighbor_state(e);
  info->is_router = e->is_router;
  info->lladdr_len = nd6_is_resolved(e) ? e->netif->hwaddr_len : 0;
  memcpy(info->lladdr, e->lladdr, sizeof info->lladdr);
  return 1;
}

static bool is_neighbor_address(const struct netif *netif, const ip6_addr_t *addr)
{
  return netif != NULL && !ip6_addr_isany(addr) && !ip6_addr_ismulticast(addr) &&
         !ip6_addr_isloopback(addr);
}

err_t neighbor_add_static(struct netif *netif, const ip6_addr_t *addr, const u8_t *lladdr)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (!is_neighbor_address(netif, addr) || lladdr == NULL) {
    return ERR_VAL;
  }
  struct nd6_neighbor *e = nd6_neighbor_find(netif, addr);
  if (e == NULL) {
    e = nd6_neighbor_create(netif, addr, ND6_WORTH_LIVE);
  }
  if (e == NULL) {
    return ERR_MEM;
  }
  timer_cancel(&e->timer);
  memcpy(e->lladdr, lladdr, LWIP_MIN(netif->hwaddr_len, sizeof e->lladdr));
  e->state = NEIGHBOR_STATIC;
  nd6_neighbor_flush(e);
  return ERR_OK;
}

err_t neighbor_remove_static(struct netif *netif, const ip6_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct nd6_neighbor *e = (addr != NULL) ? nd6_neighbor_find(netif, addr) : NULL;
  if (e == NULL || e->state != NEIGHBOR_STATIC) {
    return ERR_VAL;
  }
  nd6_neighbor_release(e, DROP_ND6_EVICTED); /* has no queue */
  return ERR_OK;
}

#endif /* LWIP_IPV6 && LWIP_ND6 */
