/*
 * The stack under test of the IPv6 interop tests.
 *
 *   interop-device6 --tap NAME [--mac XX:XX:XX:XX:XX:XX] [--eui64] [--temporary] [--manual]
 *                   [--address A/BITS]... [--tap NAME ...]
 *
 * Options follow the device they are for. It makes its link-local address with duplicate address
 * detection and configures itself from router advertisements unless --manual; --address ones are
 * used at once.
 *
 * Commands, answered with one line each. A link-local address belongs to the first device.
 *   addresses                    ADDRESS=STATE,BITS,ORIGIN,VALID,PREFERRED ...
 *   routers                      ADDRESS=LIFETIME,PREFERENCE ...
 *   dns                          SERVER=LIFETIME ... DOMAIN=LIFETIME ...
 *   neighbors                    ADDRESS=STATE,LINK-ADDRESS[,router] ...
 *   events                       KIND=COUNT ... since the start
 *   address A/BITS [dad], unaddress A, static-neighbor A XX:XX:XX:XX:XX:XX
 *   route A/BITS GATEWAY         static, by the first device
 *   mtu A [I]                    longest packet to it, by device I (0)
 *   send A PORT TEXT             a datagram; `received`: COUNT LAST-TEXT of the answers
 *   advertise A, advertise-stop  be a router that announces A/64 and every option there is
 *   join G, leave G, include G SRC, exclude G SRC, drop-filter G
 *   drops, stats, memory, capture FILE, capture-stop, quit
 *
 * needs: ipv6
 */
#include "lwip/mld6.h"
#include "lwip/nd6.h"
#include "gossamer/ip6_config.h"
#include "gossamer/nd_events.h"
#include "gossamer/neighbor.h"
#include "gossamer/route.h"
#include "gossamer/router_advert.h"
#include "device.h"

enum { EVENT_KINDS = ND_EVENT_NEIGHBOR_UNREACHABLE + 1 };

static unsigned events[EVENT_KINDS];
static struct udp_pcb *talker;
static unsigned received;
static char last_received[256];

static struct netif *first_netif(const struct device *d)
{
  return d->dev[0]->netif;
}

static bool parse_address(const struct device *d, const char *text, ip6_addr_t *addr)
{
  if (!ip6addr_aton(text, addr)) {
    return false;
  }
  ip6_addr_assign_zone(addr, ip6_addr_ismulticast(addr) ? IP6_MULTICAST : IP6_UNICAST,
                       first_netif(d));
  return true;
}

/** A/BITS. */
static bool parse_prefix(const struct device *d, const char *text, ip6_addr_t *addr, u8_t *bits)
{
  char part[IP6ADDR_STRLEN_MAX];
  const char *slash = strchr(text, '/');
  if (slash == NULL || slash - text >= (ptrdiff_t)sizeof part) {
    return false;
  }
  snprintf(part, sizeof part, "%.*s", (int)(slash - text), text);
  *bits = (u8_t)atoi(slash + 1);
  return parse_address(d, part, addr);
}

static bool parse_mac(const char *text, u8_t mac[6])
{
  return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4],
                &mac[5]) == 6;
}

/** Without its zone. */
static const char *name_of(ip6_addr_t addr)
{
  ip6_addr_clear_zone(&addr);
  return ip6addr_ntoa(&addr);
}

static const char *state_name(const struct ip6_address_info *info)
{
  if (info->is_optimistic) {
    return "optimistic";
  }
  if (ip6_addr_ispreferred(info->state)) {
    return "preferred";
  }
  if (ip6_addr_isdeprecated(info->state)) {
    return "deprecated";
  }
  return ip6_addr_isduplicated(info->state) ? "duplicated" : "tentative";
}

static void command_addresses(struct device *d, char *args[COMMAND_ARGS])
{
  static const char *const origins[] = {"manual", "linklocal", "slaac", "temporary"};
  (void)args;
  for (int k = 0; k < d->count; k++) {
    for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
      struct ip6_address_info info;
      if (netif_ip6_address_get(d->dev[k]->netif, i, &info)) {
        printf("%s=%s,%u,%s,%u,%u ", name_of(info.addr), state_name(&info), info.prefix_len,
               origins[info.origin], (unsigned)info.valid_s, (unsigned)info.preferred_s);
      }
    }
  }
  answer("");
}

static void command_routers(struct device *d, char *args[COMMAND_ARGS])
{
  ip6_addr_t addr;
  struct nd_ra_info info;
  (void)args;
  for (u8_t i = 0; nd_router_at(first_netif(d), i, &addr, &info); i++) {
    printf("%s=%u,%d ", name_of(addr), (unsigned)info.lifetime_s, info.preference);
  }
  answer("");
}

static void command_dns(struct device *d, char *args[COMMAND_ARGS])
{
  u32_t left;
  const ip6_addr_t *server;
  const char *domain;
  (void)args;
  for (u8_t i = 0; (server = nd_dns_server(first_netif(d), i, &left)) != NULL; i++) {
    printf("%s=%u ", name_of(*server), (unsigned)left);
  }
  for (u8_t i = 0; (domain = nd_dns_domain(first_netif(d), i, &left)) != NULL; i++) {
    printf("%s=%u ", domain, (unsigned)left);
  }
  answer("");
}

static void command_neighbors(struct device *d, char *args[COMMAND_ARGS])
{
  static const char *const states[] = {"",      "INCOMPLETE", "STALE", "REACHABLE",
                                       "DELAY", "PROBE",      "STATIC"};
  struct neighbor_info info;
  int is_there;
  (void)d;
  (void)args;
  for (unsigned i = 0; (is_there = neighbor_get(i, &info)) >= 0; i++) {
    if (is_there) {
      printf("%s=%s,%02x:%02x:%02x:%02x:%02x:%02x%s ", name_of(info.addr), states[info.state],
             info.lladdr[0], info.lladdr[1], info.lladdr[2], info.lladdr[3], info.lladdr[4],
             info.lladdr[5], info.is_router ? ",router" : "");
    }
  }
  answer("");
}

static void count_event(struct nd_listener *l, const struct nd_event *e)
{
  (void)l;
  events[e->kind]++;
}

static void command_events(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("ra=%u routers=%u dns=%u duplicate=%u conflict=%u unreachable=%u\n", events[ND_EVENT_RA],
         events[ND_EVENT_ROUTERS], events[ND_EVENT_DNS], events[ND_EVENT_ADDR_DUPLICATE],
         events[ND_EVENT_ADDR_CONFLICT], events[ND_EVENT_NEIGHBOR_UNREACHABLE]);
  fflush(stdout);
}

static err_t add_address(struct device *d, struct netif *netif, const char *text, bool with_dad)
{
  struct ip6_address_spec spec = {.flags = with_dad ? 0 : IP6_ADDRESS_NO_DAD};
  if (!parse_prefix(d, text, &spec.addr, &spec.prefix_len)) {
    return ERR_ARG;
  }
  return netif_ip6_address_add(netif, &spec, NULL);
}

static void command_address(struct device *d, char *args[COMMAND_ARGS])
{
  answer_err(add_address(d, first_netif(d), args[1], strcmp(args[2], "dad") == 0));
}

static void command_unaddress(struct device *d, char *args[COMMAND_ARGS])
{
  ip6_addr_t addr;
  answer_err(parse_address(d, args[1], &addr) ? netif_ip6_address_remove(first_netif(d), &addr)
                                              : ERR_ARG);
}

static void command_static_neighbor(struct device *d, char *args[COMMAND_ARGS])
{
  ip6_addr_t addr;
  u8_t mac[6];
  bool is_right = parse_address(d, args[1], &addr) && parse_mac(args[2], mac);
  answer_err(is_right ? neighbor_add_static(first_netif(d), &addr, mac) : ERR_ARG);
}

static void command_route(struct device *d, char *args[COMMAND_ARGS])
{
  struct ip_route_entry route = {.netif = first_netif(d)};
  ip6_addr_t prefix, gateway;
  if (!parse_prefix(d, args[1], &prefix, &route.prefix_len) ||
      !parse_address(d, args[2], &gateway)) {
    answer_err(ERR_ARG);
    return;
  }
  ip_addr_copy_from_ip6(route.prefix, prefix);
  ip_addr_copy_from_ip6(route.gateway, gateway);
  answer_err(ip_route_add(&route));
}

static void command_mtu(struct device *d, char *args[COMMAND_ARGS])
{
  ip6_addr_t addr;
  int i = atoi(args[2]);
  bool is_right = parse_address(d, args[1], &addr) && i >= 0 && i < d->count;
  printf("%u\n", is_right ? nd6_get_destination_mtu(&addr, d->dev[i]->netif) : 0U);
  fflush(stdout);
}

static void note_received(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
                          u16_t port)
{
  (void)arg;
  (void)pcb;
  (void)from;
  (void)port;
  u16_t len = pbuf_copy_partial(p, last_received, sizeof last_received - 1, 0);
  last_received[len] = '\0';
  received++;
  pbuf_free(p);
}

static void command_send(struct device *d, char *args[COMMAND_ARGS])
{
  ip6_addr_t addr;
  ip_addr_t to;
  if (!parse_address(d, args[1], &addr)) {
    answer_err(ERR_ARG);
    return;
  }
  ip_addr_copy_from_ip6(to, addr);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)strlen(args[3]), PBUF_RAM);
  if (p == NULL) {
    answer_err(ERR_MEM);
    return;
  }
  pbuf_take(p, args[3], p->len);
  answer_err(udp_sendto(talker, p, &to, (u16_t)atoi(args[2])));
  pbuf_free(p);
}

static void command_received(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("%u %s\n", received, last_received);
  fflush(stdout);
}

static struct router_advert advert;

static void command_advertise(struct device *d, char *args[COMMAND_ARGS])
{
  static struct router_advert_prefix prefix;
  static struct router_advert_route route;
  static ip6_addr_t servers[2];
  static const char *const domains[] = {"lab.test", "corp.example.test"};
  memset(&prefix, 0, sizeof prefix);
  memset(&route, 0, sizeof route);
  if (!ip6addr_aton(args[1], &prefix.prefix) || !ip6addr_aton("fd79::", &route.prefix) ||
      !ip6addr_aton("fd77::53", &servers[0]) || !ip6addr_aton("fd77::54", &servers[1])) {
    answer_err(ERR_ARG);
    return;
  }
  prefix.prefix_len = 64;
  prefix.is_on_link = prefix.is_autonomous = true;
  prefix.valid_s = 7200;
  prefix.preferred_s = 3600;
  route.prefix_len = 48;
  route.preference = -1;
  route.lifetime_s = 900;
  router_advert_defaults(&advert);
  advert.prefixes = &prefix;
  advert.routes = &route;
  advert.dns_servers = servers;
  advert.dns_domains = domains;
  advert.num_prefixes = advert.num_routes = 1;
  advert.num_dns_servers = advert.num_dns_domains = 2;
  advert.dns_lifetime_s = 1200;
  advert.preference = 1;
  advert.is_other = true;
  advert.hop_limit = 61;
  advert.reachable_ms = 25000;
  advert.retrans_ms = 1500;
  advert.mtu = 1420;
  answer_err(router_advert_start(&advert, first_netif(d)));
}

static void command_advertise_stop(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  router_advert_stop(&advert);
  answer_err(ERR_OK);
}

static void command_join(struct device *d, char *args[COMMAND_ARGS])
{
  ip6_addr_t group;
  if (!parse_address(d, args[1], &group)) {
    answer("what?");
    return;
  }
  bool is_join = strcmp(args[0], "join") == 0;
  answer_err(is_join ? mld6_joingroup_netif(first_netif(d), &group)
                     : mld6_leavegroup_netif(first_netif(d), &group));
}

static void command_stats(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("ip6.recv=%u ip6.fw=%u udp.recv=%u udp.xmit=%u icmp6.recv=%u icmp6.xmit=%u nd6.recv=%u "
         "nd6.xmit=%u\n",
         (unsigned)lwip_stats.ip6.recv, (unsigned)lwip_stats.ip6.fw, (unsigned)lwip_stats.udp.recv,
         (unsigned)lwip_stats.udp.xmit, (unsigned)lwip_stats.icmp6.recv,
         (unsigned)lwip_stats.icmp6.xmit, (unsigned)lwip_stats.nd6.recv,
         (unsigned)lwip_stats.nd6.xmit);
  fflush(stdout);
}

static const struct command commands[] = {
    {"addresses", command_addresses},
    {"routers", command_routers},
    {"dns", command_dns},
    {"neighbors", command_neighbors},
    {"events", command_events},
    {"address", command_address},
    {"unaddress", command_unaddress},
    {"static-neighbor", command_static_neighbor},
    {"route", command_route},
    {"mtu", command_mtu},
    {"send", command_send},
    {"received", command_received},
    {"advertise", command_advertise},
    {"advertise-stop", command_advertise_stop},
    {"join", command_join},
    {"leave", command_join},
    {"stats", command_stats},
    {NULL, NULL},
};

/** The device that argv[*at] names, with the options that follow it. */
static bool add_device(struct device *d, int argc, char **argv, int *at, char *error)
{
  u8_t mac[6];
  const char *name = argv[*at];
  bool has_mac = *at + 2 < argc && strcmp(argv[*at + 1], "--mac") == 0;
  if (d->count == DEVICES || (has_mac && !parse_mac(argv[*at + 2], mac))) {
    return false;
  }
  struct ethdev *dev = ethdev_open_tap(name, has_mac ? mac : NULL, error);
  if (dev == NULL || ethdev_add(dev, NULL, NULL, NULL) != ERR_OK) {
    return false;
  }
  d->dev[d->count++] = dev;
  struct netif *netif = dev->netif;
  enum ip6_iid iid = IP6_IID_STABLE;
  netif_set_ip6_autoconfig_enabled(netif, 1);
  int i = *at + (has_mac ? 3 : 1);
  for (; i < argc && strcmp(argv[i], "--tap") != 0; i++) {
    if (strcmp(argv[i], "--eui64") == 0) {
      iid = IP6_IID_EUI64;
      netif_ip6_iid_set(netif, iid);
    } else if (strcmp(argv[i], "--temporary") == 0) {
      netif_ip6_temporary_set(netif, IP6_TEMPORARY_ON);
    } else if (strcmp(argv[i], "--manual") == 0) {
      netif_set_ip6_autoconfig_enabled(netif, 0);
      netif->rs_count = 0; /* and asks for no router */
    } else if (strcmp(argv[i], "--address") == 0 && i + 1 < argc) {
      i++;
      if (add_address(d, netif, argv[i], false) != ERR_OK) {
        return false;
      }
    } else {
      return false;
    }
  }
  *at = i;
  return netif_ip6_linklocal_create(netif, iid) == ERR_OK &&
         port_loop_add(&d->loop, &dev->source) == 0;
}

static bool parse_arguments(struct device *d, int argc, char **argv, char *error)
{
  for (int i = 1; i < argc;) {
    if (strcmp(argv[i], "--tap") != 0 || ++i == argc || !add_device(d, argc, argv, &i, error)) {
      return false;
    }
  }
  return d->count > 0;
}

int main(int argc, char **argv)
{
  static struct device d = {.commands = commands};
  static struct nd_listener listener = {.event = count_event};
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  lwip_init();
  nd_listener_add(&listener);
  if (!parse_arguments(&d, argc, argv, error)) {
    fprintf(stderr, "interop-device6: %s\n", error);
    return 1;
  }
  talker = udp_new_ip_type(IPADDR_TYPE_V6);
  if (talker == NULL) {
    return 1;
  }
  udp_recv(talker, note_received, NULL);
  int status = run_device(&d, IP6_ADDR_ANY);
  router_advert_stop(&advert);
  udp_remove(talker);
  close_device(&d);
  return status;
}
