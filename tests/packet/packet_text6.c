/**
 * @file
 * IPv6 addresses as text, by the C library: not by the code under test.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "packet_text6.h"

bool packet_text6_parse(const char *text, uint8_t out[16], char *zone, size_t zone_room)
{
  char plain[INET6_ADDRSTRLEN];
  const char *percent = strchr(text, '%');
  size_t len = percent != NULL ? (size_t)(percent - text) : strlen(text);
  if (len >= sizeof plain || (percent != NULL && strlen(percent + 1) >= zone_room)) {
    return false;
  }
  memcpy(plain, text, len);
  plain[len] = '\0';
  strcpy(zone, percent != NULL ? percent + 1 : "");
  return inet_pton(AF_INET6, plain, out) == 1;
}

void packet_text6_print(const uint8_t in[16], char *out, size_t room)
{
  if (inet_ntop(AF_INET6, in, out, (socklen_t)room) == NULL) {
    strcpy(out, "?");
  }
}
