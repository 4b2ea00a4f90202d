/**
 * @file
 * The application above the stack under test: pcbs that are not forgotten, datagrams that arrived.
 */
#include <stdio.h>
#include "packet_priv.h"

#define OWNED_MAX 4096

enum owned_kind { OWNED_PBUF, OWNED_UDP, OWNED_RAW };

/** What the harness gives back when the body does not. */
static struct owned {
  enum owned_kind kind;
  void *what;
} owned[OWNED_MAX];
static size_t owned_count;

static struct datagram *inbox[OWNED_MAX];
static size_t inbox_head, inbox_count;

static void *own(enum owned_kind kind, void *what)
{
  if (what != NULL) {
    if (owned_count == OWNED_MAX) {
      packet_fail(__FILE__, __LINE__, "more than %d objects in one test", OWNED_MAX);
    }
    owned[owned_count].kind = kind;
    owned[owned_count++].what = what;
  }
  return what;
}

static void disown(const void *what)
{
  for (size_t i = 0; i < owned_count; i++) {
    if (owned[i].what == what) {
      owned[i] = owned[--owned_count];
      return;
    }
  }
}

void packet_app_cleanup(void)
{
  while (owned_count > 0) {
    struct owned o = owned[--owned_count];
    switch (o.kind) {
    case OWNED_PBUF:
      pbuf_free(o.what);
      break;
    case OWNED_UDP:
      udp_remove(o.what);
      break;
    case OWNED_RAW:
      raw_remove(o.what);
      break;
    }
  }
  inbox_head = inbox_count = 0;
}

struct udp_pcb *packet_udp_new_ip_type(u8_t type)
{
  return own(OWNED_UDP, udp_new_ip_type(type));
}

void packet_udp_remove(struct udp_pcb *pcb)
{
  disown(pcb);
  udp_remove(pcb);
}

struct raw_pcb *packet_raw_new_ip_type(u8_t type, u8_t proto)
{
  return own(OWNED_RAW, raw_new_ip_type(type, proto));
}

void packet_raw_remove(struct raw_pcb *pcb)
{
  disown(pcb);
  raw_remove(pcb);
}

void app_own(struct pbuf *p)
{
  own(OWNED_PBUF, p);
}

struct pbuf *packet_app_pbuf(const void *data, size_t len, const char *file, int line)
{
  struct pbuf *p = own(OWNED_PBUF, pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM));
  if (p == NULL || (len > 0 && pbuf_take(p, data, (u16_t)len) != ERR_OK)) {
    packet_fail(file, line, "no PBUF_RAM for %zu bytes", len);
  }
  return p;
}

void app_udp_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr, u16_t port)
{
  (void)arg;
  struct datagram *d = packet_alloc(sizeof *d + p->tot_len);
  d->pcb = pcb;
  d->src = *addr;
  d->sport = port;
  d->dst = *ip_current_dest_addr();
  d->data = (u8_t *)(d + 1);
  d->len = p->tot_len;
  d->pbuf_count = pbuf_clen(p);
  pbuf_copy_partial(p, d->data, p->tot_len, 0);
  pbuf_free(p);
  if (inbox_head + inbox_count < OWNED_MAX) {
    inbox[inbox_head + inbox_count++] = d;
  }
}

struct udp_pcb *packet_app_udp(const char *addr, u16_t port, const char *file, int line)
{
  const char *text = addr != NULL ? addr : LWIP_IPV4 ? "0.0.0.0" : "::";
  bool is_dual = strcmp(text, "*") == 0;
  ip_addr_t local = is_dual ? *IP_ANY_TYPE : ip_of(text);
  struct udp_pcb *pcb = packet_udp_new_ip_type(is_dual ? IPADDR_TYPE_ANY : IP_GET_TYPE(&local));
  if (pcb == NULL) {
    packet_fail(file, line, "udp_new_ip_type() failed");
  }
  err_t err = udp_bind(pcb, &local, port);
  if (err != ERR_OK) {
    packet_fail(file, line, "udp_bind(%s, %u): %d", text, port, err);
  }
  udp_recv(pcb, app_udp_recv, NULL);
  return pcb;
}

struct datagram *app_received(void)
{
  packet_settle();
  if (inbox_count == 0) {
    return NULL;
  }
  inbox_count--;
  return inbox[inbox_head++];
}

void packet_expect_datagram(const char *src, u16_t sport, const void *data, size_t len,
                            const char *file, int line)
{
  const struct datagram *d = app_received();
  if (d == NULL) {
    packet_fail(file, line, "no datagram arrived");
  }
  ip_addr_t want = ip_of(src);
  bool is_sender = IP_IS_V6(&want) && strchr(src, '%') == NULL
                       ? IP_IS_V6(&d->src) && ip_addr_zoneless_eq(&d->src, &want)
                       : ip_addr_eq(&d->src, &want);
  if (!is_sender || d->sport != sport) {
    packet_fail(file, line, "datagram from %s:%u, not %s:%u", ipaddr_ntoa(&d->src), d->sport, src,
                sport);
  }
  packet_assert_numbers((long long)d->len, (long long)len, true, "datagram's length", file, line);
  packet_assert_memory(d->data, data, len, true, "datagram's content", file, line);
  if (app_received() != NULL) {
    packet_fail(file, line, "one more datagram arrived");
  }
}

void packet_expect_no_datagram(const char *file, int line)
{
  const struct datagram *d = app_received();
  if (d != NULL) {
    packet_fail(file, line, "a datagram of %zu bytes arrived from port %u", d->len, d->sport);
  }
}
