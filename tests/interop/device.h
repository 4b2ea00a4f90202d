/*
 * What the stacks under test of the interop tests share: devices from the command line, commands on
 * standard input, one line of answer each.
 */
#ifndef INTEROP_DEVICE_H
#define INTEROP_DEVICE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/stats.h"
#include "lwip/udp.h"
#include "gossamer/capture.h"
#include "gossamer/drop.h"
#include "gossamer/multicast.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "port/ethdev.h"
#include "port/loop.h"

#define MEMBERSHIPS  8
#define DEVICES      4
#define COMMAND_ARGS 12

struct device;

/** One command: its first word and what it does. args[0] is the word, the rest are "" if missing.
 */
struct command {
  const char *verb;
  void (*run)(struct device *d, char *args[COMMAND_ARGS]);
};

struct device {
  struct port_source input; /* standard input; first, so that a source is its device */
  struct port_loop loop;
  const struct command *commands; /* the program's own, ended by an empty row */
  struct ethdev *dev[DEVICES];
  int count;
  struct mcast_membership member[MEMBERSHIPS];
  struct capture *capture;
  bool is_done;
  char line[1024];
  size_t line_len;
};

static void answer(const char *text)
{
  printf("%s\n", text);
  fflush(stdout);
}

static void answer_err(err_t err)
{
  printf("%s %d\n", err == ERR_OK ? "ok" : "failed", err);
  fflush(stdout);
}

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
  (void)arg;
  udp_sendto(pcb, p, from, port);
  pbuf_free(p);
}

static void command_quit(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  d->is_done = true;
  answer("ok");
}

static void command_drops(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  for (int i = 1; i < DROP_REASON_COUNT; i++) {
    if (drop_count((enum drop_reason)i) > 0) {
      printf("%s=%u ", drop_name((enum drop_reason)i), (unsigned)drop_count((enum drop_reason)i));
    }
  }
  answer("");
}

/** Only comparable while the stack rests: elements of pools, bytes of the heap. */
static void command_memory(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  printf("pools=%u heap=%u timers=%u\n", (unsigned)memp_used_total(), (unsigned)mem_used_bytes(),
         (unsigned)timers_count());
  fflush(stdout);
}

static void command_capture(struct device *d, char *args[COMMAND_ARGS])
{
  d->capture = capture_open(args[1]);
  bool is_on = d->capture != NULL && capture_start(d->capture, d->dev[0]->netif) == ERR_OK;
  answer(is_on ? "ok" : "failed");
}

static void command_capture_stop(struct device *d, char *args[COMMAND_ARGS])
{
  (void)args;
  answer(capture_close(d->capture) == ERR_OK ? "ok" : "failed");
}

static struct mcast_membership *membership_of(struct device *d, const ip_addr_t *group)
{
  struct mcast_membership *unused = NULL;
  for (int i = 0; i < MEMBERSHIPS; i++) {
    if (d->member[i].netif != NULL && ip_addr_eq(&d->member[i].group, group)) {
      return &d->member[i];
    }
    if (d->member[i].netif == NULL) {
      unused = &d->member[i];
    }
  }
  return unused;
}

/** `include GROUP SOURCE`, `exclude GROUP SOURCE`: a membership, or one source more of it. */
static void command_filter(struct device *d, char *args[COMMAND_ARGS])
{
  ip_addr_t group, source;
  if (!ipaddr_aton(args[1], &group) || !ipaddr_aton(args[2], &source)) {
    answer("what?");
    return;
  }
  struct mcast_membership *m = membership_of(d, &group);
  bool is_include = strcmp(args[0], "include") == 0;
  if (m == NULL) {
    answer_err(ERR_MEM);
  } else if (m->netif == NULL) {
    answer_err(mcast_join(m, d->dev[0]->netif, &group,
                          is_include ? MCAST_MODE_INCLUDE : MCAST_MODE_EXCLUDE, &source, 1));
  } else {
    answer_err(is_include ? mcast_add_source(m, &source) : mcast_block_source(m, &source));
  }
}

static void command_drop_filter(struct device *d, char *args[COMMAND_ARGS])
{
  ip_addr_t group;
  struct mcast_membership *m = ipaddr_aton(args[1], &group) ? membership_of(d, &group) : NULL;
  if (m == NULL) {
    answer("what?");
    return;
  }
  mcast_leave(m);
  answer_err(ERR_OK);
}

static const struct command common_commands[] = {
    {"quit", command_quit},
    {"drops", command_drops},
    {"memory", command_memory},
    {"capture", command_capture},
    {"capture-stop", command_capture_stop},
    {"include", command_filter},
    {"exclude", command_filter},
    {"drop-filter", command_drop_filter},
    {NULL, NULL},
};

static bool run_one_of(const struct command *c, struct device *d, char *args[COMMAND_ARGS])
{
  while (c->verb != NULL && strcmp(c->verb, args[0]) != 0) {
    c++;
  }
  if (c->verb != NULL) {
    c->run(d, args);
  }
  return c->verb != NULL;
}

static void run_command(struct device *d, char *line)
{
  char *args[COMMAND_ARGS], *rest = line;
  for (int i = 0; i < COMMAND_ARGS; i++) {
    args[i] = strtok_r(rest, " ", &rest);
    if (args[i] == NULL) {
      args[i] = line + strlen(line);
    }
  }
  if (!run_one_of(d->commands, d, args) && !run_one_of(common_commands, d, args)) {
    answer("what?");
  }
}

static void on_input(struct port_source *s)
{
  struct device *d = (struct device *)(void *)s;
  ssize_t got = read(s->fd, d->line + d->line_len, sizeof d->line - 1 - d->line_len);
  if (got <= 0) {
    d->is_done = true;
    return;
  }
  d->line_len += (size_t)got;
  d->line[d->line_len] = '\0';
  for (char *end = strchr(d->line, '\n'); end != NULL; end = strchr(d->line, '\n')) {
    *end = '\0';
    run_command(d, d->line);
    memmove(d->line, end + 1, strlen(end + 1) + 1);
    d->line_len = strlen(d->line);
  }
}

/** Answer commands until `quit` or the end of input, with a UDP echo on port 7. */
static int run_device(struct device *d, const ip_addr_t *echo_at)
{
  netif_set_default(d->dev[0]->netif);
  struct udp_pcb *pcb = udp_new_ip_type(IP_GET_TYPE(echo_at));
  if (pcb == NULL || udp_bind(pcb, echo_at, 7) != ERR_OK) {
    return 1;
  }
  udp_recv(pcb, echo, NULL);
  d->input = (struct port_source){.fd = STDIN_FILENO, .ready = on_input};
  port_loop_add(&d->loop, &d->input);
  answer("ready");
  while (!d->is_done) {
    port_loop_turn(&d->loop, -1);
  }
  udp_remove(pcb);
  return 0;
}

static void close_device(struct device *d)
{
  for (int i = 0; i < d->count; i++) {
    ethdev_close(d->dev[i]);
  }
  lwip_deinit();
}

#endif
