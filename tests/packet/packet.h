/**
 * @file
 * Harness of the packet tests: frames in and out of one fresh stack, in virtual time.
 *
 *     static void test_port_unreachable(void)
 *     {
 *       rx(udp4("10.0.0.2", 1234, "10.0.0.1", 9, "x", 1));
 *       check_icmp(tx(), ICMP_DUR, ICMP_DUR_PORT);
 *       expect_drop(DROP_UDP_NO_PORT);
 *       expect_silence();
 *     }
 *
 *     static const struct packet_test tests[] = {TEST(test_port_unreachable)};
 *     PACKET_MAIN(tests)
 *
 * The stack under test has one Ethernet netif, `net.netif`: MAC 02:00:00:00:00:01, 10.0.0.1/24,
 * gateway 10.0.0.254, MTU 1500, default, up. Everybody else on 10.0.<k>.0/24 is a
 * peer: 10.0.<k>.<n> has the MAC 02:00:00:00:<k>:<n>; for n = 2..250 and 254 it answers ARP
 * requests by itself, and those requests do not appear in tx() (net.peer_answers_arp = false: they
 * do, and nobody answers). What bringing the netif up sends is thrown away before the body starts.
 * IPv6 is in packet6.h: net6_up() begins it. In a build without IPv4 nothing of 10.0.0.1 and ARP is
 * there; tests that want it say so by a comment (docs/testing.md).
 *
 * Every test runs in four framings (security.md C-9), see enum packet_framing; `--fault` instead
 * runs every test once per allocation, of which one at a time fails. Then
 *  - a failed expectation (expect_*, check_*, assert_*, tx() used when NULL) ends the body quietly,
 *    so what a body holds across an expectation is not freed by its later lines: let it be the
 *    harness's (app_pbuf(), app_udp(); udp_new() and raw_new() are tracked by macros below);
 *  - callbacks run inside the stack: they record (app_udp_recv()), they do not assert;
 *  - what the stack links to (struct mcast_membership and the like) is static, not the body's
 * local;
 *  - afterwards pcbs are removed, time passes, the stack must answer a ping and then have no timer.
 * After every run the stack is ended and must have given back all memory, timers and rx buffers. A
 * body may leave pcbs, app_pbuf()s, frames and timers behind: ending the stack frees them.
 *
 * Everything is the same in every run: the clock starts 20 s before it wraps, entropy is seeded
 * from the test's name.
 */
#ifndef PACKET_H
#define PACKET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/opt.h"
#include "lwip/etharp.h"
#include "lwip/icmp.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/raw.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"

/* --- tests --- */

/** How frames reach the stack in one run of a test. */
enum packet_framing {
  FRAMING_CONTIGUOUS, /* PBUF_POOL, as a driver does it */
  FRAMING_CHAINED,    /* every byte is a pbuf of its own */
  FRAMING_GUARD,      /* the byte behind the frame is not mapped; the memory vanishes when freed */
  FRAMING_TRAILER,    /* 23 bytes of garbage stand behind what rx() was given */
  FRAMING_COUNT
};

#define PACKET_NO_CHAINED 0x01U /* not in FRAMING_CHAINED */
#define PACKET_NO_GUARD   0x02U /* not in FRAMING_GUARD */
#define PACKET_NO_TRAILER 0x04U /* not in FRAMING_TRAILER: trailing bytes change the meaning */
#define PACKET_NEVER      0x10U /* this build has nothing to test */
#define PACKET_ONCE       (PACKET_NO_CHAINED | PACKET_NO_GUARD | PACKET_NO_TRAILER)

/**
 * Have `fn` called when the body has ended, early or not, and before a fault run's ping: to undo
 * what lies outside of the stack, or what keeps it from answering. Once per run.
 */
void packet_at_end(void (*fn)(void));

struct packet_test {
  const char *name;
  void (*body)(void);
  u32_t flags; /* PACKET_NO_* */
};

#define TEST(function)                                                                             \
  {                                                                                                \
#function, function, 0                                                                         \
  }
#define TEST_FLAGS(function, flags)                                                                \
  {                                                                                                \
#function, function, (flags)                                                                   \
  }
/** Only where `condition`, of options, holds. */
#define TEST_IF(condition, function)                                                               \
  {                                                                                                \
#function, function, (condition) ? 0 : PACKET_NEVER                                            \
  }
#define PACKET_TEST(name) static void name(void)

/** main() of a packet test. Arguments: --fault or --fault=N (at most N allocations of each test,
    spread over them); names (or parts of names) of the tests to run. */
#define PACKET_MAIN(tests)                                                                         \
  int main(int argc, char **argv)                                                                  \
  {                                                                                                \
    return packet_main((tests), sizeof(tests) / sizeof((tests)[0]), argc, argv);                   \
  }

int packet_main(const struct packet_test *tests, size_t count, int argc, char **argv);

/** Of the present run. */
enum packet_framing packet_framing(void);
bool packet_is_fault_run(void);

/* --- frames --- */

/** A whole Ethernet frame, without FCS. Memory is the harness's until the test ends. */
struct frame {
  u8_t *data;
  size_t len;
};

/* One side of the stack: a netif and what it sent. */
struct packet_net {
  struct netif netif;
  u8_t number;           /* the third byte of its addresses: 10.0.<number>.x */
  bool peer_answers_arp; /* true at first */
  bool peer_answers_nd;  /* true at first */
  bool drops_tx;         /* the driver answers ERR_IF to everything; false at first */
  struct packet_queue *sent;
  struct packet_queue *replies; /* ARP and ND answers that wait for settle() */
};

extern struct packet_net net;

/**
 * One more Ethernet netif, up: MAC 02:00:00:00:<k>:01, 10.0.<k>.1/24, no gateway, k = 1, 2, 3.
 * Fails the test when the stack refuses it.
 */
struct packet_net *net_add_netif(void);

/** A frame arrives, in this run's framing. */
void rx(struct frame f);
void rx_on(struct packet_net *on, struct frame f);

/** A frame arrives with exactly its own length in every framing (no trailer). */
void rx_exact(struct frame f);
void rx_exact_on(struct packet_net *on, struct frame f);

/** Oldest frame that the stack sent and nobody took yet; NULL: none. Valid until the test ends. */
struct frame *tx(void);
struct frame *tx_on(struct packet_net *on);

/** Throw away what was sent, by all netifs. */
void tx_discard(void);

/** Time passes; timers run when they are due. advance(0) runs those due now. */
void advance(u32_t ms);

/** Milliseconds of the stack's clock. */
u32_t now_ms(void);

/* --- expectations; all of them print what they found instead --- */

/** Nothing was sent by any netif (besides ARP requests that peers answer). */
#define expect_silence() packet_expect_silence(__FILE__, __LINE__)

/** Exactly one packet was dropped since the last expect_[no_]drop[s](), for this reason. */
#define expect_drop(why) packet_expect_drops(1, (why), __FILE__, __LINE__)

/** Exactly `n` packets were dropped, all for this reason. */
#define expect_drops(n, why) packet_expect_drops((n), (why), __FILE__, __LINE__)

#define expect_no_drop() packet_expect_drops(0, DROP_NONE, __FILE__, __LINE__)

/** Forget the drops so far. */
void ignore_drops(void);

/* --- building --- */

/** 02:00:00:00:<net>:<host>; net 0, host 1 is us. Storage is static and constant per address. */
const u8_t *mac_of(u8_t net_number, u8_t host);
extern const u8_t our_mac[6], peer_mac[6], gateway_mac[6], broadcast_mac[6], zero_mac[6];

/** "10.0.0.1" as the number in network order that ip4_addr_t holds. */
ip4_addr_t ip4_of(const char *dotted);
/** Of either family: "10.0.0.1", "fe80::2", "fe80::2%1". */
ip_addr_t ip_of(const char *text);

/** Raw bytes as a frame. */
struct frame frame_of(const void *bytes, size_t len);
struct frame frame_copy(struct frame f);

struct frame eth(const u8_t dst[6], const u8_t src[6], u16_t type, const void *payload, size_t len);

/** The frame with an 802.1Q tag put in behind the addresses. */
struct frame vlan_tagged(struct frame f, u16_t tci);

/** An Ethernet/IPv4 ARP message; Ethernet source smac, destination tmac, or broadcast for zeros. */
struct frame arp(u16_t op, const u8_t smac[6], const char *sip, const u8_t tmac[6],
                 const char *tip);

/**
 * From a peer to us, with right checksums, TTL 64, no fragment. Ethernet source: the peer's MAC,
 * the gateway's for sources that are not in 10.0.0.0/16. Ethernet destination: the broadcast or
 * group address that belongs to `dst`, otherwise our MAC of the source's subnet.
 */
struct frame ip4(const char *src, const char *dst, u8_t proto, const void *payload, size_t len);

/** All of an IPv4 header. Start from ip4_spec_of(), then change members. */
struct ip4_spec {
  const char *src, *dst;
  const u8_t *eth_src, *eth_dst; /* NULL: as ip4() */
  u16_t eth_type;
  u8_t version;
  int ihl; /* in 32-bit words; -1: right */
  u8_t tos;
  int total_len; /* -1: right */
  u16_t id;
  u16_t frag; /* IP_RF, IP_DF, IP_MF and the offset in units of 8 bytes */
  u8_t ttl, proto;
  int checksum;        /* -1: right */
  const void *options; /* padded with zeros to a multiple of 4 */
  size_t options_len;
};

struct ip4_spec ip4_spec_of(const char *src, const char *dst, u8_t proto);
struct frame ip4_opts(struct ip4_spec spec, const void *payload, size_t len);

struct frame udp4(const char *src, u16_t sport, const char *dst, u16_t dport, const void *data,
                  size_t len);

/** All of a UDP or UDP-Lite datagram over an IPv4 header of any kind. */
struct udp_spec {
  struct ip4_spec ip;
  u16_t sport, dport;
  int len;      /* length or coverage field; -1: right */
  int checksum; /* -1: right (over the coverage for UDP-Lite); 0: none */
};

struct udp_spec udp_spec_of(const char *src, u16_t sport, const char *dst, u16_t dport);
struct frame udp4_opts(struct udp_spec spec, const void *data, size_t len);

/** @param rest  second word of the ICMP header, host order (echo: id << 16 | sequence) */
struct frame icmp4(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                   const void *data, size_t len);
struct frame ping4(const char *src, const char *dst, u16_t id, u16_t seq, const void *data,
                   size_t len);

/** An ICMP error that quotes the IPv4 packet in `about` up to `quote_len` bytes (0: header + 8). */
struct frame icmp4_error(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                         const struct frame *about, size_t quote_len);

/** IGMP: TTL 1, Router Alert, checksum put in at offset 2 of `msg`. */
struct frame igmp4(const char *src, const char *dst, const void *msg, size_t len);

/**
 * Cut the IPv4 packet in `f` into fragments with at most `max_payload` bytes each (a multiple of
 * 8).
 *
 * @return how many; fails the test when they are more than `max_count`
 */
size_t ip4_fragments(struct frame f, size_t max_payload, struct frame *out, size_t max_count);

/** Set the IPv4 header checksum of `f` right again after a change. */
void ip4_fix_checksum(struct frame *f);

/** RFC 1071, in network order as a number: what put16() shall write. */
u16_t checksum_of(const void *data, size_t len);

/** `len` bytes that differ from place to place; same `seed`, same bytes. Valid until test end. */
const u8_t *pattern(size_t len, u32_t seed);

/* --- looking; offsets from the start of the Ethernet frame; beyond the end: expectation failed ---
 */
#define get8(f, off)  packet_get((f), (off), 1, __FILE__, __LINE__)
#define get16(f, off) ((u16_t)packet_get((f), (off), 2, __FILE__, __LINE__))
#define get32(f, off) packet_get((f), (off), 4, __FILE__, __LINE__)
void put8(struct frame *f, size_t off, u8_t value);
void put16(struct frame *f, size_t off, u16_t value);
void put32(struct frame *f, size_t off, u32_t value);

/** Offset of the transport header in a frame that check_ip4() accepts, VLAN tag or not. */
#define ip4_payload_at(f) packet_ip4_payload_at((f), __FILE__, __LINE__)
/** Bytes behind the IP header, by its total length. */
#define ip4_payload_len(f) packet_ip4_payload_len((f), __FILE__, __LINE__)

/* --- checking: each verifies lengths and checksums from the Ethernet header up to its own layer,
   and returns its frame, so that checks compose: check_udp(check_ip4(tx(), ...), ...) --- */
#define check_eth(f, dst, src, type) packet_check_eth((f), (dst), (src), (type), __FILE__, __LINE__)
/** Tagged with `tci`; returns a copy without the tag. */
#define check_vlan(f, tci) packet_check_vlan((f), (tci), __FILE__, __LINE__)
#define check_arp(f, op, smac, sip, tmac, tip)                                                     \
  packet_check_arp((f), (op), (smac), (sip), (tmac), (tip), __FILE__, __LINE__)
#define check_ip4(f, src, dst, proto)                                                              \
  packet_check_ip4((f), (src), (dst), (proto), __FILE__, __LINE__)
/** Any addresses; payload exactly `len` bytes of `data`. data NULL: any; len (size_t)-1: any length
 */
#define check_udp(f, sport, dport, data, len)                                                      \
  packet_check_udp((f), (sport), (dport), (data), (len), __FILE__, __LINE__)
#define check_icmp(f, type, code) packet_check_icmp((f), (type), (code), __FILE__, __LINE__)
/** An echo reply to `ping4(src, dst, id, seq, data, len)`. */
#define check_pong(f, id, seq, data, len)                                                          \
  packet_check_pong((f), (id), (seq), (data), (len), __FILE__, __LINE__)
/** An ICMP error quoting `about` unchanged (its TTL, checksum aside), as far as it quotes. */
#define check_icmp_error(f, type, code, about)                                                     \
  packet_check_icmp_error((f), (type), (code), (about), __FILE__, __LINE__)
#define check_igmp(f, type) packet_check_igmp((f), (type), __FILE__, __LINE__)

/* --- the application's side --- */

/** A PBUF_RAM (PBUF_TRANSPORT) with these bytes; the harness frees it when the test ends. */
#define app_pbuf(data, len) packet_app_pbuf((data), (len), __FILE__, __LINE__)

/** Let the harness free a packet that a callback was given and keeps, when the test ends. */
void app_own(struct pbuf *p);

/**
 * A UDP pcb bound to an address and port, whose datagrams app_received() hands out. Its family is
 * the address's; NULL: any address of IPv4, or of IPv6 in a build that has no other; "*": any of
 * both.
 */
#define app_udp(addr, port) packet_app_udp((addr), (port), __FILE__, __LINE__)

/** What a pcb got. Memory is the harness's until the test ends. */
struct datagram {
  struct udp_pcb *pcb;
  ip_addr_t src;
  u16_t sport;
  ip_addr_t dst; /* ip_current_dest_addr() */
  u8_t *data;
  size_t len;
  int pbuf_count;
};

/** udp_recv() callback behind app_udp(): use it on your own pcbs, too. */
void app_udp_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                  u16_t port);

/** Oldest datagram that nobody took yet; NULL: none. */
struct datagram *app_received(void);

/** One datagram came, with this sender (zone aside if `src` has none) and content, no other waits.
 */
#define expect_datagram(src, sport, data, len)                                                     \
  packet_expect_datagram((src), (sport), (data), (len), __FILE__, __LINE__)
#define expect_no_datagram() packet_expect_no_datagram(__FILE__, __LINE__)

/* pcbs made in test code are removed by the harness if the body does not come to it. */
struct udp_pcb *packet_udp_new_ip_type(u8_t type);
void packet_udp_remove(struct udp_pcb *pcb);
struct raw_pcb *packet_raw_new_ip_type(u8_t type, u8_t proto);
void packet_raw_remove(struct raw_pcb *pcb);
#ifndef PACKET_IMPLEMENTATION
#define udp_new()       packet_udp_new_ip_type(IPADDR_TYPE_V4)
#define udp_new_ip_type packet_udp_new_ip_type
#define udp_remove      packet_udp_remove
#define raw_new(proto)  packet_raw_new_ip_type(IPADDR_TYPE_V4, (proto))
#define raw_new_ip_type packet_raw_new_ip_type
#define raw_remove      packet_raw_remove
#endif

/* --- behind the macros --- */

/** An expectation failed: ends the body (quietly in a fault run). */
_Noreturn void packet_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Said in front of the next failure: which row of a table is being tested, for example. */
void packet_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

void packet_expect_silence(const char *file, int line);
void packet_expect_drops(u32_t n, enum drop_reason why, const char *file, int line);
u32_t packet_get(const struct frame *f, size_t off, size_t size, const char *file, int line);
size_t packet_ip4_payload_at(const struct frame *f, const char *file, int line);
size_t packet_ip4_payload_len(const struct frame *f, const char *file, int line);
struct frame *packet_check_eth(struct frame *f, const u8_t *dst, const u8_t *src, u16_t type,
                               const char *file, int line);
struct frame *packet_check_vlan(struct frame *f, u16_t tci, const char *file, int line);
struct frame *packet_check_arp(struct frame *f, u16_t op, const u8_t *smac, const char *sip,
                               const u8_t *tmac, const char *tip, const char *file, int line);
struct frame *packet_check_ip4(struct frame *f, const char *src, const char *dst, u8_t proto,
                               const char *file, int line);
struct frame *packet_check_udp(struct frame *f, u16_t sport, u16_t dport, const void *data,
                               size_t len, const char *file, int line);
struct frame *packet_check_icmp(struct frame *f, u8_t type, u8_t code, const char *file, int line);
struct frame *packet_check_pong(struct frame *f, u16_t id, u16_t seq, const void *data, size_t len,
                                const char *file, int line);
struct frame *packet_check_icmp_error(struct frame *f, u8_t type, u8_t code,
                                      const struct frame *about, const char *file, int line);
struct frame *packet_check_igmp(struct frame *f, u8_t type, const char *file, int line);
struct pbuf *packet_app_pbuf(const void *data, size_t len, const char *file, int line);
struct udp_pcb *packet_app_udp(const char *addr, u16_t port, const char *file, int line);
void packet_expect_datagram(const char *src, u16_t sport, const void *data, size_t len,
                            const char *file, int line);
void packet_expect_no_datagram(const char *file, int line);

/* cmocka's assertions would end the test even in a fault run, where they must end the body only. */
void packet_assert_numbers(long long a, long long b, bool want_equal, const char *text,
                           const char *file, int line);
void packet_assert_memory(const void *a, const void *b, size_t len, bool want_equal,
                          const char *text, const char *file, int line);
void packet_assert_strings(const char *a, const char *b, bool want_equal, const char *text,
                           const char *file, int line);

#undef assert_true
#undef assert_false
#undef assert_null
#undef assert_non_null
#undef assert_int_equal
#undef assert_int_not_equal
#undef assert_ptr_equal
#undef assert_ptr_not_equal
#undef assert_memory_equal
#undef assert_memory_not_equal
#undef assert_string_equal
#undef assert_string_not_equal
#undef assert_in_range
#undef assert_not_in_range
#undef fail
#undef fail_msg
#define PACKET_ASSERT(c, text)                                                                     \
  ((c) ? (void)0 : packet_fail(__FILE__, __LINE__, "not true: %s", (text)))
#define PACKET_ASSERT_NUMBERS(a, b, equal)                                                         \
  packet_assert_numbers((long long)(a), (long long)(b), (equal), #a ", " #b, __FILE__, __LINE__)
#define assert_true(c)         PACKET_ASSERT(c, #c)
#define assert_false(c)        PACKET_ASSERT(!(c), "!(" #c ")")
#define assert_null(p)         PACKET_ASSERT((p) == NULL, #p " == NULL")
#define assert_non_null(p)     PACKET_ASSERT((p) != NULL, #p " != NULL")
#define assert_ptr_equal(a, b) PACKET_ASSERT((const void *)(a) == (const void *)(b), #a " == " #b)
#define assert_ptr_not_equal(a, b)                                                                 \
  PACKET_ASSERT((const void *)(a) != (const void *)(b), #a " != " #b)
#define assert_int_equal(a, b)     PACKET_ASSERT_NUMBERS(a, b, true)
#define assert_int_not_equal(a, b) PACKET_ASSERT_NUMBERS(a, b, false)
#define assert_in_range(x, min, max)                                                               \
  PACKET_ASSERT((x) >= (min) && (x) <= (max), #x " in " #min ".." #max)
#define assert_not_in_range(x, min, max)                                                           \
  PACKET_ASSERT((x) < (min) || (x) > (max), #x " not in " #min ".." #max)
#define assert_memory_equal(a, b, len)                                                             \
  packet_assert_memory((a), (b), (len), true, #a ", " #b, __FILE__, __LINE__)
#define assert_memory_not_equal(a, b, len)                                                         \
  packet_assert_memory((a), (b), (len), false, #a ", " #b, __FILE__, __LINE__)
#define assert_string_equal(a, b)                                                                  \
  packet_assert_strings((a), (b), true, #a ", " #b, __FILE__, __LINE__)
#define assert_string_not_equal(a, b)                                                              \
  packet_assert_strings((a), (b), false, #a ", " #b, __FILE__, __LINE__)
#define fail()        packet_fail(__FILE__, __LINE__, "failed")
#define fail_msg(...) packet_fail(__FILE__, __LINE__, __VA_ARGS__)

#include "packet6.h"

#endif /* PACKET_H */
