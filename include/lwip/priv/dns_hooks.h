/** @file What options take away from names and DNS, for code that has no #if. */
#ifndef LWIP_HDR_DNS_HOOKS_H
#define LWIP_HDR_DNS_HOOKS_H

#include <string.h>
#include "lwip/opt.h"
#include "lwip/dns.h"
#include "lwip/memp.h"
#include "gossamer/nd_events.h"
#include "gossamer/resolver.h"

#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

/** LWIP_DNS_ADDRTYPE_*: which addresses to look for first (RESOLVE_*), and for want of these. */
static inline u8_t dns_addrtype_first(u8_t dns_addrtype)
{
  bool wants_ip6 =
      dns_addrtype == LWIP_DNS_ADDRTYPE_IPV6 || dns_addrtype == LWIP_DNS_ADDRTYPE_IPV6_IPV4;
  return !LWIP_IPV4 || (LWIP_IPV6 && wants_ip6) ? RESOLVE_IP6 : RESOLVE_IP4;
}
static inline u8_t dns_addrtype_second(u8_t dns_addrtype)
{
  return !(LWIP_IPV4 && LWIP_IPV6)                     ? 0
         : dns_addrtype == LWIP_DNS_ADDRTYPE_IPV4_IPV6 ? RESOLVE_IP6
         : dns_addrtype == LWIP_DNS_ADDRTYPE_IPV6_IPV4 ? RESOLVE_IP4
                                                       : 0;
}

/** An array of DNS_MAX_HOST_IP addresses: the first of `count`, then "any". */
static inline void dns_addrs_put(ip_addr_t *to, const ip_addr_t *from, size_t count)
{
  for (size_t i = 0; i < DNS_MAX_HOST_IP; i++) {
    if (i < count) {
      ip_addr_copy(to[i], from[i]);
    } else {
      ip_addr_set_any(IP_IS_V6_VAL(*from), &to[i]);
    }
  }
}

/* The place of a server that the configuration names, asked when no other is left. */
#ifndef DNS_FALLBACK_SERVER_INDEX
#define DNS_FALLBACK_SERVER_INDEX (DNS_MAX_SERVERS - 1)
#endif

/** Servers that the configuration names: DNS_SERVER_ADDRESS(addr),
   FALLBACK_DNS_SERVER_ADDRESS(addr) are statements that set `*addr`. */
static inline void dns_servers_preset(ip_addr_t set[])
{
#ifdef DNS_SERVER_ADDRESS
  ip_addr_t *first = &set[0];
  DNS_SERVER_ADDRESS(first);
#endif
#ifdef FALLBACK_DNS_SERVER_ADDRESS
  ip_addr_t *fallback = &set[DNS_FALLBACK_SERVER_INDEX];
  FALLBACK_DNS_SERVER_ADDRESS(fallback);
#endif
  LWIP_UNUSED_ARG(set);
}

#if LWIP_IPV6 && LWIP_ND6

struct dns_ra_listener {
  struct nd_listener nd;
  void (*told)(struct netif *netif);
};

/** The `i`th server that routers announced (RFC 8106). @return false: there are no more */
static inline bool dns_ra_server(struct netif *netif, u8_t i, ip_addr_t *addr)
{
  const ip6_addr_t *ip6 = nd_dns_server(netif, i, NULL);
  if (ip6 != NULL) {
    ip_addr_copy_from_ip6(*addr, *ip6);
  }
  return ip6 != NULL;
}

static inline void dns_ra_event(struct nd_listener *l, const struct nd_event *e)
{
  if (e->kind == ND_EVENT_DNS) {
    ((struct dns_ra_listener *)(void *)l)->told(e->netif);
  }
}

static inline void dns_ra_listen(struct dns_ra_listener *l, void (*told)(struct netif *netif))
{
  l->told = told;
  l->nd.event = dns_ra_event;
  nd_listener_add(&l->nd);
}

static inline void dns_ra_unlisten(struct dns_ra_listener *l)
{
  nd_listener_remove(&l->nd);
}

#else

struct dns_ra_listener {
  u8_t nothing;
};

static inline bool dns_ra_server(struct netif *netif, u8_t i, ip_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(addr);
  return false;
}

static inline void dns_ra_listen(struct dns_ra_listener *l, void (*told)(struct netif *netif))
{
  LWIP_UNUSED_ARG(l);
  LWIP_UNUSED_ARG(told);
}

static inline void dns_ra_unlisten(struct dns_ra_listener *l)
{
  LWIP_UNUSED_ARG(l);
}

#endif

/** LWIP_HOOK_DNS_EXTERNAL_RESOLVE. @return true: it has answered, or will */
static inline bool dns_resolve_hook(const char *name, ip_addr_t *addr, dns_found_callback found,
                                    void *arg, u8_t dns_addrtype, err_t *err)
{
#ifdef LWIP_HOOK_DNS_EXTERNAL_RESOLVE
  return LWIP_HOOK_DNS_EXTERNAL_RESOLVE(name, addr, found, arg, dns_addrtype, err) != 0;
#else
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(found);
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(dns_addrtype);
  LWIP_UNUSED_ARG(err);
  return false;
#endif
}

/** An address from the data of a record. */
static inline void dns_addr_from_bytes(ip_addr_t *addr, const u8_t *bytes, bool is_ip6)
{
#if LWIP_IPV6
  if (is_ip6) {
    ip6_addr_t ip6;
    memcpy(ip6.addr, bytes, sizeof ip6.addr);
    ip6_addr_clear_zone(&ip6);
    ip_addr_copy_from_ip6(*addr, ip6);
    return;
  }
#endif
#if LWIP_IPV4
  ip4_addr_t ip4;
  memcpy(&ip4.addr, bytes, sizeof ip4.addr);
  ip_addr_copy_from_ip4(*addr, ip4);
#endif
  LWIP_UNUSED_ARG(is_ip6);
}

/** The bytes of an address: 4 of an IPv4 address or one mapped into IPv6, or 16. @return how many
 */
static inline size_t dns_addr_to_bytes(const ip_addr_t *addr, u8_t bytes[16])
{
#if LWIP_IPV6
  if (IP_IS_V6(addr)) {
    static const u8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF}; /* RFC 4291 2.5.5.2 */
    const u8_t *all = (const u8_t *)ip_2_ip6(addr)->addr;
    bool is_mapped = memcmp(all, mapped, sizeof mapped) == 0;
    memcpy(bytes, is_mapped ? all + sizeof mapped : all, is_mapped ? 4 : 16);
    return is_mapped ? 4 : 16;
  }
#endif
#if LWIP_IPV4
  memcpy(bytes, &ip_2_ip4(addr)->addr, 4);
#endif
  return 4;
}

/** LWIP_HOOK_NETCONN_EXTERNAL_RESOLVE. @return true: it has answered */
static inline bool netconn_resolve_hook(const char *name, ip_addr_t *addr, u8_t dns_addrtype,
                                        err_t *err)
{
#ifdef LWIP_HOOK_NETCONN_EXTERNAL_RESOLVE
  return LWIP_HOOK_NETCONN_EXTERNAL_RESOLVE(name, addr, dns_addrtype, err) != 0;
#else
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(dns_addrtype);
  LWIP_UNUSED_ARG(err);
  return false;
#endif
}

#if LWIP_DNS && DNS_LOCAL_HOSTLIST && DNS_LOCAL_HOSTLIST_IS_DYNAMIC

static inline struct local_hostlist_entry *dns_local_alloc(size_t name_len)
{
  if (name_len > DNS_LOCAL_HOSTLIST_MAX_NAMELEN) {
    return NULL;
  }
  return (struct local_hostlist_entry *)memp_malloc(MEMP_LOCALHOSTLIST);
}

static inline void dns_local_free(struct local_hostlist_entry *e)
{
  memp_free(MEMP_LOCALHOSTLIST, e);
}

#else

static inline struct local_hostlist_entry *dns_local_alloc(size_t name_len)
{
  LWIP_UNUSED_ARG(name_len);
  return NULL;
}

static inline void dns_local_free(struct local_hostlist_entry *e)
{
  LWIP_UNUSED_ARG(e);
}

#endif

#ifndef DNS_LOCAL_HOSTLIST_STORAGE_PRE
#define DNS_LOCAL_HOSTLIST_STORAGE_PRE static
#endif
#ifndef DNS_LOCAL_HOSTLIST_STORAGE_POST
#define DNS_LOCAL_HOSTLIST_STORAGE_POST
#endif

/** The list that every instance starts with. @return how many there are */
static inline size_t dns_local_init_list(const struct local_hostlist_entry **list)
{
#if DNS_LOCAL_HOSTLIST && defined(DNS_LOCAL_HOSTLIST_INIT)
  DNS_LOCAL_HOSTLIST_STORAGE_PRE const struct local_hostlist_entry
      init[] DNS_LOCAL_HOSTLIST_STORAGE_POST = DNS_LOCAL_HOSTLIST_INIT;
  *list = init;
  return LWIP_ARRAYSIZE(init);
#else
  *list = NULL;
  return 0;
#endif
}

#endif /* LWIP_HDR_DNS_HOOKS_H */
