/**
 * @file
 * Options of sockets: a table per level, looked up by getsockopt() and setsockopt().
 *
 * Functions run with the core lock held; they return 0 or a negated errno.
 */
#ifndef API_SOCK_OPT_H
#define API_SOCK_OPT_H

#include "api/sock.h"

/* Which sockets have an option; on others it is ENOPROTOOPT. */
#define OPT_STREAM 0x01U
#define OPT_UDP    0x02U
#define OPT_RAW    0x04U
#define OPT_V6     0x08U /* of AF_INET6 alone */
#define OPT_DGRAM  (OPT_UDP | OPT_RAW)
#define OPT_ANY    (OPT_STREAM | OPT_DGRAM)

/** One option; functions that are NULL: it cannot be read, or set (ENOPROTOOPT). */
struct sock_option {
  int name;
  u8_t sockets; /* OPT_* */
  /* An int: `value` is one, or a single byte where the program says so by its length. */
  int (*get_int)(struct sock *sock, int *value);
  int (*set_int)(struct sock *sock, int value);
  /* Anything else; *len is the room and becomes the length. */
  int (*get)(struct sock *sock, void *value, socklen_t *len);
  int (*set)(struct sock *sock, const void *value, socklen_t len);
};

struct sock_option_level {
  int level;
  const struct sock_option *options;
  unsigned count;
};

extern const struct sock_option_level sock_options_socket; /* sock_opt_socket.c */
extern const struct sock_option_level sock_options_tcp;    /* sock_opt_tcp.c */
extern const struct sock_option_level sock_options_ip;     /* sock_opt_ip.c */
extern const struct sock_option_level sock_options_ip6;    /* sock_opt_ip6.c */
extern const struct sock_option_level sock_options_checksum;
extern const struct sock_option_level sock_options_udplite;
extern const struct sock_option_level sock_options_raw;
extern const struct sock_option_level sock_options_icmp6;

/** What the connection has, or had. A function that changes it ends in opt_apply(), which is 0. */
struct sock_kept *opt_kept(struct sock *sock);
int opt_apply(struct sock *sock);
/** 0 or 1 of a flag in ip_pcb.so_options. */
int opt_get_so(struct sock *sock, u8_t flag, int *value);
int opt_set_so(struct sock *sock, u8_t flag, int value);
/** 0 or 1 of a flag in sock->flags. */
int opt_get_flag(const struct sock *sock, u8_t flag, int *value);
int opt_set_flag(struct sock *sock, u8_t flag, int value);
/* SO_OOBINLINE (sock_urgent.c) */
int opt_get_oobinline(struct sock *sock, int *value);
int opt_set_oobinline(struct sock *sock, int value);
/** Copy `size` bytes out, EINVAL when there is less room. */
int opt_put(void *value, socklen_t *len, const void *from, size_t size);

#endif /* API_SOCK_OPT_H */
