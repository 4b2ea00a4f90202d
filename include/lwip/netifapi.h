/**
 * @file
 * Network interfaces from any thread (LWIP_NETIF_API): each function calls its namesake of
 * lwip/netif.h where the core may be used (tcpip_api_call()) and waits for it.
 *
 * Besides their namesake's errors all of them return ERR_VAL without core locking as long as no
 * tcpip thread serves the instance, and ERR_MEM when no message is to be had.
 */
#ifndef LWIP_HDR_NETIFAPI_H
#define LWIP_HDR_NETIFAPI_H

#include "lwip/opt.h"

#if LWIP_NETIF_API

#include "lwip/err.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/priv/tcpip_priv.h"
#include "lwip/prot/ethernet.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*netifapi_void_fn)(struct netif *netif);
typedef err_t (*netifapi_errt_fn)(struct netif *netif);

#if LWIP_IPV4
/** Which table of neighbours. */
enum netifapi_arp_entry {
  NETIFAPI_ARP_PERM /* those that never expire (ETHARP_SUPPORT_STATIC_ENTRIES) */
};

/**
 * Add a neighbour, as etharp_add_static_entry().
 *
 * @return its errors; ERR_VAL for another `type`, or in builds without ARP or static entries;
 * ERR_ARG
 */
err_t netifapi_arp_add(const ip4_addr_t *ipaddr, struct eth_addr *ethaddr,
                       enum netifapi_arp_entry type);

/** Remove it, as etharp_remove_static_entry(). */
err_t netifapi_arp_remove(const ip4_addr_t *ipaddr, enum netifapi_arp_entry type);
#endif

#if LWIP_IPV4
/** netif_add(): ERR_OK; ERR_IF where that returns NULL. */
err_t netifapi_netif_add(struct netif *netif, const ip4_addr_t *ipaddr, const ip4_addr_t *netmask,
                         const ip4_addr_t *gw, void *state, netif_init_fn init,
                         netif_input_fn input);

/** netif_set_addr(): ERR_OK; ERR_ARG without a netif. */
err_t netifapi_netif_set_addr(struct netif *netif, const ip4_addr_t *ipaddr,
                              const ip4_addr_t *netmask, const ip4_addr_t *gw);
#else
err_t netifapi_netif_add(struct netif *netif, void *state, netif_init_fn init,
                         netif_input_fn input);
#endif

/**
 * Call one of the two functions with `netif`, the other one is NULL.
 *
 * @return ERR_OK after `voidfunc`, else what `errtfunc` returned; ERR_ARG: both are NULL
 */
err_t netifapi_netif_common(struct netif *netif, netifapi_void_fn voidfunc,
                            netifapi_errt_fn errtfunc);

/** netif_name_to_index(): ERR_OK also where it finds none, then `*index` is NETIF_NO_INDEX. */
err_t netifapi_netif_name_to_index(const char *name, u8_t *index);

/**
 * netif_index_to_name(): ERR_OK also where there is no such interface, then `name` is empty.
 *
 * @param name  room for NETIF_NAMESIZE bytes
 */
err_t netifapi_netif_index_to_name(u8_t index, char *name);

#define netifapi_netif_remove(n)        netifapi_netif_common(n, netif_remove, NULL)
#define netifapi_netif_set_up(n)        netifapi_netif_common(n, netif_set_up, NULL)
#define netifapi_netif_set_down(n)      netifapi_netif_common(n, netif_set_down, NULL)
#define netifapi_netif_set_default(n)   netifapi_netif_common(n, netif_set_default, NULL)
#define netifapi_netif_set_link_up(n)   netifapi_netif_common(n, netif_set_link_up, NULL)
#define netifapi_netif_set_link_down(n) netifapi_netif_common(n, netif_set_link_down, NULL)

/* For programs that include lwip/dhcp.h or lwip/autoip.h. */
#define netifapi_dhcp_start(n)            netifapi_netif_common(n, NULL, dhcp_start)
#define netifapi_dhcp_stop(n)             netifapi_netif_common(n, dhcp_stop, NULL)
#define netifapi_dhcp_inform(n)           netifapi_netif_common(n, dhcp_inform, NULL)
#define netifapi_dhcp_renew(n)            netifapi_netif_common(n, NULL, dhcp_renew)
#define netifapi_dhcp_release(n)          netifapi_netif_common(n, NULL, dhcp_release)
#define netifapi_dhcp_release_and_stop(n) netifapi_netif_common(n, dhcp_release_and_stop, NULL)
#define netifapi_autoip_start(n)          netifapi_netif_common(n, NULL, autoip_start)
#define netifapi_autoip_stop(n)           netifapi_netif_common(n, NULL, autoip_stop)

#ifdef __cplusplus
}
#endif

#endif /* LWIP_NETIF_API */

#endif /* LWIP_HDR_NETIFAPI_H */
