/* Counters: macros, names, display, MIB-II, one set per instance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lwip/opt.h"
#include "lwip/init.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "gossamer/stack.h"

static int setup(void **state)
{
  (void)state;
  lwip_init();
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  lwip_deinit();
  return 0;
}

static void test_counters_of_protocols(void **state)
{
  (void)state;
  STAT_COUNTER before = lwip_stats.udp.recv;
  UDP_STATS_INC(udp.recv);
  UDP_STATS_INC(udp.recv);
  assert_int_equal((STAT_COUNTER)(lwip_stats.udp.recv - before), 2);
  assert_int_equal(STATS_GET(udp.recv), lwip_stats.udp.recv);
  STATS_DEC(udp.recv);
  assert_int_equal((STAT_COUNTER)(lwip_stats.udp.recv - before), 1);
  lwip_stats.link.xmit = (STAT_COUNTER)-1;
  LINK_STATS_INC(link.xmit);
  assert_int_equal(lwip_stats.link.xmit, 0);
  LINK_STATS_INC(link.drop);
  ETHARP_STATS_INC(etharp.cachehit);
  IP_STATS_INC(ip.fw);
  IPFRAG_STATS_INC(ip_frag.memerr);
  ICMP_STATS_INC(icmp.chkerr);
  assert_int_equal(lwip_stats.icmp.chkerr, 1);
#if IGMP_STATS
  IGMP_STATS_INC(igmp.tx_report);
  assert_int_equal(lwip_stats.igmp.tx_report, 1);
#endif
}

/* The heap's group or, where the C library is the heap, the system's. */
#if MEM_STATS
#define GROUP mem
#else
#define GROUP sys.sem
#endif

static void test_used_and_max(void **state)
{
  (void)state;
  const struct stats_ saved = lwip_stats;
  lwip_stats.GROUP.used = 0;
  lwip_stats.GROUP.max = 0;
  STATS_INC_USED(GROUP, 10, STAT_COUNTER);
  STATS_INC_USED(GROUP, 5, STAT_COUNTER);
  assert_int_equal(lwip_stats.GROUP.used, 15);
  assert_int_equal(lwip_stats.GROUP.max, 15);
  lwip_stats.GROUP.used = 3;
  STATS_INC_USED(GROUP, 5, STAT_COUNTER);
  assert_int_equal(lwip_stats.GROUP.max, 15);
  lwip_stats = saved;
}

static void test_mib2(void **state)
{
  (void)state;
#if MIB2_STATS
  struct netif n;
  memset(&n, 0xff, sizeof n);
  MIB2_INIT_NETIF(&n, snmp_ifType_ethernet_csmacd, 100000000UL);
  assert_int_equal(n.link_type, 6);
  assert_int_equal(n.link_speed, 100000000UL);
  assert_int_equal(n.ts, 0);
  assert_int_equal(n.mib2_counters.ifouterrors, 0);
  MIB2_STATS_NETIF_INC(&n, ifinucastpkts);
  MIB2_STATS_NETIF_ADD(&n, ifoutoctets, 1500);
  snmp_inc_ifinucastpkts(&n);
  snmp_add_ifoutoctets(&n, 60);
  assert_int_equal(n.mib2_counters.ifinucastpkts, 2);
  assert_int_equal(n.mib2_counters.ifoutoctets, 1560);
  u32_t before = lwip_stats.mib2.ipinreceives;
  MIB2_STATS_INC(mib2.ipinreceives);
  assert_int_equal(lwip_stats.mib2.ipinreceives, before + 1);
  u32_t uptime = 0xffffffff;
  MIB2_COPY_SYSUPTIME_TO(&uptime);
  assert_true(uptime <= sys_now() / 10);
#else
  skip();
#endif
}

/* RFC 1213 numbers, where counting the enumerators could go wrong. */
static void test_interface_types(void **state)
{
  (void)state;
#if MIB2_STATS
  assert_int_equal(snmp_ifType_other, 1);
  assert_int_equal(snmp_ifType_iso88023_csmacd, 7);
  assert_int_equal(snmp_ifType_fddi, 15);
  assert_int_equal(snmp_ifType_ppp, 23);
  assert_int_equal(snmp_ifType_softwareLoopback, 24);
  assert_int_equal(snmp_ifType_slip, 28);
  assert_int_equal(snmp_ifType_frame_relay, 32);
#else
  skip();
#endif
}

static void test_display(void **state)
{
  char text[20000];
  FILE *f = tmpfile();
  (void)state;
  assert_non_null(f);
  lwip_stats.link.opterr = 4711 % 65536;
  fflush(stdout);
  int out = dup(1);
  dup2(fileno(f), 1);
  stats_display();
  stats_display_memp(NULL, 0);
  stats_display_memp(NULL, -1);
  fflush(stdout);
  dup2(out, 1);
  close(out);
  rewind(f);
  size_t len = fread(text, 1, sizeof text - 1, f);
  text[len] = '\0';
  fclose(f);
  assert_int_equal(strstr(text, "ETHARP") != NULL, ETHARP_STATS);
  assert_int_equal(strstr(text, "IP_FRAG") != NULL, IPFRAG_STATS);
  assert_int_equal(strstr(text, "rx_general") != NULL, IGMP_STATS || MLD6_STATS);
  assert_non_null(strstr(text, "4711"));
  assert_int_equal(strstr(text, "HEAP") != NULL, MEM_STATS);
  assert_int_equal(strstr(text, "PBUF_POOL") != NULL, MEMP_STATS);
}

static void test_each_instance_has_its_own(void **state)
{
  (void)state;
#if LWIP_MULTI_INSTANCE
  lwip_stats.udp.lenerr = 7;
  struct stack *s = stack_new(NULL);
  struct stack *before = stack_enter(s);
  assert_int_equal(lwip_stats.udp.lenerr, 0);
  UDP_STATS_INC(udp.lenerr);
  stack_leave(before);
  assert_int_equal(lwip_stats.udp.lenerr, 7);
  stack_free(s);
#else
  skip();
#endif
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_counters_of_protocols, setup, teardown),
      cmocka_unit_test_setup_teardown(test_used_and_max, setup, teardown),
      cmocka_unit_test_setup_teardown(test_mib2, setup, teardown),
      cmocka_unit_test_setup_teardown(test_interface_types, setup, teardown),
      cmocka_unit_test_setup_teardown(test_display, setup, teardown),
      cmocka_unit_test_setup_teardown(test_each_instance_has_its_own, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
