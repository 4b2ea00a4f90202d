/**
 * @file
 * HTTP server with the options that the host profile has not: SSI handlers that get names and give
 * their text in parts, tags that are replaced, files that wait, a limit of connections.
 *
 * needs: tcp
 * needs: ipv4
 * http: LWIP_HTTPD_SSI_RAW=1 LWIP_HTTPD_SSI_MULTIPART=1 LWIP_HTTPD_SSI_INCLUDE_TAG=0
 * http: LWIP_HTTPD_SSI_BY_FILE_EXTENSION=0 LWIP_HTTPD_FS_ASYNC_READ=1 HTTPD_MAX_CONNECTIONS=3
 * http: LWIP_HTTPD_SUPPORT_V09=0 LWIP_HTTPD_SUPPORT_EXTSTATUS=0 HTTPD_LIMIT_SENDING_TO_2MSS=1
 * http: LWIP_HTTPD_ABORT_ON_CLOSE_MEM_ERROR=1
 */
#include "http_client.h"

/* --- the program --- */

static const unsigned char page_bytes[] = "/page\0[<!--#four-->|<!--#long-->|<!--#bad-->]";
static const unsigned char plain_bytes[] = "/plain.shtml\0<!--#four-->";
static struct fsdata_file page, plain;

/* In lwIP's order of members. */
const struct fsdata_file *fs_image(void)
{
  page.name = page_bytes;
  page.data = page_bytes + 6;
  page.len = sizeof page_bytes - 7;
  page.flags = FS_FILE_FLAGS_SSI;
  page.next = &plain;
  plain.name = plain_bytes;
  plain.data = plain_bytes + 13;
  plain.len = sizeof plain_bytes - 14;
  return &page;
}

static int open_files;
static bool is_ready;
static fs_wait_cb wait_fn;
static void *wait_arg;

int fs_open_custom(struct fs_file *file, const char *name)
{
  if (strcmp(name, "/wait") != 0 && strcmp(name, "/big") != 0) {
    return 0;
  }
  file->len = name[1] == 'w' ? 10 : 50000;
  is_ready = name[1] == 'b';
  wait_fn = NULL;
  open_files++;
  return 1;
}

void fs_close_custom(struct fs_file *file)
{
  (void)file;
  open_files--;
  wait_fn = NULL;
}

u8_t fs_canread_custom(struct fs_file *file)
{
  (void)file;
  return is_ready;
}

u8_t fs_wait_read_custom(struct fs_file *file, fs_wait_cb callback_fn, void *callback_arg)
{
  (void)file;
  wait_fn = callback_fn;
  wait_arg = callback_arg;
  return 1;
}

int fs_read_async_custom(struct fs_file *file, char *buffer, int count, fs_wait_cb callback_fn,
                         void *callback_arg)
{
  (void)callback_fn;
  (void)callback_arg;
  if (file->len == 10) {
    is_ready = false; /* five bytes at a time */
    count = 5;
  }
  memset(buffer, 'x', (size_t)count);
  file->index += count; /* as lwIP has it */
  return count;
}

void *fs_state_init(struct fs_file *file, const char *name)
{
  (void)file;
  (void)name;
  return &open_files;
}

static u16_t ssi(const char *name, char *insert, int len, u16_t part, u16_t *next, void *state)
{
  if (state != &open_files) {
    return 0;
  }
  if (strcmp(name, "four") == 0) {
    *next = (u16_t)(part < 3 ? part + 1 : *next);
    insert[0] = (char)('0' + part);
    return 1;
  }
  if (strcmp(name, "long") == 0) {
    *next = (u16_t)(part < 1 ? part + 1 : *next);
    memset(insert, 'a' + part, (size_t)len);
    return (u16_t)len;
  }
  return HTTPD_SSI_TAG_UNKNOWN;
}

static struct client a, b, c, d;

static void up(void)
{
  open_files = 0;
  server_up();
  http_set_ssi_handler(ssi, NULL, 0);
  client_connect(&a, 4000);
}

/* --- tests --- */

static void test_ssi_by_name_and_in_parts(void)
{
  static char want[3 * LWIP_HTTPD_MAX_TAG_INSERT_LEN];
  size_t len = LWIP_HTTPD_MAX_TAG_INSERT_LEN;
  up();
  strcpy(want, "[0123|");
  memset(want + 6, 'a', len);
  memset(want + 6 + len, 'b', len);
  strcpy(want + 6 + 2 * len, "|<b>***UNKNOWN TAG bad***</b>]");
  client_says(&a, "GET /page HTTP/1.0\r\n\r\n");
  char *body = strstr(a.in, "\r\n\r\n");
  assert_non_null(body);
  assert_string_equal(body + 4, want);
}

/** With LWIP_HTTPD_SSI_BY_FILE_EXTENSION 0 only flags say where tags are. */
static void test_ssi_by_flag_alone(void)
{
  up();
  client_says(&a, "GET /plain.shtml HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, OK("", "text/html", "12", "<!--#four-->"));
}

static void ready(void)
{
  fs_wait_cb fn = wait_fn;
  assert_non_null(fn);
  wait_fn = NULL;
  is_ready = true;
  fn(wait_arg);
  client_take(&a);
}

static void test_file_that_waits(void)
{
  up();
  client_says(&a, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears(&a, OK("", "text/plain", "10", ""));
  advance(2 * HTTPD_STALL_TIMEOUT_MS); /* not the client's fault */
  client_take(&a);
  assert_int_equal(httpd_connections(), 1);
  ready();
  client_hears(&a, "xxxxx");
  ready();
  client_hears(&a, "xxxxx");
  assert_int_equal(open_files, 0);
  client_says(&a, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  client_use(&a);
  peer_says(.flags = TCP_RST, .seq = a.seq);
  assert_null(wait_fn); /* the file was closed */
  assert_int_equal(open_files, 0);
}

static void test_big_file_in_little_pieces(void)
{
  up();
  client_says(&a, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_int_equal(a.len, strlen(OK("", "text/plain", "50000", "")) + 50000);
  assert_int_equal(open_files, 0);
}

/** The one that has waited for its client longest goes: idle ones first. */
static void test_oldest_gives_way(void)
{
  up();
  advance(10);
  client_connect(&b, 4001);
  client_says(&b, "GET /plain.shtml HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears_of(&b, "HTTP/1.1 200 ", "");
  advance(10);
  client_connect(&c, 4002);
  advance(10);
  client_connect(&d, 4003);
  assert_int_equal(httpd_connections(), 3);
  client_use(&d);
  client_says(&d, "GET /plain.shtml HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hears_of(&d, "HTTP/1.1 200 ", "");
  client_says(&a, "GET /plain.shtml HTTP/1.1\r\nHost: x\r\n\r\n"); /* not a, but b, was idle */
  client_hears_of(&a, "HTTP/1.1 200 ", "");
  client_says(&b, "GET /plain.shtml HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_true(b.has_rst);
}

/** Where HTTP/0.9 is switched off it is a mistake (CVE-2021-27565: and no panic). */
static void test_no_http_0_9(void)
{
  up();
  client_says(&a, "GET /plain.shtml\r\n");
  assert_int_equal(a.len, 0);
  client_says(&a, "\r\n");
  client_hears_of(&a, "HTTP/1.1 400 ", "");
}

static const struct packet_test tests[] = {
    TEST(test_ssi_by_name_and_in_parts),
    TEST(test_ssi_by_flag_alone),
    TEST(test_file_that_waits),
    TEST_FLAGS(test_big_file_in_little_pieces, PACKET_NO_CHAINED),
    TEST(test_oldest_gives_way),
    TEST(test_no_http_0_9),
};
PACKET_MAIN(tests)
