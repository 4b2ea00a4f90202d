/*
 * MLD for tests: queries from a router, and what the stack sends as text, checked to the last byte.
 *
 *     "V1 ff05::1", "DONE ff05::1",
 *     "TO_EX ff05::1 { } ALLOW ff05::2 { 2001:db8::5 2001:db8::6 }" (version 2)
 *
 * What is said about the solicited-node group of our own addresses is left out.
 */
#ifndef MLD6_TEXT_H
#define MLD6_TEXT_H

#include <stdio.h>
#include "packet.h"
#include "packet_text6.h"
#include "lwip/mld6.h"
#include "ip/v6/mld6_module.h"

#define ROUTER    "fe80::fe"
#define OURS      "fe80::ff:fe00:1"
#define SOLICITED "ff02::1:ff00:1"

static inline void mld_text_append(char *text, size_t size, const char *word)
{
  size_t used = strlen(text);
  snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", word);
}

static inline void mld_text_addr(char *out, size_t size, const struct frame *f, size_t at)
{
  get8(f, at + 15); /* it is there */
  packet_text6_print(f->data + at, out, size);
}

static inline void mld_text_v2(char *text, size_t size, struct frame *f, size_t at)
{
  static const char *const names[] = {"?", "IS_IN", "IS_EX", "TO_IN", "TO_EX", "ALLOW", "BLOCK"};
  size_t end = at + ip6_payload_len(f);
  u16_t num_records = get16(f, at + 6);
  char addr[48];
  check_mld2(f, num_records);
  assert_true(num_records > 0);
  at += 8;
  for (u16_t i = 0; i < num_records; i++) {
    u8_t type = get8(f, at);
    u16_t num_sources = get16(f, at + 2);
    char record[4096] = "";
    assert_in_range(type, 1, 6);
    assert_int_equal(get8(f, at + 1), 0);
    mld_text_append(record, sizeof record, names[type]);
    mld_text_addr(addr, sizeof addr, f, at + 4);
    bool is_of_our_address = strcmp(addr, SOLICITED) == 0;
    mld_text_append(record, sizeof record, addr);
    mld_text_append(record, sizeof record, "{");
    at += 20;
    for (u16_t s = 0; s < num_sources; s++, at += 16) {
      mld_text_addr(addr, sizeof addr, f, at);
      mld_text_append(record, sizeof record, addr);
    }
    mld_text_append(record, sizeof record, "}");
    if (!is_of_our_address) {
      mld_text_append(text, size, record);
    }
  }
  assert_int_equal(at, end);
}

static inline void mld_text_v1(char *text, size_t size, struct frame *f, size_t at)
{
  char group[48];
  u8_t type = get8(f, at);
  mld_text_addr(group, sizeof group, f, at + 8);
  check_mld1(f, type, group);
  if (strcmp(group, SOLICITED) != 0) {
    snprintf(text, size, "%s %s", type == T6_MLD1_DONE ? "DONE" : "V1", group);
  }
}

/** The next message that the stack sent, from `src`; "": none. Overwritten by the next call. */
static inline const char *mld_sent_from(const char *src)
{
  static char text[4096];
  text[0] = 0;
  for (struct frame *f = tx(); f != NULL && text[0] == 0; f = text[0] == 0 ? tx() : NULL) {
    size_t at = ip6_payload_at(f);
    u8_t type = get8(f, at);
    if (type == T6_MLD2_REPORT) {
      check_ip6(f, src, "ff02::16", NH_ICMP6);
      mld_text_v2(text, sizeof text, f, at);
    } else if (type < T6_RS || type > T6_REDIRECT) { /* neighbors are not MLD's affair */
      u8_t bytes[16];
      ip6_bytes(src, bytes);
      assert_memory_equal(f->data + IP6_AT + 8, bytes, 16);
      mld_text_v1(text, sizeof text, f, at);
    }
  }
  return text;
}

#define mld_sent()       mld_sent_from(OURS)
#define expect_mld(want) assert_string_equal(mld_sent(), (want))
/** As expect_silence(), reports of our solicited-node group aside. */
#define expect_no_mld() expect_mld("")

static inline err_t join(const char *group)
{
  ip6_addr_t addr = ip6_on(&net, group);
  return mld6_joingroup_netif(&net.netif, &addr);
}

static inline err_t leave(const char *group)
{
  ip6_addr_t addr = ip6_on(&net, group);
  return mld6_leavegroup_netif(&net.netif, &addr);
}

/* What multicast_cases.h and multicast_filter_cases.h speak of. */
#define G1            "ff05::1:1"
#define G2            "ff05::1:2"
#define A             "2001:db8::21"
#define B             "2001:db8::22"
#define C             "fe80::23"
#define ALL_NODES     "ff01::1"
#define NO_SOURCE     "::"
#define GROUP_SOURCE  "ff0e::5"
#define SOURCE(k)     "2001:db8:" #k "::%x" /* many of them */
#define OLD           "V1"
#define OLD_LEAVE     "DONE"
#define OTHER_GROUPS  1 /* that are reported, besides those of the test */
#define HAS_FILTERS   LWIP_MLD_V2
#define DROP_UNWANTED DROP_IP6_NOT_FOR_US

#define report_sent()       mld_sent()
#define expect_report(want) expect_mld(want)
#define expect_no_report()  expect_no_mld()

static inline void up(void)
{
  net6_up();
}

static inline struct frame query(const char *group, u8_t tenths, u8_t qrv, const char *sources)
{
  return mld2_query(ROUTER, group != NULL ? group : "ff02::1", (u16_t)(tenths * 100),
                    group != NULL ? group : "::", qrv, 125, sources);
}

/** A general one. */
static inline struct frame old_query(void)
{
  return mld1(ROUTER, T6_MLD_QUERY, 1000, "::");
}

static inline struct frame old_report(const char *group)
{
  return mld1("fe80::2", T6_MLD1_REPORT, 0, group);
}

static inline struct frame datagram_to(const char *group, const char *src, const char *letter)
{
  return udp6(src, 1, group, 7000, letter, 1);
}

/** Is it in memory, joined or still being left? */
static inline bool has_entry(const char *group)
{
  ip6_addr_t addr = ip6_on(&net, group);
  struct mld_group *g = netif_mld6_data(&net.netif);
  while (g != NULL && !ip6_addr_eq(&g->group_address, &addr)) {
    g = g->next;
  }
  return g != NULL;
}

static inline bool accepts(const char *group, const char *source)
{
  ip6_addr_t addr = ip6_on(&net, group), src = ip6_on(&net, source);
  return mld6_accepts(&net.netif, &addr, &src);
}

static inline void stop(void)
{
  mld6_stop(&net.netif);
}

#endif /* MLD6_TEXT_H */
