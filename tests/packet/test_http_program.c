/**
 * @file
 * HTTP server and program: SSI, CGI, POST, header fields, files that wait (features 365 to 368).
 *
 * needs: tcp
 * needs: ipv4
 */
#include "http_client.h"
#include "gossamer/tcp_limits.h"

/* --- the program --- */

static char page[200];
static struct fsdata_file page_file;
static int files, states;
static const char *cgi_seen;
static char heard[2000];

const struct fsdata_file *fs_image(void)
{
  page_file.name = (const unsigned char *)"/page.shtml";
  page_file.data = (const unsigned char *)page;
  page_file.len = (int)strlen(page);
  return &page_file;
}

#define LONG_NAME "/a-much-longer-name-than-the-path"

int fs_open_custom(struct fs_file *file, const char *name)
{
  if (strcmp(name, "/done") != 0 && strcmp(name, "/refused") != 0 && strcmp(name, "/other") != 0 &&
      strcmp(name, LONG_NAME) != 0 && strcmp(name, "/index.html") != 0) {
    return 0;
  }
  file->data = strcmp(name, "/done") == 0 ? "done" : strcmp(name, "/other") == 0 ? "other" : "no";
  file->len = (int)strlen(file->data);
  files++;
  return 1;
}

void fs_close_custom(struct fs_file *file)
{
  (void)file;
  files--;
}

void *fs_state_init(struct fs_file *file, const char *name)
{
  (void)file;
  states++;
  return (void *)(uintptr_t)name[1];
}

void fs_state_free(struct fs_file *file, void *state)
{
  assert_ptr_equal(file->state, state);
  states--;
}

static void hear(const char *text)
{
  size_t len = strlen(heard);
  snprintf(heard + len, sizeof heard - len, "%s;", text);
}

static void hear_params(int count, char **name, char **value)
{
  char text[100];
  for (int i = 0; i < count; i++) {
    snprintf(text, sizeof text, "%s=%s", name[i], value[i] != NULL ? value[i] : "(none)");
    hear(text);
  }
}

static const char *cgi(int index, int count, char *name[], char *value[])
{
  (void)index;
  hear_params(count, name, value);
  return cgi_seen;
}

void httpd_cgi_handler(struct fs_file *file, const char *uri, int iNumParams, char **pcParam,
                       char **pcValue, void *connection_state)
{
  (void)file;
  hear(uri);
  hear((uintptr_t)connection_state == 'p' ? "state" : "other state");
  hear_params(iNumParams, pcParam, pcValue);
}

static u16_t ssi(int index, char *insert, int len, void *connection_state)
{
  (void)connection_state;
  switch (index) {
  case 0:
    return (u16_t)snprintf(insert, (size_t)len, "one");
  case 1:
    return 0;
  case 2:
    memset(insert, 'x', (size_t)len);
    return (u16_t)len;
  default:
    return HTTPD_SSI_TAG_UNKNOWN;
  }
}

static const tCGI cgis[] = {{"/first", cgi}, {"/second.cgi", cgi}};
static const char *tags[] = {"one", "empty", "full", "unknown"};

static void *post_connection;
static bool is_manual, is_refused;
static err_t post_says;

err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                       u16_t http_request_len, int content_len, char *response_uri,
                       u16_t response_uri_len, u8_t *post_auto_wnd)
{
  char text[40];
  (void)http_request;
  post_connection = connection;
  *post_auto_wnd = !is_manual;
  snprintf(text, sizeof text, "%s %d %d", uri, content_len, http_request_len);
  hear(text);
  if (is_refused) {
    snprintf(response_uri, response_uri_len, "/refused");
  }
  return is_refused ? ERR_VAL : ERR_OK;
}

err_t httpd_post_receive_data(void *connection, struct pbuf *p)
{
  char text[100] = "";
  (void)connection;
  pbuf_copy_partial(p, text, LWIP_MIN(p->tot_len, 90), 0);
  size_t len = strlen(heard);
  snprintf(heard + len, sizeof heard - len, "%s", text); /* however it came */
  pbuf_free(p);
  return post_says;
}

void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  (void)connection;
  post_connection = NULL;
  hear("");
  snprintf(response_uri, response_uri_len, "/done");
}

static bool is_replaced;
static char header_seen[100];

void *httpd_headers_before_file_open(const char *headers, u16_t headers_len, const char *uri,
                                     char *replace_uri, u16_t replace_uri_len)
{
  (void)uri;
  snprintf(header_seen, sizeof header_seen, "%.*s", headers_len, headers);
  if (is_replaced) {
    snprintf(replace_uri, replace_uri_len, "/other");
  }
  return header_seen;
}

void httpd_headers_after_file_open(struct fs_file *file, const char *headers, u16_t headers_len,
                                   void *state)
{
  (void)headers;
  (void)headers_len;
  hear(state == header_seen && file->data != NULL ? "after" : "wrong");
}

static struct client a;

static void up(void)
{
  files = 0;
  states = 0;
  heard[0] = '\0';
  cgi_seen = "/done";
  is_manual = false;
  is_refused = false;
  is_replaced = false;
  post_says = ERR_OK;
  page[0] = '\0';
  server_up();
  http_set_cgi_handlers(cgis, 2);
  http_set_ssi_handler(ssi, tags, 4);
  client_connect(&a, 4000);
}

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define DONE(text) "\r\n\r\n" text

static void expect_heard(const char *text)
{
  assert_string_equal(heard, text);
  heard[0] = '\0';
}

/* --- SSI --- */

/** What becomes of a page, by HTTP/1.0, whose content ends with the connection. */
static void expect_page(const char *text, const char *becomes)
{
  static u16_t port = 5000;
  static struct client c;
  snprintf(page, sizeof page, "%s", text);
  client_connect(&c, ++port < 60000 ? port : (port = 5000));
  client_says(&c, "GET /page.shtml HTTP/1.0\r\n\r\n");
  char *body = strstr(c.in, "\r\n\r\n");
  assert_non_null(body);
  assert_string_equal(body + 4, becomes);
  assert_true(c.has_fin);
  client_ends(&c);
}

static void test_ssi(void)
{
  char full[LWIP_HTTPD_MAX_TAG_INSERT_LEN + 100] = "<!--#full-->";
  up();
  expect_page("no tags", "no tags");
  expect_page("", "");
  expect_page("<!--#one-->", "<!--#one-->one");
  expect_page("a<!--#one-->b", "a<!--#one-->oneb");
  expect_page("a<!--# one -->b/*#one*/c", "a<!--# one -->oneb/*#one*/onec");
  expect_page("<!--#empty--><!--#one-->", "<!--#empty--><!--#one-->one");
  expect_page("<!--#none-->", "<!--#none--><b>***UNKNOWN TAG none***</b>");
  expect_page("<!--#unknown-->", "<!--#unknown--><b>***UNKNOWN TAG unknown***</b>");
  memset(full + strlen(full), 'x', LWIP_HTTPD_MAX_TAG_INSERT_LEN);
  expect_page("<!--#full-->", full);
  assert_int_equal(states, 0);
}

/** What only looks like a tag is text. */
static void test_ssi_no_tags(void)
{
  static const char *const pages[] = {
      "<!--#",        "<!--#one", "<!--#one--",  "<!--#one*/",        "<!--#-->",       "<!--# -->",
      "<!-- #one-->", "<",        "<!--#one --", "<!--#123456789-->", "<!--#one two-->"};
  up();
  for (size_t i = 0; i < LWIP_ARRAYSIZE(pages); i++) {
    expect_page(pages[i], pages[i]);
  }
  expect_page("<!--#<!--#one-->", "<!--#<!--#one-->one"); /* the one inside is */
}

/** A page with tags has no length: chunks, so that the connection goes on. */
static void test_ssi_chunked(void)
{
  up();
  snprintf(page, sizeof page, "ab<!--#one-->c");
  client_says(&a, GET("/page.shtml") GET("/done"));
  client_hears_of(&a, "HTTP/1.1 200 OK",
                  "Transfer-Encoding: chunked\r\n\r\n"
                  "d\r\nab<!--#one-->\r\n3\r\none\r\n1\r\nc\r\n0\r\n\r\nHTTP/1.1 200 OK");
}

/* --- CGI --- */

static void test_cgi_table(void)
{
  up();
  client_says(&a, GET("/first?a=1&b=&c&=d&e=%20+"));
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  expect_heard("a=1;b=;c=(none);=d;e=%20+;/done;other state;a=1;b=;c=(none);=d;e=%20+;after;");
  client_says(&a, GET("/second.cgi"));
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  expect_heard("after;");
  cgi_seen = NULL;
  client_says(&a, GET("/first"));
  client_hears_of(&a, "HTTP/1.1 404 ", "");
  cgi_seen = "/nothing";
  client_says(&a, GET("/first"));
  client_hears_of(&a, "HTTP/1.1 404 ", "");
}

static void test_cgi_too_many_parameters(void)
{
  up();
  client_says(&a, GET("/first?a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&b&c"));
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  assert_null(strstr(heard, "b="));
}

static void test_cgi_of_a_page(void)
{
  up();
  snprintf(page, sizeof page, "x");
  client_says(&a, GET("/page.shtml?n=v"));
  expect_heard("/page.shtml;state;n=v;after;");
}

/** Parameters stay what they were while a longer name takes the place of the path. */
static void test_cgi_of_a_longer_name(void)
{
  up();
  cgi_seen = LONG_NAME;
  client_says(&a, GET("/first?name=value"));
  expect_heard("name=value;" LONG_NAME ";other state;name=value;after;");
  client_says(&a, GET("/?name=value")); /* an index file */
  expect_heard("/index.html;other state;name=value;after;");
}

static void test_header_fields(void)
{
  up();
  client_says(&a, GET("/done"));
  assert_string_equal(header_seen, "Host: x\r\n\r\n");
  expect_heard("after;");
  a.len = 0;
  is_replaced = true;
  client_says(&a, GET("/nothing"));
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("other"));
}

/* --- POST --- */

#define POST(path, length) "POST " path " HTTP/1.1\r\nHost: x\r\nContent-Length: " length "\r\n\r\n"

static void test_post(void)
{
  up();
  client_says(&a, POST("/p?q", "5") "hello");
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  expect_heard("/p?q 5 50;hello;");
  client_says(&a, POST("/p", "0") POST("/p", "3") "abc" GET("/done"));
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done") "HTTP/1.1 200 OK");
  expect_heard("/p 0 48;;/p 3 48;abc;after;");
  assert_int_equal(files, 0);
}

/** Cut anywhere, it is the same. */
static void test_post_split_anywhere(void)
{
  static const char request[] = POST("/p", "5") "hello" GET("/done");
  up();
  for (size_t cut = 1; cut < sizeof request - 1; cut++) {
    client_send_bytes(&a, request, cut);
    client_take(&a);
    client_says(&a, request + cut);
    client_hears_of(&a, "HTTP/1.1 200 OK", DONE("doneHTTP/1.1 200 OK"));
    expect_heard("/p 5 48;hello;after;");
  }
}

static void test_post_refused(void)
{
  up();
  is_refused = true;
  client_says(&a, POST("/p", "50") "hel");
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("no"));
  assert_true(a.has_fin); /* the rest would look like a request */
  client_says(&a, "lo");
  assert_false(a.has_rst);
}

static void test_post_ended_by_the_program(void)
{
  up();
  post_says = ERR_ABRT;
  client_says(&a, POST("/p", "50") "h");
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  assert_true(a.has_fin);
}

static void test_post_continue(void)
{
  up();
  client_says(&a,
              "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  client_hears(&a, "HTTP/1.1 100 Continue\r\n\r\n");
  client_says(&a, "hello");
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  is_refused = true;
  client_says(&a,
              "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("no"));
}

/** The window is the program's: nothing more may come than it has consumed. */
static void test_post_manual_window(void)
{
  static char much[1400];
  static char head[100];
  up();
  is_manual = true;
  memset(much, 'x', sizeof much);
  snprintf(head, sizeof head, POST("/p", "%d"), 300 * 1400);
  client_says(&a, head);
  u16_t first = 0, last = 0;
  for (int i = 0; i < 20; i++) {
    client_send_bytes(&a, much, sizeof much);
    struct tcp_seen *s;
    advance(300); /* a delayed ACK */
    while ((s = tcp_peer_sees()) != NULL) {
      first = i == 1 ? s->h.wnd : first;
      last = s->h.wnd;
    }
  }
  assert_true(last < first);
  assert_non_null(post_connection);
  advance(2 * HTTPD_STALL_TIMEOUT_MS); /* it waits for the program, not for the client */
  assert_int_equal(httpd_connections(), 1);
  httpd_post_data_recved(post_connection, 20 * 1400);
  httpd_post_data_recved(post_connection, 1400); /* too much: nothing */
  struct tcp_seen *s;
  u16_t now = 0;
  while ((s = tcp_peer_sees()) != NULL) {
    now = s->h.wnd;
  }
  assert_true(now > last);
  advance(HTTPD_STALL_TIMEOUT_MS); /* now it is the client's turn */
  client_take(&a);
  client_hears_of(&a, "HTTP/1.1 408 ", "");
}

#if LWIP_TCP_LIMITS

/** What the program has not consumed when it ends is TCP's again, if it is more than 64 KiB too. */
static void test_post_manual_window_at_the_end(void)
{
  enum { COUNT = 100 };
  static const u8_t opts[8] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 7};
  static char much[1400];
  char head[100];
  up();
  is_manual = true;
  memset(much, 'x', sizeof much);
  client_connect_by(&a, 4001, opts, sizeof opts);
  struct tcp_pcb *pcb = tcp_active_pcbs;
  assert_non_null(pcb);
  assert_int_equal(pcb->remote_port, 4001);
  tcp_set_receive_limit(pcb, 2 * COUNT * sizeof much);
  u32_t before = pcb->rcv_wnd;
  snprintf(head, sizeof head, POST("/p", "%d"), (int)(COUNT * sizeof much));
  client_says(&a, head);
  for (int i = 0; i < COUNT; i++) {
    client_send_bytes(&a, much, sizeof much);
    client_take(&a);
  }
  client_hears_of(&a, "HTTP/1.1 200 OK", DONE("done"));
  assert_ptr_equal(tcp_active_pcbs, pcb); /* it is kept alive */
  assert_int_equal(pcb->rcv_wnd, before);
}

#define WINDOW_TESTS TEST_FLAGS(test_post_manual_window_at_the_end, PACKET_ONCE),

#else
#define WINDOW_TESTS
#endif

static const struct packet_test tests[] = {
    TEST(test_ssi),
    TEST(test_ssi_no_tags),
    TEST(test_ssi_chunked),
    TEST(test_cgi_table),
    TEST(test_cgi_too_many_parameters),
    TEST(test_cgi_of_a_page),
    TEST(test_cgi_of_a_longer_name),
    TEST(test_header_fields),
    TEST(test_post),
    TEST(test_post_split_anywhere),
    TEST(test_post_refused),
    TEST(test_post_ended_by_the_program),
    TEST(test_post_continue),
    WINDOW_TESTS TEST_FLAGS(test_post_manual_window, PACKET_ONCE),
};
PACKET_MAIN(tests)
