/**
 * @file
 * For tests of what lies below IP: the same for each IP version of the build.
 */
#ifndef FAMILIES_H
#define FAMILIES_H

#include "packet.h"

#define FAMILIES_ID 0x4711

/** Run `body` for each IP version; IPv6 is up before its turn. */
static inline void each_family(void (*body)(bool is_v6))
{
  if (LWIP_IPV4) {
    body(false);
  }
  if (LWIP_IPV6) {
    net6_up();
    body(true);
  }
}

/** An echo request from the peer with the MAC peer_mac, to us. */
static inline struct frame ping(bool is_v6, u16_t seq, const void *data, size_t len)
{
  return is_v6 ? ping6("fe80::2", "fe80::ff:fe00:1", FAMILIES_ID, seq, data, len)
               : ping4("10.0.0.2", "10.0.0.1", FAMILIES_ID, seq, data, len);
}

/** What answers it. */
static inline void check_ping_answer(bool is_v6, struct frame *f, u16_t seq, const void *data,
                                     size_t len)
{
  if (is_v6) {
    check_pong6(f, FAMILIES_ID, seq, data, len);
  } else {
    check_pong(f, FAMILIES_ID, seq, data, len);
  }
}

#endif /* FAMILIES_H */
