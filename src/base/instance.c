/**
 * @file
 * Stack instances: start, end, enter, leave; their clock and entropy; the calls to the registry.
 *
 * State: the port of each instance, and `stack_delta`, the thread's current instance (see
 * gossamer/state.h), the only mutable object outside the state section.
 */
#include <stdlib.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "gossamer/stack.h"
#include "base/core.h"
#include "base/registry.h"

struct instance_state {
  bool is_started;
  struct stack_exit *exits;
  struct stack_port port;
};

STACK_STATE(struct instance_state, instance);

u32_t stack_now(void)
{
  if (CORE_CLOCK_HAS(ms)) {
    return CORE_CLOCK(ms);
  }
  const struct instance_state *i = instance();
  if (LWIP_MULTI_INSTANCE && i->port.now_ms != NULL) {
    return i->port.now_ms(i->port.ctx);
  }
  return NO_SYS ? sys_now() : core_read_ms();
}

u32_t stack_now_us(void)
{
  if (CORE_CLOCK_HAS(us)) {
    return CORE_CLOCK(us);
  }
  const struct instance_state *i = instance();
  if (LWIP_MULTI_INSTANCE && i->port.now_us != NULL) {
    return i->port.now_us(i->port.ctx);
  }
  if (LWIP_SYS_NOW_US && (!LWIP_MULTI_INSTANCE || i->port.now_ms == NULL)) {
    return NO_SYS ? (u32_t)sys_now_us() : core_read_us();
  }
  return stack_now() * 1000U;
}

void stack_entropy(void *buf, size_t len)
{
  const struct instance_state *i = instance();
  if (LWIP_MULTI_INSTANCE && i->port.entropy != NULL) {
    i->port.entropy(i->port.ctx, buf, len);
    return;
  }
  u8_t *out = (u8_t *)buf;
  for (size_t done = 0; done < len; done += sizeof(u32_t)) {
    u32_t word = (u32_t)STACK_RAND();
    memcpy(out + done, &word, LWIP_MIN(sizeof word, len - done));
  }
}

static void instance_start(void)
{
  if (instance()->is_started) {
    return;
  }
  instance()->is_started = true;
  stats_init();
  if (!NO_SYS) {
    sys_init();
    core_init();
  }
  mem_init();
  memp_init();
  for (unsigned i = 0; i < net_modules_count; i++) {
    if (net_modules[i]->init != NULL) {
      net_modules[i]->init();
    }
  }
}

void stack_at_exit(struct stack_exit *e)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct stack_exit *known = instance()->exits;
  while (known != NULL && known != e) {
    known = known->next;
  }
  if (known == NULL) {
    e->next = instance()->exits;
    instance()->exits = e;
  }
}

static void instance_end(void)
{
  if (!instance()->is_started) {
    return;
  }
  while (instance()->exits != NULL) {
    struct stack_exit *e = instance()->exits;
    instance()->exits = e->next;
    e->fn();
  }
  for (unsigned i = net_modules_count; i > 0; i--) {
    if (net_modules[i - 1]->fini != NULL) {
      net_modules[i - 1]->fini();
    }
  }
  if (!NO_SYS) {
    core_fini();
  }
  instance()->is_started = false;
}

void lwip_init(void)
{
  instance_start();
}

void lwip_deinit(void)
{
  instance_end();
}

void net_modules_netif_changed(struct netif *netif, enum netif_change what,
                               const ip_addr_t *old_addr)
{
  for (unsigned i = 0; i < net_modules_count; i++) {
    if (net_modules[i]->netif_changed != NULL) {
      net_modules[i]->netif_changed(netif, what, old_addr);
    }
  }
}

const struct ip_proto *ip_proto_find(u8_t proto, bool is_v6)
{
  u8_t family = is_v6 ? IP_FAMILY_V6 : IP_FAMILY_V4;
  for (unsigned i = 0; i < ip_protos_count; i++) {
    if (ip_protos[i].proto == proto && (ip_protos[i].families & family)) {
      return &ip_protos[i];
    }
  }
  return NULL;
}

#if LWIP_MULTI_INSTANCE

/** Instances stand at the section's own alignment, so that what the compiler assumed holds. */
#define STACK_ALIGN 64

extern char __start_stack_state[], __stop_stack_state[]; /* the linker's */

_Thread_local mem_ptr_t stack_delta;

/** One instance: the header in front of its copy of the state section. */
struct stack {
  void *block;     /* as malloc gave it */
  mem_ptr_t delta; /* from the default instance to this one */
};

STACK_STATE(struct stack *, stack_self);

struct stack *stack_new(const struct stack_port *port)
{
  size_t size = (size_t)(__stop_stack_state - __start_stack_state);
  void *block = calloc(1, sizeof(struct stack) + 2 * STACK_ALIGN + size);
  if (block == NULL) {
    return NULL;
  }
  struct stack *s = (struct stack *)block;
  mem_ptr_t home = (mem_ptr_t)__start_stack_state;
  mem_ptr_t first = (mem_ptr_t)block + sizeof *s;
  mem_ptr_t misaligned = (first - home) % STACK_ALIGN; /* wraps modulo a power of two: fine */
  s->block = block;
  s->delta = first - home + (misaligned ? STACK_ALIGN - misaligned : 0);
  struct stack *before = stack_enter(s);
  *stack_self() = s;
  if (port != NULL) {
    instance()->port = *port;
  }
  instance_start();
  stack_leave(before);
  return s;
}

void stack_free(struct stack *s)
{
  LWIP_ERROR("stack_free: the default instance cannot be freed", s != NULL, return );
  struct stack *before = stack_enter(s);
  instance_end();
  stack_leave(before == s ? NULL : before);
  free(s->block);
}

struct stack *stack_enter(struct stack *s)
{
  struct stack *before = *stack_self();
  stack_delta = (s != NULL) ? s->delta : 0;
  return before;
}

void stack_leave(struct stack *before)
{
  stack_enter(before);
}

struct stack *stack_current(void)
{
  return *stack_self();
}

#endif /* LWIP_MULTI_INSTANCE */
