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

#endif
