/**
 * @file
 * The TCP header and its options. Pure functions. RFC 9293 3.1, 3.2; RFC 7323; RFC 2018.
 */
#include "lwip/opt.h"
#include "wire/bytes.h"
#include "wire/tcp.h"

/* Offsets in bytes. */
enum { SRC_PORT = 0, DST_PORT = 2, SEQ = 4, ACK = 8, OFFSET = 12, FLAGS = 13, WINDOW = 14 };
enum { CHECKSUM = 16, URGENT = 18 };

/* Option kinds; all but the first two have a length byte. */
enum { KIND_END = 0, KIND_NOP = 1, KIND_MSS = 2, KIND_WND_SHIFT = 3, KIND_SACK_OK = 4 };
enum { KIND_SACK = 5, KIND_TIMESTAMP = 8, KIND_USER_TIMEOUT = 28 };

/* Lengths of options with kind and length byte, and padded as they are written. */
enum {
  LEN_MSS = 4,
  LEN_WND_SHIFT = 3,
  LEN_SACK_OK = 2,
  LEN_TIMESTAMP = 10,
  LEN_SACK_BLOCK = 8,
  LEN_USER_TIMEOUT = 4
};
/** A timestamp as all write it where it is alone (RFC 7323 appendix A): two NOPs, kind, length. */
#define ALONE_TIMESTAMP 0x0101080aUL
enum { PADDED_MSS = 4, PADDED_WND_SHIFT = 4, PADDED_SACK_OK = 4, PADDED_TIMESTAMP = 12 };

enum drop_reason tcp_parse(struct tcp_header *h, const u8_t *bytes, u16_t seg_len)
{
  if (bytes == NULL || seg_len < TCP_HLEN) {
    return DROP_TCP_SHORT;
  }
  h->src_port = bytes_get16(bytes + SRC_PORT);
  h->dst_port = bytes_get16(bytes + DST_PORT);
  h->seq = bytes_get32(bytes + SEQ);
  h->ack = bytes_get32(bytes + ACK);
  h->header_len = (u8_t)((bytes[OFFSET] >> 4) * 4);
  h->flags = bytes[FLAGS];
  h->wnd = bytes_get16(bytes + WINDOW);
  memcpy(&h->checksum, bytes + CHECKSUM, sizeof h->checksum);
  h->urgent = bytes_get16(bytes + URGENT);
  if (h->header_len < TCP_HLEN || h->header_len > seg_len) {
    return DROP_TCP_BAD_OFFSET;
  }
  return (h->src_port == 0 || h->dst_port == 0) ? DROP_TCP_BAD_PORT : DROP_NONE;
}

static void parse_sack(struct tcp_options *o, const u8_t *blocks, u8_t blocks_len)
{
  for (u8_t at = 0; at + LEN_SACK_BLOCK <= blocks_len && o->num_sacks < TCP_SACK_BLOCKS_MAX;
       at = (u8_t)(at + LEN_SACK_BLOCK)) {
    struct tcp_range *r = &o->sack[o->num_sacks];
    r->left = bytes_get32(blocks + at);
    r->right = bytes_get32(blocks + at + 4);
    o->num_sacks++;
  }
}

/** One option of `len` bytes, which are there. */
static void parse_option(struct tcp_options *o, const u8_t *opt, u8_t len, bool is_syn)
{
  if (opt[0] == KIND_MSS && len == LEN_MSS && is_syn) {
    o->mss = bytes_get16(opt + 2);
    o->has |= TCP_HAS_MSS;
  } else if (opt[0] == KIND_WND_SHIFT && len == LEN_WND_SHIFT && is_syn) {
    o->wnd_shift = LWIP_MIN(opt[2], TCP_WND_SHIFT_MAX); /* RFC 7323 2.3 */
    o->has |= TCP_HAS_WND_SHIFT;
  } else if (opt[0] == KIND_SACK_OK && len == LEN_SACK_OK && is_syn) {
    o->has |= TCP_HAS_SACK_OK;
  } else if (opt[0] == KIND_TIMESTAMP && len == LEN_TIMESTAMP) {
    o->tsval = bytes_get32(opt + 2);
    o->tsecr = bytes_get32(opt + 6);
    o->has |= TCP_HAS_TIMESTAMP;
  } else if (LWIP_TCP_USER_TIMEOUT && opt[0] == KIND_USER_TIMEOUT && len == LEN_USER_TIMEOUT) {
    o->user_timeout = bytes_get16(opt + 2);
    o->has |= TCP_HAS_USER_TIMEOUT;
  } else if (opt[0] == KIND_SACK && (len - 2) % LEN_SACK_BLOCK == 0 && !is_syn) {
    parse_sack(o, opt + 2, (u8_t)(len - 2));
  }
}

void tcp_parse_options(struct tcp_options *o, const u8_t *bytes, size_t len, bool is_syn)
{
  o->has = 0;
  o->num_sacks = 0;
  size_t at = 0;
  if (len == PADDED_TIMESTAMP && bytes_get32(bytes) == ALONE_TIMESTAMP) {
    parse_option(o, bytes + 2, LEN_TIMESTAMP, is_syn);
    return;
  }
  while (at < len && bytes[at] != KIND_END) {
    if (bytes[at] == KIND_NOP) {
      at++;
      continue;
    }
    if (len - at < 2 || bytes[at + 1] < 2 || bytes[at + 1] > len - at) {
      return;
    }
    parse_option(o, bytes + at, bytes[at + 1], is_syn);
    at += bytes[at + 1];
  }
}

void tcp_build(u8_t out[TCP_HLEN], const struct tcp_header *h)
{
  bytes_put16(out + SRC_PORT, h->src_port);
  bytes_put16(out + DST_PORT, h->dst_port);
  bytes_put32(out + SEQ, h->seq);
  bytes_put32(out + ACK, h->ack);
  out[OFFSET] = (u8_t)(h->header_len << 2);
  out[FLAGS] = h->flags;
  bytes_put16(out + WINDOW, h->wnd);
  bytes_put16(out + CHECKSUM, 0);
  bytes_put16(out + URGENT, h->urgent);
}

u8_t tcp_options_len(const struct tcp_options *o)
{
  unsigned len = 0;
  len += (o->has & TCP_HAS_MSS) ? PADDED_MSS : 0;
  len += (o->has & TCP_HAS_WND_SHIFT) ? PADDED_WND_SHIFT : 0;
  len += (o->has & TCP_HAS_SACK_OK) ? PADDED_SACK_OK : 0;
  len += (o->has & TCP_HAS_TIMESTAMP) ? PADDED_TIMESTAMP : 0;
  len += (o->has & TCP_HAS_USER_TIMEOUT) ? LEN_USER_TIMEOUT : 0;
  len += (o->num_sacks > 0) ? 4U + LEN_SACK_BLOCK * o->num_sacks : 0;
  return (u8_t)len;
}

/** Kind and length, with NOPs in front so that what follows is aligned. */
static u8_t *put_kind(u8_t *at, u8_t nops, u8_t kind, u8_t len)
{
  memset(at, KIND_NOP, nops);
  at += nops;
  at[0] = kind;
  at[1] = len;
  return at + 2;
}

u8_t tcp_build_options(u8_t *out, const struct tcp_options *o)
{
  u8_t *at = out;
  if (o->has & TCP_HAS_MSS) {
    at = put_kind(at, 0, KIND_MSS, LEN_MSS);
    bytes_put16(at, o->mss);
    at += 2;
  }
  if (o->has & TCP_HAS_WND_SHIFT) {
    at = put_kind(at, 1, KIND_WND_SHIFT, LEN_WND_SHIFT);
    *at++ = o->wnd_shift;
  }
  if (o->has & TCP_HAS_SACK_OK) {
    at = put_kind(at, 2, KIND_SACK_OK, LEN_SACK_OK);
  }
  if (o->has & TCP_HAS_TIMESTAMP) {
    at = put_kind(at, 2, KIND_TIMESTAMP, LEN_TIMESTAMP);
    bytes_put32(at, o->tsval);
    bytes_put32(at + 4, o->tsecr);
    at += 8;
  }
  if (o->has & TCP_HAS_USER_TIMEOUT) {
    at = put_kind(at, 0, KIND_USER_TIMEOUT, LEN_USER_TIMEOUT);
    bytes_put16(at, o->user_timeout);
    at += 2;
  }
  if (o->num_sacks > 0) {
    at = put_kind(at, 2, KIND_SACK, (u8_t)(2 + LEN_SACK_BLOCK * o->num_sacks));
    for (u8_t i = 0; i < o->num_sacks; i++) {
      bytes_put32(at, o->sack[i].left);
      bytes_put32(at + 4, o->sack[i].right);
      at += LEN_SACK_BLOCK;
    }
  }
  return (u8_t)(at - out);
}
