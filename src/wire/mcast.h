/**
 * @file
 * What IGMPv3 and MLDv2 messages have in common (RFC 3376 4, RFC 3810 5): the two differ in the
 * size of addresses and in where these stand.
 */
#ifndef WIRE_MCAST_H
#define WIRE_MCAST_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/arch.h"

#define MCAST_REPORT_LEN     8 /* in front of a report's group records */
#define MCAST_RECORD_LEN     4 /* of a group record, in front of the group */
#define MCAST_QUERY_TAIL_LEN 4 /* of a query, behind the group and in front of the sources */
#define MCAST_ADDR_LEN_MAX   16

/** Group record types (RFC 3376 4.2.12, RFC 3810 5.2.12). */
enum mcast_record_type {
  MCAST_IS_INCLUDE = 1,
  MCAST_IS_EXCLUDE = 2,
  MCAST_TO_INCLUDE = 3,
  MCAST_TO_EXCLUDE = 4,
  MCAST_ALLOW_NEW = 5,
  MCAST_BLOCK_OLD = 6
};

/** A query of any version of either protocol. */
struct mcast_query {
  u8_t version;    /* the querier's */
  bool is_newest;  /* of IGMPv3 or MLDv2: what follows was said */
  u8_t robustness; /* 0: it does not say */
  u16_t interval_s;
  u16_t num_sources; /* all of them are there */
  u32_t max_resp_ms;
  bool is_general;
  u8_t group[MCAST_ADDR_LEN_MAX]; /* as on the wire; zeros: none */
};

/**
 * The value of a code whose upper half is floating point: 3 bits of exponent, then the mantissa
 * (RFC 3376 4.1.1, RFC 3810 5.1.3).
 *
 * @param bits  of the code, 8 or 16
 */
u32_t mcast_code_value(u16_t code, unsigned bits);

/**
 * Read what stands behind the group in a query of the newest version.
 *
 * @param sources_len  bytes behind the tail
 * @return false: they hold fewer sources than it says
 */
bool mcast_query_tail_parse(struct mcast_query *q, const u8_t tail[MCAST_QUERY_TAIL_LEN],
                            size_t sources_len, size_t addr_len);

/** A report's first bytes, checksum 0. */
void mcast_report_build(u8_t bytes[MCAST_REPORT_LEN], u8_t type, u16_t num_records);

/** A group record up to its sources, MCAST_RECORD_LEN + addr_len bytes. */
void mcast_record_build(u8_t *bytes, enum mcast_record_type type, u16_t num_sources,
                        const void *group, size_t addr_len);

#endif /* WIRE_MCAST_H */
