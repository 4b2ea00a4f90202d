/**
 * @file
 * The loopback interface "lo": 127.0.0.1/8, always up.
 *
 * State: its struct netif.
 *
 * RFC 1122 3.2.1.3 (g): 127/8 never leaves the host.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/priv/netif_fields.h"

#if LWIP_HAVE_LOOPIF && LWIP_IPV4

STACK_STATE(struct netif, loopif);

/** No packet of ours is longer, so nothing is fragmented for loopback. */
#define LOOPIF_MTU 65535U

static err_t loopif_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(addr);
  return netif_loop_output(netif, p);
}

static err_t loopif_init(struct netif *netif)
{
  MIB2_INIT_NETIF(netif, snmp_ifType_softwareLoopback, 0);
  NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_DISABLE_ALL); /* no wire, nothing to detect */
  netif->name[0] = 'l';
  netif->name[1] = 'o';
  netif->mtu = LOOPIF_MTU;
  netif->output = loopif_output;
  netif_set_flags(netif, LWIP_LOOPIF_MULTICAST ? NETIF_FLAG_IGMP : 0);
  return ERR_OK;
}

void loopif_start(void)
{
  ip4_addr_t addr;
  ip4_addr_t mask;
  IP4_ADDR(&addr, 127, 0, 0, 1);
  IP4_ADDR(&mask, 255, 0, 0, 0);
  netif_add(loopif(), &addr, &mask, &addr, NULL, loopif_init, netif_input);
  netif_set_link_up(loopif());
  netif_set_up(loopif());
}

struct netif *netif_get_loopif(void);

struct netif *netif_get_loopif(void)
{
  return loopif();
}

#endif /* LWIP_HAVE_LOOPIF && LWIP_IPV4 */
