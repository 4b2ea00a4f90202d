/**
 * @file
 * What the stack knows of each IPv6 address of a netif beyond lwIP's ip6_addr and ip6_addr_state,
 * and of a netif's IPv6 configuration. Private: programs use lwip/netif.h and
 * gossamer/ip6_config.h.
 */
#ifndef LWIP_HDR_PRIV_IP6_SLOT_H
#define LWIP_HDR_PRIV_IP6_SLOT_H

#include "lwip/opt.h"
#include "lwip/arch.h"
#include "gossamer/lifetime.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a nonce that tells our own probes from another host's (RFC 7527, RFC 3971 5.3.2). */
#define IP6_DAD_NONCE_LEN 6

/* struct ip6_slot.flags */
#define IP6_SLOT_AGES       0x01U  /* the two lifetimes count; otherwise the address is static */
#define IP6_SLOT_DAD        0x02U  /* was made by DAD: a new link means DAD again */
#define IP6_SLOT_PROBING    0x04U  /* DAD is under way */
#define IP6_SLOT_DELAYED    0x08U  /* ... and waits before it joins and sends (RFC 4862 5.4.2) */
#define IP6_SLOT_OPTIMISTIC 0x10U  /* usable although tentative (RFC 4429) */
#define IP6_SLOT_EUI64      0x20U  /* identifier from the link or link-local address */
#define IP6_SLOT_OFF_LINK   0x40U  /* its prefix says nothing about neighbours */
#define IP6_SLOT_HOME       0x80U  /* Mobile IPv6: a home address (RFC 6724 rule 4) */
#define IP6_SLOT_CARE_OF    0x100U /* Mobile IPv6: a care-of address */

/** Routers that are remembered for each autoconfigured address: the latest. */
#define IP6_SLOT_NUM_ROUTERS 2

/** One address. */
struct ip6_slot {
  struct timer timer; /* the next step of DAD, or the next try to join */
  struct lifetime valid;
  struct lifetime preferred;
  u32_t group; /* last word of the solicited-node group that was joined for it; 0: none */
#if LWIP_IPV6_TEMPORARY
  struct lifetime age;   /* what is left of TEMP_VALID_LIFETIME since it was made */
  u32_t preferred_max_s; /* TEMP_PREFERRED_LIFETIME less its random part */
#endif
  u32_t router[IP6_SLOT_NUM_ROUTERS]; /* ip6_router_id() of who advertised its prefix; 0: none */
  u16_t flags;                        /* IP6_SLOT_* */
  u8_t nonce[IP6_DAD_NONCE_LEN];
  u8_t origin;      /* enum ip6_addr_origin */
  u8_t prefix_len;  /* of the subnet that it is in; 0: 64 */
  u8_t dad_counter; /* RFC 7217: identifiers that were not to be had before this one */
  u8_t probes_left; /* DAD: still to be sent */
  u8_t join_fails;  /* in a row */
  u8_t index;       /* its own, while the timer is set */
};

/* struct ip6_conf.flags */
#define IP6_CONF_EUI64         0x01U /* identifiers from the link-local or link address */
#define IP6_CONF_TEMPORARY     0x02U /* temporary addresses beside the stable ones */
#define IP6_CONF_PREFER_PUBLIC 0x04U /* source selection prefers the stable ones all the same */
#define IP6_CONF_OPTIMISTIC    0x08U /* optimistic DAD */
#define IP6_CONF_TUNNEL        0x10U /* packets are encapsulated (RFC 6724 destination rule 7) */
#define IP6_CONF_STOPPED       0x20U /* another host has our link address: no autoconfiguration */

/** IPv6 configuration of a netif. */
struct ip6_conf {
  struct timer life; /* the next end of a lifetime among its addresses */
  u8_t flags;        /* IP6_CONF_* */
  u8_t temp_retries; /* temporary addresses in a row that were duplicates */
  u8_t replaced;     /* while modules are told: 1 + slot whose valid address another one replaced */
};

/** What ip6_conf.flags are after netif_add(). */
#define IP6_CONF_DEFAULT                                                                           \
  ((LWIP_IPV6_STABLE_IID ? 0U : IP6_CONF_EUI64) |                                                  \
   (LWIP_IPV6_TEMPORARY > 1 ? IP6_CONF_TEMPORARY : 0U) |                                           \
   (LWIP_IPV6_OPTIMISTIC_DAD ? IP6_CONF_OPTIMISTIC : 0U))

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PRIV_IP6_SLOT_H */
