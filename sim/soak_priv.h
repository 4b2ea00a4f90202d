/**
 * @file
 * What the soak's two sources share: the programs at the ends (soak_app.c), and the network with
 * its faults and the verdict (soak.c).
 */
#ifndef SIM_SOAK_PRIV_H
#define SIM_SOAK_PRIV_H

#include "lwip/tcp.h"
#include "sim/soak.h"

#define SOAK_CONNS_MAX 8
#define SOAK_PORT      5000

struct soak;
struct soak_conn;

/** What an end does with its connection when it has written all. */
enum soak_closing {
  SOAK_SHUT_DOWN,   /* half-close, wait for the other's end, close */
  SOAK_CLOSE_EARLY, /* close at once and never look back */
  SOAK_ABORT        /* abort somewhere on the way */
};

/** How an end ended. */
enum soak_fate {
  SOAK_OPEN, /* or not yet opened */
  SOAK_DONE, /* both directions closed */
  SOAK_LEFT, /* closed early */
  SOAK_FAILED,
  SOAK_ABORTED,
  SOAK_REBOOTED
};

struct soak_end {
  struct soak_conn *conn;
  unsigned side; /* which host: 0, 1 */
  struct tcp_pcb *pcb;
  enum soak_fate fate;
  err_t error;
  enum soak_closing closing;
  u32_t total; /* to write */
  u32_t written;
  u32_t abort_at; /* bytes written and received */
  u32_t received;
  bool has_shut_down, saw_fin;
  u32_t write_len_max;
  bool does_copy;
  u32_t refuse_ppm;
  u32_t stall_at; /* bytes received; 0xffffffff: never */
  u64_t stall_us;
  bool is_stalled;
  bool wants_ecn, has_nagle, has_sack, has_newreno;
  bool does_urgent; /* now and then */
  u32_t uto_ms;     /* user timeout; 0: none */
  u32_t unread;     /* received and not told to tcp_recved() */
};

struct soak_conn {
  struct soak *soak;
  unsigned index;
  unsigned opener; /* which end connects */
  bool is_simultaneous;
  bool is_v6;
  bool is_started;
  struct soak_end end[2];
};

struct soak {
  struct sim *sim;
  struct sim_random r;
  struct sim_node *host[2];
  struct sim_node *router;  /* NULL: none */
  struct sim_port *port[4]; /* host 0, host 1, router's towards them */
  unsigned ports;
  struct sim_link *link[2];
  unsigned links;
  struct sim_conditions conditions; /* while faults last */
  u64_t faults_end_us;
  bool is_mild; /* nothing may fail */
  bool does_reboot, does_flap, does_cut, does_fail_alloc, is_dry, does_change_mtu, has_black_hole;
  bool has_offload; /* some port */
  unsigned conns;
  struct soak_conn conn[SOAK_CONNS_MAX];
  u32_t used_before[2];
  struct soak_result *result;
};

/** Note what does not hold; the first counts. */
void soak_fail(struct soak *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

u32_t soak_below(struct soak *s, u32_t n);
bool soak_hits(struct soak *s, u32_t ppm);

/* soak_app.c */

/** Draw what the ends will do. */
void soak_conn_plan(struct soak *s, unsigned index);
/** Host `side` listens for all connections that are opened from the other. As the node. */
void soak_listen(struct soak *s, unsigned side);
/** sim_fn: the opener connects. */
void soak_conn_start(struct sim *sim, void *conn);
/** All pcbs of this host are gone. */
void soak_host_died(struct soak *s, unsigned side);
bool soak_conn_is_over(const struct soak_conn *c);

/** Address of a host. */
void soak_addr(const struct soak *s, unsigned side, bool is_v6, ip_addr_t *addr);

#endif /* SIM_SOAK_PRIV_H */
