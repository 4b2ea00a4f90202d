/**
 * @file
 * ARP messages for IPv4 over Ethernet: bytes to struct and back. Pure functions, RFC 826.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/prot/etharp.h"
#include "wire/arp.h"

/** Hardware type Ethernet, protocol IPv4, address lengths 6 and 4; the operation's high byte. */
static const u8_t arp_prefix[] = {0x00, 0x01, 0x08, 0x00, 6, 4, 0x00};

/* Offsets in bytes. */
enum { OP_LOW = 7, SENDER_MAC = 8, SENDER_IP = 14, TARGET_MAC = 18, TARGET_IP = 24 };

enum drop_reason arp_parse(struct arp_message *m, const u8_t *bytes, size_t len)
{
  if (len < ARP_LEN) {
    return DROP_ARP_SHORT;
  }
  if (memcmp(bytes, arp_prefix, sizeof arp_prefix - 1) != 0) {
    return DROP_ARP_BAD_FORMAT;
  }
  m->op = (u16_t)((bytes[OP_LOW - 1] << 8) | bytes[OP_LOW]);
  if (m->op != ARP_REQUEST && m->op != ARP_REPLY) {
    return DROP_ARP_BAD_OPCODE; /* RARP and InARP never were asked for either (CVE-2019-12262) */
  }
  memcpy(m->sender_mac.addr, bytes + SENDER_MAC, ETH_HWADDR_LEN);
  memcpy(&m->sender_ip.addr, bytes + SENDER_IP, sizeof m->sender_ip.addr);
  memcpy(m->target_mac.addr, bytes + TARGET_MAC, ETH_HWADDR_LEN);
  memcpy(&m->target_ip.addr, bytes + TARGET_IP, sizeof m->target_ip.addr);
  return DROP_NONE;
}

void arp_build(u8_t out[ARP_LEN], const struct arp_message *m)
{
  memcpy(out, arp_prefix, sizeof arp_prefix);
  out[OP_LOW] = (u8_t)m->op;
  memcpy(out + SENDER_MAC, m->sender_mac.addr, ETH_HWADDR_LEN);
  memcpy(out + SENDER_IP, &m->sender_ip.addr, sizeof m->sender_ip.addr);
  memcpy(out + TARGET_MAC, m->target_mac.addr, ETH_HWADDR_LEN);
  memcpy(out + TARGET_IP, &m->target_ip.addr, sizeof m->target_ip.addr);
}
