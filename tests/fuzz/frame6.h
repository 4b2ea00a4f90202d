/**
 * @file
 * The IPv6 half of fuzz_frame.c: neighbors that answer, checks of what is sent, frames made valid.
 *
 * Peers are fe80::<n> and 2001:db8:<k>::<n>, we are fe80::ff:fe00:<k>01 and 2001:db8:<k>::1.
 */
#ifndef FUZZ_FRAME6_H
#define FUZZ_FRAME6_H

#include "common.h"

#define NS6_REPLY_LEN (14 + 40 + 32)

/** Where things are behind the Ethernet header. */
enum { IP6_SRC = 8, IP6_DST = 24, IP6_END = 40 };

static inline u16_t frame6_get16(const u8_t *b)
{
  return (u16_t)(b[0] << 8 | b[1]);
}

static inline void frame6_put16(u8_t *b, u16_t v)
{
  b[0] = (u8_t)(v >> 8);
  b[1] = (u8_t)v;
}

/** fe80::ff:fe00:<k>01 */
static inline void frame6_linklocal(u8_t out[16], u8_t k)
{
  const u8_t addr[16] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, k, 1};
  memcpy(out, addr, 16);
}

/** 2001:db8:<k>::<n> */
static inline void frame6_global(u8_t out[16], u8_t k, u8_t n)
{
  const u8_t addr[16] = {0x20, 1, 0x0d, 0xb8, 0, k, 0, 0, 0, 0, 0, 0, 0, 0, 0, n};
  memcpy(out, addr, 16);
}

static inline bool frame6_is_ours(const u8_t addr[16], u8_t k)
{
  u8_t linklocal[16], global[16];
  frame6_linklocal(linklocal, k);
  frame6_global(global, k, 1);
  return memcmp(addr, linklocal, 16) == 0 || memcmp(addr, global, 16) == 0;
}

static inline bool frame6_is_peer(const u8_t addr[16], u8_t k)
{
  static const u8_t linklocal[15] = {0xfe, 0x80};
  u8_t global[16];
  frame6_global(global, k, 0);
  return addr[15] >= 2 && addr[15] <= 250 &&
         (memcmp(addr, linklocal, 15) == 0 || memcmp(addr, global, 15) == 0);
}

/** The transport checksum's complement over pseudo-header and message: 0 is right. */
static inline u16_t frame6_sum(const u8_t *ip, u8_t proto, const u8_t *m, size_t len)
{
  u32_t pseudo = proto + (u32_t)len;
  for (int i = IP6_SRC; i < IP6_END; i += 2) {
    pseudo += frame6_get16(ip + i);
  }
  return reference_checksum(m, len, pseudo);
}

/** Behind hop-by-hop, routing and destination headers. @return type of what stands at `*at` */
static inline u8_t frame6_payload(const u8_t *ip, size_t len, size_t *at)
{
  u8_t type = ip[6];
  *at = IP6_END;
  while ((type == 0 || type == 43 || type == 60) && *at + 8 <= len) {
    size_t header_len = 8 + 8 * (size_t)ip[*at + 1];
    if (header_len > len - *at) {
      break;
    }
    type = ip[*at];
    *at += header_len;
  }
  return type;
}

/** An answer to a neighbor solicitation in `f`, NS6_REPLY_LEN bytes. False: it is none for a peer.
 */
static inline bool frame6_answer_ns(u8_t *reply, const u8_t *f, size_t len, u8_t k)
{
  static const u8_t nobody[16];
  const u8_t *ip = f + 14;
  if (len < 14 + IP6_END + 24 || frame6_get16(f + 12) != 0x86dd || ip[6] != 58 ||
      ip[IP6_END] != 135 || memcmp(ip + IP6_SRC, nobody, 16) == 0 ||
      !frame6_is_peer(ip + IP6_END + 8, k)) {
    return false;
  }
  const u8_t *target = ip + IP6_END + 8;
  const u8_t mac[6] = {2, 0, 0, 0, k, target[15]};
  u8_t *r = reply + 14;
  memset(reply, 0, NS6_REPLY_LEN);
  memcpy(reply, f + 6, 6);
  memcpy(reply + 6, mac, 6);
  memcpy(reply + 12, f + 12, 3);
  frame6_put16(r + 4, 32);
  r[6] = 58;
  r[7] = 255;
  memcpy(r + IP6_SRC, target, 16);
  memcpy(r + IP6_DST, ip + IP6_SRC, 16);
  r[IP6_END] = 136;
  r[IP6_END + 4] = 0x60;
  memcpy(r + IP6_END + 8, target, 16);
  r[IP6_END + 24] = 2;
  r[IP6_END + 25] = 1;
  memcpy(r + IP6_END + 26, mac, 6);
  frame6_put16(r + IP6_END + 2, frame6_sum(r, 58, r + IP6_END, 32));
  return true;
}

/** What never may leave (RFC 4291 2.5.2, 2.5.3, 2.7; RFC 4007 4). */
static inline void frame6_check_addresses(const u8_t *ip)
{
  static const u8_t loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  static const u8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  for (int at = IP6_SRC; at <= IP6_DST; at += IP6_DST - IP6_SRC) {
    FUZZ_ASSERT(memcmp(ip + at, loopback, 16) != 0);
    FUZZ_ASSERT(memcmp(ip + at, mapped, 12) != 0);
  }
  FUZZ_ASSERT(ip[IP6_SRC] != 0xff);
  FUZZ_ASSERT(ip[IP6_DST] != 0xff || (ip[IP6_DST + 1] & 15) > 1);
}

/** @return 1: it is an echo reply with the identifier 0xf00d */
static inline unsigned frame6_check_sent(const u8_t *ip, size_t len, u8_t k)
{
  FUZZ_ASSERT(len >= IP6_END && ip[0] >> 4 == 6 && ip[7] > 0);
  size_t total_len = IP6_END + (size_t)frame6_get16(ip + 4);
  FUZZ_ASSERT(total_len <= len && (len <= 46 || total_len == len));
  frame6_check_addresses(ip);
  size_t at;
  u8_t type = frame6_payload(ip, total_len, &at);
  const u8_t *m = ip + at;
  size_t m_len = total_len - at;
  if (!frame6_is_ours(ip + IP6_SRC, k) || (type != 58 && type != 17)) {
    return 0;
  }
  FUZZ_ASSERT(m_len >= 8 && frame6_sum(ip, type, m, m_len) == 0);
  if (type == 17) {
    FUZZ_ASSERT(frame6_get16(m + 6) != 0 && frame6_get16(m + 4) == m_len);
    return 0;
  }
  bool is_nd = m[0] >= 133 && m[0] <= 137;
  FUZZ_ASSERT(!is_nd || ip[7] == 255);
  FUZZ_ASSERT(m[0] >= 128 || total_len <= 1280);
  return m[0] == 129 && frame6_get16(m + 4) == 0xf00d;
}

/** Right lengths and checksums; `us` not NULL: to this address. */
static inline void frame6_fix(u8_t *ip, size_t len, const u8_t *us)
{
  if (len < IP6_END) {
    return;
  }
  ip[0] = (u8_t)(0x60 | (ip[0] & 15));
  frame6_put16(ip + 4, (u16_t)(len - IP6_END));
  if (us != NULL) {
    memcpy(ip + IP6_DST, us, 16);
  }
  size_t at;
  u8_t type = frame6_payload(ip, len, &at);
  u8_t *m = ip + at;
  size_t m_len = len - at;
  if (type == 58 && m_len >= 4) {
    frame6_put16(m + 2, 0);
    frame6_put16(m + 2, frame6_sum(ip, type, m, m_len));
  } else if ((type == 17 || type == 136) && m_len >= 8) {
    frame6_put16(m + 4, (u16_t)m_len);
    frame6_put16(m + 6, 0);
    u16_t sum = frame6_sum(ip, type, m, m_len);
    frame6_put16(m + 6, sum == 0 ? 0xffff : sum);
  }
}

#endif /* FUZZ_FRAME6_H */
