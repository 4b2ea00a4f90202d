/**
 * @file
 * What the stack needs to know about compiler and C library. The port's arch/cc.h comes first and
 * may define any of this; what it leaves out gets a default here that suits a hosted C11 compiler.
 */
#ifndef LWIP_HDR_ARCH_H
#define LWIP_HDR_ARCH_H

#ifndef LITTLE_ENDIAN
#define LITTLE_ENDIAN 1234
#endif
#ifndef BIG_ENDIAN
#define BIG_ENDIAN 4321
#endif

#include "arch/cc.h"

/** Byte order of the target: LITTLE_ENDIAN or BIG_ENDIAN. Default: what the compiler says. */
#ifndef BYTE_ORDER
#if defined(__BYTE_ORDER__) && (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define BYTE_ORDER BIG_ENDIAN
#else
#define BYTE_ORDER LITTLE_ENDIAN
#endif
#endif

/** Random numbers of a fuzzer: reproducible. Only fuzzing builds define LWIP_RAND_FOR_FUZZ. */
#ifdef LWIP_RAND_FOR_FUZZ
#ifdef __cplusplus
extern "C" {
#endif
unsigned int lwip_fuzz_rand(void);
#ifdef __cplusplus
}
#endif
#undef LWIP_RAND
#define LWIP_RAND() lwip_fuzz_rand()
#endif

/** Print a diagnostic message; `x` is an argument list of printf in parentheses. */
#ifndef LWIP_PLATFORM_DIAG
#define LWIP_PLATFORM_DIAG(x)                                                                      \
  do {                                                                                             \
    printf x;                                                                                      \
  } while (0)
#include <stdio.h>
#endif

/** An invariant of the stack is broken: report it and stop. */
#ifndef LWIP_PLATFORM_ASSERT
#define LWIP_PLATFORM_ASSERT(x)                                                                    \
  do {                                                                                             \
    printf("Assertion \"%s\" failed at line %d in %s\n", x, __LINE__, __FILE__);                   \
    fflush(NULL);                                                                                  \
    abort();                                                                                       \
  } while (0)
#include <stdio.h>
#include <stdlib.h>
#endif

/** 1: the C library lacks stddef.h, cc.h provides size_t and ptrdiff_t. */
#ifndef LWIP_NO_STDDEF_H
#define LWIP_NO_STDDEF_H 0
#endif
#if !LWIP_NO_STDDEF_H
#include <stddef.h>
#endif

/** 1: the C library lacks stdint.h, cc.h provides u8_t ... s32_t and mem_ptr_t. */
#ifndef LWIP_NO_STDINT_H
#define LWIP_NO_STDINT_H 0
#endif
#if !LWIP_NO_STDINT_H
#include <stdint.h>
#if !defined(LWIP_HAVE_INT64) && defined(UINT64_MAX)
#define LWIP_HAVE_INT64 1
#endif
typedef uint8_t u8_t;
typedef int8_t s8_t;
typedef uint16_t u16_t;
typedef int16_t s16_t;
typedef uint32_t u32_t;
typedef int32_t s32_t;
#if LWIP_HAVE_INT64
typedef uint64_t u64_t;
typedef int64_t s64_t;
#endif
typedef uintptr_t mem_ptr_t;
#endif

/** 1: the C library lacks inttypes.h, cc.h provides the formats below. */
#ifndef LWIP_NO_INTTYPES_H
#define LWIP_NO_INTTYPES_H 0
#endif
#if !LWIP_NO_INTTYPES_H
#include <inttypes.h>
#ifndef X8_F
#define X8_F "02" PRIx8
#endif
#ifndef U16_F
#define U16_F PRIu16
#endif
#ifndef S16_F
#define S16_F PRId16
#endif
#ifndef X16_F
#define X16_F PRIx16
#endif
#ifndef U32_F
#define U32_F PRIu32
#endif
#ifndef S32_F
#define S32_F PRId32
#endif
#ifndef X32_F
#define X32_F PRIx32
#endif
#ifndef SZT_F
#define SZT_F PRIuPTR
#endif
#endif

/** 1: the C library lacks limits.h, cc.h provides INT_MAX. */
#ifndef LWIP_NO_LIMITS_H
#define LWIP_NO_LIMITS_H 0
#endif
#if !LWIP_NO_LIMITS_H
#include <limits.h>
#endif

/* A library that has SSIZE_MAX has ssize_t in unistd.h. */
#ifdef SSIZE_MAX
#ifndef LWIP_NO_UNISTD_H
#define LWIP_NO_UNISTD_H 0
#endif
#if !LWIP_NO_UNISTD_H
#include <unistd.h>
#endif
#elif defined(__PTRDIFF_TYPE__)
/* The library's own, where it hides it (-std=c11): programs may be compiled otherwise. */
typedef __PTRDIFF_TYPE__ ssize_t;
#define SSIZE_MAX __PTRDIFF_MAX__
#else
typedef int ssize_t;
#define SSIZE_MAX INT_MAX
#endif

#define LWIP_UINT32_MAX 0xffffffff

/** 1: the C library lacks ctype.h: ASCII versions are used. */
#ifndef LWIP_NO_CTYPE_H
#define LWIP_NO_CTYPE_H 0
#endif
#if LWIP_NO_CTYPE_H
#define lwip_in_range(c, lo, up) ((u8_t)(c) >= (lo) && (u8_t)(c) <= (up))
#define lwip_isdigit(c)          lwip_in_range((c), '0', '9')
#define lwip_isxdigit(c)                                                                           \
  (lwip_isdigit(c) || lwip_in_range((c), 'a', 'f') || lwip_in_range((c), 'A', 'F'))
#define lwip_islower(c) lwip_in_range((c), 'a', 'z')
#define lwip_isspace(c) ((c) == ' ' || lwip_in_range((c), '\t', '\r'))
#define lwip_isupper(c) lwip_in_range((c), 'A', 'Z')
#define lwip_tolower(c) (lwip_isupper(c) ? (c) - 'A' + 'a' : (c))
#define lwip_toupper(c) (lwip_islower(c) ? (c) - 'a' + 'A' : (c))
#else
#include <ctype.h>
#define lwip_in_range(c, lo, up) ((unsigned char)(c) >= (lo) && (unsigned char)(c) <= (up))
#define lwip_isdigit(c)          isdigit((unsigned char)(c))
#define lwip_isxdigit(c)         isxdigit((unsigned char)(c))
#define lwip_islower(c)          islower((unsigned char)(c))
#define lwip_isspace(c)          isspace((unsigned char)(c))
#define lwip_isupper(c)          isupper((unsigned char)(c))
#define lwip_tolower(c)          tolower((unsigned char)(c))
#define lwip_toupper(c)          toupper((unsigned char)(c))
#endif

/** Cast `const` away, between pointers, without a warning. */
#ifndef LWIP_CONST_CAST
#define LWIP_CONST_CAST(target_type, val) ((target_type)((ptrdiff_t)val))
#endif

/** Cast to a type of stricter alignment; the caller knows that `val` is aligned. */
#ifndef LWIP_ALIGNMENT_CAST
#define LWIP_ALIGNMENT_CAST(target_type, val) LWIP_CONST_CAST(target_type, val)
#endif

/** Cast between a pointer and an integer of another size. */
#ifndef LWIP_PTR_NUMERIC_CAST
#define LWIP_PTR_NUMERIC_CAST(target_type, val) LWIP_CONST_CAST(target_type, val)
#endif

/** Cast away the "packed" of a member's address. */
#ifndef LWIP_PACKED_CAST
#define LWIP_PACKED_CAST(target_type, val) LWIP_CONST_CAST(target_type, val)
#endif

/** Declare a static buffer that LWIP_MEM_ALIGN() can align without running over its end. */
#ifndef LWIP_DECLARE_MEMORY_ALIGNED
#define LWIP_DECLARE_MEMORY_ALIGNED(variable_name, size)                                           \
  u8_t variable_name[LWIP_MEM_ALIGN_BUFFER(size)]
#endif

/** Round a size up to a multiple of MEM_ALIGNMENT. */
#ifndef LWIP_MEM_ALIGN_SIZE
#define LWIP_MEM_ALIGN_SIZE(size) (((size) + MEM_ALIGNMENT - 1U) & ~(MEM_ALIGNMENT - 1U))
#endif

/** Bytes that hold `size` aligned bytes wherever they start. */
#ifndef LWIP_MEM_ALIGN_BUFFER
#define LWIP_MEM_ALIGN_BUFFER(size) (((size) + MEM_ALIGNMENT - 1U))
#endif

/** Round an address up to a multiple of MEM_ALIGNMENT. */
#ifndef LWIP_MEM_ALIGN
#define LWIP_MEM_ALIGN(addr)                                                                       \
  ((void *)(((mem_ptr_t)(addr) + MEM_ALIGNMENT - 1) & ~(mem_ptr_t)(MEM_ALIGNMENT - 1)))
#endif

/*
 * Packing of protocol headers. Compilers that pack by attribute set PACK_STRUCT_STRUCT or
 * PACK_STRUCT_FIELD; those that pack by pragma define PACK_STRUCT_USE_INCLUDES, and every packed
 * struct stands between arch/bpstruct.h and arch/epstruct.h.
 */
#ifndef PACK_STRUCT_BEGIN
#define PACK_STRUCT_BEGIN
#endif
#ifndef PACK_STRUCT_END
#define PACK_STRUCT_END
#endif
#ifndef PACK_STRUCT_STRUCT
#if defined(__GNUC__) || defined(__clang__)
#define PACK_STRUCT_STRUCT __attribute__((packed))
#else
#define PACK_STRUCT_STRUCT
#endif
#endif
#ifndef PACK_STRUCT_FIELD
#define PACK_STRUCT_FIELD(x) x
#endif
/** A packed member of one byte: needs no attribute where gcc would warn about one. */
#ifndef PACK_STRUCT_FLD_8
#define PACK_STRUCT_FLD_8(x) PACK_STRUCT_FIELD(x)
#endif
/** A packed member that is a packed struct itself. */
#ifndef PACK_STRUCT_FLD_S
#define PACK_STRUCT_FLD_S(x) PACK_STRUCT_FIELD(x)
#endif

/** An argument is not used, on purpose. */
#ifndef LWIP_UNUSED_ARG
#define LWIP_UNUSED_ARG(x) (void)x
#endif

/*
 * Where errno comes from (lwip/errno.h): define LWIP_PROVIDE_ERRNO to get lwIP's own numbers and
 * `extern int errno`, LWIP_ERRNO_STDINCLUDE for <errno.h>, LWIP_ERRNO_INCLUDE for another header.
 */

#endif /* LWIP_HDR_ARCH_H */
