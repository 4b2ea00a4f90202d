/**
 * @file
 * An Ethernet in memory between two instances, each end with a driver thread that reads frames and
 * hands them to tcpip_input(), as a driver on a real system does.
 */
#ifndef TESTS_API_WIRE_H
#define TESTS_API_WIRE_H

#include <stdlib.h>
#include "api.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/netif.h"
#include "lwip/netifapi.h"
#include "lwip/pbuf.h"

#define WIRE_FRAMES 256

struct wire_frame {
  u16_t len;
  u8_t bytes[1514];
};

struct wire_end {
  struct stack *instance;
  struct wire_end *other;
  struct netif netif;
  sys_mbox_t frames; /* to this end; NULL: the end */
  sys_sem_t ended;
  netif_input_fn input; /* what the driver hands frames to */
  u8_t number;
  u32_t lose_one_in; /* frames of this end; 0: none */
  u32_t frames_sent;
};

struct wire {
  struct wire_end end[2];
};

/** Which frames: scattered, the same in every run. */
static inline bool wire_frame_is_lost(struct wire_end *me)
{
  u32_t hash = ++me->frames_sent * 2654435761U;
  return me->lose_one_in != 0 && (hash >> 8) % me->lose_one_in == 0;
}

/** Under the core lock of the sender; a full wire loses. */
static inline err_t wire_linkoutput(struct netif *netif, struct pbuf *p)
{
  struct wire_end *me = (struct wire_end *)netif->state;
  if (wire_frame_is_lost(me)) {
    return ERR_OK;
  }
  struct wire_frame *f = (struct wire_frame *)malloc(sizeof *f);
  if (f == NULL || p->tot_len > sizeof f->bytes) {
    free(f);
    return ERR_MEM;
  }
  f->len = pbuf_copy_partial(p, f->bytes, p->tot_len, 0);
  if (sys_mbox_trypost(&me->other->frames, f) != ERR_OK) {
    free(f);
  }
  return ERR_OK;
}

static inline err_t wire_netif_init(struct netif *netif)
{
  const struct wire_end *me = (const struct wire_end *)netif->state;
  netif->name[0] = 'w';
  netif->name[1] = 'i';
  netif->mtu = 1500;
  netif->hwaddr_len = 6;
  memcpy(netif->hwaddr, "\x02\0\0\0\0", 5);
  netif->hwaddr[5] = me->number;
  netif->output = etharp_output;
#if LWIP_IPV6
  netif->output_ip6 = ethip6_output;
#endif
  netif->linkoutput = wire_linkoutput;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  return ERR_OK;
}

static inline void wire_driver(void *arg)
{
  struct wire_end *me = (struct wire_end *)arg;
  void *msg;
  while (sys_mbox_fetch(&me->frames, &msg), msg != NULL) {
    struct wire_frame *f = (struct wire_frame *)msg;
    struct pbuf *p = pbuf_alloc(PBUF_RAW, f->len, PBUF_POOL);
    if (p != NULL) {
      pbuf_take(p, f->bytes, f->len);
      if (me->netif.input(p, &me->netif) != ERR_OK) {
        pbuf_free(p);
      }
    }
    free(f);
  }
  sys_sem_signal(&me->ended);
}

/** fd00::1 or fd00::2, without asking whether somebody has it. */
static inline void wire_address6(struct netif *netif)
{
#if LWIP_IPV6
  ip6_addr_t addr;
  IP6_ADDR(&addr, PP_HTONL(0xfd000000UL), 0, 0, lwip_htonl(netif->hwaddr[5]));
  netif_ip6_addr_set(netif, 1, &addr);
  netif_ip6_addr_set_state(netif, 1, IP6_ADDR_PREFERRED);
#else
  LWIP_UNUSED_ARG(netif);
#endif
}

/** An instance with its tcpip thread, its end of the wire as 10.0.0.1 and fd00::1, or ...2, and its
 * driver. */
static inline void wire_end_up(struct wire_end *me)
{
  ip4_addr_t addr, mask;
  struct stack *before = stack_enter(me->instance);
  api_start();
  IP4_ADDR(&addr, 10, 0, 0, me->number);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  assert_int_equal(
      netifapi_netif_add(&me->netif, &addr, &mask, NULL, me, wire_netif_init, me->input), ERR_OK);
  assert_int_equal(netifapi_netif_common(&me->netif, wire_address6, NULL), ERR_OK);
  assert_int_equal(netifapi_netif_set_default(&me->netif), ERR_OK);
  assert_int_equal(netifapi_netif_set_up(&me->netif), ERR_OK);
  assert_int_equal(netifapi_netif_set_link_up(&me->netif), ERR_OK);
  sys_thread_new("driver", wire_driver, me, 0, 0);
  stack_leave(before);
}

/** `input`: tcpip_input(), or a function that calls it. */
static inline void wire_up_with(struct wire *w, netif_input_fn input)
{
  memset(w, 0, sizeof *w);
  for (u8_t i = 0; i < 2; i++) {
    struct wire_end *me = &w->end[i];
    me->number = (u8_t)(i + 1);
    me->input = input;
    me->other = &w->end[1 - i];
    me->instance = stack_new(NULL);
    me->ended = api_sem();
    assert_non_null(me->instance);
    assert_int_equal(sys_mbox_new(&me->frames, WIRE_FRAMES), ERR_OK);
  }
  wire_end_up(&w->end[0]);
  wire_end_up(&w->end[1]);
}

static inline void wire_up(struct wire *w)
{
  wire_up_with(w, tcpip_input);
}

/** From now on. */
static inline void wire_loses(struct wire *w, u32_t one_in)
{
  for (int i = 0; i < 2; i++) {
    struct stack *before = stack_enter(w->end[i].instance);
    LOCK_TCPIP_CORE();
    w->end[i].lose_one_in = one_in;
    UNLOCK_TCPIP_CORE();
    stack_leave(before);
  }
}

/** First the drivers end, then the instances, then the wire. */
static inline void wire_down(struct wire *w)
{
  for (int i = 0; i < 2; i++) {
    sys_mbox_post(&w->end[i].frames, NULL);
    api_await(&w->end[i].ended);
  }
  for (int i = 0; i < 2; i++) {
    stack_free(w->end[i].instance);
  }
  for (int i = 0; i < 2; i++) {
    void *f;
    while (sys_mbox_tryfetch(&w->end[i].frames, &f) != SYS_MBOX_EMPTY) {
      free(f);
    }
    sys_mbox_free(&w->end[i].frames);
    sys_sem_free(&w->end[i].ended);
  }
}

#endif /* TESTS_API_WIRE_H */
