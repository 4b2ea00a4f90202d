/**
 * @file
 * Options of IPPROTO_TCP.
 */
#include "lwip/opt.h"

#if LWIP_SOCKET && LWIP_TCP

#include <limits.h>
#include <string.h>
#include "lwip/priv/sock_hooks.h"
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_info.h"
#include "api/sock_opt.h"

/** Longest name of a congestion control, with its NUL. */
#define CC_NAME_MAX 16

/** The connection's pcb; NULL: it has ended, or is a listener, which has none of these. */
static struct tcp_pcb *pcb_of(const struct sock *sock)
{
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  return pcb != NULL && pcb->state != LISTEN ? pcb : NULL;
}

static int get_flag(struct sock *sock, u32_t flag, int *value)
{
  *value = (opt_kept(sock)->tcp.flags & flag) != 0;
  return 0;
}

static int set_flag(struct sock *sock, u32_t flag, int value)
{
  struct sock_kept_tcp *kept = &opt_kept(sock)->tcp;
  kept->flags = value != 0 ? kept->flags | flag : kept->flags & ~flag;
  return opt_apply(sock);
}

static int get_nodelay(struct sock *sock, int *value)
{
  return get_flag(sock, TF_NODELAY, value);
}

static int set_nodelay(struct sock *sock, int value)
{
  return set_flag(sock, TF_NODELAY, value);
}

static int get_cork(struct sock *sock, int *value)
{
  return get_flag(sock, TF_CORK, value);
}

static int set_cork(struct sock *sock, int value)
{
  return set_flag(sock, TF_CORK, value);
}

/** What a time may be: positive, and milliseconds an int. */
static bool is_time_s(int value)
{
  return value > 0 && value <= INT_MAX / 1000;
}

static int get_keepidle_ms(struct sock *sock, int *value)
{
  *value = (int)opt_kept(sock)->tcp.keep_idle_ms;
  return 0;
}

static int set_keepidle_ms(struct sock *sock, int value)
{
  if (value <= 0) {
    return -EINVAL;
  }
  opt_kept(sock)->tcp.keep_idle_ms = (u32_t)value;
  return opt_apply(sock);
}

static int get_keepidle(struct sock *sock, int *value)
{
  *value = (int)(opt_kept(sock)->tcp.keep_idle_ms / 1000U);
  return 0;
}

static int set_keepidle(struct sock *sock, int value)
{
  return is_time_s(value) ? set_keepidle_ms(sock, value * 1000) : -EINVAL;
}

static int get_keepintvl(struct sock *sock, int *value)
{
  *value = (int)(opt_kept(sock)->tcp.keep_intvl_ms / 1000U);
  return 0;
}

static int set_keepintvl(struct sock *sock, int value)
{
  if (!LWIP_TCP_KEEPALIVE) {
    return -ENOPROTOOPT;
  }
  if (!is_time_s(value)) {
    return -EINVAL;
  }
  opt_kept(sock)->tcp.keep_intvl_ms = (u32_t)value * 1000U;
  return opt_apply(sock);
}

static int get_keepcnt(struct sock *sock, int *value)
{
  *value = (int)opt_kept(sock)->tcp.keep_cnt;
  return 0;
}

static int set_keepcnt(struct sock *sock, int value)
{
  if (!LWIP_TCP_KEEPALIVE) {
    return -ENOPROTOOPT;
  }
  if (value <= 0 || value > 127) {
    return -EINVAL;
  }
  opt_kept(sock)->tcp.keep_cnt = (u8_t)value;
  return opt_apply(sock);
}

static int get_maxseg(struct sock *sock, int *value)
{
  const struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  *value = pcb != NULL ? sock_maxseg_get(pcb) : TCP_MSS;
  return 0;
}

static int set_maxseg(struct sock *sock, int value)
{
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  return pcb != NULL ? sock_maxseg_set(pcb, value) : -EINVAL;
}

static int get_quickack(struct sock *sock, int *value)
{
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  *value = pcb != NULL && tcp_is_quick_ack(pcb);
  return pcb != NULL ? 0 : -EINVAL;
}

static int set_quickack(struct sock *sock, int value)
{
  struct tcp_pcb *pcb = pcb_of(sock);
  if (pcb == NULL) {
    return -EINVAL;
  }
  tcp_set_quick_ack(pcb, value != 0);
  return 0;
}

static int get_user_timeout(struct sock *sock, int *value)
{
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  return pcb != NULL ? sock_user_timeout_get(pcb, value) : -EINVAL;
}

static int set_user_timeout(struct sock *sock, int value)
{
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  return pcb == NULL || value < 0 ? -EINVAL : sock_user_timeout_set(pcb, value);
}

static int get_notsent_lowat(struct sock *sock, int *value)
{
  *value = (int)sock->conn->send_bounds.unsent_lowat;
  return 0;
}

/** 0: none. */
static int set_notsent_lowat(struct sock *sock, int value)
{
  if (value < 0) {
    return -EINVAL;
  }
  sock->conn->send_bounds.unsent_lowat = (u32_t)value;
  api_wake(sock->conn->waits, API_OUT);
  return 0;
}

/** The name, with as much of it and of its NUL as there is room for. */
static int get_congestion(struct sock *sock, void *value, socklen_t *len)
{
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  if (pcb == NULL) {
    return -EINVAL;
  }
  const char *name = tcp_get_congestion_control(pcb);
  *len = (socklen_t)LWIP_MIN(*len, strlen(name) + 1);
  memcpy(value, name, *len);
  return 0;
}

/** A name, with its NUL or without. */
static int set_congestion(struct sock *sock, const void *value, socklen_t len)
{
  char name[CC_NAME_MAX] = "";
  struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  if (pcb == NULL || len == 0) {
    return -EINVAL;
  }
  memcpy(name, value, LWIP_MIN(len, sizeof name - 1));
  return tcp_set_congestion_control(pcb, name) == ERR_OK ? 0 : -ENOENT;
}

/** struct tcp_connection_info; also the first part of it. Without a connection only its state. */
static int get_info(struct sock *sock, void *value, socklen_t *len)
{
  const struct tcp_pcb *pcb = sock->conn->pcb.tcp;
  struct tcp_connection_info info;
  if (tcp_get_connection_info(pcb, &info) != ERR_OK) {
    memset(&info, 0, sizeof info);
    info.state = pcb != NULL ? pcb->state : CLOSED;
  }
  *len = (socklen_t)LWIP_MIN(*len, sizeof info);
  memcpy(value, &info, *len);
  return 0;
}

static const struct sock_option options[] = {
    {.name = TCP_NODELAY, .sockets = OPT_STREAM, .get_int = get_nodelay, .set_int = set_nodelay},
    {.name = TCP_CORK, .sockets = OPT_STREAM, .get_int = get_cork, .set_int = set_cork},
    {.name = TCP_KEEPALIVE,
     .sockets = OPT_STREAM,
     .get_int = get_keepidle_ms,
     .set_int = set_keepidle_ms},
    {.name = TCP_KEEPIDLE, .sockets = OPT_STREAM, .get_int = get_keepidle, .set_int = set_keepidle},
    {.name = TCP_KEEPINTVL,
     .sockets = OPT_STREAM,
     .get_int = get_keepintvl,
     .set_int = set_keepintvl},
    {.name = TCP_KEEPCNT, .sockets = OPT_STREAM, .get_int = get_keepcnt, .set_int = set_keepcnt},
    {.name = TCP_MAXSEG, .sockets = OPT_STREAM, .get_int = get_maxseg, .set_int = set_maxseg},
    {.name = TCP_QUICKACK, .sockets = OPT_STREAM, .get_int = get_quickack, .set_int = set_quickack},
    {.name = TCP_USER_TIMEOUT,
     .sockets = OPT_STREAM,
     .get_int = get_user_timeout,
     .set_int = set_user_timeout},
    {.name = TCP_NOTSENT_LOWAT,
     .sockets = OPT_STREAM,
     .get_int = get_notsent_lowat,
     .set_int = set_notsent_lowat},
    {.name = TCP_CONGESTION, .sockets = OPT_STREAM, .get = get_congestion, .set = set_congestion},
    {.name = TCP_INFO, .sockets = OPT_STREAM, .get = get_info},
};

const struct sock_option_level sock_options_tcp = {
    .level = IPPROTO_TCP, .options = options, .count = LWIP_ARRAYSIZE(options)};

#endif /* LWIP_SOCKET && LWIP_TCP */
