/**
 * @file
 * Links: who gets a frame. Cables, hubs, switches that learn; carriers, flaps, partitions.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/sim_priv.h"

/** A station's address and the port behind which it was seen last. */
struct sim_learnt {
  struct sim_port *port; /* NULL: free */
  u8_t mac[6];
};

struct sim_link *sim_link_new(struct sim *sim, const char *name, enum sim_link_kind kind)
{
  struct sim_link *link = sim_alloc(sizeof *link);
  link->sim = sim;
  link->name = sim_copy_text(name);
  link->kind = kind;
  link->next = sim->links;
  sim->links = link;
  sim_pipe_init(&link->medium, sim, link, "medium", 0);
  return link;
}

void sim_link_free(struct sim_link *link)
{
  for (size_t i = 0; i < link->port_count; i++) {
    sim_pipe_free(&link->port[i]->tx);
    sim_pipe_free(&link->port[i]->rx);
    free(link->port[i]);
  }
  sim_pipe_free(&link->medium);
  free(link->port);
  free(link->learnt);
  free(link->name);
  free(link);
}

/* --- what a switch knows --- */

static size_t learnt_slot(const struct sim_link *link, const u8_t mac[6])
{
  u64_t hash = 0;
  memcpy(&hash, mac, 6);
  hash *= 0x9e3779b97f4a7c15ULL;
  size_t i = (size_t)(hash >> 32) % link->learnt_room;
  while (link->learnt[i].port != NULL && memcmp(link->learnt[i].mac, mac, 6) != 0) {
    i = (i + 1) % link->learnt_room;
  }
  return i;
}

static void learnt_rebuild(struct sim_link *link, size_t room, const struct sim_port *without)
{
  struct sim_learnt *old = link->learnt;
  size_t old_room = link->learnt_room;
  link->learnt = sim_alloc(room * sizeof *link->learnt);
  link->learnt_room = room;
  link->learnt_count = 0;
  for (size_t i = 0; i < old_room; i++) {
    if (old[i].port != NULL && old[i].port != without) {
      link->learnt[learnt_slot(link, old[i].mac)] = old[i];
      link->learnt_count++;
    }
  }
  free(old);
}

static void learn(struct sim_link *link, const u8_t mac[6], struct sim_port *port)
{
  if (link->learnt_count * 2 >= link->learnt_room) {
    learnt_rebuild(link, link->learnt_room * 2 + 64, NULL);
  }
  struct sim_learnt *l = &link->learnt[learnt_slot(link, mac)];
  if (l->port == NULL) {
    memcpy(l->mac, mac, 6);
    link->learnt_count++;
  }
  l->port = port;
}

static struct sim_port *learnt_port(const struct sim_link *link, const u8_t mac[6])
{
  return link->learnt_room == 0 ? NULL : link->learnt[learnt_slot(link, mac)].port;
}

void sim_link_forget_port(struct sim_link *link, const struct sim_port *port)
{
  if (link->learnt_room > 0) {
    learnt_rebuild(link, link->learnt_room, port);
  }
}

/* --- frames --- */

static void send_to_port(struct sim_port *from, struct sim_port *to, struct sim_frame *frame)
{
  struct sim_pipe *pipe = &to->rx;
  if (to->group != from->group || !to->has_carrier) {
    pipe->count.sent++;
    pipe->count.sent_bytes += frame->len;
    pipe->count.cut++;
    return;
  }
  if (!sim_pipe_is_ideal(pipe)) {
    sim_pipe_send(from->link->sim, pipe, from, to, frame);
    return;
  }
  pipe->count.sent++;
  pipe->count.sent_bytes += frame->len;
  pipe->count.delivered++;
  pipe->count.delivered_bytes += frame->len;
  sim_node_receive(to, frame);
}

void sim_link_forward(struct sim_port *from, struct sim_frame *frame)
{
  struct sim_link *link = from->link;
  if (link->kind == SIM_SWITCH) {
    if (frame->len < 14) {
      return;
    }
    if ((frame->data[6] & 1) == 0) {
      learn(link, frame->data + 6, from);
    }
    struct sim_port *to = (frame->data[0] & 1) != 0 ? NULL : learnt_port(link, frame->data);
    if (to != NULL) {
      if (to != from) {
        send_to_port(from, to, frame);
      }
      return;
    }
  }
  for (size_t i = 0; i < link->port_count; i++) {
    if (link->port[i] != from) {
      send_to_port(from, link->port[i], frame);
    }
  }
}

/* --- conditions --- */

static struct sim_pipe *pipe_of(struct sim_port *port, enum sim_direction direction)
{
  if (direction == SIM_RX) {
    return &port->rx;
  }
  return port->link->kind == SIM_HUB ? &port->link->medium : &port->tx;
}

void sim_port_set_conditions(struct sim_port *port, enum sim_direction direction,
                             const struct sim_conditions *conditions)
{
  pipe_of(port, direction)->c = *conditions;
}

void sim_link_set_conditions(struct sim_link *link, const struct sim_conditions *conditions)
{
  link->conditions = *conditions;
  link->medium.c = *conditions;
  for (size_t i = 0; i < link->port_count; i++) {
    link->port[i]->tx.c = *conditions;
    if (link->kind == SIM_SWITCH) {
      link->port[i]->rx.c = *conditions;
    }
  }
}

const struct sim_counters *sim_port_counters(const struct sim_port *port,
                                             enum sim_direction direction)
{
  if (direction == SIM_RX) {
    return &port->rx.count;
  }
  return port->link->kind == SIM_HUB ? &port->link->medium.count : &port->tx.count;
}

/* --- plugging, flapping, partitions --- */

void sim_port_set_carrier(struct sim_port *port, bool is_up)
{
  if (port->has_carrier == is_up) {
    return;
  }
  port->has_carrier = is_up;
  sim_enter(port->node);
  if (is_up) {
    netif_set_link_up(&port->netif);
  } else {
    port->carrier_epoch++;
    sim_link_forget_port(port->link, port);
    netif_set_link_down(&port->netif);
  }
  sim_leave(port->node);
}

/** Between half and one and a half of the mean. */
static u64_t flap_next_us(struct sim_port *port, u64_t mean_us)
{
  return mean_us / 2 + sim_random_below(&port->flap_random, mean_us + 1);
}

static void flap_happen(struct sim *sim, struct sim_event *e)
{
  struct sim_port *port = (struct sim_port *)(void *)((u8_t *)e - offsetof(struct sim_port, flap));
  sim_port_set_carrier(port, !port->has_carrier);
  sim_schedule(sim, e,
               sim->now_us +
                   flap_next_us(port, port->has_carrier ? port->flap_up_us : port->flap_down_us));
}

void sim_port_flap(struct sim_port *port, u64_t up_us, u64_t down_us)
{
  struct sim *sim = port->link->sim;
  port->flap_up_us = up_us;
  port->flap_down_us = down_us;
  port->flap.fn = flap_happen;
  sim_port_set_carrier(port, true);
  if (up_us == 0) {
    sim_unschedule(sim, &port->flap);
  } else {
    sim_schedule(sim, &port->flap, sim->now_us + flap_next_us(port, up_us));
  }
}

void sim_port_set_group(struct sim_port *port, u32_t group)
{
  port->group = group;
}

void sim_link_heal(struct sim_link *link)
{
  for (size_t i = 0; i < link->port_count; i++) {
    link->port[i]->group = 0;
  }
}
