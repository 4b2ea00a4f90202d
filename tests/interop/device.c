/*
 * The stack under test of the interop tests: devices from the command line, commands on standard
 * input, one line of answer each.
 *
 *   interop-device --tap NAME A.B.C.D/BITS [--tap NAME A.B.C.D/BITS] [--unix LOCAL REMOTE
 * A.B.C.D/BITS]
 *                  [--gateway A.B.C.D]
 *
 * Commands: join GROUP | leave GROUP | include GROUP SRC | exclude GROUP SRC | drop-filter GROUP |
 *           drops | stats | memory | capture FILE | capture-stop | arp | quit
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lwip/etharp.h"
#include "lwip/igmp.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/stats.h"
#include "lwip/udp.h"
#include "gossamer/capture.h"
#include "gossamer/drop.h"
#include "gossamer/multicast.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "port/ethdev.h"
#include "port/loop.h"

#define MEMBERSHIPS 8

struct device {
  struct port_source input; /* standard input; first, so that a source is its device */
  struct port_loop loop;
  struct ethdev *dev[4];
  int count;
  struct mcast_membership member[MEMBERSHIPS];
  struct capture *capture;
  bool is_done;
  char line[256];
  size_t line_len;
};

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
  (void)arg;
  udp_sendto(pcb, p, from, port);
  pbuf_free(p);
}

static void answer(const char *text)
{
  printf("%s\n", text);
  fflush(stdout);
}

static void print_drops(void)
{
  for (int i = 1; i < DROP_REASON_COUNT; i++) {
    if (drop_count((enum drop_reason)i) > 0) {
      printf("%s=%u ", drop_name((enum drop_reason)i), (unsigned)drop_count((enum drop_reason)i));
    }
  }
  answer("");
}

static void print_stats(void)
{
  printf("ip.recv=%u udp.recv=%u udp.xmit=%u icmp.recv=%u icmp.xmit=%u\n",
         (unsigned)lwip_stats.ip.recv, (unsigned)lwip_stats.udp.recv, (unsigned)lwip_stats.udp.xmit,
         (unsigned)lwip_stats.icmp.recv, (unsigned)lwip_stats.icmp.xmit);
  fflush(stdout);
}

/** Only comparable while the stack rests: elements of pools, bytes of the heap. */
static void print_memory(void)
{
  printf("pools=%u heap=%u timers=%u\n", (unsigned)memp_used_total(), (unsigned)mem_used_bytes(),
         (unsigned)timers_count());
  fflush(stdout);
}

static void print_arp(void)
{
  ip4_addr_t *ip;
  struct netif *netif;
  struct eth_addr *mac;
  for (size_t i = 0; i < ARP_TABLE_SIZE; i++) {
    if (etharp_get_entry(i, &ip, &netif, &mac)) {
      printf("%s ", ip4addr_ntoa(ip));
    }
  }
  answer("");
}

static struct mcast_membership *membership_of(struct device *d, const ip_addr_t *group)
{
  struct mcast_membership *unused = NULL;
  for (int i = 0; i < MEMBERSHIPS; i++) {
    if (d->member[i].netif != NULL && ip_addr_eq(&d->member[i].group, group)) {
      return &d->member[i];
    }
    if (d->member[i].netif == NULL) {
      unused = &d->member[i];
    }
  }
  return unused;
}

static err_t multicast_command(struct device *d, const char *verb, const ip_addr_t *group,
                               const ip_addr_t *source)
{
  struct netif *netif = d->dev[0]->netif;
  if (strcmp(verb, "join") == 0) {
    return igmp_joingroup_netif(netif, ip_2_ip4(group));
  }
  if (strcmp(verb, "leave") == 0) {
    return igmp_leavegroup_netif(netif, ip_2_ip4(group));
  }
  struct mcast_membership *m = membership_of(d, group);
  if (m == NULL) {
    return ERR_MEM;
  }
  if (strcmp(verb, "include") == 0) {
    return m->netif != NULL ? mcast_add_source(m, source)
                            : mcast_join(m, netif, group, MCAST_MODE_INCLUDE, source, 1);
  }
  if (strcmp(verb, "exclude") == 0) {
    return m->netif != NULL ? mcast_block_source(m, source)
                            : mcast_join(m, netif, group, MCAST_MODE_EXCLUDE, source, 1);
  }
  mcast_leave(m);
  return ERR_OK;
}

static void run_command(struct device *d, char *line)
{
  char verb[32] = "", first[128] = "", second[64] = "";
  ip_addr_t group, source;
  sscanf(line, "%31s %127s %63s", verb, first, second);
  if (strcmp(verb, "quit") == 0) {
    d->is_done = true;
    answer("ok");
  } else if (strcmp(verb, "drops") == 0) {
    print_drops();
  } else if (strcmp(verb, "stats") == 0) {
    print_stats();
  } else if (strcmp(verb, "memory") == 0) {
    print_memory();
  } else if (strcmp(verb, "arp") == 0) {
    print_arp();
  } else if (strcmp(verb, "capture") == 0) {
    d->capture = capture_open(first);
    answer(d->capture != NULL && capture_start(d->capture, d->dev[0]->netif) == ERR_OK ? "ok"
                                                                                       : "failed");
  } else if (strcmp(verb, "capture-stop") == 0) {
    answer(capture_close(d->capture) == ERR_OK ? "ok" : "failed");
  } else if (!ipaddr_aton(first, &group) || (second[0] != '\0' && !ipaddr_aton(second, &source))) {
    answer("what?");
  } else {
    err_t err = multicast_command(d, verb, &group, &source);
    printf("%s %d\n", err == ERR_OK ? "ok" : "failed", err);
    fflush(stdout);
  }
}

static void on_input(struct port_source *s)
{
  struct device *d = (struct device *)(void *)s;
  ssize_t got = read(s->fd, d->line + d->line_len, sizeof d->line - 1 - d->line_len);
  if (got <= 0) {
    d->is_done = true;
    return;
  }
  d->line_len += (size_t)got;
  d->line[d->line_len] = '\0';
  for (char *end = strchr(d->line, '\n'); end != NULL; end = strchr(d->line, '\n')) {
    *end = '\0';
    run_command(d, d->line);
    memmove(d->line, end + 1, strlen(end + 1) + 1);
    d->line_len = strlen(d->line);
  }
}

static bool add_device(struct device *d, struct ethdev *dev, const char *address,
                       const ip4_addr_t *gw)
{
  char text[IP4ADDR_STRLEN_MAX];
  ip4_addr_t addr, mask;
  const char *slash = strchr(address, '/');
  if (slash == NULL || dev == NULL) {
    return false;
  }
  snprintf(text, sizeof text, "%.*s", (int)(slash - address), address);
  ip4_addr_set_u32(&mask, lwip_htonl(0xffffffffUL << (32 - atoi(slash + 1))));
  if (!ip4addr_aton(text, &addr) || ethdev_add(dev, &addr, &mask, gw) != ERR_OK) {
    return false;
  }
  d->dev[d->count++] = dev;
  return port_loop_add(&d->loop, &dev->source) == 0;
}

static bool parse_arguments(struct device *d, int argc, char **argv, char *error)
{
  ip4_addr_t gw = {0};
  for (int i = 1; i + 1 < argc; i++) {
    if (strcmp(argv[i], "--gateway") == 0) {
      ip4addr_aton(argv[i + 1], &gw);
    }
  }
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--tap") == 0 && i + 2 < argc) {
      if (!add_device(d, ethdev_open_tap(argv[i + 1], NULL, error), argv[i + 2], &gw)) {
        return false;
      }
      i += 2;
    } else if (strcmp(argv[i], "--unix") == 0 && i + 3 < argc) {
      struct ethdev *dev = ethdev_open_unix(argv[i + 1], argv[i + 2], NULL, error);
      if (!add_device(d, dev, argv[i + 3], &gw)) {
        return false;
      }
      i += 3;
    } else {
      i++;
    }
  }
  return d->count > 0;
}

int main(int argc, char **argv)
{
  static struct device d = {.input = {.fd = STDIN_FILENO, .ready = on_input}};
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  lwip_init();
  if (!parse_arguments(&d, argc, argv, error)) {
    fprintf(stderr, "interop-device: %s\n", error);
    return 1;
  }
  netif_set_default(d.dev[0]->netif);
  struct udp_pcb *pcb = udp_new();
  if (pcb == NULL || udp_bind(pcb, IP_ADDR_ANY, 7) != ERR_OK) {
    return 1;
  }
  udp_recv(pcb, echo, NULL);
  port_loop_add(&d.loop, &d.input);
  answer("ready");
  while (!d.is_done) {
    port_loop_turn(&d.loop, -1);
  }
  udp_remove(pcb);
  for (int i = 0; i < d.count; i++) {
    ethdev_close(d.dev[i]);
  }
  lwip_deinit();
  return 0;
}
