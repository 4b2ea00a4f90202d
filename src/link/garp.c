/**
 * @file
 * Periodic announcements of our address (ESP_GRATUITOUS_ARP), for access points and switches that
 * forget stations.
 *
 * State: a timer, set while a netif has NETIF_FLAG_GARP.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "gossamer/timer.h"
#include "link/link_module.h"
#include "link/netif_ip4.h"

#if ESP_GRATUITOUS_ARP && LWIP_IPV4 && LWIP_ARP

STACK_STATE(struct timer, garp);

static void garp_due(struct timer *t)
{
  struct netif *netif;
  garp_tmr();
  NETIF_FOREACH(netif)
  {
    if (netif_is_flag_set(netif, NETIF_FLAG_GARP)) {
      timer_set(t, garp_due, ESP_GRATUITOUS_ARP_INTERVAL);
      return;
    }
  }
}

void garp_tmr(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (netif_is_flag_set(netif, NETIF_FLAG_GARP) && netif_is_usable(netif) &&
        !ip4_addr_isany_val(*netif_ip4_addr(netif))) {
      etharp_gratuitous(netif);
    }
  }
}

void netif_set_garp_flag(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  netif_set_flags(netif, NETIF_FLAG_GARP);
  timer_set_sooner(garp(), garp_due, ESP_GRATUITOUS_ARP_INTERVAL);
}

static void garp_fini(void)
{
  timer_cancel(garp());
}

const struct net_module garp_module = {.name = "garp", .fini = garp_fini};

#endif /* ESP_GRATUITOUS_ARP && LWIP_IPV4 && LWIP_ARP */
