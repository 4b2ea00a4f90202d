/**
 * @file
 * What IGMP's own files share. Groups and reports are in src/ip/mcast_*.c.
 */
#ifndef IP_V4_IGMP_PRIV_H
#define IP_V4_IGMP_PRIV_H

#include "lwip/igmp.h"
#include "lwip/prot/igmp.h"
#include "ip/mcast_group.h"

#define IGMP_ALL_SYSTEMS    PP_HTONL(0xe0000001UL) /* 224.0.0.1 */
#define IGMP_ALL_ROUTERS    PP_HTONL(0xe0000002UL) /* 224.0.0.2 */
#define IGMP_V3_ALL_ROUTERS PP_HTONL(0xe0000016UL) /* 224.0.0.22 */

/* igmp_send.c; members of struct mcast_family */
u16_t igmp_report_len_max(const struct netif *netif);
struct pbuf *igmp_alloc(u16_t len);
void igmp_send_v3_report(struct netif *netif, struct pbuf *p, u16_t num_records);
void igmp_send_report(struct mcast_group *g); /* version 1 or 2 */
void igmp_send_leave(struct mcast_group *g);

#endif /* IP_V4_IGMP_PRIV_H */
