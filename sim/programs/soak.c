/**
 * @file
 * Random TCP scenarios, one per seed (sim/soak.h).
 *
 *     soak [--seeds N] [--first K] [--loud] [--pcap FILE]
 *
 * Ends with 1 when one fails, naming its seed: `--seeds 1 --first SEED --loud` shows it again. Also
 * when memory is lost somewhere: behind the first scenarios the process needs no more than then.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include "sim/soak.h"

/** So many scenarios fill what malloc() keeps for itself, and so much may come to that later. */
#define WARM_UP  1000U
#define HEAP_MAX 65536U

struct options {
  u64_t seeds, first;
  bool is_loud;
  const char *pcap;
};

static int usage(void)
{
  fprintf(stderr, "usage: soak [--seeds N] [--first K] [--loud] [--pcap FILE]\n");
  return 2;
}

static bool parse(struct options *o, int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    bool has_value = i + 1 < argc;
    if (strcmp(argv[i], "--loud") == 0) {
      o->is_loud = true;
    } else if (strcmp(argv[i], "--seeds") == 0 && has_value) {
      o->seeds = strtoull(argv[++i], NULL, 0);
    } else if (strcmp(argv[i], "--first") == 0 && has_value) {
      o->first = strtoull(argv[++i], NULL, 0);
    } else if (strcmp(argv[i], "--pcap") == 0 && has_value) {
      o->pcap = argv[++i];
    } else {
      return false;
    }
  }
  return true;
}

static void tell(const struct soak_result *r)
{
  printf("seed %llu: %s; %u connections, %u ends completed, %u failed, %llu bytes, %u reboots, "
         "%.0f s, %llu events; %s\n",
         (unsigned long long)r->seed, r->is_ok ? "ok" : r->why, r->connections, r->completed,
         r->failed, (unsigned long long)r->bytes, r->reboots, (double)r->virtual_us / 1e6,
         (unsigned long long)r->events, r->faults);
  fflush(stdout);
}

int main(int argc, char **argv)
{
  struct options o = {.seeds = 1000, .first = 1};
  u64_t connections = 0, completed = 0, failed = 0, bytes = 0, wrong = 0;
  size_t heap = SIZE_MAX;
  if (!parse(&o, argc, argv)) {
    return usage();
  }
  for (u64_t seed = o.first; seed < o.first + o.seeds; seed++) {
    struct soak_result r;
    FILE *pcap = o.pcap != NULL ? fopen(o.pcap, "wb") : NULL;
    soak_run(seed, &r, pcap);
    if (pcap != NULL) {
      fclose(pcap);
    }
    if (o.is_loud || !r.is_ok) {
      tell(&r);
    }
    connections += r.connections;
    completed += r.completed;
    failed += r.failed;
    bytes += r.bytes;
    wrong += !r.is_ok;
    heap = seed == o.first + WARM_UP ? mallinfo2().uordblks : heap;
  }
  printf("%llu scenarios, %llu connections, %llu ends completed, %llu told an error, %llu bytes: "
         "%llu wrong\n",
         (unsigned long long)o.seeds, (unsigned long long)connections,
         (unsigned long long)completed, (unsigned long long)failed, (unsigned long long)bytes,
         (unsigned long long)wrong);
  if (heap < mallinfo2().uordblks && mallinfo2().uordblks - heap > HEAP_MAX) {
    printf("memory is lost: %zu bytes more than behind the first\n", mallinfo2().uordblks - heap);
    return 1;
  }
  return wrong == 0 ? 0 : 1;
}
