/*
 * Debian's liblwip is built with LWIP_COMPAT_SOCKETS 0: its functions have their lwip_ names only,
 * so that a program may use the kernel's sockets, too. Compiled in front of an example, this header
 * gives them their short names.
 */
#include <stdio.h>
#include "lwip/if_api.h"
#include "lwip/sockets.h"

#define accept         lwip_accept
#define bind           lwip_bind
#define close          lwip_close
#define connect        lwip_connect
#define fcntl          lwip_fcntl
#define getsockopt     lwip_getsockopt
#define if_nametoindex lwip_if_nametoindex
#define inet_ntop      lwip_inet_ntop
#define inet_pton      lwip_inet_pton
#define listen         lwip_listen
#define poll(...)      lwip_poll(__VA_ARGS__)
#define recv           lwip_recv
#define recvfrom       lwip_recvfrom
#define send           lwip_send
#define sendto         lwip_sendto
#define setsockopt     lwip_setsockopt
#define shutdown       lwip_shutdown
#define socket         lwip_socket
