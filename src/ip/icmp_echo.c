/**
 * @file
 * Echo requests become replies where they lie: what both ICMPs share.
 *
 * No state.
 */
#include "lwip/opt.h"
#include "ip/icmp_echo.h"
#include "ip/pbuf_exclusive.h"

/** May the reply be written into the request? Its first pbuf must be ours to change, hold the ICMP
    header, and have room in front for the headers to come. */
static bool echo_fits_in_place(struct pbuf *p, u16_t ip_header_len)
{
  const size_t room = (size_t)ip_header_len + PBUF_LINK_HLEN + PBUF_LINK_ENCAPSULATION_HLEN;
  if (p->len < ICMP_ECHO_HEADER_LEN || !pbuf_is_exclusive(p) || pbuf_add_header(p, room) != 0) {
    return false;
  }
  pbuf_remove_header(p, room);
  return true;
}

/** A new header in front of the request's data, which stays where it is. Takes `p`. */
static struct pbuf *echo_reheader(struct pbuf *p)
{
  struct pbuf *reply = pbuf_alloc(PBUF_IP, ICMP_ECHO_HEADER_LEN, PBUF_RAM);
  if (reply == NULL) {
    pbuf_free(p);
    return NULL;
  }
  pbuf_copy_partial(p, reply->payload, ICMP_ECHO_HEADER_LEN, 0);
  struct pbuf *data = pbuf_free_header(p, ICMP_ECHO_HEADER_LEN);
  if (data != NULL) {
    pbuf_cat(reply, data);
  }
  return reply;
}

struct pbuf *icmp_echo_make_writable(struct pbuf *p, u16_t ip_header_len)
{
  if (echo_fits_in_place(p, ip_header_len)) {
    return p;
  }
  if (pbuf_is_exclusive(p)) {
    return echo_reheader(p);
  }
  struct pbuf *copy = pbuf_clone(PBUF_IP, PBUF_RAM, p);
  pbuf_free(p);
  return copy;
}
