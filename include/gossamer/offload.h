/**
 * @file
 * What drivers may take off the stack's hands (LWIP_OFFLOAD): for those who write drivers.
 *
 * Sending. A driver declares in its init function what its hardware does:
 *
 *     netif_offload_declare(netif, NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6, 65535);
 *
 * Then TCP hands netif->linkoutput() packets of up to that length, with one header that stands for
 * all segments, instead of one packet per segment: a third of the work per byte and less. In such a
 * packet the IP header has the length of the whole; `segment_len` of its first pbuf says how many
 * bytes of payload each segment is to carry (the last one: the rest), headers not counted. For each
 * segment the driver, or its hardware,
 *  - copies all headers, and sets IP's length (and IPv4's checksum);
 *  - counts IPv4's identification up by one from segment to segment;
 *  - counts TCP's sequence number up by segment_len;
 *  - leaves FIN and PSH to the last segment alone, CWR to the first alone (RFC 3168 6.1.2);
 *  - completes TCP's checksum.
 * There is never an urgent pointer in one. With NETIF_OFFLOAD_TCP_CHECKSUM, which segmentation
 * implies, TCP's checksum field holds the sum of the pseudo header, not complemented, with the
 * length that stands in this packet's IP header: whoever sums the segment from the TCP header on,
 * field included, and stores the complement, has the checksum. (Hardware that wants the length left
 * out, or to be added, is the driver's business.) pbuf->offload says PBUF_OFFLOAD_PARTIAL then.
 * offload_describe() tells all this in the terms of a virtio-net header.
 *
 * Packets for netifs that have declared nothing never look like that: what came in coalesced and is
 * forwarded, or was made for another netif before the route changed, is segmented in software.
 *
 * Receiving. A driver that was given several segments of a connection as one packet, by its
 * hardware or by a hypervisor, may pass it up like that (up to 65,535 bytes of IP packet, in a
 * chain of pbufs), and says so, and what is known of its checksum, before netif->input:
 *
 *     offload_received(p, PBUF_OFFLOAD_VERIFIED, segment_len);
 *
 * What has no segment_len may still be coalesced: TCP knows that nobody sends it more than its MSS
 * in one segment. Only segments of equal length (the last one may be shorter), in sequence, with
 * the same flags (FIN and PSH: last, CWR: none), ECN field and timestamp may be coalesced.
 *
 * Where LWIP_OFFLOAD is 0 the functions are there and do nothing.
 */
#ifndef GOSSAMER_OFFLOAD_H
#define GOSSAMER_OFFLOAD_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a netif declares. */
#define NETIF_OFFLOAD_TCP_CHECKSUM 0x01U /* completes TCP's checksums, of both IP versions */
#define NETIF_OFFLOAD_TSO4         0x02U /* cuts TCP segments over IPv4 */
#define NETIF_OFFLOAD_TSO6         0x04U /* ... over IPv6 */

/* struct pbuf.offload, of the first pbuf of a packet. */
#define PBUF_OFFLOAD_PARTIAL  0x01U /* the transport checksum covers the pseudo header alone */
#define PBUF_OFFLOAD_VERIFIED 0x02U /* received: the transport checksum was found right */

/**
 * Say what the driver does; called in its init function, or while the netif is down.
 *
 * @param features  NETIF_OFFLOAD_*; TSO implies TCP_CHECKSUM
 * @param max_len   longest IP packet that it segments, at most OFFLOAD_LEN_MAX (more is cut to
 * that)
 */
void netif_offload_declare(struct netif *netif, u8_t features, u16_t max_len);

/** Longest packet: a frame's length is 16 bits, too. */
#define OFFLOAD_LEN_MAX (0xffffU - PBUF_LINK_ENCAPSULATION_HLEN - PBUF_LINK_HLEN - 4U)

/** Shortest segment that is believed: a shorter one would make thousands of a packet. */
#define OFFLOAD_SEGMENT_MIN 64U

/**
 * Tell about a received packet before it is passed to netif->input.
 *
 * @param flags        PBUF_OFFLOAD_PARTIAL (from a sender on the same machine) or _VERIFIED; 0: the
 *                     stack verifies. Fragments are always verified
 * @param segment_len  payload of the segments that were coalesced; 0: it is a segment as it was, or
 *                     unknown
 */
void offload_received(struct pbuf *p, u8_t flags, u16_t segment_len);

/** A packet to be sent, in the terms of struct virtio_net_hdr. */
struct offload_frame {
  u8_t gso;              /* NETIF_OFFLOAD_TSO4, _TSO6 or 0: is not to be cut */
  bool has_cwr;          /* VIRTIO_NET_HDR_GSO_ECN */
  bool needs_checksum;   /* VIRTIO_NET_HDR_F_NEEDS_CSUM */
  u16_t header_len;      /* all headers, from the frame's start; 0 unless gso */
  u16_t segment_len;     /* gso_size */
  u16_t checksum_start;  /* csum_start: of the TCP header, from the frame's start */
  u16_t checksum_offset; /* csum_offset: of the field, from there */
};

/**
 * What is left to be done to a packet that netif->linkoutput() (or netif->output()) was given.
 *
 * @param frame  from its Ethernet header on where `netif` is Ethernet, behind ETH_PAD_SIZE bytes;
 *               otherwise from its IP header on
 * @return false: nothing, and `out` is zeroed
 */
bool offload_describe(const struct netif *netif, const struct pbuf *frame,
                      struct offload_frame *out);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_OFFLOAD_H */
