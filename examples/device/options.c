/*
 * Options: most take a value, "--name value" or "--name=value".
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch.h"
#include "options.h"

static const char usage[] =
    "usage: ./gossamer run [options]\n"
    "\n"
    "Runs a device on a private network inside of this program, without any privileges, and\n"
    "forwards ports of this machine to it. Ctrl-C ends it (exit status 0).\n"
    "\n"
    "  --tap NAME       on the network of this TAP interface instead; DHCP or AutoIP there\n"
    "  --instances N    N devices on the private network, each with the next port numbers\n"
    "  --text           the dashboard in this terminal\n"
    "  --pcap FILE      capture all packets of the devices, for Wireshark; FILE may be a FIFO\n"
    "  --fetch URL      the device fetches URL by each IP version, says what came, and ends\n"
    "\n"
    "The line of each device, both ways:\n"
    "  --loss P  --duplicate P  --corrupt P  --reorder P   chance of each frame, such as 1%\n"
    "  --rtt T  --delay T                                  round trip or one way, such as 40ms\n"
    "  --rate R  --queue B                                 bits per second, such as 10M; bytes\n"
    "  --seed N                                            other mishaps; the same N, the same\n"
    "\n"
    "Ports of this machine (127.0.0.1) for the first device; 0: one that is free:\n"
    "  --http PORT  (8080)   --iperf PORT  (5001)   --echo PORT  (7007)   --dns PORT  (5300)\n"
    "\n"
    "Status 2: something is wrong with an option, a port, a file or the interface; a line says "
    "what\n"
    "to do. With --fetch: 1 if nothing came.\n";

void fail(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  fputs("gossamer: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  exit(2);
}

static unsigned number(const char *name, const char *value, unsigned min, unsigned max)
{
  char *end;
  errno = 0;
  unsigned long n = strtoul(value, &end, 10);
  if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 || n < min || n > max) {
    fail("--%s %s: it takes a number from %u to %u", name, value, min, max);
  }
  return (unsigned)n;
}

/** One of the options with a number. @return false: it is none of them */
static bool set_number(struct options *o, const char *name, const char *value)
{
  const struct {
    const char *name;
    unsigned *value;
    unsigned min, max;
  } numbers[] = {
      {"instances", &o->instances, 1, OPTIONS_INSTANCES_MAX},
      {"http", &o->http, 0, 65535},
      {"iperf", &o->iperf, 0, 65535},
      {"echo", &o->echo, 0, 65535},
      {"dns", &o->dns, 0, 65535},
  };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strcmp(name, numbers[i].name) == 0) {
      *numbers[i].value = number(name, value, numbers[i].min, numbers[i].max);
      return true;
    }
  }
  return false;
}

/** One of the options with a text. */
static bool set_text(struct options *o, const char *name, const char *value)
{
  const char **text = strcmp(name, "tap") == 0     ? &o->tap
                      : strcmp(name, "pcap") == 0  ? &o->pcap
                      : strcmp(name, "fetch") == 0 ? &o->fetch
                                                   : NULL;
  if (text == NULL) {
    return false;
  }
  *text = value;
  return true;
}

/** One of the options that say how bad the line is. */
static bool set_line(struct options *o, const char *name, const char *value)
{
  int taken = impair_option(&o->line, name, value);
  if (taken < 0) {
    fail("--%s %s makes no sense; such values do: 1%%, 40ms, 10M, 64k", name, value);
  }
  o->is_impaired = o->is_impaired || taken > 0;
  return taken > 0;
}

static bool is_known(const char *name)
{
  struct options scratch = {0};
  struct impair_settings line = {0};
  return set_text(&scratch, name, "") || set_number(&scratch, name, "1") ||
         impair_option(&line, name, "") != 0;
}

/** "--name value" or "--name=value" at argv[i]. @return the index of what comes next */
static int set_option(struct options *o, int argc, char **argv, int i)
{
  char name[20];
  const char *given = argv[i] + 2;
  size_t len = strcspn(given, "=");
  snprintf(name, sizeof name, "%.*s", (int)len, given);
  if (len >= sizeof name || !is_known(name)) {
    fail("there is no option %s; ./gossamer run --help lists them", argv[i]);
  }
  const char *value = given[len] == '=' ? given + len + 1 : i + 1 < argc ? argv[i + 1] : NULL;
  if (value == NULL || *value == '\0') {
    fail("--%s wants a value; ./gossamer run --help says which", name);
  }
  if (!set_text(o, name, value) && !set_number(o, name, value)) {
    (void)set_line(o, name, value);
  }
  return given[len] == '=' ? i + 1 : i + 2;
}

/** What cannot be together. */
static void check(const struct options *o)
{
  if (o->tap != NULL && o->instances > 1) {
    fail("--instances is for the private network; without --tap, please");
  }
  if (o->is_text && o->fetch != NULL) {
    fail("--text and --fetch: one of them, please");
  }
  if (o->fetch != NULL && !fetch_understands(o->fetch)) {
    fail("--fetch %s: not a URL such as http://host.gossamer:8000/", o->fetch);
  }
  const unsigned first[] = {o->http, o->iperf, o->echo};
  for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
    if (first[i] + o->instances - 1 > 65535) {
      fail("port %u leaves no room for %u devices; choose a lower one", first[i], o->instances);
    }
  }
}

void options_parse(struct options *o, int argc, char **argv)
{
  *o = (struct options){.instances = 1, .http = 8080, .iperf = 5001, .echo = 7007, .dns = 5300};
  for (int i = 1; i < argc;) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      fputs(usage, stdout);
      exit(0);
    }
    if (strcmp(argv[i], "--text") == 0) {
      o->is_text = true;
      i++;
    } else if (strncmp(argv[i], "--", 2) == 0) {
      i = set_option(o, argc, argv, i);
    } else {
      fail("%s: an option begins with --; ./gossamer run --help lists them", argv[i]);
    }
  }
  check(o);
}
