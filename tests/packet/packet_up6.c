/**
 * @file
 * The stack under test gets IPv6; its neighbors answer.
 */
#include "packet_priv.h"
#include "lwip/ip6_addr.h"
#if LWIP_IPV6
#include "lwip/ethip6.h"
#endif

/** All reports of new group memberships have been sent after this (RFC 2710 7.10, RFC 3810 9.11).
 */
#define REPORTS_MS 12000

static bool is_up; /* a body of this run called net6_up() */

#if LWIP_IPV6

static struct packet_net *net_of(struct netif *netif)
{
  return netif->state;
}

void packet_net6_init(struct netif *netif)
{
#if LWIP_ETHERNET
  netif->output_ip6 = ethip6_output;
#endif
#if LWIP_IPV6_MLD
  netif->flags |= NETIF_FLAG_MLD6;
#endif
}

/** No router solicitation goes out unless a test asks for it. */
static void stay_quiet(struct netif *netif)
{
#if LWIP_IPV6_SEND_ROUTER_SOLICIT
  netif->rs_count = 0;
#else
  (void)netif;
#endif
}

void packet_net6_quiet(void)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    stay_quiet(netif);
  }
}

static void set_addresses(struct netif *netif)
{
  u8_t k = net_of(netif)->number;
  ip6_addr_t linklocal = ip6_of("fe80::ff:fe00:1");
  ip6_addr_t global = ip6_of("2001:db8::1");
  linklocal.addr[3] |= lwip_htonl((u32_t)k << 8);
  global.addr[1] |= lwip_htonl((u32_t)k << 16);
  ip6_addr_assign_zone(&linklocal, IP6_UNICAST, netif);
  stay_quiet(netif);
  netif_ip6_addr_set(netif, 0, &linklocal);
  netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
  netif_ip6_addr_set(netif, 1, &global);
  netif_ip6_addr_set_state(netif, 1, IP6_ADDR_PREFERRED);
}

void net6_up_on(struct packet_net *on)
{
  is_up = true;
  set_addresses(&on->netif);
  advance(REPORTS_MS);
  tx_discard();
  ignore_drops();
}

void packet_net6_restore(struct netif *netif)
{
  if (!is_up && LWIP_IPV4) {
    return;
  }
  is_up = true;
  for (s8_t i = 2; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    netif_ip6_addr_set_state(netif, i, IP6_ADDR_INVALID);
  }
  packet_net6_init(netif);
  set_addresses(netif);
}

#else

void packet_net6_init(struct netif *netif)
{
  (void)netif;
}

void packet_net6_restore(struct netif *netif)
{
  (void)netif;
}

void packet_net6_quiet(void)
{
}

void net6_up_on(struct packet_net *on)
{
  (void)on;
  packet_fail(__FILE__, __LINE__, "this build has no IPv6");
}

#endif

void net6_up(void)
{
  net6_up_on(&net);
}

void packet_net6_forget(void)
{
  is_up = false;
}

bool packet_net6_is_up(void)
{
  return is_up;
}

/** The host's number of a peer's address on net `k`; 0: nobody's. */
static u8_t peer_of(const u8_t addr[16], u8_t k)
{
  static const u8_t linklocal[15] = {0xfe, 0x80};
  const u8_t global[15] = {0x20, 0x01, 0x0d, 0xb8, 0, k};
  bool is_near = memcmp(addr, linklocal, 15) == 0 || memcmp(addr, global, 15) == 0;
  bool is_host = (addr[15] >= 2 && addr[15] <= 0xfa) || addr[15] == 0xfe;
  return is_near && is_host ? addr[15] : 0;
}

bool packet_answer_ns(const struct packet_net *on, const struct frame *f, struct frame *reply)
{
  static const u8_t head[4] = {0x86, 0xdd, 0x60};
  static const u8_t unspecified[16];
  const u8_t *h = f->data + IP6_AT;
  if (!on->peer_answers_nd || f->len < IP6_PAYLOAD_AT + 24 || memcmp(f->data + 12, head, 3) != 0 ||
      h[6] != NH_ICMP6 || h[40] != T6_NS || memcmp(h + 8, unspecified, 16) == 0) {
    return false;
  }
  u8_t peer = peer_of(h + 48, on->number);
  if (peer == 0) {
    return false;
  }
  struct frame na = frame_of(NULL, IP6_PAYLOAD_AT + 32);
  const u8_t *mac = mac_of(on->number, peer);
  memcpy(na.data, f->data + 6, 6);
  memcpy(na.data + 6, mac, 6);
  memcpy(na.data + 12, head, 3);
  put16(&na, IP6_AT + 4, 32);
  put8(&na, IP6_AT + 6, NH_ICMP6);
  put8(&na, IP6_HOP_LIMIT_AT, 255);
  memcpy(na.data + IP6_AT + 8, h + 48, 16);
  memcpy(na.data + IP6_AT + 24, h + 8, 16);
  put8(&na, IP6_PAYLOAD_AT, T6_NA);
  put8(&na, IP6_PAYLOAD_AT + 4, (u8_t)(NA_S | NA_O | (peer == 0xfe ? NA_R : 0)));
  memcpy(na.data + IP6_PAYLOAD_AT + 8, h + 48, 16);
  put8(&na, IP6_PAYLOAD_AT + 24, ND_TARGET);
  put8(&na, IP6_PAYLOAD_AT + 25, 1);
  memcpy(na.data + IP6_PAYLOAD_AT + 26, mac, 6);
  icmp6_fix_checksum(&na);
  *reply = na;
  return true;
}
