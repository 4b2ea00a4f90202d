/**
 * @file
 * Reassembly of fragments, for both families: one list, one accounting, one rule of fairness. What
 * a fragment is, and what is in front of the whole, is the family's business (ip4_reass.c,
 * ip6_reass.c).
 */
#ifndef IP_REASS_H
#define IP_REASS_H

#include <stdbool.h>
#include "lwip/pbuf.h"
#include "lwip/priv/reass_data.h"
#include "gossamer/drop.h"
#include "base/registry.h"

/** What the families do differently. Constant. */
struct reass_family {
  u32_t max_age_ms;
  u16_t cut_len; /* bytes of the first fragment's headers that the whole will not have */
  u8_t overlap;  /* enum drop_reason, as the following */
  u8_t duplicate;
  u8_t limit;
  u8_t timeout;
  u8_t no_memory;
  u8_t too_big;
  u8_t mixed_ecn;
  /* Time is over, and the first fragment had come: all of it is in `first`, from its IP header. */
  void (*report_timeout)(const struct ip_reassdata *d, struct pbuf *first);
  /* All is here: turn the first fragment's headers into those of the whole, which will be
     `total_len` bytes. `first` begins with them, first_header_len bytes, contiguous; cut_len bytes
     of them must be taken away. */
  void (*finish)(const struct ip_reassdata *d, struct pbuf *first, u16_t total_len);
};

/** One fragment, its form checked: not empty, its end within 65,535 bytes, and a multiple of 8 long
    unless it is the last. */
struct reass_fragment {
  const struct reass_family *family;
  ip_addr_t src;
  ip_addr_t dst;
  u32_t id;
  u16_t offset;     /* of its payload in the whole's */
  u16_t header_len; /* all in front of its payload; at least 4 */
  u16_t frag_at;    /* IPv6: where in the headers the fragment header begins ... */
  u16_t nexth_at;   /* ... and stands the next header field that names it */
  u8_t key_proto;   /* IPv4: part of the key; IPv6: 0 */
  u8_t next_header; /* IPv6: what follows the fragment header */
  bool more;
  u8_t ecn; /* its ECN field */
};

/* ip_reassdata.flags */
#define REASS_SAW_CE      0x01U /* a fragment was marked "congestion experienced" */
#define REASS_SAW_NOT_ECT 0x02U /* a fragment's sender knows nothing of ECN */

extern const struct net_module reass_module;

/**
 * Take in a fragment.
 *
 * @param p  from its IP header to its payload's end; taken over
 * @param f  with the whole: header_len, frag_at, nexth_at and next_header become those of its first
 *           fragment
 * @return the whole when this was the missing piece; else NULL
 */
struct pbuf *reass_add(struct pbuf *p, struct reass_fragment *f);

#endif /* IP_REASS_H */
