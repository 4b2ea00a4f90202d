/** @file LWIP_SOCKET_EXTERNAL_HEADER_INET_H: addresses by the system's types. */
#ifndef TESTS_SYSTEM_INET_H
#define TESTS_SYSTEM_INET_H

#include <arpa/inet.h>
#include <netinet/in.h>

#endif /* TESTS_SYSTEM_INET_H */
