/**
 * @file
 * DHCP messages (RFC 2131 2, RFC 2132, RFC 3396, RFC 3442): bytes to structs and back.
 *
 * Options may stand in three fields (option overload) and one option in several pieces, which are
 * one value then (RFC 3396); readers here see that value. Nothing is read beyond a field's end,
 * whatever lengths say: a field ends at its END option, at its end, or where an option does not fit
 * into it.
 */
#ifndef WIRE_DHCP_H
#define WIRE_DHCP_H

#include <stdbool.h>
#include <stddef.h>
#include "lwip/ip4_addr.h"
#include "lwip/prot/dhcp.h"
#include "gossamer/drop.h"

enum {
  DHCP_FIXED_LEN = 240, /* with the magic cookie */
  DHCP_HTYPE_ETHERNET = 1,
  DHCP_FLAG_BROADCAST = 0x8000,
  DHCP_DUID_LL = 3 /* RFC 8415 11.4 */
};

/** A message; `bytes` is the whole of it. */
struct dhcp_message {
  u8_t op;
  u8_t htype;
  u8_t hlen;
  u8_t type; /* DHCP_OFFER ...; 0: none, it is BOOTP's */
  u32_t xid; /* host order */
  u16_t secs;
  u16_t flags;
  ip4_addr_t ciaddr, yiaddr, siaddr, giaddr;
  const u8_t *chaddr; /* DHCP_CHADDR_LEN bytes */
  const u8_t *bytes;
  size_t len;
  u8_t overload; /* DHCP_OVERLOAD_* */
};

/**
 * Parse the fixed part, find type and overload, and look whether all options fit.
 *
 * @return DROP_NONE, DROP_DHCP_SHORT, DROP_DHCP_BAD_COOKIE or DROP_DHCP_BAD_OPTION (an option
 *         beyond its field, or a message type or overload that makes no sense)
 */
enum drop_reason dhcp_parse(struct dhcp_message *m, const u8_t *bytes, size_t len);

/** One piece of an option as it stands in the message. Zeroed: in front of the first. */
struct dhcp_option {
  u8_t code;
  u8_t len;
  u16_t at; /* of its value, from the message's first byte */
  /* Private. */
  u8_t field;
  u16_t next;
};

/** Go on to the next piece of any option. @return false: there is no more */
bool dhcp_option_next(const struct dhcp_message *m, struct dhcp_option *o);

/**
 * Read an option's value, all its pieces joined.
 *
 * @param buf  gets the first `size` bytes of it
 * @return its length, which may be more than `size`; -1: it is not there
 */
int dhcp_option_get(const struct dhcp_message *m, u8_t code, void *buf, size_t size);

/** An option of exactly 4 bytes as a number. @return false: not there, or of another length */
bool dhcp_option_u32(const struct dhcp_message *m, u8_t code, u32_t *value);

/** Likewise of 2 bytes. */
bool dhcp_option_u16(const struct dhcp_message *m, u8_t code, u16_t *value);

/** Likewise one address. */
bool dhcp_option_addr(const struct dhcp_message *m, u8_t code, ip4_addr_t *addr);

/**
 * An option that is a list of addresses.
 *
 * @return how many there are, the first `max` of them in `addrs`; 0: none, or a length that is no
 *         multiple of 4
 */
unsigned dhcp_option_addrs(const struct dhcp_message *m, u8_t code, ip4_addr_t *addrs,
                           unsigned max);

/**
 * The first route of option 121's value (RFC 3442).
 *
 * @return bytes that it took; 0: malformed, or the end
 */
size_t dhcp_route_parse(const u8_t *bytes, size_t len, u8_t *prefix_len, ip4_addr_t *prefix,
                        ip4_addr_t *gateway);

/** Options being written. `bytes` is the options field, `size` what may be used of it. */
struct dhcp_writer {
  u8_t *bytes;
  u16_t size;
  u16_t len;
};

/**
 * Add an option; one longer than 255 bytes, or than the room that is left for it and END, is left
 * out.
 */
void dhcp_put(struct dhcp_writer *w, u8_t code, const void *value, size_t len);

void dhcp_put_u8(struct dhcp_writer *w, u8_t code, u8_t value);
void dhcp_put_u16(struct dhcp_writer *w, u8_t code, u16_t value);
void dhcp_put_u32(struct dhcp_writer *w, u8_t code, u32_t value);
void dhcp_put_addr(struct dhcp_writer *w, u8_t code, const ip4_addr_t *addr);

/**
 * END, and padding to DHCP_MIN_OPTIONS_LEN.
 *
 * @param len  bytes of options so far; more than `size` - 1 is cut
 * @return bytes of options in all
 */
u16_t dhcp_put_end(u8_t *options, u16_t size, u16_t len);

/** Write the fixed part of `m` with `chaddr_len` bytes of m->chaddr. `out`: DHCP_FIXED_LEN bytes.
 */
void dhcp_build(u8_t *out, const struct dhcp_message *m, size_t chaddr_len);

#endif /* WIRE_DHCP_H */
