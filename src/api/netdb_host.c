/**
 * @file
 * gethostbyname() and gethostbyname_r(), for programs older than getaddrinfo().
 *
 * State: h_errno, and the block of memory that gethostbyname() returned last.
 */
#include "lwip/opt.h"

#if LWIP_DNS && LWIP_SOCKET

#include <string.h>
#include "lwip/mem.h"
#include "lwip/netdb.h"
#include "lwip/priv/netdb_hooks.h"
#include "gossamer/state.h"
#include "api/lookup.h"
#include "api/netdb_module.h"
#include "api/sock.h"

struct netdb_state {
  int error; /* h_errno */
  struct hostent *host;
};
STACK_STATE(struct netdb_state, netdb);

/* IPv4 addresses fit into what programs of that age have; others would run over it. */
#define HOST_FAMILY  (LWIP_IPV4 ? AF_INET : AF_INET6)
#define HOST_ASKS    (LWIP_IPV4 ? RESOLVE_IP4 : RESOLVE_IP6)
#define HOST_ADDRLEN (LWIP_IPV4 ? 4 : 16)

int *lwip_h_errno(void)
{
  return &netdb()->error;
}

static int h_errno_of(enum resolve_status status)
{
  static const int error[] = {
      [RESOLVE_OK] = 0,
      [RESOLVE_NO_NAME] = HOST_NOT_FOUND,
      [RESOLVE_NO_DATA] = NO_DATA,
      [RESOLVE_TRY_AGAIN] = TRY_AGAIN,
      [RESOLVE_FAILED] = NO_RECOVERY,
      [RESOLVE_NO_MEMORY] = NO_RECOVERY,
      [RESOLVE_NOT_MINE] = NO_RECOVERY,
  };
  return error[status];
}

/** @return 0, or what h_errno shall be; lookup_free() it in any case */
static int host_find(const char *name, struct lookup *l)
{
  ip_addr_t addr;
  memset(l, 0, sizeof *l);
  if (!lookup_number(name, &addr)) {
    return h_errno_of(lookup_name(l, name, HOST_ASKS));
  }
  if (IP_IS_V6_VAL(addr) != !LWIP_IPV4) {
    return HOST_NOT_FOUND;
  }
  l->addr = (ip_addr_t *)mem_malloc(sizeof addr);
  if (l->addr == NULL) {
    return NO_RECOVERY;
  }
  *l->addr = addr;
  l->count = 1;
  return 0;
}

/** Aliases: the name that was asked for, where it is one. */
static size_t alias_count(const struct lookup *l)
{
  return l->canonical != NULL ? 1 : 0;
}

static const char *host_name(const struct lookup *l, const char *name)
{
  return l->canonical != NULL ? l->canonical : name;
}

/** Bytes behind a struct hostent. */
static size_t host_bytes(const struct lookup *l, const char *name)
{
  size_t pointers = alias_count(l) + 1 + l->count + 1;
  size_t text = strlen(host_name(l, name)) + 1 + (l->canonical != NULL ? strlen(name) + 1 : 0);
  return pointers * sizeof(char *) + l->count * HOST_ADDRLEN + text;
}

/** Fill in the struct and what is behind it, at `at`, aligned for pointers. */
static void host_fill(struct hostent *h, void *at, const struct lookup *l, const char *name)
{
  char **pointers = (char **)at;
  char *bytes = (char *)(pointers + alias_count(l) + 1 + l->count + 1);
  h->h_addrtype = HOST_FAMILY;
  h->h_length = HOST_ADDRLEN;
  h->h_aliases = pointers;
  h->h_addr_list = pointers + alias_count(l) + 1;
  for (size_t i = 0; i < l->count; i++) {
    h->h_addr_list[i] = bytes;
    memcpy(bytes, host_addr_bytes(&l->addr[i]), HOST_ADDRLEN);
    bytes += HOST_ADDRLEN;
  }
  h->h_addr_list[l->count] = NULL;
  h->h_name = bytes;
  strcpy(bytes, host_name(l, name));
  if (l->canonical != NULL) {
    bytes += strlen(bytes) + 1;
    h->h_aliases[0] = bytes;
    strcpy(bytes, name);
  }
  h->h_aliases[alias_count(l)] = NULL;
}

struct hostent *lwip_gethostbyname(const char *name)
{
  struct lookup l;
  struct hostent *h = NULL;
  LWIP_ERROR("lwip_gethostbyname: no name", name != NULL, return NULL);
  int error = host_find(name, &l);
  size_t bytes = error == 0 ? sizeof *h + host_bytes(&l, name) : 0;
  if (bytes > 0 && bytes <= (mem_size_t)-1) {
    h = (struct hostent *)mem_malloc((mem_size_t)bytes);
  }
  if (h != NULL) {
    host_fill(h, h + 1, &l, name);
  } else if (error == 0) {
    error = NO_RECOVERY;
  }
  lookup_free(&l);
  LOCK_TCPIP_CORE();
  netdb()->error = error != 0 ? error : netdb()->error;
  if (h != NULL) {
    mem_free(netdb()->host);
    netdb()->host = h;
  }
  UNLOCK_TCPIP_CORE();
  return h != NULL ? HOSTENT_OF_THREAD(h) : NULL;
}

/** The first byte of `buf` where a pointer may stand. @return NULL: there is none */
static char *aligned(char *buf, size_t *len)
{
  size_t skip = (0 - (mem_ptr_t)buf) % sizeof(char *);
  if (buf == NULL || skip > *len) {
    return NULL;
  }
  *len -= skip;
  return buf + skip;
}

int lwip_gethostbyname_r(const char *name, struct hostent *ret, char *buf, size_t buflen,
                         struct hostent **result, int *h_errnop)
{
  struct lookup l;
  int dummy;
  int *error = h_errnop != NULL ? h_errnop : &dummy;
  int outcome = -1;
  if (result == NULL) {
    return EINVAL;
  }
  *result = NULL;
  if (name == NULL || ret == NULL || buf == NULL) {
    *error = NO_RECOVERY;
    return EINVAL;
  }
  *error = host_find(name, &l);
  if (*error == 0) {
    char *at = aligned(buf, &buflen);
    if (at != NULL && host_bytes(&l, name) <= buflen) {
      host_fill(ret, at, &l, name);
      *result = ret;
      outcome = 0;
    } else {
      *error = NO_RECOVERY;
      outcome = ERANGE;
    }
  }
  lookup_free(&l);
  return outcome;
}

static void netdb_fini(void)
{
  mem_free(netdb()->host);
  netdb()->host = NULL;
  netdb()->error = 0;
}

const struct net_module netdb_module = {.name = "netdb", .fini = netdb_fini};

#endif /* LWIP_DNS && LWIP_SOCKET */
