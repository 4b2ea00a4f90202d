/**
 * @file
 * What it costs to send a bulk of data by TCP, from tcp_write() to the driver and back with the
 * acknowledgements. Run by bench/offload/run.py, which counts the instructions of measured().
 *
 * needs: ipv4
 *
 *     offload FEATURES     0: none; 1: checksums; 7: segmentation, too (NETIF_OFFLOAD_*)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/sim.h"
#include "gossamer/offload.h"
#include "lwip/inet_chksum.h"
#include "lwip/tcp.h"
#include "wire/ip4.h"
#include "wire/tcp.h"

#define WRITE_LEN 32768U

static struct netif netif;
static struct tcp_pcb *pcb;
static u32_t peer_next; /* what the peer expects */
static u32_t packets;
static u8_t data[WRITE_LEN];

/** The peer takes everything in order. */
static err_t driver_output(struct netif *n, struct pbuf *p, const ip4_addr_t *to)
{
  struct tcp_header h;
  const u8_t *tcp = (const u8_t *)p->payload + IP_HLEN;
  (void)n;
  (void)to;
  tcp_parse(&h, tcp, (u16_t)(p->tot_len - IP_HLEN));
  peer_next =
      h.seq + (u32_t)(p->tot_len - IP_HLEN - h.header_len) + ((h.flags & TCP_SYN) ? 1U : 0U);
  packets++;
  return ERR_OK;
}

static err_t driver_init(struct netif *n)
{
  n->output = driver_output;
  n->mtu = 1500;
  n->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void peer_says(u8_t flags)
{
  static const u8_t opts[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 10};
  u16_t opts_len = (flags & TCP_SYN) ? sizeof opts : 0;
  struct tcp_header h = {.src_port = 80, .dst_port = pcb->local_port, .ack = peer_next};
  struct ip4_header ip = {.header_len = IP_HLEN, .ttl = 64, .proto = IP_PROTO_TCP};
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(IP_HLEN + TCP_HLEN + opts_len), PBUF_RAM);
  u8_t *bytes = (u8_t *)p->payload;
  h.flags = flags;
  h.wnd = 0xffff;
  h.seq = (flags & TCP_SYN) ? 0 : 1;
  h.header_len = (u8_t)(TCP_HLEN + opts_len);
  ip4_addr_copy(ip.src, *ip_2_ip4(&pcb->remote_ip));
  ip4_addr_copy(ip.dst, *ip_2_ip4(&pcb->local_ip));
  ip.total_len = p->tot_len;
  ip4_build(bytes, &ip);
  ip4_put_checksum(bytes, IP_HLEN);
  tcp_build(bytes + IP_HLEN, &h);
  memcpy(bytes + IP_HLEN + TCP_HLEN, opts, opts_len);
  offload_received(p, PBUF_OFFLOAD_VERIFIED, 0);
  netif.input(p, &netif);
}

#define MIB (1024U * 1024U)

/** Send so many bytes. */
static void send_bytes(u32_t len)
{
  while (len > 0) {
    u32_t room = LWIP_MIN(pcb->snd_buf, len);
    while (room >= WRITE_LEN && tcp_write(pcb, data, WRITE_LEN, TCP_WRITE_FLAG_COPY) == ERR_OK) {
      room -= WRITE_LEN;
      len -= WRITE_LEN;
    }
    tcp_output(pcb);
    peer_says(TCP_ACK);
  }
}

__attribute__((noinline)) void measured(void);
void measured(void)
{
  send_bytes(16 * MIB);
}

int main(int argc, char **argv)
{
  u8_t features = (u8_t)(argc > 1 ? atoi(argv[1]) : 0);
  struct sim *sim = sim_new(1);
  struct sim_node *node = sim_node_new(sim, "sender");
  ip4_addr_t addr, mask, gw;
  ip_addr_t to;
  sim_enter(node);
  IP4_ADDR(&addr, 10, 9, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_any(&gw);
  IP_ADDR4(&to, 10, 9, 0, 2);
  if (netif_add(&netif, &addr, &mask, &gw, NULL, driver_init, ip_input) == NULL) {
    return 1;
  }
  netif_set_up(&netif);
  netif_offload_declare(&netif, features, 65535);
  pcb = tcp_new();
  if (pcb == NULL || tcp_connect(pcb, &to, 80, NULL) != ERR_OK) {
    return 1;
  }
  peer_says(TCP_SYN | TCP_ACK);
  send_bytes(8 * MIB); /* until the congestion window is open */
  packets = 0;
  measured();
  printf("%u packets for 16 MiB, window %u\n", (unsigned)packets, (unsigned)pcb->cwnd);
  return pcb->state != ESTABLISHED;
}
