/**
 * @file
 * Runs the tests: in each framing, or with --fault once per allocation.
 *
 * One cmocka test per test and framing. A body ends at its end or, by longjmp(), at the first
 * failed expectation; either way the stack is ended and searched for what was left behind.
 */
#include <stdio.h>
#include <stdlib.h>
#include "packet_priv.h"
#include "base/fault.h"
#include "gossamer/timer.h"

/** Long enough for everything that a test may have left under way to be over. */
#define FAULT_QUIET_MS (10U * 60 * 1000)

struct run {
  const struct packet_test *test;
  enum packet_framing framing;
  char name[160];
};

struct arena_block {
  struct arena_block *next;
  max_align_t data[];
};

static struct arena_block *arena;
static jmp_buf body_end;
static void (*at_end)(void); /* what the body asked for */
static bool is_quiet;        /* a failed expectation is no failed test */
static char note[100];       /* of packet_note() */
static bool is_fault_run;    /* --fault */
static u32_t faults_max;     /* --fault=N: no more runs than that per test, spread; 0: all */

static const char *const framing_name[FRAMING_COUNT] = {"contiguous", "one-byte pbufs",
                                                        "guard page", "trailing bytes"};
static const u32_t framing_flag[FRAMING_COUNT] = {0, PACKET_NO_CHAINED, PACKET_NO_GUARD,
                                                  PACKET_NO_TRAILER};

bool packet_is_fault_run(void)
{
  return is_fault_run;
}

void *packet_alloc(size_t len)
{
  struct arena_block *b = calloc(1, sizeof *b + len);
  if (b == NULL) {
    abort();
  }
  b->next = arena;
  arena = b;
  return b->data;
}

static void arena_free(void)
{
  while (arena != NULL) {
    struct arena_block *next = arena->next;
    free(arena);
    arena = next;
  }
}

void packet_note(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  vsnprintf(note, sizeof note, format, args);
  va_end(args);
}

void packet_fail(const char *file, int line, const char *format, ...)
{
  if (!is_quiet) {
    va_list args;
    va_start(args, format);
    printf("# %s:%d: %s", file, line, note);
    vprintf(format, args);
    printf("\n");
    fflush(stdout);
    va_end(args);
  }
  longjmp(body_end, 1);
}

/** After a run with a failed allocation: whatever happened, the stack must work. */
static void expect_alive(void)
{
  packet_app_cleanup();
  advance(FAULT_QUIET_MS);
  packet_framing_set(FRAMING_CONTIGUOUS);
  packet_stack_restore();
  advance(FAULT_QUIET_MS);
  tx_discard();
  if (LWIP_IPV4) {
    rx(ping4("10.0.0.2", "10.0.0.1", 0x1234, 1, "alive?", 6));
    check_pong(tx(), 0x1234, 1, "alive?", 6);
  }
  if (packet_net6_is_up()) {
    rx(ping6("fe80::2", "fe80::ff:fe00:1", 0x1234, 1, "alive?", 6));
    check_pong6(tx(), 0x1234, 1, "alive?", 6);
  }
  advance(FAULT_QUIET_MS);
  if (timers_count() != 0) {
    packet_fail(__FILE__, __LINE__, "%u timers are stuck", timers_count());
  }
}

/* The parts of a run, each of which may end by a failed expectation. True: it went through. */

static bool run_body(const struct run *r, u32_t fault_at)
{
  if (setjmp(body_end) != 0) {
    return false;
  }
  packet_stack_start(r->test->name, fault_at);
  r->test->body();
  packet_settle();
  return true;
}

void packet_at_end(void (*fn)(void))
{
  at_end = fn;
}

static bool run_alive(void)
{
  if (setjmp(body_end) != 0) {
    return false;
  }
  if (at_end != NULL) {
    void (*fn)(void) = at_end;
    at_end = NULL;
    fn();
  }
  if (is_fault_run) {
    expect_alive();
  }
  packet_app_cleanup();
  return true;
}

static bool run_end(void)
{
  if (setjmp(body_end) != 0) {
    return false;
  }
  if (packet_stack_is_started()) {
    packet_stack_stop();
  }
  return true;
}

/** @return the number of allocations of the body; 0xffffffff: the test failed */
static u32_t run_once(const struct run *r, u32_t fault_at)
{
  packet_framing_set(r->framing);
  packet_note("%s", "");
  is_quiet = is_fault_run && fault_at > 0;
  bool is_ok = run_body(r, fault_at) || is_quiet;
  u32_t allocations = fault_count();
  fault_arm(0);
  /* After a failed expectation leaks are the body's, and printing them would hide the cause. */
  is_quiet = !is_ok;
  is_ok = run_alive() && is_ok;
  is_ok = run_end() && is_ok;
  arena_free();
  return is_ok ? allocations : 0xffffffffU;
}

static void run_normally(void **state)
{
  const struct run *r = *state;
  if (run_once(r, 0) == 0xffffffffU) {
    _fail(r->test->name, 0);
  }
}

static void run_with_faults(void **state)
{
  const struct run *r = *state;
  u32_t total = run_once(r, 0);
  if (total == 0xffffffffU) {
    _fail(r->test->name, 0);
  }
  u32_t made = total;
  u32_t step = faults_max == 0 ? 1 : (total + faults_max - 1) / faults_max;
  for (u32_t n = 1; n <= LWIP_MAX(made, total); n += LWIP_MAX(step, 1)) {
    /* A failed allocation may be tried again, or may have ended the body early. */
    made = run_once(r, n);
    if (made == 0xffffffffU) {
      printf("# %s: when allocation %u of %u fails\n", r->test->name, n, total);
      _fail(r->test->name, 0);
    }
  }
}

static bool is_wanted(const struct packet_test *t, int argc, char **argv)
{
  bool has_names = false;
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "--", 2) != 0) {
      has_names = true;
      if (strstr(t->name, argv[i]) != NULL) {
        return true;
      }
    }
  }
  return !has_names;
}

static size_t plan_test(const struct packet_test *t, struct run *runs)
{
  size_t n = 0;
  for (int framing = 0; framing < FRAMING_COUNT; framing++) {
    bool is_skipped = is_fault_run ? framing > 0 : (t->flags & framing_flag[framing]) != 0;
    if (!is_skipped && !(t->flags & PACKET_NEVER)) {
      struct run *r = &runs[n++];
      r->test = t;
      r->framing = (enum packet_framing)framing;
      snprintf(r->name, sizeof r->name, "%s (%s)", t->name,
               is_fault_run ? "each allocation fails" : framing_name[framing]);
    }
  }
  return n;
}

int packet_main(const struct packet_test *tests, size_t count, int argc, char **argv)
{
  const char *group = strrchr(argv[0], '/') != NULL ? strrchr(argv[0], '/') + 1 : argv[0];
  for (int i = 1; i < argc; i++) {
    is_fault_run = is_fault_run || strncmp(argv[i], "--fault", 7) == 0;
    if (strncmp(argv[i], "--fault=", 8) == 0) {
      faults_max = (u32_t)strtoul(argv[i] + 8, NULL, 10);
    }
  }
  if (is_fault_run && !LWIP_FAULT_INJECTION) {
    printf("1..1\nok 1 # SKIP this build has no LWIP_FAULT_INJECTION\n");
    return 0;
  }
  struct run *runs = calloc(count * FRAMING_COUNT + 1, sizeof *runs);
  struct CMUnitTest *plan = calloc(count * FRAMING_COUNT + 1, sizeof *plan);
  size_t planned = 0;
  for (size_t i = 0; i < count && runs != NULL && plan != NULL; i++) {
    if (is_wanted(&tests[i], argc, argv)) {
      planned += plan_test(&tests[i], runs + planned);
    }
  }
  for (size_t i = 0; i < planned; i++) {
    plan[i].name = runs[i].name;
    plan[i].test_func = is_fault_run ? run_with_faults : run_normally;
    plan[i].initial_state = &runs[i];
  }
  int failed = 0;
  if (planned == 0) {
    printf("1..1\nok 1 # SKIP no test for this mode\n");
  } else {
    failed = _cmocka_run_group_tests(group, plan, planned, NULL, NULL);
  }
  free(plan);
  free(runs);
  return failed;
}
