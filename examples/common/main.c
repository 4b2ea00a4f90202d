/*
 * Starts the stack for an example: a tcpip thread, an interface with its addresses, then
 * app_main(). Written for lwIP's Unix port, of which Gossamer has the same functions.
 *
 *   example-NAME --tap tap0 [--ip4 10.77.0.2/24] [--ip6 fd77::2] [--gateway 10.77.0.1] ...
 *
 * It ends with the application, or by SIGINT or SIGTERM.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/priv/tcp_priv.h"
#include "netif/tapif.h"
#include "app.h"

/** From the command line; what it does not have is empty. */
static struct {
  ip4_addr_t addr, mask, gateway;
  ip6_addr_t addr6;
  int argc; /* the application's own */
  char **argv;
} config;

static struct netif netif;

static void fail(const char *what)
{
  fprintf(stderr, "%s (options: --tap NAME --ip4 A.B.C.D/BITS --ip6 ADDRESS --gateway A.B.C.D)\n",
          what);
  exit(2);
}

/** "10.0.0.2/24" into an address and a mask. */
static void set_ip4(const char *text)
{
  char copy[IP4ADDR_STRLEN_MAX];
  const char *slash = strchr(text, '/');
  int bits = slash != NULL ? atoi(slash + 1) : 0;
  if (slash == NULL || (size_t)(slash - text) >= sizeof copy || bits < 1 || bits > 32) {
    fail("--ip4 wants A.B.C.D/BITS");
  }
  snprintf(copy, sizeof copy, "%.*s", (int)(slash - text), text);
  ip4_addr_set_u32(&config.mask, lwip_htonl(0xffffffffUL << (32 - bits)));
  if (!ip4addr_aton(copy, &config.addr)) {
    fail("--ip4 wants A.B.C.D/BITS");
  }
}

static void parse(int argc, char **argv)
{
  int i = 1;
  for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
    if (strcmp(argv[i], "--tap") == 0) {
      setenv("PRECONFIGURED_TAPIF", argv[i + 1], 1); /* where tapif_init() looks for it */
    } else if (strcmp(argv[i], "--ip4") == 0) {
      set_ip4(argv[i + 1]);
    } else if (strcmp(argv[i], "--ip6") == 0) {
      if (!ip6addr_aton(argv[i + 1], &config.addr6)) {
        fail("--ip6 wants an address");
      }
    } else if (strcmp(argv[i], "--gateway") == 0) {
      if (!ip4addr_aton(argv[i + 1], &config.gateway)) {
        fail("--gateway wants A.B.C.D");
      }
    } else {
      fail("unknown option");
    }
  }
  if (getenv("PRECONFIGURED_TAPIF") == NULL) {
    fail("--tap is missing");
  }
  config.argc = argc - i + 1;
  config.argv = argv + i - 1;
  config.argv[0] = argv[0];
}

/** In the tcpip thread: an interface, as firmware adds its own. */
static void add_interface(void *ready)
{
  if (netif_add(&netif, &config.addr, &config.mask, &config.gateway, NULL, tapif_init,
                tcpip_input) == NULL) {
    exit(2); /* tapif has said why */
  }
  netif_set_default(&netif);
  netif_create_ip6_linklocal_address(&netif, 1);
  if (!ip6_addr_isany_val(config.addr6)) {
    netif_add_ip6_address(&netif, &config.addr6, NULL);
  }
  netif_set_link_up(&netif);
  netif_set_up(&netif);
  sys_sem_signal((sys_sem_t *)ready);
}

/** IPv6 addresses can be used when nobody on the link has claimed them for a second. */
static int is_tentative(void)
{
  int count = 0;
  LOCK_TCPIP_CORE();
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    count += ip6_addr_istentative(netif_ip6_addr_state(&netif, i)) != 0;
  }
  UNLOCK_TCPIP_CORE();
  return count > 0;
}

static void application(void *arg)
{
  LWIP_UNUSED_ARG(arg);
  while (is_tentative()) {
    sys_msleep(50);
  }
  exit(app_main(config.argc, config.argv));
}

/** The peers hear of the end: their connections are reset. Nobody gets the lock any more. */
static void reset_connections(void)
{
  LOCK_TCPIP_CORE();
  while (tcp_active_pcbs != NULL) {
    tcp_abort(tcp_active_pcbs);
  }
}

int main(int argc, char **argv)
{
  sigset_t ends;
  int number;
  sys_sem_t ready;

  parse(argc, argv);
  setvbuf(stdout, NULL, _IOLBF, 0);
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, NULL); /* in all threads: this one waits for them */

  if (sys_sem_new(&ready, 0) != ERR_OK) {
    return 2;
  }
  tcpip_init(add_interface, &ready);
  sys_arch_sem_wait(&ready, 0);
  sys_sem_free(&ready);
  sys_thread_new("app", application, NULL, DEFAULT_THREAD_STACKSIZE, DEFAULT_THREAD_PRIO);
  sigwait(&ends, &number);
  reset_connections();
  return 0;
}
