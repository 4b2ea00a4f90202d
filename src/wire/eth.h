/**
 * @file
 * The Ethernet II header with at most one 802.1Q tag: bytes to struct and back.
 */
#ifndef WIRE_ETH_H
#define WIRE_ETH_H

#include <stdbool.h>
#include "lwip/def.h"
#include "lwip/prot/ethernet.h"
#include "gossamer/drop.h"

enum { ETH_HEADER_LEN = 14, ETH_TAG_LEN = 4, ETH_HEADER_LEN_MAX = ETH_HEADER_LEN + ETH_TAG_LEN };

struct eth_frame {
  struct eth_addr dst;
  struct eth_addr src;
  u16_t type; /* of the payload, host order; below 0x0600: 802.3 with a length field */
  u16_t tci;  /* tag control information, 0 without tag */
  u8_t header_len;
  bool is_tagged;
};

/** The first type; smaller values are lengths (802.3 3.2.6). */
#define ETH_TYPE_MIN 0x0600U

/** The VLAN of a TCI. */
#define ETH_TCI_VLAN_ID 0x0fffU

/**
 * Parse a header.
 *
 * @param len          bytes that are there; more than ETH_HEADER_LEN_MAX are not read
 * @param accept_tags  false: a tag is a type like any other
 * @return DROP_NONE, DROP_ETH_SHORT, DROP_VLAN_SHORT or DROP_VLAN_NESTED
 */
enum drop_reason eth_parse(struct eth_frame *f, const u8_t *bytes, size_t len, bool accept_tags);

/**
 * Write a header.
 *
 * @param out  room for ETH_HEADER_LEN bytes, with a tag for ETH_HEADER_LEN_MAX
 * @param tci  tag control information; negative: no tag
 */
void eth_build(u8_t *out, const struct eth_addr *dst, const struct eth_addr *src, u16_t type,
               s32_t tci);

/** Multicast or broadcast? */
static inline bool eth_is_group(const struct eth_addr *a)
{
  return (a->addr[0] & 1U) != 0;
}

#endif /* WIRE_ETH_H */
