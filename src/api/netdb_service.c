/**
 * @file
 * Services with a name: a few of IANA's register (RFC 6335) that programs and people write.
 */
#include <stddef.h>
#include <string.h>
#include "lwip/def.h"
#include "api/netdb_service.h"

static const struct service {
  const char *name;
  u16_t port;
  u8_t protocols;
} services[] = {
    {"echo", 7, SERVICE_TCP | SERVICE_UDP},
    {"discard", 9, SERVICE_TCP | SERVICE_UDP},
    {"daytime", 13, SERVICE_TCP},
    {"chargen", 19, SERVICE_TCP},
    {"ftp", 21, SERVICE_TCP},
    {"ssh", 22, SERVICE_TCP},
    {"telnet", 23, SERVICE_TCP},
    {"smtp", 25, SERVICE_TCP},
    {"time", 37, SERVICE_TCP | SERVICE_UDP},
    {"domain", 53, SERVICE_TCP | SERVICE_UDP},
    {"bootps", 67, SERVICE_UDP},
    {"bootpc", 68, SERVICE_UDP},
    {"tftp", 69, SERVICE_UDP},
    {"http", 80, SERVICE_TCP},
    {"pop3", 110, SERVICE_TCP},
    {"ntp", 123, SERVICE_UDP},
    {"netbios-ns", 137, SERVICE_UDP},
    {"imap2", 143, SERVICE_TCP},
    {"imap", 143, SERVICE_TCP},
    {"snmp", 161, SERVICE_TCP | SERVICE_UDP},
    {"snmp-trap", 162, SERVICE_TCP | SERVICE_UDP},
    {"ldap", 389, SERVICE_TCP | SERVICE_UDP},
    {"https", 443, SERVICE_TCP | SERVICE_UDP},
    {"submissions", 465, SERVICE_TCP},
    {"syslog", 514, SERVICE_UDP},
    {"dhcpv6-client", 546, SERVICE_UDP},
    {"dhcpv6-server", 547, SERVICE_UDP},
    {"submission", 587, SERVICE_TCP},
    {"ldaps", 636, SERVICE_TCP | SERVICE_UDP},
    {"domain-s", 853, SERVICE_TCP | SERVICE_UDP},
    {"ftps", 990, SERVICE_TCP},
    {"imaps", 993, SERVICE_TCP},
    {"pop3s", 995, SERVICE_TCP},
    {"mqtt", 1883, SERVICE_TCP},
    {"iperf2", 5001, SERVICE_TCP | SERVICE_UDP},
    {"mdns", 5353, SERVICE_UDP},
    {"coap", 5683, SERVICE_UDP},
    {"coaps", 5684, SERVICE_UDP},
    {"http-alt", 8080, SERVICE_TCP | SERVICE_UDP},
    {"secure-mqtt", 8883, SERVICE_TCP},
};

u16_t service_port(const char *name, u8_t protocols)
{
  for (size_t i = 0; i < LWIP_ARRAYSIZE(services); i++) {
    if ((services[i].protocols & protocols) != 0 && strcmp(services[i].name, name) == 0) {
      return services[i].port;
    }
  }
  return 0;
}

const char *service_name(u16_t port, u8_t protocols)
{
  for (size_t i = 0; i < LWIP_ARRAYSIZE(services); i++) {
    if ((services[i].protocols & protocols) != 0 && services[i].port == port) {
      return services[i].name;
    }
  }
  return NULL;
}

bool service_number(const char *text, u16_t *port, bool *is_port)
{
  u32_t number = 0;
  if (*text == '\0') {
    return false;
  }
  for (const char *c = text; *c != '\0'; c++) {
    if (*c < '0' || *c > '9') {
      return false;
    }
    if (number <= 0xFFFF) {
      number = number * 10 + (u32_t)(*c - '0');
    }
  }
  *is_port = number <= 0xFFFF;
  *port = (u16_t)number;
  return true;
}
