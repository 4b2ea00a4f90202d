/**
 * @file
 * Capture: stands in for a netif's input and output functions, notes the packet, passes it on.
 *
 * State: the list of netifs of the current instance that are being captured. Each keeps the
 * functions that this file stands in for, until the last of its captures stops. A capture's file
 * may be written to by several instances at once: the FILE's own lock keeps their blocks apart.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "netif/ethernet.h"
#include "gossamer/capture.h"
#include "gossamer/state.h"
#include "unix/pcapng.h"

struct capture {
  FILE *file;
  u32_t interface_count;
};

/** One netif in one capture. */
struct capture_note {
  struct capture_note *next;
  struct capture *capture;
  u32_t interface_id;
};

struct capture_tap {
  struct capture_tap *next;
  struct netif *netif;
  struct capture_note *notes; /* at least one */
  netif_input_fn input;
  netif_linkoutput_fn linkoutput; /* of an Ethernet netif */
  /* Of any other: what sends IP. */
#if LWIP_IPV4
  netif_output_fn output;
#endif
#if LWIP_IPV6
  netif_output_ip6_fn output_ip6;
#endif
};

struct capture_state {
  struct capture_tap *taps;
};

STACK_STATE(struct capture_state, captures);

static struct capture_tap *tap_of(const struct netif *netif)
{
  struct capture_tap *t = captures()->taps;
  while (t != NULL && t->netif != netif) {
    t = t->next;
  }
  return t;
}

static bool is_ethernet(const struct netif *netif)
{
  return (netif->flags & (NETIF_FLAG_ETHERNET | NETIF_FLAG_ETHARP)) != 0;
}

static void tap_note(const struct capture_tap *t, const struct pbuf *p, bool is_outbound)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  u64_t now_us = (u64_t)now.tv_sec * 1000000 + (u64_t)(now.tv_nsec / 1000);
  u16_t skip = is_ethernet(t->netif) ? ETH_PAD_SIZE : 0;
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before); /* not with the core lock */
  for (const struct capture_note *n = t->notes; n != NULL; n = n->next) {
    flockfile(n->capture->file);
    pcapng_pbuf(n->capture->file, n->interface_id, now_us, p, skip, is_outbound);
    funlockfile(n->capture->file);
  }
  pthread_setcancelstate(before, NULL);
}

static err_t tap_input(struct pbuf *p, struct netif *netif)
{
  const struct capture_tap *t = tap_of(netif);
  tap_note(t, p, false);
  return t->input(p, netif);
}

static err_t tap_linkoutput(struct netif *netif, struct pbuf *p)
{
  const struct capture_tap *t = tap_of(netif);
  tap_note(t, p, true);
  return t->linkoutput(netif, p);
}

#if LWIP_IPV4
static err_t tap_output(struct netif *netif, struct pbuf *p, const ip4_addr_t *next_hop)
{
  const struct capture_tap *t = tap_of(netif);
  tap_note(t, p, true);
  return t->output(netif, p, next_hop);
}

static void tap_ip4(struct capture_tap *t)
{
  t->output = t->netif->output;
  t->netif->output = tap_output;
}

static void untap_ip4(const struct capture_tap *t)
{
  if (t->netif->output == tap_output) {
    t->netif->output = t->output;
  }
}
#else
static void tap_ip4(struct capture_tap *t)
{
  LWIP_UNUSED_ARG(t);
}

static void untap_ip4(const struct capture_tap *t)
{
  LWIP_UNUSED_ARG(t);
}
#endif

#if LWIP_IPV6
static err_t tap_output_ip6(struct netif *netif, struct pbuf *p, const ip6_addr_t *next_hop)
{
  const struct capture_tap *t = tap_of(netif);
  tap_note(t, p, true);
  return t->output_ip6(netif, p, next_hop);
}

/** A driver without IPv6 keeps having none: IP asks for that. */
static void tap_ip6(struct capture_tap *t)
{
  t->output_ip6 = t->netif->output_ip6;
  if (t->output_ip6 != NULL) {
    t->netif->output_ip6 = tap_output_ip6;
  }
}

static void untap_ip6(const struct capture_tap *t)
{
  if (t->netif->output_ip6 == tap_output_ip6) {
    t->netif->output_ip6 = t->output_ip6;
  }
}
#else
static void tap_ip6(struct capture_tap *t)
{
  LWIP_UNUSED_ARG(t);
}

static void untap_ip6(const struct capture_tap *t)
{
  LWIP_UNUSED_ARG(t);
}
#endif

struct capture *capture_open(const char *path)
{
  struct capture *c = (struct capture *)calloc(1, sizeof *c);
  if (c == NULL) {
    return NULL;
  }
  c->file = fopen(path, "wb");
  if (c->file == NULL) {
    free(c);
    return NULL;
  }
  pcapng_begin(c->file);
  return c;
}

/** Stand in for the netif's functions; it has no captures yet. */
static struct capture_tap *tap_new(struct netif *netif)
{
  struct capture_tap *t = (struct capture_tap *)calloc(1, sizeof *t);
  if (t == NULL) {
    return NULL;
  }
  *t = (struct capture_tap){.next = captures()->taps,
                            .netif = netif,
                            .input = netif->input,
                            .linkoutput = netif->linkoutput};
  captures()->taps = t;
  netif->input = tap_input;
  if (is_ethernet(netif)) {
    netif->linkoutput = tap_linkoutput;
  } else {
    tap_ip4(t);
    tap_ip6(t);
  }
  return t;
}

/** Give the netif its functions back if nobody captures it any more. */
static void tap_settle(struct capture_tap *t)
{
  struct capture_tap **link = &captures()->taps;
  if (t->notes != NULL) {
    return;
  }
  while (*link != t) {
    link = &(*link)->next;
  }
  t->netif->input = t->input;
  t->netif->linkoutput = t->linkoutput;
  untap_ip4(t);
  untap_ip6(t);
  *link = t->next;
  free(t);
}

/** Forget the capture `c`, or with NULL all of them. */
static void tap_stop(struct capture_tap *t, const struct capture *c)
{
  struct capture_note **link = &t->notes;
  while (*link != NULL) {
    struct capture_note *n = *link;
    if (c != NULL && n->capture != c) {
      link = &n->next;
      continue;
    }
    fflush(n->capture->file);
    *link = n->next;
    free(n);
  }
  tap_settle(t);
}

static bool is_noted(const struct capture_tap *t, const struct capture *c)
{
  const struct capture_note *n = t != NULL ? t->notes : NULL;
  while (n != NULL && n->capture != c) {
    n = n->next;
  }
  return n != NULL;
}

/** The netif as the next interface of the file. @return its number */
static u32_t describe(struct capture *c, const struct netif *netif)
{
  char name[NETIF_NAMESIZE];
  snprintf(name, sizeof name, "%c%c%u", netif->name[0], netif->name[1], netif->num);
  flockfile(c->file);
  u32_t id = c->interface_count++;
  pcapng_interface(c->file, name, is_ethernet(netif) ? PCAPNG_LINK_ETHERNET : PCAPNG_LINK_RAW_IP);
  funlockfile(c->file);
  return id;
}

err_t capture_start(struct capture *c, struct netif *netif)
{
  struct capture_tap *t = tap_of(netif);
  if (is_noted(t, c)) {
    return ERR_USE;
  }
  struct capture_note *n = (struct capture_note *)calloc(1, sizeof *n);
  if (n != NULL && t == NULL) {
    t = tap_new(netif);
  }
  if (n == NULL || t == NULL) {
    free(n);
    return ERR_MEM;
  }
  *n = (struct capture_note){.next = t->notes, .capture = c, .interface_id = describe(c, netif)};
  t->notes = n;
  return ERR_OK;
}

void capture_stop(struct netif *netif)
{
  struct capture_tap *t = tap_of(netif);
  if (t != NULL) {
    tap_stop(t, NULL);
  }
}

void capture_flush(struct capture *c)
{
  fflush(c->file);
}

err_t capture_close(struct capture *c)
{
  struct capture_tap *t = captures()->taps;
  while (t != NULL) {
    struct capture_tap *next = t->next;
    tap_stop(t, c);
    t = next;
  }
  int failed = ferror(c->file);
  failed |= fclose(c->file);
  free(c);
  return failed ? ERR_BUF : ERR_OK;
}
