/**
 * @file
 * Drop reasons: one table says which counters a reason moves and what it is called.
 *
 * State: one counter per reason (LWIP_DROP_STATS), beside lwIP's statistics by protocol.
 */
#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/drop_stats.h"
#include "gossamer/state.h"

struct drop_state {
  u32_t count[LWIP_DROP_STATS ? DROP_REASON_COUNT : 1];
};

STACK_STATE(struct drop_state, drops);

#if LWIP_STATS

/** Offsets in lwip_stats of a group's `drop` and of the counter that says more. */
struct drop_counters {
  u16_t dropped;
  u16_t detail;
};

static const struct drop_counters drop_counters[DROP_REASON_COUNT] = {
  {DROP_STAT_NONE, DROP_STAT_NONE},
#define DROP(name, group, kind, text) {DROP_STAT(group, drop), DROP_STAT(group, kind)},
#include "gossamer/drop_reasons.h"
#undef DROP
};

static void drop_stat_inc(u16_t offset)
{
  if (offset != DROP_STAT_NONE) {
    STAT_COUNTER *counter = (STAT_COUNTER *)(void *)((u8_t *)&lwip_stats + offset);
    (*counter)++;
  }
}

static void drop_stats_inc(enum drop_reason why)
{
  drop_stat_inc(drop_counters[why].dropped);
  if (drop_counters[why].detail != drop_counters[why].dropped) {
    drop_stat_inc(drop_counters[why].detail);
  }
}

#else

static void drop_stats_inc(enum drop_reason why)
{
  LWIP_UNUSED_ARG(why);
}

#endif

void drop(struct pbuf *p, enum drop_reason why)
{
  drop_stats_inc(why);
  if (LWIP_DROP_STATS) {
    drops()->count[why]++;
  }
  if (p != NULL) {
    pbuf_free(p);
  }
}

u32_t drop_count(enum drop_reason why)
{
  return (LWIP_DROP_STATS && why < DROP_REASON_COUNT) ? drops()->count[why] : 0;
}

static const char *const drop_names[] = {
  "NONE",
#define DROP(name, group, kind, text) #name,
#include "gossamer/drop_reasons.h"
#undef DROP
};

static const char *const drop_texts[] = {
  "not dropped",
#define DROP(name, group, kind, text) text,
#include "gossamer/drop_reasons.h"
#undef DROP
};

const char *drop_name(enum drop_reason why)
{
  if (!LWIP_DROP_STATS) {
    return "";
  }
  return why < DROP_REASON_COUNT ? drop_names[why] : "?";
}

const char *drop_text(enum drop_reason why)
{
  if (!LWIP_DROP_STATS) {
    return "";
  }
  return why < DROP_REASON_COUNT ? drop_texts[why] : "?";
}
