/**
 * @file
 * Sockets that talk to an address of their own: compiled against this stack and against Debian's
 * liblwip from this one source, for counting instructions and context switches (run.py).
 *
 *     sockets udp|tcp|connect|bulk COUNT
 *
 * A client (the main thread) and a server (a thread of its own) do COUNT operations: a round trip
 * of 64 bytes by UDP or TCP, a connection opened, accepted and closed by both ends, 16 KiB sent by
 * TCP in one call and received. Prints context switches per operation, of all threads, and
 * microseconds.
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

static int listening_socket(void)
{
  int s = bound_socket(SOCK_STREAM);
  require(lwip_listen(s, 8) == 0, "listen");
  return s;
}

static int accepted_socket(int listener)
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

/** Ask and be answered, as often as there are operations. */
static void ask(int s)
{
  char data[PING_LEN];
  memset(data, 'a', sizeof data);
  for (unsigned i = 0; i < operations; i++) {
    send_all(s, data, sizeof data);
    receive_all(s, data, sizeof data);
  }
}

/* --- the operations: a server's socket, its thread, the client --- */

static int server;

static void udp_serve(void *arg)
{
  char data[PING_LEN];
  struct sockaddr_in from;
  (void)arg;
  for (unsigned i = 0; i < operations; i++) {
    socklen_t from_len = sizeof from;
    ssize_t len = lwip_recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&from, &from_len);
    require(len == PING_LEN, "recvfrom");
    require(lwip_sendto(server, data, PING_LEN, 0, (struct sockaddr *)&from, from_len) == len,
            "sendto");
  }
  sys_sem_signal(&is_over);
}

static void udp_ask(void)
{
  int s = connected_socket(SOCK_DGRAM);
  ask(s);
  lwip_close(s);
}

static void tcp_serve(void *arg)
{
  char data[PING_LEN];
  int s = accepted_socket(server);
  (void)arg;
  for (unsigned i = 0; i < operations; i++) {
    receive_all(s, data, sizeof data);
    send_all(s, data, sizeof data);
  }
  lwip_close(s);
  sys_sem_signal(&is_over);
}

static void tcp_ask(void)
{
  int s = connected_socket(SOCK_STREAM);
  ask(s);
  lwip_close(s);
}

static void connect_serve(void *arg)
{
  (void)arg;
  for (unsigned i = 0; i < operations; i++) {
    lwip_close(accepted_socket(server));
  }
  sys_sem_signal(&is_over);
}

static void connect_ask(void)
{
  for (unsigned i = 0; i < operations; i++) {
    char data;
    int s = connected_socket(SOCK_STREAM);
    require(lwip_recv(s, &data, 1, 0) == 0, "end of file");
    lwip_close(s);
  }
}

static void bulk_serve(void *arg)
{
  static char data[BULK_LEN];
  int s = accepted_socket(server);
  (void)arg;
  for (unsigned i = 0; i < operations; i++) {
    receive_all(s, data, sizeof data);
  }
  lwip_close(s);
  sys_sem_signal(&is_over);
}

static void bulk_ask(void)
{
  static char data[BULK_LEN];
  int s = connected_socket(SOCK_STREAM);
  for (unsigned i = 0; i < operations; i++) {
    send_all(s, data, sizeof data);
  }
  lwip_close(s);
}

static const struct operation {
  const char *name;
  int type;
  void (*serve)(void *arg);
  void (*ask)(void);
} all_operations[] = {
    {"udp", SOCK_DGRAM, udp_serve, udp_ask},
    {"tcp", SOCK_STREAM, tcp_serve, tcp_ask},
    {"connect", SOCK_STREAM, connect_serve, connect_ask},
    {"bulk", SOCK_STREAM, bulk_serve, bulk_ask},
};

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

static void measure(const struct operation *op)
{
  server = op->type == SOCK_DGRAM ? bound_socket(SOCK_DGRAM) : listening_socket();
  long switches = context_switches();
  double start = seconds();
  sys_thread_new("server", op->serve, NULL, 0, 0);
  op->ask();
  sys_arch_sem_wait(&is_over, 0);
  double us = (seconds() - start) * 1e6;
  printf("%.2f context switches, %.1f us\n", (double)(context_switches() - switches) / operations,
         us / operations);
}

int main(int argc, char **argv)
{
  require(argc == 3, "arguments");
  operations = (unsigned)strtoul(argv[2], NULL, 10);
  sys_sem_new(&is_over, 0);
  tcpip_init(NULL, NULL);
  sys_sem_new(&is_ready, 0);
  tcpip_callback(add_netif, NULL);
  sys_arch_sem_wait(&is_ready, 0);
  for (size_t i = 0; i < sizeof all_operations / sizeof all_operations[0]; i++) {
    if (strcmp(argv[1], all_operations[i].name) == 0) {
      measure(&all_operations[i]);
      fflush(stdout);
      _Exit(0);
    }
  }
  return 2;
}
