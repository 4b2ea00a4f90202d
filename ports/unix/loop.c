/**
 * @file
 * The main loop of programs without threads (port/loop.h).
 */
#include <limits.h>
#include <poll.h>
#include "lwip/pbuf.h"
#include "gossamer/timer.h"
#include "port/loop.h"

int port_loop_add(struct port_loop *loop, struct port_source *s)
{
  int count = 0;
  for (const struct port_source *other = loop->sources; other != NULL; other = other->next) {
    count++;
  }
  if (count == PORT_LOOP_SOURCES_MAX) {
    return -1;
  }
  s->next = loop->sources;
  loop->sources = s;
  return 0;
}

void port_loop_remove(struct port_loop *loop, struct port_source *s)
{
  struct port_source **link = &loop->sources;
  while (*link != NULL && *link != s) {
    link = &(*link)->next;
  }
  if (*link == s) {
    *link = s->next;
  }
}

/** How long poll() may sleep: the stack's next timer, or the caller's limit. */
static int sleep_ms(int max_ms)
{
  u32_t timer_ms = timers_sleep_ms();
  if (timer_ms == TIMER_NEVER) {
    return max_ms;
  }
  int ms = timer_ms > (u32_t)INT_MAX ? INT_MAX : (int)timer_ms;
  return (max_ms < 0 || ms < max_ms) ? ms : max_ms;
}

static void flush_all(struct port_loop *loop)
{
  for (struct port_source *s = loop->sources; s != NULL; s = s->next) {
    if (s->flush != NULL) {
      s->flush(s);
    }
  }
}

int port_loop_turn(struct port_loop *loop, int max_ms)
{
  struct pollfd fds[PORT_LOOP_SOURCES_MAX];
  struct port_source *waiting[PORT_LOOP_SOURCES_MAX];
  nfds_t count = 0;
  flush_all(loop);
  for (struct port_source *s = loop->sources; s != NULL; s = s->next) {
    fds[count] = (struct pollfd){.fd = s->fd, .events = POLLIN};
    waiting[count++] = s;
  }
  int ready = poll(fds, count, sleep_ms(max_ms));
  for (nfds_t i = 0; ready > 0 && i < count; i++) {
    if (fds[i].revents != 0) {
      waiting[i]->ready(waiting[i]);
    }
  }
  timers_run();
  PBUF_CHECK_FREE_OOSEQ();
  flush_all(loop);
  return ready;
}
