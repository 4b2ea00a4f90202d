/** @file Small things that everybody needs: minimum, byte order, string helpers. */
#ifndef LWIP_HDR_DEF_H
#define LWIP_HDR_DEF_H

#include "lwip/arch.h"
#include "lwip/opt.h"

/* Profiling marks around hot code: LWIP_PERF 1 takes them from the port. */
#if LWIP_PERF
#include "arch/perf.h"
#else
#define PERF_START
#define PERF_STOP(x)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LWIP_MAX(x, y) (((x) > (y)) ? (x) : (y))
#define LWIP_MIN(x, y) (((x) < (y)) ? (x) : (y))

/** Number of elements of an array (not of a pointer). */
#define LWIP_ARRAYSIZE(x) (sizeof(x) / sizeof((x)[0]))

/** Four bytes as a u32_t in host order, `a` the most significant. */
#define LWIP_MAKEU32(a, b, c, d)                                                                   \
  (((u32_t)((a)&0xff) << 24) | ((u32_t)((b)&0xff) << 16) | ((u32_t)((c)&0xff) << 8) |              \
   (u32_t)((d)&0xff))

#ifndef NULL
#ifdef __cplusplus
#define NULL 0
#else
#define NULL ((void *)0)
#endif
#endif

/*
 * Host order to network order and back. PP_HTONS()/PP_HTONL() may stand in constant expressions;
 * cc.h may define lwip_htons()/lwip_htonl() as macros of its own.
 */
#if BYTE_ORDER == BIG_ENDIAN
#define PP_HTONS(x) ((u16_t)(x))
#define PP_HTONL(x) ((u32_t)(x))
#else
#define PP_HTONS(x) ((u16_t)((((x) & (u16_t)0x00ffU) << 8) | (((x) & (u16_t)0xff00U) >> 8)))
#define PP_HTONL(x)                                                                                \
  ((((x) & (u32_t)0x000000ffUL) << 24) | (((x) & (u32_t)0x0000ff00UL) << 8) |                      \
   (((x) & (u32_t)0x00ff0000UL) >> 8) | (((x) & (u32_t)0xff000000UL) >> 24))
#endif
#define PP_NTOHS(x) PP_HTONS(x)
#define PP_NTOHL(x) PP_HTONL(x)

#ifndef lwip_htons
static inline u16_t lwip_htons(u16_t x)
{
  return PP_HTONS(x);
}
#endif
#ifndef lwip_htonl
static inline u32_t lwip_htonl(u32_t x)
{
  return PP_HTONL(x);
}
#endif
#define lwip_ntohs(x) lwip_htons(x)
#define lwip_ntohl(x) lwip_htonl(x)

/* The BSD names, for programs that know no other; a program on a system that has its own defines
   LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS. */
#ifndef LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#ifndef htons
#define htons(x) lwip_htons(x)
#endif
#ifndef ntohs
#define ntohs(x) lwip_ntohs(x)
#endif
#ifndef htonl
#define htonl(x) lwip_htonl(x)
#endif
#ifndef ntohl
#define ntohl(x) lwip_ntohl(x)
#endif
#endif

/* Functions that C libraries have under various names; cc.h may map them by macros. */

#ifndef lwip_itoa
/**
 * Write `number` in decimal.
 *
 * @param result   where to, always terminated unless `bufsize` is 0
 * @param bufsize  bytes at `result`; when it is too small the result is an empty string
 */
void lwip_itoa(char *result, size_t bufsize, int number);
#endif

#ifndef lwip_strnicmp
/** Compare at most `len` characters, ignoring ASCII case: 0 when equal, else <0 or >0. */
int lwip_strnicmp(const char *str1, const char *str2, size_t len);
#endif

#ifndef lwip_stricmp
/** Compare two strings ignoring ASCII case: 0 when equal, else <0 or >0. */
int lwip_stricmp(const char *str1, const char *str2);
#endif

#ifndef lwip_strnstr
/**
 * Find `token` in the first `n` bytes of `buffer` (a NUL ends it earlier).
 *
 * @return where it starts, or NULL; `buffer` itself for an empty token
 */
char *lwip_strnstr(const char *buffer, const char *token, size_t n);
#endif

#ifndef lwip_strnistr
/** As lwip_strnstr(), ignoring ASCII case. */
char *lwip_strnistr(const char *buffer, const char *token, size_t n);
#endif

#ifndef lwip_memcmp_consttime
/**
 * Compare secrets: takes the same time wherever they differ.
 *
 * @return 0 when equal, else another value whose sign means nothing
 */
int lwip_memcmp_consttime(const void *s1, const void *s2, size_t len);
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_DEF_H */
