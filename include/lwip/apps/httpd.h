/**
 * @file
 * HTTP server (RFC 9110, RFC 9112; HTTP/1.1, 1.0 and 0.9) of files (lwip/apps/fs.h), with SSI, CGI
 * and POST. docs/http.md says what it does. All functions run with the core lock held, and so do
 * the program's.
 */
#ifndef LWIP_HDR_APPS_HTTPD_H
#define LWIP_HDR_APPS_HTTPD_H

#include "lwip/apps/httpd_opts.h"
#include "lwip/err.h"
#include "lwip/pbuf.h"
#if HTTPD_ENABLE_HTTPS
#include "lwip/altcp_tls.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct altcp_allocator_s;
struct altcp_tls_config;
struct fs_file;

/** Serve at HTTPD_SERVER_PORT. */
void httpd_init(void);

/**
 * Serve at any port, over any layers; again for another port.
 *
 * @param layers  of the connections, copied; NULL: TCP alone
 * @return ERR_USE: the port is taken; ERR_MEM
 */
err_t httpd_start(u16_t port, const struct altcp_allocator_s *layers);

#if HTTPD_ENABLE_HTTPS
/** Serve over TLS at HTTPD_SERVER_PORT_HTTPS. `conf` must live as long. */
static inline void httpd_inits(struct altcp_tls_config *conf)
{
  const altcp_allocator_t layers = {altcp_tls_alloc, conf};
  (void)httpd_start(HTTPD_SERVER_PORT_HTTPS, &layers);
}
#endif

/** Stop to listen, and end all connections. */
void httpd_stop(void);

/** How many connections there are. */
u32_t httpd_connections(void);

/* --- CGI --- */

/**
 * Handles requests for a name of the table. Parameters are those behind the '?', split at '&' and
 * '=', not decoded; a value is NULL where there is no '='. They are the handler's until it returns.
 *
 * @param iIndex  of the name in the table
 * @return path of the file to answer with; NULL: 404
 */
typedef const char *(*tCGIHandler)(int iIndex, int iNumParams, char *pcParam[], char *pcValue[]);

typedef struct {
  const char *pcCGIName;
  tCGIHandler pfnCGIHandler;
} tCGI;

/** Use this table, which must stay where it is. LWIP_HTTPD_CGI */
void http_set_cgi_handlers(const tCGI *pCGIs, int iNumHandlers);

#if LWIP_HTTPD_CGI_SSI
/** The program's: called for each file that is opened, with the parameters of the request. */
void httpd_cgi_handler(struct fs_file *file, const char *uri, int iNumParams, char **pcParam,
                       char **pcValue
#if LWIP_HTTPD_FILE_STATE
                       ,
                       void *connection_state
#endif
);
#endif

/* --- SSI --- */

/** An SSI handler does not know this tag; the page says so there. */
#define HTTPD_SSI_TAG_UNKNOWN 0xFFFF

/**
 * Writes what a tag stands for.
 *
 * @param pcInsert  for at most iInsertLen bytes, with a NUL if it writes one
 * @param current_tag_part  0, or what *next_tag_part was when it was called for this tag before; a
 *                  handler that sets *next_tag_part is called again
 * @return bytes to insert; HTTPD_SSI_TAG_UNKNOWN
 */
typedef u16_t (*tSSIHandler)(
#if LWIP_HTTPD_SSI_RAW
    const char *ssi_tag_name,
#else
    int iIndex,
#endif
    char *pcInsert, int iInsertLen
#if LWIP_HTTPD_SSI_MULTIPART
    ,
    u16_t current_tag_part, u16_t *next_tag_part
#endif
#if LWIP_HTTPD_FILE_STATE
    ,
    void *connection_state
#endif
);

/** Use this handler for these tags, which must stay where they are; with LWIP_HTTPD_SSI_RAW for all
    tags. NULL: files with tags are sent as they are. LWIP_HTTPD_SSI */
void http_set_ssi_handler(tSSIHandler pfnSSIHandler, const char **ppcTags, int iNumTags);

/** The program's, with LWIP_HTTPD_SSI_BY_FILE_EXTENSION 2: are there tags in this file? */
u8_t http_uri_is_ssi(struct fs_file *file, const char *uri);

/* --- POST: the program's functions, with LWIP_HTTPD_SUPPORT_POST --- */

/**
 * May this request come?
 *
 * @param connection    names it until httpd_post_finished()
 * @param uri           target with parameters, not decoded
 * @param http_request  the header fields and all, not terminated
 * @param content_len   length of the content
 * @param response_uri  where it is refused: path of the file to answer with; "" (as it is): 403
 * @param post_auto_wnd set to 0 by one that calls httpd_post_data_recved()
 * @return ERR_OK: yes
 */
err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                       u16_t http_request_len, int content_len, char *response_uri,
                       u16_t response_uri_len, u8_t *post_auto_wnd);

/** Some content, which the program frees. @return ERR_OK: go on; otherwise it is answered now */
err_t httpd_post_receive_data(void *connection, struct pbuf *p);

/** All content is there, or the connection has ended. @param response_uri  path of the file to
    answer with; "" (as it is): 404 */
void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len);

/** The server's: `recved_len` bytes of the content have been consumed, and may be followed by as
    many. LWIP_HTTPD_POST_MANUAL_WND */
void httpd_post_data_recved(void *connection, u16_t recved_len);

/* --- header fields of GET: the program's functions --- */

/**
 * Sees a request's header fields (lines, not terminated) before its file is opened.
 * LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN
 *
 * @param replace_uri  gets the path of the file to open instead; "" (as it is): `uri`'s
 * @return handed to httpd_headers_after_file_open()
 */
void *httpd_headers_before_file_open(const char *headers, u16_t headers_len, const char *uri,
                                     char *replace_uri, u16_t replace_uri_len);

/** ... and after it was opened. @param state  NULL, or what the other function returned
    LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN */
void httpd_headers_after_file_open(struct fs_file *file, const char *headers, u16_t headers_len,
                                   void *state);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_APPS_HTTPD_H */
