/**
 * @file
 * What the web server serves beside the page: JSON, and captures.
 *
 * State: how many documents are being sent. A document is the heap's until its connection has taken
 * it; a capture is read from its file piece by piece.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/mem.h"
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "device_priv.h"

enum {
  DOCUMENTS_MAX = 64, /* at once: a slow client keeps one for as long as the server bears with it */
  SLACK = 64          /* bytes that a document may grow by between its two passes: they allocate */
};

struct documents_state {
  unsigned count;
};

STACK_STATE(struct documents_state, documents);

typedef void (*document_fn)(struct json *j);

/** The whole document in memory of its own; NULL: there is none. */
static char *document_make(document_fn write, int *len)
{
  struct json j;
  json_init(&j, NULL, 0);
  write(&j);
  size_t size = j.len + SLACK;
  char *buf = size <= DEVICE_DOCUMENT_MAX ? (char *)mem_malloc((mem_size_t)size) : NULL;
  if (buf == NULL) {
    return NULL;
  }
  json_init(&j, buf, size);
  write(&j);
  if (!json_is_whole(&j)) {
    mem_free(buf);
    return NULL;
  }
  *len = (int)j.len;
  return buf;
}

static int open_document(struct fs_file *file, document_fn write)
{
  if (documents()->count >= DOCUMENTS_MAX) {
    return 0;
  }
  char *buf = document_make(write, &file->len);
  if (buf == NULL) {
    return 0;
  }
  documents()->count++;
  file->data = buf;
  file->pextension = buf;
  return 1;
}

static int open_capture(struct fs_file *file)
{
  const struct device_capture *capture = device()->config.capture;
  u32_t size = capture != NULL ? capture->size() : 0;
  if (size == 0 || size > 0x7fffffffUL) {
    return 0;
  }
  file->len = (int)size; /* what comes later is for the next download */
  return 1;
}

int fs_open_custom(struct fs_file *file, const char *name)
{
  static const struct {
    const char *name;
    document_fn write;
  } made[] = {
      {"/api/status.json", device_status},
      {"/api/history.json", device_history},
      {"/api/capture.json", device_capture_status},
  };
  if (!device()->is_running) {
    return 0;
  }
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(made); i++) {
    if (strcmp(name, made[i].name) == 0) {
      return open_document(file, made[i].write);
    }
  }
  return strcmp(name, "/capture.pcapng") == 0 ? open_capture(file) : 0;
}

int fs_read_custom(struct fs_file *file, char *buffer, int count)
{
  const struct device_capture *capture = device()->config.capture;
  int left = file->len - file->index;
  u32_t want = (u32_t)LWIP_MIN(count, left);
  int n = capture != NULL && want > 0 ? capture->read((u32_t)file->index, buffer, want) : 0;
  if (n <= 0) {
    return FS_READ_EOF;
  }
  file->index += n;
  return n;
}

void fs_close_custom(struct fs_file *file)
{
  if (file->pextension != NULL) {
    mem_free(file->pextension);
    file->pextension = NULL;
    documents()->count--;
  }
}

/* --- POST: the two commands, which take no content --- */

/** The value of the first field with this name, which ends in a colon; NULL: there is none. */
static const char *field(const char *head, size_t len, const char *name, size_t *value_len)
{
  const char *end = head + len;
  size_t name_len = strlen(name);
  for (const char *line = head; line < end; line++) {
    const char *line_end = (const char *)memchr(line, '\n', (size_t)(end - line));
    line_end = line_end != NULL ? line_end : end;
    if ((size_t)(line_end - line) >= name_len && lwip_strnicmp(line, name, name_len) == 0) {
      const char *value = line + name_len;
      while (value < line_end && (*value == ' ' || *value == '\t')) {
        value++;
      }
      while (value < line_end && strchr(" \t\r", line_end[-1]) != NULL) {
        line_end--;
      }
      *value_len = (size_t)(line_end - value);
      return value;
    }
    line = line_end;
  }
  return NULL;
}

/** Browsers say of each POST which page it is from (RFC 6454 7): only ours gives commands. */
static bool is_from_our_page(const char *head, size_t len)
{
  size_t origin_len, host_len;
  const char *origin = field(head, len, "Origin:", &origin_len);
  const char *host = field(head, len, "Host:", &host_len);
  if (origin == NULL) {
    return true; /* no browser */
  }
  if (host == NULL || origin_len < host_len + 2) {
    return false;
  }
  const char *authority = origin + origin_len - host_len;
  return memcmp(authority - 2, "//", 2) == 0 && lwip_strnicmp(authority, host, host_len) == 0;
}

static void copy_uri(char *to, u16_t size, const char *uri)
{
  if (strlen(uri) < size) {
    strcpy(to, uri);
  }
}

err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                       u16_t http_request_len, int content_len, char *response_uri,
                       u16_t response_uri_len, u8_t *post_auto_wnd)
{
  LWIP_UNUSED_ARG(connection);
  LWIP_UNUSED_ARG(content_len);
  LWIP_UNUSED_ARG(response_uri);
  LWIP_UNUSED_ARG(response_uri_len);
  LWIP_UNUSED_ARG(post_auto_wnd);
  bool is_start = strcmp(uri, "/api/capture/start") == 0;
  if ((!is_start && strcmp(uri, "/api/capture/stop") != 0) ||
      !is_from_our_page(http_request, http_request_len)) {
    return ERR_VAL;
  }
  (void)(is_start ? device_capture_start() : device_capture_stop());
  return ERR_OK;
}

err_t httpd_post_receive_data(void *connection, struct pbuf *p)
{
  LWIP_UNUSED_ARG(connection);
  pbuf_free(p);
  return ERR_OK;
}

/** Whatever came of it: the answer says whether a capture runs. */
void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  LWIP_UNUSED_ARG(connection);
  copy_uri(response_uri, response_uri_len, "/api/capture.json");
}
