/**
 * @file
 * Words for the states that JSON and text show. No state of their own.
 */
#include <stdio.h>
#include "lwip/opt.h"
#include "lwip/autoip.h"
#include "lwip/dhcp.h"
#include "lwip/prot/dhcp.h"
#include "gossamer/ip6_config.h"
#include "device_priv.h"

const char *device_dhcp_state(const struct netif *netif)
{
#if LWIP_DHCP
  static const char *const words[] = {
      "off",       "requesting", "init",      "rebooting", "rebinding", "renewing",   "selecting",
      "informing", "checking",   "permanent", "bound",     "releasing", "backing off"};
  const struct dhcp *dhcp = netif_dhcp_data(netif);
  return dhcp != NULL && dhcp->state < LWIP_ARRAYSIZE(words) ? words[dhcp->state] : "off";
#else
  LWIP_UNUSED_ARG(netif);
  return "off";
#endif
}

const char *device_ip4_origin(struct netif *netif)
{
#if LWIP_DHCP
  if (dhcp_supplied_address(netif)) {
    return "dhcp";
  }
#endif
#if LWIP_IPV4 && LWIP_AUTOIP
  if (autoip_supplied_address(netif)) {
    return "autoip";
  }
#endif
  LWIP_UNUSED_ARG(netif);
  return "manual";
}

const char *device_ip6_state(u8_t state)
{
#if LWIP_IPV6
  if (ip6_addr_isduplicated(state)) {
    return "duplicated";
  }
  if (ip6_addr_ispreferred(state)) {
    return "preferred";
  }
  if (ip6_addr_isdeprecated(state)) {
    return "deprecated";
  }
#else
  LWIP_UNUSED_ARG(state);
#endif
  return "tentative";
}

const char *device_ip6_origin(unsigned origin)
{
  static const char *const words[] = {"manual", "link-local", "slaac", "temporary"};
  return origin < LWIP_ARRAYSIZE(words) ? words[origin] : "?";
}

const char *device_tcp_state(enum tcp_state state)
{
  static const char *const words[] = {"closed",      "listen",     "syn-sent",   "syn-received",
                                      "established", "fin-wait-1", "fin-wait-2", "close-wait",
                                      "closing",     "last-ack",   "time-wait"};
  return (unsigned)state < LWIP_ARRAYSIZE(words) ? words[state] : "?";
}

const char *device_netif_name(const struct netif *netif, char *name)
{
  snprintf(name, NETIF_NAMESIZE, "%c%c%u", netif->name[0], netif->name[1], netif->num);
  return name;
}
