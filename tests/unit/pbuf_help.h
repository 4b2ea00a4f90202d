/* What the tests of packet buffers share: leak checks around each test, chains, their checks. */
#ifndef TESTS_UNIT_PBUF_HELP_H
#define TESTS_UNIT_PBUF_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lwip/opt.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "gossamer/stack.h"
#include "base/fault.h"

#define POOL_BYTES  LWIP_MEM_ALIGN_SIZE(PBUF_POOL_BUFSIZE)
#define ROOM(layer) LWIP_MEM_ALIGN_SIZE((u16_t)(layer))

static u32_t elements_before;
static u32_t bytes_before;

static inline int setup(void **state)
{
  (void)state;
  fault_arm(0);
  lwip_init();
  elements_before = memp_used_total();
  bytes_before = mem_used_bytes();
  return 0;
}

static inline int teardown(void **state)
{
  (void)state;
  fault_arm(0);
  assert_int_equal(memp_used_total(), elements_before);
  assert_int_equal(mem_used_bytes(), bytes_before);
  lwip_deinit();
  return 0;
}

static inline u8_t byte_at(u32_t i)
{
  return (u8_t)(i * 7 + (i >> 8) * 13);
}

/** Lengths of a chain agree with each other. */
static inline void check_chain(const struct pbuf *p)
{
  u32_t total = 0;
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    total += q->len;
    assert_true(q->ref > 0);
  }
  for (const struct pbuf *q = p; q != NULL; q = q->next) {
    assert_int_equal(q->tot_len, (u16_t)total);
    total -= q->len;
  }
}

/** A chain of RAM pbufs with these lengths, ended by a negative one, holding byte_at(0), ... */
static inline struct pbuf *chain_of(const int *lens)
{
  struct pbuf *head = NULL;
  u32_t at = 0;
  for (; *lens >= 0; lens++) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)*lens, PBUF_RAM);
    assert_non_null(p);
    for (int i = 0; i < *lens; i++) {
      ((u8_t *)p->payload)[i] = byte_at(at++);
    }
    if (head == NULL) {
      head = p;
    } else {
      pbuf_cat(head, p);
    }
  }
  check_chain(head);
  return head;
}

#define CHAIN(...) chain_of((const int[]){__VA_ARGS__, -1})

static inline void check_bytes(const struct pbuf *p, u32_t first, u32_t len)
{
  assert_int_equal(p->tot_len, len);
  for (u32_t i = 0; i < len; i++) {
    assert_int_equal(pbuf_get_at(p, (u16_t)i), byte_at(first + i));
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
