/**
 * @file
 * DHCP client (RFC 2131): dhcp_start() once, then a netif's address, mask, gateway and what else a
 * server says follow the network: leases are renewed, a new link is asked anew, and an address that
 * somebody else uses is refused (RFC 5227, LWIP_DHCP_DOES_ACD_CHECK).
 *
 * What is known about a lease: gossamer/dhcp.h. All functions are called with the core lock held.
 */
#ifndef LWIP_HDR_DHCP_H
#define LWIP_HDR_DHCP_H

#include "lwip/opt.h"

#if LWIP_DHCP

#include "lwip/acd.h"
#include "lwip/netif.h"
#include "lwip/udp.h"
#include "gossamer/lifetime.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Periods at which lwIP calls the two functions below. This stack sets timers. */
#ifndef DHCP_COARSE_TIMER_SECS
#define DHCP_COARSE_TIMER_SECS 60
#endif
#define DHCP_COARSE_TIMER_MSECS (DHCP_COARSE_TIMER_SECS * 1000UL)
#define DHCP_FINE_TIMER_MSECS   500

/** Bytes of a boot file name, with its NUL. */
#define DHCP_BOOT_FILE_LEN 128U

/* dhcp->flags */
#define DHCP_FLAG_SUBNET_MASK_GIVEN 0x01
#define DHCP_FLAG_EXTERNAL_MEM      0x02 /* dhcp_set_struct() */

/** lwIP's type of times in the struct below; nothing here is one. */
#ifdef DHCP_TIMEOUT_SIZE_T
typedef DHCP_TIMEOUT_SIZE_T dhcp_timeout_t;
#else
typedef u16_t dhcp_timeout_t;
#endif

typedef enum {
  DHCP_AUTOIP_COOP_STATE_OFF = 0,
  DHCP_AUTOIP_COOP_STATE_ON = 1 /* DHCP has started AutoIP */
} dhcp_autoip_coop_state_enum_t;

/** A route that a server gave (RFC 3442). */
struct dhcp_route {
  ip4_addr_t prefix;
  ip4_addr_t gateway; /* "any": on the link */
  u8_t prefix_len;
};

/** One netif's client. */
struct dhcp {
  u32_t xid; /* of the exchange under way, host order */
  u8_t pcb_allocated;
  u8_t state; /* DHCP_STATE_* */
  u8_t tries; /* messages sent in this state */
  u8_t flags;
  ip_addr_t server_ip_addr; /* of the offer or the lease; 255.255.255.255 while none is known */
  ip4_addr_t offered_ip_addr;
  ip4_addr_t offered_sn_mask;
  ip4_addr_t offered_gw_addr;
  u32_t offered_t0_lease; /* seconds */
  u32_t offered_t1_renew;
  u32_t offered_t2_rebind;
#if LWIP_DHCP_BOOTP_FILE
  ip4_addr_t offered_si_addr;
  char boot_file_name[DHCP_BOOT_FILE_LEN];
#endif
#if LWIP_DHCP_DOES_ACD_CHECK
  struct acd acd;
#endif
#if ESP_DHCP
  void (*cb)(struct netif *netif); /* dhcp_set_cb() */
#endif
  /* Private. */
  struct netif *netif;
  ip4_addr_t leased;        /* the netif's, or the one to ask for again; "any": none */
  struct timer timer;       /* what comes next in this state */
  struct timer lease_timer; /* the end of the lease */
  struct lifetime t0, t1, t2;
  u32_t since_ms;   /* this attempt to get an address began */
  u32_t sent_ms;    /* the request that a lease will count from */
  u16_t driver_mtu; /* while a lease's is in its place */
  u8_t own_flags;
  u8_t refusals; /* NAKs since the last lease */
#if LWIP_DHCP_MAX_ROUTES > 0
  struct dhcp_route route[LWIP_DHCP_MAX_ROUTES];
  u8_t routes;
#endif
#if LWIP_DHCP_DOMAIN_LEN > 0
  char domain[LWIP_DHCP_DOMAIN_LEN + 1];
#endif
};

/**
 * Use this memory for a netif's client instead of the heap's. Before dhcp_start(); it is zeroed
 * here, and must stay until dhcp_cleanup() or netif_remove().
 */
void dhcp_set_struct(struct netif *netif, struct dhcp *dhcp);

/** Forget a struct of dhcp_set_struct() without touching it. */
#define dhcp_remove_struct(netif)                                                                  \
  netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_DHCP, NULL)

/** Free the client's memory; dhcp_stop() it before. netif_remove() does both. */
void dhcp_cleanup(struct netif *netif);

/**
 * Start, or start over. The netif must be up; while its link is down, the client waits.
 *
 * @return ERR_OK; ERR_ARG: no netif, or it is down; ERR_MEM: no memory, or the MTU is below 576
 */
err_t dhcp_start(struct netif *netif);

/** Prolong the lease now. @return ERR_OK; ERR_VAL: there is none; or why nothing was sent */
err_t dhcp_renew(struct netif *netif);

/** Older name of dhcp_release_and_stop(). @return ERR_OK */
err_t dhcp_release(struct netif *netif);

/** Older name of dhcp_release_and_stop(). */
void dhcp_stop(struct netif *netif);

/** Tell the server that the address is free, take it off the netif, and be off. */
void dhcp_release_and_stop(struct netif *netif);

/**
 * The netif has an address of other origin: ask for the rest, such as DNS servers (RFC 2131 3.4).
 * Does nothing while a client runs.
 */
void dhcp_inform(struct netif *netif);

/** The link is up, perhaps another one: ask whether the lease is good here. Happens by itself. */
void dhcp_network_changed_link_up(struct netif *netif);
/** Its name in lwIP 2.1. */
#define dhcp_network_changed(netif) dhcp_network_changed_link_up(netif)

/** 1: the netif's address is of a lease. */
u8_t dhcp_supplied_address(const struct netif *netif);

/* For ports that drive lwIP by ticks of their own: harmless, timers do the work. */
static inline void dhcp_coarse_tmr(void)
{
}
#if ESP_LWIP_DHCP_FINE_TIMERS_ONDEMAND
static inline void dhcp_fine_tmr(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
static inline void dhcp_fine_timeout_cb(void *arg)
{
  LWIP_UNUSED_ARG(arg);
}
#else
static inline void dhcp_fine_tmr(void)
{
}
#endif

#if LWIP_DHCP_GET_NTP_SRV
/** Whoever needs NTP servers defines this; called with what a lease said. */
extern void dhcp_set_ntp_servers(u8_t num_ntp_servers, const ip4_addr_t *ntp_server_addrs);
#endif

#if ESP_DHCP
/** Call `cb` whenever a lease is there, or prolonged (ESP-IDF). After dhcp_start(). */
static inline void dhcp_set_cb(struct netif *netif, void (*cb)(struct netif *netif))
{
  struct dhcp *dhcp =
      (struct dhcp *)netif_get_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_DHCP);
  if (dhcp != NULL) {
    dhcp->cb = cb;
  }
}
#endif

/**
 * Send this vendor class identifier (option 60), in all clients, where
 * LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS is 1 (ESP-IDF).
 *
 * @param str  `len` bytes, copied
 * @return ERR_OK; ERR_ARG: nothing given; ERR_MEM
 */
int dhcp_set_vendor_class_identifier(u8_t len, const char *str);

/**
 * What the last lease said in option 43.
 *
 * @param len  room in `str`
 * @return ERR_OK: `str` is that, filled up with zeros; ERR_ARG: there is none, or it is longer
 */
int dhcp_get_vendor_specific_information(u8_t len, char *str);

/** Send none any more, and forget option 43. */
void dhcp_free_vendor_class_identifier(void);
#define netif_dhcp_data(netif)                                                                     \
  ((struct dhcp *)netif_get_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_DHCP))

#ifdef __cplusplus
}
#endif

#endif /* LWIP_DHCP */

#endif /* LWIP_HDR_DHCP_H */
