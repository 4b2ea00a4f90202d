/**
 * @file
 * Address conflict detection (RFC 5227): is an IPv4 address free before it is used, and does nobody
 * else use it afterwards? DHCP and AutoIP do this by themselves; a program may do it for an address
 * of its own before netif_set_addr().
 *
 * All functions are called with the core lock held.
 */
#ifndef LWIP_HDR_ACD_H
#define LWIP_HDR_ACD_H

#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_ACD

#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/prot/acd.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How often lwIP calls acd_tmr(), in ms. This stack sets timers. */
#define ACD_TMR_INTERVAL 100

/** Tells what became of an address; the struct acd may be started or stopped in it. */
typedef void (*acd_conflict_callback_t)(struct netif *netif, acd_callback_enum_t state);

/** One address being claimed or defended; its owner's storage, zeroed before acd_add(). */
struct acd {
  struct acd *next; /* in netif->acd_list */
  ip4_addr_t ipaddr;
  acd_state_enum_t state;
  u8_t sent_num;      /* probes or announcements of the present state */
  u8_t num_conflicts; /* before the address was free */
  acd_conflict_callback_t acd_conflict_callback;
  /* Private. */
  struct netif *netif;
  struct timer timer;
  u32_t defended_ms; /* when, if is_defended */
  u8_t is_defended;  /* there was a conflict since the address is in use */
};

/**
 * Put `acd` into a netif's list. Adding it again changes its callback.
 *
 * @return ERR_OK
 */
err_t acd_add(struct netif *netif, struct acd *acd, acd_conflict_callback_t acd_conflict_callback);

/** Stop, and take it out of the list; harmless when it is in none. */
void acd_remove(struct netif *netif, struct acd *acd);

/**
 * Claim `ipaddr`: within a second the first probe is sent; ACD_IP_OK comes after 4 to 7 seconds
 * (RFC 5227 2.1.1), with the first announcement. From then on conflicts are answered, at most one
 * within DEFEND_INTERVAL; at the next one the address is given up: ACD_DECLINE.
 *
 * @return ERR_OK; ERR_ARG: a missing argument; ERR_VAL: not added to this netif
 */
err_t acd_start(struct netif *netif, struct acd *acd, ip4_addr_t ipaddr);

/** No more claims and no more calls until acd_start(). @return ERR_OK; ERR_ARG */
err_t acd_stop(struct acd *acd);

/** A received ARP message; the stack's own ARP does this by itself. */
void acd_arp_reply(struct netif *netif, struct etharp_hdr *hdr);

/** For ports that drive lwIP by a tick of their own: harmless, timers do the work. */
void acd_tmr(void);

/** The link is down: stop all of a netif. Happens by itself. */
void acd_network_changed_link_down(struct netif *netif);

/**
 * A netif's address changed: what guarded the old one stops, unless that is a link-local address
 * which a routable one took the place of (ACD_STATE_PASSIVE_ONGOING). Happens by itself.
 */
void acd_netif_ip_addr_changed(struct netif *netif, const ip_addr_t *old_addr,
                               const ip_addr_t *new_addr);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_IPV4 && LWIP_ACD */

#endif /* LWIP_HDR_ACD_H */
