/**
 * @file
 * What a DHCP server does about each message (RFC 2131 4.3).
 *
 * State: in struct dhcps_t. Times, states and addresses change here; dhcps_pool.c finds them.
 */
#include "lwip/opt.h"

#if ESP_DHCPS

#include <string.h>
#include "lwip/ip.h"
#include "apps/dhcpserver/dhcps_priv.h"

/** A message, and what is in it for every kind. */
struct request {
  const struct dhcp_message *m;
  struct dhcps_client client;
  struct dhcps_entry *entry; /* NULL: we do not know the client */
  ip4_addr_t wish;           /* option 50; "any": none */
  ip4_addr_t server;         /* option 54; "any": none */
};

/** A client is what it calls itself, or if it does not, its hardware address (RFC 2131 4.2). */
static u64_t client_id(const struct dhcps_t *s, const struct dhcp_message *m)
{
  u8_t id[1 + 255] = {1};
  int len = dhcp_option_get(m, DHCP_OPTION_CLIENT_ID, id + 1, sizeof id - 1);
  if (len <= 0) {
    id[0] = 0;
    len = ETH_HWADDR_LEN;
    memcpy(id + 1, m->chaddr, ETH_HWADDR_LEN);
  }
  return siphash24(s->key, id, 1 + LWIP_MIN((size_t)len, sizeof id - 1));
}

static struct request request_of(struct dhcps_t *s, const struct dhcp_message *m)
{
  struct request r = {.m = m};
  r.client.id = client_id(s, m);
  memcpy(r.client.mac.addr, m->chaddr, ETH_HWADDR_LEN);
  (void)dhcp_option_addr(m, DHCP_OPTION_REQUESTED_IP, &r.wish);
  (void)dhcp_option_addr(m, DHCP_OPTION_SERVER_ID, &r.server);
  r.entry = dhcps_entry_of(s, &r.client);
  return r;
}

/** A name of letters, digits and -._ is kept, one with anything else or a longer one is not. */
static void keep_hostname(struct dhcps_entry *e, const struct dhcp_message *m)
{
  char name[sizeof e->hostname] = {0};
  int len = dhcp_option_get(m, DHCP_OPTION_HOSTNAME, name, sizeof name);
  if (len <= 0 || (size_t)len >= sizeof name) {
    return;
  }
  for (const char *c = name; *c != '\0'; c++) {
    bool is_letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    if (!is_letter && !(*c >= '0' && *c <= '9') && *c != '-' && *c != '.' && *c != '_') {
      return;
    }
  }
  memcpy(e->hostname, name, sizeof name);
}

static void nak(struct dhcps_t *s, const struct request *r)
{
  dhcps_reply(s, r->m, DHCP_NAK, NULL);
}

/** The address is the client's, for another lease time. */
static enum drop_reason grant(struct dhcps_t *s, struct request *r, const ip4_addr_t *ip)
{
  struct dhcps_entry *e = dhcps_claim(s, &r->client, ip, DHCPS_BOUND);
  bool is_new = e->state != DHCPS_BOUND || ip4_addr_isany_val(r->m->ciaddr);
  dhcps_entry_set(s, e, DHCPS_BOUND, dhcps_lease_s(s, r->m));
  keep_hostname(e, r->m);
  dhcps_reply(s, r->m, DHCP_ACK, ip);
  if (is_new && s->cb != NULL) {
    u8_t addr[sizeof ip->addr];
    memcpy(addr, &ip->addr, sizeof addr);
    s->cb(s->cb_arg, addr, r->client.mac.addr); /* the server may be gone now */
  }
  return DROP_NONE;
}

/** Offers bind nobody: with no entry to spare for them they are made all the same. */
static enum drop_reason discover_rx(struct dhcps_t *s, struct request *r)
{
  ip4_addr_t ip;
  if (!dhcps_choose(s, &r->client, &r->wish, &ip)) {
    return DROP_DHCPS_NO_ADDRESS;
  }
  struct dhcps_entry *e = dhcps_claim(s, &r->client, &ip, DHCPS_RESTING);
  if (e != NULL && e->state != DHCPS_BOUND) {
    dhcps_entry_set(s, e, DHCPS_OFFERED, DHCPS_OFFER_S);
  }
  dhcps_reply(s, r->m, DHCP_OFFER, &ip);
  return DROP_NONE;
}

/** The client has chosen among offers. */
static enum drop_reason selecting_rx(struct dhcps_t *s, struct request *r)
{
  if (!ip4_addr_eq(&r->server, &s->ip)) {
    if (r->entry != NULL && r->entry->state == DHCPS_OFFERED) {
      dhcps_entry_set(s, r->entry, DHCPS_PAST, 0);
    }
    return DROP_DHCPS_OTHER_SERVER;
  }
  bool is_offered = r->entry == NULL || ip4_addr_eq(&r->entry->ip, &r->wish);
  if (is_offered && dhcps_may_have(s, &r->client, &r->wish)) {
    return grant(s, r, &r->wish);
  }
  nak(s, r);
  return DROP_NONE;
}

/** The client remembers an address. Of clients that we do not know another server may know. */
static enum drop_reason reboot_rx(struct dhcps_t *s, struct request *r)
{
  bool is_known = r->entry != NULL;
  if (is_known && ip4_addr_eq(&r->entry->ip, &r->wish) && dhcps_may_have(s, &r->client, &r->wish)) {
    return grant(s, r, &r->wish);
  }
  if (!is_known && dhcps_is_on_link(s, &r->wish)) {
    return DROP_DHCPS_UNKNOWN_CLIENT;
  }
  nak(s, r);
  return DROP_NONE;
}

/**
 * The client uses the address. One that we do not know, but that asks us alone, had it from us
 * before a restart, or before others needed its entry.
 */
static enum drop_reason renewal_rx(struct dhcps_t *s, struct request *r)
{
  const ip4_addr_t *ip = &r->m->ciaddr;
  bool is_known = r->entry != NULL;
  bool is_to_us = ip4_addr_eq(ip4_current_dest_addr(), &s->ip);
  bool is_right = !is_known || ip4_addr_eq(&r->entry->ip, ip);
  if (is_right && (is_known || is_to_us) && dhcps_may_have(s, &r->client, ip)) {
    return grant(s, r, ip);
  }
  if (!is_known && !is_to_us && dhcps_is_on_link(s, ip)) {
    return DROP_DHCPS_UNKNOWN_CLIENT;
  }
  nak(s, r);
  return DROP_NONE;
}

static enum drop_reason request_rx(struct dhcps_t *s, struct request *r)
{
  bool has_address = !ip4_addr_isany_val(r->m->ciaddr);
  if (!ip4_addr_isany_val(r->server)) {
    return selecting_rx(s, r);
  }
  if (has_address) {
    return renewal_rx(s, r);
  }
  return ip4_addr_isany_val(r->wish) ? DROP_DHCP_UNEXPECTED : reboot_rx(s, r);
}

/** Is it about an address that we gave, or offered, to this client? */
static bool is_about(const struct dhcps_t *s, const struct request *r, const ip4_addr_t *ip)
{
  return ip4_addr_eq(&r->server, &s->ip) && r->entry != NULL && r->entry->state > DHCPS_PAST &&
         ip4_addr_eq(&r->entry->ip, ip);
}

static enum drop_reason decline_rx(struct dhcps_t *s, struct request *r)
{
  if (!is_about(s, r, &r->wish)) {
    return DROP_DHCP_UNEXPECTED;
  }
  dhcps_entry_set(s, r->entry, DHCPS_RESTING, DHCPS_REST_S);
  return DROP_NONE;
}

static enum drop_reason release_rx(struct dhcps_t *s, struct request *r)
{
  if (!is_about(s, r, &r->m->ciaddr)) {
    return DROP_DHCP_UNEXPECTED;
  }
  dhcps_entry_set(s, r->entry, DHCPS_PAST, 0);
  return DROP_NONE;
}

/** It has an address of other origin, and wants to know the rest. */
static enum drop_reason inform_rx(struct dhcps_t *s, struct request *r)
{
  const ip4_addr_t *ip = &r->m->ciaddr;
  if (!dhcps_is_on_link(s, ip) || ip4_addr_isbroadcast(ip, s->netif) || ip4_addr_eq(ip, &s->ip)) {
    return DROP_DHCP_UNEXPECTED;
  }
  dhcps_reply(s, r->m, DHCP_ACK, NULL);
  return DROP_NONE;
}

enum drop_reason dhcps_rx(struct dhcps_t *s, const struct dhcp_message *m)
{
  if (m->op != DHCP_BOOTREQUEST || m->htype != DHCP_HTYPE_ETHERNET || m->hlen != ETH_HWADDR_LEN ||
      (m->chaddr[0] & 1) != 0) {
    return DROP_DHCP_NOT_OURS;
  }
  /* We have addresses of one subnet: none for clients behind a relay in another. */
  if (!ip4_addr_isany_val(m->giaddr) && !dhcps_is_on_link(s, &m->giaddr)) {
    return DROP_DHCP_NOT_OURS;
  }
  struct request r = request_of(s, m);
  switch (m->type) {
  case DHCP_DISCOVER:
    return discover_rx(s, &r);
  case DHCP_REQUEST:
    return request_rx(s, &r);
  case DHCP_DECLINE:
    return decline_rx(s, &r);
  case DHCP_RELEASE:
    return release_rx(s, &r);
  case DHCP_INFORM:
    return inform_rx(s, &r);
  default:
    return DROP_DHCP_UNEXPECTED;
  }
}

#endif /* ESP_DHCPS */
