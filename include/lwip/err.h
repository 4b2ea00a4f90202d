/** @file What API functions return when the caller asked for something impossible. */
#ifndef LWIP_HDR_ERR_H
#define LWIP_HDR_ERR_H

#include "lwip/opt.h"
#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Results. ERR_OK is 0, everything else negative. */
typedef enum {
  ERR_OK = 0,          /**< done */
  ERR_MEM = -1,        /**< out of memory */
  ERR_BUF = -2,        /**< wrong or too small buffer, no port free */
  ERR_TIMEOUT = -3,    /**< nothing happened in time */
  ERR_RTE = -4,        /**< no route to the destination */
  ERR_INPROGRESS = -5, /**< started, the result comes later */
  ERR_VAL = -6,        /**< a value that cannot be */
  ERR_WOULDBLOCK = -7, /**< a non-blocking call would have to wait */
  ERR_USE = -8,        /**< address and port are taken */
  ERR_ALREADY = -9,    /**< already connecting */
  ERR_ISCONN = -10,    /**< already connected */
  ERR_CONN = -11,      /**< not connected */
  ERR_IF = -12,        /**< interface is down or failed */
  ERR_ABRT = -13,      /**< connection was aborted by us */
  ERR_RST = -14,       /**< connection was reset by the peer */
  ERR_CLSD = -15,      /**< connection was closed */
  ERR_ARG = -16        /**< illegal argument */
} err_enum_t;

/** An err_enum_t in one byte; cc.h may choose another signed type with LWIP_ERR_T. */
#ifdef LWIP_ERR_T
typedef LWIP_ERR_T err_t;
#else
typedef s8_t err_t;
#endif

/** A result in words, for debug messages. Builds without LWIP_DEBUG get an empty string. */
const char *lwip_strerr(err_t err);
#ifndef LWIP_DEBUG
#define lwip_strerr(x) ""
#endif

/** The errno that a socket call reports for `err`; 0 for ERR_OK, EIO for a value that is none. */
int err_to_errno(err_t err);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_ERR_H */
