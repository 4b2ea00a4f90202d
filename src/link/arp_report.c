/**
 * @file
 * A packet of ours whose neighbour does not answer: whoever sent it hears the error that a router
 * would send (RFC 1122 2.4, 3.3.8).
 *
 * No state.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_ARP

#include "lwip/icmp.h"
#include "base/registry.h"
#include "link/arp_priv.h"
#include "wire/ip4.h"

enum {
  QUOTE_MIN = 8, /* struct ip_error */
  QUOTE_LEN = IP_HLEN_MAX + 20
};

static struct netif *owner_of(const ip4_addr_t *addr)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    if (ip4_addr_eq(netif_ip4_addr(netif), addr)) {
      return netif;
    }
  }
  return NULL;
}

void arp_report_unreachable(const struct pbuf *p)
{
  u8_t bytes[QUOTE_LEN];
  struct ip4_header h;
  u16_t len = pbuf_copy_partial(p, bytes, sizeof bytes, 0);
  if (len < IP_HLEN || ip4_parse(&h, bytes, p->tot_len) != DROP_NONE || h.offset != 0 ||
      h.header_len + QUOTE_MIN > len) {
    return;
  }
  ip_addr_t src;
  ip_addr_t dst;
  ip_addr_copy_from_ip4(src, h.src);
  ip_addr_copy_from_ip4(dst, h.dst);
  const struct ip_error e = {.kind = IP_ERROR_HOST_UNREACH,
                             .type = ICMP_DUR,
                             .code = ICMP_DUR_HOST,
                             .from = &src,
                             .src = &src,
                             .dst = &dst,
                             .proto = h.proto,
                             .l4 = bytes + h.header_len,
                             .l4_len = (u16_t)(len - h.header_len),
                             .netif = owner_of(&h.src)};
  if (e.netif == NULL) {
    return; /* forwarded */
  }
  const struct ip_proto *proto = ip_proto_find(h.proto, false);
  if (proto != NULL && proto->error != NULL) {
    proto->error(&e);
  }
  if (ip_raw_error != NULL) {
    ip_raw_error(&e);
  }
}

#endif /* LWIP_IPV4 && LWIP_ARP */
