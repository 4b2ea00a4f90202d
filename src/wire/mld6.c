/**
 * @file
 * MLD messages: parse and build (RFC 2710 3, RFC 3810 5 and 8.1).
 */
#include <string.h>
#include "wire/bytes.h"
#include "wire/mld6.h"

/* Offsets. */
enum { MAX_RESP = 4, GROUP = 8, TAIL = 24 };

const u8_t *mld6_group(const u8_t bytes[MLD6_HEADER_LEN])
{
  return bytes + GROUP;
}

enum drop_reason mld6_query_parse(struct mcast_query *q, const u8_t *bytes, size_t msg_len)
{
  static const u8_t none[MLD6_ADDR_LEN] = {0};
  memset(q, 0, sizeof *q);
  bool is_v2 = msg_len >= MLD6_V2_QUERY_LEN;
  if (!is_v2 && msg_len != MLD6_HEADER_LEN) {
    return DROP_MLD6_SHORT;
  }
  u16_t max_resp = bytes_get16(bytes + MAX_RESP);
  q->version = is_v2 ? 2 : 1;
  q->max_resp_ms = is_v2 ? mcast_code_value(max_resp, 16) : max_resp;
  memcpy(q->group, bytes + GROUP, MLD6_ADDR_LEN);
  q->is_general = memcmp(q->group, none, sizeof none) == 0;
  if (is_v2 &&
      !mcast_query_tail_parse(q, bytes + TAIL, msg_len - MLD6_V2_QUERY_LEN, MLD6_ADDR_LEN)) {
    return DROP_MLD6_BAD_SOURCE_COUNT;
  }
  return DROP_NONE;
}

void mld6_build(u8_t bytes[MLD6_HEADER_LEN], u8_t type, const void *group)
{
  memset(bytes, 0, MLD6_HEADER_LEN);
  bytes[0] = type;
  memcpy(bytes + GROUP, group, MLD6_ADDR_LEN);
}
