/**
 * @file
 * pcapng files of links and ports, with the simulation's time.
 */
#include <stdlib.h>
#include "unix/pcapng.h"
#include "sim/sim_priv.h"

struct sim_capture {
  struct sim_capture *next;
  FILE *f;
  u32_t interface_count;
};

struct sim_capture *sim_capture_new(struct sim *sim, FILE *f)
{
  struct sim_capture *c = sim_alloc(sizeof *c);
  c->f = f;
  c->next = sim->captures;
  sim->captures = c;
  pcapng_begin(f);
  return c;
}

void sim_captures_free(struct sim *sim)
{
  while (sim->captures != NULL) {
    struct sim_capture *next = sim->captures->next;
    fflush(sim->captures->f);
    free(sim->captures);
    sim->captures = next;
  }
}

static u32_t capture_add(struct sim_capture *c, const char *name)
{
  pcapng_interface(c->f, name, PCAPNG_LINK_ETHERNET);
  return c->interface_count++;
}

void sim_capture_link(struct sim_capture *c, struct sim_link *link)
{
  link->capture_id = capture_add(c, link->name);
  link->capture = c;
}

void sim_capture_port(struct sim_capture *c, struct sim_port *port)
{
  char name[100];
  snprintf(name, sizeof name, "%s.%s", port->node->name, port->link->name);
  port->capture_id = capture_add(c, name);
  port->capture = c;
}

void sim_capture_frame(struct sim_capture *c, u32_t id, u64_t now_us, const struct sim_frame *frame,
                       bool is_outbound)
{
  pcapng_packet(c->f, id, now_us, frame->data, frame->len, is_outbound);
}
