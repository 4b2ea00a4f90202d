/**
 * @file
 * One way through a cable: queue, transmitter, and what may happen to a frame under way.
 *
 * Frames that wait for the transmitter are no events: their times of departure are known when they
 * come, so the queue's length is found by forgetting those that have left by now.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/sim_priv.h"
#include "wire/ecn.h"

/** A frame in the queue: it leaves the queue when its transmission begins. */
struct sim_waiting {
  u64_t start_ns;
  u32_t len;
};

/** A frame on its way. */
struct sim_flight {
  struct sim_event event;
  struct sim_flight *next; /* of those not in use */
  struct sim_pipe *pipe;
  struct sim_port *from, *to;
  u32_t from_epoch, to_epoch;
  struct sim_frame *frame;
};

struct sim_frame *sim_frame_new(size_t len)
{
  struct sim_frame *frame = sim_alloc(sizeof *frame + len);
  frame->ref = 1;
  frame->len = (u32_t)len;
  return frame;
}

void sim_frame_free(struct sim_frame *frame)
{
  if (--frame->ref == 0) {
    free(frame);
  }
}

void sim_pipe_init(struct sim_pipe *pipe, const struct sim *sim, const struct sim_link *link,
                   const char *place, size_t number)
{
  static const char *const purpose[] = {"loss",   "burst",   "corrupt", "duplicate",
                                        "jitter", "reorder", "mark"};
  struct sim_random *stream[] = {&pipe->loss,   &pipe->burst,   &pipe->corrupt, &pipe->duplicate,
                                 &pipe->jitter, &pipe->reorder, &pipe->mark};
  for (size_t i = 0; i < LWIP_ARRAYSIZE(purpose); i++) {
    sim_random_init(stream[i], sim, "link %s %s %zu %s", link->name, place, number, purpose[i]);
  }
}

void sim_pipe_free(struct sim_pipe *pipe)
{
  free(pipe->waiting);
}

bool sim_pipe_is_ideal(const struct sim_pipe *pipe)
{
  const struct sim_conditions *c = &pipe->c;
  return c->rate_bps == 0 && c->delay_us == 0 && c->jitter_us == 0 && c->loss_ppm == 0 &&
         c->good_to_bad_ppm == 0 && c->mark_ppm == 0 && c->duplicate_ppm == 0 &&
         c->corrupt_ppm == 0 && c->reorder_ppm == 0 && c->frame_len_max == 0;
}

/* --- queue and transmitter --- */

static void waiting_forget_sent(struct sim_pipe *pipe, u64_t now_ns)
{
  while (pipe->waiting_count > 0 && pipe->waiting[pipe->waiting_head].start_ns <= now_ns) {
    pipe->waiting_bytes -= pipe->waiting[pipe->waiting_head].len;
    pipe->waiting_head = (pipe->waiting_head + 1) % pipe->waiting_room;
    pipe->waiting_count--;
  }
}

static void waiting_add(struct sim_pipe *pipe, u64_t start_ns, u32_t len)
{
  if (pipe->waiting_count == pipe->waiting_room) {
    size_t room = pipe->waiting_room * 2 + 64;
    struct sim_waiting *bigger = sim_alloc(room * sizeof *bigger);
    for (size_t i = 0; i < pipe->waiting_count; i++) {
      bigger[i] = pipe->waiting[(pipe->waiting_head + i) % pipe->waiting_room];
    }
    free(pipe->waiting);
    pipe->waiting = bigger;
    pipe->waiting_head = 0;
    pipe->waiting_room = room;
  }
  size_t tail = (pipe->waiting_head + pipe->waiting_count++) % pipe->waiting_room;
  pipe->waiting[tail].start_ns = start_ns;
  pipe->waiting[tail].len = len;
  pipe->waiting_bytes += len;
}

static bool queue_is_full(const struct sim_pipe *pipe, u32_t len)
{
  const struct sim_conditions *c = &pipe->c;
  return (c->queue_frames_max > 0 && pipe->waiting_count >= c->queue_frames_max) ||
         (c->queue_bytes_max > 0 && pipe->waiting_bytes + len > c->queue_bytes_max);
}

/** Is a frame to be marked that finds the queue as it is now? */
static bool is_congested(struct sim_pipe *pipe)
{
  const struct sim_conditions *c = &pipe->c;
  if (c->mark_bytes_max == 0 || pipe->waiting_bytes <= c->mark_bytes_min) {
    return false;
  }
  u64_t above = pipe->waiting_bytes - c->mark_bytes_min;
  u64_t all = c->mark_bytes_max > c->mark_bytes_min ? c->mark_bytes_max - c->mark_bytes_min : 1;
  return above >= all || sim_random_below(&pipe->mark, all) < above;
}

/** Give the frame to the transmitter. False: the queue is full. */
static bool transmit(struct sim_pipe *pipe, u64_t now_us, u32_t len, u64_t *sent_us)
{
  u64_t now_ns = now_us * 1000;
  if (pipe->c.rate_bps == 0) {
    *sent_us = now_us;
    return true;
  }
  waiting_forget_sent(pipe, now_ns);
  u64_t start_ns = LWIP_MAX(pipe->free_ns, now_ns);
  if (start_ns > now_ns) {
    if (queue_is_full(pipe, len)) {
      return false;
    }
    waiting_add(pipe, start_ns, len);
  }
  pipe->free_ns = start_ns + (u64_t)len * 8 * 1000000000ULL / pipe->c.rate_bps;
  *sent_us = (pipe->free_ns + 999) / 1000;
  return true;
}

/* --- what happens under way --- */

/** One step of the Gilbert-Elliott chain, then its present state's loss. */
static bool is_lost_in_burst(struct sim_pipe *pipe)
{
  const struct sim_conditions *c = &pipe->c;
  if (c->good_to_bad_ppm == 0) {
    return false;
  }
  if (sim_random_hits(&pipe->burst, pipe->is_bad ? c->bad_to_good_ppm : c->good_to_bad_ppm)) {
    pipe->is_bad = !pipe->is_bad;
  }
  return sim_random_hits(&pipe->burst, pipe->is_bad ? c->loss_bad_ppm : c->loss_good_ppm);
}

/** The frame as it arrives: itself, or a copy with one bit flipped. Takes over the reference. */
static struct sim_frame *maybe_corrupted(struct sim_pipe *pipe, struct sim_frame *frame)
{
  if (frame->len == 0 || !sim_random_hits(&pipe->corrupt, pipe->c.corrupt_ppm)) {
    return frame;
  }
  struct sim_frame *bad = sim_frame_new(frame->len);
  memcpy(bad->data, frame->data, frame->len);
  u64_t bit = sim_random_below(&pipe->corrupt, (u64_t)frame->len * 8);
  bad->data[bit / 8] ^= (u8_t)(1U << (bit % 8));
  sim_frame_free(frame);
  pipe->count.corrupted++;
  return bad;
}

#define IP_AT      14 /* behind Ethernet's header */
#define IP4_TOS_AT 15
#define IP4_SUM_AT 24

/** The ECN field, 0 where there is none. */
static u8_t ecn_of(const struct sim_frame *frame)
{
  if (frame->len < IP_AT + 20) {
    return ECN_NOT_ECT;
  }
  u8_t version = frame->data[IP_AT] >> 4;
  if (version == 4) {
    return frame->data[IP4_TOS_AT] & ECN_MASK;
  }
  return version == 6 ? (frame->data[IP_AT + 1] >> 4) & ECN_MASK : ECN_NOT_ECT;
}

/** The IPv4 header's checksum when the word that the type of service is in grows by `by`. */
static void fix_checksum(u8_t *sum, u32_t by)
{
  u32_t x = (u32_t)(sum[0] << 8 | sum[1]) + (0xffffU - by);
  x = (x & 0xffff) + (x >> 16);
  sum[0] = (u8_t)(x >> 8);
  sum[1] = (u8_t)x;
}

/** A marked copy. Takes over the reference. */
static struct sim_frame *marked(struct sim_frame *frame)
{
  struct sim_frame *copy = sim_frame_new(frame->len);
  memcpy(copy->data, frame->data, frame->len);
  if (copy->data[IP_AT] >> 4 == 4) {
    fix_checksum(copy->data + IP4_SUM_AT, (u32_t)(ECN_CE - ecn_of(frame)));
    copy->data[IP4_TOS_AT] |= ECN_CE;
  } else {
    copy->data[IP_AT + 1] |= ECN_CE << 4;
  }
  sim_frame_free(frame);
  return copy;
}

static u64_t arrival_us(struct sim_pipe *pipe, u64_t sent_us)
{
  const struct sim_conditions *c = &pipe->c;
  u64_t at_us = sent_us + c->delay_us;
  if (c->jitter_us > 0) {
    at_us += sim_random_below(&pipe->jitter, c->jitter_us + 1);
  }
  if (sim_random_hits(&pipe->reorder, c->reorder_ppm)) {
    pipe->count.reordered++;
    return at_us + c->reorder_us;
  }
  if (!c->is_jitter_unfair) {
    at_us = LWIP_MAX(at_us, pipe->last_arrival_us);
    pipe->last_arrival_us = at_us;
  }
  return at_us;
}

static void flight_end(struct sim *sim, struct sim_flight *flight)
{
  flight->next = sim->idle_flights;
  sim->idle_flights = flight;
  flight->frame = NULL;
}

static void flight_arrive(struct sim *sim, struct sim_event *e)
{
  struct sim_flight *flight = (struct sim_flight *)(void *)e;
  struct sim_pipe *pipe = flight->pipe;
  struct sim_frame *frame = flight->frame;
  struct sim_port *from = flight->from;
  struct sim_port *to = flight->to;
  const struct sim_port *plugged = to != NULL ? to : from;
  bool is_cut = !plugged->has_carrier ||
                plugged->carrier_epoch != (to != NULL ? flight->to_epoch : flight->from_epoch);
  flight_end(sim, flight);
  if (is_cut) {
    pipe->count.cut++;
  } else {
    pipe->count.delivered++;
    pipe->count.delivered_bytes += frame->len;
    if (to != NULL) {
      sim_node_receive(to, frame);
    } else {
      sim_link_forward(from, frame);
    }
  }
  sim_frame_free(frame);
}

static void flight_begin(struct sim *sim, struct sim_pipe *pipe, struct sim_port *from,
                         struct sim_port *to, struct sim_frame *frame, u64_t at_us)
{
  struct sim_flight *flight = sim->idle_flights;
  if (flight != NULL) {
    sim->idle_flights = flight->next;
  } else {
    flight = sim_alloc(sizeof *flight);
    flight->event.fn = flight_arrive;
  }
  flight->pipe = pipe;
  flight->from = from;
  flight->from_epoch = from->carrier_epoch;
  flight->to = to;
  flight->to_epoch = to != NULL ? to->carrier_epoch : 0;
  flight->frame = frame;
  sim_schedule(sim, &flight->event, at_us);
}

void sim_pipe_send(struct sim *sim, struct sim_pipe *pipe, struct sim_port *from,
                   struct sim_port *to, struct sim_frame *frame)
{
  u64_t sent_us;
  pipe->count.sent++;
  pipe->count.sent_bytes += frame->len;
  if (pipe->c.frame_len_max > 0 && frame->len > pipe->c.frame_len_max) {
    pipe->count.too_long++;
    return;
  }
  waiting_forget_sent(pipe, sim->now_us * 1000);
  bool is_marked = is_congested(pipe);
  if (is_marked && ecn_of(frame) == ECN_NOT_ECT) {
    pipe->count.unmarkable++;
    return;
  }
  if (!transmit(pipe, sim->now_us, frame->len, &sent_us)) {
    pipe->count.queue_full++;
    return;
  }
  bool is_lost = sim_random_hits(&pipe->loss, pipe->c.loss_ppm);
  if (is_lost_in_burst(pipe) || is_lost) {
    pipe->count.lost++;
    return;
  }
  frame->ref++;
  if (is_marked ||
      (sim_random_hits(&pipe->mark, pipe->c.mark_ppm) && ecn_of(frame) != ECN_NOT_ECT)) {
    pipe->count.marked++;
    frame = marked(frame);
  }
  frame = maybe_corrupted(pipe, frame);
  u64_t at_us = arrival_us(pipe, sent_us);
  if (sim_random_hits(&pipe->duplicate, pipe->c.duplicate_ppm)) {
    pipe->count.duplicated++;
    frame->ref++;
    flight_begin(sim, pipe, from, to, frame, at_us);
  }
  flight_begin(sim, pipe, from, to, frame, at_us);
}

/** Frames under way are found on the heap, whose events are theirs once the nodes' are gone. */
void sim_flights_free(struct sim *sim)
{
  for (size_t i = 1; i <= sim->heap_count; i++) {
    if (sim->heap[i]->fn == flight_arrive) {
      struct sim_flight *flight = (struct sim_flight *)(void *)sim->heap[i];
      sim_frame_free(flight->frame);
      flight_end(sim, flight);
    }
  }
  sim->heap_count = 0;
  while (sim->idle_flights != NULL) {
    struct sim_flight *next = sim->idle_flights->next;
    free(sim->idle_flights);
    sim->idle_flights = next;
  }
}
