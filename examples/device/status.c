/**
 * @file
 * What a device knows about itself, as JSON. README.md documents the shape. No state.
 *
 * A document is written whole, in one turn of the stack, so that its figures belong together.
 */
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
#include "gossamer/lifetime.h"
#include "gossamer/nd_events.h"
#include "gossamer/neighbor.h"
#include "gossamer/netif_addr.h"
#include "gossamer/tcp_info.h"
#include "device_priv.h"

/** Seconds; without end: null. */
static void put_life(struct json *j, const char *key, u32_t seconds, bool is_static)
{
  if (is_static || seconds == LIFETIME_INFINITE) {
    json_null(j, key);
  } else {
    json_number(j, key, seconds);
  }
}

static void put_mac(struct json *j, const char *key, const u8_t *mac, unsigned len)
{
  char text[3 * NETIF_MAX_HWADDR_LEN + 1] = "";
  for (unsigned i = 0; i < len && i < NETIF_MAX_HWADDR_LEN; i++) {
    snprintf(text + 3 * i - (i > 0), 4, i > 0 ? ":%02x" : "%02x", mac[i]);
  }
  json_string(j, key, len > 0 ? text : NULL);
}

static void put_netif(struct json *j, const struct netif *netif)
{
  char name[NETIF_NAMESIZE];
  json_string(j, "interface", device_netif_name(netif, name));
}

/* --- interfaces --- */

#if LWIP_IPV4

static unsigned mask_len(const ip4_addr_t *mask)
{
  unsigned len = 0;
  for (u32_t bits = lwip_ntohl(mask->addr); (bits & 0x80000000UL) != 0; bits <<= 1) {
    len++;
  }
  return len;
}

static void put_ip4(struct json *j, const ip4_addr_t *addr, const ip4_addr_t *mask,
                    const char *origin)
{
  ip_addr_t a;
  ip_addr_copy_from_ip4(a, *addr);
  json_object(j, NULL);
  json_address(j, "address", &a);
  json_number(j, "prefix_len", mask_len(mask));
  json_number(j, "family", 4);
  json_string(j, "origin", origin);
  json_string(j, "state", "preferred");
}

static void put_ip4_addresses(struct json *j, struct netif *netif)
{
  if (!ip4_addr_isany(netif_ip4_addr(netif))) {
    const char *origin = device_ip4_origin(netif);
    put_ip4(j, netif_ip4_addr(netif), netif_ip4_netmask(netif), origin);
    u32_t left_s = LIFETIME_INFINITE;
#if LWIP_DHCP
    struct dhcp_lease lease;
    left_s = dhcp_lease_get(netif, &lease) ? lease.left_s : LIFETIME_INFINITE;
#endif
    put_life(j, "valid_s", left_s, false);
    put_life(j, "preferred_s", left_s, false);
    json_object_end(j);
  }
  for (int i = 0; i < NETIF_IP4_NUM_EXTRA; i++) {
    if (!ip4_addr_isany(netif_ip4_extra_addr(netif, i))) {
      put_ip4(j, netif_ip4_extra_addr(netif, i), netif_ip4_extra_mask(netif, i), "manual");
      json_null(j, "valid_s");
      json_null(j, "preferred_s");
      json_object_end(j);
    }
  }
}

#else

static void put_ip4_addresses(struct json *j, struct netif *netif)
{
  LWIP_UNUSED_ARG(j);
  LWIP_UNUSED_ARG(netif);
}

#endif

#if LWIP_IPV6

static void put_ip6_addresses(struct json *j, struct netif *netif)
{
  struct ip6_address_info info;
  for (unsigned i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (!netif_ip6_address_get(netif, i, &info)) {
      continue;
    }
    ip_addr_t a;
    ip_addr_copy_from_ip6(a, info.addr);
    bool is_static = ip6_addr_life_isstatic(info.valid_s);
    json_object(j, NULL);
    json_address(j, "address", &a);
    json_number(j, "prefix_len", info.prefix_len);
    json_number(j, "family", 6);
    json_string(j, "origin", device_ip6_origin(info.origin));
    json_string(j, "state", device_ip6_state(info.state));
    put_life(j, "valid_s", info.valid_s, is_static);
    put_life(j, "preferred_s", info.preferred_s, is_static);
    json_object_end(j);
  }
}

static void put_routers(struct json *j, struct netif *netif)
{
  ip6_addr_t addr;
  struct nd_ra_info info;
  for (u8_t i = 0; nd_router_at(netif, i, &addr, &info); i++) {
    ip_addr_t a;
    ip_addr_copy_from_ip6(a, addr);
    json_object(j, NULL);
    json_address(j, "address", &a);
    put_life(j, "lifetime_s", info.lifetime_s, false);
    json_object_end(j);
  }
}

#else

static void put_ip6_addresses(struct json *j, struct netif *netif)
{
  LWIP_UNUSED_ARG(j);
  LWIP_UNUSED_ARG(netif);
}

static void put_routers(struct json *j, struct netif *netif)
{
  LWIP_UNUSED_ARG(j);
  LWIP_UNUSED_ARG(netif);
}

#endif

static void put_interface(struct json *j, struct netif *netif)
{
  char name[NETIF_NAMESIZE];
  struct device_octets octets = device_octets_of(netif);
  json_object(j, NULL);
  json_string(j, "name", device_netif_name(netif, name));
  json_number(j, "index", netif_get_index(netif));
  json_bool(j, "is_default", netif == netif_default);
  json_bool(j, "is_up", netif_is_up(netif));
  json_bool(j, "is_link_up", netif_is_link_up(netif));
  put_mac(j, "mac", netif->hwaddr, netif->hwaddr_len);
  json_number(j, "mtu", netif->mtu);
  json_array(j, "addresses");
  put_ip4_addresses(j, netif);
  put_ip6_addresses(j, netif);
  json_array_end(j);
#if LWIP_IPV4
  json_address(j, "gateway", netif_ip_gw4(netif));
#else
  json_null(j, "gateway");
#endif
  json_array(j, "routers");
  put_routers(j, netif);
  json_array_end(j);
  json_number(j, "bytes_in", octets.in);
  json_number(j, "bytes_out", octets.out);
  json_object_end(j);
}

static void put_interfaces(struct json *j)
{
  struct netif *netif;
  json_array(j, "interfaces");
  NETIF_FOREACH(netif)
  {
    put_interface(j, netif);
  }
  json_array_end(j);
}

/* --- configuration --- */

#if LWIP_DHCP

static void put_lease(struct json *j, struct netif *netif)
{
  struct dhcp_lease lease;
  ip_addr_t a;
  if (!dhcp_lease_get(netif, &lease)) {
    return;
  }
  ip_addr_copy_from_ip4(a, lease.addr);
  json_address(j, "address", &a);
  ip_addr_copy_from_ip4(a, lease.server);
  json_address(j, "server", &a);
  ip_addr_copy_from_ip4(a, lease.gateway);
  json_address(j, "gateway", &a);
  json_string(j, "domain", lease.domain);
  put_life(j, "renew_s", lease.renew_s, false);
  put_life(j, "rebind_s", lease.rebind_s, false);
  put_life(j, "left_s", lease.left_s, false);
}

static void put_dhcp(struct json *j)
{
  struct netif *netif;
  json_array(j, "dhcp");
  NETIF_FOREACH(netif)
  {
    if (netif_dhcp_data(netif) != NULL) {
      json_object(j, NULL);
      put_netif(j, netif);
      json_string(j, "state", device_dhcp_state(netif));
      put_lease(j, netif);
      json_object_end(j);
    }
  }
  json_array_end(j);
}

#else

static void put_dhcp(struct json *j)
{
  json_array(j, "dhcp");
  json_array_end(j);
}

#endif

static void put_dns(struct json *j)
{
  json_array(j, "dns");
#if LWIP_DNS
  for (unsigned i = 0; i < DNS_MAX_SERVERS + DNS_MAX_NETIF_SERVERS; i++) {
    const ip_addr_t *server = dns_getserver((u8_t)i);
    if (!ip_addr_isany(server)) {
      json_address(j, NULL, server);
    }
  }
#endif
  json_array_end(j);
}

/* --- neighbours --- */

static void put_neighbor(struct json *j, const struct netif *netif, const ip_addr_t *addr,
                         const char *state)
{
  json_object(j, NULL);
  put_netif(j, netif);
  json_address(j, "address", addr);
  json_number(j, "family", IP_IS_V6(addr) ? 6 : 4);
  json_string(j, "state", state);
}

#if LWIP_IPV4

static void put_arp(struct json *j)
{
  static const char *const states[] = {"pending", "learned", "stable", "checking", "static"};
  struct arp_neighbor n;
  int found;
  for (unsigned i = 0; (found = arp_neighbor_get(i, &n)) >= 0; i++) {
    if (found == 1) {
      ip_addr_t a;
      ip_addr_copy_from_ip4(a, n.addr);
      put_neighbor(j, n.netif, &a, states[n.state]);
      put_mac(j, "mac", n.mac.addr, n.state != ARP_NEIGHBOR_PENDING ? ETH_HWADDR_LEN : 0);
      json_bool(j, "is_router", false);
      json_object_end(j);
    }
  }
}

#else

static void put_arp(struct json *j)
{
  LWIP_UNUSED_ARG(j);
}

#endif

#if LWIP_IPV6

static void put_nd(struct json *j)
{
  static const char *const states[] = {"?",     "incomplete", "stale", "reachable",
                                       "delay", "probe",      "static"};
  struct neighbor_info n;
  int found;
  for (unsigned i = 0; (found = neighbor_get(i, &n)) >= 0; i++) {
    if (found == 1) {
      ip_addr_t a;
      ip_addr_copy_from_ip6(a, n.addr);
      put_neighbor(j, n.netif, &a, states[n.state]);
      put_mac(j, "mac", n.lladdr, n.lladdr_len);
      json_bool(j, "is_router", n.is_router);
      json_object_end(j);
    }
  }
}

#else

static void put_nd(struct json *j)
{
  LWIP_UNUSED_ARG(j);
}

#endif

static void put_neighbors(struct json *j)
{
  json_array(j, "neighbors");
  put_arp(j);
  put_nd(j);
  json_array_end(j);
}

/* --- sockets --- */

static void put_ends(struct json *j, const ip_addr_t *local, u16_t local_port,
                     const ip_addr_t *remote, u16_t remote_port)
{
  json_address(j, "local", local);
  json_number(j, "local_port", local_port);
  json_address(j, "remote", remote);
  json_number(j, "remote_port", remote_port);
}

static void put_connection(struct json *j, const struct tcp_pcb *pcb)
{
  struct tcp_connection_info info;
  u64_t in, out;
  if (pcb == NULL || tcp_get_connection_info(pcb, &info) != ERR_OK) {
    return;
  }
  if (device_flow_get(pcb, &in, &out)) {
    json_number(j, "bytes_in", in);
    json_number(j, "bytes_out", out);
  }
  json_number(j, "srtt_us", info.srtt_us);
  json_number(j, "rttvar_us", info.rttvar_us);
  json_number(j, "rto_ms", info.rto_ms);
  json_number(j, "cwnd", info.cwnd);
  if (info.ssthresh == TCP_INFO_NO_SSTHRESH) {
    json_null(j, "ssthresh");
  } else {
    json_number(j, "ssthresh", info.ssthresh);
  }
  json_number(j, "retransmits", info.retransmits);
  json_number(j, "mss", info.snd_mss);
  json_number(j, "unsent", info.unsent);
  json_number(j, "unacked", info.unacked);
  json_number(j, "unread", info.rcv_queued);
  json_number(j, "send_window", info.snd_wnd);
  json_number(j, "receive_window", info.rcv_wnd);
  json_number(j, "delivery_rate", info.delivery_rate);
  json_string(j, "congestion_control", info.congestion_control);
}

/** Lines so far, and the writer. */
struct listing {
  struct json *j;
  unsigned count;
};

static bool put_tcp_line(const struct tcp_listed *line, void *arg)
{
  struct listing *l = (struct listing *)arg;
  if (l->count++ < DEVICE_LIST_MAX) {
    json_object(l->j, NULL);
    json_string(l->j, "state", device_tcp_state(line->state));
    put_ends(l->j, &line->local, line->local_port, &line->remote, line->remote_port);
    put_connection(l->j, line->pcb);
    json_object_end(l->j);
  }
  return true;
}

static void put_tcp(struct json *j)
{
  struct listing l = {.j = j};
  json_object(j, "tcp");
  json_array(j, "list");
  tcp_list_connections(put_tcp_line, &l);
  json_array_end(j);
  json_number(j, "total", l.count);
  json_object_end(j);
}

static void put_udp(struct json *j)
{
  unsigned count = 0;
  json_object(j, "udp");
  json_array(j, "list");
  for (const struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next, count++) {
    if (count < DEVICE_LIST_MAX) {
      json_object(j, NULL);
      put_ends(j, &pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
      json_object_end(j);
    }
  }
  json_array_end(j);
  json_number(j, "total", count);
  json_object_end(j);
}

/* --- services --- */

static void put_traffic(struct json *j, const char *name, const char *protocol, u16_t port,
                        const struct device_traffic *t)
{
  json_object(j, NULL);
  json_string(j, "name", name);
  json_string(j, "protocol", protocol);
  json_number(j, "port", port);
  json_number(j, "served", t->served);
  json_number(j, "open", t->open);
  json_number(j, "bytes_in", t->in);
  json_number(j, "bytes_out", t->out);
  json_object_end(j);
}

static void put_iperf(struct json *j)
{
  const struct device_iperf *last = &device()->iperf_last;
  u16_t public_port = device()->config.iperf_public_port;
  json_object(j, "iperf");
  json_number(j, "port", LWIPERF_TCP_PORT_DEFAULT);
  json_number(j, "public_port", public_port != 0 ? public_port : LWIPERF_TCP_PORT_DEFAULT);
  json_number(j, "runs", device()->iperf_runs);
  if (last->is_valid) {
    json_object(j, "last");
    json_bool(j, "is_complete", last->type <= LWIPERF_TCP_DONE_CLIENT);
    json_string(j, "direction", last->type == LWIPERF_TCP_DONE_CLIENT ? "out" : "in");
    json_address(j, "peer", &last->peer);
    json_number(j, "bytes", last->bytes);
    json_number(j, "duration_ms", last->duration_ms);
    json_number(j, "kbit_s", last->kbit_s);
    json_object_end(j);
  } else {
    json_null(j, "last");
  }
  json_object_end(j);
}

static void put_services(struct json *j)
{
  const struct device_echo *e = &device()->echo;
  json_array(j, "echo");
  put_traffic(j, "echo", "tcp", DEVICE_PORT_ECHO, &e->tcp);
  put_traffic(j, "echo", "udp", DEVICE_PORT_ECHO, &e->datagrams);
  json_array_end(j);
  put_iperf(j);
}

/* --- counters --- */

#if LWIP_STATS

static void put_proto(struct json *j, const char *name, const struct stats_proto *s)
{
  json_object(j, NULL);
  json_string(j, "name", name);
  json_number(j, "sent", s->xmit);
  json_number(j, "received", s->recv);
  json_number(j, "forwarded", s->fw);
  json_number(j, "dropped", s->drop);
  json_number(j, "checksum_errors", s->chkerr);
  json_number(j, "length_errors", s->lenerr);
  json_number(j, "memory_errors", s->memerr);
  json_number(j, "routing_errors", s->rterr);
  json_number(j, "protocol_errors", s->proterr);
  json_number(j, "option_errors", s->opterr);
  json_number(j, "errors", s->err);
  json_object_end(j);
}

static void put_group(struct json *j, const char *name, const struct stats_igmp *s)
{
  const struct stats_proto as_proto = {.xmit = s->xmit,
                                       .recv = s->recv,
                                       .drop = s->drop,
                                       .chkerr = s->chkerr,
                                       .lenerr = s->lenerr,
                                       .memerr = s->memerr,
                                       .proterr = s->proterr};
  put_proto(j, name, &as_proto);
}

#endif

static void put_protocols(struct json *j)
{
  json_array(j, "protocols");
#if LINK_STATS
  put_proto(j, "link", &lwip_stats.link);
#endif
#if ETHARP_STATS
  put_proto(j, "arp", &lwip_stats.etharp);
#endif
#if IP_STATS
  put_proto(j, "ipv4", &lwip_stats.ip);
#endif
#if IPFRAG_STATS
  put_proto(j, "ipv4 fragments", &lwip_stats.ip_frag);
#endif
#if ICMP_STATS
  put_proto(j, "icmp", &lwip_stats.icmp);
#endif
#if IGMP_STATS
  put_group(j, "igmp", &lwip_stats.igmp);
#endif
#if IP6_STATS
  put_proto(j, "ipv6", &lwip_stats.ip6);
#endif
#if IP6_FRAG_STATS
  put_proto(j, "ipv6 fragments", &lwip_stats.ip6_frag);
#endif
#if ICMP6_STATS
  put_proto(j, "icmpv6", &lwip_stats.icmp6);
#endif
#if ND6_STATS
  put_proto(j, "nd", &lwip_stats.nd6);
#endif
#if MLD6_STATS
  put_group(j, "mld", &lwip_stats.mld6);
#endif
#if UDP_STATS
  put_proto(j, "udp", &lwip_stats.udp);
#endif
#if TCP_STATS
  put_proto(j, "tcp", &lwip_stats.tcp);
#endif
  json_array_end(j);
}

static void put_drops(struct json *j)
{
  json_array(j, "drops");
  for (unsigned why = DROP_NONE + 1; why < DROP_REASON_COUNT; why++) {
    u32_t count = drop_count((enum drop_reason)why);
    if (count != 0) {
      json_object(j, NULL);
      json_string(j, "reason", drop_name((enum drop_reason)why));
      json_string(j, "text", drop_text((enum drop_reason)why));
      json_number(j, "count", count);
      json_object_end(j);
    }
  }
  json_array_end(j);
}

/* --- memory --- */

static void put_heap(struct json *j)
{
#if MEM_STATS
  json_object(j, "heap");
  json_number(j, "used", lwip_stats.mem.used);
  json_number(j, "max", lwip_stats.mem.max);
  json_number(j, "failures", lwip_stats.mem.err);
  if (MEM_CUSTOM_ALLOCATOR) {
    json_null(j, "limit"); /* the system's */
  } else {
    json_number(j, "limit", lwip_stats.mem.avail);
  }
  json_object_end(j);
#else
  json_null(j, "heap");
#endif
}

static void put_pools(struct json *j)
{
  json_array(j, "pools");
#if MEMP_STATS
  for (unsigned i = 0; i < MEMP_MAX; i++) {
    const struct stats_mem *s = lwip_stats.memp[i];
    json_object(j, NULL);
    json_string(j, "name", MEMP_POOL_NAME(memp_pools[i]));
    json_number(j, "used", s->used);
    json_number(j, "max", s->max);
    json_number(j, "limit", s->avail);
    json_number(j, "failures", s->err);
    json_number(j, "size", memp_pools[i]->size);
    json_object_end(j);
  }
#endif
  json_array_end(j);
}

/* --- the documents --- */

static void put_capture(struct json *j)
{
  const struct device *d = device();
  bool is_available = d->config.capture != NULL;
  json_bool(j, "is_available", is_available);
  json_bool(j, "is_running", d->is_capturing);
  json_number(j, "bytes", is_available ? d->config.capture->size() : 0);
}

void device_status(struct json *j)
{
  struct device *d = device();
  device_refresh();
  json_object(j, NULL);
  json_string(j, "hostname", d->config.hostname);
  json_object(j, "device");
  json_string(j, "version", DEVICE_VERSION);
  json_number(j, "uptime_ms", d->uptime_ms);
  json_object_end(j);
  put_interfaces(j);
  put_dhcp(j);
  put_dns(j);
  put_neighbors(j);
  put_tcp(j);
  put_udp(j);
  put_services(j);
  put_protocols(j);
  put_drops(j);
  put_heap(j);
  put_pools(j);
  json_object(j, "capture");
  put_capture(j);
  json_object_end(j);
  json_object_end(j);
}

void device_capture_status(struct json *j)
{
  json_object(j, NULL);
  put_capture(j);
  json_object_end(j);
}

static void put_ring(struct json *j, const char *key, const u32_t *ring)
{
  const struct device *d = device();
  unsigned at = (d->history_at + DEVICE_HISTORY - d->history_len) % DEVICE_HISTORY;
  json_array(j, key);
  for (unsigned i = 0; i < d->history_len; i++) {
    json_number(j, NULL, ring[(at + i) % DEVICE_HISTORY]);
  }
  json_array_end(j);
}

void device_history(struct json *j)
{
  const struct device *d = device();
  char name[NETIF_NAMESIZE];
  json_object(j, NULL);
  json_string(j, "interface", device_netif_name(d->config.netif, name));
  json_number(j, "interval_ms", DEVICE_TICK_MS);
  put_ring(j, "bytes_in", d->history_in);
  put_ring(j, "bytes_out", d->history_out);
  json_object_end(j);
}
