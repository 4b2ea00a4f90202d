/**
 * @file
 * HTTP: the input is what a client sends. First the parser alone; then the server, over a layer of
 * altcp that is made of nothing but this file. However the bytes are cut into segments, and however
 * little is acknowledged at a time, the same answers must come; at the end no connection is left.
 * needs: tcp
 * needs: ipv4
 */
#include "common.h"
#include "lwip/altcp.h"
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "lwip/priv/altcp_priv.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "wire/http.h"

#define INPUT_MAX 20000U
#define OUT_MAX   (1024U * 1024U)

/* --- the parser --- */

static void check_path(const char *target, size_t len)
{
  char *text = (char *)calloc(1, len + 1);
  char *query;
  FUZZ_ASSERT(text != NULL);
  memcpy(text, target, len);
  if (http_path_decode(text, &query)) {
    FUZZ_ASSERT(text[0] == '/' && strlen(text) <= len);
    FUZZ_ASSERT(strstr(text, "/../") == NULL && strchr(text, '\\') == NULL);
    FUZZ_ASSERT(query == NULL || (query > text && query <= text + len));
  }
  free(text);
}

static void check_parser(const char *bytes, size_t len)
{
  for (int v09 = 0; v09 < 2; v09++) {
    size_t end = http_head_end(bytes, len, 0, v09 != 0);
    FUZZ_ASSERT(end <= len);
    for (size_t from = 0; from < (end != 0 ? LWIP_MIN(end, 300) : LWIP_MIN(len, 300)); from++) {
      FUZZ_ASSERT(http_head_end(bytes, len, from, v09 != 0) == end);
    }
    struct http_request r;
    if (end == 0 || http_request_read(&r, bytes, end) != 0) {
      continue;
    }
    FUZZ_ASSERT(r.len == end && r.fields_at <= r.len);
    FUZZ_ASSERT(r.target_at + r.target_len <= r.fields_at);
    FUZZ_ASSERT(r.version == 9 || r.version == 10 || r.version == 11);
    FUZZ_ASSERT(r.content_length <= 0x7fffffffU && !r.is_coded);
    FUZZ_ASSERT(!(r.is_chunked && r.has_content_length));
    FUZZ_ASSERT(memchr(bytes, '\0', end) == NULL);
    check_path(bytes + r.target_at, r.target_len);
  }
}

/* --- the program --- */

static const unsigned char index_bytes[] = "/index.html\0home";
static const unsigned char tags_bytes[] = "/tags.shtml\0a<!--#one-->b<!--# two -->c<!--#x";

#if HTTPD_PRECALCULATED_CHECKSUM
#define SUMS , 0, NULL
#else
#define SUMS
#endif
static const struct fsdata_file tags_file = {NULL, tags_bytes, tags_bytes + 12,
                                             sizeof tags_bytes - 13, 0 SUMS};
static const struct fsdata_file index_file = {&tags_file, index_bytes, index_bytes + 12,
                                              sizeof index_bytes - 13, 0 SUMS};

const struct fsdata_file *fs_image(void)
{
  return &index_file;
}

int fs_open_custom(struct fs_file *file, const char *name)
{
  FUZZ_ASSERT(name[0] == '/' && strstr(name, "/../") == NULL);
  if (strcmp(name, "/stream") == 0) {
    file->len = FS_LEN_UNKNOWN;
    return 1;
  }
  return 0;
}

int fs_read_custom(struct fs_file *file, char *buffer, int count)
{
  int n = LWIP_MIN(count, 10000 - file->index);
  if (n <= 0) {
    return FS_READ_EOF;
  }
  memset(buffer, 's', (size_t)n);
  file->index += n; /* a stream, whose place is the program's to keep */
  return n;
}

static const char *cgi(int index, int count, char *name[], char *value[])
{
  (void)index;
  for (int i = 0; i < count; i++) {
    FUZZ_ASSERT(name[i] != NULL && strchr(name[i], '&') == NULL);
    FUZZ_ASSERT(value[i] == NULL || strchr(value[i], '&') == NULL);
  }
  return count > 2 ? NULL : "/tags.shtml";
}

static const tCGI cgis[] = {{"/cgi", cgi}};
static const char *tags[] = {"one", "two"};

static u16_t ssi(int index, char *insert, int len
#if LWIP_HTTPD_FILE_STATE
                 ,
                 void *connection_state
#endif
)
{
#if LWIP_HTTPD_FILE_STATE
  (void)connection_state;
#endif
  memset(insert, '0' + index, (size_t)len);
  return (u16_t)len;
}

static u32_t posted;

err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                       u16_t http_request_len, int content_len, char *response_uri,
                       u16_t response_uri_len, u8_t *post_auto_wnd)
{
  (void)connection;
  (void)http_request;
  (void)http_request_len;
  (void)response_uri;
  (void)response_uri_len;
  FUZZ_ASSERT(content_len >= 0);
  *post_auto_wnd = strchr(uri, '?') != NULL;
  posted = 0;
  return strlen(uri) > 10 ? ERR_VAL : ERR_OK;
}

err_t httpd_post_receive_data(void *connection, struct pbuf *p)
{
  u16_t len = p->tot_len;
  pbuf_free(p);
  posted += len;
  httpd_post_data_recved(connection, len);
  return ERR_OK;
}

void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  (void)connection;
  snprintf(response_uri, response_uri_len, posted > 5 ? "/index.html" : "/tags.shtml?a=b");
}

/* --- a layer of nothing --- */

static struct altcp_pcb *listener, *conn;
static char out[OUT_MAX];
static size_t out_len;
static u32_t unacked, room;
static bool has_fin;
static u32_t clock_ms;

static err_t fake_bind(struct altcp_pcb *pcb, const ip_addr_t *addr, u16_t port)
{
  (void)pcb;
  (void)addr;
  (void)port;
  return ERR_OK;
}

static struct altcp_pcb *fake_listen(struct altcp_pcb *pcb, u8_t backlog, err_t *err)
{
  (void)backlog;
  *err = ERR_OK;
  listener = pcb;
  return pcb;
}

static void fake_abort(struct altcp_pcb *pcb)
{
  if (pcb == conn) {
    conn = NULL;
  }
  altcp_free(pcb);
}

static err_t fake_close(struct altcp_pcb *pcb)
{
  fake_abort(pcb);
  return ERR_OK;
}

static err_t fake_shutdown(struct altcp_pcb *pcb, int rx, int tx)
{
  (void)pcb;
  (void)rx;
  has_fin = has_fin || tx;
  return ERR_OK;
}

static err_t fake_write(struct altcp_pcb *pcb, const void *data, u16_t len, u8_t flags)
{
  (void)pcb;
  (void)flags;
  FUZZ_ASSERT(!has_fin && len <= room - unacked && out_len + len < OUT_MAX);
  memcpy(out + out_len, data, len);
  out_len += len;
  unacked += len;
  return ERR_OK;
}

static u16_t fake_sndbuf(struct altcp_pcb *pcb)
{
  (void)pcb;
  return (u16_t)LWIP_MIN(room - unacked, 0xffffU);
}

static const struct altcp_functions fake = {.bind = fake_bind,
                                            .listen = fake_listen,
                                            .abort = fake_abort,
                                            .close = fake_close,
                                            .shutdown = fake_shutdown,
                                            .write = fake_write,
                                            .sndbuf = fake_sndbuf};

static struct altcp_pcb *fake_new(void *arg, u8_t ip_type)
{
  struct altcp_pcb *pcb = altcp_alloc();
  (void)arg;
  (void)ip_type;
  FUZZ_ASSERT(pcb != NULL);
  pcb->fns = &fake;
  return pcb;
}

/* --- the server --- */

static void acknowledge(u32_t step)
{
  while (conn != NULL && unacked > 0) {
    u16_t n = (u16_t)LWIP_MIN(step, unacked);
    unacked -= n;
    if (conn->sent != NULL) {
      (void)conn->sent(conn->arg, conn, n);
    }
  }
}

static void deliver(const u8_t *bytes, size_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
  FUZZ_ASSERT(p != NULL);
  (void)pbuf_take(p, bytes, (u16_t)len);
  FUZZ_ASSERT(conn->recv != NULL);
  err_t err = conn->recv(conn->arg, conn, p, ERR_OK);
  FUZZ_ASSERT(err == ERR_OK || err == ERR_ABRT);
}

/** One conversation. @param step  bytes of a segment, at most, of which the first has one */
static void converse(const u8_t *data, size_t size, size_t step, u32_t send_room)
{
  size_t at = 0;
  size_t n = 1;
  room = send_room;
  unacked = 0;
  out_len = 0;
  has_fin = false;
  conn = fake_new(NULL, 0);
  FUZZ_ASSERT(listener->accept(listener->arg, conn, ERR_OK) == ERR_OK);
  while (conn != NULL && at < size) {
    n = LWIP_MIN(n, size - at);
    deliver(data + at, n);
    acknowledge(room / 3 + 1);
    at += n;
    n = step;
  }
  if (conn != NULL && conn->recv != NULL) {
    (void)conn->recv(conn->arg, conn, NULL, ERR_OK);
    acknowledge(room);
  }
  for (int i = 0; i < 4; i++) { /* slow ones go */
    clock_ms += HTTPD_HEAD_TIMEOUT_MS + HTTPD_STALL_TIMEOUT_MS;
    timers_run();
    acknowledge(room);
  }
  FUZZ_ASSERT(conn == NULL && httpd_connections() == 0);
}

/** Without what a client may be told or not, by how its bytes came. */
static void drop_continues(void)
{
  static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
  char *found;
  out[out_len] = '\0';
  while ((found = strstr(out, text)) != NULL) {
    size_t len = sizeof text - 1;
    memmove(found, found + len, out_len - (size_t)(found - out) - len + 1);
    out_len -= len;
  }
}

static u32_t port_now_ms(void *ctx)
{
  (void)ctx;
  return clock_ms;
}

static void check_server(const u8_t *data, size_t size)
{
  static char first[OUT_MAX];
  static const struct stack_port port = {.now_ms = port_now_ms};
  const altcp_allocator_t layers = {fake_new, NULL};
  struct stack *s = stack_new(&port);
  FUZZ_ASSERT(s != NULL);
  struct stack *before = stack_enter(s);
  FUZZ_ASSERT(httpd_start(80, &layers) == ERR_OK);
  http_set_cgi_handlers(cgis, 1);
  http_set_ssi_handler(ssi, tags, 2);
  converse(data, size, size, 65535);
  drop_continues();
  size_t first_len = out_len;
  memcpy(first, out, out_len);
  converse(data, size, 1, 65535);
  drop_continues();
  FUZZ_ASSERT(out_len == first_len && memcmp(first, out, out_len) == 0);
  converse(data, size, 7, 300);
  drop_continues();
  FUZZ_ASSERT(out_len == first_len && memcmp(first, out, out_len) == 0);
  httpd_stop();
  stack_leave(before);
  stack_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > INPUT_MAX) {
    return 0;
  }
  struct exact e = exact_copy(data, size);
  check_parser((const char *)e.bytes, size);
  exact_free(e);
  check_server(data, size);
  return 0;
}
