/**
 * @file
 * Netbufs: pbufs with an address and a cursor.
 */
#include "lwip/opt.h"

#if LWIP_NETCONN || LWIP_SOCKET

#include <stdbool.h>
#include <string.h>
#include "lwip/memp.h"
#include "lwip/netbuf.h"

struct netbuf *netbuf_new(void)
{
  struct netbuf *buf = (struct netbuf *)memp_malloc(MEMP_NETBUF);
  if (buf != NULL) {
    memset(buf, 0, sizeof *buf);
  }
  return buf;
}

void netbuf_free(struct netbuf *buf)
{
  LWIP_ERROR("netbuf_free: NULL", buf != NULL, return );
  if (buf->p != NULL) {
    pbuf_free(buf->p);
  }
  buf->p = NULL;
  buf->ptr = NULL;
}

void netbuf_delete(struct netbuf *buf)
{
  if (buf != NULL) {
    netbuf_free(buf);
    memp_free(MEMP_NETBUF, buf);
  }
}

/** `p` (NULL: none) becomes the data. */
static bool hold(struct netbuf *buf, struct pbuf *p)
{
  netbuf_free(buf);
  buf->p = p;
  buf->ptr = p;
  return p != NULL;
}

void *netbuf_alloc(struct netbuf *buf, u16_t size)
{
  LWIP_ERROR("netbuf_alloc: NULL", buf != NULL, return NULL);
  return hold(buf, pbuf_alloc(PBUF_TRANSPORT, size, PBUF_RAM)) ? buf->p->payload : NULL;
}

err_t netbuf_ref(struct netbuf *buf, const void *dataptr, u16_t size)
{
  LWIP_ERROR("netbuf_ref: NULL", buf != NULL, return ERR_ARG);
  /* A header is put in front of it by a pbuf of its own. */
  if (!hold(buf, pbuf_alloc_reference((void *)(mem_ptr_t)dataptr, size, PBUF_ROM))) {
    return ERR_MEM;
  }
  return ERR_OK;
}

void netbuf_chain(struct netbuf *head, struct netbuf *tail)
{
  LWIP_ERROR("netbuf_chain: NULL", head != NULL && tail != NULL && head != tail, return );
  if (tail->p != NULL) {
    if (head->p == NULL) {
      hold(head, tail->p);
    } else {
      pbuf_cat(head->p, tail->p);
    }
  }
  head->ptr = head->p;
  memp_free(MEMP_NETBUF, tail);
}

err_t netbuf_data(struct netbuf *buf, void **dataptr, u16_t *len)
{
  LWIP_ERROR("netbuf_data: NULL", buf != NULL && dataptr != NULL && len != NULL, return ERR_ARG);
  if (buf->ptr == NULL) {
    return ERR_BUF;
  }
  *dataptr = buf->ptr->payload;
  *len = buf->ptr->len;
  return ERR_OK;
}

s8_t netbuf_next(struct netbuf *buf)
{
  LWIP_ERROR("netbuf_next: NULL", buf != NULL, return -1);
  if (buf->ptr == NULL || buf->ptr->next == NULL) {
    return -1;
  }
  buf->ptr = buf->ptr->next;
  return buf->ptr->next == NULL ? 1 : 0;
}

void netbuf_first(struct netbuf *buf)
{
  LWIP_ERROR("netbuf_first: NULL", buf != NULL, return );
  buf->ptr = buf->p;
}

#endif /* LWIP_NETCONN || LWIP_SOCKET */
