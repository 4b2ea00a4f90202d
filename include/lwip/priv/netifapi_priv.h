/**
 * @file
 * What a call of lwip/netifapi.h carries.
 */
#ifndef LWIP_HDR_PRIV_NETIFAPI_PRIV_H
#define LWIP_HDR_PRIV_NETIFAPI_PRIV_H

#include "lwip/netifapi.h"
#include "lwip/etharp.h"

#if LWIP_NETIF_API

/** Arguments and results are copies: addresses of other threads' stacks are never passed on with
    LWIP_MPU_COMPATIBLE. */
struct netifapi_msg {
  struct tcpip_api_call_data call;
  struct netif *netif;
  union {
    struct {
      ip4_addr_t addr;
      ip4_addr_t mask;
      ip4_addr_t gw;
      void *state;
      netif_init_fn init;
      netif_input_fn input;
    } add;
    struct {
      netifapi_void_fn voidfunc;
      netifapi_errt_fn errtfunc;
    } common;
    struct {
      char name[NETIF_NAMESIZE];
      u8_t index;
    } ifs;
    struct {
      ip4_addr_t addr;
      struct eth_addr mac;
    } arp;
  } u;
};

#if LWIP_IPV4
static inline err_t netifapi_static_add(const ip4_addr_t *addr, struct eth_addr *mac)
{
#if LWIP_ARP
  return etharp_add_static_entry(addr, mac);
#else
  (void)addr;
  (void)mac;
  return ERR_VAL;
#endif
}

static inline err_t netifapi_static_remove(const ip4_addr_t *addr)
{
#if LWIP_ARP
  return etharp_remove_static_entry(addr);
#else
  (void)addr;
  return ERR_VAL;
#endif
}
#endif

#endif /* LWIP_NETIF_API */

#endif /* LWIP_HDR_PRIV_NETIFAPI_PRIV_H */
