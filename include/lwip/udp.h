/**
 * @file
 * UDP (RFC 768) and UDP-Lite (RFC 3828): the callback API.
 *
 * A `struct udp_pcb` is one endpoint. Call these functions from the thread that runs the stack, or
 * with the core lock held; the receive callback runs there too. A callback may close, rebind or
 * connect any pcb, its own included.
 *
 * Ports are in host order everywhere, addresses in network order. NULL means any address.
 */
#ifndef LWIP_HDR_UDP_H
#define LWIP_HDR_UDP_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/netif.h"
#include "lwip/ip_addr.h"
#include "lwip/ip.h"
#include "lwip/ip6_addr.h"
#include "lwip/prot/udp.h"
#include "gossamer/state.h"
#include "gossamer/udp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Send without a checksum; IPv4 only, IPv6 always has one (RFC 8200 8.1). */
#define UDP_FLAGS_NOCHKSUM 0x01U
/** A UDP-Lite endpoint: set it before bind. */
#define UDP_FLAGS_UDPLITE 0x02U
/** Only the remote address and port are heard; set by udp_connect(). */
#define UDP_FLAGS_CONNECTED 0x04U
/** Own multicast datagrams come back to members on this host. */
#define UDP_FLAGS_MULTICAST_LOOP 0x08U
/* Private: local_ip was chosen by udp_connect(), so it counts as any; and it takes both families.
 */
#define UDP_FLAGS_LOCAL_CHOSEN 0x10U
#define UDP_FLAGS_LOCAL_DUAL   0x20U
/* Private: the netif that it was bound to was removed. */
#define UDP_FLAGS_NETIF_GONE 0x40U

struct udp_pcb;

/**
 * A datagram has come.
 *
 * @param p     its data, without headers; the callback owns it and must pbuf_free() it
 * @param addr  who sent it; valid during the call only
 * @param port  from which port
 */
typedef void (*udp_recv_fn)(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                            u16_t port);

/** One UDP endpoint. Members up to recv_arg are lwIP's; read them, change them by functions. */
struct udp_pcb {
  IP_PCB;
  struct udp_pcb *next; /* in udp_pcbs */
  u8_t flags;           /* UDP_FLAGS_* */
#if LWIP_MULTICAST_TX_OPTIONS
  u8_t mcast_ifindex; /* netif for multicast, 0: by mcast_ip4 or route */
#endif
  u16_t local_port;
  u16_t remote_port;
#if LWIP_UDP_ERRORS
  u16_t last_port; /* where the last datagram went, for udp_err() */
  ip_addr_t last_dst;
#endif
#if LWIP_MULTICAST_TX_OPTIONS
#if LWIP_IPV4
  ip4_addr_t mcast_ip4; /* address of the netif for multicast */
#endif
  u8_t mcast_ttl;
#endif
#if LWIP_UDPLITE
  u16_t chksum_len_rx; /* bytes that must be covered by a received checksum; 0: all */
  u16_t chksum_len_tx; /* bytes to cover when sending, header included; 0: all */
#endif
  udp_recv_fn recv;
  void *recv_arg;
#if LWIP_UDP_ERRORS
  udp_err_fn err;
#endif
#if UDP_HASH_SIZE > 1
  struct udp_pcb **list_pprev; /* the pointer that points here, for removal in O(1) */
  struct udp_pcb *port_next;
  struct udp_pcb **port_pprev;
  struct udp_pcb *peer_next;
  struct udp_pcb **peer_pprev;
#endif
};

/** All pcbs, the latest first, linked by `next`; one that is not bound has the local port 0. */
STACK_GLOBAL_DECLARE(struct udp_pcb *, udp_pcbs);
#define udp_pcbs STACK_GLOBAL(struct udp_pcb *, udp_pcbs)

/** A new IPv4 endpoint, not bound; NULL: no memory. udp_remove() frees it. */
struct udp_pcb *udp_new(void);

/**
 * A new endpoint of a family.
 *
 * @param type  IPADDR_TYPE_V4, _V6, or _ANY for both
 */
struct udp_pcb *udp_new_ip_type(u8_t type);

/** Close and free `pcb`; nothing more is called back. */
void udp_remove(struct udp_pcb *pcb);

/**
 * Give `pcb` its local address and port.
 *
 * @param ipaddr  an address of ours, a group, or any; it sets the pcb's family. NULL: any address
 *                of the pcb's family
 * @param port    0: an unpredictable free one (RFC 6056), from UDP_LOCAL_PORT_RANGE_START to _END
 * @return ERR_OK; ERR_USE: somebody has that address and port, or no port is free; ERR_ARG
 *
 * Two endpoints conflict when port, address (any equals all) and bound netif overlap, unless both
 * have SOF_REUSEADDR (SO_REUSE). A bound pcb may be bound again; on error it stays as it was.
 */
err_t udp_bind(struct udp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port);

/**
 * Send and receive by this netif only; NULL: by any. Call before udp_bind() to share a port. When
 * the netif is removed, the pcb neither sends (ERR_RTE) nor hears anything until it is bound to
 * another one or to any: it must not be heard where nobody meant it to be.
 */
void udp_bind_netif(struct udp_pcb *pcb, const struct netif *netif);

/**
 * Set the only peer: the destination of udp_send(), and the only source that is heard. An any
 * address leaves the source open but for its port. Binds an unbound pcb to a free port; an unbound
 * local address becomes the one that the route to the peer gives, and follows it.
 *
 * @return ERR_OK; ERR_USE: no free port; ERR_VAL: wrong family; ERR_ARG
 */
err_t udp_connect(struct udp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port);

/** Forget the peer: hear everybody again. The local port stays. */
void udp_disconnect(struct udp_pcb *pcb);

/** Set the callback for received datagrams; without one they are dropped. */
void udp_recv(struct udp_pcb *pcb, udp_recv_fn recv, void *recv_arg);

/** Send `p` to the connected peer; as udp_sendto(). */
err_t udp_send(struct udp_pcb *pcb, struct pbuf *p);

/**
 * Send one datagram.
 *
 * `p` stays the caller's. Its headroom (PBUF_TRANSPORT) is used for the headers and given back
 * unless a lower layer keeps the pbuf for a while (ARP, a driver's queue); without headroom, or
 * when others hold references to `p`, a pbuf for the headers is allocated. An unbound pcb is bound
 * to a free port first.
 *
 * @param dst_port  0 is refused
 * @return ERR_OK; ERR_MEM; ERR_RTE: no route, no netif, or the bound address is not that netif's;
 *         ERR_VAL: too long (more than 65,507 bytes in IPv4, 65,487 in IPv6, as a pbuf holds 65,535
 *         with all headers), wrong family, or a broadcast without SOF_BROADCAST (IP_SOF_BROADCAST);
 *         ERR_USE; ERR_ARG; what the netif returned
 */
err_t udp_sendto(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip, u16_t dst_port);

/** As udp_sendto(), by the given netif. */
err_t udp_sendto_if(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip, u16_t dst_port,
                    struct netif *netif);

/** As udp_sendto_if(), from the given source address, which is not checked. */
err_t udp_sendto_if_src(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                        u16_t dst_port, struct netif *netif, const ip_addr_t *src_ip);

/*
 * The same with the data's checksum already known: `chksum` is the Internet checksum's sum over all
 * bytes of `p`, folded to 16 bits, not complemented, as LWIP_CHKSUM() and lwip_chksum_copy() return
 * it; used where `have_chksum` is not 0 and LWIP_CHECKSUM_ON_COPY is 1.
 */
err_t udp_send_chksum(struct udp_pcb *pcb, struct pbuf *p, u8_t have_chksum, u16_t chksum);
err_t udp_sendto_chksum(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                        u16_t dst_port, u8_t have_chksum, u16_t chksum);
err_t udp_sendto_if_chksum(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                           u16_t dst_port, struct netif *netif, u8_t have_chksum, u16_t chksum);
err_t udp_sendto_if_src_chksum(struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *dst_ip,
                               u16_t dst_port, struct netif *netif, u8_t have_chksum, u16_t chksum,
                               const ip_addr_t *src_ip);

/**
 * Take a datagram, `p->payload` at its UDP header, while ip_current() describes its packet; frees
 * `p`. For code that calls protocols by hand; the stack does it by itself.
 */
void udp_input(struct pbuf *p, struct netif *inp);

/** lwip_init() does it; nothing is left to do. */
void udp_init(void);

/**
 * A netif's address changed: pcbs bound to the old one move to the new one. Those that
 * udp_connect() bound choose anew when there is none (NULL or any). The stack calls it.
 */
void udp_netif_ip_addr_changed(const ip_addr_t *old_addr, const ip_addr_t *new_addr);

#if UDP_DEBUG
/** Print a UDP header, still in network order, by LWIP_DEBUGF(UDP_DEBUG). */
void udp_debug_print(struct udp_hdr *udphdr);
#else
#define udp_debug_print(udphdr)
#endif

#define udp_flags(pcb)              ((pcb)->flags)
#define udp_setflags(pcb, f)        ((pcb)->flags = (f))
#define udp_set_flags(pcb, set)     ((pcb)->flags = (u8_t)((pcb)->flags | (set)))
#define udp_clear_flags(pcb, clear) ((pcb)->flags = (u8_t)((pcb)->flags & ~(unsigned)(clear)))
#define udp_is_flag_set(pcb, flag)  (((pcb)->flags & (flag)) != 0)

#if LWIP_UDP_ERRORS
static inline void udp_err(struct udp_pcb *pcb, udp_err_fn err)
{
  pcb->err = err;
}
#endif

/** For old sources. */
#define udp_new_ip6() udp_new_ip_type(IPADDR_TYPE_V6)

#if LWIP_MULTICAST_TX_OPTIONS
#if LWIP_IPV4
#define udp_set_multicast_netif_addr(pcb, ip4addr) ip4_addr_copy((pcb)->mcast_ip4, *(ip4addr))
#define udp_get_multicast_netif_addr(pcb)          (&(pcb)->mcast_ip4)
#endif
#define udp_set_multicast_netif_index(pcb, idx) ((pcb)->mcast_ifindex = (idx))
#define udp_get_multicast_netif_index(pcb)      ((pcb)->mcast_ifindex)
#define udp_set_multicast_ttl(pcb, value)       ((pcb)->mcast_ttl = (value))
#define udp_get_multicast_ttl(pcb)              ((pcb)->mcast_ttl)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_UDP_H */
