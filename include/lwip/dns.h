/**
 * @file
 * Names to addresses by DNS (RFC 1034, 1035, 2308, 5452), and the local host list. lwip/netdb.h has
 * the calls that wait, gossamer/resolver.h the one that gets all addresses of a name.
 *
 * Threads: every function with the core lock held; callbacks have it, too.
 */
#ifndef LWIP_HDR_DNS_H
#define LWIP_HDR_DNS_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Nothing ticks; for programs that call dns_tmr(). */
#define DNS_TMR_INTERVAL 1000

/* Which addresses of a name are wanted: of one IP version, or of the other where the first has
   none. */
#define LWIP_DNS_ADDRTYPE_IPV4      0
#define LWIP_DNS_ADDRTYPE_IPV6      1
#define LWIP_DNS_ADDRTYPE_IPV4_IPV6 2
#define LWIP_DNS_ADDRTYPE_IPV6_IPV4 3
#ifndef LWIP_DNS_ADDRTYPE_DEFAULT
#if LWIP_IPV4 && LWIP_IPV6
#define LWIP_DNS_ADDRTYPE_DEFAULT LWIP_DNS_ADDRTYPE_IPV4_IPV6
#elif LWIP_IPV4
#define LWIP_DNS_ADDRTYPE_DEFAULT LWIP_DNS_ADDRTYPE_IPV4
#else
#define LWIP_DNS_ADDRTYPE_DEFAULT LWIP_DNS_ADDRTYPE_IPV6
#endif
#endif

/**
 * The answer to dns_gethostbyname(), called once, never from within it.
 *
 * @param name    as it was asked for
 * @param ipaddr  an array of DNS_MAX_HOST_IP addresses, of which those that are "any" at its end
 *                are none; NULL: no address was found
 */
typedef void (*dns_found_callback)(const char *name, const ip_addr_t *ipaddr, void *callback_arg);

/**
 * Addresses of a host.
 *
 * @param addr   an array of DNS_MAX_HOST_IP addresses: set where they are known already, that is
 * for text such as "10.0.0.1", local hosts and what is in the cache
 * @param found  called later, if the result is ERR_INPROGRESS; may be NULL
 * @return ERR_OK: `addr` is set; ERR_INPROGRESS; ERR_VAL: known to have none, or there is no
 * server; ERR_ARG; ERR_MEM
 */
err_t dns_gethostbyname(const char *hostname, ip_addr_t *addr, dns_found_callback found,
                        void *callback_arg);

/** The same. @param dns_addrtype  LWIP_DNS_ADDRTYPE_*; without effect in builds of one IP version
 */
err_t dns_gethostbyname_addrtype(const char *hostname, ip_addr_t *addr, dns_found_callback found,
                                 void *callback_arg, u8_t dns_addrtype);

/** Forget all answers. */
void dns_clear_cache(void);

/** Nothing is left to do: the resolver starts with its instance and sets timers by itself. */
void dns_init(void);
void dns_tmr(void);

/* --- servers --- */

/**
 * Set one of the program's own servers (DNS_MAX_SERVERS places); NULL or "any": none there.
 * Servers that interfaces are told of (DHCP, router advertisements) have places of their own.
 */
void dns_setserver(u8_t numdns, const ip_addr_t *dnsserver);

/**
 * The servers in use, the first to be asked first: the program's at their numbers, those of the
 * interfaces that are up in between and behind.
 *
 * @return "any": there is none at this place. Valid until the next call
 */
const ip_addr_t *dns_getserver(u8_t numdns);

/** Forget all servers but what router advertisements told. `keep_fallback`: not the one that
    FALLBACK_DNS_SERVER_ADDRESS(addr) set. */
void dns_clear_servers(bool keep_fallback);

/** A server of one interface, to be reached by it; NULL or "any": none at this place. `netif` NULL:
    dns_setserver(). */
void dns_setserver_with_netif(struct netif *netif, u8_t numdns, const ip_addr_t *dnsserver);

/** Hear of servers that an interface was told of; NULL: no more. @return ERR_OK */
typedef void (*dns_setserver_callback_t)(struct netif *netif, u8_t numdns,
                                         const ip_addr_t *dnsserver);
err_t dns_setserver_callback(dns_setserver_callback_t callback);

/* --- names that are known without asking --- */

struct local_hostlist_entry {
  const char *name;
  ip_addr_t addr;
  struct local_hostlist_entry *next;
};

/**
 * One element of DNS_LOCAL_HOSTLIST_INIT, the list that every instance starts with:
 *
 *     #define DNS_LOCAL_HOSTLIST_INIT {DNS_LOCAL_HOSTLIST_ELEM("printer", IPADDR4_INIT(addr)), ...}
 */
#define DNS_LOCAL_HOSTLIST_ELEM(name, addr_init)                                                   \
  {                                                                                                \
    name, addr_init, NULL                                                                          \
  }

#if DNS_LOCAL_HOSTLIST
#if DNS_LOCAL_HOSTLIST_IS_DYNAMIC
#ifndef DNS_LOCAL_HOSTLIST_MAX_NAMELEN
#define DNS_LOCAL_HOSTLIST_MAX_NAMELEN DNS_MAX_NAME_LENGTH
#endif
#define LOCALHOSTLIST_ELEM_SIZE                                                                    \
  ((sizeof(struct local_hostlist_entry) + DNS_LOCAL_HOSTLIST_MAX_NAMELEN + 1))
#endif

/** Call `iterator_fn` (NULL: none) for each. @return how many there are */
size_t dns_local_iterate(dns_found_callback iterator_fn, void *iterator_arg);

/** @param dns_addrtype  LWIP_DNS_ADDRTYPE_*. @return ERR_OK; ERR_ARG: no such host */
err_t dns_local_lookup(const char *hostname, ip_addr_t *addr, u8_t dns_addrtype);

#if DNS_LOCAL_HOSTLIST_IS_DYNAMIC
/** Remove hosts of this name (NULL: any) and this address (NULL: any). @return how many */
int dns_local_removehost(const char *hostname, const ip_addr_t *addr);

/** Add one; a name may have several addresses. @return ERR_MEM: MEMP_NUM_LOCALHOSTLIST are there;
    ERR_ARG: the name is longer than DNS_LOCAL_HOSTLIST_MAX_NAMELEN */
err_t dns_local_addhost(const char *hostname, const ip_addr_t *addr);
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_DNS_H */
