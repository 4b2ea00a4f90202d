/*
 * IGMP for tests: queries from a router, and what the stack sends as text, checked to the last
 * byte.
 *
 *     "V1 239.1.1.1", "V2 239.1.1.1", "LEAVE 239.1.1.1",
 *     "TO_EX 239.1.1.1 { } ALLOW 239.1.1.2 { 1.2.3.4 1.2.3.5 }" (version 3)
 */
#ifndef IGMP_TEXT_H
#define IGMP_TEXT_H

#include <stdio.h>
#include "packet.h"
#include "lwip/igmp.h"
#include "lwip/prot/igmp.h"
#include "ip/v4/igmp_module.h"

#define ROUTER "10.0.0.254"

static inline void igmp_text_addr(char *out, size_t size, const struct frame *f, size_t at)
{
  snprintf(out, size, "%u.%u.%u.%u", (unsigned)get8(f, at), (unsigned)get8(f, at + 1),
           (unsigned)get8(f, at + 2), (unsigned)get8(f, at + 3));
}

static inline void igmp_text_append(char *text, size_t size, const char *word)
{
  size_t used = strlen(text);
  snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", word);
}

static inline void igmp_text_v3(char *text, size_t size, struct frame *f, size_t at, size_t len)
{
  static const char *const names[] = {"?", "IS_IN", "IS_EX", "TO_IN", "TO_EX", "ALLOW", "BLOCK"};
  size_t end = at + len;
  u16_t num_records = get16(f, at + 6);
  char addr[16];
  check_ip4(f, "10.0.0.1", "224.0.0.22", IP_PROTO_IGMP);
  at += 8;
  for (u16_t i = 0; i < num_records; i++) {
    u8_t type = get8(f, at);
    u16_t num_sources = get16(f, at + 2);
    assert_in_range(type, 1, 6);
    assert_int_equal(get8(f, at + 1), 0);
    igmp_text_append(text, size, names[type]);
    igmp_text_addr(addr, sizeof addr, f, at + 4);
    igmp_text_append(text, size, addr);
    igmp_text_append(text, size, "{");
    at += 8;
    for (u16_t s = 0; s < num_sources; s++, at += 4) {
      igmp_text_addr(addr, sizeof addr, f, at);
      igmp_text_append(text, size, addr);
    }
    igmp_text_append(text, size, "}");
  }
  assert_int_equal(at, end);
}

/** The next message that the stack sent; "" if there is none. Overwritten by the next call. */
static inline const char *igmp_sent(void)
{
  static char text[4096];
  char group[16];
  struct frame *f = tx();
  text[0] = 0;
  if (f == NULL) {
    return text;
  }
  size_t at = ip4_payload_at(f);
  check_igmp(f, get8(f, at));
  assert_int_equal(get8(f, 15), 0xc0); /* RFC 3376 4 */
  igmp_text_addr(group, sizeof group, f, at + 4);
  switch (get8(f, at)) {
  case IGMP_V1_MEMB_REPORT:
  case IGMP_V2_MEMB_REPORT:
    check_ip4(f, "10.0.0.1", group, IP_PROTO_IGMP);
    snprintf(text, sizeof text, "V%u %s", get8(f, at) == IGMP_V1_MEMB_REPORT ? 1U : 2U, group);
    break;
  case IGMP_LEAVE_GROUP:
    check_ip4(f, "10.0.0.1", "224.0.0.2", IP_PROTO_IGMP);
    snprintf(text, sizeof text, "LEAVE %s", group);
    break;
  default:
    assert_int_equal(get8(f, at), 0x22);
    igmp_text_v3(text, sizeof text, f, at, ip4_payload_len(f));
    break;
  }
  return text;
}

#define expect_igmp(want) assert_string_equal(igmp_sent(), (want))

/** A query of version 1 (code 0) or 2; group NULL: general. */
static inline struct frame igmp_query(const char *dst, const char *group, u8_t code)
{
  u8_t m[8] = {IGMP_MEMB_QUERY, code};
  if (group != NULL) {
    ip4_addr_t addr = ip4_of(group);
    memcpy(m + 4, &addr, 4);
  }
  return igmp4(ROUTER, dst, m, sizeof m);
}

/** A query of version 3 from `src`; `sources` are separated by spaces. */
static inline struct frame igmp_query_v3(const char *dst, const char *group, u8_t code, u8_t qrv,
                                         u8_t qqic, const char *sources)
{
  u8_t m[12 + 4 * 64] = {IGMP_MEMB_QUERY, code};
  char list[1024], *rest = list;
  u8_t num = 0;
  if (group != NULL) {
    ip4_addr_t addr = ip4_of(group);
    memcpy(m + 4, &addr, 4);
  }
  m[8] = qrv;
  m[9] = qqic;
  snprintf(list, sizeof list, "%s", sources);
  for (char *s = strtok_r(list, " ", &rest); s != NULL; s = strtok_r(NULL, " ", &rest)) {
    ip4_addr_t addr = ip4_of(s);
    memcpy(m + 12 + 4 * num, &addr, 4);
    num++;
  }
  m[11] = num;
  return igmp4(ROUTER, dst, m, 12 + 4U * num);
}

static inline err_t join(const char *group)
{
  ip4_addr_t addr = ip4_of(group);
  return igmp_joingroup_netif(&net.netif, &addr);
}

static inline err_t leave(const char *group)
{
  ip4_addr_t addr = ip4_of(group);
  return igmp_leavegroup_netif(&net.netif, &addr);
}

/* What multicast_cases.h and multicast_filter_cases.h speak of. */
#define G1            "239.1.1.1"
#define G2            "239.1.1.2"
#define A             "10.0.0.21"
#define B             "10.0.0.22"
#define C             "10.0.0.23"
#define ALL_NODES     "224.0.0.1"
#define NO_SOURCE     "0.0.0.0"
#define GROUP_SOURCE  "224.0.0.5"
#define SOURCE(k)     "10." #k ".0.%u" /* many of them */
#define OLD           "V2"
#define OLD_LEAVE     "LEAVE"
#define OTHER_GROUPS  0 /* that are reported, besides those of the test */
#define HAS_FILTERS   LWIP_IGMP_V3
#define DROP_UNWANTED DROP_IP4_NOT_FOR_US

#define report_sent()       igmp_sent()
#define expect_report(want) expect_igmp(want)
#define expect_no_report()  expect_silence()

static inline void up(void)
{
}

static inline struct frame query(const char *group, u8_t tenths, u8_t qrv, const char *sources)
{
  return igmp_query_v3(group != NULL ? group : ALL_NODES, group, tenths, qrv, 125, sources);
}

/** A general one. */
static inline struct frame old_query(void)
{
  return igmp_query(ALL_NODES, NULL, 10);
}

static inline struct frame old_report(const char *group)
{
  u8_t m[8] = {IGMP_V2_MEMB_REPORT};
  ip4_addr_t addr = ip4_of(group);
  memcpy(m + 4, &addr, 4);
  return igmp4("10.0.0.2", group, m, sizeof m);
}

static inline struct frame datagram_to(const char *group, const char *src, const char *letter)
{
  return udp4(src, 1, group, 7000, letter, 1);
}

/** Is it in memory, joined or still being left? */
static inline bool has_entry(const char *group)
{
  ip4_addr_t addr = ip4_of(group);
  struct igmp_group *g = netif_igmp_data(&net.netif);
  while (g != NULL && !ip4_addr_eq(&g->group_address, &addr)) {
    g = g->next;
  }
  return g != NULL;
}

static inline bool accepts(const char *group, const char *source)
{
  ip4_addr_t addr = ip4_of(group), src = ip4_of(source);
  return igmp_accepts(&net.netif, &addr, &src);
}

static inline void stop(void)
{
  igmp_stop(&net.netif);
}

#endif /* IGMP_TEXT_H */
