/** @file LWIP_SOCKET_EXTERNAL_HEADER_SOCKETS_H: sockets by the system's types and numbers. */
#ifndef TESTS_SYSTEM_SOCKETS_H
#define TESTS_SYSTEM_SOCKETS_H

#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>

#endif /* TESTS_SYSTEM_SOCKETS_H */
