/**
 * @file
 * Which file answers a request: CGI handlers, index files of folders, pages of errors.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "apps/http/http_priv.h"

/** What a path that ends with '/' stands for. */
static const char index_files[][HTTP_INDEX_LEN] = {"index.shtml", "index.ssi", "index.shtm",
                                                   "index.html", "index.htm"};

static const char *const page_extensions[] = {".html", ".htm", ".shtml"};

static bool open_file(struct http_conn *c, const char *path)
{
  c->has_file = fs_open(&c->file, path) == ERR_OK;
  return c->has_file;
}

/** @param name  behind a path's last '/'; gets the name that was found */
static bool open_index(struct http_conn *c, const char *path, char name[HTTP_INDEX_LEN])
{
  for (size_t i = 0; i < LWIP_ARRAYSIZE(index_files); i++) {
    memcpy(name, index_files[i], HTTP_INDEX_LEN);
    if (open_file(c, path)) {
      return true;
    }
  }
  return false;
}

/** Copy a path of the program's. @return false: none, or too long */
static bool path_copy(char path[HTTP_URI_MAX + 2], const char *from)
{
  if (from == NULL || strlen(from) > HTTP_URI_MAX) {
    return false;
  }
  memmove(path, from, strlen(from) + 1);
  return true;
}

/** A GET's header fields: those of the request lie behind its first line. */
struct headers {
  const char *at;
  u16_t len;
  void *state;
};

static void replace_path(struct headers *h, char *path)
{
  char other[LWIP_HTTPD_HEADERS_URI_REPLACE_LEN + 1] = "";
  h->state = httpd_headers_before_file_open(h->at, h->len, path, other, sizeof other);
  other[sizeof other - 1] = '\0';
  if (other[0] != '\0') {
    strcpy(path, other);
  }
}

/** Open what `path` stands for. @return false: there is nothing */
static bool find(struct http_conn *c, char *path, char *query, struct headers *h)
{
  struct http_params params;
  const char *name = path;
  params.count = 0;
  if (LWIP_HTTPD_CGI || LWIP_HTTPD_CGI_SSI) {
    http_params_split(&params, query);
  }
  if (LWIP_HTTPD_CGI && http_cgi_call(&name, &params) && !path_copy(path, name)) {
    return false;
  }
  if (LWIP_HTTPD_HEADERS_BEFORE_FILE_OPEN && h->at != NULL) {
    replace_path(h, path);
  }
  size_t len = strlen(path);
  bool is_folder = len > 0 && path[len - 1] == '/';
  if (!(is_folder ? open_index(c, path, path + len) : open_file(c, path))) {
    return false;
  }
  if (LWIP_HTTPD_CGI_SSI && params.count > 0) {
    http_call_cgi(&c->file, path, params.count, params.name, params.value);
  }
  if (LWIP_HTTPD_HEADERS_AFTER_FILE_OPEN && h->at != NULL) {
    httpd_headers_after_file_open(&c->file, h->at, h->len, h->state);
  }
  return true;
}

void http_answer(struct http_conn *c, char *uri, const struct http_request *r)
{
  struct headers h = {NULL, 0, NULL};
  char *query;
  if (r != NULL) {
    h.at = http_scratch()->head + r->fields_at;
    h.len = (u16_t)(r->len - r->fields_at);
  }
  bool is_right = http_path_decode(uri, &query);
  if (query != NULL) {
    query = strcpy(http_scratch()->query, query);
  }
  if (!is_right) {
    http_answer_error(c, 400);
  } else if (!find(c, uri, query, &h)) {
    http_answer_error(c, 404);
  } else {
    http_send_file(c, 200, uri);
  }
}

/** A page for the error: "/404.html" and its like. */
static bool open_page(struct http_conn *c, unsigned status, char path[12])
{
  path[0] = '/';
  path[1] = (char)('0' + status / 100);
  path[2] = (char)('0' + status / 10 % 10);
  path[3] = (char)('0' + status % 10);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(page_extensions); i++) {
    strcpy(path + 4, page_extensions[i]);
    if (open_file(c, path)) {
      return true;
    }
  }
  return false;
}

void http_answer_error(struct http_conn *c, unsigned status)
{
  char path[12];
  c->keeps_alive = c->keeps_alive && status == 404;
  if ((status == 404 || LWIP_HTTPD_SUPPORT_EXTSTATUS) && open_page(c, status, path)) {
    http_send_file(c, status, path);
  } else {
    http_send_status(c, status);
  }
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
