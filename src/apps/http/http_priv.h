/**
 * @file
 * The HTTP server's rooms.
 *
 * A connection goes through phases: HEAD, until a request's head is whole; BODY, while a POST's
 * content comes; SEND; then HEAD again, or LINGER, when we have said all. It always stands in one
 * queue of the server, by what it waits for; all in a queue have the same time, so that the first
 * is the one whose time is up first, and the first to go when there is no room.
 *
 * Bytes that have come stand in `rx`. A head that is not whole is copied to memory of its size, so
 * that slow clients hold no packet buffers. What is to be sent is `buf` (ours, copied by TCP), then
 * `data` (the file's), then the next piece of the file.
 */
#ifndef APPS_HTTP_PRIV_H
#define APPS_HTTP_PRIV_H

#include <stdbool.h>
#include "lwip/altcp.h"
#include "lwip/priv/http_hooks.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "wire/http.h"

enum http_phase { HTTP_PHASE_HEAD, HTTP_PHASE_BODY, HTTP_PHASE_SEND, HTTP_PHASE_LINGER };

/** In the order in which they give way. */
enum http_queue {
  HTTP_QUEUE_IDLE,    /* between requests */
  HTTP_QUEUE_HEAD,    /* a head is not whole */
  HTTP_QUEUE_LINGER,  /* all is said */
  HTTP_QUEUE_STALL,   /* the client must take or send something */
  HTTP_QUEUE_UNTIMED, /* the program must do something */
  HTTP_QUEUE_COUNT
};

struct http_ssi;

struct http_conn {
  struct http_conn *next;
  struct http_conn **pprev;
  struct altcp_pcb *pcb; /* NULL: it has ended */
  struct pbuf *rx;
  u32_t since_ms; /* in its queue */
  u32_t unacked;  /* bytes in TCP */
  u16_t scanned;  /* bytes of a head in which its end was not found */
  u8_t queue;
  u8_t phase;
  u8_t version; /* of the request, as struct http_request says */
  bool has_fin; /* the client sends no more */
  bool is_head; /* the request was HEAD */
  bool keeps_alive;
  bool is_chunked; /* the response is */
  bool is_chunk_first;
  bool must_linger; /* there may be more to come from the client */
  bool has_file;
  bool is_polled;
  bool is_waiting; /* for fs_read_async() */
  bool is_posting; /* between httpd_post_begin() and _finished() */
  bool is_manual;  /* httpd_post_data_recved() is called */
  bool is_running; /* http_conn_run() frees it */
  bool was_aborted;
  bool has_failed;    /* no memory for a response's head */
  bool is_file_sent;  /* there are no more pieces */
  bool is_line_begun; /* of a head that is read with its file */
  bool is_outside;    /* of TCP's callbacks, so that it must be told to send */
  u32_t began_ms;     /* to answer; LWIP_HTTPD_TIMING */
  u32_t lingered;     /* bytes */
  u32_t body_left;    /* of a POST, to come */
  u32_t body_held;    /* bytes of it that the program has not consumed */
  struct fs_file file;
  char *buf;             /* with buf_len 0: fs_read_async() is to write there */
  u32_t buf_at, buf_len; /* from here to there */
  const char *data;
  u32_t data_len;
  struct http_ssi *ssi; /* NULL: no file with tags */
};

/** What a phase has come to. */
enum http_next {
  HTTP_WAIT, /* for the client or the program */
  HTTP_GO_ON,
  HTTP_GONE /* the connection has ended */
};

#define HTTP_HEAD_MAX LWIP_MIN(LWIP_HTTPD_MAX_REQ_LENGTH, LWIP_HTTPD_REQ_BUFSIZE)
/** Room for a path of ours or of the program's. */
#define HTTP_URI_MAX                                                                               \
  LWIP_MAX(LWIP_MAX(LWIP_HTTPD_MAX_REQUEST_URI_LEN, LWIP_HTTPD_POST_MAX_RESPONSE_URI_LEN),         \
           LWIP_HTTPD_HEADERS_URI_REPLACE_LEN)

/** What is put behind a folder's name, terminated. */
#define HTTP_INDEX_LEN sizeof "index.shtml"

/** Where a request is read; only while it is begun to be answered. */
struct http_scratch {
  char head[HTTP_HEAD_MAX + 1];
  char uri[HTTP_URI_MAX + HTTP_INDEX_LEN];
  char query[HTTP_URI_MAX + 2]; /* apart: another path may take the place of the target's */
};

/* httpd.c */
void http_queue_set(struct http_conn *c, enum http_queue queue);
void http_conn_free(struct http_conn *c);
struct http_scratch *http_scratch(void);

/* http_conn.c */
err_t http_conn_accept(struct http_conn *c, struct altcp_pcb *pcb);
/** Go on as far as it can. @return ERR_ABRT: the pcb was aborted; for a callback to return */
err_t http_conn_run(struct http_conn *c);
enum http_next http_conn_end(struct http_conn *c, bool is_abort);
/** TCP has no memory: try again in a while. */
void http_conn_poll(struct http_conn *c);
/** Its queue's time is up. */
void http_conn_expire(struct http_conn *c);
/** Take `len` bytes off what has come. */
void http_conn_eat(struct http_conn *c, u16_t len);

/* http_request.c */
enum http_next http_request_take(struct http_conn *c);

/* http_file.c: which file answers */
/** Answer with the file of `uri` (path and parameters, taken apart in place). */
void http_answer(struct http_conn *c, char *uri, const struct http_request *r);
/** Answer with an error. */
void http_answer_error(struct http_conn *c, unsigned status);

/* http_send.c */
/** Begin to send the open file. */
void http_send_file(struct http_conn *c, unsigned status, const char *path);
/** Begin to send a header and no file. */
void http_send_status(struct http_conn *c, unsigned status);
void http_send_continue(struct http_conn *c);
enum http_next http_send_more(struct http_conn *c);
/** Free what a response has. */
void http_send_end(struct http_conn *c);

/** What comes next of a response. */
enum http_piece { HTTP_PIECE, HTTP_PIECE_LATER, HTTP_PIECE_NONE };

/** Room in front of a piece in c->buf for what chunked coding (RFC 9112 7.1) says there. */
#define HTTP_CHUNK_HEAD 12U
/** c->buf, with that room, gets so many bytes behind it. */
void http_send_buf(struct http_conn *c, u32_t len);
/** Send these bytes, which stay where they are until the file is closed. */
void http_send_data(struct http_conn *c, const char *data, u32_t len);

/* http_cgi.c */
struct http_params {
  int count;
  char *name[LWIP_HTTPD_MAX_CGI_PARAMETERS];
  char *value[LWIP_HTTPD_MAX_CGI_PARAMETERS];
};
/** Split in place. @param query  NULL: none */
void http_params_split(struct http_params *params, char *query);
/** Ask the table for *path, which becomes the path to answer with; NULL: 404
    @return false: not in the table */
bool http_cgi_call(const char **path, struct http_params *params);

/* http_ssi.c */
bool http_ssi_applies(struct fs_file *f, const char *path);
/** @return NULL: no memory */
struct http_ssi *http_ssi_new(struct http_conn *c);
void http_ssi_free(struct http_ssi *ssi);
/** The next piece. */
enum http_piece http_ssi_next(struct http_conn *c);

/* http_post.c */
void http_post_begin(struct http_conn *c, const struct http_request *r);
enum http_next http_post_take(struct http_conn *c);
/** The connection ends: tell the program if it waits for content. */
void http_post_end(struct http_conn *c);

#endif /* APPS_HTTP_PRIV_H */
