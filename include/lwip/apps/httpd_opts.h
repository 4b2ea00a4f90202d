/**
 * @file
 * Options of the HTTP server, for lwipopts.h. Values are 0 or 1 where nothing else is said.
 */
#ifndef LWIP_HDR_APPS_HTTPD_OPTS_H
#define LWIP_HDR_APPS_HTTPD_OPTS_H

#include "lwip/opt.h"
#include "lwip/prot/iana.h"

/* --- what it can do --- */

/** CGI by a table of names: http_set_cgi_handlers(). */
#ifndef LWIP_HTTPD_CGI
#define LWIP_HTTPD_CGI 0
#endif

/** CGI by one function for each file that was opened: httpd_cgi_handler(). */
#ifndef LWIP_HTTPD_CGI_SSI
#define LWIP_HTTPD_CGI_SSI 0
#endif

/** Parameters of one request that CGI handlers get; the rest is left out. */
#ifndef LWIP_HTTPD_MAX_CGI_PARAMETERS
#define LWIP_HTTPD_MAX_CGI_PARAMETERS 16
#endif

/** Server-side includes: <!--#name--> in certain files is followed or replaced by what a handler
    says. */
#ifndef LWIP_HTTPD_SSI
#define LWIP_HTTPD_SSI 0
#endif

/** 1: the SSI handler is told a tag's name; 0: its index in the list of tags. */
#ifndef LWIP_HTTPD_SSI_RAW
#define LWIP_HTTPD_SSI_RAW 0
#endif

/** Which files have tags? 1: those with one of LWIP_HTTPD_SSI_EXTENSIONS, and those that are
   flagged so; 0: only the latter; 2: http_uri_is_ssi() of the program says. */
#ifndef LWIP_HTTPD_SSI_BY_FILE_EXTENSION
#define LWIP_HTTPD_SSI_BY_FILE_EXTENSION 1
#endif

#ifndef LWIP_HTTPD_SSI_EXTENSIONS
#define LWIP_HTTPD_SSI_EXTENSIONS ".shtml", ".shtm", ".ssi", ".xml", ".json"
#endif

/** An SSI handler may insert its text in parts. */
#ifndef LWIP_HTTPD_SSI_MULTIPART
#define LWIP_HTTPD_SSI_MULTIPART 0
#endif

/** Bytes of a tag's name; a longer one is no tag. */
#ifndef LWIP_HTTPD_MAX_TAG_NAME_LEN
#define LWIP_HTTPD_MAX_TAG_NAME_LEN 8
#endif

/** Bytes that an SSI handler may insert at once. */
#ifndef LWIP_HTTPD_MAX_TAG_INSERT_LEN
#define LWIP_HTTPD_MAX_TAG_INSERT_LEN 192
#endif

/** 1: what is inserted follows its tag; 0: replaces it. */
#ifndef LWIP_HTTPD_SSI_INCLUDE_TAG
#define LWIP_HTTPD_SSI_INCLUDE_TAG 1
#endif

/** Flags of altcp_write() for inserted text; only TCP_WRITE_FLAG_COPY is safe. */
#ifndef HTTP_IS_TAG_VOLATILE
#define HTTP_IS_TAG_VOLATILE(ptr) TCP_WRITE_FLAG_COPY
#endif

/** POST: httpd_post_begin() and so on. */
#ifndef LWIP_HTTPD_SUPPORT_POST
#define LWIP_HTTPD_SUPPORT_POST 0
#endif

/** httpd_post_data_recved(): the program opens the window for what it has consumed of a POST. */
#ifndef LWIP_HTTPD_POST_MANUAL_WND
#define LWIP_HTTPD_POST_MANUAL_WND 0
#endif

/** httpd_headers_before_file_open(): sees a GET's header fields, may name another file. */
#ifndef LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN
#define LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN 0
#endif

/** Bytes of the name that it may give. */
#ifndef LWIP_HTTPD_HEADERS_URI_REPLACE_LEN
#define LWIP_HTTPD_HEADERS_URI_REPLACE_LEN 63
#endif

/** httpd_headers_after_file_open(): sees them with the file. */
#ifndef LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN
#define LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN 0
#endif

/** Who makes the response's header: 1: the server, for files that bring none; 0: every file brings
    its own, as makefsdata puts it in front. */
#ifndef LWIP_HTTPD_DYNAMIC_HEADERS
#define LWIP_HTTPD_DYNAMIC_HEADERS 0
#endif

/** No header in front of files whose name has no extension. */
#ifndef LWIP_HTTPD_OMIT_HEADER_FOR_EXTENSIONLESS_URI
#define LWIP_HTTPD_OMIT_HEADER_FOR_EXTENSIONLESS_URI 0
#endif

/** What the server calls itself. */
#ifndef HTTPD_SERVER_AGENT
#define HTTPD_SERVER_AGENT "gossamer"
#endif

/** Errors other than 404 look for a page /400.html, /501.html, ..., too. */
#ifndef LWIP_HTTPD_SUPPORT_EXTSTATUS
#define LWIP_HTTPD_SUPPORT_EXTSTATUS 0
#endif

/** "GET /" without a version is answered by the bare file (HTTP/0.9). */
#ifndef LWIP_HTTPD_SUPPORT_V09
#define LWIP_HTTPD_SUPPORT_V09 1
#endif

/** A connection serves many requests. */
#ifndef LWIP_HTTPD_SUPPORT_11_KEEPALIVE
#define LWIP_HTTPD_SUPPORT_11_KEEPALIVE 0
#endif

/* --- files --- */

/** fs_open_custom() and so on: files that the program makes. */
#ifndef LWIP_HTTPD_CUSTOM_FILES
#define LWIP_HTTPD_CUSTOM_FILES 0
#endif

/** fs_read_custom(): files that are read piece by piece. */
#ifndef LWIP_HTTPD_DYNAMIC_FILE_READ
#define LWIP_HTTPD_DYNAMIC_FILE_READ 0
#endif

/** fs_state_init(): an object of the program's for each open file. */
#ifndef LWIP_HTTPD_FILE_STATE
#define LWIP_HTTPD_FILE_STATE 0
#endif

/** struct fs_file has a `pextension` for the program; custom files have it anyway. */
#ifndef LWIP_HTTPD_FILE_EXTENSION
#define LWIP_HTTPD_FILE_EXTENSION 0
#endif

/** Images have checksums of their files (makefsdata -c). They are carried, not used: TCP cuts its
    segments when it sends them. */
#ifndef HTTPD_PRECALCULATED_CHECKSUM
#define HTTPD_PRECALCULATED_CHECKSUM 0
#endif

/** Reading may wait: fs_read_async_custom(). */
#ifndef LWIP_HTTPD_FS_ASYNC_READ
#define LWIP_HTTPD_FS_ASYNC_READ 0
#endif

/** The image, a C source of makefsdata, which the library includes. A program may instead define
    fs_image() (lwip/apps/fs.h). */
#ifndef HTTPD_FSDATA_FILE
#if defined(HTTPD_USE_CUSTOM_FSDATA) && HTTPD_USE_CUSTOM_FSDATA
#define HTTPD_FSDATA_FILE "fsdata_custom.c"
#else
#define HTTPD_FSDATA_FILE "apps/http/fsdata.inc"
#endif
#endif

/* --- limits --- */

/** A request's head may come in several pieces. 0: one that is not whole is answered by 400. */
#ifndef LWIP_HTTPD_SUPPORT_REQUESTLIST
#define LWIP_HTTPD_SUPPORT_REQUESTLIST 1
#endif

/** Pieces of a head, as lwIP counts; here only LWIP_HTTPD_MAX_REQ_LENGTH's default comes of it. */
#ifndef LWIP_HTTPD_REQ_QUEUELEN
#define LWIP_HTTPD_REQ_QUEUELEN 5
#endif

/** Bytes of a request's head, from the method to the empty line; a longer one is answered by 431.
 */
#ifndef LWIP_HTTPD_MAX_REQ_LENGTH
#define LWIP_HTTPD_MAX_REQ_LENGTH LWIP_MIN(1023, (LWIP_HTTPD_REQ_QUEUELEN * PBUF_POOL_BUFSIZE))
#endif

/** The buffer in which a head is read; one for all connections. */
#ifndef LWIP_HTTPD_REQ_BUFSIZE
#define LWIP_HTTPD_REQ_BUFSIZE LWIP_HTTPD_MAX_REQ_LENGTH
#endif

/** Bytes of a request's target; a longer one is answered by 414. */
#ifndef LWIP_HTTPD_MAX_REQUEST_URI_LEN
#define LWIP_HTTPD_MAX_REQUEST_URI_LEN 63
#endif

/** Bytes of the file's name with which a POST is answered. */
#ifndef LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN
#define LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN 63
#endif

/** Connections at once; 0: as many as there is memory for. */
#ifndef HTTPD_MAX_CONNECTIONS
#define HTTPD_MAX_CONNECTIONS 0
#endif

/** With no room for another connection: 1: the one that has waited for its client longest gives
   way; 0: the new one is refused. */
#ifndef LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED
#define LWIP_HTTPD_KILL_OLD_ON_CONNECTIONS_EXCEEDED 0
#endif

/** A request's head is whole so long after the connection, or the head's first byte, came. */
#ifndef HTTPD_HEAD_TIMEOUT_MS
#define HTTPD_HEAD_TIMEOUT_MS 30000
#endif

/** So long a connection without a request is kept. */
#ifndef HTTPD_IDLE_TIMEOUT_MS
#define HTTPD_IDLE_TIMEOUT_MS 30000
#endif

/** lwIP's way to say HTTPD_STALL_TIMEOUT_MS: so many intervals ... */
#ifndef HTTPD_MAX_RETRIES
#define HTTPD_MAX_RETRIES 4
#endif

/** ... of so many half seconds. */
#ifndef HTTPD_POLL_INTERVAL
#define HTTPD_POLL_INTERVAL 4
#endif

/** So long a client may take nothing of a response, or send nothing of a POST. */
#ifndef HTTPD_STALL_TIMEOUT_MS
#define HTTPD_STALL_TIMEOUT_MS (HTTPD_MAX_RETRIES * HTTPD_POLL_INTERVAL * 500)
#endif

/** So long, and so many bytes, we listen to a client that we have told of its mistake, so that it
    reads our answer before TCP resets the connection (RFC 9112 9.6). */
#ifndef HTTPD_LINGER_MS
#define HTTPD_LINGER_MS 2000
#endif
#ifndef HTTPD_LINGER_BYTES
#define HTTPD_LINGER_BYTES 65535
#endif

/** 1: HTTPD_MAX_WRITE_LEN bounds what waits in TCP for its acknowledgement. */
#ifndef HTTPD_LIMIT_SENDING_TO_2MSS
#define HTTPD_LIMIT_SENDING_TO_2MSS 1
#endif

#if HTTPD_LIMIT_SENDING_TO_2MSS && !defined HTTPD_MAX_WRITE_LEN
#define HTTPD_MAX_WRITE_LEN(pcb) ((u16_t)(2 * altcp_mss(pcb)))
#endif

/** 1: a connection that cannot be closed for want of memory is reset at once; 0: when time is up.
 */
#ifndef LWIP_HTTPD_ABORT_ON_CLOSE_MEM_ERROR
#define LWIP_HTTPD_ABORT_ON_CLOSE_MEM_ERROR 0
#endif

/* --- how it is built --- */

/** Connections come from a pool of MEMP_NUM_PARALLEL_HTTPD_CONNS, not from the heap. */
#ifndef HTTPD_USE_MEM_POOL
#define HTTPD_USE_MEM_POOL 0
#endif
#ifndef MEMP_NUM_PARALLEL_HTTPD_CONNS
#define MEMP_NUM_PARALLEL_HTTPD_CONNS 4
#endif

#ifndef HTTPD_SERVER_PORT
#define HTTPD_SERVER_PORT LWIP_IANA_PORT_HTTP
#endif
#ifndef HTTPD_SERVER_PORT_HTTPS
#define HTTPD_SERVER_PORT_HTTPS LWIP_IANA_PORT_HTTPS
#endif

/** httpd_inits(): the server over TLS; needs LWIP_ALTCP_TLS. */
#ifndef HTTPD_ENABLE_HTTPS
#define HTTPD_ENABLE_HTTPS 0
#endif

/** TCP priority of the connections. */
#ifndef HTTPD_TCP_PRIO
#define HTTPD_TCP_PRIO TCP_PRIO_MIN
#endif

/** Say by HTTPD_DEBUG_TIMING how long each response took. */
#ifndef LWIP_HTTPD_TIMING
#define LWIP_HTTPD_TIMING 0
#endif
#ifndef HTTPD_DEBUG_TIMING
#define HTTPD_DEBUG_TIMING LWIP_DBG_OFF
#endif
#ifndef HTTPD_DEBUG
#define HTTPD_DEBUG LWIP_DBG_OFF
#endif

#endif /* LWIP_HDR_APPS_HTTPD_OPTS_H */
