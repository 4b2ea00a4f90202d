/**
 * @file
 * IGMP messages: parse and build (RFC 1112, 2236, 3376 4 and 7.1).
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/prot/igmp.h"
#include "wire/igmp.h"

/** What a version 1 querier expects and does not say (RFC 2236 4). */
#define IGMP_V1_MAX_RESP_MS 10000

/* Offsets. */
enum { MAX_RESP = 1, GROUP = 4, TAIL = 8 };

u32_t igmp_group_get(const u8_t bytes[IGMP_HEADER_LEN])
{
  u32_t group;
  memcpy(&group, bytes + GROUP, sizeof group);
  return group;
}

enum drop_reason igmp_query_parse(struct mcast_query *q, const u8_t *bytes, size_t msg_len)
{
  memset(q, 0, sizeof *q);
  if (msg_len != IGMP_HEADER_LEN && msg_len < IGMP_V3_QUERY_LEN) {
    return DROP_IGMP_SHORT;
  }
  u8_t max_resp = bytes[MAX_RESP];
  q->is_general = igmp_group_get(bytes) == 0;
  memcpy(q->group, bytes + GROUP, IGMP_ADDR_LEN);
  if (msg_len >= IGMP_V3_QUERY_LEN) {
    q->version = 3;
    q->max_resp_ms = LWIP_MAX(mcast_code_value(max_resp, 8), 1) * 100; /* at least one unit */
    bool is_whole =
        mcast_query_tail_parse(q, bytes + TAIL, msg_len - IGMP_V3_QUERY_LEN, IGMP_ADDR_LEN);
    return is_whole ? DROP_NONE : DROP_IGMP_BAD_SOURCE_COUNT;
  }
  if (max_resp == 0) {
    q->version = 1;
    q->is_general = true; /* the group field is ignored (RFC 1112 appendix I) */
    q->max_resp_ms = IGMP_V1_MAX_RESP_MS;
  } else {
    q->version = 2;
    q->max_resp_ms = (u32_t)max_resp * 100;
  }
  return DROP_NONE;
}

void igmp_build(u8_t bytes[IGMP_HEADER_LEN], u8_t type, u32_t group)
{
  memset(bytes, 0, IGMP_HEADER_LEN);
  bytes[0] = type;
  memcpy(bytes + GROUP, &group, sizeof group);
}
