/**
 * @file
 * Raw IP endpoints: made, bound, connected, closed; the module.
 *
 * State: the list of pcbs and the walks over it that are under way. Walks nest when a link delivers
 * synchronously what a callback sends.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/priv/pcb_fields.h"
#include "gossamer/state.h"
#include "transport/pcb_addr.h"
#include "transport/raw/raw_module.h"
#include "transport/raw/raw_priv.h"

struct raw_state {
  struct raw_pcb *pcbs;
  struct raw_cursor *cursors; /* the innermost walk */
};
STACK_STATE(struct raw_state, raw);

void raw_cursor_enter(struct raw_cursor *c)
{
  c->at = raw()->pcbs;
  c->outer = raw()->cursors;
  raw()->cursors = c;
}

struct raw_pcb *raw_cursor_next(struct raw_cursor *c)
{
  struct raw_pcb *pcb = c->at;
  if (pcb != NULL) {
    c->at = pcb->next;
  }
  return pcb;
}

void raw_cursor_leave(const struct raw_cursor *c)
{
  raw()->cursors = c->outer;
}

#if LWIP_RAW

struct raw_pcb *raw_new(u8_t proto)
{
  return raw_new_ip_type(IPADDR_TYPE_V4, proto);
}

struct raw_pcb *raw_new_ip_type(u8_t type, u8_t proto)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(type);
  struct raw_pcb *pcb = (struct raw_pcb *)memp_malloc(MEMP_RAW_PCB);
  if (pcb == NULL) {
    return NULL;
  }
  memset(pcb, 0, sizeof *pcb);
  pcb->protocol = proto;
  pcb->ttl = RAW_TTL;
  raw_pcb_mcast_init(pcb, RAW_TTL);
  pcb_tci_init(pcb);
  IP_SET_TYPE_VAL(pcb->local_ip, type);
  IP_SET_TYPE_VAL(pcb->remote_ip, type);
  pcb->next = raw()->pcbs;
  raw()->pcbs = pcb;
  return pcb;
}

void raw_remove(struct raw_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL) {
    return;
  }
  for (struct raw_cursor *c = raw()->cursors; c != NULL; c = c->outer) {
    if (c->at == pcb) {
      c->at = pcb->next;
    }
  }
  struct raw_pcb **at = &raw()->pcbs;
  while (*at != NULL && *at != pcb) {
    at = &(*at)->next;
  }
  if (*at == pcb) {
    *at = pcb->next;
  }
  memp_free(MEMP_RAW_PCB, pcb);
}

err_t raw_bind(struct raw_pcb *pcb, const ip_addr_t *ipaddr)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || ipaddr == NULL) {
    return ERR_VAL;
  }
  pcb_addr_set(&pcb->local_ip, ipaddr, ipaddr);
  return ERR_OK;
}

void raw_bind_netif(struct raw_pcb *pcb, const struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->netif_idx = netif != NULL ? netif_get_index(netif) : NETIF_NO_INDEX;
}

err_t raw_connect(struct raw_pcb *pcb, const ip_addr_t *ipaddr)
{
  ip_addr_t buf;
  LWIP_ASSERT_CORE_LOCKED();
  if (pcb == NULL || ipaddr == NULL) {
    return ERR_VAL;
  }
  ipaddr = pcb_addr_unmapped(ipaddr, &buf);
  if (!IP_ADDR_PCB_VERSION_MATCH(pcb, ipaddr)) {
    return ERR_VAL;
  }
  pcb_addr_set(&pcb->remote_ip, ipaddr, &pcb->local_ip);
  raw_set_flags(pcb, RAW_FLAGS_CONNECTED);
  return ERR_OK;
}

void raw_disconnect(struct raw_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  ip_addr_copy(pcb->remote_ip, *pcb_any(&pcb->local_ip));
  raw_clear_flags(pcb, RAW_FLAGS_CONNECTED);
}

void raw_recv(struct raw_pcb *pcb, raw_recv_fn recv, void *recv_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  pcb->recv = recv;
  pcb->recv_arg = recv_arg;
}

static void raw_module_fini(void)
{
  while (raw()->pcbs != NULL) {
    raw_remove(raw()->pcbs);
  }
}

const struct net_module raw_module = {"raw", NULL, raw_module_fini, NULL};

#endif /* LWIP_RAW */
