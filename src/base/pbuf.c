/**
 * @file
 * Packet buffers: allocating, freeing, header room, chains.
 *
 * No state of its own beside the note that PBUF_POOL ran empty. Invariants: `tot_len` of every pbuf
 * in a chain is its `len` plus the `tot_len` of the next, modulo 65,536; the last one's `next` is
 * NULL. No function recurses, whatever the length of a chain.
 */
#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/priv/mem_priv.h"
#include "base/core.h"

/* Where the payload of a pbuf in one block may begin at the earliest. */
#define PBUF_STRUCT_BYTES LWIP_MEM_ALIGN_SIZE(sizeof(struct pbuf))

/* Payload of one PBUF_POOL element. */
#define PBUF_POOL_BYTES LWIP_MEM_ALIGN_SIZE(PBUF_POOL_BUFSIZE)

/* A reference count that has come this far stays. */
#define PBUF_REF_MAX ((LWIP_PBUF_REF_T) ~(LWIP_PBUF_REF_T)0)

PBUF_POOL_EMPTY_DEFINE

/* Taking from it by name is the shortest way to the memory of a received frame. */
LWIP_MEMPOOL_PROTOTYPE(PBUF_POOL);

static void pbuf_set(struct pbuf *p, void *payload, u16_t tot_len, u16_t len, pbuf_type type,
                     u8_t flags)
{
  p->next = NULL;
  p->payload = payload;
  p->tot_len = tot_len;
  p->len = len;
  p->type_internal = (u8_t)type;
  p->flags = flags;
  p->ref = 1;
  p->if_idx = NETIF_NO_INDEX;
  PBUF_OFFLOAD_INIT(p);
  PBUF_L2_INIT(p);
  LWIP_PBUF_CUSTOM_DATA_INIT(p);
}

static u8_t *pbuf_block_payload(struct pbuf *p)
{
  return (u8_t *)p + PBUF_STRUCT_BYTES;
}

static struct pbuf *pbuf_alloc_element(size_t room, u16_t tot_len)
{
  struct pbuf *p = (struct pbuf *)memp_malloc_pool(&memp_PBUF_POOL);
  if (p == NULL) {
    bool is_news = PBUF_POOL_NOTE_EMPTY();
    if (!NO_SYS && is_news) {
      core_wake_server();
    }
    return NULL;
  }
  u16_t len = (u16_t)LWIP_MIN(tot_len, PBUF_POOL_BYTES - room);
  pbuf_set(p, pbuf_block_payload(p) + room, tot_len, len, PBUF_POOL, 0);
  return p;
}

/** Append what is missing to a packet of which there is only the first pbuf. NULL: freed. */
static MEM_OWN_FRAME struct pbuf *pbuf_alloc_rest(struct pbuf *first)
{
  struct pbuf *last = first;
  while (last->len != last->tot_len) {
    last->next = pbuf_alloc_element(0, (u16_t)(last->tot_len - last->len));
    last = last->next;
    if (last == NULL) {
      pbuf_free(first);
      return NULL;
    }
  }
  return first;
}

static MEM_OWN_FRAME struct pbuf *pbuf_alloc_pool(size_t room, u16_t length)
{
  LWIP_ERROR("pbuf_alloc: headers do not fit in a pool pbuf", room < PBUF_POOL_BYTES, return NULL);
  struct pbuf *p = pbuf_alloc_element(room, length);
  return (p != NULL && p->len != length) ? pbuf_alloc_rest(p) : p;
}

static MEM_OWN_FRAME struct pbuf *pbuf_alloc_ram(size_t room, u16_t length)
{
  size_t bytes = PBUF_STRUCT_BYTES + room + LWIP_MEM_ALIGN_SIZE((size_t)length);
  if (bytes != (mem_size_t)bytes) {
    return NULL;
  }
  struct pbuf *p = (struct pbuf *)mem_malloc((mem_size_t)bytes);
  if (p != NULL) {
    pbuf_set(p, pbuf_block_payload(p) + room, length, length, PBUF_RAM, 0);
  }
  return p;
}

struct pbuf *pbuf_alloc(pbuf_layer l, u16_t length, pbuf_type type)
{
  const size_t room = LWIP_MEM_ALIGN_SIZE((size_t)(u16_t)l);
  if (type == PBUF_POOL) {
    return pbuf_alloc_pool(room, length);
  }
  if (type == PBUF_RAM) {
    return pbuf_alloc_ram(room, length);
  }
  return pbuf_alloc_reference(NULL, length, type);
}

MEM_OWN_FRAME struct pbuf *pbuf_alloc_reference(void *payload, u16_t length, pbuf_type type)
{
  LWIP_ERROR("pbuf_alloc: no such type", type == PBUF_REF || type == PBUF_ROM, return NULL);
  struct pbuf *p = (struct pbuf *)memp_malloc(MEMP_PBUF);
  if (p != NULL) {
    pbuf_set(p, payload, length, length, type, 0);
  }
  return p;
}

struct pbuf *pbuf_alloced_custom(pbuf_layer l, u16_t length, pbuf_type type, struct pbuf_custom *p,
                                 void *payload_mem, u16_t payload_mem_len)
{
  const size_t room = LWIP_MEM_ALIGN_SIZE((size_t)(u16_t)l);
  LWIP_ERROR("pbuf_alloced_custom: no pbuf", p != NULL, return NULL);
  if (room + length > payload_mem_len) {
    return NULL;
  }
  u8_t *payload = (payload_mem == NULL) ? NULL : (u8_t *)payload_mem + room;
  pbuf_set(&p->pbuf, payload, length, length, type, PBUF_FLAG_IS_CUSTOM);
  return &p->pbuf;
}

static bool pbuf_is_custom(const struct pbuf *p)
{
  return LWIP_SUPPORT_CUSTOM_PBUF && (p->flags & PBUF_FLAG_IS_CUSTOM) != 0;
}

/** Give one pbuf that nobody holds back to where its memory came from. */
static void pbuf_release(struct pbuf *p)
{
  PBUF_L2_RELEASE(p);
  if (pbuf_is_custom(p)) {
    struct pbuf_custom *pc = (struct pbuf_custom *)(void *)p;
    LWIP_ASSERT("pbuf_free: custom pbuf without function", pc->custom_free_function != NULL);
    pc->custom_free_function(p);
    return;
  }
  const u8_t source = pbuf_get_allocsrc(p);
  if (source == PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF_POOL) {
    memp_free(MEMP_PBUF_POOL, p);
  } else if (source == PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF) {
    memp_free(MEMP_PBUF, p);
  } else {
    LWIP_ASSERT("pbuf_free: unknown source", source == PBUF_TYPE_ALLOC_SRC_MASK_STD_HEAP);
    mem_free(p);
  }
}

void pbuf_ref(struct pbuf *p)
{
  if (p == NULL) {
    return;
  }
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  if (p->ref != PBUF_REF_MAX) {
    p->ref++;
  }
  SYS_ARCH_UNPROTECT(lev);
}

/** @return whether that was the last reference */
static bool pbuf_unref(struct pbuf *p)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  LWIP_ASSERT("pbuf_free: freed already", p->ref != 0);
  bool is_last = --p->ref == 0;
  if (!is_last && p->ref == PBUF_REF_MAX - 1) {
    p->ref = PBUF_REF_MAX;
  }
  SYS_ARCH_UNPROTECT(lev);
  return is_last;
}

u8_t pbuf_free(struct pbuf *p)
{
  u8_t count = 0;
  while (p != NULL && pbuf_unref(p)) {
    struct pbuf *next = p->next;
    pbuf_release(p);
    count = (u8_t)(count + (count != 0xff));
    p = next;
  }
  return count;
}

void pbuf_realloc(struct pbuf *p, u16_t size)
{
  if (p == NULL || size >= p->tot_len) {
    return;
  }
  const u16_t cut = (u16_t)(p->tot_len - size);
  while (size > p->len) {
    size = (u16_t)(size - p->len);
    p->tot_len = (u16_t)(p->tot_len - cut);
    p = p->next;
  }
  if (pbuf_match_allocsrc(p, PBUF_RAM) && !pbuf_is_custom(p) && size != p->len) {
    mem_trim(p, (mem_size_t)((u8_t *)p->payload - (u8_t *)p + size));
  }
  p->len = size;
  p->tot_len = size;
  pbuf_free(p->next);
  p->next = NULL;
}

static u8_t pbuf_grow(struct pbuf *p, size_t bytes, bool force)
{
  if (p == NULL || bytes > 0xffffU - p->tot_len) {
    return 1;
  }
  const mem_ptr_t payload = (mem_ptr_t)p->payload;
  if ((p->type_internal & PBUF_TYPE_FLAG_STRUCT_DATA_CONTIGUOUS) != 0) {
    force = payload >= (mem_ptr_t)pbuf_block_payload(p) + bytes;
  }
  if (!force && bytes != 0) {
    return 1;
  }
  p->payload = (u8_t *)p->payload - bytes;
  p->len = (u16_t)(p->len + bytes);
  p->tot_len = (u16_t)(p->tot_len + bytes);
  return 0;
}

u8_t pbuf_add_header(struct pbuf *p, size_t header_size_increment)
{
  return pbuf_grow(p, header_size_increment, false);
}

u8_t pbuf_add_header_force(struct pbuf *p, size_t header_size_increment)
{
  return pbuf_grow(p, header_size_increment, true);
}

u8_t pbuf_remove_header(struct pbuf *p, size_t header_size)
{
  if (p == NULL || header_size > p->len) {
    return 1;
  }
  p->payload = (u8_t *)p->payload + header_size;
  p->len = (u16_t)(p->len - header_size);
  p->tot_len = (u16_t)(p->tot_len - header_size);
  return 0;
}

static u8_t pbuf_move_start(struct pbuf *p, s16_t header_size, bool force)
{
  if (header_size < 0) {
    return pbuf_remove_header(p, (size_t)-header_size);
  }
  return pbuf_grow(p, (size_t)header_size, force);
}

u8_t pbuf_header(struct pbuf *p, s16_t header_size)
{
  return pbuf_move_start(p, header_size, false);
}

u8_t pbuf_header_force(struct pbuf *p, s16_t header_size)
{
  return pbuf_move_start(p, header_size, true);
}

struct pbuf *pbuf_free_header(struct pbuf *q, u16_t size)
{
  while (q != NULL && size >= q->len && size != 0) {
    struct pbuf *next = q->next;
    size = (u16_t)(size - q->len);
    q->next = NULL;
    q->tot_len = q->len;
    pbuf_free(q);
    q = next;
  }
  pbuf_remove_header(q, size);
  return q;
}

u16_t pbuf_clen(const struct pbuf *p)
{
  u16_t count = 0;
  for (; p != NULL; p = p->next) {
    count++;
  }
  return count;
}

void pbuf_cat(struct pbuf *head, struct pbuf *tail)
{
  LWIP_ERROR("pbuf_cat: no pbuf", head != NULL && tail != NULL, return;);
  struct pbuf *p = head;
  for (; p->next != NULL; p = p->next) {
    p->tot_len = (u16_t)(p->tot_len + tail->tot_len);
  }
  p->tot_len = (u16_t)(p->tot_len + tail->tot_len);
  p->next = tail;
}

void pbuf_chain(struct pbuf *head, struct pbuf *tail)
{
  LWIP_ERROR("pbuf_chain: no pbuf", head != NULL && tail != NULL, return;);
  pbuf_cat(head, tail);
  pbuf_ref(tail);
}

struct pbuf *pbuf_dechain(struct pbuf *p)
{
  LWIP_ERROR("pbuf_dechain: no pbuf", p != NULL, return NULL);
  struct pbuf *rest = p->next;
  if (rest == NULL) {
    return NULL;
  }
  rest->tot_len = (u16_t)(p->tot_len - p->len);
  p->next = NULL;
  p->tot_len = p->len;
  return pbuf_free(rest) != 0 ? NULL : rest;
}

void pbuf_split_64k(struct pbuf *p, struct pbuf **rest)
{
  *rest = NULL;
  if (p == NULL) {
    return;
  }
  u32_t len = p->len;
  struct pbuf *last = p;
  while (last->next != NULL && len + last->next->len <= 0xffff) {
    last = last->next;
    len += last->len;
  }
  if (last->next == NULL) {
    return;
  }
  *rest = last->next;
  last->next = NULL;
  for (; p != NULL; p = p->next) {
    p->tot_len = (u16_t)len;
    len -= p->len;
  }
}
