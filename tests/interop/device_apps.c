/*
 * The stack under test of the applications' interop tests.
 *
 *   interop-device_apps --tap NAME [--ip4 A.B.C.D/BITS] [--ip6 ADDRESS/BITS] [--gateway A.B.C.D]
 *
 * Commands: iperf-server | iperf-client ADDRESS [dual|tradeoff] | iperf-reports |
 *   dns-server PLACE ADDRESS | resolve NAME [4|6|name] | resolved |
 *   dns-forget
 *
 * needs: ipv4
 * needs: ipv6
 * needs: tcp
 */
#include "lwip/apps/lwiperf.h"
#include "lwip/dns.h"
#include "gossamer/resolver.h"
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

/* --- names --- */

static struct {
  struct resolve_query query;
  char name[256];
  char text[4096]; /* the answer; empty: there is none yet */
} lookup;

static void command_dns_server(struct device *d, char *args[COMMAND_ARGS])
{
  ip_addr_t addr;
  (void)d;
  bool is_address = ipaddr_aton(args[2], &addr) != 0;
  if (is_address) {
    dns_setserver((u8_t)atoi(args[1]), &addr);
  }
  answer(is_address ? "ok" : "what?");
}

static void command_dns_forget(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  dns_clear_cache();
  answer("ok");
}

static void on_resolved(struct resolve_query *q, const struct resolve_answer *a)
{
  static const char *const statuses[] = {"ok",        "no-name", "no-data",
                                         "try-again", "failed",  "no-memory"};
  char addr[IPADDR_STRLEN_MAX];
  (void)q;
  snprintf(lookup.text, sizeof lookup.text, "%s%s %s", statuses[a->status],
           a->is_truncated ? ",truncated" : "", a->canonical != NULL ? a->canonical : "-");
  for (size_t i = 0; i < a->count; i++) {
    size_t at = strlen(lookup.text);
    snprintf(lookup.text + at, sizeof lookup.text - at, " %s",
             ipaddr_ntoa_r(&a->addr[i], addr, sizeof addr));
  }
}

/** Ask, for one IP version, for both, or for the name of an address. */
static void command_resolve(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  resolve_cancel(&lookup.query);
  snprintf(lookup.name, sizeof lookup.name, "%s", args[1]);
  lookup.text[0] = '\0';
  lookup.query.name = lookup.name;
  lookup.query.families = strcmp(args[2], "4") == 0      ? RESOLVE_IP4
                          : strcmp(args[2], "6") == 0    ? RESOLVE_IP6
                          : strcmp(args[2], "name") == 0 ? RESOLVE_NAME
                                                         : RESOLVE_IP4 | RESOLVE_IP6;
  lookup.query.done = on_resolved;
  resolve_start(&lookup.query);
  answer("ok");
}

/** Status, canonical name or "-", addresses; "wait". */
static void command_resolved(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  answer(lookup.text[0] != '\0' ? lookup.text : "wait");
}

static const struct command commands[] = {
    {"iperf-server", command_iperf_server},   {"iperf-client", command_iperf_client},
    {"iperf-reports", command_iperf_reports}, {"dns-server", command_dns_server},
    {"dns-forget", command_dns_forget},       {"resolve", command_resolve},
    {"resolved", command_resolved},           {NULL, NULL},
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
