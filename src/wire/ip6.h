/**
 * @file
 * The IPv6 header, its extension headers and their options: from bytes to structs and back (RFC
 * 8200 3, 4).
 *
 * Pure functions on contiguous bytes. Numbers are in host order, addresses in network order and
 * without a zone.
 */
#ifndef WIRE_IP6_H
#define WIRE_IP6_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip6_addr.h"
#include "lwip/prot/ip6.h"
#include "gossamer/drop.h"

/** Options in one header, padding aside (RFC 8504 5.3); a header with more is dropped. */
#define IP6_OPTIONS_MAX 8

/** Bytes of padding in a row: more than 7 align nothing (RFC 8504 5.3). */
#define IP6_PADDING_MAX 7

/** A hop-by-hop header with a router alert and nothing else. */
#define IP6_ROUTER_ALERT_HLEN 8

struct ip6_header {
  ip6_addr_t src;
  ip6_addr_t dst;
  u32_t flow_label; /* 20 bits */
  u16_t payload_len;
  u8_t tc; /* traffic class: DSCP and ECN */
  u8_t nexth;
  u8_t hop_limit;
};

/** What a hop-by-hop or destination options header said. */
struct ip6_options {
  size_t bad_at; /* of the option at fault, from the header's start; set with an error only */
  u8_t bad_type;
  bool router_alert; /* RFC 2711; hop-by-hop only */
};

/** What to do about an unknown option, in its type's two highest bits (RFC 8200 4.2). */
enum ip6_option_action {
  IP6_OPTION_SKIP,
  IP6_OPTION_DISCARD,
  IP6_OPTION_COMPLAIN,
  IP6_OPTION_COMPLAIN_UNICAST /* not about packets to groups */
};

static inline enum ip6_option_action ip6_option_action(u8_t type)
{
  return (enum ip6_option_action)(type >> 6);
}

struct ip6_fragment {
  u32_t id;
  u16_t offset; /* of this part in the fragmentable part, in bytes */
  bool more_fragments;
  u8_t nexth; /* of the fragmentable part */
};

/** A whole datagram in one fragment (RFC 6946). */
static inline bool ip6_fragment_is_atomic(const struct ip6_fragment *f)
{
  return f->offset == 0 && !f->more_fragments;
}

/** Where things are in a packet that is not being processed: a quoted one, or one of ours. */
struct ip6_walk {
  u16_t transport_at;          /* the first header that is no extension header */
  u16_t fragmentable_at;       /* where the fragmentable part begins (RFC 8200 4.5) */
  u16_t nexth_at;              /* of the next header field that names the transport */
  u16_t fragmentable_nexth_at; /* of the one that names the fragmentable part's first header */
  u8_t proto;                  /* of the transport */
  bool is_fragment;
  bool is_later_fragment; /* what stands at transport_at is no header but payload */
};

/**
 * Read and check the fixed header.
 *
 * @param bytes       the first IP6_HLEN bytes of the packet, or fewer if `packet_len` is less
 * @param packet_len  of the whole packet as received
 */
enum drop_reason ip6_parse(struct ip6_header *h, const u8_t *bytes, size_t packet_len);

/** Write the fixed header, IP6_HLEN bytes. */
void ip6_build(u8_t *bytes, const struct ip6_header *h);

/** Is `nexth` an extension header that ip6_rx() knows? Not so AH and ESP, which nobody here can
    open. */
static inline bool ip6_is_extension(u8_t nexth)
{
  return nexth == IP6_NEXTH_HOPBYHOP || nexth == IP6_NEXTH_ROUTING || nexth == IP6_NEXTH_FRAGMENT ||
         nexth == IP6_NEXTH_DESTOPTS;
}

/** Length in bytes that an extension header says it has: 8 to 2048. `header`: its first 2 bytes. */
static inline u16_t ip6_extension_len(u8_t nexth, const u8_t *header)
{
  return (u16_t)(nexth == IP6_NEXTH_FRAGMENT ? IP6_FRAG_HLEN : (header[1] + 1) * 8);
}

/**
 * Check the options of a hop-by-hop or destination options header (RFC 8200 4.2): every length, the
 * bounds above, options that must be known. Pad1, PadN and router alert are.
 *
 * @param header  `len` bytes, 8 at least, as ip6_extension_len() says
 * @return DROP_NONE; DROP_IP6_OPTION_REFUSED: an unknown option, whose action bits say what else;
 *         DROP_IP6_BAD_OPTION; DROP_IP6_OPTION_LIMIT
 */
enum drop_reason ip6_parse_options(const u8_t *header, size_t len, bool is_hop_by_hop,
                                   struct ip6_options *found);

/** Read a fragment header, IP6_FRAG_HLEN bytes. Reserved bits are ignored. */
void ip6_parse_fragment(struct ip6_fragment *f, const u8_t *header);

/** Write a fragment header, IP6_FRAG_HLEN bytes. */
void ip6_build_fragment(u8_t *header, const struct ip6_fragment *f);

/** Write a hop-by-hop header with a router alert (RFC 2711), IP6_ROUTER_ALERT_HLEN bytes. */
void ip6_build_router_alert(u8_t *header, u8_t nexth, u16_t value);

/**
 * Find the transport header of a packet whose headers nobody has checked, and where it would be
 * cut into fragments.
 *
 * @param packet  from the IPv6 header on; `len` bytes of it are there, more may have been
 * @return false: they end before the transport header begins, or there are too many headers
 */
bool ip6_walk(struct ip6_walk *w, const u8_t *packet, size_t len);

#endif /* WIRE_IP6_H */
