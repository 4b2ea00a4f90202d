/**
 * @file
 * Extended netif callbacks: many listeners, who hear of every change of every netif.
 *
 * State: the list of listeners (their own storage), and where calls under way will go on, so that a
 * listener may remove itself or any other while being called.
 */
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/priv/netif_fields.h"

#if LWIP_NETIF_EXT_STATUS_CALLBACK

/** One call of all listeners under way; they nest when a listener changes a netif. */
struct ext_walk {
  netif_ext_callback_t *next;
  struct ext_walk *outer;
};

struct ext_callback_state {
  netif_ext_callback_t *first;
  struct ext_walk *walk;
};

STACK_STATE(struct ext_callback_state, listeners);

void netif_add_ext_callback(netif_ext_callback_t *callback, netif_ext_callback_fn fn)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("netif_add_ext_callback: missing argument", callback != NULL && fn != NULL);
  callback->callback_fn = fn;
  callback->next = listeners()->first;
  listeners()->first = callback;
}

void netif_remove_ext_callback(netif_ext_callback_t *callback)
{
  LWIP_ASSERT_CORE_LOCKED();
  netif_ext_callback_t **at = &listeners()->first;
  while (*at != NULL && *at != callback) {
    at = &(*at)->next;
  }
  if (*at == NULL) {
    return;
  }
  *at = callback->next;
  for (struct ext_walk *w = listeners()->walk; w != NULL; w = w->outer) {
    if (w->next == callback) {
      w->next = callback->next;
    }
  }
  callback->next = NULL;
}

void netif_invoke_ext_callback(struct netif *netif, netif_nsc_reason_t reason,
                               const netif_ext_callback_args_t *args)
{
  LWIP_ASSERT_CORE_LOCKED();
  struct ext_walk walk = {listeners()->first, listeners()->walk};
  listeners()->walk = &walk;
  while (walk.next != NULL) {
    netif_ext_callback_t *callback = walk.next;
    walk.next = callback->next;
    callback->callback_fn(netif, reason, args);
  }
  listeners()->walk = walk.outer;
}

void netif_ext_callbacks_forget(void)
{
  listeners()->first = NULL;
}

#endif /* LWIP_NETIF_EXT_STATUS_CALLBACK */
