/**
 * @file
 * What a DHCP server says, and where to (RFC 2131 4.1, 4.3.1 table 3, RFC 3046, RFC 6842).
 *
 * State: none.
 */
#include "lwip/opt.h"

#if ESP_DHCPS

#include <string.h>
#include "lwip/prot/iana.h"
#include "lwip/udp.h"
#include "link/arp.h"
#include "apps/dhcpserver/dhcps_priv.h"

u32_t dhcps_lease_s(const struct dhcps_t *s, const struct dhcp_message *m)
{
  u32_t units = s->options.dhcps_time != 0 ? s->options.dhcps_time : DHCPS_LEASE_TIME_DEF;
  u32_t lease_s = LWIP_MIN(units, (LIFETIME_INFINITE - 1) / DHCPS_LEASE_UNIT) * DHCPS_LEASE_UNIT;
  u32_t wish_s;
  bool has_wish = dhcp_option_u32(m, DHCP_OPTION_LEASE_TIME, &wish_s) && wish_s != 0;
  return has_wish ? LWIP_MIN(lease_s, wish_s) : lease_s;
}

/** RFC 3046 2.2 and RFC 6842 3: what a relay or the client added goes back unchanged. */
static void put_echo(struct dhcp_writer *w, const struct dhcp_message *m, u8_t code)
{
  u8_t value[255];
  int len = dhcp_option_get(m, code, value, sizeof value);
  if (len >= 0 && (size_t)len <= sizeof value) {
    dhcp_put(w, code, value, (size_t)len);
  }
}

static void put_dns(struct dhcp_writer *w, const struct dhcps_t *s)
{
  ip4_addr_t servers[DNS_TYPE_MAX];
  unsigned count = 0;
  for (unsigned i = 0; i < DNS_TYPE_MAX && dhcps_dns_enabled(s->options.dhcps_dns); i++) {
    if (!ip4_addr_isany_val(s->dns[i])) {
      servers[count++] = s->dns[i];
    }
  }
  if (count == 0 && !dhcps_dns_enabled(s->options.dhcps_dns)) {
    servers[count++] = s->ip;
  }
  if (count > 0) {
    dhcp_put(w, DHCP_OPTION_DNS_SERVER, servers, count * sizeof servers[0]);
  }
}

/** What a host needs to know. */
static void put_config(struct dhcp_writer *w, const struct dhcps_t *s)
{
  const ip4_addr_t *gw = netif_ip4_gw(s->netif);
  ip4_addr_t broadcast = {.addr = s->ip.addr | ~s->mask.addr};
  dhcp_put_addr(w, DHCP_OPTION_SUBNET_MASK, &s->mask);
  if (dhcps_router_enabled(s->options.dhcps_offer)) {
    dhcp_put_addr(w, DHCP_OPTION_ROUTER, ip4_addr_isany_val(*gw) ? &s->ip : gw);
  }
  put_dns(w, s);
  dhcp_put_addr(w, DHCP_OPTION_BROADCAST, &broadcast);
  dhcp_put_u16(w, DHCP_OPTION_MTU, s->netif->mtu);
  dhcp_put_u8(w, PERFORM_ROUTER_DISCOVERY, 0);
}

static void put_options(struct dhcp_writer *w, const struct dhcps_t *s,
                        const struct dhcp_message *m, u8_t type, bool is_lease)
{
  dhcp_put_u8(w, DHCP_OPTION_MESSAGE_TYPE, type);
  dhcp_put_addr(w, DHCP_OPTION_SERVER_ID, &s->ip);
  if (is_lease) {
    dhcp_put_u32(w, DHCP_OPTION_LEASE_TIME, dhcps_lease_s(s, m));
  }
  if (type != DHCP_NAK) {
    put_config(w, s);
  }
  put_echo(w, m, DHCP_OPTION_CLIENT_ID);
  put_echo(w, m, DHCP_AGENT_OPTIONS);
  if (type != DHCP_NAK && s->uri_len > 0) {
    dhcp_put(w, CAPTIVEPORTAL_URI, s->uri, s->uri_len);
  }
}

/** RFC 2131 4.1: to the relay, to the client's address, to all, or to an address that the client
    does not answer ARP for yet. @return the port */
static u16_t destination(struct dhcps_t *s, const struct dhcp_message *m, u8_t type,
                         const ip4_addr_t *ip, ip4_addr_t *dst)
{
  struct eth_addr mac;
  *dst = *IP4_ADDR_BROADCAST;
  if (!ip4_addr_isany_val(m->giaddr) && m->type != DHCP_INFORM) {
    *dst = m->giaddr;
    return LWIP_IANA_PORT_DHCP_SERVER;
  }
  if (type == DHCP_NAK) {
    return LWIP_IANA_PORT_DHCP_CLIENT;
  }
  if (!ip4_addr_isany_val(m->ciaddr)) {
    *dst = m->ciaddr;
    return LWIP_IANA_PORT_DHCP_CLIENT;
  }
  memcpy(mac.addr, m->chaddr, sizeof mac.addr);
  if (ip != NULL && (m->flags & DHCP_FLAG_BROADCAST) == 0 && arp_learn(s->netif, ip, &mac, false)) {
    *dst = *ip;
  }
  return LWIP_IANA_PORT_DHCP_CLIENT;
}

static void put_fixed(u8_t *out, const struct dhcp_message *m, u8_t type, const ip4_addr_t *ip)
{
  struct dhcp_message reply = {.op = DHCP_BOOTREPLY,
                               .htype = m->htype,
                               .hlen = m->hlen,
                               .xid = m->xid,
                               .flags = m->flags,
                               .giaddr = m->giaddr,
                               .chaddr = m->chaddr};
  if (ip != NULL) {
    reply.yiaddr = *ip;
  }
  if (type == DHCP_ACK) {
    reply.ciaddr = m->ciaddr;
  }
  if (type == DHCP_NAK && !ip4_addr_isany_val(m->giaddr)) {
    reply.flags |= DHCP_FLAG_BROADCAST; /* the client may not be where the relay thinks (4.3.2) */
  }
  dhcp_build(out, &reply, DHCP_CHADDR_LEN);
}

void dhcps_reply(struct dhcps_t *s, const struct dhcp_message *m, u8_t type, const ip4_addr_t *ip)
{
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, sizeof(struct dhcp_msg), PBUF_RAM);
  if (p == NULL) {
    return; /* the client will ask again */
  }
  u8_t *bytes = (u8_t *)p->payload;
  struct dhcp_writer w = {.bytes = bytes + DHCP_OPTIONS_OFS, .size = DHCP_OPTIONS_LEN};
  put_fixed(bytes, m, type, ip);
  put_options(&w, s, m, type, ip != NULL);
  u16_t len = dhcp_put_end(w.bytes, w.size, w.len);
  pbuf_realloc(p, (u16_t)(DHCP_OPTIONS_OFS + len));
  ip4_addr_t to;
  ip_addr_t dst;
  ip_addr_t src;
  u16_t port = destination(s, m, type, ip, &to);
  ip_addr_copy_from_ip4(dst, to);
  ip_addr_copy_from_ip4(src, s->ip);
  (void)udp_sendto_if_src(dhcps_pcb(), p, &dst, port, s->netif, &src);
  pbuf_free(p);
}

#endif /* ESP_DHCPS */
