/* Packet buffers: copying, single bytes, comparing, searching, at every border. */
#include "pbuf_help.h"
#include "lwip/inet_chksum.h"

static void test_copy_partial(void **state)
{
  u8_t out[64];
  (void)state;
  struct pbuf *p = CHAIN(10, 0, 1, 20);
  for (u16_t offset = 0; offset <= 33; offset++) {
    for (u16_t len = 0; len <= 35; len++) {
      memset(out, 0xee, sizeof out);
      u16_t want = (u16_t)(offset >= 31 ? 0 : LWIP_MIN(len, 31 - offset));
      assert_int_equal(pbuf_copy_partial(p, out, len, offset), want);
      for (u16_t i = 0; i < want; i++) {
        assert_int_equal(out[i], byte_at((u32_t)offset + i));
      }
      assert_int_equal(out[want], 0xee);
    }
  }
  assert_int_equal(pbuf_copy_partial(NULL, out, 5, 0), 0);
  assert_int_equal(pbuf_copy_partial(p, NULL, 5, 0), 0);
  assert_int_equal(pbuf_copy_partial(p, out, 5, 65535), 0);
  pbuf_free(p);
}

static void test_take(void **state)
{
  u8_t data[40];
  u8_t out[31];
  (void)state;
  for (u32_t i = 0; i < sizeof data; i++) {
    data[i] = (u8_t)(200 - i);
  }
  struct pbuf *p = CHAIN(10, 0, 1, 20);
  for (u16_t offset = 0; offset <= 33; offset++) {
    for (u16_t len = 0; len <= 35; len++) {
      u8_t zero[31] = {0};
      assert_int_equal(pbuf_take(p, zero, 31), ERR_OK);
      bool fits = offset + len <= 31;
      assert_int_equal(pbuf_take_at(p, data, len, offset), fits ? ERR_OK : ERR_MEM);
      pbuf_copy_partial(p, out, 31, 0);
      for (int i = 0; i < 31; i++) {
        bool inside = fits && i >= offset && i < offset + len;
        assert_int_equal(out[i], inside ? data[i - offset] : 0);
      }
    }
  }
  assert_int_equal(pbuf_take(NULL, data, 1), ERR_ARG);
  assert_int_equal(pbuf_take(p, NULL, 1), ERR_ARG);
  assert_int_equal(pbuf_take(p, data, 32), ERR_MEM);
  assert_int_equal(pbuf_take_at(p, data, 65535, 65535), ERR_MEM);
  assert_int_equal(pbuf_take_at(NULL, data, 1, 0), ERR_ARG);
  pbuf_free(p);
}

static void test_copy(void **state)
{
  (void)state;
  struct pbuf *from = CHAIN(3, 0, 14, 9, 5);
  struct pbuf *to = CHAIN(0, 8, 1, 0, 22, 4);
  assert_int_equal(pbuf_copy(to, from), ERR_OK);
  for (u16_t i = 0; i < 31; i++) {
    assert_int_equal(pbuf_get_at(to, i), byte_at(i));
  }
  assert_int_equal(pbuf_copy(from, to), ERR_ARG); /* too short */
  assert_int_equal(pbuf_copy(NULL, from), ERR_ARG);
  assert_int_equal(pbuf_copy(to, NULL), ERR_ARG);
  assert_int_equal(pbuf_copy_partial_pbuf(to, from, 31, 4), ERR_OK);
  for (u16_t i = 0; i < 31; i++) {
    assert_int_equal(pbuf_get_at(to, (u16_t)(i + 4)), byte_at(i));
  }
  assert_int_equal(pbuf_copy_partial_pbuf(to, from, 31, 5), ERR_ARG);
  assert_int_equal(pbuf_copy_partial_pbuf(to, from, 32, 0), ERR_ARG);
  assert_int_equal(pbuf_copy_partial_pbuf(to, from, 0, 35), ERR_OK);
  assert_int_equal(pbuf_copy_partial_pbuf(to, from, 1, 65535), ERR_ARG);
  assert_int_equal(pbuf_copy_partial_pbuf(to, from, 1, 34), ERR_OK);
  assert_int_equal(pbuf_get_at(to, 34), byte_at(0));
  pbuf_free(from);
  pbuf_free(to);
}

static void test_get_contiguous(void **state)
{
  u8_t buffer[16];
  (void)state;
  struct pbuf *p = CHAIN(10, 0, 5, 5);
  assert_ptr_equal(pbuf_get_contiguous(p, buffer, sizeof buffer, 10, 0), p->payload);
  assert_ptr_equal(pbuf_get_contiguous(p, NULL, 0, 5, 5), (u8_t *)p->payload + 5);
  assert_null(pbuf_get_contiguous(p, NULL, 0, 6, 5));
  assert_ptr_equal(pbuf_get_contiguous(p, buffer, sizeof buffer, 6, 5), buffer);
  assert_int_equal(buffer[5], byte_at(10));
  assert_ptr_equal(pbuf_get_contiguous(p, buffer, sizeof buffer, 5, 10), p->next->next->payload);
  assert_ptr_equal(pbuf_get_contiguous(p, buffer, sizeof buffer, 10, 10), buffer);
  assert_null(pbuf_get_contiguous(p, buffer, sizeof buffer, 11, 10)); /* packet too short */
  assert_null(pbuf_get_contiguous(p, buffer, 9, 10, 10));             /* buffer too short */
  assert_null(pbuf_get_contiguous(p, buffer, sizeof buffer, 1, 20));
  assert_null(pbuf_get_contiguous(p, buffer, sizeof buffer, 65535, 65535));
  assert_null(pbuf_get_contiguous(NULL, buffer, sizeof buffer, 1, 0));
  pbuf_free(p);
}

static void test_skip(void **state)
{
  u16_t at = 99;
  (void)state;
  struct pbuf *p = CHAIN(10, 0, 5);
  assert_ptr_equal(pbuf_skip(p, 0, &at), p);
  assert_int_equal(at, 0);
  assert_ptr_equal(pbuf_skip(p, 9, &at), p);
  assert_int_equal(at, 9);
  assert_ptr_equal(pbuf_skip(p, 10, &at), p->next->next);
  assert_int_equal(at, 0);
  assert_ptr_equal(pbuf_skip(p, 14, NULL), p->next->next);
  assert_null(pbuf_skip(p, 15, &at));
  assert_null(pbuf_skip(p, 65535, &at));
  assert_null(pbuf_skip(NULL, 0, &at));
  pbuf_free(p);
}

static void test_clone_and_coalesce(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(10, 0, 2000, 30);
  p->flags = PBUF_FLAG_LLMCAST | PBUF_FLAG_PUSH;
  p->if_idx = 3;
  static const pbuf_type types[] = {PBUF_RAM, PBUF_POOL};
  for (int i = 0; i < 2; i++) {
    struct pbuf *q = pbuf_clone(PBUF_LINK, types[i], p);
    check_bytes(q, 0, 2040);
    assert_int_equal(q->flags, PBUF_FLAG_LLMCAST | PBUF_FLAG_PUSH);
    assert_int_equal(q->if_idx, 3);
    assert_int_equal(pbuf_add_header(q, PBUF_LINK), 0);
    pbuf_free(q);
  }
  assert_null(pbuf_clone(PBUF_RAW, PBUF_REF, p));
  assert_null(pbuf_clone(PBUF_RAW, PBUF_ROM, p));
  assert_null(pbuf_clone(PBUF_RAW, PBUF_RAM, NULL));
  fault_arm(1);
  assert_null(pbuf_clone(PBUF_RAW, PBUF_RAM, p));
  fault_arm(1);
  assert_ptr_equal(pbuf_coalesce(p, PBUF_RAW), p); /* no memory: as it was */
  assert_int_equal(pbuf_clen(p), 4);
  p = pbuf_coalesce(p, PBUF_LINK);
  assert_int_equal(pbuf_clen(p), 1);
  assert_int_equal(p->if_idx, 3);
  check_bytes(p, 0, 2040);
  assert_ptr_equal(pbuf_coalesce(p, PBUF_LINK), p);
  assert_null(pbuf_coalesce(NULL, PBUF_LINK));
  pbuf_free(p);
}

static void test_fill_chksum(void **state)
{
  u8_t data[101];
  (void)state;
  for (u32_t i = 0; i < sizeof data; i++) {
    data[i] = byte_at(i + 77);
  }
  /* Filled in two parts, at any border, it is the sum of the whole. */
  for (u16_t border = 0; border <= sizeof data; border++) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, sizeof data, PBUF_RAM);
    u16_t sum = 0;
    assert_int_equal(pbuf_fill_chksum(p, 0, data, border, &sum), ERR_OK);
    assert_int_equal(
        pbuf_fill_chksum(p, border, data + border, (u16_t)(sizeof data - border), &sum), ERR_OK);
    assert_memory_equal(p->payload, data, sizeof data);
    assert_int_equal((u16_t)~sum, inet_chksum(data, sizeof data));
    assert_int_equal(pbuf_fill_chksum(p, border, data, (u16_t)(sizeof data + 1 - border), &sum),
                     ERR_ARG);
    pbuf_free(p);
  }
  struct pbuf *p = CHAIN(5, 5);
  u16_t sum = 0;
  assert_int_equal(pbuf_fill_chksum(p, 6, data, 0, &sum), ERR_ARG);
  assert_int_equal(pbuf_fill_chksum(p, 65535, data, 65535, &sum), ERR_ARG);
  assert_int_equal(pbuf_fill_chksum(NULL, 0, data, 1, &sum), ERR_ARG);
  assert_int_equal(pbuf_fill_chksum(p, 0, NULL, 1, &sum), ERR_ARG);
  assert_int_equal(pbuf_fill_chksum(p, 0, data, 1, NULL), ERR_ARG);
  pbuf_free(p);
}

/* --- single bytes, comparing, searching --- */

static void test_bytes(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(2, 0, 3);
  for (u16_t i = 0; i < 5; i++) {
    pbuf_put_at(p, i, (u8_t)(0xf0 + i));
    assert_int_equal(pbuf_get_at(p, i), 0xf0 + i);
    assert_int_equal(pbuf_try_get_at(p, i), 0xf0 + i);
  }
  pbuf_put_at(p, 5, 1);
  pbuf_put_at(p, 65535, 1);
  pbuf_put_at(NULL, 0, 1);
  assert_int_equal(pbuf_get_at(p, 5), 0);
  assert_int_equal(pbuf_try_get_at(p, 5), -1);
  assert_int_equal(pbuf_try_get_at(p, 65535), -1);
  assert_int_equal(pbuf_try_get_at(NULL, 0), -1);
  pbuf_free(p);
}

static void test_memcmp(void **state)
{
  u8_t data[16];
  (void)state;
  struct pbuf *p = CHAIN(4, 0, 4, 8);
  pbuf_copy_partial(p, data, 16, 0);
  assert_int_equal(pbuf_memcmp(p, 0, data, 16), 0);
  for (u16_t i = 0; i < 16; i++) {
    assert_int_equal(pbuf_memcmp(p, i, data + i, (u16_t)(16 - i)), 0);
    assert_int_equal(pbuf_memcmp(p, i, data, (u16_t)(17 - i)), 0xffff);
    data[i] ^= 0x80;
    assert_int_equal(pbuf_memcmp(p, 0, data, 16), i + 1);
    data[i] ^= 0x80;
  }
  assert_int_equal(pbuf_memcmp(p, 16, data, 0), 0);
  assert_int_equal(pbuf_memcmp(p, 17, data, 0), 0xffff);
  assert_int_equal(pbuf_memcmp(p, 65535, data, 65535), 0xffff);
  assert_int_equal(pbuf_memcmp(NULL, 0, data, 1), 0xffff);
  assert_int_equal(pbuf_memcmp(p, 0, NULL, 1), 0xffff);
  pbuf_free(p);
}

static void test_memfind(void **state)
{
  (void)state;
  static const char text[] = "abacabadabacabae";
  struct pbuf *p = CHAIN(3, 0, 1, 5, 7);
  pbuf_take(p, text, 16);
  for (u16_t start = 0; start < 18; start++) {
    for (u16_t at = 0; at < 16; at++) {
      for (u16_t len = 1; at + len <= 16; len++) {
        u16_t want = 0xffff;
        for (u16_t i = start; i + len <= 16 && want == 0xffff; i++) {
          want = memcmp(text + i, text + at, len) == 0 ? i : 0xffff;
        }
        assert_int_equal(pbuf_memfind(p, text + at, len, start), want);
      }
    }
  }
  assert_int_equal(pbuf_memfind(p, "", 0, 5), 5);
  assert_int_equal(pbuf_memfind(p, "", 0, 16), 16);
  assert_int_equal(pbuf_memfind(p, "", 0, 17), 0xffff);
  assert_int_equal(pbuf_memfind(p, text, 65535, 0), 0xffff);
  assert_int_equal(pbuf_memfind(p, text, 1, 65535), 0xffff);
  assert_int_equal(pbuf_memfind(p, NULL, 1, 0), 0xffff);
  assert_int_equal(pbuf_memfind(NULL, text, 1, 0), 0xffff);
  assert_int_equal(pbuf_strstr(p, "cab"), 3);
  assert_int_equal(pbuf_strstr(p, "bae"), 13);
  assert_int_equal(pbuf_strstr(p, "baf"), 0xffff);
  assert_int_equal(pbuf_strstr(p, text), 0);
  assert_int_equal(pbuf_strstr(p, "abacabadabacabae!"), 0xffff);
  assert_int_equal(pbuf_strstr(p, ""), 0xffff);
  assert_int_equal(pbuf_strstr(p, NULL), 0xffff);
  assert_int_equal(pbuf_strstr(NULL, "a"), 0xffff);
  pbuf_free(p);
}

static void test_find_in_the_longest_packet(void **state)
{
  (void)state;
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 65535, PBUF_POOL);
  for (struct pbuf *q = p; q != NULL; q = q->next) {
    memset(q->payload, 0, q->len);
  }
  pbuf_put_at(p, 65534, 'x');
  assert_int_equal(pbuf_strstr(p, "x"), 65534);
  assert_int_equal(pbuf_memfind(p, "x", 1, 65534), 65534);
  assert_int_equal(pbuf_memfind(p, "", 0, 65535), 0xffff);
  assert_int_equal(pbuf_get_at(p, 65534), 'x');
  assert_int_equal(pbuf_try_get_at(p, 65535), -1);
  u8_t *all = (u8_t *)calloc(1, 65535);
  all[65534] = 'y';
  assert_int_equal(pbuf_memcmp(p, 0, all, 65535), 0xfffe); /* 0xffff means too short */
  assert_int_equal(pbuf_copy_partial(p, all, 65535, 0), 65535);
  assert_int_equal(pbuf_memcmp(p, 0, all, 65535), 0);
  free(all);
  pbuf_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_copy_partial),
      TEST(test_take),
      TEST(test_copy),
      TEST(test_get_contiguous),
      TEST(test_skip),
      TEST(test_clone_and_coalesce),
      TEST(test_fill_chksum),
      TEST(test_bytes),
      TEST(test_memcmp),
      TEST(test_memfind),
      TEST(test_find_in_the_longest_packet),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
