/**
 * @file
 * Server-side includes: <!--#name--> (or, for scripts, the same in the marks of a C comment) in a
 * file, followed or replaced by what the program's handler says.
 *
 * State: the handler; and for each file that is being sent, how far it was read, and the tag whose
 * handler wants to be called again.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_CALLBACK_API

#include <string.h>
#include "apps/http/http_priv.h"
#include "lwip/def.h"

/** A handler's `next_tag_part` when it has said all. */
#define LAST_PART 0xFFFFU

struct ssi_state {
  tSSIHandler handler;
  const char **tags;
  int count;
};

STACK_STATE(struct ssi_state, ssi);

struct http_ssi {
  const char *at;
  const char *end;
  bool has_tag; /* whose text comes next */
  u16_t part;
  char name[LWIP_HTTPD_MAX_TAG_NAME_LEN + 1];
};

static const struct {
  const char *open;
  const char *close;
} marks[] = {{"<!--#", "-->"}, {"/*#", "*/"}};

void http_set_ssi_handler(tSSIHandler pfnSSIHandler, const char **ppcTags, int iNumTags)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("http_set_ssi_handler: LWIP_HTTPD_SSI is 0", LWIP_HTTPD_SSI);
  ssi()->handler = pfnSSIHandler;
  ssi()->tags = ppcTags;
  ssi()->count = iNumTags;
}

bool http_ssi_applies(struct fs_file *f, const char *path)
{
  static const char *const extensions[] = {LWIP_HTTPD_SSI_EXTENSIONS};
  const char *dot = strrchr(path, '.');
  if (ssi()->handler == NULL) {
    return false;
  }
  if (LWIP_HTTPD_SSI_BY_FILE_EXTENSION == 2) {
    return http_uri_is_ssi(f, path) != 0;
  }
  for (size_t i = 0; LWIP_HTTPD_SSI_BY_FILE_EXTENSION && dot != NULL; i++) {
    if (i == LWIP_ARRAYSIZE(extensions)) {
      break;
    }
    if (lwip_stricmp(dot, extensions[i]) == 0) {
      return true;
    }
  }
  return (f->flags & FS_FILE_FLAGS_SSI) != 0;
}

struct http_ssi *http_ssi_new(struct http_conn *c)
{
  struct http_ssi *s = (struct http_ssi *)mem_malloc(sizeof *s);
  if (s != NULL) {
    memset(s, 0, sizeof *s);
    s->at = c->data;
    s->end = c->data + c->data_len;
  }
  return s;
}

void http_ssi_free(struct http_ssi *s)
{
  if (s != NULL) {
    mem_free(s);
  }
}

/* --- tags --- */

static bool begins_with(const char *at, const char *end, const char *text)
{
  size_t len = strlen(text);
  return (size_t)(end - at) >= len && memcmp(at, text, len) == 0;
}

/** Read the tag at `at`. @return behind it; NULL: it is none */
static const char *tag_read(struct http_ssi *s, const char *at)
{
  size_t m = 0;
  while (m < LWIP_ARRAYSIZE(marks) && !begins_with(at, s->end, marks[m].open)) {
    m++;
  }
  if (m == LWIP_ARRAYSIZE(marks)) {
    return NULL;
  }
  at += strlen(marks[m].open);
  while (at < s->end && *at == ' ') {
    at++;
  }
  size_t len = 0;
  while (at < s->end && *at != ' ' && !begins_with(at, s->end, marks[m].close)) {
    if (len == LWIP_HTTPD_MAX_TAG_NAME_LEN || *at == '<') {
      return NULL;
    }
    s->name[len++] = *at++;
  }
  s->name[len] = '\0';
  while (at < s->end && *at == ' ') {
    at++;
  }
  return len > 0 && begins_with(at, s->end, marks[m].close) ? at + strlen(marks[m].close) : NULL;
}

/** Go to the next tag. @return where it begins; s->at is behind it; or both are the file's end */
static const char *tag_find(struct http_ssi *s)
{
  for (const char *at = s->at; at < s->end; at++) {
    const char *behind = *at == '<' || *at == '/' ? tag_read(s, at) : NULL;
    if (behind != NULL) {
      s->at = behind;
      s->has_tag = true;
      s->part = 0;
      return at;
    }
  }
  s->at = s->end;
  return s->end;
}

static int tag_index(const char *name)
{
  int i = 0;
  while (i < ssi()->count && strcmp(ssi()->tags[i], name) != 0) {
    i++;
  }
  return i < ssi()->count ? i : -1;
}

/* --- what they stand for --- */

#define UNKNOWN_BEGIN "<b>***UNKNOWN TAG "
#define UNKNOWN_END   "***</b>"
#define INSERT_MAX                                                                                 \
  LWIP_MAX(LWIP_HTTPD_MAX_TAG_INSERT_LEN,                                                          \
           LWIP_HTTPD_MAX_TAG_NAME_LEN + sizeof UNKNOWN_BEGIN UNKNOWN_END)

static u32_t insert_unknown(const char *name, char *to)
{
  strcpy(to, UNKNOWN_BEGIN);
  strcat(to, name);
  strcat(to, UNKNOWN_END);
  return (u32_t)strlen(to);
}

/** Ask the handler. @return bytes in `to` */
static u32_t insert(struct http_conn *c, char *to)
{
  struct http_ssi *s = c->ssi;
  int index = LWIP_HTTPD_SSI_RAW ? 0 : tag_index(s->name);
  u16_t next = LAST_PART;
  u32_t len = HTTPD_SSI_TAG_UNKNOWN;
  if (index >= 0 && ssi()->handler != NULL) {
    len = http_call_ssi(ssi()->handler, &c->file, s->name, index, to, LWIP_HTTPD_MAX_TAG_INSERT_LEN,
                        s->part, &next);
  }
  s->has_tag = next != LAST_PART;
  s->part = next;
  if (len == HTTPD_SSI_TAG_UNKNOWN) {
    s->has_tag = false;
    return insert_unknown(s->name, to);
  }
  return LWIP_MIN(len, LWIP_HTTPD_MAX_TAG_INSERT_LEN);
}

/** @return false: no memory */
static bool send_insert(struct http_conn *c, bool *is_empty)
{
  c->buf = (char *)mem_malloc(HTTP_CHUNK_HEAD + INSERT_MAX + 1);
  if (c->buf == NULL) {
    return false;
  }
  u32_t len = insert(c, c->buf + HTTP_CHUNK_HEAD);
  *is_empty = len == 0;
  if (len > 0) {
    http_send_buf(c, len);
  } else {
    mem_free(c->buf);
    c->buf = NULL;
  }
  return true;
}

enum http_piece http_ssi_next(struct http_conn *c)
{
  struct http_ssi *s = c->ssi;
  while (s->has_tag || s->at < s->end) {
    if (s->has_tag) {
      bool is_empty;
      if (!send_insert(c, &is_empty)) {
        return HTTP_PIECE_LATER;
      }
      if (!is_empty) {
        return HTTP_PIECE;
      }
      continue;
    }
    const char *from = s->at;
    const char *tag = tag_find(s);
    u32_t len = (u32_t)((LWIP_HTTPD_SSI_INCLUDE_TAG ? s->at : tag) - from);
    if (len > 0) {
      http_send_data(c, from, len);
      return HTTP_PIECE;
    }
  }
  return HTTP_PIECE_NONE;
}

#endif /* LWIP_TCP && LWIP_CALLBACK_API */
