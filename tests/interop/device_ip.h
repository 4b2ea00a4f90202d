/*
 * Addresses of a stack under test from its command line.
 */
#ifndef INTEROP_DEVICE_IP_H
#define INTEROP_DEVICE_IP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/netif.h"
#include "gossamer/ip6_config.h"
#include "device.h"

/** A/BITS; returns BITS, -1: that is none. */
static int split_prefix(const char *text, char *address, size_t size)
{
  const char *slash = strchr(text, '/');
  if (slash == NULL || (size_t)(slash - text) >= size) {
    return -1;
  }
  snprintf(address, size, "%.*s", (int)(slash - text), text);
  return atoi(slash + 1);
}

static bool set_ip4(struct netif *netif, const char *text)
{
  char address[IP4ADDR_STRLEN_MAX];
  ip4_addr_t addr, mask;
  int bits = split_prefix(text, address, sizeof address);
  if (bits < 1 || !ip4addr_aton(address, &addr)) {
    return false;
  }
  ip4_addr_set_u32(&mask, lwip_htonl(0xffffffffUL << (32 - bits)));
  netif_set_addr(netif, &addr, &mask, netif_ip4_gw(netif));
  return true;
}

static bool set_ip6(struct netif *netif, const char *text)
{
  char address[IP6ADDR_STRLEN_MAX];
  struct ip6_address_spec spec = {.flags = IP6_ADDRESS_NO_DAD};
  int bits = split_prefix(text, address, sizeof address);
  spec.prefix_len = (u8_t)bits;
  return bits > 0 && ip6addr_aton(address, &spec.addr) &&
         netif_ip6_address_add(netif, &spec, NULL) == ERR_OK;
}

static bool set_gateway(struct netif *netif, const char *text)
{
  ip4_addr_t gw;
  if (!ip4addr_aton(text, &gw)) {
    return false;
  }
  netif_set_gw(netif, &gw);
  return true;
}

static bool add_tap(struct device *d, struct ethdev *dev)
{
  if (dev == NULL || ethdev_add(dev, NULL, NULL, NULL) != ERR_OK) {
    return false;
  }
  d->dev[d->count++] = dev;
  netif_ip6_linklocal_create(dev->netif, IP6_IID_STABLE);
  return port_loop_add(&d->loop, &dev->source) == 0;
}

/** `--tap NAME` or `--tap-offload NAME`, first, and what gives it addresses. @return false: bad, or
 * the program's own */
static bool set_address_option(struct device *d, const char *option, const char *value, char *error)
{
  if (strcmp(option, "--tap") == 0 && d->count == 0) {
    return add_tap(d, ethdev_open_tap(value, NULL, error));
  }
  if (strcmp(option, "--tap-offload") == 0 && d->count == 0) {
    return add_tap(d, ethdev_open_tap_offload(value, NULL, error));
  }
  struct netif *netif = d->count > 0 ? d->dev[0]->netif : NULL;
  return netif != NULL && ((strcmp(option, "--ip4") == 0 && set_ip4(netif, value)) ||
                           (strcmp(option, "--ip6") == 0 && set_ip6(netif, value)) ||
                           (strcmp(option, "--gateway") == 0 && set_gateway(netif, value)));
}

/** Pairs of option and value. `own`: the program's own; NULL: it has none. */
static bool set_options(struct device *d, int argc, char **argv,
                        bool (*own)(struct device *d, const char *option, const char *value))
{
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !(set_address_option(d, argv[i], argv[i + 1], error) ||
                           (own != NULL && own(d, argv[i], argv[i + 1])))) {
      fprintf(stderr, "%s: %s\n", argv[0], error);
      return false;
    }
  }
  if (d->count == 0) {
    fprintf(stderr, "%s: no device\n", argv[0]);
  }
  return d->count > 0;
}

#endif
