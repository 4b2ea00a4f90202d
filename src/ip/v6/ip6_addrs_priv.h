/**
 * @file
 * What the files that keep our IPv6 addresses share.
 *
 * Every change of a slot ends in ip6_addrs_module's netif_changed(), which looks at all slots of
 * the netif and brings probing, groups and timers in line with what it finds. So nobody has to
 * remember which of them to touch, and whoever writes to struct netif behind our back is
 * understood, too.
 */
#ifndef IP_V6_IP6_ADDRS_PRIV_H
#define IP_V6_IP6_ADDRS_PRIV_H

#include <stdbool.h>
#include "lwip/netif.h"
#include "link/netif_ip6.h"

/** New identifiers to try when one is a duplicate (RFC 7217 6: IDGEN_RETRIES, RFC 8981 3.8). */
#define IP6_IDGEN_RETRIES 3

/** Random delay before a first probe, and before the next identifier is tried (RFC 4861 10:
    MAX_RTR_SOLICITATION_DELAY, RFC 7217 6: IDGEN_DELAY). */
#define IP6_DAD_DELAY_MS_MAX 1000U

static inline bool ip6_slot_has(const struct netif *netif, int i, unsigned flags)
{
  return (netif->ip6_slot[i].flags & flags) != 0;
}

static inline void ip6_slot_add(struct netif *netif, int i, unsigned flags)
{
  netif->ip6_slot[i].flags |= (u16_t)flags;
}

static inline void ip6_slot_remove(struct netif *netif, int i, unsigned flags)
{
  netif->ip6_slot[i].flags &= (u16_t)~flags;
}

/** Let timer of slot `i` come; it goes on with DAD or with joining. */
void ip6_slot_wake_in(struct netif *netif, int i, u32_t delay_ms);

/** What DAD makes of an address whose lifetimes are what they are. */
u8_t ip6_slot_assigned_state(const struct netif *netif, int i);

/**
 * Have the solicited-node group joined for slot `i` if it should be, and no other.
 *
 * @return false: there is no memory, and it is worth trying again later
 */
bool ip6_slot_join(struct netif *netif, int i);

/** Lifetimes or slots are different now: make the temporary addresses that are missing, and set the
    timer for the next end. */
void ip6_lifetimes_settle(struct netif *netif);

/* --- dad.c --- */

/** Begin with the tentative address in slot `i`. @return false: the netif is gone */
bool dad_start(struct netif *netif, int i);

/** The next step. */
void dad_step(struct netif *netif, int i);

/* --- stable_iid.c --- */

/** No address may have these as its last 64 bits (RFC 5453). */
bool ip6_iid_is_reserved(const ip6_addr_t *addr);

/**
 * A stable identifier (RFC 7217) for the prefix in the first 64 bits of `addr`, into its last.
 *
 * @param counter  which one: the first that is neither reserved nor ours already from here on;
 *                 gets its number
 */
void ip6_iid_stable(const struct netif *netif, ip6_addr_t *addr, u8_t *counter);

/** The instance ends. */
void ip6_stable_secret_forget(void);

/* --- slaac.c --- */

/**
 * An identifier for the prefix in `addr` by the netif's configuration, and the flags of the slot
 * that gets it.
 *
 * @return false: there is none to be had
 */
bool slaac_make_iid(const struct netif *netif, ip6_addr_t *addr, u8_t *counter, u16_t *flags);

/** What the slot of an address that is made by ourselves starts with. */
void slaac_fill_slot(struct netif *netif, int i, enum ip6_addr_origin origin, u16_t flags);

/** A router advertised the prefix of the address (RFC 6724 5 rule 5.5). */
void slaac_note_router(struct ip6_slot *slot, u32_t router_id);

/** A router said how long the prefix of the address is valid (RFC 4862 5.5.3 e). */
void slaac_update_valid(struct ip6_slot *slot, u32_t valid_s);

/* --- temp_addr.c; calls stand behind `if (LWIP_IPV6_TEMPORARY)` --- */

/** Make temporary addresses where a prefix has none that will last. @return false: netif is gone */
bool temp_addrs_make(struct netif *netif);

/** A router said how long slot `i`'s prefix lasts: its lifetimes, as far as its age allows. */
void temp_addr_refresh(struct netif *netif, int i, u32_t valid_s, u32_t preferred_s);

/** Another identifier for slot `i`. @return false: there were too many duplicates */
bool temp_addr_renew_iid(struct netif *netif, ip6_addr_t *addr);

/** When slot `i` needs a successor, if that is before `wait_ms`. */
u32_t temp_addr_wait_ms(struct netif *netif, int i, u32_t wait_ms);

#endif /* IP_V6_IP6_ADDRS_PRIV_H */
