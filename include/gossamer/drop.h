/**
 * @file
 * Drop reasons: why packets were dropped, one counter per reason and instance.
 *
 * `lwip_stats` counts the same drops by protocol; this says which check failed.
 */
#ifndef GOSSAMER_DROP_H
#define GOSSAMER_DROP_H

#include "lwip/opt.h"
#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pbuf;

/** 0 means "not dropped", so that parsers can return their verdict. */
enum drop_reason {
  DROP_NONE,
#define DROP(name, group, kind, text) DROP_##name,
#include "gossamer/drop_reasons.h"
#undef DROP
  DROP_REASON_COUNT
};

/** Count `why` and free `p` (NULL: count only). The caller must not touch `p` afterwards. */
void drop(struct pbuf *p, enum drop_reason why);

/** How often `why` has happened in the current instance; 0 where LWIP_DROP_STATS is 0. */
u32_t drop_count(enum drop_reason why);

/** "ARP_SHORT"; "?" for a number that is no reason; "" where LWIP_DROP_STATS is 0. */
const char *drop_name(enum drop_reason why);

/** One line for people. */
const char *drop_text(enum drop_reason why);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_DROP_H */
