/**
 * @file
 * Interfaces on which every address is ours: beginning and end (gossamer/any_address.h).
 *
 * State: struct any_address, the program's, which its netif points to. What is done with packets is
 * in udp/udp_any.c, tcp/tcp_any.c and ip/any_echo.c.
 */
#include "lwip/opt.h"

#if LWIP_ANY_ADDRESS

#include "lwip/priv/any_fields.h"
#include "transport/any_address.h"

err_t any_address_start(struct any_address *a, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (a->netif != NULL || netif_any_address(netif) != NULL) {
    return ERR_USE;
  }
  a->netif = netif;
  a->syns = NULL;
  a->syns_count = 0;
  err_t err = LWIP_TCP ? tcp_any_start(a) : ERR_OK;
  if (err != ERR_OK) {
    a->netif = NULL;
    return err;
  }
  netif_any_address_set(netif, a);
  return ERR_OK;
}

static void stop(struct any_address *a, bool is_told)
{
  if (a->netif == NULL) {
    return;
  }
  netif_any_address_set(a->netif, NULL);
  a->netif = NULL;
  if (LWIP_TCP) {
    tcp_any_stop(a, is_told);
  }
}

void any_address_stop(struct any_address *a)
{
  LWIP_ASSERT_CORE_LOCKED();
  stop(a, false);
}

static void any_netif_changed(struct netif *netif, enum netif_change what, const ip_addr_t *old)
{
  LWIP_UNUSED_ARG(old);
  struct any_address *a = netif_any_address(netif);
  if (what == NETIF_CHANGE_REMOVED && a != NULL) {
    stop(a, true);
  }
}

const struct net_module any_address_module = {.name = "any_address",
                                              .netif_changed = any_netif_changed};

#endif /* LWIP_ANY_ADDRESS */
