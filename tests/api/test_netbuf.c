/**
 * @file
 * Netbufs: data, cursor, addresses, bad arguments, no memory.
 * needs: threads
 * variants: messages checked
 */
#include "conn.h"

static struct netbuf *new_buf(const char *text)
{
  struct netbuf *buf = netbuf_new();
  assert_non_null(buf);
  void *data = netbuf_alloc(buf, (u16_t)strlen(text));
  assert_non_null(data);
  memcpy(data, text, strlen(text));
  return buf;
}

static void is_empty_at_first(void **state)
{
  LWIP_UNUSED_ARG(state);
  void *data;
  u16_t len;
  struct netbuf *buf = netbuf_new();
  assert_non_null(buf);
  assert_null(buf->p);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_BUF);
  assert_int_equal(netbuf_next(buf), -1);
  netbuf_first(buf);
  netbuf_free(buf);
  assert_true(ip_addr_isany(netbuf_fromaddr(buf)));
  assert_int_equal(netbuf_fromport(buf), 0);
  netbuf_delete(buf);
}

static void room_is_in_one_piece(void **state)
{
  LWIP_UNUSED_ARG(state);
  void *data, *again;
  u16_t len = 0;
  struct netbuf *buf = netbuf_new();
  data = netbuf_alloc(buf, 5000);
  assert_non_null(data);
  memset(data, 'x', 5000);
  assert_int_equal(netbuf_data(buf, &again, &len), ERR_OK);
  assert_ptr_equal(again, data);
  assert_int_equal(len, 5000);
  assert_int_equal(netbuf_len(buf), 5000);
  assert_int_equal(netbuf_next(buf), -1);
  assert_non_null(netbuf_alloc(buf, 3)); /* in place of it */
  assert_int_equal(netbuf_len(buf), 3);
  netbuf_delete(buf);
}

static void data_stay_where_they_are(void **state)
{
  LWIP_UNUSED_ARG(state);
  static const char text[] = "somewhere";
  void *data;
  u16_t len;
  struct netbuf *buf = new_buf("before");
  assert_int_equal(netbuf_ref(buf, text, sizeof text), ERR_OK);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_ptr_equal(data, text);
  assert_int_equal(len, sizeof text);
  netbuf_free(buf);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_BUF);
  netbuf_delete(buf);
}

static void cursor(void **state)
{
  LWIP_UNUSED_ARG(state);
  void *data;
  u16_t len;
  char all[12] = "";
  struct netbuf *buf = new_buf("one");
  netbuf_chain(buf, new_buf("two"));
  netbuf_chain(buf, new_buf("three"));
  assert_int_equal(netbuf_len(buf), 11);
  assert_int_equal(netbuf_copy(buf, all, sizeof all), 11);
  assert_string_equal(all, "onetwothree");
  assert_int_equal(netbuf_copy_partial(buf, all, 4, 2), 4);
  assert_memory_equal(all, "etwo", 4);
  assert_int_equal(netbuf_copy_partial(buf, all, 4, 11), 0);
  assert_int_equal(netbuf_next(buf), 0);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_int_equal(len, 3);
  assert_memory_equal(data, "two", 3);
  assert_int_equal(netbuf_next(buf), 1);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_memory_equal(data, "three", 5);
  assert_int_equal(netbuf_next(buf), -1);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK); /* it stays there */
  assert_memory_equal(data, "three", 5);
  netbuf_first(buf);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_memory_equal(data, "one", 3);
  netbuf_delete(buf);
}

/** Chains with empty ends: the head's cursor is at the first data there are. */
static void chains_of_nothing(void **state)
{
  LWIP_UNUSED_ARG(state);
  void *data;
  u16_t len;
  unsigned before = api_pool_used(MEMP_NETBUF);
  struct netbuf *buf = netbuf_new();
  netbuf_chain(buf, netbuf_new());
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_BUF);
  netbuf_chain(buf, new_buf("tail"));
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_OK);
  assert_memory_equal(data, "tail", 4);
  netbuf_chain(buf, netbuf_new());
  assert_int_equal(netbuf_len(buf), 4);
  netbuf_delete(buf);
  assert_int_equal(api_pool_used(MEMP_NETBUF), before);
}

static void take(void **state)
{
  LWIP_UNUSED_ARG(state);
  char all[7] = "";
  struct netbuf *buf = new_buf("123");
  netbuf_chain(buf, new_buf("456"));
  assert_int_equal(netbuf_take(buf, "abcde", 5), ERR_OK);
  netbuf_copy(buf, all, 6);
  assert_string_equal(all, "abcde6");
  assert_int_not_equal(netbuf_take(buf, "1234567", 7), ERR_OK);
  netbuf_delete(buf);
}

static void addresses(void **state)
{
  LWIP_UNUSED_ARG(state);
  ip_addr_t addr = loop_addr();
  struct netbuf *buf = netbuf_new();
  netbuf_set_fromaddr(buf, &addr);
  assert_true(ip_addr_eq(netbuf_fromaddr(buf), &addr));
#if LWIP_NETBUF_RECVINFO
  netbuf_set_destaddr(buf, &addr);
  assert_true(ip_addr_eq(netbuf_destaddr(buf), &addr));
  assert_int_equal(netbuf_destport(buf), 0);
#endif
#if LWIP_CHECKSUM_ON_COPY
  netbuf_set_chksum(buf, 0x1234);
  assert_int_equal(buf->flags, NETBUF_FLAG_CHKSUM);
  assert_int_equal(buf->toport_chksum, 0x1234);
#endif
  netbuf_delete(buf);
}

static void bad_arguments(void **state)
{
  LWIP_UNUSED_ARG(state);
  void *data;
  u16_t len;
  struct netbuf *buf = new_buf("x");
  netbuf_delete(NULL);
  netbuf_free(NULL);
  netbuf_first(NULL);
  netbuf_chain(NULL, buf);
  netbuf_chain(buf, NULL);
  netbuf_chain(buf, buf);
  assert_null(netbuf_alloc(NULL, 1));
  assert_int_equal(netbuf_ref(NULL, "x", 1), ERR_ARG);
  assert_int_equal(netbuf_data(NULL, &data, &len), ERR_ARG);
  assert_int_equal(netbuf_data(buf, NULL, &len), ERR_ARG);
  assert_int_equal(netbuf_data(buf, &data, NULL), ERR_ARG);
  assert_int_equal(netbuf_next(NULL), -1);
  assert_int_equal(netbuf_len(buf), 1);
  netbuf_delete(buf);
}

static void no_memory(void **state)
{
  LWIP_UNUSED_ARG(state);
  void *data;
  u16_t len;
  fault_arm(1);
  assert_null(netbuf_new());
  struct netbuf *buf = new_buf("old");
  fault_arm(1);
  assert_null(netbuf_alloc(buf, 10));
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_BUF); /* the old data are gone, too */
  fault_arm(1);
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_MEM);
  assert_int_equal(netbuf_data(buf, &data, &len), ERR_BUF);
  fault_arm(0);
  assert_int_equal(netbuf_ref(buf, "x", 1), ERR_OK);
  netbuf_delete(buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(is_empty_at_first),
      API_TEST(room_is_in_one_piece),
      API_TEST(data_stay_where_they_are),
      API_TEST(cursor),
      API_TEST(chains_of_nothing),
      API_TEST(take),
      API_TEST(addresses),
      API_TEST(bad_arguments),
      API_TEST(no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
