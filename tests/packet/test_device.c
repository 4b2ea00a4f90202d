/**
 * @file
 * The device of examples/device: its documents are valid JSON in every state, and their figures
 * are what the stack and the other side have counted; what it serves beside them.
 * needs: ipv4
 * needs: tcp
 * with: device
 */
#include <stdio.h>
#include <stdlib.h>
#include "packet_tcp.h"
#include "dhcp_text.h"
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "lwip/dns.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "gossamer/tcp_info.h"
#include "device_priv.h"
#include "json_text.h"

static void device_off(void)
{
  device_stop();
  dhcp_off();
}

static void go_with(struct device_config config)
{
  packet_at_end(device_off);
  config.netif = NETIF;
  config.hostname = "test";
  assert_int_equal(device_start(&config), ERR_OK);
}

static void go(void)
{
  go_with((struct device_config){0});
}

/* --- documents --- */

static struct {
  char text[64 * 1024];
  size_t len;
} doc;

/** Fetch a document as the web server does; it must be JSON. */
static void get(const char *path)
{
  struct fs_file file;
  memset(&file, 0, sizeof file);
  assert_true(fs_open_custom(&file, path));
  bool is_small = (size_t)file.len < sizeof doc.text;
  doc.len = is_small ? (size_t)file.len : 0;
  memcpy(doc.text, file.data, doc.len);
  fs_close_custom(&file);
  assert_true(is_small);
  doc.text[doc.len] = '\0';
  assert_true(json_is_valid(doc.text, doc.len));
}

static void status(void)
{
  get("/api/status.json");
}

static const char *at(const char *path)
{
  const char *found = json_at(doc.text, doc.len, path);
  packet_note("%s: ", path);
  assert_non_null(found);
  packet_note(" ");
  return found;
}

static u64_t number_at(const char *path)
{
  return strtoull(at(path), NULL, 10);
}

static bool has(const char *path)
{
  return json_at(doc.text, doc.len, path) != NULL;
}

/** The element of `list` whose member `key` is `value` (as it stands there); -1: none. */
static int index_of(const char *list, const char *key, const char *value)
{
  char path[100];
  for (int i = 0;; i++) {
    snprintf(path, sizeof path, "%s.%d.%s", list, i, key);
    const char *found = json_at(doc.text, doc.len, path);
    if (found == NULL || strcmp(found, value) == 0) {
      return found != NULL ? i : -1;
    }
  }
}

/** "list.3.member" for the element that index_of() finds. Valid until the next. */
static const char *path_of(const char *list, const char *key, const char *value, const char *member)
{
  static char path[120];
  int i = index_of(list, key, value);
  packet_note("%s with %s %s: ", list, key, value);
  assert_true(i >= 0);
  packet_note(" ");
  snprintf(path, sizeof path, "%s.%d.%s", list, i, member);
  return path;
}

/** The path of a member of the netif under test. */
static const char *of_netif(const char *member)
{
  char name[NETIF_NAMESIZE], quoted[NETIF_NAMESIZE + 2];
  snprintf(quoted, sizeof quoted, "\"%s\"", device_netif_name(NETIF, name));
  return path_of("interfaces", "name", quoted, member);
}

/* --- life --- */

PACKET_TEST(test_start_and_stop)
{
  struct device_config config = {.netif = NULL};
  assert_int_equal(device_start(&config), ERR_ARG);
  assert_int_equal(device_start(NULL), ERR_ARG);
  go();
  config.netif = NETIF;
  assert_int_equal(device_start(&config), ERR_ALREADY);
  status();
  assert_string_equal(at("hostname"), "\"test\"");
  device_stop();
  device_stop(); /* harmless */
  struct fs_file file = {0};
  assert_false(fs_open_custom(&file, "/api/status.json"));
  assert_int_equal(device_start(&config), ERR_OK);
  status();
  assert_string_equal(at("hostname"), "\"gossamer\"");
}

/* A port that somebody has: nothing runs, and the rest is given back. */
PACKET_TEST(test_port_is_taken)
{
  app_udp("*", 7);
  packet_at_end(device_off);
  struct device_config config = {.netif = NETIF};
  assert_int_equal(device_start(&config), ERR_USE);
  assert_null(tcp_listen_pcbs.listen_pcbs);
}

PACKET_TEST(test_uptime)
{
  go();
  advance(61234);
  status();
  assert_int_equal(number_at("device.uptime_ms"), 61234);
  advance(40000); /* over the wrap of the clock */
  status();
  assert_int_equal(number_at("device.uptime_ms"), 101234);
}

PACKET_TEST(test_unknown_files)
{
  struct fs_file file = {0};
  go();
  assert_false(fs_open_custom(&file, "/api/status"));
  assert_false(fs_open_custom(&file, "/"));
  assert_false(fs_open_custom(&file, "/capture.pcapng")); /* there is no capture */
}

/* Slow clients hold no more than so many documents. */
PACKET_TEST(test_documents_are_bounded)
{
  static struct fs_file file[65];
  go();
  memset(file, 0, sizeof file);
  for (unsigned i = 0; i < 64; i++) {
    bool is_open = fs_open_custom(&file[i], "/api/capture.json");
    if (!is_open) { /* no memory: give all back before this test ends */
      for (unsigned k = 0; k < i; k++) {
        fs_close_custom(&file[k]);
      }
    }
    assert_true(is_open);
  }
  bool is_refused = !fs_open_custom(&file[64], "/api/capture.json");
  for (unsigned i = 0; i < 64; i++) {
    fs_close_custom(&file[i]);
  }
  assert_true(is_refused);
  status();
}

/* --- interfaces --- */

PACKET_TEST(test_interface)
{
  go();
  status();
  assert_string_equal(at(of_netif("mac")), "\"02:00:00:00:00:01\"");
  assert_int_equal(number_at(of_netif("mtu")), 1500);
  assert_string_equal(at(of_netif("is_up")), "true");
  assert_string_equal(at(of_netif("is_link_up")), "true");
  assert_string_equal(at(of_netif("addresses.0.address")), "\"10.0.0.1\"");
  assert_int_equal(number_at(of_netif("addresses.0.prefix_len")), 24);
  assert_string_equal(at(of_netif("addresses.0.valid_s")), "null");
  assert_string_equal(at(of_netif("gateway")), "\"10.0.0.254\"");
  netif_set_link_down(NETIF);
  status();
  assert_string_equal(at(of_netif("is_link_up")), "false");
}

/* The counters of an interface wrap at 2^32; those of the device do not. */
PACKET_TEST(test_octets)
{
  NETIF->mib2_counters.ifinoctets = 0xfffffff0UL;
  NETIF->mib2_counters.ifoutoctets = 1000;
  go();
  status();
  assert_int_equal(number_at(of_netif("bytes_in")), 0xfffffff0UL);
  NETIF->mib2_counters.ifinoctets += 0x20;
  NETIF->mib2_counters.ifoutoctets += 5;
  status();
  assert_true(number_at(of_netif("bytes_in")) == 0x100000010ULL);
  assert_int_equal(number_at(of_netif("bytes_out")), 1005);
}

PACKET_TEST(test_history)
{
  go();
  get("/api/history.json");
  assert_string_equal(at("bytes_in"), "[]");
  for (u32_t i = 1; i <= 125; i++) {
    NETIF->mib2_counters.ifinoctets += i;
    NETIF->mib2_counters.ifoutoctets += 2 * i;
    advance(1000);
  }
  get("/api/history.json");
  assert_int_equal(number_at("interval_ms"), 1000);
  assert_int_equal(number_at("bytes_in.0"), 6);
  assert_int_equal(number_at("bytes_in.119"), 125);
  assert_int_equal(number_at("bytes_out.119"), 250);
  assert_false(has("bytes_in.120"));
}

/** The next DHCP message; what else is sent on the way is not looked at. */
static void hear(u8_t type)
{
  struct frame *f = NULL;
  for (int i = 0; i < 200; i++) {
    while ((f = tx()) != NULL) {
      if (get16(f, 12) == ETHTYPE_IP && f->len > 42 && get16(f, 36) == 67) {
        size_t from = ip4_payload_at(f) + 8;
        size_t len = ip4_payload_len(f) - 8;
        memcpy(last.bytes, f->data + from, len);
        assert_int_equal(dhcp_parse(&last.m, last.bytes, len), DROP_NONE);
        assert_int_equal(last.m.type, type);
        return;
      }
    }
    advance(100);
  }
  assert_non_null(f);
}

PACKET_TEST(test_lease)
{
  netif_set_addr(NETIF, NULL, NULL, NULL);
  go();
  status();
  assert_string_equal(at("dhcp.0.state"), "\"selecting\"");
  assert_false(has("dhcp.0.address"));
  hear(DHCP_DISCOVER);
  say_simply(DHCP_OFFER);
  hear(DHCP_REQUEST);
  status();
  assert_string_equal(at("dhcp.0.state"), "\"requesting\"");
  u32_t since_ms = now_ms();
  say_simply(DHCP_ACK);
  status();
  assert_string_equal(at("dhcp.0.state"), "\"checking\"");
  pass_check();
  advance(100000 - (now_ms() - since_ms));
  status();
  assert_string_equal(at("dhcp.0.state"), "\"bound\"");
  assert_string_equal(at("dhcp.0.address"), "\"" GIVEN "\"");
  assert_string_equal(at("dhcp.0.server"), "\"" SERVER "\"");
  assert_string_equal(at("dhcp.0.gateway"), "\"10.0.0.254\"");
  assert_int_equal(number_at("dhcp.0.left_s"), 3500);
  assert_int_equal(number_at("dhcp.0.renew_s"), 1700);
  assert_int_equal(number_at("dhcp.0.rebind_s"), 3050);
  assert_string_equal(at(of_netif("addresses.0.origin")), "\"dhcp\"");
  assert_int_equal(number_at(of_netif("addresses.0.valid_s")), 3500);
  char url[80];
  assert_true(device_url(url, sizeof url));
  assert_string_equal(url, "http://" GIVEN "/");
}

PACKET_TEST(test_url)
{
  char url[80];
  assert_false(device_url(url, sizeof url));
  go_with((struct device_config){.http_port = 8080});
  assert_true(device_url(url, sizeof url));
  assert_string_equal(url, "http://10.0.0.1:8080/");
  netif_set_addr(NETIF, NULL, NULL, NULL);
  assert_false(device_url(url, sizeof url)); /* link-local IPv6 alone is for nobody's browser */
  assert_string_equal(url, "");
}

/* Servers of the program, and one more that the interface was told of. */
PACKET_TEST(test_dns)
{
  go();
  status();
  assert_string_equal(at("dns"), "[]");
  for (u8_t i = 0; i < DNS_MAX_SERVERS; i++) {
    ip_addr_t server = ip_of("10.0.0.2");
    ip_2_ip4(&server)->addr = PP_HTONL(0x0a000002UL + i);
    dns_setserver(i, &server);
  }
  ip_addr_t last_one = ip_of("10.0.0.77");
  dns_setserver_with_netif(NETIF, 0, &last_one);
  status();
  char path[20];
  snprintf(path, sizeof path, "dns.%d", DNS_MAX_SERVERS);
  assert_string_equal(at("dns.0"), "\"10.0.0.2\"");
  assert_string_equal(at(path), "\"10.0.0.77\"");
}

/* --- neighbours, counters, memory --- */

PACKET_TEST(test_neighbors)
{
  go();
  net.peer_answers_arp = false;
  rx(arp(ARP_REQUEST, mac_of(0, 9), "10.0.0.9", zero_mac, "10.0.0.1"));
  ip4_addr_t silent = ip4_of("10.0.0.8");
  etharp_query(NETIF, &silent, NULL);
  status();
  assert_string_equal(at(path_of("neighbors", "address", "\"10.0.0.9\"", "mac")),
                      "\"02:00:00:00:00:09\"");
  assert_string_equal(at(path_of("neighbors", "address", "\"10.0.0.9\"", "state")), "\"learned\"");
  assert_string_equal(at(path_of("neighbors", "address", "\"10.0.0.8\"", "state")), "\"pending\"");
  assert_string_equal(at(path_of("neighbors", "address", "\"10.0.0.8\"", "mac")), "null");
}

PACKET_TEST(test_drops)
{
  go();
  u32_t before = drop_count(DROP_IP4_BAD_CHECKSUM);
  struct ip4_spec spec = ip4_spec_of("10.0.0.2", "10.0.0.1", IP_PROTO_UDP);
  spec.checksum = 0x1234;
  rx(ip4_opts(spec, "x", 1));
  rx(ip4_opts(spec, "x", 1));
  rx(udp4("10.0.0.2", 1234, "10.0.0.1", 9, "x", 1));
  status();
  assert_int_equal(number_at(path_of("drops", "reason", "\"IP4_BAD_CHECKSUM\"", "count")),
                   before + 2);
  unsigned listed = 0;
  for (unsigned why = DROP_NONE + 1; why < DROP_REASON_COUNT; why++) {
    u32_t count = drop_count((enum drop_reason)why);
    char reason[60];
    snprintf(reason, sizeof reason, "\"%s\"", drop_name((enum drop_reason)why));
    if (count != 0) {
      assert_int_equal(number_at(path_of("drops", "reason", reason, "count")), count);
      listed++;
    }
  }
  char behind[20];
  snprintf(behind, sizeof behind, "drops.%u", listed);
  assert_false(has(behind));
  ignore_drops();
}

static void check_proto(const char *name, const struct stats_proto *s)
{
  assert_int_equal(number_at(path_of("protocols", "name", name, "received")), s->recv);
  assert_int_equal(number_at(path_of("protocols", "name", name, "sent")), s->xmit);
  assert_int_equal(number_at(path_of("protocols", "name", name, "dropped")), s->drop);
  assert_int_equal(number_at(path_of("protocols", "name", name, "checksum_errors")), s->chkerr);
}

PACKET_TEST(test_counters)
{
  go();
  u32_t before = lwip_stats.icmp.recv;
  for (u16_t i = 0; i < 5; i++) {
    rx(ping4("10.0.0.2", "10.0.0.1", 1, i, "abc", 3));
  }
  rx(udp4("10.0.0.2", 1234, "10.0.0.1", 9, "x", 1));
  status();
  assert_int_equal(number_at(path_of("protocols", "name", "\"icmp\"", "received")),
                   (STAT_COUNTER)(before + 5));
  check_proto("\"ipv4\"", &lwip_stats.ip);
  check_proto("\"icmp\"", &lwip_stats.icmp);
  check_proto("\"udp\"", &lwip_stats.udp);
  check_proto("\"arp\"", &lwip_stats.etharp);
  ignore_drops();
}

PACKET_TEST(test_memory)
{
  go();
  for (int i = 0; i < 3; i++) {
    app_udp("10.0.0.1", (u16_t)(2000 + i));
  }
  status();
  const struct stats_mem *pool = lwip_stats.memp[MEMP_UDP_PCB];
  assert_int_equal(number_at(path_of("pools", "name", "\"UDP_PCB\"", "used")), pool->used);
  assert_int_equal(number_at(path_of("pools", "name", "\"UDP_PCB\"", "max")), pool->max);
  assert_int_equal(number_at(path_of("pools", "name", "\"UDP_PCB\"", "limit")), MEMP_NUM_UDP_PCB);
  assert_int_equal(number_at(path_of("pools", "name", "\"UDP_PCB\"", "failures")), pool->err);
  assert_true(number_at("heap.max") >= number_at("heap.used"));
  assert_true(number_at("heap.used") > 0);
}

/* A list shows so many lines and tells how many there are. */
PACKET_TEST(test_lists_are_bounded)
{
  go();
  status();
  u64_t before = number_at("udp.total");
  enum { MORE = LWIP_MIN(150, MEMP_NUM_UDP_PCB / 2) };
  for (u16_t i = 0; i < MORE; i++) {
    app_udp("10.0.0.1", (u16_t)(3000 + i));
  }
  status();
  assert_int_equal(number_at("udp.total"), before + MORE);
  assert_int_equal(has("udp.list.99"), before + MORE >= 100);
  assert_false(has("udp.list.100"));
}

/* --- services --- */

PACKET_TEST(test_udp_echo)
{
  go();
  tx_discard();
  rx(udp4("10.0.0.2", 1234, "10.0.0.1", 7, "hello", 5));
  struct frame *f = tx();
  while (f != NULL && get16(f, 12) != ETHTYPE_IP) {
    f = tx();
  }
  check_udp(check_ip4(f, "10.0.0.1", "10.0.0.2", IP_PROTO_UDP), 7, 1234, "hello", 5);
  /* Another echo server would answer us for ever; all hosts would answer a broadcast. */
  rx(udp4("10.0.0.2", 7, "10.0.0.1", 7, "loop", 4));
  expect_silence();
  status();
  assert_int_equal(number_at("echo.1.served"), 1);
  assert_int_equal(number_at("echo.1.bytes_out"), 5);
  assert_int_equal(number_at("echo.1.bytes_in"), 9);
  rx(udp4("10.0.0.2", 1234, "10.0.0.255", 7, "all", 3));
  expect_silence();
}

/** A connection from the peer to a port of the device. */
static void connect_to(u16_t port)
{
  static const u8_t mss[] = {2, 4, 0x05, 0xb4};
  tcp_peer_reset();
  tcp_peer.stack_port = port;
  tx_discard();
  peer_says(.flags = TCP_SYN, .opts = mss, .opts_len = sizeof mss);
  expect_segment(.flags = TCP_SYN | TCP_ACK, .ack = 1);
  peer_says(.flags = TCP_ACK, .seq = 1, .ack = 1);
}

PACKET_TEST(test_connection)
{
  go();
  advance(5000); /* IPv6 has said what it says at first */
  dhcp_off();
  connect_to(7);
  peer_says(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = "hello");
  expect_segment(.flags = TCP_ACK | TCP_PSH, .ack = 6, .data = "hello");
  status();
  const char *path = path_of("tcp.list", "state", "\"established\"", "local");
  assert_string_equal(at(path), "\"10.0.0.1\"");
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "local_port")), 7);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "remote_port")), 4000);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "unacked")), 5);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "bytes_in")), 5);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "bytes_out")), 0);
  assert_int_equal(number_at("echo.0.bytes_in"), 5);
  assert_int_equal(number_at("echo.0.bytes_out"), 5);
  assert_int_equal(number_at("echo.0.open"), 1);
  struct tcp_connection_info info;
  assert_int_equal(tcp_get_connection_info(tcp_active_pcbs, &info), ERR_OK);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "srtt_us")),
                   info.srtt_us);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "cwnd")), info.cwnd);
  advance(3000); /* nobody acknowledges: sent again */
  tx_discard();
  tcp_get_connection_info(tcp_active_pcbs, &info);
  assert_true(info.retransmits > 0);
  status();
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"established\"", "retransmits")),
                   info.retransmits);
  peer_says(.flags = TCP_ACK | TCP_FIN, .seq = 6, .ack = 6);
  tx_discard();
  status();
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"last-ack\"", "bytes_in")), 5);
  assert_int_equal(number_at(path_of("tcp.list", "state", "\"last-ack\"", "bytes_out")), 5);
  assert_int_equal(number_at("echo.0.open"), 0);
  assert_int_equal(number_at("echo.0.served"), 1);
  assert_int_equal(index_of("tcp.list", "state", "\"last-ack\"") >= 0, 1);
}

/** The page says where its readers reach iperf. */
PACKET_TEST(test_iperf_port)
{
  go();
  status();
  assert_int_equal(number_at("iperf.public_port"), 5001);
  device_stop();
  go_with((struct device_config){.iperf_public_port = 5011});
  status();
  assert_int_equal(number_at("iperf.port"), 5001);
  assert_int_equal(number_at("iperf.public_port"), 5011);
}

static tcp_recv_fn echo_recv;

/** A driver may have put a pbuf without bytes into the chain. */
static err_t recv_with_empty(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct pbuf *empty = pbuf_alloc(PBUF_RAW, 0, PBUF_RAM);
  if (empty != NULL && p != NULL) {
    pbuf_cat(empty, p);
    p = empty;
  }
  return echo_recv(arg, pcb, p, err);
}

PACKET_TEST(test_echo_of_empty_pbufs)
{
  go();
  advance(5000); /* IPv6 has said what it says at first */
  dhcp_off();
  connect_to(7);
  assert_non_null(tcp_active_pcbs);
  echo_recv = tcp_active_pcbs->recv;
  tcp_recv(tcp_active_pcbs, recv_with_empty);
  peer_says(.flags = TCP_ACK | TCP_PSH, .seq = 1, .ack = 1, .data = "hello");
  expect_segment(.flags = TCP_ACK | TCP_PSH, .ack = 6, .data = "hello");
  status();
  assert_int_equal(number_at("echo.0.bytes_out"), 5);
}

/* --- captures --- */

static struct {
  char path[20];
  bool is_running;
  unsigned starts, stops, closes;
} capture;

static const char captured[] = "0123456789abcdef";

static err_t capture_start_fn(struct netif *netif, const char *path)
{
  capture.starts++;
  capture.is_running = netif == NETIF;
  snprintf(capture.path, sizeof capture.path, "%s", path != NULL ? path : "-");
  return ERR_OK;
}

static void capture_stop_fn(void)
{
  capture.stops++;
  capture.is_running = false;
}

static void capture_close_fn(void)
{
  capture.closes++;
}

static u32_t capture_size_fn(void)
{
  return capture.starts > 0 ? sizeof captured - 1 : 0;
}

static int capture_read_fn(u32_t offset, void *buf, u32_t len)
{
  memcpy(buf, captured + offset, len);
  return (int)len;
}

static const struct device_capture fake = {capture_start_fn, capture_stop_fn, capture_close_fn,
                                           capture_size_fn, capture_read_fn};

/** POST with these header fields, without content. @return the file that answers; "": refused */
static const char *post_with(const char *uri, const char *fields)
{
  static char answer[64];
  u8_t auto_wnd = 1;
  answer[0] = '\0';
  if (httpd_post_begin(NULL, uri, fields, (u16_t)strlen(fields), 0, answer, sizeof answer,
                       &auto_wnd) == ERR_OK) {
    httpd_post_finished(NULL, answer, sizeof answer);
  }
  return answer;
}

static const char *post(const char *uri)
{
  return post_with(uri, "");
}

static void capture_go(void)
{
  memset(&capture, 0, sizeof capture);
  go_with((struct device_config){.capture = &fake, .capture_path = "a.pcapng"});
}

PACKET_TEST(test_capture)
{
  capture_go();
  status();
  assert_string_equal(at("capture"), "{\"is_available\":true,\"is_running\":false,\"bytes\":0}");
  assert_string_equal(post("/api/capture/start"), "/api/capture.json");
  assert_true(capture.is_running);
  assert_string_equal(capture.path, "a.pcapng");
  get("/api/capture.json");
  assert_string_equal(at("is_running"), "true");
  assert_int_equal(number_at("bytes"), sizeof captured - 1);
  assert_string_equal(post("/api/capture/start"), "/api/capture.json"); /* it runs already */
  assert_int_equal(capture.starts, 1);
  assert_string_equal(post("/api/capture/stop"), "/api/capture.json");
  post("/api/capture/stop");
  assert_int_equal(capture.stops, 1);
  assert_string_equal(post("/api/capture/other"), "");
  assert_string_equal(post("/"), "");
  device_stop();
  assert_int_equal(capture.closes, 1);
}

/* A page of somebody else's gives no commands. */
PACKET_TEST(test_capture_by_other_origins)
{
  static const char *const others[] = {
      "Host: 10.77.0.2\r\nOrigin: http://evil.example\r\n",
      "Host: 10.77.0.2\r\nOrigin: http://10.77.0.2:81\r\n",
      "Host: 10.77.0.2\r\nOrigin: http://110.77.0.2\r\n",
      "Host: 10.77.0.2\r\nOrigin: http://10.77.0.2.evil.example\r\n",
      "Host: 10.77.0.2:80\r\norigin:http://10.77.0.2\r\n",
      "Host: 10.77.0.2\r\nOrigin: 10.77.0.2\r\n",
      "Host: 10.77.0.2\r\nOrigin: null\r\n",
      "Host: 10.77.0.2\r\nOrigin:\r\n",
      "Origin: http://10.77.0.2\r\n",
  };
  static const char *const ours[] = {
      "Host: 10.77.0.2\r\nOrigin: http://10.77.0.2\r\n",
      "Origin: http://[fd00::2]:8080 \nhost:\t[FD00::2]:8080\n",
      "host: gossamer\r\nX-Origin: http://evil.example\r\n",
      "Host: gossamer\r\nOrigin: http://gossamer",
  };
  capture_go();
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(others); i++) {
    packet_note("%s", others[i]);
    assert_string_equal(post_with("/api/capture/start", others[i]), "");
    assert_false(capture.is_running);
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(ours); i++) {
    packet_note("%s", ours[i]);
    assert_string_equal(post_with("/api/capture/start", ours[i]), "/api/capture.json");
    assert_true(capture.is_running);
    assert_string_equal(post_with("/api/capture/stop", others[i]), "");
    assert_true(capture.is_running);
    assert_string_equal(post_with("/api/capture/stop", ours[i]), "/api/capture.json");
    assert_false(capture.is_running);
  }
}

PACKET_TEST(test_capture_download)
{
  struct fs_file file = {0};
  char got[32] = "";
  capture_go();
  assert_false(fs_open_custom(&file, "/capture.pcapng"));
  post("/api/capture/start");
  assert_true(fs_open_custom(&file, "/capture.pcapng"));
  assert_null(file.data);
  assert_int_equal(file.len, sizeof captured - 1);
  size_t len = 0;
  int n;
  while ((n = fs_read_custom(&file, got + len, 5)) > 0) {
    len += (size_t)n;
  }
  assert_int_equal(n, FS_READ_EOF);
  assert_string_equal(got, captured);
  fs_close_custom(&file);
}

PACKET_TEST(test_capture_from_the_start)
{
  memset(&capture, 0, sizeof capture);
  go_with((struct device_config){.capture = &fake, .is_capturing = true});
  assert_true(capture.is_running);
  assert_string_equal(capture.path, "-");
}

/* --- text --- */

/** The screen into doc; no line is longer than 80 columns. @return its lines */
static unsigned print(void)
{
  FILE *f = fmemopen(doc.text, sizeof doc.text, "w");
  assert_non_null(f);
  device_print(f);
  fclose(f);
  unsigned lines = 0;
  for (const char *p = doc.text; *p != '\0'; lines++) {
    size_t len = strcspn(p, "\n");
    assert_true(len <= 80);
    assert_int_equal(p[len], '\n');
    p += len + 1;
  }
  return lines;
}

PACKET_TEST(test_text)
{
  print();
  assert_non_null(strstr(doc.text, "does not run"));
  go();
  NETIF->mib2_counters.ifinoctets = 1234567;
  advance(5000);
  dhcp_off();
  connect_to(7);
  rx(udp4("10.0.0.2", 1234, "10.0.0.1", 9, "x", 1));
  unsigned lines = print();
  assert_true(lines > 15 && lines <= 60);
  assert_non_null(strstr(doc.text, "http://10.0.0.1/"));
  assert_non_null(strstr(doc.text, "10.0.0.1/24"));
  assert_non_null(strstr(doc.text, "1.2 MB"));
  assert_non_null(strstr(doc.text, "established"));
  assert_non_null(strstr(doc.text, drop_text(DROP_UDP_NO_PORT)));
  ignore_drops();
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_start_and_stop, PACKET_ONCE),
    TEST_FLAGS(test_port_is_taken, PACKET_ONCE),
    TEST_FLAGS(test_uptime, PACKET_ONCE),
    TEST_FLAGS(test_unknown_files, PACKET_ONCE),
    TEST_FLAGS(test_documents_are_bounded, PACKET_ONCE),
    TEST_FLAGS(test_interface, PACKET_ONCE),
    TEST_FLAGS(test_octets, PACKET_ONCE),
    TEST_FLAGS(test_history, PACKET_ONCE),
    TEST_FLAGS(test_lease, PACKET_ONCE),
    TEST_FLAGS(test_url, PACKET_ONCE),
    TEST_FLAGS(test_dns, PACKET_ONCE),
    TEST_FLAGS(test_neighbors, PACKET_ONCE),
    TEST_FLAGS(test_drops, PACKET_ONCE),
    TEST_FLAGS(test_counters, PACKET_ONCE),
    TEST_FLAGS(test_memory, PACKET_ONCE),
    TEST_FLAGS(test_lists_are_bounded, PACKET_ONCE),
    TEST_FLAGS(test_udp_echo, PACKET_ONCE),
    TEST_FLAGS(test_connection, PACKET_ONCE),
    TEST_FLAGS(test_iperf_port, PACKET_ONCE),
    TEST_FLAGS(test_echo_of_empty_pbufs, PACKET_ONCE),
    TEST_FLAGS(test_capture, PACKET_ONCE),
    TEST_FLAGS(test_capture_by_other_origins, PACKET_ONCE),
    TEST_FLAGS(test_capture_download, PACKET_ONCE),
    TEST_FLAGS(test_capture_from_the_start, PACKET_ONCE),
    TEST_FLAGS(test_text, PACKET_ONCE),
};

PACKET_MAIN(tests)
