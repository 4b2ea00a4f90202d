/**
 * @file
 * Reports with source filters (RFC 3376 4.2 and 5.2, RFC 3810 5.2 and 6).
 *
 * They are written twice: first to count the bytes, then into packets of that size, as many as the
 * MTU asks for.
 */
#include <string.h>
#include "lwip/opt.h"
#include "ip/mcast_priv.h"

/** A report being counted, then written. */
struct mcast_writer {
  struct mcast_link *link;
  struct pbuf *p;    /* NULL: no packet begun */
  u32_t num_bytes;   /* counting: of all records; writing: still to come */
  u16_t len;         /* written in `p` */
  u16_t record_at;   /* where in `p` the open record starts */
  u16_t num_records; /* in `p` */
  u16_t num_sources; /* in the open record */
  enum mcast_record_type type;
  struct mcast_group *group;
  bool is_counting;
  bool is_open; /* the record of `type` and `group` is begun */
  bool has_failed;
};

/** Emits the records of one group. */
typedef void (*mcast_emit_fn)(struct mcast_writer *w, struct mcast_group *g);

static u16_t mcast_source_len(const struct mcast_writer *w)
{
  return w->link->family->addr_len;
}

static u16_t mcast_record_len(const struct mcast_writer *w)
{
  return (u16_t)(MCAST_RECORD_LEN + mcast_source_len(w));
}

static u16_t mcast_writer_room(const struct mcast_writer *w)
{
  return (u16_t)(w->p->tot_len - w->len);
}

/** Write down how many sources the open record got. */
static void mcast_writer_close(struct mcast_writer *w)
{
  if (w->is_open && w->p != NULL) {
    mcast_record_build((u8_t *)w->p->payload + w->record_at, w->type, w->num_sources,
                       mcast_group_addr(w->group), w->link->family->addr_len);
  }
  w->is_open = false;
}

static void mcast_writer_flush(struct mcast_writer *w)
{
  mcast_writer_close(w);
  if (w->p != NULL) {
    pbuf_realloc(w->p, w->len);
    w->link->family->report_send(w->link->netif, w->p, w->num_records);
    w->p = NULL;
  }
}

/** A packet for all that is still to come, and for one more record header if a record is split. */
static void mcast_writer_alloc(struct mcast_writer *w)
{
  const struct mcast_family *f = w->link->family;
  u32_t wanted = MCAST_REPORT_LEN + mcast_record_len(w) + w->num_bytes;
  w->p = f->report_alloc((u16_t)LWIP_MIN(wanted, f->report_len_max(w->link->netif)));
  w->has_failed = w->p == NULL;
  w->len = MCAST_REPORT_LEN;
  w->num_records = 0;
}

/** Begin the record, behind the last one if it fits there with one source. */
static void mcast_writer_open(struct mcast_writer *w)
{
  u16_t record_len = mcast_record_len(w);
  if (w->is_counting) {
    w->num_bytes += record_len;
    w->is_open = true;
    return;
  }
  if (w->p != NULL && mcast_writer_room(w) < record_len + mcast_source_len(w)) {
    mcast_writer_flush(w);
  }
  if (w->p == NULL) {
    mcast_writer_alloc(w);
  }
  w->is_open = true;
  w->num_sources = 0;
  w->record_at = w->len;
  w->len = (u16_t)(w->len + record_len);
  w->num_bytes -= record_len;
  w->num_records++;
}

static void mcast_writer_record(struct mcast_writer *w, enum mcast_record_type type,
                                struct mcast_group *group)
{
  mcast_writer_close(w);
  w->type = type;
  w->group = group;
}

/** A source for the present record; mcast_source_fn. */
static void mcast_writer_source(void *arg, const void *source)
{
  struct mcast_writer *w = (struct mcast_writer *)arg;
  u16_t source_len = mcast_source_len(w);
  if (w->has_failed) {
    return;
  }
  if (!w->is_open) {
    mcast_writer_open(w);
  }
  if (w->is_counting) {
    w->num_bytes += source_len;
    return;
  }
  if (w->p != NULL && mcast_writer_room(w) < source_len) {
    if (w->type == MCAST_IS_EXCLUDE || w->type == MCAST_TO_EXCLUDE) {
      return; /* lists of what is unwanted may be cut, not split (RFC 3376 4.2.16) */
    }
    w->num_bytes += mcast_record_len(w); /* the record goes on behind a header nobody counted */
    mcast_writer_flush(w);
    mcast_writer_open(w);
  }
  if (!w->has_failed) {
    memcpy((u8_t *)w->p->payload + w->len, source, source_len);
    w->len = (u16_t)(w->len + source_len);
    w->num_bytes -= source_len;
    w->num_sources++;
  }
}

/** Run `emit` for one group (NULL: for all) to count, then to write and send. */
static void mcast_writer_run(struct mcast_link *link, struct mcast_group *one, mcast_emit_fn emit)
{
  struct mcast_writer w = {.link = link, .is_counting = true};
  for (unsigned pass = 0; pass < 2; pass++) {
    for (struct mcast_group *g = mcast_link_first(link); g != NULL; g = g->next) {
      if (one == NULL || one == g) {
        emit(&w, g);
      }
    }
    w.is_counting = false;
    mcast_writer_flush(&w);
  }
}

/** A record with the group's whole list, present even when that is empty. */
static void mcast_emit_state(struct mcast_writer *w, struct mcast_group *g,
                             enum mcast_record_type include_type,
                             enum mcast_record_type exclude_type)
{
  struct mcast_view now = mcast_view_of(g);
  bool is_include = mcast_view_mode(&now) == MCAST_MODE_INCLUDE;
  mcast_writer_record(w, is_include ? include_type : exclude_type, g);
  if (!w->has_failed) {
    mcast_writer_open(w);
  }
  mcast_view_sources(&now, mcast_writer_source, w);
}

/** A record with those of `num` sources (at `list`, one behind the other) that the group accepts,
    or does not; none: no record. */
static void mcast_emit_chosen(struct mcast_writer *w, struct mcast_group *g,
                              enum mcast_record_type type, const u8_t *list, unsigned num,
                              bool is_accepted)
{
  struct mcast_view now = mcast_view_of(g);
  mcast_writer_record(w, type, g);
  for (unsigned i = 0; i < num; i++, list += mcast_source_len(w)) {
    if (mcast_view_accepts(&now, list) == is_accepted) {
      mcast_writer_source(w, list);
    }
  }
}

/** Its current state, as a query wants it. */
static void mcast_emit_current(struct mcast_writer *w, struct mcast_group *g)
{
  if (mcast_group_is_reported(g)) {
    mcast_emit_state(w, g, MCAST_IS_INCLUDE, MCAST_IS_EXCLUDE);
  }
}

/** INCLUDE (A), asked for B: A*B. EXCLUDE (A): B-A. Both are what is accepted. */
static void mcast_emit_queried(struct mcast_writer *w, struct mcast_group *g)
{
  mcast_emit_chosen(w, g, MCAST_IS_INCLUDE, mcast_pending_queried(g, 0), g->pending.num_queried,
                    true);
}

static void mcast_emit_change(struct mcast_writer *w, struct mcast_group *g)
{
  const struct mcast_pending *p = &g->pending;
  if (p->num_left > 0) {
    mcast_emit_state(w, g, MCAST_TO_INCLUDE, MCAST_TO_EXCLUDE);
  } else {
    const u8_t *changed = mcast_pending_changed(g, 0);
    mcast_emit_chosen(w, g, MCAST_ALLOW_NEW, changed, p->num_changed, true);
    mcast_emit_chosen(w, g, MCAST_BLOCK_OLD, changed, p->num_changed, false);
  }
}

void mcast_send_general(struct mcast_link *link)
{
  mcast_writer_run(link, NULL, mcast_emit_current);
}

void mcast_send_group(struct mcast_group *g)
{
  bool is_whole = g->pending.num_queried == 0;
  mcast_writer_run(g->link, g, is_whole ? mcast_emit_current : mcast_emit_queried);
}

void mcast_send_change(struct mcast_group *g)
{
  mcast_writer_run(g->link, g, mcast_emit_change);
}

void mcast_send_changes(struct mcast_link *link)
{
  mcast_writer_run(link, NULL, mcast_emit_change);
}
