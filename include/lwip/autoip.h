/**
 * @file
 * IPv4 link-local addresses (RFC 3927): a host without a DHCP server gives itself one of 169.254/16
 * that nobody else has.
 *
 * All functions are called with the core lock held.
 */
#ifndef LWIP_HDR_AUTOIP_H
#define LWIP_HDR_AUTOIP_H

#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_AUTOIP

#include "lwip/acd.h"
#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/prot/autoip.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One netif's link-local address. */
struct autoip {
  ip4_addr_t llipaddr; /* claimed, or in use */
  u8_t state;          /* AUTOIP_STATE_* */
  u8_t tried_llipaddr; /* candidates that others had */
  struct acd acd;
  u8_t is_external; /* private: the memory is the program's */
};

/**
 * Use this memory for a netif's AutoIP instead of the heap's. Before autoip_start(); it is zeroed
 * here, and must stay until autoip_remove_struct() or netif_remove().
 */
void autoip_set_struct(struct netif *netif, struct autoip *autoip);

/** Stop, and forget the struct; the heap's is freed. */
void autoip_remove_struct(struct netif *netif);

/**
 * Look for an address and use it, until autoip_stop(). The first candidate follows from the MAC
 * address, so that a host is likely to get the same one each time. While the link is down it waits.
 *
 * @return ERR_OK; ERR_ARG: no netif; ERR_MEM
 */
err_t autoip_start(struct netif *netif);

/** Give the address up. @return ERR_OK; ERR_ARG: no netif */
err_t autoip_stop(struct netif *netif);

/** The link is up again: check that the address is still free. Happens by itself. */
void autoip_network_changed_link_up(struct netif *netif);

/** The link went down. Happens by itself. */
void autoip_network_changed_link_down(struct netif *netif);

/** 1: the netif's address is AutoIP's. */
u8_t autoip_supplied_address(struct netif *netif);

/** 1: `addr` is the address that AutoIP gave this netif. */
u8_t autoip_accept_packet(struct netif *netif, const ip4_addr_t *addr);

#define netif_autoip_data(netif)                                                                   \
  ((struct autoip *)netif_get_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_AUTOIP))

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 && LWIP_AUTOIP */

#endif /* LWIP_HDR_AUTOIP_H */
