/**
 * @file
 * IPv4 link-local addresses (RFC 3927): the range and the states.
 */
#ifndef LWIP_HDR_PROT_AUTOIP_H
#define LWIP_HDR_PROT_AUTOIP_H

#ifdef __cplusplus
extern "C" {
#endif

/* In host order. The first and the last 256 addresses are reserved (RFC 3927 2.1). */
#define AUTOIP_NET         0xA9FE0000
#define AUTOIP_RANGE_START (AUTOIP_NET | 0x0100)
#define AUTOIP_RANGE_END   (AUTOIP_NET | 0xFEFF)

typedef enum {
  AUTOIP_STATE_OFF,
  AUTOIP_STATE_CHECKING, /* looking for an address that nobody has */
  AUTOIP_STATE_BOUND     /* the netif has it */
} autoip_state_enum_t;

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PROT_AUTOIP_H */
