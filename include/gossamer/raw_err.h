/**
 * @file
 * ICMP errors about packets that a raw endpoint sent. Needs LWIP_RAW_ERRORS.
 */
#ifndef GOSSAMER_RAW_ERR_H
#define GOSSAMER_RAW_ERR_H

#include "lwip/opt.h"
#include "lwip/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct raw_pcb;
struct ip_error;

/**
 * An ICMP error about a packet of the pcb's protocol has come; `arg` is raw_recv()'s, `err` as for
 * udp_err_fn, `e` valid during the call. A connected pcb hears of its peer alone, a bound one of
 * its address alone. The callback may close `pcb`.
 */
typedef void (*raw_err_fn)(void *arg, struct raw_pcb *pcb, err_t err, const struct ip_error *e);

/** Set the callback for ICMP errors; NULL: none. lwip/raw.h has it when LWIP_RAW_ERRORS is 1. */
static inline void raw_err(struct raw_pcb *pcb, raw_err_fn err);

#if !LWIP_RAW_ERRORS
static inline void raw_err(struct raw_pcb *pcb, raw_err_fn err)
{
  (void)pcb;
  (void)err;
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_RAW_ERR_H */
