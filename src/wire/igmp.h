/**
 * @file
 * IGMP messages, versions 1 to 3 (RFC 1112, 2236, 3376 4): bytes to structs and back, nothing else.
 * Addresses are in network order, as in ip4_addr_t.
 */
#ifndef WIRE_IGMP_H
#define WIRE_IGMP_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "gossamer/drop.h"
#include "wire/mcast.h"

#define IGMP_HEADER_LEN   8  /* of versions 1 and 2 */
#define IGMP_V3_QUERY_LEN 12 /* in front of a v3 query's sources */
#define IGMP_ADDR_LEN     4

#define IGMP_V3_MEMB_REPORT 0x22

/**
 * Parse a query. Its version follows from its length (RFC 3376 7.1).
 *
 * @param bytes    its first bytes, IGMP_V3_QUERY_LEN of them where there are so many
 * @param msg_len  the whole message's length
 */
enum drop_reason igmp_query_parse(struct mcast_query *q, const u8_t *bytes, size_t msg_len);

/** The group of a version 1 or 2 message. */
u32_t igmp_group_get(const u8_t bytes[IGMP_HEADER_LEN]);

/** Version 1 or 2, checksum 0. */
void igmp_build(u8_t bytes[IGMP_HEADER_LEN], u8_t type, u32_t group);

#endif /* WIRE_IGMP_H */
