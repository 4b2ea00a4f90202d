/**
 * @file
 * Network interfaces: coming and going, names and numbers, callbacks. Their addresses are in
 * test_netif_ip4.c and test_ip6_addrs.c.
 */
#include "packet.h"

/* --- a driver that does nothing --- */

static err_t refuse;

static err_t null_linkoutput(struct netif *netif, struct pbuf *p)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  return ERR_OK;
}

static err_t null_init(struct netif *netif)
{
  netif->name[0] = 'n';
  netif->name[1] = 'u';
  netif->linkoutput = null_linkoutput;
  netif->hwaddr_len = 6;
  netif->mtu = 1500;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHERNET;
  return refuse;
}

static struct netif *add(struct netif *netif)
{
  memset(netif, 0xa5, sizeof *netif); /* nothing is expected of the storage */
  refuse = ERR_OK;
  return netif_add_noaddr(netif, netif, null_init, ethernet_input);
}

/* --- what was called, in order --- */

static char calls[256];
static struct netif *called_for;

static void note(const char *what)
{
  if (strlen(calls) + strlen(what) + 2 < sizeof calls) {
    strcat(calls, what);
    strcat(calls, " ");
  }
}

static void on_status(struct netif *netif)
{
  called_for = netif;
  note(netif_is_up(netif) ? "status-up" : "status-down");
}

static void on_link(struct netif *netif)
{
  called_for = netif;
  note(netif_is_link_up(netif) ? "link-up" : "link-down");
}

static void on_remove(struct netif *netif)
{
  called_for = netif;
  note(netif_find("nu1") == NULL ? "removed" : "still there");
}

/** Everything called is as `expected` says; starts anew. */
static void expect_calls(const char *expected)
{
  char seen[sizeof calls];
  memcpy(seen, calls, sizeof seen);
  calls[0] = '\0';
  assert_string_equal(seen, expected);
}

static netif_nsc_reason_t reasons[16];
static u8_t states[16];
static unsigned reason_count;

static void on_change(struct netif *netif, netif_nsc_reason_t reason,
                      const netif_ext_callback_args_t *args)
{
  unsigned i = reason_count % 16;
  reason_count++;
  called_for = netif;
  reasons[i] = reason;
  if (reason == LWIP_NSC_STATUS_CHANGED) {
    /* Up comes after the fact, down before it. */
    states[i] = (u8_t)(args->status_changed.state * 2 + netif_is_up(netif));
  } else if (reason == LWIP_NSC_LINK_CHANGED) {
    states[i] = (u8_t)(args->link_changed.state * 2 + netif_is_link_up(netif));
  }
}

static void expect_reason(unsigned i, unsigned reason)
{
  assert_true(i < reason_count);
  assert_int_equal(reasons[i], reason);
}

/* --- tests --- */

static void test_add_find_and_remove(void)
{
  static struct netif n;
  assert_ptr_equal(add(&n), &n);
  assert_ptr_equal(n.state, &n);
  assert_true(n.input == ethernet_input);
  assert_false(netif_is_up(&n));
  char name[NETIF_NAMESIZE];
  assert_ptr_equal(netif_index_to_name(netif_get_index(&n), name), name);
  assert_ptr_equal(netif_find(name), &n);
  assert_int_equal(netif_name_to_index(name), netif_get_index(&n));
  assert_ptr_equal(netif_get_by_index(netif_get_index(&n)), &n);
  assert_ptr_equal(netif_list, &n);
  u8_t index = netif_get_index(&n);
  netif_remove(&n);
  netif_remove(&n); /* harmless */
  netif_remove(NULL);
  assert_null(netif_find(name));
  assert_null(netif_get_by_index(index));
  assert_null(netif_index_to_name(index, name));
  assert_ptr_equal(netif_default, &net.netif);
  assert_ptr_equal(add(&n), &n);
  assert_int_not_equal(netif_get_index(&n), index); /* not used again at once */
  netif_set_default(&n);
  netif_remove(&n);
  assert_null(netif_default);
}

static void test_names_that_are_none(void)
{
  static const char *const names[] = {"",     "l",     "lo",  "lo0x", "lo00000000256",
                                      "lo-0", "lo256", "xx0", "lo 0", "lo4294967296"};
  assert_non_null(netif_find("lo0"));
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    assert_null(netif_find(names[i]));
    assert_int_equal(netif_name_to_index(names[i]), NETIF_NO_INDEX);
  }
  assert_null(netif_find(NULL));
  assert_null(netif_get_by_index(NETIF_NO_INDEX));
  assert_null(netif_get_by_index(255));
}

/* Features 1: 255 interfaces, each with a number of its own */
static void test_as_many_as_there_are_numbers(void)
{
  static struct netif many[255];
  unsigned count = 0;
  while (count < 255 && add(&many[count]) != NULL) {
    count++;
  }
  assert_int_equal(count, 255 - 2); /* lo and the harness's */
  for (unsigned i = 1; i <= 255; i++) {
    assert_non_null(netif_get_by_index((u8_t)i));
    assert_int_equal(netif_get_index(netif_get_by_index((u8_t)i)), i);
  }
  netif_remove(&many[100]);
  assert_ptr_equal(add(&many[100]), &many[100]);
  for (unsigned i = 0; i < count; i++) {
    netif_remove(&many[i]);
  }
  assert_ptr_equal(netif_find("lo0"), netif_get_by_index(1));
}

static err_t failing_init(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return ERR_IF;
}

static void test_init_that_fails(void)
{
  static struct netif n;
  memset(&n, 0, sizeof n);
  assert_null(netif_add_noaddr(&n, NULL, failing_init, ethernet_input));
  assert_ptr_not_equal(netif_list, &n);
}

static void test_single_callbacks(void)
{
  static struct netif n;
  calls[0] = '\0';
  add(&n);
  netif_set_status_callback(&n, on_status);
  netif_set_link_callback(&n, on_link);
  netif_set_remove_callback(&n, on_remove);
  netif_set_up(&n);
  netif_set_up(&n); /* no change, no call */
  expect_calls("status-up ");
  netif_set_link_up(&n);
  netif_set_link_up(&n);
  expect_calls("link-up ");
  netif_set_link_down(&n);
  expect_calls("link-down ");
  netif_set_down(&n);
  netif_set_down(&n);
  expect_calls("status-down ");
  netif_set_up(&n);
  calls[0] = '\0';
  netif_remove(&n);
  expect_calls("status-down removed ");
  assert_ptr_equal(called_for, &n);
}

static void test_extended_callbacks(void)
{
  static netif_ext_callback_t listener;
  static struct netif n;
  reason_count = 0;
  netif_add_ext_callback(&listener, on_change);
  add(&n);
  expect_reason(0, LWIP_NSC_NETIF_ADDED);
  unsigned r = reason_count; /* IPv4 may have told that it has no address */
  netif_set_up(&n);
  expect_reason(r, LWIP_NSC_STATUS_CHANGED);
  assert_int_equal(states[r], 2 + 1);
  netif_set_link_up(&n);
  expect_reason(r + 1, LWIP_NSC_LINK_CHANGED);
  assert_int_equal(states[r + 1], 2 + 1);
  netif_set_link_down(&n);
  assert_int_equal(states[r + 2], 0);
  netif_set_down(&n);
  assert_int_equal(states[r + 3], 0 + 1);
  netif_remove(&n);
  expect_reason(r + 4, LWIP_NSC_NETIF_REMOVED);
  assert_int_equal(reason_count, r + 5);
  netif_remove_ext_callback(&listener);
  add(&n);
  netif_remove(&n);
  assert_int_equal(reason_count, r + 5);
}

static netif_ext_callback_t first, second, third;
static char heard[8];

static void on_first(struct netif *netif, netif_nsc_reason_t reason,
                     const netif_ext_callback_args_t *args)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(reason);
  LWIP_UNUSED_ARG(args);
  strcat(heard, "1");
}

static void on_second(struct netif *netif, netif_nsc_reason_t reason,
                      const netif_ext_callback_args_t *args)
{
  strcat(heard, "2");
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(reason);
  LWIP_UNUSED_ARG(args);
  netif_remove_ext_callback(&second);
  netif_remove_ext_callback(&first); /* the next one in line */
  memset(&first, 0xff, sizeof first);
}

static void on_third(struct netif *netif, netif_nsc_reason_t reason,
                     const netif_ext_callback_args_t *args)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(reason);
  LWIP_UNUSED_ARG(args);
  strcat(heard, "3");
}

static void test_listeners_may_remove_each_other(void)
{
  heard[0] = '\0';
  netif_add_ext_callback(&first, on_first);
  netif_add_ext_callback(&second, on_second);
  netif_add_ext_callback(&third, on_third);
  netif_set_link_down(&net.netif);
  netif_set_link_up(&net.netif);
  assert_string_equal(heard, "323");
  netif_remove_ext_callback(&third);
  netif_remove_ext_callback(&third);
}

static void remove_self(struct netif *netif)
{
  netif_remove(netif);
  memset(netif, 0xdd, sizeof *netif);
}

/* What a callback removes is not touched any more. */
static void test_removal_from_its_own_callback(void)
{
  static struct netif n;
  add(&n);
  netif_set_link_up(&n);
  netif_set_up(&n);
  netif_set_link_callback(&n, remove_self);
  netif_set_link_down(&n);
  assert_ptr_not_equal(netif_list, &n);
}

static void test_client_data(void)
{
  u8_t a = netif_alloc_client_data_id();
  u8_t b = netif_alloc_client_data_id();
  int x, y;
  assert_int_not_equal(a, b);
  assert_true(a >= LWIP_NETIF_CLIENT_DATA_INDEX_MAX);
  assert_null(netif_get_client_data(&net.netif, a));
  netif_set_client_data(&net.netif, a, &x);
  netif_set_client_data(&net.netif, b, &y);
  assert_ptr_equal(netif_get_client_data(&net.netif, a), &x);
  assert_ptr_equal(netif_get_client_data(&net.netif, b), &y);
}

static void test_what_a_netif_starts_with(void)
{
  static struct netif n;
  add(&n);
  assert_null(n.hints);
  assert_null(n.loop_first);
  for (int i = 0; i < LWIP_NETIF_CLIENT_DATA_INDEX_MAX + LWIP_NUM_NETIF_CLIENT_DATA; i++) {
    assert_true(n.client_data[i] == NULL || i < LWIP_NETIF_CLIENT_DATA_INDEX_MAX);
  }
  assert_int_equal(n.chksum_flags, NETIF_CHECKSUM_ENABLE_ALL);
  netif_set_hostname(&n, "gossamer");
  assert_string_equal(netif_get_hostname(&n), "gossamer");
  netif_remove(&n);
}

/* None of these sends anything that could not be sent: no fault runs, they are about pointers. */
static const struct packet_test tests[] = {
    TEST_FLAGS(test_add_find_and_remove, PACKET_ONCE),
    TEST_FLAGS(test_names_that_are_none, PACKET_ONCE),
    TEST_FLAGS(test_as_many_as_there_are_numbers, PACKET_ONCE),
    TEST_FLAGS(test_init_that_fails, PACKET_ONCE),
    TEST_FLAGS(test_single_callbacks, PACKET_ONCE),
    TEST_FLAGS(test_extended_callbacks, PACKET_ONCE),
    TEST_FLAGS(test_listeners_may_remove_each_other, PACKET_ONCE),
    TEST_FLAGS(test_removal_from_its_own_callback, PACKET_ONCE),
    TEST_FLAGS(test_client_data, PACKET_ONCE),
    TEST_FLAGS(test_what_a_netif_starts_with, PACKET_ONCE),
};

PACKET_MAIN(tests)
