/**
 * @file
 * Raw IP endpoints: programs that speak their own protocol over IP, or look at one.
 *
 * Every packet of a pcb's protocol is shown to it before the stack's own handler sees it. Call
 * these functions from the thread that runs the stack, or with the core lock held. A callback may
 * close any pcb, its own included.
 */
#ifndef LWIP_HDR_RAW_H
#define LWIP_HDR_RAW_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/def.h"
#include "lwip/ip.h"
#include "lwip/ip_addr.h"
#include "lwip/ip6_addr.h"
#include "gossamer/raw_err.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Only the remote address is heard; set by raw_connect(). */
#define RAW_FLAGS_CONNECTED 0x01U
/** What is sent begins with an IP header made by the program. */
#define RAW_FLAGS_HDRINCL 0x02U
/** Own multicast packets come back to members on this host. */
#define RAW_FLAGS_MULTICAST_LOOP 0x04U
/* Private: the netif that it was bound to was removed. */
#define RAW_FLAGS_NETIF_GONE 0x40U

struct raw_pcb;

/**
 * A packet of the pcb's protocol has come.
 *
 * @param p     the packet, its payload at the IP header
 * @param addr  its source; valid during the call only
 * @return not 0: taken, the callback owns `p`; 0: not taken, and `p` must be as it was: the next
 *         endpoint and then the stack's own handler see it
 */
typedef u8_t (*raw_recv_fn)(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr);

/** One raw endpoint. Members up to chksum_reqd are lwIP's. */
struct raw_pcb {
  IP_PCB;
  struct raw_pcb *next;
  u8_t protocol;
  u8_t flags; /* RAW_FLAGS_* */
#if LWIP_MULTICAST_TX_OPTIONS
  u8_t mcast_ifindex; /* netif for multicast; 0: by route */
  u8_t mcast_ttl;
#endif
  raw_recv_fn recv;
  void *recv_arg;
#if LWIP_IPV6
  u16_t chksum_offset; /* where the checksum stands over IPv6 (RFC 3542 3.1) */
  u8_t chksum_reqd;    /* 1: compute it in what is sent, do not hear packets where it is wrong */
#endif
#if LWIP_RAW_ERRORS
  raw_err_fn err;
#endif
};

/** A new IPv4 endpoint for an IP protocol; NULL: no memory. */
struct raw_pcb *raw_new(u8_t proto);

/**
 * A new endpoint; `type`: IPADDR_TYPE_V4, _V6 or _ANY. That of ICMPv6 has its checksum computed and
 * verified (RFC 3542 3.1), others when chksum_reqd and chksum_offset are set.
 */
struct raw_pcb *raw_new_ip_type(u8_t type, u8_t proto);

/** Close and free `pcb`. */
void raw_remove(struct raw_pcb *pcb);

/** Hear only packets to this address, and send from it. ERR_VAL: wrong family. */
err_t raw_bind(struct raw_pcb *pcb, const ip_addr_t *ipaddr);

/**
 * Send and receive by this netif only; NULL: by any. When the netif is removed, the pcb neither
 * sends (ERR_RTE) nor hears anything until it is bound to another one or to any.
 */
void raw_bind_netif(struct raw_pcb *pcb, const struct netif *netif);

/** Set the destination of raw_send() and the only source that is heard. ERR_VAL: wrong family. */
err_t raw_connect(struct raw_pcb *pcb, const ip_addr_t *ipaddr);

/** Hear everybody again. */
void raw_disconnect(struct raw_pcb *pcb);

/**
 * Send `p` behind a new IP header, or behind its own with RAW_FLAGS_HDRINCL. `p` stays the
 * caller's, its headroom is used as by udp_sendto().
 *
 * @return ERR_OK; ERR_MEM; ERR_RTE; ERR_VAL: wrong family, too long, a broadcast without
 *         SOF_BROADCAST (IP_SOF_BROADCAST), shorter than its IP header (HDRINCL) or than its
 *         checksum's place (IPv6); ERR_ARG; what the netif returned
 */
err_t raw_sendto(struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *ipaddr);

/** As raw_sendto(), by the given netif and from the given source address, which is not checked. */
err_t raw_sendto_if_src(struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                        struct netif *netif, const ip_addr_t *src_ip);

/** Send `p` to the connected address. */
err_t raw_send(struct raw_pcb *pcb, struct pbuf *p);

/** Set the callback for received packets. */
void raw_recv(struct raw_pcb *pcb, raw_recv_fn recv, void *recv_arg);

#define raw_flags(pcb)              ((pcb)->flags)
#define raw_setflags(pcb, f)        ((pcb)->flags = (f))
#define raw_set_flags(pcb, set)     ((pcb)->flags = (u8_t)((pcb)->flags | (set)))
#define raw_clear_flags(pcb, clear) ((pcb)->flags = (u8_t)((pcb)->flags & ~(unsigned)(clear)))
#define raw_is_flag_set(pcb, flag)  (((pcb)->flags & (flag)) != 0)

/** lwip_init() does it; nothing is left to do. */
#define raw_init()

#if LWIP_RAW_ERRORS
static inline void raw_err(struct raw_pcb *pcb, raw_err_fn err)
{
  pcb->err = err;
}
#endif

/** For old sources. */
#define raw_new_ip6(proto) raw_new_ip_type(IPADDR_TYPE_V6, proto)

#if LWIP_MULTICAST_TX_OPTIONS
#define raw_set_multicast_netif_index(pcb, idx) ((pcb)->mcast_ifindex = (idx))
#define raw_get_multicast_netif_index(pcb)      ((pcb)->mcast_ifindex)
#define raw_set_multicast_ttl(pcb, value)       ((pcb)->mcast_ttl = (value))
#define raw_get_multicast_ttl(pcb)              ((pcb)->mcast_ttl)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_RAW_H */
