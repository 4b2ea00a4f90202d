/**
 * @file
 * HTTP clients for the packet tests: the peer of packet_tcp.h, as many connections as there are
 * ports, what came of each, and files that the server under test has.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "packet_tcp.h"
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"

/** One connection. */
struct client {
  struct tcp_peer peer;
  u32_t seq, ack; /* relative, the next ones */
  char in[256 * 1024];
  size_t len;
  bool has_fin, has_rst;
  bool takes_nothing; /* acknowledges nothing of what comes */
};

static const u8_t client_mss[4] = {2, 4, 1460 >> 8, 1460 & 0xff};

static inline void client_take_segment(struct client *c, const struct tcp_seen *s)
{
  if (s->h.flags & TCP_RST) {
    c->has_rst = true;
    return;
  }
  if (s->seq != c->ack || c->takes_nothing) {
    return;
  }
  if (c->len + s->len < sizeof c->in) {
    memcpy(c->in + c->len, s->data, s->len);
    c->len += s->len;
    c->in[c->len] = '\0';
  }
  c->ack += (u32_t)s->len;
  if (s->h.flags & TCP_FIN) {
    c->has_fin = true;
    c->ack++;
  }
}

/** Take what the server has sent, and acknowledge it, until it has nothing more to say. */
static inline void client_take(struct client *c)
{
  struct tcp_seen *s = tcp_peer_sees();
  while (s != NULL) {
    u32_t before = c->ack;
    for (; s != NULL; s = tcp_peer_sees()) {
      client_take_segment(c, s);
    }
    if (c->ack != before && !c->has_rst) {
      peer_says(.flags = TCP_ACK, .seq = c->seq, .ack = c->ack);
    }
    s = tcp_peer_sees();
  }
}

/** Speak for this connection from now on. */
static inline void client_use(struct client *c)
{
  tcp_peer = c->peer;
}

static inline void client_connect_by(struct client *c, u16_t port, const u8_t *opts,
                                     size_t opts_len)
{
  memset(c, 0, sizeof *c);
  tcp_peer.port = port;
  tcp_peer.stack_port = 80;
  tcp_peer.wnd = 65535;
  peer_says(.flags = TCP_SYN, .opts = opts, .opts_len = opts_len);
  struct tcp_seen *s = tcp_peer_sees();
  assert_non_null(s);
  assert_int_equal(s->h.flags & (TCP_SYN | TCP_ACK | TCP_RST), TCP_SYN | TCP_ACK);
  c->seq = 1;
  c->ack = 1;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
  c->peer = tcp_peer;
  client_take(c);
}

static inline void client_connect(struct client *c, u16_t port)
{
  client_connect_by(c, port, client_mss, sizeof client_mss);
}

/** Send bytes as they are, in one segment. */
static inline void client_send_bytes(struct client *c, const char *bytes, size_t len)
{
  client_use(c);
  peer_says(.flags = TCP_ACK | TCP_PSH, .seq = c->seq, .ack = c->ack, .data = bytes, .len = len);
  c->seq += (u32_t)len;
}

/** Send text, and take what comes of it. */
static inline void client_says(struct client *c, const char *text)
{
  client_send_bytes(c, text, strlen(text));
  client_take(c);
}

static inline void client_ends(struct client *c)
{
  client_use(c);
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = c->seq, .ack = c->ack);
  c->seq++;
  client_take(c);
}

/** All that has come is this text; forget it. */
#define client_hears(c, text)                                                                      \
  do {                                                                                             \
    assert_string_equal((c)->in, (text));                                                          \
    (c)->len = 0;                                                                                  \
    (c)->in[0] = '\0';                                                                             \
  } while (0)

/** What has come begins with it, and has the other text in it. */
#define client_hears_of(c, begin, inside)                                                          \
  do {                                                                                             \
    assert_int_equal(strncmp((c)->in, (begin), strlen(begin)), 0);                                 \
    assert_non_null(strstr((c)->in, (inside)));                                                    \
    (c)->len = 0;                                                                                  \
    (c)->in[0] = '\0';                                                                             \
  } while (0)

/** The server runs. */
static inline void server_up(void)
{
  tcp_peer_reset();
  httpd_init();
}

#define OK(connection, type, length, body)                                                         \
  "HTTP/1.1 200 OK\r\nServer: gossamer\r\n" connection "Content-Type: " type                       \
  "\r\nContent-Length: " length "\r\n\r\n" body

#endif /* HTTP_CLIENT_H */
