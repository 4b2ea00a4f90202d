/**
 * @file
 * What the simulator's files share.
 */
#ifndef SIM_PRIV_H
#define SIM_PRIV_H

#include "sim/sim.h"

/** Something that will happen; embedded in what it happens to. */
struct sim_event {
  u64_t at_us;
  u64_t order;  /* decides between events of one microsecond */
  size_t index; /* in the heap, from 1; 0: not scheduled */
  void (*fn)(struct sim *sim, struct sim_event *e);
};

/** A frame, shared by all who get the same bytes. */
struct sim_frame {
  u32_t ref;
  u32_t len;
  u8_t data[];
};

/** One way through a cable. */
struct sim_pipe {
  struct sim_conditions c;
  struct sim_counters count;
  struct sim_random loss, burst, corrupt, duplicate, jitter, reorder, mark;
  bool is_bad;   /* Gilbert-Elliott */
  u64_t free_ns; /* when the transmitter has sent all it was given */
  u64_t last_arrival_us;
  struct sim_waiting *waiting; /* ring of frames given and not sent yet */
  size_t waiting_head, waiting_count, waiting_room;
  u64_t waiting_bytes;
};

struct sim_port {
  struct sim_port *next_of_node;
  struct sim_node *node;
  struct sim_link *link;
  size_t number; /* in its link */
  struct netif netif;
  u8_t mac[6];
  ip4_addr_t ip, mask, gw;
  u16_t mtu;
  bool has_carrier;
  bool has_ip6;
  u8_t offload;        /* NETIF_OFFLOAD_* */
  u32_t carrier_epoch; /* counts unplugging: what was under way then is lost */
  u32_t group;
  struct sim_pipe tx, rx;
  struct sim_event flap;
  struct sim_random flap_random;
  u64_t flap_up_us, flap_down_us;
  struct sim_capture *capture;
  u32_t capture_id;
};

struct sim_link {
  struct sim_link *next;
  struct sim *sim;
  char *name;
  enum sim_link_kind kind;
  struct sim_conditions conditions;
  struct sim_pipe medium; /* SIM_HUB */
  struct sim_port **port;
  size_t port_count, port_room;
  struct sim_learnt *learnt; /* SIM_SWITCH: hash of addresses */
  size_t learnt_count, learnt_room;
  struct sim_capture *capture;
  u32_t capture_id;
};

struct sim_node {
  struct sim_node *next;
  struct sim *sim;
  char *name;
  struct stack *stack;
  struct sim_port *ports, **ports_end;
  struct sim_random entropy;
  struct sim_event wake;
  void (*boot)(struct sim_node *node, void *ctx);
  void *boot_ctx;
};

#define SIM_ENTER_DEPTH_MAX 64

struct sim {
  u64_t seed;
  u64_t now_us;
  u64_t next_order;
  u64_t events_done;
  struct sim_event **heap; /* from 1 */
  size_t heap_count, heap_room;
  struct sim_flight *idle_flights;
  struct sim_call *calls; /* sim_at(), pending */
  struct sim_node *nodes, **nodes_end;
  struct sim_link *links;
  struct sim_capture *captures;
  u32_t ports_made;
  struct {
    struct sim_node *node;
    struct stack *before;
  } entered[SIM_ENTER_DEPTH_MAX];
  size_t entered_depth;
};

/** Never NULL, zeroed. */
void *sim_alloc(size_t len);
/** Room for one more in an array that grows by doubling; never fails. */
void *sim_grow(void *array, size_t *room, size_t count, size_t element_size);
char *sim_copy_text(const char *text);

/* sim.c: scheduling again moves an event */
void sim_schedule(struct sim *sim, struct sim_event *e, u64_t at_us);
void sim_unschedule(struct sim *sim, struct sim_event *e);

/* pipe.c */
void sim_pipe_init(struct sim_pipe *pipe, const struct sim *sim, const struct sim_link *link,
                   const char *place, size_t number);
void sim_pipe_free(struct sim_pipe *pipe);
/** Send a frame of `from`. `to` NULL: to the link, which decides; else to this port's node. */
void sim_pipe_send(struct sim *sim, struct sim_pipe *pipe, struct sim_port *from,
                   struct sim_port *to, struct sim_frame *frame);
bool sim_pipe_is_ideal(const struct sim_pipe *pipe);
void sim_flights_free(struct sim *sim);
struct sim_frame *sim_frame_new(size_t len);
void sim_frame_free(struct sim_frame *frame);

/* link.c: a frame has come to the link from a port */
void sim_link_forward(struct sim_port *from, struct sim_frame *frame);
void sim_link_forget_port(struct sim_link *link, const struct sim_port *port);
void sim_link_free(struct sim_link *link);

/* node.c */
void sim_node_receive(struct sim_port *port, const struct sim_frame *frame);
void sim_node_add_netif(struct sim_port *port);
/** Into the cable. Takes over the frame. */
void sim_port_transmit(struct sim_port *port, struct sim_frame *frame);
void sim_node_free(struct sim_node *node);

/* offload.c: `frame` has the bytes of `p`, cut and summed if need be; takes it over */
void sim_offload_transmit(struct sim_port *port, const struct pbuf *p, struct sim_frame *frame);

/* capture.c */
void sim_capture_frame(struct sim_capture *c, u32_t id, u64_t now_us, const struct sim_frame *frame,
                       bool is_outbound);
void sim_captures_free(struct sim *sim);

#endif /* SIM_PRIV_H */
