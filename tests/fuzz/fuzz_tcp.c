/**
 * @file
 * TCP with all its state: two instances with several connections, by IPv4 and IPv6, on a wire that
 * the input rules (tcp_wire.h), and programs that do in their callbacks what it says (tcp_ends.h).
 * After each step the bookkeeping is right (sim/tcp_invariants.h); what arrives is what was written
 * as long as nothing was forged; in the end all memory is given back.
 *
 * The input is a list of operations of two bytes or more: the low five bits of the first are enum
 * operation, the next two say whose connection, its highest bit at which end; the second byte is
 * an argument.
 * needs: ipv4
 * needs: tcp
 */
#include "tcp_wire.h"
#include "gossamer/tcp_ecn.h"
#include "gossamer/tcp_user_timeout.h"

enum operation {
  OP_DELIVER,
  OP_DELIVER_TOO,
  OP_DELIVER_NTH, /* argument: which of those that wait */
  OP_LOSE,
  OP_DUPLICATE, /* deliver and keep */
  OP_MUTATE,    /* argument: which byte behind the IP header; and one byte: xor */
  OP_WRITE,     /* argument: 16 bytes each */
  OP_END,       /* argument: shut down, close or abort */
  OP_REFUSE, /* argument: refuse data from now on, or take them; keep the window closed, or not */
  OP_RECVED,
  OP_TIME,  /* argument: mantissa in the low 6 bits, exponent (times 4, of 2), in ms */
  OP_FORGE, /* more bytes: see forge() */
  OP_CONNECT,
  OP_FAULT,      /* argument: which allocation from now fails */
  OP_FLAGS,      /* argument: Nagle, keepalive, congestion control, priority, poll */
  OP_SETTLE,     /* deliver everything */
  OP_PLAN,       /* argument: what happens in callbacks: struct plan */
  OP_LISTEN,     /* argument: backlog; 0: no more */
  OP_FLOOD,      /* argument: how many SYNs of others */
  OP_ICMP,       /* argument: about which packet; more bytes: see icmp() */
  OP_MARK,       /* congestion experienced */
  OP_WRITE_MUCH, /* argument: 256 bytes each */
  OP_URGENT,
  OP_REBOOT,
  OP_LOSE_ALL,
  OP_MTU,    /* argument: of the netif, from 1280 on, 2 bytes each */
  OP_OPTIONS /* argument: ECN, user timeout */
};

#define OPERATIONS_MAX 300

/* --- the application --- */

static void end_it(struct conn *c, u8_t how)
{
  if (c->pcb == NULL) {
    return;
  }
  if ((how & 3) == 0) {
    tcp_shutdown(c->pcb, 0, 1);
  } else if ((how & 3) == 1) {
    conn_close(c, how >> 7);
  } else if ((how & 3) == 2) {
    conn_abort(c);
  } else {
    tcp_shutdown(c->pcb, 1, 0);
  }
}

static void write_some(struct conn *c, u32_t len, bool does_copy)
{
  conn_write(c, len, does_copy ? TCP_WRITE_FLAG_COPY : 0);
  if (c->pcb != NULL && c->pcb->state != CLOSED) {
    tcp_output(c->pcb); /* without it nothing is sent before the next event */
  }
}

static void set_flags(struct conn *c, u8_t flags)
{
  if (c->pcb == NULL) {
    return;
  }
  if (flags & 1) {
    tcp_nagle_disable(c->pcb);
  } else {
    tcp_nagle_enable(c->pcb);
  }
  if (flags & 2) {
    ip_set_option(c->pcb, SOF_KEEPALIVE);
  }
  tcp_set_congestion_control(c->pcb, (flags & 4) ? "newreno" : "cubic");
  tcp_setprio(c->pcb, (flags & 8) ? TCP_PRIO_MAX : TCP_PRIO_NORMAL);
  tcp_backlog_accepted(c->pcb);
  tcp_poll(c->pcb, on_poll, flags >> 4);
}

static void set_options(struct conn *c, u8_t arg)
{
  if (c->pcb == NULL) {
    return;
  }
  (void)tcp_set_ecn(c->pcb, (enum tcp_ecn_mode)((arg & 3) % 3));
#if LWIP_TCP_USER_TIMEOUT
  tcp_set_user_timeout(c->pcb, (arg >> 2) * 3000U);
  (void)tcp_advertise_user_timeout(c->pcb, (arg >> 3) * 10U, (arg & 4) != 0);
#endif
}

static void set_plan(struct end *e, u8_t arg)
{
  e->plan.when = (enum plan_when)(arg & 7);
  e->plan.what = (enum plan_what)(arg >> 3 & 7);
  e->plan.is_lasting = (arg & 0x40) != 0;
  e->plan.is_other = (arg & 0x80) != 0;
}

/* --- a run --- */

static err_t wire_init(struct netif *netif)
{
  netif->mtu = 1500;
  netif->output = wire_output;
#if LWIP_IPV6
  netif->output_ip6 = wire_output_ip6;
#endif
  netif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void add_address6(struct end *e, u8_t last)
{
#if LWIP_IPV6
  struct ip6_address_spec spec = {.prefix_len = 64, .flags = IP6_ADDRESS_NO_DAD};
  FUZZ_ASSERT(ip6addr_aton(last == 1 ? "2001:db8::1" : "2001:db8::2", &spec.addr));
  FUZZ_ASSERT(netif_ip6_address_add(&e->netif, &spec, NULL) == ERR_OK);
#else
  (void)e;
  (void)last;
#endif
}

static void start(struct end *e)
{
  struct stack_port port = {.now_ms = now_ms, .now_us = now_us, .entropy = entropy};
  ip4_addr_t ip, mask, gw;
  u8_t last = e == &ends[0] ? 1 : 2;
  memset(&e->netif, 0, sizeof e->netif);
  e->listener = NULL;
  e->stack = stack_new(&port);
  FUZZ_ASSERT(e->stack != NULL);
  struct stack *before = stack_enter(e->stack);
  IP4_ADDR(&ip, 10, 0, 0, last);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gw, 0, 0, 0, 0);
  FUZZ_ASSERT(netif_add(&e->netif, &ip, &mask, &gw, e, wire_init, ip_input) != NULL);
  netif_set_up(&e->netif);
  add_address6(e, last);
  e->used_before = memp_used_total();
  for (unsigned i = 0; i < CONNS; i++) {
    e->conn[i] = (struct conn){.end = e};
  }
  end_listen(e, 4);
  stack_leave(before);
}

/** Power off and on: nobody is told. */
static void reboot(struct end *e)
{
  fault_arm(0);
  stack_free(e->stack);
  is_honest = false; /* what is under way may reach a new connection of the same ports */
  start(e);
}

static void pass_time(u32_t ms)
{
  clock_ms += ms;
  for (unsigned i = 0; i < 2; i++) {
    struct stack *before = stack_enter(ends[i].stack);
    sys_check_timeouts();
    stack_leave(before);
  }
}

static void settle(void)
{
  for (unsigned i = 0; i < 200 && ends[0].waiting_count + ends[1].waiting_count > 0; i++) {
    deliver(&ends[0], &ends[1], 0);
    deliver(&ends[1], &ends[0], 0);
  }
}

static void check(void)
{
  for (unsigned i = 0; i < 2; i++) {
    struct stack *before = stack_enter(ends[i].stack);
    const char *why = tcp_instance_fault(true);
    if (why != NULL) {
      fprintf(stderr, "%s\n", why);
    }
    FUZZ_ASSERT(why == NULL);
    stack_leave(before);
  }
}

/** What the application at this end does. As its instance. */
static void act(struct end *e, struct conn *c, enum operation op, u8_t arg)
{
  if (op == OP_WRITE) {
    write_some(c, arg * 16U + 1, arg & 1);
  } else if (op == OP_WRITE_MUCH) {
    write_some(c, arg * 256U + 7, arg & 1);
  } else if (op == OP_END) {
    end_it(c, arg);
  } else if (op == OP_REFUSE) {
    e->refuses = (arg & 1) != 0;
    e->keeps_window = (arg & 2) != 0;
    e->delays_backlog = (arg & 4) != 0;
  } else if (op == OP_RECVED) {
    conn_take(c);
  } else if (op == OP_CONNECT) {
    conn_connect(c, arg);
  } else if (op == OP_FAULT) {
    fault_arm(arg);
  } else if (op == OP_FLAGS) {
    set_flags(c, arg);
  } else if (op == OP_OPTIONS) {
    set_options(c, arg);
  } else if (op == OP_PLAN) {
    set_plan(e, arg);
  } else if (op == OP_LISTEN) {
    end_listen(e, arg);
  } else if (op == OP_URGENT) {
    conn_urgent(c);
  } else if (op == OP_MTU) {
    e->netif.mtu = (u16_t)LWIP_MIN(1280U + 2U * arg, 1500U);
  }
}

/** What happens on the wire. @return false: it is not of the wire */
static bool happen(struct end *e, struct conn *c, enum operation op, u8_t arg, struct input *in)
{
  struct end *other = &ends[e == &ends[0]];
  if (op == OP_DELIVER || op == OP_DELIVER_TOO) {
    deliver(e, other, 0);
  } else if (op == OP_DELIVER_NTH) {
    deliver(e, other, arg);
  } else if (op == OP_LOSE || op == OP_LOSE_ALL) {
    for (bool more = true; more && e->waiting_count > 0; more = op == OP_LOSE_ALL) {
      free(take(e, 0));
    }
  } else if (op == OP_DUPLICATE && e->waiting_count > 0) {
    receive(other, e->waiting[0]);
  } else if (op == OP_MUTATE) {
    mutate(e, other, arg, next(in));
  } else if (op == OP_FORGE) {
    forge(e, c, arg, in);
  } else if (op == OP_FLOOD) {
    flood(e, arg & 31, arg >> 5);
  } else if (op == OP_ICMP) {
    icmp(e, arg, in);
  } else if (op == OP_MARK) {
    mark(e);
  } else {
    return false;
  }
  return true;
}

static void step(struct input *in)
{
  u8_t first = next(in);
  u8_t arg = next(in);
  enum operation op = (enum operation)(first & 31);
  struct end *e = &ends[first >> 7];
  struct conn *c = &e->conn[first >> 5 & 3];
  if (op == OP_TIME) {
    pass_time((u32_t)(arg & 63) << (arg >> 6) * 4);
  } else if (op == OP_SETTLE) {
    settle();
  } else if (op == OP_REBOOT) {
    reboot(e);
  } else if (!happen(e, c, op, arg, in)) {
    struct stack *before = stack_enter(e->stack);
    act(e, c, op, arg);
    stack_leave(before);
  }
}

/** Everything ends; nothing may be left. */
static void finish(struct end *e)
{
  struct stack *before = stack_enter(e->stack);
  fault_arm(0);
  e->is_ending = true; /* what is under way may still open a connection */
  for (unsigned i = 0; i < CONNS; i++) {
    conn_abort(&e->conn[i]);
    FUZZ_ASSERT(e->conn[i].pcb == NULL);
  }
  end_listen(e, 0);
  stack_leave(before);
}

static void stop(struct end *e)
{
  struct stack *before = stack_enter(e->stack);
  FUZZ_ASSERT(tcp_active_pcbs == NULL && tcp_bound_pcbs == NULL);
  FUZZ_ASSERT(tcp_listen_pcbs.listen_pcbs == NULL);
  FUZZ_ASSERT(memp_used_total() <= e->used_before);
  stack_leave(before);
  stack_free(e->stack);
  while (e->waiting_count > 0) {
    free(take(e, 0));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = {data, size};
  pattern_make();
  memset(ends, 0, sizeof ends);
  clock_ms = 1000;
  random_state = 1;
  is_honest = true;
  start(&ends[0]);
  start(&ends[1]);
  for (unsigned i = 0; i < 2; i++) {
    ends[i].plan.when = ON_NOTHING;
  }
  for (unsigned n = 0; n < OPERATIONS_MAX && in.left > 0; n++) {
    step(&in);
    check();
  }
  finish(&ends[0]);
  finish(&ends[1]);
  for (unsigned i = 0; i < 60; i++) {
    settle();
    pass_time(30000);
  }
  stop(&ends[0]);
  stop(&ends[1]);
  return 0;
}
