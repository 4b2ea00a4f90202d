/**
 * @file
 * getaddrinfo() (RFC 3493 6.1, RFC 6724 8): which kinds of sockets, which ports, which addresses,
 * in which order, as one block of memory.
 *
 * A result is an array of nodes in one block of the heap. The first node counts those that were
 * not freed yet: programs may free a list in parts (POSIX), or, where the heap is libc's, give its
 * first node to free(), as some do that were written for lwIP.
 */
#include "lwip/opt.h"

#if LWIP_DNS && LWIP_SOCKET

#include <string.h>
#include "lwip/netdb.h"
#include "lwip/priv/mem_priv.h"
#include "lwip/priv/netdb_hooks.h"
#include "lwip/priv/netif_fields.h"
#include "lwip/priv/sockaddr_hooks.h"
#include "gossamer/addr_select.h"
#include "api/lookup.h"
#include "api/netdb_service.h"
#include "api/sock.h"
#include "base/fault.h"

#define AI_KNOWN                                                                                   \
  (AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV | AI_V4MAPPED | AI_ALL |            \
   AI_ADDRCONFIG)

/** The kinds of sockets that there are. */
static const struct gai_kind {
  int socktype;
  int protocol;    /* 0: any */
  u8_t services;   /* SERVICE_*; 0: ports have no names */
  bool is_default; /* meant by those who name neither type nor protocol */
} gai_kinds[] = {
    {SOCK_STREAM, IPPROTO_TCP, SERVICE_TCP, LWIP_TCP},
    {SOCK_DGRAM, IPPROTO_UDP, SERVICE_UDP, LWIP_UDP},
    {SOCK_DGRAM, IPPROTO_UDPLITE, SERVICE_UDP, false},
    {SOCK_RAW, 0, 0, LWIP_RAW},
};
#define GAI_KINDS LWIP_ARRAYSIZE(gai_kinds)

/** What one result node is for. */
struct gai_target {
  int socktype;
  int protocol;
  u16_t port;
};

/** One call. */
struct gai {
  const char *node;
  const char *serv;
  int flags;
  int family;
  u8_t families; /* to look for */
  struct gai_target target[GAI_KINDS];
  size_t target_count;
  struct addr_choice *choice; /* the addresses */
  size_t count;
  const char *canonical;
};

struct gai_node {
  struct addrinfo ai;
  struct sockaddr_storage addr;
  u16_t at;   /* its place in the block */
  u16_t left; /* in the first one: nodes that are not freed */
  CORE_OF_OBJECT;
};

/** @return false: no such family here */
static bool families_of(int family, u8_t *families)
{
  u8_t ip4 = LWIP_IPV4 ? RESOLVE_IP4 : 0;
  u8_t ip6 = LWIP_IPV6 ? RESOLVE_IP6 : 0;
  *families = family == AF_UNSPEC  ? ip4 | ip6
              : family == AF_INET  ? ip4
              : family == AF_INET6 ? ip6
                                   : 0;
  return *families != 0;
}

static bool kind_fits(const struct gai_kind *k, int socktype, int protocol)
{
  if (socktype == 0 && protocol == 0) {
    return k->is_default;
  }
  return (socktype == 0 || k->socktype == socktype) &&
         (protocol == 0 || k->protocol == 0 || k->protocol == protocol);
}

/** The port for one kind of socket. @return 0, or EAI_* */
static int port_for(const struct gai *g, const struct gai_kind *k, u16_t *port)
{
  bool is_port = true;
  *port = 0;
  if (g->serv == NULL) {
    return 0;
  }
  if (service_number(g->serv, port, &is_port)) {
    return is_port ? 0 : EAI_SERVICE;
  }
  if ((g->flags & AI_NUMERICSERV) != 0) {
    return EAI_NONAME;
  }
  *port = service_port(g->serv, k->services);
  return *port != 0 ? 0 : EAI_SERVICE;
}

/** Which kinds of sockets with which ports. @return 0, or EAI_* */
static int gai_find_targets(struct gai *g, int socktype, int protocol)
{
  int err = socktype != 0 ? EAI_SOCKTYPE : EAI_SERVICE;
  bool is_any = socktype == 0 && protocol == 0;
  for (size_t i = 0; i < GAI_KINDS && (is_any || g->target_count == 0); i++) {
    struct gai_target *t = &g->target[g->target_count];
    if (!kind_fits(&gai_kinds[i], socktype, protocol)) {
      continue;
    }
    err = port_for(g, &gai_kinds[i], &t->port);
    if (err == 0) {
      t->socktype = gai_kinds[i].socktype;
      t->protocol = gai_kinds[i].protocol != 0 ? gai_kinds[i].protocol : protocol;
      g->target_count++;
    }
  }
  return g->target_count > 0 ? 0 : err;
}

static int gai_read(struct gai *g, const struct addrinfo *hints)
{
  static const struct addrinfo none = {.ai_family = AF_UNSPEC};
  const struct addrinfo *h = hints != NULL ? hints : &none;
  g->flags = h->ai_flags;
  g->family = h->ai_family;
  if (g->node == NULL && g->serv == NULL) {
    return EAI_NONAME;
  }
  if ((g->flags & ~AI_KNOWN) != 0 || ((g->flags & AI_CANONNAME) != 0 && g->node == NULL)) {
    return EAI_BADFLAGS;
  }
  if (!families_of(g->family, &g->families)) {
    return EAI_FAMILY;
  }
  return gai_find_targets(g, h->ai_socktype, h->ai_protocol);
}

/* --- addresses --- */

static bool gai_maps_ip4(const struct gai *g)
{
  return LWIP_IPV4 && LWIP_IPV6 && g->family == AF_INET6 && (g->flags & AI_V4MAPPED) != 0;
}

/** Take over those of the addresses that are of `families`. */
static int gai_keep(struct gai *g, const ip_addr_t *addr, size_t count, u8_t families)
{
  g->choice = (struct addr_choice *)mem_malloc((mem_size_t)(count * sizeof *g->choice));
  if (g->choice == NULL) {
    return EAI_MEMORY;
  }
  for (size_t i = 0; i < count; i++) {
    if ((resolve_family_of(&addr[i]) & families) != 0) {
      ip_addr_copy(g->choice[g->count].dst, addr[i]);
      g->count++;
    }
  }
  return g->count > 0 ? 0 : EAI_NODATA;
}

/** Without a name: this host, or any of its addresses. */
static int gai_without_name(struct gai *g)
{
  ip_addr_t addr[2];
  size_t count = 0;
  bool is_any = (g->flags & AI_PASSIVE) != 0;
  if (LWIP_IPV6 && (g->families & RESOLVE_IP6) != 0) {
    ip_addr_set_loopback(1, &addr[count]);
    if (is_any) {
      ip_addr_set_any(1, &addr[count]);
    }
    count++;
  }
  if (LWIP_IPV4 && (g->families & RESOLVE_IP4) != 0) {
    ip_addr_set_loopback(0, &addr[count]);
    if (is_any) {
      ip_addr_set_any(0, &addr[count]);
    }
    count++;
  }
  return gai_keep(g, addr, count, g->families);
}

static int gai_number(struct gai *g, const ip_addr_t *addr)
{
  u8_t families = g->families | (gai_maps_ip4(g) ? RESOLVE_IP4 : 0);
  g->canonical = g->node;
  if ((resolve_family_of(addr) & families) == 0) {
    return EAI_ADDRFAMILY;
  }
  return gai_keep(g, addr, 1, families);
}

/** Has the interface an address of this kind? */
static bool netif_has_family(const struct netif *netif, u8_t family)
{
  const ip_addr_t *addr = NULL;
  for (int i = 0; (addr = netif_address_at(netif, family == RESOLVE_IP6, i)) != NULL; i++) {
    if (!ip_addr_isany(addr) && !ip_addr_isloopback(addr)) {
      return true;
    }
  }
  return false;
}

/** AI_ADDRCONFIG: those of the families that we have; all of them where we have none, so that a
   host without network knows itself. */
static u8_t families_configured(u8_t families)
{
  u8_t found = 0;
  LOCK_TCPIP_CORE();
  for (const struct netif *n = netif_first(); n != NULL; n = netif_next(n)) {
    found |= netif_has_family(n, RESOLVE_IP4) ? RESOLVE_IP4 : 0;
    found |= netif_has_family(n, RESOLVE_IP6) ? RESOLVE_IP6 : 0;
  }
  UNLOCK_TCPIP_CORE();
  return found != 0 ? families & found : families;
}

/** Of what came for AF_INET6 with AI_V4MAPPED: IPv4 only for want of IPv6, or with AI_ALL. */
static u8_t families_to_keep(const struct gai *g, const struct lookup *l)
{
  bool has_ip6 = false;
  for (size_t i = 0; i < l->count; i++) {
    has_ip6 = has_ip6 || IP_IS_V6(&l->addr[i]);
  }
  bool drops_ip4 = gai_maps_ip4(g) && has_ip6 && (g->flags & AI_ALL) == 0;
  return drops_ip4 ? RESOLVE_IP6 : RESOLVE_IP4 | RESOLVE_IP6;
}

static int eai_of(enum resolve_status status)
{
  static const int eai[] = {
      [RESOLVE_OK] = 0,
      [RESOLVE_NO_NAME] = EAI_NONAME,
      [RESOLVE_NO_DATA] = EAI_NODATA,
      [RESOLVE_TRY_AGAIN] = EAI_AGAIN,
      [RESOLVE_FAILED] = EAI_FAIL,
      [RESOLVE_NO_MEMORY] = EAI_MEMORY,
      [RESOLVE_NOT_MINE] = EAI_FAIL,
  };
  return eai[status];
}

/** Ask for the name; `l` holds what g->canonical points to. */
static int gai_name(struct gai *g, struct lookup *l)
{
  u8_t families = g->families | (gai_maps_ip4(g) ? RESOLVE_IP4 : 0);
  if ((g->flags & AI_NUMERICHOST) != 0) {
    return EAI_NONAME;
  }
  if ((g->flags & AI_ADDRCONFIG) != 0) {
    families = families_configured(families);
  }
  if (families == 0) {
    return EAI_NONAME;
  }
  enum resolve_status status = lookup_name(l, g->node, families);
  if (status != RESOLVE_OK) {
    return eai_of(status);
  }
  g->canonical = l->canonical != NULL ? l->canonical : g->node;
  return gai_keep(g, l->addr, l->count, families & families_to_keep(g, l));
}

static int gai_find(struct gai *g, struct lookup *l)
{
  ip_addr_t addr;
  int err;
  if (g->node == NULL) {
    err = gai_without_name(g);
  } else if (lookup_number(g->node, &addr)) {
    err = gai_number(g, &addr);
  } else {
    err = gai_name(g, l);
  }
  if (err == 0 && (g->node != NULL || (g->flags & AI_PASSIVE) == 0)) {
    LOCK_TCPIP_CORE();
    addr_choices_sort(g->choice, g->count);
    UNLOCK_TCPIP_CORE();
  }
  return err;
}

/* --- the result --- */

static void node_fill(struct gai_node *n, const struct gai *g, const ip_addr_t *addr,
                      const struct gai_target *t)
{
  bool is_ip6 = LWIP_IPV6 && (g->family == AF_INET6 || IP_IS_V6(addr));
  n->ai.ai_flags = g->flags;
  n->ai.ai_family = is_ip6 ? AF_INET6 : AF_INET;
  n->ai.ai_socktype = t->socktype;
  n->ai.ai_protocol = t->protocol;
  n->ai.ai_addr = (struct sockaddr *)(void *)&n->addr;
  n->ai.ai_addrlen =
      is_ip6 ? sockaddr_in6_put(&n->addr, addr, t->port) : sockaddr_in_put(&n->addr, addr, t->port);
  core_note(n);
}

/** Memory that programs may free() where it comes from malloc(): not what mem_malloc() returns,
   which may have something in front. */
static void *result_alloc(size_t bytes)
{
  if (!MEM_CUSTOM_ALLOCATOR) {
    return bytes <= (mem_size_t)-1 ? mem_malloc((mem_size_t)bytes) : NULL;
  }
  return fault_hits() ? NULL : MEM_CUSTOM_GET(bytes);
}

static void result_free(void *mem)
{
  if (MEM_CUSTOM_ALLOCATOR) {
    MEM_CUSTOM_PUT(mem);
  } else {
    mem_free(mem);
  }
}

/** @return NULL: no memory */
static struct addrinfo *gai_build(const struct gai *g)
{
  size_t count = g->count * g->target_count;
  size_t name_len = (g->flags & AI_CANONNAME) != 0 ? strlen(g->canonical) + 1 : 0;
  size_t bytes = count * sizeof(struct gai_node) + name_len;
  struct gai_node *n = count <= 0xFFFF ? (struct gai_node *)result_alloc(bytes) : NULL;
  if (n == NULL) {
    return NULL;
  }
  memset(n, 0, bytes);
  n[0].left = (u16_t)count;
  for (size_t i = 0; i < count; i++) {
    n[i].at = (u16_t)i;
    n[i].ai.ai_next = i + 1 < count ? &n[i + 1].ai : NULL;
    node_fill(&n[i], g, &g->choice[i / g->target_count].dst, &g->target[i % g->target_count]);
  }
  if (name_len > 0) {
    n[0].ai.ai_canonname = (char *)(n + count);
    memcpy(n[0].ai.ai_canonname, g->canonical, name_len);
  }
  return &n[0].ai;
}

int lwip_getaddrinfo(const char *nodename, const char *servname, const struct addrinfo *hints,
                     struct addrinfo **res)
{
  struct gai g = {.node = nodename, .serv = servname};
  struct lookup l = {.count = 0};
  if (res == NULL) {
    sock_fail(EFAULT);
    return EAI_SYSTEM;
  }
  *res = NULL;
  int err = gai_read(&g, hints);
  if (err == 0) {
    err = gai_find(&g, &l);
  }
  if (err == 0) {
    *res = gai_build(&g);
    err = *res != NULL ? 0 : EAI_MEMORY;
  }
  mem_free(g.choice);
  lookup_free(&l);
  return err;
}

void lwip_freeaddrinfo(struct addrinfo *ai)
{
  while (ai != NULL) {
    struct gai_node *n = (struct gai_node *)(void *)ai;
    struct gai_node *first = n - n->at;
    ai = ai->ai_next;
    struct core_hold hold = core_enter(n);
    if (--first->left == 0) {
      result_free(first);
    }
    core_leave(hold);
  }
}

const char *lwip_gai_strerror(int ecode)
{
  static const struct {
    int code;
    const char *text;
  } texts[] = {
      {0, "no error"},
      {EAI_NONAME, "there is no such name or service"},
      {EAI_SERVICE, "this kind of socket has no such service"},
      {EAI_FAIL, "the name could not be resolved"},
      {EAI_MEMORY, "out of memory"},
      {EAI_FAMILY, "there is no such address family"},
      {EAI_AGAIN, "no name server answers, try again"},
      {EAI_BADFLAGS, "bad flags"},
      {EAI_SOCKTYPE, "there is no such kind of socket"},
      {EAI_OVERFLOW, "the buffer is too small"},
      {EAI_SYSTEM, "system error, see errno"},
      {EAI_ADDRFAMILY, "the address is of another family"},
      {EAI_NODATA, "the name has no addresses of this family"},
  };
  for (size_t i = 0; i < LWIP_ARRAYSIZE(texts); i++) {
    if (texts[i].code == ecode) {
      return texts[i].text;
    }
  }
  return "unknown error";
}

#endif /* LWIP_DNS && LWIP_SOCKET */
