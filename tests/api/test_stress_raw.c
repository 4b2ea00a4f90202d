/**
 * @file
 * Stress of the raw API: 8 threads use it as they like (LWIP_THREAD_SAFE_API), in two instances
 * with a wire between them, while callbacks write, close, abort, and end each other's pcbs, timers
 * come and go, and netifs appear, change their address, and vanish.
 *
 * What the threads share they use under the core lock: a pcb may be freed by the stack at any
 * moment. What a thread has for itself it uses without any lock.
 * needs: threads
 * needs: tcp
 * needs: ipv4
 */
#include "wire.h"
#include "stress.h"
#include "lwip/raw.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

enum { CLIENTS = 24, DATAGRAMS = 8, PORT = 7000, PORTS = 3, DATA_MAX = 3000 };

/** One connection. Under the core lock of its side. */
struct client {
  struct tcp_pcb *pcb; /* NULL: none; the stack says when it frees it */
  struct side *side;
  bool is_held_back; /* accepted, and not counted as such yet */
};

/** What an instance has. */
struct side {
  struct wire_end *end;
  struct client client[CLIENTS];
  struct tcp_pcb *listener[PORTS];
  struct udp_pcb *udp[DATAGRAMS];
  struct raw_pcb *raw[2];
  struct stress_thread dice; /* for callbacks, which run in any thread */
  unsigned long connected, accepted, heard, ended, timeouts;
};

static struct {
  struct wire wire;
  struct side side[2];
  u8_t data[DATA_MAX];
} net;

static struct side *any_side(struct stress_thread *t)
{
  return &net.side[stress_random(t, LWIP_ARRAYSIZE(net.side))];
}

/* --- TCP: callbacks --- */

/** The pcb goes its own way. */
static void detach(struct client *c)
{
  tcp_arg(c->pcb, NULL);
  tcp_recv(c->pcb, NULL);
  tcp_sent(c->pcb, NULL);
  tcp_poll(c->pcb, NULL, 0);
  tcp_err(c->pcb, NULL);
  c->pcb = NULL;
}

static void client_abort(struct client *c)
{
  struct tcp_pcb *pcb = c->pcb;
  if (pcb != NULL) {
    detach(c);
    tcp_abort(pcb);
  }
}

/** @return ERR_ABRT: aborted; what a callback has to say then */
static err_t client_close(struct client *c)
{
  struct tcp_pcb *pcb = c->pcb;
  if (pcb == NULL) {
    return ERR_OK;
  }
  detach(c);
  if (tcp_close(pcb) != ERR_OK) {
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  return ERR_OK;
}

static void client_write(struct stress_thread *dice, struct client *c)
{
  if (c->pcb != NULL) {
    u16_t len = (u16_t)stress_random(dice, DATA_MAX);
    u8_t flags = (u8_t)stress_random(dice, 4);
    tcp_write(c->pcb, net.data, len, flags);
    if (stress_one_in(dice, 2)) {
      tcp_output(c->pcb);
    }
  }
}

/** What a callback may do to its connection, or to another. */
static err_t client_fate(struct client *c)
{
  struct side *side = c->side;
  struct client *other = &side->client[stress_random(&side->dice, CLIENTS)];
  switch (stress_random(&side->dice, 16)) {
  case 0:
    client_abort(c);
    return ERR_ABRT;
  case 1:
    return client_close(c);
  case 2:
    if (other != c) {
      client_abort(other);
    }
    return ERR_OK;
  case 3:
    if (other != c) {
      client_close(other);
    }
    return ERR_OK;
  case 4:
    tcp_shutdown(c->pcb, 0, 1);
    return ERR_OK;
  case 5:
  case 6:
  case 7:
    client_write(&side->dice, c);
    client_write(&side->dice, other);
    return ERR_OK;
  default:
    return ERR_OK;
  }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct client *c = (struct client *)arg;
  stress_check(err == ERR_OK && c->pcb == pcb);
  if (p == NULL) {
    return client_close(c);
  }
  if (stress_one_in(&c->side->dice, 20)) {
    return ERR_MEM; /* not now */
  }
  c->side->heard += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return client_fate(c);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct client *c = (struct client *)arg;
  stress_check(c->pcb == pcb && len > 0);
  return client_fate(c);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct client *c = (struct client *)arg;
  stress_check(c->pcb == pcb);
  return client_fate(c);
}

static bool client_connect(struct stress_thread *dice, struct client *c);

static void on_err(void *arg, err_t err)
{
  struct client *c = (struct client *)arg;
  stress_check(err != ERR_OK && c->pcb != NULL);
  c->pcb = NULL;
  c->side->ended++;
  if (stress_one_in(&c->side->dice, 4)) {
    client_connect(&c->side->dice, c); /* again */
  }
}

static void attach(struct client *c, struct tcp_pcb *pcb)
{
  c->pcb = pcb;
  c->is_held_back = false;
  tcp_arg(pcb, c);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
  tcp_poll(pcb, on_poll, (u8_t)(1 + stress_random(&c->side->dice, 3)));
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct client *c = (struct client *)arg;
  stress_check(err == ERR_OK && c->pcb == pcb);
  c->side->connected++;
  client_write(&c->side->dice, c);
  return client_fate(c);
}

static struct client *free_client(struct side *side)
{
  for (int i = 0; i < CLIENTS; i++) {
    if (side->client[i].pcb == NULL) {
      return &side->client[i];
    }
  }
  return NULL;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct side *side = (struct side *)arg;
  struct client *c = free_client(side);
  if (pcb == NULL || err != ERR_OK) {
    return ERR_VAL;
  }
  if (c == NULL || stress_one_in(&side->dice, 10)) {
    if (stress_one_in(&side->dice, 2)) {
      return ERR_MEM;
    }
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  side->accepted++;
  attach(c, pcb);
  if (stress_one_in(&side->dice, 4)) {
    c->is_held_back = true;
    tcp_backlog_delayed(pcb);
  }
  return client_fate(c);
}

/* --- TCP: threads --- */

static bool client_connect(struct stress_thread *dice, struct client *c)
{
  ip_addr_t to;
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    return false;
  }
  stress_address(dice, &to);
  attach(c, pcb);
  u16_t port = (u16_t)(PORT + stress_random(dice, PORTS));
  if (tcp_connect(pcb, &to, port, on_connected) != ERR_OK) {
    client_abort(c);
    return false;
  }
  return true;
}

static struct client *any_client(struct stress_thread *t, struct side *side)
{
  return &side->client[stress_random(t, CLIENTS)];
}

static void do_tcp(struct stress_thread *t, struct side *side)
{
  struct client *c = any_client(t, side);
  if (c->pcb == NULL) {
    client_connect(t, c);
    return;
  }
  if (c->is_held_back) {
    c->is_held_back = false;
    tcp_backlog_accepted(c->pcb);
  }
  switch (stress_random(t, 12)) {
  case 0:
    client_abort(c);
    break;
  case 1:
    client_close(c);
    break;
  case 2:
    tcp_shutdown(c->pcb, 0, 1); /* of both directions it would be a close */
    break;
  case 3:
    tcp_setprio(c->pcb, (u8_t)stress_random(t, TCP_PRIO_MAX + 1));
    break;
  default:
    client_write(t, c);
    break;
  }
}

static void listener_close(struct tcp_pcb **listener)
{
  if (*listener != NULL) {
    tcp_arg(*listener, NULL);
    stress_check(tcp_close(*listener) == ERR_OK);
    *listener = NULL;
  }
}

static void do_listener(struct stress_thread *t, struct side *side)
{
  u32_t i = stress_random(t, PORTS);
  if (side->listener[i] != NULL) {
    if (stress_one_in(t, 20)) {
      listener_close(&side->listener[i]);
    }
    return;
  }
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    return;
  }
  ip_set_option(pcb, SOF_REUSEADDR);
  if (tcp_bind(pcb, IP_ANY_TYPE, (u16_t)(PORT + i)) != ERR_OK) {
    tcp_abort(pcb);
    return;
  }
  side->listener[i] = tcp_listen_with_backlog(pcb, (u8_t)(1 + stress_random(t, 8)));
  stress_check(side->listener[i] != NULL);
  tcp_arg(side->listener[i], side);
  tcp_accept(side->listener[i], on_accept);
}

/* --- UDP and raw --- */

/** Answers, sometimes; goes, sometimes. */
static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                        u16_t port)
{
  struct side *side = (struct side *)arg;
  if (stress_one_in(&side->dice, 4)) {
    udp_sendto(pcb, p, addr, port);
  }
  pbuf_free(p);
  if (stress_one_in(&side->dice, 10)) {
    for (int i = 0; i < DATAGRAMS; i++) {
      if (side->udp[i] == pcb) {
        side->udp[i] = NULL;
        udp_remove(pcb);
        return;
      }
    }
  }
}

static void send_datagram(struct stress_thread *t, struct udp_pcb *pcb)
{
  ip_addr_t to;
  stress_address(t, &to);
  u16_t len = (u16_t)stress_random(t, DATA_MAX);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, stress_one_in(t, 2) ? PBUF_RAM : PBUF_POOL);
  if (p != NULL) {
    udp_sendto(pcb, p, &to, (u16_t)(PORT + stress_random(t, PORTS)));
    pbuf_free(p);
  }
}

static void do_udp(struct stress_thread *t, struct side *side)
{
  struct udp_pcb **slot = &side->udp[stress_random(t, DATAGRAMS)];
  if (*slot == NULL) {
    *slot = udp_new_ip_type(IPADDR_TYPE_ANY);
    stress_check(*slot != NULL);
    ip_set_option(*slot, SOF_REUSEADDR);
    udp_recv(*slot, on_datagram, side);
    udp_bind(*slot, IP_ANY_TYPE, (u16_t)(PORT + stress_random(t, PORTS)));
  } else if (stress_one_in(t, 10)) {
    udp_remove(*slot);
    *slot = NULL;
  } else {
    send_datagram(t, *slot);
  }
}

static u8_t on_packet(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  struct side *side = (struct side *)arg;
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  if (stress_one_in(&side->dice, 2)) {
    return 0;
  }
  pbuf_free(p);
  return 1;
}

static void do_raw(struct stress_thread *t, struct side *side)
{
  ip_addr_t to;
  struct raw_pcb **slot = &side->raw[stress_random(t, LWIP_ARRAYSIZE(side->raw))];
  if (*slot == NULL) {
    *slot = raw_new(253);
    stress_check(*slot != NULL);
    raw_recv(*slot, on_packet, side);
  } else if (stress_one_in(t, 10)) {
    raw_remove(*slot);
    *slot = NULL;
  } else {
    struct pbuf *p = pbuf_alloc(PBUF_IP, (u16_t)stress_random(t, DATA_MAX), PBUF_RAM);
    stress_address(t, &to);
    if (p != NULL) {
      raw_sendto(*slot, p, &to);
      pbuf_free(p);
    }
  }
}

/* --- timers and netifs --- */

/** Set again by itself, sometimes; another thread may take it away. */
static void on_timeout(void *arg)
{
  struct side *side = (struct side *)arg;
  side->timeouts++;
  if (stress_one_in(&side->dice, 2)) {
    sys_timeout(stress_random(&side->dice, 5), on_timeout, side);
  }
}

/** Without the lock: each function takes it. */
static void do_timers(struct stress_thread *t, struct side *side)
{
  if (stress_one_in(t, 3)) {
    sys_untimeout(on_timeout, side);
  } else if (stress_one_in(t, 8)) {
    sys_timeout(stress_random(t, 5), on_timeout, side);
  }
}

static err_t swallow(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  return netif->state == NULL ? ERR_OK : ERR_MEM;
}

static err_t dummy_init(struct netif *netif)
{
  netif->name[0] = 'd';
  netif->name[1] = 'u';
  netif->mtu = 1500;
  netif->output = swallow;
  netif->flags |= NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

/** A netif of the thread's own, without the lock. */
static void do_netif(struct stress_thread *t)
{
  struct netif netif;
  ip4_addr_t addr;
  ip4_addr_t mask;
  IP4_ADDR(&addr, 10, 1, t->index, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  if (netif_add(&netif, &addr, &mask, NULL, NULL, dummy_init, netif_input) == NULL) {
    return;
  }
  netif_set_up(&netif);
  struct udp_pcb *pcb = udp_new();
  stress_check(pcb != NULL);
  udp_bind_netif(pcb, &netif);
  send_datagram(t, pcb);
  for (u32_t i = stress_random(t, 4); i > 0; i--) {
    IP4_ADDR(&addr, 10, 1, t->index, (u8_t)(1 + i));
    netif_set_ipaddr(&netif, &addr);
    netif_set_link_down(&netif);
    netif_set_link_up(&netif);
  }
  if (stress_one_in(t, 2)) {
    netif_set_down(&netif);
  }
  netif_remove(&netif);
  udp_remove(pcb);
}

/** The wire's end is renumbered, which ends its connections. */
static void do_renumber(struct stress_thread *t, struct side *side)
{
  ip4_addr_t addr;
  IP4_ADDR(&addr, 10, 0, 0, 3);
  if (stress_one_in(t, 20)) {
    LOCK_TCPIP_CORE();
    netif_set_ipaddr(&side->end->netif, &addr);
    IP4_ADDR(&addr, 10, 0, 0, side->end->number);
    netif_set_ipaddr(&side->end->netif, &addr);
    UNLOCK_TCPIP_CORE();
  }
}

/* --- the run --- */

static void touch(void *arg)
{
  ((struct side *)arg)->timeouts++;
}

/** What belongs to nobody else needs no lock. */
static void do_alone(struct stress_thread *t, struct side *side)
{
  struct tcp_pcb *pcb = tcp_new();
  struct udp_pcb *udp = udp_new();
  stress_check(pcb != NULL && udp != NULL);
  tcp_bind(pcb, IP_ANY_TYPE, 0);
  udp_bind(udp, IP_ANY_TYPE, 0);
  send_datagram(t, udp);
  tcp_abort(pcb);
  udp_remove(udp);
  tcpip_try_callback(touch, side);
}

static void do_locked(struct stress_thread *t, struct side *side)
{
  LOCK_TCPIP_CORE();
  for (u32_t i = 1 + stress_random(t, 4); i > 0; i--) {
    switch (stress_random(t, 8)) {
    case 0:
      do_listener(t, side);
      break;
    case 1:
      do_raw(t, side);
      break;
    case 2:
    case 3:
      do_udp(t, side);
      break;
    default:
      do_tcp(t, side);
      break;
    }
  }
  UNLOCK_TCPIP_CORE();
}

static void step(struct stress_thread *t)
{
  struct side *side = any_side(t);
  struct stack *before = stack_enter(side->end->instance);
  u32_t what = stress_random(t, 16);
  stress_does(t, what < 4 ? "unlocked" : "locked", (int)what);
  switch (what) {
  case 0:
    do_netif(t);
    break;
  case 1:
    do_renumber(t, side);
    break;
  case 2:
    do_timers(t, side);
    break;
  case 3:
    do_alone(t, side);
    break;
  default:
    do_locked(t, side);
    break;
  }
  stack_leave(before);
}

static void side_end(struct side *side)
{
  LOCK_TCPIP_CORE();
  sys_untimeout(on_timeout, side);
  for (int i = 0; i < PORTS; i++) {
    listener_close(&side->listener[i]);
  }
  for (int i = 0; i < CLIENTS; i++) {
    client_abort(&side->client[i]);
  }
  for (int i = 0; i < DATAGRAMS; i++) {
    udp_remove(side->udp[i]);
    side->udp[i] = NULL;
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(side->raw); i++) {
    if (side->raw[i] != NULL) {
      raw_remove(side->raw[i]);
      side->raw[i] = NULL;
    }
  }
  UNLOCK_TCPIP_CORE();
}

static void nothing_waits(struct stress_thread *watcher)
{
  LWIP_UNUSED_ARG(watcher);
}

static void test_threads_share_the_stack(void **state)
{
  static struct stress stress = {.threads = 8, .steps = 4000, .step = step, .reap = nothing_waits};
  LWIP_UNUSED_ARG(state);
  wire_up(&net.wire);
  wire_loses(&net.wire, 50);
  for (unsigned i = 0; i < 2; i++) {
    struct side *side = &net.side[i];
    side->end = &net.wire.end[i];
    side->dice.random = (u64_t)stress_seed << 8 | (200 + i);
    for (int k = 0; k < CLIENTS; k++) {
      side->client[k].side = side;
    }
  }
  stress_go(&stress);
  unsigned long accepted = 0;
  for (unsigned i = 0; i < 2; i++) {
    struct side *side = &net.side[i];
    struct stack *before = stack_enter(side->end->instance);
    side_end(side);
    api_settle();
    printf("# %lu connected, %lu accepted, %lu ended by others, %lu bytes heard, %lu timeouts\n",
           side->connected, side->accepted, side->ended, side->heard, side->timeouts);
    accepted += side->accepted;
    assert_int_equal(api_pool_used(MEMP_UDP_PCB), 0);
    assert_int_equal(api_pool_used(MEMP_RAW_PCB), 0);
    assert_false(tcpip_core_is_held());
    stack_leave(before);
  }
  assert_int_not_equal(accepted, 0);
  wire_down(&net.wire);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_threads_share_the_stack),
  };
  stress_arguments(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
