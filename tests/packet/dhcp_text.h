/*
 * A DHCP server's side, for the tests of the client: what it heard, and what it answers.
 *
 *     dhcp_go();                          // the netif has no address, the client starts
 *     heard(DHCP_DISCOVER);
 *     struct answer a = answer_of(DHCP_OFFER);
 *     put_u32(&a, DHCP_OPTION_LEASE_TIME, 60);
 *     say(&a);
 *
 * The server is 10.0.0.2 and gives 10.0.0.251, for which no peer answers ARP.
 */
#ifndef DHCP_TEXT_H
#define DHCP_TEXT_H

#include "packet.h"
#include "lwip/autoip.h"
#include "lwip/dhcp.h"
#include "gossamer/dhcp.h"
#include "gossamer/timer.h"
#include "wire/dhcp.h"

#define SERVER "10.0.0.2"
#define GIVEN  "10.0.0.251"
#define OTHER  "10.0.0.252"
#define NETIF  (&net.netif)

/** What the client sent last. */
struct heard {
  struct dhcp_message m;
  u8_t bytes[1500];
  u32_t at_ms;
};

static struct heard last;

/** The client's state, DHCP_STATE_OFF if there is no client. */
static inline u8_t dhcp_state(void)
{
  const struct dhcp *dhcp = netif_dhcp_data(NETIF);
  return dhcp != NULL ? dhcp->state : DHCP_STATE_OFF;
}

static inline bool has_addr(const char *dotted)
{
  ip4_addr_t want = ip4_of(dotted);
  return ip4_addr_eq(netif_ip4_addr(NETIF), &want);
}

/** All clients away. */
static inline void dhcp_off(void)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    dhcp_cleanup(netif);
    autoip_remove_struct(netif);
  }
  dhcp_set_storage(NULL);
}

/** Start the client on a netif without address. */
static inline void dhcp_go(void)
{
  packet_at_end(dhcp_off);
  netif_set_addr(NETIF, NULL, NULL, NULL);
  tx_discard();
  assert_int_equal(dhcp_start(NETIF), ERR_OK);
}

/** The next frame is this message, from and to these addresses. */
static inline struct dhcp_message *heard_by(u8_t type, const char *src, const char *dst)
{
  struct frame *f = check_udp(check_ip4(tx(), src, dst, IP_PROTO_UDP), 68, 67, NULL, (size_t)-1);
  size_t at = ip4_payload_at(f) + 8;
  size_t len = ip4_payload_len(f) - 8;
  assert_true(len <= sizeof last.bytes);
  memcpy(last.bytes, f->data + at, len);
  last.at_ms = now_ms();
  assert_int_equal(dhcp_parse(&last.m, last.bytes, len), DROP_NONE);
  assert_int_equal(last.m.op, DHCP_BOOTREQUEST);
  assert_int_equal(last.m.type, type);
  return &last.m;
}

static inline struct dhcp_message *heard(u8_t type)
{
  return heard_by(type, "0.0.0.0", "255.255.255.255");
}

/** The option's value as an address, "0.0.0.0" if it is not there. */
static inline ip4_addr_t said_addr(u8_t code)
{
  ip4_addr_t a = {0};
  dhcp_option_addr(&last.m, code, &a);
  return a;
}

#define expect_said_addr(code, dotted) assert_int_equal(said_addr(code).addr, ip4_of(dotted).addr)

/* --- answers --- */

struct answer {
  u8_t bytes[1400];
  size_t len;
  bool is_ended; /* END is there, or shall not be */
  const char *from;
  u16_t sport;
  bool is_broadcast;
};

static inline void put_bytes(struct answer *a, u8_t code, const void *value, size_t len)
{
  a->bytes[a->len++] = code;
  a->bytes[a->len++] = (u8_t)len;
  if (len > 0) {
    memcpy(a->bytes + a->len, value, len);
  }
  a->len += len;
}

static inline void put_u32(struct answer *a, u8_t code, u32_t value)
{
  u32_t be = lwip_htonl(value);
  put_bytes(a, code, &be, 4);
}

static inline void put_addr(struct answer *a, u8_t code, const char *dotted)
{
  ip4_addr_t addr = ip4_of(dotted);
  put_bytes(a, code, &addr.addr, 4);
}

/** Fixed part and type: to the exchange of the last message that was heard. */
static inline struct answer bare_answer(u8_t type, const char *yiaddr)
{
  struct answer a = {.len = DHCP_FIXED_LEN, .from = SERVER, .sport = 67};
  struct dhcp_message m = {.op = DHCP_BOOTREPLY,
                           .htype = 1,
                           .hlen = 6,
                           .xid = last.m.xid,
                           .yiaddr = ip4_of(yiaddr),
                           .chaddr = our_mac};
  dhcp_build(a.bytes, &m, 6);
  put_bytes(&a, DHCP_OPTION_MESSAGE_TYPE, &type, 1);
  return a;
}

/** Without lease time, mask and router. */
static inline struct answer plain_answer(u8_t type, const char *yiaddr, const char *server)
{
  struct answer a = bare_answer(type, yiaddr);
  put_addr(&a, DHCP_OPTION_SERVER_ID, server);
  return a;
}

/** An hour, /24, router 10.0.0.254; a NAK has nothing of that. */
static inline struct answer answer_of(u8_t type)
{
  struct answer a = plain_answer(type, type == DHCP_NAK ? "0.0.0.0" : GIVEN, SERVER);
  if (type != DHCP_NAK) {
    put_u32(&a, DHCP_OPTION_LEASE_TIME, 3600);
    put_addr(&a, DHCP_OPTION_SUBNET_MASK, "255.255.255.0");
    put_addr(&a, DHCP_OPTION_ROUTER, "10.0.0.254");
  }
  return a;
}

static inline struct frame answer_frame(const struct answer *a)
{
  u8_t bytes[sizeof a->bytes + 1];
  size_t len = a->len;
  memcpy(bytes, a->bytes, len);
  if (!a->is_ended) {
    bytes[len++] = DHCP_OPTION_END;
  }
  struct udp_spec spec =
      udp_spec_of(a->from, a->sport, a->is_broadcast ? "255.255.255.255" : GIVEN, 68);
  return udp4_opts(spec, bytes, len);
}

static inline void say(const struct answer *a)
{
  rx(answer_frame(a));
}

static inline void say_simply(u8_t type)
{
  struct answer a = answer_of(type);
  say(&a);
}

/** With these times (0: without the option). */
static inline void say_times(u8_t type, u32_t lease, u32_t t1, u32_t t2)
{
  struct answer a = plain_answer(type, GIVEN, SERVER);
  if (lease != 0) {
    put_u32(&a, DHCP_OPTION_LEASE_TIME, lease);
  }
  if (t1 != 0) {
    put_u32(&a, DHCP_OPTION_T1, t1);
  }
  if (t2 != 0) {
    put_u32(&a, DHCP_OPTION_T2, t2);
  }
  say(&a);
}

/** Let the probes pass unanswered, and both announcements. */
static inline void pass_check(void)
{
  assert_int_equal(dhcp_state(), DHCP_STATE_CHECKING);
  for (int i = 0; i < 80 && dhcp_state() == DHCP_STATE_CHECKING; i++) {
    advance(100);
  }
  assert_int_equal(dhcp_state(), DHCP_STATE_BOUND);
  advance(2000); /* the second announcement */
  tx_discard();
}

/** From the start to REQUESTING: the request is heard. */
static inline void go_requesting(void)
{
  dhcp_go();
  heard(DHCP_DISCOVER);
  say_simply(DHCP_OFFER);
  heard(DHCP_REQUEST);
}

/** All the way to a lease with these times; the clock stands where the request was sent, behind
    that the probes. */
static inline void go_bound(u32_t lease, u32_t t1, u32_t t2)
{
  go_requesting();
  say_times(DHCP_ACK, lease, t1, t2);
  pass_check();
  assert_true(has_addr(GIVEN));
}

/** Time passes until `ms` behind the last message that was heard. */
static inline void advance_to(u32_t ms)
{
  advance(ms - (now_ms() - last.at_ms));
}

#endif /* DHCP_TEXT_H */
