/**
 * @file
 * What a datagram came with, and the forms it has in ancillary data; nothing where a build leaves
 * it out (LWIP_NETBUF_RECVINFO, a family).
 */
#ifndef LWIP_HDR_CMSG_HOOKS_H
#define LWIP_HDR_CMSG_HOOKS_H

#include <stdbool.h>
#include "lwip/sockets.h"
#include "lwip/netbuf.h"

#if LWIP_SOCKET

#if LWIP_IPV6
#define CMSG_LEVEL_V6      IPPROTO_IPV6
#define CMSG_TYPE_PKTINFO6 IPV6_PKTINFO
#define CMSG_TYPE_HOPLIMIT IPV6_HOPLIMIT
#define CMSG_TYPE_TCLASS   IPV6_TCLASS
#else
#define CMSG_LEVEL_V6      IPPROTO_IP
#define CMSG_TYPE_PKTINFO6 IP_PKTINFO
#define CMSG_TYPE_HOPLIMIT IP_TTL
#define CMSG_TYPE_TCLASS   IP_TOS
#endif

struct cmsg_info {
  ip_addr_t dst;
  u8_t if_idx;
  u8_t ttl;
  u8_t tos;
  union {
#if LWIP_IPV4
    struct in_pktinfo v4;
#endif
#if LWIP_IPV6
    struct in6_pktinfo v6;
#endif
    u8_t bytes[1];
  } pktinfo;
};

/** @return false: this build does not note it */
static inline bool cmsg_info_of(const struct netbuf *buf, struct cmsg_info *info)
{
#if LWIP_NETBUF_RECVINFO
  memset(info, 0, sizeof *info);
  ip_addr_copy(info->dst, buf->toaddr);
  info->if_idx = buf->if_idx;
  info->ttl = buf->ttl;
  info->tos = buf->tos;
  return true;
#else
  LWIP_UNUSED_ARG(buf);
  LWIP_UNUSED_ARG(info);
  return false;
#endif
}

/** Fill info->pktinfo. @return its size */
static inline size_t cmsg_pktinfo4(struct cmsg_info *info)
{
#if LWIP_IPV4
  info->pktinfo.v4.ipi_ifindex = info->if_idx;
  info->pktinfo.v4.ipi_addr.s_addr = ip4_addr_get_u32(ip_2_ip4(&info->dst));
  info->pktinfo.v4.ipi_spec_dst = info->pktinfo.v4.ipi_addr;
  return sizeof info->pktinfo.v4;
#else
  LWIP_UNUSED_ARG(info);
  return 0;
#endif
}

static inline size_t cmsg_pktinfo6(struct cmsg_info *info)
{
#if LWIP_IPV6
  info->pktinfo.v6.ipi6_ifindex = info->if_idx;
#if LWIP_IPV4
  if (!IP_IS_V6_VAL(info->dst)) {
    ip6_addr_t mapped;
    ip4_2_ipv4_mapped_ipv6(&mapped, ip_2_ip4(&info->dst));
    inet6_addr_from_ip6addr(&info->pktinfo.v6.ipi6_addr, &mapped);
    return sizeof info->pktinfo.v6;
  }
#endif
  inet6_addr_from_ip6addr(&info->pktinfo.v6.ipi6_addr, ip_2_ip6(&info->dst));
  return sizeof info->pktinfo.v6;
#else
  LWIP_UNUSED_ARG(info);
  return 0;
#endif
}

/** Source address (or any) and interface (or 0) to send with. @return false: wrong size */
static inline bool cmsg_pktinfo4_read(const u8_t *data, size_t len, ip_addr_t *src, unsigned *index)
{
#if LWIP_IPV4
  struct in_pktinfo info;
  if (len != sizeof info) {
    return false;
  }
  memcpy(&info, data, sizeof info);
  ip_addr_set_ip4_u32(src, info.ipi_spec_dst.s_addr);
  *index = info.ipi_ifindex;
  return true;
#else
  LWIP_UNUSED_ARG(data);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(index);
  return false;
#endif
}

static inline bool cmsg_pktinfo6_read(const u8_t *data, size_t len, ip_addr_t *src, unsigned *index)
{
#if LWIP_IPV6
  struct in6_pktinfo info;
  if (len != sizeof info) {
    return false;
  }
  memcpy(&info, data, sizeof info);
  inet6_addr_to_ip6addr(ip_2_ip6(src), &info.ipi6_addr);
  IP_SET_TYPE(src, IPADDR_TYPE_V6);
  *index = info.ipi6_ifindex;
  return true;
#else
  LWIP_UNUSED_ARG(data);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(index);
  return false;
#endif
}

#endif /* LWIP_SOCKET */

#endif /* LWIP_HDR_CMSG_HOOKS_H */
