/**
 * @file
 * The device's life, its clock, and what it counts by itself.
 *
 * State: struct device. While it runs its timer ticks each second: the counters of interfaces have
 * 32 bits and would wrap within minutes at high speed.
 */
#include <stdio.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/autoip.h"
#include "lwip/dhcp.h"
#include "lwip/apps/httpd.h"
#include "gossamer/ip6_config.h"
#include "device_priv.h"

STACK_STATE(struct device, the_device);

struct device *device(void)
{
  return the_device();
}

static struct device_octets *octets_slot(const struct netif *netif)
{
  struct device_octets *slot = device()->octets;
  u8_t index = netif_get_index(netif);
  for (unsigned i = 0; i < DEVICE_NETIFS; i++, slot++) {
    if (slot->index == 0) {
      slot->index = index;
    }
    if (slot->index == index) {
      return slot;
    }
  }
  return NULL;
}

static void count_octets(const struct netif *netif)
{
#if MIB2_STATS
  struct device_octets *o = octets_slot(netif);
  if (o != NULL) {
    o->in += (u32_t)(netif->mib2_counters.ifinoctets - o->last_in);
    o->out += (u32_t)(netif->mib2_counters.ifoutoctets - o->last_out);
    o->last_in = netif->mib2_counters.ifinoctets;
    o->last_out = netif->mib2_counters.ifoutoctets;
  }
#else
  LWIP_UNUSED_ARG(netif);
#endif
}

void device_refresh(void)
{
  struct device *d = device();
  struct netif *netif;
  u32_t now_ms = stack_now();
  d->uptime_ms += (u32_t)(now_ms - d->last_ms);
  d->last_ms = now_ms;
  NETIF_FOREACH(netif)
  {
    count_octets(netif);
  }
}

struct device_octets device_octets_of(const struct netif *netif)
{
  const struct device_octets *o = octets_slot(netif);
  return o != NULL ? *o : (struct device_octets){.index = 0};
}

static void stop_full_capture(void)
{
  const struct device *d = device();
  if (d->is_capturing && d->config.capture->size() >= DEVICE_CAPTURE_MAX) {
    (void)device_capture_stop();
  }
}

static void on_tick(struct timer *t)
{
  struct device *d = device();
  struct device_octets before = device_octets_of(d->config.netif);
  device_refresh();
  struct device_octets now = device_octets_of(d->config.netif);
  device_flows_refresh();
  d->history_in[d->history_at] = (u32_t)(now.in - before.in);
  d->history_out[d->history_at] = (u32_t)(now.out - before.out);
  d->history_at = (d->history_at + 1) % DEVICE_HISTORY;
  d->history_len = LWIP_MIN(d->history_len + 1, (unsigned)DEVICE_HISTORY);
  stop_full_capture();
  timer_set(t, on_tick, DEVICE_TICK_MS);
}

static void on_iperf(void *arg, enum lwiperf_report_type type, const ip_addr_t *local_addr,
                     u16_t local_port, const ip_addr_t *remote_addr, u16_t remote_port,
                     u32_t bytes_transferred, u32_t ms_duration, u32_t bandwidth_kbitpsec)
{
  struct device_iperf *last = &device()->iperf_last;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(local_addr);
  LWIP_UNUSED_ARG(local_port);
  LWIP_UNUSED_ARG(remote_port);
  *last = (struct device_iperf){.is_valid = true,
                                .type = type,
                                .bytes = bytes_transferred,
                                .duration_ms = ms_duration,
                                .kbit_s = bandwidth_kbitpsec};
  ip_addr_copy(last->peer, *remote_addr);
  device()->iperf_runs++;
}

err_t device_capture_start(void)
{
  struct device *d = device();
  if (d->config.capture == NULL || d->is_capturing) {
    return ERR_VAL;
  }
  err_t err = d->config.capture->start(d->config.netif, d->config.capture_path);
  d->is_capturing = err == ERR_OK;
  return err;
}

err_t device_capture_stop(void)
{
  struct device *d = device();
  if (!d->is_capturing) {
    return ERR_VAL;
  }
  d->config.capture->stop();
  d->is_capturing = false;
  return ERR_OK;
}

/** Addresses come by themselves; IPv6 ones beyond link-local by what routers advertise. */
static err_t start_addresses(struct netif *netif, const char *hostname)
{
  err_t err = ERR_OK;
  LWIP_UNUSED_ARG(hostname);
#if LWIP_NETIF_HOSTNAME
  netif_set_hostname(netif, hostname);
#endif
#if LWIP_IPV6
  netif_ip6_linklocal_create(netif, IP6_IID_STABLE);
#endif
#if LWIP_DHCP
  err = dhcp_start(netif);
#elif LWIP_IPV4 && LWIP_AUTOIP
  err = autoip_start(netif);
#endif
  return err;
}

static err_t start_services(struct device *d)
{
  err_t err = device_echo_start();
  if (err == ERR_OK) {
    d->iperf = lwiperf_start_tcp_server_default(on_iperf, NULL);
    err = d->iperf != NULL ? ERR_OK : ERR_USE;
  }
  if (err == ERR_OK) {
    err = httpd_start(d->config.http_port, NULL);
  }
  device_flows_start();
  if (err == ERR_OK && d->config.is_capturing) {
    err = device_capture_start();
  }
  return err == ERR_OK ? start_addresses(d->config.netif, d->config.hostname) : err;
}

static void on_exit_of_instance(void)
{
  device_stop();
  device_flows_end();
}

err_t device_start(const struct device_config *config)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct device *d = device();
  if (config == NULL || config->netif == NULL) {
    return ERR_ARG;
  }
  if (d->is_running) {
    return ERR_ALREADY;
  }
  struct stack_exit at_exit = d->at_exit; /* may be linked already */
  memset(d, 0, sizeof *d);
  d->at_exit = at_exit;
  d->config = *config;
  d->config.hostname = config->hostname != NULL ? config->hostname : "gossamer";
  d->config.http_port = config->http_port != 0 ? config->http_port : DEVICE_PORT_HTTP;
  d->is_running = true;
  d->last_ms = stack_now();
  d->at_exit.fn = on_exit_of_instance;
  stack_at_exit(&d->at_exit);
  timer_set(&d->tick, on_tick, DEVICE_TICK_MS);
  err_t err = start_services(d);
  if (err != ERR_OK) {
    device_stop();
  }
  return err;
}

void device_stop(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct device *d = device();
  if (!d->is_running) {
    return;
  }
  d->is_running = false;
  timer_cancel(&d->tick);
  (void)device_capture_stop();
  if (d->config.capture != NULL) {
    d->config.capture->close();
  }
  httpd_stop();
  lwiperf_abort(d->iperf);
  device_echo_stop();
#if LWIP_DHCP
  dhcp_release_and_stop(d->config.netif);
#elif LWIP_IPV4 && LWIP_AUTOIP
  autoip_stop(d->config.netif);
#endif
}

/** A link-local address would do for nobody's browser without a zone. */
static bool is_for_urls(const ip_addr_t *addr)
{
  return !ip_addr_isany(addr) && !(IP_IS_V6(addr) && ip6_addr_islinklocal(ip_2_ip6(addr)));
}

static bool url_of(const ip_addr_t *addr, char *url, size_t size)
{
  char text[IPADDR_STRLEN_MAX];
  char port[8] = "";
  u16_t number = device()->config.http_port;
  if (!is_for_urls(addr) || ipaddr_ntoa_r(addr, text, sizeof text) == NULL) {
    return false;
  }
  if (number != DEVICE_PORT_HTTP) {
    snprintf(port, sizeof port, ":%u", number);
  }
  snprintf(url, size, IP_IS_V6(addr) ? "http://[%s]%s/" : "http://%s%s/", text, port);
  return true;
}

bool device_url(char *url, size_t size)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct netif *netif = device()->config.netif;
  url[0] = '\0';
  if (!device()->is_running) {
    return false;
  }
#if LWIP_IPV4
  if (url_of(netif_ip_addr4(netif), url, size)) {
    return true;
  }
#endif
#if LWIP_IPV6
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    if (ip6_addr_isvalid(netif_ip6_addr_state(netif, i)) &&
        url_of(netif_ip_addr6(netif, i), url, size)) {
      return true;
    }
  }
#endif
  return false;
}
