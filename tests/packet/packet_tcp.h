/**
 * @file
 * A scripted TCP peer for the packet tests: segments in and out with sequence numbers relative to
 * both ends' initial ones, and an application that records what it hears.
 *
 *     tcp_establish(&(struct tcp_peer_setup){0});
 *     peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "hello");
 *     expect_app_data("hello");
 *     expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 6);
 *
 * The peer is 10.0.0.2 port 4000 (or 2001:db8::2 with tcp_peer.is_v6), the stack's end port 80. The
 * peer's SYN has the relative sequence number 0, its first byte 1; the stack's likewise.
 */
#ifndef PACKET_TCP_H
#define PACKET_TCP_H

#include "packet.h"
#include "packet6.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"
#include "gossamer/tcp_error.h"
#include "wire/tcp.h"

/* expect_segment() has defaults that its arguments override. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

/** Any value will do, for the members of struct tcp_expected. */
#define ANY (-1LL)

/** One segment from the peer. Zero members: see peer_says(). */
struct tcp_said {
  u8_t flags;
  u32_t seq; /* relative to the peer's initial one */
  u32_t ack; /* relative to the stack's initial one; only sent with TCP_ACK */
  s32_t wnd; /* as on the wire; 0: tcp_peer.wnd; -1: a closed window */
  const void *data;
  size_t len;       /* 0 with data: it is a string */
  const u8_t *opts; /* raw, padded with zeros; NULL: a timestamp when tcp_peer.has_timestamps */
  size_t opts_len;
  bool no_timestamp;
  u32_t tsval; /* 0: tcp_peer.tsval, which advances by itself */
  u32_t tsecr; /* 0: the last tsval of the stack's */
  u16_t urgent;
  int checksum;             /* 0: right; otherwise this one */
  int offset;               /* data offset in words; 0: right */
  u16_t src_port;           /* 0: tcp_peer.port */
  u16_t dst_port;           /* 0: tcp_peer.stack_port */
  u8_t ecn;                 /* ECN field of the IP header */
  struct tcp_range sack[4]; /* relative to the stack's initial number; left == right: none */
};

/** What a segment of the stack's must be. Members that are not given are not looked at, besides
    flags, seq and ack, which must be. */
struct tcp_expected {
  u8_t flags;
  long long seq;
  long long ack;
  long long len; /* of the data; given as data: its length */
  long long wnd; /* as on the wire */
  long long tos; /* type of service or traffic class */
  const void *data;
  long long sacks;          /* number of SACK blocks */
  struct tcp_range sack[4]; /* relative to the peer's initial number */
};

/** A segment of the stack's, understood. Numbers are relative. */
struct tcp_seen {
  struct frame *frame;
  struct tcp_header h;
  struct tcp_options opts;
  u32_t seq, ack;
  const u8_t *data;
  size_t len;
  u8_t tos;
  u8_t ttl;
};

/** Both ends. Reset when a test begins. */
struct tcp_peer {
  bool is_v6;
  const char *stack_addr; /* whom the peer calls; NULL: the stack's own address */
  u16_t port, stack_port;
  u32_t iss;       /* the peer's */
  u32_t stack_iss; /* learnt from the stack's SYN */
  u16_t wnd;
  bool has_timestamps;
  u32_t tsval; /* the peer's clock: milliseconds of now_ms() and this */
  u32_t stack_tsval;
};
extern struct tcp_peer tcp_peer;

/** What the application heard. */
struct tcp_app {
  struct tcp_pcb *pcb; /* the connection, NULL when it is gone */
  struct tcp_pcb *listener;
  u8_t *data; /* all that came */
  size_t len, taken;
  size_t sent; /* bytes that were acknowledged */
  unsigned connected, accepted, fins, polls;
  unsigned errors;
  err_t err;          /* the last one */
  enum tcp_end end;   /* ... and what tcp_end_cause() said then */
  bool refuses_data;  /* recv returns ERR_MEM */
  bool keeps_window;  /* recv does not call tcp_recved() */
  bool closes_at_fin; /* ... and calls tcp_close() when the peer has closed */
  err_t accept_returns;
};
extern struct tcp_app app;

/** Start over: called by tcp_listen_up() and tcp_establish(), or by a test itself. */
void tcp_peer_reset(void);
/** Talk by IPv6 from now on, or by IPv4. */
void tcp_peer_use(bool is_v6);

/** How a connection comes about. */
struct tcp_peer_setup {
  bool is_active; /* the stack connects */
  bool is_v6;
  const u8_t *opts; /* of the peer's SYN; NULL: MSS 1460 alone */
  size_t opts_len;
  u16_t wnd; /* of the peer; 0: 65535 */
};

/** The application listens at port 80. */
void tcp_listen_up(void);
/** The application connects from tcp_peer.stack_port; its SYN is not taken yet. */
void tcp_connect_up(void);
/** A connection stands, all frames are taken, app.pcb is the stack's end. */
void tcp_establish(const struct tcp_peer_setup *setup);

/** The connection's window may be TCP_WND, however little was consumed (LWIP_TCP_RCV_AUTOTUNE). */
void tcp_window_open(void);

#define peer_says(...) tcp_peer_says(&(struct tcp_said){__VA_ARGS__})
void tcp_peer_says(const struct tcp_said *s);
/** The frame alone, not delivered. */
struct frame tcp_segment_of(const struct tcp_said *s);

#define expect_segment(...)                                                                        \
  tcp_peer_expects(                                                                                \
      &(struct tcp_expected){                                                                      \
          .seq = ANY, .ack = ANY, .len = ANY, .wnd = ANY, .tos = ANY, .sacks = ANY, __VA_ARGS__},  \
      __FILE__, __LINE__)
struct tcp_seen *tcp_peer_expects(const struct tcp_expected *e, const char *file, int line);
/** The next segment, whatever it is; NULL: none. */
struct tcp_seen *tcp_peer_sees(void);
/** Take all segments that were sent. @return how many */
unsigned tcp_peer_ignores(void);

#define expect_app_data(text)        tcp_app_expects(text, strlen(text), __FILE__, __LINE__)
#define expect_app_bytes(bytes, len) tcp_app_expects(bytes, len, __FILE__, __LINE__)
void tcp_app_expects(const void *data, size_t len, const char *file, int line);

/** tcp_write() with TCP_WRITE_FLAG_COPY and tcp_output(); fails the test if it cannot. */
#define app_write(data, len) tcp_app_write(data, len, __FILE__, __LINE__)
void tcp_app_write(const void *data, size_t len, const char *file, int line);

#endif /* PACKET_TCP_H */
