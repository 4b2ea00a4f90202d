/**
 * @file
 * if_nametoindex() and if_indextoname() (RFC 3493 4.1, 4.2), from any thread.
 *
 * No state.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/errno.h"
#include "lwip/if_api.h"
#include "lwip/netif.h"
#include "lwip/priv/tcpip_priv.h"

struct if_call {
  struct tcpip_api_call_data call;
  char name[IF_NAMESIZE];
  u8_t index;
};

static err_t do_nametoindex(struct tcpip_api_call_data *data)
{
  struct if_call *c = (struct if_call *)(void *)data;
  c->index = netif_name_to_index(c->name);
  return c->index != NETIF_NO_INDEX ? ERR_OK : ERR_VAL;
}

unsigned int lwip_if_nametoindex(const char *ifname)
{
  struct if_call c = {.index = NETIF_NO_INDEX};
  if (ifname != NULL && strlen(ifname) < sizeof c.name) {
    strcpy(c.name, ifname);
    if (tcpip_api_call(do_nametoindex, &c.call) == ERR_OK) {
      return c.index;
    }
  }
  errno = ENODEV;
  return 0;
}

static err_t do_indextoname(struct tcpip_api_call_data *data)
{
  struct if_call *c = (struct if_call *)(void *)data;
  return netif_index_to_name(c->index, c->name) != NULL ? ERR_OK : ERR_VAL;
}

char *lwip_if_indextoname(unsigned int ifindex, char *ifname)
{
  struct if_call c = {.index = (u8_t)ifindex};
  if (ifname != NULL && ifindex <= 0xff && tcpip_api_call(do_indextoname, &c.call) == ERR_OK) {
    return strcpy(ifname, c.name);
  }
  errno = ENXIO;
  return NULL;
}
