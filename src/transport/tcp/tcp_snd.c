/**
 * @file
 * The send queue: a stream of bytes from snd_una on, in pbufs that know nothing of segments.
 *
 * State: snd_last, snd_buf, snd_queuelen. Each pbuf of the queue stands for itself: tot_len is what
 * it could hold, len what it does; `next` links the queue, from the last to the first, too. What is
 * sent is cut from it as slices that hold a reference, so acknowledged bytes stay in memory until
 * the driver has let go of them.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/memp.h"
#include "lwip/stats.h"
#include "transport/tcp/tcp_priv.h"

static void queue_append(struct tcp_pcb *pcb, struct pbuf *first, struct pbuf *last, u16_t count)
{
  last->next = first;
  if (pcb->snd_last != NULL) {
    last->next = pcb->snd_last->next;
    pcb->snd_last->next = first;
  }
  pcb->snd_last = last;
  pcb->snd_queuelen = (u16_t)(pcb->snd_queuelen + count);
}

/** Room for `len` bytes and, for small writes behind others, for more of them (TCP_OVERSIZE). What
    is alone in the queue is mostly sent at once. */
static struct pbuf *chunk_alloc(const struct tcp_pcb *pcb, u16_t len)
{
  u16_t size = len;
  if (TCP_OVERSIZE && len < pcb->mss && pcb->snd_last != NULL) {
    size = (u16_t)LWIP_MIN(LWIP_MAX(len, pcb->mss), len + (u32_t)TCP_OVERSIZE);
  }
  struct pbuf *p = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
  if (p == NULL && size > len) {
    size = len;
    p = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
  }
  if (p != NULL) {
    p->len = len;
  }
  return p;
}

static err_t append_copy(struct tcp_pcb *pcb, const u8_t *data, u16_t len)
{
  struct pbuf *last = pcb->snd_last;
  u16_t spare = last != NULL ? (u16_t)(last->tot_len - last->len) : 0;
  u16_t fill = LWIP_MIN(len, spare);
  u16_t rest = (u16_t)(len - fill);
  if (rest > 0) {
    struct pbuf *p = pcb->snd_queuelen < TCP_SND_QUEUELEN ? chunk_alloc(pcb, rest) : NULL;
    if (p == NULL) {
      return ERR_MEM;
    }
    MEMCPY(p->payload, data + fill, rest);
    queue_append(pcb, p, p, 1);
  }
  if (fill > 0) {
    MEMCPY((u8_t *)last->payload + last->len, data, fill);
    last->len = (u16_t)(last->len + fill);
  }
  return ERR_OK;
}

static err_t append_reference(struct tcp_pcb *pcb, const u8_t *data, u16_t len)
{
  if (pcb->snd_queuelen >= TCP_SND_QUEUELEN) {
    return ERR_MEM;
  }
  struct pbuf *p = pbuf_alloc(PBUF_RAW, len, PBUF_ROM);
  if (p == NULL) {
    return ERR_MEM;
  }
  ((struct pbuf_rom *)(void *)p)->payload = data;
  queue_append(pcb, p, p, 1);
  return ERR_OK;
}

err_t tcp_snd_append(struct tcp_pcb *pcb, const void *data, u16_t len, bool copy)
{
  copy = copy || LWIP_NETIF_TX_SINGLE_PBUF;
  err_t err = copy ? append_copy(pcb, (const u8_t *)data, len)
                   : append_reference(pcb, (const u8_t *)data, len);
  if (err == ERR_OK) {
    pcb->snd_buf = (tcpwnd_size_t)(pcb->snd_buf - len);
  }
  return err;
}

static void queue_drop_first(struct tcp_pcb *pcb)
{
  struct pbuf *p = pcb->snd_last->next;
  pcb->snd_last->next = p->next;
  if (p == pcb->snd_last) {
    pcb->snd_last = NULL;
  }
  pcb->snd_queuelen--;
  p->next = NULL;
  pbuf_free(p);
}

void tcp_snd_remove(struct tcp_pcb *pcb, u32_t len)
{
  pcb->snd_buf = (tcpwnd_size_t)(pcb->snd_buf + len);
  while (len > 0) {
    struct pbuf *p = pcb->snd_last->next;
    if (p->len > len) {
      p->payload = (u8_t *)p->payload + len;
      p->len = (u16_t)(p->len - len);
      p->tot_len = (u16_t)(p->tot_len - len);
      return;
    }
    len -= p->len;
    queue_drop_first(pcb);
  }
}

void tcp_snd_free(struct tcp_pcb *pcb)
{
  tcp_snd_remove(pcb, tcp_snd_len(pcb));
}

static void slice_free(struct pbuf *p)
{
  struct tcp_slice *s = (struct tcp_slice *)(void *)p;
  pbuf_free(s->origin);
  memp_free(MEMP_TCP_SLICE, s);
}

static struct pbuf *slice_alloc(struct pbuf *origin, u16_t offset, u16_t len)
{
  struct tcp_slice *s = (struct tcp_slice *)memp_malloc(MEMP_TCP_SLICE);
  if (s == NULL) {
    return NULL;
  }
  s->pc.custom_free_function = slice_free;
  s->origin = origin;
  pbuf_ref(origin);
  return pbuf_alloced_custom(PBUF_RAW, len, PBUF_ROM, &s->pc, (u8_t *)origin->payload + offset,
                             len);
}

/** The bytes from `offset` of `from` on as one pbuf of memory. */
static bool copy_out(struct pbuf *out, const struct pbuf *from, u16_t offset, u16_t len)
{
  u8_t *at = (u8_t *)out->payload + out->len;
  while (len > 0) {
    u16_t part_len = LWIP_MIN(len, (u16_t)(from->len - offset));
    MEMCPY(at, (const u8_t *)from->payload + offset, part_len);
    at += part_len;
    len = (u16_t)(len - part_len);
    from = from->next;
    offset = 0;
  }
  return true;
}

bool tcp_snd_attach(struct tcp_pcb *pcb, struct pbuf *header, u32_t seq, u16_t len)
{
  u32_t offset = seq - tcp_snd_base(pcb);
  struct pbuf *p = pcb->snd_last->next;
  while (offset >= p->len) {
    offset -= p->len;
    p = p->next;
  }
  if (tcp_snd_copies(len)) {
    return copy_out(header, p, (u16_t)offset, len);
  }
  while (len > 0) {
    u16_t part_len = LWIP_MIN(len, (u16_t)(p->len - offset));
    struct pbuf *slice = slice_alloc(p, (u16_t)offset, part_len);
    if (slice == NULL) {
      return false;
    }
    pbuf_cat(header, slice);
    len = (u16_t)(len - part_len);
    offset = 0;
    p = p->next;
  }
  return true;
}
