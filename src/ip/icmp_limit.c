/**
 * @file
 * How many ICMP messages are sent (RFC 1812 4.3.2.8, RFC 4443 2.4 (f)); see base/rate_limit.h.
 *
 * State: two buckets, and a budget per destination.
 */
#include <string.h>
#include "lwip/opt.h"
#include "gossamer/state.h"
#include "base/rate_limit.h"
#include "ip/icmp_limit.h"

/** One destination: an error per this many milliseconds (times one to two) ... */
#define LIMIT_DST_INTERVAL_MS 100

/** ... after a burst of about this many: traceroute sends 16 probes at once and needs 3. */
#define LIMIT_DST_BURST 8

struct limit_state {
  struct rate_bucket errors;
  struct rate_bucket echoes;
  struct rate_by_dst by_dst;
};

STACK_STATE(struct limit_state, limits);

bool icmp_limit_allows_error(const ip_addr_t *dst)
{
  if (LWIP_ICMP_RATE_LIMIT == 0) {
    return true;
  }
  return rate_by_dst_take(&limits()->by_dst, dst, LIMIT_DST_INTERVAL_MS, LIMIT_DST_BURST) &&
         rate_bucket_take(&limits()->errors, LWIP_ICMP_RATE_LIMIT);
}

bool icmp_limit_allows_echo(void)
{
  return LWIP_ICMP_RATE_LIMIT == 0 || rate_bucket_take(&limits()->echoes, LWIP_ICMP_RATE_LIMIT);
}

static void icmp_limit_init(void)
{
  memset(limits(), 0, sizeof *limits());
}

const struct net_module icmp_module = {.name = "icmp", .init = icmp_limit_init};
