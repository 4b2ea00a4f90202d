/**
 * @file
 * What lwipopts.h may add to DHCP and AutoIP, as functions, and members of struct dhcp that options
 * take away: nothing where absent.
 */
#ifndef LWIP_HDR_PRIV_DHCP_HOOKS_H
#define LWIP_HDR_PRIV_DHCP_HOOKS_H

#include <stdbool.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/autoip.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/acd.h"
#include "lwip/prot/dhcp.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

#if LWIP_IPV4 && LWIP_AUTOIP
/** First candidate, network order, of the port's choice. @return false: it has none */
static inline bool hook_autoip_seed(struct netif *netif, u32_t *addr)
{
#ifdef LWIP_AUTOIP_CREATE_SEED_ADDR
  LWIP_UNUSED_ARG(netif); /* by the macro, perhaps */
  *addr = LWIP_AUTOIP_CREATE_SEED_ADDR(netif);
  return true;
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(addr);
  return false;
#endif
}
#endif

#if LWIP_IPV4 && LWIP_DHCP_AUTOIP_COOP
static inline err_t dhcp_coop_start(struct netif *netif)
{
  return autoip_start(netif);
}
static inline void dhcp_coop_stop(struct netif *netif)
{
  autoip_stop(netif);
}
#else
static inline err_t dhcp_coop_start(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return ERR_OK;
}
static inline void dhcp_coop_stop(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
#endif

#if LWIP_IPV4 && LWIP_DHCP

#ifdef DHCP_ADD_EXTRA_REQUEST_OPTIONS
#define DHCP_EXTRA_REQUESTS DHCP_ADD_EXTRA_REQUEST_OPTIONS
#elif defined(LWIP_HOOK_DHCP_EXTRA_REQUEST_OPTIONS)
#define DHCP_EXTRA_REQUESTS LWIP_HOOK_DHCP_EXTRA_REQUEST_OPTIONS
#else
#define DHCP_EXTRA_REQUESTS
#endif

/** Renewals are no closer than this (RFC 2131 4.4.5: a minute). lwIP counts in ticks. */
#ifdef DHCP_NEXT_TIMEOUT_THRESHOLD
#define DHCP_RENEW_MS_MIN                                                                          \
  ((u32_t)(DHCP_COARSE_TIMER_MSECS * LWIP_MAX(1, DHCP_NEXT_TIMEOUT_THRESHOLD)))
#else
#define DHCP_RENEW_MS_MIN 60000U
#endif

/* lwIP's way to say that one number does for all exchanges. */
#if defined(DHCP_CREATE_RAND_XID) && !defined(DHCP_GLOBAL_XID)
#if !DHCP_CREATE_RAND_XID
#define DHCP_GLOBAL_XID 0xabcd0000UL
#endif
#endif

/** May add options behind *options_len bytes of them. */
static inline void hook_dhcp_append(struct netif *netif, struct dhcp *dhcp, struct dhcp_msg *msg,
                                    u8_t msg_type, u16_t *options_len)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dhcp);
  LWIP_UNUSED_ARG(msg);
  LWIP_UNUSED_ARG(msg_type);
  LWIP_UNUSED_ARG(options_len);
#ifdef LWIP_HOOK_DHCP_APPEND_OPTIONS
  LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, dhcp->state, msg, msg_type, options_len);
#endif
}

/** A piece of an option that the client itself does not read; its value is at `offset` of `p`. */
static inline void hook_dhcp_parse(struct netif *netif, struct dhcp *dhcp, struct dhcp_msg *msg,
                                   u8_t msg_type, u8_t option, u8_t len, struct pbuf *p,
                                   u16_t offset)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dhcp);
  LWIP_UNUSED_ARG(msg);
  LWIP_UNUSED_ARG(msg_type);
  LWIP_UNUSED_ARG(option);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(offset);
#ifdef LWIP_HOOK_DHCP_PARSE_OPTION
  LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, dhcp->state, msg, msg_type, option, len, p, offset);
#endif
}

/** True: the hook restored the last address into dhcp->offered_ip_addr. */
static inline bool hook_dhcp_post_init(struct netif *netif)
{
  err_t result = ERR_VAL;
  LWIP_UNUSED_ARG(netif);
#ifdef LWIP_HOOK_DHCP_POST_INIT
  LWIP_HOOK_DHCP_POST_INIT(netif, result);
#endif
  return result == ERR_OK;
}

/** The number of an exchange, if the port says it. */
static inline bool hook_dhcp_xid(u32_t *xid)
{
#ifdef DHCP_GLOBAL_XID
  *xid = DHCP_GLOBAL_XID;
  return true;
#else
  LWIP_UNUSED_ARG(xid);
  return false;
#endif
}

/** How long to wait for an answer to message number `tries`, in ms; 0: as RFC 2131 says. */
static inline u32_t hook_dhcp_wait_ms(u8_t state, u8_t tries)
{
  LWIP_UNUSED_ARG(state);
  LWIP_UNUSED_ARG(tries);
#if defined(DHCP_REQUEST_BACKOFF_SEQUENCE) && ESP_LWIP
  return DHCP_REQUEST_BACKOFF_SEQUENCE(state, tries);
#elif defined(DHCP_REQUEST_BACKOFF_SEQUENCE)
  return DHCP_REQUEST_BACKOFF_SEQUENCE(tries);
#else
  return 0;
#endif
}

/** Would a packet to this neighbour leave at once? */
static inline bool dhcp_is_resolved(struct netif *netif, const ip4_addr_t *neighbor)
{
#if LWIP_ARP
  struct eth_addr *mac;
  const ip4_addr_t *ip;
  return !(netif->flags & NETIF_FLAG_ETHARP) || etharp_find_addr(netif, neighbor, &mac, &ip) >= 0;
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(neighbor);
  return true;
#endif
}

static inline const char *dhcp_hostname(const struct netif *netif)
{
#if LWIP_NETIF_HOSTNAME
  return netif->hostname;
#else
  LWIP_UNUSED_ARG(netif);
  return NULL;
#endif
}

/* --- members of struct dhcp --- */

static inline void dhcp_call_user(struct dhcp *dhcp)
{
#if ESP_DHCP
  if (dhcp->cb != NULL) {
    dhcp->cb(dhcp->netif);
  }
#else
  LWIP_UNUSED_ARG(dhcp);
#endif
}

/** Keep what a starting client has from before: its memory's owner and its listener. */
static inline void dhcp_fields_reset(struct dhcp *dhcp, struct netif *netif)
{
  u8_t flags = (u8_t)(dhcp->flags & DHCP_FLAG_EXTERNAL_MEM);
  u8_t pcb_allocated = dhcp->pcb_allocated;
#if ESP_DHCP
  void (*cb)(struct netif *) = dhcp->cb;
#endif
  memset(dhcp, 0, sizeof *dhcp);
#if ESP_DHCP
  dhcp->cb = cb;
#endif
  dhcp->flags = flags;
  dhcp->pcb_allocated = pcb_allocated;
  dhcp->netif = netif;
}

#if LWIP_DHCP_DOES_ACD_CHECK
static inline void dhcp_acd_start(struct dhcp *dhcp, acd_conflict_callback_t callback)
{
  acd_add(dhcp->netif, &dhcp->acd, callback);
  acd_start(dhcp->netif, &dhcp->acd, dhcp->offered_ip_addr);
}
static inline bool dhcp_acd_is_on(const struct dhcp *dhcp)
{
  return dhcp->acd.state != ACD_STATE_OFF;
}
static inline void dhcp_acd_stop(struct dhcp *dhcp)
{
  acd_stop(&dhcp->acd);
}
static inline void dhcp_acd_remove(struct dhcp *dhcp)
{
  if (dhcp->netif != NULL) {
    acd_remove(dhcp->netif, &dhcp->acd);
  }
}
#else
static inline void dhcp_acd_start(struct dhcp *dhcp,
                                  void (*callback)(struct netif *, acd_callback_enum_t))
{
  callback(dhcp->netif, ACD_IP_OK);
}
static inline bool dhcp_acd_is_on(const struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
  return true;
}
static inline void dhcp_acd_stop(struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
}
static inline void dhcp_acd_remove(struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
}
#endif

/** Boot server and file name, "" for none; not NUL-terminated where 128 bytes long. */
static inline void dhcp_boot_set(struct dhcp *dhcp, const ip4_addr_t *server, const u8_t *name,
                                 size_t len)
{
#if LWIP_DHCP_BOOTP_FILE
  size_t fits = LWIP_MIN(len, DHCP_BOOT_FILE_LEN - 1);
  dhcp->offered_si_addr = *server;
  memset(dhcp->boot_file_name, 0, sizeof dhcp->boot_file_name);
  memcpy(dhcp->boot_file_name, name, fits);
#else
  LWIP_UNUSED_ARG(dhcp);
  LWIP_UNUSED_ARG(server);
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(len);
#endif
}

#if LWIP_DHCP_DOMAIN_LEN > 0
static inline char *dhcp_domain(struct dhcp *dhcp)
{
  return dhcp->domain;
}
#else
static inline char *dhcp_domain(struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
  return NULL;
}
#endif

#if LWIP_DHCP_MAX_ROUTES > 0
static inline u8_t dhcp_routes_count(const struct dhcp *dhcp)
{
  return dhcp->routes;
}
static inline void dhcp_routes_clear(struct dhcp *dhcp)
{
  dhcp->routes = 0;
}
static inline struct dhcp_route *dhcp_route_at(struct dhcp *dhcp, u8_t i)
{
  return &dhcp->route[i];
}
/** @return NULL: there are as many as there may be */
static inline struct dhcp_route *dhcp_route_new(struct dhcp *dhcp)
{
  return dhcp->routes < LWIP_DHCP_MAX_ROUTES ? &dhcp->route[dhcp->routes++] : NULL;
}
#else
static inline u8_t dhcp_routes_count(const struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
  return 0;
}
static inline void dhcp_routes_clear(struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
}
static inline struct dhcp_route *dhcp_route_at(struct dhcp *dhcp, u8_t i)
{
  LWIP_UNUSED_ARG(dhcp);
  LWIP_UNUSED_ARG(i);
  return NULL;
}
static inline struct dhcp_route *dhcp_route_new(struct dhcp *dhcp)
{
  LWIP_UNUSED_ARG(dhcp);
  return NULL;
}
#endif

static inline void dhcp_tell_ntp(const ip4_addr_t *servers, u8_t count)
{
#if LWIP_DHCP_GET_NTP_SRV
  dhcp_set_ntp_servers(count, servers);
#else
  LWIP_UNUSED_ARG(servers);
  LWIP_UNUSED_ARG(count);
#endif
}

#endif /* LWIP_IPV4 && LWIP_DHCP */

#endif /* LWIP_HDR_PRIV_DHCP_HOOKS_H */
