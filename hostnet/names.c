/**
 * @file
 * Who is where: names of the network, and what its addresses mean on the host.
 *
 * No state: device names are those of the DHCP server's leases; their IPv6 addresses are those that
 * the neighbour cache knows for the same MAC address.
 */
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include "gossamer/dhcp_server.h"
#include "gossamer/neighbor.h"
#include "hostnet/hostnet_priv.h"

/** IPv6 addresses of the device that has the lease for `ip4`. */
static unsigned neighbours_of(struct hostnet *net, const ip4_addr_t *ip4, ip_addr_t *addrs,
                              unsigned max)
{
  struct dhcps_pool lease;
  struct neighbor_info info;
  unsigned count = 0;
  bool is_found = false;
  for (unsigned i = 0; !is_found && dhcps_lease_get(net->dhcps, i, &lease); i++) {
    is_found = ip4_addr_eq(&lease.ip, ip4);
  }
  int is_there = is_found ? 1 : -1;
  for (unsigned i = 0; count < max && (is_there = neighbor_get(i, &info)) >= 0 && is_found; i++) {
    if (is_there > 0 && info.lladdr_len == 6 && memcmp(info.lladdr, lease.mac, 6) == 0 &&
        ip6_addr_net_eq(&info.addr, &net->ip6)) {
      ip_addr_copy_from_ip6(addrs[count], info.addr);
      count++;
    }
  }
  return count;
}

static bool is_gateway(const char *name)
{
  return strcasecmp(name, "host") == 0 || strcasecmp(name, "gateway") == 0;
}

unsigned names_lookup(void *arg, const char *name, ip_addr_t *addrs, unsigned max, bool *exists)
{
  struct hostnet *net = (struct hostnet *)arg;
  ip4_addr_t ip4;
  *exists = max >= 2;
  if (max < 2) {
    return 0;
  }
  if (is_gateway(name)) {
    ip_addr_copy_from_ip4(addrs[0], net->ip4);
    ip_addr_copy_from_ip6(addrs[1], net->ip6);
    return 2;
  }
  *exists = dhcps_search_ip_on_hostname(net->dhcps, name, &ip4);
  if (!*exists) {
    return 0;
  }
  ip_addr_copy_from_ip4(addrs[0], ip4);
  return 1 + neighbours_of(net, &ip4, addrs + 1, max - 1);
}

bool names_resolve(struct hostnet *net, const char *text, ip_addr_t *addr)
{
  ip_addr_t addrs[2];
  char name[NAME_LEN];
  bool exists;
  if (ipaddr_aton(text, addr)) {
    return true;
  }
  size_t len = strlen(text);
  size_t domain_len = strlen(net->domain);
  if (len > domain_len + 1 && text[len - domain_len - 1] == '.' &&
      strcasecmp(text + len - domain_len, net->domain) == 0) {
    len -= domain_len + 1;
  }
  if (len >= sizeof name) {
    return false;
  }
  memcpy(name, text, len);
  name[len] = '\0';
  if (names_lookup(net, name, addrs, 2, &exists) == 0) {
    return false;
  }
  ip_addr_copy(*addr, addrs[0]);
  return true;
}

static socklen_t host_ip4(const struct hostnet *net, struct sockaddr_storage *to,
                          const ip4_addr_t *addr, uint16_t port)
{
  struct sockaddr_in *in = (struct sockaddr_in *)(void *)to;
  ip4_addr_t mask;
  IP4_ADDR(&mask, 255, 255, 255, 0);
  in->sin_family = AF_INET;
  in->sin_port = htons(port);
  in->sin_addr.s_addr = addr->addr;
  if (ip4_addr_eq(addr, &net->ip4)) {
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else if (ip4_addr_net_eq(addr, &net->ip4, &mask)) {
    return 0;
  }
  return sizeof *in;
}

static socklen_t host_ip6(const struct hostnet *net, struct sockaddr_storage *to,
                          const ip6_addr_t *addr, uint16_t port)
{
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)to;
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(port);
  memcpy(&in6->sin6_addr, addr->addr, sizeof in6->sin6_addr);
  if (ip6_addr_zoneless_eq(addr, &net->ip6) || ip6_addr_islinklocal(addr)) {
    in6->sin6_addr = in6addr_loopback;
  } else if (ip6_addr_net_zoneless_eq(addr, &net->ip6)) {
    return 0;
  }
  return sizeof *in6;
}

socklen_t names_host_address(const struct hostnet *net, struct sockaddr_storage *to,
                             const ip_addr_t *addr, uint16_t port)
{
  memset(to, 0, sizeof *to);
  return IP_IS_V6(addr) ? host_ip6(net, to, ip_2_ip6(addr), port)
                        : host_ip4(net, to, ip_2_ip4(addr), port);
}
