/**
 * @file
 * TCP with all its state: two instances on a wire that the input rules. After each step the pcbs'
 * bookkeeping is right (sim/tcp_invariants.h), in the end all memory is given back.
 *
 * The input is a list of operations of two bytes or more: the low four bits of the first are enum
 * operation, its highest bit says whose end, the second byte is an argument.
 * needs: ipv4
 * needs: tcp
 */
#include "common.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/memp.h"
#include "lwip/prot/ip4.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "gossamer/stack.h"
#include "base/fault.h"
#include "sim/tcp_invariants.h"

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
  OP_FORGE, /* seven bytes more: flags, seq, ack, window, length of the options; then these */
  OP_CONNECT,
  OP_FAULT, /* argument: which allocation from now fails */
  OP_FLAGS, /* argument: Nagle, keepalive, poll */
  OP_SETTLE /* deliver everything */
};

#define PACKET_LEN_MAX 1600
#define WAITING_MAX    64
#define OPERATIONS_MAX 300
#define PORT           80

struct packet {
  u16_t len;
  u8_t data[PACKET_LEN_MAX];
};

struct end {
  struct stack *stack;
  struct netif netif;
  struct tcp_pcb *pcb, *listener;
  bool refuses, keeps_window, is_ending;
  u32_t unread;
  u32_t used_before;
  struct packet *waiting[WAITING_MAX]; /* sent by this end */
  size_t waiting_count;
};

struct input {
  const u8_t *bytes;
  size_t left;
};

static struct end ends[2];
static u32_t clock_ms;
static u64_t random_state;

static u32_t now_ms(void *ctx)
{
  (void)ctx;
  return clock_ms;
}

static u32_t now_us(void *ctx)
{
  (void)ctx;
  return clock_ms * 1000;
}

static void entropy(void *ctx, void *buf, size_t len)
{
  (void)ctx;
  for (size_t i = 0; i < len; i++) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    ((u8_t *)buf)[i] = (u8_t)(random_state >> 56);
  }
}

static u8_t next(struct input *in)
{
  if (in->left == 0) {
    return 0;
  }
  in->left--;
  return *in->bytes++;
}

/* --- the application --- */

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct end *e = arg;
  (void)err;
  if (p == NULL) {
    return ERR_OK;
  }
  if (e->refuses) {
    return ERR_MEM;
  }
  if (e->keeps_window) {
    e->unread += p->tot_len;
  } else {
    tcp_recved(pcb, p->tot_len);
  }
  pbuf_free(p);
  return ERR_OK;
}

static void on_error(void *arg, err_t err)
{
  struct end *e = arg;
  (void)err;
  e->pcb = NULL;
}

static void adopt(struct end *e, struct tcp_pcb *pcb)
{
  e->pcb = pcb;
  e->unread = 0;
  tcp_arg(pcb, e);
  tcp_recv(pcb, on_recv);
  tcp_err(pcb, on_error);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct end *e = arg;
  if (err != ERR_OK || pcb == NULL || e->pcb != NULL || e->is_ending) {
    return ERR_MEM;
  }
  adopt(e, pcb);
  return ERR_OK;
}

static void connect_end(struct end *e)
{
  ip_addr_t remote;
  if (e->pcb != NULL) {
    return;
  }
  IP_ADDR4(&remote, 10, 0, 0, e == &ends[0] ? 2 : 1);
  struct tcp_pcb *pcb = tcp_new();
  if (pcb != NULL) {
    adopt(e, pcb);
    if (tcp_connect(pcb, &remote, PORT, NULL) != ERR_OK) {
      tcp_abort(pcb);
    }
  }
}

static void end_it(struct end *e, u8_t how)
{
  if (e->pcb == NULL) {
    return;
  }
  if ((how & 3) == 0) {
    tcp_shutdown(e->pcb, 0, 1);
  } else if ((how & 3) == 1) {
    struct tcp_pcb *pcb = e->pcb;
    e->pcb = NULL;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    if (tcp_close_ext(pcb, how >> 7) != ERR_OK) {
      tcp_abort(pcb);
    }
  } else if ((how & 3) == 2) {
    tcp_abort(e->pcb);
  } else {
    tcp_shutdown(e->pcb, 1, 0);
  }
}

static void write_some(struct end *e, u8_t n)
{
  static const u8_t zeros[256 * 16];
  if (e->pcb != NULL && e->pcb->state != CLOSED) {
    u8_t flags = (n & 1) ? TCP_WRITE_FLAG_COPY : 0;
    tcp_write(e->pcb, zeros, (u16_t)(n * 16 + 1), flags);
    tcp_output(e->pcb); /* without it nothing is sent before the next event */
  }
}

static void take_window(struct end *e)
{
  u16_t part = (u16_t)LWIP_MIN(e->unread, 0xffffU);
  if (e->pcb != NULL && part > 0) {
    e->unread -= part;
    tcp_recved(e->pcb, part);
  }
}

static void set_flags(struct end *e, u8_t flags)
{
  if (e->pcb == NULL) {
    return;
  }
  if (flags & 1) {
    tcp_nagle_disable(e->pcb);
  } else {
    tcp_nagle_enable(e->pcb);
  }
  if (flags & 2) {
    ip_set_option(e->pcb, SOF_KEEPALIVE);
  }
  tcp_poll(e->pcb, NULL, flags >> 4);
}

/* --- the wire --- */

static err_t wire_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *dst)
{
  struct end *e = netif->state;
  (void)dst;
  if (e->waiting_count < WAITING_MAX && p->tot_len <= PACKET_LEN_MAX) {
    struct packet *packet = malloc(sizeof *packet);
    FUZZ_ASSERT(packet != NULL);
    packet->len = pbuf_copy_partial(p, packet->data, PACKET_LEN_MAX, 0);
    e->waiting[e->waiting_count++] = packet;
  }
  return ERR_OK;
}

static err_t wire_init(struct netif *netif)
{
  netif->mtu = 1500;
  netif->output = wire_output;
  netif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void receive(struct end *e, const struct packet *packet)
{
  struct stack *before = stack_enter(e->stack);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, packet->len, PBUF_POOL);
  if (p != NULL) {
    pbuf_take(p, packet->data, packet->len);
    if (e->netif.input(p, &e->netif) != ERR_OK) {
      pbuf_free(p);
    }
  }
  stack_leave(before);
}

static struct packet *take(struct end *from, size_t n)
{
  struct packet *packet = from->waiting[n];
  from->waiting_count--;
  memmove(from->waiting + n, from->waiting + n + 1,
          (from->waiting_count - n) * sizeof from->waiting[0]);
  return packet;
}

static void deliver(struct end *from, struct end *to, size_t n)
{
  if (from->waiting_count > 0) {
    struct packet *packet = take(from, n % from->waiting_count);
    receive(to, packet);
    free(packet);
  }
}

/** The TCP checksum right again. */
static void fix(struct packet *packet)
{
  u8_t *tcp = packet->data + IP_HLEN;
  u16_t len = (u16_t)(packet->len - IP_HLEN);
  u32_t sum = IP_PROTO_TCP + len;
  for (unsigned i = 12; i < 20; i += 2) {
    sum += (u32_t)packet->data[i] << 8 | packet->data[i + 1];
  }
  tcp[16] = tcp[17] = 0;
  u16_t checksum = reference_checksum(tcp, len, sum);
  tcp[16] = (u8_t)(checksum >> 8);
  tcp[17] = (u8_t)checksum;
}

static void mutate(struct end *from, struct end *to, u8_t which, u8_t by)
{
  if (from->waiting_count == 0 || from->waiting[0]->len < IP_HLEN + TCP_HLEN) {
    return;
  }
  struct packet *packet = from->waiting[0];
  size_t at = IP_HLEN + (which & 0x7f) % (packet->len - IP_HLEN);
  packet->data[at] ^= by;
  if (!(which & 0x80)) {
    fix(packet);
  }
  deliver(from, to, 0);
}

/** An IPv4 header of a packet from one end to the other. */
static void put_ip(struct packet *packet, const struct end *to)
{
  u8_t header[IP_HLEN] = {0x45, 0, 0,  0, 0, 0, 0,  0, 64, IP_PROTO_TCP,
                          0,    0, 10, 0, 0, 1, 10, 0, 0,  1};
  header[2] = (u8_t)(packet->len >> 8);
  header[3] = (u8_t)packet->len;
  header[to == &ends[0] ? 15 : 19] = 2;
  u16_t checksum = reference_checksum(header, IP_HLEN, 0);
  header[10] = (u8_t)(checksum >> 8);
  header[11] = (u8_t)checksum;
  memcpy(packet->data, header, IP_HLEN);
}

/** A segment close to what the connection expects. */
static void forge(struct end *to, u8_t len, struct input *in)
{
  struct packet packet = {0};
  struct tcp_header h = {.flags = next(in)};
  u32_t seq_off = (u32_t)(s8_t)next(in) * (1U + next(in));
  u32_t ack_off = (u32_t)(s8_t)next(in);
  h.wnd = (u16_t)(next(in) << 8);
  u8_t options_len = (u8_t)(next(in) % 11 * 4);
  const struct tcp_pcb *pcb = to->pcb;
  if (pcb == NULL || pcb->state == CLOSED) {
    h.src_port = 5000;
    h.dst_port = PORT;
  } else {
    h.src_port = pcb->remote_port;
    h.dst_port = pcb->local_port;
    h.seq = pcb->rcv_nxt + seq_off;
    h.ack = pcb->snd_nxt + ack_off;
  }
  h.header_len = (u8_t)(TCP_HLEN + options_len);
  packet.len = (u16_t)(IP_HLEN + h.header_len + len);
  put_ip(&packet, to);
  tcp_build(packet.data + IP_HLEN, &h);
  for (u8_t i = 0; i < options_len; i++) {
    packet.data[IP_HLEN + TCP_HLEN + i] = next(in);
  }
  fix(&packet);
  receive(to, &packet);
}

/* --- a run --- */

static void start(struct end *e, u8_t last)
{
  struct stack_port port = {.now_ms = now_ms, .now_us = now_us, .entropy = entropy};
  ip4_addr_t ip, mask, gw;
  memset(e, 0, sizeof *e);
  e->stack = stack_new(&port);
  FUZZ_ASSERT(e->stack != NULL);
  struct stack *before = stack_enter(e->stack);
  IP4_ADDR(&ip, 10, 0, 0, last);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gw, 0, 0, 0, 0);
  FUZZ_ASSERT(netif_add(&e->netif, &ip, &mask, &gw, e, wire_init, ip_input) != NULL);
  netif_set_up(&e->netif);
  struct tcp_pcb *pcb = tcp_new();
  FUZZ_ASSERT(pcb != NULL && tcp_bind(pcb, NULL, PORT) == ERR_OK);
  e->listener = tcp_listen(pcb);
  FUZZ_ASSERT(e->listener != NULL);
  tcp_arg(e->listener, e);
  tcp_accept(e->listener, on_accept);
  e->used_before = memp_used_total();
  stack_leave(before);
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
static void act(struct end *e, enum operation op, u8_t arg)
{
  if (op == OP_WRITE) {
    write_some(e, arg);
  } else if (op == OP_END) {
    end_it(e, arg);
  } else if (op == OP_REFUSE) {
    e->refuses = (arg & 1) != 0;
    e->keeps_window = (arg & 2) != 0;
  } else if (op == OP_RECVED) {
    take_window(e);
  } else if (op == OP_CONNECT) {
    connect_end(e);
  } else if (op == OP_FAULT) {
    fault_arm(arg);
  } else {
    set_flags(e, arg);
  }
}

static void step(struct input *in)
{
  u8_t first = next(in);
  u8_t arg = next(in);
  enum operation op = (enum operation)(first & 15);
  struct end *e = &ends[first >> 7];
  struct end *other = &ends[1 - (first >> 7)];
  if (op == OP_DELIVER || op == OP_DELIVER_TOO) {
    deliver(e, other, 0);
  } else if (op == OP_DELIVER_NTH) {
    deliver(e, other, arg);
  } else if (op == OP_LOSE && e->waiting_count > 0) {
    free(take(e, 0));
  } else if (op == OP_DUPLICATE && e->waiting_count > 0) {
    receive(other, e->waiting[0]);
  } else if (op == OP_MUTATE) {
    mutate(e, other, arg, next(in));
  } else if (op == OP_TIME) {
    pass_time((u32_t)(arg & 63) << (arg >> 6) * 4);
  } else if (op == OP_FORGE) {
    forge(e, arg, in);
  } else if (op == OP_SETTLE) {
    settle();
  } else if (op >= OP_WRITE) {
    struct stack *before = stack_enter(e->stack);
    act(e, op, arg);
    stack_leave(before);
  }
}

/** Everything ends; nothing may be left. */
static void finish(struct end *e)
{
  struct stack *before = stack_enter(e->stack);
  fault_arm(0);
  e->is_ending = true; /* what is under way may still open a connection */
  if (e->pcb != NULL) {
    tcp_abort(e->pcb);
  }
  FUZZ_ASSERT(e->pcb == NULL);
  stack_leave(before);
}

static void stop(struct end *e)
{
  struct stack *before = stack_enter(e->stack);
  FUZZ_ASSERT(tcp_active_pcbs == NULL);
  FUZZ_ASSERT(memp_used_total() == e->used_before);
  stack_leave(before);
  stack_free(e->stack);
  while (e->waiting_count > 0) {
    free(take(e, 0));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = {data, size};
  clock_ms = 1000;
  random_state = 1;
  start(&ends[0], 1);
  start(&ends[1], 2);
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
