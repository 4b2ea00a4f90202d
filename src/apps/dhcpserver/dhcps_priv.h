/**
 * @file
 * The DHCP server, as its files share it.
 *
 * What is known of a client is an entry; their number is fixed. An entry is
 *
 *   FREE -- discover --> OFFERED -- request --> BOUND -- prolonged --+
 *                           |                   | ^ |                |
 *                           | 60 s, none        | | +<---------------+
 *                           v                   v |
 *                          PAST <--- released, over     any -- declined --> RESTING -- time -->
 * FREE
 *
 * PAST: the address is free, and kept for that client as long as nobody else needs it (RFC 2131
 * 4.3.1). RESTING: a client found the address in use; it belongs to nobody for a while (4.3.3).
 */
#ifndef APPS_DHCPS_PRIV_H
#define APPS_DHCPS_PRIV_H

#include "dhcpserver/dhcpserver.h"
#include "lwip/prot/ethernet.h"
#include "gossamer/lifetime.h"
#include "gossamer/timer.h"
#include "base/siphash.h"
#include "wire/dhcp.h"

enum {
  /* A client has so long to take an offer: its request is sent four times (RFC 2131 3.1). */
  DHCPS_OFFER_S = 60,
  /* An address that somebody uses without having it from us is left alone for so long. */
  DHCPS_REST_S = 600
};

/** In the order in which entries are given up for others. */
enum dhcps_entry_state { DHCPS_FREE, DHCPS_PAST, DHCPS_OFFERED, DHCPS_RESTING, DHCPS_BOUND };

struct dhcps_entry {
  u64_t id;   /* the client's (dhcps_client_of()) */
  u32_t used; /* greater than that of all entries that were heard of before */
  ip4_addr_t ip;
  struct lifetime life;
  u8_t state;
  struct eth_addr mac;
  char hostname[sizeof((struct dhcps_pool *)NULL)->hostname];
};

struct dhcps_t {
  struct dhcps_t *next; /* of all that exist */
  struct netif *netif;  /* NULL: it does not serve */
  ip4_addr_t ip;
  ip4_addr_t mask;
  u32_t first; /* of the pool, host order */
  u32_t count;
  u32_t cursor; /* behind the address that was offered last, counted from the first */
  struct dhcps_entry entry[CONFIG_LWIP_DHCPS_MAX_STATION_NUM];
  u32_t used;
  struct timer timer; /* the first end of an entry's life */
  dhcps_options_t options;
  ip4_addr_t mask_option;
  ip4_addr_t dns[DNS_TYPE_MAX];
  const char *uri;
  u32_t uri_len;
  dhcps_cb_t cb;
  void *cb_arg;
  u8_t key[SIPHASH_KEY_LEN];
};

/** Who asks. */
struct dhcps_client {
  u64_t id; /* hash of its client identifier, or of its MAC address (RFC 2131 4.2) */
  struct eth_addr mac;
};

/* dhcps_pool.c: entries and addresses */

/** Where the pool lies, by options, address and mask. @return false: that is no pool */
bool dhcps_pool_set(struct dhcps_t *s);

/** Forget what is not in the pool any more. */
void dhcps_pool_prune(struct dhcps_t *s);

bool dhcps_is_on_link(const struct dhcps_t *s, const ip4_addr_t *ip);

/** The client's entry, NULL: it is not known. */
struct dhcps_entry *dhcps_entry_of(struct dhcps_t *s, const struct dhcps_client *c);

/** Is the address in the pool, and nobody else's as far as we know? */
bool dhcps_may_have(struct dhcps_t *s, const struct dhcps_client *c, const ip4_addr_t *ip);

/** An address to offer (RFC 2131 4.3.1). @return false: all are in use */
bool dhcps_choose(struct dhcps_t *s, const struct dhcps_client *c, const ip4_addr_t *wish,
                  ip4_addr_t *ip);

/**
 * The client's entry, made if there is none, with this address; no other has the address then.
 *
 * @param state_max  what may be given up for it
 * @return NULL: no entry may be
 */
struct dhcps_entry *dhcps_claim(struct dhcps_t *s, const struct dhcps_client *c,
                                const ip4_addr_t *ip, enum dhcps_entry_state state_max);

/** Set an entry's state for so many seconds. */
void dhcps_entry_set(struct dhcps_t *s, struct dhcps_entry *e, enum dhcps_entry_state state,
                     u32_t seconds);

/** Tell ARP of all leases, or if the server has been stopped have it forget them. */
void dhcps_arp_tell(struct dhcps_t *s);

/* dhcps_rx.c */

/** A message came in by the server's netif. @return DROP_NONE, or why it was not used */
enum drop_reason dhcps_rx(struct dhcps_t *s, const struct dhcp_message *m);

/* dhcps_reply.c */

/** Seconds that a lease lasts which is given now. */
u32_t dhcps_lease_s(const struct dhcps_t *s, const struct dhcp_message *m);

/**
 * Answer a message.
 *
 * @param ip  of an offer or a lease; NULL: the answer gives none
 */
void dhcps_reply(struct dhcps_t *s, const struct dhcp_message *m, u8_t type, const ip4_addr_t *ip);

/* dhcps.c */

struct udp_pcb *dhcps_pcb(void);

#endif /* APPS_DHCPS_PRIV_H */
