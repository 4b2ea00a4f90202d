/* Packet buffers: allocating, freeing, header room, chains, at every border and out of memory. */
#include "pbuf_help.h"

static void test_size_of_struct(void **state)
{
  (void)state;
#if !ESP_PBUF
  /* 16 bytes on 32-bit machines with a one-byte count. */
  const size_t members = 2 * sizeof(void *) + 7 + sizeof(LWIP_PBUF_REF_T);
  assert_int_equal(sizeof(struct pbuf), (members + sizeof(void *) - 1) & ~(sizeof(void *) - 1));
#endif
  assert_int_equal(offsetof(struct pbuf, payload), offsetof(struct pbuf_rom, payload));
}

static void test_layers_leave_room(void **state)
{
  static const pbuf_layer layers[] = {PBUF_TRANSPORT, PBUF_IP, PBUF_LINK, PBUF_RAW_TX, PBUF_RAW};
  static const pbuf_type types[] = {PBUF_RAM, PBUF_POOL};
  (void)state;
  assert_int_equal(PBUF_TRANSPORT,
                   PBUF_LINK_ENCAPSULATION_HLEN + PBUF_LINK_HLEN + PBUF_IP_HLEN + 20);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(layers) * 2; i++) {
    const pbuf_layer l = layers[i / 2];
    struct pbuf *p = pbuf_alloc(l, 10, types[i % 2]);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p->payload % MEM_ALIGNMENT, 0);
    assert_int_equal(p->ref, 1);
    assert_int_equal(p->flags, 0);
    assert_int_equal(p->if_idx, NETIF_NO_INDEX);
    assert_int_equal(p->len, 10);
    assert_int_equal(p->tot_len, 10);
    assert_null(p->next);
    assert_true(pbuf_match_type(p, types[i % 2]));
    assert_false(PBUF_NEEDS_COPY(p));
    assert_int_equal(pbuf_add_header(p, (u16_t)l), 0);
    memset(p->payload, 0xaa, p->len);
    assert_int_equal(p->len, 10 + l);
    assert_int_equal(pbuf_add_header(p, ROOM(l) - l + 1), 1);
    assert_int_equal(pbuf_add_header_force(p, ROOM(l) - l + 1), 1);
    assert_int_equal(pbuf_add_header(p, ROOM(l) - l), 0);
    assert_int_equal(pbuf_free(p), 1);
  }
}

static void test_lengths_of_ram(void **state)
{
  static const u16_t lens[] = {0, 1, 2, 3, 7, 8, 9, 1460, 1514, 9000, 65000, 65535};
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(lens); i++) {
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, lens[i], PBUF_RAM);
    assert_non_null(p);
    assert_null(p->next);
    assert_int_equal(p->tot_len, lens[i]);
    memset(p->payload, 0x5a, lens[i]);
    assert_int_equal(pbuf_free(p), 1);
  }
}

static void test_pool_chains(void **state)
{
  const u32_t room = ROOM(PBUF_TRANSPORT);
  const u32_t lens[] = {0,
                        1,
                        POOL_BYTES - room - 1,
                        POOL_BYTES - room,
                        POOL_BYTES - room + 1,
                        2 * POOL_BYTES - room,
                        2 * POOL_BYTES - room + 1,
                        65535};
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(lens); i++) {
    u32_t in_rest = lens[i] > POOL_BYTES - room ? lens[i] - (POOL_BYTES - room) : 0;
    u16_t want = (u16_t)(1 + (in_rest + POOL_BYTES - 1) / POOL_BYTES);
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)lens[i], PBUF_POOL);
    assert_non_null(p);
    assert_int_equal(p->tot_len, lens[i]);
    assert_int_equal(pbuf_clen(p), want);
    check_chain(p);
    for (struct pbuf *q = p; q != NULL; q = q->next) {
      memset(q->payload, 0x5a, q->len);
    }
    assert_int_equal(pbuf_free(p), want);
  }
}

static void test_references(void **state)
{
  static const char text[] = "constant";
  char buffer[4] = "abc";
  (void)state;
  struct pbuf *p = pbuf_alloc_reference(buffer, 3, PBUF_REF);
  assert_ptr_equal(p->payload, buffer);
  assert_true(PBUF_NEEDS_COPY(p));
  assert_int_equal(pbuf_free(p), 1);
  p = pbuf_alloc(PBUF_TRANSPORT, sizeof text, PBUF_ROM);
  assert_null(p->payload);
  assert_int_equal(p->len, sizeof text);
  assert_false(PBUF_NEEDS_COPY(p));
  ((struct pbuf_rom *)(void *)p)->payload = text;
  assert_int_equal(pbuf_get_at(p, 3), 's');
  /* No room in front unless the caller says that there is some. */
  assert_int_equal(pbuf_add_header(p, 1), 1);
  assert_int_equal(pbuf_add_header(p, 0), 0);
  assert_int_equal(pbuf_remove_header(p, 3), 0);
  assert_int_equal(pbuf_add_header(p, 3), 1);
  assert_int_equal(pbuf_add_header_force(p, 3), 0);
  assert_ptr_equal(p->payload, text);
  assert_int_equal(pbuf_free(p), 1);
}

static void test_no_such_type(void **state)
{
  (void)state;
  assert_null(pbuf_alloc(PBUF_RAW, 10, (pbuf_type)0x0f));
  assert_null(pbuf_alloc_reference(NULL, 10, PBUF_RAM));
  assert_null(pbuf_alloc_reference(NULL, 10, PBUF_POOL));
  assert_null(pbuf_alloc((pbuf_layer)(POOL_BYTES + 8), 10, PBUF_POOL));
}

static void test_references_are_counted(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(3, 4, 5);
  struct pbuf *second = p->next;
  pbuf_ref(p);
  assert_int_equal(pbuf_free(p), 0);
  pbuf_ref(second);
  assert_int_equal(pbuf_free(p), 1); /* stops at what somebody else holds */
  check_bytes(second, 3, 9);
  assert_int_equal(pbuf_free(second), 2);
  assert_int_equal(pbuf_free(NULL), 0);
  pbuf_ref(NULL);
}

static void test_count_at_its_maximum_stays(void **state)
{
  (void)state;
  const LWIP_PBUF_REF_T most = (LWIP_PBUF_REF_T) ~(LWIP_PBUF_REF_T)0;
  struct pbuf *p = CHAIN(1);
  p->ref = (LWIP_PBUF_REF_T)(most - 1);
  pbuf_ref(p);
  pbuf_ref(p);
  assert_int_equal(p->ref, most);
  assert_int_equal(pbuf_free(p), 0);
  assert_int_equal(p->ref, most);
  p->ref = 1;
  assert_int_equal(pbuf_free(p), 1);
}

static void test_long_chain_is_counted_as_255(void **state)
{
  (void)state;
  struct pbuf *head = NULL;
  for (int i = 0; i < 300; i++) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 1, PBUF_RAM);
    assert_non_null(p);
    if (head == NULL) {
      head = p;
    } else {
      pbuf_cat(head, p);
    }
  }
  assert_int_equal(pbuf_clen(head), 300);
  /* 256 freed must not look like "somebody else held the rest". */
  for (int i = 0; i < 43; i++) {
    struct pbuf *next = head->next;
    head->next = NULL;
    pbuf_free(head);
    head = next;
  }
  assert_int_equal(pbuf_clen(head), 257);
  assert_null(pbuf_dechain(head));
  assert_int_equal(pbuf_free(head), 1);
}

static int custom_freed;

static void custom_free(struct pbuf *p)
{
  assert_int_equal(p->ref, 0);
  custom_freed++;
}

static void test_custom(void **state)
{
  u8_t memory[100];
  struct pbuf_custom custom = {.custom_free_function = custom_free};
  const u16_t room = ROOM(PBUF_LINK);
  (void)state;
  if (!LWIP_SUPPORT_CUSTOM_PBUF) {
    skip();
  }
  custom_freed = 0;
  assert_null(pbuf_alloced_custom(PBUF_LINK, (u16_t)(101 - room), PBUF_REF, &custom, memory, 100));
  assert_null(pbuf_alloced_custom(PBUF_LINK, 65535, PBUF_REF, &custom, memory, 65535));
  assert_null(pbuf_alloced_custom(PBUF_LINK, 1, PBUF_REF, NULL, memory, 100));
  struct pbuf *p =
      pbuf_alloced_custom(PBUF_LINK, (u16_t)(100 - room), PBUF_REF, &custom, memory, 100);
  assert_ptr_equal(p, &custom.pbuf);
  assert_ptr_equal(p->payload, memory + room);
  assert_int_equal(p->flags, PBUF_FLAG_IS_CUSTOM);
  pbuf_ref(p);
  assert_int_equal(pbuf_free(p), 0);
  assert_int_equal(custom_freed, 0);
  pbuf_realloc(p, 5); /* must not trim what is not the heap's */
  assert_int_equal(p->len, 5);
  struct pbuf *head = CHAIN(2);
  pbuf_cat(head, p);
  assert_int_equal(pbuf_free(head), 2);
  assert_int_equal(custom_freed, 1);
  p = pbuf_alloced_custom(PBUF_RAW, 10, PBUF_RAM, &custom, NULL, 10);
  assert_null(p->payload);
  p->payload = memory;
  pbuf_realloc(p, 5);
  assert_int_equal(pbuf_free(p), 1);
  assert_int_equal(custom_freed, 2);
}

static void test_every_allocation_can_fail(void **state)
{
  (void)state;
  static const pbuf_type types[] = {PBUF_RAM, PBUF_POOL, PBUF_REF, PBUF_ROM};
  for (size_t t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    for (u32_t nth = 1;; nth++) {
      fault_arm(nth);
      struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, 8000, types[t]);
      if (p != NULL) {
        assert_true(nth > fault_count());
        fault_arm(0);
        pbuf_free(p);
        break;
      }
      assert_int_equal(fault_count(), nth);
      assert_int_equal(memp_used_total(), elements_before);
      assert_int_equal(mem_used_bytes(), bytes_before);
    }
  }
}

static void test_pool_runs_empty(void **state)
{
  (void)state;
  struct pbuf *all = NULL;
  struct pbuf *p;
  u32_t count = 0;
  while ((p = pbuf_alloc(PBUF_RAW, 1, PBUF_POOL)) != NULL) {
    p->next = all;
    all = p;
    count++;
    assert_true(count <= PBUF_POOL_SIZE);
  }
  /* Three are left for one that needs more: it must give back what it got. */
  for (int i = 0; i < 3; i++) {
    p = all;
    all = all->next;
    p->next = NULL;
    pbuf_free(p);
  }
  u32_t used = memp_used_total();
  assert_null(pbuf_alloc(PBUF_RAW, (u16_t)LWIP_MIN(65535, 4 * POOL_BYTES), PBUF_POOL));
  assert_int_equal(memp_used_total(), used);
  p = pbuf_alloc(PBUF_RAW, (u16_t)(2 * POOL_BYTES + 1), PBUF_POOL);
  assert_int_equal(pbuf_clen(p), 3);
  pbuf_free(p);
  while (all != NULL) {
    p = all;
    all = all->next;
    p->next = NULL;
    pbuf_free(p);
  }
}

/* --- lengths and headers --- */

static void test_shortening(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(10, 0, 20, 30);
  pbuf_realloc(p, 60);
  pbuf_realloc(p, 61);
  pbuf_realloc(p, 65535);
  check_bytes(p, 0, 60);
  pbuf_realloc(p, 59);
  check_bytes(p, 0, 59);
  assert_int_equal(pbuf_clen(p), 4);
  pbuf_realloc(p, 30); /* exactly at a border */
  check_bytes(p, 0, 30);
  assert_int_equal(pbuf_clen(p), 3);
  pbuf_realloc(p, 10);
  check_bytes(p, 0, 10);
  assert_int_equal(pbuf_clen(p), 1);
  pbuf_realloc(p, 0);
  check_bytes(p, 0, 0);
  check_chain(p);
  pbuf_free(p);
  pbuf_realloc(NULL, 5);
}

static void test_realloc_returns_memory(void **state)
{
  (void)state;
  struct pbuf *p = pbuf_alloc(PBUF_LINK, 1000, PBUF_RAM);
  u32_t used = mem_used_bytes();
  pbuf_realloc(p, 100);
  if (MEM_LIBC_MALLOC || MEM_CUSTOM_ALLOCATOR) {
    assert_true(mem_used_bytes() <= used);
  } else {
    assert_true(mem_used_bytes() <= used - 850);
  }
  memset(p->payload, 1, 100);
  pbuf_free(p);
}

static void test_realloc_keeps_what_others_hold(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(10, 20, 30);
  struct pbuf *last = p->next->next;
  pbuf_ref(last);
  pbuf_realloc(p, 15);
  check_bytes(p, 0, 15);
  check_bytes(last, 30, 30);
  pbuf_free(p);
  pbuf_free(last);
}

static void test_headers(void **state)
{
  (void)state;
  struct pbuf *p = pbuf_alloc(PBUF_IP, 100, PBUF_RAM);
  struct pbuf *tail = CHAIN(50);
  pbuf_cat(p, tail);
  assert_int_equal(pbuf_header(p, 20), 0);
  assert_int_equal(p->len, 120);
  assert_int_equal(p->tot_len, 170);
  assert_int_equal(tail->tot_len, 50);
  assert_int_equal(pbuf_header(p, -120), 0);
  assert_int_equal(p->len, 0);
  assert_int_equal(p->tot_len, 50);
  assert_int_equal(pbuf_remove_header(p, 1), 1);
  assert_int_equal(pbuf_header(p, -1), 1);
  assert_int_equal(pbuf_header(p, -32768), 1);
  assert_int_equal(pbuf_header_force(p, 120), 0);
  assert_int_equal(pbuf_header_force(p, 32767), 1); /* in one block force changes nothing */
  assert_int_equal(pbuf_header(p, 0), 0);
  assert_int_equal(pbuf_remove_header(p, 0), 0);
  assert_int_equal(pbuf_remove_header(p, (size_t)65536 + 5), 1);
  assert_int_equal(pbuf_add_header(p, 0x10000), 1);
  assert_int_equal(pbuf_add_header(p, (size_t)-1), 1);
  assert_int_equal(p->tot_len, 170);
  assert_int_equal(pbuf_remove_header(NULL, 0), 1);
  assert_int_equal(pbuf_add_header(NULL, 0), 1);
  assert_int_equal(pbuf_add_header_force(NULL, 1), 1);
  assert_int_equal(pbuf_header(NULL, 1), 1);
  check_chain(p);
  pbuf_free(p);
}

static void test_header_may_not_wrap_the_length(void **state)
{
  static u8_t memory[70000];
  (void)state;
  struct pbuf *p = pbuf_alloc_reference(memory + 100, 65530, PBUF_REF);
  assert_int_equal(pbuf_add_header_force(p, 6), 1);
  assert_int_equal(p->tot_len, 65530);
  assert_ptr_equal(p->payload, memory + 100);
  assert_int_equal(pbuf_add_header_force(p, 5), 0);
  assert_int_equal(p->tot_len, 65535);
  assert_int_equal(p->len, 65535);
  pbuf_free(p);
}

static void test_free_header(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(10, 0, 20, 30);
  p = pbuf_free_header(p, 0);
  check_bytes(p, 0, 60);
  assert_int_equal(pbuf_clen(p), 4);
  p = pbuf_free_header(p, 4);
  check_bytes(p, 4, 56);
  p = pbuf_free_header(p, 6);
  check_bytes(p, 10, 50);
  p = pbuf_free_header(p, 25);
  check_bytes(p, 35, 25);
  assert_int_equal(pbuf_clen(p), 1);
  check_chain(p);
  assert_null(pbuf_free_header(p, 25));
  p = CHAIN(1, 2);
  assert_null(pbuf_free_header(p, 65535));
  assert_null(pbuf_free_header(NULL, 3));
}

/* --- chains --- */

static void test_cat_and_chain(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(5, 6);
  struct pbuf *t = CHAIN(7, 8);
  pbuf_chain(p, t);
  assert_int_equal(t->ref, 2);
  assert_int_equal(p->tot_len, 26);
  check_chain(p);
  assert_int_equal(pbuf_free(p), 2);
  assert_int_equal(t->ref, 1);
  check_bytes(t, 0, 15);
  pbuf_cat(NULL, t);
  pbuf_cat(t, NULL);
  pbuf_chain(t, NULL);
  pbuf_chain(NULL, t);
  assert_int_equal(t->ref, 1);
  pbuf_free(t);
  assert_int_equal(pbuf_clen(NULL), 0);
}

static void test_dechain(void **state)
{
  (void)state;
  struct pbuf *p = CHAIN(5, 6, 7);
  struct pbuf *t = p->next;
  pbuf_ref(t);
  assert_ptr_equal(pbuf_dechain(p), t);
  assert_int_equal(t->ref, 1);
  check_bytes(p, 0, 5);
  check_bytes(t, 5, 13);
  check_chain(t);
  pbuf_free(p);
  assert_null(pbuf_dechain(t)); /* the rest had no other holder */
  check_bytes(t, 5, 6);
  assert_null(pbuf_dechain(t));
  pbuf_free(t);
  assert_null(pbuf_dechain(NULL));
}

static void test_split_64k(void **state)
{
  (void)state;
  struct pbuf *rest = (struct pbuf *)1;
  pbuf_split_64k(NULL, &rest);
  assert_null(rest);
  struct pbuf *p = CHAIN(40000, 25535);
  pbuf_split_64k(p, &rest);
  assert_null(rest);
  struct pbuf *t = CHAIN(1, 30000, 5);
  pbuf_cat(p, t);
  assert_int_equal(p->tot_len, (u16_t)(65535 + 30006));
  pbuf_split_64k(p, &rest);
  assert_ptr_equal(rest, t);
  check_chain(p);
  check_chain(rest);
  assert_int_equal(p->tot_len, 65535);
  assert_int_equal(rest->tot_len, 30006);
  pbuf_free(rest);
  /* The border lies inside what was appended. */
  t = CHAIN(0, 30000, 5);
  pbuf_realloc(p, 50000);
  pbuf_cat(p, t);
  pbuf_split_64k(p, &rest);
  assert_non_null(rest);
  check_chain(p);
  check_chain(rest);
  assert_int_equal(p->tot_len, 50000);
  assert_int_equal(rest->tot_len, 30005);
  pbuf_free(p);
  pbuf_free(rest);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_size_of_struct),
      TEST(test_layers_leave_room),
      TEST(test_lengths_of_ram),
      TEST(test_pool_chains),
      TEST(test_references),
      TEST(test_no_such_type),
      TEST(test_references_are_counted),
      TEST(test_count_at_its_maximum_stays),
      TEST(test_long_chain_is_counted_as_255),
      TEST(test_custom),
      TEST(test_every_allocation_can_fail),
      TEST(test_pool_runs_empty),
      TEST(test_shortening),
      TEST(test_realloc_returns_memory),
      TEST(test_realloc_keeps_what_others_hold),
      TEST(test_headers),
      TEST(test_header_may_not_wrap_the_length),
      TEST(test_free_header),
      TEST(test_cat_and_chain),
      TEST(test_dechain),
      TEST(test_split_64k),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
