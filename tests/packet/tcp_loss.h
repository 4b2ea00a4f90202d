/**
 * @file
 * For tests of loss recovery and congestion control: segments by number. Segment k of the stack's
 * data is [SEQ(k), SEQ(k + 1)); all are MSS long.
 */
#ifndef TCP_LOSS_H
#define TCP_LOSS_H

#include "packet_tcp.h"
#include "gossamer/tcp_cc.h"
#include "transport/tcp/tcp_recovery_priv.h"

#define MSS    1000U
#define SEQ(k) (1U + (u32_t)(k)*MSS)

static const u8_t opts_sack[] = {2, 4, MSS >> 8, MSS & 0xff, 4, 2, 1, 1, 3, 3, 7, 1};
static const u8_t opts_plain[] = {2, 4, MSS >> 8, MSS & 0xff, 3, 3, 7, 1};

/** The peer's SYN and, `rtt_ms` later, its ACK; so SRTT is rtt_ms and RTO three times that. */
static inline void begin_with(const u8_t *opts, size_t opts_len, u32_t rtt_ms)
{
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = opts_len);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  advance(rtt_ms);
  tcp_peer.wnd = LWIP_WND_SCALE ? 8000 : 65535; /* 8000 times 128 */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  if (app.pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "the connection does not stand");
  }
  tcp_nagle_disable(app.pcb);
}

static inline void begin(u32_t rtt_ms)
{
  begin_with(opts_sack, sizeof opts_sack, rtt_ms);
}

static inline void begin_without_sack(u32_t rtt_ms)
{
  begin_with(opts_plain, sizeof opts_plain, rtt_ms);
}

/** With SACK and timestamps; the stack's segments have 12 bytes less. */
static inline void begin_with_timestamps(u32_t rtt_ms, bool has_sack)
{
  static const u8_t sack_ts[] = {
      2, 4, (MSS + 12) >> 8, (MSS + 12) & 0xff, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 3, 3, 7, 1};
  static const u8_t ts[] = {
      2, 4, (MSS + 12) >> 8, (MSS + 12) & 0xff, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 3, 3, 7, 1};
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = has_sack ? sack_ts : ts, .opts_len = sizeof ts);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  tcp_peer.has_timestamps = true;
  tcp_peer.tsval = 2U - now_ms();
  advance(rtt_ms);
  tcp_peer.wnd = 8000;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  if (app.pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "the connection does not stand");
  }
  tcp_nagle_disable(app.pcb);
}

static inline void write_segments(u32_t count)
{
  app_write(pattern(count * MSS, 7), count * MSS);
}

/** The next that the stack sends is segment k. */
#define expect_number(k) expect_segment(.flags = TCP_ACK, .seq = SEQ(k), .len = MSS)

/** ... are segments [from, to) and nothing else. */
#define expect_numbers(from, to)                                                                   \
  do {                                                                                             \
    for (u32_t number = (from); number < (u32_t)(to); number++) {                                  \
      expect_number(number);                                                                       \
    }                                                                                              \
    expect_silence();                                                                              \
  } while (0)

/** Everything below segment k has come. */
static inline void peer_acks(u32_t k)
{
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(k));
}

/** ... and [from, to) behind it. */
static inline void peer_sacks(u32_t k, u32_t from, u32_t to)
{
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = SEQ(k), .sack = {{SEQ(from), SEQ(to)}});
}

/** [from, to) came twice (RFC 2883). */
static inline void peer_dsacks(u32_t k, u32_t from, u32_t to)
{
  peer_sacks(k, from, to);
}

#endif /* TCP_LOSS_H */
