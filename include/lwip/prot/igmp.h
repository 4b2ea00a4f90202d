/** @file IGMP messages as on the wire (RFC 1112, 2236). Fields are in network order. */
#ifndef LWIP_HDR_PROT_IGMP_H
#define LWIP_HDR_PROT_IGMP_H

#include "lwip/arch.h"
#include "lwip/prot/ip4.h"

#ifdef __cplusplus
extern "C" {
#endif

#define IGMP_TTL        1 /* time to live of every message */
#define IGMP_MINLEN     8
#define ROUTER_ALERT    0x9404U /* the IP option (RFC 2113) in host order */
#define ROUTER_ALERTLEN 4

/* Types. */
#define IGMP_MEMB_QUERY     0x11
#define IGMP_V1_MEMB_REPORT 0x12
#define IGMP_V2_MEMB_REPORT 0x16
#define IGMP_LEAVE_GROUP    0x17

/* States of a membership. */
#define IGMP_GROUP_NON_MEMBER      0
#define IGMP_GROUP_DELAYING_MEMBER 1
#define IGMP_GROUP_IDLE_MEMBER     2

#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/bpstruct.h"
#endif
PACK_STRUCT_BEGIN
struct igmp_msg {
  PACK_STRUCT_FLD_8(u8_t igmp_msgtype);
  PACK_STRUCT_FLD_8(u8_t igmp_maxresp); /* tenths of a second */
  PACK_STRUCT_FIELD(u16_t igmp_checksum);
  PACK_STRUCT_FLD_S(ip4_addr_p_t igmp_group_address);
} PACK_STRUCT_STRUCT;
PACK_STRUCT_END
#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/epstruct.h"
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PROT_IGMP_H */
