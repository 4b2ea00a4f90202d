/**
 * @file
 * What MLD's own files share. Groups and reports are in src/ip/mcast_*.c.
 */
#ifndef IP_V6_MLD6_PRIV_H
#define IP_V6_MLD6_PRIV_H

#include "lwip/mld6.h"
#include "lwip/prot/mld6.h"
#include "ip/mcast_group.h"

/** Of every message (RFC 3810 5). */
#define MLD6_HOP_LIMIT 1

/* Last bytes of ff02::2 and ff02::16. */
#define MLD6_ALL_ROUTERS    0x02
#define MLD6_V2_ALL_ROUTERS 0x16

/** MLD's state of an interface, started when it is needed first. */
struct mcast_link *mld6_link(struct netif *netif);

/* mld6_send.c; members of struct mcast_family */
u16_t mld6_report_len_max(const struct netif *netif);
struct pbuf *mld6_alloc(u16_t len);
void mld6_send_v2_report(struct netif *netif, struct pbuf *p, u16_t num_records);
void mld6_send_report(struct mcast_group *g); /* version 1 */
void mld6_send_done(struct mcast_group *g);

#endif /* IP_V6_MLD6_PRIV_H */
