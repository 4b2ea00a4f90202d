/**
 * @file
 * getnameinfo() (RFC 3493 6.2): addresses and ports to text. No state.
 */
#include "lwip/opt.h"

#if LWIP_DNS && LWIP_SOCKET

#include <string.h>
#include "lwip/netdb.h"
#include "lwip/netif.h"
#include "lwip/priv/netdb_hooks.h"
#include "lwip/priv/sockaddr_hooks.h"
#include "control/dns_local.h"
#include "api/netdb_service.h"
#include "api/sock.h"

#define NI_KNOWN                                                                                   \
  (NI_NUMERICHOST | NI_NUMERICSERV | NI_NOFQDN | NI_NAMEREQD | NI_DGRAM | NI_NUMERICSCOPE)

#define HOST_TEXT_MAX (IP6_TEXT_MAX + 1 + NETIF_NAMESIZE + 10)
#define IP6_TEXT_MAX  48

/** @return 0, or EAI_OVERFLOW */
static int text_put(char *out, socklen_t len, const char *text)
{
  size_t bytes = strlen(text) + 1;
  if (bytes > len) {
    return EAI_OVERFLOW;
  }
  memcpy(out, text, bytes);
  return 0;
}

static char *number_put(char *at, u32_t number)
{
  char digits[10];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count > 0) {
    *at++ = digits[--count];
  }
  *at = '\0';
  return at;
}

/** Which interface, or its number where it has no name here. */
static void zone_put(char *at, u32_t zone, int flags)
{
  *at++ = '%';
  if ((flags & NI_NUMERICSCOPE) == 0 && zone <= 0xFF &&
      netif_index_to_name((u8_t)zone, at) != NULL) {
    return;
  }
  number_put(at, zone);
}

static bool read_address(const struct sockaddr *sa, socklen_t salen, ip_addr_t *addr, u16_t *port)
{
  if (sa == NULL || salen < offsetof(struct sockaddr, sa_data)) {
    return false;
  }
  if (LWIP_IPV4 && sa->sa_family == AF_INET && salen >= SOCKADDR_IN_LEN) {
    sockaddr_in_get(sa, addr, port);
    return true;
  }
  if (LWIP_IPV6 && sa->sa_family == AF_INET6 && salen >= SOCKADDR_IN6_LEN) {
    sockaddr_in6_get(sa, addr, port);
    return true;
  }
  return false;
}

/** A name that is known without asking; NULL: there is none. With the core lock. */
static const char *name_of(const ip_addr_t *addr)
{
  const char *name = dns_local_name_of(addr);
  return name != NULL ? name : ip_addr_isloopback(addr) ? "localhost" : NULL;
}

static int host_put(const struct sockaddr *sa, const ip_addr_t *addr, char *host, socklen_t len,
                    int flags)
{
  char text[HOST_TEXT_MAX];
  const char *name = (flags & NI_NUMERICHOST) == 0 ? name_of(addr) : NULL;
  if (name != NULL) {
    return text_put(host, len, name);
  }
  if ((flags & NI_NAMEREQD) != 0) {
    return EAI_NONAME;
  }
  if (LWIP_IPV6 && sa->sa_family == AF_INET6) {
    u32_t zone = sockaddr_in6_text(sa, text, IP6_TEXT_MAX);
    if (zone != 0) {
      zone_put(text + strlen(text), zone, flags);
    }
  } else {
    ipaddr_ntoa_r(addr, text, sizeof text);
  }
  return text_put(host, len, text);
}

static int serv_put(u16_t port, char *serv, socklen_t len, int flags)
{
  char text[6];
  u8_t protocol = (flags & NI_DGRAM) != 0 ? SERVICE_UDP : SERVICE_TCP;
  const char *name = (flags & NI_NUMERICSERV) == 0 ? service_name(port, protocol) : NULL;
  if (name == NULL) {
    number_put(text, port);
    name = text;
  }
  return text_put(serv, len, name);
}

int lwip_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                     char *serv, socklen_t servlen, int flags)
{
  ip_addr_t addr;
  u16_t port;
  bool wants_host = host != NULL && hostlen > 0;
  bool wants_serv = serv != NULL && servlen > 0;
  int err = 0;
  if ((flags & ~NI_KNOWN) != 0) {
    return EAI_BADFLAGS;
  }
  if (!read_address(sa, salen, &addr, &port)) {
    return EAI_FAMILY;
  }
  if (!wants_host && !wants_serv) {
    return EAI_NONAME;
  }
  if (wants_host) {
    LOCK_TCPIP_CORE();
    err = host_put(sa, &addr, host, hostlen, flags);
    UNLOCK_TCPIP_CORE();
  }
  if (err == 0 && wants_serv) {
    err = serv_put(port, serv, servlen, flags);
  }
  return err;
}

#endif /* LWIP_DNS && LWIP_SOCKET */
