/**
 * @file
 * Checksums of 1,500 bytes, for counting instructions: compiled against this stack and against
 * Debian's liblwip from this one source. run.py runs it under callgrind, which collects inside
 * measured() only and notes the count each time that returns.
 *
 * Reads cases, one a line: `A L...`, the links' lengths, which make 1,500 together, the first at
 * alignment A. `A` may be followed by `+G`: each link stands G bytes behind the one before. Prints
 * a checksum for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lwip/inet_chksum.h"
#include "lwip/pbuf.h"

enum { PACKET_LEN = 1500, LINKS_MAX = 6000, GAP_MAX = 16, LINE_LEN_MAX = 4 * LINKS_MAX };

u16_t measured(struct pbuf *p);

/** A single pbuf is summed by inet_chksum(), as a driver would, a chain by inet_chksum_pbuf(). */
__attribute__((noinline)) u16_t measured(struct pbuf *p)
{
  return p->next == NULL ? inet_chksum(p->payload, p->len) : inet_chksum_pbuf(p);
}

/** The chain that a line describes. */
static struct pbuf *chain(char *line)
{
  static struct pbuf links[LINKS_MAX];
  static u8_t memory[64 + PACKET_LEN + LINKS_MAX * GAP_MAX] __attribute__((aligned(64)));
  u8_t *data = memory + strtol(line, &line, 10);
  long gap = *line == '+' ? strtol(line + 1, &line, 10) : 0;
  long left = PACKET_LEN;
  int count = 0;
  for (char *end; count < LINKS_MAX; line = end) {
    long len = strtol(line, &end, 10);
    if (end == line || len < 0 || len > left || gap < 0 || gap > GAP_MAX) {
      break;
    }
    links[count] = (struct pbuf){.payload = data, .len = (u16_t)len, .tot_len = (u16_t)left};
    if (count > 0) {
      links[count - 1].next = &links[count];
    }
    for (long i = 0; i < len; i++) {
      data[i] = (u8_t)((PACKET_LEN - left + i) * 167 + 13);
    }
    data += len + gap;
    left -= len;
    count++;
  }
  return left == 0 ? links : NULL;
}

int main(void)
{
  static char line[LINE_LEN_MAX];
  while (fgets(line, sizeof line, stdin) != NULL) {
    struct pbuf *p = chain(line);
    if (p == NULL) {
      fprintf(stderr, "not a case: %.60s\n", line);
      return 2;
    }
    printf("%04x\n", measured(p));
  }
  return 0;
}
