/**
 * @file
 * One screen of text: 80 columns, some 40 lines at most. No state.
 *
 * It is put together in one turn of the stack, and written when the lock has been given back: a
 * terminal may be slow.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/dns.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "gossamer/arp.h"
#include "gossamer/dhcp.h"
#include "gossamer/drop.h"
#include "gossamer/ip6_config.h"
#include "gossamer/neighbor.h"
#include "gossamer/tcp_info.h"
#include "device_priv.h"

enum {
  COLUMNS = 80,
  LINES_MAX = 60,
  NEIGHBORS_MAX = 5,
  CONNECTIONS_MAX = 8,
  DROPS_MAX = 5,
  POOLS_MAX = 5,
  WORD_LEN = 24
};

struct screen {
  char text[LINES_MAX * (COLUMNS + 1) + 1];
  size_t len;
};

/** One line; what does not fit in 80 columns is cut, lines that do not fit on the screen are not
    there. */
__attribute__((format(printf, 2, 3))) static void line(struct screen *s, const char *format, ...)
{
  char text[COLUMNS + 1];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (s->len + sizeof text < sizeof s->text) {
    s->len += (size_t)snprintf(s->text + s->len, sizeof s->text - s->len, "%s\n", text);
  }
}

/** "1.2 MB": decimal units, three digits. */
static const char *bytes_text(u64_t n, char *text)
{
  static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  u64_t tenths = n * 10;
  unsigned unit = 0;
  for (tenths = n; n >= 1000; n /= 1000) {
    tenths = n / 100;
    unit++;
  }
  if (unit == 0) {
    snprintf(text, WORD_LEN, "%u B", (unsigned)tenths);
  } else {
    snprintf(text, WORD_LEN, "%u.%u %s", (unsigned)(tenths / 10), (unsigned)(tenths % 10),
             units[unit]);
  }
  return text;
}

/** "3 h 20 min". */
static const char *span_text(u64_t seconds, char *text)
{
  if (seconds >= 86400) {
    snprintf(text, WORD_LEN, "%u d %u h", (unsigned)(seconds / 86400),
             (unsigned)(seconds / 3600 % 24));
  } else if (seconds >= 3600) {
    snprintf(text, WORD_LEN, "%u h %u min", (unsigned)(seconds / 3600),
             (unsigned)(seconds / 60 % 60));
  } else if (seconds >= 60) {
    snprintf(text, WORD_LEN, "%u min %u s", (unsigned)(seconds / 60), (unsigned)(seconds % 60));
  } else {
    snprintf(text, WORD_LEN, "%u s", (unsigned)seconds);
  }
  return text;
}

static void show_head(struct screen *s)
{
  const struct device *d = device();
  char url[IPADDR_STRLEN_MAX + 20];
  char span[WORD_LEN];
  bool has_url = device_url(url, sizeof url);
  line(s, "%s  up %s  %s", d->config.hostname, span_text(d->uptime_ms / 1000, span),
       has_url ? url : "no address yet");
}

static void show_address(struct screen *s, const ip_addr_t *addr, unsigned prefix_len,
                         const char *origin, const char *state)
{
  char text[IPADDR_STRLEN_MAX + 4];
  if (ipaddr_ntoa_r(addr, text, IPADDR_STRLEN_MAX) != NULL) {
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len, "/%u", prefix_len);
    line(s, "    %-44s %-11s %s", text, origin, state);
  }
}

static void show_addresses(struct screen *s, struct netif *netif)
{
#if LWIP_IPV4
  u32_t mask = lwip_ntohl(netif_ip4_netmask(netif)->addr);
  unsigned len = 0;
  while (len < 32 && (mask & (0x80000000UL >> len)) != 0) {
    len++;
  }
  if (!ip4_addr_isany(netif_ip4_addr(netif))) {
    show_address(s, netif_ip_addr4(netif), len, device_ip4_origin(netif), "preferred");
  }
#endif
#if LWIP_IPV6
  struct ip6_address_info info;
  for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (netif_ip6_address_get(netif, i, &info)) {
      ip_addr_t a;
      ip_addr_copy_from_ip6(a, info.addr);
      show_address(s, &a, info.prefix_len, device_ip6_origin(info.origin),
                   device_ip6_state(info.state));
    }
  }
#endif
}

#if LWIP_DHCP

static const char *life_text(u32_t seconds, char *text)
{
  return seconds == LIFETIME_INFINITE ? "no end" : span_text(seconds, text);
}

static void show_lease(struct screen *s, const struct netif *netif)
{
  struct dhcp_lease lease;
  char server[IP4ADDR_STRLEN_MAX], left[WORD_LEN], renew[WORD_LEN];
  if (netif_dhcp_data(netif) == NULL) {
    return;
  }
  if (!dhcp_lease_get(netif, &lease)) {
    line(s, "    DHCP %s", device_dhcp_state(netif));
    return;
  }
  line(s, "    DHCP %s, from %s, %s left, renews in %s", device_dhcp_state(netif),
       ip4addr_ntoa_r(&lease.server, server, sizeof server), life_text(lease.left_s, left),
       life_text(lease.renew_s, renew));
}

#else

static void show_lease(struct screen *s, const struct netif *netif)
{
  LWIP_UNUSED_ARG(s);
  LWIP_UNUSED_ARG(netif);
}

#endif

static void show_interfaces(struct screen *s)
{
  struct netif *netif;
  NETIF_FOREACH(netif)
  {
    char name[NETIF_NAMESIZE], in[WORD_LEN], out[WORD_LEN];
    struct device_octets octets = device_octets_of(netif);
    bool is_up = netif_is_up(netif) && netif_is_link_up(netif);
    line(s, "  %-5s %-7s mtu %-5u in %-10s out %-10s", device_netif_name(netif, name),
         is_up ? "up" : "down", netif->mtu, bytes_text(octets.in, in), bytes_text(octets.out, out));
    show_addresses(s, netif);
    show_lease(s, netif);
  }
#if LWIP_DNS
  for (unsigned i = 0; i < DNS_MAX_SERVERS + DNS_MAX_NETIF_SERVERS; i++) {
    const ip_addr_t *server = dns_getserver((u8_t)i);
    if (!ip_addr_isany(server)) {
      line(s, "    DNS %s", ipaddr_ntoa(server));
    }
  }
#endif
}

static void show_neighbor(struct screen *s, const ip_addr_t *addr, const u8_t *mac,
                          unsigned mac_len)
{
  char text[3 * ETH_HWADDR_LEN + 1] = "not resolved";
  char name[IPADDR_STRLEN_MAX];
  if (mac_len == ETH_HWADDR_LEN) {
    snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
             mac[4], mac[5]);
  }
  if (ipaddr_ntoa_r(addr, name, sizeof name) != NULL) {
    line(s, "  %-46s %s", name, text);
  }
}

static void show_neighbors(struct screen *s)
{
  unsigned shown = 0;
  line(s, "Neighbours");
#if LWIP_IPV4
  struct arp_neighbor a;
  int found4;
  for (unsigned i = 0; shown < NEIGHBORS_MAX && (found4 = arp_neighbor_get(i, &a)) >= 0; i++) {
    if (found4 == 1) {
      ip_addr_t addr;
      ip_addr_copy_from_ip4(addr, a.addr);
      show_neighbor(s, &addr, a.mac.addr, a.state != ARP_NEIGHBOR_PENDING ? ETH_HWADDR_LEN : 0);
      shown++;
    }
  }
#endif
#if LWIP_IPV6
  struct neighbor_info n;
  int found6;
  for (unsigned i = 0; shown < NEIGHBORS_MAX && (found6 = neighbor_get(i, &n)) >= 0; i++) {
    if (found6 == 1) {
      ip_addr_t addr;
      ip_addr_copy_from_ip6(addr, n.addr);
      show_neighbor(s, &addr, n.lladdr, n.lladdr_len);
      shown++;
    }
  }
#endif
  LWIP_UNUSED_ARG(shown);
}

/** What a walk over the connections has come to. */
struct walk {
  struct screen *s;
  unsigned shown, others, listeners;
};

static bool show_connection(const struct tcp_listed *l, void *arg)
{
  struct walk *w = (struct walk *)arg;
  struct tcp_connection_info info;
  char remote[IPADDR_STRLEN_MAX], cwnd[WORD_LEN];
  w->listeners += l->state == LISTEN;
  if (l->pcb == NULL || w->shown >= CONNECTIONS_MAX ||
      tcp_get_connection_info(l->pcb, &info) != ERR_OK ||
      ipaddr_ntoa_r(&l->remote, remote, sizeof remote) == NULL) {
    w->others += l->state != LISTEN;
    return true;
  }
  line(w->s, "  %-12s %5u %22s %5u %7u.%u ms %9s %6u", device_tcp_state(l->state), l->local_port,
       remote, l->remote_port, (unsigned)(info.srtt_us / 1000), (unsigned)(info.srtt_us / 100 % 10),
       bytes_text(info.cwnd, cwnd), (unsigned)info.retransmits);
  w->shown++;
  return true;
}

static void show_connections(struct screen *s)
{
  struct walk w = {.s = s};
  line(s, "%-14s %5s %22s %5s %12s %9s %6s", "Connections", "port", "remote", "port", "rtt", "cwnd",
       "resent");
  tcp_list_connections(show_connection, &w);
  line(s, "  %u listening, %u more (half-open, time-wait)", w.listeners, w.others);
}

static void show_counters(struct screen *s)
{
#if LINK_STATS && UDP_STATS && TCP_STATS
  line(s, "Packets       %12s %12s %12s", "received", "sent", "dropped");
  const struct {
    const char *name;
    const struct stats_proto *stats;
  } shown[] = {
    {"link", &lwip_stats.link},
#if IP_STATS
    {"ipv4", &lwip_stats.ip},
#endif
#if IP6_STATS
    {"ipv6", &lwip_stats.ip6},
#endif
    {"udp", &lwip_stats.udp},
    {"tcp", &lwip_stats.tcp},
  };
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(shown); i++) {
    const struct stats_proto *p = shown[i].stats;
    line(s, "  %-11s %12lu %12lu %12lu", shown[i].name, (unsigned long)p->recv,
         (unsigned long)p->xmit, (unsigned long)p->drop);
  }
#endif
  unsigned lines = 0;
  for (unsigned why = DROP_NONE + 1; why < DROP_REASON_COUNT && lines < DROPS_MAX; why++) {
    u32_t count = drop_count((enum drop_reason)why);
    if (count != 0) {
      line(s, "  %10lu x %s", (unsigned long)count, drop_text((enum drop_reason)why));
      lines++;
    }
  }
}

static void show_memory(struct screen *s)
{
  LWIP_UNUSED_ARG(s);
#if MEM_STATS
  char used[WORD_LEN], max[WORD_LEN];
  line(s, "Memory        heap %s, max %s, %lu refused",
       bytes_text((u64_t)lwip_stats.mem.used, used), bytes_text((u64_t)lwip_stats.mem.max, max),
       (unsigned long)lwip_stats.mem.err);
#endif
#if MEMP_STATS
  unsigned lines = 0;
  for (unsigned i = 0; i < MEMP_MAX && lines < POOLS_MAX; i++) {
    const struct stats_mem *m = lwip_stats.memp[i];
    if (m->used != 0 || m->err != 0) {
      line(s, "  %-18s %7lu of %7lu, max %7lu, %lu refused", MEMP_POOL_NAME(memp_pools[i]),
           (unsigned long)m->used, (unsigned long)m->avail, (unsigned long)m->max,
           (unsigned long)m->err);
      lines++;
    }
  }
#endif
}

static void screen_fill(struct screen *s)
{
  LWIP_ASSERT_CORE_LOCKED();
  s->len = 0;
  s->text[0] = '\0';
  if (!device()->is_running) {
    line(s, "the device does not run");
    return;
  }
  device_refresh();
  show_head(s);
  show_interfaces(s);
  show_neighbors(s);
  show_connections(s);
  show_counters(s);
  show_memory(s);
}

void device_print(FILE *out)
{
  struct screen s;
  screen_fill(&s);
  fputs(s.text, out);
}
