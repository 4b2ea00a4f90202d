/**
 * @file
 * Network interfaces from any thread: lwip/netif.h through tcpip_api_call().
 *
 * No state. A call is a struct netifapi_msg on the caller's stack, or of the pool with
 * LWIP_MPU_COMPATIBLE.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/netifapi.h"
#include "lwip/priv/build.h"
#include "lwip/priv/netifapi_priv.h"
#include "lwip/priv/tcpip_call_hooks.h"
#include "lwip/priv/tcpip_priv.h"

#if LWIP_NETIF_API

static struct netifapi_msg *msg_of(struct tcpip_api_call_data *call)
{
  return (struct netifapi_msg *)(void *)call; /* its first member */
}

/** Call `fn` with a copy of `args` that other threads may see, and copy the results back. */
static err_t netifapi_call(tcpip_api_call_fn fn, struct netifapi_msg *args)
{
  if (!LWIP_MPU_COMPATIBLE) {
    return tcpip_api_call(fn, &args->call);
  }
  struct netifapi_msg *msg = netifapi_msg_alloc();
  if (msg == NULL) {
    return ERR_MEM;
  }
  *msg = *args;
  err_t err = tcpip_api_call(fn, &msg->call);
  *args = *msg;
  netifapi_msg_free(msg);
  return err;
}

/* clang-format off: arguments of IPv4 only */

static err_t do_netif_add(struct tcpip_api_call_data *call)
{
  struct netifapi_msg *m = msg_of(call);
  struct netif *added =
      netif_add(m->netif, IF_IPV4(&m->u.add.addr, &m->u.add.mask, &m->u.add.gw, ) m->u.add.state,
                m->u.add.init, m->u.add.input);
  return added != NULL ? ERR_OK : ERR_IF;
}

err_t netifapi_netif_add(struct netif *netif,
                         IF_IPV4(const ip4_addr_t *ipaddr, const ip4_addr_t *netmask,
                                 const ip4_addr_t *gw, ) void *state,
                         netif_init_fn init, netif_input_fn input)
{
  LWIP_ERROR("netifapi_netif_add: no netif or init function", netif != NULL && init != NULL,
             return ERR_ARG);
  struct netifapi_msg m = {.netif = netif, .u.add = {.state = state, .init = init, .input = input}};
  IF_IPV4(ip4_addr_set(&m.u.add.addr, ipaddr); ip4_addr_set(&m.u.add.mask, netmask);
          ip4_addr_set(&m.u.add.gw, gw);)
  return netifapi_call(do_netif_add, &m);
}

/* clang-format on */

static err_t do_netif_common(struct tcpip_api_call_data *call)
{
  const struct netifapi_msg *m = msg_of(call);
  if (m->u.common.errtfunc != NULL) {
    return m->u.common.errtfunc(m->netif);
  }
  m->u.common.voidfunc(m->netif);
  return ERR_OK;
}

err_t netifapi_netif_common(struct netif *netif, netifapi_void_fn voidfunc,
                            netifapi_errt_fn errtfunc)
{
  LWIP_ERROR("netifapi_netif_common: no function", voidfunc != NULL || errtfunc != NULL,
             return ERR_ARG);
  struct netifapi_msg m = {.netif = netif,
                           .u.common = {.voidfunc = voidfunc, .errtfunc = errtfunc}};
  return netifapi_call(do_netif_common, &m);
}

static err_t do_name_to_index(struct tcpip_api_call_data *call)
{
  struct netifapi_msg *m = msg_of(call);
  m->u.ifs.index = netif_name_to_index(m->u.ifs.name);
  return ERR_OK;
}

err_t netifapi_netif_name_to_index(const char *name, u8_t *index)
{
  LWIP_ERROR("netifapi_netif_name_to_index: no name or index", name != NULL && index != NULL,
             return ERR_ARG);
  struct netifapi_msg m = {.netif = NULL};
  *index = NETIF_NO_INDEX;
  if (strlen(name) >= sizeof m.u.ifs.name) {
    return ERR_OK; /* too long for any */
  }
  strcpy(m.u.ifs.name, name);
  err_t err = netifapi_call(do_name_to_index, &m);
  if (err == ERR_OK) {
    *index = m.u.ifs.index;
  }
  return err;
}

static err_t do_index_to_name(struct tcpip_api_call_data *call)
{
  struct netifapi_msg *m = msg_of(call);
  if (netif_index_to_name(m->u.ifs.index, m->u.ifs.name) == NULL) {
    m->u.ifs.name[0] = '\0';
  }
  return ERR_OK;
}

err_t netifapi_netif_index_to_name(u8_t index, char *name)
{
  LWIP_ERROR("netifapi_netif_index_to_name: no name", name != NULL, return ERR_ARG);
  struct netifapi_msg m = {.u.ifs = {.index = index}};
  name[0] = '\0';
  err_t err = netifapi_call(do_index_to_name, &m);
  if (err == ERR_OK) {
    strcpy(name, m.u.ifs.name);
  }
  return err;
}

#if LWIP_IPV4

static err_t do_netif_set_addr(struct tcpip_api_call_data *call)
{
  const struct netifapi_msg *m = msg_of(call);
  netif_set_addr(m->netif, &m->u.add.addr, &m->u.add.mask, &m->u.add.gw);
  return ERR_OK;
}

err_t netifapi_netif_set_addr(struct netif *netif, const ip4_addr_t *ipaddr,
                              const ip4_addr_t *netmask, const ip4_addr_t *gw)
{
  LWIP_ERROR("netifapi_netif_set_addr: no netif", netif != NULL, return ERR_ARG);
  struct netifapi_msg m = {.netif = netif};
  ip4_addr_set(&m.u.add.addr, ipaddr);
  ip4_addr_set(&m.u.add.mask, netmask);
  ip4_addr_set(&m.u.add.gw, gw);
  return netifapi_call(do_netif_set_addr, &m);
}

static err_t do_arp_add(struct tcpip_api_call_data *call)
{
  struct netifapi_msg *m = msg_of(call);
  return netifapi_static_add(&m->u.arp.addr, &m->u.arp.mac);
}

err_t netifapi_arp_add(const ip4_addr_t *ipaddr, struct eth_addr *ethaddr,
                       enum netifapi_arp_entry type)
{
  LWIP_ERROR("netifapi_arp_add: no address", ipaddr != NULL && ethaddr != NULL, return ERR_ARG);
  if (!ETHARP_SUPPORT_STATIC_ENTRIES || type != NETIFAPI_ARP_PERM) {
    return ERR_VAL;
  }
  struct netifapi_msg m = {.u.arp = {.addr = *ipaddr, .mac = *ethaddr}};
  return netifapi_call(do_arp_add, &m);
}

static err_t do_arp_remove(struct tcpip_api_call_data *call)
{
  const struct netifapi_msg *m = msg_of(call);
  return netifapi_static_remove(&m->u.arp.addr);
}

err_t netifapi_arp_remove(const ip4_addr_t *ipaddr, enum netifapi_arp_entry type)
{
  LWIP_ERROR("netifapi_arp_remove: no address", ipaddr != NULL, return ERR_ARG);
  if (!ETHARP_SUPPORT_STATIC_ENTRIES || type != NETIFAPI_ARP_PERM) {
    return ERR_VAL;
  }
  struct netifapi_msg m = {.u.arp = {.addr = *ipaddr}};
  return netifapi_call(do_arp_remove, &m);
}

#endif

#endif /* LWIP_NETIF_API */
