/**
 * @file
 * The Internet checksum (RFC 1071), in words as wide as the machine's.
 *
 * A one's complement sum may be taken in any word size and byte order and be folded at the end
 * (RFC 1071 1 and 2B). 2^16 is 1 modulo 2^16 - 1, and so is 2^64: carries go back in at the bottom,
 * and data behind an odd number of bytes counts 256-fold, which is a rotation by 8 bits. So a
 * packet is summed in one wide accumulator over all its pbufs, rotated behind each of odd length.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/inet_chksum.h"

/** As wide as a register. */
typedef mem_ptr_t chksum_word;

#define CHKSUM_WORD_LEN  sizeof(chksum_word)
#define CHKSUM_WORD_BITS (8 * (unsigned)CHKSUM_WORD_LEN)

/** Carries are counted apart from the sum: then each word costs an addition and one with carry. */
struct chksum {
  chksum_word sum;
  chksum_word carries;
};

static inline chksum_word chksum_load(const u8_t *p)
{
  chksum_word word;
  const void *at = CHKSUM_UNALIGNED_OK ? p : CHKSUM_ALIGNED(p, sizeof word);
  memcpy(&word, at, sizeof word);
  return word;
}

/** One's complement addition. */
static inline chksum_word chksum_add(chksum_word a, chksum_word b)
{
  a += b;
  return a + (a < b);
}

static inline void chksum_count(struct chksum *c, chksum_word word)
{
  c->sum += word;
  c->carries += c->sum < word;
}

static inline void chksum_count_4(struct chksum *c, const u8_t *p)
{
  chksum_count(c, chksum_load(p));
  chksum_count(c, chksum_load(p + CHKSUM_WORD_LEN));
  chksum_count(c, chksum_load(p + 2 * CHKSUM_WORD_LEN));
  chksum_count(c, chksum_load(p + 3 * CHKSUM_WORD_LEN));
}

/** Add the whole words of `len` bytes. */
static inline void chksum_count_words(struct chksum *c, const u8_t *p, size_t len)
{
  const u8_t *end = p + len / (4 * CHKSUM_WORD_LEN) * (4 * CHKSUM_WORD_LEN);
  if (CHKSUM_WORD_LEN > 4 && len & (4 * CHKSUM_WORD_LEN)) {
    chksum_count_4(c, p);
    p += 4 * CHKSUM_WORD_LEN;
  }
  while (p < end) {
    chksum_count_4(c, p);
    if (CHKSUM_WORD_LEN > 4) { /* not where code must be small */
      chksum_count_4(c, p + 4 * CHKSUM_WORD_LEN);
      p += 4 * CHKSUM_WORD_LEN;
    }
    p += 4 * CHKSUM_WORD_LEN;
  }
  if (len & (2 * CHKSUM_WORD_LEN)) {
    chksum_count(c, chksum_load(p));
    chksum_count(c, chksum_load(p + CHKSUM_WORD_LEN));
    p += 2 * CHKSUM_WORD_LEN;
  }
  if (len & CHKSUM_WORD_LEN) {
    chksum_count(c, chksum_load(p));
  }
}

/** Less than a word of bytes, which begin at an even offset of the data, as a word. */
static inline chksum_word chksum_load_few(const u8_t *p, size_t len)
{
  chksum_word word = 0;
  for (; len >= 2; len -= 2, p += 2) {
    u16_t pair;
    memcpy(&pair, p, sizeof pair);
    word += pair;
  }
  if (len > 0) {
    u16_t last = 0;
    memcpy(&last, p, 1); /* in memory order, padded with zero (RFC 1071 4.1) */
    word += last;
  }
  return word;
}

/** The last bytes of `len`, at least one word, that make up no whole one. */
static inline chksum_word chksum_load_tail(const u8_t *p, size_t len)
{
  if (!CHKSUM_UNALIGNED_OK) {
    size_t done = len / CHKSUM_WORD_LEN * CHKSUM_WORD_LEN;
    return chksum_load_few(p + done, len - done);
  }
  /* The last word overlaps what is summed already: push that out. Two shifts: there may be none. */
  chksum_word word = chksum_load(p + len - CHKSUM_WORD_LEN);
  unsigned bits = 8 * (unsigned)(~len % CHKSUM_WORD_LEN);
  return BYTE_ORDER == LITTLE_ENDIAN ? word >> 8 >> bits : word << 8 << bits;
}

/** Add `len` bytes that begin at an even offset and, where that matters, at an aligned address. */
static inline chksum_word chksum_add_aligned(chksum_word sum, const u8_t *p, size_t len)
{
  if (len < CHKSUM_WORD_LEN) {
    return chksum_add(sum, chksum_load_few(p, len));
  }
  struct chksum c = {sum, 0};
  chksum_count_words(&c, p, len);
  chksum_count(&c, chksum_load_tail(p, len));
  return chksum_add(c.sum, c.carries);
}

/** As if all that was added so far stood one byte later: to add what begins at an odd offset. */
static inline chksum_word chksum_shift(chksum_word sum, size_t bytes)
{
  return (bytes & 1) ? (sum << 8) | (sum >> (CHKSUM_WORD_BITS - 8)) : sum;
}

/** Add `len` bytes that begin at an even offset, at any address. */
static inline chksum_word chksum_add_bytes(chksum_word sum, const u8_t *p, size_t len)
{
  if (CHKSUM_UNALIGNED_OK) {
    return chksum_add_aligned(sum, p, len);
  }
  size_t head = (0 - (mem_ptr_t)p) % CHKSUM_WORD_LEN;
  head = LWIP_MIN(head, len);
  sum = chksum_shift(chksum_add(sum, chksum_load_few(p, head)), head);
  return chksum_shift(chksum_add_aligned(sum, p + head, len - head), head);
}

/** To 16 bits. */
static u16_t chksum_fold(chksum_word sum)
{
  u32_t folded = (u32_t)sum;
  if (CHKSUM_WORD_BITS > 32) {
    u32_t upper = (u32_t)((u64_t)sum >> 32);
    folded += upper;
    folded += folded < upper;
  }
  folded = FOLD_U32T(folded);
  folded = FOLD_U32T(folded);
  return (u16_t)folded;
}

u16_t lwip_standard_chksum(const void *dataptr, int len)
{
  return chksum_fold(chksum_add_bytes(0, (const u8_t *)dataptr, (size_t)len));
}

/** Add one pbuf's data, by the port's routine if it has one. */
static inline chksum_word chksum_add_link(chksum_word sum, const void *data, size_t len)
{
  if (CHKSUM_IS_PORTS) {
    return chksum_add(sum, LWIP_CHKSUM(data, (u16_t)len));
  }
  return chksum_add_bytes(sum, (const u8_t *)data, len);
}

/** The checksum of what is in `sum` and the first `len` bytes of a chain. */
static u16_t chksum_chain(chksum_word sum, const struct pbuf *p, u16_t len)
{
  size_t left = len;
  for (; p != NULL && left > 0; p = p->next) {
    size_t n = LWIP_MIN(p->len, left);
    sum = chksum_shift(chksum_add_link(sum, p->payload, n), n);
    left -= n;
  }
  u32_t folded = chksum_fold(sum);
  if ((len - left) & 1) {
    folded = SWAP_BYTES_IN_WORD(folded);
  }
  return (u16_t)~folded;
}

u16_t inet_chksum(const void *dataptr, u16_t len)
{
  return (u16_t)~LWIP_CHKSUM(dataptr, len);
}

u16_t inet_chksum_pbuf(struct pbuf *p)
{
  return chksum_chain(0, p, 0xffff);
}

u16_t lwip_chksum_copy(void *dst, const void *src, u16_t len)
{
  MEMCPY(dst, src, len);
  return LWIP_CHKSUM(dst, len);
}

u16_t inet_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip4_addr_t *src,
                         const ip4_addr_t *dest)
{
  return inet_chksum_pseudo_partial(p, proto, proto_len, 0xffff, src, dest);
}

/** What both families' pseudo headers end with. */
static chksum_word chksum_add_proto(chksum_word sum, u8_t proto, u16_t proto_len)
{
  return chksum_add(sum, (chksum_word)lwip_htons(proto) + lwip_htons(proto_len));
}

u16_t inet_chksum_pseudo_partial(struct pbuf *p, u8_t proto, u16_t proto_len, u16_t chksum_len,
                                 const ip4_addr_t *src, const ip4_addr_t *dest)
{
  chksum_word sum = chksum_add(ip4_addr_get_u32(src), ip4_addr_get_u32(dest));
  return chksum_chain(chksum_add_proto(sum, proto, proto_len), p, chksum_len);
}

u16_t ip6_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip6_addr_t *src,
                        const ip6_addr_t *dest)
{
  return ip6_chksum_pseudo_partial(p, proto, proto_len, 0xffff, src, dest);
}

u16_t ip6_chksum_pseudo_partial(struct pbuf *p, u8_t proto, u16_t proto_len, u16_t chksum_len,
                                const ip6_addr_t *src, const ip6_addr_t *dest)
{
  chksum_word sum = 0;
  for (int i = 0; i < 4; i++) {
    sum = chksum_add(chksum_add(sum, src->addr[i]), dest->addr[i]);
  }
  return chksum_chain(chksum_add_proto(sum, proto, proto_len), p, chksum_len);
}

u16_t ip_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip_addr_t *src,
                       const ip_addr_t *dest)
{
  return ip_chksum_pseudo_partial(p, proto, proto_len, 0xffff, src, dest);
}

u16_t ip_chksum_pseudo_partial(struct pbuf *p, u8_t proto, u16_t proto_len, u16_t chksum_len,
                               const ip_addr_t *src, const ip_addr_t *dest)
{
  if (IP_IS_V6(dest)) {
    return ip6_chksum_pseudo_partial(p, proto, proto_len, chksum_len, ip_2_ip6(src),
                                     ip_2_ip6(dest));
  }
  return inet_chksum_pseudo_partial(p, proto, proto_len, chksum_len, ip_2_ip4(src), ip_2_ip4(dest));
}
