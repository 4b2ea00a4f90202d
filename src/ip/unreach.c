/**
 * @file
 * "Nobody here handles this", in the packet's family (RFC 1122 3.2.2.1, RFC 4443 3.1, 3.4).
 */
#include "lwip/opt.h"
#include "lwip/icmp.h"
#include "lwip/icmp6.h"
#include "base/registry.h"
#include "ip/v4/icmp4.h"

void ip_send_port_unreachable(struct pbuf *p, const struct ip_rx *rx)
{
  if (LWIP_IPV6 && LWIP_ICMP6 && IP_IS_V6(&rx->src)) {
    icmp6_dest_unreach(p, ICMP6_DUR_PORT);
  } else if (LWIP_IPV4 && LWIP_ICMP) {
    icmp4_send_unreachable(p, rx, ICMP4_UNREACH_PORT, 0);
  }
}

void ip_send_proto_unreachable(struct pbuf *p, const struct ip_rx *rx)
{
  if (LWIP_IPV6 && LWIP_ICMP6 && IP_IS_V6(&rx->src)) {
    icmp6_param_problem(p, ICMP6_PP_HEADER, p->payload);
  } else if (LWIP_IPV4 && LWIP_ICMP) {
    icmp4_send_unreachable(p, rx, ICMP4_UNREACH_PROTO, 0);
  }
}
