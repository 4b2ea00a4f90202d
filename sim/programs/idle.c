/**
 * @file
 * 100,000 idle connections in one instance: what they wake up in a minute, and what memory and
 * processor time one takes.
 *
 *     idle [CONNECTIONS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "sim/idle.h"

int main(int argc, char **argv)
{
  u32_t wanted = argc > 1 ? (u32_t)atoi(argv[1]) : 100000;
  struct idle_result r;
  clock_t begin = clock();
  idle_run(wanted, 1000, &r);
  printf("%u connections, %u accepted, %u failed; %zu bytes of heap each; %.1f s in all\n",
         r.connected, r.accepted, r.failed, r.heap_bytes,
         (double)(clock() - begin) / CLOCKS_PER_SEC);
  printf("an idle minute: %llu events, %u timers set; of 1000 asked then, %u answered\n",
         (unsigned long long)r.events, r.timers, r.echoed);
  return r.connected == wanted && r.events == 0 && r.timers == 0 ? 0 : 1;
}
