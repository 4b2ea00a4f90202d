/**
 * @file
 * The IPv6 half of the harness; packet.h includes it.
 *
 * IPv6 is silent on net.netif until a body calls net6_up(): then it has fe80::ff:fe00:1 in slot 0
 * and 2001:db8::1 in slot 1 (net k: fe80::ff:fe00:<k>01 and 2001:db8:<k>::1), both preferred
 * without duplicate address detection, no router, and sends no router solicitations by itself.
 *
 * Peers on net k are fe80::<n> and 2001:db8:<k>::<n> with the MAC 02:00:00:00:<k>:<n>, n = 2 to fa
 * and fe, hexadecimal: they answer neighbor solicitations by themselves, and those do not appear in
 * tx() (net.peer_answers_nd = false: they do, and nobody answers). Nobody answers probes from ::.
 * fe80::fe says that it is a router.
 *
 * Addresses are texts, as RFC 4291 2.2 has them. "fe80::2%1" has the zone of the netif with index
 * 1, "fe80::2%tp0" of that with this name; without either there is no zone.
 */
#ifndef PACKET6_H
#define PACKET6_H

#ifndef PACKET_H
#error "include packet.h"
#endif

/* ICMPv6 types (RFC 4443, 4861, 2710, 3810) by the names of their messages. */
enum packet_icmp6 {
  T6_UNREACHABLE = 1,
  T6_TOO_BIG = 2,
  T6_TIME_EXCEEDED = 3,
  T6_PARAMETER = 4,
  T6_ECHO_REQUEST = 128,
  T6_ECHO_REPLY = 129,
  T6_MLD_QUERY = 130,
  T6_MLD1_REPORT = 131,
  T6_MLD1_DONE = 132,
  T6_RS = 133,
  T6_RA = 134,
  T6_NS = 135,
  T6_NA = 136,
  T6_REDIRECT = 137,
  T6_MLD2_REPORT = 143
};

/* Next headers. */
enum packet_next_header {
  NH_HOP_BY_HOP = 0,
  NH_TCP = 6,
  NH_UDP = 17,
  NH_ROUTING = 43,
  NH_FRAGMENT = 44,
  NH_ESP = 50,
  NH_AH = 51,
  NH_ICMP6 = 58,
  NH_NONE = 59,
  NH_DEST = 60,
  NH_UDPLITE = 136
};

/** Give a netif its IPv6 addresses; twelve seconds pass and what it sent is thrown away. */
void net6_up(void);
void net6_up_on(struct packet_net *on);

/* --- building --- */

/** The 16 bytes of an address. */
void ip6_bytes(const char *text, u8_t out[16]);

ip6_addr_t ip6_of(const char *text);

/** With the zone of `on` if its scope needs one (LWIP_IPV6_SCOPES). */
ip6_addr_t ip6_on(const struct packet_net *on, const char *text);

/** ff02::1:ffXX:XXXX of an address, as text. Valid until the test ends. */
const char *solicited_node(const char *text);

/** All of the headers in front of the payload. Start from ip6_spec_of(), then change members. */
struct ip6_spec {
  const char *src, *dst;
  const u8_t *eth_src, *eth_dst; /* NULL: as ip6() */
  u16_t eth_type;
  u8_t version;
  u8_t tc;
  u32_t flow;
  int payload_len; /* -1: right */
  u8_t hop_limit;
  u8_t nexth; /* of the payload */
  /* Extension headers, by ip6_ext_*() in their order on the wire. */
  u8_t ext_first; /* type of the first one, if ext_len > 0 */
  size_t ext_len;
  size_t ext_last; /* offset of the last one, whose successor is `nexth` */
  u8_t ext[1024];
};

/** Hop limit 64, no extension headers. */
struct ip6_spec ip6_spec_of(const char *src, const char *dst, u8_t nexth);

/**
 * Append an extension header. `body` is what follows its length byte; it is padded to a multiple of
 * 8 (hop-by-hop and destination options: by Pad1 or PadN).
 */
void ip6_ext_add(struct ip6_spec *spec, u8_t type, const void *body, size_t body_len);

/** Append the bytes of a header as they are, but for the first, which tells what comes next. */
void ip6_ext_raw(struct ip6_spec *spec, u8_t type, const void *header, size_t len);

/** @param offset  in bytes, a multiple of 8 */
void ip6_ext_fragment(struct ip6_spec *spec, u16_t offset, bool more, u32_t id);

/** Hop-by-hop options with a router alert (RFC 2711) of `value`, 0: MLD. */
void ip6_ext_router_alert(struct ip6_spec *spec, u16_t value);

/**
 * From a peer to us. Ethernet source: the peer's MAC, the gateway's (host fe) for sources that are
 * not in 2001:db8:<k>:: or fe80::. Ethernet destination: that of the group, otherwise our MAC on
 * the subnet that source or destination tell, of net 0 if neither does.
 */
struct frame ip6_opts(struct ip6_spec spec, const void *payload, size_t len);
struct frame ip6(const char *src, const char *dst, u8_t nexth, const void *payload, size_t len);

/** Where in a frame of ip6_opts() things are. */
enum { IP6_AT = 14, IP6_HOP_LIMIT_AT = 14 + 7, IP6_PAYLOAD_AT = 14 + 40 };

/** All of a UDP or UDP-Lite datagram over any IPv6 headers. */
struct udp6_spec {
  struct ip6_spec ip;
  u16_t sport, dport;
  int len;      /* length or coverage field; -1: right */
  int checksum; /* -1: right (over the coverage for UDP-Lite); 0: none */
};

struct udp6_spec udp6_spec_of(const char *src, u16_t sport, const char *dst, u16_t dport);
struct frame udp6_opts(struct udp6_spec spec, const void *data, size_t len);
struct frame udp6(const char *src, u16_t sport, const char *dst, u16_t dport, const void *data,
                  size_t len);

/** RFC 8200 8.1, over pseudo-header and message; 0 stays 0. */
u16_t checksum6(const char *src, const char *dst, u8_t nexth, const void *data, size_t len);

/** A whole ICMPv6 message over any IPv6 headers; its checksum is put in if it has room for it. */
struct frame icmp6_opts(struct ip6_spec spec, const void *msg, size_t len);

/** Compute the checksum of an ICMPv6 message without extension headers again after a change. */
void icmp6_fix_checksum(struct frame *f);

/** @param rest  second word of the ICMPv6 header, host order (echo: id << 16 | sequence) */
struct frame icmp6(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                   const void *data, size_t len);
struct frame ping6(const char *src, const char *dst, u16_t id, u16_t seq, const void *data,
                   size_t len);

/** An error that quotes the IPv6 packet in `about` up to `quote_len` bytes; 0: as RFC 4443 allows.
 */
struct frame icmp6_error(const char *src, const char *dst, u8_t type, u8_t code, u32_t rest,
                         const struct frame *about, size_t quote_len);

/* Neighbor discovery: hop limit 255. Options are collected, then handed to a message. */

struct nd_options {
  size_t len;
  u8_t bytes[1400];
};

void nd_opt_raw(struct nd_options *o, const void *bytes, size_t len);
#define ND_SOURCE 1 /* source link-layer address */
#define ND_TARGET 2 /* target link-layer address */
void nd_opt_lladdr(struct nd_options *o, u8_t type, const u8_t mac[6]);
#define ND_PREFIX_L 0x80 /* on link */
#define ND_PREFIX_A 0x40 /* for autoconfiguration */
void nd_opt_prefix(struct nd_options *o, const char *prefix, u8_t prefix_len, u8_t flags,
                   u32_t valid_s, u32_t preferred_s);
void nd_opt_mtu(struct nd_options *o, u32_t mtu);
/** @param prf  preference as on the wire: 0x08 high, 0 medium, 0x18 low, 0x10 reserved (RFC 4191)
 */
void nd_opt_route(struct nd_options *o, const char *prefix, u8_t prefix_len, u8_t prf,
                  u32_t lifetime_s);
/** @param servers  addresses, a space between two of them */
void nd_opt_rdnss(struct nd_options *o, u32_t lifetime_s, const char *servers);
/** @param domains  names, a space between two of them */
void nd_opt_dnssl(struct nd_options *o, u32_t lifetime_s, const char *domains);
void nd_opt_nonce(struct nd_options *o, const u8_t nonce[6]);
/** Redirected header: the packet in `about`, as much as fits. */
void nd_opt_redirected(struct nd_options *o, const struct frame *about);

/** A neighbor solicitation; options NULL: none. */
struct frame ns(const char *src, const char *dst, const char *target,
                const struct nd_options *options);
#define NA_R 0x80U /* router */
#define NA_S 0x40U /* solicited */
#define NA_O 0x20U /* override */
struct frame na(const char *src, const char *dst, const char *target, u8_t flags,
                const struct nd_options *options);
/** To ff02::2. */
struct frame rs(const char *src, const struct nd_options *options);

#define RA_M 0x80U /* managed: addresses by DHCPv6 */
#define RA_O 0x40U /* other configuration by DHCPv6 */
struct ra_spec {
  const char *src;
  const char *dst; /* NULL: ff02::1 */
  u8_t hop_limit;  /* what hosts shall use; 0: unspecified */
  u8_t flags;      /* RA_*, and the preference as in nd_opt_route() */
  u16_t lifetime_s;
  u32_t reachable_ms;
  u32_t retrans_ms;
};
struct frame ra(struct ra_spec spec, const struct nd_options *options);

struct frame redirect(const char *src, const char *dst, const char *target, const char *destination,
                      const struct nd_options *options);

/** MLD: hop limit 1, router alert, checksum put in at offset 2 of `msg`. */
struct frame mld(const char *src, const char *dst, const void *msg, size_t len);
/** The 24 bytes of MLDv1; a report goes to its group, done to ff02::2, a query to the group or all.
 */
struct frame mld1(const char *src, u8_t type, u16_t max_delay_ms, const char *group);
/** An MLDv2 query. `sources`: addresses, a space between two of them; NULL: none. */
struct frame mld2_query(const char *src, const char *dst, u16_t max_resp_code, const char *group,
                        u8_t s_qrv, u8_t qqic, const char *sources);

/**
 * Cut the IPv6 packet in `f` into fragments with at most `max_payload` bytes each (a multiple of 8)
 * behind their fragment headers. A hop-by-hop header stays in front of these.
 *
 * @return how many; fails the test when they are more than `max_count`
 */
size_t ip6_fragments(struct frame f, u32_t id, size_t max_payload, struct frame *out,
                     size_t max_count);

/** One fragment: `nexth` and `data` are of the fragmentable part. */
struct frame ip6_fragment(const char *src, const char *dst, u32_t id, u16_t offset, bool more,
                          u8_t nexth, const void *data, size_t len);

/* --- looking and checking, as in packet.h --- */

/** Where the transport header is, behind all extension headers but ESP, AH and fragment headers. */
#define ip6_payload_at(f)  packet_ip6_payload_at((f), __FILE__, __LINE__)
#define ip6_payload_len(f) packet_ip6_payload_len((f), __FILE__, __LINE__)
/** The next header of that place: what is transported. */
#define ip6_payload_type(f) packet_ip6_payload_type((f), __FILE__, __LINE__)

/** `nexth` is what is transported (NH_FRAGMENT for fragments); a group's Ethernet address is too.
 */
#define check_ip6(f, src, dst, nexth)                                                              \
  packet_check_ip6((f), (src), (dst), (nexth), __FILE__, __LINE__)
#define check_hop_limit(f, hop_limit) packet_check_hop_limit((f), (hop_limit), __FILE__, __LINE__)
#define check_icmp6(f, type, code)    packet_check_icmp6((f), (type), (code), __FILE__, __LINE__)
/** An echo reply to `ping6(src, dst, id, seq, data, len)`. */
#define check_pong6(f, id, seq, data, len)                                                         \
  packet_check_pong6((f), (id), (seq), (data), (len), __FILE__, __LINE__)
/** An error quoting `about` (its hop limit aside) as far as RFC 4443 2.4 (c) wants. */
#define check_icmp6_error(f, type, code, about)                                                    \
  packet_check_icmp6_error((f), (type), (code), (about), __FILE__, __LINE__)
/* Neighbor discovery: hop limit 255, well-formed options. */
#define check_ns(f, src, dst, target)                                                              \
  packet_check_nd((f), T6_NS, (src), (dst), (target), 0, __FILE__, __LINE__)
#define check_na(f, src, dst, target, flags)                                                       \
  packet_check_nd((f), T6_NA, (src), (dst), (target), (flags), __FILE__, __LINE__)
#define check_rs(f, src)      packet_check_nd((f), T6_RS, (src), "ff02::2", NULL, 0, __FILE__, __LINE__)
#define check_ra(f, src, dst) packet_check_nd((f), T6_RA, (src), (dst), NULL, 0, __FILE__, __LINE__)
/** The first option of this type of an ND message, from its type byte on; NULL: it has none. */
#define nd_option(f, type) packet_nd_option((f), (type), __FILE__, __LINE__)
/** It has this source or target link-layer address option; `mac` NULL: it has none. */
#define check_nd_lladdr(f, type, mac) packet_check_nd_lladdr((f), (type), (mac), __FILE__, __LINE__)
/* MLD: hop limit 1, router alert, source link-local or ::. */
/** An MLDv1 report to its group, or done to ff02::2. */
#define check_mld1(f, type, group) packet_check_mld1((f), (type), (group), __FILE__, __LINE__)
/** An MLDv2 report to ff02::16 with `count` records. */
#define check_mld2(f, count) packet_check_mld2((f), (count), __FILE__, __LINE__)
/** Record `i` of it, checked to lie within: type, group and `sources`, in any order; NULL: none. */
#define check_mld2_record(f, i, type, group, sources)                                              \
  packet_check_mld2_record((f), (i), (type), (group), (sources), __FILE__, __LINE__)

/* --- behind the macros --- */

size_t packet_ip6_payload_at(const struct frame *f, const char *file, int line);
size_t packet_ip6_payload_len(const struct frame *f, const char *file, int line);
u8_t packet_ip6_payload_type(const struct frame *f, const char *file, int line);
struct frame *packet_check_ip6(struct frame *f, const char *src, const char *dst, u8_t nexth,
                               const char *file, int line);
struct frame *packet_check_hop_limit(struct frame *f, u8_t hop_limit, const char *file, int line);
struct frame *packet_check_icmp6(struct frame *f, u8_t type, u8_t code, const char *file, int line);
struct frame *packet_check_pong6(struct frame *f, u16_t id, u16_t seq, const void *data, size_t len,
                                 const char *file, int line);
struct frame *packet_check_icmp6_error(struct frame *f, u8_t type, u8_t code,
                                       const struct frame *about, const char *file, int line);
struct frame *packet_check_nd(struct frame *f, u8_t type, const char *src, const char *dst,
                              const char *target, u8_t flags, const char *file, int line);
const u8_t *packet_nd_option(const struct frame *f, u8_t type, const char *file, int line);
struct frame *packet_check_nd_lladdr(struct frame *f, u8_t type, const u8_t *mac, const char *file,
                                     int line);
struct frame *packet_check_mld1(struct frame *f, u8_t type, const char *group, const char *file,
                                int line);
struct frame *packet_check_mld2(struct frame *f, u16_t count, const char *file, int line);
struct frame *packet_check_mld2_record(struct frame *f, unsigned index, u8_t type,
                                       const char *group, const char *sources, const char *file,
                                       int line);

#endif /* PACKET6_H */
