/**
 * @file
 * IGMP messages: parse and build (RFC 1112, 2236, 3376 4 and 7.1).
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/igmp.h"
#include "wire/bytes.h"
#include "wire/igmp.h"

/** What a version 1 querier expects and does not say (RFC 2236 4). */
#define IGMP_V1_MAX_RESP_MS 10000

/* Offsets. */
enum { MAX_RESP = 1, GROUP = 4, FLAGS = 8, QQIC = 9, NUM_SOURCES = 10 };

/** Codes from 128 on are floating point: 3 bits of exponent, 4 of mantissa (RFC 3376 4.1.1). */
static u16_t igmp_code_value(u8_t code)
{
  if (code < 0x80) {
    return code;
  }
  return (u16_t)(((code & 0x0f) | 0x10) << (((code >> 4) & 0x07) + 3));
}

u32_t igmp_group_get(const u8_t bytes[IGMP_HEADER_LEN])
{
  u32_t group;
  memcpy(&group, bytes + GROUP, sizeof group);
  return group;
}

static void igmp_old_query_parse(struct igmp_query *q, const u8_t *bytes)
{
  if (bytes[MAX_RESP] == 0) {
    q->version = 1; /* its group field is ignored (RFC 1112 appendix I) */
    q->max_resp_ms = IGMP_V1_MAX_RESP_MS;
  } else {
    q->version = 2;
    q->max_resp_ms = (u32_t)bytes[MAX_RESP] * 100;
    q->group = igmp_group_get(bytes);
  }
}

enum drop_reason igmp_query_parse(struct igmp_query *q, const u8_t *bytes, size_t msg_len)
{
  memset(q, 0, sizeof *q);
  if (msg_len == IGMP_HEADER_LEN) {
    igmp_old_query_parse(q, bytes);
    return DROP_NONE;
  }
  if (msg_len < IGMP_V3_QUERY_LEN) {
    return DROP_IGMP_SHORT;
  }
  q->version = 3;
  q->max_resp_ms = (u32_t)LWIP_MAX(igmp_code_value(bytes[MAX_RESP]), 1) * 100;
  q->group = igmp_group_get(bytes);
  q->robustness = bytes[FLAGS] & 0x07;
  q->interval_s = igmp_code_value(bytes[QQIC]);
  q->num_sources = bytes_get16(bytes + NUM_SOURCES);
  if (q->num_sources > (msg_len - IGMP_V3_QUERY_LEN) / IGMP_SOURCE_LEN) {
    return DROP_IGMP_BAD_SOURCE_COUNT;
  }
  return DROP_NONE;
}

void igmp_build(u8_t bytes[IGMP_HEADER_LEN], u8_t type, u32_t group)
{
  memset(bytes, 0, IGMP_HEADER_LEN);
  bytes[0] = type;
  memcpy(bytes + GROUP, &group, sizeof group);
}

void igmp_v3_report_build(u8_t bytes[IGMP_HEADER_LEN], u16_t num_records)
{
  memset(bytes, 0, IGMP_HEADER_LEN);
  bytes[0] = IGMP_V3_MEMB_REPORT;
  bytes_put16(bytes + 6, num_records);
}

void igmp_record_build(u8_t bytes[IGMP_RECORD_LEN], enum igmp_record_type type, u16_t num_sources,
                       u32_t group)
{
  bytes[0] = (u8_t)type;
  bytes[1] = 0; /* no auxiliary data */
  bytes_put16(bytes + 2, num_sources);
  memcpy(bytes + 4, &group, sizeof group);
}
