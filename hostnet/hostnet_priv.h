/**
 * @file
 * What the private network's sources share.
 *
 *   hostnet.c   the thread, the lock, public calls      switch.c   ports and frames
 *   gateway.c   the gateway's netif and services        names.c    who is where
 *   tcp_flow.c  bytes between a pcb and a host socket   udp_flow.c datagrams and pings
 *   forward.c   listening on the host                   dns_relay.c  queries to the host's resolver
 *
 * One thread runs all of it in its own stack instance, with net->lock and the instance's core lock
 * held but while it waits. Public calls take both, in this order, and nothing here takes a lock of
 * another instance or blocks: so they may be called from anywhere.
 */
#ifndef HOSTNET_PRIV_H
#define HOSTNET_PRIV_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include "lwip/opt.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "gossamer/any_address.h"
#include "gossamer/hostnet.h"
#include "gossamer/router_advert.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "dhcpserver/dhcpserver.h"
#include "hostnet/dns_relay.h"
#include "hostnet/loop.h"

/** Longest frame: header, tag, MTU and room to spare. */
#define FRAME_MAX 1600
/** Stations that the switch remembers. */
#define STATIONS 256
/** Frames that wait for a port whose other end does not read. */
#define PORT_QUEUE_MAX 1024
/** Buckets of flows by their addresses. */
#define UDP_BUCKETS 256
/** Longest name, domain, path in the configuration. */
#define NAME_LEN 64
#define PATH_LEN 256

struct frame {
  struct frame *next;
  uint16_t len;
  uint8_t data[];
};

struct port {
  struct io io;
  struct hostnet *net;
  struct frame *first; /* that wait */
  struct frame **last;
  unsigned count;
};

struct station {
  uint8_t mac[6];
  uint8_t port; /* HOSTNET_PORTS_MAX: the gateway */
  bool is_known;
};

struct tcp_flow;
struct udp_flow;
struct forward;

struct hostnet {
  pthread_mutex_t lock;
  pthread_t thread;
  bool is_ending;
  struct stack *stack;
  struct loop loop;
  struct io wake;

  char domain[NAME_LEN];
  char resolv_conf[PATH_LEN];
  unsigned tcp_max, udp_max;
  uint32_t udp_idle_ms;
  ip4_addr_t ip4;
  ip6_addr_t ip6; /* the gateway's; its /64 is the network's */

  struct port *ports[HOSTNET_PORTS_MAX];
  struct station stations[STATIONS];

  struct netif netif;
  bool is_added;
  dhcps_t *dhcps;
  struct router_advert ra;
  struct router_advert_prefix prefix;
  const char *domains[1];
  struct any_address any;
  struct dns_relay *relay;
  struct udp_pcb *dns_udp[2]; /* at the gateway's own addresses: IPv4, IPv6 */

  struct tcp_flow *tcp_flows;
  struct tcp_flow *tcp_over; /* to be freed at the end of the turn */
  struct udp_flow *udp_buckets[UDP_BUCKETS];
  struct udp_flow *udp_oldest, *udp_youngest;
  struct timer udp_timer;
  struct forward *forwards;

  struct hostnet_stats stats;
};

/** Print the line for the user, if he wants it. */
void hostnet_error(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- switch.c --- */

int switch_port_open(struct hostnet *net);
void switch_close(struct hostnet *net);
/** A frame of the gateway's. */
void switch_send(struct hostnet *net, const uint8_t *frame, size_t len);

/* --- gateway.c --- */

bool gateway_start(struct hostnet *net, char *error);
void gateway_stop(struct hostnet *net);
/** A frame for the gateway. */
void gateway_receive(struct hostnet *net, const uint8_t *frame, size_t len);

/* --- names.c --- */

/** The addresses of a name without domain: dns_relay_config.lookup. */
unsigned names_lookup(void *arg, const char *name, ip_addr_t *addrs, unsigned max, bool *exists);
/** A name, with domain or without, or an address. @return false: nobody, or not yet */
bool names_resolve(struct hostnet *net, const char *text, ip_addr_t *addr);
/** Where the host has what a device calls `addr`: its loopback for the gateway's own addresses.
    @return 0: nowhere, it would have to be on the network */
socklen_t names_host_address(const struct hostnet *net, struct sockaddr_storage *to,
                             const ip_addr_t *addr, uint16_t port);

/* --- tcp_flow.c --- */

enum any_answer tcp_flow_syn(void *arg, struct any_syn *syn);
void tcp_flow_syn_gone(void *arg, struct any_syn *syn);
err_t tcp_flow_accepted(void *arg, struct tcp_pcb *pcb);
void tcp_flow_failed(void *syn_arg, err_t err);
/** A connection of the network's, already there, to an address of the host's side. */
err_t tcp_flow_to_host(struct hostnet *net, struct tcp_pcb *pcb, const struct sockaddr *to,
                       socklen_t len);
/** A connection of the host's, `fd`, to a device, by a name that may have to be waited for. */
void tcp_flow_to_device(struct hostnet *net, int fd, const char *target, uint16_t port);
/** Free what has ended in this turn. */
void tcp_flow_reap(struct hostnet *net);
void tcp_flow_close_all(struct hostnet *net);

/* --- udp_flow.c --- */

enum any_answer udp_flow_recv(void *arg, const struct any_flow *flow, struct pbuf *p);
enum any_answer udp_flow_echo(void *arg, const struct any_flow *flow, u16_t seqno,
                              const struct pbuf *p);
void udp_flow_close_all(struct hostnet *net);

/* --- forward.c --- */

int forward_add(struct hostnet *net, const char *spec, char *error);
void forward_close_all(struct hostnet *net);

#endif /* HOSTNET_PRIV_H */
