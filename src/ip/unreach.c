/**
 * @file
 * "Nobody here handles this", in the packet's family (RFC 1122 3.2.2.1, RFC 4443 3.1, 3.4).
 */
#include "lwip/opt.h"
#include "base/registry.h"
#include "ip/v4/icmp4.h"
#include "ip/v6/icmp6.h"

void ip_send_port_unreachable(struct pbuf *p, const struct ip_rx *rx)
{
  if (LWIP_ICMP6 && IP_IS_V6(&rx->src)) {
    icmp6_send_unreachable(p, rx, ICMP6_DUR_PORT);
  } else if (LWIP_ICMP && !IP_IS_V6(&rx->src)) {
    icmp4_send_unreachable(p, rx, ICMP4_UNREACH_PORT, 0);
  }
}

void ip_send_proto_unreachable(struct pbuf *p, const struct ip_rx *rx)
{
  if (LWIP_ICMP6 && IP_IS_V6(&rx->src)) {
    icmp6_send_proto_unreachable(p, rx);
  } else if (LWIP_ICMP && !IP_IS_V6(&rx->src)) {
    icmp4_send_unreachable(p, rx, ICMP4_UNREACH_PROTO, 0);
  }
}
