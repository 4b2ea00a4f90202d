/* A bad line in software (port/impair.h): what happens to frames, when, and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/def.h"
#include "lwip/init.h"
#include "lwip/sys.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "port/clock.h"
#include "port/impair.h"

#define FRAMES 100000U
#define LEN    100U

static u64_t now_us;

u64_t sys_now_us(void)
{
  return now_us;
}

u32_t sys_now(void)
{
  return (u32_t)(now_us / 1000);
}

/** What came out: numbers of frames, and when. */
static struct {
  u32_t number[2 * FRAMES];
  u64_t at_us[2 * FRAMES];
  u32_t count;
  u32_t altered_bits;
} out;

static u8_t filler(u32_t number, u32_t i)
{
  return (u8_t)(number * 31 + i * 7);
}

static void deliver(void *arg, u8_t *frame, u16_t len)
{
  u32_t number;
  assert_ptr_equal(arg, &out);
  assert_in_range(out.count, 0, 2 * FRAMES - 1);
  memcpy(&number, frame, 4);
  for (u32_t i = 4; i < len; i++) {
    for (u8_t bits = frame[i] ^ filler(number, i); bits != 0; bits &= (u8_t)(bits - 1)) {
      out.altered_bits++;
    }
  }
  out.number[out.count] = number;
  out.at_us[out.count++] = now_us;
}

static void send(struct impair *line, u32_t number, u16_t len)
{
  u8_t frame[1500];
  memcpy(frame, &number, 4);
  for (u32_t i = 4; i < len; i++) {
    frame[i] = filler(number, i);
  }
  impair_frame(line, frame, len);
}

static struct impair *line_with(const char *name, const char *value, u64_t seed)
{
  struct impair_settings s = {.seed = seed};
  assert_int_equal(impair_option(&s, name, value), 1);
  struct impair *line = impair_new(&s, deliver, &out);
  assert_non_null(line);
  return line;
}

static void send_many(struct impair *line, u32_t count)
{
  out.count = 0;
  for (u32_t i = 0; i < count; i++) {
    send(line, i, LEN);
  }
}

static void advance_us(u64_t us)
{
  for (u64_t end = now_us + us; now_us < end;) {
    now_us = LWIP_MIN(end, (now_us / 1000 + 1) * 1000);
    timers_run();
  }
}

static int setup(void **state)
{
  (void)state;
  memset(&out, 0, sizeof out);
  now_us = 5000000;
  lwip_init();
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  assert_int_equal(timers_count(), 0);
  lwip_deinit();
  return 0;
}

static void test_a_perfect_line(void **state)
{
  struct impair_settings none = {0};
  struct impair *line = impair_new(&none, deliver, &out);
  (void)state;
  send_many(line, 1000);
  assert_int_equal(out.count, 1000);
  for (u32_t i = 0; i < out.count; i++) {
    assert_int_equal(out.number[i], i);
  }
  assert_int_equal(out.altered_bits, 0);
  assert_int_equal(impair_counters(line)->frames, 1000);
  impair_free(line);
  impair_free(NULL);
  assert_int_equal(impair_counters(NULL)->frames, 0);
}

static void test_loss(void **state)
{
  static u32_t first[FRAMES];
  struct impair *line = line_with("loss", "3%", 1);
  (void)state;
  send_many(line, FRAMES);
  u32_t count = out.count;
  assert_in_range(count, FRAMES - 3300, FRAMES - 2700);
  assert_int_equal(impair_counters(line)->lost, FRAMES - count);
  memcpy(first, out.number, count * sizeof first[0]);
  impair_free(line);

  line = line_with("loss", "3%", 1); /* the seed decides */
  send_many(line, FRAMES);
  assert_int_equal(out.count, count);
  assert_memory_equal(out.number, first, count * sizeof first[0]);
  impair_free(line);

  line = line_with("loss", "3%", 2);
  send_many(line, FRAMES);
  assert_memory_not_equal(out.number, first, 2000 * sizeof first[0]);
  impair_free(line);

  line = line_with("loss", "100%", 1);
  send_many(line, 1000);
  assert_int_equal(out.count, 0);
  impair_free(line);
}

static void test_other_mishaps_do_not_change_what_is_lost(void **state)
{
  static bool is_here[2][1000];
  (void)state;
  for (int i = 0; i < 2; i++) {
    struct impair_settings s = {.seed = 9, .loss_ppm = 100000};
    s.duplicate_ppm = s.corrupt_ppm = i == 0 ? 0 : 200000;
    struct impair *line = impair_new(&s, deliver, &out);
    out.count = 0;
    for (u32_t k = 0; k < 1000; k++) {
      u32_t before = out.count;
      send(line, k, LEN);
      is_here[i][k] = out.count > before;
    }
    impair_free(line);
  }
  assert_memory_equal(is_here[0], is_here[1], sizeof is_here[0]);
}

static void test_duplicates(void **state)
{
  struct impair *line = line_with("duplicate", "1%", 1);
  u32_t twice = 0;
  (void)state;
  send_many(line, FRAMES);
  assert_in_range(out.count, FRAMES + 800, FRAMES + 1200);
  for (u32_t i = 1; i < out.count; i++) {
    assert_in_range(out.number[i] - out.number[i - 1], 0, 1);
    twice += out.number[i] == out.number[i - 1];
  }
  assert_int_equal(twice, impair_counters(line)->duplicated);
  assert_int_equal(out.count, FRAMES + twice);
  impair_free(line);
}

static void test_corruption_flips_one_bit(void **state)
{
  struct impair *line = line_with("corrupt", "100%", 1);
  (void)state;
  for (u32_t i = 0; i < 1000; i++) {
    u8_t frame[LEN] = {0};
    u32_t bits = 0;
    out.count = 0;
    impair_frame(line, frame, LEN);
    assert_int_equal(out.count, 1);
    for (u32_t k = 0; k < LEN; k++) {
      for (u8_t b = frame[k]; b != 0; b &= (u8_t)(b - 1)) {
        bits++;
      }
    }
    assert_int_equal(bits, 1);
  }
  assert_int_equal(impair_counters(line)->corrupted, 1000);
  impair_free(line);
}

/* Everything arrives once, overtaken by few; what nobody overtakes arrives soon all the same. */
static void test_reordering(void **state)
{
  static bool is_here[FRAMES];
  struct impair *line = line_with("reorder", "2%", 1);
  u32_t late = 0, highest = 0;
  (void)state;
  send_many(line, FRAMES);
  advance_us(3000);
  assert_int_equal(out.count, FRAMES);
  for (u32_t i = 0; i < FRAMES; i++) {
    u32_t n = out.number[i];
    assert_false(is_here[n]);
    is_here[n] = true;
    late += n < highest;
    assert_in_range(highest - LWIP_MIN(n, highest), 0, 8);
    highest = LWIP_MAX(highest, n);
  }
  assert_in_range(late, 1500, 2500);
  assert_in_range(impair_counters(line)->reordered, late, late + 100);
  impair_free(line);

  line = line_with("reorder", "100%", 1);
  send_many(line, 3);
  assert_int_equal(out.count, 0);
  advance_us(2000);
  assert_int_equal(out.count, 3);
  impair_free(line);
}

static void test_delay(void **state)
{
  struct impair *line = line_with("rtt", "40ms", 1);
  (void)state;
  for (u32_t i = 0; i < 100; i++) {
    send(line, i, LEN);
    advance_us(1000);
  }
  assert_int_equal(out.count, 81);
  advance_us(20000);
  assert_int_equal(out.count, 100);
  for (u32_t i = 0; i < 100; i++) {
    assert_int_equal(out.number[i], i);
    assert_int_equal(out.at_us[i], 5020000 + 1000 * i);
  }
  send(line, 100, LEN); /* lost with the line */
  impair_free(line);
}

static void test_rate_and_queue(void **state)
{
  struct impair_settings s = {0};
  (void)state;
  assert_int_equal(impair_option(&s, "rate", "10M"), 1);
  assert_int_equal(impair_option(&s, "queue", "20k"), 1);
  struct impair *line = impair_new(&s, deliver, &out);
  for (u32_t i = 0; i < 30; i++) {
    send(line, i, 1250); /* a millisecond each */
  }
  assert_int_equal(impair_counters(line)->queue_full, 30 - 16);
  advance_us(100000);
  assert_int_equal(out.count, 16);
  for (u32_t i = 0; i < 16; i++) {
    assert_int_equal(out.at_us[i], 5001000 + 1000 * i);
  }
  send(line, 99, 1250); /* it is idle again */
  advance_us(1000);
  assert_int_equal(out.count, 17);
  impair_free(line);
}

static void test_options(void **state)
{
  static const struct {
    const char *name, *value;
    int result;
    u64_t wanted;
  } rows[] = {
      {"loss", "1%", 1, 10000},
      {"loss", "0.1%", 1, 1000},
      {"loss", "100%", 1, 1000000},
      {"loss", "1", -1, 0},
      {"loss", "101%", -1, 0},
      {"loss", "-1%", -1, 0},
      {"loss", "", -1, 0},
      {"loss", "1%%", -1, 0},
      {"loss", "nan%", -1, 0},
      {"delay", "20ms", 1, 20000},
      {"delay", "500us", 1, 500},
      {"delay", "1s", 1, 1000000},
      {"delay", "20", -1, 0},
      {"delay", "2h", -1, 0},
      {"delay", "100s", -1, 0},
      {"rtt", "40ms", 1, 20000},
      {"rate", "10M", 1, 10000000},
      {"rate", "56k", 1, 56000},
      {"rate", "1Gbit", 1, 1000000000},
      {"rate", "9600", 1, 9600},
      {"rate", "10X", -1, 0},
      {"rate", "10Mx", -1, 0},
      {"queue", "64k", 1, 65536},
      {"queue", "99G", -1, 0},
      {"seed", "7", 1, 7},
      {"speed", "10M", 0, 0},
      {"", "", 0, 0},
  };
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(rows); i++) {
    struct impair_settings s = {0};
    int result = impair_option(&s, rows[i].name, rows[i].value);
    if (result != rows[i].result) {
      fail_msg("%s %s: %d", rows[i].name, rows[i].value, result);
    }
    u64_t sum = s.loss_ppm + s.delay_us + s.rate_bps + s.queue_bytes + s.seed;
    if (result == 1 && sum != rows[i].wanted) {
      fail_msg("%s %s: %llu", rows[i].name, rows[i].value, (unsigned long long)sum);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_perfect_line, setup, teardown),
      cmocka_unit_test_setup_teardown(test_loss, setup, teardown),
      cmocka_unit_test_setup_teardown(test_other_mishaps_do_not_change_what_is_lost, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(test_duplicates, setup, teardown),
      cmocka_unit_test_setup_teardown(test_corruption_flips_one_bit, setup, teardown),
      cmocka_unit_test_setup_teardown(test_reordering, setup, teardown),
      cmocka_unit_test_setup_teardown(test_delay, setup, teardown),
      cmocka_unit_test_setup_teardown(test_rate_and_queue, setup, teardown),
      cmocka_unit_test_setup_teardown(test_options, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
