/**
 * @file
 * A private network inside of a process: an Ethernet switch, and a gateway with DHCP, router
 * advertisements and DNS that gives whatever is plugged in the host's own connections. It needs no
 * privileges: TCP, UDP and pings leave by ordinary sockets of the host.
 *
 *     char error[HOSTNET_ERROR_LEN];
 *     struct hostnet *net = hostnet_new(NULL, error);
 *     struct ethdev *dev = ethdev_open_fd(hostnet_port(net), NULL, error);
 *     hostnet_forward(net, "tcp:127.0.0.1:8080=gossamer:80", error);
 *
 * Devices see the gateway at 10.77.0.1 and fd67:6f73:7361:77::1, get addresses by DHCP and SLAAC,
 * and the gateway as DNS server, which knows the devices by the host names that they told DHCP
 * ("gossamer", "gossamer.gossamer") and the host as "host.gossamer"; all other names are the host's
 * resolver's. The host is at the gateway's own addresses: what connects there reaches 127.0.0.1 and
 * ::1 of the host. Any other address is reached as the host reaches it; what the host is told when
 * it tries, the device is told.
 *
 * Everything runs in a thread of the network's own, in a stack instance of its own. All functions
 * may be called from any thread, also while their caller holds the core lock of another instance,
 * but hostnet_free(), which is the last.
 */
#ifndef GOSSAMER_HOSTNET_H
#define GOSSAMER_HOSTNET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Room for the one line that says what is wrong and what to do. */
#define HOSTNET_ERROR_LEN 200

/** Ports that can be plugged in. */
#define HOSTNET_PORTS_MAX 64

struct hostnet;

/** Zero or NULL is the default everywhere. */
struct hostnet_config {
  const char *ip4;         /* the gateway's address, of a /24: "10.77.0.1" */
  const char *ip6_prefix;  /* /64: "fd67:6f73:7361:77::"; the gateway is ::1 of it */
  const char *domain;      /* of names on the network: "gossamer" */
  const char *resolv_conf; /* the host's resolver is read from here: "/etc/resolv.conf" */
  unsigned tcp_max;        /* connections at once: 4096 */
  unsigned udp_max;        /* flows of UDP and pings at once: 1024 */
  unsigned udp_idle_s;     /* after so much silence a flow is forgotten: 60 */
};

/** Counters since the beginning, but for those that say "now". */
struct hostnet_stats {
  uint64_t frames;         /* that ports sent */
  uint64_t frames_dropped; /* because a port did not read, or they made no sense */
  uint64_t tcp_opened;     /* connections to the host's side that stood */
  uint64_t tcp_failed;     /* ... that could not be had */
  uint64_t tcp_forwarded;  /* connections from the host's side by forwards */
  uint64_t udp_flows;
  uint64_t udp_failed;
  uint64_t pings;
  uint64_t dns_queries;
  uint64_t bytes_to_host; /* payload of TCP and UDP */
  uint64_t bytes_from_host;
  unsigned ports_now;
  unsigned tcp_now;
  unsigned udp_now;
};

/**
 * Start a network.
 *
 * @param config  copied; NULL: all defaults
 * @param error   HOSTNET_ERROR_LEN bytes, set to one line when it fails; may be NULL, here and
 *                below
 * @return NULL when it fails
 */
struct hostnet *hostnet_new(const struct hostnet_config *config, char *error);

/**
 * A new port of the switch.
 *
 * @return a datagram socket that carries one Ethernet frame per datagram, the caller's to close,
 *         which unplugs it: for ethdev_open_fd(), or QEMU; -1: all are in use, or no descriptors
 */
int hostnet_port(struct hostnet *net);

/**
 * Listen on the host and connect what comes to a device: "tcp:127.0.0.1:8080=gossamer:80",
 * "udp:[::1]:5300=10.77.0.2:53". Without an address ("tcp:8080=gossamer:80") both 127.0.0.1 and ::1
 * are listened on. The device is an address on the network or the host name that it told DHCP; a
 * connection to one that has no address yet waits for it, ten seconds at most, then is reset.
 * "dns" as the whole target is the network's own DNS server. Port 0 of the host lets the host
 * choose.
 *
 * @param error  when it fails: one line, as for a port that is in use
 * @return the host's port; -1 when it fails
 */
int hostnet_forward(struct hostnet *net, const char *spec, char *error);

/** What has happened so far. */
void hostnet_stats(struct hostnet *net, struct hostnet_stats *stats);

/** End the network: its connections are reset, its ports fall silent. NULL is harmless. */
void hostnet_free(struct hostnet *net);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_HOSTNET_H */
