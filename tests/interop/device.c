/*
 * The stack under test of the IPv4 interop tests.
 *
 *   interop-device --tap NAME A.B.C.D/BITS [--tap NAME A.B.C.D/BITS]
 *                  [--unix LOCAL REMOTE A.B.C.D/BITS] [--gateway A.B.C.D]
 *
 * Commands: join GROUP | leave GROUP | include GROUP SRC | exclude GROUP SRC | drop-filter GROUP |
 *           drops | stats | memory | capture FILE | capture-stop | arp | quit
 *
 * needs: ipv4
 */
#include "lwip/etharp.h"
#include "lwip/igmp.h"
#include "device.h"

static void command_stats(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("ip.recv=%u udp.recv=%u udp.xmit=%u icmp.recv=%u icmp.xmit=%u\n",
         (unsigned)lwip_stats.ip.recv, (unsigned)lwip_stats.udp.recv, (unsigned)lwip_stats.udp.xmit,
         (unsigned)lwip_stats.icmp.recv, (unsigned)lwip_stats.icmp.xmit);
  fflush(stdout);
}

static void command_arp(struct device *d, char *args[COMMAND_ARGS])
{
  ip4_addr_t *ip;
  struct netif *netif;
  struct eth_addr *mac;
  (void)d;
  (void)args;
  for (size_t i = 0; i < ARP_TABLE_SIZE; i++) {
    if (etharp_get_entry(i, &ip, &netif, &mac)) {
      printf("%s ", ip4addr_ntoa(ip));
    }
  }
  answer("");
}

static void command_join(struct device *d, char *args[COMMAND_ARGS])
{
  ip4_addr_t group;
  if (!ip4addr_aton(args[1], &group)) {
    answer("what?");
    return;
  }
  bool is_join = strcmp(args[0], "join") == 0;
  struct netif *netif = d->dev[0]->netif;
  answer_err(is_join ? igmp_joingroup_netif(netif, &group) : igmp_leavegroup_netif(netif, &group));
}

static const struct command commands[] = {
    {"stats", command_stats}, {"arp", command_arp}, {"join", command_join},
    {"leave", command_join},  {NULL, NULL},
};

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
  static struct device d = {.commands = commands};
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  lwip_init();
  if (!parse_arguments(&d, argc, argv, error)) {
    fprintf(stderr, "interop-device: %s\n", error);
    return 1;
  }
  int status = run_device(&d, IP4_ADDR_ANY);
  close_device(&d);
  return status;
}
