/**
 * @file
 * In which order to try the addresses of a name: destination address selection (RFC 6724 6), all
 * ten rules, IPv4 and IPv6 together. For resolvers and connection racing.
 */
#ifndef GOSSAMER_ADDR_SELECT_H
#define GOSSAMER_ADDR_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A destination, and what the stack knows about reaching it. */
struct addr_choice {
  ip_addr_t dst; /* set by the caller */
  ip_addr_t src; /* with which address of ours it would be reached */
  struct netif *netif;
  bool is_reachable; /* there are a route and a source; src and netif count only then */
  /* The rest is the sort's own. */
  bool has_scope_of_src;
  bool has_label_of_src;
  bool src_is_deprecated;
  bool is_tunnelled;
  s8_t src_home_rank;
  u8_t dst_scope;
  u8_t precedence;
  u8_t common_prefix;
};

/**
 * Sort `count` destinations, the best first; equals keep their order (the name server's). Core lock
 * held. Costs one route and one source selection for each, and count^2 / 2 comparisons at most.
 */
void addr_choices_sort(struct addr_choice *choice, size_t count);

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_ADDR_SELECT_H */
