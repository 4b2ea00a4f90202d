/*
 * What a small device uses, so that the linker keeps exactly that: one Ethernet interface and one
 * UDP socket. tools/size.py links it for a Cortex-M4 and adds up what the stack contributes.
 */
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"

extern volatile u32_t mac_register;

static struct netif netif;

static err_t mac_send(struct netif *n, struct pbuf *p)
{
  LWIP_UNUSED_ARG(n);
  mac_register = (u32_t)(mem_ptr_t)p->payload;
  return ERR_OK;
}

static err_t mac_init(struct netif *n)
{
  n->mtu = 1500;
  n->hwaddr_len = 6;
  n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  n->output = etharp_output;
  n->linkoutput = mac_send;
  return ERR_OK;
}

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  LWIP_UNUSED_ARG(arg);
  udp_sendto(pcb, p, addr, port);
  pbuf_free(p);
}

int main(void)
{
  ip4_addr_t addr, mask, gw;
  lwip_init();
  IP4_ADDR(&addr, 10, 0, 0, 2);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gw, 10, 0, 0, 1);
  netif_add(&netif, &addr, &mask, &gw, NULL, mac_init, ethernet_input);
  netif_set_default(&netif);
  netif_set_up(&netif);
  struct udp_pcb *pcb = udp_new();
  udp_bind(pcb, IP_ADDR_ANY, 7);
  udp_recv(pcb, echo, NULL);
  for (;;) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 1514, PBUF_POOL);
    if (p != NULL && netif.input(p, &netif) != ERR_OK) {
      pbuf_free(p);
    }
    sys_check_timeouts();
  }
}
