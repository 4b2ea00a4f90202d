/**
 * @file
 * ICMP on interfaces on which every address is ours: echo requests are answered, refused or handed
 * to the program; errors about packets of which only the addresses and ports were kept.
 *
 * No state. RFC 792, RFC 4443.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_ANY_ADDRESS

#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/prot/icmp.h"
#include "lwip/prot/icmp6.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/priv/any_fields.h"
#include "gossamer/drop.h"
#include "ip/any_echo.h"
#include "ip/ip_module.h"
#include "ip/icmp_echo.h"
#include "ip/v4/icmp4.h"
#include "ip/v6/icmp6.h"
#include "wire/bytes.h"
#include "wire/ip4.h"
#include "wire/ip6.h"

/** Indexed by enum any_unreachable. */
static const u8_t codes4[] = {ICMP4_UNREACH_PORT, ICMP4_UNREACH_HOST, ICMP4_UNREACH_NET,
                              ICMP4_UNREACH_PROHIBITED};
static const u8_t codes6[] = {ICMP6_DUR_PORT, ICMP6_DUR_ADDRESS, ICMP6_DUR_NO_ROUTE,
                              ICMP6_DUR_PROHIBITED};

static void send_unreachable(struct pbuf *p, const struct ip_rx *rx, enum any_unreachable why)
{
  if (LWIP_IPV6 && LWIP_ICMP6 && IP_IS_V6(&rx->dst)) {
    icmp6_send_unreachable(p, rx, codes6[why]);
  } else if (LWIP_IPV4 && LWIP_ICMP && !IP_IS_V6(&rx->dst)) {
    icmp4_send_unreachable(p, rx, codes4[why], 0);
  }
}

bool any_echo_takes(struct pbuf *p, const struct ip_rx *rx)
{
  struct any_address *a = netif_any_address(rx->input_netif);
  u8_t header[ICMP_ECHO_HEADER_LEN];
  if (a == NULL || a->echo == NULL ||
      pbuf_copy_partial(p, header, sizeof header, 0) != sizeof header) {
    return false;
  }
  struct any_flow flow = {
      .local = rx->dst, .remote = rx->src, .remote_port = bytes_get16(header + 4)};
  struct pbuf *data = pbuf_alloc(PBUF_RAW, (u16_t)(p->tot_len - sizeof header), PBUF_RAM);
  enum any_answer answer = ANY_IGNORE;
  if (data != NULL) {
    pbuf_copy_partial(p, data->payload, data->len, sizeof header);
    answer = a->echo(a->arg, &flow, bytes_get16(header + 6), data);
    pbuf_free(data);
  }
  if (answer == ANY_REFUSE) {
    send_unreachable(p, rx, ANY_UNREACHABLE_PROHIBITED);
  }
  if (answer == ANY_LATER) {
    pbuf_free(p);
  } else if (answer != ANY_ACCEPT) {
    drop(p, answer == ANY_REFUSE ? DROP_ANY_REFUSED : DROP_ANY_IGNORED);
  }
  return answer != ANY_ACCEPT;
}

#if LWIP_IPV4
/** The IP header of a packet of `flow`, and where an rx finds it. */
static void quote_ip4(struct ip_rx *rx, u8_t *bytes, const struct any_flow *flow)
{
  struct ip4_header h = {
      .header_len = IP_HLEN, .total_len = IP_HLEN + ANY_QUOTE_LEN, .ttl = 1, .proto = rx->proto};
  ip4_addr_copy(h.src, *ip_2_ip4(&flow->remote));
  ip4_addr_copy(h.dst, *ip_2_ip4(&flow->local));
  ip4_build(bytes, &h);
  ip4_put_checksum(bytes, IP_HLEN);
  rx->ip4_hdr = (const struct ip_hdr *)(const void *)bytes;
}

static err_t reply4(struct any_address *a, const struct any_flow *flow, struct pbuf *q)
{
  u16_t sum = inet_chksum_pbuf(q);
  memcpy((u8_t *)q->payload + 2, &sum, sizeof sum);
  return ip4_output_if_src(q, ip_2_ip4(&flow->local), ip_2_ip4(&flow->remote), ICMP_TTL, 0,
                           IP_PROTO_ICMP, a->netif);
}
#else
static void quote_ip4(struct ip_rx *rx, u8_t *bytes, const struct any_flow *flow)
{
  LWIP_UNUSED_ARG(rx);
  LWIP_UNUSED_ARG(bytes);
  LWIP_UNUSED_ARG(flow);
}

static err_t reply4(struct any_address *a, const struct any_flow *flow, struct pbuf *q)
{
  LWIP_UNUSED_ARG(a);
  LWIP_UNUSED_ARG(flow);
  LWIP_UNUSED_ARG(q);
  return ERR_VAL;
}
#endif

#if LWIP_IPV6
static void quote_ip6(struct ip_rx *rx, u8_t *bytes, const struct any_flow *flow)
{
  struct ip6_header h = {.payload_len = ANY_QUOTE_LEN, .nexth = rx->proto, .hop_limit = 1};
  ip6_addr_copy(h.src, *ip_2_ip6(&flow->remote));
  ip6_addr_copy(h.dst, *ip_2_ip6(&flow->local));
  ip6_build(bytes, &h);
  rx->ip6_hdr = (struct ip6_hdr *)(void *)bytes;
}

static err_t reply6(struct any_address *a, const struct any_flow *flow, struct pbuf *q)
{
  return LWIP_ICMP6 ? icmp6_output(a->netif, q, ip_2_ip6(&flow->local), ip_2_ip6(&flow->remote),
                                   LWIP_ICMP6_HL, false)
                    : ERR_VAL;
}
#else
static void quote_ip6(struct ip_rx *rx, u8_t *bytes, const struct any_flow *flow)
{
  LWIP_UNUSED_ARG(rx);
  LWIP_UNUSED_ARG(bytes);
  LWIP_UNUSED_ARG(flow);
}

static err_t reply6(struct any_address *a, const struct any_flow *flow, struct pbuf *q)
{
  LWIP_UNUSED_ARG(a);
  LWIP_UNUSED_ARG(flow);
  LWIP_UNUSED_ARG(q);
  return ERR_VAL;
}
#endif

void any_send_unreachable(struct any_address *a, const struct any_flow *flow, u8_t proto,
                          const u8_t l4[ANY_QUOTE_LEN], enum any_unreachable why)
{
  bool is_v6 = IP_IS_V6(&flow->local);
  u16_t header_len = is_v6 ? IP6_HLEN : IP_HLEN;
  struct ip_rx rx = {.netif = a->netif, .input_netif = a->netif, .header_len = header_len};
  struct pbuf *p =
      a->netif == NULL ? NULL : pbuf_alloc(PBUF_RAW, (u16_t)(header_len + ANY_QUOTE_LEN), PBUF_RAM);
  if (p == NULL) {
    return; /* as an error that is lost */
  }
  rx.proto = proto;
  ip_addr_copy(rx.src, flow->remote);
  ip_addr_copy(rx.dst, flow->local);
  if (is_v6) {
    quote_ip6(&rx, (u8_t *)p->payload, flow);
  } else {
    quote_ip4(&rx, (u8_t *)p->payload, flow);
  }
  memcpy((u8_t *)p->payload + header_len, l4, ANY_QUOTE_LEN);
  send_unreachable(p, &rx, why);
  pbuf_free(p);
}

err_t any_echo_reply(struct any_address *a, const struct any_flow *flow, u16_t seqno,
                     const struct pbuf *p)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (a->netif == NULL) {
    return ERR_RTE;
  }
  struct pbuf *q = pbuf_alloc(PBUF_IP, (u16_t)(ICMP_ECHO_HEADER_LEN + p->tot_len), PBUF_RAM);
  if (q == NULL) {
    return ERR_MEM;
  }
  bool is_v6 = IP_IS_V6(&flow->local);
  u8_t *header = (u8_t *)q->payload;
  memset(header, 0, ICMP_ECHO_HEADER_LEN);
  header[0] = is_v6 ? ICMP6_TYPE_EREP : ICMP_ER;
  bytes_put16(header + 4, flow->remote_port);
  bytes_put16(header + 6, seqno);
  pbuf_copy_partial(p, header + ICMP_ECHO_HEADER_LEN, p->tot_len, 0);
  err_t err = is_v6 ? reply6(a, flow, q) : reply4(a, flow, q);
  pbuf_free(q);
  return err;
}

#endif /* LWIP_ANY_ADDRESS */
