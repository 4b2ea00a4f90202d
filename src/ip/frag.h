/**
 * @file
 * Cutting packets up into fragments: what both families share.
 */
#ifndef IP_FRAG_H
#define IP_FRAG_H

#include <stdbool.h>
#include "lwip/pbuf.h"
#include "lwip/priv/reass_data.h"

/**
 * A pbuf for a fragment's headers, with room for link headers in front, to which
 * frag_append_payload() will add `len` bytes. NULL: no memory.
 */
struct pbuf *frag_alloc_head(u16_t header_len, u16_t len);

/**
 * Let `head` be followed by `len` bytes of `p` from offset `from` on: without copying them, or
 * (LWIP_NETIF_TX_SINGLE_PBUF) by a copy in the same buffer.
 *
 * @return false: no memory; `head` is still the caller's
 */
bool frag_append_payload(struct pbuf *head, struct pbuf *p, u16_t from, u16_t len);

#endif /* IP_FRAG_H */
