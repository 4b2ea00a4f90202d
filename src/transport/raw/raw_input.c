/**
 * @file
 * Packets and ICMP errors for raw pcbs.
 *
 * State: none. A pcb is not touched after its callback, which may close any.
 */
#include "lwip/opt.h"
#include "lwip/inet_chksum.h"
#include "lwip/priv/pcb_fields.h"
#include "gossamer/drop.h"
#include "transport/pcb_addr.h"
#include "transport/raw/raw_module.h"
#include "transport/raw/raw_priv.h"

#if LWIP_RAW

/** A group's packet goes to all that said so by SOF_REUSEADDR, as copies. */
static bool wants_copy(const struct raw_pcb *pcb, const struct ip_rx *rx)
{
  return SO_REUSE && SO_REUSE_RXTOALL && (pcb->so_options & SOF_REUSEADDR) &&
         (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST));
}

static bool matches(const struct raw_pcb *pcb, const struct ip_rx *rx)
{
  u8_t options = pcb_options_to_receive(rx->flags);
  return pcb->protocol == rx->proto && pcb->recv != NULL && !(pcb->flags & RAW_FLAGS_NETIF_GONE) &&
         IP_ADDR_PCB_VERSION_MATCH(pcb, &rx->dst) &&
         !pcb_netif_differs(pcb->netif_idx, rx->input_netif) &&
         (pcb->so_options & options) == options &&
         pcb_local_takes(&pcb->local_ip, &rx->dst, rx->input_netif, rx->flags) &&
         (!(pcb->flags & RAW_FLAGS_CONNECTED) || ip_addr_isany_val(pcb->remote_ip) ||
          ip_addr_eq(&pcb->remote_ip, &rx->src));
}

/**
 * Is the checksum right where the program asked for that (RFC 3542 3.1)? `p` at the transport
 * header.
 */
static bool is_intact(const struct raw_pcb *pcb, struct pbuf *p, const struct ip_rx *rx)
{
  s32_t at = raw_pcb_checksum_at(pcb);
  if (at < 0 || !IP_IS_V6(&rx->dst)) {
    return true;
  }
  return at + 2 <= p->tot_len &&
         ((rx->flags & IP_RX_CHECKSUM_OK) ||
          ip_chksum_pseudo(p, rx->proto, p->tot_len, &rx->src, &rx->dst) == 0);
}

static void offer_copy(struct raw_pcb *pcb, struct pbuf *p, const struct ip_rx *rx)
{
  struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
  if (copy == NULL) {
    drop(NULL, DROP_RAW_NO_MEMORY);
  } else if (pcb->recv(pcb->recv_arg, pcb, copy, &rx->src) == 0) {
    pbuf_free(copy);
  }
}

static bool offer(struct raw_pcb *pcb, struct pbuf *p, const struct ip_rx *rx)
{
  const void *payload = p->payload;
  LWIP_UNUSED_ARG(payload);
  bool taken = pcb->recv(pcb->recv_arg, pcb, p, &rx->src) != 0;
  LWIP_ASSERT("raw callback: packet changed but not taken", taken || p->payload == payload);
  return taken;
}

bool raw_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct raw_cursor c;
  struct raw_pcb *pcb;
  bool seen = false;
  bool taken = false;
  raw_cursor_enter(&c);
  while (!taken && (pcb = raw_cursor_next(&c)) != NULL) {
    if (!matches(pcb, rx) || !is_intact(pcb, p, rx)) {
      continue;
    }
    (void)pbuf_add_header_force(p, rx->header_len); /* callbacks start at the IP header */
    seen = true;
    if (wants_copy(pcb, rx)) {
      offer_copy(pcb, p, rx);
    } else {
      taken = offer(pcb, p, rx);
    }
    if (!taken) {
      (void)pbuf_remove_header(p, rx->header_len);
    }
  }
  raw_cursor_leave(&c);
  if (!seen || taken) {
    return taken;
  }
  if (ip_proto_find(rx->proto, IP_IS_V6(&rx->dst)) == NULL) {
    pbuf_free(p); /* it was heard, so "protocol unreachable" would be wrong */
    return true;
  }
  return false;
}

bool raw_error(const struct ip_error *e)
{
  struct raw_cursor c;
  struct raw_pcb *pcb;
  bool is_ours = false;
  raw_cursor_enter(&c);
  while ((pcb = raw_cursor_next(&c)) != NULL) {
    bool is_connected = (pcb->flags & RAW_FLAGS_CONNECTED) != 0;
    if (pcb->protocol == e->proto && IP_ADDR_PCB_VERSION_MATCH(pcb, e->src) &&
        pcb_local_takes(&pcb->local_ip, e->src, e->netif, 0) &&
        (!is_connected || ip_addr_eq(&pcb->remote_ip, e->dst))) {
      is_ours = is_ours || is_connected;
      raw_pcb_report(pcb, pcb_err_of(e->kind), e);
    }
  }
  raw_cursor_leave(&c);
  return is_ours;
}

#endif /* LWIP_RAW */
