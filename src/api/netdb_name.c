/**
 * @file
 * getnameinfo() (RFC 3493 6.2): addresses and ports to names or text. No state.
 */
#include "lwip/opt.h"

#if LWIP_DNS && LWIP_SOCKET

#include <string.h>
#include "lwip/netdb.h"
#include "lwip/netif.h"
#include "lwip/priv/netdb_hooks.h"
#include "lwip/priv/sockaddr_hooks.h"
#include "control/dns_local.h"
#include "api/lookup.h"
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
  if (salen < offsetof(struct sockaddr, sa_data)) {
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

/** A name that is known without asking. @return EAI_NONAME: there is none */
static int local_name_put(const ip_addr_t *addr, char *host, socklen_t len)
{
  LOCK_TCPIP_CORE();
  const char *name = dns_local_name_of(addr);
  if (name == NULL && ip_addr_isloopback(addr)) {
    name = "localhost";
  }
  int err = name != NULL ? text_put(host, len, name) : EAI_NONAME;
  UNLOCK_TCPIP_CORE();
  return err;
}

/** Addresses that mean something on one link, or are nobody's, have no name for others to know. */
static bool may_be_asked_for(const ip_addr_t *addr)
{
  return !ip_addr_isany(addr) && !ip_addr_ismulticast(addr) && !ip_addr_islinklocal(addr) &&
         !ip_addr_isloopback(addr);
}

/** The name that DNS knows (RFC 1035 3.5). @return 0, or EAI_* */
static int dns_name_put(const ip_addr_t *addr, char *host, socklen_t len)
{
  char question[RESOLVE_ADDRESS_NAME_SIZE];
  struct lookup found;
  if (!may_be_asked_for(addr)) {
    return EAI_NONAME;
  }
  resolve_name_of_address(addr, question);
  enum resolve_status status = lookup_name(&found, question, RESOLVE_NAME);
  if (status != RESOLVE_OK) {
    return status == RESOLVE_TRY_AGAIN   ? EAI_AGAIN
           : status == RESOLVE_NO_MEMORY ? EAI_MEMORY
           : status == RESOLVE_FAILED    ? EAI_FAIL
                                         : EAI_NONAME;
  }
  int err = found.canonical != NULL ? text_put(host, len, found.canonical) : EAI_NONAME;
  lookup_free(&found);
  return err;
}

static int name_put(const ip_addr_t *addr, char *host, socklen_t len)
{
  int err = local_name_put(addr, host, len);
  return err == EAI_NONAME ? dns_name_put(addr, host, len) : err;
}

/** The address as text. */
static int digits_put(const struct sockaddr *sa, const ip_addr_t *addr, char *host, socklen_t len,
                      int flags)
{
  char text[HOST_TEXT_MAX];
  LOCK_TCPIP_CORE(); /* interfaces have names */
  if (LWIP_IPV6 && sa->sa_family == AF_INET6) {
    u32_t zone = sockaddr_in6_text(sa, text, IP6_TEXT_MAX);
    if (zone != 0) {
      zone_put(text + strlen(text), zone, flags);
    }
  } else {
    ipaddr_ntoa_r(addr, text, sizeof text);
  }
  UNLOCK_TCPIP_CORE();
  return text_put(host, len, text);
}

static int host_put(const struct sockaddr *sa, const ip_addr_t *addr, char *host, socklen_t len,
                    int flags)
{
  int err = (flags & NI_NUMERICHOST) == 0 ? name_put(addr, host, len) : EAI_NONAME;
  bool needs_digits = err != 0 && err != EAI_OVERFLOW && (flags & NI_NAMEREQD) == 0;
  return needs_digits ? digits_put(sa, addr, host, len, flags) : err;
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
  if (sa == NULL) {
    sock_fail(EFAULT);
    return EAI_SYSTEM;
  }
  if (!read_address(sa, salen, &addr, &port)) {
    return EAI_FAMILY;
  }
  if (!wants_host && !wants_serv) {
    return EAI_NONAME;
  }
  if (wants_host) {
    err = host_put(sa, &addr, host, hostlen, flags);
  }
  if (err == 0 && wants_serv) {
    err = serv_put(port, serv, servlen, flags);
  }
  return err;
}

#endif /* LWIP_DNS && LWIP_SOCKET */
