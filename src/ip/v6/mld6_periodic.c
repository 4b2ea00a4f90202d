/**
 * @file
 * Periodic reports of all groups (ESP_MLDV6_REPORT), for access points and switches that forget
 * listeners.
 *
 * State: a timer, set while an interface with NETIF_FLAG_MLD6 is usable.
 */
#include "lwip/opt.h"
#include "lwip/mld6.h"
#include "ip/v6/mld6_module.h"
#include "link/netif_usable.h"

#if LWIP_IPV6 && LWIP_IPV6_MLD && ESP_MLDV6_REPORT

STACK_STATE(struct timer, mld6_periodic);

static bool mld6_periodic_wants(const struct netif *netif)
{
  return netif_is_flag_set(netif, NETIF_FLAG_MLD6) && netif_is_usable(netif);
}

static void mld6_periodic_due(struct timer *t)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (mld6_periodic_wants(netif)) {
      mld6_report_groups(netif);
      timer_set_sooner(t, mld6_periodic_due, ESP_MLDV6_REPORT_INTERVAL);
    }
  }
}

static void mld6_periodic_netif_changed(struct netif *netif, enum netif_change what,
                                        const ip_addr_t *old_addr)
{
  LWIP_UNUSED_ARG(old_addr);
  if (what == NETIF_CHANGE_UP && mld6_periodic_wants(netif)) {
    timer_set_sooner(mld6_periodic(), mld6_periodic_due, ESP_MLDV6_REPORT_INTERVAL);
  }
}

static void mld6_periodic_fini(void)
{
  timer_cancel(mld6_periodic());
}

const struct net_module mld6_periodic_module = {
    .name = "mld6_periodic",
    .fini = mld6_periodic_fini,
    .netif_changed = mld6_periodic_netif_changed,
};

#endif /* LWIP_IPV6 && LWIP_IPV6_MLD && ESP_MLDV6_REPORT */
