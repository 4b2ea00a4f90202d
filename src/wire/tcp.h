/**
 * @file
 * The TCP header and its options: bytes to struct and back. RFC 9293 3.1, 3.2; RFC 7323 2, 3;
 * RFC 2018; RFC 6691.
 */
#ifndef WIRE_TCP_H
#define WIRE_TCP_H

#include <stdbool.h>
#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/tcp.h"
#include "lwip/tcp.h"
#include "gossamer/drop.h"

/** Longest header. */
#define TCP_HLEN_MAX (TCP_HLEN + TCP_MAX_OPTION_BYTES)

/** As many as fit into the options. */
#define TCP_SACK_BLOCKS_MAX 4

/** Greatest shift of a window (RFC 7323 2.3). */
#define TCP_WND_SHIFT_MAX 14

/** struct tcp_options.has: which options stand there. */
#define TCP_HAS_MSS          0x01U
#define TCP_HAS_WND_SHIFT    0x02U
#define TCP_HAS_SACK_OK      0x04U
#define TCP_HAS_TIMESTAMP    0x08U
#define TCP_HAS_USER_TIMEOUT 0x10U

/** The options that are understood; others are skipped (RFC 9293 3.2). */
struct tcp_options {
  u8_t has;
  u8_t wnd_shift; /* at most TCP_WND_SHIFT_MAX */
  u8_t num_sacks;
  u16_t mss;
  u16_t user_timeout; /* seconds, or with bit 15 minutes (RFC 5482 3.3) */
  u32_t tsval;
  u32_t tsecr;
  struct tcp_range sack[TCP_SACK_BLOCKS_MAX];
};

/** A header in host order. */
struct tcp_header {
  u16_t src_port;
  u16_t dst_port;
  u32_t seq;
  u32_t ack;
  u16_t wnd; /* not scaled */
  u16_t urgent;
  u16_t checksum;  /* as on the wire, memory order */
  u8_t header_len; /* with options, bytes */
  u8_t flags;      /* TCP_FIN ... TCP_CWR */
};

/**
 * Parse the fixed header.
 *
 * @param bytes    TCP_HLEN contiguous bytes, or NULL when there are fewer
 * @param seg_len  bytes of the IP payload
 * @return DROP_NONE, DROP_TCP_SHORT, DROP_TCP_BAD_OFFSET, DROP_TCP_BAD_PORT
 */
enum drop_reason tcp_parse(struct tcp_header *h, const u8_t *bytes, u16_t seg_len);

/**
 * Parse options. A malformed one ends them: those before it count (RFC 9293 3.2, MUST-7). An option
 * with a length that is not its own is skipped.
 *
 * @param is_syn  options of the handshake count on SYN segments alone
 */
void tcp_parse_options(struct tcp_options *o, const u8_t *bytes, size_t len, bool is_syn);

/** Write the fixed header with a checksum of 0. */
void tcp_build(u8_t out[TCP_HLEN], const struct tcp_header *h);

/** Bytes that tcp_build_options() will write, a multiple of 4. */
u8_t tcp_options_len(const struct tcp_options *o);

/** Write options; at most TCP_MAX_OPTION_BYTES, which the caller sees to. @return their length */
u8_t tcp_build_options(u8_t *out, const struct tcp_options *o);

/** Put the checksum, in memory order, into a header that tcp_build() wrote. */
static inline void tcp_put_checksum(u8_t *header, u16_t checksum)
{
  memcpy(header + 16, &checksum, sizeof checksum);
}

/* Sequence numbers compare modulo 2^32 (RFC 9293 3.4). */
static inline bool seq_lt(u32_t a, u32_t b)
{
  return (s32_t)(a - b) < 0;
}
static inline bool seq_leq(u32_t a, u32_t b)
{
  return (s32_t)(a - b) <= 0;
}
static inline bool seq_gt(u32_t a, u32_t b)
{
  return seq_lt(b, a);
}
static inline bool seq_geq(u32_t a, u32_t b)
{
  return seq_leq(b, a);
}
static inline u32_t seq_max(u32_t a, u32_t b)
{
  return seq_gt(a, b) ? a : b;
}
static inline u32_t seq_min(u32_t a, u32_t b)
{
  return seq_lt(a, b) ? a : b;
}

#endif /* WIRE_TCP_H */
