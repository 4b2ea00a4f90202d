/**
 * @file
 * Answers to DNS queries from the network: names that are known here, all others by the host's
 * resolver.
 *
 * All of it runs in the network's thread. Queries on their way are bounded (the oldest goes), each
 * with a random id and a socket of its own towards the host's resolver, and forgotten after
 * DNS_RELAY_TIMEOUT_MS; whoever asked will ask again.
 */
#ifndef HOSTNET_DNS_RELAY_H
#define HOSTNET_DNS_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include "lwip/ip_addr.h"
#include "hostnet/loop.h"

#define DNS_RELAY_QUERIES_MAX 128
#define DNS_RELAY_TIMEOUT_MS  10000
#define DNS_RELAY_MESSAGE_MAX 4096

struct dns_relay;

struct dns_relay_config {
  struct loop *loop;
  const char *resolv_conf; /* "nameserver" lines are read, again for each query if it has changed */
  uint16_t port;           /* of the servers; 0: 53 */
  const char *domain;      /* "gossamer": "x.gossamer" and "x" are asked of `lookup` */
  /** The addresses of a name without domain, up to `max`; returns how many. 0 with *exists true:
      the name is there but has none; *exists false: no such name. */
  unsigned (*lookup)(void *arg, const char *name, ip_addr_t *addrs, unsigned max, bool *exists);
  void *arg;
};

/** Who asked, and what else must be known to answer. A copy is kept and handed back. */
struct dns_relay_client {
  ip_addr_t addr;
  uint16_t port;
  /** An answer of `len` bytes; called at most once for each query, from dns_relay_query() or
      later. */
  void (*answer)(void *arg, const struct dns_relay_client *client, const uint8_t *message,
                 size_t len);
  void *arg;
};

/** NULL: no memory. `config` is copied, its strings stay the caller's. */
struct dns_relay *dns_relay_new(const struct dns_relay_config *config);
/** Queries on their way are forgotten. NULL is harmless. */
void dns_relay_free(struct dns_relay *relay);

/**
 * A query has come. Names in `domain`, and names of one label that `lookup` knows, are answered
 * here: A, AAAA (TTL 5), other types no data; in `domain` unknown ones do not exist. What cannot
 * be parsed is not answered, or FORMERR. Other names go to the first nameserver, and to the next
 * when it does not answer; none, or none that can be reached: SERVFAIL at once.
 */
void dns_relay_query(struct dns_relay *relay, const struct dns_relay_client *client,
                     const uint8_t *message, size_t len);

/** The host's resolver as an address to connect to over TCP. @return false: there is none */
bool dns_relay_server(struct dns_relay *relay, struct sockaddr_storage *addr, socklen_t *len);

/** Time passes: call when dns_relay_wait_ms() has, or sooner. */
void dns_relay_tick(struct dns_relay *relay);
/** Milliseconds until something is to be done; -1: nothing. */
int dns_relay_wait_ms(struct dns_relay *relay);

#endif /* HOSTNET_DNS_RELAY_H */
