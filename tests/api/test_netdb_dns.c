/**
 * @file
 * Names by DNS, from many threads: one instance asks, the other one serves, over a wire that
 * drivers carry frames on. needs: threads needs: ipv4
 */
#include "wire.h"
#include <stdio.h>
#include "lwip/api.h"
#include "lwip/dns.h"
#include "lwip/netdb.h"
#include "lwip/sockets.h"

#define THREADS 8
#define NAMES   12

static struct wire wire;

/* --- the server: every name "nX..." has the address 192.0.2.X; "no..." do not exist; addresses
   that begin with 9 have the name "n9.example", all others none --- */

struct server {
  int socket;
  sys_sem_t ended;
};

static size_t reply_to(u8_t *msg, size_t len)
{
  static const u8_t head[] = {0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2};
  bool is_name = (msg[13] | 0x20) == 'n' && (msg[14] | 0x20) != 'o';
  static const u8_t name[] = {0xC0, 0x0C, 0,   12, 0,   1,   0,   0,   0,   60,  0,   12,
                              2,    'n',  '9', 7,  'e', 'x', 'a', 'm', 'p', 'l', 'e', 0};
  bool is_a = msg[len - 3] == 1;
  bool is_ptr = msg[len - 3] == 12;
  msg[2] |= 0x80;
  if (is_ptr && msg[13] == '9') {
    msg[7] = 1;
    memcpy(msg + len, name, sizeof name);
    return len + sizeof name;
  }
  msg[3] = is_name ? 0 : 3;
  if (!is_name || !is_a) {
    return len;
  }
  msg[7] = 1;
  memcpy(msg + len, head, sizeof head);
  msg[len + sizeof head] = (u8_t)atoi((char *)msg + 14);
  return len + sizeof head + 1;
}

/** Until a datagram without data comes. */
static void serve(void *arg)
{
  struct server *s = (struct server *)arg;
  u8_t msg[600];
  struct sockaddr_in from;
  ssize_t len;
  do {
    socklen_t from_len = sizeof from;
    len = lwip_recvfrom(s->socket, msg, sizeof msg - 32, 0, (struct sockaddr *)(void *)&from,
                        &from_len);
    if (len > 17) {
      size_t reply_len = reply_to(msg, (size_t)len);
      lwip_sendto(s->socket, msg, reply_len, 0, (struct sockaddr *)(void *)&from, from_len);
    }
  } while (len > 0);
  sys_sem_signal(&s->ended);
}

static void server_start(struct server *s)
{
  struct sockaddr_in name;
  struct stack *before = stack_enter(wire.end[1].instance);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_port = lwip_htons(53);
  s->ended = api_sem();
  s->socket = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  assert_true(s->socket >= 0);
  assert_int_equal(lwip_bind(s->socket, (struct sockaddr *)(void *)&name, sizeof name), 0);
  sys_thread_new("server", serve, s, 0, 0);
  stack_leave(before);
}

static void server_stop(struct server *s)
{
  struct sockaddr_in name;
  struct stack *before = stack_enter(wire.end[1].instance);
  int end = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_port = lwip_htons(53);
  name.sin_addr.s_addr = lwip_htonl(INADDR_LOOPBACK);
  assert_int_equal(lwip_sendto(end, "", 0, 0, (struct sockaddr *)(void *)&name, sizeof name), 0);
  api_await(&s->ended);
  assert_int_equal(lwip_close(end), 0);
  assert_int_equal(lwip_close(s->socket), 0);
  sys_sem_free(&s->ended);
  stack_leave(before);
}

/* --- who asks --- */

struct asker {
  unsigned number;
  unsigned right;
  sys_sem_t done;
};

/** @return true: as the server has it */
static bool ask(const char *name, unsigned last_byte)
{
  struct addrinfo hints, *res = NULL;
  struct sockaddr_in sin;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  int err = lwip_getaddrinfo(name, "http", &hints, &res);
  if (last_byte == 0) {
    return err == EAI_NONAME && res == NULL;
  }
  if (err != 0) {
    return false;
  }
  memcpy(&sin, res->ai_addr, sizeof sin);
  bool is_right = lwip_ntohl(sin.sin_addr.s_addr) == (0xC0000200U | last_byte) &&
                  sin.sin_port == lwip_htons(80) && res->ai_next == NULL;
  lwip_freeaddrinfo(res);
  return is_right;
}

static void asker_run(void *arg)
{
  struct asker *a = (struct asker *)arg;
  char name[40];
  struct stack *before = stack_enter(wire.end[0].instance);
  for (unsigned i = 0; i < NAMES; i++) {
    /* Some are the same for all, some are not. */
    snprintf(name, sizeof name, i % 2 ? "n%u.example" : "n%u.t%u.example", i + 1, a->number);
    a->right += ask(name, i + 1);
    snprintf(name, sizeof name, "no%u.example", i);
    a->right += ask(name, 0);
    snprintf(name, sizeof name, "n%u.example", i + 1);
    ip_addr_t addr[DNS_MAX_HOST_IP];
    a->right += netconn_gethostbyname(name, addr) == ERR_OK;
  }
  stack_leave(before);
  sys_sem_signal(&a->done);
}

static void asked_by_many_threads(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct server server;
  struct asker asker[THREADS];
  ip_addr_t addr = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  wire_up(&wire);
  server_start(&server);
  struct stack *before = stack_enter(wire.end[0].instance);
  LOCK_TCPIP_CORE();
  dns_setserver(0, &addr);
  UNLOCK_TCPIP_CORE();
  for (unsigned i = 0; i < THREADS; i++) {
    asker[i].number = i;
    asker[i].right = 0;
    asker[i].done = api_sem();
    sys_thread_new("asker", asker_run, &asker[i], 0, 0);
  }
  for (unsigned i = 0; i < THREADS; i++) {
    api_await(&asker[i].done);
    sys_sem_free(&asker[i].done);
    assert_int_equal(asker[i].right, 3 * NAMES);
  }
  stack_leave(before);
  server_stop(&server);
  wire_down(&wire);
}

/* --- names of addresses --- */

static int name_of(u32_t addr, int flags, char host[NI_MAXHOST])
{
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof sin);
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = lwip_htonl(addr);
  return lwip_getnameinfo((struct sockaddr *)(void *)&sin, sizeof sin, host, NI_MAXHOST, NULL, 0,
                          flags);
}

/* RFC 3493 6.2: the name that DNS knows; where it knows none the number, or an error with
   NI_NAMEREQD; the number alone with NI_NUMERICHOST, nobody asked. */
static void names_of_addresses(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct server server;
  char host[NI_MAXHOST];
  ip_addr_t addr = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  wire_up(&wire);
  server_start(&server);
  struct stack *before = stack_enter(wire.end[0].instance);
  assert_int_equal(name_of(0xC0000209U, NI_NAMEREQD, host), EAI_AGAIN); /* no server */
  LOCK_TCPIP_CORE();
  dns_setserver(0, &addr);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(name_of(0xC0000209U, 0, host), 0);
  assert_string_equal(host, "n9.example");
  assert_int_equal(name_of(0xC0000209U, NI_NAMEREQD, host), 0);
  assert_string_equal(host, "n9.example");
  assert_int_equal(name_of(0xC0000209U, NI_NUMERICHOST, host), 0);
  assert_string_equal(host, "192.0.2.9");
  assert_int_equal(name_of(0xC0000208U, 0, host), 0);
  assert_string_equal(host, "192.0.2.8");
  assert_int_equal(name_of(0xC0000208U, NI_NAMEREQD, host), EAI_NONAME);
  assert_int_equal(name_of(0xA9FE0109U, NI_NAMEREQD, host), EAI_NONAME); /* of this link alone */
  stack_leave(before);
  server_stop(&server);
  wire_down(&wire);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_of_addresses),
      cmocka_unit_test(asked_by_many_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
