/**
 * @file
 * TCP: edges of rules whose middle other tests stand for: one byte, one segment, one number more or
 * less (RFC 9293, RFC 5681, RFC 5961, RFC 7323).
 *
 * needs: tcp; also: lean
 */
#include <stdio.h>
#include "packet_tcp.h"
#include "base/fault.h"
#include "lwip/priv/tcp_hooks.h"
#include "lwip/stats.h"

#define FULL     (LWIP_IPV4 ? 1460U : 1440U) /* payload of a full segment */
#define FULL_LEN ((u16_t)FULL)

static void start(void)
{
  tcp_establish(&(struct tcp_peer_setup){0});
}

static bool may_fail(void)
{
  return LWIP_FAULT_INJECTION && !packet_is_fault_run();
}

/** Use up the ACKs that are sent at once at the start. @return the peer's next number */
static u32_t end_quick_acks(void)
{
  u32_t seq = 1;
  for (unsigned i = 0; i < 20; i++) {
    peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = pattern(FULL, 1), .len = FULL);
    seq += FULL;
  }
  advance(1000);
  tcp_peer_ignores();
  return seq;
}

/* --- the window that we send into --- */

/* RFC 9293 3.10.7.4: a window counts if SND.UNA =< SEG.ACK, however new the segment is. */
PACKET_TEST(test_window_beside_an_old_acknowledgement)
{
  start();
  app_write("abc", 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4, .wnd = 3000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 2, .wnd = 9999, .data = "new");
  expect_app_data("new");
  assert_int_equal(app.pcb->snd_wnd, 3000);
  tcp_peer_ignores();
}

/* RFC 5961 5.2: acknowledgements are believed as far back as the largest window there ever was. */
PACKET_TEST(test_oldest_acknowledgement_that_is_believed)
{
  tcp_establish(&(struct tcp_peer_setup){.wnd = 1000});
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 5000); /* now 5000 */
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = 2000);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1U - 5000, .data = "a");
  expect_app_data("a");
  tcp_peer_ignores();
  ignore_drops();
  peer_says(.flags = TCP_ACK, .seq = 2, .ack = 1U - 5001, .data = "b");
  expect_app_data("");
  expect_drop(DROP_TCP_BAD_ACK);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 2);
}

/* RFC 9293 3.8.6.2.1 (SWS): half of the largest window is enough, less is not. */
PACKET_TEST(test_half_of_the_largest_window)
{
  tcp_establish(&(struct tcp_peer_setup){.wnd = 1000});
  app_write(pattern(FULL, 1), FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = 1000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1001, .wnd = 300);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1001, .wnd = FULL - 1000); /* all that waits */
  expect_segment(.flags = TCP_ACK, .seq = 1001, .len = FULL - 1000);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL, .wnd = 300);
  app_write(pattern(700, 1), 700);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL, .wnd = 499);
  expect_silence();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL, .wnd = 500);
  expect_segment(.flags = TCP_ACK, .seq = 1 + FULL, .len = 500);
}

/* TF_CORK: no partial segment before it falls, or the end (RFC 9293 3.7.4). */
PACKET_TEST(test_cork)
{
  start();
  tcp_set_flags(app.pcb, TF_CORK);
  app_write("a", 1);
  expect_silence();
  app_write(pattern(FULL, 1), FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1, .len = FULL);
  expect_silence();
  tcp_clear_flags(app.pcb, TF_CORK);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1 + FULL);
  expect_segment(.flags = TCP_ACK, .seq = 1 + FULL, .len = 1);
}

/* --- FIN --- */

/* RFC 9293 3.10.4: a FIN that stands alone pushes nothing; RFC 9293 3.8.1: what is repeated may be
   cut anew, so that it rides on the data before it. */
PACKET_TEST(test_fin_stays_where_it_was)
{
  start();
  app_write("abc", 3);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .data = "abc");
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 4, .len = 0);
  assert_int_equal(seen->h.flags & TCP_PSH, 0);
  advance(5000);
  expect_segment(.flags = TCP_ACK | TCP_PSH | TCP_FIN, .seq = 1, .data = "abc");
}

/* RFC 2018 5: where the FIN has arrived, the data before it are repeated without it. */
PACKET_TEST(test_fin_that_has_arrived_is_not_repeated)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 1, 4, 2};
  if (!LWIP_TCP_SACK_IN) {
    return;
  }
  tcp_establish(&(struct tcp_peer_setup){.opts = opts, .opts_len = sizeof opts});
  app_write("abc", 3);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .data = "abc");
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  expect_segment(.flags = TCP_ACK | TCP_FIN, .seq = 4, .len = 0);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .sack = {{4, 5}});
  advance(5000);
  expect_segment(.flags = TCP_ACK | TCP_PSH, .seq = 1, .data = "abc");
}

/* RFC 9293 3.10.7.4: a FIN needs no room of its own behind data that fill the window. */
PACKET_TEST(test_fin_behind_a_full_window)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff};
  tcp_establish(&(struct tcp_peer_setup){.is_active = true, .opts = opts, .opts_len = sizeof opts});
  app.keeps_window = true;
  u32_t seq = 1;
  u32_t wnd = app.pcb->rcv_wnd;
  while (seq + FULL < 1 + wnd) {
    peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = pattern(FULL, 1), .len = FULL);
    seq += FULL;
    wnd = LWIP_MIN(wnd, (u32_t)(seq - 1 + app.pcb->rcv_wnd));
  }
  u32_t rest = 1 + wnd - seq;
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = seq, .ack = 1, .data = pattern(rest, 1),
            .len = rest);
  assert_int_equal(app.fins, 1);
  expect_segment(.flags = TCP_ACK, .ack = seq + rest + 1, .wnd = 0);
}

/* --- delayed ACKs --- */

/* RFC 5681 4.2: "full" is what the peer's segments are; two small ones are not two full ones. */
PACKET_TEST(test_small_segments_behind_full_ones)
{
  start();
  u32_t seq = end_quick_acks();
  for (unsigned i = 0; i < 3; i++) {
    peer_says(.flags = TCP_ACK, .seq = seq, .ack = 1, .data = pattern(200, 1), .len = 200);
    seq += 200;
  }
  expect_silence();
  advance(200);
  expect_segment(.flags = TCP_ACK, .ack = seq);
}

/* RFC 9293 3.8.6.2.2: little that the program gives back is not worth a segment. */
PACKET_TEST(test_little_given_back)
{
  start();
  app.keeps_window = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = pattern(FULL, 1), .len = FULL);
  tcp_peer_ignores();
  tcp_recved(app.pcb, 1);
  expect_silence();
  tcp_recved(app.pcb, (u16_t)(FULL_LEN - 1));
  expect_silence();
}

/* RFC 9293 3.8.6: what nobody reads any more leaves the window as it was. */
PACKET_TEST(test_window_when_receiving_is_shut_down)
{
  start();
  assert_int_equal(tcp_shutdown(app.pcb, 1, 0), ERR_OK);
  for (u32_t i = 0; i < 10; i++) {
    peer_says(.flags = TCP_ACK, .seq = 1 + i * FULL, .ack = 1, .data = pattern(FULL, 1),
              .len = FULL);
  }
  assert_int_equal(app.pcb->rcv_wnd, TCP_WND_MAX(app.pcb));
  expect_app_data("");
  tcp_peer_ignores();
}

/* RFC 7323 2.3: the announced window is rounded up to what the wire can say; all of it is taken. */
PACKET_TEST(test_rounded_window_is_taken)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 2};
  tcp_establish(&(struct tcp_peer_setup){.opts = opts, .opts_len = sizeof opts});
  app.keeps_window = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x"); /* the room is odd now */
  struct tcp_seen *seen = expect_segment(.flags = TCP_ACK, .ack = 2);
  u32_t unit = LWIP_WND_SCALE ? 1UL << TCP_RCV_SCALE : 1;
  u32_t promised = seen->h.wnd * unit;
  assert_true(promised >= tcp_rcv_room(app.pcb));
  peer_says(.flags = TCP_ACK, .seq = 2 + promised - 1, .ack = 1, .data = "y"); /* the last byte */
  seen = expect_segment(.flags = TCP_ACK, .ack = 2);
  if (TCP_QUEUE_OOSEQ) {
    expect_no_drop();
  }
  ignore_drops();
  peer_says(.flags = TCP_ACK, .seq = 2 + promised, .ack = 1, .data = "z");
  expect_drop(DROP_TCP_OUT_OF_WINDOW);
}

/* --- strangers --- */

/* RFC 5961 10, security vectors B10-172, B10-173: resets and SYNs in the window are answered at
   most ten times a second, each of them and both together. */
PACKET_TEST(test_challenges_are_limited)
{
  start();
  for (u32_t i = 0; i < 30; i++) {
    if (i & 1U) {
      peer_says(.flags = TCP_RST, .seq = 100 + i);
    } else {
      peer_says(.flags = TCP_SYN, .seq = 100 + i);
    }
  }
  assert_in_range(tcp_peer_ignores(), 5, 10);
  advance(999);
  peer_says(.flags = TCP_SYN, .seq = 5);
  expect_silence();
  advance(1);
  peer_says(.flags = TCP_SYN, .seq = 5);
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1);
  assert_int_equal(app.errors, 0);
  app_write("x", 1); /* and nothing has changed */
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "x");
}

/* Security vector B10-169: an acknowledgement of what was never sent moves nothing. */
PACKET_TEST(test_acknowledgement_of_the_future)
{
  start();
  app_write("abc", 3);
  tcp_peer_ignores();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 5, .data = "x");
  expect_drop(DROP_TCP_BAD_ACK);
  expect_segment(.flags = TCP_ACK, .seq = 4, .ack = 1);
  assert_int_equal(app.sent, 0);
  expect_app_data("");
}

/* --- resets of ours --- */

/* Security vector B10-193, RFC 7323 3.2: ours carry the clock and the echo. */
PACKET_TEST(test_reset_carries_the_clock)
{
  static const u8_t ts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};
  if (!LWIP_TCP_TIMESTAMPS) {
    return;
  }
  tcp_peer_reset();
  tcp_listen_up();
  peer_says(.flags = TCP_SYN, .opts = ts, .opts_len = sizeof ts);
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  u32_t tsval = seen->opts.tsval;
  tcp_peer.has_timestamps = true;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .tsval = 77);
  advance(500);
  tcp_abort(app.pcb);
  seen = expect_segment(.flags = TCP_RST | TCP_ACK, .seq = 1, .ack = 1);
  assert_true((seen->opts.has & TCP_HAS_TIMESTAMP) != 0);
  assert_int_equal(seen->opts.tsval, tsval + 500);
  assert_int_equal(seen->opts.tsecr, 77);
}

/* tcp_rst(): a reset by hand, of no connection (RFC 9293 3.5.2). */
PACKET_TEST(test_reset_by_hand)
{
  tcp_peer_reset();
  ip_addr_t us = ip_of(tcp_peer.is_v6 ? "2001:db8::1" : "10.0.0.1");
  ip_addr_t them = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  tcp_rst(NULL, 111, tcp_peer.iss + 222, &us, &them, 80, 4000);
  struct tcp_seen *seen = expect_segment(.flags = TCP_RST | TCP_ACK, .ack = 222);
  assert_int_equal(seen->h.seq, 111);
  assert_int_equal(seen->h.src_port, 80);
  assert_int_equal(seen->h.dst_port, 4000);
}

/* --- SYN --- */

/* RFC 7323 2.2: our shift is the one that we use. */
PACKET_TEST(test_our_shift)
{
  tcp_peer_reset();
  tcp_connect_up();
  struct tcp_seen *seen = expect_segment(.flags = TCP_SYN, .seq = 0);
  assert_int_equal((seen->opts.has & TCP_HAS_WND_SHIFT) != 0, LWIP_WND_SCALE);
  if (LWIP_WND_SCALE) {
    assert_int_equal(seen->opts.wnd_shift, TCP_RCV_SCALE);
  }
  /* RFC 7323 1.3: and none for a peer that has offered none, in a simultaneous open */
  peer_says(.flags = TCP_SYN, .seq = 0);
  seen = expect_segment(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(seen->opts.has & ~TCP_HAS_MSS, 0);
}

/* RFC 6298 2.2: the SYN gives the first round-trip time; not if it was sent twice (Karn, 3). */
PACKET_TEST(test_round_trip_of_our_syn)
{
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  advance(100);
  peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_in_range(app.pcb->srtt_us8 / 8, 99000, 101000);
  tcp_abort(app.pcb);
  tcp_peer_reset();
  tcp_connect_up();
  advance(3100);
  tcp_peer_ignores();
  peer_says(.flags = TCP_SYN | TCP_ACK, .seq = 0, .ack = 1);
  assert_int_equal(app.pcb->srtt_us8, 0);
  assert_int_equal(app.pcb->nrtx, 0);
}

/* RFC 9293 3.10.1, RFC 6298 5: a driver that fails is not the end of the attempt. */
PACKET_TEST(test_syn_that_the_driver_loses)
{
  tcp_peer_reset();
  peer_says(.flags = TCP_SYN, .dst_port = 81); /* the neighbour is known */
  tcp_peer_ignores();
  net.drops_tx = true;
  tcp_connect_up();
  net.drops_tx = false;
  assert_int_equal(app.pcb->state, SYN_SENT);
  advance(3100);
  expect_segment(.flags = TCP_SYN, .seq = 0);
}

/* RFC 9293 3.10.1, RFC 6298 5. */
PACKET_TEST(test_syn_without_memory)
{
  tcp_peer_reset();
  if (!may_fail()) {
    return;
  }
  struct tcp_pcb *pcb = tcp_new_ip_type(tcp_peer.is_v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  ip_addr_t to = ip_of(tcp_peer.is_v6 ? "2001:db8::2" : "10.0.0.2");
  assert_non_null(pcb);
  assert_int_equal(tcp_bind(pcb, NULL, 80), ERR_OK);
  fault_arm(1);
  err_t err = tcp_connect(pcb, &to, 4000, NULL);
  fault_arm(0);
  assert_int_equal(err, ERR_OK);
  expect_silence();
  advance(3100);
  expect_segment(.flags = TCP_SYN, .seq = 0);
}

/* --- memory and routes --- */

/* RFC 9293 3.8.1: what could not be sent has not been sent, and is tried again. */
PACKET_TEST(test_segment_without_memory)
{
  start();
  if (!may_fail()) {
    return;
  }
  for (u32_t nth = 1; nth < 4; nth++) { /* header, slices, record: whatever it needs */
    u32_t una = app.pcb->snd_una;
    u32_t errors = lwip_stats.tcp.memerr;
    assert_int_equal(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
    fault_arm(nth);
    assert_int_equal(tcp_output(app.pcb), ERR_OK);
    fault_arm(0);
    struct tcp_seen *seen = tcp_peer_sees();
    if (seen != NULL) { /* this one was not needed */
      assert_int_equal(seen->len, 3);
      assert_int_equal(app.pcb->snd_nxt, una + 3);
    } else {
      assert_int_equal(app.pcb->snd_nxt, una);
      assert_true(LWIP_STATS == 0 || TCP_STATS == 0 || nth > 2 || lwip_stats.tcp.memerr > errors);
      advance(2000);
      expect_segment(.flags = TCP_ACK, .seq = una - tcp_peer.stack_iss, .data = "abc");
      tcp_peer_ignores();
    }
    peer_says(.flags = TCP_ACK, .seq = 1, .ack = una - tcp_peer.stack_iss + 3);
  }
}

/* RFC 9293 3.9.2.2: a route that is gone for a while costs time, not the connection. */
PACKET_TEST(test_route_that_goes_and_comes)
{
  start();
  netif_set_down(&net.netif);
  assert_int_equal(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_output(app.pcb), ERR_OK);
  advance(2000);
  netif_set_up(&net.netif);
  advance(100);
  tx_discard();
  assert_int_equal(app.errors, 0);
  if (tcp_peer.is_v6) {
    return; /* its address is being detected anew */
  }
  advance(10000);
  struct tcp_seen *seen = NULL;
  for (struct tcp_seen *s = tcp_peer_sees(); s != NULL; s = tcp_peer_sees()) {
    seen = s;
  }
  assert_non_null(seen);
  assert_int_equal(seen->seq, 1);
  assert_int_equal(seen->len, 3);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 4);
  assert_int_equal(app.sent, 3);
}

/* --- what a segment is (RFC 9293 3.1) --- */

/* Security vector B9-158: its length is IP's, whatever stands behind it in the frame. */
PACKET_TEST(test_bytes_behind_the_segment)
{
  start();
  struct frame f =
      tcp_segment_of(&(struct tcp_said){.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc"});
  struct frame longer = frame_of(NULL, f.len + 40);
  memcpy(longer.data, f.data, f.len);
  memset(longer.data + f.len, 0x5a, 40);
  rx_exact(longer);
  expect_app_data("abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4);
  expect_no_drop();
}

/* Security vector B9-154: a driver that checks sums is believed; one that does not is not, also if
   the sum is 0. */
PACKET_TEST(test_checksums_of_drivers)
{
  start();
#if LWIP_CHECKSUM_CTRL_PER_NETIF
  u16_t flags = net.netif.chksum_flags;
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc", .checksum = 0x1234);
  expect_drop(DROP_TCP_BAD_CHECKSUM);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, flags & ~NETIF_CHECKSUM_CHECK_TCP);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .data = "abc", .checksum = 0x1234);
  NETIF_SET_CHECKSUM_CTRL(&net.netif, flags);
  expect_app_data("abc");
  expect_segment(.flags = TCP_ACK, .seq = 1, .ack = 4);
  struct frame f =
      tcp_segment_of(&(struct tcp_said){.flags = TCP_ACK, .seq = 4, .ack = 1, .data = "d"});
  size_t at = 14U + (tcp_peer.is_v6 ? 40U : 20U) + 16U;
  f.data[at] = f.data[at + 1] = 0;
  rx(f);
  expect_drop(DROP_TCP_BAD_CHECKSUM);
  expect_app_data("");
#endif
}

/* --- counters (RFC 4022) --- */

PACKET_TEST(test_counters)
{
#if MIB2_STATS
  struct stats_mib2 before = lwip_stats.mib2; /* RFC 4022: tcpActiveOpens and the like */
  start();
  assert_int_equal(lwip_stats.mib2.tcppassiveopens, before.tcppassiveopens + 1);
  peer_says(.flags = TCP_RST, .seq = 1);
  assert_int_equal(lwip_stats.mib2.tcpestabresets, before.tcpestabresets + 1);
  tcp_close(app.listener);
  tcp_peer_reset();
  tcp_connect_up();
  expect_segment(.flags = TCP_SYN, .seq = 0);
  peer_says(.flags = TCP_RST | TCP_ACK, .ack = 1);
  assert_int_equal(lwip_stats.mib2.tcpattemptfails, before.tcpattemptfails + 1);
  assert_int_equal(lwip_stats.mib2.tcpestabresets, before.tcpestabresets + 1);
  tcp_establish(&(struct tcp_peer_setup){.is_active = true});
  assert_int_equal(lwip_stats.mib2.tcpactiveopens, before.tcpactiveopens + 1);
  assert_int_equal(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  tcp_peer_ignores();
  peer_says(.flags = TCP_RST, .seq = 1); /* FIN-WAIT-1: neither */
  assert_int_equal(lwip_stats.mib2.tcpattemptfails, before.tcpattemptfails + 1);
  assert_int_equal(lwip_stats.mib2.tcpestabresets, before.tcpestabresets + 1);
#endif
}

static unsigned listed(void)
{
  unsigned n = 0;
  for (unsigned i = 0; i < NUM_TCP_PCB_LISTS; i++) {
    for (const struct tcp_pcb *pcb = *tcp_pcb_lists[i]; pcb != NULL; pcb = pcb->next) {
      n++;
    }
  }
  return n;
}

/* RFC 9293 3.3.2: what programs that look into lwIP's lists find: listeners, bound and active pcbs,
   none in TIME-WAIT. */
PACKET_TEST(test_lists)
{
  unsigned before = listed();
  start();
  assert_int_equal(listed(), before + 2);
  assert_ptr_equal(tcp_pcb_lists[0], &tcp_listen_pcbs.pcbs);
  assert_ptr_equal(*tcp_pcb_lists[2], app.pcb);
  struct tcp_pcb *bound = tcp_new();
  if (bound != NULL) {
    assert_int_equal(tcp_bind(bound, IP_ANY_TYPE, 99), ERR_OK);
    assert_ptr_equal(*tcp_pcb_lists[1], bound);
    tcp_abort(bound);
  }
  for (const struct tcp_pcb *pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next) {
    packet_fail(__FILE__, __LINE__, "a pcb in TIME-WAIT");
  }
  char text[16];
  (void)snprintf(text, sizeof text, "%" TCPWNDSIZE_F, (tcpwnd_size_t)40000);
  assert_string_equal(text, "40000");
}

/* RFC 9293 3.3.2: the states by name. */
PACKET_TEST(test_names_of_states)
{
  assert_string_equal(tcp_debug_state_str(CLOSED), "CLOSED");
  assert_string_equal(tcp_debug_state_str(TIME_WAIT), "TIME_WAIT");
  assert_string_equal(tcp_debug_state_str((enum tcp_state)(TIME_WAIT + 1)), "?");
}

/* RFC 9293 3.7.1: before anything is agreed on. */
PACKET_TEST(test_a_new_pcb)
{
  struct tcp_pcb *pcb = tcp_new();
  assert_non_null(pcb);
  assert_int_equal(tcp_mss(pcb), 536);
  assert_int_equal(pcb->state, CLOSED);
  assert_int_equal(pcb->prio, TCP_PRIO_NORMAL);
  assert_int_equal(pcb->snd_buf, TCP_SND_BUF);
  assert_false(tcp_nagle_disabled(pcb));
  tcp_setprio(pcb, 200);
  assert_int_equal(pcb->prio, TCP_PRIO_MAX);
  tcp_abort(pcb);
}

/* RFC 9293 3.8.6.1 lets a closed window last for ever; not for a connection that nobody holds any
   more (RFC 6429 4). */
PACKET_TEST(test_closed_window_of_a_closed_connection)
{
  start();
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1);
  assert_int_equal(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  assert_int_equal(tcp_close(app.pcb), ERR_OK);
  for (u32_t waited = 0; waited <= 2 * TCP_MSL && tcp_active_pcbs != NULL; waited += 500) {
    advance(500);
    if (tcp_peer_ignores() > 0) {
      peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1, .wnd = -1); /* "I am here" */
      tcp_peer_ignores();
    }
  }
  assert_null(tcp_active_pcbs);
}

static const struct packet_test tests[] = {
    TEST(test_bytes_behind_the_segment),
    TEST(test_checksums_of_drivers),
    TEST(test_window_beside_an_old_acknowledgement),
    TEST(test_oldest_acknowledgement_that_is_believed),
    TEST(test_half_of_the_largest_window),
    TEST(test_cork),
    TEST(test_fin_stays_where_it_was),
    TEST(test_fin_that_has_arrived_is_not_repeated),
    TEST_FLAGS(test_fin_behind_a_full_window, PACKET_ONCE),
    TEST(test_small_segments_behind_full_ones),
    TEST(test_little_given_back),
    TEST(test_window_when_receiving_is_shut_down),
    TEST(test_rounded_window_is_taken),
    TEST(test_challenges_are_limited),
    TEST(test_acknowledgement_of_the_future),
    TEST(test_reset_carries_the_clock),
    TEST_FLAGS(test_reset_by_hand, PACKET_ONCE),
    TEST(test_our_shift),
    TEST(test_round_trip_of_our_syn),
    TEST(test_syn_that_the_driver_loses),
    TEST_FLAGS(test_syn_without_memory, PACKET_ONCE),
    TEST(test_segment_without_memory),
    TEST(test_route_that_goes_and_comes),
    TEST_FLAGS(test_counters, PACKET_ONCE),
    TEST(test_lists),
    TEST_FLAGS(test_names_of_states, PACKET_ONCE),
    TEST_FLAGS(test_a_new_pcb, PACKET_ONCE),
    TEST_FLAGS(test_closed_window_of_a_closed_connection, PACKET_ONCE),
};

PACKET_MAIN(tests)
