/**
 * @file
 * Extension headers of packets for us, one after the other (RFC 8200 4).
 *
 * No state. Bounds: IP6_EXTENSIONS_MAX headers, IP6_OPTIONS_MAX options in each, IP6_PADDING_MAX
 * bytes of padding in a row (RFC 8504 5.3). Headers may come in any order and repeatedly (RFC 8200
 * 4.1), but hop-by-hop options only first, and one fragment header at most. AH and ESP are unknown
 * headers like any other: nobody here can open them. RFC 8200 4.2 (action bits), 4.4 (routing), RFC
 * 5095 (type 0), RFC 6946 (atomic fragments).
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "wire/ip6.h"
#include "ip/ip_module.h"
#include "ip/v6/icmp6.h"
#include "ip/v6/ip6_priv.h"
#include "ip/v6/ip6_reass.h"

#if LWIP_IPV6

/** Every extension header has at least that many bytes. */
#define EXTENSION_LEN_MIN 8

static void complain(struct pbuf *p, const struct ip_rx *rx, u8_t code, u32_t at)
{
  if (LWIP_ICMP6) {
    icmp6_send_param_problem(p, rx, code, at);
  }
}

/** An option that we do not know and that may not be skipped. */
static void complain_about_option(struct pbuf *p, const struct ip_rx *rx,
                                  const struct ip6_options *found)
{
  enum ip6_option_action action = ip6_option_action(found->bad_type);
  if (action == IP6_OPTION_COMPLAIN ||
      (action == IP6_OPTION_COMPLAIN_UNICAST && !(rx->flags & IP_RX_MULTICAST))) {
    complain(p, rx, ICMP6_PARAM_OPTION, rx->header_len + (u32_t)found->bad_at);
  }
}

static enum drop_reason process_options(struct pbuf *p, struct ip_rx *rx, const u8_t *header,
                                        u16_t len)
{
  struct ip6_options found;
  bool is_hop_by_hop = rx->proto == IP6_NEXTH_HOPBYHOP;
  enum drop_reason bad = ip6_parse_options(header, len, is_hop_by_hop, &found);
  if (bad == DROP_IP6_OPTION_REFUSED) {
    complain_about_option(p, rx, &found);
  }
  if (bad == DROP_NONE && found.router_alert) {
    rx->flags |= IP_RX_ROUTER_ALERT;
  }
  return bad;
}

/**
 * We are no segment of any route, whatever the type: 0 is forbidden (RFC 5095), 2 is for mobile
 * nodes, RPL's and segment routing's are for their routers (security vector B4-73).
 */
static enum drop_reason process_routing(struct pbuf *p, const struct ip_rx *rx, const u8_t *header)
{
  if (header[3] == 0) {
    return DROP_NONE;
  }
  complain(p, rx, ICMP6_PARAM_FIELD, rx->header_len + 2U);
  return DROP_IP6_ROUTING_REFUSED;
}

/** Offset of the next header field that names the header at `at`; all in front is contiguous. */
static u16_t nexth_field_of(const u8_t *packet, u16_t at)
{
  u16_t here = IP6_HLEN;
  u16_t field = 6;
  while (here < at) {
    u16_t len = ip6_extension_len(packet[field], packet + here);
    field = here;
    here = (u16_t)(here + len);
  }
  return field;
}

static struct pbuf *process_fragment(struct pbuf *p, struct ip_rx *rx)
{
  u16_t at = rx->header_len;
  if (rx->flags & (IP_RX_ATOMIC | IP_RX_REASSEMBLED)) {
    drop(p, DROP_IP6_NESTED_FRAGMENT); /* security vector B4-79 */
    return NULL;
  }
  if (!ip_is_looped(p)) {
    rx->flags &= (u8_t)~IP_RX_CHECKSUM_OK; /* no driver sees the whole */
  }
  p = ip6_reass_fragment(p, rx, at);
  if (p != NULL) {
    rx->nexth_at = (rx->flags & IP_RX_REASSEMBLED)
                       ? nexth_field_of((const u8_t *)p->payload, rx->header_len)
                       : at;
  }
  return p;
}

/** Have the first `len` bytes in one piece; drops `p` when that cannot be. */
static struct pbuf *need(struct pbuf *p, struct ip_rx *rx, u32_t len)
{
  if (len > p->tot_len) {
    drop(p, DROP_IP6_EXT_TRUNCATED);
    return NULL;
  }
  struct pbuf *q = ip_pull_up(p, (u16_t)len);
  if (q == NULL) {
    drop(p, DROP_IP6_NO_MEMORY);
    return NULL;
  }
  rx->ip6_hdr = (struct ip6_hdr *)q->payload;
  return q;
}

/** Options or a route. */
static struct pbuf *process_header(struct pbuf *p, struct ip_rx *rx)
{
  u16_t at = rx->header_len;
  if (rx->proto == IP6_NEXTH_HOPBYHOP && at != IP6_HLEN) {
    complain(p, rx, ICMP6_PARAM_NEXT_HEADER, rx->nexth_at);
    drop(p, DROP_IP6_HBH_MISPLACED);
    return NULL;
  }
  p = need(p, rx, at + (u32_t)EXTENSION_LEN_MIN);
  if (p == NULL) {
    return NULL;
  }
  u16_t len = ip6_extension_len(rx->proto, (const u8_t *)p->payload + at);
  p = need(p, rx, at + (u32_t)len);
  if (p == NULL) {
    return NULL;
  }
  const u8_t *header = (const u8_t *)p->payload + at;
  enum drop_reason bad = rx->proto == IP6_NEXTH_ROUTING ? process_routing(p, rx, header)
                                                        : process_options(p, rx, header, len);
  if (bad != DROP_NONE) {
    drop(p, bad);
    return NULL;
  }
  rx->nexth_at = at;
  rx->header_len = (u16_t)(at + len);
  rx->proto = header[0];
  return p;
}

struct pbuf *ip6_extensions_process(struct pbuf *p, struct ip_rx *rx)
{
  for (unsigned count = 0; p != NULL && ip6_is_extension(rx->proto); count++) {
    if (count == IP6_EXTENSIONS_MAX) {
      drop(p, DROP_IP6_EXT_LIMIT);
      return NULL;
    }
    p = rx->proto == IP6_NEXTH_FRAGMENT ? process_fragment(p, rx) : process_header(p, rx);
  }
  return p == NULL ? NULL : need(p, rx, rx->header_len);
}

#endif
