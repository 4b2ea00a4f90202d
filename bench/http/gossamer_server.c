/*
 * The HTTP server (lwip/apps/httpd.h) with one page, on a TAP interface.
 *
 *   gossamer_server TAP A.B.C.D/BITS PAGE [plain]
 *
 * PAGE: file with the page. plain: frames cross the interface as on a wire, without offload.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "port/ethdev.h"
#include "port/loop.h"

static struct fsdata_file page = {.name = (const unsigned char *)"/index.html"};

const struct fsdata_file *fs_image(void)
{
  return &page;
}

static bool page_read(const char *path)
{
  FILE *f = fopen(path, "rb");
  if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
    return false;
  }
  page.len = (int)ftell(f);
  unsigned char *data = (unsigned char *)malloc((size_t)page.len);
  rewind(f);
  bool is_read = data != NULL && fread(data, 1, (size_t)page.len, f) == (size_t)page.len;
  page.data = data;
  fclose(f);
  return is_read;
}

static bool add(struct ethdev *dev, char *address)
{
  ip4_addr_t addr, mask;
  char *slash = strchr(address, '/');
  if (slash == NULL) {
    return false;
  }
  *slash = '\0';
  ip4_addr_set_u32(&mask, lwip_htonl(0xffffffffUL << (32 - atoi(slash + 1))));
  return ip4addr_aton(address, &addr) && ethdev_add(dev, &addr, &mask, NULL) == ERR_OK;
}

int main(int argc, char **argv)
{
  static struct port_loop loop;
  char error[ETHDEV_ERROR_LEN] = "bad arguments";
  lwip_init();
  bool is_plain = argc == 5 && strcmp(argv[4], "plain") == 0;
  struct ethdev *dev = argc != 4 && !is_plain ? NULL
                       : is_plain             ? ethdev_open_tap(argv[1], NULL, error)
                                              : ethdev_open_tap_offload(argv[1], NULL, error);
  if (dev == NULL || !add(dev, argv[2]) || !page_read(argv[3])) {
    fprintf(stderr, "gossamer_server: %s\n", error);
    return 1;
  }
  port_loop_add(&loop, &dev->source);
  httpd_init();
  puts("ready");
  fflush(stdout);
  while (port_loop_turn(&loop, -1) >= 0) {
  }
  return 1;
}
