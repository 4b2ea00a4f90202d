/**
 * @file
 * A bad line in software (port/impair.h).
 *
 * A frame meets, in this order: loss, corruption, duplication; the transmitter with its queue and
 * the delay (`waiting`, in order of time); being overtaken (`held`). Both lists are served by one
 * timer of the stack.
 */
#include <stdlib.h>
#include <string.h>
#include "lwip/def.h"
#include "gossamer/timer.h"
#include "port/clock.h"
#include "port/impair.h"

#define IMPAIR_QUEUE_BYTES 65536U
#define IMPAIR_HOLD_US     2000U /* nobody overtakes: the frame goes on all the same */
#define IMPAIR_OVERTAKERS  4U
#define IMPAIR_PPM         1000000U

struct impair_item {
  struct impair_item *next;
  u64_t due_us;
  unsigned to_pass; /* held: frames that are still to overtake it */
  u16_t len;
  u8_t data[];
};

struct impair_list {
  struct impair_item *first;
  struct impair_item **end; /* NULL: never used */
};

struct impair {
  struct impair_settings s;
  struct impair_counters count;
  impair_fn deliver;
  void *arg;
  u64_t loss, duplicate, corrupt, reorder; /* states of random streams */
  u64_t free_us;                           /* when the transmitter has sent all there is */
  struct impair_list waiting;
  struct impair_list held;
  struct timer timer;
};

static u64_t random_next(u64_t *state)
{
  u64_t z = (*state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/** Draws whether or not it can hit, so that the stream depends on the number of frames alone. */
static bool random_hits(u64_t *state, u32_t ppm)
{
  return random_next(state) % IMPAIR_PPM < ppm;
}

/* --- lists --- */

static void list_append(struct impair_list *list, struct impair_item *item)
{
  if (list->end == NULL || list->first == NULL) {
    list->end = &list->first;
  }
  item->next = NULL;
  *list->end = item;
  list->end = &item->next;
}

static struct impair_item *list_take(struct impair_list *list, struct impair_item **link)
{
  struct impair_item *item = *link;
  *link = item->next;
  if (list->end == &item->next) {
    list->end = link;
  }
  return item;
}

static void list_free(struct impair_list *list)
{
  while (list->first != NULL) {
    free(list_take(list, &list->first));
  }
}

static struct impair_item *item_new(const u8_t *frame, u16_t len)
{
  struct impair_item *item = (struct impair_item *)malloc(sizeof *item + len);
  if (item != NULL) {
    memcpy(item->data, frame, len);
    item->len = len;
  }
  return item;
}

/* --- out --- */

static void timer_fired(struct timer *t);

static void timer_update(struct impair *line)
{
  u64_t now_us = sys_now_us();
  u64_t due_us = line->waiting.first != NULL ? line->waiting.first->due_us : UINT64_MAX;
  for (const struct impair_item *h = line->held.first; h != NULL; h = h->next) {
    due_us = LWIP_MIN(due_us, h->due_us);
  }
  if (due_us == UINT64_MAX) {
    timer_cancel(&line->timer);
  } else {
    u64_t left_ms = due_us <= now_us ? 0 : (due_us - now_us + 999) / 1000;
    timer_set(&line->timer, timer_fired, (u32_t)LWIP_MIN(left_ms, (u64_t)TIMER_DELAY_MS_MAX));
  }
}

/** One frame has overtaken the held ones: those that have waited enough go on. */
static void held_pass(struct impair *line)
{
  struct impair_list ready = {0};
  for (struct impair_item **link = &line->held.first; *link != NULL;) {
    if (--(*link)->to_pass == 0) {
      list_append(&ready, list_take(&line->held, link));
    } else {
      link = &(*link)->next;
    }
  }
  while (ready.first != NULL) {
    struct impair_item *item = list_take(&ready, &ready.first);
    line->deliver(line->arg, item->data, item->len);
    free(item);
  }
}

static void arrive(struct impair *line, u8_t *frame, u16_t len)
{
  bool is_late = random_hits(&line->reorder, line->s.reorder_ppm);
  unsigned to_pass = 1 + (unsigned)(random_next(&line->reorder) % IMPAIR_OVERTAKERS);
  struct impair_item *item = is_late ? item_new(frame, len) : NULL;
  if (item != NULL) {
    item->to_pass = to_pass;
    item->due_us = sys_now_us() + IMPAIR_HOLD_US;
    list_append(&line->held, item);
    line->count.reordered++;
    timer_update(line);
    return;
  }
  line->deliver(line->arg, frame, len);
  held_pass(line);
}

static void timer_fired(struct timer *t)
{
  struct impair *line = TIMER_OWNER(t, struct impair, timer);
  u64_t now_us = sys_now_us();
  while (line->held.first != NULL && line->held.first->due_us <= now_us) {
    struct impair_item *item = list_take(&line->held, &line->held.first);
    line->deliver(line->arg, item->data, item->len);
    free(item);
  }
  while (line->waiting.first != NULL && line->waiting.first->due_us <= now_us) {
    struct impair_item *item = list_take(&line->waiting, &line->waiting.first);
    arrive(line, item->data, item->len);
    free(item);
  }
  timer_update(line);
}

/* --- in --- */

/** Bytes that are not sent yet. */
static u64_t queued_bytes(const struct impair *line, u64_t now_us)
{
  return line->free_us <= now_us ? 0 : (line->free_us - now_us) * line->s.rate_bps / 8000000;
}

/** Through the transmitter and along the line. */
static void send(struct impair *line, u8_t *frame, u16_t len)
{
  if (line->s.rate_bps == 0 && line->s.delay_us == 0) {
    arrive(line, frame, len);
    return;
  }
  u64_t now_us = sys_now_us();
  u32_t room = line->s.queue_bytes != 0 ? line->s.queue_bytes : IMPAIR_QUEUE_BYTES;
  bool is_full = line->free_us > now_us && queued_bytes(line, now_us) + len > room;
  struct impair_item *item = is_full ? NULL : item_new(frame, len);
  if (item == NULL) {
    line->count.queue_full++;
    return;
  }
  u64_t sending_us = line->s.rate_bps == 0 ? 0 : (u64_t)len * 8 * 1000000 / line->s.rate_bps;
  line->free_us = LWIP_MAX(line->free_us, now_us) + sending_us;
  item->due_us = line->free_us + line->s.delay_us;
  bool was_empty = line->waiting.first == NULL;
  list_append(&line->waiting, item);
  if (was_empty) {
    timer_update(line);
  }
}

void impair_frame(struct impair *line, u8_t *frame, u16_t len)
{
  bool is_lost = random_hits(&line->loss, line->s.loss_ppm);
  bool is_twice = random_hits(&line->duplicate, line->s.duplicate_ppm);
  bool is_altered = random_hits(&line->corrupt, line->s.corrupt_ppm);
  u64_t bit = random_next(&line->corrupt) % ((u64_t)LWIP_MAX(len, 1) * 8);
  line->count.frames++;
  if (is_lost || len == 0) {
    line->count.lost++;
    return;
  }
  if (is_twice) {
    u8_t again[2048];
    u16_t again_len = (u16_t)LWIP_MIN(len, sizeof again);
    memcpy(again, frame, again_len);
    line->count.duplicated++;
    send(line, again, again_len);
  }
  if (is_altered) {
    frame[bit / 8] ^= (u8_t)(1U << (bit % 8));
    line->count.corrupted++;
  }
  send(line, frame, len);
}

/* --- life --- */

struct impair *impair_new(const struct impair_settings *settings, impair_fn deliver, void *arg)
{
  struct impair *line = (struct impair *)calloc(1, sizeof *line);
  if (line == NULL) {
    return NULL;
  }
  u64_t seed = settings->seed;
  line->s = *settings;
  line->deliver = deliver;
  line->arg = arg;
  line->loss = random_next(&seed);
  line->duplicate = random_next(&seed);
  line->corrupt = random_next(&seed);
  line->reorder = random_next(&seed);
  return line;
}

void impair_free(struct impair *line)
{
  if (line != NULL) {
    timer_cancel(&line->timer);
    list_free(&line->waiting);
    list_free(&line->held);
    free(line);
  }
}

const struct impair_counters *impair_counters(const struct impair *line)
{
  static const struct impair_counters none = {0};
  return line != NULL ? &line->count : &none;
}

/* --- options --- */

/** A number that is not negative, and what stands behind it. */
static bool parse_number(const char *text, double *number, const char **unit)
{
  char *end;
  *number = strtod(text, &end);
  *unit = end;
  return end != text && *number >= 0 && *number < 1e15;
}

static bool parse_percent(const char *text, u32_t *ppm)
{
  const char *unit;
  double number;
  if (!parse_number(text, &number, &unit) || number > 100 || strcmp(unit, "%") != 0) {
    return false;
  }
  *ppm = (u32_t)(number * 10000 + 0.5);
  return true;
}

static bool parse_time(const char *text, double share, u32_t *us)
{
  const char *unit;
  double number;
  if (!parse_number(text, &number, &unit)) {
    return false;
  }
  double factor = strcmp(unit, "us") == 0 ? 1 : strcmp(unit, "ms") == 0 ? 1e3 : 1e6;
  if ((factor == 1e6 && strcmp(unit, "s") != 0) || number * factor > 6e7) {
    return false;
  }
  *us = (u32_t)(number * factor * share + 0.5);
  return true;
}

/** "64k", "10M", "1G"; a "bit" or "bit/s" behind it changes nothing. */
static bool parse_amount(const char *text, double step, double max, u64_t *amount)
{
  static const char *const steps = "kMG";
  const char *unit;
  double number;
  if (!parse_number(text, &number, &unit)) {
    return false;
  }
  const char *power = *unit != '\0' ? strchr(steps, *unit == 'K' ? 'k' : *unit) : NULL;
  for (int i = 0; power != NULL && i <= power - steps; i++) {
    number *= step;
  }
  unit += power != NULL ? 1 : 0;
  bool is_right = *unit == '\0' || strcmp(unit, "bit") == 0 || strcmp(unit, "bit/s") == 0;
  *amount = (u64_t)number;
  return is_right && number <= max;
}

int impair_option(struct impair_settings *s, const char *name, const char *value)
{
  const struct {
    const char *name;
    u32_t *ppm;
  } chances[] = {{"loss", &s->loss_ppm},
                 {"duplicate", &s->duplicate_ppm},
                 {"corrupt", &s->corrupt_ppm},
                 {"reorder", &s->reorder_ppm}};
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(chances); i++) {
    if (strcmp(name, chances[i].name) == 0) {
      return parse_percent(value, chances[i].ppm) ? 1 : -1;
    }
  }
  u64_t amount = 0;
  if (strcmp(name, "delay") == 0 || strcmp(name, "rtt") == 0) {
    return parse_time(value, name[0] == 'r' ? 0.5 : 1, &s->delay_us) ? 1 : -1;
  }
  if (strcmp(name, "rate") == 0) {
    return parse_amount(value, 1000, 1e12, &s->rate_bps) ? 1 : -1;
  }
  if (strcmp(name, "queue") == 0) {
    bool is_right = parse_amount(value, 1024, UINT32_MAX, &amount);
    s->queue_bytes = (u32_t)amount;
    return is_right ? 1 : -1;
  }
  if (strcmp(name, "seed") == 0) {
    return parse_amount(value, 1000, 1e15, &s->seed) ? 1 : -1;
  }
  return 0;
}
