/**
 * @file
 * What netconns carry: data in one or several pbufs, with the address and port of the other end.
 *
 * A netbuf is a cursor over its pbufs: netbuf_data() tells the piece under it, netbuf_next() moves
 * it. One thread at a time uses a netbuf; any thread may.
 */
#ifndef LWIP_HDR_NETBUF_H
#define LWIP_HDR_NETBUF_H

#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include "lwip/pbuf.h"
#include "lwip/ip_addr.h"
#include "lwip/ip6_addr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** toaddr is valid. */
#define NETBUF_FLAG_DESTADDR 0x01
/** toport_chksum is the checksum of the data. */
#define NETBUF_FLAG_CHKSUM 0x02

struct netbuf {
  struct pbuf *p;   /* all the data */
  struct pbuf *ptr; /* the piece under the cursor */
  ip_addr_t addr;   /* whom it came from, or goes to; any: whom the netconn is connected to */
  u16_t port;
#if LWIP_NETBUF_RECVINFO || LWIP_CHECKSUM_ON_COPY
  u8_t flags;          /* NETBUF_FLAG_* */
  u16_t toport_chksum; /* NETBUF_FLAG_CHKSUM: of the data; received: the port it was sent to */
#if LWIP_NETBUF_RECVINFO
  ip_addr_t toaddr; /* the address of ours that it was sent to */
#endif
#endif
#if LWIP_NETBUF_RECVINFO
  u8_t if_idx; /* by which interface it came */
  u8_t ttl;    /* time to live or hop limit it came with */
  u8_t tos;    /* type of service or traffic class */
#endif
  struct netbuf *next; /* of the netconn's queue */
};

/** An empty netbuf; NULL: no memory. netbuf_delete() frees it. */
struct netbuf *netbuf_new(void);
/** Free `buf` (NULL: nothing) and its data. */
void netbuf_delete(struct netbuf *buf);
/** Make room for `size` bytes of data to be sent, in one piece; what was there is freed.
    @return where to write them; NULL: no memory */
void *netbuf_alloc(struct netbuf *buf, u16_t size);
/** Free the data, not the netbuf. */
void netbuf_free(struct netbuf *buf);
/**
 * Let `buf` name data that stay where they are; they must live and not change until they are sent.
 *
 * @return ERR_OK; ERR_MEM
 */
err_t netbuf_ref(struct netbuf *buf, const void *dataptr, u16_t size);
/** Append the data of `tail`, which is deleted. */
void netbuf_chain(struct netbuf *head, struct netbuf *tail);
/** The piece under the cursor. @return ERR_OK; ERR_BUF: no data */
err_t netbuf_data(struct netbuf *buf, void **dataptr, u16_t *len);
/** Move to the next piece. @return -1: there is none; 1: it is the last one; 0: more follow */
s8_t netbuf_next(struct netbuf *buf);
/** Back to the first piece. */
void netbuf_first(struct netbuf *buf);

/** Copy up to `len` bytes from `offset` on, across pieces. @return how many */
#define netbuf_copy_partial(buf, dataptr, len, offset)                                             \
  pbuf_copy_partial((buf)->p, (dataptr), (len), (offset))
#define netbuf_copy(buf, dataptr, len) netbuf_copy_partial(buf, dataptr, len, 0)
/** Copy `len` bytes into the data. @return ERR_OK; ERR_MEM, ERR_ARG: too long */
#define netbuf_take(buf, dataptr, len)     pbuf_take((buf)->p, dataptr, len)
#define netbuf_len(buf)                    ((buf)->p->tot_len)
#define netbuf_fromaddr(buf)               (&((buf)->addr))
#define netbuf_set_fromaddr(buf, fromaddr) ip_addr_set(&((buf)->addr), fromaddr)
#define netbuf_fromport(buf)               ((buf)->port)
#if LWIP_NETBUF_RECVINFO
#define netbuf_destaddr(buf)               (&((buf)->toaddr))
#define netbuf_set_destaddr(buf, destaddr) ip_addr_set(&((buf)->toaddr), destaddr)
#if LWIP_CHECKSUM_ON_COPY
#define netbuf_destport(buf) (((buf)->flags & NETBUF_FLAG_DESTADDR) ? (buf)->toport_chksum : 0)
#else
#define netbuf_destport(buf) ((buf)->toport_chksum)
#endif
#endif
#if LWIP_CHECKSUM_ON_COPY
#define netbuf_set_chksum(buf, chksum)                                                             \
  do {                                                                                             \
    (buf)->flags = NETBUF_FLAG_CHKSUM;                                                             \
    (buf)->toport_chksum = (chksum);                                                               \
  } while (0)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_NETCONN || LWIP_SOCKET */

#endif /* LWIP_HDR_NETBUF_H */
