/**
 * @file
 * The HTTP server's options and the program's functions, as functions that always exist.
 */
#ifndef LWIP_HDR_PRIV_HTTP_HOOKS_H
#define LWIP_HDR_PRIV_HTTP_HOOKS_H

#include <stdbool.h>
#include "lwip/altcp.h"
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "lwip/mem.h"
#include "lwip/memp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a program defines, too, is the program's. */
#ifndef LWIP_WEAK
#if defined(__ICCARM__)
#define LWIP_WEAK __weak
#else
#define LWIP_WEAK __attribute__((weak))
#endif
#endif

#if !LWIP_ALTCP
/** There are no layers. */
typedef struct altcp_allocator_s {
  struct tcp_pcb *(*alloc)(void *arg, u8_t ip_type);
  void *arg;
} altcp_allocator_t;
#endif

/* --- files --- */

#if LWIP_HTTPD_CUSTOM_FILES
static inline bool http_file_is_custom(const struct fs_file *f)
{
  return f->is_custom_file != 0;
}
static inline void http_file_set_custom(struct fs_file *f)
{
  f->is_custom_file = 1;
  f->flags |= FS_FILE_FLAGS_CUSTOM;
}
#else
static inline bool http_file_is_custom(const struct fs_file *f)
{
  LWIP_UNUSED_ARG(f);
  return false;
}
static inline void http_file_set_custom(struct fs_file *f)
{
  LWIP_UNUSED_ARG(f);
}
#endif

#if HTTPD_PRECALCULATED_CHECKSUM
static inline void http_file_set_checksums(struct fs_file *f, const struct fsdata_file *from)
{
  f->chksum = from->chksum;
  f->chksum_count = from->chksum_count;
}
#else
static inline void http_file_set_checksums(struct fs_file *f, const struct fsdata_file *from)
{
  LWIP_UNUSED_ARG(f);
  LWIP_UNUSED_ARG(from);
}
#endif

#if LWIP_HTTPD_FILE_STATE
static inline void http_file_state_init(struct fs_file *f, const char *name)
{
  f->state = fs_state_init(f, name);
}
static inline void http_file_state_free(struct fs_file *f)
{
  fs_state_free(f, f->state);
}
#define HTTP_FILE_STATE_ARG(f) , (f)->state
#else
static inline void http_file_state_init(struct fs_file *f, const char *name)
{
  LWIP_UNUSED_ARG(f);
  LWIP_UNUSED_ARG(name);
}
static inline void http_file_state_free(struct fs_file *f)
{
  LWIP_UNUSED_ARG(f);
}
#define HTTP_FILE_STATE_ARG(f)
#endif

#if LWIP_HTTPD_FS_ASYNC_READ && LWIP_HTTPD_CUSTOM_FILES
static inline int http_custom_read(struct fs_file *f, char *buf, int len, fs_wait_cb wake,
                                   void *arg)
{
  return fs_read_async_custom(f, buf, len, wake, arg);
}
static inline bool http_custom_is_ready(struct fs_file *f, fs_wait_cb wake, void *arg)
{
  return fs_canread_custom(f) || !fs_wait_read_custom(f, wake, arg);
}
#elif LWIP_HTTPD_CUSTOM_FILES
static inline int http_custom_read(struct fs_file *f, char *buf, int len, fs_wait_cb wake,
                                   void *arg)
{
  LWIP_UNUSED_ARG(wake);
  LWIP_UNUSED_ARG(arg);
  return fs_read_custom(f, buf, len);
}
#else
static inline int http_custom_read(struct fs_file *f, char *buf, int len, fs_wait_cb wake,
                                   void *arg)
{
  LWIP_UNUSED_ARG(f);
  LWIP_UNUSED_ARG(buf);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(wake);
  LWIP_UNUSED_ARG(arg);
  return FS_READ_EOF;
}
#endif

#if !(LWIP_HTTPD_FS_ASYNC_READ && LWIP_HTTPD_CUSTOM_FILES)
static inline bool http_custom_is_ready(struct fs_file *f, fs_wait_cb wake, void *arg)
{
  LWIP_UNUSED_ARG(f);
  LWIP_UNUSED_ARG(wake);
  LWIP_UNUSED_ARG(arg);
  return true;
}
#endif

/* --- CGI --- */

#if LWIP_HTTPD_CGI_SSI
static inline void http_call_cgi(struct fs_file *f, const char *uri, int count, char **name,
                                 char **value)
{
  httpd_cgi_handler(f, uri, count, name, value HTTP_FILE_STATE_ARG(f));
}
#else
static inline void http_call_cgi(struct fs_file *f, const char *uri, int count, char **name,
                                 char **value)
{
  LWIP_UNUSED_ARG(f);
  LWIP_UNUSED_ARG(uri);
  LWIP_UNUSED_ARG(count);
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(value);
}
#endif

/* --- SSI --- */

#if LWIP_HTTPD_SSI_RAW
#define HTTP_SSI_TAG(name, index) (name)
#else
#define HTTP_SSI_TAG(name, index) (index)
#endif
#if LWIP_HTTPD_SSI_MULTIPART
#define HTTP_SSI_PART(part, next) , (part), (next)
#else
#define HTTP_SSI_PART(part, next)
#endif

/** One call of an SSI handler. @param next  set by a handler that wants another */
static inline u16_t http_call_ssi(tSSIHandler handler, struct fs_file *f, const char *name,
                                  int index, char *insert, int size, u16_t part, u16_t *next)
{
  LWIP_UNUSED_ARG(f);
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(index);
  LWIP_UNUSED_ARG(part);
  LWIP_UNUSED_ARG(next);
  return handler(HTTP_SSI_TAG(name, index), insert,
                 size HTTP_SSI_PART(part, next) HTTP_FILE_STATE_ARG(f));
}

/* --- sending --- */

/** So many bytes may wait in TCP for their acknowledgement. */
#ifdef HTTPD_MAX_WRITE_LEN
static inline u32_t http_max_unacked(struct altcp_pcb *pcb)
{
  return HTTPD_MAX_WRITE_LEN(pcb);
}
#else
static inline u32_t http_max_unacked(struct altcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  return 0xffffffffU;
}
#endif

/* --- memory of connections --- */

#if HTTPD_USE_MEM_POOL
#define HTTP_CONN_POOL(type)                                                                       \
  LWIP_MEMPOOL_DECLARE(HTTPD_STATE, MEMP_NUM_PARALLEL_HTTPD_CONNS, sizeof(type), "HTTPD_STATE")    \
  struct http_conn_pool_needs_semicolon
#define HTTP_CONN_ALLOC(type) ((type *)LWIP_MEMPOOL_ALLOC(HTTPD_STATE))
#define HTTP_CONN_FREE(c)     LWIP_MEMPOOL_FREE(HTTPD_STATE, (c))
#else
#define HTTP_CONN_POOL(type)  struct http_conn_pool_needs_semicolon
#define HTTP_CONN_ALLOC(type) ((type *)mem_malloc(sizeof(type)))
#define HTTP_CONN_FREE(c)     mem_free(c)
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_PRIV_HTTP_HOOKS_H */
