/**
 * @file
 * The Internet checksum (RFC 1071), in words as wide as the machine's.
 *
 * A one's complement sum may be taken in any word size and byte order and be folded at the end
 * (RFC 1071 1 and 2B). 2^16 is 1 modulo 2^16 - 1, and so is 2^64: carries go back in at the bottom,
 * and data behind an odd number of bytes counts 256-fold, which is a rotation by 8 bits. Rotations
 * by 16 change nothing. So a packet is summed in one wide accumulator over all its pbufs, rotated
 * by 8 bits for each byte added: what is added next always stands at an even place. Or, where links
 * shall cost little, in two, for what begins at even and at odd places: the second is rotated once.
 */
#include <stdbool.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/def.h"
#include "lwip/inet_chksum.h"

/** As wide as a register. */
typedef mem_ptr_t chksum_word;

#define CHKSUM_WORD_LEN  sizeof(chksum_word)
#define CHKSUM_WORD_BITS (8 * (unsigned)CHKSUM_WORD_LEN)

/**
 * 1: chains have code of their own, chksum_links(): it is written to cost few instructions, so look
 * at what the compiler makes of it (bench/checksum) after a change. 0: code must be small.
 */
#define CHKSUM_FAST_CHAINS (CHKSUM_UNALIGNED_OK && CHKSUM_WORD_LEN == 8 && !CHKSUM_IS_PORTS)

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
  chksum_word sum = a + b; /* apart from `a`: or compilers mix up two additions in a row */
  return sum + (sum < a);
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

/** A few bytes, which begin at an even offset of the data, as what is to be added for them. */
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

/** How far the last word must move for chksum_load_tail(); modulo 16 as chksum_shift() by `len`. */
static inline unsigned chksum_tail_bits(size_t len)
{
  return (0 - 8 * (unsigned)len) % CHKSUM_WORD_BITS;
}

/** The last bytes of `len`, at least one word: those that are behind the words in `len` - 1. */
static inline chksum_word chksum_load_tail(const u8_t *p, size_t len)
{
  if (!CHKSUM_UNALIGNED_OK) {
    size_t done = (len - 1) / CHKSUM_WORD_LEN * CHKSUM_WORD_LEN;
    return chksum_load_few(p + done, len - done);
  }
  /* The last word overlaps what is summed already: push that out. */
  chksum_word word = chksum_load(p + len - CHKSUM_WORD_LEN);
  unsigned bits = chksum_tail_bits(len);
  return BYTE_ORDER == LITTLE_ENDIAN ? word >> bits : word << bits;
}

/** chksum_sum() of what begins at an aligned address, where that matters. */
static inline chksum_word chksum_sum_aligned(const u8_t *p, size_t len)
{
  if (len < CHKSUM_WORD_LEN) {
    return chksum_load_few(p, len);
  }
  struct chksum c = {chksum_load_tail(p, len), 0};
  chksum_count_words(&c, p, len - 1);
  return chksum_add(c.sum, c.carries);
}

static inline chksum_word chksum_rotate(chksum_word sum, unsigned bits)
{
  return sum >> bits % CHKSUM_WORD_BITS | sum << (0 - bits) % CHKSUM_WORD_BITS;
}

/** Move a sum on behind `bytes` that were added, or back: modulo 16 bits it is the same. */
static inline chksum_word chksum_shift(chksum_word sum, size_t bytes)
{
  return chksum_rotate(sum, 8 * (unsigned)bytes);
}

/** The sum of any bytes, the first at an even place. */
static chksum_word chksum_sum(const u8_t *p, size_t len)
{
  if (CHKSUM_UNALIGNED_OK) {
    return chksum_sum_aligned(p, len);
  }
  size_t head = (0 - (mem_ptr_t)p) % CHKSUM_WORD_LEN;
  head = LWIP_MIN(head, len);
  chksum_word rest = chksum_shift(chksum_sum_aligned(p + head, len - head), head);
  return chksum_add(chksum_load_few(p, head), rest);
}

/** Add a link's bytes and move on behind them. */
static inline chksum_word chksum_append(chksum_word sum, const u8_t *p, size_t len)
{
  return chksum_shift(chksum_add(sum, chksum_sum(p, len)), len);
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
  return chksum_fold(chksum_sum((const u8_t *)dataptr, (size_t)len));
}

/** Add one pbuf's data, by the port's routine if it has one. */
static inline chksum_word chksum_append_link(chksum_word sum, const void *data, size_t len)
{
  if (CHKSUM_IS_PORTS) {
    return chksum_shift(chksum_add(sum, LWIP_CHKSUM(data, (u16_t)len)), len);
  }
  return chksum_append(sum, (const u8_t *)data, len);
}

/** The sum of links that begin at even places of the packet, or of those that begin at odd ones. */
struct chksum_half {
  chksum_word words;
  chksum_word parts; /* pieces of words, less than 2^33 from a link: too few for a carry */
};

static CHKSUM_INLINE void chksum_half_add_word(struct chksum_half *half, const u8_t *p)
{
  half->words = chksum_add(half->words, chksum_load(p));
}

static CHKSUM_INLINE void chksum_half_add_pair(struct chksum_half *half, const u8_t *p)
{
  chksum_half_add_word(half, p);
  chksum_half_add_word(half, p + CHKSUM_WORD_LEN);
}

/** What is still to be added of a link. */
struct chksum_rest {
  const u8_t *p;
  size_t len;
};

static CHKSUM_INLINE void chksum_rest_skip(struct chksum_rest *rest, size_t len)
{
  rest->p += len;
  rest->len -= len;
}

/** Add a pair of words, which must be there, or more. */
static CHKSUM_INLINE void chksum_half_add_some(struct chksum_half *half, struct chksum_rest *rest)
{
  enum { PAIR = 2 * CHKSUM_WORD_LEN, QUAD = 2 * PAIR, MANY = 8 * PAIR };
  const u8_t *p = rest->p;
  chksum_half_add_pair(half, p);
  if (rest->len < QUAD) {
    chksum_rest_skip(rest, PAIR);
    return;
  }
  chksum_half_add_pair(half, p + PAIR);
  if (rest->len < MANY) {
    chksum_rest_skip(rest, QUAD);
    return;
  }
  chksum_half_add_pair(half, p + 2 * PAIR);
  chksum_half_add_pair(half, p + 3 * PAIR);
  chksum_half_add_pair(half, p + 4 * PAIR);
  chksum_half_add_pair(half, p + 5 * PAIR);
  chksum_half_add_pair(half, p + 6 * PAIR);
  chksum_half_add_pair(half, p + 7 * PAIR);
  chksum_rest_skip(rest, MANY);
}

/** Add less than two words; `len` is a constant. Returns whether it is odd. */
static CHKSUM_INLINE bool chksum_half_add_part(struct chksum_half *half, const u8_t *p, size_t len)
{
  if (len & 8) {
    chksum_half_add_word(half, p);
  }
  if (len & 4) {
    u32_t part;
    memcpy(&part, p + (len & 8), sizeof part);
    half->parts += part;
  }
  if (len & 2) {
    u16_t part;
    memcpy(&part, p + (len & 12), sizeof part);
    half->parts += part;
  }
  if (len & 1) {
    u16_t part = 0;
    memcpy(&part, p + len - 1, 1); /* in memory order, padded with zero (RFC 1071 4.1) */
    half->parts += part;
  }
  return len & 1;
}

/** chksum_half_add_part() for any length below 16: one jump leads to the instructions for it. */
static CHKSUM_INLINE bool chksum_half_add_end(struct chksum_half *half, const u8_t *p, size_t len)
{
  switch (len) {
  case 0:
    return chksum_half_add_part(half, p, 0);
  case 1:
    return chksum_half_add_part(half, p, 1);
  case 3:
    return chksum_half_add_part(half, p, 3);
  case 4:
    return chksum_half_add_part(half, p, 4);
  case 5:
    return chksum_half_add_part(half, p, 5);
  case 6:
    return chksum_half_add_part(half, p, 6);
  case 7:
    return chksum_half_add_part(half, p, 7);
  case 8:
    return chksum_half_add_part(half, p, 8);
  case 9:
    return chksum_half_add_part(half, p, 9);
  case 10:
    return chksum_half_add_part(half, p, 10);
  case 11:
    return chksum_half_add_part(half, p, 11);
  case 12:
    return chksum_half_add_part(half, p, 12);
  case 13:
    return chksum_half_add_part(half, p, 13);
  case 14:
    return chksum_half_add_part(half, p, 14);
  case 15:
    return chksum_half_add_part(half, p, 15);
  default: /* 2: compilers save it a jump, which counts most for such short links */
    return chksum_half_add_part(half, p, 2);
  }
}

/**
 * Add links up to `end`, or up to one of odd length, which is added too. Returns what follows.
 *
 * It stands twice in chksum_links(): where it is, even or odd, tells which sum to use, and nothing
 * has to be rotated or exchanged at a link.
 */
static CHKSUM_INLINE const struct pbuf *chksum_half_add_links(struct chksum_half *half,
                                                              const struct pbuf *p,
                                                              const struct pbuf *end)
{
  while (p != end) {
    struct chksum_rest rest = {(const u8_t *)p->payload, p->len};
    p = p->next;
    if (rest.len >= 16) { /* links of up to 31 bytes are asked once */
      chksum_half_add_pair(half, rest.p);
      chksum_rest_skip(&rest, 16);
    }
    while (rest.len >= 16) {
      chksum_half_add_some(half, &rest);
    }
    if (chksum_half_add_end(half, rest.p, rest.len)) {
      return p;
    }
  }
  return p;
}

/** Add the links in front of `end`. */
static CHKSUM_OWN_FRAME chksum_word chksum_links(chksum_word sum, const struct pbuf *p,
                                                 const struct pbuf *end)
{
  struct chksum_half even = {sum, 0}, odd = {0, 0};
  while (p != end) {
    p = chksum_half_add_links(&even, p, end);
    p = chksum_half_add_links(&odd, p, end);
  }
  sum = chksum_shift(chksum_add(odd.words, odd.parts), 1);
  return chksum_add(chksum_add(sum, even.words), even.parts);
}

/** What is still to be added of a chain: the first `len` bytes from `link` on. */
struct chksum_chain_rest {
  const struct pbuf *link;
  size_t len;
};

/** Add the links that are wanted whole. */
static inline chksum_word chksum_whole_links(chksum_word sum, struct chksum_chain_rest *rest)
{
  const struct pbuf *first = rest->link, *cut = NULL;
  size_t len = rest->len;
  if (first != NULL && len < first->tot_len) {
    for (cut = first; cut != NULL && rest->len >= cut->len; cut = cut->next) {
      rest->len -= cut->len;
    }
  }
  rest->link = cut;
  return chksum_shift(chksum_links(sum, first, cut), len - rest->len);
}

/** The checksum of what is in `sum` and the first `len` bytes of a chain. */
static u16_t chksum_chain(chksum_word sum, const struct pbuf *p, u16_t len)
{
  size_t left = len;
  if (CHKSUM_FAST_CHAINS) {
    struct chksum_chain_rest rest = {p, len};
    sum = chksum_whole_links(sum, &rest);
    p = rest.link;
    left = rest.len;
  }
  for (; p != NULL; p = p->next) {
    size_t n = LWIP_MIN(p->len, left);
    left -= n;
    sum = chksum_append_link(sum, p->payload, n);
  }
  /* Only whether it is odd counts, so the difference may be taken without carries. */
  return (u16_t)~chksum_fold(chksum_shift(sum, len ^ left));
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
