/**
 * @file
 * Every pool of the build, made from lwip/priv/memp_std.h. The only file that knows all the
 * structs.
 */
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/pbuf.h"
#include "lwip/raw.h"
#include "lwip/udp.h"
#include "lwip/altcp.h"
#include "lwip/api.h"
#include "lwip/dns.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcp_syncache_fields.h"
#include "lwip/etharp.h"
#include "lwip/igmp.h"
#include "lwip/ip4_frag.h"
#include "lwip/ip6_frag.h"
#include "lwip/mld6.h"
#include "lwip/priv/nd6_priv.h"
#include "lwip/timeouts.h"
#include "lwip/priv/netifapi_priv.h"
#include "lwip/priv/tcpip_priv.h"

#define LWIP_MEMPOOL(name, num, size, desc) LWIP_MEMPOOL_DECLARE(name, num, size, desc)
#include "lwip/priv/memp_std.h"

const struct memp_desc *const memp_pools[MEMP_MAX] = {
#define LWIP_MEMPOOL(name, num, size, desc) &memp_##name,
#include "lwip/priv/memp_std.h"
};
