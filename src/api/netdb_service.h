/** @file Services with a name. */
#ifndef API_NETDB_SERVICE_H
#define API_NETDB_SERVICE_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/arch.h"

#define SERVICE_TCP 0x01U
#define SERVICE_UDP 0x02U

/** Port of a service over one of `protocols`; 0: there is none. */
u16_t service_port(const char *name, u8_t protocols);

/** Its name; NULL: it has none here. */
const char *service_name(u16_t port, u8_t protocols);

/** A port in decimal digits. @return false: it is no number; *is_port: within 0 to 65535 */
bool service_number(const char *text, u16_t *port, bool *is_port);

#endif /* API_NETDB_SERVICE_H */
