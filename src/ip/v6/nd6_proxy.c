/**
 * @file
 * Addresses that we answer for though they are not ours alone: proxied and anycast ones (RFC 4861
 * 7.2.7, 7.2.8).
 *
 * State: LWIP_ND6_NUM_PROXIES addresses, each with the one answer that it may owe. The answer waits
 * for a random time, since others may be about to give the same, and never overrides theirs. When
 * somebody else asks meanwhile, the answer that is due goes out at once.
 */
#include "lwip/opt.h"
#include <string.h>
#include "base/random.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/nd6_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ND6_NUM_PROXIES > 0

struct nd6_published {
  struct netif *netif; /* NULL: free */
  struct timer answer;
  ip6_addr_t addr;
  ip6_addr_t asker; /* while `answer` is set; ::: for a DAD probe */
  u8_t how;         /* enum neighbor_publish */
};

struct nd6_published_state {
  struct nd6_published entry[LWIP_ND6_NUM_PROXIES];
};

STACK_STATE(struct nd6_published_state, nd6_published);

/** The entry of an address; NULL: none. For netif NULL: a free entry. */
static struct nd6_published *published_find(const struct netif *netif, const ip6_addr_t *addr)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_PROXIES; i++) {
    struct nd6_published *e = &nd6_published()->entry[i];
    if (e->netif == netif && (netif == NULL || ip6_addr_zoneless_eq(&e->addr, addr))) {
      return e;
    }
  }
  return NULL;
}

bool nd6_is_anycast(const struct netif *netif, const ip6_addr_t *addr)
{
  const struct nd6_published *e = published_find(netif, addr);
  return e != NULL && e->how == NEIGHBOR_ANYCAST;
}

static void answer_due(struct timer *t)
{
  struct nd6_published *e = TIMER_OWNER(t, struct nd6_published, answer);
  bool is_probe = ip6_addr_isany(&e->asker);
  ip6_addr_t dst = e->asker;
  const ip6_addr_t *src =
      netif_ip6_owns(e->netif, &e->addr) ? &e->addr : netif_ip6_linklocal(e->netif);
  if (is_probe) {
    ip6_addr_set_allnodes_linklocal(&dst);
  }
  if (src != NULL && netif_is_usable(e->netif)) {
    nd6_send_na(e->netif, src, &dst, &e->addr, is_probe ? 0 : ND6_FLAG_SOLICITED, true);
  }
}

bool nd6_published_asked(struct netif *netif, const ip6_addr_t *target, const ip6_addr_t *asker)
{
  struct nd6_published *e = published_find(netif, target);
  if (e == NULL) {
    return false;
  }
  if (timer_is_set(&e->answer)) {
    if (ip6_addr_zoneless_eq(&e->asker, asker)) {
      return true;
    }
    timer_cancel(&e->answer);
    answer_due(&e->answer);
  }
  e->asker = *asker;
  timer_set(&e->answer, answer_due, random_jitter(LWIP_ND6_MAX_ANYCAST_DELAY_TIME));
  return true;
}

/** Solicitations for `addr` come to its group (RFC 4861 7.2.8). */
static err_t group_join(struct netif *netif, const ip6_addr_t *addr, bool is_to_join)
{
  ip6_addr_t group;
  ip6_addr_set_solicitednode(&group, addr->addr[3]);
  ip6_addr_assign_zone(&group, IP6_MULTICAST, netif);
  return is_to_join ? mld6_joingroup_netif(netif, &group) : mld6_leavegroup_netif(netif, &group);
}

err_t neighbor_publish(struct netif *netif, const ip6_addr_t *addr, enum neighbor_publish how)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif == NULL || addr == NULL || ip6_addr_isany(addr) || ip6_addr_ismulticast(addr)) {
    return ERR_VAL;
  }
  struct nd6_published *e = published_find(netif, addr);
  if (e == NULL) {
    e = published_find(NULL, NULL);
    if (e == NULL || group_join(netif, addr, true) != ERR_OK) {
      return ERR_MEM;
    }
    e->netif = netif;
    e->addr = *addr;
    ip6_addr_assign_zone(&e->addr, IP6_UNICAST, netif);
  }
  e->how = (u8_t)how;
  return ERR_OK;
}

static void published_release(struct nd6_published *e)
{
  timer_cancel(&e->answer);
  group_join(e->netif, &e->addr, false);
  e->netif = NULL;
}

err_t neighbor_unpublish(struct netif *netif, const ip6_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct nd6_published *e = (netif != NULL && addr != NULL) ? published_find(netif, addr) : NULL;
  if (e == NULL) {
    return ERR_VAL;
  }
  published_release(e);
  return ERR_OK;
}

void nd6_published_forget(const struct netif *netif)
{
  for (unsigned i = 0; i < LWIP_ND6_NUM_PROXIES; i++) {
    struct nd6_published *e = &nd6_published()->entry[i];
    if (e->netif != NULL && (netif == NULL || e->netif == netif)) {
      published_release(e);
    }
  }
}

#endif
