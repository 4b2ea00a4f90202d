/**
 * @file
 * Whose segment is it? Lists of connections and listeners; who has which port.
 *
 * State: the public lists; the hash over the connections is in tcp_hash.c.
 *
 * Deviation: a port whose connections are all in TIME-WAIT is free to be bound, with and without
 * SOF_REUSEADDR; their records keep old segments from the new ones.
 */
#include <string.h>
#include "lwip/opt.h"
#include "transport/tcp/tcp_lists_priv.h"

STACK_GLOBAL_DEFINE(struct tcp_pcb *, tcp_bound_pcbs);
STACK_GLOBAL_DEFINE(union tcp_listen_pcbs_t, tcp_listen_pcbs);
STACK_GLOBAL_DEFINE(struct tcp_pcb *, tcp_active_pcbs);

static void list_add(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  pcb->next = *list;
  tcp_list_before_set(pcb, NULL);
  if (*list != NULL) {
    tcp_list_before_set(*list, pcb);
  }
  *list = pcb;
}

static void list_remove(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  struct tcp_pcb *before = *list != pcb ? tcp_list_before(*list, pcb) : NULL;
  if (*list != pcb && before == NULL) {
    return; /* it is not on it */
  }
  if (before == NULL) {
    *list = pcb->next;
  } else {
    before->next = pcb->next;
  }
  if (pcb->next != NULL) {
    tcp_list_before_set(pcb->next, before);
  }
  pcb->next = NULL;
  tcp_list_before_set(pcb, NULL);
}

void tcp_bound_add(struct tcp_pcb *pcb)
{
  list_add(&tcp_bound_pcbs, pcb);
}

void tcp_bound_remove(struct tcp_pcb *pcb)
{
  list_remove(&tcp_bound_pcbs, pcb);
}

void tcp_active_add(struct tcp_pcb *pcb)
{
  list_add(&tcp_active_pcbs, pcb);
  if (TCP_HASH_SIZE > 1) {
    tcp_hash_add(pcb);
  }
}

void tcp_active_remove(struct tcp_pcb *pcb)
{
  list_remove(&tcp_active_pcbs, pcb);
  if (TCP_HASH_SIZE > 1) {
    tcp_hash_remove(pcb);
  }
}

static bool is_between(const struct tcp_pcb *pcb, const ip_addr_t *local, u16_t local_port,
                       const ip_addr_t *remote, u16_t remote_port, const struct netif *netif)
{
  return pcb->remote_port == remote_port && pcb->local_port == local_port &&
         ip_addr_eq(&pcb->remote_ip, remote) && ip_addr_eq(&pcb->local_ip, local) &&
         (netif == NULL || !pcb_netif_differs(pcb->netif_idx, netif));
}

static struct tcp_pcb *find(struct tcp_pcb *pcb, const ip_addr_t *local, u16_t local_port,
                            const ip_addr_t *remote, u16_t remote_port, const struct netif *netif)
{
  while (pcb != NULL && !is_between(pcb, local, local_port, remote, remote_port, netif)) {
    pcb = *tcp_chain_link(pcb);
  }
  return pcb;
}

struct tcp_pcb *tcp_active_find(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                                u16_t remote_port, const struct netif *netif)
{
  if (TCP_HASH_SIZE <= 1) {
    return find(tcp_active_pcbs, local, local_port, remote, remote_port, netif);
  }
  struct tcp_pcb **recent = tcp_hash_recent(local_port, remote_port);
  if (*recent == NULL || !is_between(*recent, local, local_port, remote, remote_port, netif)) {
    struct tcp_pcb *first = tcp_hash_chain(local, local_port, remote, remote_port);
    struct tcp_pcb *pcb = find(first, local, local_port, remote, remote_port, netif);
    if (pcb == NULL) {
      return NULL;
    }
    *recent = pcb;
  }
  return *recent;
}

/** How well a listener fits; 0: not at all. Its own address counts most, then its netif. */
static unsigned listener_fit(const struct tcp_pcb_listen *l, const ip_addr_t *local,
                             const struct netif *netif)
{
  bool is_bound_to_netif = l->netif_idx != NETIF_NO_INDEX;
  if (pcb_netif_differs(l->netif_idx, netif)) {
    return 0;
  }
  if (IP_IS_ANY_TYPE_VAL(l->local_ip)) {
    return is_bound_to_netif ? 2 : 1;
  }
  if (!IP_ADDR_PCB_VERSION_MATCH_EXACT(l, local)) {
    return 0;
  }
  if (ip_addr_isany(&l->local_ip)) {
    return is_bound_to_netif ? 4 : 3;
  }
  return ip_addr_eq(&l->local_ip, local) ? (is_bound_to_netif ? 6U : 5U) : 0;
}

struct tcp_pcb_listen *tcp_listen_find(const struct tcp_rx_segment *seg)
{
  const struct ip_rx *rx = seg->rx;
  struct tcp_pcb_listen *best = NULL;
  unsigned best_fit = 0;
  u32_t count = 0; /* of those that fit so well and share the port */
  for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l != NULL; l = l->next) {
    unsigned fit =
        l->local_port == seg->h.dst_port ? listener_fit(l, &rx->dst, rx->input_netif) : 0;
    if (fit > best_fit) {
      best = l;
      best_fit = fit;
      count = 0;
    }
    count += fit != 0 && fit == best_fit;
  }
  if (!PCB_SHARES_PORTS || count < 2) {
    return best;
  }
  u32_t n = pcb_share_of(&rx->src, seg->h.src_port, count);
  while (n > 0) { /* there can be several only with SOF_REUSEPORT */
    best = best->next;
    bool fits = best->local_port == seg->h.dst_port &&
                listener_fit(best, &rx->dst, rx->input_netif) == best_fit;
    n -= fits;
  }
  return best;
}

/** Note that `them` are in the way of `us`, if they are. */
static void note_taken(const struct pcb_end *us, const struct ip_pcb *them, u32_t at, u32_t *taken)
{
  struct pcb_end end = {&them->local_ip, them->netif_idx, them->so_options};
  if (at < TCP_PORT_BLOCK && pcb_ends_conflict(us, &end)) {
    taken[at / 32] |= 1UL << (at % 32);
  }
}

void tcp_ports_taken(const struct tcp_pcb *pcb, const struct pcb_end *us, u16_t first, bool is_bind,
                     u32_t taken[TCP_PORT_BLOCK / 32])
{
  memset(taken, 0, TCP_PORT_BLOCK / 8);
  for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l != NULL; l = l->next) {
    note_taken(us, (const struct ip_pcb *)(const void *)l, (u32_t)l->local_port - first, taken);
  }
  struct tcp_pcb *const lists[] = {tcp_bound_pcbs, is_bind ? tcp_active_pcbs : NULL};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lists); i++) {
    for (const struct tcp_pcb *p = lists[i]; p != NULL; p = p->next) {
      if (p != pcb) {
        note_taken(us, (const struct ip_pcb *)(const void *)p, (u32_t)p->local_port - first, taken);
      }
    }
  }
}

bool tcp_port_is_taken(const struct tcp_pcb *pcb, const ip_addr_t *local, u16_t port)
{
  u32_t taken[TCP_PORT_BLOCK / 32];
  const struct pcb_end us = {local, pcb->netif_idx, pcb->so_options};
  tcp_ports_taken(pcb, &us, port, true, taken);
  return taken[0] & 1U;
}
