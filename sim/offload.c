/**
 * @file
 * A port's hardware: cuts what TCP hands down as one packet into segments, and sums them
 * (gossamer/offload.h).
 */
#include <string.h>
#include "gossamer/offload.h"
#include "lwip/prot/tcp.h"
#include "sim/sim_priv.h"

#if LWIP_OFFLOAD

#define ETH_LEN 14U

static u32_t get16(const u8_t *b)
{
  return (u32_t)b[0] << 8 | b[1];
}

static void put16(u8_t *b, u32_t v)
{
  b[0] = (u8_t)(v >> 8);
  b[1] = (u8_t)v;
}

static u16_t sum(const u8_t *b, size_t len, u32_t sum)
{
  for (size_t i = 0; i < len; i++) {
    sum += (i & 1) ? b[i] : (u32_t)b[i] << 8;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return (u16_t)sum;
}

/** The pseudo header's sum stands in the checksum field. */
static void complete_checksum(struct sim_frame *frame, const struct offload_frame *o)
{
  u8_t *l4 = frame->data + o->checksum_start;
  u16_t total = sum(l4, frame->len - o->checksum_start, 0);
  put16(l4 + o->checksum_offset, (u16_t)~total);
}

/** IP's length, and what follows from it: the sum of the pseudo header, IPv4's own checksum. */
static void fix_lengths(struct sim_frame *frame, const struct offload_frame *o, u32_t number,
                        u32_t whole_len)
{
  u8_t *ip = frame->data + ETH_LEN;
  u8_t *field = frame->data + o->checksum_start + o->checksum_offset;
  u32_t ip_len = frame->len - ETH_LEN;
  put16(field, sum(field, 2, 0xffffU - (whole_len - frame->len) % 0xffffU));
  if (o->gso == NETIF_OFFLOAD_TSO6) {
    put16(ip + 4, ip_len - 40);
  } else {
    put16(ip + 2, ip_len);
    put16(ip + 4, get16(ip + 4) + number);
    put16(ip + 10, 0);
    put16(ip + 10, (u16_t)~sum(ip, o->checksum_start - ETH_LEN, 0));
  }
}

/** Segment number `number`, of the bytes from `from` on. */
static struct sim_frame *segment(const struct sim_frame *whole, const struct offload_frame *o,
                                 u32_t number, u32_t from, u32_t len)
{
  struct sim_frame *frame = sim_frame_new(o->header_len + len);
  u8_t *tcp = frame->data + o->checksum_start;
  memcpy(frame->data, whole->data, o->header_len);
  memcpy(frame->data + o->header_len, whole->data + from, len);
  u32_t seq = (get16(tcp + 4) << 16 | get16(tcp + 6)) + (from - o->header_len);
  put16(tcp + 4, seq >> 16);
  put16(tcp + 6, seq);
  if (from + len < whole->len) {
    tcp[13] &= (u8_t) ~(TCP_FIN | TCP_PSH);
  }
  if (number > 0) {
    tcp[13] &= (u8_t)~TCP_CWR;
  }
  fix_lengths(frame, o, number, whole->len);
  complete_checksum(frame, o);
  return frame;
}

void sim_offload_transmit(struct sim_port *port, const struct pbuf *p, struct sim_frame *frame)
{
  struct offload_frame o;
  if (!offload_describe(&port->netif, p, &o)) {
    sim_port_transmit(port, frame);
    return;
  }
  if (o.gso == 0) {
    complete_checksum(frame, &o);
    sim_port_transmit(port, frame);
    return;
  }
  u32_t number = 0;
  for (u32_t from = o.header_len; from < frame->len; from += o.segment_len) {
    u32_t len = LWIP_MIN(frame->len - from, (u32_t)o.segment_len);
    sim_port_transmit(port, segment(frame, &o, number++, from, len));
  }
  sim_frame_free(frame);
}

void sim_port_offload(struct sim_port *port, u8_t features)
{
  port->offload = features;
  sim_enter(port->node);
  netif_offload_declare(&port->netif, features, 65535);
  sim_leave(port->node);
}

#else

void sim_offload_transmit(struct sim_port *port, const struct pbuf *p, struct sim_frame *frame)
{
  (void)p;
  sim_port_transmit(port, frame);
}

void sim_port_offload(struct sim_port *port, u8_t features)
{
  port->offload = features;
}

#endif
