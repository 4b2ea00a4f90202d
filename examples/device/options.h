/**
 * @file
 * What the command line of the device's Unix program says.
 */
#ifndef EXAMPLES_DEVICE_OPTIONS_H
#define EXAMPLES_DEVICE_OPTIONS_H

#include <stdbool.h>
#include "port/impair.h"

#define OPTIONS_INSTANCES_MAX 16

struct options {
  const char *tap;   /* interface of a real network; NULL: the private network */
  const char *pcap;  /* capture file; NULL: none */
  const char *fetch; /* what to fetch; NULL: run until a signal */
  unsigned instances;
  bool is_text;
  bool is_impaired; /* `line` says how */
  struct impair_settings line;
  /* Ports of the host for the first device's services; the next device has the next ports. */
  unsigned http, iperf, echo;
  unsigned dns; /* the network's resolver */
};

/** Say in one line on standard error what is wrong and what to do, and end with status 2. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Ends the program with one line if something is wrong, and for --help. */
void options_parse(struct options *options, int argc, char **argv);

#endif /* EXAMPLES_DEVICE_OPTIONS_H */
