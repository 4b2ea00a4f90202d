/**
 * @file
 * The DHCP client on a TAP device, for tests/interop/test_dhcp.py.
 *
 *     interop-device_dhcp --tap NAME
 *
 * Commands besides those of device.h: start, stop, renew, status (state, address/mask bits,
 * gateway, server, seconds left, MTU, domain, DNS servers, routes), link up|down, skip SECONDS (our
 * clock is so much later now).
 * needs: ipv4
 * needs: instances
 */
#include "lwip/autoip.h"
#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/sys.h"
#include "gossamer/dhcp.h"
#include "gossamer/route.h"
#include "device.h"

static u32_t skipped_ms;

static u32_t now_ms(void *ctx)
{
  (void)ctx;
  return sys_now() + skipped_ms;
}

static struct netif *tap(const struct device *d)
{
  return d->dev[0]->netif;
}

static void command_start(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  answer_err(dhcp_start(tap(d)));
}

static void command_stop(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  dhcp_release_and_stop(tap(d));
  answer_err(ERR_OK);
}

static void command_renew(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  answer_err(dhcp_renew(tap(d)));
}

static void command_link(struct device *d, char *args[COMMAND_ARGS])
{
  if (strcmp(args[1], "up") == 0) {
    netif_set_link_up(tap(d));
  } else {
    netif_set_link_down(tap(d));
  }
  answer_err(ERR_OK);
}

static void command_skip(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  skipped_ms += (u32_t)atoi(args[1]) * 1000;
  answer_err(ERR_OK);
}

static int mask_bits(u32_t mask)
{
  int bits = 0;
  for (u32_t m = lwip_ntohl(mask); m & 0x80000000UL; m <<= 1) {
    bits++;
  }
  return bits;
}

static void print_lists(void)
{
  struct ip_route_entry r;
  for (u8_t i = 0; i < DNS_MAX_SERVERS; i++) {
    if (!ip_addr_isany(dns_getserver(i))) {
      printf(" dns=%s", ipaddr_ntoa(dns_getserver(i)));
    }
  }
  for (unsigned i = 0; ip_route_get(i, &r); i++) {
    printf(" route=%s/%d", ipaddr_ntoa(&r.prefix), r.prefix_len);
    printf(",%s", ipaddr_ntoa(&r.gateway));
  }
}

static void command_status(struct device *d, char *args[COMMAND_ARGS])
{
  const struct dhcp *dhcp = netif_dhcp_data(tap(d));
  struct dhcp_lease lease;
  (void)args;
  printf("state=%d addr=%s", dhcp != NULL ? dhcp->state : 0, ip4addr_ntoa(netif_ip4_addr(tap(d))));
  if (dhcp_lease_get(tap(d), &lease)) {
    printf("/%d gateway=%s", mask_bits(lease.mask.addr), ip4addr_ntoa(&lease.gateway));
    printf(" server=%s left=%u", ip4addr_ntoa(&lease.server), (unsigned)lease.left_s);
    printf(" renew=%u domain=%s", (unsigned)lease.renew_s, lease.domain);
  }
  printf(" autoip=%d mtu=%d", autoip_supplied_address(tap(d)), tap(d)->mtu);
  print_lists();
  answer("");
}

static const struct command commands[] = {
    {"start", command_start},
    {"stop", command_stop},
    {"renew", command_renew},
    {"status", command_status},
    {"link", command_link},
    {"skip", command_skip},
    {NULL, NULL},
};

int main(int argc, char **argv)
{
  static struct device d = {.commands = commands};
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  const struct stack_port port = {.now_ms = now_ms};
  const u8_t mac[6] = {2, 0, 0, 0, 0, 0x55}; /* udhcpd chooses addresses by it */
  lwip_init();
  struct stack *stack = stack_new(&port);
  stack_enter(stack);
  struct ethdev *dev = argc == 3 ? ethdev_open_tap(argv[2], mac, error) : NULL;
  if (dev == NULL || ethdev_add(dev, NULL, NULL, NULL) != ERR_OK) {
    fprintf(stderr, "interop-device_dhcp: %s\n", error);
    return 1;
  }
  netif_set_hostname(dev->netif, "gossamer-test");
  d.dev[d.count++] = dev;
  if (port_loop_add(&d.loop, &dev->source) != 0) {
    return 1;
  }
  int status = run_device(&d, IP4_ADDR_ANY);
  close_device(&d);
  stack_leave(NULL);
  stack_free(stack);
  return status;
}
