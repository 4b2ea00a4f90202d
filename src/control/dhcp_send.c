/**
 * @file
 * What the DHCP client says (RFC 2131 4.4, table 5).
 *
 * State: none.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include <string.h>
#include "lwip/debug.h"
#include "lwip/dhcp.h"
#include "lwip/prot/iana.h"
#include "lwip/udp.h"
#include "lwip/priv/dhcp_hooks.h"
#include "gossamer/stack.h"
#include "base/random.h"
#include "control/dhcp_priv.h"
#include "link/netif_ip4.h"
#include "wire/bytes.h"

void dhcp_new_xid(struct dhcp *dhcp)
{
  if (!hook_dhcp_xid(&dhcp->xid)) {
    dhcp->xid = random_u32();
  }
}

size_t dhcp_client_id(const struct netif *netif, u8_t id[DHCP_CLIENT_ID_LEN_MAX])
{
  u8_t hwaddr_len = netif->hwaddr_len;
  u8_t *b = id;
  if (LWIP_DHCP_CLIENT_ID == 0 || hwaddr_len == 0) {
    return 0;
  }
  if (LWIP_DHCP_CLIENT_ID == 1) {
    *b++ = DHCP_HTYPE_ETHERNET;
  } else {
    /* RFC 4361 6.1: which interface (IAID), then who we are (DUID). With a MAC address in the DUID
       each interface would do alone; its number may change from start to start, so it is 0. */
    *b++ = DHCP_OPTION_CLIENT_ID_IAID;
    bytes_put32(b, 0);
    bytes_put16(b + 4, DHCP_DUID_LL);
    bytes_put16(b + 6, DHCP_HTYPE_ETHERNET);
    b += 8;
  }
  memcpy(b, netif->hwaddr, hwaddr_len);
  return (size_t)(b - id) + hwaddr_len;
}

/** What we want to know. Routes stand before routers (RFC 3442). */
static void dhcp_put_wishes(struct dhcp_writer *w)
{
  static const u8_t wishes[] = {
      DHCP_OPTION_SUBNET_MASK,
      DHCP_OPTION_CLASSLESS_ROUTES,
      DHCP_OPTION_ROUTER,
      DHCP_OPTION_DNS_SERVER,
      DHCP_OPTION_BROADCAST,
      DHCP_OPTION_MTU,
      DHCP_OPTION_DOMAIN_NAME,
      DHCP_OPTION_NTP,
      DHCP_OPTION_VSI DHCP_EXTRA_REQUESTS,
  };
  u8_t list[sizeof wishes];
  size_t count = 0;
  for (size_t i = 0; i < sizeof wishes; i++) {
    bool is_unwanted = (wishes[i] == DHCP_OPTION_CLASSLESS_ROUTES && LWIP_DHCP_MAX_ROUTES == 0) ||
                       (wishes[i] == DHCP_OPTION_DNS_SERVER && !LWIP_DNS) ||
                       (wishes[i] == DHCP_OPTION_MTU && !LWIP_DHCP_ENABLE_MTU_UPDATE) ||
                       (wishes[i] == DHCP_OPTION_DOMAIN_NAME && LWIP_DHCP_DOMAIN_LEN == 0) ||
                       (wishes[i] == DHCP_OPTION_NTP && !LWIP_DHCP_GET_NTP_SRV) ||
                       (wishes[i] == DHCP_OPTION_VSI && !LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS);
    if (!is_unwanted) {
      list[count++] = wishes[i];
    }
  }
  dhcp_put(w, DHCP_OPTION_PARAMETER_REQUEST_LIST, list, count);
}

/** Does a renewal, say, carry the address in ciaddr, where it must be one that we can be reached
    at? */
static bool dhcp_is_reachable(const struct dhcp *dhcp, u8_t type)
{
  return type == DHCP_RELEASE || type == DHCP_INFORM ||
         (type == DHCP_REQUEST &&
          (dhcp->state == DHCP_STATE_RENEWING || dhcp->state == DHCP_STATE_REBINDING));
}

/** The address that we want or refuse; "any": that is not for this message to say. */
static ip4_addr_t dhcp_requested(const struct dhcp *dhcp, u8_t type)
{
  ip4_addr_t any = {IPADDR_ANY};
  if (dhcp_is_reachable(dhcp, type)) {
    return any;
  }
  return (type == DHCP_DISCOVER || dhcp->state == DHCP_STATE_REBOOTING) ? dhcp->leased
                                                                        : dhcp->offered_ip_addr;
}

static bool dhcp_names_server(const struct dhcp *dhcp, u8_t type)
{
  return type == DHCP_DECLINE || type == DHCP_RELEASE ||
         (type == DHCP_REQUEST && dhcp->state == DHCP_STATE_REQUESTING);
}

static void dhcp_put_options(struct dhcp *dhcp, u8_t type, struct dhcp_writer *w)
{
  u8_t id[DHCP_CLIENT_ID_LEN_MAX];
  size_t id_len = dhcp_client_id(dhcp->netif, id);
  ip4_addr_t requested = dhcp_requested(dhcp, type);
  const char *hostname = dhcp_hostname(dhcp->netif);
  dhcp_put_u8(w, DHCP_OPTION_MESSAGE_TYPE, type);
  if (id_len > 0) {
    dhcp_put(w, DHCP_OPTION_CLIENT_ID, id, id_len);
  }
  if (!ip4_addr_isany_val(requested)) {
    dhcp_put_addr(w, DHCP_OPTION_REQUESTED_IP, &requested);
  }
  if (dhcp_names_server(dhcp, type)) {
    dhcp_put_addr(w, DHCP_OPTION_SERVER_ID, ip_2_ip4(&dhcp->server_ip_addr));
  }
  if (type == DHCP_DECLINE || type == DHCP_RELEASE) {
    return; /* nothing else may be in them */
  }
  dhcp_put_u16(w, DHCP_OPTION_MAX_MSG_SIZE,
               LWIP_MIN((u16_t)DHCP_RX_LEN_MAX, (u16_t)(dhcp->netif->mtu - 28)));
  dhcp_put_wishes(w);
  if (hostname != NULL && hostname[0] != '\0' &&
      (type != DHCP_DISCOVER || LWIP_DHCP_DISCOVER_ADD_HOSTNAME)) {
    dhcp_put(w, DHCP_OPTION_HOSTNAME, hostname, strlen(hostname));
  }
  dhcp_vendor_put(w);
}

/** Can an answer to the address that is offered not be received? A router that has another address
    passes it on. */
static bool dhcp_wants_broadcast(const struct dhcp *dhcp, u8_t type)
{
  const ip4_addr_t *own = netif_ip4_addr(dhcp->netif);
  return IP_FORWARD && !dhcp_is_reachable(dhcp, type) && !ip4_addr_isany_val(*own) &&
         !ip4_addr_islinklocal(own);
}

static void dhcp_put_fixed(struct dhcp *dhcp, u8_t type, u8_t *bytes)
{
  const struct netif *netif = dhcp->netif;
  u32_t waited_s = (stack_now() - dhcp->since_ms) / 1000;
  bool is_asking = type != DHCP_DECLINE && type != DHCP_RELEASE;
  struct dhcp_message m = {.op = DHCP_BOOTREQUEST,
                           .htype = DHCP_HTYPE_ETHERNET,
                           .hlen = LWIP_MIN(netif->hwaddr_len, (u8_t)DHCP_CHADDR_LEN),
                           .xid = dhcp->xid,
                           .secs = is_asking ? (u16_t)LWIP_MIN(waited_s, 0xffffU) : 0,
                           .chaddr = netif->hwaddr};
  if (dhcp_wants_broadcast(dhcp, type)) {
    m.flags = DHCP_FLAG_BROADCAST;
  }
  if (dhcp_is_reachable(dhcp, type)) {
    m.ciaddr = *netif_ip4_addr(netif);
  }
  dhcp_build(bytes, &m, m.hlen);
}

/**
 * To the server alone, or to all? A release whose address is gone before the server's link address
 * is known would never leave.
 *
 * Deviation: RFC 2131 4.4.6 wants it to be sent to the server alone always.
 */
static bool dhcp_is_unicast(const struct dhcp *dhcp, u8_t type)
{
  struct netif *netif = dhcp->netif;
  const ip4_addr_t *server = ip_2_ip4(&dhcp->server_ip_addr);
  if (type == DHCP_RELEASE) {
    return dhcp_is_resolved(netif, netif_ip4_on_link(netif, server) ? server : netif_ip4_gw(netif));
  }
  return type == DHCP_REQUEST && dhcp->state == DHCP_STATE_RENEWING;
}

err_t dhcp_send(struct dhcp *dhcp, u8_t type)
{
  struct netif *netif = dhcp->netif;
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, sizeof(struct dhcp_msg), PBUF_RAM);
  if (p == NULL) {
    return ERR_MEM;
  }
  struct dhcp_msg *msg = (struct dhcp_msg *)p->payload;
  u8_t *options = (u8_t *)p->payload + DHCP_OPTIONS_OFS;
  struct dhcp_writer w = {.bytes = options, .size = DHCP_OPTIONS_LEN};
  memset(msg, 0, sizeof *msg);
  dhcp_put_fixed(dhcp, type, (u8_t *)p->payload);
  dhcp_put_options(dhcp, type, &w);
  hook_dhcp_append(netif, dhcp, msg, type, &w.len);
  u16_t len = dhcp_put_end(options, DHCP_OPTIONS_LEN, w.len);
  pbuf_realloc(p, (u16_t)(DHCP_OPTIONS_OFS + len));
  ip_addr_t src;
  ip_addr_t dst;
  ip_addr_set_any_val(false, src);
  ip_addr_copy_from_ip4(dst, *IP4_ADDR_BROADCAST);
  if (dhcp_is_reachable(dhcp, type)) {
    ip_addr_copy_from_ip4(src, *netif_ip4_addr(netif));
  }
  if (dhcp_is_unicast(dhcp, type)) {
    ip_addr_copy(dst, dhcp->server_ip_addr);
  }
  err_t err = udp_sendto_if_src(dhcp_pcb(), p, &dst, LWIP_IANA_PORT_DHCP_SERVER, netif, &src);
  pbuf_free(p);
  LWIP_DEBUGF(DHCP_DEBUG | LWIP_DBG_TRACE,
              ("dhcp: sent %d in state %d: %d\n", (int)type, (int)dhcp->state, (int)err));
  return err;
}

#endif /* LWIP_IPV4 && LWIP_DHCP */
