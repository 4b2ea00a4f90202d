/**
 * @file
 * What a module tells the stack about itself, and the tables in which src/stack.c lists them all.
 *
 * Packets travel up and errors come down through these tables, so that no floor names one above.
 */
#ifndef BASE_REGISTRY_H
#define BASE_REGISTRY_H

#include <stdbool.h>
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "gossamer/ip_rx.h"

struct arp_message;
struct eth_addr;

/** What happened to a netif. */
enum netif_change {
  NETIF_CHANGE_ADDED,
  NETIF_CHANGE_REMOVED,   /* about to be unlinked: forget every pointer to it */
  NETIF_CHANGE_UP,        /* administratively up and link up: may send from now on */
  NETIF_CHANGE_DOWN,      /* one of the two is gone */
  NETIF_CHANGE_IP4,       /* its IPv4 address, mask or gateway changed; old_addr: the old address */
  NETIF_CHANGE_IP4_EXTRA, /* an additional address was added (old_addr NULL) or removed */
  NETIF_CHANGE_IP6        /* an IPv6 address changed (old_addr: what stood there), or its state
                             alone did (NULL) */
};

/** One module: how it starts and ends with an instance, what it hears. Any member may be NULL. */
struct net_module {
  const char *name;
  void (*init)(void); /* one instance starts; its state is zeroed */
  void (*fini)(void); /* ... and ends: free all, cancel all timers */
  void (*netif_changed)(struct netif *netif, enum netif_change what, const ip_addr_t *old_addr);
};

/** Modules in the order of their floors: init() from the first, fini() from the last. */
extern const struct net_module *const net_modules[];
extern const u8_t net_modules_count;

/** Tell every module (netif.c calls it, after lwIP's own callbacks know). */
void net_modules_netif_changed(struct netif *netif, enum netif_change what,
                               const ip_addr_t *old_addr);

/**
 * Who takes a frame's payload. `p` starts behind the Ethernet header and is the handler's.
 * `src_mac` is the frame's source address, valid during the call.
 */
struct eth_proto {
  u16_t ethertype; /* host order */
  void (*input)(struct pbuf *p, struct netif *netif, const struct eth_addr *src_mac);
};

extern const struct eth_proto eth_protos[];
extern const u8_t eth_protos_count;

/** Who looks after IPv4 addresses that are being claimed or defended (RFC 5227): hears all ARP. */
struct arp_guard {
  /* A message with a valid sender came. True: it claims an address that is being looked after,
     which has been seen to. */
  bool (*heard)(struct netif *netif, const struct arp_message *m);
  /* Is the address announced and defended? Then ARP does neither. */
  bool (*is_guarded)(const struct netif *netif, const ip4_addr_t *addr);
};

/** NULL without LWIP_ACD. */
extern const struct arp_guard *const arp_guard;

/** What an ICMP error said, normalised over both families. */
enum ip_error_kind {
  IP_ERROR_NET_UNREACH,
  IP_ERROR_HOST_UNREACH,
  IP_ERROR_PROTO_UNREACH,
  IP_ERROR_PORT_UNREACH,
  IP_ERROR_TOO_BIG, /* mtu is set; it becomes the path's once a handler says the packet was ours */
  IP_ERROR_SOURCE_ROUTE,
  IP_ERROR_PROHIBITED,
  IP_ERROR_TIME_EXCEEDED,
  IP_ERROR_REASSEMBLY,
  IP_ERROR_PARAM_PROBLEM,
  IP_ERROR_OTHER /* an ICMPv6 error of a type or code yet to be invented (RFC 4443 2.4 (a)) */
};

/** An ICMP error, checked to quote a packet that an address of ours sent. */
struct ip_error {
  enum ip_error_kind kind;
  u8_t type; /* as on the wire */
  u8_t code;
  u16_t mtu;              /* IP_ERROR_TOO_BIG only */
  u16_t mtu_told;         /* ... as the router said it: for pmtu_lower(), may be below the floor */
  const ip_addr_t *from;  /* who sent the error */
  const ip_addr_t *src;   /* quoted packet's source: us */
  const ip_addr_t *dst;   /* quoted packet's destination */
  u8_t proto;             /* quoted packet's protocol */
  const u8_t *l4;         /* what is quoted behind the IP header, contiguous */
  u16_t l4_len;           /* at least 8 */
  struct netif *netif;    /* where the error came in */
};

/** Not told by a router, but found out here: a neighbour does not answer. */
static inline bool ip_error_is_host_down(const struct ip_error *e)
{
  return e->kind == IP_ERROR_HOST_UNREACH && ip_addr_eq(e->from, e->src);
}

/* struct ip_proto.families: which IP carries the protocol. */
#define IP_FAMILY_V4   0x01U
#define IP_FAMILY_V6   0x02U
#define IP_FAMILY_BOTH (IP_FAMILY_V4 | IP_FAMILY_V6)

/** Who takes an IP protocol. `p` starts at the transport header and is the handler's. */
struct ip_proto {
  u8_t proto;
  u8_t families; /* IP_FAMILY_* */
  void (*input)(struct pbuf *p, const struct ip_rx *rx);
  /* True: the quoted packet belongs to something alive here, so a path MTU may be believed.
     May be NULL. */
  bool (*error)(const struct ip_error *e);
};

extern const struct ip_proto ip_protos[];
extern const u8_t ip_protos_count;

/** The entry for `proto` over IPv6 or IPv4, or NULL. */
const struct ip_proto *ip_proto_find(u8_t proto, bool is_v6);

/** Raw pcbs see every packet first; true: one took it (and owns `p`). NULL without LWIP_RAW. */
typedef bool (*ip_raw_input_fn)(struct pbuf *p, const struct ip_rx *rx);
extern const ip_raw_input_fn ip_raw_input;

/** Raw pcbs hear of errors too, as ip_proto.error. NULL without LWIP_RAW. */
typedef bool (*ip_raw_error_fn)(const struct ip_error *e);
extern const ip_raw_error_fn ip_raw_error;

/**
 * Answer a packet with "port unreachable" or "protocol unreachable" of its family. `p->payload` may
 * be anywhere at or behind the IP header of `rx`; it stays the caller's.
 */
void ip_send_port_unreachable(struct pbuf *p, const struct ip_rx *rx);
void ip_send_proto_unreachable(struct pbuf *p, const struct ip_rx *rx);

#endif /* BASE_REGISTRY_H */
