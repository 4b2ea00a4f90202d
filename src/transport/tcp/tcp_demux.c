/**
 * @file
 * Whose segment is it? Lists of connections and listeners, and a hash over the connections.
 *
 * State: the public lists, and the hash (TCP_HASH_SIZE buckets, 1: none). The hash is keyed:
 * remotes choose what goes in (security vector B11-197).
 */
#include "lwip/opt.h"
#include "base/random.h"
#include "transport/tcp/tcp_priv.h"

STACK_GLOBAL_DEFINE(struct tcp_pcb *, tcp_bound_pcbs);
STACK_GLOBAL_DEFINE(union tcp_listen_pcbs_t, tcp_listen_pcbs);
STACK_GLOBAL_DEFINE(struct tcp_pcb *, tcp_active_pcbs);

static void list_remove(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  while (*list != NULL && *list != pcb) {
    list = &(*list)->next;
  }
  if (*list == pcb) {
    *list = pcb->next;
    pcb->next = NULL;
  }
}

void tcp_bound_add(struct tcp_pcb *pcb)
{
  pcb->next = tcp_bound_pcbs;
  tcp_bound_pcbs = pcb;
}

void tcp_bound_remove(struct tcp_pcb *pcb)
{
  list_remove(&tcp_bound_pcbs, pcb);
}

#if TCP_HASH_SIZE > 1

struct tcp_hash_state {
  u8_t key[SIPHASH_KEY_LEN];
  bool has_key;
  struct tcp_pcb *bucket[TCP_HASH_SIZE];
};
STACK_STATE(struct tcp_hash_state, tcp_hash);

static unsigned put_addr(u32_t *words, const ip_addr_t *addr)
{
  if (IP_IS_V6(addr)) {
    MEMCPY(words, ip_2_ip6(addr)->addr, 16);
    return 4;
  }
  words[0] = ip4_addr_get_u32(ip_2_ip4(addr));
  return 1;
}

static struct tcp_pcb **bucket_of(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                                  u16_t remote_port)
{
  struct tcp_hash_state *s = tcp_hash();
  u32_t words[9];
  unsigned n = 1;
  if (!s->has_key) {
    random_key(s->key, "tcp hash");
    s->has_key = true;
  }
  words[0] = ((u32_t)local_port << 16) | remote_port;
  n += put_addr(words + n, local);
  n += put_addr(words + n, remote);
  return &s->bucket[siphash_u32(s->key, words, n) & (TCP_HASH_SIZE - 1)];
}

static struct tcp_pcb **bucket_of_pcb(const struct tcp_pcb *pcb)
{
  return bucket_of(&pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
}

static void hash_add(struct tcp_pcb *pcb)
{
  struct tcp_pcb **bucket = bucket_of_pcb(pcb);
  pcb->hash_next = *bucket;
  *bucket = pcb;
}

static void hash_remove(struct tcp_pcb *pcb)
{
  struct tcp_pcb **at = bucket_of_pcb(pcb);
  while (*at != NULL && *at != pcb) {
    at = &(*at)->hash_next;
  }
  if (*at != NULL) {
    *at = pcb->hash_next;
  }
}

static struct tcp_pcb *chain_first(const ip_addr_t *local, u16_t local_port,
                                   const ip_addr_t *remote, u16_t remote_port)
{
  return *bucket_of(local, local_port, remote, remote_port);
}

static struct tcp_pcb *chain_next(const struct tcp_pcb *pcb)
{
  return pcb->hash_next;
}

#else

static void hash_add(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

static void hash_remove(struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

static struct tcp_pcb *chain_first(const ip_addr_t *local, u16_t local_port,
                                   const ip_addr_t *remote, u16_t remote_port)
{
  LWIP_UNUSED_ARG(local);
  LWIP_UNUSED_ARG(local_port);
  LWIP_UNUSED_ARG(remote);
  LWIP_UNUSED_ARG(remote_port);
  return tcp_active_pcbs;
}

static struct tcp_pcb *chain_next(const struct tcp_pcb *pcb)
{
  return pcb->next;
}

#endif

void tcp_active_add(struct tcp_pcb *pcb)
{
  pcb->next = tcp_active_pcbs;
  tcp_active_pcbs = pcb;
  hash_add(pcb);
}

void tcp_active_remove(struct tcp_pcb *pcb)
{
  list_remove(&tcp_active_pcbs, pcb);
  hash_remove(pcb);
}

struct tcp_pcb *tcp_active_find(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                                u16_t remote_port, const struct netif *netif)
{
  struct tcp_pcb *pcb = chain_first(local, local_port, remote, remote_port);
  for (; pcb != NULL; pcb = chain_next(pcb)) {
    if (pcb->remote_port == remote_port && pcb->local_port == local_port &&
        ip_addr_eq(&pcb->remote_ip, remote) && ip_addr_eq(&pcb->local_ip, local) &&
        (netif == NULL || !pcb_netif_differs(pcb->netif_idx, netif))) {
      return pcb;
    }
  }
  return NULL;
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

struct tcp_pcb_listen *tcp_listen_find(const ip_addr_t *local, u16_t port,
                                       const struct netif *netif)
{
  struct tcp_pcb_listen *best = NULL;
  unsigned best_fit = 0;
  for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l != NULL; l = l->next) {
    unsigned fit = l->local_port == port ? listener_fit(l, local, netif) : 0;
    if (fit > best_fit) {
      best = l;
      best_fit = fit;
    }
  }
  return best;
}

/** Two ends of the same port: would both get the same segments? */
static bool conflicts(const struct ip_pcb *a, const ip_addr_t *local, const struct ip_pcb *b)
{
  bool other_netif = a->netif_idx != NETIF_NO_INDEX && b->netif_idx != NETIF_NO_INDEX &&
                     a->netif_idx != b->netif_idx;
  bool other_family = !IP_IS_ANY_TYPE_VAL(*local) && !IP_IS_ANY_TYPE_VAL(b->local_ip) &&
                      IP_GET_TYPE(local) != IP_GET_TYPE(&b->local_ip);
  if (other_netif || other_family) {
    return false;
  }
  return ip_addr_isany(local) || ip_addr_isany(&b->local_ip) || ip_addr_eq(local, &b->local_ip);
}

static bool may_share(const struct ip_pcb *a, const struct ip_pcb *b)
{
  return SO_REUSE && (a->so_options & b->so_options & SOF_REUSEADDR);
}

bool tcp_port_is_taken(const struct tcp_pcb *pcb, const ip_addr_t *local, u16_t port)
{
  const struct ip_pcb *us = (const struct ip_pcb *)(const void *)pcb;
  for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l != NULL; l = l->next) {
    const struct ip_pcb *them = (const struct ip_pcb *)(const void *)l;
    if (l->local_port == port && conflicts(us, local, them) && !may_share(us, them)) {
      return true;
    }
  }
  struct tcp_pcb *const lists[] = {tcp_bound_pcbs, tcp_active_pcbs};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(lists); i++) {
    for (const struct tcp_pcb *other = lists[i]; other != NULL; other = other->next) {
      const struct ip_pcb *them = (const struct ip_pcb *)(const void *)other;
      if (other != pcb && other->local_port == port && conflicts(us, local, them) &&
          !may_share(us, them)) {
        return true;
      }
    }
  }
  return false;
}
