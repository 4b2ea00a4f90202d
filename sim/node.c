/**
 * @file
 * Nodes: one stack each, with virtual time, seeded entropy and a netif per port.
 *
 * Whenever a node is left, its wake-up event is set to its stack's first timer.
 */
#include <stdlib.h>
#include <string.h>
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "gossamer/ip6_config.h"
#include "gossamer/offload.h"
#include "gossamer/route.h"
#include "gossamer/timer.h"
#include "sim/sim_priv.h"

static u32_t node_now_ms(void *ctx)
{
  const struct sim_node *node = ctx;
  return (u32_t)(node->sim->now_us / SIM_MS);
}

static u32_t node_now_us(void *ctx)
{
  return (u32_t)((struct sim_node *)ctx)->sim->now_us;
}

static void node_entropy(void *ctx, void *buf, size_t len)
{
  struct sim_node *node = ctx;
  for (size_t i = 0; i < len; i++) {
    ((u8_t *)buf)[i] = (u8_t)sim_random_u64(&node->entropy);
  }
}

static void node_start(struct sim_node *node)
{
  struct stack_port port = {
      .now_ms = node_now_ms, .now_us = node_now_us, .entropy = node_entropy, .ctx = node};
  node->stack = stack_new(&port);
  if (node->stack == NULL) {
    fprintf(stderr, "sim: no memory for the stack of node %s\n", node->name);
    abort();
  }
}

/** Clocks of stacks tick at whole milliseconds. */
static void node_plan_wake(struct sim_node *node)
{
  u32_t sleep_ms = timers_sleep_ms();
  if (sleep_ms == TIMER_NEVER) {
    sim_unschedule(node->sim, &node->wake);
    return;
  }
  u64_t at_us = (node->sim->now_us / SIM_MS + sleep_ms) * SIM_MS;
  at_us = LWIP_MAX(at_us, node->sim->now_us);
  if (node->wake.index == 0 || node->wake.at_us != at_us) {
    sim_schedule(node->sim, &node->wake, at_us);
  }
}

static void node_wake(struct sim *sim, struct sim_event *e)
{
  struct sim_node *node = (struct sim_node *)(void *)((u8_t *)e - offsetof(struct sim_node, wake));
  (void)sim;
  sim_enter(node);
  timers_run();
  sim_leave(node);
}

struct sim_node *sim_node_new(struct sim *sim, const char *name)
{
  struct sim_node *node = sim_alloc(sizeof *node);
  node->sim = sim;
  node->name = sim_copy_text(name);
  node->wake.fn = node_wake;
  node->ports_end = &node->ports;
  sim_random_init(&node->entropy, sim, "node %s entropy", name);
  *sim->nodes_end = node;
  sim->nodes_end = &node->next;
  node_start(node);
  return node;
}

void sim_node_free(struct sim_node *node)
{
  stack_free(node->stack);
  sim_unschedule(node->sim, &node->wake);
  free(node->name);
  free(node);
}

const char *sim_node_name(const struct sim_node *node)
{
  return node->name;
}

struct sim *sim_node_sim(const struct sim_node *node)
{
  return node->sim;
}

void sim_enter(struct sim_node *node)
{
  struct sim *sim = node->sim;
  LWIP_ASSERT("sim_enter: nested too deeply", sim->entered_depth < SIM_ENTER_DEPTH_MAX);
  sim->entered[sim->entered_depth].node = node;
  sim->entered[sim->entered_depth].before = stack_enter(node->stack);
  sim->entered_depth++;
}

void sim_leave(struct sim_node *node)
{
  struct sim *sim = node->sim;
  LWIP_ASSERT("sim_leave: this node was not entered last",
              sim->entered_depth > 0 && sim->entered[sim->entered_depth - 1].node == node);
  node_plan_wake(node);
  sim->entered_depth--;
  stack_leave(sim->entered[sim->entered_depth].before);
}

struct sim_node *sim_current(struct sim *sim)
{
  return sim->entered_depth == 0 ? NULL : sim->entered[sim->entered_depth - 1].node;
}

void sim_node_set_boot(struct sim_node *node, void (*boot)(struct sim_node *node, void *ctx),
                       void *ctx)
{
  node->boot = boot;
  node->boot_ctx = ctx;
}

void sim_node_reboot(struct sim_node *node)
{
  stack_free(node->stack);
  node_start(node);
  for (struct sim_port *port = node->ports; port != NULL; port = port->next_of_node) {
    memset(&port->netif, 0, sizeof port->netif);
    sim_node_add_netif(port);
  }
  if (node->boot != NULL) {
    sim_enter(node);
    node->boot(node, node->boot_ctx);
    sim_leave(node);
  }
}

/* --- netifs --- */

void sim_port_transmit(struct sim_port *port, struct sim_frame *frame)
{
  struct sim_link *link = port->link;
  struct sim *sim = link->sim;
  if (port->capture != NULL) {
    sim_capture_frame(port->capture, port->capture_id, sim->now_us, frame, true);
  }
  if (link->capture != NULL) {
    sim_capture_frame(link->capture, link->capture_id, sim->now_us, frame, true);
  }
  if (port->has_carrier) {
    sim_pipe_send(sim, link->kind == SIM_HUB ? &link->medium : &port->tx, port, NULL, frame);
  } else {
    port->tx.count.sent++;
    port->tx.count.sent_bytes += frame->len;
    port->tx.count.cut++;
  }
  sim_frame_free(frame);
}

static err_t port_linkoutput(struct netif *netif, struct pbuf *p)
{
  struct sim_port *port = netif->state;
  struct sim_frame *frame = sim_frame_new((size_t)(p->tot_len - ETH_PAD_SIZE));
  pbuf_copy_partial(p, frame->data, (u16_t)frame->len, ETH_PAD_SIZE);
  sim_offload_transmit(port, p, frame);
  return ERR_OK;
}

void sim_node_receive(struct sim_port *port, const struct sim_frame *frame)
{
  if (port->capture != NULL) {
    sim_capture_frame(port->capture, port->capture_id, port->link->sim->now_us, frame, false);
  }
  sim_enter(port->node);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(frame->len + ETH_PAD_SIZE), PBUF_POOL);
  if (p != NULL) { /* a driver without buffers loses the frame */
    pbuf_take_at(p, frame->data, (u16_t)frame->len, ETH_PAD_SIZE);
    if (port->netif.input(p, &port->netif) != ERR_OK) {
      pbuf_free(p);
    }
  }
  sim_leave(port->node);
}

static err_t port_init(struct netif *netif)
{
  struct sim_port *port = netif->state;
  netif->name[0] = 's';
  netif->name[1] = 'm';
  netif->mtu = port->mtu;
  netif->hwaddr_len = 6;
  memcpy(netif->hwaddr, port->mac, 6);
  netif->linkoutput = port_linkoutput;
#if LWIP_OFFLOAD
  netif_offload_declare(netif, port->offload, 65535);
#endif
  netif->flags =
      NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHERNET | (port->has_carrier ? NETIF_FLAG_LINK_UP : 0);
#if LWIP_IPV4
  netif->output = etharp_output;
  netif->flags |= NETIF_FLAG_ETHARP | (LWIP_IGMP ? NETIF_FLAG_IGMP : 0);
#endif
#if LWIP_IPV6
  netif->output_ip6 = ethip6_output;
  netif->flags |= (LWIP_IPV6_MLD ? NETIF_FLAG_MLD6 : 0);
#endif
  return ERR_OK;
}

static struct netif *add_netif(struct sim_port *port)
{
#if LWIP_IPV4
  return netif_add(&port->netif, &port->ip, &port->mask, &port->gw, port, port_init,
                   ethernet_input);
#else
  return netif_add(&port->netif, port, port_init, ethernet_input);
#endif
}

static void start_ip6(struct sim_port *port)
{
#if LWIP_IPV6
  netif_create_ip6_linklocal_address(&port->netif, 1);
#else
  (void)port;
#endif
}

void sim_node_add_netif(struct sim_port *port)
{
  sim_enter(port->node);
  if (add_netif(port) == NULL) {
    fprintf(stderr, "sim: netif_add() failed for node %s\n", port->node->name);
    abort();
  }
  if (!ip4_addr_isany_val(port->gw)) {
    netif_set_default(&port->netif);
  }
  if (port->has_ip6) {
    start_ip6(port);
  }
  netif_set_up(&port->netif);
  sim_leave(port->node);
}

static ip4_addr_t address_of(const char *text)
{
  ip4_addr_t addr;
  ip4_addr_set_any(&addr);
#if LWIP_IPV4
  bool is_wrong = text != NULL && !ip4addr_aton(text, &addr);
#else
  bool is_wrong = text != NULL;
#endif
  if (is_wrong) {
    fprintf(stderr, "sim: not an IPv4 address: %s\n", text);
    abort();
  }
  return addr;
}

struct sim_port *sim_attach(struct sim_node *node, struct sim_link *link, const char *ip,
                            const char *mask, const char *gw)
{
  struct sim *sim = node->sim;
  struct sim_port *port = sim_alloc(sizeof *port);
  LWIP_ASSERT("sim_attach: a cable has two ends", link->kind != SIM_P2P || link->port_count < 2);
  port->node = node;
  port->link = link;
  port->number = link->port_count;
  port->ip = address_of(ip);
  port->mask = address_of(mask);
  port->gw = address_of(gw);
  port->mtu = 1500;
  port->has_carrier = true;
  u32_t number = ++sim->ports_made;
  u8_t mac[6] = {2,           0, (u8_t)(number >> 24), (u8_t)(number >> 16), (u8_t)(number >> 8),
                 (u8_t)number};
  memcpy(port->mac, mac, 6);
  sim_pipe_init(&port->tx, sim, link, "tx", port->number);
  sim_pipe_init(&port->rx, sim, link, "rx", port->number);
  sim_random_init(&port->flap_random, sim, "link %s flap %zu", link->name, port->number);
  port->tx.c = link->conditions;
  if (link->kind == SIM_SWITCH) {
    port->rx.c = link->conditions;
  }
  link->port = sim_grow(link->port, &link->port_room, link->port_count, sizeof(struct sim_port *));
  link->port[link->port_count++] = port;
  *node->ports_end = port;
  node->ports_end = &port->next_of_node;
  sim_node_add_netif(port);
  return port;
}

void sim_port_start_ip6(struct sim_port *port)
{
  port->has_ip6 = true;
  sim_enter(port->node);
  start_ip6(port);
  sim_leave(port->node);
}

struct sim_port *sim_attach_ip6(struct sim_node *node, struct sim_link *link)
{
  struct sim_port *port = sim_attach(node, link, NULL, NULL, NULL);
  sim_port_start_ip6(port);
  return port;
}

#if LWIP_IPV6

void sim_port_add_ip6(struct sim_port *port, const char *addr)
{
  struct ip6_address_spec spec = {.prefix_len = 64, .flags = IP6_ADDRESS_NO_DAD};
  sim_enter(port->node);
  int is_right = ip6addr_aton(addr, &spec.addr);
  err_t err = netif_ip6_address_add(&port->netif, &spec, NULL);
  LWIP_ASSERT("sim_port_add_ip6: refused", is_right && err == ERR_OK);
  sim_leave(port->node);
}

void sim_port_add_gateway6(struct sim_port *port, const char *gateway)
{
  struct ip_route_entry route;
  memset(&route, 0, sizeof route);
  route.netif = &port->netif;
  sim_enter(port->node);
  int is_right = ipaddr_aton("::", &route.prefix) && ipaddr_aton(gateway, &route.gateway);
  err_t err = ip_route_add(&route);
  LWIP_ASSERT("sim_port_add_gateway6: refused", is_right && err == ERR_OK);
  sim_leave(port->node);
}

#else

void sim_port_add_ip6(struct sim_port *port, const char *addr)
{
  (void)port;
  (void)addr;
}

void sim_port_add_gateway6(struct sim_port *port, const char *gateway)
{
  (void)port;
  (void)gateway;
}

#endif

struct netif *sim_port_netif(struct sim_port *port)
{
  return &port->netif;
}

struct sim_node *sim_port_node(const struct sim_port *port)
{
  return port->node;
}

void sim_port_set_mtu(struct sim_port *port, u16_t mtu)
{
  port->mtu = mtu;
  port->netif.mtu = mtu;
}
