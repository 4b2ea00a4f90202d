/**
 * @file
 * What the DHCP client hears: is it an answer to what it asked, from whom it has to come?
 *
 * State: the one UDP pcb of all clients, and how many there are.
 *
 * An answer must name the number that was drawn for the exchange and our hardware address, and come
 * in by the client's netif; behind an offer only the server of that offer is listened to. A NAK
 * costs an address, so it needs a server identifier (security vector B12-202).
 *
 * RFC 2131 4.1, 4.4, RFC 6842.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include <string.h>
#include "lwip/debug.h"
#include "lwip/dhcp.h"
#include "lwip/ip.h"
#include "lwip/prot/iana.h"
#include "lwip/udp.h"
#include "lwip/priv/dhcp_hooks.h"
#include "control/dhcp_priv.h"

struct dhcp_socket {
  struct udp_pcb *pcb;
  u8_t clients;
};

STACK_STATE(struct dhcp_socket, dhcp_socket);

/** Options that the client itself reads: not for hooks. */
static bool dhcp_is_known(u8_t code)
{
  switch (code) {
  case DHCP_OPTION_SUBNET_MASK:
  case DHCP_OPTION_ROUTER:
  case DHCP_OPTION_DNS_SERVER:
  case DHCP_OPTION_LEASE_TIME:
  case DHCP_OPTION_OVERLOAD:
  case DHCP_OPTION_MESSAGE_TYPE:
  case DHCP_OPTION_SERVER_ID:
  case DHCP_OPTION_T1:
  case DHCP_OPTION_T2:
    return true;
  case DHCP_OPTION_NTP:
    return LWIP_DHCP_GET_NTP_SRV;
  default:
    return false;
  }
}

static void dhcp_show_unknown(struct dhcp *dhcp, const struct dhcp_message *m, struct pbuf *p)
{
  struct dhcp_option o = {0};
  while (dhcp_option_next(m, &o)) {
    if (!dhcp_is_known(o.code)) {
      hook_dhcp_parse(dhcp->netif, dhcp, (struct dhcp_msg *)p->payload, m->type, o.code, o.len, p,
                      o.at);
    }
  }
}

/** Does it answer us? */
static bool dhcp_is_ours(const struct dhcp *dhcp, const struct dhcp_message *m)
{
  const struct netif *netif = dhcp->netif;
  u8_t id[DHCP_CLIENT_ID_LEN_MAX];
  u8_t echoed[DHCP_CLIENT_ID_LEN_MAX];
  size_t hwaddr_len = LWIP_MIN(netif->hwaddr_len, DHCP_CHADDR_LEN);
  if (dhcp->state == DHCP_STATE_OFF || m->op != DHCP_BOOTREPLY || m->xid != dhcp->xid ||
      memcmp(m->chaddr, netif->hwaddr, hwaddr_len) != 0) {
    return false;
  }
  size_t id_len = dhcp_client_id(netif, id);
  int echoed_len = dhcp_option_get(m, DHCP_OPTION_CLIENT_ID, echoed, sizeof echoed);
  /* RFC 6842 3: a server that echoes the identifier echoes ours. */
  return id_len == 0 || echoed_len < 0 ||
         ((size_t)echoed_len == id_len && memcmp(id, echoed, id_len) == 0);
}

/** Who sent it, by option 54, if that is an address that a host can have. */
static bool dhcp_server_of(const struct dhcp_message *m, ip4_addr_t *server)
{
  return dhcp_option_addr(m, DHCP_OPTION_SERVER_ID, server) && !ip4_addr_isany_val(*server) &&
         !ip4_addr_ismulticast(server) && server->addr != IPADDR_BROADCAST;
}

static enum drop_reason dhcp_offer_rx(struct dhcp *dhcp, const struct dhcp_message *m)
{
  ip4_addr_t server;
  if (dhcp->state != DHCP_STATE_SELECTING) {
    return DROP_DHCP_UNEXPECTED;
  }
  if (!dhcp_server_of(m, &server)) {
    return DROP_DHCP_BAD_SERVER;
  }
  enum drop_reason bad = dhcp_lease_read(dhcp, m);
  if (bad == DROP_NONE) {
    ip_addr_copy_from_ip4(dhcp->server_ip_addr, server);
    dhcp_offered(dhcp);
  }
  return bad;
}

/** Is one waited for, and from this server? */
static enum drop_reason dhcp_answer_check(const struct dhcp *dhcp, const struct dhcp_message *m,
                                          ip4_addr_t *server)
{
  switch (dhcp->state) {
  case DHCP_STATE_REQUESTING:
  case DHCP_STATE_RENEWING:
    if (!dhcp_server_of(m, server) || !ip4_addr_eq(server, ip_2_ip4(&dhcp->server_ip_addr))) {
      return DROP_DHCP_BAD_SERVER;
    }
    return DROP_NONE;
  case DHCP_STATE_REBOOTING:
  case DHCP_STATE_REBINDING:
    return dhcp_server_of(m, server) ? DROP_NONE : DROP_DHCP_BAD_SERVER;
  default:
    return DROP_DHCP_UNEXPECTED;
  }
}

static enum drop_reason dhcp_ack_rx(struct dhcp *dhcp, const struct dhcp_message *m)
{
  ip4_addr_t server;
  if (dhcp->state == DHCP_STATE_INFORMING) {
    dhcp_options_take(dhcp, m);
    dhcp_informed(dhcp);
    return DROP_NONE;
  }
  enum drop_reason bad = dhcp_answer_check(dhcp, m, &server);
  if (bad == DROP_NONE) {
    bad = dhcp_lease_read(dhcp, m);
  }
  if (bad == DROP_NONE) {
    ip_addr_copy_from_ip4(dhcp->server_ip_addr, server);
    dhcp_options_take(dhcp, m);
    dhcp_acked(dhcp);
  }
  return bad;
}

static enum drop_reason dhcp_nak_rx(struct dhcp *dhcp, const struct dhcp_message *m)
{
  ip4_addr_t server;
  enum drop_reason bad = dhcp_answer_check(dhcp, m, &server);
  if (bad == DROP_NONE) {
    dhcp_nacked(dhcp);
  }
  return bad;
}

static enum drop_reason dhcp_handle(struct dhcp *dhcp, struct pbuf *p)
{
  struct dhcp_message m;
  enum drop_reason bad = dhcp_parse(&m, (const u8_t *)p->payload, p->len);
  if (bad != DROP_NONE) {
    return bad;
  }
  if (!dhcp_is_ours(dhcp, &m)) {
    return DROP_DHCP_NOT_OURS;
  }
  if (m.type == DHCP_OFFER || m.type == DHCP_ACK) {
    dhcp_show_unknown(dhcp, &m, p);
  }
  switch (m.type) {
  case DHCP_OFFER:
    return dhcp_offer_rx(dhcp, &m);
  case DHCP_ACK:
    return dhcp_ack_rx(dhcp, &m);
  case DHCP_NAK:
    return dhcp_nak_rx(dhcp, &m);
  default:
    return DROP_DHCP_UNEXPECTED;
  }
}

static void dhcp_rx(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                    u16_t port)
{
  struct netif *netif = ip_current_input_netif();
  struct dhcp *dhcp = netif_dhcp_data(netif);
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  if (dhcp == NULL || port != LWIP_IANA_PORT_DHCP_SERVER) {
    drop(p, DROP_DHCP_NOT_OURS);
    return;
  }
  if (p->tot_len > DHCP_RX_LEN_MAX) {
    drop(p, DROP_DHCP_SHORT);
    return;
  }
  if (p->next != NULL) {
    struct pbuf *whole = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
    if (whole == NULL) {
      drop(p, DROP_DHCP_NO_MEMORY);
      return;
    }
    pbuf_free(p);
    p = whole;
  }
  enum drop_reason bad = dhcp_handle(dhcp, p); /* the client may be gone now */
  if (bad != DROP_NONE) {
    drop(p, bad);
  } else {
    pbuf_free(p);
  }
}

static struct udp_pcb *dhcp_pcb_new(void)
{
  struct udp_pcb *pcb = udp_new();
  if (pcb == NULL) {
    return NULL;
  }
  ip_set_option(pcb, SOF_BROADCAST);
  if (udp_bind(pcb, IP4_ADDR_ANY, LWIP_IANA_PORT_DHCP_CLIENT) != ERR_OK) {
    udp_remove(pcb);
    return NULL;
  }
  udp_recv(pcb, dhcp_rx, NULL);
  return pcb;
}

err_t dhcp_pcb_take(struct dhcp *dhcp)
{
  struct dhcp_socket *s = dhcp_socket();
  if (dhcp->pcb_allocated) {
    return ERR_OK;
  }
  if (s->pcb == NULL) {
    s->pcb = dhcp_pcb_new();
  }
  if (s->pcb == NULL) {
    return ERR_MEM;
  }
  s->clients++;
  dhcp->pcb_allocated = 1;
  return ERR_OK;
}

void dhcp_pcb_give(struct dhcp *dhcp)
{
  struct dhcp_socket *s = dhcp_socket();
  if (!dhcp->pcb_allocated) {
    return;
  }
  dhcp->pcb_allocated = 0;
  s->clients--;
  if (s->clients == 0) {
    udp_remove(s->pcb);
    s->pcb = NULL;
  }
}

struct udp_pcb *dhcp_pcb(void)
{
  return dhcp_socket()->pcb;
}

#endif /* LWIP_IPV4 && LWIP_DHCP */
