/** @file Addresses of a name, waited for: for netdb.h and netconns. */
#ifndef API_LOOKUP_H
#define API_LOOKUP_H

#include "lwip/opt.h"
#include "gossamer/resolver.h"

/** What was found; lookup_free() it. */
struct lookup {
  ip_addr_t *addr;
  size_t count;
  char *canonical; /* NULL: the name itself */
};

/**
 * Ask for a name in the current instance and wait, with no lock held, for the answer. Where nobody
 * may wait (core_may_wait()), what cannot be told at once is RESOLVE_TRY_AGAIN.
 *
 * @return RESOLVE_OK: there is at least one address
 */
enum resolve_status lookup_name(struct lookup *out, const char *name, u8_t families);

/** An address as text, of these families and without anything behind it? */
bool lookup_number(const char *text, ip_addr_t *addr);

void lookup_free(struct lookup *l);

#endif /* API_LOOKUP_H */
