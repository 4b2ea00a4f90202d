/**
 * @file
 * The hash over connections (TCP_HASH_SIZE > 1; otherwise the list is searched).
 *
 * State: buckets, a power of two. They double from the heap as connections come, as far as
 * TCP_HASH_SIZE_MAX and memory allow, and are given back with the last connection. Firmware keeps
 * those it was built with. The hash is keyed: remotes choose what goes in (security vector
 * B11-197).
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/mem.h"
#include "base/random.h"
#include "transport/tcp/tcp_lists_priv.h"

struct tcp_hash_state {
  u8_t key[SIPHASH_KEY_LEN];
  bool has_key;
  u32_t bits;            /* of log2(size / TCP_HASH_SIZE) */
  u32_t count;           /* connections */
  struct tcp_pcb **heap; /* more buckets; NULL: `first` are all */
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
  u32_t words[TCP_TUPLE_WORDS];
  unsigned n = tcp_tuple_words(words, local, local_port, remote, remote_port);
  if (!s->has_key) {
    random_key(s->key, "tcp hash");
    s->has_key = true;
  }
  struct tcp_pcb **buckets = s->heap != NULL ? s->heap : s->first;
  return &buckets[siphash_u32(s->key, words, n) & (size_of(s) - 1)];
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

/** Twice as many buckets; without memory it stays as it is. */
static void grow(struct tcp_hash_state *s)
{
  struct tcp_pcb **old = s->heap != NULL ? s->heap : s->first;
  u32_t old_size = size_of(s);
  size_t bytes = 2 * (size_t)old_size * sizeof s->first[0];
  struct tcp_pcb **fresh =
      (mem_size_t)bytes == bytes ? (struct tcp_pcb **)mem_malloc((mem_size_t)bytes) : NULL;
  if (fresh == NULL) {
    return;
  }
  memset(fresh, 0, bytes);
  struct tcp_pcb **heap = s->heap;
  s->heap = fresh;
  s->bits++;
  for (u32_t i = 0; i < old_size; i++) {
    for (struct tcp_pcb *pcb = old[i], *next; pcb != NULL; pcb = next) {
      next = *tcp_chain_link(pcb);
      put(s, pcb);
    }
    old[i] = NULL;
  }
  if (heap != NULL) {
    mem_free(heap);
  }
}

void tcp_hash_add(struct tcp_pcb *pcb)
{
  struct tcp_hash_state *s = tcp_hash();
  if (s->count >= size_of(s) && size_of(s) < TCP_HASH_SIZE_MAX) {
    grow(s);
  }
  put(s, pcb);
  s->count++;
}

void tcp_hash_remove(struct tcp_pcb *pcb)
{
  struct tcp_hash_state *s = tcp_hash();
  struct tcp_pcb **at = bucket_of_pcb(s, pcb);
  while (*at != NULL && *at != pcb) {
    at = tcp_chain_link(*at);
  }
  if (*at == NULL) {
    return;
  }
  *at = *tcp_chain_link(pcb);
  s->count--;
  if (s->count == 0 && s->heap != NULL) {
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
