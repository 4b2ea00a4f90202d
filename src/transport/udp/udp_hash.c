/**
 * @file
 * The table of UDP pcbs for large systems: udp_pcbs for walks over all, and two hashes for searches
 * (UDP_HASH_SIZE buckets each).
 *
 * by_port holds all bound pcbs by local port, those connected to an address apart from the others,
 * so that a server's thousand connected pcbs do not slow down the search for its open one. by_peer
 * holds those connected to an address by local port, remote port and remote address; a stranger may
 * choose two of the three, so it is keyed: nobody can make all of them fall into one bucket. Local
 * ports are our own choice and need no key.
 *
 * Invariants: a pcb with a local port is in one chain of by_port; in by_peer exactly when
 * udp_pcb_has_peer() was true at the last udp_table_rekey(). `..._pprev` is NULL outside of a
 * chain.
 */
#include "lwip/opt.h"

#if UDP_HASH_SIZE > 1

#include <string.h>
#include "base/random.h"
#include "transport/udp/udp_priv.h"

struct udp_hash_state {
  u8_t key[SIPHASH_KEY_LEN];
  u32_t peer_count; /* pcbs in by_peer; 0 saves the hash */
  struct udp_pcb *by_port[UDP_HASH_SIZE];
  struct udp_pcb *by_peer[UDP_HASH_SIZE];
};
STACK_STATE(struct udp_hash_state, udp_hash);

static struct udp_pcb **port_bucket(u16_t port, bool connected)
{
  u32_t i = (u32_t)port + (connected ? UDP_HASH_SIZE / 2 : 0);
  return &udp_hash()->by_port[i & (UDP_HASH_SIZE - 1)];
}

static struct udp_pcb **peer_bucket(u16_t local_port, u16_t port, const ip_addr_t *addr)
{
  u32_t words[5] = {((u32_t)local_port << 16) | port};
  unsigned n = 1 + pcb_addr_words(words + 1, addr);
  u32_t i = siphash_u32(udp_hash()->key, words, n);
  return &udp_hash()->by_peer[i & (UDP_HASH_SIZE - 1)];
}

struct udp_pcb *udp_hash_first(int chain, const struct udp_query *q)
{
  if (chain != UDP_CHAIN_PEER) {
    return *port_bucket(q->local_port, chain == UDP_CHAIN_CONNECTED);
  }
  return udp_hash()->peer_count == 0 ? NULL
                                     : *peer_bucket(q->local_port, q->remote_port, q->remote);
}

struct udp_pcb *udp_hash_next(const struct udp_pcb *pcb, int chain)
{
  return chain == UDP_CHAIN_PEER ? pcb->peer_next : pcb->port_next;
}

static void link_port(struct udp_pcb *pcb, struct udp_pcb **bucket)
{
  pcb->port_next = *bucket;
  pcb->port_pprev = bucket;
  if (*bucket != NULL) {
    (*bucket)->port_pprev = &pcb->port_next;
  }
  *bucket = pcb;
}

static void link_peer(struct udp_pcb *pcb, struct udp_pcb **bucket)
{
  pcb->peer_next = *bucket;
  pcb->peer_pprev = bucket;
  if (*bucket != NULL) {
    (*bucket)->peer_pprev = &pcb->peer_next;
  }
  *bucket = pcb;
  udp_hash()->peer_count++;
}

static void unlink_port(struct udp_pcb *pcb)
{
  if (pcb->port_pprev == NULL) {
    return;
  }
  udp_cursors_skip(pcb, UDP_CHAIN_OPEN);
  *pcb->port_pprev = pcb->port_next;
  if (pcb->port_next != NULL) {
    pcb->port_next->port_pprev = pcb->port_pprev;
  }
  pcb->port_pprev = NULL;
}

static void unlink_peer(struct udp_pcb *pcb)
{
  if (pcb->peer_pprev == NULL) {
    return;
  }
  udp_cursors_skip(pcb, UDP_CHAIN_PEER);
  *pcb->peer_pprev = pcb->peer_next;
  if (pcb->peer_next != NULL) {
    pcb->peer_next->peer_pprev = pcb->peer_pprev;
  }
  pcb->peer_pprev = NULL;
  udp_hash()->peer_count--;
}

void udp_table_add(struct udp_pcb *pcb)
{
  pcb->next = udp_pcbs;
  pcb->list_pprev = &udp_pcbs;
  if (pcb->next != NULL) {
    pcb->next->list_pprev = &pcb->next;
  }
  udp_pcbs = pcb;
}

void udp_table_remove(struct udp_pcb *pcb)
{
  unlink_port(pcb);
  unlink_peer(pcb);
  *pcb->list_pprev = pcb->next;
  if (pcb->next != NULL) {
    pcb->next->list_pprev = pcb->list_pprev;
  }
}

void udp_table_rekey(struct udp_pcb *pcb)
{
  unlink_port(pcb);
  unlink_peer(pcb);
  if (pcb->local_port == 0) {
    return;
  }
  link_port(pcb, port_bucket(pcb->local_port, udp_pcb_has_peer(pcb)));
  if (udp_pcb_has_peer(pcb)) {
    link_peer(pcb, peer_bucket(pcb->local_port, pcb->remote_port, &pcb->remote_ip));
  }
}

void udp_table_init(void)
{
  random_key(udp_hash()->key, "udp demultiplexing");
}

#endif /* UDP_HASH_SIZE > 1 */
