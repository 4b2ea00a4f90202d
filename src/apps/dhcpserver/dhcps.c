/**
 * @file
 * DHCP servers: their lives, what is set, what programs ask.
 *
 * State: a list of all servers, and one UDP pcb for those that serve. A message belongs to the
 * server of the netif by which it came in.
 */
#include "lwip/opt.h"

#if ESP_DHCPS

#include <string.h>
#include "lwip/def.h"
#include "lwip/ip.h"
#include "lwip/mem.h"
#include "lwip/prot/iana.h"
#include "lwip/udp.h"
#include "gossamer/dhcp_server.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"
#include "base/random.h"
#include "link/netif_ip4.h"
#include "apps/dhcpserver/dhcps_priv.h"

struct dhcps_state_of_all {
  struct dhcps_t *first;
  struct udp_pcb *pcb; /* NULL: none serves */
  struct stack_exit at_exit;
};

STACK_STATE(struct dhcps_state_of_all, dhcps_all);

struct udp_pcb *dhcps_pcb(void)
{
  return dhcps_all()->pcb;
}

static struct dhcps_t *server_on(const struct netif *netif)
{
  struct dhcps_t *s = dhcps_all()->first;
  while (s != NULL && s->netif != netif) {
    s = s->next;
  }
  return s;
}

/* --- receiving --- */

static void on_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                    u16_t port)
{
  struct dhcps_t *s = server_on(ip_current_input_netif());
  struct dhcp_message m;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  if (s == NULL) {
    drop(p, DROP_DHCP_NOT_OURS);
    return;
  }
  p = pbuf_coalesce(p, PBUF_RAW);
  if (p->next != NULL) {
    drop(p, DROP_DHCP_NO_MEMORY);
    return;
  }
  enum drop_reason bad = dhcp_parse(&m, (const u8_t *)p->payload, p->len);
  if (bad == DROP_NONE) {
    bad = dhcps_rx(s, &m);
  }
  if (bad != DROP_NONE) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

static err_t pcb_take(void)
{
  if (dhcps_all()->pcb != NULL) {
    return ERR_OK;
  }
  struct udp_pcb *pcb = udp_new();
  if (pcb == NULL) {
    return ERR_MEM;
  }
  ip_set_option(pcb, SOF_BROADCAST);
  err_t err = udp_bind(pcb, IP4_ADDR_ANY, LWIP_IANA_PORT_DHCP_SERVER);
  if (err != ERR_OK) {
    udp_remove(pcb);
    return err;
  }
  udp_recv(pcb, on_recv, NULL);
  dhcps_all()->pcb = pcb;
  return ERR_OK;
}

static void pcb_give(void)
{
  for (const struct dhcps_t *s = dhcps_all()->first; s != NULL; s = s->next) {
    if (s->netif != NULL) {
      return;
    }
  }
  udp_remove(dhcps_all()->pcb);
  dhcps_all()->pcb = NULL;
}

/* --- life --- */

static void end_all(void)
{
  while (dhcps_all()->first != NULL) {
    dhcps_delete(dhcps_all()->first);
  }
}

dhcps_t *dhcps_new(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct dhcps_t *s = (struct dhcps_t *)mem_calloc(1, sizeof *s);
  if (s == NULL) {
    return NULL;
  }
  s->options.dhcps_offer = OFFER_ROUTER;
  s->options.dhcps_time = DHCPS_LEASE_TIME_DEF;
  random_key(s->key, "dhcps");
  s->next = dhcps_all()->first;
  dhcps_all()->first = s;
  dhcps_all()->at_exit.fn = end_all;
  stack_at_exit(&dhcps_all()->at_exit);
  return s;
}

void dhcps_delete(dhcps_t *dhcps)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL) {
    return;
  }
  struct dhcps_t **at = &dhcps_all()->first;
  while (*at != dhcps) {
    at = &(*at)->next;
  }
  (void)dhcps_stop(dhcps, dhcps->netif);
  *at = dhcps->next;
  timer_cancel(&dhcps->timer);
  mem_free(dhcps);
}

/** Where the server is changes, or which addresses it gives. @return ERR_ARG: that cannot be */
static err_t set_place(dhcps_t *s, const ip4_addr_t *ip, const ip4_addr_t *mask)
{
  ip4_addr_t old_ip = s->ip;
  ip4_addr_t old_mask = s->mask;
  s->ip = *ip;
  s->mask = *mask;
  if (!dhcps_pool_set(s)) {
    s->ip = old_ip;
    s->mask = old_mask;
    return ERR_ARG;
  }
  dhcps_pool_prune(s);
  return ERR_OK;
}

err_t dhcps_start(dhcps_t *dhcps, struct netif *netif, ip4_addr_t ip)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || netif == NULL || !netif_ip4_owns(netif, &ip)) {
    return ERR_ARG;
  }
  if (dhcps->netif != NULL || server_on(netif) != NULL) {
    return ERR_USE;
  }
  bool has_mask = !ip4_addr_isany_val(dhcps->mask_option);
  err_t err = set_place(dhcps, &ip, has_mask ? &dhcps->mask_option : netif_ip4_netmask(netif));
  if (err == ERR_OK) {
    err = pcb_take();
  }
  if (err == ERR_OK) {
    dhcps->netif = netif;
    dhcps_arp_tell(dhcps);
  }
  return err;
}

err_t dhcps_stop(dhcps_t *dhcps, struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || netif == NULL || dhcps->netif != netif) {
    return ERR_ARG;
  }
  dhcps->netif = NULL;
  dhcps_arp_tell(dhcps);
  pcb_give();
  return ERR_OK;
}

/* --- options --- */

/** Where a value of fixed size is kept; NULL: there is no such option. */
static void *value_of(dhcps_t *s, u8_t op_id, size_t *size)
{
  switch (op_id) {
  case IP_ADDRESS_LEASE_TIME:
    *size = sizeof s->options.dhcps_time;
    return &s->options.dhcps_time;
  case REQUESTED_IP_ADDRESS:
    *size = sizeof s->options.dhcps_poll;
    return &s->options.dhcps_poll;
  case ROUTER_SOLICITATION_ADDRESS:
    *size = sizeof s->options.dhcps_offer;
    return &s->options.dhcps_offer;
  case DOMAIN_NAME_SERVER:
    *size = sizeof s->options.dhcps_dns;
    return &s->options.dhcps_dns;
  case SUBNET_MASK:
    *size = sizeof s->mask_option;
    return &s->mask_option;
  default:
    return NULL;
  }
}

void *dhcps_option_info(dhcps_t *dhcps, u8_t op_id, u32_t opt_len)
{
  LWIP_ASSERT_CORE_LOCKED();
  size_t size;
  if (dhcps == NULL) {
    return NULL;
  }
  if (op_id == CAPTIVEPORTAL_URI && opt_len == dhcps->uri_len) {
    return LWIP_CONST_CAST(void *, dhcps->uri);
  }
  void *value = value_of(dhcps, op_id, &size);
  return (value != NULL && size == opt_len) ? value : NULL;
}

static err_t uri_set(dhcps_t *s, const char *uri, u32_t len)
{
  if (len > 0xff || (len > 0 && uri == NULL)) {
    return ERR_ARG;
  }
  s->uri = uri;
  s->uri_len = len;
  return ERR_OK;
}

/** The new value is there: does it make sense? */
static err_t value_check(dhcps_t *s, u8_t op_id)
{
  const dhcps_lease_t *pool = &s->options.dhcps_poll;
  u32_t start = lwip_ntohl(pool->start_ip.addr);
  u32_t end = lwip_ntohl(pool->end_ip.addr);
  if (op_id == SUBNET_MASK) {
    return ip4_addr_netmask_valid(s->mask_option.addr) ? ERR_OK : ERR_ARG;
  }
  if (op_id != REQUESTED_IP_ADDRESS) {
    return ERR_OK;
  }
  if (pool->enable && (start > end || end - start >= DHCPS_MAX_LEASE)) {
    return ERR_ARG;
  }
  return s->netif != NULL ? set_place(s, &s->ip, &s->mask) : ERR_OK;
}

err_t dhcps_set_option_info(dhcps_t *dhcps, u8_t op_id, void *opt_info, u32_t opt_len)
{
  LWIP_ASSERT_CORE_LOCKED();
  u8_t before[sizeof(dhcps_lease_t)];
  size_t size;
  if (dhcps == NULL) {
    return ERR_ARG;
  }
  if (op_id == CAPTIVEPORTAL_URI) {
    return uri_set(dhcps, (const char *)opt_info, opt_len);
  }
  void *value = value_of(dhcps, op_id, &size);
  if (value == NULL || opt_info == NULL || opt_len != size) {
    return ERR_ARG;
  }
  memcpy(before, value, size);
  memcpy(value, opt_info, size);
  err_t err = value_check(dhcps, op_id);
  if (err != ERR_OK) {
    memcpy(value, before, size);
  }
  return err;
}

err_t dhcps_dns_setserver(dhcps_t *dhcps, const ip_addr_t *dnsserver)
{
  return dhcps_dns_setserver_by_type(dhcps, dnsserver, DNS_TYPE_MAIN);
}

err_t dhcps_dns_setserver_by_type(dhcps_t *dhcps, const ip_addr_t *dnsserver, dns_type_t type)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || (unsigned)type >= DNS_TYPE_MAX ||
      (dnsserver != NULL && !IP_IS_V4(dnsserver))) {
    return ERR_ARG;
  }
  dhcps->dns[type] = dnsserver != NULL ? *ip_2_ip4(dnsserver) : *IP4_ADDR_ANY4;
  return ERR_OK;
}

err_t dhcps_dns_getserver(dhcps_t *dhcps, ip4_addr_t *dnsserver)
{
  return dhcps_dns_getserver_by_type(dhcps, dnsserver, DNS_TYPE_MAIN);
}

err_t dhcps_dns_getserver_by_type(dhcps_t *dhcps, ip4_addr_t *dnsserver, dns_type_t type)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || dnsserver == NULL || (unsigned)type >= DNS_TYPE_MAX) {
    return ERR_ARG;
  }
  *dnsserver = dhcps->dns[type];
  return ERR_OK;
}

err_t dhcps_set_new_lease_cb(dhcps_t *dhcps, dhcps_cb_t cb, void *cb_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL) {
    return ERR_ARG;
  }
  dhcps->cb = cb;
  dhcps->cb_arg = cb_arg;
  return ERR_OK;
}

/* --- leases --- */

/** The client with a lease, a MAC address (unless NULL) and a name (likewise) that was heard from
    last; NULL: none. */
static const struct dhcps_entry *lease_find(const dhcps_t *s, const u8_t *mac, const char *name)
{
  const struct dhcps_entry *found = NULL;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(s->entry); i++) {
    const struct dhcps_entry *e = &s->entry[i];
    if (e->state == DHCPS_BOUND && (mac == NULL || memcmp(mac, e->mac.addr, ETH_HWADDR_LEN) == 0) &&
        (name == NULL || lwip_stricmp(name, e->hostname) == 0) &&
        (found == NULL || (s32_t)(e->used - found->used) > 0)) {
      found = e;
    }
  }
  return found;
}

bool dhcp_search_ip_on_mac(dhcps_t *dhcps, u8_t *mac, ip4_addr_t *ip)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || mac == NULL || ip == NULL) {
    return false;
  }
  const struct dhcps_entry *e = lease_find(dhcps, mac, NULL);
  if (e != NULL) {
    *ip = e->ip;
  }
  return e != NULL;
}

bool dhcps_search_ip_on_hostname(const dhcps_t *dhcps, const char *hostname, ip4_addr_t *ip)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || hostname == NULL || hostname[0] == '\0' || ip == NULL) {
    return false;
  }
  const struct dhcps_entry *e = lease_find(dhcps, NULL, hostname);
  if (e != NULL) {
    *ip = e->ip;
  }
  return e != NULL;
}

bool dhcps_get_hostname_on_mac(dhcps_t *dhcps, const u8_t *mac, char *out, size_t out_len)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (dhcps == NULL || mac == NULL || out == NULL || out_len == 0) {
    return false;
  }
  const struct dhcps_entry *e = lease_find(dhcps, mac, NULL);
  if (e == NULL || e->hostname[0] == '\0') {
    return false;
  }
  size_t len = LWIP_MIN(strlen(e->hostname), out_len - 1);
  memcpy(out, e->hostname, len);
  out[len] = '\0';
  return true;
}

bool dhcps_lease_get(const dhcps_t *dhcps, unsigned i, struct dhcps_pool *lease)
{
  LWIP_ASSERT_CORE_LOCKED();
  for (unsigned k = 0; dhcps != NULL && k < LWIP_ARRAYSIZE(dhcps->entry); k++) {
    const struct dhcps_entry *e = &dhcps->entry[k];
    if (e->state != DHCPS_BOUND || i-- > 0) {
      continue;
    }
    lease->ip = e->ip;
    memcpy(lease->mac, e->mac.addr, sizeof lease->mac);
    lease->lease_timer = lifetime_left_s(&e->life);
    memcpy(lease->hostname, e->hostname, sizeof lease->hostname);
    return true;
  }
  return false;
}

#endif /* ESP_DHCPS */
