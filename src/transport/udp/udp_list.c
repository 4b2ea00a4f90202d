/**
 * @file
 * The table of UDP pcbs for small systems: a list, which every search walks (UDP_HASH_SIZE 1).
 */
#include "lwip/opt.h"

#if UDP_HASH_SIZE == 1

#include "transport/udp/udp_priv.h"

void udp_table_add(struct udp_pcb *pcb)
{
  pcb->next = udp_pcbs;
  udp_pcbs = pcb;
}

void udp_table_remove(struct udp_pcb *pcb)
{
  struct udp_pcb **at = &udp_pcbs;
  while (*at != NULL && *at != pcb) {
    at = &(*at)->next;
  }
  udp_cursors_skip(pcb, UDP_CHAIN_OPEN);
  if (*at == pcb) {
    *at = pcb->next;
  }
}

void udp_table_rekey(struct udp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

void udp_table_init(void)
{
}

#endif /* UDP_HASH_SIZE == 1 */
