/**
 * @file
 * The Ethernet II header with at most one 802.1Q tag: bytes to struct and back.
 *
 * Pure functions. IEEE 802.3 3.1.1 and 3.2.6, 802.1Q 9.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/prot/ieee.h"
#include "wire/bytes.h"
#include "wire/eth.h"

/** Tag of a provider's bridge (802.1ad); ETHTYPE_QINQ is what came before it. */
#define ETH_TYPE_PROVIDER_TAG 0x88a8U

enum drop_reason eth_parse(struct eth_frame *f, const u8_t *bytes, size_t len, bool accept_tags)
{
  if (len < ETH_HEADER_LEN) {
    return DROP_ETH_SHORT;
  }
  memcpy(f->dst.addr, bytes, ETH_HWADDR_LEN);
  memcpy(f->src.addr, bytes + 6, ETH_HWADDR_LEN);
  f->type = bytes_get16(bytes + 12);
  f->tci = 0;
  f->header_len = ETH_HEADER_LEN;
  f->is_tagged = accept_tags && f->type == ETHTYPE_VLAN;
  if (!f->is_tagged) {
    return DROP_NONE;
  }
  if (len < ETH_HEADER_LEN_MAX) {
    return DROP_VLAN_SHORT;
  }
  f->tci = bytes_get16(bytes + 14);
  f->type = bytes_get16(bytes + 16);
  f->header_len = ETH_HEADER_LEN_MAX;
  if (f->type == ETHTYPE_VLAN || f->type == ETHTYPE_QINQ || f->type == ETH_TYPE_PROVIDER_TAG) {
    return DROP_VLAN_NESTED; /* never a loop over tags, so a stack of them costs nothing */
  }
  return DROP_NONE;
}

void eth_build(u8_t *out, const struct eth_addr *dst, const struct eth_addr *src, u16_t type,
               s32_t tci)
{
  memcpy(out, dst->addr, ETH_HWADDR_LEN);
  memcpy(out + 6, src->addr, ETH_HWADDR_LEN);
  out += 12;
  if (tci >= 0) {
    bytes_put16(out, ETHTYPE_VLAN);
    bytes_put16(out + 2, (u16_t)tci);
    out += 4;
  }
  bytes_put16(out, type);
}
