/**
 * @file
 * The last address of each netif, across restarts: kept by the port (gossamer/dhcp.h).
 *
 * State: the port's functions.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include "lwip/sys.h"
#include "gossamer/dhcp.h"
#include "control/dhcp_priv.h"

STACK_STATE(const struct dhcp_storage *, dhcp_port);

void dhcp_set_storage(const struct dhcp_storage *storage)
{
  LWIP_ASSERT_CORE_LOCKED();
  *dhcp_port() = storage;
}

bool dhcp_store_restore(struct netif *netif, ip4_addr_t *addr)
{
  const struct dhcp_storage *s = *dhcp_port();
  return s != NULL && s->restore != NULL && s->restore(netif, addr);
}

void dhcp_store_save(struct netif *netif, const ip4_addr_t *addr)
{
  const struct dhcp_storage *s = *dhcp_port();
  if (s != NULL && s->store != NULL) {
    s->store(netif, addr);
  }
}

void dhcp_store_erase(struct netif *netif)
{
  const struct dhcp_storage *s = *dhcp_port();
  if (s != NULL && s->erase != NULL) {
    s->erase(netif);
  }
}

void dhcp_store_fini(void)
{
  *dhcp_port() = NULL;
}

#endif /* LWIP_IPV4 && LWIP_DHCP */
