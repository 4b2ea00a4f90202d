/**
 * @file
 * We are the router: when router advertisements are sent (RFC 4861 6.2).
 *
 * State: the caller's struct router_advert, which netif->nd6.advert points to while it runs.
 * Invariant: `timer` is set exactly while the netif can send; `unicast_timer` while somebody waits
 * for an answer of his own.
 *
 * What strangers can make us send is bounded: multicast answers keep MIN_DELAY_BETWEEN_RAS, and one
 * unicast answer is under way at a time; who asks meanwhile gets a multicast one.
 */
#include <string.h>
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "base/random.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/mld6_module.h"
#include "ip/v6/nd6_router_priv.h"
#include "link/netif_ip6.h"

#if LWIP_IPV6 && LWIP_ND6 && LWIP_ROUTER_ADVERT

/* RFC 4861 10. */
enum {
  RA_INITIAL_INTERVAL_MS = 16000, /* MAX_INITIAL_RTR_ADVERT_INTERVAL */
  RA_INITIAL_COUNT = 3,           /* MAX_INITIAL_RTR_ADVERTISEMENTS */
  RA_DELAY_MS = 500,              /* MAX_RA_DELAY_TIME */
  RA_MIN_BETWEEN_MS = 3000        /* MIN_DELAY_BETWEEN_RAS */
};

/* RFC 4861 6.2.1, RFC 8319 4. */
enum {
  RA_MAX_INTERVAL_S_MIN = 4,
  RA_MIN_INTERVAL_S_MIN = 3,
  RA_REACHABLE_MS_MAX = 3600000,
  RA_MTU_MIN = 1280,
  /* Everything has to fit into one packet that any link carries, less the IPv6 header. */
  RA_LEN_MAX = 1280 - 40
};

void router_advert_defaults(struct router_advert *ra)
{
  memset(ra, 0, sizeof *ra);
  ra->max_interval_s = 600;
  ra->lifetime_s = 1800;
  ra->hop_limit = 64;
}

static u32_t ra_min_interval_s(const struct router_advert *ra)
{
  if (ra->min_interval_s != 0) {
    return ra->min_interval_s;
  }
  u32_t max_s = ra->max_interval_s;
  return (max_s >= 9) ? max_s / 3 : max_s * 3 / 4;
}

static bool ra_preference_ok(s8_t preference)
{
  return preference >= -1 && preference <= 1;
}

static bool ra_timing_ok(const struct router_advert *ra)
{
  u32_t min_s = ra_min_interval_s(ra);
  return ra->max_interval_s >= RA_MAX_INTERVAL_S_MIN && min_s >= RA_MIN_INTERVAL_S_MIN &&
         min_s * 4 <= (u32_t)ra->max_interval_s * 3 &&
         (ra->lifetime_s == 0 || ra->lifetime_s >= ra->max_interval_s);
}

static bool ra_prefix_ok(const struct router_advert_prefix *x)
{
  return x->prefix_len <= 128 && x->preferred_s <= x->valid_s &&
         !ip6_addr_islinklocal(&x->prefix) && !ip6_addr_ismulticast(&x->prefix);
}

static bool ra_lists_ok(const struct router_advert *ra)
{
  for (unsigned i = 0; i < ra->num_prefixes; i++) {
    if (!ra_prefix_ok(&ra->prefixes[i])) {
      return false;
    }
  }
  for (unsigned i = 0; i < ra->num_routes; i++) {
    if (ra->routes[i].prefix_len > 128 || !ra_preference_ok(ra->routes[i].preference)) {
      return false;
    }
  }
  return true;
}

/** May this be announced on `netif`? */
static err_t ra_check(struct router_advert *ra, const struct netif *netif)
{
  bool is_mtu_ok =
      ra->mtu == 0 || (ra->mtu >= RA_MTU_MIN && (netif->mtu == 0 || ra->mtu <= netif->mtu));
  if (!ra_timing_ok(ra) || !ra_preference_ok(ra->preference) || !ra_lists_ok(ra) || !is_mtu_ok ||
      ra->reachable_ms > RA_REACHABLE_MS_MAX) {
    return ERR_VAL;
  }
  size_t len = ra_build_len(ra);
  return (len == 0 || len + nd6_lladdr_option_len(netif->hwaddr_len) > RA_LEN_MAX) ? ERR_VAL
                                                                                   : ERR_OK;
}

/** Decrementing lifetimes begin. */
static void ra_lifetimes_start(struct router_advert *ra)
{
  for (unsigned i = 0; i < ra->num_prefixes; i++) {
    lifetime_start(&ra->prefixes[i].valid, ra->prefixes[i].valid_s);
    lifetime_start(&ra->prefixes[i].preferred, ra->prefixes[i].preferred_s);
  }
}

static bool ra_can_send(const struct router_advert *ra)
{
  return netif_is_usable(ra->netif) && netif_ip6_linklocal(ra->netif) != NULL;
}

static void ra_send(struct router_advert *ra, const ip6_addr_t *to, bool is_final)
{
  const ip6_addr_t *linklocal = netif_ip6_linklocal(ra->netif);
  struct pbuf *p = ra_build(ra, is_final);
  if (p == NULL || linklocal == NULL) {
    ND6_STATS_INC(nd6.memerr);
    return; /* the next one comes */
  }
  ip6_addr_t src = *linklocal;
  ip6_addr_t dst;
  if (to != NULL) {
    dst = *to;
  } else {
    ip6_addr_set_allnodes_linklocal(&dst);
    ip6_addr_assign_zone(&dst, IP6_MULTICAST, ra->netif);
  }
  ND6_STATS_INC(nd6.xmit);
  ra->num_sent++;
  icmp6_output(ra->netif, p, &src, &dst, ND6_HOP_LIMIT, false);
  pbuf_free(p);
}

static u32_t ra_interval_ms(const struct router_advert *ra)
{
  u32_t min_ms = ra_min_interval_s(ra) * 1000;
  u32_t max_ms = (u32_t)ra->max_interval_s * 1000;
  return min_ms + random_jitter(max_ms - min_ms + 1);
}

static void ra_due(struct timer *t)
{
  struct router_advert *ra = TIMER_OWNER(t, struct router_advert, timer);
  if (!ra_can_send(ra)) {
    return; /* ra_go_on() when it can */
  }
  u32_t wait_ms = ra_interval_ms(ra);
  if (ra->initial_left > 0) {
    ra->initial_left--;
    wait_ms = LWIP_MIN(wait_ms, (u32_t)RA_INITIAL_INTERVAL_MS);
  }
  ra->has_sent = true;
  ra->sent_ms = stack_now();
  timer_set(t, ra_due, wait_ms);
  ra_send(ra, NULL, false);
}

/** The next multicast advertisement comes within this time, as far as their distance allows. */
static void ra_send_soon(struct router_advert *ra, u32_t delay_ms)
{
  u32_t since_ms = stack_now() - ra->sent_ms;
  if (ra->has_sent && since_ms < RA_MIN_BETWEEN_MS) {
    delay_ms = LWIP_MAX(delay_ms, RA_MIN_BETWEEN_MS - since_ms);
  }
  timer_set_sooner(&ra->timer, ra_due, delay_ms);
}

static void ra_unicast_due(struct timer *t)
{
  struct router_advert *ra = TIMER_OWNER(t, struct router_advert, unicast_timer);
  if (ra_can_send(ra)) {
    ip6_addr_t to = ra->unicast_to;
    ra_send(ra, &to, false);
  }
}

void ra_solicited(struct router_advert *ra, const ip6_addr_t *from)
{
  u32_t delay_ms = random_jitter(RA_DELAY_MS + 1);
  if (!ra_can_send(ra)) {
    return;
  }
  if (ra->solicited_by_unicast && !ip6_addr_isany(from)) {
    if (!timer_is_set(&ra->unicast_timer)) {
      ra->unicast_to = *from;
      timer_set(&ra->unicast_timer, ra_unicast_due, delay_ms);
      return;
    }
    if (ip6_addr_eq(&ra->unicast_to, from)) {
      return;
    }
  }
  ra_send_soon(ra, delay_ms);
}

/** Three quick ones, the first of them now. */
static void ra_announce(struct router_advert *ra)
{
  ra->initial_left = RA_INITIAL_COUNT;
  if (ra_can_send(ra)) {
    ra_send_soon(ra, random_jitter(RA_DELAY_MS + 1));
  }
}

/** Solicitations go to the all-routers group. Routers hear it on links without MLD, too. */
static err_t ra_group(struct router_advert *ra, bool is_join)
{
  ip6_addr_t group;
  if (!netif_is_flag_set(ra->netif, NETIF_FLAG_MLD6)) {
    return ERR_OK;
  }
  ip6_addr_set_allrouters_linklocal(&group);
  ip6_addr_assign_zone(&group, IP6_MULTICAST, ra->netif);
  if (is_join == ra->has_joined) {
    return ERR_OK;
  }
  err_t err =
      is_join ? mld6_joingroup_netif(ra->netif, &group) : mld6_leavegroup_netif(ra->netif, &group);
  ra->has_joined = is_join && err == ERR_OK;
  return err;
}

err_t router_advert_start(struct router_advert *ra, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (ra->netif != NULL || netif->nd6.advert != NULL) {
    return ERR_USE;
  }
  err_t err = ra_check(ra, netif);
  if (err != ERR_OK) {
    return err;
  }
  ra->netif = netif;
  ra->has_sent = false;
  err = ra_group(ra, true);
  if (err != ERR_OK) {
    ra->netif = NULL;
    return err;
  }
  netif->nd6.advert = ra;
  nd6_rs_stop(netif);
  nd6_routers_forget(netif); /* RFC 4861 6.2.7: others' advertisements do not count here */
  ra_lifetimes_start(ra);
  ra_announce(ra);
  return ERR_OK;
}

err_t router_advert_changed(struct router_advert *ra)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (ra->netif == NULL) {
    return ERR_CONN;
  }
  err_t err = ra_check(ra, ra->netif);
  if (err == ERR_OK) {
    ra_lifetimes_start(ra);
    ra_announce(ra);
  }
  return err;
}

/** No more a router there. */
static void ra_unlink(struct router_advert *ra)
{
  timer_cancel(&ra->timer);
  timer_cancel(&ra->unicast_timer);
  ra_group(ra, false);
  ra->netif->nd6.advert = NULL;
  ra->netif = NULL;
}

void router_advert_stop(struct router_advert *ra)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif = ra->netif;
  if (netif == NULL) {
    return;
  }
  if (ra->has_sent && ra_can_send(ra)) {
    ra_send(ra, NULL, true);
  }
  ra_unlink(ra);
  if (netif_is_usable(netif)) {
    nd6_rs_start(netif); /* a router that became a host asks (RFC 4861 6.3.7) */
  }
}

void ra_go_on(struct router_advert *ra)
{
  if (!timer_is_set(&ra->timer)) {
    ra_announce(ra);
  }
}

void ra_pause(struct router_advert *ra)
{
  timer_cancel(&ra->timer);
  timer_cancel(&ra->unicast_timer);
}

void ra_detach(struct router_advert *ra)
{
  ra_unlink(ra);
}

#endif /* LWIP_IPV6 && LWIP_ND6 && LWIP_ROUTER_ADVERT */
