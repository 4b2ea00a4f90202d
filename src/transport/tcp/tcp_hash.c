/**
 * @file
 * The hash over connections (TCP_HASH_SIZE > 1; otherwise the list is searched).
 *
 * State: buckets, a power of two. They double from the heap as connections come, as far as
 * TCP_HASH_SIZE_MAX and memory allow, and are given back with the last connection. Old buckets are
 * emptied a few at a time, with each connection that comes or goes, so that none waits for all; the
 * old ones from `moved` on are still in use meanwhile. Firmware keeps those it was built with. The
 * hash is keyed: remotes choose what goes in (security vector B11-197).
 */
#include "lwip/opt.h"
#include "lwip/mem.h"
#include "transport/tcp/tcp_lists_priv.h"

/** Connections that were looked up last, by their ports alone: most segments are for one of them.
    Whoever makes them collide only has the hash be asked. */
#define RECENT_MAX LWIP_MIN(TCP_HASH_SIZE, 16)

/** Old buckets emptied at a time: two, so that all are long before there must be more again. */
#define MOVES_AT_ONCE 2U

struct tcp_hash_state {
  u32_t bits;            /* of log2(size / TCP_HASH_SIZE) */
  u32_t count;           /* connections */
  u32_t moved;           /* old buckets that have been emptied */
  struct tcp_pcb **old;  /* half as many, from which connections move to the others; NULL: none */
  struct tcp_pcb **heap; /* more buckets; NULL: `first` are all */
  struct tcp_pcb *recent[RECENT_MAX];
  struct tcp_pcb *first[TCP_HASH_SIZE];
};
STACK_STATE(struct tcp_hash_state, tcp_hash);

static u32_t size_of(const struct tcp_hash_state *s)
{
  return (u32_t)TCP_HASH_SIZE << s->bits;
}

static struct tcp_pcb **bucket_of(struct tcp_hash_state *s, const ip_addr_t *local,
                                  u16_t local_port, const ip_addr_t *remote, u16_t remote_port)
{
  u32_t hash = (u32_t)tcp_tuple_hash(local, local_port, remote, remote_port);
  u32_t old_index = hash & (size_of(s) / 2 - 1);
  if (s->old != NULL && old_index >= s->moved) {
    return &s->old[old_index];
  }
  struct tcp_pcb **buckets = s->heap != NULL ? s->heap : s->first;
  return &buckets[hash & (size_of(s) - 1)];
}

static struct tcp_pcb **bucket_of_pcb(struct tcp_hash_state *s, const struct tcp_pcb *pcb)
{
  return bucket_of(s, &pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
}

static void put(struct tcp_hash_state *s, struct tcp_pcb *pcb)
{
  struct tcp_pcb **bucket = bucket_of_pcb(s, pcb);
  *tcp_chain_link(pcb) = *bucket;
  *bucket = pcb;
}

static void free_old(struct tcp_hash_state *s)
{
  if (s->old != NULL && s->old != s->first) {
    mem_free(s->old);
  }
  s->old = NULL;
}

/** Empty a few of the old buckets. */
static void move(struct tcp_hash_state *s)
{
  for (unsigned i = 0; i < MOVES_AT_ONCE && s->old != NULL; i++) {
    struct tcp_pcb *pcb = s->old[s->moved];
    s->old[s->moved++] = NULL;
    while (pcb != NULL) {
      struct tcp_pcb *next = *tcp_chain_link(pcb);
      put(s, pcb);
      pcb = next;
    }
    if (s->moved == size_of(s) / 2) {
      free_old(s);
    }
  }
}

/** Twice as many buckets; without memory it stays as it is. */
static void grow(struct tcp_hash_state *s)
{
  size_t bytes = 2 * (size_t)size_of(s) * sizeof s->first[0];
  struct tcp_pcb **fresh =
      (mem_size_t)bytes == bytes ? (struct tcp_pcb **)mem_calloc(1, (mem_size_t)bytes) : NULL;
  if (fresh == NULL) {
    return;
  }
  s->old = s->heap != NULL ? s->heap : s->first;
  s->moved = 0;
  s->heap = fresh;
  s->bits++;
}

struct tcp_pcb **tcp_hash_recent(u16_t local_port, u16_t remote_port)
{
  return &tcp_hash()->recent[(local_port ^ (remote_port << 1)) % RECENT_MAX];
}

void tcp_hash_add(struct tcp_pcb *pcb)
{
  struct tcp_hash_state *s = tcp_hash();
  if (s->old != NULL) {
    move(s);
  } else if (s->count >= size_of(s) && size_of(s) < TCP_HASH_SIZE_MAX) {
    grow(s);
  }
  put(s, pcb);
  *tcp_hash_recent(pcb->local_port, pcb->remote_port) = pcb; /* somebody will answer */
  s->count++;
}

void tcp_hash_remove(struct tcp_pcb *pcb)
{
  struct tcp_hash_state *s = tcp_hash();
  struct tcp_pcb **recent = tcp_hash_recent(pcb->local_port, pcb->remote_port);
  if (*recent == pcb) {
    *recent = NULL;
  }
  struct tcp_pcb **at = bucket_of_pcb(s, pcb);
  while (*at != NULL && *at != pcb) {
    at = tcp_chain_link(*at);
  }
  if (*at == NULL) {
    return;
  }
  *at = *tcp_chain_link(pcb);
  s->count--;
  move(s);
  if (s->count == 0 && s->heap != NULL) {
    free_old(s);
    mem_free(s->heap);
    s->heap = NULL;
    s->bits = 0;
  }
}

struct tcp_pcb *tcp_hash_chain(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                               u16_t remote_port)
{
  return *bucket_of(tcp_hash(), local, local_port, remote, remote_port);
}
