/**
 * @file
 * Vendor class and vendor-specific information (RFC 2132 8.4, 9.13), as ESP-IDF has them: one of
 * each for all clients.
 *
 * State: both values, on the heap. Without LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS nothing is sent or
 * kept.
 */
#include "lwip/opt.h"

#if LWIP_IPV4 && LWIP_DHCP

#include <string.h>
#include "lwip/debug.h"
#include "lwip/dhcp.h"
#include "lwip/mem.h"
#include "control/dhcp_priv.h"

/** Bytes on the heap. */
struct dhcp_bytes {
  u8_t *bytes;
  u16_t len;
};

struct dhcp_vendor {
  struct dhcp_bytes class_id;
  struct dhcp_bytes info;
};

STACK_STATE(struct dhcp_vendor, dhcp_vendor);

static void dhcp_bytes_free(struct dhcp_bytes *b)
{
  mem_free(b->bytes);
  b->bytes = NULL;
  b->len = 0;
}

/** Room for `len` bytes in the place of what was there. */
static bool dhcp_bytes_alloc(struct dhcp_bytes *b, u16_t len)
{
  u8_t *bytes = (u8_t *)mem_malloc(len);
  if (bytes != NULL) {
    dhcp_bytes_free(b);
    b->bytes = bytes;
    b->len = len;
  }
  return bytes != NULL;
}

int dhcp_set_vendor_class_identifier(u8_t len, const char *str)
{
  LWIP_ASSERT_CORE_LOCKED();
  if (len == 0 || str == NULL) {
    return ERR_ARG;
  }
  if (!dhcp_bytes_alloc(&dhcp_vendor()->class_id, len)) {
    return ERR_MEM;
  }
  memcpy(dhcp_vendor()->class_id.bytes, str, len);
  return ERR_OK;
}

int dhcp_get_vendor_specific_information(u8_t len, char *str)
{
  LWIP_ASSERT_CORE_LOCKED();
  const struct dhcp_bytes *info = &dhcp_vendor()->info;
  if (str == NULL || info->bytes == NULL || info->len > len) {
    return ERR_ARG;
  }
  memset(str, 0, len);
  memcpy(str, info->bytes, info->len);
  return ERR_OK;
}

void dhcp_free_vendor_class_identifier(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  dhcp_bytes_free(&dhcp_vendor()->class_id);
  dhcp_bytes_free(&dhcp_vendor()->info);
}

void dhcp_vendor_put(struct dhcp_writer *w)
{
  const struct dhcp_bytes *class_id = &dhcp_vendor()->class_id;
  if (LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS && class_id->len > 0) {
    dhcp_put(w, DHCP_OPTION_VCI, class_id->bytes, class_id->len);
  }
}

void dhcp_vendor_take(const struct dhcp_message *m)
{
  struct dhcp_bytes *info = &dhcp_vendor()->info;
  int len = dhcp_option_get(m, DHCP_OPTION_VSI, NULL, 0);
  if (LWIP_DHCP_ENABLE_VENDOR_SPEC_IDS && len > 0 && dhcp_bytes_alloc(info, (u16_t)len)) {
    dhcp_option_get(m, DHCP_OPTION_VSI, info->bytes, info->len);
  }
}

void dhcp_vendor_fini(void)
{
  dhcp_free_vendor_class_identifier();
}

#endif /* LWIP_IPV4 && LWIP_DHCP */
