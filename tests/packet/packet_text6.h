/**
 * @file
 * IPv6 addresses as text. Apart, because the C library's headers and lwIP's cannot be in one file.
 */
#ifndef PACKET_TEXT6_H
#define PACKET_TEXT6_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of "fe80::2%tp0" and its zone "tp0", "" if it has none. False: no address. */
bool packet_text6_parse(const char *text, uint8_t out[16], char *zone, size_t zone_room);

void packet_text6_print(const uint8_t in[16], char *out, size_t room);

#endif /* PACKET_TEXT6_H */
