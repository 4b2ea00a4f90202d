/**
 * @file
 * Writing pcapng, the format of Wireshark and tshark (draft-ietf-opsawg-pcapng): a section header,
 * interface descriptions, then packets in the order of their times.
 *
 * The functions hold no state and write to any FILE, so the same writer serves a capture file, a
 * pipe to Wireshark and the simulator's memory streams. Errors stay in the FILE: ask ferror().
 */
#ifndef UNIX_PCAPNG_H
#define UNIX_PCAPNG_H

#include <stdbool.h>
#include <stdio.h>
#include "lwip/arch.h"

struct pbuf;

/** Link types (the LINKTYPE_ registry). */
#define PCAPNG_LINK_ETHERNET 1
#define PCAPNG_LINK_RAW_IP   101

/** Begin a file. */
void pcapng_begin(FILE *f);

/** Describe the next interface; the first one has the id 0, the next 1, and so on. */
void pcapng_interface(FILE *f, const char *name, u16_t link_type);

/**
 * One packet, `len` bytes.
 *
 * @param interface_id  counts pcapng_interface() calls from 0
 * @param time_us       microseconds since 1970, or since the beginning of virtual time
 * @param is_outbound   sent by the interface rather than received
 */
void pcapng_packet(FILE *f, u32_t interface_id, u64_t time_us, const void *data, size_t len,
                   bool is_outbound);

/** The same of a chain, leaving out its first `skip` bytes. */
void pcapng_pbuf(FILE *f, u32_t interface_id, u64_t time_us, const struct pbuf *p, u16_t skip,
                 bool is_outbound);

#endif /* UNIX_PCAPNG_H */
