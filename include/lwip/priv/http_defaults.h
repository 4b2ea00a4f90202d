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

#endif /* LWIP_HDR_PRIV_HTTP_DEFAULTS_H */
