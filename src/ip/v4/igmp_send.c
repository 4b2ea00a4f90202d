/**
 * @file
 * IGMP messages that go out (RFC 3376 4.2, 5.2; RFC 2236 3; RFC 1112 appendix I).
 *
 * Reports of version 3 are written twice: first to count the bytes, then into packets of that size,
 * as many as the MTU asks for. Every message has TTL 1, precedence "internetwork control" and the
 * router alert option (RFC 3376 4, RFC 2113).
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "ip/v4/igmp_priv.h"
#include "wire/bytes.h"
#include "wire/igmp.h"

#if LWIP_IPV4 && LWIP_IGMP

#define IGMP_TOS         0xc0U
#define IGMP_CHECKSUM_AT 2

/** The smallest MTU there is (RFC 791), and what is assumed of links that tell none. */
#define IGMP_MTU_MIN     68
#define IGMP_MTU_DEFAULT 576

/** A report being counted, then written. */
struct igmp_writer {
  struct netif *netif;
  struct pbuf *p;    /* NULL: no packet begun */
  u32_t num_bytes;   /* counting: of all records; writing: still to come */
  u16_t len;         /* written in `p` */
  u16_t record_at;   /* where in `p` the open record starts */
  u16_t num_records; /* in `p` */
  u16_t num_sources; /* in the open record */
  enum igmp_record_type type;
  u32_t group;
  bool is_counting;
  bool is_open; /* the record of `type` and `group` is begun */
  bool has_failed;
};

typedef void (*igmp_emit_fn)(struct igmp_writer *w, struct igmp_group *g);

/** Send a message, which may be shorter than `p` was made. Takes `p`. */
static void igmp_output(struct netif *netif, struct pbuf *p, u16_t len, u32_t dst)
{
  u8_t router_alert[ROUTER_ALERTLEN] = {ROUTER_ALERT >> 8, ROUTER_ALERT & 0xff, 0, 0};
  ip4_addr_t to;
  ip4_addr_set_u32(&to, dst);
  pbuf_realloc(p, len);
  u16_t checksum = inet_chksum_pbuf(p);
  memcpy((u8_t *)p->payload + IGMP_CHECKSUM_AT, &checksum, sizeof checksum);
  IGMP_STATS_INC(igmp.xmit);
  /* The source may be 0.0.0.0 before there is an address (RFC 3376 4.2.13). */
  ip4_output_if_opt_src(p, netif_ip4_addr(netif), &to, IGMP_TTL, IGMP_TOS, IP_PROTO_IGMP, netif,
                        router_alert, sizeof router_alert);
  pbuf_free(p);
}

/** Room for a message of `len` bytes and all headers, router alert included. */
static struct pbuf *igmp_alloc(u16_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
  if (p == NULL) {
    drop(NULL, DROP_IGMP_NO_MEMORY);
  }
  return p;
}

static void igmp_send_simple(struct netif *netif, u8_t type, u32_t group, u32_t dst)
{
  struct pbuf *p = igmp_alloc(IGMP_HEADER_LEN);
  if (p != NULL) {
    igmp_build((u8_t *)p->payload, type, group);
    igmp_output(netif, p, IGMP_HEADER_LEN, dst);
  }
}

void igmp_send_report(struct igmp_group *g)
{
  u32_t group = ip4_addr_get_u32(&g->group_address);
  bool is_v1 = igmp_version(netif_igmp_data(g->netif)) == 1;
  IGMP_STATS_INC(igmp.tx_report);
  g->last_reporter_flag = 1;
  igmp_send_simple(g->netif, is_v1 ? IGMP_V1_MEMB_REPORT : IGMP_V2_MEMB_REPORT, group, group);
}

void igmp_send_leave(struct igmp_group *g)
{
  IGMP_STATS_INC(igmp.tx_leave);
  igmp_send_simple(g->netif, IGMP_LEAVE_GROUP, ip4_addr_get_u32(&g->group_address),
                   IGMP_ALL_ROUTERS);
}

/** Longest report that fits the link. */
static u16_t igmp_report_len_max(const struct netif *netif)
{
  u16_t mtu = netif->mtu != 0 ? netif->mtu : IGMP_MTU_DEFAULT;
  return (u16_t)(LWIP_MAX(mtu, IGMP_MTU_MIN) - IP_HLEN - ROUTER_ALERTLEN);
}

/** Write down how many sources the open record got. */
static void igmp_writer_close(struct igmp_writer *w)
{
  if (w->is_open && w->p != NULL) {
    igmp_record_build((u8_t *)w->p->payload + w->record_at, w->type, w->num_sources, w->group);
  }
  w->is_open = false;
}

static void igmp_writer_flush(struct igmp_writer *w)
{
  igmp_writer_close(w);
  if (w->p != NULL) {
    igmp_v3_report_build((u8_t *)w->p->payload, w->num_records);
    IGMP_STATS_INC(igmp.tx_report);
    igmp_output(w->netif, w->p, w->len, IGMP_V3_ALL_ROUTERS);
    w->p = NULL;
  }
}

/** A packet for all that is still to come, and for one more record header if a record is split. */
static void igmp_writer_alloc(struct igmp_writer *w)
{
  u32_t wanted = IGMP_HEADER_LEN + IGMP_RECORD_LEN + w->num_bytes;
  w->p = igmp_alloc((u16_t)LWIP_MIN(wanted, igmp_report_len_max(w->netif)));
  w->has_failed = w->p == NULL;
  w->len = IGMP_HEADER_LEN;
  w->num_records = 0;
}

/** Begin the record, behind the last one if it fits there with one source. */
static void igmp_writer_open(struct igmp_writer *w)
{
  if (w->is_counting) {
    w->num_bytes += IGMP_RECORD_LEN;
    w->is_open = true;
    return;
  }
  if (w->p != NULL && w->p->tot_len - w->len < IGMP_RECORD_LEN + IGMP_SOURCE_LEN) {
    igmp_writer_flush(w);
  }
  if (w->p == NULL) {
    igmp_writer_alloc(w);
  }
  w->is_open = true;
  w->num_sources = 0;
  w->record_at = w->len;
  w->len = (u16_t)(w->len + IGMP_RECORD_LEN);
  w->num_bytes -= IGMP_RECORD_LEN;
  w->num_records++;
}

static void igmp_writer_record(struct igmp_writer *w, enum igmp_record_type type, u32_t group)
{
  igmp_writer_close(w);
  w->type = type;
  w->group = group;
}

/** A source for the present record; igmp_source_fn. */
static void igmp_writer_source(void *arg, const ip4_addr_t *source)
{
  struct igmp_writer *w = (struct igmp_writer *)arg;
  if (w->has_failed) {
    return;
  }
  if (!w->is_open) {
    igmp_writer_open(w);
  }
  if (w->is_counting) {
    w->num_bytes += IGMP_SOURCE_LEN;
    return;
  }
  if (w->p != NULL && w->p->tot_len - w->len < IGMP_SOURCE_LEN) {
    if (w->type == IGMP_IS_EXCLUDE || w->type == IGMP_TO_EXCLUDE) {
      return; /* lists of what is unwanted may be cut, not split (RFC 3376 4.2.16) */
    }
    w->num_bytes += IGMP_RECORD_LEN; /* the record goes on behind a header that nobody counted */
    igmp_writer_flush(w);
    igmp_writer_open(w);
  }
  if (!w->has_failed) {
    memcpy((u8_t *)w->p->payload + w->len, source, IGMP_SOURCE_LEN);
    w->len = (u16_t)(w->len + IGMP_SOURCE_LEN);
    w->num_bytes -= IGMP_SOURCE_LEN;
    w->num_sources++;
  }
}

/** Run `emit` to count, then to write and send. */
static void igmp_writer_run(struct igmp_group *g, igmp_emit_fn emit)
{
  struct igmp_writer w = {.netif = g->netif, .is_counting = true};
  emit(&w, g);
  w.is_counting = false;
  w.is_open = false;
  emit(&w, g);
  igmp_writer_flush(&w);
}

/** A record with the group's whole list, present even when that is empty. */
static void igmp_emit_state(struct igmp_writer *w, const struct igmp_group *g,
                            enum igmp_record_type include_type, enum igmp_record_type exclude_type)
{
  struct igmp_view now = igmp_view_of(g);
  bool is_include = igmp_view_mode(&now) == MCAST_MODE_INCLUDE;
  igmp_writer_record(w, is_include ? include_type : exclude_type,
                     ip4_addr_get_u32(&g->group_address));
  if (!w->has_failed) {
    igmp_writer_open(w);
  }
  igmp_view_sources(&now, igmp_writer_source, w);
}

/** A record with those sources of a list that the group accepts, or does not; none: no record. */
static void igmp_emit_chosen(struct igmp_writer *w, const struct igmp_group *g,
                             enum igmp_record_type type, const ip4_addr_t *list, unsigned num,
                             bool is_accepted)
{
  struct igmp_view now = igmp_view_of(g);
  igmp_writer_record(w, type, ip4_addr_get_u32(&g->group_address));
  for (unsigned i = 0; i < num; i++) {
    if (igmp_view_accepts(&now, &list[i]) == is_accepted) {
      igmp_writer_source(w, &list[i]);
    }
  }
}

static void igmp_emit_general(struct igmp_writer *w, struct igmp_group *all)
{
  for (struct igmp_group *g = all->next; g != NULL; g = g->next) {
    if (igmp_has_members(g)) {
      igmp_emit_state(w, g, IGMP_IS_INCLUDE, IGMP_IS_EXCLUDE);
    }
  }
}

static void igmp_emit_group(struct igmp_writer *w, struct igmp_group *g)
{
  if (g->pending.num_queried == 0) {
    igmp_emit_state(w, g, IGMP_IS_INCLUDE, IGMP_IS_EXCLUDE);
  } else {
    /* INCLUDE (A), asked for B: A*B. EXCLUDE (A): B-A. Both are what is accepted. */
    igmp_emit_chosen(w, g, IGMP_IS_INCLUDE, g->pending.queried, g->pending.num_queried, true);
  }
}

static void igmp_emit_change(struct igmp_writer *w, struct igmp_group *g)
{
  const struct igmp_pending *p = &g->pending;
  if (p->num_left > 0) {
    igmp_emit_state(w, g, IGMP_TO_INCLUDE, IGMP_TO_EXCLUDE);
  } else {
    igmp_emit_chosen(w, g, IGMP_ALLOW_NEW, p->changed, p->num_changed, true);
    igmp_emit_chosen(w, g, IGMP_BLOCK_OLD, p->changed, p->num_changed, false);
  }
}

static void igmp_emit_changes(struct igmp_writer *w, struct igmp_group *all)
{
  for (struct igmp_group *g = all->next; g != NULL; g = g->next) {
    if (!igmp_pending_is_empty(g)) {
      igmp_emit_change(w, g);
    }
  }
}

void igmp_send_v3_general(struct igmp_group *all)
{
  igmp_writer_run(all, igmp_emit_general);
}

void igmp_send_v3_group(struct igmp_group *g)
{
  igmp_writer_run(g, igmp_emit_group);
}

void igmp_send_v3_change(struct igmp_group *g)
{
  igmp_writer_run(g, igmp_emit_change);
}

void igmp_send_v3_changes(struct igmp_group *all)
{
  igmp_writer_run(all, igmp_emit_changes);
}

#endif /* LWIP_IPV4 && LWIP_IGMP */
