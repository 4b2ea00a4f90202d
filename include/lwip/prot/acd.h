/**
 * @file
 * Address conflict detection (RFC 5227): its states and numbers.
 */
#ifndef LWIP_HDR_PROT_ACD_H
#define LWIP_HDR_PROT_ACD_H

#include "lwip/opt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RFC 5227 1.1, in seconds and in numbers of messages. */
#define PROBE_WAIT        1 /* before the first probe, at most */
#define PROBE_MIN         1 /* between probes, at least */
#define PROBE_MAX         2 /* ... and at most */
#define PROBE_NUM         3
#define ANNOUNCE_NUM      2
#define ANNOUNCE_INTERVAL 2
#define ANNOUNCE_WAIT     2  /* behind the last probe */
#define DEFEND_INTERVAL   10 /* between announcements that defend, at least */

/* ESP-IDF's names set the two that a port may want otherwise. */
#ifdef LWIP_AUTOIP_MAX_CONFLICTS
#define MAX_CONFLICTS LWIP_AUTOIP_MAX_CONFLICTS
#else
#define MAX_CONFLICTS 10 /* then no more than one attempt in RATE_LIMIT_INTERVAL */
#endif
#ifdef LWIP_AUTOIP_RATE_LIMIT_INTERVAL
#define RATE_LIMIT_INTERVAL LWIP_AUTOIP_RATE_LIMIT_INTERVAL
#else
#define RATE_LIMIT_INTERVAL 60
#endif

/** What is being done for an address. */
typedef enum {
  ACD_STATE_OFF,
  ACD_STATE_PROBE_WAIT,      /* the first probe comes soon */
  ACD_STATE_PROBING,         /* does anybody have it? */
  ACD_STATE_ANNOUNCE_WAIT,   /* waiting for the answer to the last probe */
  ACD_STATE_ANNOUNCING,      /* it is ours and in use; one announcement is to be sent yet */
  ACD_STATE_ONGOING,         /* in use and defended */
  ACD_STATE_PASSIVE_ONGOING, /* a link-local address that a routable one took the place of: not
                                defended */
  ACD_STATE_RATE_LIMIT       /* there was a conflict: waiting until a next attempt is allowed */
} acd_state_enum_t;

/** What the owner of an address is told. */
typedef enum {
  ACD_IP_OK,          /* use it: nobody else does, and it has been announced once */
  ACD_RESTART_CLIENT, /* after ACD_DECLINE: a new attempt, with whatever address, is allowed now */
  ACD_DECLINE         /* somebody else has it: do not use it, or no more */
} acd_callback_enum_t;

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PROT_ACD_H */
