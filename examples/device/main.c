/*
 * The device on Unix: N devices, each a stack instance with threads of its own, on a private
 * network in this process (hostnet) or one on a TAP interface. options.c has the command line.
 *
 * This thread starts them, says where they are reached, waits for a signal and ends them.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "gossamer/capture.h"
#include "gossamer/hostnet.h"
#include "gossamer/stack.h"
#include "port/ethdev.h"
#include "device.h"
#include "fetch.h"
#include "options.h"

#define TURN_MS        100
#define IP6_WAIT_S     5  /* for an address of IPv6, once there is one of IPv4 */
#define ADDRESS_WAIT_S 30 /* for the first addresses, before it is said that there are none */

struct device {
  struct stack *instance;
  struct ethdev *dev;
  char hostname[16];
  char url[64];          /* on a TAP: the last one that was told */
  int http, iperf, echo; /* ports of this machine; 0 on a TAP */
};

static struct {
  struct options options;
  struct hostnet *net; /* NULL: on a TAP */
  struct capture *capture;
  int dns;
  unsigned count; /* of devices that have been started */
  struct device device[OPTIONS_INSTANCES_MAX];
} program;

/* --- starting --- */

static void signal_ready(void *ready)
{
  sys_sem_signal((sys_sem_t *)ready);
}

/** The tcpip thread of the current instance. */
static void start_stack(void)
{
  sys_sem_t ready;
  if (sys_sem_new(&ready, 0) != ERR_OK) {
    fail("out of memory");
  }
  tcpip_init(signal_ready, &ready);
  sys_sem_wait(&ready);
  sys_sem_free(&ready);
}

/** Its end of the wire. */
static struct ethdev *open_wire(unsigned index)
{
  char error[ETHDEV_ERROR_LEN];
  const u8_t mac[6] = {0x02, 0x67, 0x6f, 0x73, 0x00, (u8_t)(index + 1)};
  struct ethdev *dev;
  if (program.net == NULL) {
    dev = ethdev_open_tap(program.options.tap, NULL, error);
  } else {
    int fd = hostnet_port(program.net);
    if (fd < 0) {
      fail("no descriptors left for %u devices; try fewer --instances", program.options.instances);
    }
    dev = ethdev_open_fd(fd, mac, error);
  }
  if (dev == NULL) {
    fail("%s", error);
  }
  return dev;
}

/** The device's interface and applications, in its instance, which has the core lock. */
static err_t start_device(struct device *d)
{
  const struct options *o = &program.options;
  struct device_config config = {.netif = &d->dev->own,
                                 .hostname = d->hostname,
                                 .iperf_public_port = (u16_t)d->iperf,
                                 .capture = &device_capture_file};
  err_t err = ethdev_add(d->dev, NULL, NULL, NULL);
  netif_set_default(&d->dev->own);
  if (err == ERR_OK && program.capture != NULL) {
    err = capture_start(program.capture, &d->dev->own);
  }
  if (err == ERR_OK && o->is_impaired) {
    err = ethdev_impair(d->dev, &o->line);
  }
  return err == ERR_OK ? device_start(&config) : err;
}

static void device_begin(unsigned index)
{
  struct device *d = &program.device[index];
  d->instance = stack_new(NULL);
  if (d->instance == NULL) {
    fail("out of memory");
  }
  struct stack *before = stack_enter(d->instance);
  start_stack();
  d->dev = open_wire(index);
  LOCK_TCPIP_CORE();
  err_t err = start_device(d);
  UNLOCK_TCPIP_CORE();
  if (err == ERR_OK) {
    err = ethdev_start(d->dev);
  }
  if (err != ERR_OK) {
    fail("%s did not start: %s", d->hostname, lwip_strerr(err));
  }
  program.count++;
  stack_leave(before);
}

/** A port of this machine for `target`, over TCP and UDP or TCP alone. */
static int forward(unsigned port, const char *target, bool has_udp, const char *option)
{
  char spec[80], error[HOSTNET_ERROR_LEN];
  snprintf(spec, sizeof spec, "tcp:127.0.0.1:%u=%s", port, target);
  int got = hostnet_forward(program.net, spec, error);
  if (got > 0 && has_udp) {
    snprintf(spec, sizeof spec, "udp:127.0.0.1:%d=%s", got, target);
    got = hostnet_forward(program.net, spec, error);
  }
  if (got < 0) {
    fail("%s; choose another port with --%s", error, option);
  }
  return got;
}

/** The `index`-th after the first, or any. */
static unsigned port_of(unsigned first, unsigned index)
{
  return first != 0 ? first + index : 0;
}

static void forward_to(struct device *d, unsigned index)
{
  const struct options *o = &program.options;
  char target[32];
  snprintf(target, sizeof target, "%s:80", d->hostname);
  d->http = forward(port_of(o->http, index), target, false, "http");
  snprintf(target, sizeof target, "%s:5001", d->hostname);
  d->iperf = forward(port_of(o->iperf, index), target, false, "iperf");
  snprintf(target, sizeof target, "%s:7", d->hostname);
  d->echo = forward(port_of(o->echo, index), target, true, "echo");
}

static void start_network(void)
{
  char error[HOSTNET_ERROR_LEN];
  program.net = hostnet_new(NULL, error);
  if (program.net == NULL) {
    fail("%s", error);
  }
  for (unsigned i = 0; i < program.options.instances; i++) {
    forward_to(&program.device[i], i);
  }
  program.dns = forward(program.options.dns, "dns", true, "dns");
}

/** A FIFO waits here for its reader. */
static void start_capture(void)
{
  const char *path = program.options.pcap;
  if (path != NULL) {
    program.capture = capture_open(path);
    if (program.capture == NULL) {
      fail("--pcap %s: %s; choose a file that can be written", path, strerror(errno));
    }
    capture_flush(program.capture); /* its head, for who reads along */
  }
}

/* --- saying where it is --- */

static void print_private_network(void)
{
  printf("Gossamer runs on a private network. Ctrl-C ends it.\n\n");
  for (unsigned i = 0; i < program.count; i++) {
    const struct device *d = &program.device[i];
    printf("%s\n", d->hostname);
    printf("  page       http://127.0.0.1:%d/\n", d->http);
    printf("  iperf      iperf -c 127.0.0.1 -p %d\n", d->iperf);
    printf("  echo       127.0.0.1 port %d, TCP and UDP\n", d->echo);
  }
  printf("network\n");
  printf("  DNS        dig @127.0.0.1 -p %d %s\n", program.dns, program.device[0].hostname);
  printf("  inside     this machine is host.gossamer, by IPv4 and IPv6\n");
}

static void print_wireshark(void)
{
  if (program.options.pcap != NULL) {
    printf("  Wireshark  tail -c +1 -f %s | wireshark -k -i -\n", program.options.pcap);
  } else {
    printf("  Wireshark  start with --pcap FILE, then: tail -c +1 -f FILE | wireshark -k -i -\n");
  }
}

static void print_places(void)
{
  if (program.net != NULL) {
    print_private_network();
  } else {
    printf("Gossamer runs on %s. Ctrl-C ends it.\n\n", program.options.tap);
    printf("%s\n", program.device[0].hostname);
    printf("  page       %s\n", program.device[0].url);
    printf("  ports      iperf 5001, echo 7 (TCP and UDP)\n");
  }
  print_wireshark();
  fflush(stdout);
}

/** Without a terminal the screens follow one another. */
static void print_screen(void)
{
  char *text = NULL;
  size_t len = 0;
  FILE *screen = open_memstream(&text, &len);
  if (screen == NULL) {
    return;
  }
  fputs(isatty(STDOUT_FILENO) ? "\033[H\033[J" : "", screen);
  for (unsigned i = 0; i < program.count; i++) {
    const struct device *d = &program.device[i];
    if (program.net != NULL) {
      fprintf(screen, "http://127.0.0.1:%d/   (Ctrl-C ends)\n", d->http);
    }
    struct stack *before = stack_enter(d->instance);
    device_print(screen);
    stack_leave(before);
  }
  fclose(screen);
  fwrite(text, 1, len, stdout);
  fflush(stdout);
  free(text);
}

/* --- waiting --- */

static bool has_url(struct device *d)
{
  struct stack *before = stack_enter(d->instance);
  LOCK_TCPIP_CORE();
  bool has = device_url(d->url, sizeof d->url);
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
  return has;
}

/** An IPv4 address: by DHCP it comes seconds later than one of IPv6. */
static bool has_ip4(struct device *d)
{
  struct stack *before = stack_enter(d->instance);
  LOCK_TCPIP_CORE();
  bool has = !ip4_addr_isany(netif_ip4_addr(&d->dev->own));
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
  return has;
}

/** @param has_waited  there may be no IPv4 here */
static bool all_are_reachable(bool has_waited)
{
  bool are = true;
  for (unsigned i = 0; i < program.count; i++) {
    struct device *d = &program.device[i];
    are = has_url(d) && (has_waited || has_ip4(d)) && are;
  }
  return are;
}

/** An address of IPv6 that reaches beyond the link. */
static bool has_ip6(struct device *d)
{
  bool has = false;
  struct stack *before = stack_enter(d->instance);
  LOCK_TCPIP_CORE();
  for (int i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
    has = has || ip6_addr_isvalid(netif_ip6_addr_state(&d->dev->own, i));
  }
  UNLOCK_TCPIP_CORE();
  stack_leave(before);
  return has;
}

/** Sleep for a turn. @return true: a signal says that this is the end */
static bool is_ended(const sigset_t *ends)
{
  const struct timespec turn = {.tv_nsec = TURN_MS * 1000000L};
  bool has_ended = sigtimedwait(ends, NULL, &turn) > 0;
  if (program.capture != NULL) {
    capture_flush(program.capture);
  }
  return has_ended;
}

/** Until every device has an address. @return true: the end came first */
static bool wait_for_addresses(const sigset_t *ends)
{
  const int patience = ADDRESS_WAIT_S * 1000 / TURN_MS;
  for (int turn = 0; !all_are_reachable(turn > patience); turn++) {
    if (turn == patience + 1) {
      fprintf(stderr, "gossamer: no address yet; is there a DHCP server on this network?\n");
    }
    if (is_ended(ends)) {
      return true;
    }
  }
  return false;
}

/** For addresses to fetch by: of IPv6, too, unless that keeps coming much later.
 *  @return true: the end came first */
static bool wait_for_both_versions(const sigset_t *ends)
{
  struct device *d = &program.device[0];
  bool has_ended = wait_for_addresses(ends);
  for (int turns = IP6_WAIT_S * 1000 / TURN_MS; turns > 0 && !has_ended; turns--) {
    if (has_ip6(d)) {
      break;
    }
    has_ended = is_ended(ends);
  }
  return has_ended;
}

static int run_fetch(const sigset_t *ends)
{
  if (wait_for_both_versions(ends)) {
    return 0;
  }
  struct stack *before = stack_enter(program.device[0].instance);
  int status = fetch(program.options.fetch);
  stack_leave(before);
  return status;
}

/** On a TAP: tell when the address has changed. */
static void tell_new_url(const char *told)
{
  if (program.net == NULL && has_url(&program.device[0]) &&
      strcmp(told, program.device[0].url) != 0) {
    printf("  page       %s\n", program.device[0].url);
    fflush(stdout);
  }
}

/** Until a signal: screens, or nothing. */
static void run_until_ended(const sigset_t *ends)
{
  for (unsigned turn = 0; !is_ended(ends); turn++) {
    char told[sizeof program.device[0].url];
    strcpy(told, program.device[0].url);
    if (program.options.is_text && turn % (1000 / TURN_MS) == 0) {
      print_screen();
    } else if (!program.options.is_text) {
      tell_new_url(told);
    }
  }
}

/** @return the program's status */
static int run(const sigset_t *ends)
{
  if (program.options.fetch != NULL) {
    return run_fetch(ends);
  }
  if (!program.options.is_text) {
    if (wait_for_addresses(ends)) {
      return 0;
    }
    print_places();
  }
  run_until_ended(ends);
  return 0;
}

/* --- ending --- */

static void device_end(struct device *d)
{
  struct stack *before = stack_enter(d->instance);
  LOCK_TCPIP_CORE();
  device_stop();
  capture_stop(&d->dev->own);
  UNLOCK_TCPIP_CORE();
  ethdev_close(d->dev);
  stack_leave(before);
  stack_free(d->instance);
}

static int end(void)
{
  for (unsigned i = 0; i < program.count; i++) {
    device_end(&program.device[i]);
  }
  hostnet_free(program.net);
  if (program.capture != NULL && capture_close(program.capture) != ERR_OK) {
    fprintf(stderr, "gossamer: --pcap %s: not all packets could be written\n",
            program.options.pcap);
    return 2;
  }
  return 0;
}

static void block_signals(sigset_t *ends)
{
  sigemptyset(ends);
  sigaddset(ends, SIGINT);
  sigaddset(ends, SIGTERM);
  sigaddset(ends, SIGHUP);
  pthread_sigmask(SIG_BLOCK, ends, NULL); /* in all threads: this one waits for them */
  signal(SIGPIPE, SIG_IGN);               /* a capture's reader may go */
}

int main(int argc, char **argv)
{
  sigset_t ends;
  options_parse(&program.options, argc, argv);
  for (unsigned i = 0; i < program.options.instances; i++) {
    struct device *d = &program.device[i];
    snprintf(d->hostname, sizeof d->hostname, i == 0 ? "gossamer" : "gossamer-%u", i + 1);
  }
  start_capture();
  block_signals(&ends);
  if (program.options.tap == NULL) {
    start_network();
  }
  for (unsigned i = 0; i < program.options.instances; i++) {
    device_begin(i);
  }
  int status = run(&ends);
  int ended = end();
  return ended != 0 ? ended : status;
}
