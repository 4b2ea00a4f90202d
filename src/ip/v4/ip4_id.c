/**
 * @file
 * Identifications of packets that may get fragmented (RFC 791, RFC 6864).
 *
 * One counter for all destinations lets anyone count what we send to others and scan ports through
 * us (CVE-2020-36516, idle scans). Hence counters in a table, found by a keyed hash of source,
 * destination and protocol, that advance by a random step; what the hash adds makes two
 * destinations that share a counter unrelated.
 *
 * State: the key and the counters.
 */
#include <string.h>
#include "lwip/opt.h"
#include "gossamer/state.h"
#include "base/random.h"
#include "base/siphash.h"
#include "ip/v4/ip4_module.h"
#include "ip/v4/ip4_priv.h"

#if LWIP_IPV4

#define ID_COUNTERS (LWIP_MULTI_INSTANCE ? 256 : 8)

/** Largest step; small enough that a counter does not come round within a fragment's lifetime. */
#define ID_STEP_MAX 8

struct ip4_id_state {
  u8_t key[SIPHASH_KEY_LEN];
  u16_t counter[ID_COUNTERS];
};

STACK_STATE(struct ip4_id_state, ids);

void ip4_id_init(void)
{
  random_key(ids()->key, "ip4 id");
  random_bytes(ids()->counter, sizeof ids()->counter);
}

u16_t ip4_id_next(const ip4_addr_t *src, const ip4_addr_t *dst, u8_t proto)
{
  const u32_t words[3] = {ip4_addr_get_u32(src), ip4_addr_get_u32(dst), proto};
  u32_t hash = siphash_u32(ids()->key, words, LWIP_ARRAYSIZE(words));
  u16_t *counter = &ids()->counter[hash % ID_COUNTERS];
  *counter = (u16_t)(*counter + 1 + random_below(ID_STEP_MAX));
  return (u16_t)(*counter + (hash >> 16));
}

#endif
