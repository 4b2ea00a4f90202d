/*
 * The stack under test of the HTTP server's interop tests.
 *
 *   interop-device_http --tap NAME [--ip4 A.B.C.D/BITS] [--ip6 ADDRESS/BITS]
 *
 * It serves
 *
 *   /, /index.html      "index\n"
 *   /page.shtml         a page with SSI tags
 *   /bytes/N            N bytes of the stream (stream.h) with seed 1, read piece by piece
 *   /unknown/N          the same, and the server is not told how many
 *   /text/WORDS         "WORDS\n"
 *   /text.cgi?a=b&...   /text/a=b,...
 *   POST to /post       /text/BYTES,OFFSET: how many, and the first byte that is not the stream's
 *   POST to /no/...     refused
 *
 * Commands: held | pools
 *
 * needs: ipv4
 * needs: ipv6
 * needs: tcp
 */
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "device_ip.h"
#include "stream.h"

#define SEED     1
#define POSTS    64
#define NAME_LEN 128

/* --- files --- */

static const unsigned char index_data[] = "index\n";
static const unsigned char ssi_data[] = "one <!--#one--> two <!--#two--> none <!--#none-->\n";

static const struct fsdata_file image[] = {
    {.next = &image[1],
     .name = (const unsigned char *)"/index.html",
     .data = index_data,
     .len = sizeof index_data - 1},
    {.name = (const unsigned char *)"/page.shtml",
     .data = ssi_data,
     .len = sizeof ssi_data - 1,
     .flags = FS_FILE_FLAGS_SSI},
};

const struct fsdata_file *fs_image(void)
{
  return image;
}

/** A file of the program's: what is said of it. */
struct text {
  char text[NAME_LEN];
};

static int open_text(struct fs_file *file, const char *words)
{
  struct text *t = (struct text *)malloc(sizeof *t);
  if (t == NULL) {
    return 0;
  }
  snprintf(t->text, sizeof t->text, "%s\n", words);
  file->pextension = t;
  file->data = t->text;
  file->len = (int)strlen(t->text);
  return 1;
}

/** The length is noted in the file's extension, which is a pointer to nothing. */
static int open_bytes(struct fs_file *file, const char *count, bool is_known)
{
  uintptr_t len = (uintptr_t)strtoul(count, NULL, 10);
  file->pextension = malloc(sizeof len);
  if (file->pextension == NULL) {
    return 0;
  }
  memcpy(file->pextension, &len, sizeof len);
  file->len = is_known ? (int)len : FS_LEN_UNKNOWN;
  return 1;
}

int fs_open_custom(struct fs_file *file, const char *name)
{
  if (strncmp(name, "/text/", 6) == 0) {
    return open_text(file, name + 6);
  }
  if (strncmp(name, "/bytes/", 7) == 0) {
    return open_bytes(file, name + 7, true);
  }
  if (strncmp(name, "/unknown/", 9) == 0) {
    return open_bytes(file, name + 9, false);
  }
  return 0;
}

void fs_close_custom(struct fs_file *file)
{
  free(file->pextension);
}

int fs_read_custom(struct fs_file *file, char *buffer, int count)
{
  uintptr_t len;
  memcpy(&len, file->pextension, sizeof len);
  int left = (int)len - file->index;
  int part = left < count ? left : count;
  if (part <= 0) {
    return FS_READ_EOF;
  }
  stream_fill(SEED, (uint64_t)file->index, (uint8_t *)buffer, (size_t)part);
  file->index += part;
  return part;
}

/* --- SSI, CGI --- */

static const char *tags[] = {"one", "two"};

static u16_t on_tag(int index, char *insert, int insert_len, void *state)
{
  (void)state;
  return (u16_t)snprintf(insert, (size_t)insert_len, "[%s]", index == 0 ? "1" : "2");
}

static const char *on_cgi(int index, int count, char *name[], char *value[])
{
  static char uri[NAME_LEN];
  size_t at = (size_t)snprintf(uri, sizeof uri, "/text/%s", count == 0 ? "none" : "");
  (void)index;
  for (int i = 0; i < count && at < sizeof uri; i++) {
    at += (size_t)snprintf(uri + at, sizeof uri - at, "%s%s=%s", i > 0 ? "," : "", name[i],
                           value[i] != NULL ? value[i] : "-");
  }
  return uri;
}

static const tCGI cgi[] = {{"/text.cgi", on_cgi}};

/* --- POST --- */

static struct post {
  void *connection; /* NULL: unused */
  uint64_t received;
  uint64_t wrong_at; /* UINT64_MAX: none */
} posts[POSTS];

static struct post *post_of(const void *connection)
{
  for (size_t i = 0; i < POSTS; i++) {
    if (posts[i].connection == connection) {
      return &posts[i];
    }
  }
  return NULL;
}

err_t httpd_post_begin(void *connection, const char *uri, const char *http_request,
                       u16_t http_request_len, int content_len, char *response_uri,
                       u16_t response_uri_len, u8_t *post_auto_wnd)
{
  struct post *p = strcmp(uri, "/post") == 0 ? post_of(NULL) : NULL;
  (void)http_request;
  (void)http_request_len;
  (void)content_len;
  (void)response_uri;
  (void)response_uri_len;
  (void)post_auto_wnd;
  if (p == NULL) {
    return ERR_VAL;
  }
  *p = (struct post){.connection = connection, .wrong_at = UINT64_MAX};
  return ERR_OK;
}

err_t httpd_post_receive_data(void *connection, struct pbuf *p)
{
  struct post *post = post_of(connection);
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    size_t same = stream_differs(SEED, post->received, (const uint8_t *)q->payload, q->len);
    if (same < q->len && post->wrong_at == UINT64_MAX) {
      post->wrong_at = post->received + same;
    }
    post->received += q->len;
  }
  pbuf_free(p);
  return ERR_OK;
}

void httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  struct post *post = post_of(connection);
  snprintf(response_uri, response_uri_len, "/text/%llu,%lld", (unsigned long long)post->received,
           (long long)post->wrong_at);
  post->connection = NULL;
}

/* --- commands --- */

static u32_t timewait_bytes; /* what a connection in TIME-WAIT costs */

static void measure_timewait(void)
{
  u32_t before = mem_used_bytes();
  void *tw = memp_malloc(MEMP_TCP_TW);
  timewait_bytes = mem_used_bytes() - before;
  memp_free(MEMP_TCP_TW, tw);
}

/** As `memory`, without connections in TIME-WAIT, which stay for minutes. */
static void command_held(struct device *d, char *args[COMMAND_ARGS])
{
  u32_t waiting = (u32_t)lwip_stats.memp[MEMP_TCP_TW]->used;
  (void)d;
  (void)args;
  printf("connections=%u pools=%u heap=%u\n", (unsigned)httpd_connections(),
         (unsigned)(memp_used_total() - waiting),
         (unsigned)(mem_used_bytes() - waiting * timewait_bytes));
  fflush(stdout);
}

/** Elements in use of each pool. */
static void command_pools(struct device *d, char *args[COMMAND_ARGS])
{
  (void)d;
  (void)args;
  for (int i = 0; i < MEMP_MAX; i++) {
    if (lwip_stats.memp[i]->used > 0) {
      printf("%s=%u ", lwip_stats.memp[i]->name, (unsigned)lwip_stats.memp[i]->used);
    }
  }
  answer("");
}

static const struct command commands[] = {
    {"held", command_held},
    {"pools", command_pools},
    {NULL, NULL},
};

int main(int argc, char **argv)
{
  static struct device d = {.commands = commands};
  lwip_init();
  measure_timewait();
  if (!set_options(&d, argc, argv, NULL)) {
    return 1;
  }
  http_set_ssi_handler(on_tag, tags, 2);
  http_set_cgi_handlers(cgi, 1);
  httpd_init();
  int status = run_device(&d, IP_ANY_TYPE);
  close_device(&d);
  return status;
}
