/* Packet buffers: random operations against a model, in which a packet is its bytes. */
#include "pbuf_help.h"

enum { MODEL_MAX = 20000 };
static u8_t model[MODEL_MAX];
static u32_t model_len;
static struct pbuf *subject;
static uint32_t rnd;

static u32_t random_below(u32_t n)
{
  rnd = rnd * 1664525U + 1013904223U;
  return (u32_t)(((uint64_t)rnd * n) >> 32);
}

static void random_bytes(u8_t *to, u32_t len)
{
  for (u32_t i = 0; i < len; i++) {
    to[i] = (u8_t)random_below(256);
  }
}

static void model_check(void)
{
  static u8_t out[MODEL_MAX];
  check_chain(subject);
  assert_int_equal(subject->tot_len, model_len);
  assert_int_equal(pbuf_copy_partial(subject, out, 65535, 0), model_len);
  assert_memory_equal(out, model, model_len);
}

static struct pbuf *random_packet(u8_t *bytes, u32_t len)
{
  static const pbuf_layer layers[] = {PBUF_RAW, PBUF_LINK, PBUF_TRANSPORT};
  random_bytes(bytes, len);
  struct pbuf *p =
      pbuf_alloc(layers[random_below(3)], (u16_t)len, random_below(2) == 0 ? PBUF_RAM : PBUF_POOL);
  assert_non_null(p);
  assert_int_equal(pbuf_take(p, bytes, (u16_t)len), ERR_OK);
  return p;
}

static void op_cat(void)
{
  u32_t len = random_below(3) == 0 ? random_below(3) : random_below(2000);
  if (model_len + len > MODEL_MAX) {
    return;
  }
  pbuf_cat(subject, random_packet(model + model_len, len));
  model_len += len;
}

static void op_prepend(void)
{
  u32_t len = random_below(100);
  if (model_len + len > MODEL_MAX) {
    return;
  }
  memmove(model + len, model, model_len);
  struct pbuf *p = random_packet(model, len);
  pbuf_cat(p, subject);
  subject = p;
  model_len += len;
}

static void op_remove_header(void)
{
  u32_t n = random_below(subject->len + 2U);
  bool fits = n <= subject->len;
  assert_int_equal(pbuf_remove_header(subject, n), fits ? 0 : 1);
  if (fits) {
    model_len -= n;
    memmove(model, model + n, model_len);
  }
}

static void op_add_header(void)
{
  u8_t header[64];
  u32_t n = random_below(60);
  if (model_len + n > MODEL_MAX) {
    return;
  }
  if (pbuf_add_header(subject, n) == 0) {
    random_bytes(header, n);
    memcpy(subject->payload, header, n);
    memmove(model + n, model, model_len);
    memcpy(model, header, n);
    model_len += n;
  }
}

static void op_realloc(void)
{
  u32_t n = random_below(4) == 0 ? random_below(model_len + 10) : model_len - model_len / 8;
  pbuf_realloc(subject, (u16_t)n);
  model_len = LWIP_MIN(model_len, n);
}

static void op_free_header(void)
{
  u32_t n = model_len == 0 ? 0 : random_below(LWIP_MIN(model_len, 300));
  subject = pbuf_free_header(subject, (u16_t)n);
  assert_non_null(subject);
  model_len -= n;
  memmove(model, model + n, model_len);
}

static void op_take(void)
{
  static u8_t data[3000];
  u32_t len = random_below(sizeof data);
  u32_t at = random_below(model_len + 5);
  random_bytes(data, len);
  bool fits = at + len <= model_len;
  assert_int_equal(pbuf_take_at(subject, data, (u16_t)len, (u16_t)at), fits ? ERR_OK : ERR_MEM);
  if (fits) {
    memcpy(model + at, data, len);
  }
}

static void op_read(void)
{
  u8_t out[200];
  u32_t at = random_below(model_len + 5);
  u32_t len = 1 + random_below(sizeof out);
  const void *got = pbuf_get_contiguous(subject, out, sizeof out, (u16_t)len, (u16_t)at);
  assert_int_equal(got != NULL, at + len <= model_len);
  if (got != NULL) {
    assert_memory_equal(got, model + at, len);
    assert_int_equal(pbuf_memcmp(subject, (u16_t)at, got, (u16_t)len), 0);
    u16_t found = pbuf_memfind(subject, got, (u16_t)len, (u16_t)(at / 2));
    assert_true(found <= at && memcmp(model + found, model + at, len) == 0);
  }
  assert_int_equal(pbuf_try_get_at(subject, (u16_t)at), at < model_len ? model[at] : -1);
}

static void op_replace_by_copy(void)
{
  if (random_below(2) == 0) {
    subject = pbuf_coalesce(subject, PBUF_TRANSPORT);
    assert_int_equal(pbuf_clen(subject), 1);
    return;
  }
  struct pbuf *q = pbuf_clone(PBUF_IP, PBUF_POOL, subject);
  assert_non_null(q);
  pbuf_free(subject);
  subject = q;
}

static void op_dechain(void)
{
  struct pbuf *rest = subject->next;
  u32_t first = subject->len;
  if (rest == NULL) {
    return;
  }
  pbuf_ref(rest);
  assert_ptr_equal(pbuf_dechain(subject), rest);
  check_chain(subject);
  if (random_below(2) == 0) {
    pbuf_free(subject);
    subject = rest;
    model_len -= first;
    memmove(model, model + first, model_len);
  } else {
    pbuf_free(rest);
    model_len = first;
  }
}

static void op_put(void)
{
  u32_t at = random_below(model_len + 1);
  u8_t value = (u8_t)random_below(256);
  pbuf_put_at(subject, (u16_t)at, value);
  if (at < model_len) {
    model[at] = value;
  }
}

static void test_random_operations_against_a_model(void **state)
{
  static void (*const ops[])(void) = {op_cat,
                                      op_cat,
                                      op_cat,
                                      op_prepend,
                                      op_remove_header,
                                      op_add_header,
                                      op_realloc,
                                      op_free_header,
                                      op_take,
                                      op_take,
                                      op_read,
                                      op_read,
                                      op_replace_by_copy,
                                      op_dechain,
                                      op_put};
  (void)state;
  for (uint32_t seed = 1; seed <= 20; seed++) {
    rnd = seed;
    model_len = 10;
    subject = random_packet(model, model_len);
    for (int step = 0; step < 1500; step++) {
      ops[random_below(LWIP_ARRAYSIZE(ops))]();
      model_check();
    }
    pbuf_free(subject);
    assert_int_equal(memp_used_total(), elements_before);
    assert_int_equal(mem_used_bytes(), bytes_before);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_random_operations_against_a_model),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
