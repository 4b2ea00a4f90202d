/**
 * @file
 * MLD messages, versions 1 and 2 (RFC 2710 3, RFC 3810 5), from the ICMPv6 header on: bytes to
 * structs and back, nothing else.
 */
#ifndef WIRE_MLD6_H
#define WIRE_MLD6_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "gossamer/drop.h"
#include "wire/mcast.h"

#define MLD6_ADDR_LEN     16
#define MLD6_HEADER_LEN   24 /* of version 1 */
#define MLD6_V2_QUERY_LEN 28 /* in front of a version 2 query's sources */

#define MLD6_V2_REPORT 143 /* the other types are in enum icmp6_type */

/**
 * Parse a query. Its version follows from its length (RFC 3810 8.1).
 *
 * @param bytes    its first bytes, MLD6_V2_QUERY_LEN of them where there are so many
 * @param msg_len  the whole message's length
 */
enum drop_reason mld6_query_parse(struct mcast_query *q, const u8_t *bytes, size_t msg_len);

/** The group of a version 1 message: MLD6_ADDR_LEN bytes inside of it. */
const u8_t *mld6_group(const u8_t bytes[MLD6_HEADER_LEN]);

/** A version 1 report or done, checksum 0. */
void mld6_build(u8_t bytes[MLD6_HEADER_LEN], u8_t type, const void *group);

#endif /* WIRE_MLD6_H */
