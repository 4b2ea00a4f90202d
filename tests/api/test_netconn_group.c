/**
 * @file
 * Netconns and groups, in both families: what is joined is heard, what is left is not.
 * needs: threads
 * variants: messages checked
 */
#include "conn.h"
#include "lwip/igmp.h"
#include "lwip/ip6_addr.h"
#include "lwip/mld6.h"

/* An interface whose frames vanish; groups are heard by the copies that senders get themselves. */
static struct netif hole;

#if LWIP_IPV4
static err_t swallow4(struct netif *netif, struct pbuf *p, const ip4_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  return ERR_OK;
}
#endif

#if LWIP_IPV6
static err_t swallow6(struct netif *netif, struct pbuf *p, const ip6_addr_t *addr)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(addr);
  return ERR_OK;
}
#endif

static err_t hole_init(struct netif *netif)
{
  netif->name[0] = 'h';
  netif->name[1] = 'o';
  netif->mtu = 1500;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6 | NETIF_FLAG_LINK_UP;
#if LWIP_IPV4
  netif->output = swallow4;
#endif
#if LWIP_IPV6
  netif->output_ip6 = swallow6;
#endif
  return ERR_OK;
}

struct family {
  bool is_v6;
  ip_addr_t ours;
  ip_addr_t group;
  ip_addr_t other_group;
};

static struct family family_of(bool is_v6)
{
  struct family f = {.is_v6 = is_v6};
  assert_true(ipaddr_aton(is_v6 ? "fe80::1" : "10.0.0.1", &f.ours));
  assert_true(ipaddr_aton(is_v6 ? "ff02::1234" : "239.255.1.1", &f.group));
  assert_true(ipaddr_aton(is_v6 ? "ff02::1235" : "239.255.1.2", &f.other_group));
  return f;
}

static void hole_open(void)
{
  LOCK_TCPIP_CORE();
  memset(&hole, 0, sizeof hole);
#if LWIP_IPV4
  const ip4_addr_t mask = {PP_HTONL(0xffffff00UL)};
  struct family f4 = family_of(false);
  assert_non_null(netif_add(&hole, ip_2_ip4(&f4.ours), &mask, NULL, NULL, hole_init, netif_input));
#else
  assert_non_null(netif_add(&hole, NULL, hole_init, netif_input));
#endif
#if LWIP_IPV6
  struct family f6 = family_of(true);
  netif_ip6_addr_set(&hole, 0, ip_2_ip6(&f6.ours));
  netif_ip6_addr_set_state(&hole, 0, IP6_ADDR_PREFERRED);
#endif
  netif_set_up(&hole);
  netif_set_default(&hole);
  UNLOCK_TCPIP_CORE();
}

static void hole_close(void)
{
  LOCK_TCPIP_CORE();
  netif_remove(&hole);
  UNLOCK_TCPIP_CORE();
}

static enum netconn_type udp_of(const struct family *f)
{
  return (enum netconn_type)(NETCONN_UDP | (f->is_v6 ? CONN_TYPE_V6 : 0));
}

/** Bound to any address. */
static struct netconn *listening(const struct family *f)
{
  struct netconn *conn = netconn_new(udp_of(f));
  assert_non_null(conn);
  assert_int_equal(netconn_bind(conn, NULL, 0), ERR_OK);
  return conn;
}

/** One to the group and then one to ourselves: which of them does `conn` hear? */
static bool hears_group(struct netconn *conn, const struct family *f)
{
  struct netbuf *buf = netbuf_new();
  struct netconn *sender = netconn_new(udp_of(f));
  bool heard_it = false;
  u16_t port = local_port(conn);
  char first;
  LOCK_TCPIP_CORE();
  udp_set_flags(sender->pcb.udp, UDP_FLAGS_MULTICAST_LOOP);
  udp_bind_netif(sender->pcb.udp, &hole);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(netbuf_ref(buf, "group", 5), ERR_OK);
  assert_int_equal(netconn_sendto(sender, buf, &f->group, port), ERR_OK);
  assert_int_equal(netbuf_ref(buf, "us", 2), ERR_OK);
  assert_int_equal(netconn_sendto(sender, buf, &f->ours, port), ERR_OK);
  netbuf_delete(buf);
  do {
    assert_int_equal(netconn_recv(conn, &buf), ERR_OK);
    netbuf_copy(buf, &first, 1);
    heard_it = heard_it || first == 'g';
    netbuf_delete(buf);
  } while (first == 'g');
  assert_int_equal(netconn_delete(sender), ERR_OK);
  return heard_it;
}

/** `body` in each family that the build has. */
static void each_family(void (*body)(const struct family *f))
{
  hole_open();
  for (unsigned v6 = 0; v6 < 2; v6++) {
    if (v6 ? LWIP_IPV6 && LWIP_IPV6_MLD : LWIP_IPV4 && LWIP_IGMP) {
      struct family f = family_of(v6 != 0);
      body(&f);
    }
  }
  hole_close();
}

static void by_address(const struct family *f)
{
  struct netconn *conn = listening(f);
  assert_false(hears_group(conn, f));
  assert_int_equal(netconn_join_leave_group(conn, &f->group, &f->ours, NETCONN_JOIN), ERR_OK);
  assert_true(hears_group(conn, f));
  assert_int_equal(netconn_join_leave_group(conn, &f->group, &f->ours, NETCONN_JOIN), ERR_OK);
  assert_int_equal(netconn_join_leave_group(conn, &f->group, &f->ours, NETCONN_LEAVE), ERR_OK);
  assert_false(hears_group(conn, f));
  assert_int_equal(netconn_join_leave_group(conn, &f->group, &f->ours, NETCONN_LEAVE), ERR_VAL);
  assert_int_equal(netconn_delete(conn), ERR_OK);
}
static void joined_by_address(void **state)
{
  LWIP_UNUSED_ARG(state);
  each_family(by_address);
}

static void by_route(const struct family *f)
{
  ip_addr_t any = f->ours;
  struct netconn *conn = listening(f);
  ip_addr_set_any(f->is_v6, &any);
  assert_int_equal(netconn_join_leave_group(conn, &f->group, NULL, NETCONN_JOIN), ERR_OK);
  assert_true(hears_group(conn, f));
  assert_int_equal(netconn_join_leave_group(conn, &f->group, &any, NETCONN_LEAVE), ERR_OK);
  assert_false(hears_group(conn, f));
  assert_int_equal(netconn_delete(conn), ERR_OK);
}
static void joined_by_route(void **state)
{
  LWIP_UNUSED_ARG(state);
  each_family(by_route);
}

static void by_index(const struct family *f)
{
  struct netconn *conn = listening(f);
  LOCK_TCPIP_CORE();
  u8_t index = netif_get_index(&hole);
  UNLOCK_TCPIP_CORE();
  assert_int_equal(netconn_join_leave_group_netif(conn, &f->group, index, NETCONN_JOIN), ERR_OK);
  assert_true(hears_group(conn, f));
  assert_int_equal(netconn_join_leave_group_netif(conn, &f->group, 0, NETCONN_LEAVE), ERR_OK);
  assert_false(hears_group(conn, f));
  assert_int_equal(netconn_join_leave_group_netif(conn, &f->group, 0, NETCONN_JOIN), ERR_OK);
  assert_true(hears_group(conn, f));
  assert_int_equal(netconn_delete(conn), ERR_OK); /* it leaves */
  LOCK_TCPIP_CORE();
#if LWIP_IPV4 && LWIP_IGMP
  assert_true(f->is_v6 || igmp_lookfor_group(&hole, ip_2_ip4(&f->group)) == NULL);
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
  assert_true(!f->is_v6 || mld6_lookfor_group(&hole, ip_2_ip6(&f->group)) == NULL);
#endif
  UNLOCK_TCPIP_CORE();
}
static void joined_by_index(void **state)
{
  LWIP_UNUSED_ARG(state);
  each_family(by_index);
}

/** Membership is each netconn's: another one's does not end with it. */
static void two_members(const struct family *f)
{
  struct netconn *a = listening(f);
  struct netconn *b = listening(f);
  assert_int_equal(netconn_join_leave_group(a, &f->group, &f->ours, NETCONN_JOIN), ERR_OK);
  assert_int_equal(netconn_join_leave_group(b, &f->group, &f->ours, NETCONN_JOIN), ERR_OK);
  assert_int_equal(netconn_join_leave_group(b, &f->other_group, &f->ours, NETCONN_JOIN), ERR_OK);
  assert_int_equal(netconn_delete(a), ERR_OK);
  assert_true(hears_group(b, f));
  assert_int_equal(netconn_delete(b), ERR_OK);
}
static void members_are_many(void **state)
{
  LWIP_UNUSED_ARG(state);
  each_family(two_members);
}

static void refused(const struct family *f)
{
  struct netconn *conn = listening(f);
  struct netconn *tcp = LWIP_TCP ? netconn_new(NETCONN_TCP) : NULL;
  ip_addr_t stranger = f->ours;
  assert_true(ipaddr_aton(f->is_v6 ? "fe80::77" : "10.0.0.77", &stranger));
  assert_int_equal(netconn_join_leave_group(NULL, &f->group, NULL, NETCONN_JOIN), ERR_ARG);
  assert_int_equal(netconn_join_leave_group(conn, NULL, NULL, NETCONN_JOIN), ERR_ARG);
  assert_int_equal(netconn_join_leave_group_netif(NULL, &f->group, 0, NETCONN_JOIN), ERR_ARG);
  assert_int_equal(netconn_join_leave_group_netif(conn, NULL, 0, NETCONN_JOIN), ERR_ARG);
  assert_int_equal(netconn_join_leave_group(conn, &f->ours, NULL, NETCONN_JOIN), ERR_VAL);
  assert_int_equal(netconn_join_leave_group(conn, &f->group, &stranger, NETCONN_JOIN), ERR_VAL);
  assert_int_equal(netconn_join_leave_group_netif(conn, &f->group, 77, NETCONN_JOIN), ERR_VAL);
  assert_int_equal(netconn_join_leave_group(conn, &f->group, NULL, NETCONN_LEAVE), ERR_VAL);
  if (tcp != NULL) {
    assert_int_equal(netconn_join_leave_group(tcp, &f->group, NULL, NETCONN_JOIN), ERR_VAL);
    assert_int_equal(netconn_delete(tcp), ERR_OK);
  }
#if LWIP_IPV4
  if (f->is_v6) {
    struct netconn *v4 = netconn_new(NETCONN_UDP);
    assert_int_equal(netconn_join_leave_group(v4, &f->group, NULL, NETCONN_JOIN), ERR_VAL);
    assert_int_equal(netconn_delete(v4), ERR_OK);
  }
#endif
  assert_int_equal(netconn_prepare_delete(conn), ERR_OK);
  assert_int_equal(netconn_join_leave_group(conn, &f->group, NULL, NETCONN_JOIN), ERR_CONN);
  assert_int_equal(netconn_delete(conn), ERR_OK);
}
static void what_cannot_be_joined(void **state)
{
  LWIP_UNUSED_ARG(state);
  each_family(refused);
}

/** Each allocation fails once: nothing is joined then, and nothing is left over. */
static void no_memory(const struct family *f)
{
  struct netconn *conn = listening(f);
  err_t err = ERR_MEM;
  for (u32_t nth = 1; err != ERR_OK && nth < 20; nth++) {
    LOCK_TCPIP_CORE();
    fault_arm(nth);
    err = netconn_join_leave_group(conn, &f->group, &f->ours, NETCONN_JOIN);
    bool has_failed = fault_count() >= nth;
    fault_arm(0);
    UNLOCK_TCPIP_CORE();
    assert_true(err == ERR_OK || (err == ERR_MEM && has_failed));
    assert_true(err == ERR_OK ? conn->groups != NULL : conn->groups == NULL);
  }
  assert_int_equal(err, ERR_OK);
  assert_true(hears_group(conn, f));
  assert_int_equal(netconn_delete(conn), ERR_OK);
}
static void joining_without_memory(void **state)
{
  LWIP_UNUSED_ARG(state);
  each_family(no_memory);
}

/** The interface goes, its groups with it. */
static void interface_goes(void **state)
{
  LWIP_UNUSED_ARG(state);
  struct family f = family_of(IS_V6);
  hole_open();
  struct netconn *conn = listening(&f);
  assert_int_equal(netconn_join_leave_group(conn, &f.group, &f.ours, NETCONN_JOIN), ERR_OK);
  hole_close();
  assert_int_equal(netconn_delete(conn), ERR_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(joined_by_address),     API_TEST(joined_by_route),
      API_TEST(joined_by_index),       API_TEST(members_are_many),
      API_TEST(what_cannot_be_joined), API_TEST(joining_without_memory),
      API_TEST(interface_goes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
