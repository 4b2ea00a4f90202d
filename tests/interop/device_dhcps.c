/**
 * @file
 * The DHCP server on a TAP device, for tests/interop/test_dhcps.py.
 *
 *     interop-device_dhcps --tap NAME
 *
 * We are 10.77.0.1/24. Commands besides those of device.h: serve, stop, pool FIRST LAST, leases
 * (for each: address, seconds left, name), find NAME (its address). needs: ipv4
 */
#include "gossamer/dhcp_server.h"
#include "device.h"

static dhcps_t *server;

static void command_serve(struct device *d, char *args[COMMAND_ARGS])
{
  struct netif *tap = d->dev[0]->netif;
  (void)args;
  answer_err(dhcps_start(server, tap, *netif_ip4_addr(tap)));
}

static void command_stop(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  answer_err(dhcps_stop(server, d->dev[0]->netif));
}

static void command_pool(struct device *d, char *args[COMMAND_ARGS])
{
  dhcps_lease_t pool = {.enable = true};
  (void)d;
  bool is_good = ip4addr_aton(args[1], &pool.start_ip) && ip4addr_aton(args[2], &pool.end_ip);
  answer_err(is_good ? dhcps_set_option_info(server, REQUESTED_IP_ADDRESS, &pool, sizeof pool)
                     : ERR_ARG);
}

static void command_leases(struct device *d, char *args[COMMAND_ARGS])
{
  struct dhcps_pool lease;
  (void)d;
  (void)args;
  for (unsigned i = 0; dhcps_lease_get(server, i, &lease); i++) {
    printf("%s=%u,%s ", ip4addr_ntoa(&lease.ip), (unsigned)lease.lease_timer, lease.hostname);
  }
  answer("");
}

static void command_find(struct device *d, char *args[COMMAND_ARGS])
{
  ip4_addr_t ip;
  (void)d;
  answer(dhcps_search_ip_on_hostname(server, args[1], &ip) ? ip4addr_ntoa(&ip) : "none");
}

static const struct command commands[] = {
    {"serve", command_serve},   {"stop", command_stop}, {"pool", command_pool},
    {"leases", command_leases}, {"find", command_find}, {NULL, NULL},
};

int main(int argc, char **argv)
{
  static struct device d = {.commands = commands};
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  ip4_addr_t ip;
  ip4_addr_t mask;
  IP4_ADDR(&ip, 10, 77, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  lwip_init();
  struct ethdev *dev = argc == 3 ? ethdev_open_tap(argv[2], NULL, error) : NULL;
  server = dhcps_new();
  if (dev == NULL || server == NULL || ethdev_add(dev, &ip, &mask, NULL) != ERR_OK) {
    fprintf(stderr, "interop-device_dhcps: %s\n", error);
    return 1;
  }
  d.dev[d.count++] = dev;
  if (port_loop_add(&d.loop, &dev->source) != 0) {
    return 1;
  }
  int status = run_device(&d, IP4_ADDR_ANY);
  dhcps_delete(server);
  close_device(&d);
  return status;
}
