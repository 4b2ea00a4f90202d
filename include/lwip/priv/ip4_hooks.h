/**
 * @file
 * IPv4's hooks and switched-off parts as functions: what happens where lwipopts.h defines none.
 */
#ifndef LWIP_HDR_PRIV_IP4_HOOKS_H
#define LWIP_HDR_PRIV_IP4_HOOKS_H

#include <stdbool.h>
#include "lwip/def.h"
#include "lwip/netif.h"
#include "lwip/ip4_frag.h"
#include "lwip/pbuf.h"
#include "lwip/prot/iana.h"
#include "gossamer/drop.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/** True: the hook took the packet, whose header has been checked. */
static inline bool hook_ip4_input(struct pbuf *p, struct netif *inp)
{
#ifdef LWIP_HOOK_IP4_INPUT
  return LWIP_HOOK_IP4_INPUT(p, inp) != 0;
#else
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(inp);
  return false;
#endif
}

/** A netif by source and destination, before all other rules; NULL: no opinion. */
static inline struct netif *hook_ip4_route_src(const ip4_addr_t *src, const ip4_addr_t *dest)
{
#ifdef LWIP_HOOK_IP4_ROUTE_SRC
  return LWIP_HOOK_IP4_ROUTE_SRC(src, dest);
#else
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dest);
  return NULL;
#endif
}

/** A netif by destination, where no subnet matched; NULL: no opinion. */
static inline struct netif *hook_ip4_route(const ip4_addr_t *dest)
{
#ifdef LWIP_HOOK_IP4_ROUTE
  return LWIP_HOOK_IP4_ROUTE(dest);
#else
  LWIP_UNUSED_ARG(dest);
  return NULL;
#endif
}

/** 1: forward; 0: do not; -1: the usual rules decide. `dest`: host order. */
static inline int hook_ip4_canforward(struct pbuf *p, u32_t dest)
{
#ifdef LWIP_HOOK_IP4_CANFORWARD
  return LWIP_HOOK_IP4_CANFORWARD(p, dest);
#else
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(dest);
  return -1;
#endif
}

/** Are datagrams to this UDP port (network order) ours, whatever their destination address? */
static inline bool hook_ip4_accepts_port(u16_t port)
{
#ifdef LWIP_IP_ACCEPT_UDP_PORT
  return LWIP_IP_ACCEPT_UDP_PORT(port);
#else
  LWIP_UNUSED_ARG(port);
  return false;
#endif
}

#ifdef LWIP_IP_ACCEPT_UDP_PORT
#define HOOK_IP4_HAS_PORTS 1
#else
#define HOOK_IP4_HAS_PORTS 0
#endif

/** ip4_reass(), or where there is none the fragment's end. */
static inline struct pbuf *ip4_reass_or_drop(struct pbuf *p)
{
#if IP_REASSEMBLY
  return ip4_reass(p);
#else
  drop(p, DROP_FRAG_DISABLED);
  return NULL;
#endif
}

/** netif_loop_output(), also where there is none. */
static inline err_t ip4_loop_output(struct netif *netif, struct pbuf *p)
{
#if ENABLE_LOOPBACK
  return netif_loop_output(netif, p);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  return ERR_RTE;
#endif
}

/** lwIP's source-based routing by default, as ESP-IDF has it. */
#ifndef ESP_IP4_ROUTE
#define ESP_IP4_ROUTE 0
#endif

#endif /* LWIP_HDR_PRIV_IP4_HOOKS_H */
