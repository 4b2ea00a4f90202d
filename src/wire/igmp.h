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

#define IGMP_HEADER_LEN   8  /* of all versions 1 and 2, and in front of a v3 report's records */
#define IGMP_V3_QUERY_LEN 12 /* in front of a v3 query's sources */
#define IGMP_RECORD_LEN   8  /* in front of a group record's sources */
#define IGMP_SOURCE_LEN   4

#define IGMP_V3_MEMB_REPORT 0x22

/** Group record types (RFC 3376 4.2.12). */
enum igmp_record_type {
  IGMP_IS_INCLUDE = 1,
  IGMP_IS_EXCLUDE = 2,
  IGMP_TO_INCLUDE = 3,
  IGMP_TO_EXCLUDE = 4,
  IGMP_ALLOW_NEW = 5,
  IGMP_BLOCK_OLD = 6
};

struct igmp_query {
  u8_t version;    /* the querier's, 1 to 3 */
  u8_t robustness; /* 0: it does not say */
  u16_t interval_s;
  u32_t max_resp_ms; /* at least one unit, a tenth of a second */
  u32_t group;       /* 0: a general query */
  u16_t num_sources; /* they stand at IGMP_V3_QUERY_LEN, and are all there */
};

/**
 * Parse a query. Its version follows from its length (RFC 3376 7.1).
 *
 * @param bytes    its first bytes, IGMP_V3_QUERY_LEN of them where there are so many
 * @param msg_len  the whole message's length
 */
enum drop_reason igmp_query_parse(struct igmp_query *q, const u8_t *bytes, size_t msg_len);

/** The group of a version 1 or 2 message. */
u32_t igmp_group_get(const u8_t bytes[IGMP_HEADER_LEN]);

/** Version 1 or 2, checksum 0. */
void igmp_build(u8_t bytes[IGMP_HEADER_LEN], u8_t type, u32_t group);

/** A version 3 report's first bytes, checksum 0. */
void igmp_v3_report_build(u8_t bytes[IGMP_HEADER_LEN], u16_t num_records);

/** A group record's first bytes. */
void igmp_record_build(u8_t bytes[IGMP_RECORD_LEN], enum igmp_record_type type, u16_t num_sources,
                       u32_t group);

#endif /* WIRE_IGMP_H */
