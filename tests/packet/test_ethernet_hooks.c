/**
 * @file
 * The Ethernet layer's hooks: VLAN check and set, unknown EtherTypes, several netifs on one MAC.
 * The program brings its own build of that layer, so that the library's is not linked.
 */
#include "lwip/opt.h"
#include "lwip/netif.h"
#include "lwip/prot/ethernet.h"

static int hook_check(struct netif *netif, struct eth_hdr *eth, struct eth_vlan_hdr *vlan);
static s32_t hook_set(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                      const struct eth_addr *dst, u16_t eth_type);
static err_t hook_unknown(struct pbuf *p, struct netif *netif);
static struct netif *hook_netif(struct pbuf *p, struct netif *netif, u16_t eth_type);

#define LWIP_HOOK_VLAN_CHECK(netif, eth, vlan)       hook_check(netif, eth, vlan)
#define LWIP_HOOK_VLAN_SET(netif, p, src, dst, type) hook_set(netif, p, src, dst, type)
#define LWIP_HOOK_UNKNOWN_ETH_PROTOCOL(p, netif)     hook_unknown(p, netif)
#define LWIP_ARP_FILTER_NETIF                        1
#define LWIP_ARP_FILTER_NETIF_FN(p, netif, type)     hook_netif(p, netif, type)
#include "packet.h"
#include "families.h"
#include "link/ethernet.c"

/* What the hooks saw and shall do; reset when a body ends, early or not. */
static struct {
  u16_t vlan_wanted;
  u16_t vlan_type;
  s32_t tci;
  u16_t set_type;
  struct netif *instead;
  bool takes;
  u16_t taken_len;
  u8_t taken_first;
} hooks = {.tci = -1};

static void reset(void)
{
  memset(&hooks, 0, sizeof hooks);
  hooks.tci = -1;
}

static void begin(void)
{
  reset();
  packet_at_end(reset);
}

static int hook_check(struct netif *netif, struct eth_hdr *eth, struct eth_vlan_hdr *vlan)
{
  hooks.vlan_type = lwip_ntohs(vlan->tpid);
  return netif == &net.netif && memcmp(eth->dest.addr, our_mac, 6) == 0 &&
         VLAN_ID(vlan) == hooks.vlan_wanted;
}

static s32_t hook_set(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                      const struct eth_addr *dst, u16_t eth_type)
{
  hooks.set_type = eth_type;
  return (netif == &net.netif && p != NULL && src != NULL && dst != NULL) ? hooks.tci : -1;
}

static err_t hook_unknown(struct pbuf *p, struct netif *netif)
{
  if (!hooks.takes || netif != &net.netif) {
    return ERR_VAL;
  }
  hooks.taken_len = p->tot_len;
  hooks.taken_first = pbuf_get_at(p, 0);
  pbuf_free(p);
  return ERR_OK;
}

static struct netif *hook_netif(struct pbuf *p, struct netif *netif, u16_t eth_type)
{
  bool is_ip = eth_type == ETHTYPE_IP || eth_type == ETHTYPE_IPV6;
  return (hooks.instead != NULL && is_ip && p->tot_len > 14) ? hooks.instead : netif;
}

static void vlan_check(bool is_v6)
{
  begin();
  hooks.vlan_wanted = 7;
  rx(vlan_tagged(ping(is_v6, 1, "", 0), 0x4007));
  check_ping_answer(is_v6, tx(), 1, "", 0);
  assert_int_equal(hooks.vlan_type, is_v6 ? ETHTYPE_IPV6 : ETHTYPE_IP);
  rx(vlan_tagged(ping(is_v6, 1, "", 0), 8));
  expect_drop(DROP_VLAN_FILTERED);
  expect_silence();
}

static void test_vlan_check(void)
{
  each_family(vlan_check);
}

#if LWIP_IPV4
static void test_vlan_set(void)
{
  begin();
  hooks.tci = 0x7123;
  net.peer_answers_arp = false; /* nor could it: what it sees has a tag */
  rx(ping4("10.0.0.2", "10.0.0.1", 1, 1, "abc", 3));
  check_arp(check_vlan(tx(), 0x7123), ARP_REQUEST, our_mac, "10.0.0.1", ethzero.addr, "10.0.0.2");
  rx(arp(ARP_REPLY, peer_mac, "10.0.0.2", our_mac, "10.0.0.1"));
  check_pong(check_vlan(tx(), 0x7123), 1, 1, "abc", 3);
  assert_int_equal(hooks.set_type, ETHTYPE_IP);
  begin();
}
#endif

#if LWIP_IPV6
static void test_vlan_set_for_ip6(void)
{
  net6_up();
  begin();
  hooks.tci = 0x7123;
  rx(ping(true, 1, "abc", 3)); /* peers do not understand what has a tag */
  struct frame *asked = check_vlan(tx(), 0x7123);
  check_ns(asked, "fe80::ff:fe00:1", solicited_node("fe80::2"), "fe80::2");
  struct nd_options o = {0};
  nd_opt_lladdr(&o, ND_TARGET, peer_mac);
  rx(na("fe80::2", "fe80::ff:fe00:1", "fe80::2", NA_S | NA_O, &o));
  check_ping_answer(true, check_vlan(tx(), 0x7123), 1, "abc", 3);
  assert_int_equal(hooks.set_type, ETHTYPE_IPV6);
  begin();
}
#endif

/* A packet that came in as a frame has no room for a tag in front: the header is chained to it. */
static void test_tag_without_room(void)
{
  begin();
  hooks.tci = 3;
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 18, PBUF_RAM);
  assert_non_null(p);
  app_own(p);
  memset(p->payload, 0x11, 18);
  pbuf_remove_header(p, 14);
  assert_int_equal(ethernet_output(&net.netif, p, &ethzero, &ethbroadcast, 0x88b5), ERR_OK);
  struct frame *f = check_eth(check_vlan(tx(), 3), broadcast_mac, ethzero.addr, 0x88b5);
  assert_int_equal(f->len, 18);
  assert_int_equal(get32(f, 14), 0x11111111);
  begin();
}

static void test_unknown_types_go_to_the_hook_with_their_header(void)
{
  begin();
  hooks.takes = true;
  rx_exact(eth(our_mac, peer_mac, 0x88b5, "abc", 3));
  expect_no_drop();
  assert_int_equal(hooks.taken_len, 17);
  assert_int_equal(hooks.taken_first, our_mac[0]);
  rx_exact(eth(our_mac, peer_mac, 3, "abc", 3)); /* LLC, too */
  expect_no_drop();
  hooks.takes = false;
  rx(eth(our_mac, peer_mac, 0x88b5, "abc", 3));
  expect_drop(DROP_ETH_UNKNOWN_TYPE);
}

static void test_frame_for_another_netif(void)
{
  begin();
  struct packet_net *other = net_add_netif();
  if (LWIP_IPV6) {
    net6_up_on(other);
  }
  tx_discard();
  memcpy(other->netif.hwaddr, our_mac, 6);
  hooks.instead = &other->netif;
  if (LWIP_IPV4) {
    struct frame f = ping4("10.0.1.2", "10.0.1.1", 1, 1, "", 0);
    memcpy(f.data, our_mac, 6);
    rx(f);
    check_pong(tx_on(other), 1, 1, "", 0);
  }
  if (LWIP_IPV6) {
    struct frame f = ping6("2001:db8:1::2", "2001:db8:1::1", 1, 1, "", 0);
    memcpy(f.data, our_mac, 6);
    rx(f);
    check_pong6(tx_on(other), 1, 1, "", 0);
  }
  begin();
}

static const struct packet_test tests[] = {
    TEST(test_vlan_check),
#if LWIP_IPV4
    TEST(test_vlan_set),
#endif
#if LWIP_IPV6
    TEST(test_vlan_set_for_ip6),
#endif
    TEST(test_tag_without_room),
    TEST(test_unknown_types_go_to_the_hook_with_their_header),
    TEST(test_frame_for_another_netif),
};

PACKET_MAIN(tests)
