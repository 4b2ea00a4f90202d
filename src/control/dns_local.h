/** @file The local host list, for who resolves names. */
#ifndef CONTROL_DNS_LOCAL_H
#define CONTROL_DNS_LOCAL_H

#include <stddef.h>
#include "lwip/opt.h"
#include "lwip/ip_addr.h"
#include "control/resolver_module.h"

/** Addresses of a name. @param addr  gets at most `max`. @return how many there are */
size_t dns_local_find(const char *name, u8_t families, ip_addr_t *addr, size_t max);

/** A name for an address; NULL: there is none. Valid until the list changes. */
const char *dns_local_name_of(const ip_addr_t *addr);

#endif /* CONTROL_DNS_LOCAL_H */
