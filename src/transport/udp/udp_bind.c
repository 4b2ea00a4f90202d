/**
 * @file
 * Local and remote ends of UDP pcbs: bind, connect, disconnect.
 *
 * Invariant: with UDP_FLAGS_LOCAL_CHOSEN local_ip only tells what connect found; everything that
 * decides takes it for any (udp_pcb_bound_ip()), so a pcb follows its route when that changes.
 */
#include "lwip/opt.h"
#include "lwip/snmp.h"
#include "lwip/priv/pcb_fields.h"
#include "transport/udp/udp_priv.h"

/** Would `pcb`, bound to `ipaddr`, share a port with `other` and get its datagrams? */
static bool conflicts(const struct udp_pcb *pcb, const ip_addr_t *ipaddr,
                      const struct udp_pcb *other)
{
  struct pcb_end us = {ipaddr, pcb->netif_idx, pcb->so_options};
  struct pcb_end them = {udp_pcb_bound_ip(other), other->netif_idx, other->so_options};
  bool is_apart = ((pcb->flags | other->flags) & UDP_FLAGS_NETIF_GONE) ||
                  udp_pcb_is_lite(pcb) != udp_pcb_is_lite(other);
  return !is_apart && pcb_ends_conflict(&us, &them);
}

bool udp_port_is_taken(const struct udp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port)
{
  struct udp_query q = {.local_port = port};
  for (int chain = UDP_CHAIN_OPEN; chain <= UDP_CHAIN_BIND_LAST; chain++) {
    const struct udp_pcb *other = udp_chain_first(chain, &q);
    for (; other != NULL; other = udp_chain_next(other, chain)) {
      if (other != pcb && other->local_port == port &&
          (ipaddr == NULL || conflicts(pcb, ipaddr, other))) {
        return true;
      }
    }
  }
  return false;
}

/** What decides by which netif `pcb` sends. */
static struct pcb_route route_of(const struct udp_pcb *pcb)
{
  struct pcb_route r = {.netif_idx = pcb->netif_idx,
                        .is_netif_gone = (pcb->flags & UDP_FLAGS_NETIF_GONE) != 0,
                        .is_direct = pcb_is_direct(pcb->so_options),
                        .mcast_ifindex = udp_pcb_mcast_ifindex(pcb),
                        .mcast_ip4 = udp_pcb_mcast_ip4(pcb),
                        .local = udp_pcb_bound_ip(pcb)};
  return r;
}

/**
 * The address to bind to. ::ffff:a.b.c.d is an IPv4 address, which a pcb for IPv6 alone shall not
 * hear. NULL: it may not be bound.
 */
static const ip_addr_t *bindable(const struct udp_pcb *pcb, const ip_addr_t *ipaddr, ip_addr_t *buf)
{
  if (ipaddr == NULL) {
    return pcb_any(&pcb->local_ip);
  }
  const ip_addr_t *plain = pcb_addr_unmapped(ipaddr, buf);
  bool is_refused =
      plain != NULL && plain != ipaddr && IP_IS_V6(&pcb->local_ip) && !udp_pcb_is_dual(pcb);
  return is_refused ? NULL : plain;
}

err_t udp_bind(struct udp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port)
{
  ip_addr_t buf;
  ip_addr_t local;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return ERR_ARG;
  }
  ipaddr = bindable(pcb, ipaddr, &buf);
  if (ipaddr == NULL) {
    return ERR_VAL;
  }
  struct pcb_route r = route_of(pcb);
  pcb_local_set(&local, ipaddr, &r);
  if (port == 0) {
    port = udp_port_pick(pcb);
  } else if (udp_port_is_taken(pcb, &local, port)) {
    port = 0;
  }
  if (port == 0) {
    return ERR_USE;
  }
  pcb->local_ip = local;
  pcb->local_port = port;
  udp_clear_flags(pcb, UDP_FLAGS_LOCAL_CHOSEN | UDP_FLAGS_LOCAL_DUAL);
  udp_table_rekey(pcb);
  mib2_udp_bind(pcb);
  return ERR_OK;
}

void udp_bind_netif(struct udp_pcb *pcb, const struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->netif_idx = netif != NULL ? netif_get_index(netif) : NETIF_NO_INDEX;
  udp_clear_flags(pcb, UDP_FLAGS_NETIF_GONE);
}

void udp_netif_forget(struct udp_pcb *pcb, const struct netif *netif)
{
  u8_t index = netif_get_index(netif);
  udp_pcb_mcast_forget(pcb, index);
  if (pcb->netif_idx == index) {
    pcb->netif_idx = NETIF_NO_INDEX;
    udp_set_flags(pcb, UDP_FLAGS_NETIF_GONE);
  }
}

struct netif *udp_route(const struct udp_pcb *pcb, const ip_addr_t *dst)
{
  struct pcb_route r = route_of(pcb);
  return pcb_route_find(&r, dst);
}

/** Undo choose_local(). */
static void forget_local(struct udp_pcb *pcb)
{
  if (pcb->flags & UDP_FLAGS_LOCAL_CHOSEN) {
    const ip_addr_t *any =
        (pcb->flags & UDP_FLAGS_LOCAL_DUAL) ? IP_ANY_TYPE : pcb_any(&pcb->local_ip);
    ip_addr_copy(pcb->local_ip, *any);
    udp_clear_flags(pcb, UDP_FLAGS_LOCAL_CHOSEN | UDP_FLAGS_LOCAL_DUAL);
  }
}

/** Set local_ip to what datagrams to `dst` will come from, for who asks the pcb. */
static void choose_local(struct udp_pcb *pcb, const ip_addr_t *dst)
{
  ip_addr_t src;
  forget_local(pcb);
  if (!ip_addr_isany(&pcb->local_ip) || ip_addr_isany(dst)) {
    return;
  }
  struct netif *netif = udp_route(pcb, dst);
  if (netif == NULL || !pcb_source(&src, &pcb->local_ip, netif, dst)) {
    return;
  }
  udp_set_flags(pcb, UDP_FLAGS_LOCAL_CHOSEN |
                         (IP_IS_ANY_TYPE_VAL(pcb->local_ip) ? UDP_FLAGS_LOCAL_DUAL : 0));
  pcb->local_ip = src;
}

void udp_local_refresh(struct udp_pcb *pcb)
{
  if (pcb->flags & UDP_FLAGS_LOCAL_CHOSEN) {
    choose_local(pcb, &pcb->remote_ip);
  }
}

err_t udp_connect(struct udp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port)
{
  ip_addr_t buf;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || ipaddr == NULL) {
    return ERR_ARG;
  }
  if (pcb->local_port == 0) {
    err_t err = udp_bind(pcb, &pcb->local_ip, 0);
    if (err != ERR_OK) {
      return err;
    }
  }
  forget_local(pcb);
  ipaddr = pcb_addr_unmapped(ipaddr, &buf);
  if (ipaddr == NULL || !udp_pcb_speaks(pcb, ipaddr)) {
    return ERR_VAL;
  }
  struct pcb_route r = route_of(pcb);
  pcb_remote_set(&pcb->remote_ip, ipaddr, &r);
  pcb->remote_port = port;
  udp_set_flags(pcb, UDP_FLAGS_CONNECTED);
  choose_local(pcb, &pcb->remote_ip);
  udp_table_rekey(pcb);
  return ERR_OK;
}

void udp_disconnect(struct udp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return;
  }
  forget_local(pcb);
  ip_addr_copy(pcb->remote_ip, *pcb_any(&pcb->local_ip));
  pcb->remote_port = 0;
  udp_clear_flags(pcb, UDP_FLAGS_CONNECTED);
  udp_table_rekey(pcb);
}
