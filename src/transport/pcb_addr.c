/**
 * @file
 * What pcbs of all kinds do with addresses, routes and headers.
 *
 * State: none. RFC 1122 3.3.4.3 (source address), 4.1.3.5 (bound address), RFC 4007 (zones), RFC
 * 4291 2.5.5.2 (mapped addresses).
 */
#include "lwip/opt.h"
#include "lwip/priv/pcb_fields.h"
#include "gossamer/netif_addr.h"
#include "gossamer/pmtu.h"
#include "base/random.h"
#include "link/netif_ip4.h"
#include "link/netif_ip6.h"
#include "ip/ip_module.h"
#include "transport/pcb_addr.h"

const ip_addr_t *pcb_addr_unmapped(const ip_addr_t *addr, ip_addr_t *buf)
{
  if (!IP_IS_V6(addr) || !ip6_addr_isipv4mappedipv6(ip_2_ip6(addr))) {
    return addr;
  }
  ip_addr_set_ip4_u32(buf, ip_2_ip6(addr)->addr[3]);
  return LWIP_IPV4 ? buf : NULL;
}

/** Does it need a zone that it has not? */
static bool lacks_zone(const ip_addr_t *addr)
{
  LWIP_UNUSED_ARG(addr);
  return IP_IS_V6(addr) && ip6_addr_lacks_zone(ip_2_ip6(addr), IP6_UNKNOWN);
}

/** In the zone of `netif`; NULL: as it is. */
static void set_zone(ip_addr_t *addr, const struct netif *netif)
{
  LWIP_UNUSED_ARG(addr);
  if (netif != NULL) {
    ip6_addr_assign_zone(ip_2_ip6(addr), IP6_UNKNOWN, netif);
  }
}

void pcb_remote_set(ip_addr_t *to, const ip_addr_t *addr, const struct pcb_route *r)
{
  ip_addr_set_ipaddr(to, addr);
  if (lacks_zone(to)) {
    set_zone(to, pcb_route_find(r, to));
  }
}

void pcb_local_set(ip_addr_t *to, const ip_addr_t *addr, const struct pcb_route *r)
{
  ip_addr_set_ipaddr(to, addr);
  if (LWIP_IPV6 && lacks_zone(to)) {
    bool is_ours = r->netif_idx == NETIF_NO_INDEX && !ip_addr_ismulticast(to);
    set_zone(to, is_ours ? netif_ip6_owner(ip_2_ip6(to)) : pcb_route_find(r, to));
  }
}

const ip_addr_t *pcb_zoned(const ip_addr_t *dst, const struct netif *netif, ip_addr_t *buf)
{
  if (lacks_zone(dst)) {
    ip_addr_copy(*buf, *dst);
    set_zone(buf, netif);
    return buf;
  }
  bool is_elsewhere = IP_IS_V6(dst) && ip6_addr_has_zone(ip_2_ip6(dst)) &&
                      !ip6_addr_test_zone(ip_2_ip6(dst), netif);
  return is_elsewhere ? NULL : dst;
}

static struct netif *find_netif(const struct pcb_route *r, const ip_addr_t *dst)
{
  if (r->netif_idx != NETIF_NO_INDEX) {
    return netif_get_by_index(r->netif_idx);
  }
  if (!LWIP_MULTICAST_TX_OPTIONS || !ip_addr_ismulticast(dst)) {
    return ip_route(r->local, dst);
  }
  if (r->mcast_ifindex != NETIF_NO_INDEX) {
    return netif_get_by_index(r->mcast_ifindex);
  }
  if (!IP_IS_V6(dst) && r->mcast_ip4 != NULL) {
    return netif_ip4_owner(r->mcast_ip4);
  }
  return ip_route(r->local, dst);
}

struct netif *pcb_route_find(const struct pcb_route *r, const ip_addr_t *dst)
{
  if (r->is_netif_gone) {
    return NULL;
  }
  struct netif *netif = find_netif(r, dst);
  bool is_refused = LWIP_SOCKET && r->is_direct && netif != NULL && !ip_is_on_link(netif, dst);
  return is_refused ? NULL : netif;
}

bool pcb_source(ip_addr_t *src, const ip_addr_t *local, struct netif *netif, const ip_addr_t *dst)
{
  bool choose = ip_addr_isany(local) || ip_addr_ismulticast(local);
  if (!choose) {
    ip_addr_copy(*src, *local);
    return IP_IS_V6(local) ? netif_ip6_owns(netif, ip_2_ip6(local))
                           : netif_ip4_owns(netif, ip_2_ip4(local));
  }
  if (IP_IS_V6(dst)) {
    const ip_addr_t *addr = ip6_select_source_address(netif, ip_2_ip6(dst));
    ip_addr_set(src, addr);
    return addr != NULL;
  }
  ip_addr_copy_from_ip4(*src, *netif_ip4_addr_toward(netif, ip_2_ip4(dst)));
  return true;
}

/** Is the broadcast address `dst` one of the subnet in which `local` is an address of `netif`? */
static bool is_broadcast_to(const ip4_addr_t *local, const ip4_addr_t *dst,
                            const struct netif *netif)
{
  const ip4_addr_t *mask = NULL;
  if (ip4_addr_eq(local, netif_ip4_addr(netif))) {
    mask = netif_ip4_netmask(netif);
  }
  for (int i = 0; i < NETIF_IP4_NUM_EXTRA; i++) {
    if (ip4_addr_eq(local, netif_ip4_extra_addr(netif, i))) {
      mask = netif_ip4_extra_mask(netif, i);
    }
  }
  return mask != NULL &&
         (ip4_addr_get_u32(dst) == IPADDR_BROADCAST || ip4_addr_net_eq(local, dst, mask));
}

bool pcb_local_takes(const ip_addr_t *local, const ip_addr_t *dst, const struct netif *netif,
                     u8_t flags)
{
  if (ip_addr_isany(local) || ip_addr_eq(local, dst)) {
    return true;
  }
  return (flags & IP_RX_BROADCAST) && is_broadcast_to(ip_2_ip4(local), ip_2_ip4(dst), netif);
}

struct pbuf *pcb_header_add(struct pbuf *p, u16_t len)
{
  if (p->ref == 1 && pbuf_add_header(p, (size_t)PBUF_IP + len) == 0) {
    (void)pbuf_remove_header(p, PBUF_IP);
    return p;
  }
  struct pbuf *q = pbuf_alloc(PBUF_IP, len, PBUF_RAM);
  if (q != NULL && p->tot_len != 0) {
    pbuf_chain(q, p);
  }
  return q;
}

void pcb_header_done(struct pbuf *q, struct pbuf *p, u16_t len)
{
  if (q != p) {
    pbuf_free(q);
  } else if (p->ref == 1 && p->tot_len > len) {
    (void)pbuf_remove_header(p, (size_t)(p->tot_len - len));
  }
}

err_t pcb_err_of(enum ip_error_kind kind)
{
  switch (kind) {
  case IP_ERROR_PORT_UNREACH:
  case IP_ERROR_PROTO_UNREACH:
    return ERR_CONN;
  case IP_ERROR_TOO_BIG:
  case IP_ERROR_PARAM_PROBLEM:
    return ERR_VAL;
  default:
    return ERR_RTE;
  }
}

u16_t pcb_path_mtu(const ip_addr_t *dst, const struct netif *netif)
{
  u16_t mtu = netif_mtu_for(netif, IP_IS_V6(dst));
  return pmtu_get(dst, LWIP_SOCKET && IP_IS_V6(dst) ? ip6_bounded(mtu) : mtu);
}

bool pcb_addr_is_of(const struct netif *netif, const ip_addr_t *addr)
{
  return IP_IS_V6(addr) ? netif_ip6_index(netif, ip_2_ip6(addr)) >= 0
                        : netif_ip4_owns(netif, ip_2_ip4(addr));
}

bool pcb_addr_is_ours(const ip_addr_t *addr)
{
  return IP_IS_V6(addr) ? netif_ip6_owner(ip_2_ip6(addr)) != NULL
                        : netif_ip4_owner(ip_2_ip4(addr)) != NULL;
}

u32_t pcb_share_of(const ip_addr_t *remote, u16_t remote_port, u32_t count)
{
  u32_t words[5] = {remote_port};
  unsigned n = 1 + pcb_addr_words(words + 1, remote);
  return random_hash("shr", words, n) % count;
}

bool pcb_ends_conflict(const struct pcb_end *a, const struct pcb_end *b)
{
  bool may_share = SO_REUSE && (a->so_options & b->so_options & (SOF_REUSEADDR | SOF_REUSEPORT));
  bool other_netif = a->netif_idx != NETIF_NO_INDEX && b->netif_idx != NETIF_NO_INDEX &&
                     a->netif_idx != b->netif_idx;
  bool other_family = !IP_IS_ANY_TYPE_VAL(*a->local) && !IP_IS_ANY_TYPE_VAL(*b->local) &&
                      IP_GET_TYPE(a->local) != IP_GET_TYPE(b->local);
  if (may_share || other_netif || other_family) {
    return false;
  }
  return ip_addr_isany(a->local) || ip_addr_isany(b->local) || ip_addr_eq(a->local, b->local);
}
