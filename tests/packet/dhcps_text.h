/*
 * DHCP clients' side, for the tests of the server.
 *
 *     serve();                                  // on net.netif, 10.0.0.1; pool 10.0.0.100 to .103
 *     struct ask a = ask_of(DHCP_DISCOVER, 1);  // client 1
 *     ask_addr(&a, DHCP_OPTION_REQUESTED_IP, "10.0.0.103");
 *     ask(&a);
 *     told(DHCP_OFFER, 1, "10.0.0.103");        // by unicast to it
 */
#ifndef DHCPS_TEXT_H
#define DHCPS_TEXT_H

#include "packet.h"
#include "lwip/prot/dhcp.h"
#include "gossamer/dhcp_server.h"
#include "gossamer/timer.h"
#include "wire/dhcp.h"

#define OUR        "10.0.0.1"
#define POOL_FIRST "10.0.0.100"
#define POOL_LAST  "10.0.0.103"
#define CLIENT_NET 9 /* their MAC addresses are 02:00:00:00:09:<number> */
#define EVERYBODY  "255.255.255.255"

static dhcps_t *server;

static inline void server_off(void)
{
  dhcps_delete(server);
  server = NULL;
}

static inline dhcps_lease_t pool_of(const char *first, const char *last)
{
  dhcps_lease_t pool = {.enable = true, .start_ip = ip4_of(first), .end_ip = ip4_of(last)};
  return pool;
}

static inline err_t set_pool(const char *first, const char *last)
{
  dhcps_lease_t pool = pool_of(first, last);
  return dhcps_set_option_info(server, REQUESTED_IP_ADDRESS, &pool, sizeof pool);
}

/** A server on net.netif with the pool of four. */
static inline void serve(void)
{
  packet_at_end(server_off);
  server = dhcps_new();
  assert_non_null(server);
  assert_int_equal(set_pool(POOL_FIRST, POOL_LAST), ERR_OK);
  assert_int_equal(dhcps_start(server, &net.netif, ip4_of(OUR)), ERR_OK);
}

/* --- what clients say --- */

struct ask {
  u8_t bytes[1400];
  size_t len;
  u8_t number;  /* of the client */
  bool is_open; /* END is not to be added */
  const char *src, *dst;
};

static inline struct ask ask_from(u8_t type, u8_t number, const char *ciaddr, const char *giaddr,
                                  u16_t flags)
{
  struct ask a = {.len = DHCP_FIXED_LEN, .number = number, .src = "0.0.0.0", .dst = EVERYBODY};
  struct dhcp_message m = {.op = DHCP_BOOTREQUEST,
                           .htype = 1,
                           .hlen = 6,
                           .xid = 0x11223300U + number,
                           .flags = flags,
                           .ciaddr = ip4_of(ciaddr),
                           .giaddr = ip4_of(giaddr),
                           .chaddr = mac_of(CLIENT_NET, number)};
  dhcp_build(a.bytes, &m, 6);
  if (type != 0) {
    a.bytes[a.len++] = DHCP_OPTION_MESSAGE_TYPE;
    a.bytes[a.len++] = 1;
    a.bytes[a.len++] = type;
  }
  return a;
}

static inline struct ask ask_of(u8_t type, u8_t number)
{
  return ask_from(type, number, "0.0.0.0", "0.0.0.0", 0);
}

static inline void ask_bytes(struct ask *a, u8_t code, const void *value, size_t len)
{
  a->bytes[a->len++] = code;
  a->bytes[a->len++] = (u8_t)len;
  memcpy(a->bytes + a->len, value, len);
  a->len += len;
}

static inline void ask_addr(struct ask *a, u8_t code, const char *dotted)
{
  ip4_addr_t addr = ip4_of(dotted);
  ask_bytes(a, code, &addr.addr, 4);
}

static inline void ask_u32(struct ask *a, u8_t code, u32_t value)
{
  u32_t be = lwip_htonl(value);
  ask_bytes(a, code, &be, 4);
}

static inline void ask(const struct ask *a)
{
  u8_t bytes[sizeof a->bytes + 1];
  size_t len = a->len;
  memcpy(bytes, a->bytes, len);
  if (!a->is_open) {
    bytes[len++] = DHCP_OPTION_END;
  }
  struct udp_spec spec = udp_spec_of(a->src, 68, a->dst, 67);
  spec.ip.eth_src = mac_of(CLIENT_NET, a->number);
  rx(udp4_opts(spec, bytes, len));
}

static inline void discover(u8_t number)
{
  struct ask a = ask_of(DHCP_DISCOVER, number);
  ask(&a);
}

/** SELECTING: of our offer. */
static inline void request(u8_t number, const char *ip)
{
  struct ask a = ask_of(DHCP_REQUEST, number);
  ask_addr(&a, DHCP_OPTION_SERVER_ID, OUR);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, ip);
  ask(&a);
}

/** INIT-REBOOT. */
static inline void reboot(u8_t number, const char *ip)
{
  struct ask a = ask_of(DHCP_REQUEST, number);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, ip);
  ask(&a);
}

/** RENEWING: to us; REBINDING: to all. */
static inline void renew(u8_t number, const char *ip, const char *dst)
{
  struct ask a = ask_from(DHCP_REQUEST, number, ip, "0.0.0.0", 0);
  a.src = ip;
  a.dst = dst;
  ask(&a);
}

static inline void decline(u8_t number, const char *ip, const char *server_id)
{
  struct ask a = ask_of(DHCP_DECLINE, number);
  ask_addr(&a, DHCP_OPTION_SERVER_ID, server_id);
  ask_addr(&a, DHCP_OPTION_REQUESTED_IP, ip);
  ask(&a);
}

static inline void release(u8_t number, const char *ip, const char *server_id)
{
  struct ask a = ask_from(DHCP_RELEASE, number, ip, "0.0.0.0", 0);
  ask_addr(&a, DHCP_OPTION_SERVER_ID, server_id);
  a.src = ip;
  a.dst = OUR;
  ask(&a);
}

/* --- what the server says --- */

static struct {
  struct dhcp_message m;
  u8_t bytes[1500];
} said;

/** This frame is this message. */
static inline const struct dhcp_message *said_in(struct frame *f, u8_t type)
{
  size_t len = ip4_payload_len(f) - 8;
  assert_in_range(len, 300, 548); /* BOOTP relays; what everybody can receive */
  memcpy(said.bytes, f->data + ip4_payload_at(f) + 8, len);
  assert_int_equal(dhcp_parse(&said.m, said.bytes, len), DROP_NONE);
  assert_int_equal(said.m.op, DHCP_BOOTREPLY);
  assert_int_equal(said.m.type, type);
  return &said.m;
}

/** The next frame is this message, to this address of IP and link. */
static inline const struct dhcp_message *told_by(u8_t type, const u8_t *mac, const char *dst,
                                                 u16_t port)
{
  struct frame *f = check_ip4(tx(), OUR, dst, IP_PROTO_UDP);
  check_eth(f, mac, our_mac, ETHTYPE_IP);
  return said_in(check_udp(f, 67, port, NULL, (size_t)-1), type);
}

#define expect_told_addr(code, dotted) assert_int_equal(told_addr(code).addr, ip4_of(dotted).addr)

/** The option's value as an address, "0.0.0.0" if it is not there. */
static inline ip4_addr_t told_addr(u8_t code)
{
  ip4_addr_t a = {0};
  dhcp_option_addr(&said.m, code, &a);
  return a;
}

static inline void expect_yiaddr(const char *ip)
{
  assert_int_equal(said.m.yiaddr.addr, ip4_of(ip).addr);
}

/** To the client alone, with this address. */
static inline void told(u8_t type, u8_t number, const char *ip)
{
  told_by(type, mac_of(CLIENT_NET, number), ip, 68);
  assert_int_equal(said.m.xid, 0x11223300U + number);
  expect_told_addr(DHCP_OPTION_SERVER_ID, OUR);
  expect_yiaddr(ip);
}

static inline void told_no(u8_t number)
{
  told_by(DHCP_NAK, broadcast_mac, EVERYBODY, 68);
  assert_int_equal(said.m.xid, 0x11223300U + number);
  expect_told_addr(DHCP_OPTION_SERVER_ID, OUR);
  expect_yiaddr("0.0.0.0");
}

/** Seconds, as option 51 has them; 0: not there. */
static inline u32_t told_lease_s(void)
{
  u32_t s = 0;
  dhcp_option_u32(&said.m, DHCP_OPTION_LEASE_TIME, &s);
  return s;
}

/** Client `number` gets this address, from discover to acknowledgement. */
static inline void lease(u8_t number, const char *ip)
{
  discover(number);
  told(DHCP_OFFER, number, ip);
  request(number, ip);
  told(DHCP_ACK, number, ip);
}

/** Does the server list the address as this client's? */
static inline bool is_leased(u8_t number, const char *ip)
{
  ip4_addr_t found;
  u8_t mac[6];
  memcpy(mac, mac_of(CLIENT_NET, number), 6);
  return dhcp_search_ip_on_mac(server, mac, &found) && found.addr == ip4_of(ip).addr;
}

#endif /* DHCPS_TEXT_H */
