/** @file ICMPv6 headers as on the wire (RFC 4443). Fields are in network order. */
#ifndef LWIP_HDR_PROT_ICMP6_H
#define LWIP_HDR_PROT_ICMP6_H

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Types; those below 128 are errors. */
enum icmp6_type {
  ICMP6_TYPE_DUR = 1,
  ICMP6_TYPE_PTB = 2,
  ICMP6_TYPE_TE = 3,
  ICMP6_TYPE_PP = 4,
  ICMP6_TYPE_PE1 = 100,
  ICMP6_TYPE_PE2 = 101,
  ICMP6_TYPE_RSV_ERR = 127,
  ICMP6_TYPE_EREQ = 128,
  ICMP6_TYPE_EREP = 129,
  ICMP6_TYPE_MLQ = 130,
  ICMP6_TYPE_MLR = 131,
  ICMP6_TYPE_MLD = 132,
  ICMP6_TYPE_RS = 133,
  ICMP6_TYPE_RA = 134,
  ICMP6_TYPE_NS = 135,
  ICMP6_TYPE_NA = 136,
  ICMP6_TYPE_RD = 137,
  ICMP6_TYPE_MRA = 151,
  ICMP6_TYPE_MRS = 152,
  ICMP6_TYPE_MRT = 153,
  ICMP6_TYPE_PE3 = 200,
  ICMP6_TYPE_PE4 = 201,
  ICMP6_TYPE_RSV_INF = 255
};

/** Codes of ICMP6_TYPE_DUR. */
enum icmp6_dur_code {
  ICMP6_DUR_NO_ROUTE = 0,
  ICMP6_DUR_PROHIBITED = 1,
  ICMP6_DUR_SCOPE = 2,
  ICMP6_DUR_ADDRESS = 3,
  ICMP6_DUR_PORT = 4,
  ICMP6_DUR_POLICY = 5,
  ICMP6_DUR_REJECT_ROUTE = 6
};

/** Codes of ICMP6_TYPE_TE. */
enum icmp6_te_code { ICMP6_TE_HL = 0, ICMP6_TE_FRAG = 1 };

/** Codes of ICMP6_TYPE_PP. */
enum icmp6_pp_code { ICMP6_PP_FIELD = 0, ICMP6_PP_HEADER = 1, ICMP6_PP_OPTION = 2 };

#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/bpstruct.h"
#endif
/** Any message. */
PACK_STRUCT_BEGIN
struct icmp6_hdr {
  PACK_STRUCT_FLD_8(u8_t type);
  PACK_STRUCT_FLD_8(u8_t code);
  PACK_STRUCT_FIELD(u16_t chksum);
  PACK_STRUCT_FIELD(u32_t data);
} PACK_STRUCT_STRUCT;
PACK_STRUCT_END

/** Echo and echo reply. */
PACK_STRUCT_BEGIN
struct icmp6_echo_hdr {
  PACK_STRUCT_FLD_8(u8_t type);
  PACK_STRUCT_FLD_8(u8_t code);
  PACK_STRUCT_FIELD(u16_t chksum);
  PACK_STRUCT_FIELD(u16_t id);
  PACK_STRUCT_FIELD(u16_t seqno);
} PACK_STRUCT_STRUCT;
PACK_STRUCT_END
#ifdef PACK_STRUCT_USE_INCLUDES
#include "arch/epstruct.h"
#endif

#define ICMP6_HLEN 8

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PROT_ICMP6_H */
