/**
 * @file
 * SYN flood.
 *
 * The gateway's netif towards the server is where SYN-ACKs for the addresses that were made up
 * end: the Internet would have swallowed them.
 */
#include "lwip/opt.h"

#if LWIP_TCP

#include <stdlib.h>
#include <string.h>
#include "lwip/memp.h"
#include "lwip/priv/memp_priv.h"
#include "lwip/prot/ethernet.h"
#include "lwip/prot/tcp.h"
#include "lwip/stats.h"
#include "lwip/tcp.h"
#include "wire/tcp.h"
#include "sim/flood.h"

#define PORT         80
#define PATIENCE_US  (3 * SIM_SECOND)
#define REQUEST_LEN  100U
#define RESPONSE_LEN 2000U
/** SYNs come in bunches of this time. */
#define BUNCH_US 200U

static const char *const server_addr[2] = {"10.0.0.1", "2001:db8:1::1"};

struct flood;

struct client {
  struct flood *flood;
  struct tcp_pcb *pcb;
  bool is_v6, does_wait;
  u64_t started_us;
  u32_t received;
};

struct flood {
  struct sim *sim;
  struct sim_node *server, *gateway, *users;
  struct sim_port *server_port, *gateway_port;
  struct sim_random r;
  const struct flood_plan *plan;
  struct flood_result *result;
  struct client *client; /* the first one is old */
  u64_t end_us;
  u32_t used_before[MEMP_MAX];
};

/* --- the server: answers what is asked --- */

static err_t server_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  static const u8_t response[RESPONSE_LEN];
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return tcp_close(pcb);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return tcp_write(pcb, response, sizeof response, 0) == ERR_OK ? ERR_OK : ERR_MEM;
}

static err_t server_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err == ERR_OK) {
    tcp_recv(pcb, server_recv);
  }
  return err;
}

static void server_listen(const struct flood *f)
{
  sim_enter(f->server);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  LWIP_ASSERT("no pcb", pcb != NULL);
  err_t err = tcp_bind(pcb, NULL, PORT);
  struct tcp_pcb *listener = tcp_listen_with_backlog(pcb, f->plan->backlog);
  LWIP_ASSERT("no listener", err == ERR_OK && listener != NULL);
  tcp_accept(listener, server_accept);
  sim_leave(f->server);
}

/* --- the genuine clients --- */

static void client_ask(struct client *c)
{
  static const u8_t request[REQUEST_LEN];
  c->started_us = c->does_wait ? sim_now_us(c->flood->sim) : c->started_us;
  if (c->pcb != NULL && tcp_write(c->pcb, request, sizeof request, 0) == ERR_OK) {
    tcp_output(c->pcb);
  }
}

static err_t client_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct client *c = (struct client *)arg;
  LWIP_UNUSED_ARG(pcb);
  if (!c->does_wait) {
    c->flood->result->connected += sim_now_us(c->flood->sim) - c->started_us <= PATIENCE_US;
    client_ask(c);
  }
  return err;
}

static err_t client_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct client *c = (struct client *)arg;
  struct flood_result *r = c->flood->result;
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return ERR_OK;
  }
  c->received += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  if (c->received == RESPONSE_LEN) {
    bool is_in_time = sim_now_us(c->flood->sim) - c->started_us <= PATIENCE_US;
    r->served += is_in_time && !c->does_wait;
    r->is_old_served |= is_in_time && c->does_wait;
    c->pcb = NULL;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    return tcp_close(pcb);
  }
  return ERR_OK;
}

static void client_error(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(err);
  if (arg != NULL) {
    ((struct client *)arg)->pcb = NULL;
  }
}

/** sim_fn */
static void client_start(struct sim *sim, void *arg)
{
  struct client *c = (struct client *)arg;
  ip_addr_t addr;
  c->started_us = sim_now_us(sim);
  sim_enter(c->flood->users);
  c->pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  int is_right = ipaddr_aton(server_addr[c->is_v6], &addr);
  LWIP_ASSERT("no pcb", c->pcb != NULL && is_right);
  tcp_arg(c->pcb, c);
  tcp_recv(c->pcb, client_recv);
  tcp_err(c->pcb, client_error);
  err_t err = tcp_connect(c->pcb, &addr, PORT, client_connected);
  LWIP_ASSERT("tcp_connect failed", err == ERR_OK);
  sim_leave(c->flood->users);
}

/** sim_fn: the one who was there before. */
static void client_goes_on(struct sim *sim, void *arg)
{
  struct client *c = (struct client *)arg;
  LWIP_UNUSED_ARG(sim);
  sim_enter(c->flood->users);
  client_ask(c);
  sim_leave(c->flood->users);
}

/* --- the attacker --- */

static void put16(u8_t *b, u32_t v)
{
  b[0] = (u8_t)(v >> 8);
  b[1] = (u8_t)v;
}

static u16_t checksum(const u8_t *b, size_t len, u32_t sum)
{
  for (size_t i = 0; i < len; i += 2) {
    sum += (u32_t)b[i] << 8 | b[i + 1];
  }
  sum = (sum & 0xffff) + (sum >> 16);
  return (u16_t) ~((sum & 0xffff) + (sum >> 16));
}

/** A SYN with the options that real ones have. @return its length */
static u8_t put_syn(struct flood *f, u8_t *at)
{
  struct tcp_options o = {
      .has = TCP_HAS_MSS | TCP_HAS_SACK_OK | TCP_HAS_WND_SHIFT, .mss = 1460, .wnd_shift = 7};
  u64_t bits = sim_random_u64(&f->r);
  struct tcp_header h = {.src_port = (u16_t)(1024U + (bits & 0x7fff)),
                         .dst_port = PORT,
                         .seq = (u32_t)(bits >> 32),
                         .wnd = 64240,
                         .flags = TCP_SYN};
  if (bits & 0x10000) {
    o.has |= TCP_HAS_TIMESTAMP;
    o.tsval = (u32_t)(bits >> 17);
  }
  u8_t len = (u8_t)(TCP_HLEN + tcp_options_len(&o));
  h.header_len = len;
  tcp_build(at, &h);
  tcp_build_options(at + TCP_HLEN, &o);
  return len;
}

/** A frame from the gateway with a source that is not there: 198.18.0.0/15, 2001:db8:ffff::/48. */
static size_t put_frame(struct flood *f, u8_t *b, bool is_v6)
{
  u64_t who = sim_random_u64(&f->r);
  u8_t *ip = b + SIZEOF_ETH_HDR;
  unsigned header = is_v6 ? 40 : 20;
  memcpy(b, sim_port_netif(f->server_port)->hwaddr, 6);
  memcpy(b + 6, sim_port_netif(f->gateway_port)->hwaddr, 6);
  put16(b + 12, is_v6 ? ETHTYPE_IPV6 : ETHTYPE_IP);
  u8_t len = put_syn(f, ip + header);
  if (is_v6) {
    static const u8_t start[] = {0x60, 0, 0, 0, 0, 0, 6, 60, 0x20, 1, 0x0d, 0xb8, 0xff, 0xff};
    static const u8_t dst[] = {0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    memcpy(ip, start, sizeof start);
    put16(ip + 4, len);
    put16(ip + 14, 0);
    memcpy(ip + 16, &who, 8);
    memcpy(ip + 24, dst, 16);
  } else {
    const u8_t start[20] = {0x45,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0x40,
                            0,
                            60,
                            6,
                            0,
                            0,
                            198,
                            (u8_t)(18 | (who & 1)),
                            (u8_t)(who >> 8),
                            (u8_t)(who >> 16),
                            10,
                            0,
                            0,
                            1};
    memcpy(ip, start, sizeof start);
    put16(ip + 2, header + len);
    put16(ip + 10, checksum(ip, 20, 0));
  }
  unsigned addresses = is_v6 ? 8 : 12;
  u16_t sum = checksum(ip + header, len,
                       (u32_t)6 + len + (u16_t)~checksum(ip + addresses, header - addresses, 0));
  put16(ip + header + 16, sum);
  return SIZEOF_ETH_HDR + header + len;
}

/** sim_fn: some more. */
static void attack(struct sim *sim, void *arg)
{
  struct flood *f = (struct flood *)arg;
  u8_t frame[128];
  if (sim_now_us(sim) >= f->end_us) {
    return;
  }
  sim_enter(f->gateway);
  u32_t count = (u32_t)((u64_t)f->plan->syns_per_s * BUNCH_US / SIM_SECOND);
  for (u32_t i = 0; i < count; i++) {
    bool is_v6 = LWIP_IPV6 && (!LWIP_IPV4 || (i & 1));
    u16_t len = (u16_t)put_frame(f, frame, is_v6);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(len + ETH_PAD_SIZE), PBUF_RAM);
    LWIP_ASSERT("no pbuf", p != NULL);
    pbuf_take_at(p, frame, len, ETH_PAD_SIZE);
    struct netif *netif = sim_port_netif(f->gateway_port);
    netif->linkoutput(netif, p);
    pbuf_free(p);
    f->result->syns++;
  }
  sim_leave(f->gateway);
  sim_after(sim, BUNCH_US, attack, f);
}

static netif_input_fn gateway_input;
static struct flood *present;

/** What the server sends to those who are not there ends here. */
static err_t swallow(struct pbuf *p, struct netif *netif)
{
  const u8_t *frame = (const u8_t *)p->payload + ETH_PAD_SIZE;
  const u8_t *ip = frame + SIZEOF_ETH_HDR;
  bool is_v6 = frame[12] == (u8_t)(ETHTYPE_IPV6 >> 8) && frame[13] == (u8_t)ETHTYPE_IPV6;
  bool is_v4 = frame[12] == (u8_t)(ETHTYPE_IP >> 8) && frame[13] == (u8_t)ETHTYPE_IP;
  if ((is_v4 && p->len >= 34 && ip[16] == 198) ||
      (is_v6 && p->len >= 54 && ip[24] == 0x20 && ip[28] == 0xff)) {
    present->result->syn_acks++;
    pbuf_free(p);
    return ERR_OK;
  }
  return gateway_input(p, netif);
}

/* --- the network --- */

static struct sim_port *attach(struct sim_node *node, struct sim_link *link, const char *ip,
                               const char *gw, const char *ip6)
{
  struct sim_port *port = LWIP_IPV4 ? sim_attach(node, link, ip, "255.255.255.0", gw)
                                    : sim_attach(node, link, NULL, NULL, NULL);
  if (LWIP_IPV6) {
    sim_port_start_ip6(port);
  }
  sim_port_add_ip6(port, ip6);
  return port;
}

static void build(struct flood *f)
{
  struct sim_link *near = sim_link_new(f->sim, "server", SIM_P2P);
  struct sim_link *far = sim_link_new(f->sim, "users", SIM_P2P);
  f->server = sim_node_new(f->sim, "server");
  f->gateway = sim_node_new(f->sim, "gateway");
  f->users = sim_node_new(f->sim, "users");
  f->server_port = attach(f->server, near, "10.0.0.1", "10.0.0.254", "2001:db8:1::1");
  f->gateway_port = attach(f->gateway, near, "10.0.0.254", NULL, "2001:db8:1::fe");
  attach(f->gateway, far, "10.0.1.254", NULL, "2001:db8:2::fe");
  struct sim_port *users = attach(f->users, far, "10.0.1.1", "10.0.1.254", "2001:db8:2::1");
  sim_port_add_gateway6(f->server_port, "2001:db8:1::fe");
  sim_port_add_gateway6(users, "2001:db8:2::fe");
  struct netif *netif = sim_port_netif(f->gateway_port);
  gateway_input = netif->input;
  netif->input = swallow;
  present = f;
  struct sim_conditions c = {
      .rate_bps = 1000000000, .delay_us = 1000, .loss_ppm = f->plan->loss_ppm};
  sim_link_set_conditions(near, &c);
  c.delay_us = 20000;
  c.loss_ppm = 0;
  sim_link_set_conditions(far, &c);
}

/** Everybody comes at some time of the flood. */
static void plan_clients(struct flood *f)
{
  u64_t from_us = sim_now_us(f->sim);
  u64_t span_us = f->end_us - from_us - PATIENCE_US;
  f->client = (struct client *)calloc(f->plan->clients + 1, sizeof *f->client);
  LWIP_ASSERT("no memory", f->client != NULL);
  for (u32_t i = 0; i <= f->plan->clients; i++) {
    struct client *c = &f->client[i];
    c->flood = f;
    c->is_v6 = LWIP_IPV6 && (!LWIP_IPV4 || (i & 1));
    c->does_wait = i == 0;
    u64_t at_us = i == 0 ? 0 : from_us + sim_random_below(&f->r, span_us);
    sim_at(f->sim, at_us, client_start, c);
  }
  sim_at(f->sim, f->end_us - PATIENCE_US, client_goes_on, &f->client[0]);
}

static void measure(struct flood *f)
{
  sim_enter(f->server);
  f->result->half_open_max = f->result->pcbs_max = 0;
  for (unsigned i = 0; i < MEMP_MAX; i++) {
    u32_t most = (u32_t)lwip_stats.memp[i]->max;
    u32_t before = LWIP_MIN(most, f->used_before[i]);
    f->result->bytes_max += (u64_t)(most - before) * memp_pools[i]->size;
    f->result->left += lwip_stats.memp[i]->used > f->used_before[i]
                           ? (u32_t)lwip_stats.memp[i]->used - f->used_before[i]
                           : 0;
  }
#if LWIP_TCP_SYNCACHE
  f->result->half_open_max = (u32_t)lwip_stats.memp[MEMP_TCP_HALF_OPEN]->max;
#endif
  f->result->pcbs_max = (u32_t)lwip_stats.memp[MEMP_TCP_PCB]->max;
  sim_leave(f->server);
}

void flood_run(u64_t seed, const struct flood_plan *plan, struct flood_result *result)
{
  struct flood f = {.plan = plan, .result = result};
  memset(result, 0, sizeof *result);
  f.sim = sim_new(seed);
  sim_random_init(&f.r, f.sim, "flood");
  build(&f);
  server_listen(&f);
  sim_run_for(f.sim, 5 * SIM_SECOND); /* addresses are settled */
  sim_enter(f.server);
  for (unsigned i = 0; i < MEMP_MAX; i++) {
    f.used_before[i] = (u32_t)lwip_stats.memp[i]->used;
  }
  sim_leave(f.server);
  f.end_us = sim_now_us(f.sim) + SIM_SECOND + (u64_t)plan->duration_s * SIM_SECOND;
  plan_clients(&f);
  sim_after(f.sim, SIM_SECOND, attack, &f);
  sim_run_until(f.sim, f.end_us);
  sim_run_for(f.sim, 300 * SIM_SECOND); /* half-open connections and TIME-WAIT are over */
  measure(&f);
  sim_free(f.sim);
  free(f.client);
}

#endif
