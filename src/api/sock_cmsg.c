/**
 * @file
 * Ancillary data of messages.
 *
 * RFC 3542 6: each item at the socket's own level, also for IPv4 packets of a dual-stack socket.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET

#include "lwip/priv/cmsg_hooks.h"
#include "api/sock_cmsg.h"
#include "transport/pcb_addr.h"

/** Append one item, or note that it did not fit. */
static void append(struct sock_recv *r, int level, int type, const void *data, size_t len)
{
  size_t space = CMSG_SPACE(len);
  size_t room = r->msg->msg_controllen - r->control_len;
  if (room < CMSG_LEN(len)) {
    r->msg_flags |= MSG_CTRUNC;
    return;
  }
  struct cmsghdr h = {.cmsg_len = (socklen_t)CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type};
  u8_t *at = (u8_t *)r->msg->msg_control + r->control_len;
  memset(at, 0, LWIP_MIN(space, room));
  memcpy(at, &h, sizeof h);
  memcpy(at + CMSG_LEN(0), data, len);
  r->control_len += (socklen_t)LWIP_MIN(space, room);
}

static void append_int(struct sock_recv *r, int level, int type, int value)
{
  append(r, level, type, &value, sizeof value);
}

void cmsg_write(const struct sock *sock, const struct netbuf *buf, struct sock_recv *r)
{
  struct cmsg_info info;
  bool is_v6 = LWIP_IPV6 && sock->domain == AF_INET6;
  int level = is_v6 ? CMSG_LEVEL_V6 : IPPROTO_IP;
  if (!cmsg_info_of(buf, &info)) {
    return;
  }
  if ((sock->flags & SOCK_RECV_PKTINFO) != 0) {
    size_t len = is_v6 ? cmsg_pktinfo6(&info) : cmsg_pktinfo4(&info);
    append(r, level, is_v6 ? CMSG_TYPE_PKTINFO6 : IP_PKTINFO, &info.pktinfo, len);
  }
  if ((sock->flags & SOCK_RECV_TTL) != 0) {
    append_int(r, level, is_v6 ? CMSG_TYPE_HOPLIMIT : IP_TTL, info.ttl);
  }
  if ((sock->flags & SOCK_RECV_TOS) != 0) {
    append_int(r, level, is_v6 ? CMSG_TYPE_TCLASS : IP_TOS, info.tos);
  }
}

/**
 * An int, or a single byte as some programs send.
 *
 * @param least  -1: may be left to the socket, too (RFC 3542 6.3, 6.5)
 * @param is_set  false: it was left to the socket
 * @return 0, or -EINVAL
 */
static int read_u8(const u8_t *data, size_t len, int least, u8_t *value, bool *is_set)
{
  int v;
  if (len == sizeof v) {
    memcpy(&v, data, sizeof v);
  } else if (len == 1) {
    v = *data;
  } else {
    return -EINVAL;
  }
  *is_set = v >= 0;
  *value = (u8_t)v;
  return v >= least && v <= 255 ? 0 : -EINVAL;
}

/** Interface and source address of IP_PKTINFO and IPV6_PKTINFO. */
static int read_pktinfo(const struct sock *sock, const u8_t *data, size_t len,
                        struct cmsg_send *out)
{
  unsigned index;
  bool is_v6 = LWIP_IPV6 && sock->domain == AF_INET6;
  bool is_ok = is_v6 ? cmsg_pktinfo6_read(data, len, &out->src, &index)
                     : cmsg_pktinfo4_read(data, len, &out->src, &index);
  if (!is_ok) {
    return -EINVAL;
  }
  ip_addr_t ip4;
  const ip_addr_t *plain = pcb_addr_unmapped(&out->src, &ip4);
  if (plain == NULL) {
    return -EADDRNOTAVAIL;
  }
  ip_addr_copy(out->src, *plain);
  bool has_src = !ip_addr_isany(&out->src);
  if (has_src && !pcb_addr_is_ours(&out->src)) {
    return -EADDRNOTAVAIL;
  }
  if (index != 0) {
    out->as.netif = index <= 0xff ? netif_get_by_index((u8_t)index) : NULL;
    if (out->as.netif == NULL) {
      return -ENODEV;
    }
  }
  out->as.src = has_src ? &out->src : NULL;
  return 0;
}

static int read_item(const struct sock *sock, const struct cmsghdr *h, const u8_t *data,
                     struct cmsg_send *out)
{
  size_t len = h->cmsg_len - CMSG_LEN(0);
  bool is_v6 = LWIP_IPV6 && sock->domain == AF_INET6;
  int least = is_v6 ? -1 : 0;
  if (h->cmsg_level != (is_v6 ? CMSG_LEVEL_V6 : IPPROTO_IP)) {
    return -EINVAL;
  }
  if (h->cmsg_type == (is_v6 ? CMSG_TYPE_PKTINFO6 : IP_PKTINFO)) {
    return read_pktinfo(sock, data, len, out);
  }
  if (h->cmsg_type == (is_v6 ? CMSG_TYPE_HOPLIMIT : IP_TTL)) {
    return read_u8(data, len, least, &out->as.ttl, &out->as.has_ttl);
  }
  if (h->cmsg_type == (is_v6 ? CMSG_TYPE_TCLASS : IP_TOS)) {
    return read_u8(data, len, least, &out->as.tos, &out->as.has_tos);
  }
  return -EINVAL;
}

int cmsg_read(const struct sock *sock, const struct msghdr *msg, struct cmsg_send *out)
{
  memset(out, 0, sizeof *out);
  size_t at = 0;
  size_t total_len = msg == NULL || msg->msg_control == NULL ? 0 : msg->msg_controllen;
  while (total_len - at >= sizeof(struct cmsghdr)) {
    struct cmsghdr h;
    const u8_t *item = (const u8_t *)msg->msg_control + at;
    memcpy(&h, item, sizeof h);
    if (h.cmsg_len < CMSG_LEN(0) || h.cmsg_len > total_len - at) {
      return -EINVAL;
    }
    int error = read_item(sock, &h, item + CMSG_LEN(0), out);
    if (error != 0) {
      return error;
    }
    at += LWIP_MIN(ALIGN_H((size_t)h.cmsg_len), total_len - at);
  }
  return 0;
}

#endif /* LWIP_SOCKET */
