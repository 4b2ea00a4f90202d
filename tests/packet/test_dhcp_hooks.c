/*
 * DHCP client: what lwipopts.h may add (features 120, 121, 126 to 131; gaps 3: lwIP names the
 * wrong message type in REBINDING). The program brings its own build of the client.
 * needs: ipv4
 */
#define ESP_DHCP                           1
#define LWIP_DHCP_GET_NTP_SRV              1
#define LWIP_DHCP_MAX_NTP_SERVERS          2
#define LWIP_DHCP_BOOTP_FILE               1
#define DHCP_ADD_EXTRA_REQUEST_OPTIONS     , 66, 67
#define DHCP_REQUEST_BACKOFF_SEQUENCE(n)   (500U << (n))
#define DHCP_GLOBAL_XID                    0x12345678U
#define DHCP_COARSE_TIMER_SECS             1
#define DHCP_NEXT_TIMEOUT_THRESHOLD        3
#define LWIP_DHCP_DISCOVER_ADD_HOSTNAME    0
#define ESP_LWIP_DHCP_FINE_TIMERS_ONDEMAND 1
#define LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, state, msg, type, len_ptr)                      \
  append(netif, dhcp, state, msg, type, len_ptr)
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, type, option, len, p, offset)         \
  parse(netif, dhcp, state, msg, type, option, len, p, offset)
#define LWIP_HOOK_DHCP_POST_INIT(netif, result) (result) = post_init(netif)

#include "packet.h"

#if LWIP_DHCP

#include "lwip/dhcp.h"
#include "lwip/prot/dhcp.h"

static void append(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                   u8_t msg_type, u16_t *options_len);
static void parse(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                  u8_t msg_type, u8_t option, u8_t len, struct pbuf *p, u16_t offset);
static err_t post_init(struct netif *netif);

#include "control/dhcp.c"
#include "control/dhcp_input.c"
#include "control/dhcp_lease.c"
#include "control/dhcp_send.c"
#include "control/dhcp_store.c"
#include "control/dhcp_vendor.c"
#include "dhcp_text.h"

static u8_t append_type;
static u16_t append_too_much;

static void append(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                   u8_t msg_type, u16_t *options_len)
{
  append_type = (netif == NETIF && state == dhcp->state) ? msg_type : 0;
  if (append_too_much > 0) {
    *options_len = append_too_much;
  } else {
    msg->options[(*options_len)++] = 224;
    msg->options[(*options_len)++] = 1;
    msg->options[(*options_len)++] = 77;
  }
}

static u8_t parsed[300]; /* by option: the first byte of the last one */
static u8_t parse_type;

static void parse(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                  u8_t msg_type, u8_t option, u8_t len, struct pbuf *p, u16_t offset)
{
  LWIP_UNUSED_ARG(dhcp);
  LWIP_UNUSED_ARG(state);
  LWIP_UNUSED_ARG(msg);
  parse_type = (netif == NETIF) ? msg_type : 0;
  if (len > 0) {
    pbuf_copy_partial(p, &parsed[option], 1, offset);
  }
}

static ip4_addr_t to_restore;

static err_t post_init(struct netif *netif)
{
  if (to_restore.addr == 0) {
    return ERR_VAL;
  }
  netif_dhcp_data(netif)->offered_ip_addr = to_restore;
  return ERR_OK;
}

static ip4_addr_t ntp[4];
static u8_t ntp_count;

void dhcp_set_ntp_servers(u8_t num_ntp_servers, const ip4_addr_t *ntp_server_addrs)
{
  ntp_count = num_ntp_servers;
  for (u8_t i = 0; i < num_ntp_servers; i++) {
    ntp[i] = ntp_server_addrs[i];
  }
}

static void reset(void)
{
  append_too_much = 0;
  to_restore.addr = 0;
  ntp_count = 0;
  memset(parsed, 0, sizeof parsed);
}

PACKET_TEST(test_hooks_see_each_message)
{
  u8_t value = 0;
  reset();
  dhcp_go();
  heard(DHCP_DISCOVER);
  assert_int_equal(append_type, DHCP_DISCOVER);
  assert_int_equal(dhcp_option_get(&last.m, 224, &value, 1), 1);
  assert_int_equal(value, 77);
  struct answer a = answer_of(DHCP_OFFER);
  put_bytes(&a, 225, "\x05", 1);
  say(&a);
  assert_int_equal(parsed[225], 5);
  assert_int_equal(parse_type, DHCP_OFFER);
  assert_int_equal(parsed[DHCP_OPTION_ROUTER], 0); /* our own are not shown */
  heard(DHCP_REQUEST);
  assert_int_equal(append_type, DHCP_REQUEST);
  a = plain_answer(DHCP_ACK, GIVEN, SERVER);
  put_u32(&a, DHCP_OPTION_LEASE_TIME, 800);
  put_bytes(&a, 225, "\x06", 1);
  say(&a);
  assert_int_equal(parsed[225], 6);
  assert_int_equal(parse_type, DHCP_ACK);
  pass_check();
  advance_to(700000);
  tx_discard();
  assert_int_equal(dhcp_state(), DHCP_STATE_REBINDING);
  assert_int_equal(append_type, DHCP_REQUEST);
  dhcp_stop(NETIF);
  assert_int_equal(append_type, DHCP_RELEASE);
}

/* A hook that says it wrote more than there is room for. */
PACKET_TEST(test_hook_writes_too_much)
{
  reset();
  append_too_much = 0xffff;
  dhcp_go();
  assert_true(heard(DHCP_DISCOVER)->len <= sizeof(struct dhcp_msg));
  append_too_much = 0;
}

PACKET_TEST(test_extra_requests)
{
  u8_t list[32];
  reset();
  dhcp_go();
  int n = dhcp_option_get(heard(DHCP_DISCOVER), DHCP_OPTION_PARAMETER_REQUEST_LIST, list, 32);
  assert_true(n > 3);
  assert_int_equal(list[n - 2], 66);
  assert_int_equal(list[n - 1], 67);
}

PACKET_TEST(test_xid_and_backoff)
{
  reset();
  dhcp_go();
  assert_int_equal(heard(DHCP_DISCOVER)->xid, 0x12345678);
  advance(749);
  expect_silence();
  advance(501);
  heard(DHCP_DISCOVER);
}

/* Three seconds between renewals at least, not a minute (feature 131). */
PACKET_TEST(test_renewals_close_together)
{
  static const u32_t at_ms[] = {20000, 27500, 31250, 34250};
  reset();
  go_bound(40, 0, 0);
  u32_t began_ms = last.at_ms;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(at_ms); i++) {
    advance(at_ms[i] - 1000 - (now_ms() - began_ms));
    expect_silence();
    advance(2000);
    heard_by(DHCP_REQUEST, GIVEN, SERVER);
  }
}

/* The name may stay out of what all servers hear (feature 121). */
PACKET_TEST(test_hostname_not_in_discover)
{
  char name[16] = {0};
  reset();
  netif_set_hostname(NETIF, "gossamer");
  dhcp_go();
  assert_int_equal(dhcp_option_get(heard(DHCP_DISCOVER), DHCP_OPTION_HOSTNAME, NULL, 0), -1);
  say_simply(DHCP_OFFER);
  assert_int_equal(dhcp_option_get(heard(DHCP_REQUEST), DHCP_OPTION_HOSTNAME, name, 16), 8);
  assert_string_equal(name, "gossamer");
}

/* Ticks of ports that drive lwIP by hand: nothing comes of them (features 126, 129, 131). */
PACKET_TEST(test_ticks)
{
  reset();
  dhcp_go();
  heard(DHCP_DISCOVER);
  for (int i = 0; i < 100; i++) {
    dhcp_fine_tmr(NETIF);
    dhcp_fine_timeout_cb(NETIF);
    dhcp_coarse_tmr();
  }
  expect_silence();
  assert_int_equal(dhcp_state(), DHCP_STATE_SELECTING);
}

/* ESP-IDF: the last address, asked for first. */
PACKET_TEST(test_restored_by_hook)
{
  reset();
  to_restore = ip4_of(GIVEN);
  dhcp_go();
  heard(DHCP_REQUEST);
  assert_int_equal(dhcp_state(), DHCP_STATE_REBOOTING);
  expect_said_addr(DHCP_OPTION_REQUESTED_IP, GIVEN);
  to_restore.addr = 0;
}

/* ESP-IDF: option 61 is the MAC address, 60 and 43 are the program's. */
PACKET_TEST(test_esp_options)
{
  u8_t id[16];
  char text[16] = {0};
  reset();
  assert_int_equal(dhcp_set_vendor_class_identifier(0, "x"), ERR_ARG);
  assert_int_equal(dhcp_get_vendor_specific_information(16, text), ERR_ARG);
  assert_int_equal(dhcp_set_vendor_class_identifier(4, "acme"), ERR_OK);
  go_requesting();
  assert_int_equal(dhcp_option_get(&last.m, DHCP_OPTION_VCI, text, sizeof text), 4);
  assert_string_equal(text, "acme");
  assert_int_equal(dhcp_option_get(&last.m, DHCP_OPTION_CLIENT_ID, id, sizeof id), 7);
  assert_int_equal(id[0], 1);
  assert_memory_equal(id + 1, our_mac, 6);
  struct answer a = answer_of(DHCP_ACK);
  put_bytes(&a, DHCP_OPTION_VSI, "info", 4);
  say(&a);
  assert_int_equal(dhcp_get_vendor_specific_information(3, text), ERR_ARG);
  assert_int_equal(dhcp_get_vendor_specific_information(16, text), ERR_OK);
  assert_string_equal(text, "info");
  dhcp_free_vendor_class_identifier();
  assert_int_equal(dhcp_get_vendor_specific_information(16, text), ERR_ARG);
}

static unsigned called;

static void on_lease(struct netif *netif)
{
  called += dhcp_supplied_address(netif);
}

PACKET_TEST(test_callback)
{
  reset();
  called = 0;
  go_requesting();
  dhcp_set_cb(NETIF, on_lease);
  say_times(DHCP_ACK, 800, 0, 0);
  assert_int_equal(called, 0);
  pass_check();
  assert_int_equal(called, 1);
  advance_to(400000);
  heard_by(DHCP_REQUEST, GIVEN, SERVER);
  say_times(DHCP_ACK, 800, 0, 0);
  assert_int_equal(called, 2);
}

/* A callback may end the client. */
static void stop_it(struct netif *netif)
{
  dhcp_cleanup(netif);
}

PACKET_TEST(test_callback_ends_the_client)
{
  reset();
  go_requesting();
  dhcp_set_cb(NETIF, stop_it);
  say_times(DHCP_ACK, 800, 0, 0);
  advance(10000);
  assert_null(netif_dhcp_data(NETIF));
  assert_true(has_addr("0.0.0.0"));
  assert_int_equal(timers_count(), 0);
}

PACKET_TEST(test_ntp_servers)
{
  reset();
  go_requesting();
  struct answer a = answer_of(DHCP_ACK);
  put_bytes(&a, DHCP_OPTION_NTP, "\x0a\x00\x00\x01\x0a\x00\x00\x02\x0a\x00\x00\x03", 12);
  say(&a);
  assert_int_equal(ntp_count, 2);
  assert_int_equal(ntp[1].addr, ip4_of("10.0.0.2").addr);
}

PACKET_TEST(test_boot_file)
{
  reset();
  go_requesting();
  struct answer a = answer_of(DHCP_ACK);
  memcpy(a.bytes + 20, "\x0a\x00\x00\x09", 4);
  memset(a.bytes + DHCP_FILE_OFS, 'f', DHCP_FILE_LEN); /* no NUL */
  say(&a);
  const struct dhcp *dhcp = netif_dhcp_data(NETIF);
  assert_int_equal(dhcp->offered_si_addr.addr, ip4_of("10.0.0.9").addr);
  assert_int_equal(strlen(dhcp->boot_file_name), DHCP_BOOT_FILE_LEN - 1);
  dhcp_off();
  go_requesting();
  a = answer_of(DHCP_ACK);
  put_bytes(&a, DHCP_OPTION_BOOTFILE, "image", 5);
  say(&a);
  assert_string_equal(netif_dhcp_data(NETIF)->boot_file_name, "image");
}

static const struct packet_test tests[] = {
    TEST(test_hooks_see_each_message),
    TEST(test_hook_writes_too_much),
    TEST(test_extra_requests),
    TEST_FLAGS(test_xid_and_backoff, PACKET_ONCE),
    TEST(test_renewals_close_together),
    TEST(test_hostname_not_in_discover),
    TEST(test_ticks),
    TEST(test_restored_by_hook),
    TEST(test_esp_options),
    TEST(test_callback),
    TEST(test_callback_ends_the_client),
    TEST(test_ntp_servers),
    TEST(test_boot_file),
};

#else

static void test_no_dhcp(void)
{
}

static const struct packet_test tests[] = {TEST_FLAGS(test_no_dhcp, PACKET_NEVER)};

#endif

PACKET_MAIN(tests)
