/** @file The pcapng writer block by block, and capturing a netif: what passes, what is noted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lwip/def.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "gossamer/capture.h"
#include "gossamer/stack.h"
#include "unix/pcapng.h"

#define BLOCK_SECTION   0x0a0d0d0aU
#define BLOCK_INTERFACE 1U
#define BLOCK_PACKET    6U
#define INBOUND         1U
#define OUTBOUND        2U

/** A file read back. */
struct reader {
  u8_t *data;
  size_t len;
  size_t at;
};

struct block {
  u32_t type;
  const u8_t *body;
  size_t len;
};

struct packet {
  u32_t interface_id;
  u64_t time_us;
  const u8_t *data;
  u32_t len;
  u32_t flags;
};

static u32_t word(const u8_t *p)
{
  u32_t w;
  memcpy(&w, p, sizeof w);
  return w;
}

static u16_t half(const u8_t *p)
{
  u16_t h;
  memcpy(&h, p, sizeof h);
  return h;
}

static bool next_block(struct reader *r, struct block *b)
{
  if (r->at == r->len) {
    return false;
  }
  assert_true(r->at + 12 <= r->len);
  u32_t len = word(r->data + r->at + 4);
  assert_int_equal(len % 4, 0);
  assert_true(len >= 12 && len <= r->len - r->at);
  assert_int_equal(word(r->data + r->at + len - 4), len);
  *b = (struct block){word(r->data + r->at), r->data + r->at + 8, len - 12};
  r->at += len;
  return true;
}

static void expect_section(struct reader *r)
{
  struct block b;
  assert_true(next_block(r, &b));
  assert_int_equal(b.type, BLOCK_SECTION);
  assert_int_equal(b.len, 16);
  assert_int_equal(word(b.body), 0x1a2b3c4d);
  assert_int_equal(half(b.body + 4), 1);
  assert_int_equal(half(b.body + 6), 0);
}

static void expect_interface(struct reader *r, const char *name, u16_t link_type)
{
  struct block b;
  assert_true(next_block(r, &b));
  assert_int_equal(b.type, BLOCK_INTERFACE);
  assert_int_equal(half(b.body), link_type);
  assert_int_equal(half(b.body + 8), 2); /* if_name */
  assert_int_equal(half(b.body + 10), strlen(name));
  assert_memory_equal(b.body + 12, name, strlen(name));
  assert_int_equal(word(b.body + b.len - 4), 0);
}

static struct packet expect_packet(struct reader *r)
{
  struct block b;
  assert_true(next_block(r, &b));
  assert_int_equal(b.type, BLOCK_PACKET);
  struct packet p = {.interface_id = word(b.body),
                     .time_us = (u64_t)word(b.body + 4) << 32 | word(b.body + 8),
                     .data = b.body + 20,
                     .len = word(b.body + 12)};
  assert_int_equal(word(b.body + 16), p.len);
  size_t padded = (p.len + 3) & ~(size_t)3;
  assert_int_equal(b.len, 20 + padded + 12);
  for (size_t i = p.len; i < padded; i++) {
    assert_int_equal(p.data[i], 0);
  }
  assert_int_equal(half(p.data + padded), 2); /* epb_flags */
  assert_int_equal(half(p.data + padded + 2), 4);
  p.flags = word(p.data + padded + 4);
  assert_int_equal(word(p.data + padded + 8), 0);
  return p;
}

static void blocks_are_well_formed(void **state)
{
  LWIP_UNUSED_ARG(state);
  char *text = NULL;
  size_t len = 0;
  FILE *f = open_memstream(&text, &len);
  assert_non_null(f);
  pcapng_begin(f);
  pcapng_interface(f, "a", PCAPNG_LINK_ETHERNET);
  pcapng_interface(f, "four", PCAPNG_LINK_RAW_IP);
  static const u8_t data[] = "0123456789";
  for (size_t n = 0; n <= 10; n++) {
    pcapng_packet(f, n % 2, 0x123456789abcULL + n, data, n, n % 2 == 1);
  }
  assert_int_equal(fclose(f), 0);
  struct reader r = {(u8_t *)text, len, 0};
  expect_section(&r);
  expect_interface(&r, "a", PCAPNG_LINK_ETHERNET);
  expect_interface(&r, "four", PCAPNG_LINK_RAW_IP);
  for (size_t n = 0; n <= 10; n++) {
    struct packet p = expect_packet(&r);
    assert_int_equal(p.interface_id, n % 2);
    assert_int_equal(p.time_us, 0x123456789abcULL + n);
    assert_int_equal(p.len, n);
    assert_memory_equal(p.data, data, n);
    assert_int_equal(p.flags, n % 2 == 1 ? OUTBOUND : INBOUND);
  }
  assert_int_equal(r.at, r.len);
  free(text);
}

static void chain_is_one_packet_without_its_padding(void **state)
{
  LWIP_UNUSED_ARG(state);
  char *text = NULL;
  size_t len = 0;
  u8_t one[] = "ab", two[] = "", three[] = "cdefg";
  struct pbuf c = {.payload = three, .len = 5, .tot_len = 5};
  struct pbuf b = {.next = &c, .payload = two, .len = 0, .tot_len = 5};
  struct pbuf a = {.next = &b, .payload = one, .len = 2, .tot_len = 7};
  FILE *f = open_memstream(&text, &len);
  assert_non_null(f);
  for (u16_t skip = 0; skip <= 8; skip++) {
    pcapng_pbuf(f, 0, 0, &a, skip, false);
  }
  assert_int_equal(fclose(f), 0);
  struct reader r = {(u8_t *)text, len, 0};
  for (u32_t skip = 0; skip <= 8; skip++) {
    struct packet p = expect_packet(&r);
    assert_int_equal(p.len, skip < 7 ? 7 - skip : 0);
    assert_memory_equal(p.data, &"abcdefg"[LWIP_MIN(skip, 7)], p.len);
  }
  free(text);
}

/** A netif whose frames go nowhere. */
struct fake {
  struct netif netif;
  unsigned received;
  unsigned sent;
};

static err_t fake_input(struct pbuf *p, struct netif *netif)
{
  ((struct fake *)netif->state)->received++;
  pbuf_free(p);
  return ERR_OK;
}

static err_t fake_linkoutput(struct netif *netif, struct pbuf *p)
{
  LWIP_UNUSED_ARG(p);
  ((struct fake *)netif->state)->sent++;
  return ERR_OK;
}

/* Of whichever family the build has. */
#if LWIP_IPV4
#define OUTPUT output
typedef ip4_addr_t fake_addr;
#else
#define OUTPUT output_ip6
typedef ip6_addr_t fake_addr;
#endif
static const fake_addr somebody;

static err_t fake_output(struct netif *netif, struct pbuf *p, const fake_addr *to)
{
  LWIP_UNUSED_ARG(to);
  return fake_linkoutput(netif, p);
}

static err_t fake_init(struct netif *netif)
{
  netif->name[0] = 'f';
  netif->name[1] = 'k';
  netif->mtu = 1500;
  netif->OUTPUT = fake_output;
  netif->linkoutput = fake_linkoutput;
  return ERR_OK;
}

static err_t fake_ethernet_init(struct netif *netif)
{
  netif->flags |= NETIF_FLAG_ETHERNET;
  netif->hwaddr_len = 6;
  return fake_init(netif);
}

static void fake_add(struct fake *f, netif_init_fn init)
{
  memset(f, 0, sizeof *f);
  assert_non_null(netif_add_noaddr(&f->netif, f, init, fake_input));
}

static void fake_frame_in(struct fake *f, const char *bytes)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(strlen(bytes) + ETH_PAD_SIZE), PBUF_RAM);
  assert_non_null(p);
  pbuf_take_at(p, bytes, (u16_t)strlen(bytes), ETH_PAD_SIZE);
  assert_int_equal(f->netif.input(p, &f->netif), ERR_OK);
}

static void fake_frame_out(struct fake *f, const char *bytes)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(strlen(bytes) + ETH_PAD_SIZE), PBUF_RAM);
  assert_non_null(p);
  pbuf_take_at(p, bytes, (u16_t)strlen(bytes), ETH_PAD_SIZE);
  assert_int_equal(f->netif.linkoutput(&f->netif, p), ERR_OK);
  pbuf_free(p);
}

static void expect_bytes(struct reader *r, u32_t interface_id, u32_t flags, const char *bytes)
{
  struct packet p = expect_packet(r);
  assert_int_equal(p.interface_id, interface_id);
  assert_int_equal(p.flags, flags);
  assert_int_equal(p.len, strlen(bytes));
  assert_memory_equal(p.data, bytes, p.len);
}

static void read_file(struct reader *r, const char *path)
{
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  r->data = (u8_t *)malloc(65536);
  assert_non_null(r->data);
  r->len = fread(r->data, 1, 65536, f);
  r->at = 0;
  fclose(f);
}

static void capture_notes_and_passes_on(void **state)
{
  LWIP_UNUSED_ARG(state);
  char path[] = "/tmp/test_pcapng_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  lwip_init();
  struct fake eth, ip;
  fake_add(&eth, fake_ethernet_init);
  fake_add(&ip, fake_init);
  struct capture *c = capture_open(path);
  assert_non_null(c);
  fake_frame_in(&eth, "before");
  assert_int_equal(capture_start(c, &eth.netif), ERR_OK);
  assert_int_equal(capture_start(c, &eth.netif), ERR_USE);
  assert_int_equal(capture_start(c, &ip.netif), ERR_OK);
  fake_frame_in(&eth, "frame in");
  fake_frame_out(&eth, "frame out");
  struct pbuf *p = pbuf_alloc(PBUF_RAW, 2, PBUF_RAM);
  assert_non_null(p);
  pbuf_take(p, "IP", 2);
  assert_int_equal(ip.netif.OUTPUT(&ip.netif, p, &somebody), ERR_OK);
  assert_int_equal(ip.netif.input(p, &ip.netif), ERR_OK);
  capture_stop(&eth.netif);
  fake_frame_in(&eth, "not captured");
  fake_frame_out(&eth, "nor this");
  capture_stop(&eth.netif); /* again: harmless */
  assert_int_equal(capture_start(c, &eth.netif), ERR_OK);
  fake_frame_out(&eth, "again");
  assert_int_equal(capture_close(c), ERR_OK);
  fake_frame_out(&eth, "closed");
  assert_ptr_equal(eth.netif.input, fake_input);
  assert_ptr_equal(ip.netif.OUTPUT, fake_output);
  assert_int_equal(eth.received, 3);
  assert_int_equal(eth.sent, 4);
  assert_int_equal(ip.received, 1);
  assert_int_equal(ip.sent, 1);
  netif_remove(&eth.netif);
  netif_remove(&ip.netif);

  struct reader r;
  char name[16];
  read_file(&r, path);
  expect_section(&r);
  snprintf(name, sizeof name, "fk%u", eth.netif.num);
  expect_interface(&r, name, PCAPNG_LINK_ETHERNET);
  snprintf(name, sizeof name, "fk%u", ip.netif.num);
  expect_interface(&r, name, PCAPNG_LINK_RAW_IP);
  expect_bytes(&r, 0, INBOUND, "frame in");
  expect_bytes(&r, 0, OUTBOUND, "frame out");
  expect_bytes(&r, 1, OUTBOUND, "IP");
  expect_bytes(&r, 1, INBOUND, "IP");
  snprintf(name, sizeof name, "fk%u", eth.netif.num);
  expect_interface(&r, name, PCAPNG_LINK_ETHERNET);
  expect_bytes(&r, 2, OUTBOUND, "again");
  assert_int_equal(r.at, r.len);
  free(r.data);
  unlink(path);
  lwip_deinit();
}

/** One netif in two captures at once: either can begin and end without the other's minding. */
static void two_captures_of_one_netif(void **state)
{
  LWIP_UNUSED_ARG(state);
  char path[2][24] = {"/tmp/test_pcapng_XXXXXX", "/tmp/test_pcapng_XXXXXX"};
  struct capture *c[2];
  struct fake eth;
  struct reader r[2];
  char name[16];
  lwip_init();
  fake_add(&eth, fake_ethernet_init);
  for (int i = 0; i < 2; i++) {
    int fd = mkstemp(path[i]);
    assert_true(fd >= 0);
    close(fd);
    c[i] = capture_open(path[i]);
    assert_non_null(c[i]);
  }
  assert_int_equal(capture_start(c[0], &eth.netif), ERR_OK);
  fake_frame_in(&eth, "first");
  assert_int_equal(capture_start(c[1], &eth.netif), ERR_OK);
  fake_frame_out(&eth, "both");
  capture_flush(c[1]);
  read_file(&r[1], path[1]);
  assert_true(r[1].len > 28);
  free(r[1].data);
  assert_int_equal(capture_close(c[0]), ERR_OK);
  fake_frame_in(&eth, "second");
  assert_int_equal(capture_close(c[1]), ERR_OK);
  assert_ptr_equal(eth.netif.input, fake_input);
  assert_ptr_equal(eth.netif.linkoutput, fake_linkoutput);
  snprintf(name, sizeof name, "fk%u", eth.netif.num);
  for (int i = 0; i < 2; i++) {
    read_file(&r[i], path[i]);
    expect_section(&r[i]);
    expect_interface(&r[i], name, PCAPNG_LINK_ETHERNET);
    unlink(path[i]);
  }
  expect_bytes(&r[0], 0, INBOUND, "first");
  expect_bytes(&r[0], 0, OUTBOUND, "both");
  expect_bytes(&r[1], 0, OUTBOUND, "both");
  expect_bytes(&r[1], 0, INBOUND, "second");
  for (int i = 0; i < 2; i++) {
    assert_int_equal(r[i].at, r[i].len);
    free(r[i].data);
  }
  netif_remove(&eth.netif);
  lwip_deinit();
}

static void file_that_cannot_be_written(void **state)
{
  LWIP_UNUSED_ARG(state);
  assert_null(capture_open("/nowhere/at/all.pcapng"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_are_well_formed),
      cmocka_unit_test(chain_is_one_packet_without_its_padding),
      cmocka_unit_test(capture_notes_and_passes_on),
      cmocka_unit_test(two_captures_of_one_netif),
      cmocka_unit_test(file_that_cannot_be_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
