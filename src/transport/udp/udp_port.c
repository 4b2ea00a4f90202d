/**
 * @file
 * Local ports for those who asked for none (RFC 6056). A draw from a generator that nobody can
 * predict, then the next ports until one is free (RFC 6056 3.3.1): without a connection there is no
 * remote end by which the other algorithms could hash, and UDP has no TIME-WAIT to stay clear of.
 */
#include "lwip/opt.h"
#include "base/random.h"
#include "transport/udp/udp_priv.h"

#if UDP_LOCAL_PORT_RANGE_START > UDP_LOCAL_PORT_RANGE_END || UDP_LOCAL_PORT_RANGE_START < 1 ||     \
    UDP_LOCAL_PORT_RANGE_END > 65535
#error "UDP_LOCAL_PORT_RANGE_START to _END must be a range of ports, 1 to 65535"
#endif

u16_t udp_port_pick(const struct udp_pcb *pcb)
{
  u32_t count = UDP_LOCAL_PORT_RANGE_END - UDP_LOCAL_PORT_RANGE_START + 1;
  u32_t offset = random_below(count);
  for (u32_t tries = 0; tries < count; tries++) {
    u16_t port = (u16_t)(UDP_LOCAL_PORT_RANGE_START + offset);
    if (!udp_port_is_taken(pcb, NULL, port)) {
      return port;
    }
    offset = (offset + 1 == count) ? 0 : offset + 1;
  }
  return 0;
}
