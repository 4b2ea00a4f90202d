/**
 * @file
 * Packet buffers: chains of memory blocks that carry one packet.
 *
 * `tot_len` of a pbuf is its own `len` plus that of all pbufs behind it. A chain is one packet;
 * there are no packet queues. `ref` counts who holds a pbuf; whoever holds the first pbuf of a
 * chain holds the chain. pbuf_alloc(), pbuf_ref() and pbuf_free() may be called from any thread or
 * interrupt where SYS_ARCH_PROTECT() protects against them; everything else belongs to the one
 * holder.
 */
#ifndef LWIP_HDR_PBUF_H
#define LWIP_HDR_PBUF_H

#include "lwip/opt.h"
#include "lwip/err.h"
#include "gossamer/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 1: pbufs with memory of the application's or driver's own (struct pbuf_custom) are freed right.
 */
#ifndef LWIP_SUPPORT_CUSTOM_PBUF
#define LWIP_SUPPORT_CUSTOM_PBUF                                                                   \
  ((IP_FRAG && !LWIP_NETIF_TX_SINGLE_PBUF) || (LWIP_IPV6 && LWIP_IPV6_FRAG) || LWIP_TCP)
#endif

/** True where the payload may change after the call returns, so queueing it needs a copy. */
#ifndef PBUF_NEEDS_COPY
#define PBUF_NEEDS_COPY(p) ((p)->type_internal & PBUF_TYPE_FLAG_DATA_VOLATILE)
#endif

/** 1: an empty PBUF_POOL makes TCP give up its out-of-order data (pbuf_free_ooseq()). */
#ifndef PBUF_POOL_FREE_OOSEQ
#define PBUF_POOL_FREE_OOSEQ 1
#endif

#define PBUF_TRANSPORT_HLEN 20
#if LWIP_IPV6
#define PBUF_IP_HLEN 40
#else
#define PBUF_IP_HLEN 20
#endif

/** Room in front of the payload: for the headers that will be put before what is at this layer. */
typedef enum {
  PBUF_TRANSPORT =
      PBUF_LINK_ENCAPSULATION_HLEN + PBUF_LINK_HLEN + PBUF_IP_HLEN + PBUF_TRANSPORT_HLEN,
  PBUF_IP = PBUF_LINK_ENCAPSULATION_HLEN + PBUF_LINK_HLEN + PBUF_IP_HLEN,
  PBUF_LINK = PBUF_LINK_ENCAPSULATION_HLEN + PBUF_LINK_HLEN,
  PBUF_RAW_TX = PBUF_LINK_ENCAPSULATION_HLEN,
  PBUF_RAW = 0
} pbuf_layer;

/* Kept in `type_internal`: struct and payload are one block, so headers may grow within it. */
#define PBUF_TYPE_FLAG_STRUCT_DATA_CONTIGUOUS 0x80
/* ... the payload is the caller's and may change. */
#define PBUF_TYPE_FLAG_DATA_VOLATILE 0x40
/* ... where the memory came from. */
#define PBUF_TYPE_ALLOC_SRC_MASK 0x0F
/* For pbuf_alloc() only: meant for receiving. */
#define PBUF_ALLOC_FLAG_RX 0x0100
/* For pbuf_alloc() only: the payload must be one piece. */
#define PBUF_ALLOC_FLAG_DATA_CONTIGUOUS 0x0200

#define PBUF_TYPE_ALLOC_SRC_MASK_STD_HEAP           0x00
#define PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF      0x01
#define PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF_POOL 0x02
/* 3 to 15 are free for applications' custom pbufs. */
#define PBUF_TYPE_ALLOC_SRC_MASK_APP_MIN 0x03
#define PBUF_TYPE_ALLOC_SRC_MASK_APP_MAX PBUF_TYPE_ALLOC_SRC_MASK

typedef enum {
  /** Struct and payload in one block of the heap: for sending. */
  PBUF_RAM = (PBUF_ALLOC_FLAG_DATA_CONTIGUOUS | PBUF_TYPE_FLAG_STRUCT_DATA_CONTIGUOUS |
              PBUF_TYPE_ALLOC_SRC_MASK_STD_HEAP),
  /** The payload is constant memory of the caller's. */
  PBUF_ROM = PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF,
  /** The payload is memory of the caller's that may change: copied when it must be queued. */
  PBUF_REF = (PBUF_TYPE_FLAG_DATA_VOLATILE | PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF),
  /** Chain of equal blocks from the pool PBUF_POOL: for receiving. */
  PBUF_POOL = (PBUF_ALLOC_FLAG_RX | PBUF_TYPE_FLAG_STRUCT_DATA_CONTIGUOUS |
               PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF_POOL)
} pbuf_type;

/* `flags` */
#define PBUF_FLAG_PUSH      0x01U /* TCP: the sender pushed, pass on at once */
#define PBUF_FLAG_IS_CUSTOM 0x02U /* is a struct pbuf_custom */
#define PBUF_FLAG_MCASTLOOP 0x04U /* multicast that we sent: loop it back */
#define PBUF_FLAG_LLBCAST   0x08U /* came in a link-layer broadcast */
#define PBUF_FLAG_LLMCAST   0x10U /* came in a link-layer multicast */
#define PBUF_FLAG_TCP_FIN   0x20U /* TCP: a FIN followed */
#define PBUF_FLAG_LOOPED    0x40U /* was sent by ourselves: netif_loop_output() queued it */
#define PBUF_FLAG_DF_NEVER  0x80U /* to be sent: as SOF_DF_NEVER ... */
#define PBUF_FLAG_DF_ALWAYS 0x20U /* ... and SOF_DF_ALWAYS */
#define PBUF_FLAG_GIVEN     0x01U /* to be sent: its sender only frees it, so it may be kept */

struct netif;

struct pbuf {
  struct pbuf *next;
  void *payload;
  /** `len` of this and all following, modulo 65,536 (see pbuf_cat()). */
  u16_t tot_len;
  u16_t len;
  /** PBUF_TYPE_...; read it with pbuf_match_type() and friends. */
  u8_t type_internal;
  u8_t flags;
  LWIP_PBUF_REF_T ref;
  /** Incoming: number of the netif it came in by, NETIF_NO_INDEX before that. */
  u8_t if_idx;
#if LWIP_OFFLOAD
  /** Of the first pbuf of a packet: gossamer/offload.h. */
  u8_t offload;
  u16_t segment_len;
#endif
#if ESP_PBUF
  /** The netif whose l2_buffer_free_notify() gets `l2_buf` when the pbuf is freed; may be NULL. */
  struct netif *l2_owner;
  void *l2_buf;
#endif
  LWIP_PBUF_CUSTOM_DATA
};

/** Lets a PBUF_ROM's payload be set to constant data without a cast. */
struct pbuf_rom {
  struct pbuf *next;
  const void *payload;
};

typedef void (*pbuf_free_custom_fn)(struct pbuf *p);

/** A pbuf whose memory is the application's; set the function before pbuf_alloced_custom(). */
struct pbuf_custom {
  struct pbuf pbuf;
  /** Called instead of freeing the memory when the last reference goes. */
  pbuf_free_custom_fn custom_free_function;
};

#define pbuf_init()
#define pbuf_get_allocsrc(p)         ((p)->type_internal & PBUF_TYPE_ALLOC_SRC_MASK)
#define pbuf_match_allocsrc(p, type) (pbuf_get_allocsrc(p) == ((type)&PBUF_TYPE_ALLOC_SRC_MASK))
#define pbuf_match_type(p, type)     pbuf_match_allocsrc(p, type)

#if ESP_PBUF && ESP_LWIP
#define PBUF_L2_RELEASE(p)                                                                         \
  do {                                                                                             \
    if ((p)->l2_owner != NULL && (p)->l2_buf != NULL) {                                            \
      (p)->l2_owner->l2_buffer_free_notify((p)->l2_owner, (p)->l2_buf);                            \
    }                                                                                              \
  } while (0)
#else
#define PBUF_L2_RELEASE(p) ((void)0)
#endif

#if ESP_PBUF
#define PBUF_L2_INIT(p) ((p)->l2_owner = NULL, (p)->l2_buf = NULL)
#else
#define PBUF_L2_INIT(p) ((void)0)
#endif

#if LWIP_OFFLOAD
#define PBUF_OFFLOAD_INIT(p) ((p)->offload = 0, (p)->segment_len = 0)
#else
#define PBUF_OFFLOAD_INIT(p) ((void)0)
#endif

/*
 * PBUF_POOL ran empty. Allocation may happen in an interrupt, so nothing is freed there: it only
 * leaves a note, and the stack's own thread, woken by it, looks for it (PBUF_CHECK_FREE_OOSEQ()).
 */
/** Free all of TCP's out-of-order data: the peers still have it (TCP_QUEUE_OOSEQ). */
void pbuf_free_ooseq(void);

#if LWIP_TCP && TCP_QUEUE_OOSEQ && PBUF_POOL_FREE_OOSEQ
STACK_GLOBAL_DECLARE(volatile u8_t, pbuf_free_ooseq_pending);
#define pbuf_free_ooseq_pending STACK_GLOBAL(volatile u8_t, pbuf_free_ooseq_pending)
#define PBUF_CHECK_FREE_OOSEQ()                                                                    \
  do {                                                                                             \
    if (CORE_WORD_GET(pbuf_free_ooseq_pending)) {                                                  \
      CORE_WORD_SET(pbuf_free_ooseq_pending, 0);                                                   \
      pbuf_free_ooseq();                                                                           \
    }                                                                                              \
  } while (0)
/* Is the note new? */
#define PBUF_POOL_NOTE_EMPTY()                                                                     \
  (!CORE_WORD_GET(pbuf_free_ooseq_pending) && (CORE_WORD_SET(pbuf_free_ooseq_pending, 1), 1))
#define PBUF_POOL_EMPTY_DEFINE STACK_GLOBAL_DEFINE(volatile u8_t, pbuf_free_ooseq_pending);
#else
#define PBUF_CHECK_FREE_OOSEQ()
#define PBUF_POOL_NOTE_EMPTY() 0
#define PBUF_POOL_EMPTY_DEFINE
#endif

/**
 * Allocate a packet.
 *
 * @param l       layer whose headers will be put in front later; ignored for PBUF_ROM and PBUF_REF
 * @param length  of the payload in bytes, may be 0
 * @param type    PBUF_RAM, PBUF_POOL (may be a chain), PBUF_ROM or PBUF_REF (payload NULL)
 * @return the packet with `ref` 1, payload uninitialised; NULL: no memory, or no such type
 */
struct pbuf *pbuf_alloc(pbuf_layer l, u16_t length, pbuf_type type);

/**
 * A pbuf for memory of the caller's, which must stay until the pbuf is freed.
 *
 * @param type  PBUF_ROM: constant; PBUF_REF: may change
 * @return NULL: no memory, or another type
 */
struct pbuf *pbuf_alloc_reference(void *payload, u16_t length, pbuf_type type);

/**
 * Make a pbuf of the caller's `p` and payload memory; p->custom_free_function is called at the end.
 *
 * @param payload_mem      where the header room begins; NULL: payload will be set later
 * @param payload_mem_len  its size in bytes
 * @return &p->pbuf; NULL: header room and `length` do not fit
 */
struct pbuf *pbuf_alloced_custom(pbuf_layer l, u16_t length, pbuf_type type, struct pbuf_custom *p,
                                 void *payload_mem, u16_t payload_mem_len);

/** Cut a packet to its first `size` bytes, freeing what follows; a longer `size` changes nothing.
 */
void pbuf_realloc(struct pbuf *p, u16_t size);

/** pbuf_add_header() for a positive, pbuf_remove_header() for a negative `header_size`. */
u8_t pbuf_header(struct pbuf *p, s16_t header_size);

/** As pbuf_header(), but pbuf_add_header_force(). */
u8_t pbuf_header_force(struct pbuf *p, s16_t header_size);

/**
 * Move the payload's start towards the front, into room that was kept free.
 *
 * @return 0; 1: no room, or the packet would exceed 65,535 bytes, and nothing has changed
 */
u8_t pbuf_add_header(struct pbuf *p, size_t header_size_increment);

/**
 * As pbuf_add_header(), but trusts the caller that referenced memory (PBUF_ROM, PBUF_REF) begins
 * that much earlier, as after a pbuf_remove_header().
 */
u8_t pbuf_add_header_force(struct pbuf *p, size_t header_size_increment);

/** Hide the first bytes of the first pbuf. @return 0; 1: it is shorter, and nothing has changed */
u8_t pbuf_remove_header(struct pbuf *p, size_t header_size);

/** Remove the first `size` bytes, freeing pbufs that become empty. @return the new first or NULL */
struct pbuf *pbuf_free_header(struct pbuf *q, u16_t size);

/**
 * Hold `p` once more. NULL is allowed. A count at LWIP_PBUF_REF_T's maximum stays there, and the
 * pbuf is never freed: a leak is better than freeing what is in use.
 */
void pbuf_ref(struct pbuf *p);

/**
 * Let go of a chain: pbufs are freed from the front up to the first that somebody else holds.
 *
 * @return how many were freed, 255 also for more; 0 for NULL
 */
u8_t pbuf_free(struct pbuf *p);

/** Number of pbufs in the chain; 0 for NULL. */
u16_t pbuf_clen(const struct pbuf *p);

/**
 * Append `tail` to `head`; the caller's reference to `tail` becomes the chain's.
 *
 * A sum beyond 65,535 bytes wraps `tot_len`: only receivers that then call pbuf_split_64k() may do
 * that.
 */
void pbuf_cat(struct pbuf *head, struct pbuf *tail);

/** As pbuf_cat(), but the caller keeps its reference to `tail`. */
void pbuf_chain(struct pbuf *head, struct pbuf *tail);

/** Unlink the first pbuf. @return the rest; NULL: nobody else held it, so it was freed */
struct pbuf *pbuf_dechain(struct pbuf *p);

/**
 * Copy all bytes of one packet to the front of another, which must be large enough.
 *
 * @return ERR_ARG: one is NULL or `p_to` is too short, and nothing was copied
 */
err_t pbuf_copy(struct pbuf *p_to, const struct pbuf *p_from);

/** Copy the first `copy_len` bytes of `p_from` to `offset` in `p_to`. Errors as pbuf_copy(). */
err_t pbuf_copy_partial_pbuf(struct pbuf *p_to, const struct pbuf *p_from, u16_t copy_len,
                             u16_t offset);

/** Copy up to `len` bytes from `offset` on to `dataptr`. @return bytes copied */
u16_t pbuf_copy_partial(const struct pbuf *p, void *dataptr, u16_t len, u16_t offset);

/**
 * The `len` bytes (at least 1) at `offset`, in one piece: within the packet where they lie
 * together, otherwise copied to `buffer`.
 *
 * @param buffer  may be NULL: then only what lies together is found
 * @return NULL: the packet is too short, or `bufsize` is less than `len`
 */
void *pbuf_get_contiguous(const struct pbuf *p, void *buffer, size_t bufsize, u16_t len,
                          u16_t offset);

/** Copy `len` bytes into the packet's front. @return ERR_ARG: NULL; ERR_MEM: packet too short */
err_t pbuf_take(struct pbuf *buf, const void *dataptr, u16_t len);

/** As pbuf_take(), to `offset`. */
err_t pbuf_take_at(struct pbuf *buf, const void *dataptr, u16_t len, u16_t offset);

/**
 * The pbuf that holds byte `in_offset`.
 *
 * @param out_offset  may be NULL; gets the byte's offset in the result
 * @return NULL: the packet is not that long
 */
struct pbuf *pbuf_skip(struct pbuf *in, u16_t in_offset, u16_t *out_offset);

/** One PBUF_RAM in place of a chain, which is freed. @return `p` itself: no chain, or no memory */
struct pbuf *pbuf_coalesce(struct pbuf *p, pbuf_layer layer);

/** A copy; `p` stays. @return NULL: no memory */
struct pbuf *pbuf_clone(pbuf_layer l, pbuf_type type, struct pbuf *p);

/**
 * Copy into one pbuf and add the bytes to an Internet checksum (RFC 1071) on the way.
 *
 * @param start_offset  where to copy to in `p`; an odd one is summed at its right place
 * @param chksum        in and out: sum before complementing
 * @return ERR_ARG: does not fit
 */
err_t pbuf_fill_chksum(struct pbuf *p, u16_t start_offset, const void *dataptr, u16_t len,
                       u16_t *chksum);

/**
 * Split a chain of more than 65,535 bytes, made by pbuf_cat(), into two with right `tot_len`s.
 *
 * @param rest  gets the second, shorter than 65,536 bytes; NULL: there was nothing to split
 */
void pbuf_split_64k(struct pbuf *p, struct pbuf **rest);

/** One byte; 0 beyond the end. */
u8_t pbuf_get_at(const struct pbuf *p, u16_t offset);

/** One byte; negative beyond the end. */
int pbuf_try_get_at(const struct pbuf *p, u16_t offset);

/** Set one byte; beyond the end nothing happens. */
void pbuf_put_at(struct pbuf *p, u16_t offset, u8_t data);

/** 0: equal; 0xffff: the packet is too short; else 1 + the index of the first difference. */
u16_t pbuf_memcmp(const struct pbuf *p, u16_t offset, const void *s2, u16_t n);

/** Offset of the first occurrence at or behind `start_offset`; 0xffff: none. */
u16_t pbuf_memfind(const struct pbuf *p, const void *mem, u16_t mem_len, u16_t start_offset);

/** Offset of the first occurrence of a string; 0xffff: none. The empty string is nowhere. */
u16_t pbuf_strstr(const struct pbuf *p, const char *substr);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PBUF_H */
