/**
 * @file
 * Numbers that an attacker off the path must not guess: initial sequence numbers (RFC 6528), the
 * offset of timestamps (RFC 7323 5.4, per pair of hosts), ephemeral ports (RFC 6056 3.3.3).
 *
 * State: the key of hashes over connections, and the last of those hashes.
 */
#include <string.h>
#include "lwip/opt.h"
#include "transport/tcp/tcp_lists_priv.h"

/** The dynamic ports of RFC 6335 6. */
#ifndef TCP_LOCAL_PORT_RANGE_START
#define TCP_LOCAL_PORT_RANGE_START 0xc000
#define TCP_LOCAL_PORT_RANGE_END   0xffff
#endif
#define PORT_COUNT ((u32_t)TCP_LOCAL_PORT_RANGE_END - TCP_LOCAL_PORT_RANGE_START + 1)

/** The hash of one connection is asked for several times in a row (who has the segment? nobody; who
    had it? who will have it?), or of its two ends, when we talk to ourselves. */
struct tuple_hash {
  u64_t hash;
  size_t len;
  u32_t words[TCP_TUPLE_WORDS];
};

struct tuple_state {
  struct tuple_hash last[2]; /* by which port is the larger one */
  u8_t key[SIPHASH_KEY_LEN];
  bool has_key;
};
STACK_STATE(struct tuple_state, tuples);

static unsigned put_addr(u32_t *words, const ip_addr_t *addr)
{
  unsigned n = pcb_addr_words(words, addr);
  if (IP_IS_V6(addr)) {
    words[n++] = ip6_addr_zone(ip_2_ip6(addr));
  }
  return n;
}

unsigned tcp_tuple_words(u32_t words[TCP_TUPLE_WORDS], const ip_addr_t *local, u16_t local_port,
                         const ip_addr_t *remote, u16_t remote_port)
{
  unsigned n = 1;
  words[0] = ((u32_t)local_port << 16) | remote_port;
  n += put_addr(words + n, local);
  n += put_addr(words + n, remote);
  return n;
}

static u32_t tuple_hash(const char *purpose, const ip_addr_t *local, u16_t local_port,
                        const ip_addr_t *remote, u16_t remote_port)
{
  u32_t words[TCP_TUPLE_WORDS];
  unsigned n = tcp_tuple_words(words, local, local_port, remote, remote_port);
  return random_hash(purpose, words, n);
}

u64_t tcp_tuple_hash(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                     u16_t remote_port)
{
  struct tuple_state *s = tuples();
  u32_t words[TCP_TUPLE_WORDS];
  size_t len = sizeof words[0] * tcp_tuple_words(words, local, local_port, remote, remote_port);
  if (!s->has_key) {
    random_key(s->key, "tcp tuples");
    s->has_key = true;
  }
  struct tuple_hash *last = &s->last[local_port > remote_port];
  if (len != last->len || memcmp(words, last->words, len) != 0) {
    last->hash = siphash24(s->key, words, len);
    last->len = len;
    memcpy(last->words, words, len);
  }
  return last->hash;
}

void tcp_isn_fini(void)
{
  memset(tuples(), 0, sizeof(struct tuple_state));
}

u32_t tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote, u16_t remote_port)
{
  if (HOOK_TCP_HAS_ISN) {
    return LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port);
  }
  /* RFC 9293 3.4.1: M counts every 4 microseconds. From milliseconds, which wrap in a multiple of
     M's own period; microseconds would let M fall back every 71 minutes. */
  u32_t ticks = stack_now() * 250U;
  return ticks + tuple_hash("isn", local, local_port, remote, remote_port);
}

u32_t tcp_ts_offset(const ip_addr_t *local, const ip_addr_t *remote)
{
  return tuple_hash("tim", local, 0, remote, 0);
}

u32_t tcp_next_iss(struct tcp_pcb *pcb)
{
  return tcp_isn(&pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
}

/** The address that the connection will have. */
static const ip_addr_t *local_towards(const struct tcp_pcb *pcb, const ip_addr_t *remote,
                                      ip_addr_t *buf)
{
  struct pcb_route r = tcp_route(pcb);
  struct netif *netif = pcb_route_find(&r, remote);
  return netif != NULL && pcb_source(buf, &pcb->local_ip, netif, remote) ? buf : &pcb->local_ip;
}

/** Is the very connection under way, or not long over? Where the peer is ourselves its end may be
    what remains, which must be a moment old to tell a new SYN from the one before (RFC 6191). */
static bool is_in_use(const ip_addr_t *local, u16_t port, const ip_addr_t *remote,
                      u16_t remote_port)
{
  return tcp_active_find(local, port, remote, remote_port, NULL) != NULL ||
         tcp_timewait_holds(local, port, remote, remote_port) ||
         tcp_timewait_is_new(remote, remote_port, local, port);
}

/**
 * To connect, a port may serve connections with other peers at the same time; to be bound, it must
 * be free of all. Who has which port is asked once for TCP_PORT_BLOCK of them.
 */
u16_t tcp_port_choose(const struct tcp_pcb *pcb, const ip_addr_t *remote, u16_t remote_port)
{
  ip_addr_t buf;
  u32_t taken[TCP_PORT_BLOCK / 32];
  bool is_bind = remote_port == 0;
  const ip_addr_t *local = is_bind ? &pcb->local_ip : local_towards(pcb, remote, &buf);
  u32_t at =
      (tuple_hash("prt", local, 0, remote, remote_port) + random_below(PORT_COUNT)) % PORT_COUNT;
  /* To share a port on purpose, one names it. */
  const struct pcb_end us = {local, pcb->netif_idx, pcb->so_options & (u8_t)~SOF_REUSEPORT};
  u32_t first = PORT_COUNT; /* of the ports asked about; none yet */
  for (u32_t i = 0; i < PORT_COUNT; i++, at = (at + 1) % PORT_COUNT) {
    u16_t port = (u16_t)(TCP_LOCAL_PORT_RANGE_START + at);
    if (at - first >= TCP_PORT_BLOCK) {
      first = at;
      tcp_ports_taken(pcb, &us, port, is_bind, taken);
    }
    u32_t bit = at - first;
    if (!((taken[bit / 32] >> (bit % 32)) & 1U) &&
        (is_bind || !is_in_use(local, port, remote, remote_port))) {
      return port;
    }
  }
  return 0;
}
