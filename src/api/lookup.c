/**
 * @file
 * Addresses of a name, waited for; netconns' call that does it. No state: a call is on the stack of
 * its thread.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS && (LWIP_NETCONN || LWIP_SOCKET)

#include "lwip/api.h"
#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/tcpip.h"
#include "lwip/priv/dns_hooks.h"
#include "api/lookup.h"
#include "api/wait.h"

struct lookup_call {
  struct resolve_query query;
  struct lookup *out;
  struct api_wait *waits;
  enum resolve_status status;
  bool is_done;
};

void lookup_free(struct lookup *l)
{
  mem_free(l->addr);
  mem_free(l->canonical);
  memset(l, 0, sizeof *l);
}

/** @return false: no memory */
static bool lookup_keep(struct lookup *l, const struct resolve_answer *a)
{
  size_t bytes = a->count * sizeof *a->addr;
  if (bytes > (mem_size_t)-1) {
    return false;
  }
  if (bytes > 0) {
    l->addr = (ip_addr_t *)mem_malloc((mem_size_t)bytes);
    if (l->addr == NULL) {
      return false;
    }
    memcpy(l->addr, a->addr, bytes);
  }
  l->count = a->count;
  if (a->canonical == NULL) {
    return true;
  }
  size_t len = strlen(a->canonical) + 1;
  l->canonical = (char *)mem_malloc((mem_size_t)len);
  if (l->canonical == NULL) {
    lookup_free(l);
    return false;
  }
  memcpy(l->canonical, a->canonical, len);
  return true;
}

static void lookup_done(struct resolve_query *q, const struct resolve_answer *a)
{
  struct lookup_call *c = (struct lookup_call *)q->arg;
  c->status = a->status;
  if (a->status == RESOLVE_OK && !lookup_keep(c->out, a)) {
    c->status = RESOLVE_NO_MEMORY;
  }
  c->is_done = true;
  api_wake(c->waits, API_IN);
}

enum resolve_status lookup_name(struct lookup *out, const char *name, u8_t families)
{
  struct api_waiter me;
  struct api_wait wait;
  const struct api_deadline never = api_deadline_in(0);
  struct lookup_call c = {
      .query = {.name = name, .families = families, .done = lookup_done, .arg = &c},
      .out = out,
      .status = RESOLVE_TRY_AGAIN};
  memset(out, 0, sizeof *out);
  if (!api_waiter_init(&me)) {
    return RESOLVE_NO_MEMORY;
  }
  LOCK_TCPIP_CORE();
  api_wait_add(&wait, &me, &c.waits, API_IN);
  resolve_start(&c.query);
  while (!c.is_done && core_may_wait() && api_waiter_sleep(&me, &never, true)) {
  }
  if (!c.is_done) {
    resolve_cancel(&c.query);
  }
  api_wait_remove(&wait);
  UNLOCK_TCPIP_CORE();
  api_waiter_end(&me);
  return c.status;
}

bool lookup_number(const char *text, ip_addr_t *addr)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (lwip_isspace(*c)) {
      return false; /* ipaddr_aton() would stop there */
    }
  }
  LOCK_TCPIP_CORE(); /* a zone may be the name of an interface */
  bool is_number = ipaddr_aton(text, addr) != 0;
  UNLOCK_TCPIP_CORE();
  return is_number;
}

err_t netconn_gethostbyname_addrtype(const char *name, ip_addr_t *addr, u8_t dns_addrtype)
{
  struct lookup l;
  err_t err = ERR_VAL;
  u8_t first = dns_addrtype_first(dns_addrtype);
  u8_t second = dns_addrtype_second(dns_addrtype);
  LWIP_ERROR("netconn_gethostbyname: NULL", name != NULL && addr != NULL, return ERR_ARG);
  if (netconn_resolve_hook(name, addr, dns_addrtype, &err)) {
    return err;
  }
  if (lookup_number(name, addr)) {
    dns_addrs_put(addr, addr, 1);
    return (resolve_family_of(addr) & (first | second)) != 0 ? ERR_OK : ERR_VAL;
  }
  enum resolve_status status = lookup_name(&l, name, first);
  if (second != 0 && status != RESOLVE_OK && status != RESOLVE_NO_MEMORY) {
    status = lookup_name(&l, name, second);
  }
  if (status == RESOLVE_OK) {
    dns_addrs_put(addr, l.addr, l.count);
    lookup_free(&l);
  }
  return status == RESOLVE_OK ? ERR_OK : status == RESOLVE_NO_MEMORY ? ERR_MEM : ERR_VAL;
}

#endif
