/**
 * @file
 * Which UDP pcb a datagram is for: one that is
 * connected to the sender before others, one bound to the destination address before one bound to
 * any, one bound to the netif before one that is not. Of those that share all this (SOF_REUSEPORT)
 * each peer has one.
 */
#include "lwip/opt.h"
#include "lwip/prot/ip.h"
#include "transport/udp/udp_priv.h"

/* Weights: each outdoes the sum of those below. */
enum { FITS = 1, NETIF_BOUND = 2, ADDRESS_BOUND = 4, PORT_CONNECTED = 8, PEER_CONNECTED = 16 };

/** 0: connected to somebody else; FITS: not connected. */
static u8_t score_remote(const struct udp_pcb *pcb, const struct udp_query *q)
{
  if (!(pcb->flags & UDP_FLAGS_CONNECTED)) {
    return FITS;
  }
  if (pcb->remote_port != q->remote_port) {
    return 0;
  }
  if (ip_addr_isany_val(pcb->remote_ip)) {
    return PORT_CONNECTED;
  }
  return ip_addr_eq(&pcb->remote_ip, q->remote) ? PEER_CONNECTED : 0;
}

u8_t udp_score(const struct udp_pcb *pcb, const struct udp_query *q)
{
  const ip_addr_t *local = udp_pcb_bound_ip(pcb);
  if (pcb->local_port != q->local_port || pcb_netif_differs(pcb->netif_idx, q->netif) ||
      (pcb->flags & UDP_FLAGS_NETIF_GONE) || udp_pcb_is_lite(pcb) != q->is_lite ||
      (pcb->so_options & q->options) != q->options || !IP_ADDR_PCB_VERSION_MATCH(pcb, q->local) ||
      !pcb_local_takes(local, q->local, q->netif, q->flags)) {
    return 0;
  }
  u8_t score = score_remote(pcb, q);
  if (score != 0) {
    score |= (u8_t)((ip_addr_isany(local) ? 0 : ADDRESS_BOUND) |
                    (pcb->netif_idx == NETIF_NO_INDEX ? 0 : NETIF_BOUND));
  }
  return score;
}

/** The pcb `n` of those in a chain that share the port and fit so well; they are counted. */
static struct udp_pcb *sharer(int chain, const struct udp_query *q, u8_t score, u32_t n,
                              u32_t *count)
{
  struct udp_pcb *found = NULL;
  *count = 0;
  for (struct udp_pcb *pcb = udp_chain_first(chain, q); pcb != NULL;
       pcb = udp_chain_next(pcb, chain)) {
    if ((pcb->so_options & SOF_REUSEPORT) && udp_score(pcb, q) == score) {
      found = *count == n ? pcb : found;
      ++*count;
    }
  }
  return found;
}

/** SOF_REUSEPORT: the one of them that serves this peer. */
static struct udp_pcb *share(int chain, const struct udp_query *q, u8_t score)
{
  u32_t count;
  struct udp_pcb *first = sharer(chain, q, score, 0, &count);
  if (count == 1) {
    return first;
  }
  return sharer(chain, q, score, pcb_share_of(q->remote, q->remote_port, count), &count);
}

struct udp_pcb *udp_demux(const struct udp_query *q)
{
  struct udp_pcb *best = NULL;
  u8_t best_score = 0;
  int best_chain = UDP_CHAIN_RX_FIRST;
  for (int chain = UDP_CHAIN_RX_FIRST; chain <= UDP_CHAIN_OPEN && best == NULL; chain++) {
    struct udp_pcb *pcb = udp_chain_first(chain, q);
    for (; pcb != NULL; pcb = udp_chain_next(pcb, chain)) {
      u8_t score = udp_score(pcb, q);
      if (score > best_score) {
        best = pcb;
        best_score = score;
        best_chain = chain;
      }
    }
  }
  if (PCB_SHARES_PORTS && best != NULL && (best->so_options & SOF_REUSEPORT) &&
      best_score < PORT_CONNECTED) {
    return share(best_chain, q, best_score);
  }
  return best;
}
