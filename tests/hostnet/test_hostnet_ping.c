/**
 * @file
 * Pings through the private network: of the gateway, which answers by itself, and of addresses
 * beyond it, which the host's unprivileged ping sockets reach.
 *
 * Those beyond are addresses on the loopback of a network of the program's own, in which it says
 * who may have ping sockets. Root can have one, and others where user namespaces are allowed;
 * where not, only the gateway is asked.
 *
 * needs: threads, ipv4, ipv6
 */
#include "common.h"
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/ipv6.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lwip/icmp.h"
#include "lwip/inet_chksum.h"
#include "lwip/prot/icmp6.h"
#include "lwip/raw.h"
#include "lwip/tcpip.h"

#define ECHO_HLEN 8
#define ID        7
#define DATA_MAX  3000

/** Documentation's addresses (RFC 5737, RFC 3849): on our loopback, and with no way there. */
static const struct {
  const char *gateway, *beyond, *nowhere;
  u8_t proto, ip_hlen, request, reply, unreachable, prohibited;
} ways[] = {
    {HOST4, "192.0.2.7", "198.51.100.1", IP_PROTO_ICMP, 20, ICMP_ECHO, ICMP_ER, ICMP_DUR, 13},
    {HOST6, "2001:db8::7", "2001:db8:ffff::1", IP6_NEXTH_ICMP6, 40, ICMP6_TYPE_EREQ,
     ICMP6_TYPE_EREP, ICMP6_TYPE_DUR, 1}};

/** The world beyond the gateway is our own. */
static bool has_world;

/* --- the device's side --- */

static struct {
  size_t way;
  u16_t seqno;
  u8_t type, code;
  size_t len;
  u8_t data[DATA_MAX];
  int is_there;
} answer;

/** The echo header in a message, or in what an error is about, has our numbers? */
static bool is_ours(struct pbuf *p, size_t at)
{
  u8_t header[ECHO_HLEN];
  return pbuf_copy_partial(p, header, ECHO_HLEN, (u16_t)at) == ECHO_HLEN && header[5] == ID &&
         header[6] == answer.seqno >> 8 && header[7] == (answer.seqno & 0xff);
}

static u8_t heard(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *addr)
{
  size_t ip_hlen = ways[answer.way].ip_hlen;
  u8_t type = pbuf_get_at(p, (u16_t)ip_hlen);
  bool is_reply = type == ways[answer.way].reply;
  size_t echo_at = ip_hlen + (is_reply ? 0 : ECHO_HLEN + ip_hlen);
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  if ((is_reply || type == ways[answer.way].unreachable) && is_ours(p, echo_at)) {
    answer.type = type;
    answer.code = pbuf_get_at(p, (u16_t)(ip_hlen + 1));
    answer.len = p->tot_len - ip_hlen - ECHO_HLEN;
    pbuf_copy_partial(p, answer.data, sizeof answer.data, (u16_t)(ip_hlen + ECHO_HLEN));
    __atomic_store_n(&answer.is_there, 1, __ATOMIC_RELEASE);
  }
  return 0;
}

static void ping(size_t way, const char *to, size_t len)
{
  static u8_t message[ECHO_HLEN + DATA_MAX];
  ip_addr_t addr = address(to);
  answer.way = way;
  answer.seqno++;
  answer.is_there = 0;
  memset(message, 0, ECHO_HLEN);
  message[0] = ways[way].request;
  message[5] = ID;
  message[6] = (u8_t)(answer.seqno >> 8);
  message[7] = (u8_t)answer.seqno;
  pattern_fill(message + ECHO_HLEN, len, 0);
  LOCK_TCPIP_CORE();
  struct raw_pcb *pcb = raw_new_ip_type(IP_GET_TYPE(&addr), ways[way].proto);
  struct pbuf *p = pbuf_alloc(PBUF_IP, (u16_t)(ECHO_HLEN + len), PBUF_RAM);
  assert_non_null(pcb);
  assert_non_null(p);
  raw_recv(pcb, heard, NULL);
  if (!IP_IS_V6(&addr)) { /* of ICMPv6 the stack does it */
    u16_t sum = inet_chksum(message, (u16_t)(ECHO_HLEN + len));
    memcpy(message + 2, &sum, sizeof sum);
  }
  pbuf_take(p, message, (u16_t)(ECHO_HLEN + len));
  assert_int_equal(raw_sendto(pcb, p, &addr), ERR_OK);
  pbuf_free(p);
  UNLOCK_TCPIP_CORE();
  wait_until(__atomic_load_n(&answer.is_there, __ATOMIC_ACQUIRE));
  LOCK_TCPIP_CORE();
  raw_remove(pcb);
  UNLOCK_TCPIP_CORE();
}

static void ping_is_answered(size_t way, const char *to, size_t len)
{
  ping(way, to, len);
  assert_int_equal(answer.type, ways[way].reply);
  assert_int_equal(answer.code, 0);
  assert_int_equal(answer.len, len);
  for (size_t i = 0; i < len; i++) {
    assert_int_equal(answer.data[i], pattern_byte(i));
  }
}

static void ping_is_prohibited(size_t way, const char *to)
{
  ping(way, to, 56);
  assert_int_equal(answer.type, ways[way].unreachable);
  assert_int_equal(answer.code, ways[way].prohibited);
}

/* --- the host's side --- */

/** The loopback is up and has these addresses. */
static bool has_addresses(void)
{
  struct ifreq four = {.ifr_name = "lo:1"};
  struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  struct in6_ifreq six = {.ifr6_prefixlen = 128, .ifr6_ifindex = (int)if_nametoindex("lo")};
  struct sockaddr_in *sin = (struct sockaddr_in *)(void *)&four.ifr_addr;
  ip_addr_t addr4 = address(ways[0].beyond);
  ip_addr_t addr6 = address(ways[1].beyond);
  sin->sin_family = AF_INET;
  sin->sin_addr.s_addr = ip_2_ip4(&addr4)->addr;
  memcpy(&six.ifr6_addr, ip_2_ip6(&addr6)->addr, sizeof six.ifr6_addr);
  int fd4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int fd6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool are_there = ioctl(fd4, SIOCSIFFLAGS, &up) == 0 && ioctl(fd4, SIOCSIFADDR, &four) == 0 &&
                   ioctl(fd6, SIOCSIFADDR, &six) == 0;
  close(fd4);
  close(fd6);
  return are_there;
}

static bool has_ping_sockets(void)
{
  int fd4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
  int fd6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMPV6);
  close(fd4);
  close(fd6);
  return fd4 >= 0 && fd6 >= 0;
}

/** Our group, and nobody else, may have ping sockets. */
static bool allow_ping_sockets(void)
{
  char range[32];
  snprintf(range, sizeof range, "%u %u", (unsigned)getegid(), (unsigned)getegid());
  return write_file("/proc/sys/net/ipv4/ping_group_range", range);
}

/* --- tests --- */

static void test_gateway(void **state)
{
  static const size_t lens[] = {0, 56, DATA_MAX}; /* the last one in fragments */
  struct hostnet_stats stats;
  (void)state;
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    for (size_t j = 0; j < LWIP_ARRAYSIZE(lens); j++) {
      ping_is_answered(i, ways[i].gateway, lens[j]);
    }
  }
  hostnet_stats(net, &stats);
  assert_int_equal(stats.pings, 0); /* none went on to the host */
}

/** A host on which nobody may have a ping socket: the device hears so. */
static void test_prohibited(void **state)
{
  (void)state;
  if (!has_world || has_ping_sockets()) {
    skip();
  }
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    ping_is_prohibited(i, ways[i].beyond);
  }
}

/** Comes after test_prohibited(): from here on ping sockets are allowed. */
static void test_beyond(void **state)
{
  struct hostnet_stats stats;
  (void)state;
  if (!has_world || !(has_ping_sockets() || allow_ping_sockets())) {
    skip();
  }
  assert_true(has_ping_sockets());
  for (size_t i = 0; i < LWIP_ARRAYSIZE(ways); i++) {
    ping_is_answered(i, ways[i].beyond, 56);
    ping_is_answered(i, ways[i].beyond, DATA_MAX);
    ping_is_prohibited(i, ways[i].nowhere);
    ping_is_answered(i, ways[i].gateway, 56);
  }
  hostnet_stats(net, &stats);
  assert_int_equal(stats.pings, 4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_gateway),
                                     cmocka_unit_test(test_prohibited),
                                     cmocka_unit_test(test_beyond)};
  has_world = network_of_own() && has_addresses();
  if (!has_world) {
    printf("# no network of one's own: errno %d; nothing is beyond the gateway\n", errno);
  }
  return cmocka_run_group_tests(tests, network_up, network_down);
}
