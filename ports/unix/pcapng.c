/**
 * @file
 * pcapng blocks, in the machine's byte order as the format allows.
 */
#include <string.h>
#include "lwip/def.h"
#include "lwip/pbuf.h"
#include "unix/pcapng.h"

#define BLOCK_SECTION   0x0a0d0d0aUL
#define BLOCK_INTERFACE 0x00000001UL
#define BLOCK_PACKET    0x00000006UL

#define OPTION_IF_NAME   2
#define OPTION_EPB_FLAGS 2

#define FLAG_INBOUND  1
#define FLAG_OUTBOUND 2

static void put16(FILE *f, u16_t value)
{
  fwrite(&value, sizeof value, 1, f);
}

static void put32(FILE *f, u32_t value)
{
  fwrite(&value, sizeof value, 1, f);
}

static u32_t padded(size_t len)
{
  return (u32_t)((len + 3) & ~(size_t)3);
}

static void put_padding(FILE *f, size_t len)
{
  static const u8_t zero[4];
  fwrite(zero, 1, padded(len) - len, f);
}

static void put_option(FILE *f, u16_t code, const void *value, size_t len)
{
  put16(f, code);
  put16(f, (u16_t)len);
  fwrite(value, 1, len, f);
  put_padding(f, len);
}

void pcapng_begin(FILE *f)
{
  put32(f, BLOCK_SECTION);
  put32(f, 28);
  put32(f, 0x1a2b3c4dUL); /* tells the byte order */
  put16(f, 1);            /* version 1.0 */
  put16(f, 0);
  put32(f, 0xffffffffUL); /* section length not given */
  put32(f, 0xffffffffUL);
  put32(f, 28);
}

void pcapng_interface(FILE *f, const char *name, u16_t link_type)
{
  size_t name_len = strlen(name);
  u32_t block_len = 16 + 4 + padded(name_len) + 4 + 4;
  put32(f, BLOCK_INTERFACE);
  put32(f, block_len);
  put16(f, link_type);
  put16(f, 0);
  put32(f, 0); /* no limit on the length of packets */
  put_option(f, OPTION_IF_NAME, name, name_len);
  put32(f, 0); /* end of options */
  put32(f, block_len);
}

/** An enhanced packet block up to its data; its length is returned for packet_end(). */
static u32_t packet_begin(FILE *f, u32_t interface_id, u64_t time_us, size_t len)
{
  u32_t block_len = 28 + padded(len) + 8 + 4 + 4;
  put32(f, BLOCK_PACKET);
  put32(f, block_len);
  put32(f, interface_id);
  put32(f, (u32_t)(time_us >> 32));
  put32(f, (u32_t)time_us);
  put32(f, (u32_t)len); /* captured */
  put32(f, (u32_t)len); /* as it was on the wire */
  return block_len;
}

static void packet_end(FILE *f, u32_t block_len, size_t len, bool is_outbound)
{
  u32_t flags = is_outbound ? FLAG_OUTBOUND : FLAG_INBOUND;
  put_padding(f, len);
  put_option(f, OPTION_EPB_FLAGS, &flags, sizeof flags);
  put32(f, 0); /* end of options */
  put32(f, block_len);
}

void pcapng_packet(FILE *f, u32_t interface_id, u64_t time_us, const void *data, size_t len,
                   bool is_outbound)
{
  u32_t block_len = packet_begin(f, interface_id, time_us, len);
  fwrite(data, 1, len, f);
  packet_end(f, block_len, len, is_outbound);
}

void pcapng_pbuf(FILE *f, u32_t interface_id, u64_t time_us, const struct pbuf *p, u16_t skip,
                 bool is_outbound)
{
  size_t len = p->tot_len > skip ? (size_t)(p->tot_len - skip) : 0;
  u32_t block_len = packet_begin(f, interface_id, time_us, len);
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    u16_t skipped = LWIP_MIN(skip, q->len);
    fwrite((const u8_t *)q->payload + skipped, 1, (size_t)(q->len - skipped), f);
    skip = (u16_t)(skip - skipped);
  }
  packet_end(f, block_len, len, is_outbound);
}
