/**
 * @file
 * Numbers that an attacker off the path must not guess: initial sequence numbers (RFC 6528), the
 * offset of timestamps (RFC 7323 5.4, per pair of hosts), ephemeral ports (RFC 6056 3.3.3).
 *
 * State: none beyond the instance's keys.
 */
#include <string.h>
#include "lwip/opt.h"
#include "base/random.h"
#include "transport/tcp/tcp_priv.h"

/** The dynamic ports of RFC 6335 6. */
#ifndef TCP_LOCAL_PORT_RANGE_START
#define TCP_LOCAL_PORT_RANGE_START 0xc000
#define TCP_LOCAL_PORT_RANGE_END   0xffff
#endif
#define PORT_COUNT ((u32_t)TCP_LOCAL_PORT_RANGE_END - TCP_LOCAL_PORT_RANGE_START + 1)

static unsigned put_addr(u32_t *words, const ip_addr_t *addr)
{
  if (IP_IS_V6(addr)) {
    MEMCPY(words, ip_2_ip6(addr)->addr, 16);
    return 4;
  }
  words[0] = ip4_addr_get_u32(ip_2_ip4(addr));
  return 1;
}

static u32_t tuple_hash(const char *purpose, const ip_addr_t *local, const ip_addr_t *remote,
                        u32_t ports)
{
  u8_t key[SIPHASH_KEY_LEN];
  u32_t words[9] = {ports};
  unsigned n = 1;
  random_key(key, purpose);
  n += put_addr(words + n, local);
  n += put_addr(words + n, remote);
  return siphash_u32(key, words, n);
}

u32_t tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote, u16_t remote_port)
{
  if (HOOK_TCP_HAS_ISN) {
    return LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port);
  }
  u32_t ticks = tcp_now_us() / 4; /* RFC 9293 3.4.1: M counts every 4 microseconds */
  return ticks + tuple_hash("tcp isn", local, remote, ((u32_t)local_port << 16) | remote_port);
}

u32_t tcp_ts_offset(const ip_addr_t *local, const ip_addr_t *remote)
{
  return tuple_hash("tcp timestamp", local, remote, 0);
}

u32_t tcp_next_iss(struct tcp_pcb *pcb)
{
  return tcp_isn(&pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
}

u16_t tcp_port_choose(const struct tcp_pcb *pcb, const ip_addr_t *remote, u16_t remote_port)
{
  u32_t at = tuple_hash("tcp port", &pcb->local_ip, remote, remote_port) + random_below(PORT_COUNT);
  for (u32_t i = 0; i < PORT_COUNT; i++) {
    u16_t port = (u16_t)(TCP_LOCAL_PORT_RANGE_START + (at + i) % PORT_COUNT);
    if (!tcp_port_is_taken(pcb, &pcb->local_ip, port) &&
        !tcp_timewait_holds(&pcb->local_ip, port, remote, remote_port)) {
      return port;
    }
  }
  return 0;
}
