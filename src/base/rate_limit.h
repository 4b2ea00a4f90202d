/**
 * @file
 * Limits of what is answered to packets that anybody can send, such that they leak nothing.
 *
 * A limit that is shared by all destinations is a side channel: a spoofer makes us answer his
 * victim's peer, and learns from what is left for himself what the victim has open (SAD DNS,
 * CVE-2020-25705; for TCP CVE-2016-5696). Hence
 *  - the destination's own budget is asked first, so that spoofing one address takes next to
 *    nothing from the budget of all;
 *  - each answer costs a random number of tokens between one and two, so that what is left does not
 *    tell how many were sent;
 *  - destinations share budgets by a keyed hash, and the key changes every few seconds, so that
 *    nobody finds out, and keeps, an address that shares with another.
 *
 * No timer runs. All zeros is a limit that nobody has used yet.
 */
#ifndef BASE_RATE_LIMIT_H
#define BASE_RATE_LIMIT_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "base/siphash.h"

/** Slots of the hash over destinations, four bytes each. */
#define RATE_LIMIT_SLOTS (LWIP_MULTI_INSTANCE ? 256 : 16)

/** A budget that refills, in thousandths of tokens. */
struct rate_bucket {
  u32_t tokens;
  u32_t filled_at_ms;
  bool is_started;
};

/** A budget per destination. */
struct rate_by_dst {
  u8_t key[SIPHASH_KEY_LEN];
  u32_t keyed_at_ms;
  /* When a slot will have its whole burst again; in the past: it has. */
  u32_t full_at_ms[RATE_LIMIT_SLOTS];
  bool is_keyed;
};

/** Take one answer's price from a budget of `per_second` tokens, a second's worth of which can be
    saved. @return false: there is too little left */
bool rate_bucket_take(struct rate_bucket *b, u32_t per_second);

/** The same from the budget of one destination: one answer per `interval_ms` (times one to two)
    after a burst of about `burst`. */
bool rate_by_dst_take(struct rate_by_dst *s, const ip_addr_t *dst, u32_t interval_ms, u32_t burst);

#endif /* BASE_RATE_LIMIT_H */
