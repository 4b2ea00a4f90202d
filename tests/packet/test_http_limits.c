/**
 * @file
 * HTTP server: slow clients, limits, clients that do not listen, and the end of connections
 * (feature 369; RFC 9112 9.5, 9.6; the attacks "slowloris", "R-U-Dead-Yet" and slow reading).
 *
 * needs: tcp
 * needs: ipv4
 */
#include "http_client.h"
#include "lwip/memp.h"

static char big[400000];
static int open_files;

int fs_open_custom(struct fs_file *file, const char *name)
{
  if (strcmp(name, "/big") != 0 && strcmp(name, "/") != 0 && strcmp(name, "/hello") != 0) {
    return 0;
  }
  file->data = name[1] == 'b' ? big : "hello";
  file->len = name[1] == 'b' ? (int)sizeof big : 5;
  open_files++;
  return 1;
}

void fs_close_custom(struct fs_file *file)
{
  (void)file;
  open_files--;
}

err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                       u16_t http_request_len, int content_len, char *response_uri,
                       u16_t response_uri_len, u8_t *post_auto_wnd)
{
  (void)connection;
  (void)uri;
  (void)http_request;
  (void)http_request_len;
  (void)content_len;
  (void)response_uri;
  (void)response_uri_len;
  (void)post_auto_wnd;
  return ERR_OK;
}

static unsigned posts_finished;

err_t httpd_post_receive_data(void *connection, struct pbuf *p)
{
  (void)connection;
  pbuf_free(p);
  return ERR_OK;
}

void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  (void)connection;
  (void)response_uri;
  (void)response_uri_len;
  posts_finished++;
}

#define HELLO "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

static struct client a, b;

static void up(void)
{
  open_files = 0;
  posts_finished = 0;
  memset(big, 'x', sizeof big);
  server_up();
  client_connect(&a, 4000);
}

/** Time passes, and what the server says then is taken. */
static void pass(struct client *c, u32_t ms)
{
  client_use(c);
  advance(ms);
  client_take(c);
}

/* --- time --- */

static void test_silent_client(void)
{
  up();
  pass(&a, HTTPD_HEAD_TIMEOUT_MS - 1000);
  assert_false(a.has_fin);
  pass(&a, 1000);
  assert_true(a.has_fin);
  assert_int_equal(a.len, 0);
  assert_int_equal(httpd_connections(), 0);
}

/** A byte now and then does not help: the head must be whole in time (slowloris). */
static void test_slow_head(void)
{
  up();
  client_says(&a, "GET /hello HTTP/1.1\r\n");
  for (u32_t ms = 0; ms < HTTPD_HEAD_TIMEOUT_MS; ms += 1000) {
    assert_false(a.has_fin);
    client_says(&a, "A: b\r\n");
    pass(&a, 1000);
  }
  client_hears_of(&a, "HTTP/1.1 408 ", "Connection: close");
  assert_true(a.has_fin);
  client_ends(&a);
  assert_int_equal(httpd_connections(), 0);
}

static void test_idle_connection(void)
{
  up();
  client_says(&a, HELLO);
  pass(&a, HTTPD_IDLE_TIMEOUT_MS - 1000);
  client_says(&a, HELLO); /* begins anew */
  pass(&a, HTTPD_IDLE_TIMEOUT_MS - 1000);
  assert_false(a.has_fin);
  client_says(&a, "\r\n"); /* is nothing */
  pass(&a, 1000);
  assert_true(a.has_fin);
  assert_int_equal(httpd_connections(), 0);
}

/** Who takes nothing of a response goes; who takes a little stays. */
static void test_slow_reader(void)
{
  up();
  a.peer.wnd = 1000;
  client_use(&a);
  client_says(&a, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 5; i++) {
    pass(&a, HTTPD_STALL_TIMEOUT_MS - 5000);
    assert_int_equal(httpd_connections(), 1);
    peer_says(.flags = TCP_ACK, .seq = a.seq, .ack = a.ack);
    client_take(&a);
  }
  a.takes_nothing = true;
  for (u32_t ms = 0; ms <= HTTPD_STALL_TIMEOUT_MS; ms += 1000) {
    pass(&a, 1000);
  }
  assert_true(a.has_rst);
  assert_int_equal(httpd_connections(), 0);
  assert_int_equal(open_files, 0);
}

/** Content that does not come (R-U-Dead-Yet); the program is told. */
static void test_slow_content(void)
{
  up();
  client_says(&a, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  pass(&a, HTTPD_STALL_TIMEOUT_MS - 1000);
  client_says(&a, "d");
  pass(&a, HTTPD_STALL_TIMEOUT_MS - 1000);
  assert_int_equal(a.len, 0);
  pass(&a, 1000);
  client_hears_of(&a, "HTTP/1.1 408 ", "Connection: close");
  assert_int_equal(posts_finished, 1);
  assert_true(a.has_fin);
}

/* --- the end --- */

/** The client is still sending when it is refused: it reads why, and is not reset before. */
static void test_refused_client_reads_the_answer(void)
{
  up();
  client_says(&a, "BAD\r\n\r\n");
  client_says(&a, "and much more that nobody reads");
  client_hears_of(&a, "HTTP/1.1 400 ", "400 Bad Request");
  assert_true(a.has_fin && !a.has_rst);
  assert_int_equal(httpd_connections(), 1);
  pass(&a, HTTPD_LINGER_MS);
  assert_int_equal(httpd_connections(), 0);
}

/** ... but not for ever. */
static void test_refused_client_goes_on_and_on(void)
{
  static char much[1400];
  up();
  memset(much, 'x', sizeof much);
  client_says(&a, "BAD\r\n\r\n");
  for (size_t sent = 0; sent <= HTTPD_LINGER_BYTES; sent += sizeof much) {
    client_send_bytes(&a, much, sizeof much);
    client_take(&a);
  }
  assert_true(a.has_rst);
  assert_int_equal(httpd_connections(), 0);
}

static void test_client_resets(void)
{
  up();
  a.peer.wnd = 1000;
  client_use(&a);
  client_says(&a, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_int_equal(open_files, 1);
  peer_says(.flags = TCP_RST, .seq = a.seq);
  assert_int_equal(open_files, 0);
  assert_int_equal(httpd_connections(), 0);
  client_connect(&b, 4001);
  client_says(&b, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  client_use(&b);
  peer_says(.flags = TCP_RST, .seq = b.seq);
  assert_int_equal(posts_finished, 1);
  assert_int_equal(httpd_connections(), 0);
}

/** A client that has gone away in the middle of its content: no answer, but the program hears. */
static void test_client_ends_in_its_content(void)
{
  up();
  client_says(&a, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  client_ends(&a);
  assert_int_equal(posts_finished, 1);
  assert_true(a.has_fin);
  assert_int_equal(httpd_connections(), 0);
}

static void test_stop(void)
{
  up();
  client_connect(&b, 4001);
  a.peer.wnd = 1000;
  client_use(&a);
  client_says(&a, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  httpd_stop();
  client_take(&a);
  assert_true(a.has_rst);
  assert_int_equal(httpd_connections(), 0);
  assert_int_equal(open_files, 0);
  assert_int_equal(httpd_start(80, NULL), ERR_OK);
  assert_int_equal(httpd_start(8080, NULL), ERR_OK);
  assert_int_equal(httpd_start(80, NULL), ERR_USE);
}

/* --- sizes --- */

/** Send a long text in segments. */
static void says_long(struct client *c, const char *text, size_t len)
{
  for (size_t at = 0; at < len; at += 1000) {
    client_send_bytes(c, text + at, LWIP_MIN(1000, len - at));
    client_take(c);
  }
}

static void test_head_too_long(void)
{
  static char text[LWIP_HTTPD_MAX_REQ_LENGTH + 100];
  size_t len = (size_t)snprintf(text, sizeof text, "GET /hello HTTP/1.1\r\nHost: x\r\nA: ");
  up();
  memset(text + len, 'x', sizeof text - len);
  memcpy(text + LWIP_HTTPD_MAX_REQ_LENGTH - 4, "\r\n\r\n", 4);
  says_long(&a, text, LWIP_HTTPD_MAX_REQ_LENGTH);
  client_hears_of(&a, "HTTP/1.1 200 ", "hello");
  memset(text + LWIP_HTTPD_MAX_REQ_LENGTH - 4, 'x', 4);
  says_long(&a, text, LWIP_HTTPD_MAX_REQ_LENGTH + 10);
  client_hears_of(&a, "HTTP/1.1 431 ", "");
  assert_true(a.has_fin);
}

/** That a request before it was HEAD does not take the error's content away. */
static void test_head_too_long_after_head(void)
{
  static char text[LWIP_HTTPD_MAX_REQ_LENGTH];
  up();
  client_says(&a, "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears_of(&a, "HTTP/1.1 200 ", "");
  memset(text, 'x', sizeof text);
  says_long(&a, text, sizeof text);
  client_hears_of(&a, "HTTP/1.1 414 ", "\r\n\r\n414 ");
  client_connect(&b, 4001);
  client_says(&b, "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears_of(&b, "HTTP/1.1 200 ", "");
  client_says(&b, "GET /hel");
  pass(&b, HTTPD_HEAD_TIMEOUT_MS);
  client_hears_of(&b, "HTTP/1.1 408 ", "\r\n\r\n408 ");
}

/** CVE-2021-31226: the length of a target is nobody's but ours. */
static void test_target_too_long(void)
{
  static char text[LWIP_HTTPD_MAX_REQ_LENGTH + 100];
  up();
  memset(text, 'x', sizeof text);
  memcpy(text, "POST /", 6);
  strcpy(text + 6 + LWIP_HTTPD_MAX_REQUEST_URI_LEN,
         " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  says_long(&a, text, strlen(text));
  client_hears_of(&a, "HTTP/1.1 414 ", "");
  client_connect(&b, 4001);
  memset(text, 'x', sizeof text);
  memcpy(text, "GET /", 5);
  says_long(&b, text, LWIP_HTTPD_MAX_REQ_LENGTH);
  client_hears_of(&b, "HTTP/1.1 414 ", "");
}

/** Content that means nothing is not the next request (RFC 9112 6.3: lengths decide). */
static void test_content_of_get(void)
{
  up();
  client_says(&a, "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n" HELLO);
  client_hears_of(&a, "HTTP/1.1 200 ", "\r\n\r\nhello");
  assert_true(a.has_fin);
}

/** Who asks on and on and takes nothing is not answered on and on. */
static void test_pipelining_is_bounded(void)
{
  up();
  a.takes_nothing = true;
  for (int i = 0; i < (packet_is_fault_run() ? 10 : 3000); i++) {
    client_send_bytes(&a, HELLO HELLO HELLO, 3 * sizeof HELLO - 3);
    tcp_peer_ignores();
  }
  assert_in_range(open_files, 0, 1);
  pass(&a, HTTPD_STALL_TIMEOUT_MS + HTTPD_IDLE_TIMEOUT_MS);
  assert_int_equal(httpd_connections(), 0);
}

/* --- many --- */

/** Slow clients hold no packet buffers, and cost little: a fast one is served among them. */
static void test_many_slow_clients(void)
{
  static struct client slow;
  up();
  u16_t count = packet_is_fault_run() ? 3 : 500;
  for (u16_t i = 0; i < count; i++) {
    client_connect(&slow, (u16_t)(5000 + i));
    client_says(&slow, "GET /hello HTTP/1.1\r\n");
  }
  assert_int_equal(httpd_connections(), count + 1U);
  client_use(&a);
  client_says(&a, HELLO);
  client_hears_of(&a, "HTTP/1.1 200 ", "hello");
}

static const struct packet_test tests[] = {
    TEST(test_silent_client),
    TEST(test_slow_head),
    TEST(test_idle_connection),
    TEST_FLAGS(test_slow_reader, PACKET_ONCE),
    TEST(test_slow_content),
    TEST(test_refused_client_reads_the_answer),
    TEST_FLAGS(test_refused_client_goes_on_and_on, PACKET_NO_CHAINED),
    TEST(test_client_resets),
    TEST(test_client_ends_in_its_content),
    TEST(test_stop),
    TEST_FLAGS(test_head_too_long, PACKET_NO_CHAINED),
    TEST_FLAGS(test_head_too_long_after_head, PACKET_NO_CHAINED),
    TEST_FLAGS(test_target_too_long, PACKET_NO_CHAINED),
    TEST(test_content_of_get),
    TEST_FLAGS(test_pipelining_is_bounded, PACKET_ONCE),
    TEST_FLAGS(test_many_slow_clients, PACKET_ONCE),
};
PACKET_MAIN(tests)
