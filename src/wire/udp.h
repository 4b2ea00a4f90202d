/**
 * @file
 * UDP (RFC 768) and UDP-Lite (RFC 3828) headers: bytes to struct and back.
 */
#ifndef WIRE_UDP_H
#define WIRE_UDP_H

#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/udp.h"
#include "gossamer/drop.h"

/** A header, ports in host order. */
struct udp_header {
  u16_t src_port;
  u16_t dst_port;
  u16_t len;      /* of the datagram, with this header */
  u16_t coverage; /* bytes under the checksum, from the header's start: len, less in UDP-Lite */
  u16_t checksum; /* as on the wire, memory order; 0: none */
};

/**
 * Parse a UDP header and hold its length against that of the IP payload. Bytes behind `h->len` are
 * padding that nobody may see.
 *
 * @param bytes        UDP_HLEN contiguous bytes, or NULL when there are fewer
 * @param payload_len  of the IP packet
 * @return DROP_NONE, DROP_UDP_SHORT, DROP_UDP_BAD_LENGTH, DROP_UDP_BAD_PORT
 */
enum drop_reason udp_parse(struct udp_header *h, const u8_t *bytes, u16_t payload_len);

/**
 * As udp_parse() for UDP-Lite, whose length is that of the IP payload, and whose checksum is
 * mandatory (RFC 3828 3.1).
 *
 * @return also DROP_UDP_BAD_COVERAGE, DROP_UDP_NO_CHECKSUM; never DROP_UDP_BAD_LENGTH
 */
enum drop_reason udplite_parse(struct udp_header *h, const u8_t *bytes, u16_t payload_len);

/**
 * Write a header.
 *
 * @param third  the third field: the length, or UDP-Lite's coverage (0: all)
 */
void udp_build(u8_t out[UDP_HLEN], const struct udp_header *h, u16_t third);

/** Put the checksum, in memory order, into a header that udp_build() wrote. */
static inline void udp_put_checksum(u8_t header[UDP_HLEN], u16_t checksum)
{
  memcpy(header + 6, &checksum, sizeof checksum);
}

#endif /* WIRE_UDP_H */
