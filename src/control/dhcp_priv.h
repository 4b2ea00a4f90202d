/**
 * @file
 * The DHCP client, as its files share it.
 *
 *   INIT -- link --> SELECTING -- offer --> REQUESTING -- ack --> CHECKING -- free --> BOUND
 *                        ^                      | nak                | in use            | T1
 *                        |                      v                    v                   v
 *                        +----------------- BACKING_OFF <------------+               RENEWING
 *                        |                      ^ nak                                    | T2
 *                        |                      |                                        v
 *                        +-- lease over --------+------------------------------------ REBINDING
 *
 *   REBOOTING: the link came back, or the address of before is known; ack leads to BOUND, by way of
 *   CHECKING unless the netif still has the address. An address stays in use until its lease is
 *   over, whatever the state.
 */
#ifndef CONTROL_DHCP_PRIV_H
#define CONTROL_DHCP_PRIV_H

#include <stdbool.h>
#include "lwip/dhcp.h"
#include "lwip/err.h"
#include "lwip/netif.h"
#include "gossamer/dhcp.h"
#include "wire/dhcp.h"

/* struct dhcp.own_flags */
enum {
  DHCP_OWN_ADDRESS = 0x01, /* the netif has dhcp->leased */
  DHCP_OWN_MTU = 0x02,     /* netif->mtu is the lease's */
  DHCP_OWN_COOP = 0x04     /* we started AutoIP */
};

enum {
  DHCP_CLIENT_ID_LEN_MAX = 5 + 4 + NETIF_MAX_HWADDR_LEN,
  /* The longest message that is taken, and that servers are told of. */
  DHCP_RX_LEN_MAX = 1472,
  /* RFC 2131 3.1.5: after a decline, wait ten seconds at least. */
  DHCP_DECLINE_WAIT_MS = 10000,
  /* A lease without a time, which RFC 2131 forbids. */
  DHCP_LEASE_DEFAULT_S = 120
};

/* dhcp.c: states */

/** An acceptable offer came; it is in dhcp->offered_*. */
void dhcp_offered(struct dhcp *dhcp);
/** The server confirmed dhcp->offered_*. */
void dhcp_acked(struct dhcp *dhcp);
/** The server says no. */
void dhcp_nacked(struct dhcp *dhcp);
/** dhcp_inform() was answered. */
void dhcp_informed(struct dhcp *dhcp);

/* dhcp_send.c */

/** A new exchange with a number that nobody can guess. */
void dhcp_new_xid(struct dhcp *dhcp);

/** What the client calls itself; 0 bytes: nothing. */
size_t dhcp_client_id(const struct netif *netif, u8_t id[DHCP_CLIENT_ID_LEN_MAX]);

/** Send a message as the present state has it. */
err_t dhcp_send(struct dhcp *dhcp, u8_t type);

/* dhcp_input.c */

/** The pcb of all clients: for one more, for one less. */
err_t dhcp_pcb_take(struct dhcp *dhcp);
void dhcp_pcb_give(struct dhcp *dhcp);
struct udp_pcb *dhcp_pcb(void);

/* dhcp_lease.c */

/** Read address, mask, gateway and times. @return DROP_NONE or DROP_DHCP_BAD_OFFER */
enum drop_reason dhcp_lease_read(struct dhcp *dhcp, const struct dhcp_message *m);

/** Take what else an acknowledgement says: servers, MTU, routes, names. */
void dhcp_options_take(struct dhcp *dhcp, const struct dhcp_message *m);

/** Add the lease's routes. */
void dhcp_routes_add(struct dhcp *dhcp);

/**
 * Undo all that a lease did to the netif, the address last.
 *
 * @param with_address  the address shall not be asked for again
 */
void dhcp_lease_drop(struct dhcp *dhcp, bool with_address);

/* dhcp_store.c */

bool dhcp_store_restore(struct netif *netif, ip4_addr_t *addr);
void dhcp_store_save(struct netif *netif, const ip4_addr_t *addr);
void dhcp_store_erase(struct netif *netif);
void dhcp_store_fini(void);

/* dhcp_vendor.c */

void dhcp_vendor_put(struct dhcp_writer *w);
void dhcp_vendor_take(const struct dhcp_message *m);
void dhcp_vendor_fini(void);

#endif /* CONTROL_DHCP_PRIV_H */
