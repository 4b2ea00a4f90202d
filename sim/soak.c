/**
 * @file
 * Soak: the network of a scenario, its faults, and the verdict.
 */
#include "lwip/opt.h"

#if LWIP_TCP

#include <stdarg.h>
#include <string.h>
#include "lwip/memp.h"
#include "gossamer/offload.h"
#include "base/fault.h"
#include "sim/soak_priv.h"
#include "sim/tcp_invariants.h"

/** Keepalive and the longest retransmission back-off end everything long before. */
#define PATIENCE_US (3600 * SIM_SECOND)
/** Until addresses are checked and groups joined. */
#define SETTLE_US (5 * SIM_SECOND)
/** More than any scenario needs. */
#define EVENTS_MAX 2000000U
#define CHECK_US   (200 * SIM_MS)

void soak_fail(struct soak *s, const char *format, ...)
{
  if (s->result->is_ok) {
    va_list args;
    s->result->is_ok = false;
    int n = snprintf(s->result->why, sizeof s->result->why,
                     "at %llu us: ", (unsigned long long)sim_now_us(s->sim));
    va_start(args, format);
    vsnprintf(s->result->why + n, sizeof s->result->why - (size_t)n, format, args);
    va_end(args);
  }
}

u32_t soak_below(struct soak *s, u32_t n)
{
  return (u32_t)sim_random_below(&s->r, LWIP_MAX(n, 1));
}

bool soak_hits(struct soak *s, u32_t ppm)
{
  return sim_random_hits(&s->r, ppm);
}

/* --- the network --- */

static const char *const addr4[2][2] = {{"10.0.1.1", "10.0.1.2"}, {"10.0.1.1", "10.0.2.1"}};
static const char *const addr6[2][2] = {{"2001:db8:1::1", "2001:db8:1::2"},
                                        {"2001:db8:1::1", "2001:db8:2::1"}};
static const char *const router4[2] = {"10.0.1.254", "10.0.2.254"};

void soak_addr(const struct soak *s, unsigned side, bool is_v6, ip_addr_t *addr)
{
  const char *const(*texts)[2] = is_v6 ? addr6 : addr4;
  int is_right = ipaddr_aton(texts[s->router != NULL][side], addr);
  LWIP_ASSERT("not an address", is_right);
}

static const char *const router6[2] = {"2001:db8:1::fe", "2001:db8:2::fe"};

static unsigned side_of(const struct soak *s, const struct sim_node *node)
{
  return node == s->host[1];
}

static void host_boot(struct sim_node *node, void *ctx)
{
  struct soak *s = (struct soak *)ctx;
  unsigned side = side_of(s, node);
  sim_port_add_ip6(s->port[side], addr6[s->router != NULL][side]);
  if (s->router != NULL) {
    sim_port_add_gateway6(s->port[side], router6[side]);
  }
  soak_listen(s, side);
}

static struct sim_port *attach(struct sim_node *node, struct sim_link *link, const char *ip,
                               const char *gw)
{
  struct sim_port *port = LWIP_IPV4 ? sim_attach(node, link, ip, "255.255.255.0", gw)
                                    : sim_attach(node, link, NULL, NULL, NULL);
  if (LWIP_IPV6) {
    sim_port_start_ip6(port);
  }
  return port;
}

/** Some ports have a hardware that cuts and sums. */
static void draw_offload(struct soak *s)
{
  static const u8_t kinds[] = {NETIF_OFFLOAD_TCP_CHECKSUM, NETIF_OFFLOAD_TSO4, NETIF_OFFLOAD_TSO6,
                               NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6};
  for (unsigned i = 0; i < s->ports; i++) {
    if (soak_hits(s, 200000)) {
      u32_t kind = soak_below(s, LWIP_ARRAYSIZE(kinds));
      sim_port_offload(s->port[i], kinds[kind]);
      s->has_offload = true;
    }
  }
}

static void build(struct soak *s)
{
  bool is_routed = soak_hits(s, 400000);
  s->host[0] = sim_node_new(s->sim, "a");
  s->host[1] = sim_node_new(s->sim, "b");
  s->router = is_routed ? sim_node_new(s->sim, "router") : NULL;
  s->links = is_routed ? 2 : 1;
  s->link[0] = sim_link_new(s->sim, "left", SIM_P2P);
  s->link[1] = is_routed ? sim_link_new(s->sim, "right", SIM_P2P) : s->link[0];
  for (unsigned i = 0; i < 2; i++) {
    s->port[i] = attach(s->host[i], s->link[i], addr4[is_routed][i], is_routed ? router4[i] : NULL);
  }
  for (unsigned i = 0; i < 2 && is_routed; i++) {
    s->port[2 + i] = attach(s->router, s->link[i], router4[i], NULL);
    sim_port_add_ip6(s->port[2 + i], router6[i]);
  }
  s->ports = is_routed ? 4 : 2;
  draw_offload(s);
}

/* --- faults --- */

static u32_t up_to(struct soak *s, u32_t ppm, u32_t most)
{
  return soak_hits(s, ppm) ? soak_below(s, most) : 0;
}

static void draw_path(struct soak *s, struct sim_conditions *c)
{
  static const u64_t rates[] = {0, 1000000, 10000000, 10000000, 100000000};
  u32_t rate = soak_below(s, LWIP_ARRAYSIZE(rates));
  c->rate_bps = rates[rate];
  c->delay_us = 20 + up_to(s, 800000, 100000); /* without any, a storm would stop the clock */
  c->jitter_us = up_to(s, 300000, 20000);
  c->is_jitter_unfair = soak_hits(s, 300000);
  c->queue_frames_max = soak_hits(s, 500000) ? 5 + soak_below(s, 200) : 0;
}

static void draw_faults(struct soak *s, struct sim_conditions *c)
{
  u32_t most_loss = s->is_mild ? 20000 : (soak_hits(s, 300000) ? 300000 : 100000);
  c->loss_ppm = up_to(s, 700000, most_loss);
  c->duplicate_ppm = up_to(s, 300000, 100000);
  c->reorder_ppm = up_to(s, 400000, 200000);
  u64_t packet_us = c->rate_bps == 0 ? 20 : 1514 * 8 * SIM_SECOND / c->rate_bps;
  c->reorder_us = packet_us * (1 + soak_below(s, 100));
  c->mark_ppm = up_to(s, 300000, 100000);
  s->does_change_mtu = soak_hits(s, 150000);
  if (s->is_mild) {
    return;
  }
  c->corrupt_ppm = up_to(s, 200000, 50000);
  if (soak_hits(s, 200000)) {
    c->good_to_bad_ppm = soak_below(s, 20000);
    c->bad_to_good_ppm = 20000 + soak_below(s, 500000);
    c->loss_bad_ppm = 500000 + soak_below(s, 500000);
  }
  s->does_reboot = soak_hits(s, 100000);
  s->does_flap = soak_hits(s, 100000);
  s->does_cut = soak_hits(s, 100000);
  s->does_fail_alloc = soak_hits(s, 200000);
  s->is_dry = s->does_fail_alloc && soak_hits(s, 200000);
  s->has_black_hole = soak_hits(s, 50000);
}

static void describe(struct soak *s)
{
  const struct sim_conditions *c = &s->conditions;
  snprintf(s->result->faults, sizeof s->result->faults,
           "%s%s%.0f Mbit/s %.0f ms, loss %.1f %%, dup %.1f, reorder %.1f, bits %.1f, marks %.1f"
           "%s%s%s%s%s%s%s%s%s",
           s->is_mild ? "mild " : "", s->router != NULL ? "routed " : "", (double)c->rate_bps / 1e6,
           (double)c->delay_us / 1e3, c->loss_ppm / 1e4, c->duplicate_ppm / 1e4,
           c->reorder_ppm / 1e4, c->corrupt_ppm / 1e4, c->mark_ppm / 1e4,
           c->good_to_bad_ppm != 0 ? ", bursts" : "", s->does_reboot ? ", reboots" : "",
           s->does_flap ? ", flaps" : "", s->does_cut ? ", cuts" : "",
           s->does_fail_alloc ? ", memory" : "", s->is_dry ? " much" : "",
           s->does_change_mtu ? ", mtu" : "", s->has_black_hole ? ", black hole" : "",
           s->has_offload ? ", offload" : "");
}

static void reboot(struct soak *s)
{
  unsigned side = soak_below(s, 2);
  soak_host_died(s, side);
  sim_node_reboot(s->host[side]);
  s->result->reboots++;
}

static void fail_allocation(struct soak *s)
{
  struct sim_node *node = s->host[soak_below(s, 2)];
  sim_enter(node);
  fault_arm(1 + soak_below(s, 40));
  sim_leave(node);
  s->result->failed_allocations++;
}

/** Smaller links, or larger ones again; routers say so by ICMP. */
static void change_mtu(struct soak *s)
{
  u32_t least = 576;
  for (unsigned i = 0; i < s->conns; i++) {
    least = s->conn[i].is_v6 ? 1280 : least;
  }
  u16_t mtu = (u16_t)(least + soak_below(s, 1501 - least));
  sim_port_set_mtu(s->port[soak_below(s, s->ports)], mtu);
}

/** Long frames vanish, and nobody says so; or no more. */
static void change_black_hole(struct soak *s)
{
  struct sim_conditions c = s->conditions;
  c.frame_len_max = soak_hits(s, 500000) ? 200 + soak_below(s, 1300) : 0;
  c.corrupt_ppm = 0;
  sim_link_set_conditions(s->link[s->links - 1], &c);
}

static void cut(struct soak *s)
{
  sim_port_set_group(s->port[0], soak_hits(s, 500000));
}

/** sim_fn: something happens now and then. */
static void trouble(struct sim *sim, void *ctx)
{
  struct soak *s = (struct soak *)ctx;
  if (sim_now_us(sim) >= s->faults_end_us) {
    return;
  }
  if (s->does_reboot && soak_hits(s, 30000)) {
    reboot(s);
  }
  if (s->does_fail_alloc) {
    fail_allocation(s);
  }
  if (s->does_change_mtu && soak_hits(s, 100000)) {
    change_mtu(s);
  }
  if (s->has_black_hole && soak_hits(s, 50000)) {
    change_black_hole(s);
  }
  if (s->does_cut && soak_hits(s, 200000)) {
    cut(s);
  }
  sim_after(sim, 1 + soak_below(s, s->is_dry ? 10000 : 400000), trouble, s);
}

/** sim_fn */
static void heal(struct sim *sim, void *ctx)
{
  struct soak *s = (struct soak *)ctx;
  struct sim_conditions c = {.rate_bps = s->conditions.rate_bps,
                             .delay_us = s->conditions.delay_us};
  LWIP_UNUSED_ARG(sim);
  for (unsigned i = 0; i < s->links; i++) {
    sim_link_set_conditions(s->link[i], &c);
    sim_link_heal(s->link[i]);
  }
  for (unsigned i = 0; i < s->ports; i++) {
    sim_port_flap(s->port[i], 0, 0);
    sim_port_set_mtu(s->port[i], 1500);
  }
  for (unsigned i = 0; i < 2; i++) {
    sim_enter(s->host[i]);
    fault_arm(0);
    sim_leave(s->host[i]);
  }
}

static void start_faults(struct soak *s)
{
  s->faults_end_us = sim_now_us(s->sim) + SIM_SECOND + soak_below(s, 60000000);
  draw_path(s, &s->conditions);
  draw_faults(s, &s->conditions);
  struct sim_conditions c = s->conditions;
  for (unsigned i = 0; i < s->links; i++) {
    sim_link_set_conditions(s->link[i], &c);
    c.corrupt_ppm = 0; /* a second bit on another link could hide the first from the checksum */
  }
  if (s->does_flap) {
    sim_port_flap(s->port[soak_below(s, s->ports)], 3 * SIM_SECOND, 300 * SIM_MS);
  }
  sim_after(s->sim, 1000, trouble, s);
  sim_at(s->sim, s->faults_end_us, heal, s);
}

/* --- the verdict --- */

static void check_pcbs(struct soak *s)
{
  for (unsigned i = 0; i < 2; i++) {
    sim_enter(s->host[i]);
    const char *why = tcp_instance_fault(true);
    sim_leave(s->host[i]);
    if (why != NULL) {
      soak_fail(s, "host %u: %s", i, why);
    }
  }
}

static bool all_over(const struct soak *s)
{
  for (unsigned i = 0; i < s->conns; i++) {
    if (!soak_conn_is_over(&s->conn[i])) {
      return false;
    }
  }
  return true;
}

/** No connection is left. */
static void check_end(struct soak *s, const struct soak_end *e)
{
  const struct soak_end *from = &e->conn->end[1 - e->side];
  if (e->pcb != NULL || (e->fate == SOAK_OPEN && from->fate == SOAK_OPEN)) {
    soak_fail(s, "connection %u side %u is stuck: state %s, %u of %u written, %u received, %s",
              e->conn->index, e->side, e->pcb != NULL ? tcp_debug_state_str(e->pcb->state) : "-",
              e->written, e->total, e->received, e->saw_fin ? "end seen" : "end not seen");
  }
  if (e->fate == SOAK_DONE && e->received != from->written) {
    soak_fail(s, "connection %u side %u: %u of %u bytes", e->conn->index, e->side, e->received,
              from->written);
  }
}

/** Elements of all pools in use, by host. */
static u32_t memory_in_use(struct soak *s, unsigned side)
{
  sim_enter(s->host[side]);
  u32_t used = memp_used_total();
  sim_leave(s->host[side]);
  return used;
}

/** Is no more in use than before it began? */
static bool is_quiet(struct soak *s)
{
  return memory_in_use(s, 0) <= s->used_before[0] && memory_in_use(s, 1) <= s->used_before[1];
}

static void run_until(struct soak *s, bool (*is_there)(struct soak *s), u64_t step_us)
{
  u64_t end_us = sim_now_us(s->sim) + PATIENCE_US;
  while (s->result->is_ok && !is_there(s) && sim_now_us(s->sim) < end_us) {
    sim_run_for(s->sim, step_us);
    check_pcbs(s);
    if (sim_event_count(s->sim) > EVENTS_MAX) {
      soak_fail(s, "a storm: %llu events", (unsigned long long)sim_event_count(s->sim));
    }
  }
}

static bool is_over(struct soak *s)
{
  return all_over(s) && sim_now_us(s->sim) > s->faults_end_us;
}

static void judge(struct soak *s)
{
  run_until(s, is_over, CHECK_US);
  run_until(s, is_quiet, SIM_SECOND);
  for (unsigned i = 0; i < s->conns && s->result->is_ok; i++) {
    check_end(s, &s->conn[i].end[0]);
    check_end(s, &s->conn[i].end[1]);
  }
  if (s->result->is_ok && !is_quiet(s)) {
    soak_fail(s, "%u and %u elements of memory in use, %u and %u before", memory_in_use(s, 0),
              memory_in_use(s, 1), s->used_before[0], s->used_before[1]);
  }
}

static void boot_hosts(struct soak *s)
{
  for (unsigned i = 0; i < 2; i++) {
    sim_node_set_boot(s->host[i], host_boot, s);
    sim_enter(s->host[i]);
    host_boot(s->host[i], s);
    sim_leave(s->host[i]);
  }
  sim_run_for(s->sim, SETTLE_US);
  for (unsigned i = 0; i < 2; i++) {
    s->used_before[i] = memory_in_use(s, i);
  }
}

void soak_run(u64_t seed, struct soak_result *result, FILE *pcap)
{
  static struct soak scenario;
  struct soak *s = &scenario;
  memset(s, 0, sizeof *s);
  memset(result, 0, sizeof *result);
  result->seed = seed;
  result->is_ok = true;
  s->result = result;
  s->sim = sim_new(seed);
  sim_random_init(&s->r, s->sim, "soak");
  build(s);
  if (pcap != NULL) {
    sim_capture_port(sim_capture_new(s->sim, pcap), s->port[0]);
  }
  s->is_mild = soak_hits(s, 300000);
  s->conns = result->connections = 1 + soak_below(s, soak_hits(s, 500000) ? 2 : SOAK_CONNS_MAX);
  for (unsigned i = 0; i < s->conns; i++) {
    soak_conn_plan(s, i);
  }
  boot_hosts(s);
  start_faults(s);
  describe(s);
  judge(s);
  result->events = sim_event_count(s->sim);
  result->virtual_us = sim_now_us(s->sim);
  sim_free(s->sim);
}

#endif
