/** @file Assertions, argument checks and debug messages. */
#ifndef LWIP_HDR_DEBUG_H
#define LWIP_HDR_DEBUG_H

#include "lwip/arch.h"
#include "lwip/opt.h"

/* How grave a message is. LWIP_DBG_MIN_LEVEL filters by it. */
#define LWIP_DBG_LEVEL_ALL     0x00
#define LWIP_DBG_LEVEL_WARNING 0x01
#define LWIP_DBG_LEVEL_SERIOUS 0x02
#define LWIP_DBG_LEVEL_SEVERE  0x03
#define LWIP_DBG_MASK_LEVEL    0x03
#define LWIP_DBG_LEVEL_OFF     LWIP_DBG_LEVEL_ALL

/* Value of a module's switch, for instance `#define IP_DEBUG LWIP_DBG_ON`. */
#define LWIP_DBG_ON  0x80U
#define LWIP_DBG_OFF 0x00U

/* What kind of message it is. LWIP_DBG_TYPES_ON filters by it. */
#define LWIP_DBG_TRACE 0x40U /* program flow */
#define LWIP_DBG_STATE 0x20U /* state of a module changed */
#define LWIP_DBG_FRESH 0x10U /* new code, not yet trusted */
#define LWIP_DBG_HALT  0x08U /* stop after printing */

/**
 * A broken invariant of the stack itself: never caused by input, never by arguments. LWIP_NOASSERT
 * removes the checks.
 */
#ifndef LWIP_NOASSERT
#define LWIP_ASSERT(message, assertion)                                                            \
  do {                                                                                             \
    if (!(assertion)) {                                                                            \
      LWIP_PLATFORM_ASSERT(message);                                                               \
    }                                                                                              \
  } while (0)
#else
#define LWIP_ASSERT(message, assertion)
#endif

/** A caller's argument is wrong: say so in debug builds and run `handler`, in all builds. */
#ifndef LWIP_ERROR
#ifdef LWIP_DEBUG
#define LWIP_PLATFORM_ERROR(message) LWIP_PLATFORM_DIAG((message))
#else
#define LWIP_PLATFORM_ERROR(message)
#endif
#define LWIP_ERROR(message, expression, handler)                                                   \
  do {                                                                                             \
    if (!(expression)) {                                                                           \
      LWIP_PLATFORM_ERROR(message);                                                                \
      handler;                                                                                     \
    }                                                                                              \
  } while (0)
#endif

/**
 * LWIP_DEBUGF(SWITCH | type | level, ("format", ...)) prints when LWIP_DEBUG is defined, SWITCH is
 * LWIP_DBG_ON, the type is in LWIP_DBG_TYPES_ON and the level not below LWIP_DBG_MIN_LEVEL.
 */
#ifdef LWIP_DEBUG
#define LWIP_DEBUG_ENABLED(debug)                                                                  \
  (((debug)&LWIP_DBG_ON) && ((debug)&LWIP_DBG_TYPES_ON) &&                                         \
   ((s16_t)((debug)&LWIP_DBG_MASK_LEVEL) >= LWIP_DBG_MIN_LEVEL))
#define LWIP_DEBUGF(debug, message)                                                                \
  do {                                                                                             \
    if (LWIP_DEBUG_ENABLED(debug)) {                                                               \
      LWIP_PLATFORM_DIAG(message);                                                                 \
      if ((debug)&LWIP_DBG_HALT) {                                                                 \
        while (1) {                                                                                \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  } while (0)
#else
#define LWIP_DEBUG_ENABLED(debug) 0
#define LWIP_DEBUGF(debug, message)
#endif

#endif /* LWIP_HDR_DEBUG_H */
