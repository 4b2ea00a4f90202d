/**
 * @file
 * Sockets that talk to an address of their own: compiled against this stack and against Debian's
 * liblwip from this one source, for counting instructions and context switches (run.py).
 *
 *     sockets one|two udp|tcp|connect|bulk COUNT
 *
 * A client and a server, both in the main thread (one) or each in its own (two), do COUNT
 * operations: a round trip of 64 bytes by UDP or TCP, a connection opened, accepted and closed by
 * both ends, 16 KiB sent by TCP in one call and received. Prints context switches and microseconds
 * per operation, of all threads.
 *
 * liblwip has no loopback interface, so the program has a small one of its own, for both: what it
 * is given to send it hands back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sockets.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

enum { PING_LEN = 64, BULK_LEN = 16 * 1024, PORT = 7007 };

static unsigned operations;
static struct netif own_netif;
static sys_sem_t is_ready, is_over;
static int client, server, listener; /* sockets */
static char client_data[BULK_LEN], server_data[BULK_LEN];

static void require(int is_true, const char *what)
{
  if (!is_true) {
    perror(what);
    exit(2);
  }
}

/* --- the interface --- */

/** Back with it, in memory of its own. PBUF_POOL of Debian's liblwip overruns (592 bytes). */
static err_t hand_back(struct netif *netif, struct pbuf *p, const ip4_addr_t *next_hop)
{
  struct pbuf *copy = pbuf_alloc(PBUF_LINK, p->tot_len, PBUF_RAM);
  (void)next_hop;
  if (copy == NULL) {
    return ERR_MEM;
  }
  pbuf_copy(copy, p);
  if (netif->input(copy, netif) != ERR_OK) {
    pbuf_free(copy);
    return ERR_MEM;
  }
  return ERR_OK;
}

static err_t own_netif_init(struct netif *netif)
{
  netif->name[0] = 'o';
  netif->name[1] = 'w';
  netif->mtu = 1500;
  netif->output = hand_back;
  return ERR_OK;
}

static void add_netif(void *arg)
{
  ip4_addr_t addr, mask, gateway;
  (void)arg;
  IP4_ADDR(&addr, 10, 7, 7, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gateway, 0, 0, 0, 0);
  netif_add(&own_netif, &addr, &mask, &gateway, NULL, own_netif_init, tcpip_input);
  netif_set_link_up(&own_netif);
  netif_set_up(&own_netif);
  sys_sem_signal(&is_ready);
}

static struct sockaddr_in own_address(void)
{
  struct sockaddr_in address = {0};
  address.sin_family = AF_INET;
  address.sin_port = htons(PORT);
  address.sin_addr.s_addr = htonl(0x0a070701);
  return address;
}

/* --- what both ends do --- */

static int bound_socket(int type)
{
  struct sockaddr_in address = own_address();
  int s = lwip_socket(AF_INET, type, 0);
  require(s >= 0, "socket");
  require(lwip_bind(s, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  return s;
}

static int connected_socket(int type)
{
  struct sockaddr_in address = own_address();
  int s = lwip_socket(AF_INET, type, 0);
  require(s >= 0, "socket");
  require(lwip_connect(s, (struct sockaddr *)&address, sizeof address) == 0, "connect");
  return s;
}

static int accepted_socket(void)
{
  int s = lwip_accept(listener, NULL, NULL);
  require(s >= 0, "accept");
  return s;
}

static void receive_all(int s, char *data, size_t len)
{
  for (size_t done = 0; done < len;) {
    ssize_t part_len = lwip_recv(s, data + done, len - done, 0);
    require(part_len > 0, "recv");
    done += (size_t)part_len;
  }
}

static void send_all(int s, const char *data, size_t len)
{
  require(lwip_send(s, data, len, 0) == (ssize_t)len, "send");
}

/* --- the operations: what the client does, what the server does, what the client does then --- */

static void send_ping(void)
{
  send_all(client, client_data, PING_LEN);
}

static void receive_pong(void)
{
  receive_all(client, client_data, PING_LEN);
}

static void udp_answer(void)
{
  struct sockaddr_in from;
  socklen_t from_len = sizeof from;
  ssize_t len =
      lwip_recvfrom(server, server_data, PING_LEN, 0, (struct sockaddr *)&from, &from_len);
  require(len == PING_LEN, "recvfrom");
  require(lwip_sendto(server, server_data, PING_LEN, 0, (struct sockaddr *)&from, from_len) == len,
          "sendto");
}

static void tcp_answer(void)
{
  receive_all(server, server_data, PING_LEN);
  send_all(server, server_data, PING_LEN);
}

static void open_client(void)
{
  client = connected_socket(SOCK_STREAM);
}

static void accept_and_close(void)
{
  lwip_close(accepted_socket());
}

static void close_client(void)
{
  require(lwip_recv(client, client_data, 1, 0) == 0, "end of file");
  lwip_close(client);
}

static void send_bulk(void)
{
  send_all(client, client_data, BULK_LEN);
}

static void receive_bulk(void)
{
  receive_all(server, server_data, BULK_LEN);
}

static void nothing(void)
{
}

static const struct operation {
  const char *name;
  int type;
  int is_connected; /* beforehand */
  void (*ask)(void);
  void (*answer)(void);
  void (*end)(void);
} all_operations[] = {
    {"udp", SOCK_DGRAM, 1, send_ping, udp_answer, receive_pong},
    {"tcp", SOCK_STREAM, 1, send_ping, tcp_answer, receive_pong},
    {"connect", SOCK_STREAM, 0, open_client, accept_and_close, close_client},
    {"bulk", SOCK_STREAM, 1, send_bulk, receive_bulk, nothing},
};

static void prepare(const struct operation *op)
{
  int s = bound_socket(op->type);
  if (op->type == SOCK_DGRAM) {
    server = s;
  } else {
    listener = s;
    require(lwip_listen(listener, 8) == 0, "listen");
  }
  if (op->is_connected) {
    client = connected_socket(op->type);
  }
  if (op->is_connected && op->type == SOCK_STREAM) {
    server = accepted_socket();
  }
}

static void do_in_one_thread(const struct operation *op)
{
  for (unsigned i = 0; i < operations; i++) {
    op->ask();
    op->answer();
    op->end();
  }
}

static void serve(void *arg)
{
  const struct operation *op = (const struct operation *)arg;
  for (unsigned i = 0; i < operations; i++) {
    op->answer();
  }
  sys_sem_signal(&is_over);
}

static void do_in_two_threads(const struct operation *op)
{
  sys_thread_new("server", serve, (void *)op, 0, 0);
  for (unsigned i = 0; i < operations; i++) {
    op->ask();
    op->end();
  }
  sys_arch_sem_wait(&is_over, 0);
}

static double seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long context_switches(void)
{
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw + usage.ru_nivcsw;
}

static void measure(const struct operation *op, int has_two_threads)
{
  prepare(op);
  long switches = context_switches();
  double start = seconds();
  if (has_two_threads) {
    do_in_two_threads(op);
  } else {
    do_in_one_thread(op);
  }
  double us = (seconds() - start) * 1e6;
  printf("%.3f %.1f\n", (double)(context_switches() - switches) / operations, us / operations);
  fflush(stdout);
  _Exit(0); /* the stack's own thread never ends */
}

int main(int argc, char **argv)
{
  require(argc == 4, "arguments");
  operations = (unsigned)strtoul(argv[3], NULL, 10);
  sys_sem_new(&is_over, 0);
  tcpip_init(NULL, NULL);
  sys_sem_new(&is_ready, 0);
  tcpip_callback(add_netif, NULL);
  sys_arch_sem_wait(&is_ready, 0);
  for (size_t i = 0; i < sizeof all_operations / sizeof all_operations[0]; i++) {
    if (strcmp(argv[2], all_operations[i].name) == 0) {
      measure(&all_operations[i], strcmp(argv[1], "two") == 0);
    }
  }
  return 2;
}
