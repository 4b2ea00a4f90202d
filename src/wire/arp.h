/**
 * @file
 * ARP messages for IPv4 over Ethernet (RFC 826): bytes to struct and back.
 */
#ifndef WIRE_ARP_H
#define WIRE_ARP_H

#include "lwip/def.h"
#include "lwip/ip4_addr.h"
#include "lwip/prot/ethernet.h"
#include "gossamer/drop.h"

enum { ARP_LEN = 28 };

struct arp_message {
  u16_t op; /* ARP_REQUEST or ARP_REPLY */
  struct eth_addr sender_mac;
  struct eth_addr target_mac;
  ip4_addr_t sender_ip;
  ip4_addr_t target_ip;
};

/**
 * Parse a message. Addresses are taken as they are; whether they make sense is not a format's
 * business.
 *
 * @param len  bytes that are there; padding behind ARP_LEN is ignored
 * @return DROP_NONE, DROP_ARP_SHORT, DROP_ARP_BAD_FORMAT or DROP_ARP_BAD_OPCODE
 */
enum drop_reason arp_parse(struct arp_message *m, const u8_t *bytes, size_t len);

/** Write a message. */
void arp_build(u8_t out[ARP_LEN], const struct arp_message *m);

#endif /* WIRE_ARP_H */
