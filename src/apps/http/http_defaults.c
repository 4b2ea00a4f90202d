/**
 * @file
 * The program's functions, for programs that do not define them: they do nothing.
 */
#include "lwip/priv/http_defaults.h"

/* Functions as arguments of macros. */
/* clang-format off */

IF_HTTPD_FILE_STATE(
LWIP_WEAK void *fs_state_init(struct fs_file *file, const char *name)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(name);
  return NULL;
}
)

IF_HTTPD_FILE_STATE(
LWIP_WEAK void fs_state_free(struct fs_file *file, void *state)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(state);
}
)

LWIP_WEAK int fs_open_custom(struct fs_file *file, const char *name)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(name);
  return 0;
}

LWIP_WEAK void fs_close_custom(struct fs_file *file)
{
  LWIP_UNUSED_ARG(file);
}

IF_HTTPD_ASYNC_FILES(
LWIP_WEAK u8_t fs_canread_custom(struct fs_file *file)
{
  LWIP_UNUSED_ARG(file);
  return 1;
}
)

IF_HTTPD_ASYNC_FILES(
LWIP_WEAK u8_t fs_wait_read_custom(struct fs_file *file, fs_wait_cb callback_fn, void *callback_arg)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(callback_fn);
  LWIP_UNUSED_ARG(callback_arg);
  return 0;
}
)

IF_HTTPD_ASYNC_FILES(
LWIP_WEAK int fs_read_async_custom(struct fs_file *file, char *buffer, int count,
                                   fs_wait_cb callback_fn, void *callback_arg)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(buffer);
  LWIP_UNUSED_ARG(count);
  LWIP_UNUSED_ARG(callback_fn);
  LWIP_UNUSED_ARG(callback_arg);
  return FS_READ_EOF;
}
)

IF_HTTPD_SYNC_FILES(
LWIP_WEAK int fs_read_custom(struct fs_file *file, char *buffer, int count)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(buffer);
  LWIP_UNUSED_ARG(count);
  return FS_READ_EOF;
}
)

IF_HTTPD_CGI_SSI(
LWIP_WEAK void httpd_cgi_handler(struct fs_file *file, const char *uri, int iNumParams,
                                 char **pcParam, char **pcValue HTTP_FILE_STATE_PARAM)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(uri);
  LWIP_UNUSED_ARG(iNumParams);
  LWIP_UNUSED_ARG(pcParam);
  LWIP_UNUSED_ARG(pcValue);
  HTTP_FILE_STATE_UNUSED();
}
)

LWIP_WEAK u8_t http_uri_is_ssi(struct fs_file *file, const char *uri)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(uri);
  return 0;
}

LWIP_WEAK err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                                 u16_t http_request_len, int content_len, char *response_uri,
                                 u16_t response_uri_len, u8_t *post_auto_wnd)
{
  LWIP_UNUSED_ARG(connection);
  LWIP_UNUSED_ARG(uri);
  LWIP_UNUSED_ARG(http_request);
  LWIP_UNUSED_ARG(http_request_len);
  LWIP_UNUSED_ARG(content_len);
  LWIP_UNUSED_ARG(response_uri);
  LWIP_UNUSED_ARG(response_uri_len);
  LWIP_UNUSED_ARG(post_auto_wnd);
  return ERR_VAL;
}

LWIP_WEAK err_t httpd_post_receive_data(void *connection, struct pbuf *p)
{
  LWIP_UNUSED_ARG(connection);
  pbuf_free(p);
  return ERR_VAL;
}

LWIP_WEAK void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  LWIP_UNUSED_ARG(connection);
  LWIP_UNUSED_ARG(response_uri);
  LWIP_UNUSED_ARG(response_uri_len);
}

LWIP_WEAK void *httpd_headers_before_file_open(const char *headers, u16_t headers_len,
                                               const char *uri, char *replace_uri,
                                               u16_t replace_uri_len)
{
  LWIP_UNUSED_ARG(headers);
  LWIP_UNUSED_ARG(headers_len);
  LWIP_UNUSED_ARG(uri);
  LWIP_UNUSED_ARG(replace_uri);
  LWIP_UNUSED_ARG(replace_uri_len);
  return NULL;
}

LWIP_WEAK void httpd_headers_after_file_open(struct fs_file *file, const char *headers,
                                             u16_t headers_len, void *state)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(headers);
  LWIP_UNUSED_ARG(headers_len);
  LWIP_UNUSED_ARG(state);
}
