/** @file Ethernet over a Unix datagram socket: this test is the other end of the wire. needs: ipv4
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "lwip/def.h"
#include "lwip/etharp.h"
#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "gossamer/drop.h"
#include "gossamer/stack.h"
#include "port/ethdev.h"
#include "port/loop.h"

static const u8_t our_mac[6] = {2, 0, 0, 0, 0, 1};
static const u8_t peer_mac[6] = {2, 0, 0, 0, 0, 2};

/** A stack with one device and a plain socket at its other end, in a folder of their own. */
struct wire {
  char folder[32];
  char local[64];
  char remote[64];
  struct ethdev *dev;
  struct port_loop loop;
  int peer;
};

static int bind_peer(const char *path)
{
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  struct timeval limit = {.tv_sec = 60};
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  assert_true(fd >= 0);
  strcpy(name.sun_path, path);
  unlink(path);
  assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof name), 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

static int setup(void **state)
{
  static struct wire w;
  char error[ETHDEV_ERROR_LEN] = "";
  ip4_addr_t addr, mask;
  w = (struct wire){.folder = "/tmp/test_unixif_XXXXXX"};
  assert_non_null(mkdtemp(w.folder));
  snprintf(w.local, sizeof w.local, "%s/stack", w.folder);
  snprintf(w.remote, sizeof w.remote, "%s/peer", w.folder);
  lwip_init();
  w.peer = bind_peer(w.remote);
  w.dev = ethdev_open_unix(w.local, w.remote, our_mac, error);
  assert_non_null(w.dev);
  IP4_ADDR(&addr, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  assert_int_equal(ethdev_add(w.dev, &addr, &mask, IP4_ADDR_ANY4), ERR_OK);
  assert_int_equal(port_loop_add(&w.loop, &w.dev->source), 0);
  *state = &w;
  return 0;
}

static int teardown(void **state)
{
  struct wire *w = (struct wire *)*state;
  struct stat st;
  ethdev_close(w->dev);
  assert_int_not_equal(lstat(w->local, &st), 0); /* our name is gone */
  close(w->peer);
  unlink(w->remote);
  rmdir(w->folder);
  lwip_deinit();
  return 0;
}

static void peer_send(struct wire *w, const void *frame, size_t len)
{
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  strcpy(to.sun_path, w->local);
  assert_int_equal(sendto(w->peer, frame, len, 0, (const struct sockaddr *)&to, sizeof to),
                   (ssize_t)len);
}

/** "Who has 10.0.0.1? Tell 10.0.0.2." */
static void peer_asks(struct wire *w)
{
  u8_t frame[42] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0,
                    0,    8,    6,    0,    1,    8,    0, 6, 4, 0, 1};
  memcpy(frame + 6, peer_mac, 6);
  memcpy(frame + 22, peer_mac, 6);
  memcpy(frame + 28, (const u8_t[4]){10, 0, 0, 2}, 4);
  memcpy(frame + 38, (const u8_t[4]){10, 0, 0, 1}, 4);
  peer_send(w, frame, sizeof frame);
}

/** The next frame of this EtherType; others, gratuitous ARP for one, do not count. */
static size_t peer_receives(struct wire *w, u8_t *frame, size_t size, u16_t type)
{
  ssize_t len;
  do {
    len = recv(w->peer, frame, size, 0);
    assert_true(len >= 14);
  } while ((frame[12] << 8 | frame[13]) != type || (type == 0x806 && frame[21] != 2));
  return (size_t)len;
}

static void arp_is_answered(void **state)
{
  struct wire *w = (struct wire *)*state;
  u8_t frame[1600];
  peer_asks(w);
  assert_int_equal(port_loop_turn(&w->loop, 60000), 1);
  assert_true(peer_receives(w, frame, sizeof frame, 0x806) >= 42);
  assert_memory_equal(frame, peer_mac, 6);
  assert_memory_equal(frame + 6, our_mac, 6);
  assert_memory_equal(frame + 22, our_mac, 6);
  assert_int_equal(w->dev->tx_dropped, 0);
}

static u16_t put_echo(u8_t *frame, u16_t seq, size_t data_len)
{
  memset(frame, 0, 42);
  memcpy(frame, our_mac, 6);
  memcpy(frame + 6, peer_mac, 6);
  u16_t total = (u16_t)(28 + data_len);
  const u8_t ip[20] = {
      0x45, 0, (u8_t)(total >> 8), (u8_t)total, 0, 1, 0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1};
  frame[12] = 8;
  memcpy(frame + 14, ip, sizeof ip);
  u16_t sum = inet_chksum(frame + 14, 20);
  memcpy(frame + 24, &sum, 2);
  frame[34] = 8;
  frame[40] = (u8_t)(seq >> 8);
  frame[41] = (u8_t)seq;
  memset(frame + 42, (u8_t)seq, data_len);
  sum = inet_chksum(frame + 34, (u16_t)(8 + data_len));
  memcpy(frame + 36, &sum, 2);
  return (u16_t)(42 + data_len);
}

enum { ECHOES = 300, ROUNDS_MAX = 100 };

/** Reads slower than the stack writes, from a queue of ten, until a single byte comes.
    @return how many answers came, in their order; -1: others, too */
static void *slow_reader(void *arg)
{
  struct wire *w = (struct wire *)arg;
  u8_t frame[1600];
  intptr_t count = 0;
  int last = -1;
  for (ssize_t len = 0; len != 1;) {
    len = recv(w->peer, frame, sizeof frame, 0);
    bool is_answer = len == 42 + 1000 && frame[34] == 0 && (frame[40] << 8 | frame[41]) > last;
    if (is_answer) {
      last = frame[40] << 8 | frame[41];
      count++;
    } else if (len != 1 && (len < 14 || (frame[12] << 8 | frame[13]) == 0x800)) {
      return (void *)(intptr_t)-1;
    }
    if (count % 50 == 49) {
      usleep(2000);
    }
  }
  return (void *)count;
}

/** Ask, thirty answers leaving together. */
static void ask_for_echoes(struct wire *w)
{
  u8_t frame[1600];
  for (u16_t seq = 0; seq < ECHOES; seq++) {
    u16_t len = put_echo(frame, seq, 1000);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(len + ETH_PAD_SIZE), PBUF_RAM);
    assert_non_null(p);
    pbuf_take_at(p, frame, len, ETH_PAD_SIZE);
    assert_int_equal(w->dev->netif->input(p, w->dev->netif), ERR_OK);
    if (seq % 30 == 29) {
      port_loop_turn(&w->loop, 0);
    }
  }
}

/** What is lost because the reader did not run for 20 ms is counted; without such a pause nothing
    is, which must happen at last however busy the machine is. After some rounds there are too many
    answers for the limit of ICMP, for a while. */
static void full_queue_of_the_other_side_is_waited_for(void **state)
{
  struct wire *w = (struct wire *)*state;
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  int end = socket(AF_UNIX, SOCK_DGRAM, 0);
  strcpy(to.sun_path, w->remote);
  peer_asks(w); /* teaches the stack our address */
  port_loop_turn(&w->loop, 60000);
  u32_t lost = 1;
  u32_t unsaid = 0;
  for (int round = 0; round < ROUNDS_MAX && lost + unsaid != 0; round++) {
    pthread_t reader;
    void *count;
    u32_t lost_before = w->dev->tx_dropped;
    u32_t unsaid_before = drop_count(DROP_ICMP_RATE_LIMITED);
    usleep(unsaid != 0 ? 500000 : 0);
    assert_int_equal(pthread_create(&reader, NULL, slow_reader, w), 0);
    ask_for_echoes(w);
    assert_int_equal(sendto(end, "", 1, 0, (const struct sockaddr *)&to, sizeof to), 1);
    pthread_join(reader, &count);
    lost = w->dev->tx_dropped - lost_before;
    unsaid = drop_count(DROP_ICMP_RATE_LIMITED) - unsaid_before;
    assert_int_equal((intptr_t)count, ECHOES - lost - unsaid);
  }
  close(end);
  assert_int_equal(lost + unsaid, 0);
}

static void other_side_that_does_not_read_loses_frames(void **state)
{
  struct wire *w = (struct wire *)*state;
  for (int i = 0; i < 100; i++) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(60 + ETH_PAD_SIZE), PBUF_RAM);
    assert_non_null(p);
    assert_int_equal(w->dev->netif->linkoutput(w->dev->netif, p), ERR_OK);
    pbuf_free(p);
  }
  port_loop_turn(&w->loop, 0);
  assert_true(w->dev->tx_dropped > 0 && w->dev->tx_dropped < 100);
}

static void other_side_may_come_and_go(void **state)
{
  struct wire *w = (struct wire *)*state;
  close(w->peer);
  unlink(w->remote);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(60 + ETH_PAD_SIZE), PBUF_RAM);
  assert_non_null(p);
  u32_t before = w->dev->tx_dropped;
  assert_int_equal(w->dev->netif->linkoutput(w->dev->netif, p), ERR_OK);
  pbuf_free(p);
  port_loop_turn(&w->loop, 0);
  assert_true(w->dev->tx_dropped > before);
  w->peer = bind_peer(w->remote);
  w->dev->tx_dropped = 0;
  arp_is_answered(state);
}

static void names_that_cannot_be_bound(void **state)
{
  LWIP_UNUSED_ARG(state);
  char error[ETHDEV_ERROR_LEN] = "";
  char long_path[200];
  memset(long_path, 'x', sizeof long_path - 1);
  long_path[sizeof long_path - 1] = '\0';
  assert_null(ethdev_open_unix(long_path, "/tmp/b", NULL, error));
  assert_non_null(strstr(error, "107 characters"));
  assert_null(ethdev_open_unix("/tmp/a", long_path, NULL, error));
  assert_null(ethdev_open_unix("/nowhere/at/all", "/tmp/b", NULL, error));
  assert_non_null(strstr(error, "/nowhere/at/all"));
  assert_null(strchr(error, '\n'));
}

static void only_a_stale_socket_is_replaced(void **state)
{
  LWIP_UNUSED_ARG(state);
  char error[ETHDEV_ERROR_LEN] = "";
  char path[] = "/tmp/test_unixif_file_XXXXXX";
  struct stat st;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_null(ethdev_open_unix(path, "/tmp/b", NULL, error)); /* somebody's file */
  assert_int_equal(lstat(path, &st), 0);
  close(fd);
  unlink(path);
  close(bind_peer(path)); /* what a dead process leaves behind */
  struct ethdev *dev = ethdev_open_unix(path, "/tmp/b", NULL, error);
  assert_non_null(dev);
  assert_int_equal(dev->mac[0] & 3, 2); /* made up: local, unicast */
  ethdev_close(dev);
}

static void tap_errors_are_one_line(void **state)
{
  LWIP_UNUSED_ARG(state);
  char error[ETHDEV_ERROR_LEN] = "";
  assert_null(ethdev_open_tap("name-that-is-too-long", NULL, error));
  assert_non_null(strstr(error, "at most 15 characters"));
  assert_null(strchr(error, '\n'));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(arp_is_answered, setup, teardown),
      cmocka_unit_test_setup_teardown(full_queue_of_the_other_side_is_waited_for, setup, teardown),
      cmocka_unit_test_setup_teardown(other_side_that_does_not_read_loses_frames, setup, teardown),
      cmocka_unit_test_setup_teardown(other_side_may_come_and_go, setup, teardown),
      cmocka_unit_test(names_that_cannot_be_bound),
      cmocka_unit_test(only_a_stale_socket_is_replaced),
      cmocka_unit_test(tap_errors_are_one_line),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
