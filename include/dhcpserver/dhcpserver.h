/**
 * @file
 * DHCPv4 server (RFC 2131) with ESP-IDF's interface: gives the hosts on a netif addresses of one
 * pool, and tells them mask, router and DNS servers. More of it is in gossamer/dhcp_server.h.
 *
 *     dhcps_t *server = dhcps_new();
 *     dhcps_start(server, netif, *netif_ip4_addr(netif));
 *
 * A server remembers CONFIG_LWIP_DHCPS_MAX_STATION_NUM clients. One that is not among them may take
 * the place of the one that was not heard from for longest, first of those without a lease.
 *
 * All functions are called with the core lock held. Where `dhcps` is NULL they do nothing and say
 * so.
 */
#ifndef DHCPSERVER_H
#define DHCPSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"

#if ESP_DHCPS

#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "dhcpserver/dhcpserver_options.h"

#ifdef __cplusplus
extern "C" {
#endif

/** ESP-IDF's period of looking at leases, in seconds. Nothing ticks here. */
#define DHCPS_COARSE_TIMER_SECS 1

/** Most addresses in a pool. */
#define DHCPS_MAX_LEASE 0x64

/** How long a lease is, in units of DHCPS_LEASE_UNIT seconds, if nothing else is set. */
#define DHCPS_LEASE_TIME_DEF (120)
#define DHCPS_LEASE_UNIT     CONFIG_LWIP_DHCPS_LEASE_UNIT

/** A message as on the wire (RFC 2131 2), for programs that handle such; numbers are in network
    order. Nothing here takes one. */
typedef struct dhcps_msg {
  u8_t op, htype, hlen, hops;
  u8_t xid[4];
  u16_t secs, flags;
  u8_t ciaddr[4];
  u8_t yiaddr[4];
  u8_t siaddr[4];
  u8_t giaddr[4];
  u8_t chaddr[16];
  u8_t sname[64];
  u8_t file[128];
  u8_t options[312]; /* the magic cookie first */
} dhcps_msg;

/** ESP-IDF's state of an exchange. Nothing here takes one. */
typedef struct dhcps_state {
  s16_t state;
} dhcps_state;

typedef struct dhcps_t dhcps_t;
typedef u32_t dhcps_time_t;
typedef u8_t dhcps_offer_t;

/** Bits of a dhcps_offer_t. */
enum dhcps_offer_option { OFFER_START = 0x00, OFFER_ROUTER = 0x01, OFFER_DNS = 0x02, OFFER_END };

typedef enum { DNS_TYPE_MAIN = 0, DNS_TYPE_BACKUP, DNS_TYPE_MAX } dns_type_t;

/** A pool of addresses, both ends included. */
typedef struct {
  bool enable; /* false: up to DHCPS_MAX_LEASE addresses next to the server's own */
  ip4_addr_t start_ip;
  ip4_addr_t end_ip;
} dhcps_lease_t;

typedef struct {
  dhcps_offer_t dhcps_offer;
  dhcps_offer_t dhcps_dns;
  dhcps_time_t dhcps_time;
  dhcps_lease_t dhcps_poll;
} dhcps_options_t;

/** A client that has a lease. */
struct dhcps_pool {
  ip4_addr_t ip;
  u8_t mac[6];
  u32_t lease_timer; /* seconds left; 0xffffffff: no end */
  /* "": none was told, or CONFIG_LWIP_DHCPS_REPORT_CLIENT_HOSTNAME is 0 */
  char hostname[CONFIG_LWIP_DHCPS_REPORT_CLIENT_HOSTNAME ? CONFIG_LWIP_DHCPS_MAX_HOSTNAME_LEN : 1];
};

/** @param cb_arg  as given to dhcps_set_new_lease_cb() */
typedef void (*dhcps_cb_t)(void *cb_arg, u8_t client_ip[4], u8_t client_mac[6]);

static inline bool dhcps_router_enabled(dhcps_offer_t offer)
{
  return (offer & OFFER_ROUTER) != 0;
}

static inline bool dhcps_dns_enabled(dhcps_offer_t offer)
{
  return (offer & OFFER_DNS) != 0;
}

/** A server that is not started. @return the caller's, for dhcps_delete(); NULL: no memory */
dhcps_t *dhcps_new(void);

/** Stop it and forget all leases. */
void dhcps_delete(dhcps_t *dhcps);

/**
 * Serve on this netif, until dhcps_stop(), which has to come before netif_remove(). What was leased
 * before an earlier stop and is in the pool still is leased.
 *
 * @param ip  the server's address, one of the netif's
 * @return ERR_OK; ERR_ARG: no netif or no address in a subnet, or the pool is not in it; ERR_USE:
 *         it serves already, or another one does on this netif; ERR_MEM
 */
err_t dhcps_start(dhcps_t *dhcps, struct netif *netif, ip4_addr_t ip);

/** @return ERR_OK; ERR_ARG: it does not serve on this netif */
err_t dhcps_stop(dhcps_t *dhcps, struct netif *netif);

/**
 * What is set for an option.
 *
 * @param opt_len  size of the type in the list of dhcps_set_option_info()
 * @return the server's, to be read; NULL: no such option, or another size
 */
void *dhcps_option_info(dhcps_t *dhcps, u8_t op_id, u32_t opt_len);

/**
 * Set what clients are told, from their next message on.
 *
 *  - IP_ADDRESS_LEASE_TIME, dhcps_time_t: in units of DHCPS_LEASE_UNIT seconds; 0: the default
 *  - REQUESTED_IP_ADDRESS, dhcps_lease_t: the pool
 *  - ROUTER_SOLICITATION_ADDRESS, dhcps_offer_t: OFFER_ROUTER: the netif's gateway, or if it has
 *    none the server is the router (the default); 0: there is no router
 *  - DOMAIN_NAME_SERVER, dhcps_offer_t: OFFER_DNS: the servers of dhcps_dns_setserver_by_type() are
 *    told; 0: the server itself is (the default)
 *  - SUBNET_MASK, ip4_addr_t: 0: that of the netif (the default)
 *  - CAPTIVEPORTAL_URI, `opt_len` characters (RFC 8910): not copied, they must stay; length 0: none
 *
 * @return ERR_OK; ERR_ARG: no such option, another size, or a value that makes no sense
 */
err_t dhcps_set_option_info(dhcps_t *dhcps, u8_t op_id, void *opt_info, u32_t opt_len);

/** Which address has this MAC address leased? @return false: none */
bool dhcp_search_ip_on_mac(dhcps_t *dhcps, u8_t *mac, ip4_addr_t *ip);

/**
 * What does the client with this MAC address, which has a lease, call itself?
 *
 * @param out  gets at most `out_len` - 1 characters of it and a zero
 * @return false: no such client, or it told no name
 */
bool dhcps_get_hostname_on_mac(dhcps_t *dhcps, const u8_t *mac, char *out, size_t out_len);

/** dhcps_dns_setserver_by_type() of DNS_TYPE_MAIN. */
err_t dhcps_dns_setserver(dhcps_t *dhcps, const ip_addr_t *dnsserver);

/**
 * Set a DNS server for clients. They are told of it where OFFER_DNS is set.
 *
 * @param dnsserver  IPv4; NULL: none
 * @return ERR_OK; ERR_ARG: no such type, or no IPv4 address
 */
err_t dhcps_dns_setserver_by_type(dhcps_t *dhcps, const ip_addr_t *dnsserver, dns_type_t type);

/** dhcps_dns_getserver_by_type() of DNS_TYPE_MAIN. */
err_t dhcps_dns_getserver(dhcps_t *dhcps, ip4_addr_t *dnsserver);

/** @return ERR_OK, `dnsserver` is "any" where none is set; ERR_ARG: no such type */
err_t dhcps_dns_getserver_by_type(dhcps_t *dhcps, ip4_addr_t *dnsserver, dns_type_t type);

/**
 * Call `cb` whenever a client begins to use a lease, not when it prolongs one. It may stop the
 * server and delete it. @return ERR_OK
 */
err_t dhcps_set_new_lease_cb(dhcps_t *dhcps, dhcps_cb_t cb, void *cb_arg);

#ifdef __cplusplus
}
#endif

#endif /* ESP_DHCPS */

#endif /* DHCPSERVER_H */
