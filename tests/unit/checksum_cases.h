/**
 * @file
 * What every variant of src/base/inet_chksum.c must do, against the definition taken literally: sum
 * of 16-bit words in network order, carries back in (RFC 1071 1).
 */
#ifndef CHECKSUM_CASES_H
#define CHECKSUM_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "lwip/def.h"
#include "lwip/inet_chksum.h"
#include "lwip/pbuf.h"

static u32_t seed = 1;

static u32_t any(u32_t n)
{
  seed = seed * 1103515245U + 12345U;
  return (seed >> 8) % n;
}

static void fill(u8_t *p, size_t len)
{
  for (size_t i = 0; i < len; i++) {
    /* Many 0xff: carries out of every word. */
    p[i] = any(3) == 0 ? (u8_t)any(256) : 0xff;
  }
}

/** One's complement sum of `sum` and the bytes, in host order. */
static u16_t naive_sum(u32_t sum, const u8_t *p, size_t len)
{
  for (size_t i = 0; i < len; i++) {
    sum += (i & 1) ? p[i] : (u32_t)p[i] << 8;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return (u16_t)sum;
}

static void check_sum(const u8_t *p, size_t len)
{
  u16_t expected = naive_sum(0, p, len);
  assert_int_equal(lwip_ntohs(LWIP_CHKSUM(p, (u16_t)len)), expected);
  assert_int_equal(lwip_ntohs(inet_chksum(p, (u16_t)len)), (u16_t)~expected);
}

/** At the end of an allocation, so that AddressSanitizer sees a read beyond it. */
static void every_length_and_alignment(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (size_t len = 0; len <= 200; len++) {
    for (size_t align = 0; align < 16; align++) {
      u8_t *block = (u8_t *)malloc(align + len + 1);
      assert_non_null(block);
      fill(block, align + len);
      u8_t *exact = (u8_t *)realloc(block, align + len > 0 ? align + len : 1);
      assert_non_null(exact);
      check_sum(exact + align, len);
      free(exact);
    }
  }
}

static void long_buffers(void **state)
{
  LWIP_UNUSED_ARG(state);
  static u8_t block[65535 + 16];
  const size_t lens[] = {1499, 1500, 1501, 9000, 32767, 32768, 65534, 65535};
  for (size_t i = 0; i < LWIP_ARRAYSIZE(lens); i++) {
    for (size_t align = 0; align < 9; align++) {
      fill(block, sizeof block);
      check_sum(block + align, lens[i]);
      memset(block, 0xff, sizeof block);
      check_sum(block + align, lens[i]);
      memset(block, 0, sizeof block);
      check_sum(block + align, lens[i]);
    }
  }
}

/** RFC 1071 3: the example, whose sum is ddf2. */
static void rfc1071_example(void **state)
{
  LWIP_UNUSED_ARG(state);
  const u8_t data[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  assert_int_equal(lwip_ntohs(LWIP_CHKSUM(data, sizeof data)), 0xddf2);
}

enum { LINKS_MAX = 12, PACKET_MAX = 4096 };

struct chain {
  struct pbuf link[LINKS_MAX];
  u8_t memory[LINKS_MAX][PACKET_MAX / LINKS_MAX + 8];
  u8_t bytes[PACKET_MAX]; /* the same in one piece */
  size_t len;
};

static void link_up(struct pbuf *links, u32_t count)
{
  u16_t tot_len = 0;
  for (u32_t i = count; i > 0; i--) {
    tot_len = (u16_t)(tot_len + links[i - 1].len);
    links[i - 1].tot_len = tot_len;
    links[i - 1].next = i < count ? &links[i] : NULL;
  }
}

/** A chain of links of less than `link_limit` bytes, some of them empty, at any alignment. */
static struct pbuf *random_chain_below(struct chain *c, u32_t link_limit)
{
  u32_t count = 1 + any(LINKS_MAX);
  c->len = 0;
  for (u32_t i = 0; i < count; i++) {
    u16_t len = (u16_t)(any(4) == 0 ? any(4) : any(link_limit));
    u8_t *data = c->memory[i] + any(8);
    fill(data, len);
    memcpy(c->bytes + c->len, data, len);
    c->len += len;
    c->link[i] = (struct pbuf){.payload = data, .len = len};
  }
  link_up(c->link, count);
  return &c->link[0];
}

static struct pbuf *random_chain(struct chain *c)
{
  return random_chain_below(c, PACKET_MAX / LINKS_MAX);
}

static void any_chain(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct chain c;
  for (int i = 0; i < 3000; i++) {
    struct pbuf *p = random_chain(&c);
    assert_int_equal(lwip_ntohs(inet_chksum_pbuf(p)), (u16_t)~naive_sum(0, c.bytes, c.len));
  }
}

static u16_t partial(struct pbuf *p, u16_t covered)
{
  ip4_addr_t none = {0};
  return lwip_ntohs(inet_chksum_pseudo_partial(p, 0, 0, covered, &none, &none));
}

/** Short links are summed by their length: all of 0 to 40, in any order, whole and cut anywhere. */
static void short_links(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct chain c;
  for (int i = 0; i < 20000; i++) {
    struct pbuf *p = random_chain_below(&c, 41);
    assert_int_equal(lwip_ntohs(inet_chksum_pbuf(p)), (u16_t)~naive_sum(0, c.bytes, c.len));
    u16_t covered = (u16_t)any((u32_t)c.len + 1);
    assert_int_equal(partial(p, covered), (u16_t)~naive_sum(0, c.bytes, covered));
  }
}

/** Three links, each an allocation of its own: AddressSanitizer sees a read beside any of them. */
static void check_exact_links(const u16_t lens[3])
{
  u8_t bytes[512];
  struct pbuf link[3] = {{0}};
  size_t len = 0;
  for (int i = 0; i < 3; i++) {
    link[i].payload = malloc(lens[i] > 0 ? lens[i] : 1);
    link[i].len = lens[i];
    assert_non_null(link[i].payload);
    fill((u8_t *)link[i].payload, lens[i]);
    memcpy(bytes + len, link[i].payload, lens[i]);
    len += lens[i];
  }
  link_up(link, 3);
  assert_int_equal(lwip_ntohs(inet_chksum_pbuf(link)), (u16_t)~naive_sum(0, bytes, len));
  for (size_t covered = 0; covered <= len; covered++) {
    assert_int_equal(partial(link, (u16_t)covered), (u16_t)~naive_sum(0, bytes, covered));
  }
  for (int i = 0; i < 3; i++) {
    free(link[i].payload);
  }
}

static void every_link_length_between_others(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (u16_t len = 0; len <= 300; len++) {
    for (u16_t around = 0; around < 4; around++) {
      check_exact_links((const u16_t[3]){around, len, (u16_t)(around * 5)});
    }
  }
}

/** What follows a link begins at an even or an odd place: every length after every other. */
static void every_two_link_lengths(void **state)
{
  LWIP_UNUSED_ARG(state);
  for (u16_t first = 0; first <= 36; first++) {
    for (u16_t second = 0; second <= 36; second++) {
      check_exact_links((const u16_t[3]){first, second, 1});
    }
  }
}

/** Chains of many links of any mix of lengths, in blocks of their own, whole and cut at a link. */
static void many_links(void **state)
{
  LWIP_UNUSED_ARG(state);
  enum { MANY = 200 };
  const u32_t limits[] = {2, 3, 5, 9, 17, 33, 65, 130, 300};
  static u8_t bytes[MANY * 300];
  for (u32_t i = 0; i < 40 * LWIP_ARRAYSIZE(limits); i++) {
    struct pbuf link[MANY];
    u32_t count = 1 + any(MANY);
    size_t len = 0, cut = 0;
    for (u32_t k = 0; k < count; k++) {
      u16_t link_len = (u16_t)any(limits[i % LWIP_ARRAYSIZE(limits)]);
      u8_t *data = (u8_t *)malloc(link_len > 0 ? link_len : 1);
      assert_non_null(data);
      fill(data, link_len);
      memcpy(bytes + len, data, link_len);
      link[k] = (struct pbuf){.payload = data, .len = link_len};
      len += link_len;
      cut = any(8) == 0 ? len : cut;
    }
    link_up(link, count);
    assert_int_equal(lwip_ntohs(inet_chksum_pbuf(link)), (u16_t)~naive_sum(0, bytes, len));
    assert_int_equal(partial(link, (u16_t)cut), (u16_t)~naive_sum(0, bytes, cut));
    for (u32_t k = 0; k < count; k++) {
      free(link[k].payload);
    }
  }
}

static void no_link(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_int_equal(inet_chksum_pbuf(NULL), 0xffff);
}

/** RFC 768 and RFC 3828: pseudo header, then the first bytes of the packet or all of it. */
static void pseudo_ip4(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct chain c;
  for (int i = 0; i < 1000; i++) {
    struct pbuf *p = random_chain(&c);
    u8_t header[12];
    fill(header, sizeof header);
    header[8] = 0;
    ip4_addr_t src, dst;
    memcpy(&src.addr, header, 4);
    memcpy(&dst.addr, header + 4, 4);
    u16_t proto_len = (u16_t)(header[10] << 8 | header[11]);
    u32_t pseudo = naive_sum(0, header, sizeof header);
    u16_t covered = (u16_t)any((u32_t)c.len + 3);
    size_t n = LWIP_MIN(covered, c.len);
    assert_int_equal(
        lwip_ntohs(inet_chksum_pseudo_partial(p, header[9], proto_len, covered, &src, &dst)),
        (u16_t)~naive_sum(pseudo, c.bytes, n));
    u16_t whole = (u16_t)~naive_sum(pseudo, c.bytes, c.len);
    assert_int_equal(lwip_ntohs(inet_chksum_pseudo(p, header[9], proto_len, &src, &dst)), whole);
    if (!LWIP_IPV4) {
      continue; /* no struct holds either family */
    }
    ip_addr_t any_src, any_dst;
    ip_addr_copy_from_ip4(any_src, src);
    ip_addr_copy_from_ip4(any_dst, dst);
    assert_int_equal(lwip_ntohs(ip_chksum_pseudo(p, header[9], proto_len, &any_src, &any_dst)),
                     whole);
  }
}

/** RFC 8200 8.1. */
static void pseudo_ip6(void **state)
{
  LWIP_UNUSED_ARG(state);
  static struct chain c;
  for (int i = 0; i < 1000; i++) {
    struct pbuf *p = random_chain(&c);
    u8_t header[40] = {0};
    fill(header, 32);
    ip6_addr_t src, dst;
    memset(&src, 0, sizeof src);
    memset(&dst, 0, sizeof dst);
    memcpy(src.addr, header, 16);
    memcpy(dst.addr, header + 16, 16);
    u16_t proto_len = (u16_t)any(65536);
    header[34] = (u8_t)(proto_len >> 8);
    header[35] = (u8_t)proto_len;
    header[39] = (u8_t)any(256);
    u32_t pseudo = naive_sum(0, header, sizeof header);
    u16_t covered = (u16_t)any((u32_t)c.len + 3);
    size_t n = LWIP_MIN(covered, c.len);
    assert_int_equal(
        lwip_ntohs(ip6_chksum_pseudo_partial(p, header[39], proto_len, covered, &src, &dst)),
        (u16_t)~naive_sum(pseudo, c.bytes, n));
    assert_int_equal(lwip_ntohs(ip6_chksum_pseudo(p, header[39], proto_len, &src, &dst)),
                     (u16_t)~naive_sum(pseudo, c.bytes, c.len));
  }
}

/** A packet that carries its own checksum sums to zero: how receivers check. */
static void own_checksum_gives_zero(void **state)
{
  LWIP_UNUSED_ARG(state);
  u8_t header[20];
  for (int i = 0; i < 100; i++) {
    fill(header, sizeof header);
    memset(header + 10, 0, 2);
    u16_t sum = inet_chksum(header, sizeof header);
    memcpy(header + 10, &sum, 2);
    assert_int_equal(inet_chksum(header, sizeof header), 0);
  }
}

static void copy_sums_what_it_copies(void **state)
{
  LWIP_UNUSED_ARG(state);
  static u8_t from[300], to[300 + 16];
  for (size_t len = 0; len < sizeof from; len++) {
    fill(from, sizeof from);
    memset(to, 0x5a, sizeof to);
    u8_t *dst = to + any(8);
    u16_t sum = lwip_chksum_copy(dst, from, (u16_t)len);
    assert_int_equal(lwip_ntohs(sum), naive_sum(0, from, len));
    assert_memory_equal(dst, from, len);
    assert_int_equal(dst[len], 0x5a);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_length_and_alignment),
      cmocka_unit_test(long_buffers),
      cmocka_unit_test(rfc1071_example),
      cmocka_unit_test(any_chain),
      cmocka_unit_test(short_links),
      cmocka_unit_test(every_link_length_between_others),
      cmocka_unit_test(every_two_link_lengths),
      cmocka_unit_test(many_links),
      cmocka_unit_test(no_link),
      cmocka_unit_test(pseudo_ip4),
      cmocka_unit_test(pseudo_ip6),
      cmocka_unit_test(own_checksum_gives_zero),
      cmocka_unit_test(copy_sums_what_it_copies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif /* CHECKSUM_CASES_H */
