/*
 * The stack under test of the applications' interop tests.
 *
 *   interop-device_apps --tap NAME [--ip4 A.B.C.D/BITS] [--ip6 ADDRESS/BITS] [--gateway A.B.C.D]
 *
 * Commands: iperf-server | iperf-client ADDRESS [dual|tradeoff] | iperf-reports
 *
 * needs: ipv4
 * needs: ipv6
 * needs: tcp
 */
#include "lwip/apps/lwiperf.h"
#include "device_ip.h"

/* --- iperf --- */

static struct {
  int count;
  char text[4096];
} reports;

static void on_report(void *arg, enum lwiperf_report_type type, const ip_addr_t *local_addr,
                      u16_t local_port, const ip_addr_t *remote_addr, u16_t remote_port,
                      u32_t bytes, u32_t ms, u32_t kbits)
{
  static const char *const names[] = {"done-server", "done-client",  "aborted-local",
                                      "data-error",  "write-failed", "aborted-remote"};
  (void)arg;
  (void)local_addr;
  (void)local_port;
  (void)remote_addr;
  (void)remote_port;
  size_t at = strlen(reports.text);
  snprintf(reports.text + at, sizeof reports.text - at, " %s,%u,%u,%u", names[type],
           (unsigned)bytes, (unsigned)ms, (unsigned)kbits);
  reports.count++;
}

static void command_iperf_server(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  answer(lwiperf_start_tcp_server_default(on_report, NULL) != NULL ? "ok" : "failed");
}

static void command_iperf_client(struct device *d, char *args[COMMAND_ARGS])
{
  ip_addr_t addr;
  (void)d;
  if (!ipaddr_aton(args[1], &addr)) {
    answer("what?");
    return;
  }
  enum lwiperf_client_type type = strcmp(args[2], "dual") == 0       ? LWIPERF_DUAL
                                  : strcmp(args[2], "tradeoff") == 0 ? LWIPERF_TRADEOFF
                                                                     : LWIPERF_CLIENT;
  bool is_begun =
      lwiperf_start_tcp_client(&addr, LWIPERF_TCP_PORT_DEFAULT, type, on_report, NULL) != NULL;
  answer(is_begun ? "ok" : "failed");
}

/** How many, and each: how it ended, bytes, ms, kbit/s. */
static void command_iperf_reports(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("%d%s\n", reports.count, reports.text);
  fflush(stdout);
}

static const struct command commands[] = {
    {"iperf-server", command_iperf_server},
    {"iperf-client", command_iperf_client},
    {"iperf-reports", command_iperf_reports},
    {NULL, NULL},
};

int main(int argc, char **argv)
{
  static struct device d = {.commands = commands};
  lwip_init();
  if (!set_options(&d, argc, argv, NULL)) {
    return 1;
  }
  int status = run_device(&d, IP_ANY_TYPE);
  close_device(&d);
  return status;
}
