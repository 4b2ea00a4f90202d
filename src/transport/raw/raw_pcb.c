/**
 * @file
 * Raw IP endpoints: made, bound, connected, closed; the module.
 *
 * State: the list of pcbs and the walks over it that are under way. Walks nest when a link delivers
 * synchronously what a callback sends.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/prot/ip6.h"
#include "lwip/priv/pcb_fields.h"
#include "link/netif_ip6.h"
#include "gossamer/state.h"
#include "transport/pcb_addr.h"
#include "transport/raw/raw_module.h"
#include "transport/raw/raw_priv.h"

struct raw_state {
  struct raw_pcb *pcbs;
  struct raw_cursor *cursors; /* the innermost walk */
};
STACK_STATE(struct raw_state, raw);

void raw_cursor_enter(struct raw_cursor *c)
{
  c->at = raw()->pcbs;
  c->outer = raw()->cursors;
  raw()->cursors = c;
}

struct raw_pcb *raw_cursor_next(struct raw_cursor *c)
{
  struct raw_pcb *pcb = c->at;
  if (pcb != NULL) {
    c->at = pcb->next;
  }
  return pcb;
}

void raw_cursor_leave(const struct raw_cursor *c)
{
  raw()->cursors = c->outer;
}

#if LWIP_RAW

/** Where an ICMPv6 message has its checksum (RFC 4443 2.1). */
#define ICMP6_CHECKSUM_AT 2

/** What decides by which netif `pcb` sends. */
static struct pcb_route raw_route_of(const struct raw_pcb *pcb)
{
  struct pcb_route r = {.netif_idx = pcb->netif_idx,
                        .is_netif_gone = (pcb->flags & RAW_FLAGS_NETIF_GONE) != 0,
                        .is_direct = pcb_is_direct(pcb->so_options),
                        .mcast_ifindex = raw_pcb_mcast_ifindex(pcb),
                        .local = &pcb->local_ip};
  return r;
}

struct raw_pcb *raw_new(u8_t proto)
{
  return raw_new_ip_type(IPADDR_TYPE_V4, proto);
}

struct raw_pcb *raw_new_ip_type(u8_t type, u8_t proto)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(type);
  struct raw_pcb *pcb = (struct raw_pcb *)memp_malloc(MEMP_RAW_PCB);
  if (pcb == NULL) {
    return NULL;
  }
  memset(pcb, 0, sizeof *pcb);
  pcb->protocol = proto;
  pcb->ttl = pcb_ttl_initial(type, RAW_TTL);
  raw_pcb_mcast_init(pcb, RAW_TTL);
  pcb_tci_init(pcb);
  IP_SET_TYPE_VAL(pcb->local_ip, type);
  IP_SET_TYPE_VAL(pcb->remote_ip, type);
  if (type != IPADDR_TYPE_V4 && proto == IP6_NEXTH_ICMP6) {
    raw_pcb_set_checksum(pcb, ICMP6_CHECKSUM_AT);
  }
  pcb->next = raw()->pcbs;
  raw()->pcbs = pcb;
  return pcb;
}

void raw_remove(struct raw_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return;
  }
  for (struct raw_cursor *c = raw()->cursors; c != NULL; c = c->outer) {
    if (c->at == pcb) {
      c->at = pcb->next;
    }
  }
  struct raw_pcb **at = &raw()->pcbs;
  while (*at != NULL && *at != pcb) {
    at = &(*at)->next;
  }
  if (*at == pcb) {
    *at = pcb->next;
  }
  memp_free(MEMP_RAW_PCB, pcb);
}

struct netif *raw_route(const struct raw_pcb *pcb, const ip_addr_t *dst)
{
  struct pcb_route r = raw_route_of(pcb);
  return pcb_route_find(&r, dst);
}

err_t raw_bind(struct raw_pcb *pcb, const ip_addr_t *ipaddr)
{
  ip_addr_t buf;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || ipaddr == NULL) {
    return ERR_VAL;
  }
  const ip_addr_t *plain = pcb_addr_unmapped(ipaddr, &buf);
  if (plain == NULL || (plain != ipaddr && !IP_ADDR_PCB_VERSION_MATCH(pcb, plain))) {
    return ERR_VAL;
  }
  struct pcb_route r = raw_route_of(pcb);
  pcb_local_set(&pcb->local_ip, plain, &r);
  return ERR_OK;
}

void raw_bind_netif(struct raw_pcb *pcb, const struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->netif_idx = netif != NULL ? netif_get_index(netif) : NETIF_NO_INDEX;
  raw_clear_flags(pcb, RAW_FLAGS_NETIF_GONE);
}

err_t raw_connect(struct raw_pcb *pcb, const ip_addr_t *ipaddr)
{
  ip_addr_t buf;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || ipaddr == NULL) {
    return ERR_VAL;
  }
  ipaddr = pcb_addr_unmapped(ipaddr, &buf);
  if (ipaddr == NULL || !IP_ADDR_PCB_VERSION_MATCH(pcb, ipaddr)) {
    return ERR_VAL;
  }
  struct pcb_route r = raw_route_of(pcb);
  pcb_remote_set(&pcb->remote_ip, ipaddr, &r);
  raw_set_flags(pcb, RAW_FLAGS_CONNECTED);
  return ERR_OK;
}

void raw_disconnect(struct raw_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip_addr_copy(pcb->remote_ip, *pcb_any(&pcb->local_ip));
  raw_clear_flags(pcb, RAW_FLAGS_CONNECTED);
}

void raw_recv(struct raw_pcb *pcb, raw_recv_fn recv, void *recv_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->recv = recv;
  pcb->recv_arg = recv_arg;
}

static void raw_module_fini(void)
{
  while (raw()->pcbs != NULL) {
    raw_remove(raw()->pcbs);
  }
}

static void netif_forget(struct raw_pcb *pcb, const struct netif *netif)
{
  u8_t index = netif_get_index(netif);
  raw_pcb_mcast_forget(pcb, index);
  if (pcb->netif_idx == index) {
    pcb->netif_idx = NETIF_NO_INDEX;
    raw_set_flags(pcb, RAW_FLAGS_NETIF_GONE);
  }
}

/** What stands in the place of `old_addr` now; NULL: nothing. */
static const ip_addr_t *replacement(struct netif *netif, enum netif_change what,
                                    const ip_addr_t *old_addr)
{
  if (old_addr == NULL || ip_addr_isany(old_addr)) {
    return NULL;
  }
  if (LWIP_IPV6 && what == NETIF_CHANGE_IP6) {
    return netif_ip6_replacement(netif);
  }
  bool is_ip4 = LWIP_IPV4 && what == NETIF_CHANGE_IP4 && !ip_addr_isany(netif_ip_addr4(netif));
  return is_ip4 ? netif_ip_addr4(netif) : NULL;
}

/** As lwIP: who is bound to an address follows when another one takes its place. */
static void raw_netif_changed(struct netif *netif, enum netif_change what,
                              const ip_addr_t *old_addr)
{
  const ip_addr_t *new_addr = replacement(netif, what, old_addr);
  for (struct raw_pcb *pcb = raw()->pcbs; pcb != NULL; pcb = pcb->next) {
    if (what == NETIF_CHANGE_REMOVED) {
      netif_forget(pcb, netif);
    } else if (new_addr != NULL && ip_addr_eq(&pcb->local_ip, old_addr)) {
      ip_addr_copy(pcb->local_ip, *new_addr);
    }
  }
}

const struct net_module raw_module = {"raw", NULL, raw_module_fini, raw_netif_changed};

#endif /* LWIP_RAW */
