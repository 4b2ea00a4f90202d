/**
 * @file
 * The stack under test: its clock, entropy and netifs, frames in and out, drops.
 */
#include <stdio.h>
#include <stdlib.h>
#include "packet_priv.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/prot/etharp.h"
#include "lwip/prot/ip4.h"
#include "base/fault.h"
#include "gossamer/timer.h"

#define CLOCK_START_MS (0xffffffffU - 20000U)

/** So many rounds of timers without time passing mean that one sets itself for "now" for ever. */
#define SPINS_MAX 20000

struct packet_queue {
  struct frame **frame;
  size_t head, count, room;
};

struct packet_net net;
static struct packet_net more_nets[PACKET_NETS_MAX - 1];
static unsigned nets_count;

static u32_t clock_ms;
static u64_t entropy_state;
static u32_t drops_seen[DROP_REASON_COUNT];
static bool is_started;
static char driver_complaint[160];
#if LWIP_MULTI_INSTANCE
static struct stack *stack;
static struct stack *stack_before;
#endif

/* --- clock and entropy: as a port's for the whole process, and as an instance's --- */

static u64_t entropy_next(void)
{
  u64_t z = (entropy_state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

static void entropy_seed(const char *text)
{
  const char *override = getenv("PACKET_SEED");
  entropy_state = 0xcbf29ce484222325ULL;
  for (const char *c = override != NULL ? override : text; *c != '\0'; c++) {
    entropy_state = (entropy_state ^ (u8_t)*c) * 0x100000001b3ULL;
  }
}

u32_t sys_now(void)
{
  return clock_ms;
}

u32_t sys_jiffies(void)
{
  return clock_ms;
}

u64_t sys_now_us(void);
u64_t sys_now_us(void)
{
  return (u64_t)clock_ms * 1000;
}

unsigned int lwip_port_rand(void)
{
  return (unsigned int)entropy_next();
}

#if LWIP_MULTI_INSTANCE
static u32_t port_now_ms(void *ctx)
{
  (void)ctx;
  return clock_ms;
}

static void port_entropy(void *ctx, void *buf, size_t len)
{
  (void)ctx;
  for (size_t i = 0; i < len; i++) {
    ((u8_t *)buf)[i] = (u8_t)entropy_next();
  }
}
#endif

u32_t now_ms(void)
{
  return clock_ms;
}

/* --- queues of frames --- */

static void queue_put(struct packet_queue *q, struct frame f)
{
  if (q->head + q->count == q->room) {
    size_t room = q->room * 2 + 16;
    struct frame **bigger = packet_alloc(room * sizeof *bigger);
    if (q->count > 0) {
      memcpy(bigger, q->frame + q->head, q->count * sizeof *bigger);
    }
    q->frame = bigger;
    q->head = 0;
    q->room = room;
  }
  struct frame *slot = packet_alloc(sizeof *slot);
  *slot = f;
  q->frame[q->head + q->count++] = slot;
}

static struct frame *queue_get(struct packet_queue *q)
{
  if (q->count == 0) {
    return NULL;
  }
  q->count--;
  return q->frame[q->head++];
}

/* --- the wire --- */

#if LWIP_IPV4

/** May somebody on the link have this address? In the main subnet hosts 2 to 250 and 254. */
static bool is_peer(const struct netif *netif, const u8_t ip[4])
{
  u32_t addr;
  memcpy(&addr, ip, 4);
  bool is_near = ((addr ^ netif_ip4_addr(netif)->addr) & netif_ip4_netmask(netif)->addr) == 0;
  return is_near && addr != netif_ip4_addr(netif)->addr &&
         ((ip[3] >= 2 && ip[3] <= 250) || ip[3] == 254);
}

/** A peer's answer to an ARP request, queued for packet_settle(). False: this is no such request.
 */
static bool answer_arp(struct packet_net *on, const struct frame *f)
{
  static const u8_t request_head[] = {0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1};
  if (!on->peer_answers_arp || f->len < 42 || memcmp(f->data + 12, request_head, 10) != 0) {
    return false;
  }
  const u8_t *sender = f->data + 22;
  const u8_t *target = f->data + 38;
  static const u8_t nobody[4];
  bool is_probe = memcmp(sender + 6, nobody, 4) == 0;
  if (is_probe || memcmp(sender + 6, target, 4) == 0 || !is_peer(&on->netif, target)) {
    return false;
  }
  u8_t reply[42];
  const u8_t *mac = mac_of(target[2], target[3]);
  memcpy(reply, sender, 6);
  memcpy(reply + 6, mac, 6);
  memcpy(reply + 12, request_head, 10);
  reply[21] = 2;
  memcpy(reply + 22, mac, 6);
  memcpy(reply + 28, target, 4);
  memcpy(reply + 32, sender, 10);
  queue_put(on->replies, frame_of(reply, sizeof reply));
  return true;
}

#else

static bool answer_arp(struct packet_net *on, const struct frame *f)
{
  (void)on;
  (void)f;
  return false;
}

#endif

static bool answer_ns(struct packet_net *on, const struct frame *f)
{
  struct frame reply;
  if (!packet_answer_ns(on, f, &reply)) {
    return false;
  }
  queue_put(on->replies, reply);
  return true;
}

static err_t driver_linkoutput(struct netif *netif, struct pbuf *p)
{
  struct packet_net *on = netif->state;
  if (on->drops_tx) {
    return ERR_IF;
  }
  struct frame f = {NULL, p->tot_len};
  if (p->tot_len < ETH_PAD_SIZE + 14 || p->tot_len > ETH_PAD_SIZE + 18 + netif->mtu) {
    snprintf(driver_complaint, sizeof driver_complaint, "the stack sent a frame of %u bytes",
             p->tot_len);
    return ERR_IF;
  }
  f.len -= ETH_PAD_SIZE;
  f.data = packet_alloc(f.len);
  if (pbuf_copy_partial(p, f.data, (u16_t)f.len, ETH_PAD_SIZE) != f.len) {
    snprintf(driver_complaint, sizeof driver_complaint, "the stack sent a pbuf with wrong tot_len");
  }
  if (!answer_arp(on, &f) && !answer_ns(on, &f)) {
    queue_put(on->sent, f);
  }
  return ERR_OK;
}

static err_t driver_init(struct netif *netif)
{
  const struct packet_net *on = netif->state;
  netif->name[0] = 't';
  netif->name[1] = 'p';
  netif->mtu = 1500;
  netif->hwaddr_len = 6;
  memcpy(netif->hwaddr, mac_of(on->number, 1), 6);
  netif->linkoutput = driver_linkoutput;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
#if LWIP_IPV4
  netif->output = etharp_output;
  netif->flags |= NETIF_FLAG_ETHARP | (LWIP_IGMP ? NETIF_FLAG_IGMP : 0);
#endif
  packet_net6_init(netif);
  return ERR_OK;
}

#if LWIP_IPV4

static struct netif *add_netif(struct packet_net *on)
{
  ip4_addr_t addr, mask, gw;
  IP4_ADDR(&addr, 10, 0, on->number, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_any(&gw);
  if (on->number == 0) {
    IP4_ADDR(&gw, 10, 0, 0, 254);
  }
  return netif_add(&on->netif, &addr, &mask, &gw, on, driver_init, ethernet_input);
}
#else
static struct netif *add_netif(struct packet_net *on)
{
  return netif_add(&on->netif, on, driver_init, ethernet_input);
}
#endif

static void net_add(struct packet_net *on)
{
  on->peer_answers_arp = true;
  on->peer_answers_nd = true;
  on->sent = packet_alloc(sizeof *on->sent);
  on->replies = packet_alloc(sizeof *on->replies);
  if (add_netif(on) == NULL) {
    packet_fail(__FILE__, __LINE__, "netif_add() failed");
  }
  netif_set_up(&on->netif);
}

static struct packet_net *net_number(unsigned n)
{
  return n == 0 ? &net : &more_nets[n - 1];
}

struct packet_net *net_add_netif(void)
{
  if (nets_count == PACKET_NETS_MAX) {
    packet_fail(__FILE__, __LINE__, "at most %d netifs", PACKET_NETS_MAX);
  }
  struct packet_net *on = net_number(nets_count);
  memset(on, 0, sizeof *on);
  on->number = (u8_t)nets_count++;
  net_add(on);
  packet_settle();
  while (queue_get(on->sent) != NULL) {
  }
  return on;
}

static void input(struct packet_net *on, struct frame f, bool is_exact)
{
  struct pbuf *p = packet_framed(f, is_exact);
  if (p != NULL && on->netif.input(p, &on->netif) != ERR_OK) {
    pbuf_free(p);
  }
}

void packet_settle(void)
{
  unsigned spins = 0;
  bool is_busy = true;
  while (is_busy) {
    is_busy = false;
    for (unsigned n = 0; n < nets_count; n++) {
      struct packet_net *on = net_number(n);
      const struct frame *reply = queue_get(on->replies);
      if (reply != NULL) {
        input(on, *reply, false);
        is_busy = true;
      }
    }
    if (timers_sleep_ms() == 0) {
      timers_run();
      is_busy = true;
    }
    if (++spins > SPINS_MAX) {
      packet_fail(__FILE__, __LINE__, "timers are due again and again without time passing");
    }
  }
  if (driver_complaint[0] != '\0') {
    packet_fail(__FILE__, __LINE__, "%s", driver_complaint);
  }
}

void rx_on(struct packet_net *on, struct frame f)
{
  input(on, f, false);
  packet_settle();
}

void rx_exact_on(struct packet_net *on, struct frame f)
{
  input(on, f, true);
  packet_settle();
}

void rx(struct frame f)
{
  rx_on(&net, f);
}

void rx_exact(struct frame f)
{
  rx_exact_on(&net, f);
}

struct frame *tx_on(struct packet_net *on)
{
  packet_settle();
  return queue_get(on->sent);
}

struct frame *tx(void)
{
  return tx_on(&net);
}

void tx_discard(void)
{
  packet_settle();
  for (unsigned n = 0; n < nets_count; n++) {
    while (queue_get(net_number(n)->sent) != NULL) {
    }
  }
}

void packet_expect_silence(const char *file, int line)
{
  packet_settle();
  for (unsigned n = 0; n < nets_count; n++) {
    const struct frame *f = queue_get(net_number(n)->sent);
    if (f != NULL) {
      packet_fail(file, line, "netif %u sent a frame of %zu bytes, type %02x%02x", n, f->len,
                  f->data[12], f->data[13]);
    }
  }
}

void advance(u32_t ms)
{
  u32_t end_ms = clock_ms + ms;
  for (;;) {
    packet_settle();
    u32_t sleep_ms = timers_sleep_ms();
    u32_t left_ms = end_ms - clock_ms;
    if (left_ms == 0) {
      return;
    }
    clock_ms += LWIP_MIN(sleep_ms, left_ms);
  }
}

/* --- drops --- */

void packet_drops_remember(void)
{
  for (int why = 0; why < DROP_REASON_COUNT; why++) {
    drops_seen[why] = drop_count((enum drop_reason)why);
  }
}

void ignore_drops(void)
{
  packet_settle();
  packet_drops_remember();
}

static void drops_describe(char *out, size_t room)
{
  size_t len = 0;
  out[0] = '\0';
  for (int why = 1; why < DROP_REASON_COUNT; why++) {
    u32_t n = drop_count((enum drop_reason)why) - drops_seen[why];
    if (n > 0 && len < room) {
      len +=
          (size_t)snprintf(out + len, room - len, " %ux %s", n, drop_name((enum drop_reason)why));
    }
  }
}

void packet_expect_drops(u32_t n, enum drop_reason why, const char *file, int line)
{
  packet_settle();
  u32_t all = 0;
  u32_t right = 0;
  char found[400];
  for (int other = 1; other < DROP_REASON_COUNT; other++) {
    u32_t count = drop_count((enum drop_reason)other) - drops_seen[other];
    all += count;
    right += other == (int)why ? count : 0;
  }
  drops_describe(found, sizeof found);
  packet_drops_remember();
  if (all != n || right != n) {
    packet_fail(file, line, "expected %u drops %s, found:%s", n, n > 0 ? drop_name(why) : "",
                all > 0 ? found : " none");
  }
}

/* --- start and stop --- */

static void stack_start(void)
{
#if LWIP_MULTI_INSTANCE
  struct stack_port port = {.now_ms = port_now_ms, .entropy = port_entropy};
  stack = stack_new(&port);
  if (stack == NULL) {
    packet_fail(__FILE__, __LINE__, "stack_new() failed");
  }
  stack_before = stack_enter(stack);
#else
  memset(&lwip_stats, 0, sizeof lwip_stats); /* as in a fresh instance */
  lwip_init();
#endif
}

static void stack_stop(void)
{
#if LWIP_MULTI_INSTANCE
  stack_leave(stack_before);
  stack_free(stack);
  stack = NULL;
#endif
}

bool packet_stack_is_started(void)
{
  return is_started;
}

void packet_stack_start(const char *seed_text, u32_t fault_at)
{
  clock_ms = CLOCK_START_MS;
  entropy_seed(seed_text);
  driver_complaint[0] = '\0';
  memset(&net, 0, sizeof net);
  nets_count = 0;
  packet_net6_forget();
  stack_start();
  is_started = true;
  fault_arm(fault_at);
  nets_count = 1;
  net_add(&net);
  netif_set_default(&net.netif);
  tx_discard();
  packet_drops_remember();
}

static bool is_added(const struct netif *wanted)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (netif == wanted) {
      return true;
    }
  }
  return false;
}

static void restore_ip4(void)
{
#if LWIP_IPV4
  ip4_addr_t addr = ip4_of("10.0.0.1");
  ip4_addr_t mask = ip4_of("255.255.255.0");
  ip4_addr_t gw = ip4_of("10.0.0.254");
  netif_set_addr(&net.netif, &addr, &mask, &gw);
#endif
}

void packet_stack_restore(void)
{
  if (!is_added(&net.netif)) {
    memset(&net, 0, sizeof net);
    nets_count = LWIP_MAX(nets_count, 1);
    net_add(&net);
  }
  net.peer_answers_arp = true;
  net.peer_answers_nd = true;
  net.drops_tx = false;
  net.netif.mtu = 1500;
  net.netif.input = ethernet_input;
  net.netif.linkoutput = driver_linkoutput;
  memcpy(net.netif.hwaddr, our_mac, 6);
  restore_ip4();
  packet_net6_restore(&net.netif);
  netif_set_default(&net.netif);
  netif_set_link_up(&net.netif);
  netif_set_up(&net.netif);
  packet_net6_quiet();
  tx_discard();
}

void packet_stack_stop(void)
{
  lwip_deinit();
  is_started = false;
  u32_t timers = timers_count();
  u32_t elements = memp_used_total();
  u32_t bytes = mem_used_bytes();
  u32_t frames = packet_framing_outstanding();
  stack_stop();
  if (timers != 0 || elements != 0 || bytes != 0 || frames != 0) {
    packet_fail(__FILE__, __LINE__,
                "left behind: %u timers, %u pool elements, %u heap bytes, %u received pbufs",
                timers, elements, bytes, frames);
  }
}
