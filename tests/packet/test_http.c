/**
 * @file
 * HTTP server: files of an image and of the program, methods, versions, connections that go on,
 * pipelining (features 364, 368; RFC 9112, RFC 9110).
 *
 * needs: tcp
 * needs: ipv4
 */
#include "http_client.h"
#include "lwip/altcp_tcp.h"
#include "lwip/mem.h"

/* --- files --- */

static const unsigned char index_bytes[] = "/index.html\0<h1>home</h1>\n";
static const unsigned char page_bytes[] = "/a b.txt\0with a blank";
static const unsigned char made_bytes[] =
    "/made.html\0HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmade";
static const unsigned char old_bytes[] = "/old.html\0HTTP/1.0 200 OK\r\n\r\nold";
static const unsigned char missing_bytes[] = "/404.html\0not here";

#define FILE_ROW(next, bytes, at, flags)                                                           \
  {                                                                                                \
    next, bytes, bytes + (at), sizeof bytes - 1 - (at), flags IF_SUMS                              \
  }
#if HTTPD_PRECALCULATED_CHECKSUM
#define IF_SUMS , 0, NULL
#else
#define IF_SUMS
#endif

static const struct fsdata_file missing_file = FILE_ROW(NULL, missing_bytes, 10, 0);
static const struct fsdata_file old_file =
    FILE_ROW(&missing_file, old_bytes, 10, FS_FILE_FLAGS_HEADER_INCLUDED);
static const struct fsdata_file made_file = FILE_ROW(
    &old_file, made_bytes, 11, FS_FILE_FLAGS_HEADER_INCLUDED | FS_FILE_FLAGS_HEADER_PERSISTENT);
static const struct fsdata_file page_file = FILE_ROW(&made_file, page_bytes, 9, 0);
static const struct fsdata_file index_file = FILE_ROW(&page_file, index_bytes, 12, 0);

const struct fsdata_file *fs_image(void)
{
  return &index_file;
}

static char big[100000];
static int custom_open, custom_at;

/* A file that is read seven bytes at a time. */
static const char *const read_texts[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nin\n\npieces\n",
    "HTTP/1.1 200 OK\nContent-Length: 2\n\nlf", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
static const char *read_text;

int fs_open_custom(struct fs_file *file, const char *name)
{
  if (strcmp(name, "/custom.json") == 0) {
    file->data = "{\"a\": 1}";
    file->len = 8;
  } else if (strcmp(name, "/big.txt") == 0) {
    file->data = big;
    file->len = (int)sizeof big;
  } else if (strcmp(name, "/read.txt") == 0) {
    file->len = (int)sizeof big;
  } else if (strncmp(name, "/made", 5) == 0 && strcmp(name + 6, ".txt") == 0) {
    read_text = read_texts[name[5] - '0'];
    file->len = (int)strlen(read_text);
    file->flags = FS_FILE_FLAGS_HEADER_INCLUDED | FS_FILE_FLAGS_HEADER_PERSISTENT;
  } else if (strcmp(name, "/stream.txt") == 0) {
    file->len = FS_LEN_UNKNOWN;
  } else if (strcmp(name, "/short.txt") == 0) {
    file->len = (int)sizeof big + 1;
  } else {
    return 0;
  }
  custom_open++;
  custom_at = 0;
  return 1;
}

void fs_close_custom(struct fs_file *file)
{
  (void)file;
  custom_open--;
}

int fs_read_custom(struct fs_file *file, char *buffer, int count)
{
  int n = LWIP_MIN(count, (int)sizeof big - custom_at);
  if (file->flags & FS_FILE_FLAGS_HEADER_INCLUDED) {
    n = LWIP_MIN(LWIP_MIN(count, 7), file->len - custom_at);
    memcpy(buffer, read_text + custom_at, (size_t)n);
    custom_at += n;
    return n;
  }
  memcpy(buffer, big + custom_at, (size_t)n);
  custom_at += n;
  return n > 0 ? n : FS_READ_EOF;
}

static struct client a, b;

static void up(void)
{
  custom_open = 0;
  for (size_t i = 0; i < sizeof big; i++) {
    big[i] = (char)('a' + i % 26 + (i % 1009 == 0));
  }
  server_up();
  client_connect(&a, 4000);
}

#define HOME OK("", "text/html", "14", "<h1>home</h1>\n")

/* --- tests --- */

static void test_get(void)
{
  up();
  client_says(&a, "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, HOME);
  client_says(&a, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, HOME);
  client_says(&a, "GET /a%20b.txt?n=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, OK("", "text/plain", "12", "with a blank"));
  client_says(&a, "GET http://x/custom.json HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, OK("", "application/json", "8", "{\"a\": 1}"));
  client_says(&a, "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, HOME);
  assert_int_equal(custom_open, 0);
  assert_int_equal(httpd_connections(), 1);
  client_ends(&a);
  assert_true(a.has_fin);
  assert_int_equal(httpd_connections(), 0);
}

static void test_close(void)
{
  up();
  client_says(&a, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  client_hears(&a, OK("Connection: close\r\n", "text/html", "14", "<h1>home</h1>\n"));
  assert_true(a.has_fin);
  assert_int_equal(httpd_connections(), 0);
  client_ends(&a);
  assert_false(a.has_rst);
}

static void test_http_1_0(void)
{
  up();
  client_says(&a, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  client_hears(&a, OK("Connection: keep-alive\r\n", "text/html", "14", "<h1>home</h1>\n"));
  client_says(&a, "GET / HTTP/1.0\r\n\r\n");
  client_hears(&a, OK("Connection: close\r\n", "text/html", "14", "<h1>home</h1>\n"));
  assert_true(a.has_fin);
}

static void test_http_0_9(void)
{
  up();
  client_says(&a, "GET /index.html\r\n");
  client_hears(&a, "<h1>home</h1>\n");
  assert_true(a.has_fin);
}

static void test_head(void)
{
  up();
  client_says(&a, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, OK("", "text/html", "14", ""));
  client_says(&a, "HEAD /made.html HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
  client_says(&a, "HEAD /read.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, OK("", "text/plain", "100000", ""));
  assert_int_equal(custom_open, 0);
}

/** RFC 9110 9.3.2: the head of the file, wherever the pieces end. */
static void test_head_of_what_is_read(void)
{
  up();
  client_says(&a, "HEAD /made0.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n");
  client_says(&a, "HEAD /made1.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, "HTTP/1.1 200 OK\nContent-Length: 2\n\n");
  client_says(&a, "HEAD /made2.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, read_texts[2]);
  client_says(&a, "GET /made0.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, read_texts[0]);
  client_says(&a, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"); /* it goes on */
  client_hears(&a, OK("", "text/html", "14", ""));
  assert_int_equal(custom_open, 0);
}

static void test_headers_of_the_file(void)
{
  up();
  client_says(&a, "GET /made.html HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmade");
  client_says(&a, "GET /old.html HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, "HTTP/1.0 200 OK\r\n\r\nold");
  assert_true(a.has_fin); /* it has no length */
  client_connect(&b, 4001);
  client_says(&b, "GET /made.html\r\n");
  client_hears(&b, "made");
}

static void test_not_found(void)
{
  up();
  client_says(&a, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears_of(&a, "HTTP/1.1 404 Not Found\r\n", "\r\n\r\nnot here");
  client_says(&a, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); /* it goes on */
  client_hears(&a, HOME);
}

static void test_pipelining(void)
{
  up();
  client_says(&a, "GET /a%20b.txt HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
                  "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHo");
  client_hears(&a, OK("", "text/plain", "12", "with a blank") HOME OK("", "text/html", "14", ""));
  client_says(&a, "st: x\r\n\r\n");
  client_hears(&a, HOME);
}

/** A request in two segments, cut anywhere. */
static void test_split_anywhere(void)
{
  static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  up();
  for (size_t cut = 1; cut < sizeof request - 1; cut++) {
    client_send_bytes(&a, request, cut);
    client_take(&a);
    assert_int_equal(a.len, 0);
    client_says(&a, request + cut);
    client_hears(&a, HOME);
  }
  client_says(&a, "\r\n\n"); /* RFC 9112 2.2 */
  client_says(&a, "\r\nGET / HTTP/1.1\nHost: x\n\n");
  client_hears(&a, HOME);
}

static void test_big_files(void)
{
  static const char *const names[] = {"/big.txt", "/read.txt"};
  up();
  for (int i = 0; i < 2; i++) {
    char request[80];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", names[i]);
    client_says(&a, request);
    size_t head = strlen(OK("", "text/plain", "100000", ""));
    assert_int_equal(a.len, head + sizeof big);
    assert_memory_equal(a.in + head, big, sizeof big);
    a.len = 0;
    assert_int_equal(custom_open, 0);
  }
}

/** Take chunks apart (RFC 9112 7.1) in place. @return bytes of the content; -1: malformed */
static long unchunk(char *text)
{
  char *to = text;
  char *at = text;
  for (;;) {
    char *end;
    long n = strtol(at, &end, 16);
    if (n < 0 || strncmp(end, "\r\n", 2) != 0) {
      return -1;
    }
    memmove(to, end + 2, (size_t)n);
    at = end + 2 + n;
    if (strncmp(at, "\r\n", 2) != 0) {
      return -1;
    }
    at += 2;
    to += n;
    if (n == 0) {
      return *at == '\0' ? to - text : -1;
    }
  }
}

static void test_stream(void)
{
  up();
  client_says(&a, "GET /stream.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  char *body = strstr(a.in, "\r\n\r\n");
  assert_non_null(strstr(a.in, "Transfer-Encoding: chunked"));
  assert_int_equal(unchunk(body + 4), sizeof big);
  assert_memory_equal(body + 4, big, sizeof big);
  assert_false(a.has_fin);
  a.len = 0;
  client_says(&a, "GET /stream.txt HTTP/1.0\r\n\r\n");
  body = strstr(a.in, "\r\n\r\n");
  assert_memory_equal(body + 4, big, sizeof big);
  assert_true(a.has_fin);
}

static void test_file_that_ends_too_soon(void)
{
  up();
  client_says(&a, "GET /short.txt HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_true(a.has_fin); /* the client sees that a byte is missing */
  assert_int_equal(custom_open, 0);
}

static void test_half_closed_client(void)
{
  up();
  client_send_bytes(&a, "GET / HTTP/1.0\r\n\r\n", 18);
  client_ends(&a);
  client_hears(&a, OK("Connection: close\r\n", "text/html", "14", "<h1>home</h1>\n"));
  assert_true(a.has_fin);
  assert_int_equal(httpd_connections(), 0);
}

static tcp_recv_fn server_recv;

/** What a layer of altcp may make of a packet: pbufs without bytes in front of its own, or alone.
 */
static err_t recv_with_empty(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct pbuf *empty = pbuf_alloc(PBUF_RAW, 0, PBUF_RAM);
  if (empty != NULL && p != NULL && p->tot_len > 3) {
    pbuf_cat(empty, p);
    p = empty;
  } else if (empty != NULL) {
    err_t said = server_recv(arg, pcb, empty, err);
    assert_int_equal(said, ERR_OK);
    assert_ptr_equal(pcb->callback_arg, arg);
  }
  return server_recv(arg, pcb, p, err);
}

static void test_empty_pbufs(void)
{
  up();
  assert_non_null(tcp_active_pcbs);
  server_recv = tcp_active_pcbs->recv;
  tcp_recv(tcp_active_pcbs, recv_with_empty);
  client_says(&a, "\r\n");
  client_says(&a, "GET / HTTP/1.1\r\nHo");
  client_says(&a, "st: x\r\n\r\n");
  client_hears(&a, HOME);
  client_says(&a, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, HOME);
}

static void test_methods(void)
{
  static const struct {
    const char *request;
    const char *status;
    const char *has;
  } cases[] = {
      {"PUT / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 ", "Allow: GET, HEAD"},
      {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 ", ""},
      {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 501 ", ""},
      {"get / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 501 ", ""},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "HTTP/1.1 505 ", ""},
      {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", ""},
      {"GET /../etc HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 ", ""},
      {"GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", "HTTP/1.1 417 ", ""},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 411 ", ""},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 501 ", ""},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n", "HTTP/1.1 413 ", ""},
      {"POST / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 411 ", ""},
  };
  up();
  for (size_t i = 0; i < LWIP_ARRAYSIZE(cases); i++) {
    client_connect(&b, (u16_t)(4001 + i));
    packet_note("case %zu", i);
    client_says(&b, cases[i].request);
    client_hears_of(&b, cases[i].status, cases[i].has);
    assert_true(b.has_fin && !b.has_rst);
    client_ends(&b);
  }
  assert_int_equal(httpd_connections(), 1);
}

static const struct packet_test tests[] = {
    TEST(test_get),
    TEST(test_close),
    TEST(test_http_1_0),
    TEST(test_http_0_9),
    TEST(test_head),
    TEST(test_head_of_what_is_read),
    TEST(test_headers_of_the_file),
    TEST(test_not_found),
    TEST(test_pipelining),
    TEST(test_split_anywhere),
    TEST_FLAGS(test_big_files, PACKET_NO_CHAINED),
    TEST_FLAGS(test_stream, PACKET_NO_CHAINED),
    TEST_FLAGS(test_file_that_ends_too_soon, PACKET_NO_CHAINED),
    TEST(test_half_closed_client),
    TEST(test_methods),
    TEST(test_empty_pbufs),
};
PACKET_MAIN(tests)
