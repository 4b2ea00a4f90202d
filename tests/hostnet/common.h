/**
 * @file
 * What tests of the private network share: devices (an instance each, with threads and DHCP),
 * servers on the host's loopback, waiting with deadlines that only a defect reaches.
 *
 * Names of lwip/ are the device's (netconns), those of sys/socket.h the host's.
 */
#ifndef TESTS_HOSTNET_COMMON_H
#define TESTS_HOSTNET_COMMON_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/opt.h"
#include "lwip/api.h"
#include "lwip/netif.h"
#include "gossamer/hostnet.h"
#include "gossamer/stack.h"

/** Milliseconds after which a test gives up. */
#define PATIENCE_MS 60000

/** Addresses of the gateway, which is the host's loopback. */
#define HOST4 "10.77.0.1"
#define HOST6 "fd67:6f73:7361:77::1"

/** All of the text at once, to a file that is there. @return false: errno says why */
bool write_file(const char *path, const char *text);
/** Leave the system's network for an empty one of one's own, before there are threads: root may,
   and others where user namespaces are allowed. @return false: errno says why */
bool network_of_own(void);

struct device {
  struct stack *stack;
  struct ethdev *dev;
  struct stack *before;
};

/** A network that asks no resolver. */
struct hostnet *network_new(void);

/** For the tests of a program: a network, and "device" on it. */
extern struct hostnet *net;
extern struct device *device;
/** Setup and teardown: what devices and network held is gone. */
int network_up(void **state);
int network_down(void **state);

/** A device plugged in, with an address of each family; the calling thread is in its instance. */
struct device *device_new(struct hostnet *network, const char *hostname);
/** Unplugged and gone; back to the instance before it. */
void device_free(struct device *d);
/** Its IPv4 address. */
ip4_addr_t device_ip4(const struct device *d);

/** Until it holds, a few milliseconds apart; fails when patience ends. */
#define wait_until(condition)                                                                      \
  do {                                                                                             \
    unsigned waited_ms = 0;                                                                        \
    while (!(condition)) {                                                                         \
      assert_true((waited_ms += 5) < PATIENCE_MS);                                                 \
      pause_ms(5);                                                                                 \
    }                                                                                              \
  } while (0)
void pause_ms(unsigned ms);

/** An address by text. */
ip_addr_t address(const char *text);
/** A new TCP netconn that is connected to it. */
struct netconn *dial(const char *host, u16_t port);
/** ... and has sent this. */
struct netconn *dial_and_write(const char *host, u16_t port, const void *data, size_t len);
/** What connecting comes to, of a connection that is not kept. */
err_t dial_error(const char *host, u16_t port);
/** All of it, or the test fails. */
void conn_write(struct netconn *conn, const void *data, size_t len);
/** Up to the end of data. @return bytes; fills at most `max`, counts all */
size_t conn_read_all(struct netconn *conn, uint8_t *data, size_t max);
/** Byte number `at` of the pattern that long transfers have. */
uint8_t pattern_byte(size_t at);
void pattern_fill(uint8_t *data, size_t len, size_t at);

/** A TCP server on the host's loopback, a thread for each connection. */
struct server;
/** What is done with a connection, which is closed behind it. */
typedef void (*serve_fn)(int fd, void *arg);
/** @param family  AF_INET or AF_INET6 */
struct server *server_new(int family, serve_fn serve, void *arg);
u16_t server_port(const struct server *s);
/** Ends when all connections have, also those that nobody has accepted yet. */
void server_free(struct server *s);

/** serve_fn: what comes goes back, until the end of data. */
void serve_echo(int fd, void *arg);
/** serve_fn: all is read first, then `*(size_t *)arg` bytes of the pattern are sent, if what came
    was the pattern. */
void serve_check_then_send(int fd, void *arg);

/** A socket of the host bound to its loopback, with a receive timeout of PATIENCE_MS. */
int host_udp(int family, u16_t *port);
/** Connected to the loopback; -1 and errno. */
int host_dial(int family, u16_t port);

#endif /* TESTS_HOSTNET_COMMON_H */
