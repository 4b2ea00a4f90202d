/**
 * @file
 * Path MTUs per destination: what ICMP told, the least recently used recycled (RFC 1191, RFC 8201).
 *
 * Deviation: RFC 1191 3 lets a path MTU be 68 bytes. None below 576 is believed here, which anybody
 * could forge to make us send dust; towards such a path routers may fragment.
 *
 * State: LWIP_PMTU_NUM_DESTINATIONS entries, of which only the first `touched` have ever been in
 * use: mostly none, and every packet looks. An entry in use has mtu != 0; it expires PMTU_AGE_MS
 * after it was lowered last, checked when it is looked at: no timer runs.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "gossamer/pmtu.h"
#include "gossamer/stack.h"
#include "ip/ip_module.h"

#if LWIP_PMTU_DISCOVERY

/** What an old router, that tells no MTU, is thought to have found too long: Ethernet's. */
#define UNTOLD_MTU 1500

struct pmtu_entry {
  ip_addr_t dst;
  u32_t lowered_ms;
  u32_t used_ms;
  u16_t mtu; /* 0: free */
  bool is_below_floor;
};

struct pmtu_state {
  u16_t touched;
  struct pmtu_entry entry[LWIP_PMTU_NUM_DESTINATIONS];
};

STACK_STATE(struct pmtu_state, pmtu);

/** The entry of `dst`, or NULL; an expired one is freed on the way. */
static struct pmtu_entry *pmtu_find(const ip_addr_t *dst)
{
  for (unsigned i = 0; i < pmtu()->touched; i++) {
    struct pmtu_entry *e = &pmtu()->entry[i];
    if (e->mtu == 0 || !ip_addr_eq(&e->dst, dst)) {
      continue;
    }
    u32_t now_ms = stack_now();
    if (now_ms - e->lowered_ms >= PMTU_AGE_MS) {
      e->mtu = 0;
      return NULL;
    }
    e->used_ms = now_ms;
    return e;
  }
  return NULL;
}

/** A free entry, or the one not used for longest. */
static struct pmtu_entry *pmtu_victim(void)
{
  struct pmtu_entry *victim = &pmtu()->entry[0];
  for (unsigned i = 0; i < LWIP_PMTU_NUM_DESTINATIONS; i++) {
    struct pmtu_entry *e = &pmtu()->entry[i];
    if (e->mtu == 0) {
      pmtu()->touched = (u16_t)LWIP_MAX(pmtu()->touched, i + 1);
      return e;
    }
    if ((s32_t)(e->used_ms - victim->used_ms) < 0) {
      victim = e;
    }
  }
  return victim;
}

u16_t pmtu_get(const ip_addr_t *dst, u16_t link_mtu)
{
  const struct pmtu_entry *e = pmtu_find(dst);
  return (e != NULL && e->mtu < link_mtu) ? e->mtu : link_mtu;
}

bool pmtu_is_below_floor(const ip_addr_t *dst)
{
  const struct pmtu_entry *e = pmtu_find(dst);
  return e != NULL && e->is_below_floor;
}

u16_t pmtu_plateau_below(u16_t len)
{
  static const u16_t plateau[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, PMTU_IP4_FLOOR};
  unsigned i = 0;
  while (i + 1 < LWIP_ARRAYSIZE(plateau) && plateau[i] >= len) {
    i++;
  }
  return plateau[i];
}

bool pmtu_lower(const ip_addr_t *dst, u16_t mtu)
{
  u16_t floor = IP_IS_V6(dst) ? PMTU_IP6_FLOOR : PMTU_IP4_FLOOR;
  struct pmtu_entry *e = pmtu_find(dst);
  if (mtu == 0 && !IP_IS_V6(dst)) {
    mtu = pmtu_plateau_below(e != NULL ? e->mtu : UNTOLD_MTU);
  }
  bool is_below_floor = mtu < floor;
  mtu = LWIP_MAX(mtu, floor);
  if (e != NULL && mtu >= e->mtu) {
    e->is_below_floor = e->is_below_floor || is_below_floor;
    return false;
  }
  if (e == NULL) {
    e = pmtu_victim();
    ip_addr_copy(e->dst, *dst);
    e->is_below_floor = false;
  }
  e->mtu = mtu;
  e->is_below_floor = e->is_below_floor || is_below_floor;
  e->lowered_ms = e->used_ms = stack_now();
  return true;
}

static void pmtu_fini(void)
{
  memset(pmtu(), 0, sizeof(struct pmtu_state));
}

const struct net_module pmtu_module = {.name = "pmtu", .fini = pmtu_fini};

#endif
