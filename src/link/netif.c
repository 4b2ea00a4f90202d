/**
 * @file
 * Network interfaces: coming, going, up, down, link, and finding one.
 *
 * State: the list (lwIP's netif_list), the default interface, the next free number.
 *
 * Invariants: a listed netif has a number 0..254 that no other has. Whatever a callback does
 * (remove the netif, change it again), nothing is touched afterwards without looking whether it is
 * still listed. Modules hear of "up" when packets may flow (up and link), and of "down" when not.
 */
#include "lwip/opt.h"
#include <string.h>
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/snmp.h"
#include "lwip/sys.h"
#include "lwip/priv/netif_fields.h"
#include "base/registry.h"
#include "link/link_module.h"
#include "link/netif_ip4.h"
#include "link/netif_priv.h"

/** Numbers are 0 to 254, so that indexes are 1 to 255 and 0 can mean "none". */
#define NETIF_NUM_COUNT 255U

struct netif_state {
  u8_t next_num; /* goes round, so that the number of a removed netif is not soon another's */
  u8_t client_data_ids;
};

STACK_STATE(struct netif_state, netifs);

STACK_GLOBAL_DEFINE(struct netif *, netif_default);
STACK_GLOBAL_DEFINE(struct netif *, netif_list); /* NULL with LWIP_SINGLE_NETIF */

bool netif_is_listed(const struct netif *netif)
{
  struct netif *n;
  NETIF_FOREACH(n)
  {
    if (n == netif) {
      return true;
    }
  }
  return false;
}

static struct netif *netif_by_num(u8_t num)
{
  struct netif *n;
  NETIF_FOREACH(n)
  {
    if (n->num == num) {
      return n;
    }
  }
  return NULL;
}

static bool netif_take_num(struct netif *netif)
{
  for (unsigned tries = 0; tries < NETIF_NUM_COUNT; tries++) {
    u8_t num = netifs()->next_num;
    netifs()->next_num = (u8_t)((num + 1U) % NETIF_NUM_COUNT);
    if (netif_by_num(num) == NULL) {
      netif->num = num;
      return true;
    }
  }
  return false;
}

void netif_prepare(struct netif *netif, void *state, netif_input_fn input)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("netif_add: no netif", netif != NULL);
  LWIP_ASSERT("netif_add: added already", !netif_is_listed(netif));
  netif_fields_reset(netif);
  netif->state = state;
  netif->input = input;
}

struct netif *netif_attach(struct netif *netif, netif_init_fn init)
{
  LWIP_ERROR("netif_add: no init function", init != NULL, return NULL);
  if (!netif_take_num(netif) || init(netif) != ERR_OK) {
    return NULL;
  }
  netif_link_in(netif);
  mib2_netif_added(netif);
  netif_invoke_ext_callback(netif, LWIP_NSC_NETIF_ADDED, NULL);
  if (netif_is_listed(netif)) {
    net_modules_netif_changed(netif, NETIF_CHANGE_ADDED, NULL);
  }
  return netif;
}

struct netif *netif_add_noaddr(struct netif *netif, void *state, netif_init_fn init,
                               netif_input_fn input)
{
  LWIP_ASSERT_CORE_LOCKED();
  netif_prepare(netif, state, input);
  return netif_attach(netif, init);
}

void netif_remove(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif == NULL || !netif_is_listed(netif)) {
    return;
  }
  netif_invoke_ext_callback(netif, LWIP_NSC_NETIF_REMOVED, NULL);
  netif_set_down(netif);
  if (!netif_is_listed(netif)) {
    return; /* a callback was faster */
  }
  net_modules_netif_changed(netif, NETIF_CHANGE_REMOVED, NULL);
  netif_loop_flush(netif);
  if (netif_default == netif) {
    netif_set_default(NULL);
  }
  netif_unlink(netif);
  mib2_netif_removed(netif);
  netif_call_removed(netif);
}

void netif_set_default(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (netif == NULL) {
    mib2_remove_route_ip4(1, netif);
  } else {
    mib2_add_route_ip4(1, netif);
  }
  netif_default = netif;
}

void netif_set_up(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_up: no netif", netif != NULL, return );
  if (netif_is_up(netif)) {
    return;
  }
  netif_set_flags(netif, NETIF_FLAG_UP);
  netif_stamp_change(netif);
  netif_call_status(netif);
  netif_tell_status(netif, 1);
  if (netif_is_listed(netif) && netif_is_usable(netif)) {
    net_modules_netif_changed(netif, NETIF_CHANGE_UP, NULL);
  }
}

void netif_set_down(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_down: no netif", netif != NULL, return );
  if (!netif_is_up(netif)) {
    return;
  }
  netif_tell_status(netif, 0);
  if (!netif_is_listed(netif)) {
    return;
  }
  bool was_usable = netif_is_usable(netif);
  netif_clear_flags(netif, NETIF_FLAG_UP);
  netif_stamp_change(netif);
  if (was_usable) {
    net_modules_netif_changed(netif, NETIF_CHANGE_DOWN, NULL);
  }
  netif_call_status(netif);
}

void netif_set_link_up(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_link_up: no netif", netif != NULL, return );
  if (netif_is_link_up(netif)) {
    return;
  }
  netif_set_flags(netif, NETIF_FLAG_LINK_UP);
  netif_call_link(netif);
  netif_tell_link(netif, 1);
  if (netif_is_listed(netif) && netif_is_usable(netif)) {
    net_modules_netif_changed(netif, NETIF_CHANGE_UP, NULL);
  }
}

void netif_set_link_down(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("netif_set_link_down: no netif", netif != NULL, return );
  if (!netif_is_link_up(netif)) {
    return;
  }
  bool was_usable = netif_is_usable(netif);
  netif_clear_flags(netif, NETIF_FLAG_LINK_UP);
  if (was_usable && netif_is_listed(netif)) {
    net_modules_netif_changed(netif, NETIF_CHANGE_DOWN, NULL);
  }
  netif_call_link(netif);
  netif_tell_link(netif, 0);
}

/** The number in "et12"; NETIF_NUM_COUNT when there is none. Nothing may stand behind it. */
static unsigned netif_name_num(const char *digits)
{
  unsigned num = 0;
  unsigned i;
  for (i = 0; digits[i] >= '0' && digits[i] <= '9' && num < NETIF_NUM_COUNT; i++) {
    num = num * 10U + (unsigned)(digits[i] - '0');
  }
  return (i > 0 && digits[i] == '\0' && num < NETIF_NUM_COUNT) ? num : NETIF_NUM_COUNT;
}

struct netif *netif_find(const char *name)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (name == NULL || name[0] == '\0' || name[1] == '\0') {
    return NULL;
  }
  unsigned num = netif_name_num(&name[2]);
  struct netif *n = (num < NETIF_NUM_COUNT) ? netif_by_num((u8_t)num) : NULL;
  return (n != NULL && n->name[0] == name[0] && n->name[1] == name[1]) ? n : NULL;
}

u8_t netif_name_to_index(const char *name)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *n = netif_find(name);
  return (n != NULL) ? netif_get_index(n) : NETIF_NO_INDEX;
}

char *netif_index_to_name(u8_t idx, char *name)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct netif *n = netif_get_by_index(idx);
  if (n == NULL) {
    return NULL;
  }
  name[0] = n->name[0];
  name[1] = n->name[1];
  lwip_itoa(&name[2], NETIF_NAMESIZE - 2, n->num);
  return name;
}

struct netif *netif_get_by_index(u8_t idx)
{
  LWIP_ASSERT_CORE_LOCKED();
  return (idx != NETIF_NO_INDEX) ? netif_by_num((u8_t)(idx - 1U)) : NULL;
}

/** One more slot of client data; the prototype is in netif.h where there are any. */
u8_t netif_alloc_client_data_id(void);

u8_t netif_alloc_client_data_id(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("LWIP_NUM_NETIF_CLIENT_DATA is too small",
              netifs()->client_data_ids < LWIP_NUM_NETIF_CLIENT_DATA);
  return (u8_t)(LWIP_NETIF_CLIENT_DATA_INDEX_MAX + netifs()->client_data_ids++);
}

void netif_init(void)
{
}

static void netif_module_fini(void)
{
  while (netif_first() != NULL) {
    netif_remove(netif_first());
  }
  netif_loop_fini();
  netif_ext_callbacks_forget();
  memset(netifs(), 0, sizeof *netifs());
}

const struct net_module netif_module = {
    .name = "netif", .init = loopif_start, .fini = netif_module_fini};
