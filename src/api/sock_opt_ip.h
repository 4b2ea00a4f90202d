/**
 * @file
 * Functions of options that IPPROTO_IP and IPPROTO_IPV6 share.
 */
#ifndef API_SOCK_OPT_IP_H
#define API_SOCK_OPT_IP_H

#include "api/sock.h"

int opt_get_tos(struct sock *sock, int *value);
int opt_set_tos(struct sock *sock, int value);
int opt_get_ttl(struct sock *sock, int *value);
int opt_set_ttl(struct sock *sock, int value);
int opt_get_recv_pktinfo(struct sock *sock, int *value);
int opt_set_recv_pktinfo(struct sock *sock, int value);
int opt_get_recv_ttl(struct sock *sock, int *value);
int opt_set_recv_ttl(struct sock *sock, int value);
int opt_get_recv_tos(struct sock *sock, int *value);
int opt_set_recv_tos(struct sock *sock, int value);
int opt_get_mtu(struct sock *sock, int *value);
int opt_get_mtu_discover(struct sock *sock, int *value);
int opt_set_mtu_discover(struct sock *sock, int value);
int opt_get_mcast_ttl(struct sock *sock, int *value);
int opt_set_mcast_ttl(struct sock *sock, int value);
/** By the index of the interface; 0: by route. */
int opt_get_mcast_index(struct sock *sock, int *value);
int opt_set_mcast_index(struct sock *sock, int value);
int opt_get_mcast_loop(struct sock *sock, int *value);
int opt_set_mcast_loop(struct sock *sock, int value);

/* Memberships (sock_opt_mcast.c): struct ip_mreq, ip_mreqn, ip_mreq_source ... */
int opt_add_membership(struct sock *sock, const void *value, socklen_t len);
int opt_drop_membership(struct sock *sock, const void *value, socklen_t len);
int opt_add_source(struct sock *sock, const void *value, socklen_t len);
int opt_drop_source(struct sock *sock, const void *value, socklen_t len);
int opt_block_source(struct sock *sock, const void *value, socklen_t len);
int opt_unblock_source(struct sock *sock, const void *value, socklen_t len);
/* ... struct ipv6_mreq ... */
int opt_join_group6(struct sock *sock, const void *value, socklen_t len);
int opt_leave_group6(struct sock *sock, const void *value, socklen_t len);
/* ... struct group_req, group_source_req (RFC 3678 5.1). */
int opt_mcast_join(struct sock *sock, const void *value, socklen_t len);
int opt_mcast_leave(struct sock *sock, const void *value, socklen_t len);
int opt_mcast_join_source(struct sock *sock, const void *value, socklen_t len);
int opt_mcast_leave_source(struct sock *sock, const void *value, socklen_t len);
int opt_mcast_block(struct sock *sock, const void *value, socklen_t len);
int opt_mcast_unblock(struct sock *sock, const void *value, socklen_t len);

#endif /* API_SOCK_OPT_IP_H */
