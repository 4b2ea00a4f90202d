/** @file Ethernet and 802.1Q headers as on the wire. Fields are in network order. */
#ifndef LWIP_HDR_PROT_ETHERNET_H
#define LWIP_HDR_PROT_ETHERNET_H

#include "lwip/arch.h"
#include "lwip/opt.h"
#include "lwip/prot/ieee.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a station's address. */
#ifndef ETH_HWADDR_LEN
#ifdef ETHARP_HWADDR_LEN
#define ETH_HWADDR_LEN ETHARP_HWADDR_LEN
#else
#define ETH_HWADDR_LEN 6
#endif
#endif

#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/bpstruct.h"
#endif
PACK_STRUCT_BEGIN
struct eth_addr {
  PACK_STRUCT_FLD_8(u8_t addr[ETH_HWADDR_LEN]);
} PACK_STRUCT_STRUCT;
PACK_STRUCT_END
#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/epstruct.h"
#endif

/** Initialiser of a struct eth_addr. */
/* clang-format off */
#define ETH_ADDR(b0, b1, b2, b3, b4, b5) {{b0, b1, b2, b3, b4, b5}}
/* clang-format on */

#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/bpstruct.h"
#endif
/** ETH_PAD_SIZE bytes in front of it align what follows; they are not on the wire. */
PACK_STRUCT_BEGIN
struct eth_hdr {
#if ETH_PAD_SIZE
  PACK_STRUCT_FLD_8(u8_t padding[ETH_PAD_SIZE]);
#endif
  PACK_STRUCT_FLD_S(struct eth_addr dest);
  PACK_STRUCT_FLD_S(struct eth_addr src);
  PACK_STRUCT_FIELD(u16_t type); /* enum lwip_ieee_eth_type, or below 0x600 a length */
} PACK_STRUCT_STRUCT;
PACK_STRUCT_END
#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/epstruct.h"
#endif

#define SIZEOF_ETH_HDR (14 + ETH_PAD_SIZE)

#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/bpstruct.h"
#endif
/** What follows an Ethernet header of type ETHTYPE_VLAN. */
PACK_STRUCT_BEGIN
struct eth_vlan_hdr {
  PACK_STRUCT_FIELD(u16_t prio_vid); /* 3 bits priority, 1 drop eligible, 12 VLAN */
  PACK_STRUCT_FIELD(u16_t tpid);     /* EtherType of the payload */
} PACK_STRUCT_STRUCT;
PACK_STRUCT_END
#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/epstruct.h"
#endif

#define SIZEOF_VLAN_HDR   4
#define VLAN_ID(vlan_hdr) (lwip_htons((vlan_hdr)->prio_vid) & 0xFFF)

/* First bytes of the stations' addresses that stand for IP groups (RFC 1112 6.4, RFC 2464 7). */
#define LL_IP4_MULTICAST_ADDR_0 0x01
#define LL_IP4_MULTICAST_ADDR_1 0x00
#define LL_IP4_MULTICAST_ADDR_2 0x5e
#define LL_IP6_MULTICAST_ADDR_0 0x33
#define LL_IP6_MULTICAST_ADDR_1 0x33

#define eth_addr_eq(addr1, addr2)  (memcmp((addr1)->addr, (addr2)->addr, ETH_HWADDR_LEN) == 0)
#define eth_addr_cmp(addr1, addr2) eth_addr_eq(addr1, addr2)

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PROT_ETHERNET_H */
