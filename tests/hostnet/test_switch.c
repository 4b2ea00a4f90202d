/**
 * @file
 * The private network's switch by itself: what reaches the gateway, and what does not.
 *
 * needs: threads, ipv4, ipv6
 */
#include "common.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "hostnet/hostnet_priv.h"

#define GATEWAY_MAC 0x02, 0x67, 0x6f, 0x73, 0xff, 0xfe
#define DEVICE_MAC  0x02, 0x67, 0x6f, 0x73, 0x00, 0x01

static const uint8_t from_gateway[60] = {DEVICE_MAC, GATEWAY_MAC};
static const uint8_t from_device[60] = {GATEWAY_MAC, DEVICE_MAC};
static const uint8_t from_gateway_to_itself[60] = {GATEWAY_MAC, GATEWAY_MAC};

static unsigned received; /* by the gateway */

void gateway_receive(struct hostnet *network, const uint8_t *frame, size_t len)
{
  (void)network;
  (void)frame;
  (void)len;
  received++;
}

/** A frame of the device's. */
static void device_sends(struct hostnet *network, int fd, const uint8_t frame[60])
{
  struct epoll_event event;
  assert_int_equal(send(fd, frame, 60, 0), 60);
  assert_int_equal(loop_wait(&network->loop, &event, 1, PATIENCE_MS), 1);
  loop_tell(&network->loop, &event, 1);
}

static ssize_t device_hears(int fd)
{
  uint8_t frame[FRAME_MAX];
  return recv(fd, frame, sizeof frame, MSG_DONTWAIT);
}

/** A device may say that its address is at the gateway's MAC address. What is sent there must not
    come back into the gateway's stack while that is sending. */
static void test_gateway_to_itself(void **state)
{
  struct hostnet *network = (struct hostnet *)calloc(1, sizeof *network);
  (void)state;
  assert_non_null(network);
  assert_true(loop_open(&network->loop));
  int fd = switch_port_open(network);
  assert_true(fd >= 0);
  device_sends(network, fd, from_device);
  assert_int_equal(received, 1);
  switch_send(network, from_gateway, sizeof from_gateway);
  assert_int_equal(device_hears(fd), sizeof from_gateway);
  device_sends(network, fd, from_device); /* known by now, not looked for */
  assert_int_equal(received, 2);
  switch_send(network, from_gateway_to_itself, sizeof from_gateway_to_itself);
  assert_int_equal(received, 2);
  assert_int_equal(device_hears(fd), -1);
  switch_close(network);
  loop_close(&network->loop);
  close(fd);
  free(network);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_gateway_to_itself)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
