/* A program as one writes it against lwIP: a looped UDP datagram, polled, no threads. */
#include <stdio.h>
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                        u16_t port)
{
  (void)pcb;
  (void)port;
  *(int *)arg = p->tot_len;
  printf("%s: %d bytes looped\n", ipaddr_ntoa(addr), *(int *)arg);
  pbuf_free(p);
}

static err_t no_wire(struct netif *netif, struct pbuf *p, const ip4_addr_t *dst)
{
  (void)netif;
  (void)p;
  (void)dst;
  return ERR_OK;
}

static err_t my_netif_init(struct netif *netif)
{
  netif->name[0] = 'm';
  netif->name[1] = 'y';
  netif->mtu = 1500;
  netif->output = no_wire;
  netif->flags |= NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

int main(void)
{
  static struct netif netif;
  ip4_addr_t addr, mask, gw;
  ip_addr_t self;
  int received = 0;

  lwip_init();
  IP4_ADDR(&addr, 10, 1, 2, 3);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gw, 10, 1, 2, 1);
  netif_add(&netif, &addr, &mask, &gw, NULL, my_netif_init, netif_input);
  netif_set_default(&netif);
  netif_set_up(&netif);

  struct udp_pcb *pcb = udp_new();
  ip_addr_copy_from_ip4(self, addr);
  udp_bind(pcb, IP_ADDR_ANY, 7);
  udp_recv(pcb, on_datagram, &received);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 42, PBUF_RAM);
  for (u16_t i = 0; i < 42; i++) {
    pbuf_put_at(p, i, (u8_t)i);
  }
  if (udp_sendto(pcb, p, &self, 7) != ERR_OK) {
    return 2;
  }
  pbuf_free(p);
  for (int i = 0; i < 100 && received == 0; i++) {
    netif_poll_all();
    sys_check_timeouts();
  }
  return received == 42 ? 0 : 1;
}
