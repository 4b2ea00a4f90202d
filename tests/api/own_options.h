/**
 * @file
 * Hooks of test_sock_hooks.c: sockets with an option of the program's own.
 */
#ifndef TESTS_API_OWN_OPTIONS_H
#define TESTS_API_OWN_OPTIONS_H

#include "lwip/sockets.h"

struct sock;

/** The level of two options: one is a number, the other one's error is EPERM. */
enum { OWN_LEVEL = 0x4000, OWN_NUMBER = 1, OWN_SECRET = 2 };

int own_set(int s, struct sock *sock, int level, int name, const void *value, socklen_t len,
            int *error);
int own_get(int s, struct sock *sock, int level, int name, void *value, socklen_t *len, int *error);

#define LWIP_HOOK_SOCKETS_SETSOCKOPT own_set
#define LWIP_HOOK_SOCKETS_GETSOCKOPT own_get

#endif /* TESTS_API_OWN_OPTIONS_H */
