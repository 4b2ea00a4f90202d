/**
 * @file
 * Files of the HTTP server: the program's own, and those of the image.
 */
#include "lwip/apps/fs.h"

#include <string.h>
#include "lwip/priv/http_hooks.h"
#include "lwip/sys.h"

static const struct fsdata_file *find(const char *name)
{
  const struct fsdata_file *f = fs_image();
  while (f != NULL && strcmp((const char *)f->name, name) != 0) {
    f = f->next;
  }
  return f;
}

err_t fs_open(struct fs_file *file, const char *name)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (file == NULL || name == NULL) {
    return ERR_ARG;
  }
  memset(file, 0, sizeof *file);
  if (LWIP_HTTPD_CUSTOM_FILES && fs_open_custom(file, name)) {
    http_file_set_custom(file);
  } else {
    const struct fsdata_file *f = find(name);
    if (f == NULL) {
      return ERR_VAL;
    }
    file->data = (const char *)f->data;
    file->len = f->len;
    file->index = f->len;
    file->flags = f->flags;
    http_file_set_checksums(file, f);
  }
  http_file_state_init(file, name);
  return ERR_OK;
}

void fs_close(struct fs_file *file)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (http_file_is_custom(file)) {
    fs_close_custom(file);
  }
  http_file_state_free(file);
}

int fs_bytes_left(struct fs_file *file)
{
  LWIP_ASSERT_CORE_LOCKED();
  return file->len == FS_LEN_UNKNOWN ? FS_LEN_UNKNOWN : file->len - file->index;
}

static int read_custom(struct fs_file *file, char *buffer, int count, fs_wait_cb wake, void *arg)
{
  int before = file->index;
  if (!http_custom_is_ready(file, wake, arg)) {
    return FS_READ_DELAYED;
  }
  int n = http_custom_read(file, buffer, count, wake, arg);
  file->index = before + LWIP_MAX(n, 0); /* programs do that, or do not */
  return n;
}

int fs_read_async(struct fs_file *file, char *buffer, int count, fs_wait_cb callback_fn,
                  void *callback_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  int left = fs_bytes_left(file);
  if (left == 0) {
    return FS_READ_EOF;
  }
  count = left > 0 ? LWIP_MIN(count, left) : count;
  if (http_file_is_custom(file)) {
    return read_custom(file, buffer, count, callback_fn, callback_arg);
  }
  memcpy(buffer, file->data + file->index, (size_t)count);
  file->index += count;
  return count;
}

int fs_read(struct fs_file *file, char *buffer, int count)
{
  return fs_read_async(file, buffer, count, NULL, NULL);
}

int fs_is_file_ready(struct fs_file *file, fs_wait_cb callback_fn, void *callback_arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  return !http_file_is_custom(file) || http_custom_is_ready(file, callback_fn, callback_arg);
}
