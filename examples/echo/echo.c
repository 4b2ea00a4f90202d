/*
 * A device on a network, on one page: answers pings and echoes UDP port 7.
 *
 *   ./example-echo --tap tap0 --address 10.77.0.2/24 --gateway 10.77.0.1
 *   ./example-echo --unix /tmp/here /tmp/there --address 10.77.0.2/24     (no privileges)
 *
 * It runs until it is interrupted.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/udp.h"
#include "port/ethdev.h"
#include "port/loop.h"

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
  (void)number;
  is_interrupted = 1;
}

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
  (void)arg;
  udp_sendto(pcb, p, from, port);
  pbuf_free(p);
}

static int fail(const char *what)
{
  fprintf(stderr, "echo: %s (see --help)\n", what);
  return 1;
}

static void help(void)
{
  puts("usage: example-echo (--tap NAME | --unix LOCAL REMOTE) --address A.B.C.D/BITS\n"
       "                    [--gateway A.B.C.D]\n"
       "Answers pings and echoes UDP port 7, until interrupted.");
}

/** "10.0.0.2/24" into an address and a mask; 0 when it is not one. */
static int parse_address(const char *text, ip4_addr_t *addr, ip4_addr_t *mask)
{
  char copy[IP4ADDR_STRLEN_MAX];
  const char *slash = strchr(text, '/');
  int bits = slash != NULL ? atoi(slash + 1) : 0;
  if (slash == NULL || (size_t)(slash - text) >= sizeof copy || bits < 1 || bits > 32) {
    return 0;
  }
  snprintf(copy, sizeof copy, "%.*s", (int)(slash - text), text);
  ip4_addr_set_u32(mask, lwip_htonl(0xffffffffUL << (32 - bits)));
  return ip4addr_aton(copy, addr);
}

int main(int argc, char **argv)
{
  ip4_addr_t addr = {0}, mask = {0}, gw = {0};
  struct ethdev *dev = NULL;
  char error[ETHDEV_ERROR_LEN] = "name an interface: --tap or --unix";

  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) {
      help();
      return 0;
    } else if (strcmp(argv[i], "--tap") == 0 && i + 1 < argc) {
      dev = ethdev_open_tap(argv[++i], NULL, error);
    } else if (strcmp(argv[i], "--unix") == 0 && i + 2 < argc) {
      dev = ethdev_open_unix(argv[i + 1], argv[i + 2], NULL, error);
      i += 2;
    } else if (strcmp(argv[i], "--address") == 0 && i + 1 < argc) {
      if (!parse_address(argv[++i], &addr, &mask)) {
        return fail("--address wants A.B.C.D/BITS");
      }
    } else if (strcmp(argv[i], "--gateway") == 0 && i + 1 < argc) {
      if (!ip4addr_aton(argv[++i], &gw)) {
        return fail("--gateway wants A.B.C.D");
      }
    } else {
      return fail("unknown option, or one without its value");
    }
  }
  if (dev == NULL) {
    return fail(error);
  }
  if (ip4_addr_isany_val(addr)) {
    return fail("--address is missing");
  }

  lwip_init();
  if (ethdev_add(dev, &addr, &mask, &gw) != ERR_OK) {
    return fail("the interface cannot be added");
  }
  netif_set_default(dev->netif);
  struct udp_pcb *pcb = udp_new();
  if (pcb == NULL || udp_bind(pcb, IP_ADDR_ANY, 7) != ERR_OK) {
    return fail("UDP port 7 cannot be bound");
  }
  udp_recv(pcb, echo, NULL);

  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  struct port_loop loop = {0};
  port_loop_add(&loop, &dev->source);
  printf("%s answers pings and echoes UDP port 7\n", ip4addr_ntoa(&addr));
  fflush(stdout);
  while (!is_interrupted) {
    port_loop_turn(&loop, -1);
  }
  udp_remove(pcb);
  ethdev_close(dev);
  return 0;
}
