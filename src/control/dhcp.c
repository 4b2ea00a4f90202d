/**
 * @file
 * The DHCP client's states: what is sent when, and where each answer and each silence leads.
 *
 * State: struct dhcp in the netif's client data; dhcp_priv.h has the picture.
 *
 * Invariants: `timer` is set in every state in which something is waited for while packets may
 * flow; `lease_timer` while the netif has an address whose lease ends. Whatever tells others (an
 * address that changes, callbacks) is done last, or dhcp_lives() is asked afterwards.
 *
 * Deviation: no random wait of one to ten seconds before the first DISCOVER (RFC 2131 4.4.1), as
 * with nearly all clients; retransmissions are spread. T1 and T2 are not spread, as servers do
 * that.
 *
 * RFC 2131 3, 4.1, 4.4; RFC 5227 (conflicts); RFC 3927 (AutoIP meanwhile).
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include <string.h>
#include "lwip/debug.h"
#include "lwip/dhcp.h"
#include "lwip/mem.h"
#include "lwip/priv/dhcp_hooks.h"
#include "lwip/priv/netif_fields.h"
#include "gossamer/stack.h"
#include "base/random.h"
#include "control/control_module.h"
#include "control/dhcp_priv.h"
#include "link/netif_usable.h"

enum {
  /* RFC 2131 4.1: 4, 8, 16, 32, 64, 64 ... seconds, each spread by a second either way. */
  DHCP_WAIT_MS_FIRST = 4000,
  DHCP_WAIT_MS_MAX = 64000,
  DHCP_WAIT_SPREAD_MS = 1000,
  /* Requests until an offer, and an address of before, is given up. */
  DHCP_REQUEST_TRIES = 4,
  DHCP_REBOOT_TRIES = 2,
  DHCP_INFORM_TRIES = 4,
  /* A lease without end that the program wanted renewed. */
  DHCP_RENEW_MS_ENDLESS = 3600000,
  DHCP_MTU_NEEDED = 576
};

static void dhcp_due(struct timer *t);

/** Is it still the client of a netif that still is? `netif` may be storage that is gone. */
static bool dhcp_lives(const struct netif *netif, const struct dhcp *dhcp)
{
  return netif_is_listed(netif) && netif_dhcp_data(netif) == dhcp;
}

static void dhcp_enter(struct dhcp *dhcp, dhcp_state_enum_t state)
{
  LWIP_DEBUGF(DHCP_DEBUG | LWIP_DBG_STATE, ("dhcp: state %d\n", (int)state));
  dhcp->state = (u8_t)state;
  dhcp->tries = 0;
  timer_cancel(&dhcp->timer);
}

static void dhcp_wait(struct dhcp *dhcp, u32_t ms)
{
  timer_set(&dhcp->timer, dhcp_due, ms);
}

/** How long an answer to message number `tries` is waited for. */
static u32_t dhcp_backoff_ms(const struct dhcp *dhcp, u8_t tries)
{
  u32_t ms = hook_dhcp_wait_ms(dhcp->state, tries);
  if (ms == 0) {
    ms = (tries > 4) ? DHCP_WAIT_MS_MAX : (u32_t)DHCP_WAIT_MS_FIRST << (LWIP_MAX(tries, 1) - 1);
  }
  u32_t spread = LWIP_MIN((u32_t)DHCP_WAIT_SPREAD_MS, ms / 4);
  return ms - spread + random_jitter(2 * spread + 1);
}

static void dhcp_count_try(struct dhcp *dhcp)
{
  if (dhcp->tries < 0xff) {
    dhcp->tries++;
  }
}

/* --- getting an address --- */

static void dhcp_autoip(struct dhcp *dhcp)
{
  if (LWIP_DHCP_AUTOIP_COOP && dhcp->tries >= LWIP_DHCP_AUTOIP_COOP_TRIES &&
      !(dhcp->own_flags & (DHCP_OWN_COOP | DHCP_OWN_ADDRESS)) &&
      dhcp_coop_start(dhcp->netif) == ERR_OK) {
    dhcp->own_flags |= DHCP_OWN_COOP;
  }
}

/** Ask all servers. */
static void dhcp_discover(struct dhcp *dhcp)
{
  if (dhcp->state != DHCP_STATE_SELECTING) {
    dhcp_enter(dhcp, DHCP_STATE_SELECTING);
    dhcp_new_xid(dhcp);
    dhcp->since_ms = stack_now();
    ip_addr_copy_from_ip4(dhcp->server_ip_addr, *IP4_ADDR_BROADCAST);
  }
  dhcp_count_try(dhcp);
  dhcp_wait(dhcp, dhcp_backoff_ms(dhcp, dhcp->tries));
  dhcp_autoip(dhcp);
  dhcp_send(dhcp, DHCP_DISCOVER); /* last: an answer may come within the call */
}

/** Accept an offer. */
static void dhcp_request(struct dhcp *dhcp)
{
  if (dhcp->tries >= DHCP_REQUEST_TRIES) {
    dhcp_discover(dhcp);
    return;
  }
  dhcp_count_try(dhcp);
  dhcp_wait(dhcp, dhcp_backoff_ms(dhcp, dhcp->tries));
  dhcp_send(dhcp, DHCP_REQUEST);
}

void dhcp_offered(struct dhcp *dhcp)
{
  dhcp_enter(dhcp, DHCP_STATE_REQUESTING);
  dhcp->sent_ms = stack_now();
  dhcp_request(dhcp);
}

/** Ask for the address of before (INIT-REBOOT, RFC 2131 3.2). */
static void dhcp_reboot(struct dhcp *dhcp)
{
  if (dhcp->state != DHCP_STATE_REBOOTING || dhcp->tries == 0) {
    dhcp_enter(dhcp, DHCP_STATE_REBOOTING);
    dhcp_new_xid(dhcp);
    dhcp->since_ms = dhcp->sent_ms = stack_now();
  }
  if (dhcp->tries >= DHCP_REBOOT_TRIES) {
    /* Perhaps another network, whose server keeps silent about addresses it does not know (RFC 2131
       4.3.2). The address stays in use until another comes or its lease is over. */
    dhcp_discover(dhcp);
    return;
  }
  dhcp_count_try(dhcp);
  dhcp_wait(dhcp, dhcp_backoff_ms(dhcp, dhcp->tries));
  dhcp_send(dhcp, DHCP_REQUEST);
}

/** Start from what is known. */
static void dhcp_begin(struct dhcp *dhcp)
{
  if (ip4_addr_isany_val(dhcp->leased)) {
    dhcp_enter(dhcp, DHCP_STATE_INIT);
    dhcp_discover(dhcp);
  } else {
    dhcp_enter(dhcp, DHCP_STATE_REBOOTING);
    dhcp_reboot(dhcp);
  }
}

/* --- having one --- */

static void dhcp_lease_due(struct timer *t)
{
  struct dhcp *dhcp = TIMER_OWNER(t, struct dhcp, lease_timer);
  struct netif *netif = dhcp->netif;
  u32_t wait_ms = lifetime_wait_ms(&dhcp->t0);
  if (wait_ms > 0) {
    lifetime_timer_set(t, dhcp_lease_due, wait_ms);
    return;
  }
  bool was_kept = dhcp->state == DHCP_STATE_BOUND || dhcp->state == DHCP_STATE_RENEWING ||
                  dhcp->state == DHCP_STATE_REBINDING;
  if (was_kept) { /* else a new one is being asked for already */
    dhcp_acd_stop(dhcp);
    dhcp_enter(dhcp, DHCP_STATE_INIT);
  }
  dhcp_lease_drop(dhcp, false);
  if (was_kept && dhcp_lives(netif, dhcp) && dhcp->state == DHCP_STATE_INIT &&
      netif_is_usable(netif)) {
    dhcp_discover(dhcp);
  }
}

static void dhcp_bind(struct dhcp *dhcp)
{
  struct netif *netif = dhcp->netif;
  ip4_addr_t mask = dhcp->offered_sn_mask;
  ip4_addr_t gateway = dhcp->offered_gw_addr;
  dhcp_enter(dhcp, DHCP_STATE_BOUND);
  dhcp->refusals = 0;
  dhcp->leased = dhcp->offered_ip_addr;
  dhcp->own_flags |= DHCP_OWN_ADDRESS;
  lifetime_start_at(&dhcp->t0, dhcp->offered_t0_lease, dhcp->sent_ms);
  lifetime_start_at(&dhcp->t1, dhcp->offered_t1_renew, dhcp->sent_ms);
  lifetime_start_at(&dhcp->t2, dhcp->offered_t2_rebind, dhcp->sent_ms);
  lifetime_timer_set(&dhcp->lease_timer, dhcp_lease_due, lifetime_wait_ms(&dhcp->t0));
  lifetime_timer_set(&dhcp->timer, dhcp_due, lifetime_wait_ms(&dhcp->t1));
  dhcp_store_save(netif, &dhcp->leased);
  netif_set_addr(netif, &dhcp->leased, &mask, &gateway);
  if (!dhcp_lives(netif, dhcp) || dhcp->state != DHCP_STATE_BOUND) {
    return;
  }
  dhcp_routes_add(dhcp);
  if (dhcp->own_flags & DHCP_OWN_COOP) {
    dhcp->own_flags &= (u8_t)~DHCP_OWN_COOP;
    dhcp_coop_stop(netif);
  }
  dhcp_call_user(dhcp);
}

/** Somebody else has the address: give it back, and start over when conflict detection allows it,
   and ten seconds later (RFC 2131 3.1.5). */
static void dhcp_decline(struct dhcp *dhcp)
{
  dhcp_store_erase(dhcp->netif);
  dhcp_enter(dhcp, DHCP_STATE_BACKING_OFF);
  dhcp_new_xid(dhcp);
  dhcp_send(dhcp, DHCP_DECLINE);
  dhcp_lease_drop(dhcp, true);
}

static void dhcp_acd(struct netif *netif, acd_callback_enum_t event)
{
  struct dhcp *dhcp = netif_dhcp_data(netif);
  if (dhcp == NULL || dhcp->state == DHCP_STATE_OFF) {
    return;
  }
  if (event == ACD_IP_OK && dhcp->state == DHCP_STATE_CHECKING) {
    dhcp_bind(dhcp);
  } else if (event == ACD_DECLINE) {
    dhcp_decline(dhcp);
  } else if (event == ACD_RESTART_CLIENT && dhcp->state == DHCP_STATE_BACKING_OFF) {
    dhcp_wait(dhcp, DHCP_DECLINE_WAIT_MS);
  }
}

void dhcp_acked(struct dhcp *dhcp)
{
  struct netif *netif = dhcp->netif;
  bool has_it = dhcp_supplied_address(netif) && ip4_addr_eq(&dhcp->leased, &dhcp->offered_ip_addr);
  bool can_ask = LWIP_DHCP_DOES_ACD_CHECK && netif_is_flag_set(netif, NETIF_FLAG_ETHARP);
  if (can_ask && has_it && !dhcp_acd_is_on(dhcp)) {
    dhcp_acd_start(dhcp, dhcp_acd); /* while it is in use: the link was away */
  }
  if (has_it || !can_ask) {
    dhcp_bind(dhcp);
    return;
  }
  dhcp_enter(dhcp, DHCP_STATE_CHECKING);
  dhcp_acd_start(dhcp, dhcp_acd);
}

void dhcp_nacked(struct dhcp *dhcp)
{
  struct netif *netif = dhcp->netif;
  dhcp_store_erase(netif);
  dhcp_enter(dhcp, DHCP_STATE_BACKING_OFF);
  /* A server that refuses what it offered must not make us ask without end. */
  dhcp_wait(dhcp, (dhcp->refusals == 0) ? 0 : dhcp_backoff_ms(dhcp, dhcp->refusals));
  if (dhcp->refusals < 0xff) {
    dhcp->refusals++;
  }
  dhcp_acd_stop(dhcp);
  dhcp_lease_drop(dhcp, true);
}

/** Ask for a longer lease: the server that gave it, later all. */
static void dhcp_prolong(struct dhcp *dhcp, dhcp_state_enum_t state, struct lifetime *until)
{
  if (dhcp->state != state) {
    bool is_first = dhcp->state == DHCP_STATE_BOUND;
    dhcp_enter(dhcp, state);
    dhcp->since_ms = is_first ? stack_now() : dhcp->since_ms;
  }
  u32_t left_ms = lifetime_wait_ms(until);
  dhcp_new_xid(dhcp);
  dhcp->sent_ms = stack_now();
  dhcp_count_try(dhcp);
  if (left_ms == TIMER_NEVER) {
    left_ms = DHCP_RENEW_MS_ENDLESS;
  }
  dhcp_wait(dhcp, LWIP_MIN(left_ms, LWIP_MAX(left_ms / 2, (u32_t)DHCP_RENEW_MS_MIN)));
}

static err_t dhcp_renew_now(struct dhcp *dhcp)
{
  dhcp_prolong(dhcp, DHCP_STATE_RENEWING, &dhcp->t2);
  return dhcp_send(dhcp, DHCP_REQUEST);
}

static void dhcp_rebind(struct dhcp *dhcp)
{
  dhcp_prolong(dhcp, DHCP_STATE_REBINDING, &dhcp->t0);
  dhcp_send(dhcp, DHCP_REQUEST);
}

/** In BOUND, RENEWING, REBINDING: what is it time for? */
static void dhcp_lease_step(struct dhcp *dhcp)
{
  if (lifetime_is_over(&dhcp->t0)) {
    dhcp_lease_due(&dhcp->lease_timer); /* the clock went on while timers stood still */
  } else if (lifetime_is_over(&dhcp->t2)) {
    dhcp_rebind(dhcp);
  } else if (dhcp->state != DHCP_STATE_BOUND || lifetime_is_over(&dhcp->t1)) {
    dhcp_renew_now(dhcp);
  } else {
    lifetime_timer_set(&dhcp->timer, dhcp_due, lifetime_wait_ms(&dhcp->t1)); /* a long lease */
  }
}

/* --- dhcp_inform() --- */

static void dhcp_ask(struct dhcp *dhcp)
{
  if (dhcp->tries < DHCP_INFORM_TRIES) {
    dhcp_count_try(dhcp);
    dhcp_wait(dhcp, dhcp_backoff_ms(dhcp, dhcp->tries));
    dhcp_send(dhcp, DHCP_INFORM);
  }
}

static void dhcp_inform_begin(struct dhcp *dhcp)
{
  dhcp_enter(dhcp, DHCP_STATE_INFORMING);
  dhcp_new_xid(dhcp);
  dhcp->since_ms = stack_now();
  dhcp_ask(dhcp);
}

void dhcp_informed(struct dhcp *dhcp)
{
  dhcp_enter(dhcp, DHCP_STATE_PERMANENT);
  dhcp_call_user(dhcp);
}

static void dhcp_due(struct timer *t)
{
  struct dhcp *dhcp = TIMER_OWNER(t, struct dhcp, timer);
  switch (dhcp->state) {
  case DHCP_STATE_SELECTING:
  case DHCP_STATE_BACKING_OFF:
    dhcp_discover(dhcp);
    break;
  case DHCP_STATE_REQUESTING:
    dhcp_request(dhcp);
    break;
  case DHCP_STATE_REBOOTING:
    dhcp_reboot(dhcp);
    break;
  case DHCP_STATE_BOUND:
  case DHCP_STATE_RENEWING:
  case DHCP_STATE_REBINDING:
    dhcp_lease_step(dhcp);
    break;
  case DHCP_STATE_INFORMING:
    dhcp_ask(dhcp);
    break;
  default:
    break;
  }
}

/* --- the program's side --- */

/** Be off, and the netif without address; nothing is sent. */
static void dhcp_halt(struct dhcp *dhcp)
{
  struct netif *netif = dhcp->netif;
  if (dhcp->state == DHCP_STATE_OFF) {
    return;
  }
  dhcp_enter(dhcp, DHCP_STATE_OFF);
  dhcp_pcb_give(dhcp);
  dhcp_acd_stop(dhcp);
  if (dhcp->own_flags & DHCP_OWN_COOP) {
    dhcp->own_flags &= (u8_t)~DHCP_OWN_COOP;
    dhcp_coop_stop(netif);
  }
  if (dhcp_lives(netif, dhcp)) {
    dhcp_lease_drop(dhcp, false);
  }
}

/** The netif's client, off and fresh; NULL: no memory. */
static struct dhcp *dhcp_fresh(struct netif *netif)
{
  struct dhcp *dhcp = netif_dhcp_data(netif);
  if (dhcp == NULL) {
    dhcp = (struct dhcp *)mem_calloc(1, sizeof *dhcp);
    netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_DHCP, dhcp);
  } else if (dhcp->netif != NULL) {
    dhcp_halt(dhcp);
    if (!dhcp_lives(netif, dhcp)) {
      return NULL;
    }
    dhcp_acd_remove(dhcp);
  }
  if (dhcp != NULL) {
    dhcp_fields_reset(dhcp, netif);
  }
  return (dhcp != NULL && dhcp_pcb_take(dhcp) == ERR_OK) ? dhcp : NULL;
}

void dhcp_set_struct(struct netif *netif, struct dhcp *dhcp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_set_struct: missing argument", netif != NULL && dhcp != NULL, return );
  LWIP_ASSERT("dhcp_set_struct: there is one already", netif_dhcp_data(netif) == NULL);
  memset(dhcp, 0, sizeof *dhcp);
  dhcp->flags = DHCP_FLAG_EXTERNAL_MEM;
  netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_DHCP, dhcp);
}

void dhcp_cleanup(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_cleanup: no netif", netif != NULL, return );
  struct dhcp *dhcp = netif_dhcp_data(netif);
  if (dhcp == NULL) {
    return;
  }
  dhcp_halt(dhcp);
  if (netif_dhcp_data(netif) != dhcp) {
    return; /* a callback was faster */
  }
  dhcp_acd_remove(dhcp);
  netif_set_client_data(netif, LWIP_NETIF_CLIENT_DATA_INDEX_DHCP, NULL);
  if (!(dhcp->flags & DHCP_FLAG_EXTERNAL_MEM)) {
    mem_free(dhcp);
  }
}

err_t dhcp_start(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_start: no netif", netif != NULL, return ERR_ARG);
  LWIP_ERROR("dhcp_start: netif is not up", netif_is_up(netif), return ERR_ARG);
  if (netif->mtu < DHCP_MTU_NEEDED) {
    return ERR_MEM;
  }
  struct dhcp *dhcp = dhcp_fresh(netif);
  if (dhcp == NULL) {
    return ERR_MEM;
  }
  if (hook_dhcp_post_init(netif)) {
    dhcp->leased = dhcp->offered_ip_addr;
  } else if (!dhcp_store_restore(netif, &dhcp->leased)) {
    dhcp->leased.addr = IPADDR_ANY;
  }
  if (netif_is_usable(netif)) {
    dhcp_begin(dhcp);
  } else {
    dhcp_enter(dhcp, DHCP_STATE_INIT);
  }
  return ERR_OK;
}

err_t dhcp_renew(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_renew: no netif", netif != NULL, return ERR_ARG);
  if (!dhcp_supplied_address(netif) || netif_dhcp_data(netif)->state == DHCP_STATE_REBOOTING) {
    return ERR_VAL;
  }
  return dhcp_renew_now(netif_dhcp_data(netif));
}

void dhcp_release_and_stop(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_release_and_stop: no netif", netif != NULL, return );
  struct dhcp *dhcp = netif_dhcp_data(netif);
  if (dhcp == NULL || dhcp->state == DHCP_STATE_OFF) {
    return;
  }
  if (dhcp_supplied_address(netif) && netif_is_usable(netif)) {
    dhcp_new_xid(dhcp);
    dhcp_send(dhcp, DHCP_RELEASE);
    dhcp_store_erase(netif);
  }
  dhcp_halt(dhcp);
}

err_t dhcp_release(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  dhcp_release_and_stop(netif);
  return ERR_OK;
}

void dhcp_stop(struct netif *netif)
{
  dhcp_release_and_stop(netif);
}

void dhcp_inform(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_inform: no netif", netif != NULL, return );
  struct dhcp *dhcp = netif_dhcp_data(netif);
  bool is_busy = dhcp != NULL && dhcp->state != DHCP_STATE_OFF &&
                 dhcp->state != DHCP_STATE_INFORMING && dhcp->state != DHCP_STATE_PERMANENT;
  if (is_busy || !netif_is_usable(netif) || ip4_addr_isany_val(*netif_ip4_addr(netif))) {
    return;
  }
  dhcp = dhcp_fresh(netif);
  if (dhcp != NULL) {
    dhcp_inform_begin(dhcp);
  }
}

void dhcp_network_changed_link_up(struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("dhcp_network_changed_link_up: no netif", netif != NULL, return );
  struct dhcp *dhcp = netif_dhcp_data(netif);
  if (dhcp == NULL || dhcp->state == DHCP_STATE_OFF || !netif_is_usable(netif)) {
    return;
  }
  if (dhcp->state == DHCP_STATE_INFORMING || dhcp->state == DHCP_STATE_PERMANENT) {
    dhcp_inform_begin(dhcp);
  } else {
    dhcp_begin(dhcp);
  }
}

static void dhcp_netif_changed(struct netif *netif, enum netif_change what,
                               const ip_addr_t *old_addr)
{
  struct dhcp *dhcp = netif_dhcp_data(netif);
  LWIP_UNUSED_ARG(old_addr);
  if (dhcp == NULL) {
    return;
  }
  switch (what) {
  case NETIF_CHANGE_UP:
    dhcp_network_changed_link_up(netif);
    break;
  case NETIF_CHANGE_DOWN:
    timer_cancel(&dhcp->timer);
    break;
  case NETIF_CHANGE_REMOVED:
    dhcp_cleanup(netif);
    break;
  default:
    break;
  }
}

static void dhcp_fini(void)
{
  dhcp_store_fini();
  dhcp_vendor_fini();
}

const struct net_module dhcp_module = {
    .name = "dhcp", .fini = dhcp_fini, .netif_changed = dhcp_netif_changed};

#endif /* LWIP_IPV4 && LWIP_DHCP */
