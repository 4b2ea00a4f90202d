/**
 * @file
 * The heap: mem_malloc() and friends over one of three allocators, with optional guard bytes.
 *
 * The own one (MEM_SIZE bytes) keeps free blocks in lists by size, one for each power of two. A
 * request takes a block of its own list if one of the first few is large enough, else the first of
 * the next list that has any, else it searches its own list to the end: a block is found whenever
 * there is one, nearly always in constant time. Neighbours that are free are one block.
 *
 * State: the heap itself, which begins with the list heads. Positions are offsets from its start,
 * so that they fit in mem_size_t and are the same in every instance; 0 is none. Invariants: blocks
 * lie edge to edge from HEAP_FIRST to the end mark, which is a used block of no size; `prev_size`
 * is the size of the block in front; no two free blocks are neighbours. All changes happen under
 * SYS_ARCH_PROTECT().
 */
#include <stdbool.h>
#include <string.h>
#include "lwip/opt.h"
#include "lwip/debug.h"
#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/priv/mem_priv.h"
#include "gossamer/state.h"
#include "base/fault.h"
#include "base/mem_pool.h"

/** What stands in front of a block's payload. */
struct block {
  mem_size_t size;      /* to the next block, in bytes, and BLOCK_USED */
  mem_size_t prev_size; /* 0: the first */
};

/** What a free block has for a payload. */
struct links {
  mem_size_t next;  /* in its list */
  mem_size_t pprev; /* where the position of this one stands: in a list head or in a `next` */
};

#define IS_OWN_HEAP (!MEM_CUSTOM_ALLOCATOR && !MEM_USE_POOLS)

#define ROUND_DOWN(n, to) ((n) / (to) * (to))
#define ROUND_UP(n, to)   ROUND_DOWN((n) + (to)-1, to)

#define BLOCK_USED   1U
#define BLOCK_HEADER sizeof(struct block)
#define BLOCK_ALIGN  LWIP_MAX(MEM_ALIGNMENT, 4U)
#define BLOCK_MIN    ROUND_UP(BLOCK_HEADER + sizeof(struct links), BLOCK_ALIGN)

/* MEM_SIZE means nothing to the other allocators. */
#define HEAP_SIZE (IS_OWN_HEAP ? (size_t)MEM_SIZE : 256U)

/* Lists of blocks from 2^3 to 2^15 or 2^30 bytes. */
#define LIST_LOG2_MIN 3U
#define LISTS         (HEAP_SIZE > 64000U ? 28U : 13U)
#define LISTS_BYTES   (LISTS * sizeof(mem_size_t))

/* Position of the first block, whose payload is aligned; of the end mark; and behind it. */
#define HEAP_FIRST    (ROUND_UP(LISTS_BYTES + BLOCK_HEADER, BLOCK_ALIGN) - BLOCK_HEADER)
#define HEAP_OVERHEAD (HEAP_FIRST + BLOCK_HEADER)
#define HEAP_BLOCKS   (MEM_HEAP_OWN_RAM ? HEAP_SIZE : HEAP_SIZE - HEAP_OVERHEAD)
#define HEAP_END      (HEAP_FIRST + ROUND_DOWN(HEAP_BLOCKS, BLOCK_ALIGN))
#define HEAP_BYTES    (HEAP_END + BLOCK_HEADER)

/* Blocks of its own list that a request looks at before it takes a larger one. */
#define SEARCH_FIRST 4

/* With MEM_OVERFLOW_CHECK a block's payload is: size asked for, guard, user's bytes, guard. */
#define GUARD_FRONT                                                                                \
  (MEM_OVERFLOW_CHECK ? LWIP_MEM_ALIGN_SIZE(sizeof(mem_size_t)) + MEM_SANITY_REGION_BEFORE_ALIGNED \
                      : 0U)
#define GUARD_BACK (MEM_OVERFLOW_CHECK ? MEM_SANITY_REGION_AFTER_ALIGNED : 0U)

/* In front of a custom allocator's block, where anybody counts: its size. */
#define CUSTOM_HEADER (MEM_STATS || LWIP_TESTMODE ? LWIP_MEM_ALIGN_SIZE(sizeof(size_t)) : (size_t)0)

struct mem_state {
  _Alignas(BLOCK_ALIGN) u8_t ram[MEM_HEAP_OWN_RAM && IS_OWN_HEAP ? HEAP_BYTES : 1];
};

STACK_STATE(struct mem_state, mem_state);

/* Bytes that a custom allocator gave and has not got back. */
STACK_STATE(u32_t, custom_used);

static u8_t *heap_ram(void)
{
  return MEM_HEAP_RAM(mem_state()->ram);
}

static struct block *block_at(size_t position)
{
  return (struct block *)(void *)(heap_ram() + position);
}

static mem_size_t position_of(const void *p)
{
  return (mem_size_t)((const u8_t *)p - heap_ram());
}

/** A list head or a `next`, by its position. */
static mem_size_t *link_at(size_t position)
{
  return (mem_size_t *)(void *)(heap_ram() + position);
}

static struct block *block_offset(struct block *b, size_t bytes)
{
  return (struct block *)(void *)((u8_t *)b + bytes);
}

static bool block_is_used(const struct block *b)
{
  return (b->size & BLOCK_USED) != 0;
}

static size_t block_size(const struct block *b)
{
  return b->size & ~(size_t)BLOCK_USED;
}

static unsigned list_of(size_t size)
{
  return MEM_LOG2((u32_t)size) - LIST_LOG2_MIN;
}

static struct links *links_of(struct block *b)
{
  return (struct links *)(void *)(b + 1);
}

static mem_size_t next_of(size_t position)
{
  return links_of(block_at(position))->next;
}

static void list_remove(struct block *b)
{
  const struct links *l = links_of(b);
  *link_at(l->pprev) = l->next;
  if (l->next != 0) {
    links_of(block_at(l->next))->pprev = l->pprev;
  }
}

static void list_insert(struct block *b)
{
  struct links *l = links_of(b);
  mem_size_t *head = link_at(list_of(b->size) * sizeof(mem_size_t));
  l->next = *head;
  l->pprev = position_of(head);
  *head = position_of(b);
  if (l->next != 0) {
    links_of(block_at(l->next))->pprev = position_of(&l->next);
  }
}

/** A free block of at least `need` bytes; NULL: there is none. */
static struct block *heap_find(size_t need)
{
  const mem_size_t *head = link_at(0);
  unsigned i = list_of(need);
  size_t own = head[i];
  for (unsigned n = SEARCH_FIRST; n > 0 && own != 0 && block_at(own)->size < need; n--) {
    own = next_of(own);
  }
  if (own != 0 && block_at(own)->size >= need) {
    return block_at(own);
  }
  while (++i < LISTS) {
    if (head[i] != 0) {
      return block_at(head[i]);
    }
  }
  while (own != 0 && block_at(own)->size < need) {
    own = next_of(own);
  }
  return own != 0 ? block_at(own) : NULL;
}

/** Give a free block another size; what lies behind it is there already. */
static void block_resize(struct block *b, size_t size)
{
  bool moves = list_of(b->size) != list_of(size);
  if (moves) {
    list_remove(b);
  }
  b->size = (mem_size_t)size;
  block_offset(b, size)->prev_size = (mem_size_t)size;
  if (moves) {
    list_insert(b);
  }
}

/** Make a used block free, one with its free neighbours. */
static void block_release(struct block *b)
{
  struct block *next = block_offset(b, block_size(b));
  if (!block_is_used(next)) {
    list_remove(next);
    b->size = (mem_size_t)(b->size + next->size);
  }
  struct block *prev = (struct block *)(void *)((u8_t *)b - b->prev_size);
  bool joins = !block_is_used(prev); /* never for the first: that is its own prev */
  b->size = (mem_size_t)(b->size - BLOCK_USED);
  if (joins) {
    block_resize(prev, (size_t)prev->size + b->size);
    return;
  }
  block_offset(b, b->size)->prev_size = b->size;
  list_insert(b);
}

/** Take `need` bytes from the end of a free block, which mostly can stay in its list, or all of it.
 */
static struct block *block_take(struct block *b, size_t need)
{
  size_t rest = b->size - need;
  if (rest < BLOCK_MIN) {
    list_remove(b);
    b->size |= BLOCK_USED;
    return b;
  }
  struct block *r = block_offset(b, rest);
  r->size = (mem_size_t)(need | BLOCK_USED);
  block_offset(r, need)->prev_size = (mem_size_t)need;
  block_resize(b, rest);
  return r;
}

/** Cut a used block to `need` bytes where the rest is enough for a block. */
static void block_cut(struct block *b, size_t need)
{
  size_t rest = block_size(b) - need;
  if (rest < BLOCK_MIN) {
    return;
  }
  struct block *r = block_offset(b, need);
  b->size = (mem_size_t)(need | BLOCK_USED);
  r->prev_size = (mem_size_t)need;
  r->size = (mem_size_t)(rest | BLOCK_USED);
  block_offset(r, rest)->prev_size = (mem_size_t)rest;
  block_release(r);
}

static size_t block_size_for(size_t payload)
{
  return LWIP_MAX(ROUND_UP(payload + BLOCK_HEADER, BLOCK_ALIGN), BLOCK_MIN);
}

static void heap_init(void)
{
  memset(heap_ram(), 0, LISTS_BYTES);
  struct block *all = block_at(HEAP_FIRST);
  all->prev_size = 0;
  all->size = (mem_size_t)(HEAP_END - HEAP_FIRST);
  struct block *end = block_at(HEAP_END);
  end->prev_size = all->size;
  end->size = BLOCK_USED;
  list_insert(all);
}

static void *heap_malloc(size_t size)
{
  if (size > HEAP_SIZE) {
    return NULL;
  }
  size_t need = block_size_for(size);
  struct block *b = heap_find(need);
  if (b == NULL) {
    return NULL;
  }
  b = block_take(b, need);
  MEM_STATS_INC_USED(used, block_size(b));
  return (u8_t *)b + BLOCK_HEADER;
}

/** The used block whose payload `mem` is; NULL: it is none. */
static struct block *heap_block(const void *mem)
{
  size_t position = (mem_ptr_t)mem - (mem_ptr_t)heap_ram() - BLOCK_HEADER;
  if (position - HEAP_FIRST >= HEAP_END - HEAP_FIRST ||
      (position - HEAP_FIRST) % BLOCK_ALIGN != 0) {
    return NULL;
  }
  struct block *b = block_at(position);
  size_t size = block_size(b);
  if (!block_is_used(b) || size < BLOCK_MIN || size > HEAP_END - position ||
      block_offset(b, size)->prev_size != size) {
    return NULL;
  }
  return b;
}

/** MEM_SANITY_CHECK: walk all blocks. @return bytes in used ones */
static size_t heap_check(void)
{
  size_t used = 0;
  size_t prev_size = 0;
  bool prev_used = true;
  struct block *b = block_at(HEAP_FIRST);
  while (position_of(b) < HEAP_END) {
    LWIP_ASSERT("heap: sizes do not match", b->prev_size == prev_size);
    LWIP_ASSERT("heap: free neighbours", prev_used || block_is_used(b));
    LWIP_ASSERT("heap: free block is in no list",
                block_is_used(b) || *link_at(links_of(b)->pprev) == position_of(b));
    prev_size = block_size(b);
    prev_used = block_is_used(b);
    LWIP_ASSERT("heap: impossible size",
                prev_size >= BLOCK_MIN && prev_size <= HEAP_END - (size_t)position_of(b));
    used += prev_used ? prev_size : 0;
    b = block_at(position_of(b) + prev_size);
  }
  LWIP_ASSERT("heap: no end mark", b->size == BLOCK_USED && b->prev_size == prev_size);
  return used;
}

static void guard_set(void *mem, mem_size_t size)
{
  memcpy((u8_t *)mem - GUARD_FRONT, &size, sizeof size);
  mem_overflow_init_raw(mem, size);
}

static void guard_check(void *mem)
{
  mem_size_t size;
  memcpy(&size, (u8_t *)mem - GUARD_FRONT, sizeof size);
  mem_overflow_check_raw(mem, size, "heap block", "", 0);
}

/** MEM_OVERFLOW_CHECK 2: look at all blocks. */
static void heap_check_guards(void)
{
  size_t position = HEAP_FIRST;
  while (position < HEAP_END) {
    struct block *b = block_at(position);
    if (block_is_used(b)) {
      guard_check((u8_t *)b + BLOCK_HEADER + GUARD_FRONT);
    }
    position += block_size(b);
  }
}

static void self_check(void)
{
  if (MEM_SANITY_CHECK && IS_OWN_HEAP) {
    heap_check();
  }
  if (MEM_OVERFLOW_CHECK >= 2 && IS_OWN_HEAP) {
    heap_check_guards();
  }
}

static void *custom_malloc(size_t size)
{
  size_t *p = (size_t *)MEM_CUSTOM_GET(size + CUSTOM_HEADER);
  if (CUSTOM_HEADER == 0 || p == NULL) {
    return p;
  }
  *p = size;
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  *custom_used() += (u32_t)size;
  MEM_STATS_INC_USED(used, size);
  SYS_ARCH_UNPROTECT(lev);
  return (u8_t *)p + CUSTOM_HEADER;
}

static void custom_free(void *mem)
{
  void *p = (u8_t *)mem - CUSTOM_HEADER;
  if (CUSTOM_HEADER != 0) {
    SYS_ARCH_DECL_PROTECT(lev);
    SYS_ARCH_PROTECT(lev);
    *custom_used() -= (u32_t) * (size_t *)p;
    MEM_STATS_DEC_USED(used, *(size_t *)p);
    SYS_ARCH_UNPROTECT(lev);
  }
  MEM_CUSTOM_PUT(p);
}

static void *own_malloc(size_t size)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  self_check();
  void *mem = heap_malloc(size);
  SYS_ARCH_UNPROTECT(lev);
  return mem;
}

/** @return false: that is no block */
static bool own_free(void *mem)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  self_check();
  struct block *b = heap_block(mem);
  if (b != NULL) {
    MEM_STATS_DEC_USED(used, block_size(b));
    block_release(b);
  } else {
    MEM_STATS_INC(illegal);
  }
  SYS_ARCH_UNPROTECT(lev);
  return b != NULL;
}

static void count_error(void)
{
  if (MEM_STATS) {
    SYS_ARCH_DECL_PROTECT(lev);
    SYS_ARCH_PROTECT(lev);
    MEM_STATS_INC(err);
    SYS_ARCH_UNPROTECT(lev);
  }
}

void mem_init(void)
{
  if (IS_OWN_HEAP) {
    heap_init();
  }
  MEM_STATS_AVAIL(avail, (mem_size_t)HEAP_BLOCKS);
}

void *mem_malloc(mem_size_t size)
{
  const size_t bytes = size + GUARD_FRONT + GUARD_BACK;
  u8_t *mem = NULL;
  if (size == 0) {
    return NULL;
  }
  if (!fault_hits() && bytes >= size && bytes < (size_t)-1 - CUSTOM_HEADER) {
    mem = (u8_t *)(MEM_CUSTOM_ALLOCATOR ? custom_malloc(bytes)
                   : MEM_USE_POOLS      ? mem_pool_malloc(bytes)
                                        : own_malloc(bytes));
  }
  if (mem == NULL) {
    count_error();
    return NULL;
  }
  if (MEM_OVERFLOW_CHECK) {
    mem += GUARD_FRONT;
    guard_set(mem, size);
  }
  return mem;
}

void *mem_calloc(mem_size_t count, mem_size_t size)
{
  mem_size_t bytes = (mem_size_t)((size_t)count * size);
  if (size != 0 && bytes / size != count) {
    return NULL;
  }
  void *mem = mem_malloc(bytes);
  if (mem != NULL) {
    memset(mem, 0, bytes);
  }
  return mem;
}

void mem_free(void *mem)
{
  if (mem == NULL) {
    return;
  }
  u8_t *raw = (u8_t *)mem - GUARD_FRONT;
  if (MEM_OVERFLOW_CHECK && (!IS_OWN_HEAP || heap_block(raw) != NULL)) {
    guard_check(mem);
  }
  if (MEM_CUSTOM_ALLOCATOR) {
    custom_free(raw);
  } else if (MEM_USE_POOLS) {
    mem_pool_free(raw);
  } else if (!own_free(raw)) {
    LWIP_MEM_ILLEGAL_FREE("mem_free: not a live block");
  }
}

/** @return false: `size` is more than the block has */
static bool own_trim(void *mem, size_t size)
{
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  self_check();
  struct block *b = heap_block(mem);
  size_t need = block_size_for(size);
  bool fits = b != NULL && need <= block_size(b);
  if (fits) {
    MEM_STATS_DEC_USED(used, block_size(b));
    block_cut(b, need);
    MEM_STATS_INC_USED(used, block_size(b));
  } else if (b == NULL) {
    MEM_STATS_INC(illegal);
  }
  SYS_ARCH_UNPROTECT(lev);
  return fits;
}

void *mem_trim(void *mem, mem_size_t size)
{
  if (!IS_OWN_HEAP || mem == NULL) {
    return mem;
  }
  if (!own_trim((u8_t *)mem - GUARD_FRONT, size + GUARD_FRONT + GUARD_BACK)) {
    return NULL;
  }
  if (MEM_OVERFLOW_CHECK) {
    guard_set(mem, size);
  }
  return mem;
}

u32_t mem_used_bytes(void)
{
  if (!IS_OWN_HEAP) {
    return *custom_used();
  }
  SYS_ARCH_DECL_PROTECT(lev);
  SYS_ARCH_PROTECT(lev);
  u32_t used = (u32_t)heap_check();
  SYS_ARCH_UNPROTECT(lev);
  return used;
}
