/**
 * @file
 * The wire of the TCP fuzz target: packets wait for the input to deliver, lose, repeat or change
 * them; and what it forges: segments close to what a connection expects, SYNs of strangers, ICMP
 * errors about packets that were really sent.
 */
#ifndef FUZZ_TCP_WIRE_H
#define FUZZ_TCP_WIRE_H

#include "tcp_ends.h"
#include "lwip/prot/ip4.h"
#include "wire/tcp.h"

#define IP6_HEADER_LEN 40U

struct input {
  const u8_t *bytes;
  size_t left;
};

static inline u8_t next(struct input *in)
{
  if (in->left == 0) {
    return 0;
  }
  in->left--;
  return *in->bytes++;
}

static inline void put16(u8_t *b, u32_t v)
{
  b[0] = (u8_t)(v >> 8);
  b[1] = (u8_t)v;
}

static inline void put32(u8_t *b, u32_t v)
{
  put16(b, v >> 16);
  put16(b + 2, v);
}

static inline u32_t get16(const u8_t *b)
{
  return (u32_t)b[0] << 8 | b[1];
}

/* --- packets --- */

static inline bool is_v6(const struct packet *packet)
{
  return packet->data[0] >> 4 == 6;
}

static inline u16_t ip_len(const struct packet *packet)
{
  return is_v6(packet) ? IP6_HEADER_LEN : IP_HLEN;
}

static inline u8_t proto_of(const struct packet *packet)
{
  return packet->data[is_v6(packet) ? 6 : 9];
}

/** The checksum at `at` behind the IP header right again, with a pseudo-header or without. */
static inline void fix_checksum(struct packet *packet, unsigned at, bool has_pseudo)
{
  u16_t header = ip_len(packet);
  u8_t *l4 = packet->data + header;
  u16_t len = (u16_t)(packet->len - header);
  u32_t sum = has_pseudo ? (u32_t)proto_of(packet) + len : 0;
  for (unsigned i = is_v6(packet) ? 8 : 12; has_pseudo && i < header; i += 2) {
    sum += get16(packet->data + i);
  }
  if (at + 2U <= len) {
    put16(l4 + at, 0);
    put16(l4 + at, reference_checksum(l4, len, sum));
  }
}

static inline void fix_tcp(struct packet *packet)
{
  fix_checksum(packet, 16, true);
}

/** An IP header. `from` is the last byte of the source address, 1 and 2 are the ends. */
static inline void put_ip(struct packet *packet, bool v6, u8_t from, const struct end *to,
                          u8_t proto, u8_t ecn)
{
  u8_t us = to == &ends[0] ? 1 : 2;
  if (v6) {
    const u8_t header[IP6_HEADER_LEN] = {0x60,  (u8_t)(ecn << 4),
                                         0,     0,
                                         0,     0,
                                         proto, 64, //
                                         0x20,  1,
                                         0x0d,  0xb8,
                                         0,     0,
                                         0,     0,
                                         0,     0,
                                         0,     0,
                                         0,     0,
                                         0,     from,
                                         0x20,  1,
                                         0x0d,  0xb8,
                                         0,     0,
                                         0,     0,
                                         0,     0,
                                         0,     0,
                                         0,     0,
                                         0,     us};
    memcpy(packet->data, header, IP6_HEADER_LEN);
    put16(packet->data + 4, packet->len - IP6_HEADER_LEN);
  } else {
    const u8_t header[IP_HLEN] = {0x45, ecn, 0,  0, 0, 0,    0,  0, 64, proto,
                                  0,    0,   10, 0, 0, from, 10, 0, 0,  us};
    memcpy(packet->data, header, IP_HLEN);
    put16(packet->data + 2, packet->len);
    put16(packet->data + 10, reference_checksum(packet->data, IP_HLEN, 0));
  }
}

/** What leaves an end for the other one waits; the rest is lost. */
static inline err_t wire_send(struct netif *netif, struct pbuf *p)
{
  struct end *e = netif->state;
  struct packet *packet = malloc(sizeof *packet);
  FUZZ_ASSERT(packet != NULL);
  packet->len = pbuf_copy_partial(p, packet->data, PACKET_LEN_MAX, 0);
  u8_t last = packet->data[is_v6(packet) ? 39 : 19];
  bool is_heard = proto_of(packet) == IP_PROTO_TCP && last == (e == &ends[0] ? 2 : 1);
  FUZZ_ASSERT(!is_heard || p->tot_len <= netif->mtu);
  if (is_heard && e->waiting_count < WAITING_MAX) {
    e->waiting[e->waiting_count++] = packet;
  } else {
    free(packet);
  }
  return ERR_OK;
}

static inline err_t wire_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *dst)
{
  (void)dst;
  return wire_send(netif, p);
}

#if LWIP_IPV6
static inline err_t wire_output_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *dst)
{
  (void)dst;
  return wire_send(netif, p);
}
#endif

static inline void receive(struct end *e, const struct packet *packet)
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

static inline struct packet *take(struct end *from, size_t n)
{
  struct packet *packet = from->waiting[n];
  from->waiting_count--;
  memmove(from->waiting + n, from->waiting + n + 1,
          (from->waiting_count - n) * sizeof from->waiting[0]);
  return packet;
}

static inline void deliver(struct end *from, struct end *to, size_t n)
{
  if (from->waiting_count > 0) {
    struct packet *packet = take(from, n % from->waiting_count);
    receive(to, packet);
    free(packet);
  }
}

static inline void mutate(struct end *from, struct end *to, u8_t which, u8_t by)
{
  if (from->waiting_count == 0) {
    return;
  }
  struct packet *packet = from->waiting[0];
  unsigned header = ip_len(packet);
  if (packet->len < header + TCP_HLEN) {
    return;
  }
  is_honest = false;
  packet->data[header + (which & 0x7f) % (packet->len - header)] ^= by;
  if (!(which & 0x80)) {
    fix_tcp(packet);
  }
  deliver(from, to, 0);
}

/** Congestion experienced, if the packet says that its ends understand that (RFC 3168 5). */
static inline void mark(struct end *from)
{
  if (from->waiting_count == 0) {
    return;
  }
  struct packet *packet = from->waiting[0];
  u8_t *at = packet->data + 1;
  unsigned shift = is_v6(packet) ? 4 : 0;
  if ((*at >> shift & 3) != 0) {
    *at = (u8_t)(*at | 3U << shift);
  }
  if (!is_v6(packet)) {
    put16(packet->data + 10, 0);
    put16(packet->data + 10, reference_checksum(packet->data, IP_HLEN, 0));
  }
}

/* --- forgeries --- */

/** Options that make sense: which ones the bits of `menu` say. @return their length */
static inline u8_t put_options(u8_t *at, const struct tcp_pcb *pcb, u8_t menu, struct input *in)
{
  struct tcp_options o = {0};
  o.has = (u8_t)(menu & (TCP_HAS_MSS | TCP_HAS_WND_SHIFT | TCP_HAS_SACK_OK | TCP_HAS_TIMESTAMP));
  o.mss = (u16_t)((menu & TCP_HAS_MSS) ? next(in) << (next(in) & 7) : 0);
  o.wnd_shift = (u8_t)((menu & TCP_HAS_WND_SHIFT) ? next(in) & 15 : 0);
  if (menu & TCP_HAS_TIMESTAMP) {
    struct tcp_ts ts = pcb != NULL ? tcp_ts_get(pcb) : (struct tcp_ts){0, 0, 0, 0};
    o.tsval = ts.recent + (u32_t)(s8_t)next(in);
    o.tsecr = stack_now() + ts.offset - next(in);
  }
  o.num_sacks = (u8_t)(menu >> 4 & 3);
  for (unsigned i = 0; i < o.num_sacks; i++) {
    u32_t una = pcb != NULL ? pcb->snd_una : 0;
    o.sack[i].left = una + (u32_t)((s8_t)next(in) * 16);
    o.sack[i].right = o.sack[i].left + next(in) * 16U;
  }
  u8_t len = tcp_options_len(&o);
  if (len > TCP_MAX_OPTION_BYTES) {
    return 0;
  }
  if (len > 0) {
    tcp_build_options(at, &o);
  }
  if ((menu & 0x40) && len + 4 <= TCP_MAX_OPTION_BYTES) { /* user timeout (RFC 5482) */
    at[len] = 28;
    at[len + 1] = 4;
    at[len + 2] = next(in);
    at[len + 3] = next(in);
    len = (u8_t)(len + 4);
  }
  return len;
}

static inline u8_t put_raw_options(u8_t *at, u8_t n, struct input *in)
{
  u8_t len = (u8_t)(n % 11 * 4);
  for (u8_t i = 0; i < len; i++) {
    at[i] = next(in);
  }
  return len;
}

/** A segment close to what the connection expects, with `len` bytes of data. */
static inline void forge(struct end *to, const struct conn *c, u8_t len, struct input *in)
{
  struct packet packet = {0};
  const struct tcp_pcb *pcb = c->pcb;
  bool is_open = pcb != NULL && pcb->state != CLOSED;
  struct tcp_header h = {.flags = next(in)};
  u32_t seq_off = (u32_t)((s8_t)next(in) * (1 + next(in)));
  u32_t ack_off = (u32_t)(s8_t)next(in);
  h.wnd = (u16_t)(next(in) << 8);
  h.urgent = (h.flags & TCP_URG) ? next(in) : 0;
  u8_t menu = next(in);
  bool v6 = LWIP_IPV6 && (is_open ? IP_IS_V6(&pcb->remote_ip) : (menu & 0x40) != 0);
  packet.data[0] = v6 ? 0x60 : 0x45;
  u16_t header = ip_len(&packet);
  h.src_port = is_open ? pcb->remote_port : (u16_t)(5000 + (seq_off & 7));
  h.dst_port = is_open ? pcb->local_port : PORT;
  h.seq = is_open ? pcb->rcv_nxt + seq_off : seq_off;
  h.ack = is_open ? pcb->snd_nxt + ack_off : ack_off;
  u8_t *options = packet.data + header + TCP_HLEN;
  struct stack *before = stack_enter(to->stack);
  u8_t options_len = (menu & 0x80) ? put_raw_options(options, menu, in)
                                   : put_options(options, is_open ? pcb : NULL, menu, in);
  stack_leave(before);
  h.header_len = (u8_t)(TCP_HLEN + options_len);
  packet.len = (u16_t)(header + h.header_len + len);
  put_ip(&packet, v6, to == &ends[0] ? 2 : 1, to, IP_PROTO_TCP, menu & 3);
  tcp_build(packet.data + header, &h);
  fix_tcp(&packet);
  is_honest = false;
  receive(to, &packet);
}

/** SYNs of others, who will not answer. */
static inline void flood(struct end *to, u8_t count, u8_t kind)
{
  for (unsigned i = 0; i < count; i++) {
    struct packet packet = {0};
    bool v6 = LWIP_IPV6 && (kind & 1);
    struct tcp_header h = {.src_port = (u16_t)(6000 + i),
                           .dst_port = PORT,
                           .seq = i * 7919U,
                           .wnd = 4096,
                           .flags = TCP_SYN,
                           .header_len = TCP_HLEN};
    packet.data[0] = v6 ? 0x60 : 0x45;
    packet.len = (u16_t)(ip_len(&packet) + TCP_HLEN);
    put_ip(&packet, v6, (u8_t)(10 + kind + i % 16), to, IP_PROTO_TCP, 0);
    tcp_build(packet.data + ip_len(&packet), &h);
    fix_tcp(&packet);
    receive(to, &packet);
  }
}

/** An error about a packet that an end has sent: unreachable for a reason, or too big. */
static inline void icmp(struct end *about, u8_t which, struct input *in)
{
  struct packet packet = {0};
  u8_t code = next(in);
  u8_t mtu = next(in);
  u8_t seq_xor = next(in);
  if (about->waiting_count == 0) {
    return;
  }
  const struct packet *quoted = about->waiting[which % about->waiting_count];
  bool v6 = is_v6(quoted);
  packet.data[0] = quoted->data[0];
  u16_t header = ip_len(&packet);
  u16_t quoted_len = (u16_t)LWIP_MIN(quoted->len, header + 8U + (code & 0x80 ? 12U : 0U));
  u8_t *m = packet.data + header;
  packet.len = (u16_t)(header + 8 + quoted_len);
  put_ip(&packet, v6, 9, about, v6 ? IP6_NEXTH_ICMP6 : IP_PROTO_ICMP, 0);
  memcpy(m + 8, quoted->data, quoted_len);
  m[8 + header + 7] ^= seq_xor;
  m[0] = v6 ? 1 + (code >> 4 & 3) : ((code & 0x40) ? 11 : 3);
  m[1] = (v6 && m[0] == 2) ? 0 : code & 15;
  put16(m + 6, mtu * 8U);
  fix_checksum(&packet, 2, v6);
  receive(about, &packet);
}

#endif /* FUZZ_TCP_WIRE_H */
