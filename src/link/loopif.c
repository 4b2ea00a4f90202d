/**
 * @file
 * The loopback interface "lo": 127.0.0.1/8 and ::1, always up.
 *
 * State: its struct netif.
 *
 * RFC 1122 3.2.1.3 (g), RFC 4291 2.5.3: 127/8 and ::1 never leave the host.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/priv/netif_fields.h"
#include "lwip/priv/offload_fields.h"
#include "gossamer/offload.h"

#if LWIP_HAVE_LOOPIF

STACK_STATE(struct netif, loopif);

/** No packet of ours is longer, so nothing is fragmented for loopback. */
#define LOOPIF_MTU 65535U

/** It delivers what it is given, as one packet. */
#define LOOPIF_OFFLOAD (NETIF_OFFLOAD_TCP_CHECKSUM | NETIF_OFFLOAD_TSO4 | NETIF_OFFLOAD_TSO6)

static err_t loopif_init(struct netif *netif)
{
  MIB2_INIT_NETIF(netif, snmp_ifType_softwareLoopback, 0);
  NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_DISABLE_ALL); /* no wire, nothing to detect */
  netif->name[0] = 'l';
  netif->name[1] = 'o';
  netif->mtu = LOOPIF_MTU;
  netif_offload_put(netif, LOOPIF_OFFLOAD, OFFLOAD_LEN_MAX);
  netif_set_flags(netif, LWIP_LOOPIF_MULTICAST ? NETIF_FLAG_IGMP : 0); /* nobody hears MLD */
  return ERR_OK;
}

void loopif_start(void)
{
  netif_add_noaddr(loopif(), NULL, loopif_init, netif_input);
  netif_loop_add_ip4(loopif());
  netif_loop_add_ip6(loopif());
  netif_set_link_up(loopif());
  netif_set_up(loopif());
}

struct netif *netif_get_loopif(void);

struct netif *netif_get_loopif(void)
{
  return loopif();
}

#endif /* LWIP_HAVE_LOOPIF */
