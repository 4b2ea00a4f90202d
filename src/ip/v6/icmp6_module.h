/**
 * @file
 * ICMP for IPv6, for the registry.
 */
#ifndef IP_V6_ICMP6_MODULE_H
#define IP_V6_ICMP6_MODULE_H

#include "base/registry.h"

/**
 * The ip_protos[] entry: checks length and checksum, and hands the message to whoever handles its
 * type, MLD (mld6_rx()) and ND (nd6_rx()) included: `p` is at the ICMPv6 header then, and theirs.
 */
void icmp6_rx(struct pbuf *p, const struct ip_rx *rx);

/** Its error function: does the error quote an echo reply that we sent lately? */
bool icmp6_echo_error(const struct ip_error *e);

#endif /* IP_V6_ICMP6_MODULE_H */
