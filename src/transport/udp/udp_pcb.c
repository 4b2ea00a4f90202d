/**
 * @file
 * UDP endpoints: made, closed, told of new addresses; the module.
 *
 * State: udp_pcbs. Invariant: every pcb from udp_new() to udp_remove() is in udp_pcbs, so that the
 * end of an instance finds them all; one that is not bound has the local port 0, which no datagram
 * can match.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/snmp.h"
#include "lwip/priv/pcb_fields.h"
#include "link/netif_ip6.h"
#include "transport/udp/udp_module.h"
#include "transport/udp/udp_priv.h"

STACK_GLOBAL_DEFINE(struct udp_pcb *, udp_pcbs);

#if LWIP_UDP

struct udp_pcb *udp_new(void)
{
  return udp_new_ip_type(IPADDR_TYPE_V4);
}

struct udp_pcb *udp_new_ip_type(u8_t type)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(type);
  struct udp_pcb *pcb = (struct udp_pcb *)memp_malloc(MEMP_UDP_PCB);
  if (pcb == NULL) {
    return NULL;
  }
  memset(pcb, 0, sizeof *pcb);
  pcb->ttl = pcb_ttl_initial(type, UDP_TTL);
  udp_pcb_mcast_init(pcb, UDP_TTL);
  pcb_tci_init(pcb);
  IP_SET_TYPE_VAL(pcb->local_ip, type);
  IP_SET_TYPE_VAL(pcb->remote_ip, type);
  udp_table_add(pcb);
  return pcb;
}

void udp_remove(struct udp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return;
  }
  if (pcb->local_port != 0) {
    mib2_udp_unbind(pcb);
  }
  udp_table_remove(pcb);
  memp_free(MEMP_UDP_PCB, pcb);
}

void udp_recv(struct udp_pcb *pcb, udp_recv_fn recv, void *recv_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb != NULL) {
    pcb->recv = recv;
    pcb->recv_arg = recv_arg;
  }
}

void udp_netif_ip_addr_changed(const ip_addr_t *old_addr, const ip_addr_t *new_addr)
{
  if (ip_addr_isany(old_addr)) {
    return;
  }
  for (struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next) {
    if (!ip_addr_eq(&pcb->local_ip, old_addr)) {
      continue;
    }
    if (!ip_addr_isany(new_addr)) {
      ip_addr_copy(pcb->local_ip, *new_addr);
    } else {
      udp_local_refresh(pcb);
    }
  }
}

/**
 * An IPv6 address of `netif` is another one, or in another state. Pcbs bound to one that is gone
 * stay so, and are heard again when it comes back.
 */
static void ip6_changed(const ip_addr_t *old_addr, const ip_addr_t *new_addr)
{
  if (old_addr != NULL && new_addr != NULL) {
    udp_netif_ip_addr_changed(old_addr, new_addr);
  }
  for (struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next) {
    if (IP_IS_V6(&pcb->local_ip)) {
      udp_local_refresh(pcb);
    }
  }
}

static void netif_removed(const struct netif *netif)
{
  for (struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next) {
    udp_netif_forget(pcb, netif);
  }
}

void udp_init(void)
{
}

static void udp_module_fini(void)
{
  while (udp_pcbs != NULL) {
    udp_remove(udp_pcbs);
  }
}

static void udp_netif_changed(struct netif *netif, enum netif_change what,
                              const ip_addr_t *old_addr)
{
  if (LWIP_IPV4 && what == NETIF_CHANGE_IP4 && old_addr != NULL) {
    udp_netif_ip_addr_changed(old_addr, netif_ip_addr4(netif));
  } else if (LWIP_IPV6 && what == NETIF_CHANGE_IP6) {
    ip6_changed(old_addr, netif_ip6_replacement(netif));
  } else if (what == NETIF_CHANGE_REMOVED) {
    netif_removed(netif);
  }
}

const struct net_module udp_module = {"udp", udp_table_init, udp_module_fini, udp_netif_changed};

#endif /* LWIP_UDP */
