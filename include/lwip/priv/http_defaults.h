/**
 * @file
 * Which of the HTTP server's functions are the program's: macros that keep or drop their argument.
 */
#ifndef LWIP_HDR_PRIV_HTTP_DEFAULTS_H
#define LWIP_HDR_PRIV_HTTP_DEFAULTS_H

#include "lwip/priv/http_hooks.h"

#if LWIP_HTTPD_FILE_STATE
#define HTTP_FILE_STATE_PARAM    , void *connection_state
#define HTTP_FILE_STATE_UNUSED() LWIP_UNUSED_ARG(connection_state)
#else
#define HTTP_FILE_STATE_PARAM
#define HTTP_FILE_STATE_UNUSED()
#endif

#if LWIP_HTTPD_FILE_STATE
#define IF_HTTPD_FILE_STATE(...) __VA_ARGS__
#else
#define IF_HTTPD_FILE_STATE(...)
#endif

#if LWIP_HTTPD_CUSTOM_FILES
#define IF_HTTPD_CUSTOM_FILES(...) __VA_ARGS__
#else
#define IF_HTTPD_CUSTOM_FILES(...)
#endif

#if LWIP_HTTPD_CUSTOM_FILES && LWIP_HTTPD_FS_ASYNC_READ
#define IF_HTTPD_ASYNC_FILES(...) __VA_ARGS__
#else
#define IF_HTTPD_ASYNC_FILES(...)
#endif

#if LWIP_HTTPD_CUSTOM_FILES && !LWIP_HTTPD_FS_ASYNC_READ
#define IF_HTTPD_SYNC_FILES(...) __VA_ARGS__
#else
#define IF_HTTPD_SYNC_FILES(...)
#endif

#if LWIP_HTTPD_CGI_SSI
#define IF_HTTPD_CGI_SSI(...) __VA_ARGS__
#else
#define IF_HTTPD_CGI_SSI(...)
#endif

#if LWIP_HTTPD_SSI_BY_FILE_EXTENSION == 2
#define IF_HTTPD_SSI_TEST(...) __VA_ARGS__
#else
#define IF_HTTPD_SSI_TEST(...)
#endif

#if LWIP_HTTPD_SUPPORT_POST
#define IF_HTTPD_POST(...) __VA_ARGS__
#else
#define IF_HTTPD_POST(...)
#endif

#if LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN
#define IF_HTTPD_HEADERS_BEFORE(...) __VA_ARGS__
#else
#define IF_HTTPD_HEADERS_BEFORE(...)
#endif

#if LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN
#define IF_HTTPD_HEADERS_AFTER(...) __VA_ARGS__
#else
#define IF_HTTPD_HEADERS_AFTER(...)
#endif

#endif /* LWIP_HDR_PRIV_HTTP_DEFAULTS_H */
