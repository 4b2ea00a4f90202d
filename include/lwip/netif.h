/**
 * @file
 * Network interfaces: the object that a driver fills in, and what programs do with it.
 *
 * A driver supplies storage for a struct netif, netif_add() links it in, and netif_set_up() with
 * netif_set_link_up() lets packets flow. Nothing is allocated: a netif is one struct.
 *
 * Threads: every function here is called with the core lock held (LOCK_TCPIP_CORE(), or from the
 * tcpip thread); netifapi.h has versions for other threads. netif->input may be called from where
 * the driver's input function allows it (tcpip_input: any thread; ethernet_input, netif_input: with
 * the core lock held).
 */
#ifndef LWIP_HDR_NETIF_H
#define LWIP_HDR_NETIF_H

#include "lwip/opt.h"

/** Is there a loopback queue in struct netif? */
#define ENABLE_LOOPBACK (LWIP_NETIF_LOOPBACK || LWIP_HAVE_LOOPIF)

#include "lwip/err.h"
#include "lwip/ip_addr.h"
#include "lwip/def.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "lwip/priv/ip6_slot.h"
#include "lwip/priv/nd6_priv.h"
#include "gossamer/state.h"
#include "lwip/priv/mcast_priv.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for link addresses; the longest of all link types in use. */
#ifndef NETIF_MAX_HWADDR_LEN
#define NETIF_MAX_HWADDR_LEN 6U
#endif

/** Bytes of a full name such as "et255" with its NUL (netif_index_to_name()). */
#define NETIF_NAMESIZE 6

/* struct netif flags. A driver's init function sets its capabilities by assigning netif->flags;
   UP and LINK_UP change by netif_set_up() and netif_set_link_up() only. */
#define NETIF_FLAG_UP        0x01U /* administratively up: may send and receive */
#define NETIF_FLAG_BROADCAST 0x02U /* the link can broadcast */
#define NETIF_FLAG_LINK_UP   0x04U /* there is a carrier */
#define NETIF_FLAG_ETHARP    0x08U /* Ethernet that resolves IPv4 neighbours by ARP */
#define NETIF_FLAG_ETHERNET  0x10U /* Ethernet frames, perhaps without ARP (PPPoE) */
#define NETIF_FLAG_IGMP      0x20U /* takes part in IPv4 multicast (IGMP) */
#define NETIF_FLAG_MLD6      0x40U /* takes part in IPv6 multicast (MLD) */
#define NETIF_FLAG_GARP      0x80U /* announces its address every ESP_GRATUITOUS_ARP_INTERVAL */

/** Slots of netif->client_data that the stack's own modules use; a program's come after them. */
enum lwip_internal_netif_client_data_index {
#if LWIP_IPV4
#if LWIP_DHCP
  LWIP_NETIF_CLIENT_DATA_INDEX_DHCP,
#endif
#if LWIP_AUTOIP
  LWIP_NETIF_CLIENT_DATA_INDEX_AUTOIP,
#endif
#if LWIP_ACD
  LWIP_NETIF_CLIENT_DATA_INDEX_ACD,
#endif
#if LWIP_IGMP
  LWIP_NETIF_CLIENT_DATA_INDEX_IGMP,
#endif
#endif /* LWIP_IPV4 */
#if LWIP_IPV6
#if LWIP_IPV6_DHCP6
  LWIP_NETIF_CLIENT_DATA_INDEX_DHCP6,
#endif
#if LWIP_IPV6_MLD
  LWIP_NETIF_CLIENT_DATA_INDEX_MLD6,
#endif
#endif /* LWIP_IPV6 */
  LWIP_NETIF_CLIENT_DATA_INDEX_MAX
};

#if LWIP_CHECKSUM_CTRL_PER_NETIF
/* netif->chksum_flags: which checksums the stack computes (GEN) and verifies (CHECK) for this
   netif; a driver clears those that its hardware does. All are set by netif_add(). */
#define NETIF_CHECKSUM_GEN_IP      0x0001
#define NETIF_CHECKSUM_GEN_UDP     0x0002
#define NETIF_CHECKSUM_GEN_TCP     0x0004
#define NETIF_CHECKSUM_GEN_ICMP    0x0008
#define NETIF_CHECKSUM_GEN_ICMP6   0x0010
#define NETIF_CHECKSUM_CHECK_IP    0x0100
#define NETIF_CHECKSUM_CHECK_UDP   0x0200
#define NETIF_CHECKSUM_CHECK_TCP   0x0400
#define NETIF_CHECKSUM_CHECK_ICMP  0x0800
#define NETIF_CHECKSUM_CHECK_ICMP6 0x1000
#define NETIF_CHECKSUM_ENABLE_ALL  0xFFFF
#define NETIF_CHECKSUM_DISABLE_ALL 0x0000
#endif /* LWIP_CHECKSUM_CTRL_PER_NETIF */

struct netif;
struct acd;

/** What a driver's multicast filter shall do with a group's link address. */
enum netif_mac_filter_action { NETIF_DEL_MAC_FILTER = 0, NETIF_ADD_MAC_FILTER = 1 };

/**
 * A driver's init function, called once by netif_add(): set output, linkoutput, mtu, hwaddr, name
 * and capability flags.
 *
 * @return ERR_OK, or any error to make netif_add() fail
 */
typedef err_t (*netif_init_fn)(struct netif *netif);

/**
 * A driver passes received packets up with this (netif->input).
 *
 * @param p    the packet from its link header on; `inp` says which netif
 * @return ERR_OK: the stack owns `p`. Otherwise `p` is still the driver's, which frees it
 */
typedef err_t (*netif_input_fn)(struct pbuf *p, struct netif *inp);

#if LWIP_IPV4
/**
 * Send an IPv4 packet to a next hop: etharp_output() on Ethernet. Does not consume `p`.
 *
 * @param ipaddr  the packet's destination, or the gateway of its route
 */
typedef err_t (*netif_output_fn)(struct netif *netif, struct pbuf *p, const ip4_addr_t *ipaddr);
#endif

#if LWIP_IPV6
/** As netif_output_fn for IPv6: ethip6_output() on Ethernet. */
typedef err_t (*netif_output_ip6_fn)(struct netif *netif, struct pbuf *p, const ip6_addr_t *ipaddr);
#endif

/**
 * Put a finished frame on the wire. Does not consume `p`; a driver that keeps it beyond the call
 * takes a reference (pbuf_ref()), and copies it if PBUF_NEEDS_COPY() of any part.
 */
typedef err_t (*netif_linkoutput_fn)(struct netif *netif, struct pbuf *p);

/** Called on a status, link or removal event; what happened is read from `netif`. */
typedef void (*netif_status_callback_fn)(struct netif *netif);

#if LWIP_IPV4 && LWIP_IGMP
/** Let the MAC receive (or no longer receive) an IPv4 group. */
typedef err_t (*netif_igmp_mac_filter_fn)(struct netif *netif, const ip4_addr_t *group,
                                          enum netif_mac_filter_action action);
#endif

#if LWIP_IPV6 && LWIP_IPV6_MLD
/** Let the MAC receive (or no longer receive) an IPv6 group. The stack counts on ff02::1 without
    asking for it. */
typedef err_t (*netif_mld_mac_filter_fn)(struct netif *netif, const ip6_addr_t *group,
                                         enum netif_mac_filter_action action);
#endif

#if LWIP_DHCP || LWIP_AUTOIP || LWIP_IGMP || LWIP_IPV6_MLD || LWIP_IPV6_DHCP6 ||                   \
    (LWIP_NUM_NETIF_CLIENT_DATA > 0)
#if LWIP_NUM_NETIF_CLIENT_DATA > 0
/**
 * Reserve a slot of client data, of every netif, for one module of the program. Slots are never
 * given back; more than LWIP_NUM_NETIF_CLIENT_DATA of them is a programming error (asserted).
 *
 * @return the `id` for netif_set_client_data()
 */
u8_t netif_alloc_client_data_id(void);
#endif
/** The pointer that a module keeps with a netif; NULL until set. */
#define netif_set_client_data(netif, id, data) netif_get_client_data(netif, id) = (data)
#define netif_get_client_data(netif, id)       (netif)->client_data[(id)]
#endif

/** Index of a neighbour cache entry, for hints. */
#if (LWIP_IPV4 && LWIP_ARP && (ARP_TABLE_SIZE > 0x7f)) ||                                          \
    (LWIP_IPV6 && (LWIP_ND6_NUM_DESTINATIONS > 0x7f))
typedef u16_t netif_addr_idx_t;
#define NETIF_ADDR_IDX_MAX 0x7FFF
#else
typedef u8_t netif_addr_idx_t;
#define NETIF_ADDR_IDX_MAX 0x7F
#endif

#if LWIP_NETIF_HWADDRHINT || LWIP_VLAN_PCP
#define LWIP_NETIF_USE_HINTS 1
/** What a pcb knows about its packets beyond their addresses. Starts zeroed, but with tci = -1. */
struct netif_hint {
#if LWIP_NETIF_HWADDRHINT
  netif_addr_idx_t addr_hint; /* where the neighbour was found last; only a guess */
#endif
#if LWIP_VLAN_PCP
  s32_t tci; /* 802.1Q tag control information to send with; negative: no tag */
#endif
};
#else
#define LWIP_NETIF_USE_HINTS 0
#endif

/** A network interface. Zero it before netif_add(), except for `state`-like members of its owner.
 */
struct netif {
#if !LWIP_SINGLE_NETIF
  struct netif *next; /* in netif_list */
#endif
#if LWIP_IPV4
  /* The main IPv4 address; all three are changed by netif_set_addr() and its kin only. */
  ip_addr_t ip_addr;
  ip_addr_t netmask;
  ip_addr_t gw;
#if LWIP_IPV4_NUM_ADDRESSES > 1
  /* More addresses of ours (gossamer/netif_addr.h). "Any": a free slot. */
  ip4_addr_t ip4_extra_addr[LWIP_IPV4_NUM_ADDRESSES - 1];
  ip4_addr_t ip4_extra_mask[LWIP_IPV4_NUM_ADDRESSES - 1];
#endif
#endif /* LWIP_IPV4 */
#if LWIP_IPV6
  /* Slot 0 is for the link-local address. Changed by netif_ip6_addr_set() and its kin. */
  ip_addr_t ip6_addr[LWIP_IPV6_NUM_ADDRESSES];
  u8_t ip6_addr_state[LWIP_IPV6_NUM_ADDRESSES]; /* IP6_ADDR_TENTATIVE, IP6_ADDR_PREFERRED ... */
  struct ip6_slot ip6_slot[LWIP_IPV6_NUM_ADDRESSES]; /* private */
  struct ip6_conf ip6_conf;                          /* private */
  struct nd6_interface nd6;                          /* private */
#if ESP_IPV6
  void (*ipv6_addr_cb)(struct netif *netif, u8_t ip_index); /* nd6_set_cb() */
#endif
#endif                  /* LWIP_IPV6 */
  netif_input_fn input; /* how the driver passes packets up */
#if LWIP_IPV4
  netif_output_fn output; /* how IPv4 sends */
#endif
  netif_linkoutput_fn linkoutput; /* how frames are sent */
#if LWIP_IPV6
  netif_output_ip6_fn output_ip6; /* how IPv6 sends */
#endif
#if LWIP_NETIF_STATUS_CALLBACK
  netif_status_callback_fn status_callback;
#endif
#if LWIP_NETIF_LINK_CALLBACK
  netif_status_callback_fn link_callback;
#endif
#if LWIP_NETIF_REMOVE_CALLBACK
  netif_status_callback_fn remove_callback;
#endif
  void *state; /* the driver's own */
#ifdef netif_get_client_data
  void *client_data[LWIP_NETIF_CLIENT_DATA_INDEX_MAX + LWIP_NUM_NETIF_CLIENT_DATA];
#endif
#if LWIP_NETIF_HOSTNAME
  const char *hostname; /* not copied; NULL: none */
#endif
#if LWIP_CHECKSUM_CTRL_PER_NETIF
  u16_t chksum_flags; /* NETIF_CHECKSUM_* */
#endif
  u16_t mtu; /* longest IP packet in bytes */
#if LWIP_IPV6 && LWIP_ND6_ALLOW_RA_UPDATES
  u16_t mtu6; /* the same for IPv6, from router advertisements; 0: they said nothing */
#endif
  u8_t hwaddr[NETIF_MAX_HWADDR_LEN];
  u8_t hwaddr_len;
  u8_t flags; /* NETIF_FLAG_* */
  char name[2];
  u8_t num; /* unique; netif_get_index() is one more */
#if LWIP_OFFLOAD
  u8_t offload;      /* NETIF_OFFLOAD_* (gossamer/offload.h) */
  u16_t offload_max; /* bytes */
#endif
#if LWIP_IPV6_AUTOCONFIG
  u8_t ip6_autoconfig_enabled; /* stateless address autoconfiguration; 1 by default */
#endif
#if LWIP_IPV6_SEND_ROUTER_SOLICIT
  u8_t rs_count; /* router solicitations still to be sent */
#endif
#if MIB2_STATS
  u8_t link_type;   /* ifType of RFC 1213: MIB2_INIT_NETIF() */
  u32_t link_speed; /* bits per second */
  u32_t ts;         /* time of the last up or down */
  struct stats_mib2_netif_ctrs mib2_counters;
#endif
#if LWIP_IPV4 && LWIP_IGMP
  netif_igmp_mac_filter_fn igmp_mac_filter;
  struct mcast_link igmp; /* IGMP's own */
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
  netif_mld_mac_filter_fn mld_mac_filter;
  struct mcast_link mld6; /* MLD's own */
#endif
#if LWIP_ACD
  struct acd *acd_list;
#endif
#if LWIP_ANY_ADDRESS
  struct any_address *any_address; /* who takes packets for any address; private */
#endif
#if LWIP_NETIF_USE_HINTS
  struct netif_hint *hints; /* set around a call of output by NETIF_SET_HINTS(), else NULL */
#endif
#if ENABLE_LOOPBACK
  struct pbuf *loop_first; /* packets to ourselves that wait for netif_poll() */
  struct pbuf *loop_last;
#if LWIP_LOOPBACK_MAX_PBUFS
  u16_t loop_cnt_current;
#endif
#if LWIP_NETIF_LOOPBACK_MULTITHREADING
  u8_t reschedule_poll;
#endif
#endif /* ENABLE_LOOPBACK */
#if ESP_LWIP
  struct netif *l2_owner;
  void (*l2_buffer_free_notify)(struct netif *lwip_netif, void *user_buf);
#endif
#if IP_NAPT
  u8_t napt; /* packets from here are translated */
#endif
};

#if LWIP_CHECKSUM_CTRL_PER_NETIF
#define NETIF_SET_CHECKSUM_CTRL(netif, chksumflags)                                                \
  do {                                                                                             \
    (netif)->chksum_flags = (chksumflags);                                                         \
  } while (0)
#define NETIF_CHECKSUM_ENABLED(netif, chksumflag)                                                  \
  (((netif) == NULL) || (((netif)->chksum_flags & (chksumflag)) != 0))
#define IF__NETIF_CHECKSUM_ENABLED(netif, chksumflag) if (NETIF_CHECKSUM_ENABLED(netif, chksumflag))
#else
#define NETIF_SET_CHECKSUM_CTRL(netif, chksumflags)
#define NETIF_CHECKSUM_ENABLED(netif, chksumflag) 1
#define IF__NETIF_CHECKSUM_ENABLED(netif, chksumflag)
#endif

/** The interface for packets that no subnet or route claims; NULL: none. Set: netif_set_default().
 */
STACK_GLOBAL_DECLARE(struct netif *, netif_default);
#define netif_default STACK_GLOBAL(struct netif *, netif_default)

STACK_GLOBAL_DECLARE(struct netif *, netif_list);
#if LWIP_SINGLE_NETIF
#define NETIF_FOREACH(netif) if (((netif) = netif_default) != NULL)
#else
/** All interfaces, the youngest first. */
#define netif_list           STACK_GLOBAL(struct netif *, netif_list)
/** Loop over all interfaces; a body may not remove any but must leave the loop if it does. */
#define NETIF_FOREACH(netif) for ((netif) = netif_list; (netif) != NULL; (netif) = (netif)->next)
#endif

/** Called by lwip_init(); harmless when called again. */
void netif_init(void);

#if LWIP_IPV4
/**
 * Add a network interface. It starts down (netif_set_up()) with the flags and the link state that
 * `init` gives it.
 *
 * @param netif    storage, the caller's, until netif_remove()
 * @param ipaddr   main address; NULL: 0.0.0.0. Likewise `netmask` and `gw`
 * @param state    stored in netif->state before `init` is called
 * @param init     the driver's init function; required
 * @param input    stored in netif->input: ethernet_input, tcpip_input, netif_input ...
 * @return `netif`; NULL if `init` failed or 255 interfaces exist
 */
struct netif *netif_add(struct netif *netif, const ip4_addr_t *ipaddr, const ip4_addr_t *netmask,
                        const ip4_addr_t *gw, void *state, netif_init_fn init,
                        netif_input_fn input);

/**
 * Set all three at once, so that listeners hear one change: LWIP_NSC_IPV4_ADDRESS_CHANGED,
 * _NETMASK_CHANGED, _GATEWAY_CHANGED for what differs, with _SETTINGS_CHANGED if anything does and
 * _ADDR_VALID if there is an address now; then neighbours and routers are told (gratuitous ARP,
 * IGMP). Setting 0.0.0.0 unconfigures. NULL means 0.0.0.0.
 */
void netif_set_addr(struct netif *netif, const ip4_addr_t *ipaddr, const ip4_addr_t *netmask,
                    const ip4_addr_t *gw);
#else
struct netif *netif_add(struct netif *netif, void *state, netif_init_fn init, netif_input_fn input);
#endif

/** netif_add() without addresses. */
struct netif *netif_add_noaddr(struct netif *netif, void *state, netif_init_fn init,
                               netif_input_fn input);

/**
 * Take an interface away: it goes down, everything that refers to it forgets it, then the storage
 * is the caller's again. Harmless for one that was not added. Its remove callback runs last.
 */
void netif_remove(struct netif *netif);

/** Find by full name: two letters and the number, "et0". NULL if there is none. */
struct netif *netif_find(const char *name);

/** NULL: no default interface. */
void netif_set_default(struct netif *netif);

#if LWIP_IPV4
/* One of the three alone, otherwise as netif_set_addr(). NULL means 0.0.0.0. */
void netif_set_ipaddr(struct netif *netif, const ip4_addr_t *ipaddr);
void netif_set_netmask(struct netif *netif, const ip4_addr_t *netmask);
void netif_set_gw(struct netif *netif, const ip4_addr_t *gw);

#define netif_ip4_addr(netif)    ((const ip4_addr_t *)ip_2_ip4(&((netif)->ip_addr)))
#define netif_ip4_netmask(netif) ((const ip4_addr_t *)ip_2_ip4(&((netif)->netmask)))
#define netif_ip4_gw(netif)      ((const ip4_addr_t *)ip_2_ip4(&((netif)->gw)))
#define netif_ip_addr4(netif)    ((const ip_addr_t *)&((netif)->ip_addr))
#define netif_ip_netmask4(netif) ((const ip_addr_t *)&((netif)->netmask))
#define netif_ip_gw4(netif)      ((const ip_addr_t *)&((netif)->gw))
#else
/* For code of both families that is never reached. */
#define netif_ip4_addr(netif)    ((void)sizeof(netif), (const ip4_addr_t *)NULL)
#define netif_ip4_netmask(netif) ((void)sizeof(netif), (const ip4_addr_t *)NULL)
#define netif_ip4_gw(netif)      ((void)sizeof(netif), (const ip4_addr_t *)NULL)
#define netif_ip_addr4(netif)    ((void)sizeof(netif), (const ip_addr_t *)NULL)
#define netif_ip_netmask4(netif) ((void)sizeof(netif), (const ip_addr_t *)NULL)
#define netif_ip_gw4(netif)      ((void)sizeof(netif), (const ip_addr_t *)NULL)
#endif /* LWIP_IPV4 */

#define netif_set_flags(netif, set_flags)                                                          \
  do {                                                                                             \
    (netif)->flags = (u8_t)((netif)->flags | (set_flags));                                         \
  } while (0)
#define netif_clear_flags(netif, clr_flags)                                                        \
  do {                                                                                             \
    (netif)->flags = (u8_t)((netif)->flags & (u8_t)(~(clr_flags)&0xff));                           \
  } while (0)
#define netif_is_flag_set(netif, flag) (((netif)->flags & (flag)) != 0)

/**
 * Administratively up. With a link, the address is announced (gratuitous ARP, IGMP, MLD, ND).
 * The status callback and LWIP_NSC_STATUS_CHANGED come after it is up.
 */
void netif_set_up(struct netif *netif);

/**
 * Administratively down: nothing is sent or received; its neighbours are forgotten.
 * LWIP_NSC_STATUS_CHANGED comes before, the status callback after.
 */
void netif_set_down(struct netif *netif);

#define netif_is_up(netif) (((netif)->flags & NETIF_FLAG_UP) ? (u8_t)1 : (u8_t)0)

/**
 * A driver says that the carrier came. While the netif is up, its address is announced.
 * The link callback and LWIP_NSC_LINK_CHANGED come after.
 */
void netif_set_link_up(struct netif *netif);

/** A driver says that the carrier went; neighbours are forgotten. */
void netif_set_link_down(struct netif *netif);

#define netif_is_link_up(netif) (((netif)->flags & NETIF_FLAG_LINK_UP) ? (u8_t)1 : (u8_t)0)

#if LWIP_NETIF_STATUS_CALLBACK
/** Who is called when the netif went up or down, or its IPv4 settings changed; NULL: nobody. */
static inline void netif_set_status_callback(struct netif *netif,
                                             netif_status_callback_fn status_callback)
{
  if (netif != NULL) {
    netif->status_callback = status_callback;
  }
}
#endif

#if LWIP_NETIF_REMOVE_CALLBACK
/** Who is called when the netif has been removed; NULL: nobody. */
static inline void netif_set_remove_callback(struct netif *netif,
                                             netif_status_callback_fn remove_callback)
{
  if (netif != NULL) {
    netif->remove_callback = remove_callback;
  }
}
#endif

#if LWIP_NETIF_LINK_CALLBACK
/** Who is called when the link went up or down; NULL: nobody. */
static inline void netif_set_link_callback(struct netif *netif,
                                           netif_status_callback_fn link_callback)
{
  if (netif != NULL) {
    netif->link_callback = link_callback;
  }
}
#endif

#if LWIP_NETIF_HOSTNAME
/** What DHCP tells the server; the string is not copied. */
#define netif_set_hostname(netif, name)                                                            \
  do {                                                                                             \
    if ((netif) != NULL) {                                                                         \
      (netif)->hostname = (name);                                                                  \
    }                                                                                              \
  } while (0)
#define netif_get_hostname(netif) (((netif) != NULL) ? ((netif)->hostname) : NULL)
#endif

#if LWIP_IPV4 && LWIP_IGMP
#define netif_set_igmp_mac_filter(netif, function)                                                 \
  do {                                                                                             \
    if ((netif) != NULL) {                                                                         \
      (netif)->igmp_mac_filter = (function);                                                       \
    }                                                                                              \
  } while (0)
#define netif_get_igmp_mac_filter(netif) (((netif) != NULL) ? ((netif)->igmp_mac_filter) : NULL)
#endif

#if LWIP_IPV6 && LWIP_IPV6_MLD
#define netif_set_mld_mac_filter(netif, function)                                                  \
  do {                                                                                             \
    if ((netif) != NULL) {                                                                         \
      (netif)->mld_mac_filter = (function);                                                        \
    }                                                                                              \
  } while (0)
#define netif_get_mld_mac_filter(netif) (((netif) != NULL) ? ((netif)->mld_mac_filter) : NULL)
#define netif_mld_mac_filter(netif, addr, action)                                                  \
  do {                                                                                             \
    if ((netif) && (netif)->mld_mac_filter) {                                                      \
      (netif)->mld_mac_filter((netif), (addr), (action));                                          \
    }                                                                                              \
  } while (0)
#endif

#if ENABLE_LOOPBACK
/**
 * Queue a packet that is for ourselves. It is copied: `p` stays the caller's. It comes in by
 * `netif` on the next run of the timers, never from within this call.
 *
 * @return ERR_OK; ERR_MEM without memory or beyond LWIP_LOOPBACK_MAX_PBUFS
 */
err_t netif_loop_output(struct netif *netif, struct pbuf *p);

/** Let the packets that are queued now come in, without waiting for the timers. */
void netif_poll(struct netif *netif);

/** netif_poll() for every netif: for main loops without sys_check_timeouts(). */
void netif_poll_all(void);
#endif /* ENABLE_LOOPBACK */

/**
 * Input function for drivers whose netif may be Ethernet or plain IP, decided by NETIF_FLAG_ETHARP
 * and NETIF_FLAG_ETHERNET.
 */
err_t netif_input(struct pbuf *p, struct netif *inp);

#if LWIP_IPV6
#define netif_ip_addr6(netif, i)       ((const ip_addr_t *)(&((netif)->ip6_addr[i])))
#define netif_ip6_addr(netif, i)       ((const ip6_addr_t *)ip_2_ip6(&((netif)->ip6_addr[i])))
#define netif_ip6_addr_state(netif, i) ((netif)->ip6_addr_state[i])

/**
 * Set the address of a slot. Its state stays: a free slot (IP6_ADDR_INVALID) becomes an address by
 * netif_ip6_addr_set_state(). A slot that autoconfiguration filled is the caller's from then on.
 * The zone is set here. Listeners hear LWIP_NSC_IPV6_SET.
 *
 * @param addr_idx  0 (link-local) to LWIP_IPV6_NUM_ADDRESSES - 1
 */
void netif_ip6_addr_set(struct netif *netif, s8_t addr_idx, const ip6_addr_t *addr6);

/** netif_ip6_addr_set() with the four words in network order. */
void netif_ip6_addr_set_parts(struct netif *netif, s8_t addr_idx, u32_t i0, u32_t i1, u32_t i2,
                              u32_t i3);

/**
 * Set the state of a slot: IP6_ADDR_TENTATIVE starts duplicate address detection, after which the
 * address becomes preferred or duplicated; IP6_ADDR_PREFERRED or _DEPRECATED uses it at once;
 * IP6_ADDR_INVALID frees the slot and what was set for it. Listeners hear
 * LWIP_NSC_IPV6_ADDR_STATE_CHANGED.
 */
void netif_ip6_addr_set_state(struct netif *netif, s8_t addr_idx, u8_t state);

/** @return the index of our address that equals `ip6addr` (zones aside) and is not invalid; or -1
 */
s8_t netif_get_ip6_addr_match(struct netif *netif, const ip6_addr_t *ip6addr);

/**
 * Make the link-local address in slot 0 of the link address, tentative (preferred, if
 * LWIP_IPV6_DUP_DETECT_ATTEMPTS is 0).
 *
 * @param from_mac_48bit  1: the identifier is the modified EUI-64 of a MAC (RFC 4291 appendix A);
 *                        0: the bytes of netif->hwaddr as they are, at its end
 */
void netif_create_ip6_linklocal_address(struct netif *netif, u8_t from_mac_48bit);

/**
 * Put an address into a free slot, tentative; slot 0 takes link-local ones only. One that is there
 * already stays as it is. gossamer/ip6_config.h has more.
 *
 * @param chosen_idx  gets the slot, -1 on failure; may be NULL
 * @return ERR_OK; ERR_VAL: all slots are in use
 */
err_t netif_add_ip6_address(struct netif *netif, const ip6_addr_t *ip6addr, s8_t *chosen_idx);

#define netif_set_ip6_autoconfig_enabled(netif, action)                                            \
  do {                                                                                             \
    if (netif) {                                                                                   \
      (netif)->ip6_autoconfig_enabled = (action);                                                  \
    }                                                                                              \
  } while (0)

/** Seconds left of an address; IP6_ADDR_LIFE_STATIC: it does not age. Also for NULL. */
u32_t netif_ip6_valid_life(const struct netif *netif, int addr_idx);
u32_t netif_ip6_pref_life(const struct netif *netif, int addr_idx);
/**
 * Let an address age from now on: deprecated after its preferred, gone after its valid lifetime.
 * IP6_ADDR_LIFE_STATIC as valid lifetime: it does not age. IP6_ADDR_LIFE_INFINITE: no end.
 */
void netif_ip6_set_valid_life(struct netif *netif, int addr_idx, u32_t secs);
void netif_ip6_set_pref_life(struct netif *netif, int addr_idx, u32_t secs);

#if LWIP_IPV6_ADDRESS_LIFETIMES
#define netif_ip6_addr_valid_life(netif, i)           netif_ip6_valid_life((netif), (i))
#define netif_ip6_addr_set_valid_life(netif, i, secs) netif_ip6_set_valid_life((netif), (i), (secs))
#define netif_ip6_addr_pref_life(netif, i)            netif_ip6_pref_life((netif), (i))
#define netif_ip6_addr_set_pref_life(netif, i, secs)  netif_ip6_set_pref_life((netif), (i), (secs))
#define netif_ip6_addr_isstatic(netif, i)                                                          \
  (netif_ip6_addr_valid_life((netif), (i)) == IP6_ADDR_LIFE_STATIC)
#else
#define netif_ip6_addr_isstatic(netif, i) (1)
#endif

#if LWIP_ND6_ALLOW_RA_UPDATES
/** Longest IPv6 packet in bytes. */
#define netif_mtu6(netif) ((u16_t)((netif)->mtu6 != 0 ? (netif)->mtu6 : (netif)->mtu))
#else
#define netif_mtu6(netif) ((netif)->mtu)
#endif
#endif /* LWIP_IPV6 */

/* A pcb's hints travel beside the packet: set before netif->output(), reset after it. */
#if LWIP_NETIF_USE_HINTS
#define NETIF_SET_HINTS(netif, netifhint) (netif)->hints = (netifhint)
#define NETIF_RESET_HINTS(netif)          (netif)->hints = NULL
#else
#define NETIF_SET_HINTS(netif, netifhint)
#define NETIF_RESET_HINTS(netif)
#endif

/** Index of the interface with that full name (RFC 3493 4); NETIF_NO_INDEX if there is none. */
u8_t netif_name_to_index(const char *name);

/**
 * Full name of the interface with that index.
 *
 * @param name  room for NETIF_NAMESIZE bytes
 * @return `name`; NULL if there is no such interface
 */
char *netif_index_to_name(u8_t idx, char *name);

/** NULL for an index that no interface has. */
struct netif *netif_get_by_index(u8_t idx);

/** Indexes start at 1 (RFC 3493 4), netif->num at 0. */
#define netif_get_index(netif) ((u8_t)((netif)->num + 1))
#define NETIF_NO_INDEX         (0)

#if ESP_GRATUITOUS_ARP
/** From now on, announce the address every ESP_GRATUITOUS_ARP_INTERVAL while the netif is usable.
 */
void netif_set_garp_flag(struct netif *netif);
#endif

/** Why an extended callback is called; several may be set at once. */
typedef u16_t netif_nsc_reason_t;
#define LWIP_NSC_NONE                    0x0000
#define LWIP_NSC_NETIF_ADDED             0x0001 /* after; args NULL */
#define LWIP_NSC_NETIF_REMOVED           0x0002 /* before; args NULL */
#define LWIP_NSC_LINK_CHANGED            0x0004 /* args->link_changed; after */
#define LWIP_NSC_STATUS_CHANGED          0x0008 /* args->status_changed; up: after, down: before */
#define LWIP_NSC_IPV4_ADDRESS_CHANGED    0x0010 /* args->ipv4_changed for this and the next three */
#define LWIP_NSC_IPV4_GATEWAY_CHANGED    0x0020
#define LWIP_NSC_IPV4_NETMASK_CHANGED    0x0040
#define LWIP_NSC_IPV4_SETTINGS_CHANGED   0x0080 /* netif_set_addr() changed any of the three */
#define LWIP_NSC_IPV6_SET                0x0100 /* args->ipv6_set */
#define LWIP_NSC_IPV6_ADDR_STATE_CHANGED 0x0200 /* args->ipv6_addr_state_changed */
#define LWIP_NSC_IPV4_ADDR_VALID         0x0400 /* netif_set_addr() set an address, even the same */

/** Arguments of an extended callback, valid during the call. */
typedef union {
  struct link_changed_s {
    u8_t state; /* 1: up */
  } link_changed;
  struct status_changed_s {
    u8_t state; /* 1: up */
  } status_changed;
  /* What was before: with several reasons at once, all that changed. Members that did not change
     have today's value. */
  struct ipv4_changed_s {
    const ip_addr_t *old_address;
    const ip_addr_t *old_netmask;
    const ip_addr_t *old_gw;
  } ipv4_changed;
  struct ipv6_set_s {
    s8_t addr_index;
    const ip_addr_t *old_address;
  } ipv6_set;
  struct ipv6_addr_state_changed_s {
    s8_t addr_index;
    u8_t old_state;
    const ip_addr_t *address;
  } ipv6_addr_state_changed;
} netif_ext_callback_args_t;

/** Hears of every change of every netif. */
typedef void (*netif_ext_callback_fn)(struct netif *netif, netif_nsc_reason_t reason,
                                      const netif_ext_callback_args_t *args);

#if LWIP_NETIF_EXT_STATUS_CALLBACK
/** A listener; both members are the stack's. */
typedef struct netif_ext_callback {
  netif_ext_callback_fn callback_fn;
  struct netif_ext_callback *next;
} netif_ext_callback_t;

/** Storage for a listener; it belongs to the instance in which it is added. */
#define NETIF_DECLARE_EXT_CALLBACK(name) static netif_ext_callback_t name;

/** Start to hear; `callback` is the caller's storage until netif_remove_ext_callback(). */
void netif_add_ext_callback(netif_ext_callback_t *callback, netif_ext_callback_fn fn);

/** Stop hearing, also from within a callback; harmless for one that was not added. */
void netif_remove_ext_callback(netif_ext_callback_t *callback);

/** Tell all listeners: for modules that change a netif themselves. */
void netif_invoke_ext_callback(struct netif *netif, netif_nsc_reason_t reason,
                               const netif_ext_callback_args_t *args);
#else
#define NETIF_DECLARE_EXT_CALLBACK(name)
#define netif_add_ext_callback(callback, fn)
#define netif_remove_ext_callback(callback)
#define netif_invoke_ext_callback(netif, reason, args)
#endif

#if LWIP_TESTMODE && LWIP_HAVE_LOOPIF
/** The loopback interface. */
struct netif *netif_get_loopif(void);
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_NETIF_H */
