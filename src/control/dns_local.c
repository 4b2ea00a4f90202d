/**
 * @file
 * The local host list: names that are known without asking anybody (lwip/dns.h).
 *
 * State: the entries that were added. Those of DNS_LOCAL_HOSTLIST_INIT are a constant table, until
 * the list can change (DNS_LOCAL_HOSTLIST_IS_DYNAMIC): then it starts as a copy of the table, as
 * far as memory goes.
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/tcpip.h"
#include "lwip/priv/dns_hooks.h"
#include "gossamer/state.h"
#include "control/dns_local.h"

struct dns_local_state {
  struct local_hostlist_entry *first;
};
STACK_STATE(struct dns_local_state, dns_local);

/** The entry after `e`; NULL: the first one, or none is left. */
static const struct local_hostlist_entry *entry_after(const struct local_hostlist_entry *e)
{
  const struct local_hostlist_entry *table = NULL;
  if (DNS_LOCAL_HOSTLIST_IS_DYNAMIC) {
    return e == NULL ? dns_local()->first : e->next;
  }
  size_t count = dns_local_init_list(&table);
  size_t at = e == NULL ? 0 : (size_t)(e - table) + 1;
  return at < count ? &table[at] : NULL;
}

static bool name_eq(const char *a, const char *b)
{
  size_t a_len = strlen(a);
  size_t b_len = strlen(b);
  a_len -= a_len > 0 && a[a_len - 1] == '.';
  b_len -= b_len > 0 && b[b_len - 1] == '.';
  return a_len == b_len && lwip_strnicmp(a, b, a_len) == 0;
}

size_t dns_local_find(const char *name, u8_t families, ip_addr_t *addr, size_t max)
{
  size_t count = 0;
  for (const struct local_hostlist_entry *e = entry_after(NULL); e != NULL; e = entry_after(e)) {
    if ((resolve_family_of(&e->addr) & families) == 0 || !name_eq(e->name, name)) {
      continue;
    }
    if (count < max) {
      ip_addr_copy(addr[count], e->addr);
    }
    count++;
  }
  return count;
}

const char *dns_local_name_of(const ip_addr_t *addr)
{
  const struct local_hostlist_entry *e = entry_after(NULL);
  while (e != NULL && !ip_addr_zoneless_eq(&e->addr, addr)) {
    e = entry_after(e);
  }
  return e != NULL ? e->name : NULL;
}

static struct local_hostlist_entry *entry_new(const char *name, const ip_addr_t *addr)
{
  size_t len = strlen(name);
  struct local_hostlist_entry *e = dns_local_alloc(len);
  if (e != NULL) {
    char *copy = (char *)(e + 1);
    memcpy(copy, name, len + 1);
    e->name = copy;
    ip_addr_copy(e->addr, *addr);
    e->next = NULL;
  }
  return e;
}

static err_t entry_add(const char *name, const ip_addr_t *addr)
{
  struct local_hostlist_entry **at = &dns_local()->first;
  while (*at != NULL) {
    at = &(*at)->next;
  }
  *at = entry_new(name, addr);
  return *at != NULL ? ERR_OK : ERR_MEM;
}

static int entries_remove(const char *name, const ip_addr_t *addr)
{
  int count = 0;
  struct local_hostlist_entry **at = &dns_local()->first;
  while (*at != NULL) {
    struct local_hostlist_entry *e = *at;
    if ((name == NULL || name_eq(e->name, name)) && (addr == NULL || ip_addr_eq(&e->addr, addr))) {
      *at = e->next;
      dns_local_free(e);
      count++;
    } else {
      at = &e->next;
    }
  }
  return count;
}

static void dns_local_init(void)
{
  const struct local_hostlist_entry *table = NULL;
  size_t count = DNS_LOCAL_HOSTLIST_IS_DYNAMIC ? dns_local_init_list(&table) : 0;
  for (size_t i = 0; i < count; i++) {
    entry_add(table[i].name, &table[i].addr);
  }
}

static void dns_local_fini(void)
{
  entries_remove(NULL, NULL);
}

const struct net_module dns_local_module = {
    .name = "dns_local", .init = dns_local_init, .fini = dns_local_fini};

#if DNS_LOCAL_HOSTLIST

size_t dns_local_iterate(dns_found_callback iterator_fn, void *iterator_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  size_t count = 0;
  for (const struct local_hostlist_entry *e = entry_after(NULL); e != NULL; e = entry_after(e)) {
    if (iterator_fn != NULL) {
      iterator_fn(e->name, &e->addr, iterator_arg);
    }
    count++;
  }
  return count;
}

err_t dns_local_lookup(const char *hostname, ip_addr_t *addr, u8_t dns_addrtype)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dns_local_lookup: NULL", hostname != NULL && addr != NULL, return ERR_ARG);
  bool is_found = dns_local_find(hostname, dns_addrtype_first(dns_addrtype), addr, 1) > 0 ||
                  dns_local_find(hostname, dns_addrtype_second(dns_addrtype), addr, 1) > 0;
  return is_found ? ERR_OK : ERR_ARG;
}

#if DNS_LOCAL_HOSTLIST_IS_DYNAMIC

int dns_local_removehost(const char *hostname, const ip_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  return entries_remove(hostname, addr);
}

err_t dns_local_addhost(const char *hostname, const ip_addr_t *addr)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dns_local_addhost: no name, no address, or too long a name",
             hostname != NULL && addr != NULL && strlen(hostname) <= DNS_LOCAL_HOSTLIST_MAX_NAMELEN,
             return ERR_ARG);
  return entry_add(hostname, addr);
}

#endif
#endif
