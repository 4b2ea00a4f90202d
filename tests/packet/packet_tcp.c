/**
 * @file
 * The scripted TCP peer and the application of packet_tcp.h.
 */
#include "packet_priv.h"
#include "packet_tcp.h"

#if LWIP_TCP

struct tcp_peer tcp_peer;
struct tcp_app app;

static const char *peer_ip(void)
{
  return tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2";
}

static const char *stack_ip(void)
{
  if (tcp_peer.stack_addr != NULL) {
    return tcp_peer.stack_addr;
  }
  return tcp_peer.is_v6 ? "2001:db8::1" : "10.0.0.1";
}

void tcp_peer_reset(void)
{
  memset(&tcp_peer, 0, sizeof tcp_peer);
  memset(&app, 0, sizeof app);
  tcp_peer.port = 4000;
  tcp_peer.stack_port = 80;
  tcp_peer.iss = 0xfffffff0U; /* every test crosses the wrap */
  tcp_peer.wnd = 65535;
  tcp_peer_use(!LWIP_IPV4);
}

void tcp_peer_use(bool is_v6)
{
  tcp_peer.is_v6 = is_v6;
  if (is_v6) {
    net6_up();
  }
}

/* --- the application --- */

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  (void)arg;
  (void)err;
  if (p == NULL) {
    app.fins++;
    return app.closes_at_fin ? tcp_close(pcb) : ERR_OK;
  }
  if (app.refuses_data) {
    return ERR_MEM;
  }
  u8_t *all = (u8_t *)packet_alloc(app.len + p->tot_len);
  if (app.len > 0) {
    memcpy(all, app.data, app.len);
  }
  pbuf_copy_partial(p, all + app.len, p->tot_len, 0);
  app.data = all;
  app.len += p->tot_len;
  if (!app.keeps_window) {
    tcp_recved(pcb, p->tot_len);
  }
  pbuf_free(p);
  return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  (void)arg;
  (void)pcb;
  app.sent += len;
  return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
  (void)arg;
  app.errors++;
  app.err = err;
  app.end = tcp_end_cause();
  app.pcb = NULL;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
  (void)arg;
  (void)pcb;
  app.polls++;
  return ERR_OK;
}

static void adopt(struct tcp_pcb *pcb)
{
  app.pcb = pcb;
#if LWIP_CALLBACK_API
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
#endif
  tcp_poll(pcb, on_poll, 0);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  (void)err;
  app.connected++;
  adopt(pcb);
  return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  (void)arg;
  if (err != ERR_OK) {
    app.err = err;
    return ERR_VAL;
  }
  if (app.accept_returns != ERR_OK) {
    return app.accept_returns;
  }
  app.accepted++;
  adopt(pcb);
  return ERR_OK;
}

#if LWIP_EVENT_API
err_t lwip_tcp_event(void *arg, struct tcp_pcb *pcb, enum lwip_event event, struct pbuf *p,
                     u16_t size, err_t err)
{
  switch (event) {
  case LWIP_EVENT_ACCEPT:
    return on_accept(arg, pcb, err);
  case LWIP_EVENT_CONNECTED:
    return on_connected(arg, pcb, err);
  case LWIP_EVENT_RECV:
    return on_recv(arg, pcb, p, err);
  case LWIP_EVENT_SENT:
    return on_sent(arg, pcb, size);
  case LWIP_EVENT_POLL:
    return on_poll(arg, pcb);
  default:
    on_err(arg, err);
    return ERR_OK;
  }
}
#endif

void tcp_listen_up(void)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  if (pcb == NULL || tcp_bind(pcb, NULL, tcp_peer.stack_port) != ERR_OK) {
    packet_fail(__FILE__, __LINE__, "no pcb to listen with");
  }
  app.listener = tcp_listen(pcb);
  if (app.listener == NULL) {
    tcp_abort(pcb);
    packet_fail(__FILE__, __LINE__, "tcp_listen() failed");
  }
#if LWIP_CALLBACK_API
  tcp_accept(app.listener, on_accept);
#endif
}

static const u8_t mss_1460[4] = {2, 4, 1460 >> 8, 1460 & 0xff};

static void open_passively(const struct tcp_peer_setup *s)
{
  tcp_listen_up();
  tcp_peer_says(&(struct tcp_said){.flags = TCP_SYN,
                                   .opts = s->opts != NULL ? s->opts : mss_1460,
                                   .opts_len = s->opts != NULL ? s->opts_len : sizeof mss_1460});
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

void tcp_connect_up(void)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  ip_addr_t to = ip_of(peer_ip());
  if (pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no pcb to connect with");
  }
  adopt(pcb);
  if (tcp_bind(pcb, NULL, tcp_peer.stack_port) != ERR_OK ||
      tcp_connect(pcb, &to, tcp_peer.port, on_connected) != ERR_OK) {
    packet_fail(__FILE__, __LINE__, "tcp_connect() failed");
  }
}

static void open_actively(const struct tcp_peer_setup *s)
{
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  tcp_peer_says(&(struct tcp_said){.flags = TCP_SYN | TCP_ACK,
                                   .ack = 1,
                                   .opts = s->opts != NULL ? s->opts : mss_1460,
                                   .opts_len = s->opts != NULL ? s->opts_len : sizeof mss_1460});
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

void tcp_window_open(void)
{
#if LWIP_TCP_RCV_AUTOTUNE
  app.pcb->rcv_limit = (u16_t)LWIP_MIN(TCP_WND >> app.pcb->rcv_scale, 0xffff);
#endif
}

void tcp_establish(const struct tcp_peer_setup *setup)
{
  tcp_peer_reset();
  if (setup->is_v6 && LWIP_IPV4) {
    tcp_peer_use(true);
  }
  tcp_peer.wnd = setup->wnd != 0 ? setup->wnd : 65535;
  if (setup->is_active) {
    open_actively(setup);
  } else {
    open_passively(setup);
  }
  if (app.pcb == NULL || app.pcb->state != ESTABLISHED) {
    packet_fail(__FILE__, __LINE__, "the connection does not stand");
  }
}

/* --- the peer speaks --- */

static size_t put_options(u8_t *out, const struct tcp_said *s)
{
  if (s->opts != NULL) {
    memcpy(out, s->opts, s->opts_len);
    return (s->opts_len + 3) & ~(size_t)3;
  }
  struct tcp_options o = {0};
  if (tcp_peer.has_timestamps && !s->no_timestamp) {
    o.has = TCP_HAS_TIMESTAMP;
    o.tsval = s->tsval != 0 ? s->tsval : tcp_peer.tsval + now_ms();
    o.tsecr = s->tsecr != 0 ? s->tsecr : tcp_peer.stack_tsval;
  }
  while (o.num_sacks < 4 && s->sack[o.num_sacks].left != s->sack[o.num_sacks].right) {
    o.sack[o.num_sacks].left = tcp_peer.stack_iss + s->sack[o.num_sacks].left;
    o.sack[o.num_sacks].right = tcp_peer.stack_iss + s->sack[o.num_sacks].right;
    o.num_sacks++;
  }
  return tcp_build_options(out, &o);
}

static struct frame in_ip(const struct tcp_said *s, const u8_t *bytes, size_t len)
{
  if (!tcp_peer.is_v6) {
    struct ip4_spec spec = ip4_spec_of(peer_ip(), stack_ip(), IP_PROTO_TCP);
    spec.tos = s->ecn;
    return ip4_opts(spec, bytes, len);
  }
  struct ip6_spec spec = ip6_spec_of(peer_ip(), stack_ip(), IP_PROTO_TCP);
  spec.tc = s->ecn;
  return ip6_opts(spec, bytes, len);
}

/** The 16 bytes of an IPv6 address; nothing where there are none. */
static void put_addr6(u8_t *out, const ip_addr_t *addr)
{
#if LWIP_IPV6
  memcpy(out, ip_2_ip6(addr)->addr, 16);
#else
  (void)out;
  (void)addr;
#endif
}

/** Of pseudo-header and segment, as a number to be written. */
static u16_t checksum(const u8_t *bytes, size_t len)
{
  u8_t pseudo[40] = {0};
  size_t n = tcp_peer.is_v6 ? 40 : 12;
  struct frame all = frame_of(NULL, n + len);
  ip_addr_t src = ip_of(peer_ip());
  ip_addr_t dst = ip_of(stack_ip());
  if (tcp_peer.is_v6) {
    put_addr6(pseudo, &src);
    put_addr6(pseudo + 16, &dst);
    pseudo[34] = (u8_t)(len >> 8);
    pseudo[35] = (u8_t)len;
    pseudo[39] = IP_PROTO_TCP;
  } else {
    u32_t addr = ip_addr_get_ip4_u32(&src);
    memcpy(pseudo, &addr, 4);
    addr = ip_addr_get_ip4_u32(&dst);
    memcpy(pseudo + 4, &addr, 4);
    pseudo[9] = IP_PROTO_TCP;
    pseudo[10] = (u8_t)(len >> 8);
    pseudo[11] = (u8_t)len;
  }
  memcpy(all.data, pseudo, n);
  memcpy(all.data + n, bytes, len);
  return checksum_of(all.data, all.len);
}

struct frame tcp_segment_of(const struct tcp_said *s)
{
  u8_t opts[60] = {0};
  size_t opts_len = put_options(opts, s);
  size_t len = s->data != NULL && s->len == 0 ? strlen((const char *)s->data) : s->len;
  struct tcp_header h = {.src_port = s->src_port != 0 ? s->src_port : tcp_peer.port,
                         .dst_port = s->dst_port != 0 ? s->dst_port : tcp_peer.stack_port,
                         .seq = tcp_peer.iss + s->seq,
                         .ack = (s->flags & TCP_ACK) ? tcp_peer.stack_iss + s->ack : 0,
                         .wnd = (u16_t)(s->wnd == 0  ? tcp_peer.wnd
                                        : s->wnd < 0 ? 0
                                                     : s->wnd),
                         .urgent = s->urgent,
                         .flags = s->flags,
                         .header_len = (u8_t)(TCP_HLEN + opts_len)};
  struct frame m = frame_of(NULL, TCP_HLEN + opts_len + len);
  tcp_build(m.data, &h);
  if (s->offset != 0) {
    m.data[12] = (u8_t)(s->offset << 4);
  }
  memcpy(m.data + TCP_HLEN, opts, opts_len);
  if (len > 0) {
    memcpy(m.data + TCP_HLEN + opts_len, s->data, len);
  }
  put16(&m, 16, s->checksum != 0 ? (u16_t)s->checksum : checksum(m.data, m.len));
  return in_ip(s, m.data, m.len);
}

void tcp_peer_says(const struct tcp_said *s)
{
  rx(tcp_segment_of(s));
}

/* --- what the stack says --- */

static struct tcp_seen *understand(struct frame *f)
{
  struct tcp_seen *seen = (struct tcp_seen *)packet_alloc(sizeof *seen);
  size_t at = tcp_peer.is_v6 ? 14 + 40 : ip4_payload_at(f);
  size_t len = tcp_peer.is_v6 ? get16(f, 18) : ip4_payload_len(f);
  if (tcp_peer.is_v6) {
    check_ip6(f, stack_ip(), peer_ip(), IP_PROTO_TCP);
    seen->ttl = get8(f, 21);
    seen->tos = (u8_t)(get16(f, 14) >> 4);
  } else {
    check_ip4(f, stack_ip(), peer_ip(), IP_PROTO_TCP);
    seen->ttl = get8(f, 22);
    seen->tos = get8(f, 15);
  }
  if (tcp_parse(&seen->h, f->data + at, (u16_t)len) != DROP_NONE) {
    packet_fail(__FILE__, __LINE__, "the stack sent a malformed TCP header");
  }
  packet_check_transport_sum(f, IP_PROTO_TCP, f->data + at, len, len, __FILE__, __LINE__);
  tcp_parse_options(&seen->opts, f->data + at + TCP_HLEN, seen->h.header_len - TCP_HLEN,
                    (seen->h.flags & TCP_SYN) != 0);
  if (seen->h.flags & TCP_SYN) {
    tcp_peer.stack_iss = seen->h.seq;
  }
  if (seen->opts.has & TCP_HAS_TIMESTAMP) {
    tcp_peer.stack_tsval = seen->opts.tsval;
  }
  tcp_peer.stack_port = seen->h.src_port;
  seen->frame = f;
  seen->seq = seen->h.seq - tcp_peer.stack_iss;
  seen->ack = seen->h.ack - tcp_peer.iss;
  seen->data = f->data + at + seen->h.header_len;
  seen->len = len - seen->h.header_len;
  return seen;
}

struct tcp_seen *tcp_peer_sees(void)
{
  struct frame *f = tx();
  return f != NULL ? understand(f) : NULL;
}

unsigned tcp_peer_ignores(void)
{
  unsigned n = 0;
  while (tcp_peer_sees() != NULL) {
    n++;
  }
  return n;
}

static void check_field(const char *what, long long found, long long want, const char *file,
                        int line)
{
  if (want != ANY && found != want) {
    packet_fail(file, line, "segment's %s is %lld, not %lld", what, found, want);
  }
}

struct tcp_seen *tcp_peer_expects(const struct tcp_expected *e, const char *file, int line)
{
  struct tcp_seen *seen = tcp_peer_sees();
  if (seen == NULL) {
    packet_fail(file, line, "no segment was sent");
  }
  long long len =
      e->data != NULL && e->len == ANY ? (long long)strlen((const char *)e->data) : e->len;
  /* PSH is only looked at when it is asked for. */
  u8_t mask = (u8_t) ~((e->flags & TCP_PSH) ? 0U : TCP_PSH);
  check_field("flags", seen->h.flags & mask, e->flags & mask, file, line);
  check_field("sequence number", seen->seq, e->seq, file, line);
  check_field("acknowledgement", seen->ack, e->ack, file, line);
  check_field("length", (long long)seen->len, len, file, line);
  check_field("window", seen->h.wnd, e->wnd, file, line);
  check_field("type of service", seen->tos, e->tos, file, line);
  check_field("number of SACK blocks", seen->opts.num_sacks, e->sacks, file, line);
  for (int i = 0; e->sacks != ANY && i < e->sacks; i++) {
    check_field("SACK block's left edge", (u32_t)(seen->opts.sack[i].left - tcp_peer.iss),
                e->sack[i].left, file, line);
    check_field("SACK block's right edge", (u32_t)(seen->opts.sack[i].right - tcp_peer.iss),
                e->sack[i].right, file, line);
  }
  if (e->data != NULL) {
    check_bytes("data", seen->data, e->data, (size_t)len, file, line);
  }
  return seen;
}

void tcp_app_expects(const void *data, size_t len, const char *file, int line)
{
  packet_settle();
  if (app.len - app.taken != len) {
    packet_fail(file, line, "the application got %zu bytes, not %zu", app.len - app.taken, len);
  }
  if (len > 0) {
    check_bytes("application's data", app.data + app.taken, data, len, file, line);
  }
  app.taken += len;
}

void tcp_app_write(const void *data, size_t len, const char *file, int line)
{
  while (len > 0) {
    u16_t part = (u16_t)LWIP_MIN(len, 0xffffU);
    err_t err = tcp_write(app.pcb, data, part, TCP_WRITE_FLAG_COPY);
    if (err != ERR_OK) {
      packet_fail(file, line, "tcp_write(): %d", err);
    }
    data = (const u8_t *)data + part;
    len -= part;
  }
  tcp_output(app.pcb);
}

#endif
