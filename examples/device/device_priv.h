/**
 * @file
 * What the files of the device share.
 */
#ifndef EXAMPLES_DEVICE_PRIV_H
#define EXAMPLES_DEVICE_PRIV_H

#include "lwip/apps/lwiperf.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "device.h"
#include "json.h"

#define DEVICE_VERSION "0.1.0"

enum {
  DEVICE_PORT_ECHO = 7,
  DEVICE_PORT_HTTP = 80,
  DEVICE_TICK_MS = 1000,
  DEVICE_HISTORY = 120,  /* ticks of throughput that are remembered */
  DEVICE_NETIFS = 8,     /* interfaces whose bytes are counted beyond 32 bits */
  DEVICE_LIST_MAX = 100, /* lines of a list; how many there are is told, too */
  DEVICE_DOCUMENT_MAX =
      256 * 1024, /* bytes of JSON; only counters and addresses could be so many */
  DEVICE_CAPTURE_MAX = 256 * 1024 * 1024 /* bytes; then the capture stops by itself */
};

/** Bytes of an interface since it was first seen, beyond the 32 bits of its own counters. */
struct device_octets {
  u8_t index; /* netif_get_index(); 0: a free slot */
  u32_t last_in, last_out;
  u64_t in, out;
};

/** What a service has moved. */
struct device_traffic {
  u32_t served; /* connections accepted, datagrams answered */
  u32_t open;   /* connections now */
  u64_t in, out;
};

/** The last report of lwiperf. */
struct device_iperf {
  bool is_valid;
  enum lwiperf_report_type type;
  ip_addr_t peer;
  u32_t bytes, duration_ms, kbit_s;
};

struct device_echo {
  struct udp_pcb *udp;
  struct tcp_pcb *listener;
  struct device_client *clients;
  struct device_traffic tcp, datagrams;
};

struct device {
  bool is_running;
  bool is_capturing;
  struct device_config config;
  struct timer tick;
  u64_t uptime_ms;
  u32_t last_ms;
  struct device_octets octets[DEVICE_NETIFS];
  u32_t history_in[DEVICE_HISTORY]; /* bytes of each tick, a ring */
  u32_t history_out[DEVICE_HISTORY];
  unsigned history_at;  /* where the next goes */
  unsigned history_len; /* how many there are */
  void *iperf;
  struct device_iperf iperf_last;
  u32_t iperf_runs;
  struct device_echo echo;
  struct stack_exit at_exit;
};

/** The current instance's. */
struct device *device(void);

/** Bring uptime and octets up to date. */
void device_refresh(void);

/** Bytes of a netif by now; zero for one beyond DEVICE_NETIFS. */
struct device_octets device_octets_of(const struct netif *netif);

/** Count what connections to the listeners of now move (LWIP_TCP_PCB_NUM_EXT_ARGS). */
void device_flows_start(void);
/** The instance ends. */
void device_flows_end(void);
void device_flows_refresh(void);
/** @return false: it is not counted */
bool device_flow_get(const struct tcp_pcb *pcb, u64_t *in, u64_t *out);

/** ERR_OK, ERR_USE, ERR_MEM. */
err_t device_echo_start(void);
void device_echo_stop(void);

/** @return ERR_OK; ERR_VAL: there is none, or it is as wanted already; what the capture says */
err_t device_capture_start(void);
err_t device_capture_stop(void);

/** The documents of the page, whole. */
void device_status(struct json *j);
void device_history(struct json *j);
void device_capture_status(struct json *j);

/* Words for states; lower case, as in JSON. */
const char *device_dhcp_state(const struct netif *netif);
const char *device_ip6_state(u8_t state);
const char *device_ip6_origin(unsigned origin);
const char *device_tcp_state(enum tcp_state state);

/** What `netif` is called: "et0". `name` has NETIF_NAMESIZE bytes. */
const char *device_netif_name(const struct netif *netif, char *name);

/** Where the netif's main IPv4 address is from: "dhcp", "autoip", "manual". */
const char *device_ip4_origin(struct netif *netif);

#endif /* EXAMPLES_DEVICE_PRIV_H */
