/**
 * @file
 * Files of the HTTP server: those of an image, which tools/makefsdata makes of a folder, and custom
 * files, which the program makes. All run with the core lock held.
 */
#ifndef LWIP_HDR_APPS_FS_H
#define LWIP_HDR_APPS_FS_H

#include "lwip/apps/httpd_opts.h"
#include "lwip/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/** fs_read(): there is no more; or not yet, the callback will tell. */
#define FS_READ_EOF     (-1)
#define FS_READ_DELAYED (-2)

/** The data begin with a response's header. */
#define FS_FILE_FLAGS_HEADER_INCLUDED 0x01
/** ... which has a length, so that the connection can go on. */
#define FS_FILE_FLAGS_HEADER_PERSISTENT 0x02
/** ... and is one of HTTP/1.1. */
#define FS_FILE_FLAGS_HEADER_HTTPVER_1_1 0x04
/** There are SSI tags in it. */
#define FS_FILE_FLAGS_SSI 0x08
/** From fs_open_custom(). */
#define FS_FILE_FLAGS_CUSTOM 0x10
/** The data are compressed by gzip: the server says so in the header that it makes. */
#define FS_FILE_FLAGS_GZIP 0x20

#if HTTPD_PRECALCULATED_CHECKSUM
/** Checksum of `len` bytes from `offset` on, as makefsdata found it. */
struct fsdata_chksum {
  u32_t offset;
  u16_t chksum;
  u16_t len;
};
#endif

/** A program that has a type of its own for `pextension` defines both. */
#ifndef FS_FILE_EXTENSION_T_DEFINED
typedef void fs_file_extension;
#endif

/** An open file. */
struct fs_file {
  const char *data; /* all of it; NULL: it is read by fs_read() */
  int len;          /* of the data; FS_LEN_UNKNOWN: fs_read() says when it ends */
  int index;        /* how much has been read */
#if LWIP_HTTPD_FILE_EXTENSION || LWIP_HTTPD_CUSTOM_FILES
  fs_file_extension *pextension; /* the program's */
#endif
#if HTTPD_PRECALCULATED_CHECKSUM
  const struct fsdata_chksum *chksum;
  u16_t chksum_count;
#endif
  u8_t flags; /* FS_FILE_FLAGS_* */
#if LWIP_HTTPD_CUSTOM_FILES
  u8_t is_custom_file;
#endif
#if LWIP_HTTPD_FILE_STATE
  void *state; /* of fs_state_init() */
#endif
};

/** fs_open_custom() may set `len` to this where `data` is NULL: a stream. */
#define FS_LEN_UNKNOWN (-1)

/** A file of an image. */
struct fsdata_file {
  const struct fsdata_file *next;
  const unsigned char *name;
  const unsigned char *data;
  int len;
  u8_t flags;
#if HTTPD_PRECALCULATED_CHECKSUM
  u16_t chksum_count;
  const struct fsdata_chksum *chksum;
#endif
};

typedef void (*fs_wait_cb)(void *arg);

/**
 * The first file of the image. The library's own is HTTPD_FSDATA_FILE; a program that defines this
 * function has its own image (gossamer_fsdata() of CMake makes one of a folder).
 */
const struct fsdata_file *fs_image(void);

/** Open a file by its path: a custom one first. @return ERR_VAL: there is none */
err_t fs_open(struct fs_file *file, const char *name);
void fs_close(struct fs_file *file);

/** Read up to `count` bytes. @return how many; FS_READ_EOF; FS_READ_DELAYED: the callback will be
    called when it is worth another try with the same buffer */
int fs_read_async(struct fs_file *file, char *buffer, int count, fs_wait_cb callback_fn,
                  void *callback_arg);
/** The same where nothing waits. */
int fs_read(struct fs_file *file, char *buffer, int count);

/** Can it be read? 0: no, the callback will tell. */
int fs_is_file_ready(struct fs_file *file, fs_wait_cb callback_fn, void *callback_arg);

/** What has not been read yet, or FS_LEN_UNKNOWN. */
int fs_bytes_left(struct fs_file *file);

/* --- the program's functions; those that it does not define do nothing --- */

#if LWIP_HTTPD_FILE_STATE
/** A file has been opened. @return what becomes file->state */
void *fs_state_init(struct fs_file *file, const char *name);
/** It is closed. */
void fs_state_free(struct fs_file *file, void *state);
#endif

/**
 * With LWIP_HTTPD_CUSTOM_FILES: is `name` a file of the program's? It is a path that begins with
 * '/', decoded, without parameters; no part of it is "." or "..", and it has no backslash.
 *
 * Then set in `file`, which is zeroed: `data` (valid until it is closed; what is sent is copied)
 * and `len`, or leave `data` NULL, set `len` and have it read by fs_read_custom() (with
 * LWIP_HTTPD_DYNAMIC_FILE_READ); `flags`; `pextension` as you like.
 *
 * @return 1: yes; 0: no such file
 */
int fs_open_custom(struct fs_file *file, const char *name);
void fs_close_custom(struct fs_file *file);
#if LWIP_HTTPD_FS_ASYNC_READ
/** Can it be read now? */
u8_t fs_canread_custom(struct fs_file *file);
/** Call `callback_fn` once when it can, with the core lock held, not before this has returned.
    @return 0: it can be read after all */
u8_t fs_wait_read_custom(struct fs_file *file, fs_wait_cb callback_fn, void *callback_arg);
/** As fs_read_async(). A file that is closed calls nobody back. */
int fs_read_async_custom(struct fs_file *file, char *buffer, int count, fs_wait_cb callback_fn,
                         void *callback_arg);
#else
/** As fs_read(). */
int fs_read_custom(struct fs_file *file, char *buffer, int count);
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_APPS_FS_H */
