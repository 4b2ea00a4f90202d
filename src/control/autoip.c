/**
 * @file
 * IPv4 link-local addresses: candidates, and a netif's use of the one that nobody else has.
 *
 * State: struct autoip in the netif's client data.
 *
 * Invariants: the netif's address is touched only to bind, and to take away what was bound. A
 * netif that has another address by now keeps that.
 *
 * Deviation: when the link comes back the address stays in use while it is probed for (RFC 3927
 * 2.2.1 would have it unused), so that connections survive a short interruption; a conflict takes
 * it away at once.
 *
 * RFC 3927.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_AUTOIP

#include <string.h>
#include "lwip/autoip.h"
#include "lwip/debug.h"
#include "lwip/mem.h"
#include "lwip/priv/dhcp_hooks.h"
#include "lwip/priv/netif_fields.h"
#include "base/siphash.h"
#include "control/control_module.h"
#include "link/netif_usable.h"

/**
 * Candidate number `n`: of a sequence that each MAC address has for itself (RFC 3927 2.1), spread
 * evenly, so that those who met once do not meet again.
 */
static ip4_addr_t autoip_candidate(struct netif *netif, u8_t n)
{
  static const u8_t key[SIPHASH_KEY_LEN] = {'a', 'u', 't', 'o', 'i', 'p'}; /* not secret */
  u8_t seed[NETIF_MAX_HWADDR_LEN + 1];
  ip4_addr_t addr;
  if (n == 0 && hook_autoip_seed(netif, &addr.addr)) {
    return addr;
  }
  memcpy(seed, netif->hwaddr, NETIF_MAX_HWADDR_LEN);
  seed[NETIF_MAX_HWADDR_LEN] = n;
  u32_t spread =
      (u32_t)(siphash24(key, seed, sizeof seed) % (AUTOIP_RANGE_END - AUTOIP_RANGE_START + 1));
  addr.addr = lwip_htonl(AUTOIP_RANGE_START + spread);
  return addr;
}

static bool autoip_is_in_use(const struct netif *netif, const struct autoip *a)
{
  return a != NULL && a->state != AUTOIP_STATE_OFF && !ip4_addr_isany_val(a->llipaddr) &&
         ip4_addr_eq(netif_ip4_addr(netif), &a->llipaddr);
}

static void autoip_unbind(struct netif *netif, struct autoip *a)
{
  if (autoip_is_in_use(netif, a)) {
    netif_set_addr(netif, NULL, NULL, NULL);
  }
}

static void autoip_acd(struct netif *netif, acd_callback_enum_t event);

static void autoip_claim(struct netif *netif, struct autoip *a)
{
  acd_add(netif, &a->acd, autoip_acd);
  a->state = AUTOIP_STATE_CHECKING;
  if (netif_is_usable(netif)) {
    acd_start(netif, &a->acd, a->llipaddr);
  }
}

static void autoip_bind(struct netif *netif, struct autoip *a)
{
  ip4_addr_t mask;
  IP4_ADDR(&mask, 255, 255, 0, 0);
  a->state = AUTOIP_STATE_BOUND;
  netif_set_addr(netif, &a->llipaddr, &mask, NULL);
}

static void autoip_acd(struct netif *netif, acd_callback_enum_t event)
{
  struct autoip *a = netif_autoip_data(netif);
  if (a == NULL || a->state == AUTOIP_STATE_OFF) {
    return;
  }
  if (event == ACD_IP_OK) {
    autoip_bind(netif, a);
  } else if (event == ACD_DECLINE) {
    autoip_unbind(netif, a); /* last: whoever hears of it may stop us */
  } else {
    a->tried_llipaddr++;
    a->llipaddr = autoip_candidate(netif, a->tried_llipaddr);
    autoip_claim(netif, a);
  }
}

void autoip_set_struct(struct netif *netif, struct autoip *autoip)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("autoip_set_struct: missing argument", netif != NULL && autoip != NULL, return );
  LWIP_ASSERT("autoip_set_struct: there is one already", netif_autoip_data(netif) == NULL);
  memset(autoip, 0, sizeof *autoip);
  autoip->is_external = 1;
  netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_AUTOIP, autoip);
}

void autoip_remove_struct(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("autoip_remove_struct: no netif", netif != NULL, return );
  autoip_stop(netif);
  struct autoip *a = netif_autoip_data(netif);
  if (a != NULL) {
    acd_remove(netif, &a->acd);
    netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_AUTOIP, NULL);
    if (!a->is_external) {
      mem_free(a);
    }
  }
}

err_t autoip_start(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("autoip_start: no netif", netif != NULL, return ERR_ARG);
  struct autoip *a = netif_autoip_data(netif);
  if (a == NULL) {
    a = (struct autoip *)mem_calloc(1, sizeof *a);
    if (a == NULL) {
      return ERR_MEM;
    }
    netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_AUTOIP, a);
  }
  if (a->state != AUTOIP_STATE_OFF) {
    return ERR_OK;
  }
  if (ip4_addr_isany_val(a->llipaddr)) {
    a->llipaddr = autoip_candidate(netif, 0);
  } /* else the one that was free last time (RFC 3927 2.1) */
  autoip_claim(netif, a);
  return ERR_OK;
}

err_t autoip_stop(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("autoip_stop: no netif", netif != NULL, return ERR_ARG);
  struct autoip *a = netif_autoip_data(netif);
  if (a != NULL && a->state != AUTOIP_STATE_OFF) {
    bool is_in_use = autoip_is_in_use(netif, a);
    acd_stop(&a->acd);
    a->state = AUTOIP_STATE_OFF;
    if (is_in_use) {
      netif_set_addr(netif, NULL, NULL, NULL);
    }
  }
  return ERR_OK;
}

void autoip_network_changed_link_up(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("autoip_network_changed_link_up: no netif", netif != NULL, return );
  struct autoip *a = netif_autoip_data(netif);
  if (a == NULL || a->state == AUTOIP_STATE_OFF) {
    return;
  }
  if (ip4_addr_isany_val(*netif_ip4_addr(netif)) || autoip_is_in_use(netif, a)) {
    autoip_claim(netif, a);
  }
}

void autoip_network_changed_link_down(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("autoip_network_changed_link_down: no netif", netif != NULL, return );
  struct autoip *a = netif_autoip_data(netif);
  if (a != NULL) {
    acd_stop(&a->acd);
  }
}

u8_t autoip_supplied_address(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  return netif != NULL && autoip_is_in_use(netif, netif_autoip_data(netif));
}

u8_t autoip_accept_packet(struct netif *netif, const ip4_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  return autoip_supplied_address(netif) && addr != NULL && ip4_addr_eq(addr, netif_ip4_addr(netif));
}

static void autoip_netif_changed(struct netif *netif, enum netif_change what,
                                 const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  switch (what) {
  case NETIF_CHANGE_UP:
    autoip_network_changed_link_up(netif);
    break;
  case NETIF_CHANGE_DOWN:
    autoip_network_changed_link_down(netif);
    break;
  case NETIF_CHANGE_REMOVED:
    autoip_remove_struct(netif);
    break;
  default:
    break;
  }
}

const struct net_module autoip_module = {.name = "autoip", .netif_changed = autoip_netif_changed};

#endif /* LWIP_IPV4 && LWIP_AUTOIP */
