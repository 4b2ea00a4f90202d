/**
 * @file
 * dns_gethostbyname(), lwIP's way to ask: one callback, one or a few addresses.
 *
 * State: the calls that wait.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS

#include "lwip/def.h"
#include "lwip/dns.h"
#include "lwip/mem.h"
#include "lwip/tcpip.h"
#include "lwip/priv/dns_hooks.h"
#include "gossamer/state.h"
#include "control/dns_module.h"

struct dns_call {
  struct resolve_query query;
  struct dns_call *next;
  dns_found_callback found;
  void *arg;
  ip_addr_t *addr; /* where the answer goes while dns_gethostbyname() runs; then NULL */
  err_t err;       /* its result */
  u8_t second;     /* families to ask for next; 0: none */
  char name[];
};

struct dns_api_state {
  struct dns_call *calls;
};
STACK_STATE(struct dns_api_state, dns_api);

static void call_free(struct dns_call *c)
{
  struct dns_call **at = &dns_api()->calls;
  while (*at != c) {
    at = &(*at)->next;
  }
  *at = c->next;
  mem_free(c);
}

static void call_done(struct resolve_query *q, const struct resolve_answer *a)
{
  struct dns_call *c = (struct dns_call *)q->arg;
  if (a->status != RESOLVE_OK && c->second != 0) {
    q->families = c->second;
    c->second = 0;
    resolve_start(q);
    return;
  }
  if (c->addr != NULL) {
    c->err = a->status == RESOLVE_OK ? ERR_OK : a->status == RESOLVE_NO_MEMORY ? ERR_MEM : ERR_VAL;
    if (a->status == RESOLVE_OK) {
      dns_addrs_put(c->addr, a->addr, a->count);
    }
    return;
  }
  ip_addr_t addr[DNS_MAX_HOST_IP];
  if (a->status == RESOLVE_OK) {
    dns_addrs_put(addr, a->addr, a->count);
  }
  if (c->found != NULL) {
    c->found(c->name, a->status == RESOLVE_OK ? addr : NULL, c->arg);
  }
  call_free(c);
}

static struct dns_call *call_new(const char *name, dns_found_callback found, void *arg,
                                 u8_t dns_addrtype)
{
  size_t len = strlen(name) + 1;
  struct dns_call *c = (struct dns_call *)mem_malloc((mem_size_t)(sizeof *c + len));
  if (c == NULL) {
    return NULL;
  }
  memset(c, 0, sizeof *c);
  memcpy(c->name, name, len);
  c->found = found;
  c->arg = arg;
  c->err = ERR_INPROGRESS;
  c->second = dns_addrtype_second(dns_addrtype);
  c->query.name = c->name;
  c->query.families = dns_addrtype_first(dns_addrtype);
  c->query.done = call_done;
  c->query.arg = c;
  c->next = dns_api()->calls;
  dns_api()->calls = c;
  return c;
}

err_t dns_gethostbyname_addrtype(const char *hostname, ip_addr_t *addr, dns_found_callback found,
                                 void *callback_arg, u8_t dns_addrtype)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dns_gethostbyname: no name, no address, or too long a name",
             hostname != NULL && addr != NULL && hostname[0] != '\0' &&
                 strlen(hostname) < DNS_MAX_NAME_LENGTH,
             return ERR_ARG);
  u8_t families = dns_addrtype_first(dns_addrtype) | dns_addrtype_second(dns_addrtype);
  err_t err = ERR_OK;
  ip_addr_t number;
  if (ipaddr_aton(hostname, &number)) {
    dns_addrs_put(addr, &number, 1);
    return (resolve_family_of(&number) & families) != 0 ? ERR_OK : ERR_ARG;
  }
  if (dns_resolve_hook(hostname, addr, found, callback_arg, dns_addrtype, &err)) {
    return err;
  }
  struct dns_call *c = call_new(hostname, found, callback_arg, dns_addrtype);
  if (c == NULL) {
    return ERR_MEM;
  }
  c->addr = addr;
  resolve_start(&c->query);
  c->addr = NULL;
  err = c->err;
  if (err != ERR_INPROGRESS) {
    call_free(c);
  }
  return err;
}

err_t dns_gethostbyname(const char *hostname, ip_addr_t *addr, dns_found_callback found,
                        void *callback_arg)
{
  return dns_gethostbyname_addrtype(hostname, addr, found, callback_arg, LWIP_DNS_ADDRTYPE_DEFAULT);
}

static void dns_api_fini(void)
{
  while (dns_api()->calls != NULL) {
    resolve_cancel(&dns_api()->calls->query);
    call_free(dns_api()->calls);
  }
}

const struct net_module dns_api_module = {.name = "dns_api", .fini = dns_api_fini};

#endif /* LWIP_DNS */
