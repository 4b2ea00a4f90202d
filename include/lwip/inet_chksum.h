/**
 * @file
 * The Internet checksum (RFC 1071). Results are in memory order: stored into a header they are
 * right without htons(). Functions ending in `_partial` cover less than the packet (UDP-Lite).
 */
#ifndef LWIP_HDR_INET_CHKSUM_H
#define LWIP_HDR_INET_CHKSUM_H

#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "lwip/ip_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Swap the two bytes of a 16-bit value in a wider type. */
#ifndef SWAP_BYTES_IN_WORD
#define SWAP_BYTES_IN_WORD(w) (((w)&0xff) << 8) | (((w)&0xff00) >> 8)
#endif

/** Add the upper half of 32 bits to the lower; twice gives 16 bits. */
#ifndef FOLD_U32T
#define FOLD_U32T(u) ((u32_t)(((u) >> 16) + ((u)&0x0000ffffUL)))
#endif

/**
 * LWIP_CHKSUM(ptr, len): a port's own routine, hardware for instance. It returns the sum of `len`
 * bytes at any alignment, not complemented, in memory order, as lwip_standard_chksum() does.
 */
#ifdef LWIP_CHKSUM
#define CHKSUM_IS_PORTS 1
#else
#define CHKSUM_IS_PORTS 0
#define LWIP_CHKSUM     lwip_standard_chksum
#endif

/** 1: loads at any address are cheap; 0: bytes in front of the first aligned word are summed alone.
 */
#ifndef CHKSUM_UNALIGNED_OK
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) ||                            \
    defined(__ARM_FEATURE_UNALIGNED)
#define CHKSUM_UNALIGNED_OK 1
#else
#define CHKSUM_UNALIGNED_OK 0
#endif
#endif

/** Functions whose instructions are counted: part of their callers, and never part of them. */
#ifdef __GNUC__
#define CHKSUM_INLINE    inline __attribute__((always_inline))
#define CHKSUM_OWN_FRAME __attribute__((noinline))
#else
#define CHKSUM_INLINE inline
#define CHKSUM_OWN_FRAME
#endif

/** Tell the compiler that `p` is a multiple of `n`, where it cannot see it. */
#ifdef __GNUC__
#define CHKSUM_ALIGNED(p, n) __builtin_assume_aligned(p, n)
#else
#define CHKSUM_ALIGNED(p, n) (p)
#endif

/** LWIP_CHKSUM_COPY(dst, src, len): copy, and return the sum of what was copied. */
#if LWIP_CHECKSUM_ON_COPY && !defined(LWIP_CHKSUM_COPY)
#define LWIP_CHKSUM_COPY(dst, src, len) lwip_chksum_copy(dst, src, len)
#define LWIP_CHKSUM_COPY_ALGORITHM      1
#else
#define LWIP_CHKSUM_COPY_ALGORITHM 0
#endif

/** The sum of `len` bytes, not complemented, in memory order. */
u16_t lwip_standard_chksum(const void *dataptr, int len);

/** The checksum of `len` bytes; 0 over data that contains its own right checksum. */
u16_t inet_chksum(const void *dataptr, u16_t len);

/** The checksum of a whole packet, whatever the lengths of its pbufs. */
u16_t inet_chksum_pbuf(struct pbuf *p);

/** Copy `len` bytes and return their sum, not complemented, in memory order. */
u16_t lwip_chksum_copy(void *dst, const void *src, u16_t len);

/**
 * The checksum of an IPv4 pseudo header (RFC 768, RFC 9293 3.1) and a packet.
 *
 * @param proto_len  the length in the pseudo header
 */
u16_t inet_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip4_addr_t *src,
                         const ip4_addr_t *dest);

/** As inet_chksum_pseudo(), but over the first `chksum_len` bytes of `p` (RFC 3828). */
u16_t inet_chksum_pseudo_partial(struct pbuf *p, u8_t proto, u16_t proto_len, u16_t chksum_len,
                                 const ip4_addr_t *src, const ip4_addr_t *dest);

/** The checksum of an IPv6 pseudo header (RFC 8200 8.1) and a packet. */
u16_t ip6_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip6_addr_t *src,
                        const ip6_addr_t *dest);

/** As ip6_chksum_pseudo(), but over the first `chksum_len` bytes of `p`. */
u16_t ip6_chksum_pseudo_partial(struct pbuf *p, u8_t proto, u16_t proto_len, u16_t chksum_len,
                                const ip6_addr_t *src, const ip6_addr_t *dest);

/** One of the above, by the family of `dest`. */
u16_t ip_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip_addr_t *src,
                       const ip_addr_t *dest);

/** One of the above, by the family of `dest`, over the first `chksum_len` bytes of `p`. */
u16_t ip_chksum_pseudo_partial(struct pbuf *p, u8_t proto, u16_t proto_len, u16_t chksum_len,
                               const ip_addr_t *src, const ip_addr_t *dest);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_INET_CHKSUM_H */
