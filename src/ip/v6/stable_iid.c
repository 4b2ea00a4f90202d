/**
 * @file
 * Stable, opaque interface identifiers (RFC 7217): a keyed hash of prefix and interface, so that a
 * host has the same address whenever it is in the same network, and different ones in different
 * networks, and nobody can tell that they belong together.
 *
 * State: the secret, if the program set one.
 *
 * Deviation: the interface is known by its link address where it has one, by its name otherwise, so
 * that it does not matter in which order interfaces are added. Network_ID is left to
 * LWIP_HOOK_IP6_STABLE_SECRET, which may return another secret for another network.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/netif.h"
#include "lwip/priv/ip6_addr_hooks.h"
#include "base/random.h"
#include "base/siphash.h"
#include "gossamer/ip6_config.h"

#if LWIP_IPV6

#include "ip/v6/ip6_addrs_priv.h"

struct stable_iid_state {
  u8_t secret[SIPHASH_KEY_LEN];
  bool has_secret;
};

STACK_STATE(struct stable_iid_state, stable_iid);

void ip6_stable_secret_set(const u8_t key[16])
{
  LWIP_ASSERT_CORE_LOCKED();
  memcpy(stable_iid()->secret, key, SIPHASH_KEY_LEN);
  stable_iid()->has_secret = true;
}

void ip6_stable_secret_forget(void)
{
  memset(stable_iid(), 0, sizeof *stable_iid());
}

static void get_secret(const struct netif *netif, u8_t key[SIPHASH_KEY_LEN])
{
  if (stable_iid()->has_secret) {
    memcpy(key, stable_iid()->secret, SIPHASH_KEY_LEN);
  } else if (!hook_ip6_stable_secret(netif, key)) {
    random_key(key, "ip6 stable identifiers");
  }
}

bool ip6_iid_is_reserved(const ip6_addr_t *addr)
{
  u32_t high = lwip_ntohl(addr->addr[2]);
  u32_t low = lwip_ntohl(addr->addr[3]);
  bool is_subnet_router = high == 0 && low == 0;
  bool is_iana_block = high == 0x02005effUL && (low & 0xff000000UL) == 0xfe000000UL;
  bool is_subnet_anycast = high == 0xfdffffffUL && low >= 0xffffff80UL;
  return is_subnet_router || is_iana_block || is_subnet_anycast;
}

/** Identifier number `counter`. */
static void hash_iid(const struct netif *netif, const u8_t key[SIPHASH_KEY_LEN], ip6_addr_t *addr,
                     u8_t counter)
{
  u8_t input[8 + 1 + 1 + NETIF_MAX_HWADDR_LEN + sizeof netif->name + 1] = {0};
  u64_t iid;
  memcpy(&input[0], &addr->addr[0], 8);
  input[8] = counter;
  input[9] = netif->hwaddr_len;
  if (netif->hwaddr_len > 0) {
    memcpy(&input[10], netif->hwaddr, LWIP_MIN(netif->hwaddr_len, NETIF_MAX_HWADDR_LEN));
  } else {
    memcpy(&input[10], netif->name, sizeof netif->name);
    input[10 + sizeof netif->name] = netif->num;
  }
  iid = siphash24(key, input, sizeof input);
  addr->addr[2] = lwip_htonl((u32_t)(iid >> 32));
  addr->addr[3] = lwip_htonl((u32_t)iid);
}

void ip6_iid_stable(const struct netif *netif, ip6_addr_t *addr, u8_t *counter)
{
  u8_t key[SIPHASH_KEY_LEN];
  get_secret(netif, key);
  hash_iid(netif, key, addr, *counter);
  /* Ends: each of our addresses and each reserved range is in the way once at most. */
  while (ip6_iid_is_reserved(addr) || netif_ip6_index(netif, addr) >= 0) {
    ++*counter;
    hash_iid(netif, key, addr, *counter);
  }
}

#endif /* LWIP_IPV6 */
