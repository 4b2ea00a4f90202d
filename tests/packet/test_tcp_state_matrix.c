/**
 * @file
 * TCP: every state times every kind of segment (RFC 9293 3.10.7, RFC 5961, RFC 1337).
 *
 * One row of a table is one case: a state is reached by a small script, a segment comes, and what
 * is sent, counted and become of the connection is compared. Numbers in a row are relative: `seq`
 * to RCV.NXT (plus the window with AT_EDGE), `ack` to SND.NXT (or to the oldest one that RFC 5961
 * 5 still believes, with TOO_OLD).
 *
 * needs: tcp; also: lean
 */
#include "packet_tcp.h"
#include "lwip/priv/tcp_hooks.h"

/* What comes back. */
enum reply { SILENCE, ACK_BACK, RST_BACK };
/* The state behind it. */
enum { SAME = -1, GONE = -2 };
/* struct row.how */
#define AT_EDGE  0x01U /* seq counts from the right edge of the window */
#define TOO_OLD  0x02U /* ack counts from SND.UNA - MAX.SND.WND */
#define FROM_UNA 0x04U /* ack counts from SND.UNA */
/* What becomes of data that cannot be kept. */
#define HOLE_DROP (TCP_QUEUE_OOSEQ ? DROP_NONE : DROP_TCP_OOO_LIMIT)

struct row {
  const char *what;
  u8_t flags;
  s32_t seq;
  s32_t ack;
  unsigned how;
  u16_t len;
  s32_t wnd;
  enum reply reply;
  enum drop_reason drop;
  int after;
};

/* What every synchronized state does alike. */
static const struct row common_rows[] = {
    /* RFC 5961 3.2: a reset must hit exactly; in the window it is challenged, outside ignored */
    {"RST left of the window", TCP_RST, -1, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST far left", TCP_RST, -70000, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST in the window", TCP_RST, 1, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_RST, SAME},
    {"RST with ACK in the window", TCP_RST | TCP_ACK, 5, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_RST,
     SAME},
    {"RST last in the window", TCP_RST, -1, 0, AT_EDGE, 0, 0, ACK_BACK, DROP_TCP_BAD_RST, SAME},
    {"RST at the right edge", TCP_RST, 0, 0, AT_EDGE, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST beyond the window", TCP_RST, 1000, 0, AT_EDGE, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST half the space away", TCP_RST, INT32_MIN, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST and SYN: it is a reset", TCP_RST | TCP_SYN, 1, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_RST,
     SAME},
    {"all flags: it is a reset", 0x3f, -1, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST with data in the window", TCP_RST, 1, 0, 0, 10, 0, ACK_BACK, DROP_TCP_BAD_RST, SAME},
    /* RFC 5961 4.2: a SYN is challenged, wherever it stands */
    {"SYN exact", TCP_SYN, 0, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN in the window", TCP_SYN, 100, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN left of the window", TCP_SYN, -1000, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN beyond the window", TCP_SYN, 1000, 0, AT_EDGE, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN with ACK", TCP_SYN | TCP_ACK, 0, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN with ACK of nothing", TCP_SYN | TCP_ACK, 0, 77, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN,
     SAME},
    {"SYN with FIN", TCP_SYN | TCP_FIN, 0, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN with data", TCP_SYN, 0, 0, 0, 10, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    /* RFC 9293 3.10.7.4 step 5, RFC 5961 5.2: which acknowledgements are believed */
    {"ACK of what was not sent", TCP_ACK, 0, 1, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_ACK, SAME},
    {"ACK far ahead", TCP_ACK, 0, 1 << 30, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_ACK, SAME},
    {"data with ACK of what was not sent", TCP_ACK, 0, 1, 0, 10, 0, ACK_BACK, DROP_TCP_BAD_ACK,
     SAME},
    {"FIN with ACK of what was not sent", TCP_ACK | TCP_FIN, 0, 1, 0, 0, 0, ACK_BACK,
     DROP_TCP_BAD_ACK, SAME},
    {"old ACK", TCP_ACK, 0, -1, FROM_UNA, 0, 0, SILENCE, DROP_NONE, SAME},
    {"oldest ACK that counts", TCP_ACK, 0, 0, TOO_OLD, 0, 0, SILENCE, DROP_NONE, SAME},
    {"ACK too old", TCP_ACK, 0, -1, TOO_OLD, 0, 0, ACK_BACK, DROP_TCP_BAD_ACK, SAME},
    {"data with ACK too old", TCP_ACK, 0, -1, TOO_OLD, 10, 0, ACK_BACK, DROP_TCP_BAD_ACK, SAME},
    {"ACK half the space away", TCP_ACK, 0, INT32_MIN, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_ACK, SAME},
    {"nothing new", TCP_ACK, 0, 0, FROM_UNA, 0, 0, SILENCE, DROP_NONE, SAME},
    {"zero window", TCP_ACK, 0, 0, FROM_UNA, 0, -1, SILENCE, DROP_NONE, SAME},
    /* ... and no ACK flag: dropped in silence */
    {"no flags", 0, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_NO_ACK, SAME},
    {"no flags, data", 0, 0, 0, 0, 10, 0, SILENCE, DROP_TCP_NO_ACK, SAME},
    {"FIN without ACK", TCP_FIN, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_NO_ACK, SAME},
    {"FIN, PSH, URG", TCP_FIN | TCP_PSH | TCP_URG, 0, 0, 0, 10, 0, SILENCE, DROP_TCP_NO_ACK, SAME},
    /* RFC 9293 3.10.7.4 step 1: outside of the window; answered, dropped */
    {"one byte left of the window", TCP_ACK, -1, 0, FROM_UNA, 1, 0, ACK_BACK, DROP_TCP_DUPLICATE,
     SAME},
    {"empty, left of the window", TCP_ACK, -1, 0, FROM_UNA, 0, 0, ACK_BACK, DROP_TCP_DUPLICATE,
     SAME},
    {"far left of the window", TCP_ACK, -70000, 0, FROM_UNA, 10, 0, ACK_BACK, DROP_TCP_DUPLICATE,
     SAME},
    {"ends left of the window, no ACK", 0, -10, 0, 0, 10, 0, ACK_BACK, DROP_TCP_DUPLICATE, SAME},
    {"left, ACK of what was not sent", TCP_ACK, -1, 1, 0, 0, 0, ACK_BACK, DROP_TCP_DUPLICATE, SAME},
    {"data at the right edge", TCP_ACK, 0, 0, AT_EDGE | FROM_UNA, 1, 0, ACK_BACK,
     DROP_TCP_OUT_OF_WINDOW, SAME},
    {"empty, beyond the right edge", TCP_ACK, 1, 0, AT_EDGE | FROM_UNA, 0, 0, ACK_BACK,
     DROP_TCP_OUT_OF_WINDOW, SAME},
    {"data beyond the right edge", TCP_ACK, 1000, 0, AT_EDGE | FROM_UNA, 100, 0, ACK_BACK,
     DROP_TCP_OUT_OF_WINDOW, SAME},
    {"FIN beyond the right edge", TCP_ACK | TCP_FIN, 1, 0, AT_EDGE | FROM_UNA, 0, 0, ACK_BACK,
     DROP_TCP_OUT_OF_WINDOW, SAME},
    /* Whoever has filled the window sends from its right edge: taken, unlike in RFC 9293. */
    {"empty, at the right edge", TCP_ACK, 0, 0, AT_EDGE | FROM_UNA, 0, 0, SILENCE, DROP_NONE, SAME},
};

/* States in which the peer's stream has not ended. */
static const struct row receiving_rows[] = {
    {"RST exact", TCP_RST, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, GONE},
    {"RST exact with any ACK", TCP_RST | TCP_ACK, 0, 99, 0, 0, 0, SILENCE, DROP_NONE, GONE},
    {"data", TCP_ACK, 0, 0, FROM_UNA, 10, 0, ACK_BACK, DROP_NONE, SAME},
    {"data with an old ACK", TCP_ACK, 0, -1, FROM_UNA, 10, 0, ACK_BACK, DROP_NONE, SAME},
    {"data behind a hole", TCP_ACK, 10, 0, FROM_UNA, 10, 0, ACK_BACK, HOLE_DROP, SAME},
    {"data that begins left of the window", TCP_ACK, -5, 0, FROM_UNA, 10, 0, ACK_BACK, DROP_NONE,
     SAME},
    {"data that ends beyond the window", TCP_ACK, -5, 0, AT_EDGE | FROM_UNA, 10, 0, ACK_BACK,
     HOLE_DROP, SAME},
    {"last byte of the window", TCP_ACK, -1, 0, AT_EDGE | FROM_UNA, 1, 0, ACK_BACK, HOLE_DROP,
     SAME},
    {"data and zero window", TCP_ACK, 0, 0, FROM_UNA, 10, -1, ACK_BACK, DROP_NONE, SAME},
    {"FIN with old data, without ACK", TCP_FIN, -1, 0, 0, 1, 0, ACK_BACK, DROP_TCP_NO_ACK, SAME},
    {"FIN with old data, wrong ACK", TCP_ACK | TCP_FIN, -1, 1, 0, 1, 0, ACK_BACK, DROP_TCP_BAD_ACK,
     SAME},
    {"FIN behind a hole", TCP_ACK | TCP_FIN, 10, 0, FROM_UNA, 0, 0, ACK_BACK, HOLE_DROP, SAME},
};

/* States in which the peer's FIN has come: behind it is nothing (RFC 9293 3.10.7.4 steps 7, 8). */
static const struct row ended_rows[] = {
    {"data behind the end", TCP_ACK, 0, 0, FROM_UNA, 10, 0, ACK_BACK, DROP_TCP_OUT_OF_WINDOW, SAME},
    {"FIN behind the end", TCP_ACK | TCP_FIN, 0, 0, FROM_UNA, 0, 0, ACK_BACK,
     DROP_TCP_OUT_OF_WINDOW, SAME},
    {"FIN again", TCP_ACK | TCP_FIN, -1, 0, FROM_UNA, 0, 0, ACK_BACK, DROP_TCP_DUPLICATE, SAME},
    {"FIN again, without ACK", TCP_FIN, -1, 0, 0, 0, 0, ACK_BACK, DROP_TCP_DUPLICATE, SAME},
};

static const struct row reset_rows[] = {
    {"RST exact", TCP_RST, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, GONE},
    {"RST exact with any ACK", TCP_RST | TCP_ACK, 0, 99, 0, 0, 0, SILENCE, DROP_NONE, GONE},
};

/* What is different in each state. */
static const struct row established_rows[] = {
    {"FIN", TCP_ACK | TCP_FIN, 0, 0, 0, 0, 0, ACK_BACK, DROP_NONE, CLOSE_WAIT},
    {"FIN with data", TCP_ACK | TCP_FIN, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE, CLOSE_WAIT},
    {"FIN with old data", TCP_ACK | TCP_FIN, -1, 0, 0, 1, 0, ACK_BACK, DROP_NONE, CLOSE_WAIT},
};
static const struct row fin_wait_1_rows[] = {
    {"ACK of the FIN", TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, FIN_WAIT_2},
    {"data with ACK of the FIN", TCP_ACK, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE, FIN_WAIT_2},
    {"FIN: simultaneous close", TCP_ACK | TCP_FIN, 0, -1, 0, 0, 0, ACK_BACK, DROP_NONE, CLOSING},
    {"FIN with ACK of the FIN", TCP_ACK | TCP_FIN, 0, 0, 0, 0, 0, ACK_BACK, DROP_NONE, TIME_WAIT},
    {"FIN and data with ACK of the FIN", TCP_ACK | TCP_FIN, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE,
     TIME_WAIT},
};
static const struct row fin_wait_2_rows[] = {
    {"FIN", TCP_ACK | TCP_FIN, 0, 0, 0, 0, 0, ACK_BACK, DROP_NONE, TIME_WAIT},
    {"FIN with data", TCP_ACK | TCP_FIN, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE, TIME_WAIT},
    {"FIN with an old ACK", TCP_ACK | TCP_FIN, 0, -1, 0, 0, 0, ACK_BACK, DROP_NONE, TIME_WAIT},
};
static const struct row closing_rows[] = {
    {"ACK of the FIN", TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, TIME_WAIT},
};
static const struct row last_ack_rows[] = {
    {"ACK of the FIN", TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, GONE},
};
/* RFC 1337: resets do not end TIME-WAIT. */
static const struct row time_wait_rows[] = {
    {"RST exact", TCP_RST, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_TIMEWAIT, SAME},
    {"RST exact with ACK", TCP_RST | TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_TIMEWAIT, SAME},
};
/* RFC 9293 3.10.7.3. */
static const struct row syn_sent_rows[] = {
    {"ACK of less than the SYN", TCP_ACK, 0, -1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"ACK of more than the SYN", TCP_ACK, 0, 1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"SYN, ACK of nothing", TCP_SYN | TCP_ACK, 0, -1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"SYN, ACK of more", TCP_SYN | TCP_ACK, 0, 1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"FIN, ACK of more", TCP_FIN | TCP_ACK, 0, 5, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"PSH, ACK of less", TCP_PSH | TCP_ACK, 0, -9, 0, 10, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"RST alone", TCP_RST, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST, ACK of nothing", TCP_RST | TCP_ACK, 0, -1, 0, 0, 0, SILENCE, DROP_TCP_BAD_ACK, SAME},
    {"RST, ACK of more", TCP_RST | TCP_ACK, 0, 1, 0, 0, 0, SILENCE, DROP_TCP_BAD_ACK, SAME},
    {"RST, SYN, no ACK", TCP_RST | TCP_SYN, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST with ACK of the SYN", TCP_RST | TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, GONE},
    {"RST, SYN, ACK of the SYN", TCP_RST | TCP_SYN | TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_NONE,
     GONE},
    {"ACK of the SYN without SYN", TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_NO_SYN, SAME},
    {"data with ACK of the SYN", TCP_ACK, 0, 0, 0, 10, 0, SILENCE, DROP_TCP_NO_SYN, SAME},
    {"FIN alone", TCP_FIN, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_NO_SYN, SAME},
    {"no flags", 0, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_NO_SYN, SAME},
    {"SYN, ACK", TCP_SYN | TCP_ACK, 0, 0, 0, 0, 0, ACK_BACK, DROP_NONE, ESTABLISHED},
    {"SYN, ACK, zero window", TCP_SYN | TCP_ACK, 0, 0, 0, 0, -1, ACK_BACK, DROP_NONE, ESTABLISHED},
    {"SYN, ACK, data", TCP_SYN | TCP_ACK, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE, ESTABLISHED},
    {"SYN, ACK, FIN", TCP_SYN | TCP_ACK | TCP_FIN, 0, 0, 0, 0, 0, ACK_BACK, DROP_NONE, CLOSE_WAIT},
    {"SYN, ACK, FIN, data", TCP_SYN | TCP_ACK | TCP_FIN, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE,
     CLOSE_WAIT},
};
/* After a simultaneous open; SND.UNA is the SYN. RFC 9293 3.10.7.4. */
static const struct row syn_rcvd_rows[] = {
    {"RST exact", TCP_RST, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, GONE},
    {"RST in the window", TCP_RST, 1, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_RST, SAME},
    {"RST left of the window", TCP_RST, -1, 0, 0, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"RST at the right edge", TCP_RST, 0, 0, AT_EDGE, 0, 0, SILENCE, DROP_TCP_BAD_RST, SAME},
    {"SYN in the window", TCP_SYN, 0, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"another SYN", TCP_SYN, 1000, 0, 0, 0, 0, ACK_BACK, DROP_TCP_BAD_SYN, SAME},
    {"SYN, ACK of the SYN", TCP_SYN | TCP_ACK, -1, 0, 0, 0, 0, SILENCE, DROP_NONE, ESTABLISHED},
    {"SYN, ACK of more", TCP_SYN | TCP_ACK, -1, 1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"ACK of the SYN", TCP_ACK, 0, 0, 0, 0, 0, SILENCE, DROP_NONE, ESTABLISHED},
    {"ACK of the SYN, zero window", TCP_ACK, 0, 0, 0, 0, -1, SILENCE, DROP_NONE, ESTABLISHED},
    {"data", TCP_ACK, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE, ESTABLISHED},
    {"FIN", TCP_ACK | TCP_FIN, 0, 0, 0, 0, 0, ACK_BACK, DROP_NONE, CLOSE_WAIT},
    {"FIN, data", TCP_ACK | TCP_FIN, 0, 0, 0, 10, 0, ACK_BACK, DROP_NONE, CLOSE_WAIT},
    {"ACK of less", TCP_ACK, 0, -1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"ACK of more", TCP_ACK, 0, 1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"FIN, ACK of more", TCP_ACK | TCP_FIN, 0, 1, 0, 0, 0, RST_BACK, DROP_TCP_BAD_ACK, SAME},
    {"no ACK", 0, 0, 0, 0, 10, 0, SILENCE, DROP_TCP_NO_ACK, SAME},
    {"FIN without ACK", TCP_FIN, 0, 0, 0, 0, 0, SILENCE, DROP_TCP_NO_ACK, SAME},
    {"left of the window", TCP_ACK, -9, 0, 0, 1, 0, ACK_BACK, DROP_TCP_DUPLICATE, SAME},
    {"beyond the window", TCP_ACK, 1, 0, AT_EDGE, 1, 0, ACK_BACK, DROP_TCP_OUT_OF_WINDOW, SAME},
};

/* --- how states are reached; all segments are taken --- */

static bool over_ip6;

static void reach_syn_sent(void)
{
  tcp_peer_reset();
  tcp_peer_use(over_ip6 || !LWIP_IPV4);
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
}

static void reach_syn_rcvd(void)
{
  reach_syn_sent();
  peer_says(.flags = TCP_SYN);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
}

static void reach_established(void)
{
  tcp_establish(&(struct tcp_peer_setup){.is_active = true, .is_v6 = over_ip6});
}

static void reach_fin_wait_1(void)
{
  reach_established();
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 1);
}

static void reach_fin_wait_2(void)
{
  reach_fin_wait_1();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2);
}

static void reach_close_wait(void)
{
  reach_established();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2);
}

static void reach_closing(void)
{
  reach_fin_wait_1();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 1);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
}

static void reach_last_ack(void)
{
  reach_close_wait();
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 2);
}

static void reach_time_wait(void)
{
  reach_fin_wait_2();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 1, .ack = 2);
  expect_segment(.flags = TCP_ACK, .seq = 2, .ack = 2);
}

/* --- one case --- */

static struct tcp_said segment_of_row(const struct row *r, const struct tcp_pcb *pcb)
{
  struct tcp_said s = {.flags = r->flags, .len = r->len, .wnd = r->wnd};
  u32_t edge = pcb->rcv_nxt + LWIP_MAX(pcb->rcv_wnd, pcb->rcv_ann_wnd);
  u32_t ack = (r->how & TOO_OLD)    ? pcb->snd_una - tcp_snd_wnd_max(pcb)
              : (r->how & FROM_UNA) ? pcb->snd_una
                                    : pcb->snd_nxt;
  s.seq = ((r->how & AT_EDGE) ? edge : pcb->rcv_nxt) + (u32_t)r->seq - tcp_peer.iss;
  s.ack = ack + (u32_t)r->ack - tcp_peer.stack_iss;
  s.data = r->len > 0 ? pattern(r->len, 1) : NULL;
  if (pcb->state == SYN_SENT) {
    s.seq = 0;
  }
  return s;
}

static void check_reply(const struct row *r, const struct tcp_said *said,
                        const struct tcp_pcb *before)
{
  if (r->reply == ACK_BACK) {
    u32_t ack = r->after == GONE ? before->rcv_nxt : tcp_active_pcbs->rcv_nxt;
    expect_segment(.flags = TCP_ACK, .seq = (u32_t)(before->snd_nxt - tcp_peer.stack_iss),
                   .ack = (u32_t)(ack - tcp_peer.iss), .len = 0);
  } else if (r->reply == RST_BACK) {
    expect_segment(.flags = TCP_RST, .seq = said->ack, .len = 0);
  }
  expect_silence();
}

static void check_counted(const struct row *r)
{
  if (r->drop == DROP_NONE) {
    expect_no_drop();
  } else {
    expect_drop(r->drop);
  }
}

static void check_after(const struct row *r, const struct tcp_pcb *before)
{
  const struct tcp_pcb *pcb = tcp_active_pcbs;
  assert_int_equal(pcb == NULL, r->after == GONE);
  if (pcb == NULL) {
    return;
  }
  assert_int_equal(pcb->state, r->after == SAME ? (int)before->state : r->after);
  assert_int_equal(pcb->snd_nxt, before->snd_nxt);
  if (r->drop != DROP_NONE) { /* what is dropped has changed nothing */
    assert_int_equal(pcb->snd_una, before->snd_una);
    assert_int_equal(pcb->rcv_nxt, before->rcv_nxt);
    assert_int_equal(pcb->snd_wnd, before->snd_wnd);
  }
}

static void clean_up(void)
{
  while (tcp_active_pcbs != NULL) {
    tcp_abort(tcp_active_pcbs);
  }
  tcp_peer_ignores();
  ignore_drops();
}

static void run_rows(void (*reach)(void), enum tcp_state state, const struct row *rows,
                     size_t count)
{
  size_t step = packet_is_fault_run() ? 9 : 1; /* some, lest each row runs for each allocation */
  for (size_t i = 0; i < count; i += step) {
    const struct row *r = &rows[i];
    reach();
    packet_note("%s: %s: ", tcp_debug_state_str(state), r->what);
    assert_int_equal(tcp_active_pcbs->state, state);
    ignore_drops();
    struct tcp_pcb before = *tcp_active_pcbs;
    struct tcp_said said = segment_of_row(r, &before);
    tcp_peer_says(&said);
    check_after(r, &before);
    check_reply(r, &said, &before);
    check_counted(r);
    clean_up();
  }
}

#define ROWS(reach, state, rows) run_rows((reach), (state), (rows), LWIP_ARRAYSIZE(rows))

static void synchronized(void (*reach)(void), enum tcp_state state)
{
  ROWS(reach, state, common_rows);
}

static void receiving(void (*reach)(void), enum tcp_state state)
{
  synchronized(reach, state);
  ROWS(reach, state, receiving_rows);
}

static void ended(void (*reach)(void), enum tcp_state state)
{
  synchronized(reach, state);
  ROWS(reach, state, ended_rows);
}

static void all_of_syn_sent(void)
{
  ROWS(reach_syn_sent, SYN_SENT, syn_sent_rows);
}

static void all_of_syn_rcvd(void)
{
  ROWS(reach_syn_rcvd, SYN_RCVD, syn_rcvd_rows);
}

static void all_of_established(void)
{
  receiving(reach_established, ESTABLISHED);
  ROWS(reach_established, ESTABLISHED, established_rows);
}

static void all_of_fin_wait_1(void)
{
  receiving(reach_fin_wait_1, FIN_WAIT_1);
  ROWS(reach_fin_wait_1, FIN_WAIT_1, fin_wait_1_rows);
}

static void all_of_fin_wait_2(void)
{
  receiving(reach_fin_wait_2, FIN_WAIT_2);
  ROWS(reach_fin_wait_2, FIN_WAIT_2, fin_wait_2_rows);
}

static void all_of_close_wait(void)
{
  ended(reach_close_wait, CLOSE_WAIT);
  ROWS(reach_close_wait, CLOSE_WAIT, reset_rows);
}

static void all_of_closing(void)
{
  ended(reach_closing, CLOSING);
  ROWS(reach_closing, CLOSING, reset_rows);
  ROWS(reach_closing, CLOSING, closing_rows);
}

static void all_of_last_ack(void)
{
  ended(reach_last_ack, LAST_ACK);
  ROWS(reach_last_ack, LAST_ACK, reset_rows);
  ROWS(reach_last_ack, LAST_ACK, last_ack_rows);
}

static void all_of_time_wait(void)
{
  ended(reach_time_wait, TIME_WAIT);
  ROWS(reach_time_wait, TIME_WAIT, time_wait_rows);
}

/* Every state over either family. */

/* RFC 9293 3.10.7.3, security vectors B10-163, B10-164. */
PACKET_TEST(test_syn_sent)
{
  over_ip6 = false;
  all_of_syn_sent();
}

/* RFC 9293 3.10.7.3. */
PACKET_TEST(test_syn_sent_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_syn_sent();
}

/* RFC 9293 3.10.7.4, SYN-RECEIVED. */
PACKET_TEST(test_syn_rcvd)
{
  over_ip6 = false;
  all_of_syn_rcvd();
}

/* RFC 9293 3.10.7.4, SYN-RECEIVED. */
PACKET_TEST(test_syn_rcvd_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_syn_rcvd();
}

/* RFC 9293 3.10.7.4, security vectors B10-169, B10-172, B10-173. */
PACKET_TEST(test_established)
{
  over_ip6 = false;
  all_of_established();
}

/* RFC 9293 3.10.7.4. */
PACKET_TEST(test_established_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_established();
}

/* RFC 9293 3.10.7.4, FIN-WAIT-1. */
PACKET_TEST(test_fin_wait_1)
{
  over_ip6 = false;
  all_of_fin_wait_1();
}

/* RFC 9293 3.10.7.4, FIN-WAIT-1. */
PACKET_TEST(test_fin_wait_1_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_fin_wait_1();
}

/* RFC 9293 3.10.7.4, FIN-WAIT-2. */
PACKET_TEST(test_fin_wait_2)
{
  over_ip6 = false;
  all_of_fin_wait_2();
}

/* RFC 9293 3.10.7.4, FIN-WAIT-2. */
PACKET_TEST(test_fin_wait_2_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_fin_wait_2();
}

/* RFC 9293 3.10.7.4, CLOSE-WAIT. */
PACKET_TEST(test_close_wait)
{
  over_ip6 = false;
  all_of_close_wait();
}

/* RFC 9293 3.10.7.4, CLOSE-WAIT. */
PACKET_TEST(test_close_wait_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_close_wait();
}

/* RFC 9293 3.10.7.4, CLOSING. */
PACKET_TEST(test_closing)
{
  over_ip6 = false;
  all_of_closing();
}

/* RFC 9293 3.10.7.4, CLOSING. */
PACKET_TEST(test_closing_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_closing();
}

/* RFC 9293 3.10.7.4, LAST-ACK. */
PACKET_TEST(test_last_ack)
{
  over_ip6 = false;
  all_of_last_ack();
}

/* RFC 9293 3.10.7.4, LAST-ACK. */
PACKET_TEST(test_last_ack_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_last_ack();
}

/* RFC 9293 3.10.7.4, TIME-WAIT; RFC 1337. */
PACKET_TEST(test_time_wait)
{
  over_ip6 = false;
  all_of_time_wait();
}

/* RFC 9293 3.10.7.4, TIME-WAIT; RFC 1337. */
PACKET_TEST(test_time_wait_over_ip6)
{
  over_ip6 = LWIP_IPV6;
  all_of_time_wait();
}

static const struct packet_test tests[] = {
    TEST(test_syn_sent),    TEST(test_syn_sent_over_ip6),
    TEST(test_syn_rcvd),    TEST(test_syn_rcvd_over_ip6),
    TEST(test_established), TEST(test_established_over_ip6),
    TEST(test_fin_wait_1),  TEST(test_fin_wait_1_over_ip6),
    TEST(test_fin_wait_2),  TEST(test_fin_wait_2_over_ip6),
    TEST(test_close_wait),  TEST(test_close_wait_over_ip6),
    TEST(test_closing),     TEST(test_closing_over_ip6),
    TEST(test_last_ack),    TEST(test_last_ack_over_ip6),
    TEST(test_time_wait),   TEST(test_time_wait_over_ip6),
};

PACKET_MAIN(tests)
