/**
 * @file
 * Printing the counters with LWIP_PLATFORM_DIAG(). No state.
 */
#include "lwip/opt.h"
#include "lwip/arch.h"
#include "lwip/stats.h"

#if LWIP_STATS_DISPLAY

static void show_heading(const char *name)
{
  LWIP_PLATFORM_DIAG(("\n%s\n", name));
}

static void show(const char *what, u32_t value)
{
  LWIP_PLATFORM_DIAG(("  %-10s %" U32_F "\n", what, value));
}

void stats_display_proto(struct stats_proto *proto, const char *name)
{
  show_heading(name);
  show("xmit", proto->xmit);
  show("recv", proto->recv);
  show("fw", proto->fw);
  show("drop", proto->drop);
  show("chkerr", proto->chkerr);
  show("lenerr", proto->lenerr);
  show("memerr", proto->memerr);
  show("rterr", proto->rterr);
  show("proterr", proto->proterr);
  show("opterr", proto->opterr);
  show("err", proto->err);
  show("cachehit", proto->cachehit);
}

void stats_display_igmp(struct stats_igmp *igmp, const char *name)
{
  show_heading(name);
  show("xmit", igmp->xmit);
  show("recv", igmp->recv);
  show("drop", igmp->drop);
  show("chkerr", igmp->chkerr);
  show("lenerr", igmp->lenerr);
  show("memerr", igmp->memerr);
  show("proterr", igmp->proterr);
  show("rx_v1", igmp->rx_v1);
  show("rx_group", igmp->rx_group);
  show("rx_general", igmp->rx_general);
  show("rx_report", igmp->rx_report);
  show("tx_join", igmp->tx_join);
  show("tx_leave", igmp->tx_leave);
  show("tx_report", igmp->tx_report);
}

void stats_display_mem(struct stats_mem *mem, const char *name)
{
  show_heading(name);
  show("avail", (u32_t)mem->avail);
  show("used", (u32_t)mem->used);
  show("max", (u32_t)mem->max);
  show("err", mem->err);
  show("illegal", mem->illegal);
}

void stats_display_memp(struct stats_mem *mem, int index)
{
  if (mem != NULL && index >= 0 && index < MEMP_MAX) {
    stats_display_mem(mem, mem->name);
  }
}

static void show_element(const struct stats_syselem *e, const char *used, const char *max,
                         const char *err)
{
  show(used, e->used);
  show(max, e->max);
  show(err, e->err);
}

void stats_display_sys(struct stats_sys *sys)
{
  show_heading("SYS");
  show_element(&sys->sem, "sem.used", "sem.max", "sem.err");
  show_element(&sys->mutex, "mutex.used", "mutex.max", "mutex.err");
  show_element(&sys->mbox, "mbox.used", "mbox.max", "mbox.err");
}

void stats_display_ip_napt(struct stats_ip_napt *napt)
{
  show_heading("IP NAPT");
  show("tcp", napt->nr_active_tcp);
  show("udp", napt->nr_active_udp);
  show("icmp", napt->nr_active_icmp);
  show("evictions", napt->nr_forced_evictions);
}

void stats_display(void)
{
  LINK_STATS_DISPLAY();
  ETHARP_STATS_DISPLAY();
  IPFRAG_STATS_DISPLAY();
  IP6_FRAG_STATS_DISPLAY();
  IP_STATS_DISPLAY();
  ND6_STATS_DISPLAY();
  IP6_STATS_DISPLAY();
  IGMP_STATS_DISPLAY();
  MLD6_STATS_DISPLAY();
  ICMP_STATS_DISPLAY();
  ICMP6_STATS_DISPLAY();
  UDP_STATS_DISPLAY();
  TCP_STATS_DISPLAY();
  IP_NAPT_STATS_DISPLAY();
  MEM_STATS_DISPLAY();
  for (int i = 0; i < MEMP_MAX; i++) {
    MEMP_STATS_DISPLAY(i);
  }
  SYS_STATS_DISPLAY();
}

#endif
