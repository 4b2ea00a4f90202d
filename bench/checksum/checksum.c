/**
 * @file
 * One checksum of 1,500 bytes, for counting instructions: compiled against this stack and against
 * Debian's liblwip from this one source. run.py runs it under callgrind, which collects
 * inside measured() only.
 *
 * Arguments: `flat ALIGNMENT`, or `chain LENGTH...` for a chain of pbufs of those lengths.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lwip/inet_chksum.h"
#include "lwip/pbuf.h"

enum { BUFFER_LEN = 1500, LINKS_MAX = 1500 };

u16_t measured(struct pbuf *p);

/** A single pbuf is summed by inet_chksum(), as a driver would, a chain by inet_chksum_pbuf(). */
__attribute__((noinline)) u16_t measured(struct pbuf *p)
{
  return p->next == NULL ? inet_chksum(p->payload, p->len) : inet_chksum_pbuf(p);
}

int main(int argc, char **argv)
{
  static struct pbuf links[LINKS_MAX];
  static u8_t memory[BUFFER_LEN + 64] __attribute__((aligned(64)));
  if (argc < 3 || argc - 2 > LINKS_MAX) {
    fprintf(stderr, "usage: checksum flat ALIGNMENT | chain LENGTH...\n");
    return 2;
  }
  for (size_t i = 0; i < sizeof memory; i++) {
    memory[i] = (u8_t)(i * 167 + 13);
  }
  int is_flat = strcmp(argv[1], "flat") == 0;
  u8_t *data = memory + (is_flat ? atoi(argv[2]) : 0);
  int count = is_flat ? 1 : argc - 2;
  u16_t left = BUFFER_LEN;
  for (int i = 0; i < count; i++) {
    u16_t len = is_flat || i == count - 1 ? left : (u16_t)atoi(argv[2 + i]);
    links[i].payload = data + BUFFER_LEN - left;
    links[i].len = len;
    links[i].tot_len = left;
    links[i].next = i == count - 1 ? NULL : &links[i + 1];
    left = (u16_t)(left - len);
  }
  printf("%04x\n", measured(&links[0]));
  return 0;
}
