/*
 * Skeleton of an Ethernet driver: copy it and replace the MAC.
 *
 * Here the MAC is a pair of rings in memory whose wire leads back to itself, so that the program
 * runs anywhere: what the stack sends is printed, and an ARP request "from the wire" is answered.
 */
#include <stdio.h>
#include <string.h>

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

/* --- The MAC: what your hardware's header gives you. --- */

#define MAC_FRAME_MAX 1518

struct mac {
  u8_t rx_frame[MAC_FRAME_MAX];
  u16_t rx_len; /* 0: nothing has been received */
};

static struct mac mac;

/** Hand a complete frame to the hardware; false: its ring is full. */
static int mac_send(const u8_t *frame, u16_t len)
{
  printf("sent %u bytes, EtherType %02x%02x\n", (unsigned)len, frame[12], frame[13]);
  return 1;
}

/* --- The driver. --- */

/** netif->linkoutput: the stack has a frame. `p` stays the stack's. */
static err_t low_level_output(struct netif *netif, struct pbuf *p)
{
  u8_t frame[MAC_FRAME_MAX];
  LWIP_UNUSED_ARG(netif); /* without statistics */
  u16_t len = pbuf_copy_partial(p, frame, sizeof frame, ETH_PAD_SIZE);
  if (!mac_send(frame, len)) {
    MIB2_STATS_NETIF_INC(netif, ifoutdiscards);
    return ERR_MEM; /* the sender learns that there was no room */
  }
  MIB2_STATS_NETIF_ADD(netif, ifoutoctets, len);
  LINK_STATS_INC(link.xmit);
  return ERR_OK;
}

/** The received frame in a pbuf, or NULL: none, or no memory. */
static struct pbuf *low_level_input(struct netif *netif)
{
  struct mac *m = (struct mac *)netif->state;
  u16_t len = m->rx_len;
  if (len == 0) {
    return NULL;
  }
  m->rx_len = 0; /* the hardware may have it again, whatever becomes of the frame */
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(len + ETH_PAD_SIZE), PBUF_POOL);
  if (p == NULL) {
    LINK_STATS_INC(link.memerr);
    MIB2_STATS_NETIF_INC(netif, ifindiscards);
    return NULL;
  }
  pbuf_take_at(p, m->rx_frame, len, ETH_PAD_SIZE);
  LINK_STATS_INC(link.recv);
  MIB2_STATS_NETIF_ADD(netif, ifinoctets, len);
  return p;
}

/** Called by the main loop (or the driver's task) when the MAC has received something. */
static void ethernetif_input(struct netif *netif)
{
  struct pbuf *p = low_level_input(netif);
  if (p != NULL && netif->input(p, netif) != ERR_OK) {
    pbuf_free(p); /* the stack did not take it */
  }
}

/** For netif_add(): say what the hardware is and how to reach it. */
static err_t ethernetif_init(struct netif *netif)
{
  static const u8_t hwaddr[6] = {0x02, 0, 0, 0, 0, 0x01};
  netif->name[0] = 'e';
  netif->name[1] = 'n';
#if LWIP_IPV4
  netif->output = etharp_output;
#endif
#if LWIP_IPV6
  netif->output_ip6 = ethip6_output;
#endif
  netif->linkoutput = low_level_output;
  netif->mtu = 1500;
  netif->hwaddr_len = sizeof hwaddr;
  memcpy(netif->hwaddr, hwaddr, sizeof hwaddr);
  netif->flags =
      NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP |
      NETIF_FLAG_MLD6; /* all multicast frames come in; else see netif_set_mld_mac_filter() */
  MIB2_INIT_NETIF(netif, snmp_ifType_ethernet_csmacd, 100000000);
  return ERR_OK;
}

/** Add the interface with the addresses that it has by hand. */
static struct netif *add_netif(struct netif *netif)
{
#if LWIP_IPV4
  ip4_addr_t addr, mask, gw;
  IP4_ADDR(&addr, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gw, 10, 0, 0, 254);
  netif = netif_add(netif, &addr, &mask, &gw, &mac, ethernetif_init, netif_input);
#else
  netif = netif_add(netif, &mac, ethernetif_init, netif_input);
#endif
#if LWIP_IPV6
  if (netif != NULL) {
    netif_create_ip6_linklocal_address(netif, 1); /* the rest comes from routers */
  }
#endif
  return netif;
}

int main(void)
{
  static const u8_t who_has[42] = {
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,  2, 8, 6, /* Ethernet */
      0,    1,    8,    0,    6,    4,    0, 1, 2, 0, 0,  0, 0, 2, /* request by MAC ...:02 */
      10,   0,    0,    2,    0,    0,    0, 0, 0, 0, 10, 0, 0, 1};
  static struct netif netif;

  lwip_init();
  if (add_netif(&netif) == NULL) {
    return 1;
  }
  netif_set_up(&netif);
  netif_set_link_up(&netif); /* when the PHY says so */

  memcpy(mac.rx_frame, who_has, sizeof who_has);
  mac.rx_len = sizeof who_has;
  for (int turn = 0; turn < 3; turn++) { /* for ever, on a device */
    ethernetif_input(&netif);
    sys_check_timeouts();
  }
  return 0;
}
