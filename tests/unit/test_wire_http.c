/**
 * @file
 * HTTP requests (RFC 9112, RFC 9110) as bytes: where a head ends, what is read, and what is
 * refused, as request smuggling has it (RFC 9112 11.2) and as other servers got it wrong: lengths
 * that wrap (CVE-2021-31227, CVE-2024-50594), unbounded targets (CVE-2021-31226), unknown methods
 * (CVE-2021-27565).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "wire/http.h"

static struct http_request r;

static unsigned read_head(const char *text)
{
  return http_request_read(&r, text, strlen(text));
}

static void assert_target(const char *head, const char *target)
{
  assert_int_equal(r.target_len, strlen(target));
  assert_memory_equal(head + r.target_at, target, r.target_len);
}

/** Whatever came before, the end is found at the same place (RFC 9112 2.1). */
static void test_end_is_found_from_anywhere(void **state)
{
  static const char *const heads[] = {
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.1\nHost: x\n\n",
      "GET / HTTP/1.1\r\nHost: x\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\n\n",
      "GET / HTTP/1.1\r\n\r\n",
      "\n\n",
  };
  (void)state;
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    char text[100];
    size_t len = strlen(heads[i]);
    strcpy(text, heads[i]);
    strcat(text, "more\r\n\r\n");
    for (size_t have = 0; have < len; have++) {
      assert_int_equal(http_head_end(text, have, 0, false), 0);
      assert_int_equal(http_head_end(text, len, have, false), len);
      assert_int_equal(http_head_end(text, strlen(text), have, false), len);
    }
  }
}

static void test_http_0_9_ends_with_its_line(void **state)
{
  (void)state;
  assert_int_equal(http_head_end("GET /\r\n", 7, 0, true), 7);
  assert_int_equal(http_head_end("GET /\r\n", 7, 0, false), 0);
  assert_int_equal(http_head_end("GET / HTTP/1.0\r\n", 16, 0, true), 0);
  assert_int_equal(http_head_end("PUT /\r\n", 7, 0, true), 0);
  assert_int_equal(read_head("GET /a\r\n"), 0);
  assert_int_equal(r.version, 9);
  assert_target("GET /a\r\n", "/a");
  assert_int_equal(read_head("GET /a\r\n\r\n"), 400); /* with fields it needs a version */
}

static void test_request_is_read(void **state)
{
  const char *head = "POST /a?b=c HTTP/1.1\r\nHost: x\r\ncontent-LENGTH:\t12 \r\n"
                     "Connection: Foo , CLOSE\r\nExpect: 100-Continue\r\n\r\n";
  (void)state;
  assert_int_equal(read_head(head), 0);
  assert_int_equal(r.method, HTTP_POST);
  assert_int_equal(r.version, 11);
  assert_target(head, "/a?b=c");
  assert_int_equal(r.fields_at, strlen("POST /a?b=c HTTP/1.1\r\n"));
  assert_int_equal(r.len, strlen(head));
  assert_true(r.has_content_length);
  assert_int_equal(r.content_length, 12);
  assert_true(r.wants_close && !r.wants_keep_alive);
  assert_true(r.expects_continue && !r.expects_other);
  assert_int_equal(read_head("HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 0);
  assert_true(r.method == HTTP_HEAD && r.version == 10 && r.wants_keep_alive);
  assert_int_equal(read_head("GET / HTTP/1.7\nHost:\n\n"), 0);
  assert_int_equal(r.version, 11);
}

static void test_targets(void **state)
{
  static const struct {
    const char *head;
    const char *target;
  } good[] = {
      {"GET http://host:80/p?q HTTP/1.0\n\n", "/p?q"},
      {"GET HTTP://host HTTP/1.0\n\n", ""},
      {"GET https://host?q HTTP/1.0\n\n", "?q"},
      {"OPTIONS * HTTP/1.0\n\n", "*"},
      {"GET // HTTP/1.0\n\n", "//"},
  };
  static const char *const bad[] = {
      "GET  HTTP/1.0\n\n",
      "GET * HTTP/1.0\n\n",
      "GET host HTTP/1.0\n\n",
      "GET http:// HTTP/1.0\n\n",
      "GET /\x01 HTTP/1.0\n\n",
      "GET /\x7f HTTP/1.0\n\n",
      "GET /\xc3 HTTP/1.0\n\n",
      "GET /#a HTTP/1.0\n\n",
      "GET /a b HTTP/1.0\n\n",
      "GET /  HTTP/1.0\n\n",
      "GET / HTTP/1.0 \n\n",
      " GET / HTTP/1.0\n\n",
      "GET\t/ HTTP/1.0\n\n",
      "GET / http/1.0\n\n",
      "GET / HTTP/1\n\n",
      "GET / HTTP/1.10\n\n",
      "GET / HTTP/a.b\n\n",
      "GET /\rHTTP/1.0\n\n",
      "G(T / HTTP/1.0\n\n",
      "GET\n\n",
      "\n",
      "GET / HTTP/1.0\r\r\n\r\n",
      "POST /\n",
      "",
  };
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_int_equal(read_head(good[i].head), 0);
    assert_target(good[i].head, good[i].target);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (read_head(bad[i]) != 400) {
      fail_msg("row %zu", i);
    }
  }
  assert_int_equal(http_request_read(&r, "GET /\0 HTTP/1.0\n\n", 18), 400);
  assert_int_equal(read_head("GET / HTTP/2.0\n\n"), 505);
  assert_int_equal(read_head("GET / HTTP/0.9\n\n"), 505);
}

static void test_methods(void **state)
{
  (void)state;
  assert_int_equal(read_head("DELETE / HTTP/1.0\n\n"), 0);
  assert_int_equal(r.method, HTTP_METHOD_KNOWN);
  assert_int_equal(read_head("Get / HTTP/1.0\n\n"), 0); /* they differ by case (RFC 9110 9.1) */
  assert_int_equal(r.method, HTTP_METHOD_OTHER);
  assert_int_equal(read_head("GETS / HTTP/1.0\n\n"), 0);
  assert_int_equal(r.method, HTTP_METHOD_OTHER);
}

/** Fields alone decide; the rest of the head is right. */
static void test_fields(void **state)
{
  static const struct {
    const char *fields;
    unsigned status;
  } rows[] = {
      {"Host: x\r\n", 0},
      {"Host: x\r\nX-Any_thing!: \x80 \t?\r\n", 0},
      {"Host: x\r\nX:\r\n", 0},
      {"", 400}, /* RFC 9112 3.2 */
      {"Host: x\r\nHost: x\r\n", 400},
      {"Host : x\r\n", 400}, /* 5.1 */
      {"Host\t: x\r\n", 400},
      {" Host: x\r\n", 400}, /* 2.2, 5.2 */
      {"Host: x\r\n folded\r\n", 400},
      {"Host: x\r\n\tfolded\r\n", 400},
      {"Host: x\r\n: y\r\n", 400},
      {"Host: x\r\nno colon\r\n", 400},
      {"Host: x\r\nA: b\rc\r\n", 400},
      {"Host: x\r\nA: b\r\r\n", 400},
      {"Host: x\r\nA: \x01\r\n", 400}, /* RFC 9110 5.5 */
      {"Host: x\r\nA: \x7f\r\n", 400},
      {"Host: x\r\nA@: b\r\n", 400},
      {"Host: x\r\nContent-Length: 0\r\n", 0},
      {"Host: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n", 0}, /* RFC 9110 8.6 */
      {"Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n", 400},
      {"Host: x\r\nContent-Length: 5, 5\r\n", 400},
      {"Host: x\r\nContent-Length: -1\r\n", 400},
      {"Host: x\r\nContent-Length: +1\r\n", 400},
      {"Host: x\r\nContent-Length: 0x1\r\n", 400},
      {"Host: x\r\nContent-Length: 1 2\r\n", 400},
      {"Host: x\r\nContent-Length:\r\n", 400},
      {"Host: x\r\nContent-Length: 2147483647\r\n", 0},
      {"Host: x\r\nContent-Length: 0000000000000002147483647\r\n", 0},
      {"Host: x\r\nContent-Length: 2147483648\r\n", 413},
      {"Host: x\r\nContent-Length: 4294967296\r\n", 413},
      {"Host: x\r\nContent-Length: 18446744073709551617\r\n", 413},
      {"Host: x\r\nTransfer-Encoding: chunked\r\n", 0},
      {"Host: x\r\nTransfer-Encoding: xchunked\r\n", 501}, /* RFC 9112 6.1 */
      {"Host: x\r\nTransfer-Encoding: gzip, chunked\r\n", 501},
      {"Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 501},
      {"Host: x\r\nTransfer-Encoding: identity\r\n", 501},
      {"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400}, /* 6.3 */
      {"Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
  };
  char head[256];
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    strcpy(head, "GET / HTTP/1.1\r\n");
    strcat(head, rows[i].fields);
    strcat(head, "\r\n");
    unsigned status = read_head(head);
    if (status != rows[i].status) {
      fail_msg("row %zu: %u", i, status);
    }
  }
  assert_int_equal(http_request_read(&r, "GET / HTTP/1.0\nA: b\0c\n\n", 23), 400);
  assert_int_equal(read_head("GET / HTTP/1.0\nTransfer-Encoding: chunked\n\n"), 400);
}

static void test_paths(void **state)
{
  static const struct {
    const char *target;
    const char *path;
    const char *query;
  } good[] = {
      {"/", "/", NULL},
      {"/a%20b%c3%A9", "/a b\xc3\xa9", NULL},
      {"/a?b=%20&c", "/a", "b=%20&c"},
      {"/a?", "/a", ""},
      {"/...", "/...", NULL},
      {"/.a/..b/c..", "/.a/..b/c..", NULL},
      {"/%2541", "/%41", NULL}, /* decoded once */
  };
  static const char *const bad[] = {
      "/..",    "/../etc/passwd", "/a/..", "/a/../b", "/.",
      "/a/./b", "/%2e%2e/etc",    "/.%2E", "/%2f",    "/%5c",
      "/a\\b",  "/%00",           "/%",    "/%4",     "/%zz",
      "a",      "/%2e%2e",        "/a%",   "",
  };
  char text[64];
  char *query;
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    strcpy(text, good[i].target);
    assert_true(http_path_decode(text, &query));
    assert_string_equal(text, good[i].path);
    assert_true((query == NULL) == (good[i].query == NULL));
    if (query != NULL) {
      assert_string_equal(query, good[i].query);
    }
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    strcpy(text, bad[i]);
    if (http_path_decode(text, &query)) {
      fail_msg("row %zu", i);
    }
  }
}

static void test_lists(void **state)
{
  (void)state;
  assert_true(http_list_has("close", 5, "close"));
  assert_true(http_list_has(", ,\tClose ,x", 12, "close"));
  assert_false(http_list_has("closed, not-close", 17, "close"));
  assert_false(http_list_has("", 0, "close"));
  assert_string_equal(http_status_text(404), "404 Not Found");
  assert_string_equal(http_status_text(999), "500 Internal Server Error");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_end_is_found_from_anywhere),
      cmocka_unit_test(test_http_0_9_ends_with_its_line),
      cmocka_unit_test(test_request_is_read),
      cmocka_unit_test(test_targets),
      cmocka_unit_test(test_methods),
      cmocka_unit_test(test_fields),
      cmocka_unit_test(test_paths),
      cmocka_unit_test(test_lists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
