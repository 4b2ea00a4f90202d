/**
 * @file
 * Members of struct netif that options take away, for code that has no #if: nothing where absent.
 */
#ifndef LWIP_HDR_PRIV_NETIF_FIELDS_H
#define LWIP_HDR_PRIV_NETIF_FIELDS_H

#include <stdbool.h>
#include <string.h>
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/sys.h"

/**
 * Everything to its start value, except what a program may have set before netif_add(): name, link
 * address, host name.
 */
static inline void netif_fields_reset(struct netif *netif)
{
  char name[sizeof netif->name];
  u8_t hwaddr[NETIF_MAX_HWADDR_LEN];
  u8_t hwaddr_len = netif->hwaddr_len;
  memcpy(name, netif->name, sizeof name);
  memcpy(hwaddr, netif->hwaddr, sizeof hwaddr);
#if LWIP_NETIF_HOSTNAME
  const char *hostname = netif->hostname;
#endif
  memset(netif, 0, sizeof *netif);
  memcpy(netif->name, name, sizeof name);
  memcpy(netif->hwaddr, hwaddr, sizeof hwaddr);
  netif->hwaddr_len = hwaddr_len;
#if LWIP_NETIF_HOSTNAME
  netif->hostname = hostname;
#endif
#if LWIP_CHECKSUM_CTRL_PER_NETIF
  netif->chksum_flags = NETIF_CHECKSUM_ENABLE_ALL;
#endif
#if LWIP_IPV6_AUTOCONFIG
  netif->ip6_autoconfig_enabled = ESP_IPV6_AUTOCONFIG;
#endif
#if LWIP_IPV6
  for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    ip_addr_set_zero_ip6(&netif->ip6_addr[i]);
  }
  netif->ip6_conf.flags = IP6_CONF_DEFAULT;
#endif
#if LWIP_IPV4
  ip_addr_set_zero_ip4(&netif->ip_addr);
  ip_addr_set_zero_ip4(&netif->netmask);
  ip_addr_set_zero_ip4(&netif->gw);
#endif
}

static inline void netif_call_status(struct netif *netif)
{
#if LWIP_NETIF_STATUS_CALLBACK
  if (netif->status_callback != NULL) {
    netif->status_callback(netif);
  }
#else
  LWIP_UNUSED_ARG(netif);
#endif
}

static inline void netif_call_link(struct netif *netif)
{
#if LWIP_NETIF_LINK_CALLBACK
  if (netif->link_callback != NULL) {
    netif->link_callback(netif);
  }
#else
  LWIP_UNUSED_ARG(netif);
#endif
}

#if LWIP_IPV6 && ESP_IPV6
static inline void netif_set_ip6_usable_callback(struct netif *netif,
                                                 void (*cb)(struct netif *netif, u8_t ip_index))
{
  netif->ipv6_addr_cb = cb;
}

/** The address in slot `i` may be used from now on. */
static inline void netif_call_ip6_usable(struct netif *netif, u8_t i)
{
  if (netif->ipv6_addr_cb != NULL) {
    netif->ipv6_addr_cb(netif, i);
  }
}
#else
static inline void netif_set_ip6_usable_callback(struct netif *netif,
                                                 void (*cb)(struct netif *netif, u8_t ip_index))
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(cb);
}

static inline void netif_call_ip6_usable(struct netif *netif, u8_t i)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(i);
}
#endif

static inline void netif_call_removed(struct netif *netif)
{
#if LWIP_NETIF_REMOVE_CALLBACK
  if (netif->remove_callback != NULL) {
    netif->remove_callback(netif);
  }
#else
  LWIP_UNUSED_ARG(netif);
#endif
}

/** Hop limit that a router named for this link (RFC 4861 6.3.4), or `unnamed`. */
static inline u8_t netif_hop_limit_or(const struct netif *netif, u8_t unnamed)
{
#if LWIP_IPV6 && LWIP_ND6
  return netif->nd6.hop_limit != 0 ? netif->nd6.hop_limit : unnamed;
#else
  LWIP_UNUSED_ARG(netif);
  return unnamed;
#endif
}

/** MIB-II ifLastChange. */
static inline void netif_stamp_change(struct netif *netif)
{
#if MIB2_STATS
  MIB2_COPY_SYSUPTIME_TO(&netif->ts);
#else
  LWIP_UNUSED_ARG(netif);
#endif
}

#if LWIP_SINGLE_NETIF
static inline struct netif *netif_first(void)
{
  return netif_default;
}
static inline struct netif *netif_next(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return NULL;
}
static inline void netif_link_in(struct netif *netif)
{
  LWIP_ASSERT("one netif at a time with LWIP_SINGLE_NETIF", netif_default == NULL);
  netif_default = netif;
}
static inline void netif_unlink(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
#else
static inline struct netif *netif_first(void)
{
  return netif_list;
}
static inline struct netif *netif_next(const struct netif *netif)
{
  return netif->next;
}
static inline void netif_link_in(struct netif *netif)
{
  netif->next = netif_list;
  netif_list = netif;
}
static inline void netif_unlink(struct netif *netif)
{
  struct netif **at = &netif_list;
  while (*at != NULL && *at != netif) {
    at = &(*at)->next;
  }
  if (*at != NULL) {
    *at = netif->next;
  }
}
#endif

#if LWIP_NETIF_EXT_STATUS_CALLBACK
/** Forget all listeners: the instance ends. */
void netif_ext_callbacks_forget(void);
#else
static inline void netif_ext_callbacks_forget(void)
{
}
#endif

static inline void netif_tell_link(struct netif *netif, u8_t is_up)
{
#if LWIP_NETIF_EXT_STATUS_CALLBACK
  netif_ext_callback_args_t args;
  args.link_changed.state = is_up;
  netif_invoke_ext_callback(netif, LWIP_NSC_LINK_CHANGED, &args);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(is_up);
#endif
}

static inline void netif_tell_status(struct netif *netif, u8_t is_up)
{
#if LWIP_NETIF_EXT_STATUS_CALLBACK
  netif_ext_callback_args_t args;
  args.status_changed.state = is_up;
  netif_invoke_ext_callback(netif, LWIP_NSC_STATUS_CHANGED, &args);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(is_up);
#endif
}

/** `old`: what was before, address, netmask and gateway. */
static inline void netif_tell_ip4(struct netif *netif, netif_nsc_reason_t reason,
                                  const ip_addr_t old[3])
{
#if LWIP_NETIF_EXT_STATUS_CALLBACK
  netif_ext_callback_args_t args;
  args.ipv4_changed.old_address = &old[0];
  args.ipv4_changed.old_netmask = &old[1];
  args.ipv4_changed.old_gw = &old[2];
  netif_invoke_ext_callback(netif, reason, &args);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(reason);
  LWIP_UNUSED_ARG(old);
#endif
}

#if LWIP_IPV6
/** Another address stands in slot `i`. */
static inline void netif_tell_ip6_addr(struct netif *netif, s8_t i, const ip_addr_t *old_address)
{
#if LWIP_NETIF_EXT_STATUS_CALLBACK
  netif_ext_callback_args_t args;
  args.ipv6_set.addr_index = i;
  args.ipv6_set.old_address = old_address;
  netif_invoke_ext_callback(netif, LWIP_NSC_IPV6_SET, &args);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(old_address);
#endif
}

/** Slot `i` has another state. */
static inline void netif_tell_ip6_state(struct netif *netif, s8_t i, u8_t old_state)
{
#if LWIP_NETIF_EXT_STATUS_CALLBACK
  netif_ext_callback_args_t args;
  args.ipv6_addr_state_changed.addr_index = i;
  args.ipv6_addr_state_changed.old_state = old_state;
  args.ipv6_addr_state_changed.address = netif_ip_addr6(netif, i);
  netif_invoke_ext_callback(netif, LWIP_NSC_IPV6_ADDR_STATE_CHANGED, &args);
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(i);
  LWIP_UNUSED_ARG(old_state);
#endif
}
#endif

#if ENABLE_LOOPBACK
/** Free what waits in the loopback queue of a netif that goes away. */
void netif_loop_flush(struct netif *netif);
/** Cancel the delivery of looped packets. */
void netif_loop_fini(void);
#else
static inline void netif_loop_flush(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
static inline void netif_loop_fini(void)
{
}
#endif

#if ENABLE_LOOPBACK && LWIP_LOOPBACK_MAX_PBUFS
static inline bool netif_loop_is_full(const struct netif *netif)
{
  return netif->loop_cnt_current >= LWIP_LOOPBACK_MAX_PBUFS;
}
static inline void netif_loop_count(struct netif *netif, int change)
{
  netif->loop_cnt_current = (u16_t)(netif->loop_cnt_current + change);
}
#else
static inline bool netif_loop_is_full(const struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return false;
}
static inline void netif_loop_count(struct netif *netif, int change)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(change);
}
#endif

#if LWIP_HAVE_LOOPIF && LWIP_IPV4
static inline err_t netif_loop_output_ip4(struct netif *netif, struct pbuf *p,
                                          const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(addr);
  return netif_loop_output(netif, p);
}
/** Let it send IPv4 to itself only; 127.0.0.1/8. */
static inline void netif_loop_add_ip4(struct netif *netif)
{
  ip4_addr_t addr;
  ip4_addr_t mask;
  IP4_ADDR(&addr, 127, 0, 0, 1);
  IP4_ADDR(&mask, 255, 0, 0, 0);
  netif->output = netif_loop_output_ip4;
  netif_set_addr(netif, &addr, &mask, &addr);
}
#else
static inline void netif_loop_add_ip4(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
#endif

#if LWIP_HAVE_LOOPIF && LWIP_IPV6
static inline err_t netif_loop_output_ip6(struct netif *netif, struct pbuf *p,
                                          const ip6_addr_t *addr)
{
  LWIP_UNUSED_ARG(addr);
  return netif_loop_output(netif, p);
}
/** Let it send IPv6 to itself only; ::1, whose duplicate nobody has. No router is looked for. */
static inline void netif_loop_add_ip6(struct netif *netif)
{
  ip6_addr_t addr;
  ip6_addr_set_loopback(&addr);
  netif->output_ip6 = netif_loop_output_ip6;
#if LWIP_IPV6_AUTOCONFIG
  netif->ip6_autoconfig_enabled = 0;
#endif
#if LWIP_IPV6_SEND_ROUTER_SOLICIT
  netif->rs_count = 0;
#endif
  netif_ip6_addr_set(netif, 0, &addr);
  netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
  netif->ip6_slot[0].prefix_len = 128; /* ::2 is not here */
}
#else
static inline void netif_loop_add_ip6(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
}
#endif

#if LWIP_HAVE_LOOPIF
/** Add the loopback interface. */
void loopif_start(void);
#else
static inline void loopif_start(void)
{
}
#endif

#endif /* LWIP_HDR_PRIV_NETIF_FIELDS_H */
