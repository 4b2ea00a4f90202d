/**
 * @file
 * The common parts of IGMPv3 and MLDv2 messages (RFC 3376 4, RFC 3810 5).
 */
#include <string.h>
#include "wire/bytes.h"
#include "wire/mcast.h"

/* Offsets in the tail. */
enum { FLAGS = 0, QQIC = 1, NUM_SOURCES = 2 };

u32_t mcast_code_value(u16_t code, unsigned bits)
{
  unsigned mantissa_bits = bits - 4;
  if ((code >> (bits - 1)) == 0) {
    return code;
  }
  u32_t hidden_bit = 1UL << mantissa_bits;
  u32_t mantissa = (code & (hidden_bit - 1)) | hidden_bit;
  return mantissa << (((code >> mantissa_bits) & 0x07) + 3);
}

bool mcast_query_tail_parse(struct mcast_query *q, const u8_t tail[MCAST_QUERY_TAIL_LEN],
                            size_t sources_len, size_t addr_len)
{
  q->is_newest = true;
  q->robustness = tail[FLAGS] & 0x07;
  q->interval_s = (u16_t)mcast_code_value(tail[QQIC], 8);
  q->num_sources = bytes_get16(tail + NUM_SOURCES);
  return q->num_sources <= sources_len / addr_len;
}

void mcast_report_build(u8_t bytes[MCAST_REPORT_LEN], u8_t type, u16_t num_records)
{
  memset(bytes, 0, MCAST_REPORT_LEN);
  bytes[0] = type;
  bytes_put16(bytes + 6, num_records);
}

void mcast_record_build(u8_t *bytes, enum mcast_record_type type, u16_t num_sources,
                        const void *group, size_t addr_len)
{
  bytes[0] = (u8_t)type;
  bytes[1] = 0; /* no auxiliary data */
  bytes_put16(bytes + 2, num_sources);
  memcpy(bytes + MCAST_RECORD_LEN, group, addr_len);
}
