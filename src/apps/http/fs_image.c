/**
 * @file
 * The image of HTTPD_FSDATA_FILE, for programs that define no fs_image() of their own.
 */
#include "lwip/priv/http_hooks.h"
#include HTTPD_FSDATA_FILE

LWIP_WEAK const struct fsdata_file *fs_image(void)
{
  return FS_ROOT;
}
