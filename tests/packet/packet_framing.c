/**
 * @file
 * The ways in which a received frame may lie in memory.
 *
 * But for FRAMING_CONTIGUOUS the memory is the harness's (custom pbufs), so that tests need no
 * larger pools and each byte is watched: by the allocator's redzones or by the page behind the
 * frame.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "packet_priv.h"

#define TRAILER_LEN 23

static enum packet_framing framing_now;
static u32_t outstanding;

/** One pbuf over memory of the harness's. For FRAMING_CHAINED `byte` is the payload. */
struct framed_pbuf {
  struct pbuf_custom custom;
  void *map; /* FRAMING_GUARD; otherwise NULL */
  size_t map_len;
  u8_t byte[];
};

enum packet_framing packet_framing(void)
{
  return framing_now;
}

void packet_framing_set(enum packet_framing framing)
{
  framing_now = framing;
  outstanding = 0;
}

u32_t packet_framing_outstanding(void)
{
  return outstanding;
}

static void framed_free(struct pbuf *p)
{
  struct framed_pbuf *f = (struct framed_pbuf *)(void *)p;
  if (f->map != NULL) {
    munmap(f->map, f->map_len);
  }
  free(f);
  outstanding--;
}

static struct framed_pbuf *framed_new(size_t payload_len)
{
  struct framed_pbuf *f = calloc(1, sizeof *f + payload_len);
  if (f == NULL) {
    abort();
  }
  f->custom.custom_free_function = framed_free;
  outstanding++;
  return f;
}

/** Built from its end, so that it takes linear time. */
static struct pbuf *framed_chain(const u8_t *bytes, size_t len)
{
  struct pbuf *chain = NULL;
  for (size_t i = len; i > 0; i--) {
    struct framed_pbuf *f = framed_new(1);
    f->byte[0] = bytes[i - 1];
    struct pbuf *p = pbuf_alloced_custom(PBUF_RAW, 1, PBUF_REF, &f->custom, f->byte, 1);
    if (chain != NULL) {
      p->next = chain;
      p->tot_len = (u16_t)(1 + chain->tot_len);
    }
    chain = p;
  }
  return chain;
}

static struct pbuf *framed_before_guard(const u8_t *bytes, size_t len)
{
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t room = (len + page - 1) / page * page;
  struct framed_pbuf *f = framed_new(0);
  f->map_len = room + page;
  f->map = mmap(NULL, f->map_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (f->map == MAP_FAILED || mprotect((u8_t *)f->map + room, page, PROT_NONE) != 0) {
    abort();
  }
  u8_t *payload = (u8_t *)f->map + room - len;
  if (len > 0) {
    memcpy(payload, bytes, len);
  }
  return pbuf_alloced_custom(PBUF_RAW, (u16_t)len, PBUF_REF, &f->custom, payload, (u16_t)len);
}

/** As a driver does: from the pool. Out of buffers, a driver drops the frame, and so do we. */
static struct pbuf *framed_from_pool(const u8_t *bytes, size_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
  if (p == NULL) {
    if (!packet_is_fault_run()) {
      packet_fail(__FILE__, __LINE__, "no PBUF_POOL buffer to receive %zu bytes into", len);
    }
    return NULL;
  }
  if (len > 0) {
    pbuf_take(p, bytes, (u16_t)len);
  }
  return p;
}

struct pbuf *packet_framed(struct frame f, bool is_exact)
{
  bool has_trailer = framing_now == FRAMING_TRAILER && !is_exact;
  size_t len = ETH_PAD_SIZE + f.len + (has_trailer ? TRAILER_LEN : 0);
  if (len > 0xffff) {
    packet_fail(__FILE__, __LINE__, "a frame of %zu bytes does not fit a pbuf", len);
  }
  u8_t *bytes = packet_alloc(len + 1);
  if (f.len > 0) {
    memcpy(bytes + ETH_PAD_SIZE, f.data, f.len);
  }
  if (has_trailer) {
    memcpy(bytes + ETH_PAD_SIZE + f.len, pattern(TRAILER_LEN, 0xdead), TRAILER_LEN);
  }
  if (framing_now == FRAMING_CHAINED && len > 0) {
    return framed_chain(bytes, len);
  }
  if (framing_now == FRAMING_GUARD) {
    return framed_before_guard(bytes, len);
  }
  return framed_from_pool(bytes, len);
}
